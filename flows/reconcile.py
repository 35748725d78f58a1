"""What should be running or waiting, as our store says; whatever happened to the engine or its database.

The store is the truth. `wanted` is computed from it alone; `flows.engine` holds it against the engine and starts what
is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cases.case import Case, Status
from flows import alarm_forms
from flows import draft as drafts
from flows.collect import anything_waits
from flows.house import House
from flows.names import days_left, run_name, sortable
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.alarms import Alarm
from infra.store.store import Transaction
from infra.store.work import Question
from outputs.errors import OutputError

COLLECT = "collect"
ALARMS_SHARE = 5  # one form in five may be an alarm


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
    tags: tuple[str, ...] = ()  # beside the case's number


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
        found += [_alarm(house, tx, subject, items) for subject, items in alarm_forms.waiting(tx).items()]
    return tuple(found)


def put_now(found: Sequence[Wanted], put: Collection[str], most: int) -> tuple[Wanted, ...]:
    """What is started of everything wanted: a person is shown at most so many forms, the most urgent first. One that is
    shown already stays until it is answered, for somebody may be typing into it. Alarms to be seen have a share of
    their own, so that they never keep back what would end them."""
    forms = sorted((item for item in found if item.waits), key=lambda item: (item.due, item.key))
    decisions = [item.key for item in forms if item.deployment != "alarm"]
    alarms = [item.key for item in forms if item.deployment == "alarm"]
    shown = {*decisions[:most], *alarms[: max(most // ALARMS_SHARE, 1)], *put}
    return tuple(item for item in found if not item.waits or item.key in shown)


def _draft_number(house: House, tx: Transaction, case: str) -> int:
    """The number of a case's current draft; 0 where it cannot be made, which is an alarm and stops no other case."""
    try:
        return drafts.current(house, tx, case)[0].number
    except (KeyStoreError, Tampered, OutputError):
        tx.cases.needs_attention(case, "unreadable_case")
        tx.alarms.raise_(case, "unreadable_case")
        return 0


def _fulfil(house: House, case: Case, draft: int, now: datetime, *, waits: bool) -> Wanted:
    due = case.due_now(house.today(now))
    days = days_left(house, due, now)
    name = run_name(days, case.number, "review" if waits else "send")
    parameters = {"case": case.number, "draft": str(draft)}
    key = f"fulfil/{case.number}/{draft}"
    return Wanted(key, "fulfil", name, case.number, waits, due, parameters, (sortable(days),))


def _ask(house: House, tx: Transaction, question: Question) -> Wanted:
    today, corrected = house.today(tx.now), tx.cases.get(question.case).answered_at is not None
    due = max(question.due, today) if corrected else question.due
    days = days_left(house, due, tx.now)
    name = run_name(days, question.case, question.kind, question.about)
    key, parameters = f"ask/{question.case}/{question.id}", {"question": question.id}
    return Wanted(key, "ask", name, question.case, True, due, parameters, (sortable(days), question.kind))


def _alarm(house: House, tx: Transaction, subject: str, items: Sequence[Alarm]) -> Wanted:
    due = alarm_forms.due_of(house, tx, subject)
    days = days_left(house, due, tx.now)
    key, case = f"alarm/{subject}/{alarm_forms.stamp(items)}", subject if subject.startswith("DSAR-") else ""
    name, tags = run_name(days, subject, "alarm"), (sortable(days), "alarm")
    return Wanted(key, "alarm", name, case, True, due, {"subject": subject}, tags)
