"""Which matters of the open cases are watched: the due day, the internal target, and standing still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from cases.bilingual import Text
from cases.case import Case, Status
from cases.clock import clock
from cases.clock_difference import Stored, difference
from cases.ladder import Chain, before_and_after, standing_still, towards_target
from flows.clocks import DIFFERS, course, terms
from flows.house import House
from infra.store.facts import Step
from infra.store.store import Transaction
from infra.store.work import Question

# The alarm of each status that nobody moves on from, and the setting that says after how many days.
STILL: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        Status.TRIAGE: ("triage_waiting", "triage"),
        Status.RECEIVED: ("program_waiting", "program"),
        Status.ACKNOWLEDGED: ("program_waiting", "program"),
        Status.IDENTIFYING: ("identity_waiting", "identifying"),
        Status.COLLECTING: ("program_waiting", "program"),
        Status.REVIEW: ("review_waiting", "review"),
        Status.APPROVED: ("program_waiting", "program"),
        Status.SEALED: ("delivery_waiting", "delivery"),
        Status.SENT: ("passphrase_waiting", "sent"),
        Status.DELIVERY_UNCERTAIN: ("delivery_waiting", "delivery"),
        Status.WITH_PERSON: ("person_waiting", "with_person"),
    }
)
BY_STATUS = tuple(dict.fromkeys(code for code, _ in STILL.values()))
BY_HAND, REPLY = "hand_answer_missing", "reply_missing"
STILL_CODES = (*BY_STATUS, BY_HAND, REPLY)


@dataclass(frozen=True, slots=True)
class Chained:
    case: Case
    chain: Chain


def chains(house: House, tx: Transaction, cases: Sequence[Case]) -> Iterator[Chained]:
    """Every matter of every open case. A due day that a fresh count would put elsewhere is noted on the way."""
    steps, owed, asked = tx.facts.steps_of_open(), tx.clocks.waiting(), _by_case(tx.questions.open_ones())
    for case in cases:
        history = steps.get(case.number, ())
        yield from (Chained(case, chain) for chain in _by_date(house, tx, case))
        yield Chained(case, _by_status(house, case, history))
        yield Chained(case, _by_hand(house, asked.get(case.number, ())))
        yield Chained(case, _reply(house, owed.get(case.number) or _asked_for_authority(case, history)))


def _by_date(house: House, tx: Transaction, case: Case) -> tuple[Chain, Chain]:
    """The earliest of all due days rules: the stored one, a fresh count, and both without suspension. Those of a case
    that was answered and is corrected are over: they ring no more, and what stands ends."""
    alarms, found = house.settings.alarms, clock(course(tx, case), terms(house), tx.now)
    fresh = found.deadline
    if difference(Stored(case.due, case.nominal_end, Text(case.derivation_de, case.derivation_en)), fresh):
        tx.alarms.raise_(case.number, DIFFERS)
    else:
        tx.alarms.clear(case.number, DIFFERS)
    due = min(case.due, fresh.due, case.due_unsuspended or case.due, fresh.due_unsuspended)
    ladder = before_and_after(due, alarms.before_due, alarms.after_due, alarms.management_days)
    target = towards_target(min(found.target, due), alarms.before_target)
    return (Chain(ladder.codes, ()), Chain(target.codes, ())) if case.answered_at else (ladder, target)


def _by_status(house: House, case: Case, history: Sequence[Step]) -> Chain:
    code, setting = STILL[case.status]
    days = 0 if case.waits_for else int(getattr(house.settings.alarms.standstill, setting))
    since = next((step.at for step in reversed(history) if step.what.startswith("status:")), case.opened_at)
    return _covering(BY_STATUS, standing_still(code, house.today(since), days))


def _by_hand(house: House, asked: Iterable[Question]) -> Chain:
    due = [question.due for question in asked if question.kind == "by_hand"]
    return _still(BY_HAND, min(due, default=None), house.settings.alarms.standstill.by_hand)


def _reply(house: House, since: datetime | None) -> Chain:
    day = house.today(since) if since else None
    return _still(REPLY, day, house.settings.alarms.standstill.reply)


def _asked_for_authority(case: Case, history: Sequence[Step]) -> datetime | None:
    """A proxy who was asked for the authority and owes it."""
    if not case.waits_for_reply:
        return None
    return next((step.at for step in reversed(history) if step.what == "authority:not_proven"), None)


def _still(code: str, since: date | None, days: int) -> Chain:
    return Chain((code,), ()) if since is None else standing_still(code, since, days)


def _covering(codes: tuple[str, ...], chain: Chain) -> Chain:
    """The chain, which also ends what stood for another status."""
    return Chain(codes, chain.rungs)


def _by_case(questions: Iterable[Question]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.case, []).append(question)
    return found
