"""What has served its purpose goes and never comes back, not with a restored backup either."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cases.case import Status
from flows.collect import finish, search_source
from flows.dispatch import dispatch, hand_over
from flows.engine import reconcile
from flows.inbox import poll
from flows.reconcile import wanted
from flows.retain import bury_restored, retain
from flows.watch import watch
from infra.keystore import KeyDestroyed, KeyStore
from infra.store.cases import NoSuchCase
from infra.store.sealed import Posted
from infra.store.store import Store
from infra.vault import Vault
from tests.flows import steps
from tests.flows.house import LENA, NOON, REVIEWER, Dies, FakeApi, World, build_world, mail


def answered(world: World) -> str:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    return case


def keys_of(world: World, case: str) -> tuple[str, str]:
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        return row.material_key, row.record_key


def test_the_material_of_an_answered_case_goes_after_thirty_days_and_not_before(world: World) -> None:
    case = answered(world)
    material, record = keys_of(world, case)
    retain(world.house)
    world.clock.move(days=29, hours=23)
    assert retain(world.house).materials == 0
    world.clock.move(hours=1)
    assert retain(world.house).materials == 1
    assert world.house.keystore.is_destroyed(material)
    assert not world.house.keystore.is_destroyed(record)
    assert world.files() == []
    assert [raw for folder in world.box.folders for raw in world.box.raws(folder)] == []
    with world.house.store.begin() as tx:
        assert tx.outbox.of_case(case) == ()
        assert tx.messages.of_case(case) == ()
        assert tx.findings.all(tx.cases.row(case)) == ()
        with pytest.raises(KeyDestroyed):
            tx.cases.person(case)


def test_the_record_stays_readable_without_its_material(world: World) -> None:
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    retain(world.house)
    with world.house.store.begin() as tx:
        history = tx.cases.history(case)
        package = tx.answers.package(tx.cases.row(case))
    assert any(event.who == REVIEWER for event in history)
    assert package is not None
    assert package.kept is None
    assert len(package.sha256) == 64


def test_the_record_goes_after_the_third_new_year_in_local_time(world: World) -> None:
    case = answered(world)
    _, record = keys_of(world, case)
    retain(world.house)
    world.clock.at = datetime(2029, 12, 31, 22, 59, tzinfo=UTC)
    assert retain(world.house).records == 0
    world.clock.at = datetime(2029, 12, 31, 23, 0, tzinfo=UTC)  # midnight in Berlin
    assert retain(world.house).records == 1
    assert world.house.keystore.is_destroyed(record)
    with pytest.raises(NoSuchCase), world.house.store.begin() as tx:
        tx.cases.get(case)


def test_an_open_case_keeps_everything_however_old_it_is(world: World) -> None:
    case = steps.in_review(world)
    world.clock.move(days=2000)
    assert retain(world.house).materials == 0
    assert not world.house.keystore.is_destroyed(keys_of(world, case)[0])


def test_destroying_twice_is_harmless(world: World) -> None:
    answered(world)
    retain(world.house)
    world.clock.move(days=31)
    retain(world.house)
    again = retain(world.house)
    assert (again.materials, again.records, again.restored) == (0, 0, 0)


class Backup:
    """Database and vault of one night, as an administrator copies them; the key store is in no backup, unless it is
    named."""

    def __init__(self, world: World, place: Path, *folders: str) -> None:
        world.house.store.close()  # the last connection writes the log into the file
        self._from, self._copy, self._folders = world.folder, place, folders or ("data",)
        for folder in self._folders:
            shutil.copytree(self._from / folder, self._copy / folder)

    def restore(self, world: World) -> None:
        world.house.store.close()
        for folder in self._folders:
            shutil.rmtree(self._from / folder)
            shutil.copytree(self._copy / folder, self._from / folder)


class Killer:
    """The process is killed instead of its n-th step towards destruction: a transaction, a key, a folder of blobs."""

    def __init__(self, patched: pytest.MonkeyPatch, at: int) -> None:
        self.left, self.reached = at, False
        for owner, name in ((Store, "begin"), (KeyStore, "destroy"), (Vault, "delete_owner")):
            patched.setattr(owner, name, self._dying(getattr(owner, name)))

    def _dying(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any) -> Any:
            self.left -= 1
            if self.left < 1:
                self.reached = True
                raise Dies
            return real(*given)

        return step


@pytest.mark.parametrize("after", [31, 365 * 6])
def test_killed_at_any_step_it_goes_on_in_the_next_night_and_rings_no_false_alarm(
    world: World, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(world.house.settings.mailbox, "sent", ("Sent",))
    case = answered(world)
    keys = keys_of(world, case)
    for raw, _ in world.post.sent:
        world.box.put(raw, world.clock.now(), "Sent")
    retain(world.house)
    world.clock.move(days=after)
    before, folders = Backup(world, tmp_path / "before", "data", "keys"), deepcopy(world.box.folders)
    step, reached = 0, True
    while reached:
        step, world.box.folders = step + 1, deepcopy(folders)
        before.restore(world)
        with monkeypatch.context() as patched, suppress(Dies):
            killer = Killer(patched, step)
            retain(world.house)
        reached = killer.reached
        bury_restored(world.house)
        retain(world.house)
        assert world.house.keystore.is_destroyed(keys[0]), step
        assert world.files() == [], step
        assert [raw for folder in world.box.folders for raw in world.box.raws(folder)] == [], step
        assert not {"restored_but_destroyed", "left_outside"} & {code for _, code in world.alarms()}, step
        if after > 365:
            assert world.house.keystore.is_destroyed(keys[1]), step
            assert world.cases() == (), step
        else:
            done = [each for each in world.steps(case) if each in ("destroying_material", "material_destroyed")]
            assert done[0] == "destroying_material", step
            assert set(done[1:]) == {"material_destroyed"}, step
    assert step > 12


def test_blobs_that_a_killed_version_of_before_left_are_swept_and_nobody_elses(world: World) -> None:
    gone = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    retain(world.house)
    waiting = steps.in_review(world)
    about_to_be_opened = "dsar-2026-0777"
    vault = world.house.settings.store.vault
    kept = len(list((vault / world.house.vault_owner(waiting)).iterdir()))
    for owner in (world.house.vault_owner(gone), about_to_be_opened):
        (vault / owner).mkdir()
        (vault / owner / "0").write_bytes(b"what nobody can open")
    retain(world.house)
    assert not (vault / world.house.vault_owner(gone)).exists()
    assert (vault / about_to_be_opened).exists()
    assert len(list((vault / world.house.vault_owner(waiting)).iterdir())) == kept


def test_mail_without_a_case_goes_with_the_key_of_its_day(world: World) -> None:
    world.arrives(mail("Lieferung", "Moin, wo bleibt mein Fahrrad?\n"))
    poll(world.house)
    world.clock.move(days=14)
    assert retain(world.house).mails == 0
    world.clock.move(days=1)
    assert retain(world.house).mails == 1
    retain(world.house)
    assert world.house.keystore.is_destroyed("day-2026-03-02")
    assert world.files() == []
    assert len(world.box.raws("INBOX")) == 1  # it was never ours to delete


def test_forgotten_mail_is_not_read_as_new(world: World) -> None:
    """It still lies in the mailbox, and it still asks for nothing."""
    world.arrives(mail("Lieferung", "Moin, wo bleibt mein Fahrrad?\n"))
    poll(world.house)
    world.clock.move(days=16)
    retain(world.house)
    poll(world.house)
    assert world.cases() == ()


@pytest.mark.parametrize("brought", ["in_review", "sealed", "sent"])
def test_a_restored_backup_does_not_bring_a_destroyed_case_back(world: World, tmp_path: Path, brought: str) -> None:
    case = getattr(steps, brought)(world)
    backup = Backup(world, tmp_path / "backup")
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        row.status, row.closed_at = Status.ANSWERED, tx.now
    retain(world.house)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    world.post.sent.clear()
    world.crm.searches.clear()

    backup.restore(world)
    assert bury_restored(world.house) == 1
    api = FakeApi()
    search_source(world.house, "crm")
    finish(world.house)
    watch(world.house)
    dispatch(world.house)
    reconcile(world.house, api)
    assert world.case(case).status is Status.DESTROYED
    assert world.crm.searches == []
    assert world.post.to(LENA) == []
    assert {start.deployment for start in api.started} <= {"alarm"}  # somebody is told that it came back
    assert {item.deployment for item in wanted(world.house)} <= {"alarm"}
    assert world.waiting(case) == set()
    assert world.files() == []
    assert (case, "restored_but_destroyed") in world.alarms()
    with world.house.store.begin() as tx:
        assert tx.cases.row(case).sealed_person is None
        assert {item.once.partition("/")[0] for item in tx.outbox.of_case(case)} <= {"alarm"}
        assert tx.messages.of_case(case) == ()
    assert bury_restored(world.house) == 0


def test_what_a_restored_backup_brings_back_cannot_be_opened_by_anybody(world: World, tmp_path: Path) -> None:
    """The bytes are all there again, of the answer and of the mail that asked, and no key opens them."""
    case = answered(world)
    with world.house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
        (letter,) = tx.messages.of_case(case)
    assert package is not None
    assert package.kept is not None
    backup = Backup(world, tmp_path / "backup")
    retain(world.house)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1

    backup.restore(world)
    assert len(world.files()) >= 2
    for blob in (package.kept.blob, letter.blob):
        with pytest.raises(KeyDestroyed), world.house.vault.open(blob) as stream:
            stream.read()
    for read in ("package", "person"):
        with pytest.raises(KeyDestroyed), world.house.store.begin() as tx:
            tx.answers.package(tx.cases.row(case)) if read == "package" else tx.cases.person(case)


def test_a_restored_backup_of_a_case_whose_record_was_destroyed_too_is_deleted(world: World, tmp_path: Path) -> None:
    case = answered(world)
    with world.house.store.begin() as tx:
        tx.alarms.raise_(case, "due_soon")  # nobody was told yet
    backup = Backup(world, tmp_path / "backup")
    retain(world.house)
    world.clock.at = datetime(2030, 1, 2, tzinfo=UTC)
    retain(world.house)
    retain(world.house)
    assert world.cases() == ()
    backup.restore(world)
    bury_restored(world.house)
    assert world.cases() == ()
    watch(world.house)


def test_a_restored_backup_with_mail_of_destroyed_days_stops_nothing(world: World, tmp_path: Path) -> None:
    world.arrives(mail("Lieferung", "Moin, wo bleibt mein Fahrrad?\n"))
    poll(world.house)
    with world.house.store.begin() as tx:
        key = world.house.day_key(tx.now)
        tx.outbox.put("notice", "report", None, key, Posted("dsb@nordlicht.example", "x", "y"), "nordlicht.example")
    backup = Backup(world, tmp_path / "backup")
    dispatch(world.house)
    world.clock.move(days=16)
    retain(world.house)
    retain(world.house)
    assert world.house.keystore.is_destroyed("day-2026-03-02")
    world.post.sent.clear()

    backup.restore(world)
    retain(world.house)
    case = steps.acknowledged(world)
    dispatch(world.house)
    assert world.outbox(case) == [("notice", "sent")]
    assert [to for _, to in world.post.sent] == [LENA]
    assert retain(world.house).mails == 0


def test_a_second_installation_with_other_keys_is_refused_not_begun_anew(tmp_path: Path, empty_database: Path) -> None:
    """Somebody restores everything but the keys: what is sealed must not look like an empty store."""
    one = build_world(tmp_path / "house", empty_database)
    case = steps.acknowledged(one)
    one.house.close()
    shutil.rmtree(one.house.settings.store.keys)
    two = build_world(tmp_path / "house", empty_database)
    with pytest.raises(Exception, match="the key is not in the store"), two.house.store.begin() as tx:
        tx.cases.person(case)
    two.house.close()


def test_parts_of_crashed_writers_are_swept(world: World) -> None:
    part = world.house.settings.store.vault / "mail" / "x.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    world.clock.at = max(NOON, datetime.now(UTC))
    retain(world.house)
    assert part.exists()
    world.clock.move(hours=7)
    retain(world.house)
    assert not part.exists()
