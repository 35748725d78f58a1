"""A key that several people have leads nobody to the others' rows."""

from __future__ import annotations

import pytest

from cases.identifiers import Kind
from cases.knowledge import proposals
from cases.source import Searched
from cases.subjects import SubjectIndex
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from tests.sources.databases import LENA, Script, findings, source, strengths
from tests.sources.fakes import verified

MAIL, NAME = Identifying(Kind.EMAIL, ("mail",)), Identifying(Kind.NAME, ("name",))
BORN, NUMBER = Identifying(Kind.BIRTH_DATE, ("born",)), Identifying(Kind.CUSTOMER_NUMBER, ("number",))
CUSTOMERS = SqlTable("customers", "customer", identifying=(MAIL, NAME), system_keys=("number",))
BY_NUMBER = SqlTable("orders", "order", identifying=(NUMBER,))
BY_RELATION = SqlTable("orders", "order", belongs_to=(BelongsTo("number", "customers", "number"),))
SHOP = """
create table customers(id integer primary key, number text, name text, mail text);
create table orders(id integer primary key, number text);
insert into customers values (1, 'K-1', 'Lena Krüger', 'lena@mail.example');
insert into orders values (10, 'K-1'), (11, 'K-1');
"""
BEN = "insert into customers values (2, 'K-1', 'Ben Okafor', 'ben@mail.example');"


@pytest.mark.parametrize("orders", [BY_NUMBER, BY_RELATION], ids=["number", "relation"])
def test_a_number_that_was_given_out_again_proves_nothing(script: Script, orders: SqlTable) -> None:
    found = strengths(source(script(SHOP + BEN), CUSTOMERS, orders), LENA)
    assert found["customers[id=1]"] == "certain"
    assert found["orders[id=10]"] == found["orders[id=11]"] == "possible"
    assert found.get("customers[id=2]") in ("possible", None)


@pytest.mark.parametrize("orders", [BY_NUMBER, BY_RELATION], ids=["number", "relation"])
def test_one_persons_number_leads_to_their_orders(script: Script, orders: SqlTable) -> None:
    more = "insert into customers values (2, 'K-1', 'Krüger, Lena', 'lena.k@work.example');"  # her second entry
    found = strengths(source(script(SHOP + more), CUSTOMERS, orders), LENA)
    assert found["orders[id=10]"] == found["orders[id=11]"] == "certain"


def test_a_relation_to_the_key_of_a_row_needs_no_number(script: Script) -> None:
    path = script(
        "create table customers(id integer primary key, number text, name text, mail text);"
        "create table orders(id integer primary key, customer integer);"
        "insert into customers values (1, 'K-1', 'Lena Krüger', 'lena@mail.example'); insert into orders values (7, 1);"
        + BEN
    )
    orders = SqlTable("orders", "order", belongs_to=(BelongsTo("customer", "customers", "id"),))
    assert strengths(source(path, CUSTOMERS, orders), LENA)["orders[id=7]"] == "certain"


@pytest.mark.parametrize("key", ["GAST", "V-1"])
def test_what_stands_for_everybody_widens_nothing(script: Script, key: str) -> None:
    path = script(
        "create table visits(id integer primary key, mail text, visitor text);"
        f"insert into visits values (1, 'lena@mail.example', '{key}'), (2, null, '{key}'),"
        f"(3, 'ben@mail.example', '{key}');"
    )
    visits = SqlTable("visits", "visit", identifying=(MAIL,), system_keys=("visitor",))
    found = strengths(source(path, visits), LENA)
    assert found == {"visits[id=1]": "certain", "visits[id=2]": "possible", "visits[id=3]": "possible"}


def test_a_verified_number_is_doubted_if_an_old_list_states_somebody_else(script: Script) -> None:
    """By the birth date alone, too: father and son have one name."""
    path = script(
        "create table customers(id integer primary key, number integer, name text, mail text);"
        "create table old_customers(number integer, name text, born text);"
        "create table orders(id integer primary key, number integer);"
        "insert into customers values (1, 4711, 'Lena Krüger', 'lena@mail.example');"
        "insert into old_customers values (4711, 'Peter Krüger', '1950-02-03');"
        "insert into orders values (10, 4711);"
    )
    old = SqlTable("old_customers", "old", identifying=(NAME, BORN, NUMBER))
    asked = source(path, CUSTOMERS, old, BY_NUMBER)
    mail, name = (Kind.EMAIL, "lena@mail.example"), (Kind.NAME, "Lena Krüger")
    for known in ((mail, name), (mail, name, (Kind.CUSTOMER_NUMBER, "4711", "crm")), (mail,)):
        found = strengths(asked, verified("A", *known))
        assert found["customers[id=1]"] == "certain"
        assert found["orders[id=10]"] == "possible"
    peter = verified("B", (Kind.CUSTOMER_NUMBER, "4711", "crm"), (Kind.NAME, "Peter Krüger"), (Kind.BIRTH_DATE, "1950"))
    assert strengths(asked, peter)["orders[id=10]"] == "possible"


def test_with_something_of_their_own_a_row_is_probable(script: Script) -> None:
    path = script(
        SHOP + BEN + "create table cards(id integer primary key, number text, phone text);"
        "insert into cards values (5, 'K-1', '030 23125001'), (6, 'K-1', '030 23125002');"
    )
    cards = SqlTable("cards", "card", identifying=(NUMBER, Identifying(Kind.PHONE, ("phone",))))
    lena = verified("A", *((i.kind, i.value) for i in LENA.identifiers), (Kind.PHONE, "030 23125001"))
    found = strengths(source(path, CUSTOMERS, cards), lena)
    assert found["cards[id=5]"] == "probable"
    assert found["cards[id=6]"] == "possible"


def test_rows_that_belong_to_others_make_a_column_theirs_as_well(script: Script) -> None:
    """A parcel with the orders of two customers."""
    path = script(
        SHOP.replace("'K-1'), (11", "'K-1'), (12")
        + "insert into customers values (2, 'K-2', 'Ben Okafor', 'ben@mail.example');"
        "create table parts(id integer primary key, number text, parcel text);"
        "create table parcels(id integer primary key, code text);"
        "insert into parts values (1, 'K-1', 'P-1'), (2, 'K-2', 'P-1'), (3, 'K-1', 'P-2');"
        "insert into parcels values (1, 'P-1'), (2, 'P-2');"
    )
    parts = SqlTable("parts", "part", belongs_to=(BelongsTo("number", "customers", "number"),))
    parcels = SqlTable("parcels", "parcel", belongs_to=(BelongsTo("code", "parts", "parcel"),))
    found = strengths(source(path, CUSTOMERS, parts, parcels), LENA)
    assert found["parcels[id=1]"] == "possible"
    assert found["parcels[id=2]"] == "certain"


@pytest.mark.parametrize("assigned", [True, False])
@pytest.mark.parametrize("kind", [Kind.CUSTOMER_NUMBER, Kind.COOKIE_ID])
def test_a_key_widens_as_what_it_is_or_somebody_is_asked(script: Script, kind: Kind, *, assigned: bool) -> None:
    key = "GA1.2.1234567890.1699999999"
    path = script(
        "create table accounts(id integer primary key, mail text, name text, visitor text);"
        "create table visits(id integer primary key, visitor text);"
        f"insert into accounts values (1, 'lena@mail.example', 'Lena Krüger', '{key}');"
        f"insert into visits values (7, '{key}');"
    )
    visitor = Identifying(kind, ("visitor",))
    keys = ("visitor",) if assigned else ()
    accounts = SqlTable("accounts", "account", identifying=(MAIL, NAME, visitor), system_keys=keys)
    found = findings(source(path, accounts, SqlTable("visits", "visit", identifying=(visitor,))), LENA)
    asked = [one.identifier.kind for one in proposals(found["A", "accounts[id=1]"], LENA)]
    assert asked == ([] if assigned else [kind])
    assert (("A", "visits[id=7]") in found) is assigned


@pytest.mark.parametrize(
    ("stated", "strength"),
    [
        ("123-45", "certain"),
        ("123 45", "certain"),
        ("12345", "certain"),
        ("12-345", "possible"),
        ("1.2345", "possible"),
    ],
)
def test_separators_tell_two_numbers_apart(script: Script, stated: str, strength: str) -> None:
    """Whether the number was verified, or learned on the way."""
    path = script(
        "create table customers(id integer primary key, number text, name text, mail text);"
        "create table orders(id integer primary key, number text);"
        "insert into customers values (1, '123-45', 'Lena Krüger', 'lena@mail.example');"
        f"insert into orders values (10, '{stated}');"
    )
    for lena in (LENA, verified("A", (Kind.CUSTOMER_NUMBER, "123-45", "crm"))):
        assert strengths(source(path, CUSTOMERS, BY_NUMBER), lena)["orders[id=10]"] == strength


@pytest.mark.parametrize(
    ("columns", "values", "strength"),
    [
        ("number", "'K-9999'", "probable"),
        ("mail", "'ben@mail.example'", "probable"),
        ("name", "'Ben Okafor'", "probable"),
        ("born", "'1950-02-03'", "probable"),
        ("mail", "'support@mail.example'", "certain"),
        ("name", "'Krüger, Lena'", "certain"),
        ("number", "null", "certain"),
    ],
)
def test_a_row_of_somebody_else_that_names_the_person_is_looked_at(
    script: Script, columns: str, values: str, strength: str
) -> None:
    path = script(
        "create table tickets(id integer primary key, number text, mail text, name text, born text, body text);"
        f"insert into tickets(id, {columns}, body) values (1, {values}, 'Bitte an lena@mail.example schreiben.')"
    )
    tickets = SqlTable("tickets", "ticket", identifying=(NUMBER, MAIL, NAME, BORN), text=("body",))
    lena = verified("A", *((i.kind, i.value) for i in LENA.identifiers), (Kind.BIRTH_DATE, "1984-05-17"))
    found = findings(source(path, tickets), lena)["A", "tickets[id=1]"]
    assert (found.strength.value, found.shared) == (strength, strength == "probable")


def test_a_limit_is_named_if_it_holds_for_one_table(script: Script) -> None:
    asked = source(script(SHOP), CUSTOMERS, BY_NUMBER)
    assert [one.limits for one in asked.search(SubjectIndex([LENA])) if isinstance(one, Searched)] == [("exact_only",)]
    asked = source(script("create table x(id integer)"), SqlTable("customers", "customer", identifying=(NAME,)))
    assert [one.limits for one in asked.search(SubjectIndex([LENA])) if isinstance(one, Searched)] == [()]


@pytest.mark.parametrize("column", ["real", "numeric(9, 1)"])
def test_a_number_in_a_column_of_another_type_is_the_number(script: Script, column: str) -> None:
    path = script(
        f"create table customers(id integer primary key, number {column}, mail text);"
        "insert into customers values (1, 4711, 'x@mail.example'), (2, 47110, 'y@mail.example')"
    )
    table = SqlTable("customers", "customer", identifying=(NUMBER,))
    assert strengths(source(path, table), verified("A", (Kind.CUSTOMER_NUMBER, "4711", "crm"))) == {
        "customers[id=1]": "certain"
    }
    assert strengths(source(path, table), verified("A", (Kind.CUSTOMER_NUMBER, "47110", "crm"))) == {
        "customers[id=2]": "certain"
    }
