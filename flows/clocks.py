"""The clock of a stored case: what happened is read from the store, how the house counts from the settings.

A stored due day changes only by a fact (a question answered, an extension in force), with a step in the history. Where
a fresh count differs without one, as with a changed list of holidays, people are told and the earlier day rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cases.bilingual import Text
from cases.case import Case, Extension
from cases.clock import Clock, Course, Reason, Suspension, Terms, clock
from cases.clock_difference import Difference, Stored, difference
from cases.deadline import Extension as Counting
from cases.deadline import Place
from cases.ladder import DATE_CODES, TARGET_PASSED, TARGET_SOON
from flows.house import House
from infra.store.cases import SYSTEM
from infra.store.store import Transaction

DIFFERS = "deadline_differs"
HOLIDAYS_CHANGED = "holidays_changed"  # the step by which a history says that another list is counted by from here on


@dataclass(frozen=True, slots=True)
class AlarmDays:
    """The days that alarms go by: `ruling`, see `ruling_day`, and the internal target."""

    ruling: date
    target: date


def terms(house: House) -> Terms:
    """How the house counts."""
    own, counts = house.settings.controller, house.settings.clock
    return Terms(
        Place(own.land, own.region or None, own.timezone),
        Suspension(counts.suspension),
        Counting(counts.extension),
        counts.prompt_days,
        counts.internal_target_days,
    )


def course(tx: Transaction, case: Case, *, settled: bool = True) -> Course:
    """What happened in a case. `settled` leaves out questions that wait for their answer: while one is open nobody
    knows how long it will suspend, so that what is stored does not count on it."""
    asked = tx.clocks.questions(case.number)
    questions = tuple(one for one in asked if one.answered_at is not None or not settled)
    return Course(case.received_at, questions, case.noticed_at)


def counted(house: House, tx: Transaction, case: Case, *, settled: bool = True) -> Clock:
    """The clock of a case, counted afresh. Raises what `cases.clock.clock` does."""
    return clock(course(tx, case, settled=settled), terms(house), tx.now)


def recount(
    house: House, tx: Transaction, case: str, why: str, who: str = SYSTEM, *, known: AlarmDays | None = None
) -> Clock:
    """Stores the due day with its derivation anew, because a fact has changed. A due day that moves is a step of the
    history, and alarms begin anew; with `known`, the days that they went by before, only those whose day has moved.
    Where only the list of holidays has changed, what is stored stays, and that is a step, too."""
    before = tx.cases.get(case)
    found = counted(house, tx, before)
    renewed = _other_list(before, found)
    if renewed:
        _note_list(tx, case, found.deadline.holiday_list)
    if found.deadline.nominal_end == before.nominal_end and (renewed or found.deadline.due != before.due):
        return found
    tx.cases.set_deadline(case, found.deadline)
    if found.deadline.due != before.due:
        tx.cases.note(case, f"due:{found.deadline.due.isoformat()}", who, f"{why}: {before.due.isoformat()}")
        _begin_anew(house, tx, case, known)
    return found


def _other_list(before: Case, found: Clock) -> bool:
    """Whether another list of holidays is counted by. The checksum is of the years of the period: where the facts have
    moved it, only the day of the list says so."""
    kept, fresh = before.holiday_list, found.deadline.holiday_list
    if found.deadline.nominal_end != before.nominal_end:
        kept, fresh = kept.partition(" ")[0], fresh.partition(" ")[0]
    return bool(kept) and kept != fresh


def _note_list(tx: Transaction, case: str, fresh: str) -> None:
    """One step for each list, however often it is counted by."""
    if not any(event.what == HOLIDAYS_CHANGED and event.why == fresh for event in tx.cases.history(case)):
        tx.cases.note(case, HOLIDAYS_CHANGED, why=fresh)


def _begin_anew(house: House, tx: Transaction, case: str, known: AlarmDays | None) -> None:
    """Ends the alarms of days that have moved; one whose day has not moved is not told of again."""
    now = alarm_days(house, tx, tx.cases.get(case))
    for code in DATE_CODES:
        if known is None or _day_of(code, known) != _day_of(code, now):
            tx.alarms.clear(case, code)


def _day_of(code: str, days: AlarmDays) -> date:
    return days.target if code in (TARGET_SOON, TARGET_PASSED) else days.ruling


def alarm_days(house: House, tx: Transaction, case: Case) -> AlarmDays:
    ruling = ruling_day(house, tx, case)
    return AlarmDays(ruling, min(counted(house, tx, case).target, ruling))


def question_asked(house: House, tx: Transaction, case: str, reason: Reason, by: str = SYSTEM) -> None:
    """The person was asked something that may suspend the period. The due day stays until the answer is there."""
    known = alarm_days(house, tx, tx.cases.get(case))
    if tx.clocks.ask(case, reason):
        tx.cases.note(case, f"asked:{reason}", by)
        recount(house, tx, case, f"asked:{reason}", by, known=known)


def question_answered(house: House, tx: Transaction, case: str, reason: Reason, by: str = SYSTEM) -> None:
    """The person's answer has arrived: what it suspended is known now, and the due day is counted anew."""
    known = alarm_days(house, tx, tx.cases.get(case))
    if tx.clocks.answer(case, reason):
        tx.cases.note(case, f"answered:{reason}", by)
        recount(house, tx, case, f"answered:{reason}", by, known=known)


def difference_of(house: House, tx: Transaction, case: Case) -> Difference | None:
    """Where a fresh count leads elsewhere than what is stored, or to the same day by another list of holidays."""
    kept = Stored(case.due, case.nominal_end, Text(case.derivation_de, case.derivation_en), case.holiday_list)
    return difference(kept, counted(house, tx, case).deadline)


def ruling_day(house: House, tx: Transaction, case: Case) -> date:
    """The day that alarms go by: the earliest of the stored due day, a fresh count, and both without suspension."""
    fresh = counted(house, tx, case).deadline
    return min(case.due, fresh.due, case.due_unsuspended or case.due, fresh.due_unsuspended)


def alarm_due(house: House, tx: Transaction, case: Case) -> date:
    """The day that an alarm names: of an open case the one that alarms go by, else what is stored."""
    return ruling_day(house, tx, case) if case.open and not case.answered_at else case.due_now(house.today(tx.now))


def if_extended(house: House, tx: Transaction, case: Case) -> Clock:
    """The clock of a case whose notice of an extension would go out now."""
    return clock(replace(course(tx, case), noticed_at=tx.now), terms(house), tx.now)


def is_extended(case: Case) -> bool:
    return case.extension == Extension.IN_FORCE
