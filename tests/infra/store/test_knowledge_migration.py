"""An installation of the fourth schema keeps what it searched, and gets a place for proposals and the search log."""

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
SEARCH = """INSERT INTO searches ("case", source, searched_at, tried_at, records, findings, gaps, seconds, failed)
    VALUES ('DSAR-2026-0001', 'crm', '2026-03-02 12:00:00', '2026-03-02 12:00:00', 100, 7, 0, 1.5, '')"""
KEPT = "SELECT source, records, findings, kinds, limits FROM searches"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    to(engine, "0004")
    with engine.begin() as connection:
        connection.execute(text(CASE))
        connection.execute(text(SEARCH))
    yield engine
    engine.dispose()


def test_what_was_searched_before_stays_searched(old: Engine) -> None:
    to(old, "0005")
    with old.connect() as connection:
        assert connection.execute(text(KEPT)).one() == ("crm", 100, 7, "", "")


def test_it_can_be_taken_back_and_done_again(old: Engine) -> None:
    to(old, "0005")
    to(old, "0004", down=True)
    assert not {"proposals", "passes"} & set(inspect(old).get_table_names())
    to(old, "0005")
    with old.connect() as connection:
        assert connection.execute(text(KEPT)).one() == ("crm", 100, 7, "", "")
