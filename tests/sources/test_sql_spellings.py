"""A database is asked for every spelling that would match: a condition that is too narrow loses rows."""

from __future__ import annotations

import base64
import hashlib

import pytest

from cases.identifiers import Identifier, Kind, Origin, Subject
from sources.sql_tables import Identifying, SqlTable
from tests.sources.databases import Script, source, strengths

UUID = "550e8400-e29b-41d4-a716-446655440000"
HASHED = base64.b64encode(hashlib.sha256(b"+493023125001").digest()).decode()


@pytest.mark.parametrize(
    ("kind", "known", "stored"),
    [
        (Kind.HANDLE, "lena@social.example", "https://social.example/@Lena"),
        (Kind.HANDLE, "lena.k", "https://www.instagram.com/Lena.K/?hl=de"),
        (Kind.HANDLE, "https://wa.me/493023125001", "wa.me/493023125001"),
        (Kind.COOKIE_ID, UUID, UUID.replace("-", "").upper()),
        (Kind.COOKIE_ID, "1234567890.1699999999", "GA1.2.1234567890.1699999999"),
        (Kind.IBAN, "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        (Kind.ORDER_NUMBER, "B-2024-1", "b 2024/1"),
        (Kind.USER_NAME, "Lena84", "lena84"),
        (Kind.PHONE_HASH, "", HASHED),
    ],
)
def test_every_spelling_is_found_without_reading_the_table(script: Script, kind: Kind, known: str, stored: str) -> None:
    path = script(f"create table people(id integer primary key, said text); insert into people values(1, '{stored}')")
    table = SqlTable("people", "person", identifying=(Identifying(kind, ("said",)),))
    item = (
        Identifier(kind, known, Origin.VERIFIED) if known else Identifier(Kind.PHONE, "030 23125001", Origin.VERIFIED)
    )
    assert set(strengths(source(path, table), Subject("A", (item,)))) == {"people[id=1]"}
