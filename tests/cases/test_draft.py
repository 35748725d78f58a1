"""The ratchet: what a draft says, what approves it, and who may make each step."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

import cases
from cases.coverage import Cell, CellState
from cases.draft import (
    AnswerKind,
    Approval,
    ApprovalRefused,
    Controller,
    Decision,
    DecisionKind,
    Draft,
    Ground,
    Item,
    ItemField,
    ItemFile,
    _canonical,
    approve,
)
from cases.finding import Strength
from cases.own_key import OwnKey
from cases.register import Activity, Coverage, FieldLabel, LegalBasis, System, Text

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
CRM = System("crm", Text("Kunden", "customers"), Coverage.SOURCE, source="crm")
PAPER = System("paper", Text("Papier", "paper"), Coverage.BY_HAND)
NAME = Text("Verkauf", "selling")
ACTIVITY = Activity("shop", NAME, (NAME,), (NAME,), (), NAME, NAME, (LegalBasis.CONTRACT,), ("crm/*",))


def file(content: bytes = b"x") -> ItemFile:
    return ItemFile("dateien/0001001.pdf", "rechnung.pdf", "application/pdf", 1, "a" * 64, lambda: BytesIO(content))


def item(number: int = 1, strength: Strength = Strength.CERTAIN, decision: Decision | None = None) -> Item:
    said = (ItemField("text", "blaues Fahrrad", "Text", "Bestellungen"),)
    return Item(number, "crm", "Kunden", "order", f"orders/{number}", strength, "E-Mail", said, (file(),), AT, decision)


def decided(kind: DecisionKind, reason: str = "") -> Decision:
    return Decision(kind, "Frauke Nissen", AT, reason)


DRAFT = Draft(
    case="DSAR-2026-0001",
    language="de",
    controller=Controller("Nordlicht", "Weg 1", "19053", "Schwerin", "MV", "a@nordlicht.example"),
    person="Lena Krüger",
    recipient="lena@mail.example",
    channel="mail",
    received_on=date(2026, 3, 2),
    snapshot_at=AT,
    written_on=date(2026, 3, 9),
    due=date(2026, 4, 2),
    items=(item(),),
    activities=(ACTIVITY,),
    cells=(Cell(CRM, CellState.SEARCHED, 10, 1, at=AT),),
    register_version="r1",
    labels=(FieldLabel("crm", "text", NAME, "Bestellungen"),),
    searched_with=(("E-Mail-Adresse", "lena@mail.example"),),
    postal_address=("Lena Krüger", "Lange Straße 1"),
)
OPEN = Cell(PAPER, CellState.OPEN, code="not_answered")

CHANGED: dict[str, object] = {
    "case": "DSAR-2026-0002",
    "language": "en",
    "controller": replace(DRAFT.controller, street="Weg 2"),
    "person": "Lena Kruger",
    "recipient": "lena@other.example",
    "channel": "letter",
    "received_on": date(2026, 3, 3),
    "snapshot_at": AT.replace(second=1),
    "written_on": date(2026, 3, 10),
    "due": date(2026, 4, 3),
    "items": (),
    "activities": (replace(ACTIVITY, retention=Text("nie", "never")),),
    "cells": (replace(DRAFT.cells[0], gaps=1),),
    "register_version": "r2",
    "labels": (),
    "searched_with": (),
    "problems": ("unmapped:crm/order",),
    "postal_address": (),
    "record_years": 4,
    "package_days": 31,
    "wording": "ef" * 32,
    "first_snapshot_at": AT.replace(second=2),
    "version": 2,
    "replaces_on": date(2026, 3, 9),
    "sealed_for": OwnKey("openpgp", "erfunden", "0F1E"),
    "signed_with": "A1B2",
}
ITEM_CHANGED: dict[str, object] = {
    "number": 2,
    "source": "erp",
    "system": "ERP",
    "kind": "invoice",
    "locator": "orders/2",
    "strength": Strength.PROBABLE,
    "why": "Name",
    "fields": (ItemField("text", "rotes Fahrrad", "Text", "Bestellungen"),),
    "files": (replace(file(), sha256="b" * 64),),
    "at": None,
    "decision": decided(DecisionKind.INCLUDE),
    "shared": True,
    "change": "changed",
    "changed_on": date(2026, 3, 8),
    "earlier": (ItemField("text", "grünes Fahrrad", "Text", "Bestellungen"),),
    "held_files": ("c" * 64,),
}


def test_the_samples_change_every_field() -> None:
    assert set(CHANGED) == {one.name for one in fields(Draft) if one.init}
    assert set(ITEM_CHANGED) == {one.name for one in fields(Item)}


@pytest.mark.parametrize("name", CHANGED)
def test_any_change_of_a_draft_changes_its_digest(name: str) -> None:
    assert replace(DRAFT, **{name: CHANGED[name]}).digest != DRAFT.digest


@pytest.mark.parametrize("name", ITEM_CHANGED)
def test_any_change_of_an_item_changes_its_digest(name: str) -> None:
    assert replace(DRAFT, items=(replace(item(), **{name: ITEM_CHANGED[name]}),)).digest != DRAFT.digest


@pytest.mark.parametrize(
    "other",
    [decided(DecisionKind.EXCLUDE), decided(DecisionKind.INCLUDE, "x"), replace(decided(DecisionKind.INCLUDE), by="T")],
)
def test_any_change_of_a_decision_changes_the_digest(other: Decision) -> None:
    one = replace(DRAFT, items=(item(decision=decided(DecisionKind.INCLUDE)),))
    assert replace(DRAFT, items=(item(decision=other),)).digest != one.digest


def test_a_draft_made_anew_has_the_same_digest_however_its_files_are_opened() -> None:
    again = replace(DRAFT, items=(replace(item(), files=(file(b"y"),)),))
    assert again.digest == DRAFT.digest
    assert len(DRAFT.digest) == 64


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_digest_is_that_of_the_whole_draft_as_one_canonical_json_text(count: int) -> None:
    """Approvals are kept: the text must stay what it was, in however many pieces it is hashed."""
    draft = replace(DRAFT, items=tuple(item(number=number) for number in range(count)))
    text = "".join(_canonical(draft))
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == draft.digest
    assert [one["number"] for one in json.loads(text)["items"]] == list(range(count))


def approval(draft: Draft) -> Approval:
    return Approval(draft.case, draft.digest, "Torben Ahrens", AT)


def refusal(draft: Draft, given: Approval | None = None) -> str:
    with pytest.raises(ApprovalRefused) as refused:
        approve(draft, given or approval(draft))
    return refused.value.code


def test_the_draft_that_was_approved_is_disclosed() -> None:
    assert approve(DRAFT, approval(DRAFT)).draft is DRAFT


def test_another_case_or_another_draft_is_refused() -> None:
    assert refusal(DRAFT, replace(approval(DRAFT), case="DSAR-2026-0002")) == "other_case"
    assert refusal(replace(DRAFT, due=date(2026, 5, 2)), approval(DRAFT)) == "draft_changed"


@pytest.mark.parametrize("strength", [Strength.PROBABLE, Strength.POSSIBLE])
def test_what_is_not_certain_needs_a_persons_yes(strength: Strength) -> None:
    assert refusal(replace(DRAFT, items=(item(), item(2, strength)))) == "undecided_findings"
    yes = replace(DRAFT, items=(item(), item(2, strength, decided(DecisionKind.INCLUDE))))
    assert [one.number for one in approve(yes, approval(yes)).draft.released] == [1, 2]
    no = replace(DRAFT, items=(item(), item(2, strength, decided(DecisionKind.EXCLUDE))))
    assert [one.number for one in approve(no, approval(no)).draft.released] == [1]


def test_what_may_be_about_others_too_needs_a_persons_yes_however_certain() -> None:
    both = replace(item(), shared=True)
    assert refusal(replace(DRAFT, items=(both,))) == "undecided_findings"
    yes = replace(DRAFT, items=(replace(both, decision=decided(DecisionKind.INCLUDE)),))
    assert len(approve(yes, approval(yes)).draft.released) == 1


def test_nothing_held_is_said_only_when_nothing_is_open() -> None:
    nothing = replace(DRAFT, items=())
    assert nothing.kind is AnswerKind.NOTHING_HELD
    approve(nothing, approval(nothing))
    assert refusal(replace(nothing, cells=(*nothing.cells, OPEN))) == "nothing_held_but_open"
    gaps = replace(nothing.cells[0], state=CellState.GAPS)
    assert refusal(replace(nothing, cells=(gaps,))) == "nothing_held_but_open"
    assert refusal(replace(nothing, cells=())) == "nothing_held_but_open"


def test_excluding_everything_is_nothing_held_and_withholding_is_not() -> None:
    out = replace(DRAFT, items=(item(decision=decided(DecisionKind.EXCLUDE)),), cells=(OPEN,))
    assert refusal(out) == "nothing_held_but_open"
    kept = replace(DRAFT, items=(item(decision=decided(DecisionKind.WITHHOLD, "art-15-4: Gehalt")),), cells=(OPEN,))
    assert kept.kind is AnswerKind.DATA
    approve(kept, approval(kept))


@pytest.mark.parametrize("reason", ["", "weil", "Art-15-4", "art-15-5: x"])
def test_withholding_needs_a_ground_of_the_closed_list(reason: str) -> None:
    assert refusal(replace(DRAFT, items=(item(decision=decided(DecisionKind.WITHHOLD, reason)),))) == (
        "withheld_without_ground"
    )


@pytest.mark.parametrize("kind", ["mail", "chat", "note", "order", "consultation"])
def test_letters_and_internal_notes_are_given_unless_a_ground_is_named(kind: str) -> None:
    """BGH VI ZR 576/19, VI ZR 330/21 (ANS-19): nobody has to decide for it, and that it is internal is no ground."""
    certain = replace(item(), kind=kind)
    assert replace(DRAFT, items=(certain,)).released == (certain,)
    assert replace(DRAFT, items=(certain,)).blockers == ()
    for reason in ("", "internal", "internal: a note"):
        kept = replace(certain, decision=decided(DecisionKind.WITHHOLD, reason))
        assert refusal(replace(DRAFT, items=(kept,))) == "withheld_without_ground"


@pytest.mark.parametrize("ground", list(Ground))
def test_every_ground_of_the_list_is_known_with_and_without_words(ground: Ground) -> None:
    assert decided(DecisionKind.WITHHOLD, ground.value).ground is ground
    assert decided(DecisionKind.WITHHOLD, f"{ground.value}: Einzelheiten: hier").ground is ground


def test_a_draft_with_a_problem_of_the_register_is_refused() -> None:
    assert refusal(replace(DRAFT, problems=("unmapped:crm/order",))) == "unmapped:crm/order"


def test_no_repr_shows_anything_about_the_person() -> None:
    shown = repr(DRAFT) + repr(approve(DRAFT, approval(DRAFT))) + repr(DRAFT.items) + repr(file())
    for word in ("Lena", "lena@", "Lange Straße", "blaues", "orders/1", "rechnung", "Torben"):
        assert word not in shown


MAKERS = {
    "Disclosure": {"cases/draft.py"},
    "Package": {"outputs/package.py"},
    "Sealed": {"outputs/seal.py"},
    "Approval": {"flows/approval.py", "infra/store/answers.py"},
    "Draft": {"flows/draft.py", "outputs/text_trial_values.py"},  # the latter: invented, to try texts on
    "Receipt": set(),
    "Notice": {
        "flows/notices.py",
        "flows/report.py",
        "flows/weekly.py",
        "flows/refusal.py",
        "flows/answer.py",
        "flows/sealing.py",
        "flows/delivering.py",
        "flows/extension.py",
        "flows/snapshot.py",
        "flows/absence.py",
        "flows/challenging.py",
        "outputs/letter_other.py",
        "outputs/text_trial.py",  # invented, to try texts on
        "flows/asking.py",
    },
}
ROOMS = ("cases", "sources", "outputs", "infra", "flows", "desk")
ROOT = Path(cases.__file__).parent.parent


def calls(called: Callable[[str], bool]) -> set[tuple[str, str]]:
    """Names that are called, by module; `x.Name(…)` and names imported as another count too."""
    found = set()
    for path in (one for room in ROOMS for one in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        aliases = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                name = aliases.get(name, name)
                if called(name):
                    found.add((name, path.relative_to(ROOT).as_posix()))
    return found


def test_only_its_maker_makes_a_step_of_the_ratchet() -> None:
    found = calls(lambda name: name in MAKERS)
    assert {name for name, _ in found} == {name for name, makers in MAKERS.items() if makers}
    assert {(name, place) for name, place in found if place not in MAKERS[name]} == set()


def test_no_module_that_holds_a_step_of_the_ratchet_can_copy_it_with_changes() -> None:
    """`replace(disclosure, draft=…)` would be a maker too."""
    for place in ("cases/draft.py", "flows/draft.py", "flows/answer.py", "flows/dispatch.py", "outputs/seal.py"):
        tree = ast.parse((ROOT / place).read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = {alias.name for node in imports if node.module == "dataclasses" for alias in node.names}
        assert "replace" not in names, place
