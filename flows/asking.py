"""What a person of the house asks the data subject by mail beyond their identity: would they like something in
particular (recital 63, TIM-10), and do they want a further copy at its price (ANS-18)? Nothing is narrowed and nothing
is charged by it: silence gives everything, and costs nothing."""

from __future__ import annotations

from datetime import date, timedelta

from cases.case import Case, Status
from cases.clock import Reason
from cases.draft import Notice
from cases.fee import Asked, why_free
from cases.person import Person
from flows.clocks import question_answered, question_asked
from flows.house import House
from flows.notices import Addressed, queue_notice
from infra.keystore import KeyDestroyed
from infra.store.store import Transaction
from outputs.letter_values import LARGE_QUANTITY

REPLY_DAYS = 14
ASKABLE = frozenset({Status.COLLECTING, Status.REVIEW})
WHY_NOT = {
    "not_now": "Das geht in diesem Stand des Vorgangs nicht / the case is not in a state for this",
    "not_many": f"Eine Rückfrage setzt mindestens {LARGE_QUANTITY} Einträge voraus / a question needs so many entries",
    "no_address": "Keine E-Mail-Adresse: `auskunft letter` schreibt den Brief / no e-mail address: write a letter",
    "too_late": "Bis zur Frist bleibt keine Zeit für eine Antwort / no time is left for a reply before the due day",
    "not_asked": "Dieser Vorgang hat keine offene Rückfrage / nothing is open for this case",
    "first_copy": "Die erste Kopie ist kostenlos / the first copy is free",
    "reminder": "Der frühere Vorgang hat noch keine Antwort mit Daten: das ist eine Erinnerung / the earlier case has"
    " no answer with data yet: this reminds of it",
    "other_period": "Ein anderer Zeitraum ist kostenlos / another period is free",
    "other_data": "Andere Daten sind kostenlos / other data are free",
    "gone": "Was der frühere Vorgang verlangt hat, ist gelöscht. Niemand kann zeigen, dass es dieselbe Kopie ist: sie"
    " ist kostenlos / what the earlier case asked for is deleted. Nobody can show that it is the same copy: it is free",
    "other_person": "Der frühere Vorgang betrifft eine andere Person / the earlier case is about another person",
}


class CannotAsk(Exception):
    """Nothing is asked; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(WHY_NOT[code])
        self.code = code


def ask_clarification(house: House, tx: Transaction, case: str, by: str) -> date:
    """Queues the question; returns the day to reply by. Raises `CannotAsk`: without a large quantity of data there is
    nothing to ask."""
    value = tx.cases.get(case)
    entries = len(tx.findings.all(tx.cases.row(case)))
    if value.status not in ASKABLE:
        raise CannotAsk("not_now")
    if entries < LARGE_QUANTITY:
        raise CannotAsk("not_many")
    reply = reply_by(house.today(tx.now), value.due)
    fields = (
        ("received", house.today(value.received_at).isoformat()),
        ("entries", str(entries)),
        ("reply_by", reply.isoformat()),
        ("due", value.due.isoformat()),
    )
    _queue(house, tx, value, Notice("clarification", value.language, case, fields))
    question_asked(house, tx, case, Reason.CLARIFICATION, by)
    return reply


def clarified(house: House, tx: Transaction, case: str, by: str) -> None:
    """The person has answered the question, or its day is over: everything is given, what they named first."""
    if not any(q.reason == Reason.CLARIFICATION and q.answered_at is None for q in tx.clocks.questions(case)):
        raise CannotAsk("not_asked")
    question_answered(house, tx, case, Reason.CLARIFICATION, by)


def announce_fee(
    house: House, tx: Transaction, case: str, earlier: str, cents: int, costs: tuple[str, ...], by: str
) -> date:
    """Queues the fee notice; returns the day to reply by. Raises `CannotAsk` where the copy is free."""
    value = tx.cases.get(case)
    answered = first_answer(house, tx, value, earlier)
    reply = reply_by(house.today(tx.now), value.due)
    fields = (
        ("received", house.today(value.received_at).isoformat()),
        ("answered", answered.isoformat()),
        ("earlier", earlier),
        ("cents", str(cents)),
        *(("cost", code) for code in costs),
        ("reply_by", reply.isoformat()),
    )
    _queue(house, tx, value, Notice("fee", value.language, case, fields))
    tx.cases.note(case, "fee_announced", by, f"{earlier}: {cents}")
    return reply


def first_answer(house: House, tx: Transaction, case: Case, earlier: str) -> date:
    """The day on which the earlier case gave the same copy free of charge; raises `CannotAsk` where it did not."""
    try:
        before = tx.cases.get(earlier)
        asked, first = tx.cases.person(case.number), tx.cases.person(earlier)
    except KeyDestroyed:
        raise CannotAsk("gone") from None
    if not _same_person(asked, first):
        raise CannotAsk("other_person")
    answered = house.today(before.closed_at) if before.status is Status.ANSWERED and before.closed_at else None
    again = Asked(asked.wishes.period, asked.wishes.systems)
    why = why_free(Asked(first.wishes.period, first.wishes.systems, answered), again)
    if why or answered is None:
        raise CannotAsk(why)
    return answered


def reply_by(today: date, due: date) -> date:
    """Two weeks, or the day before the due day where that is earlier."""
    reply = min(today + timedelta(days=REPLY_DAYS), due - timedelta(days=1))
    if reply <= today:
        raise CannotAsk("too_late")
    return reply


def _same_person(one: Person, other: Person) -> bool:
    return bool(one.recipient) and (one.name, one.recipient) == (other.name, other.recipient)


def _queue(house: House, tx: Transaction, case: Case, notice: Notice) -> None:
    person = tx.cases.person(case.number)
    if not person.recipient:
        raise CannotAsk("no_address")
    queue_notice(house, tx, f"{notice.template}/{case.number}", notice, Addressed(person.recipient, person.message_id))
