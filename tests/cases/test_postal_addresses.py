"""Postal addresses: what they state, and how two of them agree. The house next door is never the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.address_agreement import AddressAgreement, address_agreement
from cases.postal_addresses import PostalAddress, parse_address

HOME = PostalAddress(street="langestr", number="5", letter="a", postcode="10115", town="berlin")
SAME = AddressAgreement.SAME


@pytest.mark.parametrize(
    "value",
    [
        "Lange Straße 5 a, 10115 Berlin",
        "Lange Str. 5a\nBerlin 10115",
        "Lange Str. 5a 10115 Berlin",
        "Lange-Str. 5A, 10115, Berlin",
        "LANGE STRASSE NR. 5 A; 10115 BERLIN",
        "Anschrift: Langestraße 5a, 10115 Berlin",
        "10115 Berlin, Lange Str. 5a",
        "Lange Str., 5a, 10115 Berlin",
    ],
)
def test_an_address_is_one_however_it_is_written(value: str) -> None:
    assert parse_address(value) == HOME


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("Lange Str. 5-7, 10115 Berlin", {"street": "langestr", "number": "5", "extra": "7"}),
        ("Lange Str. 5/7, 10115 Berlin", {"number": "5", "extra": "7", "letter": ""}),
        ("Hauptplatz 5/2/12, A-1010 Wien", {"number": "5", "extra": "2/12", "country": "AT", "postcode": "1010"}),
        ("Postfach 12 34 56, 10115 Berlin", {"po_box": "123456", "street": "", "postcode": "10115"}),
        ("PO Box 1234\nD-10115 Berlin", {"po_box": "1234", "country": "DE"}),
        ("c/o Müller\nLange Str. 5\n10115 Berlin\nDeutschland", {"care_of": "mueller", "number": "5", "country": "DE"}),
        ("alte Adresse: Lange Str. 5, 10115 Berlin", {"old": True, "street": "langestr"}),
        ("Adresse (alt): Lange Str. 5, 10115 Berlin", {"old": True, "number": "5"}),
        ("Straße des 17. Juni 135, 10623 Berlin", {"street": "strdes17juni", "number": "135", "town": "berlin"}),
        ("12 High Street, London SW1A 1AA", {"street": "highst", "number": "12", "postcode": "sw1a1aa"}),
        ("12, rue de la Paix, 75002 Paris, France", {"street": "ruedelapaix", "number": "12", "country": "FR"}),
        ("Damrak 1, 1012 LG Amsterdam", {"street": "damrak", "postcode": "1012lg", "town": "amsterdam"}),
        ("Lange Str. 5, Whg. 12, 10115 Berlin", {"number": "5", "unit": "whg12"}),
        ("Lange Str. 5", {"street": "langestr", "number": "5", "town": "", "postcode": ""}),
        ("Lange Straße, Berlin", {"street": "langestr", "number": "", "town": "berlin"}),
        ("10115 Berlin", {"street": "", "postcode": "10115", "town": "berlin"}),
    ],
)
def test_an_address_is_taken_apart(value: str, parts: dict[str, object]) -> None:
    found = parse_address(value)
    assert {name: getattr(found, name) for name in parts} == parts


AGREEMENTS = [
    ("Lange Straße 5a, 10115 Berlin", "Lange Str. 5 a, D-10115 Berlin-Mitte", SAME),
    ("Berliner Str. 5, 10115 Berlin", "Berlinerstraße 5, Berlin", SAME),
    ("alte Adresse: Lange Str. 5, 10115 Berlin", "c/o Müller, Lange Str. 5, 10115 Berlin", SAME),
    ("Lange Str. 5-7, 60311 Frankfurt", "Lange Str. 5/7, 60311 Frankfurt a. M.", SAME),
    ("Postfach 12 34, 10115 Berlin", "Postfach 1234, 10115 Berlin", SAME),
    ("Postfach 12 34, 10115 Berlin", "Postfach 1235, 10115 Berlin", AddressAgreement.DIFFERENT),
    ("Lange Str. 5, Whg. 1, 10115 Berlin", "Lange Str. 5, Whg. 2, 10115 Berlin", AddressAgreement.OTHER_UNIT),
    ("Lange Str. 5, 10115 Berlin", "Lange Straße 5", AddressAgreement.SAME_WITHOUT_TOWN),
    ("Lange Str. 5, 10115 Berlin", "Lange Str. 5-7, 10115 Berlin", AddressAgreement.OVERLAPPING_NUMBERS),
    ("Lange Str. 5, 10115 Berlin", "Lange Str. 5, 10117 Berlin", AddressAgreement.SAME_OTHER_POSTCODE),
    ("Lange Str. 5, 10115 Berlin", "Lange Straße, Berlin", AddressAgreement.SAME_STREET_WITHOUT_NUMBER),
    ("Lange Str. 5, 10115 Berlin", "Lange Str. 7, 10115 Berlin", AddressAgreement.SAME_STREET_OTHER_NUMBER),
    ("Lange Str. 5, 10115 Berlin", "Lange Str. 5a, 10115 Berlin", AddressAgreement.SAME_STREET_OTHER_NUMBER),
    ("Lange Str. 5, 10115 Berlin", "Lange Str. 50, 10115 Berlin", AddressAgreement.SAME_STREET_OTHER_NUMBER),
    ("Lange Str. 5, 10115 Berlin", "10115 Berlin", AddressAgreement.SAME_TOWN),
    ("Lange Str. 5, 10115 Berlin", "Lange Str. 5, 80331 München", AddressAgreement.DIFFERENT),
    ("Lange Str. 5, 10115 Berlin", "Kurze Str. 5, 10115 Berlin", AddressAgreement.DIFFERENT),
    ("Hauptstr. 5, 1010 Wien, Österreich", "Hauptstr. 5, 1010 Lausanne, Schweiz", AddressAgreement.DIFFERENT),
    ("", "Lange Str. 5, 10115 Berlin", AddressAgreement.NOT_STATED),
]


@pytest.mark.parametrize(("one", "other", "agreement"), AGREEMENTS)
def test_how_two_addresses_agree(one: str, other: str, agreement: AddressAgreement) -> None:
    assert address_agreement(one, other) is agreement
    assert address_agreement(other, one) is agreement


PIECES = st.sampled_from(
    ["Lange Str.", "5", "5a", "-7", ",", "10115", "Berlin", "Postfach 12", "c/o", "Whg. 2", "\n", "A-"]
)


@given(st.lists(PIECES, max_size=9).map(" ".join), st.lists(PIECES, max_size=9).map(" ".join))
def test_agreement_is_symmetrical_and_every_address_agrees_with_itself(one: str, other: str) -> None:
    assert address_agreement(one, other) is address_agreement(other, one)
    assert address_agreement(one, one) is not AddressAgreement.DIFFERENT


@given(st.text(max_size=500))
def test_whatever_stands_in_a_field_is_taken_apart_without_an_error(value: str) -> None:
    assert parse_address(value) == parse_address(value)
