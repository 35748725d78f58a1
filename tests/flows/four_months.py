"""Four months of sixty cases as a plan, and what must come of it: counted here by other code than the program's, with
the public holidays of these months typed in."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

FIRST, LAST = date(2026, 3, 2), date(2026, 6, 30)
HOLIDAYS = {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25)}
EASTER = {date(2026, 4, day) for day in (3, 4, 5, 6)}
WEEKEND = {date(2026, 5, day) for day in (9, 10)}
OFF = EASTER | WEEKEND  # everything is switched off
DAY = timedelta(days=1)
#: kind of case: days from its arrival to its end, the end, and how it is called in a report
KINDS = {
    "quick": (10, "answered"),
    "slow": (24, "answered"),
    "late": (40, "answered"),
    "extended": (85, "answered"),
    "refused": (12, "refused"),
    "no_request": (33, "not_a_request"),
}
EXTENDED_AFTER = 20
BEFORE, AFTER, MANAGEMENT = (7, 3, 1, 0), (1, 7), 3
REVIEW = 10


@dataclass(frozen=True)
class Plan:
    """One case: the day of its arrival, of its opening in the store (where that was off: the next day on), its end."""

    number: str
    kind: str
    received: date

    @property
    def opened(self) -> date:
        return next_on(self.received)

    @property
    def ends(self) -> date:
        return next_on(self.received + KINDS[self.kind][0] * DAY)

    @property
    def extends(self) -> date | None:
        return next_on(self.received + EXTENDED_AFTER * DAY) if self.kind == "extended" else None


@dataclass(frozen=True, order=True)
class Told:
    """One alarm as people hear of it. `listed`: in the one mail after an absence; `day`: when it came by itself."""

    day: date
    case: str
    code: str
    management: bool = False
    listed: bool = False


def plans() -> tuple[Plan, ...]:
    days = [FIRST + 2 * index * DAY for index in range(60)]
    return tuple(
        Plan(f"DSAR-2026-{index + 1:04}", list(KINDS)[index % len(KINDS)], day) for index, day in enumerate(days)
    )


def days_on() -> list[date]:
    every = [FIRST + index * DAY for index in range((LAST - FIRST).days + 1)]
    return [day for day in every if day not in OFF]


def next_on(day: date) -> date:
    while day in OFF:
        day += DAY
    return day


def workday(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_of(plan: Plan, months: int = 1) -> date:
    day = months_on(plan.received, months)
    while not workday(day):
        day += DAY
    return day


def last_workday(day: date) -> date:
    while not workday(day):
        day -= DAY
    return day


def target_of(plan: Plan, *, extended: bool) -> date:
    first = last_workday(months_on(plan.received, 1))
    if extended:
        return max(last_workday(last_workday(months_on(plan.received, 3)) - 14 * DAY), first)
    return min(last_workday(plan.received + 14 * DAY), first)


def expected() -> Counter[Told]:
    """Every alarm of every case, once, on its day."""
    return Counter(told for plan in plans() for told in _of(plan))


def _of(plan: Plan) -> Iterator[Told]:
    """From the day after the opening (the program looks in the morning) to the morning of the end."""
    for day, code, management in _rungs(plan):
        if not plan.opened < day <= min(plan.ends, LAST):
            continue
        told = next_on(day)
        if told <= min(plan.ends, LAST):
            yield Told(told, plan.number, code, management, listed=told != day)


def _rungs(plan: Plan) -> Iterator[tuple[date, str, bool]]:
    turns = next_on(plan.extends + DAY) if plan.extends else date.max  # the notice leaves on the next morning
    for extended in (False, True) if plan.extends else (False,):
        due = due_of(plan, 3 if extended else 1)
        rungs = [(due - left * DAY, _code(left), left <= MANAGEMENT) for left in BEFORE]
        rungs += [(due + over * DAY, "overdue", True) for over in AFTER]
        rungs.append((target_of(plan, extended=extended) + DAY, "target_passed", False))
        yield from (rung for rung in rungs if (rung[0] > turns) == extended)
    if plan.kind == "late":
        yield from ((plan.opened + times * REVIEW * DAY, "review_waiting", times == 2) for times in (1, 2))


def _code(left: int) -> str:
    return {0: "due_today", 1: "due_tomorrow"}.get(left, "due_soon")


def weeks() -> list[date]:
    """The days on which a weekly report is made: Mondays, or the next day on. The first one finds a week before."""
    mondays = [day for day in (FIRST + index * DAY for index in range((LAST - FIRST).days + 1)) if day.weekday() == 0]
    return [next_on(day) for day in mondays]


def week(made: date) -> tuple[str, int, int, int, int, int, int]:
    """The report made on the morning of a day: of the seven days before its Monday, and of what is open then."""
    monday = made - made.weekday() * DAY
    known = [plan for plan in plans() if plan.opened < made]
    ended = [plan for plan in known if plan.ends < made]
    asked = [plan for plan in known if monday - 7 * DAY <= plan.received < monday]
    asked = [plan for plan in asked if plan not in ended or plan.kind != "no_request"]
    given = [plan for plan in ended if monday - 7 * DAY <= plan.ends < monday and plan.kind != "no_request"]
    in_month = sum(plan.ends <= due_of(plan) for plan in given)
    late = sum(plan.ends > due_of(plan, 3 if plan.extends else 1) for plan in given)
    still = [plan for plan in known if plan not in ended]
    overdue = sum(_due_then(plan, made) < made for plan in still)
    return made.isoformat(), len(asked), len(given), in_month, late, len(still), overdue


def _due_then(plan: Plan, made: date) -> date:
    """The notice of an extension leaves on the morning after it was decided, before the report of that morning does."""
    extended = plan.extends is not None and next_on(plan.extends + DAY) < made
    return due_of(plan, 3 if extended else 1)
