import tomllib
from typing import Any

import pytest

from cases.identifiers import Identifier, Kind, Subject
from sources.building import BadOptions, Tools
from sources.sql import build, locate
from sources.sql_propose import propose, render_toml
from tests.conformance.worlds import SCAN, sql_world
from tests.servers.databases import Database
from tests.sources.databases import LENA, Script, findings, strengths
from tests.sources.fakes import PlainText, verified

TOOLS = Tools(PlainText())

PROPOSED = """
create table Kunden(KundenID integer primary key, KundenNr text, Vorname text, Nachname text, EMail text, Telefon text,
    Geburtsdatum text, anschrift_id integer references anschriften(id), betreuer_id integer references mitarbeiter(id));
create table anschriften(id integer primary key, strasse text, hausnummer text, plz text, ort text);
create table mitarbeiter(id integer primary key, name text, email text);
create table bestellungen(id integer primary key, kunden_id integer, bestellt_am text, bemerkung text);
create table positionen(id integer primary key, bestellung_id integer references bestellungen(id));
create table farben(id integer primary key, rgb integer);
insert into anschriften values (1, 'Lange Str.', '5', '10115', 'Berlin');
insert into mitarbeiter values (1, 'Mia Sommer', 'mia@mail.example');
insert into Kunden values (1, 'K-1', 'Lena', 'Krüger', 'lena@mail.example', null, null, 1, 1),
    (2, 'K-2', 'Max', 'Nachbar', 'max@mail.example', null, null, 1, 1);
insert into bestellungen values (5, 1, '', ''), (6, 2, '', 'für Lena Krüger');
insert into positionen values (50, 5), (60, 6);
"""


def test_a_proposal_finds_what_a_person_would_map(script: Script) -> None:
    asked = locate("crm", f"sqlite:///{script(PROPOSED)}", TOOLS)
    assert strengths(asked, LENA) == {
        "Kunden[KundenID=1]": "certain",
        "anschriften[id=1]": "possible",  # the neighbour's record refers to it, too
        "bestellungen[id=5]": "certain",
        "positionen[id=50]": "certain",
        "bestellungen[id=6]": "possible",  # mentioned in it; its positions are the neighbour's
    }


def test_an_employee_does_not_get_the_customers(script: Script) -> None:
    asked = locate("crm", f"sqlite:///{script(PROPOSED)}", TOOLS)
    assert strengths(asked, verified("E", (Kind.EMAIL, "mia@mail.example"))) == {"mitarbeiter[id=1]": "certain"}


def test_a_proposal_can_be_pasted_into_the_settings(script: Script) -> None:
    path = script(PROPOSED)
    tables = propose(f"sqlite:///{path}")
    options: dict[str, Any] = tomllib.loads(render_toml(tables, "crm"))["sources"]["crm"]
    assert options.pop("kind") == "sql"
    built = build("crm", options | {"url": f"sqlite:///{path}"}, str, TOOLS)
    assert built.tables is not None
    assert {item.label: set(item.named_columns) for item in built.tables} == {
        item.label: set(item.named_columns) for item in tables
    }
    assert strengths(built, LENA) == strengths(locate("crm", f"sqlite:///{path}", TOOLS), LENA)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "no url"}, "url is no address"),
        ({"url": "postgresql://u:secret@h/d"}, "url holds a password"),
        ({"tables": []}, "tables"),
        ({"colour": 1}, "colour is no setting of this kind; allowed: url"),
        ({"tables": [{"name": "t", "kind": "k", "identifying": {"a": "mail"}}]}, "tables.0.identifying.a = 'mail'"),
        ({"tables": [{"name": "t", "kind": "k"}]}, "a table needs one of"),
    ],
)
def test_wrong_settings_are_told_by_key_value_and_what_is_allowed(change: dict[str, Any], told: str) -> None:
    options = {"url": "sqlite:///x.db", "tables": [{"name": "t", "kind": "k", "text": ["a"]}]} | change
    with pytest.raises(BadOptions) as raised:
        build("crm", options, str, TOOLS)
    assert told in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("server", ["postgres", "mariadb"])
def test_a_proposal_fits_the_types_of_servers(server: str, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(server)
    world = sql_world(database.url, 0)
    found = findings(locate("crm", database.url, TOOLS), world.lena)
    certain = {place for (_, place), item in found.items() if item.strength.value == "certain"}
    assert {"customers[id=1]", "orders[id=10]", "items[id=100]"} <= certain
    (blob,) = found["A", "orders[id=10]"].blobs
    with blob.open() as stream:
        assert (blob.size, stream.read()) == (len(SCAN), SCAN)
    at = found["A", "orders[id=10]"].at
    assert at is not None
    assert at.isoformat() == "2024-01-02T09:00:00+00:00"


NUMBERED = """
create table users(id integer primary key, login text, email text, last_login text, full_name text);
create table orders(id integer primary key, order_no text, user_id integer references users(id));
create table auftraege(id integer primary key, Bestellnummer text, bemerkung varchar(20));
create table konten(id integer primary key, inhaber_mail text, iban text);
create table beitraege(id integer primary key, username text, ip_address text);
insert into users values (1, 'Lenchen84', 'lena@mail.example', '', 'Lena Krüger'),
    (2, 'max', 'max@mail.example', '', '');
insert into orders values (10, 'B-2026-77', 1), (11, 'B-2026-78', 2);
insert into auftraege values (20, 'B 2026 77', ''), (21, 'B-2026-99', '');
insert into konten values (30, '', 'DE89 3704 0044 0532 0130 00'), (31, '', 'DE02120300000000202051');
insert into beitraege values (40, 'lenchen84', ''), (41, 'Lena Krüger', ''), (42, 'max', '');
"""


def test_a_proposal_knows_order_numbers_log_ins_and_ibans_by_their_names(script: Script) -> None:
    tables = {item.label: item for item in propose(f"sqlite:///{script(NUMBERED)}")}
    found = {(label, one.columns[0]): one.kind for label, item in tables.items() for one in item.identifying}
    assert found["users", "login"] is Kind.USER_NAME
    assert found["orders", "order_no"] is found["auftraege", "Bestellnummer"] is Kind.ORDER_NUMBER
    assert found["konten", "iban"] is Kind.IBAN
    assert ("users", "last_login") not in found


@pytest.mark.parametrize(
    ("kind", "value", "rows"),
    [
        (Kind.ORDER_NUMBER, "b 2026-77", {"orders[id=10]", "auftraege[id=20]"}),
        (Kind.USER_NAME, "lenchen84", {"users[id=1]", "orders[id=10]", "beitraege[id=40]"}),
        (Kind.IBAN, "de89370400440532013000", {"konten[id=30]"}),
        (Kind.NAME, "Lena Krüger", {"users[id=1]", "orders[id=10]", "beitraege[id=41]"}),
    ],
)
def test_what_is_known_of_these_kinds_finds_the_rows(script: Script, kind: Kind, value: str, rows: set[str]) -> None:
    asked = locate("crm", f"sqlite:///{script(NUMBERED)}", TOOLS)
    assert set(strengths(asked, Subject("A", (Identifier(kind, value),)))) == rows


def test_a_column_that_is_two_things_is_both_in_the_settings(script: Script) -> None:
    path = script(NUMBERED)
    options: dict[str, Any] = tomllib.loads(render_toml(propose(f"sqlite:///{path}"), "crm"))["sources"]["crm"]
    del options["kind"]
    built = build("crm", options | {"url": f"sqlite:///{path}"}, str, TOOLS)
    assert set(strengths(built, LENA)) == set(strengths(locate("crm", f"sqlite:///{path}", TOOLS), LENA))
    assert "beitraege[id=41]" in strengths(built, LENA)
