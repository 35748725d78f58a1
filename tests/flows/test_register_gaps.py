"""What goes out and the register does not account for stops an answer, is said without naming a field, and was found by
`auskunft ropa check` before the first request."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.bilingual import Text
from cases.case import Status
from cases.draft import Decision, DecisionKind, Draft
from cases.finding import Shape
from cases.register import FieldLabel, Mechanism, Transfer
from flows import draft
from flows.draft import current
from infra.ropa import RegisterError, check_register, load_register
from outputs import letter_register
from tests.flows import steps
from tests.flows.house import PAPER, REVIEWER, ROPA, World


def draft_of(world: World, case: str) -> Draft:
    with world.house.store.begin() as tx:
        return current(world.house, tx, case)[1]


def set_register(world: World, **changes: Any) -> None:
    object.__setattr__(world.house, "register", replace(world.house.register, **changes))


def test_a_field_without_category_blocks_until_a_label_gives_one(world: World) -> None:
    case = steps.in_review(world)
    assert draft_of(world, case).blockers == ()
    set_register(world, labels=())
    assert "unmapped_field:crm/order" in draft_of(world, case).blockers
    set_register(world, labels=(FieldLabel("crm", "*", Text("", ""), "AUSFUELLEN", "orders"),))
    assert "unmapped_field:crm/order" in draft_of(world, case).blockers
    set_register(world, labels=(FieldLabel("crm", "*", Text("", ""), "Bestellungen", "orders"),))
    draft = draft_of(world, case)
    assert draft.blockers == ()
    assert {part.category for item in draft.released for part in item.fields} == {"Bestellungen"}
    assert {part.label for item in draft.released for part in item.fields} == {""}


def test_a_transfer_on_a_mechanism_that_fell_blocks(world: World) -> None:
    case = steps.in_review(world)
    shop = world.house.register.activities[0]
    resting = Transfer(Text("USA", "USA"), Mechanism.DPF)
    moved = replace(shop, recipients=(replace(shop.recipients[0], transfer=resting),))
    set_register(world, activities=(moved, *world.house.register.activities[1:]), withdrawn=(Mechanism.DPF,))
    assert draft_of(world, case).blockers == (f"transfer_withdrawn:{shop.key}",)
    set_register(world, withdrawn=())
    assert draft_of(world, case).blockers == ()
    assert world.case(case).status is Status.REVIEW


def test_what_the_register_leaves_open_about_this_person_blocks(world: World) -> None:
    """Silence is no denial (Art. 15(1)(c), (h), (2)), and a mark to be filled in is no text."""
    case = steps.in_review(world)
    shop, *others = world.house.register.activities
    somewhere = replace(shop.recipients[0], country=Text("USA", "USA"))
    holes = (
        replace(shop, not_automated=False),
        replace(shop, recipients=()),
        replace(shop, recipients=(replace(shop.recipients[0], no_transfer=False),)),
        replace(shop, recipients=(somewhere,)),
        replace(shop, purposes=(Text("AUSFUELLEN", "selling"),)),
    )
    for hole in holes:
        set_register(world, activities=(hole, *others))
        assert draft_of(world, case).blockers == (f"activity_unsaid:{shop.key}",)
    elsewhere = replace(shop, evidence=("paper/*",), not_automated=False)
    set_register(world, activities=(shop, *others, replace(elsewhere, key="other")))
    assert draft_of(world, case).blockers == ()


def withhold(world: World, case: str, reason: str) -> None:
    with world.house.store.begin() as tx:
        tx.findings.decide(tx.cases.row(case), 1, Decision(DecisionKind.WITHHOLD, REVIEWER, tx.now, reason))


def test_what_is_withheld_for_others_still_tells_its_purposes(world: World) -> None:
    """Art. 15(4) limits the copy; secrecy limits the information too."""
    case = steps.in_review(world)
    keys = [item.key for item in world.house.register.activities]
    withhold(world, case, "art-15-4: the salary of a colleague")
    assert [item.key for item in draft_of(world, case).activities] == keys
    withhold(world, case, "bdsg-29-1-2: an attorney's file")
    assert [item.key for item in draft_of(world, case).activities] == keys[1:]


AUTOMATED = """
  [activity.automated]
  logic = {{ {0} }}
  significance = {{ {1} }}
  consequences = {{ {2} }}
"""
FULL = 'de = "a", en = "b"'
EMPTY = 'de = "", en = "b"'
TRANSFER = """
  [[activity.recipient]]
  name = "Briefmöwe Inc."
  role = {{ de = "Versand", en = "sending" }}
    [activity.recipient.transfer]
    country = {{ de = "USA", en = "USA" }}
    mechanism = "{0}"
"""
UNNAMED = """
  [[activity.recipient]]
  role = { de = "Boten", en = "couriers" }
  transfer = false
"""
# What makes a letter be refused or a draft be blocked -> a register in which that is so.
DEFECTS: dict[str, Callable[[str], str]] = {
    "purposes": lambda ropa: ropa.replace('purposes = [{ de = "Verkauf", en = "selling" }]', "purposes = []", 1),
    "categories": lambda ropa: ropa.replace('{ de = "Kontaktdaten", en = "contact details" }]', "]", 1),
    "retention": lambda ropa: ropa.replace('de = "drei Jahre"', 'de = ""', 1),
    "logic": lambda ropa: decided(ropa, AUTOMATED.format(EMPTY, FULL, FULL)),
    "significance": lambda ropa: decided(ropa, AUTOMATED.format(FULL, EMPTY, FULL)),
    "consequences": lambda ropa: decided(ropa, AUTOMATED.format(FULL, FULL, EMPTY)),
    "nobody says whether there are recipients": lambda ropa: without(
        ropa, ropa[ropa.index("  [[activity.rec") : ropa.index("[[activity]]", ropa.index("  [[activity.rec"))]
    ),
    "nobody says whether decisions are made by machine": lambda ropa: without(ropa, "automated = false\n"),
    "of a recipient nobody says whether data leave the EEA, or on what grounds": lambda ropa: without(
        ropa, "  transfer = false\n"
    ),
    "register_unsaid": lambda ropa: ropa.replace('category = { de = "Kontaktdaten"', 'category = { de = "TODO"', 1),
    "activity_unsaid": lambda ropa: ropa.replace('de = "Verkauf"', 'de = "AUSFUELLEN"', 1),
    "a recipient has neither a name nor a reason for the category alone": lambda ropa: at_first_activity(ropa, UNNAMED),
    "a transfer under the DPF needs verified_on": lambda ropa: at_first_activity(ropa, TRANSFER.format("dpf")),
    "a transfer under standard contractual clauses needs its module, 1 to 4": lambda ropa: at_first_activity(
        ropa, TRANSFER.format("scc")
    ),
    "no_activity": lambda ropa: ropa.replace('evidence = ["auskunft/*"]', 'evidence = ["paper/*"]'),
    "unmapped": lambda ropa: ropa.replace('"crm/*"', '"crm/note"'),
    "unmapped_field": lambda ropa: ropa.replace(
        'name = "*"\ncategory', 'name = "x"\nlabel = { de = "x", en = "x" }\ncategory'
    ),
    "transfer_withdrawn": lambda ropa: (
        'withdrawn = ["dpf"]\n' + at_first_activity(ropa, TRANSFER.format("dpf") + "    verified_on = 2026-02-01\n")
    ),
}


def without(ropa: str, part: str) -> str:
    assert part in ropa
    return ropa.replace(part, "", 1)


def decided(ropa: str, table: str) -> str:
    return at_first_activity(ropa.replace("automated = false\n", ""), table)


def at_first_activity(ropa: str, table: str) -> str:
    return ropa.replace("[[system]]", f"{table}[[system]]", 1)


@pytest.mark.parametrize("name", DEFECTS)
def test_what_would_stop_an_answer_is_found_before_the_first_request(tmp_path: Path, name: str) -> None:
    path = tmp_path / "ropa.toml"
    sources, shapes = {"crm", "cloud"}, {"crm": (Shape("order", ("total",)),), "cloud": ()}
    path.write_text(ROPA + PAPER)
    assert check_register(load_register(path), sources, date(2026, 3, 1), shapes) == []
    path.write_text(DEFECTS[name](ROPA + PAPER))
    try:
        found = check_register(load_register(path), sources, date(2026, 3, 1), shapes)
    except RegisterError as error:
        found = [str(fault) for fault in error.faults]
    assert found
    assert not any("is not TOML" in one for one in found)


def test_every_reason_to_refuse_that_the_register_gives_is_among_them() -> None:
    """A new refusal of the letter, or a new blocker, needs its defect above."""
    letter = inspect.getsource(letter_register)
    incomplete = set(re.findall(r'_incomplete\(activity, "([^"]+)"\)', letter))
    parts = set(re.findall(r'_each\(activity, "(\w+)"', letter)) | set(re.findall(r'"(\w+)": parts\.', letter))
    refused = set(re.findall(r'LetterRefused\("(\w+)"', letter)) - {"activity_incomplete"}
    blocked = set(re.findall(r'"(\w+)(?::\{|",\))', inspect.getsource(draft._gaps_of_register)))
    assert incomplete | parts | refused | blocked == set(DEFECTS)


def test_who_of_the_house_dealt_with_it_is_given_only_by_decision(world: World) -> None:
    """C-579/21 (ANS-07)."""
    case = steps.in_review(world)
    name = draft_of(world, case).released[0].fields[0].name
    whole = draft_of(world, case).released[0].fields[0].value
    named = FieldLabel("crm", name, Text("Bearbeitet von", "handled by"), "Bearbeitung", "handling", staff=True)
    set_register(world, labels=(named, *world.house.register.labels))
    masked = draft_of(world, case).released[0].fields[0]
    assert masked.value == "[Name einer beschäftigten Person]"
    assert whole not in [part.value for item in draft_of(world, case).items for part in item.fields]
    include(world, case, "it is theirs")
    assert draft_of(world, case).released[0].fields[0].value == masked.value
    include(world, case, "staff: they need to know who looked, to complain about it")
    assert draft_of(world, case).released[0].fields[0].value == whole


def include(world: World, case: str, reason: str) -> None:
    with world.house.store.begin() as tx:
        tx.findings.decide(tx.cases.row(case), 1, Decision(DecisionKind.INCLUDE, REVIEWER, tx.now, reason))
