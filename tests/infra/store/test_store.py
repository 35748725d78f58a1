"""The store: one transaction at a time, nothing personal in clear, times with a zone, histories that cannot be bent."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError, StatementError

from cases.case import Status, UnlawfulMove, broken_at
from cases.coverage import SearchLog
from cases.draft import Approval, Decision, DecisionKind
from cases.finding import Gap, GapReason, Strength
from cases.identifiers import Identifier, Kind
from flows.inbox import poll
from infra.crypto import Tampered
from infra.store.answers import PackageRecord
from infra.store.cases import NoSuchCase
from infra.store.engine import NEWEST, is_migrated, migrate, open_engine
from infra.store.findings import NoSuchFinding
from infra.store.models import Base
from infra.store.sealed import KeptPackage, Posted
from tests.flows import steps
from tests.flows.house import LENA, NOON, REVIEWER, World, build_world, finding, mail

TOKENS = ("Lena", "Krüger", "Krueger", "krueger", LENA, "mail.example", "blaues Fahrrad", "K-177", "geheimer Grund")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'private' / 'a.db'}")
    yield made
    made.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_engine_knows_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "infra:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert not is_migrated(engine)
    migrate(engine)
    migrate(engine)
    assert is_migrated(engine)


def test_the_folder_is_private_and_the_file_forgets_what_was_deleted(engine: Engine, tmp_path: Path) -> None:
    with engine.connect() as connection:
        settings = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                    ("secure_delete", "foreign_keys", "journal_mode")}  # fmt: skip
    assert settings == {"secure_delete": 1, "foreign_keys": 1, "journal_mode": "wal"}
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700


def walked(world: World) -> str:
    """A case with everything in it that a case can hold."""
    world.crm.holds[LENA] = [finding("orders/Lena-Krüger/1", strength=Strength.PROBABLE, files={"Krüger.pdf": b"Lena"})]
    case = steps.in_review(world, holding=False)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        tx.findings.gap(row, Gap("cloud", "Lena Krüger/x.zip", GapReason.ENCRYPTED, "encrypted"))
        tx.findings.decide(row, 1, Decision(DecisionKind.INCLUDE, "Frauke Nissen", tx.now, "geheimer Grund: Krüger"))
        tx.findings.answer_by_hand(row, "cloud", "Lena Krüger", "geheimer Grund", 0)
        tx.runs.attempt(f"fulfil/{case}/1", 0)
        tx.runs.keep_reply(f"fulfil/{case}/1", row.record_key, "Lena Krüger, geheimer Grund")
    assert steps.release(world, case) == ""
    return case


def test_nothing_personal_stands_in_the_database_or_its_log(world: World) -> None:
    case = walked(world)
    database = world.folder / "data" / "auskunft.db"
    log = database.with_name("auskunft.db-wal")
    assert log.stat().st_size > 0
    content = database.read_bytes() + log.read_bytes()
    assert case.encode() in content
    assert [token for token in TOKENS if token.encode() in content or token.encode("utf-16-le") in content] == []
    vault = b"".join(path.read_bytes() for path in world.files())
    assert [token for token in TOKENS if token.encode() in vault] == []


def test_what_is_sealed_opens_only_where_it_was_put(world: World) -> None:
    one = steps.acknowledged(world)
    two = steps.acknowledged(world, mail(sender="Ole <ole@mail.example>", message_id="<2@m.example>"))
    with world.house.store.begin() as tx:
        first, second = tx.cases.row(one), tx.cases.row(two)
        first.sealed_person, first.material_key = second.sealed_person, second.material_key
    with pytest.raises(Tampered), world.house.store.begin() as tx:
        tx.cases.person(one)


def test_numbers_are_counted_by_year_and_never_given_again(world: World) -> None:
    first = steps.acknowledged(world)
    second = steps.acknowledged(world, mail(sender="A <a@mail.example>", message_id="<2@m.example>"))
    with world.house.store.begin() as tx:
        for case in (second, first):
            tx.messages.forget_case(case)
            tx.cases.delete(case)
    third = steps.acknowledged(world, mail(sender="B <b@mail.example>", message_id="<3@m.example>"))
    world.clock.move(days=365)
    fourth = steps.acknowledged(world, mail(sender="C <c@mail.example>", message_id="<4@m.example>"))
    assert [first, second, third, fourth] == ["DSAR-2026-0001", "DSAR-2026-0002", "DSAR-2026-0003", "DSAR-2027-0001"]


def test_threads_that_write_at_once_wait_for_each_other(world: World) -> None:
    failed: list[BaseException] = []

    def count(name: str) -> None:
        try:
            for _ in range(15):
                with world.house.store.begin() as tx:
                    so_far = int(tx.state.get("shared").get("n", "0"))
                    tx.state.set("shared", n=str(so_far + 1))
        except SQLAlchemyError as error:
            failed.append(error)

    threads = [threading.Thread(target=count, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with world.house.store.begin() as tx:
        assert tx.state.get("shared") == {"n": "60"}


WRITER = """
import sys
from pathlib import Path
from infra.clock import SystemClock
from infra.keystore import KeyStore
from infra.master import MasterKey
from infra.store.engine import open_engine
from infra.store.store import Store
store = Store(open_engine(sys.argv[1]), KeyStore(Path(sys.argv[2]), MasterKey(bytes(32))), SystemClock())
for _ in range(20):
    with store.begin() as tx:
        tx.state.set("shared", n=str(int(tx.state.get("shared").get("n", "0")) + 1))
store.close()
"""


@pytest.mark.slow
def test_processes_that_write_at_once_wait_for_each_other(world: World) -> None:
    settings = world.house.settings
    command = [sys.executable, "-c", WRITER, settings.database_url(), str(settings.store.keys)]
    started = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(120) for process in started] == [0, 0, 0]
    with world.house.store.begin() as tx:
        assert tx.state.get("shared") == {"n": "60"}


def test_a_transaction_that_fails_leaves_nothing(world: World) -> None:
    with pytest.raises(RuntimeError), world.house.store.begin() as tx:
        tx.state.set("x", n="1")
        tx.alarms.raise_("mailbox", "intake_failed")
        raise RuntimeError
    with world.house.store.begin() as tx:
        assert tx.state.get("x") == {}
        assert tx.alarms.standing() == ()


def test_times_are_kept_in_utc_with_their_zone(world: World) -> None:
    case = steps.acknowledged(world)
    local = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    with world.house.store.begin() as tx:
        tx.cases.row(case).snapshot_at = local
    found = world.case(case).snapshot_at
    assert found == local
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(world: World) -> None:
    case = steps.acknowledged(world)
    with pytest.raises(StatementError, match="zone"), world.house.store.begin() as tx:
        tx.cases.row(case).snapshot_at = datetime(2026, 7, 1)  # noqa: DTZ001 - that is the point


def history(world: World, case: str) -> int | None:
    with world.house.store.begin() as tx:
        return broken_at(tx.cases.history(case))


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ("UPDATE events SET what = 'status:answered' WHERE seq = 2", 2),
        ("UPDATE events SET at = '2020-01-01 00:00:00' WHERE seq = 1", 1),
        ("UPDATE events SET commitment = printf('%064d', 0) WHERE seq = 3", 3),
        ("DELETE FROM events WHERE seq = 2", 2),
        ("UPDATE events SET seq = 99 WHERE seq = 3", 3),
        ("DELETE FROM events WHERE seq = 1", 1),
        ("UPDATE events SET sealed_detail = (SELECT sealed_detail FROM events WHERE seq = 1) WHERE seq = 2", 2),
        ("UPDATE events SET sealed_detail = NULL WHERE seq = 3", 3),
    ],
)
def test_a_changed_history_is_broken_where_it_was_changed(world: World, change: str, at: int) -> None:
    case = steps.in_review(world)
    assert history(world, case) is None
    with world.house.store._engine.begin() as connection:
        connection.execute(text(change))
    assert history(world, case) == at


def test_the_history_says_who_and_why_and_holds_no_value(world: World) -> None:
    case = walked(world)
    with world.house.store.begin() as tx:
        events = tx.cases.history(case)
    assert {"auskunft", "Torben Ahrens"} <= {event.who for event in events}
    assert not any("blaues Fahrrad" in event.what + event.why for event in events)


def test_an_unlawful_move_changes_nothing(world: World) -> None:
    case = steps.acknowledged(world)
    with pytest.raises(UnlawfulMove), world.house.store.begin() as tx:
        tx.cases.move(case, Status.ANSWERED)
    assert world.case(case).status is Status.ACKNOWLEDGED
    with pytest.raises(NoSuchCase), world.house.store.begin() as tx:
        tx.cases.get("DSAR-2026-9999")


def test_cases_are_found_by_sender_however_it_is_written(world: World) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        assert [one.number for one in tx.cases.of_sender(LENA.upper())] == [case]
        assert tx.cases.of_sender("other@mail.example") == ()


def test_a_decision_is_about_content_and_falls_with_it(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        (old,) = tx.findings.all(row)
        tx.findings.decide(row, 1, Decision(DecisionKind.EXCLUDE, REVIEWER, tx.now))
        same = finding("orders/1", subject=case)
        tx.findings.keep(row, same, old.finding.files, "p2")
        assert tx.findings.all(row)[0].decision is not None
        stronger = finding("orders/1", strength=Strength.POSSIBLE, subject=case)
        tx.findings.keep(row, stronger, old.finding.files, "p3")
        assert tx.findings.all(row)[0].decision is None


def test_one_locator_in_two_sources_is_two_findings(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        tx.findings.keep(row, finding("orders/1", source="cloud", subject=case), (), "p")
        assert [kept.number for kept in tx.findings.all(row)] == [1, 2]
        with pytest.raises(NoSuchFinding):
            tx.findings.decide(row, 3, Decision(DecisionKind.INCLUDE, REVIEWER, tx.now))


def test_a_failed_search_keeps_the_counts_and_says_so(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        tx.findings.searched(case, SearchLog("crm", None, failed="timeout"))
        log = next(item for item in tx.findings.logs(case) if item.source == "crm")
    assert (log.records, log.findings, log.failed) == (100, 1, "timeout")
    assert log.searched_at == NOON


def test_an_approval_is_of_the_current_draft_alone(world: World) -> None:
    case = steps.approved(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        approval = tx.answers.approval(row)
        assert isinstance(approval, Approval)
        assert approval.at == NOON
        tx.answers.supersede(row)
        assert tx.answers.approval(row) is None
        tx.answers.new_draft(row, "d" * 64, date(2026, 3, 2))
        assert tx.answers.approval(row) is None


def test_a_package_leaves_its_evidence_when_its_content_goes(world: World) -> None:
    case = steps.sealed(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        before = tx.answers.package(row)
        tx.answers.forget_packages(row)
        after = tx.answers.package(row)
    assert isinstance(before, PackageRecord)
    assert isinstance(before.kept, KeptPackage)
    assert after is not None
    assert after.kept is None
    assert (after.sha256, after.size, after.manifest_sha256) == (before.sha256, before.size, before.manifest_sha256)


def test_the_same_mail_is_queued_once(world: World) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        key = tx.cases.row(case).material_key
        one, two = (tx.outbox.put("notice", "x/1", case, key, Posted(LENA, "a", text), "n.example") for text in "ab")
        assert one == two
        assert tx.outbox.get(one).mail.text == "a"


def test_a_mail_that_is_tried_again_waits_longer_each_time_up_to_an_hour(world: World) -> None:
    steps.acknowledged(world)
    waits = []
    for _ in range(9):
        with world.house.store.begin() as tx:
            (queued,) = tx.outbox.due()
            assert tx.outbox.claim(queued, "me") is not None
            tx.outbox.again(queued, "timeout", "me")
        began = world.clock.now()
        while True:
            world.clock.move(minutes=1)
            with world.house.store.begin() as tx:
                if tx.outbox.due():
                    break
        waits.append((world.clock.now() - began).seconds // 60)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_claimed_mail_is_claimed_by_one(world: World) -> None:
    steps.acknowledged(world)
    with world.house.store.begin() as tx:
        (queued,) = tx.outbox.due()
        assert tx.outbox.claim(queued, "one") is not None
        assert tx.outbox.claim(queued, "two") is None
        assert tx.outbox.due() == ()


def test_only_the_dead_and_the_late_leave_mails_behind(world: World) -> None:
    steps.acknowledged(world)
    with world.house.store.begin() as tx:
        (queued,) = tx.outbox.due()
        tx.outbox.claim(queued, "one")
        assert tx.outbox.abandoned(lambda owner: True) == ()
        assert [item.id for item in tx.outbox.abandoned(lambda owner: False)] == [queued]
    world.clock.move(minutes=16)
    with world.house.store.begin() as tx:
        assert [item.id for item in tx.outbox.abandoned(lambda owner: True)] == [queued]


def test_an_alarm_is_told_once_until_its_reason_has_gone_and_come_back(world: World) -> None:
    def told() -> list[bool]:
        with world.house.store.begin() as tx:
            tx.alarms.raise_("mailbox", "intake_failed")
            return [item.told_at is not None for item in tx.alarms.standing()]

    assert told() == [False]
    with world.house.store.begin() as tx:
        tx.alarms.told(tx.alarms.standing()[0].id)
    assert told() == [True]
    with world.house.store.begin() as tx:
        tx.alarms.clear("mailbox", "intake_failed")
        assert tx.alarms.standing() == ()
    assert told() == [False]


def test_a_deleted_case_leaves_no_row_anywhere(world: World) -> None:
    case = walked(world)
    with world.house.store.begin() as tx:
        tx.alarms.raise_(case, "due_soon")
        tx.runs.forget_case(case)
        tx.cases.delete(case)
    with world.house.store._engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(table.select()).all()
            assert case not in repr(rows), table.name


def test_the_look_up_of_addresses_needs_the_key_store(tmp_path: Path, empty_database: Path) -> None:
    worlds = [build_world(tmp_path / name, empty_database) for name in ("one", "two")]
    hashes = []
    for world in worlds:
        world.arrives(mail())
        poll(world.house)
        with world.house.store.begin() as tx:
            hashes.append(tx.cases.row("DSAR-2026-0001").sender_hmac)
        world.house.close()
    assert hashes[0] != hashes[1]
    assert Identifier(Kind.EMAIL, LENA).normal not in "".join(hashes)
