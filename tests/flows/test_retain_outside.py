"""What lies outside cannot always be reached: the material goes on its day all the same, and what stays is not
forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cases.case import Status
from desk.auditing import export_history
from flows import retain as module
from flows.correcting import CannotCorrect, correct
from flows.delivering import Way, choose, publish_waiting
from flows.dispatch import did_not_arrive, dispatch, hand_over
from flows.house import House
from flows.outside import owed
from flows.retain import bury_restored, retain
from flows.watch import watch
from infra.keystore import KeyDestroyed
from infra.mailbox import MailboxUnavailable, MailKey, Removal
from infra.share import ShareFailed
from infra.store.cases import MaterialGone
from tests.flows.house import REVIEWER, World
from tests.flows.test_delivering import FakeCloud, by_link
from tests.flows.test_retain import Backup, answered, keys_of

LEFT = ("outside", "left_outside")
WRONG = "Bestellung 4 ist von jemand anderem"


@pytest.fixture
def cloud(world: World) -> FakeCloud:
    made = FakeCloud()
    world.house = replace(world.house, cloud=made)  # type: ignore[arg-type]
    return made


def linked(world: World) -> str:
    """Answered by a link that still lives."""
    case = by_link(world)
    publish_waiting(world.house)
    dispatch(world.house)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    retain(world.house)
    return case


def left(world: World) -> list[tuple[str, str]]:
    with world.house.store.begin() as tx:
        return [(item.kind, item.case) for item in owed(tx)]


def test_a_mailbox_that_cannot_be_reached_keeps_nothing_alive_and_is_cleared_when_it_can(world: World) -> None:
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    world.box.trouble = "refused"
    assert retain(world.house).materials == 1
    assert world.house.keystore.is_destroyed(keys_of(world, case)[0])
    assert world.files() == []
    assert {("mailbox", "intake_failed"), LEFT} <= world.alarms()
    assert ("mail", case) in left(world)
    retain(world.house)
    assert world.steps(case).count("left_outside") == 1
    world.box.trouble = ""
    retain(world.house)
    assert world.box.raws("Auskunft") == []
    assert left(world) == []
    assert LEFT not in world.alarms()
    assert world.steps(case)[-1] == "nothing_left_outside"
    told = [step["what"] for step in json.loads(export_history(world.house, case))["delivery"]]
    assert told[-4:] == ["material_destroyed", "left_outside", "sent_folder_unknown", "nothing_left_outside"]


def test_a_mailbox_that_stays_away_outlives_the_record_without_the_case(world: World) -> None:
    case = answered(world)
    material, record = keys_of(world, case)
    world.box.trouble = "refused"
    retain(world.house)
    world.clock.move(days=365 * 6)
    retained = retain(world.house)
    assert (retained.materials, retained.records) == (1, 1)
    assert world.house.keystore.is_destroyed(material)
    assert world.house.keystore.is_destroyed(record)
    assert world.files() == []
    assert world.cases() == ()
    assert {named for _, named in left(world)} == {""}
    assert LEFT in world.alarms()
    watch(world.house)  # the alarm can be told of without its case
    world.box.trouble = ""
    retain(world.house)
    assert world.box.raws("Auskunft") == []
    assert LEFT not in world.alarms()


def test_a_folder_that_somebody_deleted_holds_nothing_back(world: World) -> None:
    answered(world)
    retain(world.house)
    world.clock.move(days=31)
    world.box.folders.pop("Auskunft")
    real = world.box.delete

    def delete(key: MailKey) -> Removal:
        if key.folder not in world.box.folders:
            raise MailboxUnavailable("no_such_folder")
        return real(key)

    world.box.delete = delete  # type: ignore[method-assign]
    retain(world.house)
    assert left(world) == []
    assert world.alarms() == set()


def test_a_mailbox_that_is_in_the_settings_no_more_is_left_to_a_person(world: World) -> None:
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    world.box.trouble = "refused"
    retain(world.house)
    world.box.trouble = ""
    with world.house.store.begin() as tx:
        (item,) = (one for one in owed(tx) if one.kind == "mail")
        tx.state.set(item.name, kind="mail", case=case, mailbox="bewerbungen", what=item.what, told="yes")
    retain(world.house)
    assert left(world) == [("mail", case)]
    assert LEFT in world.alarms()


def test_a_cloud_that_is_in_the_settings_no_more_keeps_no_key_alive(world: World, cloud: FakeCloud) -> None:
    case = linked(world)
    material, record = keys_of(world, case)
    (folder,) = cloud.files
    world.house = replace(world.house, cloud=None)
    world.clock.move(days=40)
    assert retain(world.house).materials == 1
    assert world.house.keystore.is_destroyed(material)
    assert world.files() == []
    assert (case, "link_not_taken_back") in world.alarms()
    world.clock.move(days=365 * 5)
    assert retain(world.house).records == 1
    assert world.house.keystore.is_destroyed(record)
    assert world.cases() == ()
    with world.house.store.begin() as tx:
        assert [(item.kind, item.case, item.what) for item in owed(tx)] == [("link", "", folder)]
    assert LEFT in world.alarms()
    world.house = replace(world.house, cloud=cloud)  # type: ignore[arg-type]
    cloud.fails = [ShareFailed("unreachable", "x")]
    retain(world.house)
    assert LEFT in world.alarms()
    retain(world.house)
    assert cloud.files == {}
    assert LEFT not in world.alarms()


def test_every_folder_that_a_link_ever_had_is_known(world: World, cloud: FakeCloud) -> None:
    """A second link of the same answer lies in a folder of its own."""
    case = by_link(world)
    cloud.then_fails = [ShareFailed("password_rule", "x")]
    publish_waiting(world.house)
    with world.house.store.begin() as tx:
        choose(world.house, tx, case, Way.LINK, REVIEWER, "Regel geändert")
    publish_waiting(world.house)
    dispatch(world.house)
    (second,) = (folder for folder in cloud.files if folder.endswith("-2"))
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    retain(world.house)
    world.house = replace(world.house, cloud=None)
    world.clock.move(days=40)
    retain(world.house)
    with world.house.store.begin() as tx:
        assert {item.what for item in owed(tx)} == {second, second.removesuffix("-2")}


def test_material_that_has_lost_its_date_goes_with_the_record(world: World) -> None:
    case = answered(world)
    material, _ = keys_of(world, case)
    retain(world.house)
    with world.house.store.begin() as tx:
        tx.cases.row(case).destroy_material_at = None
    world.clock.move(days=365 * 6)
    assert retain(world.house).records == 1
    assert world.house.keystore.is_destroyed(material)
    assert world.files() == []
    assert world.box.raws("Auskunft") == []
    assert left(world) == []


def test_a_link_that_could_not_be_taken_back_is_tried_again_after_the_material(
    world: World,
    cloud: FakeCloud,
) -> None:
    case = linked(world)
    world.clock.move(days=31)
    cloud.fails = [ShareFailed("unreachable", "x")] * 2  # as ended, and before the material goes
    retain(world.house)
    assert world.house.keystore.is_destroyed(keys_of(world, case)[0])
    assert (case, "link_not_taken_back") in world.alarms()
    retain(world.house)
    assert cloud.files == {}
    assert (case, "link_not_taken_back") not in world.alarms()


def test_what_a_restored_backup_forgot_of_the_outside_is_owed_again(
    world: World,
    tmp_path: Path,
    cloud: FakeCloud,
) -> None:
    case = linked(world)
    backup = Backup(world, tmp_path / "backup")
    world.clock.move(days=31)
    world.box.trouble = "refused"
    cloud.fails = [ShareFailed("unreachable", "x")] * 3
    retain(world.house)
    backup.restore(world)
    cloud.fails, world.box.trouble = [], ""
    bury_restored(world.house)
    retain(world.house)
    assert cloud.files == {}
    assert world.box.raws("Auskunft") == []
    assert (case, "restored_but_destroyed") in world.alarms()


@pytest.mark.parametrize("at", ["delete", "keys"])
def test_nobody_takes_up_a_case_again_whose_material_is_being_destroyed(world: World, at: str) -> None:
    """Whoever corrects it meanwhile is told; the case stays answered."""
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    real = world.box._happens
    refused: list[str] = []

    def happens(call: str) -> None:
        if call == at and not refused:
            with pytest.raises(CannotCorrect) as error, world.house.store.begin() as tx:
                correct(tx, case, REVIEWER, WRONG)
            refused.append(error.value.code)
            with pytest.raises(MaterialGone, match="record it as a new case"), world.house.store.begin() as tx:
                did_not_arrive(tx, case, REVIEWER, "kam nie an")
        real(call)

    world.box._happens = happens  # type: ignore[method-assign]
    assert retain(world.house).materials == 1
    assert refused == ["material_gone"]
    assert world.case(case).status is Status.ANSWERED
    assert world.alarms() == set()


def test_whoever_takes_a_case_up_first_keeps_its_material(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of what is due was made before."""
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    due = module._due

    def and_then_corrected(house: House, column: str) -> list[str]:
        found = due(house, column)
        if column == "destroy_material_at":
            with house.store.begin() as tx:
                correct(tx, case, REVIEWER, WRONG)
        return found

    monkeypatch.setattr(module, "_due", and_then_corrected)
    assert retain(world.house).materials == 0
    assert world.case(case).status is Status.REVIEW
    with world.house.store.begin() as tx:
        assert tx.cases.person(case)
        assert tx.findings.all(tx.cases.row(case))


def test_a_case_that_is_killed_while_it_goes_is_taken_up_by_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are gone, its key is not yet."""
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(type(world.house.keystore), "destroy", killed)
        retain(world.house)
    with pytest.raises(CannotCorrect, match="material_gone"), world.house.store.begin() as tx:
        correct(tx, case, REVIEWER, WRONG)
    with pytest.raises(KeyDestroyed), world.house.store.begin() as tx:
        tx.cases.person(case)
    assert retain(world.house).materials == 1
    assert world.house.keystore.is_destroyed(keys_of(world, case)[0])
