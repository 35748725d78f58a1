"""An installation of the third schema keeps its cases: their due days stay, and alarms begin at their first stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from infra.store.engine import open_engine
from tests.infra.store.migrating import to

CASE = """INSERT INTO cases (number, status, "right", language, channel, received_at, due, nominal_end, safe_target,
    derivation_de, derivation_en, opened_at, changed_at, snapshot_at, material_key, record_key, sender_hmac, draft,
    collected, attention) VALUES ('DSAR-2026-0001', 'review', 'access', 'en', 'mail', '2026-03-02 11:00:00',
    '2026-04-02', '2026-04-02', '2026-04-02', '', '', '2026-03-02 11:00:00', '2026-03-02 11:00:00',
    '2026-03-02 12:00:00', 'm', 'r', 'h', 0, 0, '')"""
ALARM = "INSERT INTO alarms (subject, code, raised_at) VALUES ('mailbox', 'intake_failed', '2026-03-02 11:00:00')"
NEW = "SELECT due, due_unsuspended, first_snapshot_at = snapshot_at, extension, holiday_list FROM cases"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    to(engine, "0003")
    with engine.begin() as connection:
        connection.execute(text(CASE))
        connection.execute(text(ALARM))
    yield engine
    engine.dispose()


def test_an_old_case_keeps_its_due_day_and_is_not_extended(old: Engine) -> None:
    to(old, "0004")
    with old.connect() as connection:
        assert connection.execute(text(NEW)).one() == ("2026-04-02", "2026-04-02", 1, "", "")
        assert connection.execute(text("SELECT stage, emitted, management FROM alarms")).one() == (1, 1, 0)


def test_it_can_be_taken_back_and_done_again(old: Engine) -> None:
    to(old, "0004")
    to(old, "0003", down=True)
    assert not inspect(old).has_table("breaches")
    assert "extension" not in {column["name"] for column in inspect(old).get_columns("cases")}
    to(old, "0004")
    with old.connect() as connection:
        assert connection.execute(text("SELECT number, due FROM cases")).one() == ("DSAR-2026-0001", "2026-04-02")
