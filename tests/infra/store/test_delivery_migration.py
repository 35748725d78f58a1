"""An installation from before links and corrected answers keeps its cases, steps and packages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from infra.store.engine import NEWEST, open_engine
from tests.infra.store.migrating import to

BEFORE = "0006"
CASE = """INSERT INTO cases (number, status, "right", language, channel, received_at, due, nominal_end, safe_target,
    derivation_de, derivation_en, opened_at, changed_at, material_key, record_key, sender_hmac, draft, collected,
    attention) VALUES ('DSAR-2026-0001', 'sent', 'access', 'de', 'mail', '2026-03-02 11:00:00', '2026-04-02',
    '2026-04-02', '2026-04-02', '', '', '2026-03-02 11:00:00', '2026-03-02 11:00:00', 'm', 'r', 'h', 1, 0, '')"""
STEP = """INSERT INTO events ("case", seq, at, what, commitment, previous, hash)
    VALUES ('DSAR-2026-0001', 1, '2026-03-02 11:00:00', 'opened', 'c', 'p', 'e')"""
PACKAGE = """INSERT INTO packages ("case", version, filename, sha256, size, kind, manifest_sha256, made_at)
    VALUES ('DSAR-2026-0001', 1, 'Antwort-DSAR-2026-0001.zip', 's', 7, 'data', 'm', '2026-03-05 11:00:00')"""
KEPT = "SELECT version, filename, size, link_state, link_until FROM packages WHERE \"case\" = 'DSAR-2026-0001'"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    to(engine, BEFORE)
    with engine.begin() as connection:
        for statement in (CASE, STEP, PACKAGE):
            connection.execute(text(statement))
    yield engine
    engine.dispose()


def test_a_package_of_before_went_without_a_link_and_its_case_chose_no_way(old: Engine) -> None:
    to(old, NEWEST)
    with old.connect() as connection:
        assert connection.execute(text(KEPT)).one() == (1, "Antwort-DSAR-2026-0001.zip", 7, "", None)
        assert connection.execute(text("SELECT delivery, status, due FROM cases")).one() == ("", "sent", "2026-04-02")


def test_steps_of_before_are_entered_by_the_first_report_and_not_by_the_update(old: Engine) -> None:
    to(old, NEWEST)
    with old.connect() as connection:
        assert connection.execute(text("SELECT hash FROM events")).all() == [("e",)]
        assert connection.execute(text("SELECT count(*) FROM ledger")).scalar() == 0


def test_it_can_be_taken_back_and_done_again(old: Engine) -> None:
    to(old, NEWEST)
    to(old, BEFORE, down=True)
    assert not inspect(old).has_table("ledger")
    assert "delivery" not in {column["name"] for column in inspect(old).get_columns("cases")}
    to(old, NEWEST)
    with old.connect() as connection:
        assert connection.execute(text(KEPT)).one() == (1, "Antwort-DSAR-2026-0001.zip", 7, "", None)
