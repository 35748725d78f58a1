"""Rows that only one rule of the sieve lets through."""

from __future__ import annotations

import pytest

from cases.identifiers import Kind
from cases.source import Searched
from cases.subjects import SubjectIndex
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from tests.sources.databases import Script, findings, source, strengths
from tests.sources.fakes import verified

PEOPLE = SqlTable(
    "people",
    "person",
    identifying=(
        Identifying(Kind.NAME, ("first", "last")),
        Identifying(Kind.EMAIL, ("mail",)),
        Identifying(Kind.PHONE, ("tel",)),
        Identifying(Kind.CUSTOMER_NUMBER, ("number",)),
    ),
)
LENA = verified(
    "A",
    (Kind.NAME, "Lena Krüger"),
    (Kind.EMAIL, "lena.krueger@gmail.com"),
    (Kind.PHONE, "030 23125001"),
    (Kind.CUSTOMER_NUMBER, "K-100-217", "crm"),
)
_SCHEMA = (
    "create table people(id integer primary key, first text, last text, mail text, tel text, number text, note text)"
)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mail", "lena.kreuger@gmail.com"),  # one slip
        ("mail", "lena.krueger@gmial.com"),
        ("mail", "x@mail.example, LENA.KRUEGER@gmail.com"),
        ("mail", "Lena <lena.krueger@gmail.com>"),
        ("tel", "030 23125001 / 0171 3920099"),
        ("tel", "+49 (0)30 23125-001"),
        ("tel", "Büro 030/23125001"),
        ("number", "k100217"),
        ("number", "K 100/217"),
        ("number", "K-100-21-7"),
        ("first", "Krüger, Lena"),
        ("last", "Lena Krueger"),
        ("last", "Frau Dr. Lena Krüger"),
    ],
)
def test_a_value_alone_lets_a_row_through(script: Script, column: str, value: str) -> None:
    path = script(f"{_SCHEMA}; insert into people(id, {column}) values (1, '{value}'), (2, 'x')")
    assert list(strengths(source(path, PEOPLE), LENA)) == ["people[id=1]"]


@pytest.mark.parametrize(
    ("first", "last"),
    [("LENA", "KRUEGER"), ("Krüger", "Lena"), ("Lena", "Kruger"), ("Lehna", "Krüger"), ("Lena Marie", "Krüger")],
)
def test_the_parts_of_a_name_together_let_a_row_through(script: Script, first: str, last: str) -> None:
    path = script(f"{_SCHEMA}; insert into people(id, first, last) values (1, '{first}', '{last}'), (2, 'Lena', 'Ott')")
    assert list(strengths(source(path, PEOPLE), LENA)) == ["people[id=1]"]


def test_a_table_that_others_belong_to_is_also_read_for_its_texts(script: Script) -> None:
    """Its texts are looked at when the findings are made, after it has been read for what it states."""
    path = script(
        f"{_SCHEMA}; create table orders(id integer primary key, person integer); insert into orders values (9, 1);"
        "insert into people(id, first, note) values (1, 'Ben', 'bei lena.krueger@gmail.com fragen'), (2, 'Mia', '')"
    )
    people = SqlTable("people", "person", identifying=PEOPLE.identifying, text=("note",))
    orders = SqlTable("orders", "order", belongs_to=(BelongsTo("person", "people", "id"),))
    assert "people[id=1]" in strengths(source(path, people, orders), LENA)


def test_a_key_learned_late_is_looked_for_in_a_table_already_read(script: Script) -> None:
    path = script(
        f"{_SCHEMA}; insert into people(id, number) values (1, 'c.77');"
        "create table customers(number text primary key, mail text, name text);"
        "insert into customers values ('C-77', 'lena.krueger@gmail.com', 'Lena Krüger')"
    )
    customers = SqlTable(
        "customers",
        "customer",
        identifying=(Identifying(Kind.EMAIL, ("mail",)), Identifying(Kind.NAME, ("name",))),
        system_keys=("number",),
    )
    orders = SqlTable("people", "person", identifying=PEOPLE.identifying, system_keys=("number",))
    assert strengths(source(path, orders, customers), LENA)["people[id=1]"] == "certain"


def test_a_key_that_is_stored_in_an_old_encoding_or_twice_or_not_at_all_loses_no_row(script: Script) -> None:
    path = script(
        "create table people(code text, name text);"
        "insert into people values (cast(x'4dfc6c' as text), 'Lena Krüger'), (null, 'Krüger, Lena'), "
        "('twice', 'Lena Krüger'), ('twice', 'Mia Ott'), ('', 'Lena Krueger')"
    )
    table = SqlTable("people", "person", key=("code",), identifying=(Identifying(Kind.NAME, ("name",)),))
    found = findings(source(path, table), LENA)
    assert {place[1] for place in found} == {"people[code=Mül]", "people[code=]", "people[code=twice]"}
    table = SqlTable("people", "person", key=("code", "name"), identifying=table.identifying)
    assert len(findings(source(path, table), LENA)) == 4


@pytest.mark.parametrize(
    ("table", "limits"),
    [
        (PEOPLE, ()),
        (SqlTable("people", "person", identifying=PEOPLE.identifying[1:]), ("exact_only",)),
        (SqlTable("people", "person", identifying=PEOPLE.identifying, text=("note",)), ("exact_only",)),
    ],
)
def test_other_spellings_are_promised_where_names_are_stated(
    script: Script, table: SqlTable, limits: tuple[str, ...]
) -> None:
    path = script(f"{_SCHEMA}; insert into people(id, mail) values (1, 'lena.kreuger@gmail.com')")
    *found, last = source(path, table).search(SubjectIndex([LENA]))
    assert isinstance(last, Searched)
    assert last.limits == limits
    assert bool(found) is (table.identifying == PEOPLE.identifying)
