"""What matching promises, asked of it and of a database with many people: nobody's answer depends on anybody else's.

The people are `tests.matching.invented`: namesakes, families, mistyped numbers and some that are somebody else's.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.finding import Finding, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.subjects import Clue, Hit, SubjectIndex
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine
from sources.sql_tables import Identifying, SqlTable
from tests.matching.invented import HEAVY, MEDIUM, people
from tests.matching.records import Record

SOME = 12  # subjects that are searched for alone, and records that are searched


def asked(records: list[Record], seed: int) -> tuple[list[Record], list[Record]]:
    """Some subjects, and records of which some are theirs, some their namesakes' and some nobody's."""
    dice = Random(seed)
    alone = dice.sample(records, SOME)
    entities = {item.entity for item in alone}
    theirs = [item for item in records if item.entity in entities]
    return alone, theirs[: 2 * SOME] + dice.sample(records, SOME)


def hits(index: SubjectIndex, record: Record) -> list[tuple[Hit, ...]]:
    """By every way in which a record may be searched."""
    texts = {kind.value: value for kind, value in record.stated}
    return [index.match(record.clues()), index.match_alike(record.clues()), index.match_texts(texts, "register")]


@given(seed=st.integers(0, 10**6), count=st.integers(20, 1_000))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_batch_gives_everybody_what_each_gets_alone(seed: int, count: int) -> None:
    records = people(seed, count, HEAVY)
    subjects = [item.subject() for item in records[:count]]
    together = SubjectIndex(subjects)
    alone, searched = asked(records[:count], seed)
    for one in alone:
        by_itself = SubjectIndex([one.subject()])
        for record in searched:
            expected = [tuple(hit for hit in found if hit.subject == one.id) for found in hits(together, record)]
            assert hits(by_itself, record) == expected


@given(seed=st.integers(0, 10**6))
@settings(max_examples=5, deadline=None)
def test_a_stranger_is_found_in_nobodys_record(seed: int) -> None:
    stranger = Subject(
        "S",
        (
            Identifier(Kind.EMAIL, "wilhelmine.quandt@mail.example", Origin.VERIFIED),
            Identifier(Kind.NAME, "Wilhelmine Quandt", Origin.VERIFIED),
            Identifier(Kind.BIRTH_DATE, "1921-05-30", Origin.VERIFIED),
            Identifier(Kind.CUSTOMER_NUMBER, "K-1", Origin.VERIFIED, "register"),
        ),
    )
    index = SubjectIndex([stranger])
    assert [hits(index, record) for record in people(seed, 100, MEDIUM) if any(hits(index, record))] == []


@given(seed=st.integers(0, 10**6))
@settings(max_examples=5, deadline=None)
def test_a_namesake_is_never_more_than_possible(seed: int) -> None:
    """Whoever shares a name, in whatever spelling, and nothing else."""
    records = people(seed, 60, HEAVY)
    index = SubjectIndex(item.subject() for item in records)
    names = {value for item in records for kind, value in item.stated if kind is Kind.NAME}
    found = [hit for name in sorted(names) for hit in index.match_alike([Clue(Kind.NAME, name, "name")])]
    assert found
    assert {hit.strength for hit in found} == {Strength.POSSIBLE}


COLUMNS = {
    Kind.NAME: "full_name",
    Kind.BIRTH_DATE: "born",
    Kind.ADDRESS: "address",
    Kind.CUSTOMER_NUMBER: "number",
}


@pytest.fixture(scope="module")
def crowd() -> list[Record]:
    return people(1969, 150, MEDIUM)


@pytest.fixture
def register(crowd: list[Record], tmp_path: Path) -> SqlSource:
    path = tmp_path / "register.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"create table customers(id text primary key, {', '.join(COLUMNS.values())})")
        for item in crowd:
            stated = dict(item.stated)
            row = (item.id, *(stated.get(kind) for kind in COLUMNS))
            connection.execute("insert into customers values (?, ?, ?, ?, ?)", row)
    identifying = tuple(Identifying(kind, (name,)) for kind, name in COLUMNS.items())
    url = parsed("register", f"sqlite:///{path}")
    table = SqlTable("customers", "customer", identifying=identifying)
    return SqlSource("register", lambda: read_only_engine("register", url), (table,))


def said(source: SqlSource, *subjects: Subject) -> dict[tuple[str, str], Finding]:
    found = (item for item in source.search(SubjectIndex(subjects)) if isinstance(item, Finding))
    return {(item.subject, item.locator): item for item in found}


def test_a_database_gives_a_crowd_what_it_gives_each_alone(crowd: list[Record], register: SqlSource) -> None:
    together = said(register, *(item.subject() for item in crowd))
    assert {item.strength for item in together.values()} == set(Strength)
    for one in Random(7).sample(crowd, SOME):
        expected = {place: item for place, item in together.items() if place[0] == one.id}
        assert expected
        assert said(register, one.subject()) == expected
