"""What widens a search inside a database by itself, and the record that each finding hangs on."""

from __future__ import annotations

from cases.identifiers import Identifier, Kind, Origin
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from tests.sources.databases import Script, findings, source, strengths
from tests.sources.fakes import verified

SHOP = """
create table customers(id integer primary key, number text, name text, mail text, phone text);
create table orders(id integer primary key, customer integer);
create table items(id integer primary key, order_id integer);
create table cards(id integer primary key, customer_no text);
insert into customers values (1, 'K-1', 'Lena Krüger', 'lena@mail.example', '030 23125001'),
    (2, 'K-2', 'Lena Krüger', 'lk@mail.example', '030 23125001'),
    (3, 'K-3', 'Peter Krüger', 'lena@mail.example', '');
insert into orders values (10, 1), (11, 2), (12, 3);
insert into items values (100, 10), (101, 11), (102, 12);
insert into cards values (7, 'K-1'), (8, 'K-2'), (9, 'K-3');
"""
CUSTOMERS = SqlTable(
    "customers",
    "customer",
    identifying=(
        Identifying(Kind.EMAIL, ("mail",)),
        Identifying(Kind.NAME, ("name",)),
        Identifying(Kind.PHONE, ("phone",)),
    ),
    system_keys=("number",),
)
TABLES = (
    CUSTOMERS,
    SqlTable("orders", "order", belongs_to=(BelongsTo("customer", "customers", "id"),)),
    SqlTable("items", "item", belongs_to=(BelongsTo("order_id", "orders", "id"),)),
    SqlTable("cards", "card", identifying=(Identifying(Kind.CUSTOMER_NUMBER, ("customer_no",)),)),
)
LENA = verified("A", (Kind.EMAIL, "lena@mail.example"), (Kind.NAME, "Lena Krüger"), (Kind.PHONE, "030 23125001"))


def test_only_a_certain_match_widens_by_a_key_of_the_system(script: Script) -> None:
    """The namesake with her phone and the one who shares her mailbox are probable: what belongs to their rows is shown
    with them, but their numbers lead nowhere else."""
    found = strengths(source(script(SHOP), *TABLES), LENA)
    assert found["customers[id=1]"] == found["items[id=100]"] == found["cards[id=7]"] == "certain"
    assert found["customers[id=2]"] == found["items[id=101]"] == "probable"
    assert found["customers[id=3]"] == found["items[id=102]"] == "probable"
    assert "cards[id=8]" not in found
    assert "cards[id=9]" not in found


def test_every_finding_hangs_on_the_record_that_it_belongs_to(script: Script) -> None:
    groups = {item.locator: item.group for item in findings(source(script(SHOP), *TABLES), LENA).values()}
    assert groups == {
        "customers[id=1]": "customers[id=1]",
        "orders[id=10]": "customers[id=1]",
        "items[id=100]": "customers[id=1]",
        "cards[id=7]": "customers[id=1]",
        "customers[id=2]": "customers[id=2]",
        "orders[id=11]": "customers[id=2]",
        "items[id=101]": "customers[id=2]",
        "customers[id=3]": "customers[id=3]",
        "orders[id=12]": "customers[id=3]",
        "items[id=102]": "customers[id=3]",
    }


def test_a_row_that_states_the_person_hangs_on_nobody_elses_record(script: Script) -> None:
    """An order of Ben that Lena's address was typed into is a record of its own for her, not Ben's."""
    path = script(
        "create table customers(id integer primary key, mail text);"
        "create table orders(id integer primary key, customer integer, mail text);"
        "insert into customers values (1, 'ben@mail.example');"
        "insert into orders values (10, 1, 'lena@mail.example');"
    )
    mails = (Identifying(Kind.EMAIL, ("mail",)),)
    orders = SqlTable("orders", "order", identifying=mails, belongs_to=(BelongsTo("customer", "customers", "id"),))
    asked = source(path, SqlTable("customers", "customer", identifying=mails), orders)
    ben = verified("B", (Kind.EMAIL, "ben@mail.example"))
    groups = {(item.subject, item.locator): item.group for item in findings(asked, LENA, ben).values()}
    assert groups["A", "orders[id=10]"] == "orders[id=10]"
    assert groups["B", "orders[id=10]"] == "customers[id=1]"


def test_rows_that_refer_to_each_other_hang_on_one_of_them(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, mail text, parent integer);"
        "insert into people values (1, 'lena@mail.example', 2), (2, 'x@mail.example', 1);"
    )
    table = SqlTable(
        "people",
        "person",
        identifying=(Identifying(Kind.EMAIL, ("mail",)),),
        belongs_to=(BelongsTo("parent", "people", "id"),),
    )
    assert {item.group for item in findings(source(path, table), LENA).values()} == {"people[id=1]"}


def test_who_else_has_something_is_asked_by_every_kind_each_for_itself(script: Script) -> None:
    """An attacker's account with somebody's handle or postal address: the record of whose they are is found, too."""
    path = script(
        "create table customers(id integer primary key, name text, insta text, street text, phone text);"
        "insert into customers values (1, 'Mallory Voss', 'lena.rad', 'Lange Straße 1, 18055 Rostock', null),"
        "(2, 'Lena Krüger', '@lena.rad', 'Lange Str. 1, 18055 Rostock', '030 23125001'), (3, 'Ben', 'ben', '', '');"
    )
    table = SqlTable(
        "customers",
        "customer",
        identifying=(
            Identifying(Kind.NAME, ("name",)),
            Identifying(Kind.HANDLE, ("insta",), "instagram"),
            Identifying(Kind.ADDRESS, ("street",)),
            Identifying(Kind.PHONE, ("phone",)),
        ),
        record=True,
    )
    asked = source(path, table)

    def holders(kind: Kind, value: str, scope: str = "") -> set[str]:
        return {one.locator for one in asked.stating([Identifier(kind, value, Origin.FOUND, scope)])}

    assert holders(Kind.HANDLE, "lena.rad", "instagram") == {"customers[id=1]", "customers[id=2]"}
    assert holders(Kind.ADDRESS, "Lange Straße 1, 18055 Rostock") == {"customers[id=1]", "customers[id=2]"}
    both = [Identifier(Kind.PHONE, "030 23125001"), Identifier(Kind.NAME, "Mallory Voss")]
    assert {one.locator for one in asked.stating(both)} == {"customers[id=1]", "customers[id=2]"}
    assert asked.stating([]) == ()
