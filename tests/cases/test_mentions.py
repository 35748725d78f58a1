"""What a text is found by beside whole addresses, numbers and names."""

from __future__ import annotations

import base64
import hashlib

import pytest

from cases.finding import Reason
from cases.identifiers import Kind
from cases.subjects import Clue, SubjectIndex
from tests.sources.fakes import verified

LENA = verified(
    "A",
    (Kind.EMAIL, "lk.sonne@gmail.com"),
    (Kind.NAME, "Lena Krüger"),
    (Kind.PHONE, "030 23125099"),
    (Kind.BIRTH_DATE, "1984-03-02"),
    (Kind.USER_NAME, "jmueller84"),
    (Kind.HANDLE, "sonnenlena", ""),
)
RAW = hashlib.sha256(b"lk.sonne@gmail.com").digest()


def told(text: str) -> list[tuple[str, str, Reason]]:
    found = SubjectIndex([LENA]).match_text(text)
    return [(hit.strength.value, one.identifier.kind.value, one.reason) for hit in found for one in hit.matched]


@pytest.mark.parametrize(
    "written",
    [
        RAW.hex(),
        RAW.hex().upper(),
        base64.b64encode(RAW).decode(),
        base64.urlsafe_b64encode(RAW).decode().rstrip("="),
        hashlib.md5(b"lk.sonne@gmail.com", usedforsecurity=False).hexdigest(),
    ],
)
def test_a_digest_of_an_address_is_the_address(written: str) -> None:
    assert told(f"em={written};x") == [("certain", "email", Reason.HASHED)]
    assert told(f"x{written}") == told(f"{written.rstrip('=')}0") == []


def test_a_digest_proves_what_its_value_proves() -> None:
    phone = hashlib.sha256(b"493023125099").hexdigest()
    assert told(f"ph\n{phone}") == [("possible", "phone", Reason.HASHED)]
    desk = SubjectIndex([verified("A", (Kind.EMAIL, "info@mail.example"))])
    (hit,) = desk.match_text(hashlib.sha256(b"info@mail.example").hexdigest())
    assert hit.strength.value == "possible"


@pytest.mark.parametrize("written", ["lksonne@gmail.com", "LK.Sonne+shop@googlemail.com"])
def test_another_address_of_the_mailbox_is_found(written: str) -> None:
    assert told(f"an {written} bitte") == [("certain", "email", Reason.ALIAS)]
    (hit,) = SubjectIndex([LENA]).match([Clue(Kind.EMAIL, written)])
    assert (hit.strength.value, hit.matched[0].reason) == ("certain", Reason.ALIAS)
    assert not SubjectIndex([verified("A", (Kind.EMAIL, "l.k@mail.example"))]).match_text("lk@mail.example")


@pytest.mark.parametrize(
    "written",
    [
        *("Name: Krüger\nVorname: Lena", "Vorname: Lena\nNachname: Krüger", "4711;Krüger;Frau;Lena;Berlin"),
        *("Lena M. Krüger", "Krüger, Frau Lena", "Krueger, Dr. Lena", "<td>Lena</td><td>Krüger</td>"),
    ],
)
def test_the_words_of_a_name_near_each_other_are_possible(written: str) -> None:
    assert told(written) == [("possible", "name", Reason.PARTIAL)]
    beside = told(f"{written} 02.03.1984 030 23125099")
    assert {strength for strength, *_ in beside} == {"possible"}


@pytest.mark.parametrize(
    "written", ["Krüger " + "x " * 7 + "Lena", "Krüger" + " " * 81 + "Lena", "Krüger, Helena", "Lenakrüger Lena"]
)
def test_words_far_apart_are_no_name(written: str) -> None:
    assert told(written) == []


@pytest.mark.parametrize("written", ["jmueller84", "user=jmueller84 ok", "login\njmueller84", "instagram: sonnenlena"])
def test_a_login_is_found_as_it_is(written: str) -> None:
    assert [strength for strength, *_ in told(written)] == ["possible"]


@pytest.mark.parametrize("written", ["sonnenlena", "xjmueller84", "jmueller84@mail.example", "jmueller845"])
def test_a_word_or_a_part_is_no_login(written: str) -> None:
    assert told(written) == []
