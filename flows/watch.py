"""The alarms: what dates, silence and standstill call for, each told once for every stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.case import Case, Status
from cases.holidays_de import is_working_day
from cases.ladder import DATE_CODES
from flows.absence import Absence, Missed, absence, tell_missed
from flows.breach import watch_breaches
from flows.chains import STILL_CODES, Chained, chains
from flows.challenging import ALARMS as CODE_ALARMS
from flows.clocks import DIFFERS
from flows.extension import watch_extensions
from flows.gone import watch_gone
from flows.house import House, mailbox_part
from flows.names import days_left
from flows.notices import tell
from flows.opening import wake_waiting
from flows.refusal import ONCE as REFUSAL
from flows.snapshot import hold_and_lift
from infra.store.alarms import Alarm
from infra.store.store import Transaction

REFUSAL_UNSENT = "refusal_unsent"
# What is over when its case has ended. A mail that did not arrive, or one that came, is not.
OVER_WITH_THE_CASE = (
    *DATE_CODES,
    *STILL_CODES,
    DIFFERS,
    "extension_unsent",
    "extension_void",
    "other_right",
    "withdrawal_received",
    "wrong_codes",
    *CODE_ALARMS,
    "package_refused",
)
BY_DATE = frozenset((*DATE_CODES, *STILL_CODES))  # these say themselves when the management is told


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch did, in numbers."""

    open: int
    overdue: int
    alarms: int


def watch(house: House) -> Watched:
    """Raises the alarms that dates, silence and standstill call for, and tells every one that nobody was told of yet.
    Where nothing ran for a while, one mail says which of them were missed."""
    watch_gone(house)
    with house.store.begin() as tx:
        gone = absence(house, tx)
        watch_extensions(house, tx, tx.cases.still_open())
        cases = tx.cases.still_open()
        missed = _climb_all(house, tx, cases, gone)
        wake_waiting(house, tx)
        watch_breaches(tx)
        hold_and_lift(house, tx)
        _raise_silence(house, tx, gone)
        _raise_unsent_refusals(house, tx)
        _end_with_cases(tx, {case.number for case in cases})
        _escalate(house, tx)
        tell_missed(house, tx, gone, missed)
        untold = [item for item in tx.alarms.standing() if item.told_at is None]
        tell(house, tx, untold)
    overdue = sum(days_left(house, case.due, house.clock.now()) < 0 for case in cases if not case.answered_at)
    return Watched(len(cases), overdue, len(untold))


def _climb_all(house: House, tx: Transaction, cases: Sequence[Case], gone: Absence | None) -> list[Missed]:
    standing = {(item.subject, item.code): item for item in tx.alarms.standing()}
    missed: list[Missed] = []
    for chained in chains(house, tx, cases):
        missed += _climb(house, tx, chained, standing, gone)
    return missed


def _climb(
    house: House, tx: Transaction, chained: Chained, standing: dict[tuple[str, str], Alarm], gone: Absence | None
) -> list[Missed]:
    """Takes one matter to the rung that was reached by today; returns what an absence missed of it."""
    case, chain, today = chained.case.number, chained.chain, house.today(tx.now)
    rung = chain.reached(today)
    for code in chain.codes:
        if (rung is None or code != rung.code) and (case, code) in standing:
            tx.alarms.clear(case, code)
    if rung is None:
        return []
    known = standing.get((case, rung.code))
    if known is not None and known.stage >= rung.stage:
        return []
    tx.alarms.raise_stage(case, rung.code, rung.stage, management=rung.management)
    if gone is None:
        return []
    since = max(gone.last_day, house.today(chained.case.opened_at))
    return [
        Missed(case, each) for each in chain.between(since, today) if _is_new(each.code, each.stage, case, standing)
    ]


def _is_new(code: str, stage: int, case: str, standing: dict[tuple[str, str], Alarm]) -> bool:
    known = standing.get((case, code))
    return known is None or known.stage < stage


def _raise_silence(house: House, tx: Transaction, gone: Absence | None) -> None:
    """A mailbox that nobody could read for a while is as bad as one that lost a mail; so is a mail that was stored and
    that nobody could look at. What is silent because nothing ran is told as an absence."""
    limit = timedelta(hours=house.settings.alarms.mailbox_hours)
    awake = tx.now if gone is not None else _awake_since(tx)
    oldest = tx.messages.oldest_waiting()
    if oldest is not None and _silent_for(oldest, awake, tx.now) > limit:
        tx.alarms.raise_("intake", "intake_failed")
    else:
        tx.alarms.clear("intake", "intake_failed")
    for part in map(mailbox_part, house.settings.accounts):
        read_at = tx.state.get(part).get("read_at", "")
        if read_at and _silent_for(datetime.fromisoformat(read_at), awake, tx.now) > limit:
            tx.alarms.raise_(part, "intake_failed")


def _silent_for(heard: datetime, awake: datetime, now: datetime) -> timedelta:
    """A time that has not come is of a clock that was turned back, and mutes nothing."""
    return now - (max(heard, awake) if heard <= now else awake)


def _awake_since(tx: Transaction) -> datetime:
    back = tx.state.get("watch").get("back_at", "")
    return datetime.fromisoformat(back) if back else datetime.min.replace(tzinfo=tx.now.tzinfo)


def _raise_unsent_refusals(house: House, tx: Transaction) -> None:
    """A refusal ends its case when it is queued; that it also leaves within the period is still owed (Art. 12(4))."""
    waiting = set(tx.outbox.unsent(REFUSAL))
    for case in tx.cases.in_status(Status.REFUSED) if waiting else ():
        if case.number in waiting and days_left(house, case.due, tx.now) <= 1:
            tx.alarms.raise_stage(case.number, REFUSAL_UNSENT, 1, management=True)
    for item in tx.alarms.standing():
        if item.code == REFUSAL_UNSENT and item.told_at is not None and item.subject not in waiting:
            tx.alarms.clear(item.subject, item.code)


def _end_with_cases(tx: Transaction, still_open: set[str]) -> None:
    """Ends the alarms of ended cases that somebody was told of: the report names what still needs a person."""
    for item in tx.alarms.standing():
        if item.code in OVER_WITH_THE_CASE and item.told_at is not None and item.subject not in still_open:
            tx.alarms.clear(item.subject, item.code)


def _escalate(house: House, tx: Transaction) -> None:
    """An alarm that nobody says they have seen goes to the management, too. Those of dates and standstill say by
    themselves when that is."""
    alarms = house.settings.alarms
    if not alarms.management:
        return
    limit = timedelta(hours=alarms.escalate_hours)
    for item in tx.alarms.standing():
        told = item.told_at if item.waits and not item.management and item.code not in BY_DATE else None
        if told is not None and _working_time(house, told, tx.now) >= limit:
            tx.alarms.raise_stage(item.subject, item.code, item.stage + 1, management=True)


def _working_time(house: House, since: datetime, now: datetime) -> timedelta:
    """The time that has passed, without weekends and holidays: nobody is asked to see an alarm on a Sunday."""
    own, day, today, passed = house.settings.controller, house.today(since), house.today(now), timedelta()
    while day <= today:
        begins = datetime.combine(day, datetime.min.time(), tzinfo=house.zone)
        ends = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=house.zone)
        if is_working_day(day, own.land, own.region or None):
            passed += max(timedelta(), min(ends, now) - max(begins, since))
        day += timedelta(days=1)
    return passed
