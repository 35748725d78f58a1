"""Whoever else appears in a finding is seen by a person before anything leaves."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from cases.identifiers import Identifier, Kind, Origin
from tests.flows import steps
from tests.flows.house import LENA, World, contact, finding
from tests.flows.test_collect import draft, findings


def _searched(world: World, value: str, **trouble: str) -> str:
    world.crm.contacts = [contact(), contact("ole@mail.example", "Ole Brandt", "customers/2")]
    world.crm.holds = {LENA: []}
    world.cloud.holds = {LENA: [finding("notes/1", source="cloud", value=value)]}
    case = steps.collecting(world)
    for source, code in trouble.items():
        getattr(world, source).trouble = code
    steps.search_all(world)
    return case


def _places(world: World, case: str) -> list[tuple[str, str, str]]:
    (kept,) = findings(world, case).values()
    fields = kept.finding.fields
    told = kept.finding.people
    return [(one.kind, one.part, fields[span.field][1][span.start : span.end]) for one in told for span in one.spans]


def test_a_customer_on_file_who_is_named_is_seen_by_a_person_first(world: World) -> None:
    case = _searched(world, "Das Rad nahm Ole Brandt mit, Tel. 0171 39200 07")
    assert _places(world, case) == [("phone", "mentioned", "0171 39200 07"), ("name", "contact", "Ole Brandt")]
    assert draft(world, case).blockers[0] == "undecided_findings"


def test_nobody_else_needs_no_decision(world: World) -> None:
    case = _searched(world, "Das Rad holte Lena Krüger selbst ab")
    assert _places(world, case) == []
    assert "undecided_findings" not in draft(world, case).blockers


def test_a_second_address_on_file_that_is_not_made_of_her_name_is_seen_by_a_person(world: World) -> None:
    second, other = (Identifier(Kind.EMAIL, f"{name}@post.example", Origin.FOUND) for name in ("lena", "peter.schmidt"))
    on_file = contact()
    world.crm.contacts = [replace(on_file, identifiers=(*on_file.identifiers, second, other))]
    world.cloud.holds = {LENA: [finding("notes/1", source="cloud", value=f"{second.value}, {other.value}")]}
    case = steps.collecting(world)
    steps.search_all(world)
    assert _places(world, case) == [("email", "mentioned", other.value)]


def test_where_names_could_not_be_compared_a_person_looks(world: World) -> None:
    case = _searched(world, "Das Rad nahm der Nachbar aus dem Haus mit", crm="timeout")
    assert _places(world, case) == []
    assert draft(world, case).items[0].needs_decision


@pytest.mark.parametrize(
    "text",
    [
        "Es ging um Schulden.\nViele Grüße\nKäthe Bürger",
        "Das Rad nahm Jörg Höller mit",
        "Das Rad nahm Jö\u00adrg Höl\u200bler",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_nobody_goes_out_unseen_because_of_how_a_text_is_stored(world: World, text: str, form: str) -> None:
    world.crm.contacts = [contact(), contact("jh@mail.example", "Jörg Höller", "customers/2")]
    stored = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    world.crm.holds = {LENA: [finding("orders/1", value=stored)]}
    case = steps.in_review(world, holding=False)
    assert len(_places(world, case)) == 1
    assert draft(world, case).undecided == 1
