"""The way of a sealed answer: attached, behind a link, or by post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, BinaryIO

import pytest

from cases.case import Status
from cases.request import Wishes
from flows import answer
from flows.answer import package_and_queue
from flows.delivering import FAILED, NoSuchWay, Way, choose, publish_waiting, take_back, way_of
from flows.dispatch import arrived, did_not_arrive, dispatch, hand_over
from flows.draft import current
from flows.readable import ENDED, NotReadable
from flows.retain import retain
from flows.watch import watch
from infra.post import DeliveryUncertain, PostRefused
from infra.settings_delivery import DeliverySection
from infra.share import Share, ShareFailed
from infra.store.answers import LOADING, WANTED, Link
from infra.store.sealed import Posted
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, World

LINKED = DeliverySection(by="link", url="https://cloud.nordlicht.example", user="dsb", password="env:CLOUD")
URL = "https://cloud.nordlicht.example/s/aB3dE5fG"


@dataclass
class FakeCloud:
    """A Nextcloud in memory; `fails` is raised once for each entry."""

    files: dict[str, tuple[bytes, str, date]] = field(default_factory=dict)
    fails: list[ShareFailed] = field(default_factory=list)
    then_fails: list[ShareFailed] = field(default_factory=list)  # when the file is there already
    during: Callable[[], None] = lambda: None
    ending: Callable[[], None] = lambda: None  # when a file has been deleted
    links: dict[str, str] = field(default_factory=dict)  # the folder behind each address
    made: int = 0

    def publish(self, name: str, filename: str, content: BinaryIO, size: int, password: str, expires: date) -> Share:
        if self.fails:
            raise self.fails.pop(0)
        data = content.read()
        assert len(data) == size
        self.during()
        self.files[f"Auskunft/{name}"] = (data, password, expires)
        if self.then_fails:
            raise self.then_fails.pop(0)
        self.made += 1
        self.links = {url: path for url, path in self.links.items() if path != f"Auskunft/{name}"}
        self.links[f"{URL}{self.made}"] = f"Auskunft/{name}"
        return Share(f"{URL}{self.made}", str(self.made), f"Auskunft/{name}")

    def withdraw(self, share_path: str) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.files.pop(share_path, None)
        self.links = {url: path for url, path in self.links.items() if path != share_path}
        self.ending()

    def opens(self, mail: str) -> bool:
        """Whether what the mail links to is there."""
        return any(url in mail and path in self.files for url, path in self.links.items())


@pytest.fixture
def cloud(world: World) -> FakeCloud:
    made = FakeCloud()
    world.house = replace(world.house, cloud=made)  # type: ignore[arg-type]
    return made


def by_link(world: World) -> str:
    object.__setattr__(world.house.settings, "delivery", LINKED)
    return steps.sealed(world)


def answers(world: World) -> list[str]:
    return [raw.decode() for raw in world.post.to(LENA) if b"/s/aB3dE5fG" in raw]


def goes_round(world: World, times: int = 3) -> None:
    """What every flow ends with."""
    for _ in range(times):
        publish_waiting(world.house)
        dispatch(world.house)
        watch(world.house)


def chosen(world: World, case: str, way: Way) -> None:
    with world.house.store.begin() as tx:
        choose(world.house, tx, case, way, REVIEWER, "noch einmal versuchen")


def alarms(world: World, case: str) -> set[str]:
    return {code for subject, code in world.alarms() if subject == case}


def refused(world: World, case: str, way: Way) -> str:
    with pytest.raises(NoSuchWay) as raised, world.house.store.begin() as tx:
        choose(world.house, tx, case, way, REVIEWER, "")
    return raised.value.code


def test_a_link_is_made_before_its_mail_and_neither_password_is_in_it(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    dispatch(world.house)
    assert answers(world) == []
    assert publish_waiting(world.house) == 1
    dispatch(world.house)
    (text,) = answers(world)
    ((content, password, until),) = cloud.files.values()
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
    assert package is not None
    assert package.kept is not None
    assert len(content) == package.size
    assert until == world.house.today(world.clock.now()) + timedelta(days=14)
    assert password == package.kept.link_password
    assert not any(secret in text for secret in (password, package.kept.passphrase))
    assert world.case(case).status is Status.SENT


def test_nothing_is_published_twice(world: World, cloud: FakeCloud) -> None:
    by_link(world)
    assert [publish_waiting(world.house), publish_waiting(world.house)] == [1, 0]
    dispatch(world.house)
    dispatch(world.house)
    assert len(answers(world)) == 1


def test_an_answer_too_large_for_a_mail_goes_as_a_link_by_itself(world: World, cloud: FakeCloud) -> None:
    object.__setattr__(world.house.settings.post, "max_megabytes", 0)
    case = steps.sealed(world)
    assert (case, "answer_too_large") not in world.alarms()
    publish_waiting(world.house)
    dispatch(world.house)
    assert len(answers(world)) == 1


def test_a_cloud_that_is_away_is_an_alarm_and_asked_again(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.fails = [ShareFailed("unreachable", "x")]
    publish_waiting(world.house)
    assert (case, FAILED) in world.alarms()
    publish_waiting(world.house)
    assert (case, FAILED) not in world.alarms()
    assert len(cloud.files) == 1


def test_a_cloud_that_refuses_is_put_to_a_person_who_chooses_another_way(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.fails = [ShareFailed("password_rule", "x")]
    publish_waiting(world.house)
    publish_waiting(world.house)
    assert cloud.files == {}
    assert (case, FAILED) in world.alarms()
    with world.house.store.begin() as tx:
        choose(world.house, tx, case, Way.LINK, REVIEWER, "Regel geändert")
    publish_waiting(world.house)
    assert len(cloud.files) == 1
    assert (case, FAILED) not in world.alarms()


def test_the_file_goes_when_its_link_ends_and_before_the_material_does(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    publish_waiting(world.house)
    dispatch(world.house)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    world.clock.move(days=15)
    retain(world.house)
    assert cloud.files == {}


def test_a_link_that_reached_the_wrong_person_is_taken_back_at_once(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    publish_waiting(world.house)
    with world.house.store.begin() as tx:
        (mail,) = [one for one in tx.outbox.of_case(case) if one.kind == "answer"]
        tx.outbox.claim(mail.id, "somewhere:1:1")
        tx.outbox.uncertain(mail.id, "lost", "somewhere:1:1")
        tx.cases.move(case, Status.DELIVERY_UNCERTAIN)
        did_not_arrive(tx, case, REVIEWER, "bei jemand anderem")
    publish_waiting(world.house)
    assert cloud.files == {}
    assert take_back(world.house, case)


def test_who_asked_for_paper_gets_it_where_the_postal_address_is_known(world: World) -> None:
    case = steps.collecting(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    paper = replace(person, wishes=Wishes(form="paper"), postal=("Lena Krüger", "Kai 1", "18055 Rostock"))
    assert way_of(world.house, "", person) is Way.MAIL
    assert way_of(world.house, "", paper) is Way.POST
    assert way_of(world.house, "mail", paper) is Way.MAIL
    assert way_of(world.house, "", replace(paper, postal=())) is Way.MAIL
    assert way_of(world.house, "mail", replace(person, recipient="")) is Way.POST


def test_post_is_a_channel_of_its_own_that_the_approval_names(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
        tx.cases.set_person(case, replace(person, postal=("Lena Krüger", "Kai 1", "18055 Rostock")))
        before = current(world.house, tx, case)[1].digest
        choose(world.house, tx, case, Way.POST, REVIEWER, "am Telefon gewünscht")
        draft = current(world.house, tx, case)[1]
    assert draft.channel == "post"
    assert draft.digest != before
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    assert world.case(case).status is Status.SEALED
    assert ("answer", "sent") not in world.outbox(case)
    with world.house.store.begin() as tx:
        with pytest.raises(NoSuchWay) as raised:
            choose(world.house, tx, case, Way.MAIL, REVIEWER, "")
        assert raised.value.code == "approved_for_another_channel"
        arrived(tx, case, REVIEWER, "Einschreiben")
        hand_over(tx, case, REVIEWER, "letter")
    assert world.case(case).status is Status.ANSWERED


def test_what_is_not_possible_is_refused_with_a_code(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        for way, code in ((Way.LINK, "no_cloud"), (Way.POST, "no_postal_address")):
            with pytest.raises(NoSuchWay) as raised:
                choose(world.house, tx, case, way, REVIEWER, "")
            assert raised.value.code == code


def test_a_sent_answer_takes_no_other_way(world: World, cloud: FakeCloud) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx, pytest.raises(NoSuchWay) as raised:
        choose(world.house, tx, case, Way.LINK, REVIEWER, "")
    assert raised.value.code == "not_now"


def test_an_answer_taken_back_during_its_upload_is_told_to_nobody(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)

    def taken_back() -> None:
        with world.house.store.begin() as tx:
            tx.cases.move(case, Status.DELIVERY_UNCERTAIN)
            did_not_arrive(tx, case, REVIEWER, "doch nicht")

    cloud.during = taken_back
    assert publish_waiting(world.house) == 0
    dispatch(world.house)
    assert answers(world) == []
    assert cloud.files == {}


def test_a_file_that_was_uploaded_without_a_link_goes(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.then_fails = [ShareFailed("password_rule", "x")]
    publish_waiting(world.house)
    assert (case, FAILED) in world.alarms()
    assert cloud.files == {}


def test_a_process_that_died_after_the_upload_leaves_no_file_behind(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.then_fails = [ShareFailed("unreachable", "x")]
    publish_waiting(world.house)
    assert len(cloud.files) == 1
    assert take_back(world.house, case)
    assert cloud.files == {}


def test_what_was_sealed_is_queued_only_while_it_is_what_was_approved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealing takes its time: meanwhile another draft may have been approved."""
    case = steps.approved(world)
    real = answer.seal_answer

    def slow(*args: Any, **more: Any) -> Any:
        with world.house.store.begin() as tx:
            tx.answers.supersede(tx.cases.row(case))
            tx.cases.move(case, Status.REVIEW)
            tx.cases.row(case).delivery = "post"
            person = tx.cases.person(case)
            tx.cases.set_person(case, replace(person, postal=("Lena Krüger", "Kai 1", "18055 Rostock")))
        assert steps.release(world, case) == ""
        return real(*args, **more)

    monkeypatch.setattr(answer, "seal_answer", slow)
    package_and_queue(world.house, case)
    assert world.case(case).status is Status.APPROVED
    assert ("answer", "queued") not in world.outbox(case)


@pytest.mark.parametrize("way", list(Way)[:2])
def test_after_a_refused_link_mail_each_way_leads_on(world: World, cloud: FakeCloud, way: Way) -> None:
    """The question stands until a mail is queued in its place, and the answer leaves once."""
    case = by_link(world)
    publish_waiting(world.house)
    world.post.outcomes = [PostRefused("550")]
    dispatch(world.house)
    chosen(world, case, way)
    if way is Way.LINK:
        assert world.waiting(case) == {("delivery", "")}
        assert "mail_refused" in alarms(world, case)
    goes_round(world)
    assert world.case(case).status is Status.SENT
    assert world.waiting(case) == {("handover", "")}
    assert alarms(world, case) == set()
    (left,) = [raw for raw in world.post.to(LENA) if b"/s/aB3dE5fG" in raw or b"attachment" in raw]
    assert cloud.opens(left.decode()) is (way is Way.LINK)
    assert len(cloud.files) == int(way is Way.LINK)
    assert {refused(world, case, each) for each in (Way.LINK, Way.MAIL)} == {"not_now"}


def test_an_attachment_that_was_refused_may_be_tried_again_and_what_left_may_not(world: World) -> None:
    case = steps.sealed(world)
    assert refused(world, case, Way.MAIL) == "not_now"
    world.post.outcomes = [PostRefused("550"), (DeliveryUncertain("lost"),)]
    dispatch(world.house)
    chosen(world, case, Way.MAIL)
    assert world.waiting(case) == set()
    dispatch(world.house)
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    assert refused(world, case, Way.MAIL) == "not_now"
    with world.house.store.begin() as tx:
        attempts = tx.outbox.attempts(case, 1)
        assert not tx.outbox.put_answer(case, 1, "", Posted(LENA, "x", "y"), "nordlicht.example", link=True)
    assert [(each.number, each.state, each.link) for each in attempts] == [
        (1, "failed", False),
        (2, "uncertain", False),
    ]


def test_an_answer_brought_by_hand_gets_no_link_any_more(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.fails = [ShareFailed("unreachable", "x")]
    publish_waiting(world.house)
    with world.house.store.begin() as tx:
        arrived(tx, case, REVIEWER, "auf einem USB-Stick abgeholt")
        hand_over(tx, case, REVIEWER, "in_person")
    goes_round(world)
    assert answers(world) == []
    assert cloud.files == {}
    assert world.case(case).status is Status.ANSWERED


def test_the_link_may_be_chosen_again_while_it_is_made(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.during = lambda: chosen(world, case, Way.LINK)
    goes_round(world)
    (text,) = answers(world)
    assert cloud.opens(text)


def test_the_link_may_be_chosen_again_while_its_file_is_deleted(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    cloud.fails = [ShareFailed("password_rule", "x")]

    def meanwhile() -> None:
        cloud.ending = lambda: None
        chosen(world, case, Way.LINK)

    cloud.ending = meanwhile
    goes_round(world)
    (text,) = answers(world)
    assert cloud.opens(text)


@pytest.mark.parametrize("fails", [False, True])
def test_who_uploads_for_hours_takes_nothing_of_who_was_faster(world: World, cloud: FakeCloud, fails: bool) -> None:
    case = by_link(world)

    def slow() -> None:
        cloud.during = lambda: None
        world.clock.move(hours=3)
        with pytest.MonkeyPatch.context() as other:
            other.setattr("flows.delivering.this_process", lambda: "other:1:1")
            goes_round(world, 1)
        cloud.then_fails = [ShareFailed("protocol", "x")] * fails

    cloud.during = slow
    goes_round(world)
    (text,) = answers(world)
    assert cloud.opens(text)
    assert len(cloud.files) == 1
    assert alarms(world, case) == set()
    assert take_back(world.house, case)
    assert cloud.files == {}


def test_a_link_that_ends_before_the_passphrase_is_handed_over_is_an_alarm_and_made_anew(
    world: World, cloud: FakeCloud
) -> None:
    case = by_link(world)
    goes_round(world)
    world.clock.move(days=14)
    goes_round(world)
    assert world.case(case).status is Status.SENT  # the last day counts
    world.clock.move(days=1)
    goes_round(world)
    assert cloud.files == {}
    assert ENDED in alarms(world, case)
    assert (world.case(case).status, world.waiting(case)) == (Status.DELIVERY_UNCERTAIN, {("delivery", "")})
    for step in (lambda tx: hand_over(tx, case, REVIEWER, "letter"), lambda tx: arrived(tx, case, REVIEWER, "da")):
        with world.house.store.begin() as tx, pytest.raises(NotReadable):
            step(tx)
    assert refused(world, case, Way.MAIL) == "not_now"
    chosen(world, case, Way.LINK)
    goes_round(world)
    assert [cloud.opens(text) for text in answers(world)] == [False, True]
    assert world.case(case).status is Status.SENT
    assert not alarms(world, case) & {ENDED, FAILED, "delivery_uncertain"}
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "letter")
    world.clock.move(days=15)
    goes_round(world)
    assert world.case(case).status is Status.ANSWERED
    assert ENDED not in alarms(world, case)


def test_a_new_link_whose_mail_is_refused_hands_nothing_over(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    goes_round(world)
    world.clock.move(days=15)
    goes_round(world)
    chosen(world, case, Way.LINK)
    world.post.outcomes = [PostRefused("550")]
    goes_round(world)
    assert world.waiting(case) == {("delivery", "")}
    with world.house.store.begin() as tx, pytest.raises(NotReadable):
        arrived(tx, case, REVIEWER, "da")
    chosen(world, case, Way.LINK)
    goes_round(world)
    assert cloud.opens(answers(world)[-1])


def test_the_sealed_file_that_was_taken_out_needs_no_link(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    goes_round(world)
    world.clock.move(days=15)
    goes_round(world)
    with world.house.store.begin() as tx:
        tx.cases.note(case, "package_saved", REVIEWER)
        arrived(tx, case, REVIEWER, "auf einem USB-Stick abgeholt")
        hand_over(tx, case, REVIEWER, "in_person")
    assert world.case(case).status is Status.ANSWERED


def test_a_mail_with_a_link_that_ended_before_it_left_does_not_leave(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    publish_waiting(world.house)
    world.clock.move(days=15)
    goes_round(world)
    assert answers(world) == []
    assert ENDED in alarms(world, case)
    assert (world.case(case).status, world.waiting(case)) == (Status.SEALED, {("delivery", "")})
    chosen(world, case, Way.LINK)
    goes_round(world)
    (text,) = answers(world)
    assert cloud.opens(text)


@pytest.mark.parametrize("gone", [False, True])
def test_a_cloud_that_is_away_for_hours_is_put_to_a_person_who_sends_the_file(
    world: World, cloud: FakeCloud, gone: bool
) -> None:
    """Also one that is not in the settings any more."""
    case = by_link(world)
    cloud.fails = [ShareFailed("unreachable", "x")] * 99
    if gone:
        world.house = replace(world.house, cloud=None)
    goes_round(world)
    assert FAILED in alarms(world, case)
    assert world.waiting(case) == set()
    before = world.steps(case)
    goes_round(world)
    assert world.steps(case) == before  # the history does not grow with every try
    with world.house.store.begin() as tx:
        assert tx.answers.link_states(case) == ((1, Link(WANTED) if gone else Link(LOADING, 1)),)
    world.clock.move(hours=5)
    goes_round(world)
    assert world.waiting(case) == {("delivery", "")}
    chosen(world, case, Way.MAIL)
    goes_round(world)
    (mail,) = [raw for raw in world.post.to(LENA) if b"attachment" in raw]
    assert f"Antwort-{case}.html".encode() in mail
    assert world.case(case).status is Status.SENT
    assert FAILED not in alarms(world, case)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    cloud.fails = []
    goes_round(world)
    assert answers(world) == []


def test_what_is_too_large_for_a_mail_stays_too_large(world: World, cloud: FakeCloud) -> None:
    case = by_link(world)
    object.__setattr__(world.house.settings.post, "max_megabytes", 0)
    assert refused(world, case, Way.MAIL) == "too_large"


def test_the_file_that_is_sent_in_place_of_a_link_is_the_newest(world: World, cloud: FakeCloud) -> None:
    """A version of before may bear the same name."""
    case = steps.sealed(world)
    world.post.outcomes = [PostRefused("550")]
    dispatch(world.house)
    with world.house.store.begin() as tx:
        did_not_arrive(tx, case, REVIEWER, "vom Server abgelehnt")
    object.__setattr__(world.house.settings, "delivery", LINKED)
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    chosen(world, case, Way.MAIL)
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
        mails = {one.once: one.mail.blob for one in tx.outbox.of_case(case) if one.kind == "answer"}
    assert package is not None
    assert package.kept is not None
    assert mails[f"answer/{case}/2"] == package.kept.blob != mails[f"answer/{case}/1"]


def test_who_never_knew_that_another_made_the_link_in_the_same_folder_tells_of_it(
    world: World, cloud: FakeCloud
) -> None:
    """Of three that were at it the one in the middle died: the mailed link may be the one that was replaced."""
    case = by_link(world)

    def slow() -> None:
        cloud.during = lambda: None
        with world.house.store.begin() as tx:
            tx.runs.end("links")
        goes_round(world, 1)

    cloud.during = slow
    goes_round(world)
    assert ENDED in alarms(world, case)
    assert (world.case(case).status, world.waiting(case)) == (Status.DELIVERY_UNCERTAIN, {("delivery", "")})
    chosen(world, case, Way.LINK)
    goes_round(world)
    assert cloud.opens(answers(world)[-1])
