"""An installation of the second schema keeps its cases: they wait for nothing, and were asked in the language of their
letters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from sqlalchemy import Engine, inspect, text

from cases.person import Person
from infra.store.engine import open_engine
from tests.infra.store.migrating import to

CASE = """INSERT INTO cases (number, status, "right", language, channel, received_at, due, nominal_end, safe_target,
    derivation_de, derivation_en, opened_at, changed_at, material_key, record_key, sender_hmac, draft, collected,
    attention) VALUES ('DSAR-2026-0001', 'review', 'access', 'en', 'mail', '2026-03-02 11:00:00', '2026-04-02',
    '2026-04-02', '2026-04-02', '', '', '2026-03-02 11:00:00', '2026-03-02 11:00:00', 'm', 'r', 'h', 0, 0, '')"""
NEW = "SELECT asked_in, batch, waits_for, waits_for_reply, acknowledgement, words_hmac, learned_at FROM cases"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    to(engine, "0002")
    with engine.begin() as connection:
        connection.execute(text(CASE))
    yield engine
    engine.dispose()


def test_an_old_case_waits_for_nothing(old: Engine) -> None:
    to(old, "0003")
    with old.connect() as connection:
        assert [tuple(row) for row in connection.execute(text(NEW))] == [("en", "", "", "", "", "", None)]
    assert inspect(old).has_table("documents")


def test_it_can_be_taken_back_and_done_again(old: Engine) -> None:
    to(old, "0003")
    to(old, "0002", down=True)
    assert not inspect(old).has_table("documents")
    assert "batch" not in {column["name"] for column in inspect(old).get_columns("cases")}
    to(old, "0003")
    with old.connect() as connection:
        assert connection.execute(text("SELECT number, status FROM cases")).one() == ("DSAR-2026-0001", "review")


def test_what_was_sealed_of_a_person_before_opens_as_it_was() -> None:
    adapter = TypeAdapter(Person)
    known = json.loads(adapter.dump_json(Person(name="Lena Krüger", sender="lena@mail.example", vouched=True)))
    for name in ("proxy", "authority", "wishes", "no_mail"):
        del known[name]
    person = adapter.validate_json(json.dumps(known))
    assert (person.name, person.vouched, person.proxy, person.authority_missing) == ("Lena Krüger", True, None, False)
