"""A glance must never lose anybody: what is told apart here is told apart by the full comparison as well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identifiers import Identifier, Kind, Subject, normalise
from cases.screening import Screen, quick_words
from cases.subjects import Clue, SubjectIndex

KNOWN = {
    Kind.NAME: "Dr. Lena Marie O'Krüger-Böhm geb. Weiß",
    Kind.EMAIL: "Lena.Krueger@gmail.com",
    Kind.PHONE: "030 23125 001",
    Kind.BIRTH_DATE: "02.03.1984",
    Kind.ADDRESS: "Lange Straße 5 a, 10115 Berlin",
    Kind.CUSTOMER_NUMBER: "K-1001",
}
SUBJECT = Subject("A", tuple(Identifier(kind, value) for kind, value in KNOWN.items()))
SPELLED = [
    (Kind.NAME, "O’KRÜGER-BÖHM, Lena Marie"),
    (Kind.NAME, "lena okrueger boehm"),
    (Kind.NAME, "Frau Lena Weiss"),
    (Kind.EMAIL, "mailto:lena.krueger@GMAIL.com"),
    (Kind.EMAIL, " LENA.KRUEGER@gmail.com "),
    (Kind.EMAIL, "<lena.krueger@gmail.com>"),
    (Kind.PHONE, "+49 (0)30/23125-001"),
    (Kind.PHONE, "004930 23 12 50 01"),
    (Kind.BIRTH_DATE, "1984-03-02T00:00:00"),
    (Kind.BIRTH_DATE, "2. März 1984"),
    (Kind.ADDRESS, "Lange Str. 5a, D-10115 Berlin"),
    (Kind.ADDRESS, "Lange Straße 5 a, 1\u00ad0115 Berlin"),
    (Kind.CUSTOMER_NUMBER, "K 1001"),
]


@pytest.mark.parametrize(("kind", "value"), SPELLED)
def test_another_spelling_is_looked_at(kind: Kind, value: str) -> None:
    assert Screen([SUBJECT]).may_hold(kind, value)
    assert SubjectIndex([SUBJECT])._holders(Clue(kind, value))


OTHERS = [
    (Kind.NAME, "Lena Okafor"),
    (Kind.NAME, "Ben Marie Okafor"),
    (Kind.EMAIL, "ben@mail.example"),
    (Kind.PHONE, "030 23125 002"),
    (Kind.BIRTH_DATE, "1984-03-03"),
    (Kind.ADDRESS, "Lange Straße 5, 20095 Hamburg"),
    (Kind.HANDLE, "lena.k"),
]


@pytest.mark.parametrize(("kind", "value"), OTHERS)
def test_a_strangers_value_is_seen_through_at_a_glance(kind: Kind, value: str) -> None:
    assert not Screen([SUBJECT]).may_hold(kind, value)


TEXT = st.text(st.sampled_from("aäeouß bklnrst.,-+@/()'0123456789"), max_size=24)


@given(st.sampled_from(sorted(KNOWN)), TEXT, TEXT)
def test_what_is_equal_is_never_screened_out(kind: Kind, known: str, met: str) -> None:
    for value in (known, met):
        if (normal := normalise(kind, known)) and normalise(kind, value) == normal:
            assert Screen([Subject("A", (Identifier(kind, known),))]).may_hold(kind, value)


def test_one_word_is_enough_where_it_is_all_that_is_known() -> None:
    screen = Screen([Subject("A", (Identifier(Kind.NAME, "Madonna"),))])
    assert screen.may_hold(Kind.NAME, "Madonna Ciccone")
    assert not screen.may_hold(Kind.NAME, "Lena Krüger")
    assert quick_words("Dr. Ben O'Kafor 2") == ["dr", "ben", "okafor"]
