import sqlite3

import pytest
from sqlalchemy import create_engine, text

from cases.finding import Finding, Gap, GapReason
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.source import SourceUnavailable
from cases.subjects import SubjectIndex
from sources.building import Tools
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine, reading
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from tests.servers.databases import Database
from tests.sources.databases import LENA, Script, findings, source, strengths
from tests.sources.fakes import PlainText, verified

TOOLS = Tools(PlainText())


PEOPLE = SqlTable("people", "person", identifying=(Identifying(Kind.NAME, ("name",)),))
MAILS = SqlTable("people", "person", identifying=(Identifying(Kind.EMAIL, ("mail",)),))


@pytest.mark.parametrize(
    "stored", ["Müller, Jörg", "JÖRG MÜLLER", "Joerg Mueller", "Dr. Jörg Müller", "Jörg  Mu\u0308ller", "mueller jörg"]
)
def test_every_spelling_of_a_name_is_found(script: Script, stored: str) -> None:
    path = script(f"create table people(id integer primary key, name text); insert into people values(1, '{stored}')")
    assert strengths(source(path, PEOPLE), verified("A", (Kind.NAME, "Jörg Müller"))) == {"people[id=1]": "possible"}


@pytest.mark.parametrize(
    "stored",
    ["jörg@mail.example", "JÖRG@MAIL.EXAMPLE", "x@mail.example; Jörg@mail.example", "Jörg M <jörg@mail.example>"],
)
def test_every_spelling_of_an_address_is_found_without_reading_the_table(script: Script, stored: str) -> None:
    path = script(f"create table people(id integer primary key, mail text); insert into people values(1, '{stored}')")
    assert strengths(source(path, MAILS), verified("A", (Kind.EMAIL, "jörg@mail.example"))) == {
        "people[id=1]": "certain"
    }


@pytest.mark.parametrize(
    "stored", ["j_rg@mail.example", "joerg@mail.example", "a.jörg@mail.example", "jörg@mail.example.org"]
)
def test_other_addresses_are_not(script: Script, stored: str) -> None:
    path = script(f"create table people(id integer primary key, mail text); insert into people values(1, '{stored}')")
    assert strengths(source(path, MAILS), verified("A", (Kind.EMAIL, "jörg@mail.example"))) == {}


@pytest.mark.parametrize(
    "stored", ["+49 30 23125001", "030/231 25-001", "(030) 23125–001", "030.23125.001 / 0171 3920001"]
)
def test_phones_are_found_however_they_are_written(script: Script, stored: str) -> None:
    path = script(f"create table people(id integer primary key, tel text); insert into people values(1, '{stored}')")
    table = SqlTable("people", "person", identifying=(Identifying(Kind.PHONE, ("tel",)),))
    assert strengths(source(path, table), verified("A", (Kind.PHONE, "030 23125001"))) == {"people[id=1]": "possible"}


def test_wildcards_in_identifiers_are_letters(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, mail text); insert into people values(1, 'axb@mail.example')"
    )
    assert strengths(source(path, MAILS), verified("A", (Kind.EMAIL, "a_b@mail.example"))) == {}
    assert strengths(source(path, MAILS), verified("A", (Kind.EMAIL, "a%b@mail.example"))) == {}


SHOP = """
create table customers(id integer primary key, number text, name text, mail text);
create table orders(id integer primary key, customer integer);
create table items(id integer primary key, order_id text);
create table cards(number text primary key, mail text, name text, customer_no text);
create table uses(id integer primary key, card text);
insert into customers values (1, 'K-1', 'Lena Krüger', 'lena@mail.example'),
    (2, 'K-2', 'Peter Krüger', 'lena@mail.example'),
    (3, 'K-3', 'Ben Okafor', 'ben@mail.example');
insert into orders values (10, 1), (11, 2), (12, 3);
insert into items values (100, '10'), (101, '11'), (102, '12');
insert into cards values ('C-9', 'other@mail.example', 'Krüger, Lena', 'k1'),
    ('C-8', 'ben@mail.example', null, null);
insert into uses values (7, 'C-9'), (8, 'C-8');
"""
SHOP_TABLES = (
    SqlTable("items", "item", belongs_to=(BelongsTo("order_id", "orders", "id"),)),
    SqlTable("orders", "order", belongs_to=(BelongsTo("customer", "customers", "id"),)),
    SqlTable(
        "customers",
        "customer",
        identifying=(Identifying(Kind.EMAIL, ("mail",)), Identifying(Kind.NAME, ("name",))),
        system_keys=("number",),
        record=True,
    ),
    SqlTable("uses", "use", belongs_to=(BelongsTo("card", "cards", "number"),)),
    SqlTable(
        "cards",
        "card",
        identifying=(
            Identifying(Kind.EMAIL, ("mail",)),
            Identifying(Kind.NAME, ("name",)),
            Identifying(Kind.CUSTOMER_NUMBER, ("customer_no",)),
        ),
    ),
)
BEN = verified("B", (Kind.EMAIL, "ben@mail.example"))


def test_what_belongs_to_a_row_is_found_through_all_tables_and_learned_keys(script: Script) -> None:
    asked = source(script(SHOP), *SHOP_TABLES)
    assert strengths(asked, LENA) == {
        "customers[id=1]": "certain",
        "orders[id=10]": "certain",
        "items[id=100]": "certain",
        "cards[number=C-9]": "certain",
        "uses[id=7]": "certain",
        # the shared mailbox: somebody else by name, so a person decides
        "customers[id=2]": "probable",
        "orders[id=11]": "probable",
        "items[id=101]": "probable",
    }


def test_learned_keys_widen_here_and_everything_else_is_a_proposal(script: Script) -> None:
    found = findings(source(script(SHOP), *SHOP_TABLES), LENA)
    customer = found["A", "customers[id=1]"]
    assert [(item.kind, item.value, item.origin, item.scope) for item in customer.learned] == [
        (Kind.CUSTOMER_NUMBER, "K-1", Origin.FOUND, "crm")
    ]
    assert ("email", "other@mail.example") in {(i.kind.value, i.value) for i in found["A", "cards[number=C-9]"].learned}
    assert found["A", "customers[id=2]"].learned == ()
    assert found["A", "customers[id=2]"].others == ("Peter Krüger",)


def test_no_identifier_that_somebody_typed_widens(script: Script) -> None:
    path = script(
        SHOP
        + "create table forms(id integer primary key, mail text); insert into forms values (1, 'other@mail.example')"
    )
    forms = SqlTable("forms", "form", identifying=(Identifying(Kind.EMAIL, ("mail",)),))
    assert "forms[id=1]" not in strengths(source(path, *SHOP_TABLES, forms), LENA)


def test_rows_that_refer_to_each_other_do_not_keep_us(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, name text, parent integer);"
        "insert into people values (1, 'Lena Krüger', 2), (2, 'X', 3), (3, 'Y', 1), (4, 'Z', 9)"
    )
    table = SqlTable(
        "people",
        "p",
        identifying=(Identifying(Kind.NAME, ("name",)),),
        belongs_to=(BelongsTo("parent", "people", "id"),),
    )
    assert set(strengths(source(path, table), LENA)) == {"people[id=1]", "people[id=3]", "people[id=2]"}


def test_fields_tell_null_from_empty_and_give_values_as_they_are(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, mail text, a text, b text, c real, d date, raw blob, odd text);"
        "insert into people values (1, 'lena@mail.example', '', null, 1.5, 'no date', x'0001ff', "
        "cast(x'4dfc6c' as text))"
    )
    (found,) = findings(source(path, MAILS), LENA).values()
    assert {field.name: field.value for field in found.fields} == {
        "id": "1", "mail": "lena@mail.example", "a": "", "c": "1.5", "d": "no date", "odd": "Mül",
    }  # fmt: skip
    (blob,) = found.blobs
    with blob.open() as stream:
        assert (blob.name, blob.size, stream.read()) == ("people-1-raw", 3, b"\x00\x01\xff")


def test_files_are_streamed_in_pieces(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, mail text, scan blob);"
        "insert into people values (1, 'lena@mail.example', randomblob(3000000))"
    )
    (found,) = findings(source(path, MAILS), LENA).values()
    with sqlite3.connect(path) as connection:
        expected = connection.execute("select scan from people").fetchone()[0]
    connection.close()
    with found.blobs[0].open() as stream:
        assert stream.read(10) + stream.read() == expected


def test_a_table_without_a_key_has_stable_locators(script: Script) -> None:
    path = script("create table people(mail text, raw blob); insert into people values ('lena@mail.example', x'01')")
    items = list(source(path, MAILS).search(SubjectIndex([LENA])))
    (found,) = [item for item in items if isinstance(item, Finding)]
    assert found.locator.startswith("people[sha256:")
    assert [item.code for item in items if isinstance(item, Gap)] == ["file_without_key"]


def test_times_without_a_zone_are_local(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, mail text, t text);"
        "insert into people values (1, 'lena@mail.example', '2024-07-01 12:00')"
    )
    table = SqlTable("people", "p", identifying=MAILS.identifying, time="t")
    (found,) = findings(source(path, table), LENA).values()
    assert found.at is not None
    assert found.at.isoformat() == "2024-07-01T10:00:00+00:00"


def test_what_is_named_in_the_settings_must_be_there(script: Script) -> None:
    path = script("create table people(id integer primary key, mail text)")
    for table, code in (
        (SqlTable("nobody", "x", text=("a",)), "no_such_table"),
        (SqlTable("people", "x", text=("b",)), "no_such_column"),
    ):
        with pytest.raises(SourceUnavailable) as raised:
            list(source(path, table).search(SubjectIndex([LENA])))
        assert raised.value.code == code
        assert "nobody" in raised.value.advice or "column b" in raised.value.advice


def test_personal_tables_that_nobody_mapped_are_gaps_unless_ignored(script: Script) -> None:
    path = script(
        "create table people(id integer primary key, mail text);"
        "create table log(id integer, people_id integer references people(id));"
        "create table newsletter(id integer, EMail text); create table colours(id integer, rgb text);"
    )

    def gaps(asked: SqlSource) -> list[str]:
        return [
            item.locator
            for item in asked.search(SubjectIndex([LENA]))
            if isinstance(item, Gap) and item.reason is GapReason.UNMAPPED
        ]

    assert gaps(source(path, MAILS)) == ["log", "newsletter"]
    assert gaps(source(path, MAILS, ignore=frozenset(["log"]))) == ["newsletter"]
    assert not source(path, MAILS).check().ok


def test_lookup_gives_the_contact_data_on_file(script: Script) -> None:
    asked = source(script(SHOP), *SHOP_TABLES)
    contacts = asked.lookup(
        Subject("c", (Identifier(Kind.EMAIL, "LENA@mail.example"), Identifier(Kind.BIRTH_DATE, "1984-03-02")))
    )
    assert [contact.locator for contact in contacts] == ["customers[id=1]", "customers[id=2]"]
    assert {(i.kind.value, i.value, i.origin.value, i.scope) for i in contacts[0].identifiers} == {
        ("email", "lena@mail.example", "found", ""),
        ("name", "Lena Krüger", "found", ""),
        ("customer_number", "K-1", "found", "crm"),
    }
    assert asked.lookup(Subject("c", (Identifier(Kind.NAME, "Mia Sommer"),))) == ()


def refuses_to_write(url: str) -> None:
    engine = read_only_engine("crm", parsed("crm", url))
    for statement in ("create table made(id integer)", "delete from people", "update people set id = 2"):
        with pytest.raises(SourceUnavailable), reading("crm", engine) as connection:
            connection.execute(text(statement))
            connection.commit()
    writer = create_engine(url)
    with writer.connect() as connection:
        assert connection.execute(text("select id from people")).all() == [(1,)]
    writer.dispose()


def test_sqlite_refuses_to_write(script: Script) -> None:
    refuses_to_write(f"sqlite:///{script('create table people(id integer); insert into people values (1)')}")


@pytest.mark.parametrize("server", ["postgres", "mariadb"])
def test_servers_refuse_to_write(server: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(server)
    writer = create_engine(database.url)
    with writer.begin() as connection:
        connection.execute(text("drop table if exists people"))
        connection.execute(text("create table people(id integer primary key)"))
        connection.execute(text("insert into people values (1)"))
    writer.dispose()
    refuses_to_write(database.url)


def test_a_wrong_password_is_told_apart(mariadb: Database) -> None:
    url = parsed("crm", mariadb.url.replace("crm:crm@", "crm:wrong@"))
    asked = SqlSource("crm", lambda: read_only_engine("crm", url), (MAILS,))
    with pytest.raises(SourceUnavailable) as raised:
        list(asked.search(SubjectIndex([LENA])))
    assert raised.value.code == "credentials"
    assert "wrong" not in str(raised.value)


def test_tables_of_every_schema_are_seen(postgres: Database) -> None:
    writer = create_engine(postgres.url)
    with writer.begin() as connection:
        connection.execute(text("create schema if not exists hr"))
        connection.execute(text("create table if not exists hr.applicants(id integer primary key, email text)"))
        connection.execute(text("delete from hr.applicants"))
        connection.execute(text("insert into hr.applicants values (1, 'Lena@mail.example')"))
    writer.dispose()
    table = SqlTable("applicants", "applicant", schema="hr", identifying=(Identifying(Kind.EMAIL, ("email",)),))
    asked = SqlSource("crm", lambda: read_only_engine("crm", parsed("crm", postgres.url)), (table,))
    assert strengths(asked, LENA) == {"hr.applicants[id=1]": "certain"}
    nothing_mapped = SqlSource("crm", asked.engine, ())
    gaps = [item.locator for item in nothing_mapped.search(SubjectIndex([LENA])) if isinstance(item, Gap)]
    assert "hr.applicants" in gaps
