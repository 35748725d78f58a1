"""What in a finding is the person's own, and what may be somebody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.finding import DataField, Finding, Match, Other, Strength
from cases.identifiers import Identifier, Kind, Origin
from cases.others import KnownPeople, others_in
from cases.own import Own, hers

NAME = Identifier(Kind.NAME, "Lena Krüger", Origin.VERIFIED)
MAIL = Identifier(Kind.EMAIL, "lena@mail.example", Origin.VERIFIED)
PETER = Identifier(Kind.EMAIL, "peter.schmidt@mail.example", Origin.FOUND)
PHONE = Identifier(Kind.PHONE, "0171 39200 07", Origin.FOUND)
ROW = Finding("crm", "customers", "A", "customers/1", Strength.CERTAIN, (Match(MAIL, "mail"),), ())


def people(finding: Finding, *own: Identifier) -> list[str]:
    mine = Own.of(own or (NAME, MAIL)).in_row(finding)
    named = (*finding.others, *(one.value for one in finding.learned if one.kind is Kind.NAME))
    found: tuple[Other, ...] = others_in(finding.fields, named, mine, KnownPeople())
    return [one.value for one in found]


def row(*learned: Identifier, **fields: str) -> Finding:
    told = tuple(DataField(f"f{place}", item.value) for place, item in enumerate(learned))
    more = tuple(DataField(name, value) for name, value in fields.items())
    return replace(ROW, learned=learned, fields=(*told, *more))


def test_a_second_address_or_name_in_her_row_is_somebody_elses() -> None:
    assert people(row(PETER)) == [PETER.value]
    assert people(row(Identifier(Kind.NAME, "Peter Schmidt"))) == ["Peter Schmidt"]


def test_what_somebody_accepted_is_hers() -> None:
    assert people(row(PETER), NAME, MAIL, replace(PETER, origin=Origin.ACCEPTED)) == []


def test_her_own_row_holds_her_phone_and_her_name_in_full() -> None:
    full = Identifier(Kind.NAME, "Dr. Lena Marie Krüger")
    assert people(row(PHONE, full, note="Rückruf Lena Marie Krüger")) == []


@pytest.mark.parametrize(
    "finding",
    [
        replace(row(PHONE), group="customers/9"),
        replace(row(PHONE), strength=Strength.PROBABLE),
        replace(row(PHONE), others=("Max Mut",)),
    ],
)
def test_a_phone_elsewhere_may_be_anybodys(finding: Finding) -> None:
    assert PHONE.value in people(finding)


@pytest.mark.parametrize(
    "text", ["Herr Krüger", "Frau Krüger", "Familie Krüger", "Herr und Frau Krüger", "HERR KRÜGER"]
)
def test_her_surname_with_a_form_of_address_may_be_a_relative(text: str) -> None:
    assert people(row(note=f"{text} ruft an")) == [text]


def test_a_form_of_address_that_her_record_states_is_hers() -> None:
    on_file = replace(NAME, value="Frau Lena Krüger")
    assert people(row(note="Sehr geehrte Frau Krüger"), on_file, MAIL) == []
    assert people(row(note="Sehr geehrte Frau Krüger", anrede="Frau")) == []
    for text in ("Herr Krüger", "Familie Krüger", "Herr und Frau Krüger"):
        assert people(row(note=text, anrede="Frau"), on_file, MAIL) == [text]


def test_whoever_only_claims_an_address_does_not_make_its_messages_hers() -> None:
    claimed = replace(PETER, origin=Origin.CLAIMED)
    assert PETER.key not in {item.key for item in hers((NAME, MAIL, claimed), (), ())}


def test_what_she_claims_and_her_record_states_is_hers_unless_declined() -> None:
    claimed = replace(PHONE, origin=Origin.CLAIMED)
    assert PHONE.key in {item.key for item in hers((NAME, MAIL, claimed), (PHONE,), ())}
    assert PHONE.key not in {item.key for item in hers((NAME, MAIL, claimed), (PHONE,), {PHONE.key})}


@pytest.mark.parametrize(
    ("local", "fits"),
    [
        *(("lena", True), ("lena.krueger84", True), ("lkrueger", True), ("l.krueger", True)),
        *(("peter.schmidt", False), ("krueger", False), ("peter.krueger", False), ("teefreundin", False)),
    ],
)
def test_a_second_address_on_file_is_hers_if_it_is_made_of_her_name(local: str, fits: bool) -> None:
    second = Identifier(Kind.EMAIL, f"{local}@post.example", Origin.FOUND)
    assert (second in hers((NAME, MAIL), (second,), ())) is fits
