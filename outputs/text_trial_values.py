"""An invented company, person and case in which everything happens that a letter can speak of."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from cases.coverage import ASKED_BEFORE, Cell, CellState
from cases.draft import Controller, Decision, DecisionKind, Draft, Ground, Item, ItemField, ItemFile
from cases.draft import Redaction as Removed
from cases.finding import Span, Strength
from cases.identifiers import Kind
from cases.own_key import OwnKey
from cases.register import (
    Activity,
    Automated,
    CategoryReason,
    Coverage,
    Exclusion,
    FieldLabel,
    LegalBasis,
    Mechanism,
    Recipient,
    System,
    Text,
    Transfer,
)
from outputs.copy_paper import LONGEST, MOST_PARTS, PART_ENTRIES

CASE = "DSAR-2026-0001"
ANSWERED, RECEIVED, WRITTEN = date(2026, 1, 12), date(2026, 3, 2), date(2026, 3, 10)
REPLY_BY, DUE = date(2026, 3, 24), date(2026, 4, 2)
ADDRESS = ("Lindenallee 4", "19055 Schwerin")
CONTROLLER = Controller(
    "Beispiel GmbH",
    "Werftstraße 12",
    "19053",
    "Schwerin",
    "MV",
    "datenschutz@beispiel.example",
    "030 23125 010",
    "Mara Beispiel",
    "dsb@beispiel.example",
)
_AT = datetime(2026, 3, 5, 9, tzinfo=UTC)
_SOURCE, _PRINT = "ablage", "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567"
_ANY = Text("etwas", "something")
_FIELD = ItemField("notiz", "Messe")


def drafts(language: str) -> tuple[Draft, ...]:
    """Answers of each kind: with data, in part, corrected, by post, for a key of the person's own, nothing held."""
    whole = replace(_draft(language), items=_given(), activities=(_activity(),), labels=(_LABEL,))
    plain = replace(whole, activities=(_PLAIN,), items=whole.items[:1], labels=())
    part = replace(whole, cells=_cells(), items=(*_given(), *_left_out()), channel="post")
    held = replace(whole, items=(_left_out()[0],))
    nothing = replace(_draft(language), searched_with=tuple((kind, "etwas") for kind in (*Kind, "shoe_size")))
    limited = replace(nothing, cells=(*nothing.cells, _excluded(Exclusion.BACKUP_ONLY)))
    silent = replace(plain, controller=replace(CONTROLLER, phone="", dpo_name="", dpo_email=""))
    corrected = replace(whole, version=2, replaces_on=WRITTEN)
    keys = (OwnKey("smime", "", _PRINT), OwnKey("openpgp", "", _PRINT))
    sealed = tuple(replace(plain, sealed_for=key, signed_with=_PRINT) for key in keys)
    short = tuple(replace(plain, items=items, channel=channel) for items, channel in _too_much())
    return whole, plain, part, replace(part, channel="mail"), held, nothing, limited, silent, corrected, *sealed, *short


def _draft(language: str) -> Draft:
    return Draft(
        case=CASE,
        language=language,
        controller=CONTROLLER,
        person="Mia Beispiel",
        recipient="mia@post.example",
        channel="mail",
        received_on=RECEIVED,
        snapshot_at=_AT,
        written_on=WRITTEN,
        due=DUE,
        items=(),
        activities=(),
        cells=(_cell(CellState.SEARCHED), _cell(CellState.ANSWERED)),
        register_version="0" * 64,
        first_snapshot_at=_AT,
    )


_LABEL = FieldLabel(_SOURCE, "notiz", _ANY, "Angaben", "details", origin=True)
_PLAIN = Activity(
    "kasse",
    _ANY,
    (_ANY,),
    (_ANY,),
    (),
    _ANY,
    Text("", ""),
    (LegalBasis.CONTRACT,),
    ("*/*",),
    no_recipients=True,
    not_automated=True,
)


def _activity() -> Activity:
    """With each legal basis, each mechanism of a transfer and each reason for a category alone; an advertising one."""
    transfers = tuple(Transfer(_ANY, one, RECEIVED, 2, "Art") for one in Mechanism)
    named = (Recipient("Beispiel AG", _ANY, transfer=one) for one in transfers)
    categories = (Recipient("", _ANY, category_reason=one, no_transfer=True) for one in CategoryReason)
    return replace(
        _PLAIN,
        name=Text("Werbung", "Marketing"),
        no_recipients=False,
        not_automated=False,
        recipients=(*named, *categories),
        legal_basis=tuple(LegalBasis),
        automated=Automated(_ANY, _ANY, _ANY),
    )


def _item(number: int, decision: Decision | None = None, **more: object) -> Item:
    item = Item(number, _SOURCE, _SOURCE, "note", f"{number}", Strength.CERTAIN, "", (_FIELD,), decision=decision)
    return replace(item, **more)  # type: ignore[arg-type]  # fields of an item, by name


def _given() -> tuple[Item, ...]:
    file = ItemFile("dateien/0001.pdf", "a.pdf", "application/pdf", 0, "0" * 64, io.BytesIO)
    changes = ("new", "changed", "vanished")
    changed = (_item(number, change=change, changed_on=WRITTEN) for number, change in enumerate(changes, start=2))
    return _item(1, files=(file,)), *changed


def _too_much() -> Iterator[tuple[tuple[Item, ...], str]]:
    """More than paper holds: entries and values, one and several of each, and a file that nobody can print."""
    long = (replace(_FIELD, value="x" * (LONGEST + 1)),)
    file = ItemFile("dateien/0002.bin", "a.bin", "application/octet-stream", 0, "0" * 64, io.BytesIO)
    for more in (1, 2):
        entries = tuple(_item(number) for number in range(1, PART_ENTRIES * MOST_PARTS + 1 + more))
        yield entries, "mail"
        values = tuple(_item(number, fields=long) for number in range(1, 1 + more))
        yield (*values, _item(9, files=(*_given()[0].files, file))), "post"


def _left_out() -> tuple[Item, ...]:
    """Withheld on each ground, with and without a date; redacted with none, one and several files held; without the
    name of one of our own people."""
    kept = (
        _item(10 + number, Decision(DecisionKind.WITHHOLD, "", _AT, ground.value), at=_AT if number % 2 else None)
        for number, ground in enumerate(Ground)
    )
    removed = Decision(DecisionKind.REDACT, "", _AT, redactions=(Removed(Span(0, 0, 1), Ground.OTHERS),))
    files: tuple[tuple[str, ...], ...] = ((), ("0",), ("0", "1"))
    redacted = (_item(30 + number, removed, held_files=held) for number, held in enumerate(files))
    masked = _item(39, fields=(replace(_FIELD, redacted=(Ground.OTHERS,), staff=True),))
    return *kept, *redacted, masked, _item(40, Decision(DecisionKind.WITHHOLD, "", _AT))


def _cells() -> tuple[Cell, ...]:
    """Every state, with and without something of the person in it."""
    codes = ("not_answered", "not_searched", ASKED_BEFORE, "timeout")
    return (
        *(_cell(state, source) for state in CellState if state is not CellState.EXCLUDED for source in (_SOURCE, "")),
        *(replace(_cell(CellState.OPEN), code=code) for code in codes),
        *(replace(_cell(CellState.GAPS), gaps=gaps) for gaps in (1, 2)),
        *(_excluded(reason) for reason in Exclusion),
    )


def _cell(state: CellState, source: str = "") -> Cell:
    coverage = Coverage.BY_HAND if state is CellState.ANSWERED else Coverage.SOURCE
    at = None if state is CellState.OPEN else _AT
    return Cell(System(source or "leer", _ANY, coverage, source=source or "leer"), state, at=at)


def _excluded(reason: Exclusion) -> Cell:
    return Cell(System(reason.value, _ANY, Coverage.EXCLUDED, reason=reason, explanation=_ANY), CellState.EXCLUDED)
