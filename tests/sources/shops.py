"""Shops from a seed, in which the same few people are written in many ways; and the plain search that fast ones are
compared with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from cases.finding import Finding
from cases.identifiers import Kind, Subject
from cases.subjects import SubjectIndex
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine, reading
from sources.sql_layout import layouts
from sources.sql_rows import Reader, Row
from sources.sql_search import DatabasePass
from sources.sql_tables import BelongsTo, Identifying, SqlTable
from tests.sources.fakes import verified

_SCHEMA = {
    "customers": "id integer primary key, number varchar(20), first varchar(60), last varchar(60), mail varchar(90), "
    "tel varchar(60), born varchar(20), street varchar(60), town varchar(60)",
    "orders": "id integer primary key, customer integer, note varchar(200)",
    "contacts": "name varchar(90), mail varchar(90), tel varchar(60)",
    "readers": "mail varchar(90), list varchar(10), primary key (mail, list)",
    "cards": "card varchar(20) primary key, holder varchar(20), tel varchar(60)",
    "homes": "id integer primary key, street varchar(60), town varchar(60), born varchar(20)",
}
TABLES = (
    SqlTable(
        "customers",
        "customer",
        identifying=(
            Identifying(Kind.EMAIL, ("mail",)),
            Identifying(Kind.PHONE, ("tel",)),
            Identifying(Kind.BIRTH_DATE, ("born",)),
            Identifying(Kind.NAME, ("first", "last")),
            Identifying(Kind.ADDRESS, ("street", "town")),
        ),
        system_keys=("number",),
        record=True,
    ),
    SqlTable("orders", "order", belongs_to=(BelongsTo("customer", "customers", "id"),), text=("note",)),
    SqlTable(
        "contacts",
        "contact",
        identifying=(
            Identifying(Kind.NAME, ("name",)),
            Identifying(Kind.EMAIL, ("mail",)),
            Identifying(Kind.PHONE, ("tel",)),
        ),
    ),
    SqlTable("readers", "reader", identifying=(Identifying(Kind.EMAIL, ("mail",)),)),
    SqlTable(
        "cards",
        "card",
        identifying=(Identifying(Kind.CUSTOMER_NUMBER, ("holder",)), Identifying(Kind.PHONE, ("tel",))),
    ),
    SqlTable(
        "homes",
        "home",
        identifying=(Identifying(Kind.ADDRESS, ("street", "town")), Identifying(Kind.BIRTH_DATE, ("born",))),
    ),
)

_FIRST = ("Lena", "Jörg", "Hans-Peter", "Zoë", "Johannes", "Anna Maria", "Björn", "Ida")
_LAST = ("Müller", "Krüger", "Meyer", "von der Heide", "O'Neil", "Groß", "Yılmaz", "Meier-Lüders")
_STREETS = ("Lange Straße 5 a", "Berliner Str. 12", "Am Hafen 3")
_TOWNS = ("18055 Rostock", "80331 München")


@dataclass(frozen=True)
class Somebody:
    """A person of such a shop; the same number is the same person in every shop."""

    number: int

    def stated(self) -> dict[str, str]:
        rng = random.Random(self.number)
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        local = rng.choice((f"{first}.{last}", f"{first[0]}{last}{self.number}", f"kontakt{self.number % 4}"))
        domain = rng.choice(("gmail.com", "mail.example", "müll.example"))
        return {
            "first": first,
            "last": last,
            "mail": f"{''.join(local.lower().split())}@{domain}",
            "tel": f"030 23125{self.number:03}",
            "born": f"19{50 + self.number % 40}-0{1 + self.number % 9}-1{self.number % 9}",
            "street": rng.choice(_STREETS),
            "town": rng.choice(_TOWNS),
            "number": f"K-{1000 + self.number}",
        }

    @property
    def subject(self) -> Subject:
        """With as much as is known of some people and not of others."""
        own = self.stated()
        known = [
            (Kind.EMAIL, own["mail"]),
            (Kind.NAME, f"{own['first']} {own['last']}"),
            (Kind.PHONE, own["tel"]),
            (Kind.BIRTH_DATE, own["born"]),
            (Kind.ADDRESS, f"{own['street']}, {own['town']}"),
        ]
        some = random.Random(-self.number)
        kept = [item for item in known if some.random() < 0.7] or known
        number = [(Kind.CUSTOMER_NUMBER, own["number"], "crm")] if some.random() < 0.5 else []
        return verified(f"C{self.number}", *kept, *number)


def subjects(rng: random.Random, count: int) -> tuple[Subject, ...]:
    return tuple(Somebody(number).subject for number in rng.sample(range(60), count))


def fill(url: str, rng: random.Random, rows: int) -> None:
    """Builds every table anew."""
    engine = create_engine(url)
    letters = "" if engine.dialect.name in ("sqlite", "postgresql") else " character set utf8mb4"
    with engine.begin() as connection:
        for name, columns in _SCHEMA.items():
            connection.execute(text(f"drop table if exists {name}"))
            connection.execute(text(f"create table {name}({columns}){letters}"))
        _fill(connection, rng, rows)
    engine.dispose()


def _fill(connection: Connection, rng: random.Random, rows: int) -> None:
    people = [_written(rng, Somebody(rng.randrange(60)).stated()) for _ in range(rows)]
    made: dict[str, list[dict[str, object]]] = {
        "customers": [{"id": place, **one} for place, one in enumerate(people)],
        "orders": [{"id": n, "customer": rng.randrange(rows), "note": _note(rng, people)} for n in range(rows)],
        "contacts": [
            {"name": f"{one['last']}, {one['first']}", "mail": one["mail"], "tel": one["tel"]} for one in people[::2]
        ],
        "readers": [{"mail": one["mail"], "list": str(place)} for place, one in enumerate(people) if one["mail"]],
        "cards": [{"card": str(n), "holder": one["number"], "tel": one["tel"]} for n, one in enumerate(people)],
        "homes": [
            {"id": n, "street": one["street"], "town": one["town"], "born": one["born"]} for n, one in enumerate(people)
        ],
    }
    for name, values in made.items():
        connection.execute(insert(sql_table(name, *(sql_column(key) for key in values[0]))), values)


def _written(rng: random.Random, own: dict[str, str]) -> dict[str, str | None]:
    """Every value in one of the ways in which people write it, now and then mistyped or missing."""
    found: dict[str, str | None] = {name: rng.choice(_WAYS.get(name, _PLAIN))(value) for name, value in own.items()}
    slipped = rng.choice(("first", "last", "mail", "street"))
    if rng.random() < 0.3 and (value := found[slipped]):
        at = rng.randrange(len(value))
        found[slipped] = value[:at] + rng.choice(("", value[at] * 2, "e")) + value[at + 1 :]
    missing = rng.choice(("tel", "born", "first", "mail", "number", "town"))
    return {**found, missing: rng.choice((None, ""))} if rng.random() < 0.3 else found


def _note(rng: random.Random, people: list[dict[str, str | None]]) -> str | None:
    one = rng.choice(people)
    said = (f"Frau {one['last']}, {one['first']} rief an", f"an {one['mail']} geschickt", f"Nr. {one['number']}", None)
    return rng.choice((*said, "nichts"))


def _plainly(value: str) -> str:
    return value


_PLAIN = (_plainly, str.upper, str.lower)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ë": "e"})
_WAYS = {
    "first": (*_PLAIN, lambda value: value.translate(_UMLAUTS), lambda value: f"Dr. {value}", lambda value: value[:1]),
    "last": (*_PLAIN, lambda value: value.translate(_UMLAUTS), lambda value: value.replace("ü", "u\u0308")),
    "mail": (
        *_PLAIN,
        lambda value: value.replace("@", "+shop@"),
        lambda value: value.replace(".", "", value.partition("@")[0].count(".")),
        lambda value: f"<{value}>",
        lambda value: f"x@mail.example; {value}",
        lambda value: f"mailto:{value}",
    ),
    "tel": (
        _plainly,
        lambda value: value.replace("030 ", "+49 (0)30/"),
        lambda value: f"{value[:6]}/{value[6:]}-0",
        lambda value: f"0049{value[1:]}",
        lambda value: f"0171 3920001 / {value}",
        lambda value: f"privat {value}",
        lambda value: f"{value} Durchwahl 7",
    ),
    "born": (_plainly, lambda value: ".".join(reversed(value.split("-")))),
    "number": (*_PLAIN, lambda value: value.replace("-", ""), lambda value: value.replace("-", " ")),
    "street": (*_PLAIN, lambda value: value.replace("Straße", "Str."), lambda value: value.replace("Str.", "straße")),
}


class Plainly(DatabasePass):
    """The same search over every row of every table: slow, and nothing can be lost on the way."""

    def rows(self, reader: Reader, texts: bool = False) -> Iterator[Row]:
        with self.connection.execute(reader.statement()) as result:
            for found in result.mappings().all():
                yield reader.row(dict(found))


def shop(url: str) -> SqlSource:
    return SqlSource("crm", lambda: read_only_engine("crm", parsed("crm", url)), TABLES)


def found_plainly(asked: SqlSource, *searched: Subject) -> dict[tuple[str, str], Finding]:
    engine = asked.engine()
    with reading("crm", engine) as connection:
        held = layouts(connection)
        readers = {item.label: Reader("crm", item, held[item.label], engine, asked.zone) for item in TABLES}
        plainly = Plainly("crm", connection, readers, SubjectIndex(searched))
        plainly.learn()
        return {(item.subject, item.locator): item for item in plainly.findings() if isinstance(item, Finding)}
