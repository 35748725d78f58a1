"""How a record states what was met is kept with the finding and told to whoever decides about it."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from pydantic import TypeAdapter
from rich.console import Console

from cases.finding import Match, Reason, Strength
from cases.identifiers import Identifier, Kind, Origin
from desk.showing_knowledge import print_items
from flows.draft import current
from flows.reasons import HOW, KINDS
from infra.store.sealed import StoredFinding
from tests.flows import steps
from tests.flows.house import LENA, World, finding

NAME = Identifier(Kind.NAME, "Lena Krüger", Origin.VERIFIED)
ALIKE = replace(
    finding("orders/7", strength=Strength.POSSIBLE),
    matched=(
        Match(NAME, "name", Reason.PHONETIC),
        Match(NAME, "name", Reason.SIMILAR),
        Match(NAME, "payer", Reason.SIMILAR),
        Match(NAME, "receiver", Reason.SIMILAR),
    ),
)


def test_whoever_decides_reads_why_a_finding_is_only_possible(world: World) -> None:
    world.crm.holds[LENA] = [ALIKE, finding("orders/8")]
    case = steps.in_review(world)
    out = StringIO()
    with world.house.store.begin() as tx:
        _, draft = current(world.house, tx, case)
        print_items(Console(file=out, width=400), tx, draft)
    assert {item.locator: item.why for item in draft.items} == {
        "orders/7": "Name, klingt nur ähnlich (name); Name, nur ähnlich geschrieben (payer, receiver)",
        "orders/8": "E-Mail-Adresse (email)",
    }
    assert "durch / by name (klingt nur ähnlich / only sounds alike): name Lena" in out.getvalue()
    assert "durch / by email: email" in out.getvalue()


def test_a_finding_that_was_kept_without_reasons_still_opens() -> None:
    adapter = TypeAdapter(StoredFinding)
    stored = StoredFinding("orders/7", ((NAME, "name"),), (("name", "Lena Krüger", ""),))
    old = adapter.dump_python(stored, mode="json")
    del old["reasons"]
    assert adapter.validate_python(old).met == ((NAME, "name", Reason.EXACT),)


def test_every_kind_and_reason_has_words_in_both_languages() -> None:
    assert set(KINDS) == set(Kind)
    assert set(HOW) == set(Reason)
    assert all(bool(german) is bool(english) for german, english in HOW.values())
