from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identifiers import Identifier, Kind, Origin, Subject, fold, normalise, short_name

SAME = [
    (Kind.EMAIL, "Lena.Krueger@Example.Example", "mailto:lena.krueger@example.example"),
    (Kind.EMAIL, "lena@müller.example", "LENA@xn--mller-kva.example."),
    (Kind.PHONE, "030 23125-001", "+49 (0)30 23125001"),
    (Kind.PHONE, "030/23125 001", "0049 30 23125001"),
    (Kind.NAME, "Lena Krüger", "KRUEGER, Lena"),
    (Kind.NAME, "Dr. Lena Krüger", "Frau Lena Krüger"),
    (Kind.NAME, "Anna-Lena Meyer-Schmidt", "Meyer Schmidt, Anna Lena"),
    (Kind.NAME, "Sinead O'Neil", "O’Neil, Sinéad"),
    (Kind.BIRTH_DATE, "1984-03-02", "2.3.1984"),
    (Kind.BIRTH_DATE, "1984-03-02 00:00:00", "02.03.1984"),
    (Kind.ADDRESS, "Lange Straße 5 a, 10115 Berlin", "Lange Str. 5a\nD-10115 Berlin"),
    (Kind.ADDRESS, "Berliner Str.5", "Berlinerstraße 5"),
    (Kind.CUSTOMER_NUMBER, "K-1001", "k 1001"),
    (Kind.HANDLE, "@Lena.K", "https://www.instagram.com/lena.k/?hl=de"),
]
DIFFERENT = [
    (Kind.EMAIL, "müller@example.example", "mueller@example.example"),
    (Kind.EMAIL, "straße@example.example", "strasse@example.example"),
    (Kind.NAME, "Lena Krüger", "Lena Kruger"),
    (Kind.NAME, "Lena Krüger", "Peter Krüger"),
    (Kind.PHONE, "030 23125001", "040 66969001"),
    (Kind.ADDRESS, "Lange Straße 5", "Lange Straße 50"),
    (Kind.COOKIE_ID, "abC", "abc"),
]
NONE = [
    (Kind.EMAIL, "lena"),
    (Kind.EMAIL, "lena krueger@example.example"),
    (Kind.PHONE, "keine"),
    (Kind.BIRTH_DATE, "02.03.84"),
    (Kind.BIRTH_DATE, "1984-13-45"),
    (Kind.BIRTH_DATE, "31.02.1984"),
    (Kind.NAME, "Dr. Prof."),
]


@pytest.mark.parametrize(("kind", "one", "other"), SAME)
def test_spellings_of_one_identifier_are_one(kind: Kind, one: str, other: str) -> None:
    assert normalise(kind, one) == normalise(kind, other) != ""


@pytest.mark.parametrize(("kind", "one", "other"), DIFFERENT)
def test_different_identifiers_stay_apart(kind: Kind, one: str, other: str) -> None:
    assert normalise(kind, one) != normalise(kind, other)


@pytest.mark.parametrize(("kind", "value"), NONE)
def test_what_is_no_identifier_is_compared_with_nothing(kind: Kind, value: str) -> None:
    assert normalise(kind, value) == ""


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("Lena Marie Krüger", "krueger lena"),
        ("Krüger, Lena Marie", "krueger lena"),
        ("von der Heide, Anna Maria", "anna der heide von"),
        ("Anna-Lena Marie Krüger", "anna krueger lena"),
        ("Lena Krüger", ""),
        ("Krüger, Lena", ""),
        ("Lena", ""),
    ],
)
def test_short_name_keeps_first_given_name_and_surname(value: str, short: str) -> None:
    assert short_name(value) == short


@given(st.sampled_from(list(Kind)), st.text(max_size=60))
def test_normal_form_never_fails(kind: Kind, value: str) -> None:
    assert isinstance(normalise(kind, value), str)


@given(st.sampled_from([Kind.NAME, Kind.CUSTOMER_NUMBER]), st.text(max_size=40))
def test_normal_form_of_a_normal_form_is_itself(kind: Kind, value: str) -> None:
    once = normalise(kind, value)
    assert normalise(kind, once) == once


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_read_in_both_spellings(day: date) -> None:
    assert normalise(Kind.BIRTH_DATE, f"{day.day}.{day.month}.{day.year}") == normalise(Kind.BIRTH_DATE, str(day))


@given(st.text(max_size=60))
def test_folding_ignores_how_umlauts_are_encoded(text: str) -> None:
    assert fold("Mu\u0308ller " + text) == fold("Müller " + text)


def test_a_verified_identifier_is_never_replaced_by_a_weaker_one() -> None:
    verified = Identifier(Kind.EMAIL, "lena@example.example", Origin.VERIFIED)
    claimed = Identifier(Kind.EMAIL, "LENA@example.example", Origin.CLAIMED)
    assert Subject("1", (verified,)).knowing([claimed]).identifiers == (verified,)
    assert Subject("1", (claimed,)).knowing([verified]).identifiers == (verified,)
    assert Subject("1", (verified, claimed)).knowing([]).identifiers == (verified,)


def test_no_value_is_in_a_representation() -> None:
    subject = Subject("1", (Identifier(Kind.EMAIL, "lena@example.example", found_in="crm:customers[id=1]"),))
    assert "lena" not in repr(subject) + repr(subject.identifiers[0])
