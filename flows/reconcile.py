"""What should be running or waiting, as our store says; whatever happened to the engine or its database.

The store is the truth. `wanted` is computed from it alone; `flows.engine` holds it against the engine and starts what
is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.case import Case, Status
from flows import draft as drafts
from flows.collect import anything_waits
from flows.house import House
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.store import Transaction
from infra.store.work import Question

COLLECT = "collect"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run that should exist: `key` names the thing, whatever the attempt; `name` is what a person reads."""

    key: str
    deployment: str
    name: str
    case: str
    waits: bool
    due: date
    parameters: dict[str, str] = field(default_factory=dict)


def wanted(house: House) -> tuple[Wanted, ...]:
    """Everything that should run or wait now, the most urgent first."""
    found: list[Wanted] = []
    with house.store.begin() as tx:
        if anything_waits(house, tx):
            found.append(Wanted(COLLECT, "collect", "collect", "", waits=False, due=house.today(tx.now)))
        for case in tx.cases.in_status(Status.REVIEW):
            number = _draft_number(house, tx, case.number)
            if number:
                found.append(_fulfil(house, case, number, tx.now, waits=True))
        for case in tx.cases.in_status(Status.APPROVED):
            found.append(_fulfil(house, case, case.draft, tx.now, waits=False))
        found += [_ask(house, tx, question) for question in tx.questions.open_ones()]
    return tuple(found)


def put_now(found: Sequence[Wanted], put: Collection[str], most: int) -> tuple[Wanted, ...]:
    """What is started of everything wanted: a person is shown at most so many forms, the most urgent first. One that is
    shown already stays until it is answered, for somebody may be typing into it."""
    forms = sorted((item for item in found if item.waits), key=lambda item: (item.due, item.key))
    shown = {item.key for item in forms[:most]} | set(put)
    return tuple(item for item in found if not item.waits or item.key in shown)


def _draft_number(house: House, tx: Transaction, case: str) -> int:
    """The number of a case's current draft; 0 where it cannot be made, which is an alarm and stops no other case."""
    try:
        return drafts.current(house, tx, case)[0].number
    except (KeyStoreError, Tampered):
        tx.cases.needs_attention(case, "unreadable_case")
        tx.alarms.raise_(case, "unreadable_case")
        return 0


def days_left(house: House, due: date, now: datetime) -> int:
    """Calendar days until a due date in the controller's zone; negative once it has passed."""
    return (due - house.today(now)).days


def in_words(days: int) -> str:
    """For run names, which a person sorts by: `12 days left`, `today`, `3 days late`."""
    if days < 0:
        return f"{-days} days late" if days < -1 else "1 day late"
    return {0: "today", 1: "1 day left"}.get(days, f"{days} days left")


def _fulfil(house: House, case: Case, draft: int, now: datetime, *, waits: bool) -> Wanted:
    days = in_words(days_left(house, case.due, now))
    parameters = {"case": case.number, "draft": str(draft)}
    return Wanted(
        f"fulfil/{case.number}/{draft}", "fulfil", f"{case.number} · {days}", case.number, waits, case.due, parameters
    )


def _ask(house: House, tx: Transaction, question: Question) -> Wanted:
    days = in_words(days_left(house, question.due, tx.now))
    about = f" · {question.about}" if question.about else ""
    name = f"{question.case} · {question.kind}{about} · {days}"
    key = f"ask/{question.case}/{question.id}"
    return Wanted(key, "ask", name, question.case, waits=True, due=question.due, parameters={"question": question.id})
