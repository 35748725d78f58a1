"""Who asks: what is proven by a record on file, and what stays somebody's word."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import MappingProxyType

import pytest

from cases.identifiers import Identifier, Kind, Origin
from cases.person import Person, Verification, address_on_file, identifiers_of, names_agree
from cases.request import Claims
from cases.source import Contact

CHECK = Verification("address_on_file", datetime(2026, 3, 2, tzinfo=UTC))
ON_FILE = Contact(
    "customers/1",
    (
        Identifier(Kind.EMAIL, "Lena@Mail.example", Origin.FOUND),
        Identifier(Kind.EMAIL, "lena@arbeit.example", Origin.FOUND),
        Identifier(Kind.NAME, "Lena Krüger", Origin.FOUND),
        Identifier(Kind.CUSTOMER_NUMBER, "K-77", Origin.FOUND),
        Identifier(Kind.PHONE, "030 23125 011", Origin.FOUND),
        Identifier(Kind.ADDRESS, "Lange Straße 1, 18055 Rostock", Origin.FOUND),
    ),
)


def test_what_the_system_knows_is_proven_and_what_somebody_typed_is_a_proposal() -> None:
    known = Person(name="Lenchen", sender="lena@mail.example").identified(ON_FILE, CHECK, "lena@mail.example")
    assert {(item.kind, item.origin) for item in known.verified} == {
        (kind, Origin.VERIFIED) for kind in (Kind.EMAIL, Kind.NAME, Kind.CUSTOMER_NUMBER)
    }
    assert [item.value for item in known.proposals] == [
        "lena@arbeit.example",
        "030 23125 011",
        "Lange Straße 1, 18055 Rostock",
    ]
    assert known.name == "Lena Krüger"
    assert known.postal == ("Lena Krüger", "Lange Straße 1", "18055 Rostock")


def test_a_claim_never_becomes_certain_by_identification() -> None:
    claims = (Identifier(Kind.PHONE, "030 23125 012"), Identifier(Kind.EMAIL, "lena@mail.example"))
    known = Person(claims=claims).identified(ON_FILE, CHECK, "lena@mail.example")
    subject = known.subject("DSAR-2026-0001")
    origins = {item.value: item.origin for item in subject.identifiers}
    assert origins["030 23125 012"] is Origin.CLAIMED
    assert [item.origin for item in subject.of(Kind.EMAIL)] == [Origin.VERIFIED]


def test_somebody_on_file_nowhere_is_known_by_the_checked_address_alone() -> None:
    known = Person(name="Lena").identified(None, CHECK, "lena@mail.example")
    assert [(item.kind, item.value) for item in known.verified] == [(Kind.EMAIL, "lena@mail.example")]
    assert known.postal == ()


@pytest.mark.parametrize(
    ("sender", "found"),
    [
        ("LENA@mail.example", "Lena@Mail.example"),
        ("lena@arbeit.example", "lena@arbeit.example"),
        ("lena@mail.example.evil.example", ""),
        ("", ""),
        ("no address", ""),
    ],
)
def test_an_address_on_file_is_found_however_it_is_written_and_no_other(sender: str, found: str) -> None:
    assert address_on_file(ON_FILE, sender) == found


@pytest.mark.parametrize(
    ("claimed", "on_file", "agree"),
    [
        ("Lena Krüger", "Lena Krüger", True),
        ("L. Krüger", "Lena Krüger", True),
        ("lena krueger", "Lena Krüger", True),
        ("Lena Marie Krüger", "Lena Krüger", True),
        ("Dr. Lena Krüger", "Lena Marie Krüger", True),
        ("Leni Krüger", "Helena Krüger", True),
        ("Lena Schmidt", "Lena Krüger geb. Schmidt", True),
        ("Lena Meyer", "Lena Meyer-Schmidt", True),
        ("Anja Krüger", "Antje Krüger", False),
        ("Hans Krüger jun.", "Hans Krüger sen.", False),
        ("Hans Krüger", "Hans Krüger jun.", False),
        ("Lena Marie Krüger", "Lena Sophie Krüger", False),
        ("Jonas Krüger", "Lena Krüger", False),
        ("J. Krüger", "Lena Krüger", False),
        ("Lena Brandt", "Lena Krüger", False),
    ],
)
def test_names_agree_or_speak_against_each_other(claimed: str, on_file: str, agree: bool) -> None:
    one, other = (Identifier(Kind.NAME, name) for name in (claimed, on_file))
    assert names_agree([one], [other]) is agree
    assert names_agree([other], [one]) is agree


def test_every_name_of_a_mail_must_fit() -> None:
    lena, lars, household = (Identifier(Kind.NAME, name) for name in ("Lena Krüger", "Lars Krüger", "Familie Krüger"))
    assert not names_agree([lena, lars], [lena])
    assert names_agree([lena], [lena, lars])
    assert not names_agree([household, lars], [household, lena])
    assert names_agree([household, lena], [lena])


def test_where_one_side_states_no_name_nothing_speaks_against() -> None:
    assert names_agree([], [Identifier(Kind.NAME, "Lena Krüger")])


def test_the_claims_of_a_mail_become_identifiers_and_nonsense_none() -> None:
    claims = Claims(
        names=("Lena Krüger",),
        emails=("lena@mail.example", "nonsense"),
        phones=("+493023125011", "x"),
        birth_date=date(1984, 3, 2),
        handles=MappingProxyType({"instagram": ("lena.k",)}),
        order_numbers=("B-1",),
        user_names=("lena84",),
    )
    found = [(item.kind, item.scope, item.origin) for item in identifiers_of(claims)]
    assert found == [
        (Kind.NAME, "", Origin.CLAIMED),
        (Kind.EMAIL, "", Origin.CLAIMED),
        (Kind.PHONE, "", Origin.CLAIMED),
        (Kind.BIRTH_DATE, "", Origin.CLAIMED),
        (Kind.ORDER_NUMBER, "", Origin.CLAIMED),
        (Kind.USER_NAME, "", Origin.CLAIMED),
        (Kind.HANDLE, "instagram", Origin.CLAIMED),
    ]


def test_no_repr_shows_the_person() -> None:
    known = Person(name="Lena Krüger", sender="lena@mail.example").identified(ON_FILE, CHECK, "lena@mail.example")
    assert "ena" not in repr(known).replace("address_on_file", "")
