"""A column that is meant for one value and holds several, or one with something around it."""

from __future__ import annotations

import pytest

from cases.identifiers import Identifier, Kind
from sources.sql_tables import Identifying, SqlTable
from tests.sources.databases import Script, source, strengths
from tests.sources.fakes import verified

LENA, PHONE = "lena@mail.example", "030 23125002"


@pytest.mark.parametrize(
    "written",
    [
        *(f"ben@mail.example{sign}{LENA}" for sign in (";", ",", "|", "/", "; ", " / ", "\n", "<br>")),
        *(f"{LENA}{sign}ben@mail.example" for sign in (";", ",", "|", "/")),
        *(
            f"E-Mail:{LENA}",
            f"'{LENA}'",
            f'"{LENA}"',
            f"\ufeff{LENA}",
            f"Lena Krüger <{LENA}>",
            f"<{LENA}>, <b@c.example>",
        ),
    ],
)
def test_an_address_is_found_whatever_stands_around_it(script: Script, written: str) -> None:
    assert _met(script, Kind.EMAIL, written, LENA)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("sign", [";", ",", " / ", "/", "|", " oder ", " und ", " (mobil), Büro "])
def test_each_phone_of_a_column_is_found(script: Script, sign: str, first: bool) -> None:
    numbers = (PHONE, "0171 3920001") if first else ("0171 3920001", PHONE)
    assert _met(script, Kind.PHONE, sign.join(numbers), PHONE)


@pytest.mark.parametrize("other", ["m.lena@mail.example", "lena@mail.example.org", "lena@mail.example-shop.example"])
def test_a_longer_address_is_another(script: Script, other: str) -> None:
    assert not _met(script, Kind.EMAIL, f"{other};ben@mail.example", LENA)


@pytest.mark.parametrize(
    "note",
    [
        "Frau Lena Kr&uuml;ger rief an",
        "Frau Lena KrÃ¼ger rief an",
        "Frau Lena Kr=C3=BCger rief an",
        "mail an lena&#64;mail.example",
    ],
)
def test_encoded_parts_of_a_text_are_read(script: Script, note: str) -> None:
    path = script(f"create table notes(id integer primary key, note text); insert into notes values (1, '{note}')")
    asked = source(path, SqlTable("notes", "note", text=("note",)))
    assert strengths(asked, verified("A", (Kind.EMAIL, LENA), (Kind.NAME, "Lena Krüger")))


def test_a_text_that_is_kept_as_bytes_is_a_text(script: Script) -> None:
    path = script(
        f"create table people(id integer primary key, mail text);insert into people values (1, cast('{LENA}' as blob))"
    )
    table = SqlTable(
        "people", "person", identifying=(Identifying(Kind.EMAIL, ("mail",)), Identifying(Kind.NAME, ("mail",)))
    )
    assert strengths(source(path, table), verified("A", (Kind.EMAIL, LENA))) == {"people[id=1]": "certain"}


def _met(script: Script, kind: Kind, written: str, value: str) -> bool:
    """In a search as by `stating`, which tells whether somebody else has something."""
    literal = written.replace("'", "''")
    path = script(f"create table people(id integer primary key, what text); insert into people values (1, '{literal}')")
    asked = source(path, SqlTable("people", "person", identifying=(Identifying(kind, ("what",)),), record=True))
    met = bool(strengths(asked, verified("A", (kind, value))))
    assert met == bool(asked.stating([Identifier(kind, value)]))
    return met
