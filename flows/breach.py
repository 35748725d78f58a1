"""An answer reached, or may have reached, somebody else: a task with a clock of its own (ID-05; Art. 33, 34 GDPR).
Whether the authority is notified is a person's decision, and only their record ends the task."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.authorities import Authority, competent
from cases.breach import Outcome, alarm_of, notify_by
from flows.house import House
from infra.store.breaches import Breach
from infra.store.sealed import Typed
from infra.store.store import Transaction

CODES = ("breach_open", "breach_due", "breach_overdue")
QUESTION = "breach"
SHORTEST_FACTS = 20  # signs
WHY_NOT = {
    "breach_facts": "Was ist geschehen? Mindestens 20 Zeichen / what happened? At least 20 signs",
    "breach_moment": "Dieser Zeitpunkt kann es nicht gewesen sein / that cannot have been the moment",
    "breach_reason": "Warum nicht zu melden? Mindestens 20 Zeichen / why is it not notifiable? At least 20 signs",
}


class NoBreach(Exception):
    """A breach task is not opened or ended; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(WHY_NOT[code])
        self.code = code


def authority_of(house: House) -> Authority:
    """Whom a breach is notified to: the authority of the Land."""
    own = house.settings.controller
    return competent(own.land, own.public_body)


def open_breach(house: House, tx: Transaction, case: str, by: str, facts: str, known_at: datetime) -> Breach:
    """Opens a task whose 72 hours run from `known_at`, whatever became of the case. Raises `NoBreach`."""
    if len(facts.strip()) < SHORTEST_FACTS:
        raise NoBreach("breach_facts")
    if not tx.cases.get(case).received_at <= known_at <= tx.now:
        raise NoBreach("breach_moment")
    said, authority = Typed(by, facts, tx.now), authority_of(house).code
    opened = tx.breaches.open(case, known_at, notify_by(known_at), authority, said)
    tx.cases.note(case, f"breach:{opened.number}", by, facts)
    tx.questions.ask(case, QUESTION, house.today(opened.due_at), str(opened.number))
    for code in CODES:  # a further task is told of, too, however urgent the one before it is
        tx.alarms.clear(case, code)
    _raise(tx, case)
    return opened


def end_breach(
    tx: Transaction, case: str, number: int, outcome: Outcome, by: str, reason: str, at: datetime | None
) -> Breach:
    """Ends a task: notified at a time, or not notifiable for a reason. Raises `NoBreach`, `NoSuchBreach`."""
    if outcome is Outcome.NOT_NOTIFIABLE and len(reason.strip()) < SHORTEST_FACTS:
        raise NoBreach("breach_reason")
    notified = (at or tx.now) if outcome is Outcome.NOTIFIED else None
    known = next((one for one in tx.breaches.of_case(case) if one.number == number), None)
    if known is not None and notified is not None and not known.known_at <= notified <= tx.now:
        raise NoBreach("breach_moment")
    ended = tx.breaches.end(case, number, outcome, notified, Typed(by, reason, tx.now))
    tx.cases.note(case, f"breach_ended:{outcome}", by, reason)
    tx.questions.settle(case, QUESTION, str(number))
    _raise(tx, case)
    return ended


def local_moment(house: House, text: str) -> datetime:
    """What a person typed as a local date and time (ISO 8601, with a space or a T). ValueError for anything else."""
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=house.zone)


def watch_breaches(tx: Transaction) -> None:
    """Tells the management at once, and again when a day is left and when the time is over."""
    for case in dict.fromkeys(breach.case for breach in tx.breaches.still_open()):
        _raise(tx, case)


def hours_left(breach: Breach, now: datetime) -> int:
    """Whole hours until the notification is due; negative once it is."""
    return (breach.due_at - now) // timedelta(hours=1)


def _raise(tx: Transaction, case: str) -> None:
    """Alarms are a case's, not a task's: of several open tasks the most urgent one rules which alarm stands."""
    ruling = min((one.due_at for one in tx.breaches.of_case(case) if one.open), default=None)
    code = alarm_of(ruling, tx.now) if ruling is not None else ""
    for other in CODES:
        if other != code:
            tx.alarms.clear(case, other)
    if code:
        tx.alarms.raise_stage(case, code, 1, management=True)
