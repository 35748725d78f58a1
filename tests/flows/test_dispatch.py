"""What leaves, once, and what happens when nobody knows whether it left."""

from __future__ import annotations

import pytest

from cases.case import Status, UnlawfulMove
from cases.draft import AnswerKind
from flows.answer import package_and_queue
from flows.dispatch import GIVE_UP_AFTER, arrived, did_not_arrive, dispatch, hand_over, recover, send
from infra.post import DeliveryUncertain, PostRefused, PostUnavailable
from infra.store.sealed import Posted
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, World, mail

DEAD = "nordlicht-old:0:0"


def claimed_by_the_dead(world: World, state: str, kind: str) -> None:
    """A sender took the newest mail of its kind and died in `state`."""
    with world.house.store.begin() as tx:
        (case,) = tx.cases.all()
        queued = next(item for item in tx.outbox.of_case(case.number) if item.kind == kind)
        tx.outbox.claim(queued.id, DEAD)
        if state == "sending":
            tx.outbox.sending(queued.id, DEAD)
    world.clock.move(minutes=16)  # another host is believed for a quarter of an hour


def test_an_answer_is_sealed_mail_to_the_address_on_file_and_waits_for_the_passphrase(world: World) -> None:
    case = steps.sent(world)
    answer = world.post.to(LENA)[-1]
    assert f"Antwort-{case}.html".encode() in answer
    assert b"Auto-Submitted" not in answer
    assert world.waiting(case) == {("handover", "")}


def test_sending_is_committed_before_the_server_sees_the_content(world: World) -> None:
    case = steps.sealed(world)
    seen: list[tuple[str, str]] = []
    world.post.during = lambda: seen.extend(world.outbox(case))
    world.post.outcomes = [(DeliveryUncertain("timeout"),)]
    dispatch(world.house)
    assert ("answer", "sending") in seen
    assert ("answer", "uncertain") in world.outbox(case)


def test_the_same_mail_is_sent_by_one_of_two_senders(world: World) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        (mail_id,) = tx.outbox.due()
    world.post.before = lambda: taken.append(send(world.house, mail_id))
    taken: list[str] = []
    assert send(world.house, mail_id) == "sent"
    assert taken == ["taken"]
    assert len(world.post.to(LENA)) == 1
    assert world.outbox(case) == [("notice", "sent")]


@pytest.mark.parametrize("state", ["claimed", "sending"])
def test_a_notice_whose_sender_died_goes_again_under_its_message_id(world: World, state: str) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        message_id = tx.outbox.of_case(case)[0].message_id
    claimed_by_the_dead(world, state, "notice")
    dispatch(world.house)
    (raw,) = world.post.to(LENA)
    assert f"Message-ID: {message_id}".encode() in raw


def test_an_answer_whose_sender_died_before_the_content_goes_again(world: World) -> None:
    case = steps.sealed(world)
    claimed_by_the_dead(world, "claimed", "answer")
    dispatch(world.house)
    assert world.case(case).status is Status.SENT


def test_an_answer_whose_sender_died_in_the_content_is_never_sent_twice(world: World) -> None:
    case = steps.sealed(world)
    claimed_by_the_dead(world, "sending", "answer")
    before = len(world.post.sent)
    dispatch(world.house)
    dispatch(world.house)
    assert len(world.post.sent) == before
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    assert world.waiting(case) == {("delivery", "")}
    assert (case, "delivery_uncertain") in world.alarms()


def test_what_a_living_sender_has_is_left_alone(world: World) -> None:
    case = steps.sealed(world)
    world.post.before = lambda: recover(world.house)
    dispatch(world.house)
    assert world.case(case).status is Status.SENT


def asleep(world: World) -> None:
    """The machine slept for longer than a lease; when it wakes another process is the first to run."""
    world.post.before = world.post.during = lambda: None
    world.clock.move(minutes=16)
    dispatch(world.house)


def answers(world: World) -> list[bytes]:
    return [raw for raw in world.post.to(LENA) if b"attachment" in raw]


@pytest.mark.parametrize("when", ["before", "during"])
def test_an_answer_whose_sender_slept_leaves_once_and_is_known_to_have_left(world: World, when: str) -> None:
    case = steps.sealed(world)
    setattr(world.post, when, lambda: asleep(world))
    dispatch(world.house)
    dispatch(world.house)
    assert len(answers(world)) == 1
    assert world.case(case).status is Status.SENT
    assert ("answer", "sent") in world.outbox(case)
    assert "status:delivery_uncertain" not in world.steps(case)  # it was never given up: its process lived
    assert world.alarms() == set()


def elsewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another host takes over what it cannot know to be alive."""
    with monkeypatch.context() as there:
        there.setattr("flows.dispatch.this_process", lambda: "other:1:1")
        there.setattr("socket.gethostname", lambda: "other")
        asleep(world)


def test_a_sender_that_lost_its_mail_to_another_host_stops_before_the_content(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = steps.sealed(world)
    world.post.before = lambda: elsewhere(world, monkeypatch)
    dispatch(world.house)
    assert len(answers(world)) == 1
    assert world.steps(case).count("sent:answer") == 1


@pytest.mark.parametrize("accepted", [True, False])
def test_a_sender_that_was_given_up_in_the_content_says_in_the_end_that_it_was_taken(
    world: World, monkeypatch: pytest.MonkeyPatch, accepted: bool
) -> None:
    """Nobody needs to look any more; where the server did not take it, a person still does."""
    case = steps.sealed(world)
    world.post.during = lambda: elsewhere(world, monkeypatch)
    world.post.outcomes = [] if accepted else [(PostUnavailable("451"),)]
    dispatch(world.house)
    dispatch(world.house)
    assert len(answers(world)) == int(accepted)
    assert world.case(case).status is (Status.SENT if accepted else Status.DELIVERY_UNCERTAIN)
    assert world.waiting(case) == {("handover" if accepted else "delivery", "")}
    assert ((case, "delivery_uncertain") in world.alarms()) is not accepted


def test_an_answer_that_was_taken_back_while_its_sender_connected_does_not_leave(world: World) -> None:
    case = steps.sealed(world)

    def taken_back() -> None:
        with world.house.store.begin() as tx:
            did_not_arrive(tx, case, REVIEWER, "doch nicht")

    world.post.before = taken_back
    dispatch(world.house)
    assert answers(world) == []
    assert world.case(case).status is Status.REVIEW
    assert ("answer", "failed") in world.outbox(case)


def test_an_unreachable_post_is_an_alarm_and_the_mail_waits(world: World) -> None:
    case = steps.acknowledged(world)
    world.post.outcomes = [PostUnavailable("refused")]
    assert dispatch(world.house).trouble == "refused"
    assert ("post", "post_unavailable") in world.alarms()
    assert dispatch(world.house).sent == 0
    world.clock.move(minutes=1)
    assert dispatch(world.house).sent == 1
    assert world.alarms() == set()
    assert world.outbox(case) == [("notice", "sent")]


def test_after_many_tries_a_person_is_told_that_the_mail_will_not_leave(world: World) -> None:
    case = steps.acknowledged(world)
    world.post.outcomes = [PostUnavailable("refused") for _ in range(GIVE_UP_AFTER)]
    for _ in range(GIVE_UP_AFTER):
        dispatch(world.house)
        world.clock.move(hours=1)
    assert world.outbox(case) == [("notice", "failed")]
    assert (case, "mail_refused") in world.alarms()


def test_a_refused_answer_is_an_alarm_and_can_go_another_way(world: World) -> None:
    case = steps.sealed(world)
    world.post.outcomes = [PostRefused("550 5.1.1")]
    dispatch(world.house)
    assert (case, "mail_refused") in world.alarms()
    assert world.case(case).status is Status.SEALED
    assert world.waiting(case) == {("delivery", "")}
    with world.house.store.begin() as tx:
        arrived(tx, case, REVIEWER, "per Einschreiben")
    assert world.case(case).status is Status.SENT
    assert world.waiting(case) == {("handover", "")}
    assert (case, "mail_refused") not in world.alarms()


def test_an_uncertain_notice_goes_again_and_an_uncertain_answer_does_not(world: World) -> None:
    case = steps.acknowledged(world)
    world.post.outcomes = [(DeliveryUncertain("timeout"),)]
    dispatch(world.house)
    assert world.outbox(case) == [("notice", "queued")]


@pytest.mark.parametrize("message_id", ["<\x01x@mail.example>", "<a\u2028b@mail.example>", "<" + "x" * 2000 + ">"])
def test_a_hostile_message_id_stops_neither_its_own_acknowledgement_nor_other_mail(
    world: World, message_id: str
) -> None:
    raw = mail().replace(b"<1@mail.example>", message_id.encode())
    steps.acknowledged(world, raw)
    steps.acknowledged(world, mail(sender="Ole <ole@mail.example>", message_id="<2@mail.example>"))
    dispatch(world.house)
    assert {to for _, to in world.post.sent} == {LENA, "ole@mail.example"}


def test_one_mail_that_cannot_be_made_stops_no_other(world: World) -> None:
    bad, good = steps.acknowledged(world), steps.acknowledged(world, mail(sender="Ole <ole@mail.example>"))
    with world.house.store.begin() as tx:
        row = tx.cases.row(bad)
        broken = Posted("no address", "x", "y")
        tx.outbox.put("notice", "broken", bad, row.material_key, broken, "nordlicht.example")
    dispatch(world.house)
    assert {to for _, to in world.post.sent} == {LENA, "ole@mail.example"}
    assert (bad, "mail_refused") in world.alarms()
    assert ("notice", "failed") in world.outbox(bad)
    assert world.outbox(good) == [("notice", "sent")]


def test_a_mail_whose_attachment_is_lost_stops_no_other(world: World) -> None:
    case = steps.sealed(world)
    steps.acknowledged(world, mail(sender="Ole <ole@mail.example>"))
    world.house.vault.delete_owner(world.house.vault_owner(case))
    dispatch(world.house)
    assert world.post.to("ole@mail.example")
    assert ("post", "post_unavailable") in world.alarms()


def test_a_mail_that_cannot_be_opened_stops_no_other(world: World) -> None:
    """As after a restored backup: the key of its day was destroyed since."""
    steps.acknowledged(world)
    with world.house.store.begin() as tx:
        world.house.keystore.create("day-2026-01-01")
        tx.outbox.put("notice", "old", None, "day-2026-01-01", Posted(LENA, "x", "y"), "nordlicht.example")
    world.house.keystore.destroy("day-2026-01-01", world.clock.now())
    dispatch(world.house)
    dispatch(world.house)
    assert len(world.post.to(LENA)) == 1


def test_an_answer_too_large_for_mail_is_an_alarm_and_goes_another_way(world: World) -> None:
    object.__setattr__(world.house.settings.post, "max_megabytes", 0)
    case = steps.sealed(world)
    assert (case, "answer_too_large") in world.alarms()
    assert ("answer", "queued") not in world.outbox(case)
    with world.house.store.begin() as tx:
        arrived(tx, case, REVIEWER, "auf einem USB-Stick abgeholt")
        hand_over(tx, case, REVIEWER, "in_person")
    assert world.case(case).status is Status.ANSWERED


def test_however_often_an_answer_is_made_there_is_one(world: World) -> None:
    case = steps.approved(world)
    for _ in range(3):
        if world.case(case).status is Status.APPROVED:
            package_and_queue(world.house, case)
    dispatch(world.house)
    dispatch(world.house)
    assert [kind for kind, _ in world.outbox(case)].count("answer") == 1
    assert sum(b".html" in raw for raw in world.post.to(LENA)) == 1


def test_an_uncertain_answer_that_arrived_waits_for_the_passphrase(world: World) -> None:
    case = uncertain(world)
    with world.house.store.begin() as tx:
        arrived(tx, case, REVIEWER, "am Telefon bestätigt")
    assert world.case(case).status is Status.SENT
    assert world.waiting(case) == {("handover", "")}
    assert world.alarms() == set()


def test_an_uncertain_answer_that_did_not_arrive_is_reviewed_anew(world: World) -> None:
    case = uncertain(world)
    with world.house.store.begin() as tx:
        did_not_arrive(tx, case, REVIEWER, "nicht im Postfach")
    assert world.case(case).status is Status.REVIEW
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    assert world.case(case).status is Status.SENT
    assert [state for kind, state in world.outbox(case) if kind == "answer"] == ["uncertain", "sent"]


def uncertain(world: World) -> str:
    case = steps.sealed(world)
    world.post.outcomes = [(DeliveryUncertain("timeout"),)]
    dispatch(world.house)
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    return case


@pytest.mark.parametrize(
    ("holding", "kind", "end"),
    [
        (True, AnswerKind.DATA, Status.ANSWERED),
        (False, AnswerKind.NOTHING_HELD, Status.ANSWERED_NOTHING_HELD),
    ],
)
def test_only_the_handed_over_passphrase_ends_a_case(
    world: World, holding: bool, kind: AnswerKind, end: Status
) -> None:
    case = steps.sent(world, holding=holding)
    with world.house.store.begin() as tx:
        assert hand_over(tx, case, REVIEWER, "phone") is kind
    assert world.case(case).status is end
    assert world.waiting(case) == set()
    assert "passphrase_handed_over:phone" in world.steps(case)


def test_a_passphrase_is_not_handed_over_before_the_answer_is_out(world: World) -> None:
    case = steps.sealed(world)
    with pytest.raises(UnlawfulMove), world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    assert "passphrase_handed_over:phone" not in world.steps(case)


def test_a_draft_that_changed_after_its_approval_goes_back_to_review(world: World) -> None:
    case = steps.approved(world)
    world.decide(case, 1)
    package_and_queue(world.house, case)
    assert world.case(case).status is Status.REVIEW
    assert world.case(case).attention == "draft_changed"
    assert [kind for kind, _ in world.outbox(case)] == ["notice"]


def test_two_packagers_at_once_queue_one_answer_and_leave_no_second_blob(world: World) -> None:
    case = steps.approved(world)
    before = len(world.files())
    write = world.house.vault.write
    nested = [lambda: package_and_queue(world.house, case)]

    def racing(owner: str, key_id: str):  # type: ignore[no-untyped-def]
        if nested:
            nested.pop()()
        return write(owner, key_id)

    world.house.vault.write = racing  # type: ignore[method-assign]
    package_and_queue(world.house, case)
    assert [kind for kind, _ in world.outbox(case)].count("answer") == 1
    assert len(world.files()) == before + 1


def test_a_passphrase_never_travels_in_a_mail(world: World) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
    assert package is not None
    assert package.kept is not None
    assert all(package.kept.passphrase.encode() not in raw for raw, _ in world.post.sent)
