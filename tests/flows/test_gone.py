"""A case that somebody removed from the database: nobody would answer, and no list would show it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import Engine, text

from desk.auditing import verify_histories
from flows.dispatch import dispatch, hand_over
from flows.gone import ALARM
from flows.report import daily_report
from flows.retain import retain
from flows.watch import watch
from infra.store.engine import NEWEST, migrate, open_engine
from tests.flows import steps
from tests.flows.house import DPO, REVIEWER, World
from tests.infra.store.migrating import to
from tests.infra.store.test_evidence import CASE, STEP
from tests.infra.store.test_ledger import OLES


def outside(world: World, *statements: str) -> None:
    """With a tool of their own, which knows no keys between tables."""
    with closing(sqlite3.connect(world.folder / "data" / "auskunft.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def told(world: World) -> int:
    subjects = (str(message_from_bytes(raw, policy=default)["subject"]) for raw in world.post.to(DPO))
    return sum("steht in keiner Liste mehr" in subject for subject in subjects)


def of_all_tables(world: World, case: str) -> list[str]:
    with world.house.store._engine.connect() as connection:
        tables = connection.execute(
            text("SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE c.name = 'case'")
        ).scalars()
        return [f"DELETE FROM {table} WHERE \"case\" = '{case}'" for table in tables]


@pytest.mark.parametrize("whole", [False, True])
def test_a_case_that_vanished_is_an_alarm_at_the_next_watch(
    world: World, capsys: pytest.CaptureFixture[str], *, whole: bool
) -> None:
    """Also where all its rows went with it, and where an alarm of it stood; once, until it is back."""
    case = steps.in_review(world)
    other = steps.acknowledged(world, OLES)
    world.clock.move(days=60)
    watch(world.house)
    assert case in {subject for subject, _ in world.alarms()}
    outside(world, "CREATE TABLE backup AS SELECT * FROM cases", "CREATE TABLE steps AS SELECT * FROM events")
    outside(world, f"DELETE FROM cases WHERE number = '{case}'", *(of_all_tables(world, case) if whole else ()))
    for _ in range(2):
        watch(world.house)
        assert {subject for subject, code in world.alarms() if code == ALARM} == {f"gone:{2026 if whole else case}"}
        assert case not in {subject for subject, _ in world.alarms()}
        dispatch(world.house)  # with mails of the case in the queue
        assert told(world) == 1
        daily_report(world.house)
    assert verify_histories(world.house, "") == 1
    assert ("2026: 1 cases were removed" if whole else f"{case}: there are steps") in capsys.readouterr().out
    outside(world, f"INSERT INTO cases SELECT * FROM backup WHERE number = '{case}'")
    if whole:
        outside(world, f"INSERT INTO events SELECT * FROM steps WHERE \"case\" = '{case}'")
    watch(world.house)
    assert not [subject for subject, code in world.alarms() if code == ALARM]
    assert other in {subject for subject, _ in world.alarms()}


def test_a_case_whose_record_is_over_is_no_alarm(world: World) -> None:
    """And covers no other of its year."""
    case, other = steps.sent(world), steps.acknowledged(world, OLES)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    retain(world.house)
    world.clock.at = datetime(2030, 1, 1, tzinfo=UTC)
    assert retain(world.house).records == 1
    watch(world.house)
    assert not [subject for subject, code in world.alarms() if code == ALARM]
    outside(world, f"DELETE FROM cases WHERE number = '{other}'", *of_all_tables(world, other))
    watch(world.house)
    assert ("gone:2026", ALARM) in world.alarms()


def test_steps_that_were_put_in_for_no_number_stop_no_watch(world: World) -> None:
    case = steps.acknowledged(world)
    outside(
        world,
        'INSERT INTO events ("case", seq, at, what, commitment, previous, hash, facts) '
        f"SELECT 'x''; y', 1, at, what, commitment, previous, hash || 'x', facts FROM events WHERE \"case\" = '{case}' "
        "AND seq = 1",
    )
    watch(world.house)
    assert not [subject for subject, code in world.alarms() if code == ALARM]


def serial(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT value FROM state WHERE name = 'serial/2026'")).scalar_one())


def test_what_an_update_finds_missing_was_deleted_by_right(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/old.db")
    to(engine, "0011")
    with engine.begin() as connection:
        for statement in (CASE, STEP):
            connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO state (name, value, changed_at) VALUES ('serial/2026', :value, '2026-03-02 11:00:00')"),
            {"value": '{"last": "3"}'},
        )
    migrate(engine)
    assert serial(engine) == '{"last": "3", "deleted": "2"}'
    to(engine, "0011", down=True)
    assert serial(engine) == '{"last": "3"}'
    to(engine, NEWEST)
    assert serial(engine) == '{"last": "3", "deleted": "2"}'
    engine.dispose()
