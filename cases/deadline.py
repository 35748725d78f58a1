"""The clock of a case: when an answer is due, by Art. 12(3) GDPR and Regulation (EEC, Euratom) No 1182/71.

The day of receipt is the local date where the controller is, whether anybody worked that day or not. A month ends with
the same-numbered day, or with the last day of a shorter month (Art. 3(2)(c); C-171/03); only then does an end on a
Saturday, Sunday or public holiday move on to the next working day (Art. 3(4)). BGB 187(1), 188(2) and (3), 193 lead to
the same days. The law has no arithmetic for suspension (EDPB Guidelines 01/2022 par. 159): days of a pause are added to
the nominal end, a restart counts from its own date, and the dates without either are always at hand.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cases.bilingual import Text
from cases.deadline_words import Step, passed_over, place, told
from cases.holidays_de import FIRST_YEAR, LAST_YEAR, is_working_day
from cases.laender import checked_region, land_of

BERLIN = "Europe/Berlin"
LONGEST_PAUSE = 3650  # days; more is a slip of the keyboard
_ONE_DAY = timedelta(days=1)


class Extension(StrEnum):
    """How the two months of an extension are counted: three months from receipt, or two from the end of the first."""

    FROM_RECEIPT = "from_receipt"
    CHAINED = "chained"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the answer is due, and why. All dates are local dates in `zone`.

    `nominal_end`: before any shift to a working day. `due`: the last day for the answer. `due_at`: the first moment
    that is too late, aware UTC. `safe_target`: the last nation-wide working day on or before the nominal end, right
    whatever anybody holds of holidays. `notice_due`: the last day on which an extension can be announced, with
    `notice_safe_target` as its safe day, which counts neither pause nor restart. `due_unsuspended`: the due day if
    pause and restart are not recognised.
    """

    received_on: date
    counted_from: date
    nominal_end: date
    due: date
    due_at: datetime
    safe_target: date
    notice_due: date
    notice_safe_target: date
    due_unsuspended: date
    extended: bool
    zone: str
    derivation: Text


@dataclass(frozen=True, slots=True)
class _Count:
    """What a deadline is counted from, checked. `months` are added one after the other."""

    received_on: date
    start: date
    months: tuple[int, ...]
    paused_days: int
    land: str | None
    region: str | None
    zone: str

    def shifted(self, day: date) -> date:
        return next_working_day(day, self.land, self.region)


def deadline(
    received: datetime,
    *,
    land: str | None = None,
    region: str | None = None,
    extended: bool = False,
    extension: Extension = Extension.FROM_RECEIPT,
    paused_days: int = 0,
    restarted_on: date | None = None,
    zone: str = BERLIN,
) -> Deadline:
    """The deadline of a request that arrived at `received` (aware), for a controller seated in `land` and `region`.

    `extended` states that the extension was announced with its reasons in time (`extension_open`). `restarted_on` is
    the local date on which the information asked for arrived. ValueError for anything that is no lawful count: a naive
    time, an unknown Land, region or zone, a pause below 0 or above `LONGEST_PAUSE` days, a restart before the receipt,
    pause and restart together (the same days would count twice), or years outside the table of holidays.
    """
    arrived = _local_date(received, zone)
    _check_place(land, region)
    _check_suspension(arrived, paused_days, restarted_on)
    months = _months(extended, extension)
    count = _Count(arrived, restarted_on or arrived, months, paused_days, land, region, zone)
    end, first = _ends(count)
    due = count.shifted(end)
    return Deadline(
        received_on=arrived,
        counted_from=count.start,
        nominal_end=end,
        due=due,
        due_at=end_of_day(due, zone),
        safe_target=last_working_day(end),
        notice_due=count.shifted(first),
        notice_safe_target=last_working_day(same_day(arrived, 1)),
        due_unsuspended=count.shifted(_after(arrived, months)),
        extended=extended,
        zone=zone,
        derivation=told(_steps(count, end, due, first)),
    )


def days_left(deadline: Deadline, now: datetime) -> int:
    """Local calendar days from `now` (aware) to the due day: 0 on the day itself, negative when it is past."""
    return (deadline.due - _local_date(now, deadline.zone)).days


def extension_open(deadline: Deadline, now: datetime) -> bool:
    """Whether an extension announced at `now` (aware) would still be in time (Art. 12(3) third sentence GDPR)."""
    return not deadline.extended and _aware(now) < end_of_day(deadline.notice_due, deadline.zone)


def internal_target(deadline: Deadline, days: int = 14) -> date:
    """The house's own day to be ready: the last working day up to so many days after receipt, or the safe target where
    that is earlier; never before the day of receipt."""
    ready = last_working_day(deadline.received_on + timedelta(days))
    return max(min(ready, deadline.safe_target), deadline.received_on)


def same_day(start: date, months: int) -> date:
    """The same-numbered day so many months later, or the last day of a month that has none."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def next_working_day(day: date, land: str | None = None, region: str | None = None) -> date:
    """The first working day on or after `day` in the Land."""
    while not is_working_day(day, land, region):
        day += _ONE_DAY
    return day


def last_working_day(day: date) -> date:
    """The last day on or before `day` that is a working day by the nation-wide holidays."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def end_of_day(day: date, zone: str = BERLIN) -> datetime:
    """24:00 of a local day as aware UTC: the first moment after it, whatever the clocks did that night."""
    return datetime.combine(day + _ONE_DAY, time.min, tzinfo=zone_of(zone)).astimezone(UTC)


def zone_of(key: str) -> ZoneInfo:
    """The time zone of a name; ValueError where there is none of that name."""
    try:
        return ZoneInfo(key)
    except (KeyError, OSError, ValueError):
        raise ValueError("unknown time zone: use a name of the IANA database such as Europe/Berlin") from None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone has no date: give it an offset such as +01:00")
    return moment


def _local_date(moment: datetime, zone: str) -> date:
    if not FIRST_YEAR <= _aware(moment).year <= LAST_YEAR:
        raise ValueError(f"the year is out of range: use {FIRST_YEAR} to {LAST_YEAR}")
    return moment.astimezone(zone_of(zone)).date()


def _check_place(land: str | None, region: str | None) -> None:
    checked_region(None if land is None else land_of(land), region)


def _check_suspension(arrived: date, paused_days: int, restarted_on: date | None) -> None:
    if not 0 <= paused_days <= LONGEST_PAUSE:
        raise ValueError(f"the pause must be 0 to {LONGEST_PAUSE} days")
    if restarted_on is None:
        return
    if paused_days:
        raise ValueError("give either paused days or the date of a restart: together the same days count twice")
    if not arrived <= restarted_on or restarted_on.year > LAST_YEAR:
        raise ValueError(f"the restart must be on or after the day of receipt and not after {LAST_YEAR}")


def _months(extended: bool, extension: Extension) -> tuple[int, ...]:
    if not extended:
        return (1,)
    return (1, 2) if extension is Extension.CHAINED else (3,)


def _after(start: date, months: tuple[int, ...]) -> date:
    """The end of each part is the start of the next, before any shift."""
    for each in months:
        start = same_day(start, each)
    return start


def _ends(count: _Count) -> tuple[date, date]:
    """The nominal end of the whole period and of its first month, both with the pause."""
    pause = timedelta(count.paused_days)
    return _after(count.start, count.months) + pause, same_day(count.start, 1) + pause


def _steps(count: _Count, end: date, due: date, first: date) -> list[Step]:
    """How the deadline came about, in the order in which a person would count it."""
    steps: list[Step] = [("received", {"day": count.received_on, "zone": count.zone})]
    if count.start != count.received_on:
        steps.append(("restart", {"day": count.start}))
    steps += _month_steps(count)
    if count.paused_days:
        steps.append(("paused", {"days": count.paused_days, "day": end}))
    steps.append(("calendar", {"place": place(count.land, count.region)}))
    steps.append(_shift_step(count, end, due))
    steps.append(("due", {"day": due, "zone": count.zone}))
    if count.months != (1,):
        steps.append(("notice", {"day": count.shifted(first)}))
    return steps


def _month_steps(count: _Count) -> list[Step]:
    extended = "extended" if count.start == count.received_on else "extended_restart"
    steps: list[Step] = []
    start = count.start
    for months in count.months:
        end = same_day(start, months)
        steps.append(({1: "month", 2: "chained", 3: extended}[months], {"day": end}))
        if end.day != start.day:
            steps.append(("clamped", {"number": start.day}))
        start = end
    return steps


def _shift_step(count: _Count, end: date, due: date) -> Step:
    if end == due:
        return "working_day", {"day": end}
    days = [end + timedelta(each) for each in range((due - end).days)]
    return "shifted", {"day": end, "days": passed_over(days, count.land, count.region)}
