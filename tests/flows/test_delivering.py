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
from flows.retain import retain
from infra.settings_delivery import DeliverySection
from infra.share import Share, ShareFailed
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

    def publish(self, name: str, filename: str, content: BinaryIO, size: int, password: str, expires: date) -> Share:
        if self.fails:
            raise self.fails.pop(0)
        data = content.read()
        assert len(data) == size
        self.during()
        self.files[f"Auskunft/{name}"] = (data, password, expires)
        if self.then_fails:
            raise self.then_fails.pop(0)
        return Share(URL, "1", f"Auskunft/{name}")

    def withdraw(self, share_path: str) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.files.pop(share_path, None)


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
