"""An answer that a mail server gives back, in a mail or as a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cases.case import Status
from flows.answer import package_and_queue
from flows.collect import search_again
from flows.correcting import correct
from flows.delivering import Way, choose, publish_waiting
from flows.dispatch import arrived, dispatch, hand_over
from flows.inbox import poll
from flows.questions import answer
from flows.readable import NotReadable
from flows.retain import retain
from flows.sealing import choose_key
from flows.watch import watch
from infra.post import PostRefused
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, US, World
from tests.flows.test_delivering import FakeCloud, answers, by_link, chosen, goes_round
from tests.flows.test_sealing import certificate

REPORT = """From: Mail Delivery System <MAILER-DAEMON@mx.nordlicht.example>
To: {us}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{id}@mx.nordlicht.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.nordlicht.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Antwort

--b--
"""


def message_id(world: World, case: str, kind: str = "answer") -> str:
    with world.house.store.begin() as tx:
        return [mail.message_id for mail in tx.outbox.of_case(case) if mail.kind == kind][-1]


def comes_back(world: World, of: str, action: str = "failed", number: int = 1) -> None:
    text = REPORT.format(us=US, to=LENA, action=action, message_id=of, id=number)
    world.arrives(text.replace("\n", "\r\n").encode())
    poll(world.house)


def alarms(world: World, case: str) -> set[str]:
    return {code for subject, code in world.alarms() if subject == case}


def said(world: World, case: str, decision: str, about: str = "") -> str:
    with world.house.store.begin() as tx:
        (question,) = [one for one in tx.questions.open_ones(case) if (one.kind, one.about) == ("delivery", about)]
        return answer(
            world.house,
            tx,
            question,
            {"decision": decision, "by": REVIEWER, "how": "am Telefon gesagt, dass nichts ankam"},
        )


def in_a_cloud(world: World) -> FakeCloud:
    cloud = FakeCloud()
    world.house = replace(world.house, cloud=cloud)  # type: ignore[arg-type]
    return cloud


def handed_over(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")


def corrected(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        correct(tx, case, REVIEWER, "Bestellung 4 ist von jemand anderem")


def test_an_answer_that_comes_back_is_put_to_a_person_and_its_passphrase_is_not_told(world: World) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case))
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    assert world.waiting(case) == {("delivery", "")}
    assert "answer_bounced" in alarms(world, case)
    assert len(world.cases()) == 1
    assert said(world, case, "did_not_arrive") == ""
    assert world.case(case).status is Status.REVIEW
    assert "answer_bounced" not in alarms(world, case)


def test_who_says_that_it_reached_somebody_else_begins_the_seventy_two_hours(world: World) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case))
    assert said(world, case, "wrong_person") == ""
    assert ("breach", "1") in world.waiting(case)
    watch(world.house)
    assert "breach_open" in alarms(world, case)


def test_the_link_of_an_answer_whose_mail_came_back_is_taken_back(world: World) -> None:
    cloud = in_a_cloud(world)
    case = by_link(world)
    goes_round(world, 1)
    assert cloud.files
    comes_back(world, message_id(world, case))
    publish_waiting(world.house)
    assert cloud.files == {}
    assert "link_gone" in world.steps(case)


@pytest.mark.parametrize("action", ["delayed", "relayed"])
def test_a_report_of_a_delay_changes_nothing_but_is_told(world: World, action: str) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case), action)
    assert world.case(case).status is Status.SENT
    assert "bounced" in alarms(world, case)


def test_a_notice_that_comes_back_is_no_answer_that_came_back(world: World) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case, "notice"))
    assert world.case(case).status is Status.SENT
    assert world.waiting(case) == {("handover", "")}
    assert "bounced" in alarms(world, case)


def test_an_answered_case_whose_answer_comes_back_late_is_asked_about_and_its_clock_may_go_on(world: World) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    comes_back(world, message_id(world, case))
    assert (world.case(case).status, world.case(case).closed_at) == (Status.DELIVERY_UNCERTAIN, None)
    assert world.waiting(case) == {("delivery", "")}
    assert said(world, case, "did_not_arrive") == ""
    value = world.case(case)
    assert (value.status, value.closed_at, value.answered_at) == (Status.REVIEW, None, None)
    world.clock.move(days=60)
    watch(world.house)
    assert "overdue" in alarms(world, case)


def test_an_answered_case_that_did_arrive_is_answered_since_then(world: World) -> None:
    case = steps.sent(world)
    handed_over(world, case)
    answered_at = world.case(case).closed_at
    world.clock.move(days=3)
    comes_back(world, message_id(world, case))
    assert said(world, case, "arrived") == ""
    value = world.case(case)
    assert (value.status, value.closed_at, value.answered_at) == (Status.ANSWERED, answered_at, None)
    assert world.waiting(case) == set()


def test_what_comes_back_of_an_older_version_does_not_touch_the_new_one(world: World) -> None:
    case = steps.sent(world)
    old = message_id(world, case)
    comes_back(world, old)
    said(world, case, "did_not_arrive")
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    comes_back(world, old, number=2)
    assert world.case(case).status is Status.SENT
    assert message_id(world, case) != old


def test_a_version_that_the_server_refused_may_take_the_link_although_an_older_one_was_sent(world: World) -> None:
    world.house = replace(world.house, cloud=FakeCloud())  # type: ignore[arg-type]
    case = steps.sent(world)
    comes_back(world, message_id(world, case))
    said(world, case, "did_not_arrive")
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    world.post.outcomes = [PostRefused("550 5.7.1")]
    dispatch(world.house)
    with world.house.store.begin() as tx:
        choose(world.house, tx, case, Way.LINK, REVIEWER, "Anhang abgelehnt")
    assert publish_waiting(world.house) == 1
    dispatch(world.house)
    assert publish_waiting(world.house) == 0
    assert len([raw for raw in world.post.to(LENA) if b"/s/aB3dE5fG" in raw]) == 1


def test_whose_link_was_taken_back_has_no_answer_before_a_new_one(world: World) -> None:
    cloud = in_a_cloud(world)
    case = by_link(world)
    goes_round(world)
    old = message_id(world, case)
    comes_back(world, old)
    goes_round(world)
    assert said(world, case, "arrived") == "link_ended"
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    chosen(world, case, Way.LINK)
    goes_round(world)
    comes_back(world, old, number=2)  # once more of the first mail
    assert world.case(case).status is Status.SENT
    assert [cloud.opens(text) for text in answers(world)] == [False, True]
    assert "answer_bounced" not in alarms(world, case)


def test_an_answered_case_whose_link_was_taken_back_may_get_a_new_one(world: World) -> None:
    cloud = in_a_cloud(world)
    case = by_link(world)
    goes_round(world)
    handed_over(world, case)
    comes_back(world, message_id(world, case))
    with world.house.store.begin() as tx, pytest.raises(NotReadable):
        arrived(tx, case, REVIEWER, "da")
    chosen(world, case, Way.LINK)
    goes_round(world)
    assert (world.case(case).status, world.waiting(case)) == (Status.ANSWERED, set())
    assert cloud.opens(answers(world)[-1])


def replaced(world: World, until: str) -> str:
    """A case that was answered, and is corrected `until` there."""
    case = steps.sent(world)
    handed_over(world, case)
    world.clock.move(days=1)
    corrected(world, case)
    if until == "collecting":
        with world.house.store.begin() as tx:
            search_again(tx, case, REVIEWER, "noch einmal")
    if until in ("approved", "sent"):
        assert steps.release(world, case) == ""
    if until == "sent":
        package_and_queue(world.house, case)
        dispatch(world.house)
    assert world.case(case).status == until
    return case


@pytest.mark.parametrize("until", ["review", "collecting", "approved", "sent"])
def test_a_replaced_answer_that_never_arrived_stopped_no_clock(world: World, until: str) -> None:
    case = replaced(world, until)
    with world.house.store.begin() as tx:
        first = next(message for once, message, _ in tx.outbox.answers(case) if once == f"answer/{case}/1")
    comes_back(world, first)
    assert world.waiting(case) >= {("delivery", "1")}
    assert "answer_bounced" in alarms(world, case)
    assert said(world, case, "did_not_arrive", "1") == ""
    assert (world.case(case).status, world.case(case).answered_at) == (until, None)
    assert ("delivery", "1") not in world.waiting(case)
    world.clock.move(days=60)
    watch(world.house)
    assert "overdue" in alarms(world, case)


def test_a_replaced_answer_that_did_arrive_answered_the_case(world: World) -> None:
    case = replaced(world, "review")
    comes_back(world, message_id(world, case))
    assert said(world, case, "arrived", "1") == ""
    assert world.waiting(case) == set()
    world.clock.move(days=60)
    watch(world.house)
    assert not alarms(world, case) & {"overdue", "answer_bounced"}


def test_whether_it_arrived_is_asked_on_when_a_correction_begins(world: World) -> None:
    case = steps.sent(world)
    handed_over(world, case)
    comes_back(world, message_id(world, case))
    corrected(world, case)
    assert world.waiting(case) == {("delivery", "1")}
    assert said(world, case, "did_not_arrive", "1") == ""
    assert world.case(case).answered_at is None


def test_one_lost_version_of_several_leaves_the_day_of_the_first(world: World) -> None:
    case = steps.sent(world)
    handed_over(world, case)
    answered_at = world.case(case).closed_at
    corrected(world, case)
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    handed_over(world, case)
    corrected(world, case)
    comes_back(world, message_id(world, case))
    assert said(world, case, "did_not_arrive", "2") == ""
    assert world.case(case).answered_at == answered_at


def test_a_new_link_that_leaves_while_a_replaced_answer_comes_back_leaves_no_case_without_a_question(
    world: World,
) -> None:
    in_a_cloud(world)
    case = by_link(world)
    goes_round(world)
    handed_over(world, case)
    first = message_id(world, case)
    corrected(world, case)
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    goes_round(world)
    comes_back(world, message_id(world, case))
    chosen(world, case, Way.LINK)
    publish_waiting(world.house)
    comes_back(world, first, number=2)
    dispatch(world.house)
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    assert world.waiting(case) == {("delivery", ""), ("delivery", "1")}
    assert said(world, case, "arrived", "1") == ""
    assert said(world, case, "arrived") == ""
    assert world.case(case).status is Status.SENT


def test_a_link_that_ended_is_told_where_no_cloud_is_named_any_more(world: World) -> None:
    in_a_cloud(world)
    case = by_link(world)
    goes_round(world)
    world.house = replace(world.house, cloud=None)
    world.clock.move(days=15)
    goes_round(world)
    assert "link_ended" in alarms(world, case)


def again(world: World, case: str) -> str:
    """The next version, sent; returns its Message-ID."""
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    return message_id(world, case)


def own_key(world: World) -> str:
    """A case that was answered for the person's own key: nothing is handed over."""
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        choose_key(world.house, tx, case, certificate(), REVIEWER, "Fingerabdruck am Telefon verglichen")
    again(world, case)
    assert world.case(case).status is Status.ANSWERED
    return case


def rings(world: World, case: str) -> bool:
    world.clock.move(days=60)
    watch(world.house)
    return "overdue" in alarms(world, case)


def test_where_neither_version_arrived_the_due_day_rings(world: World) -> None:
    case = own_key(world)
    first = message_id(world, case)
    corrected(world, case)
    comes_back(world, first)
    second = again(world, case)
    assert said(world, case, "did_not_arrive", "1") == ""
    comes_back(world, second, number=2)
    assert said(world, case, "did_not_arrive") == ""
    assert (world.case(case).status, world.case(case).answered_at) == (Status.REVIEW, None)
    assert rings(world, case)


def test_a_version_that_was_lost_before_the_correction_answers_nothing_after_it(world: World) -> None:
    case = own_key(world)
    first = message_id(world, case)
    comes_back(world, first)
    assert said(world, case, "did_not_arrive") == ""
    second = again(world, case)
    corrected(world, case)
    comes_back(world, first, number=2)  # once more: nobody is asked about it again
    assert world.waiting(case) == set()
    comes_back(world, second, number=3)
    assert said(world, case, "did_not_arrive", "2") == ""
    assert world.case(case).answered_at is None
    assert rings(world, case)


def test_a_lost_correction_leaves_the_day_of_the_answer_that_arrived(world: World) -> None:
    case = steps.sent(world)
    handed_over(world, case)
    answered_at = world.case(case).closed_at
    corrected(world, case)
    comes_back(world, again(world, case))
    assert said(world, case, "did_not_arrive") == ""
    assert world.case(case).answered_at == answered_at
    assert not rings(world, case)


@pytest.mark.parametrize("answered", [own_key, lambda world: sent_and_handed_over(world)], ids=["key", "passphrase"])
def test_an_answer_that_came_back_is_none_before_a_person_says_so(
    world: World, answered: Callable[[World], str]
) -> None:
    case = answered(world)
    comes_back(world, message_id(world, case))
    assert rings(world, case)


def test_nothing_of_a_case_goes_while_it_is_asked_whether_its_answer_arrived(world: World) -> None:
    case = own_key(world)
    retain(world.house)  # its dates are set before the answer comes back
    comes_back(world, message_id(world, case))
    for _ in range(2):
        world.clock.move(days=40)
        assert retain(world.house).materials == 0
    assert world.waiting(case) == {("delivery", "")}
    assert said(world, case, "did_not_arrive") == ""
    assert world.case(case).status is Status.REVIEW


def test_nothing_goes_while_it_is_asked_about_a_replaced_version(world: World) -> None:
    case = sent_and_handed_over(world)
    first = message_id(world, case)
    corrected(world, case)
    comes_back(world, first)
    again(world, case)
    handed_over(world, case)
    retain(world.house)
    world.clock.move(days=31)
    assert retain(world.house).materials == 0
    assert (world.case(case).status, world.waiting(case)) == (Status.ANSWERED, {("delivery", "1")})
    world.clock.move(days=2000)
    assert (retain(world.house).records, world.waiting(case)) == (0, {("delivery", "1")})
    assert said(world, case, "arrived", "1") == ""
    assert retain(world.house).records == 1


def sent_and_handed_over(world: World) -> str:
    case = steps.sent(world)
    handed_over(world, case)
    return case


def test_a_replaced_version_that_came_back_is_no_answer_before_a_person_says_so(world: World) -> None:
    case = replaced(world, "review")
    comes_back(world, message_id(world, case))
    assert rings(world, case)
    assert said(world, case, "arrived", "1") == ""
    watch(world.house)
    assert "overdue" not in alarms(world, case)
