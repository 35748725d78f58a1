"""What a one-time code is, where one is seen, and whose record somebody's claims point to."""

from __future__ import annotations

import random
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.challenge import (
    ALPHABET,
    DIGITS,
    OUR_LINE,
    SENTENCES,
    SIGNS,
    Doubt,
    codes_in,
    new_code,
    next_steps,
    on_file_as_claimed,
    says_not_me,
    shown_address,
)
from cases.identifiers import Identifier, Kind
from cases.message import Message
from cases.source import Contact
from tests.flows.house import NOON

CODE = "K7M-4XP-9RA"
PLAIN = "K7M4XP9RA"


def test_a_code_has_at_least_forty_bits_and_no_sign_that_looks_like_another() -> None:
    letters, digits = len(ALPHABET) - len(DIGITS), len(DIGITS)
    codes = (letters + digits) ** SIGNS - letters**SIGNS - digits**SIGNS
    assert log2(codes) >= 40
    for alike in ("0OQD", "1IL", "2Z", "5S", "6G", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= (2 if alike == "0OQD" else 1)


@given(st.integers())
def test_every_code_is_found_again_however_it_is_written(seed: int) -> None:
    code = new_code(random.Random(seed).choice)
    plain = code.replace("-", "")
    for written in (code, plain, code.replace("-", " "), code.lower(), plain.lower(), code.replace("-", "–")):
        assert codes_in(f"Guten Tag,\nder Code ist {written}.\nLena") == (plain,)
    assert codes_in(f"x{code}") == ()
    assert codes_in(f"{code}4") == ()


@pytest.mark.parametrize(
    "text",
    [
        "Bestellung 347-369-479 vom 3.4.2026",
        "den 347 day",
        "AT-2026-11-22",
        "Kundennummer K-4711",
        "HAM-ACT-PET",
        "IBAN DE12 3456 7890",
        "030 23125 011",
        f"> {CODE[:5]}",
        f"Einmalcode zum Vorgang DSAR-2026-0001:\n\n    {CODE}\n",
        f"One-time code for case DSAR-2026-0001: {CODE}",
    ],
)
def test_what_is_no_code_of_a_human_is_no_try(text: str) -> None:
    assert codes_in(text) == ()


@pytest.mark.parametrize(
    "written",
    [
        *("k7m 4xp 9ra", "K7m 4xp 9ra", "K7M.4XP.9RA", "K7M-4XP-\n9RA", "K7M / 4XP / 9RA", "den k7m 4xp 9ra"),
        *("K7M\u00ad4XP\u00ad9RA", "K7\u200bM-4XP-9RA", "K7M\u00a04XP\u00a09RA"),
    ],
)
def test_what_people_type_who_may_send_one_is_read_as_they_type_it(written: str) -> None:
    assert PLAIN in codes_in(f"Der Code ist: {written}.\nLena", typed=True)


def test_what_stands_above_our_own_words_counts() -> None:
    text = f"{CODE}\n\nEinmalcode zum Vorgang DSAR-2026-0001:\n\n    H4C-9KT-3MA\n"
    assert codes_in(text) == (PLAIN,)


def test_a_long_text_is_read_in_no_time() -> None:
    assert codes_in("K7M-4XP-9R" * 100_000) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Nicht ich",
        "NICHT ICH!",
        "Das war ich nicht.",
        "Das bin ich nicht gewesen, ich habe keine Auskunft verlangt",
        "Ich habe keine Anfrage gestellt.",
        "not me",
        "That wasn't me.",
        "I did not ask for anything",
        "This is not from me",
    ],
)
def test_a_denial_is_understood(text: str) -> None:
    assert says_not_me(Message(b"", NOON, text=text))


@pytest.mark.parametrize(
    "text",
    [
        f"Ja, das war ich: {CODE}",
        "Ich habe den Code nicht bekommen.",
        "Yes, it was me",
        "Einmalcode zum Vorgang DSAR-2026-0001:\n\nWaren Sie das nicht? Dann antworten Sie mit „Nicht ich“",
    ],
)
def test_what_denies_nothing_is_no_denial(text: str) -> None:
    assert not says_not_me(Message(b"", NOON, text=text))


def contact(**values: str) -> Contact:
    return Contact("c/1", tuple(Identifier(Kind(kind), value) for kind, value in values.items()))


LENA = contact(name="Lena Krüger", customer_number="K-177", birth_date="1984-05-17", address="Lange Straße 5, Schwerin")


@pytest.mark.parametrize(
    ("claims", "fits"),
    [
        ({"name": "Lena Krüger", "customer_number": "k177"}, True),
        ({"name": "L. Krüger", "birth_date": "17.05.1984"}, True),
        ({"name": "Lena Krüger", "address": "Lange Str. 5, Schwerin"}, True),
        ({"name": "Lena Krüger", "customer_number": "K-177", "birth_date": "1990-01-01"}, False),
        ({"name": "Jonas Maier", "customer_number": "K-177"}, False),
        ({"name": "Lena Krüger"}, False),
        ({"customer_number": "K-177"}, False),
        ({"name": "Lena Krüger", "phone": "030 23125 011"}, False),
    ],
)
def test_a_name_and_a_second_thing_on_file_point_to_a_record(claims: dict[str, str], fits: bool) -> None:
    stated = [Identifier(Kind(kind), value) for kind, value in claims.items()]
    assert (on_file_as_claimed(stated, [LENA]) is LENA) is fits


def test_where_two_records_fit_none_does() -> None:
    stated = [Identifier(Kind.NAME, "Lena Krüger"), Identifier(Kind.BIRTH_DATE, "1984-05-17")]
    assert on_file_as_claimed(stated, [LENA, LENA]) is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("Lena.Krueger@Mail.Example", "lena.krueger@mail.example"),
        ("lena@mаil.example", "lena@xn--mil-6cd.example"),
        ('"<b>a@b</b>"@mail.example', ""),
        ("no address", ""),
    ],
)
def test_an_address_is_shown_in_a_form_in_which_nothing_else_can_stand(address: str, shown: str) -> None:
    assert shown_address(address) == shown


@given(st.text(max_size=400))
def test_no_address_breaks_out_of_its_field(local: str) -> None:
    found = shown_address(f"{local}@mail.example")
    assert len(found) <= 254
    assert all(sign.isascii() and (sign.isalnum() or sign in "._+-@?") for sign in found)
    assert found.count("@") in (0, 1)


def test_ways_are_those_that_are_on_file() -> None:
    assert next_steps(LENA) == ("post", "customer_number", "birth_date")
    assert next_steps(contact(email="lena@mail.example", phone="030 23125 011")) == ("mail", "phone")


def test_every_doubt_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Doubt)
    assert OUR_LINE.search("Einmalcode zum Vorgang DSAR")
