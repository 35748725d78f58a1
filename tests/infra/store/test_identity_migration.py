"""An installation from before the codes keeps its cases: who waited for a person still does, nobody is asked anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from infra.store.engine import open_engine
from tests.infra.store.migrating import to

CASE = """INSERT INTO cases (number, status, "right", language, channel, received_at, due, nominal_end, safe_target,
    derivation_de, derivation_en, opened_at, changed_at, material_key, record_key, sender_hmac, draft, collected,
    attention) VALUES (:number, :status, 'access', 'de', 'mail', '2026-03-02 11:00:00', '2026-04-02', '2026-04-02',
    '2026-04-02', '', '', '2026-03-02 11:00:00', '2026-03-02 11:00:00', 'm', 'r', 'h', 0, 0, :attention)"""
CASES = (
    ("DSAR-2026-0001", "identifying", "identity_address_unknown"),
    ("DSAR-2026-0002", "identifying", "reply_received"),
    ("DSAR-2026-0003", "review", "identity_name_differs"),
)
TABLES = {"identities", "challenges", "challenge_tries", "id_documents"}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    to(engine, "0005")
    with engine.begin() as connection:
        for number, status, attention in CASES:
            connection.execute(text(CASE), {"number": number, "status": status, "attention": attention})
    yield engine
    engine.dispose()


def test_who_waits_for_a_person_is_not_asked_by_an_update(old: Engine) -> None:
    to(old, "0006")
    with old.connect() as connection:
        row = connection.execute(text('SELECT "case", doubt, question, rejected FROM identities')).one()
    assert row == ("DSAR-2026-0001", "address_unknown", "by_hand", 0)


def test_it_can_be_taken_back_and_done_again(old: Engine) -> None:
    to(old, "0006")
    to(old, "0005", down=True)
    assert not TABLES & set(inspect(old).get_table_names())
    to(old, "0006")
    assert set(inspect(old).get_table_names()) >= TABLES
