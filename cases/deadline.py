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

from cases.bilingual import NO_TEXT, Text
from cases.deadline_words import Step, passed_over, plain, told, words_of
from cases.holidays_de import CURRENT, FIRST_YEAR, LAST_YEAR, HolidayList, checksum, is_working_day
from cases.laender import checked_region, land_of

BERLIN = "Europe/Berlin"
FIRST_RECEIPT = FIRST_YEAR + 1  # nothing is counted back beyond the table of holidays
LONGEST_PAUSE = 3650  # days; more is a slip of the keyboard
TARGET_DAYS = 14
_ONE_DAY = timedelta(days=1)


class NoTimeZoneData(ValueError):
    """The machine has no time zone database, so that no moment has a local date."""


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
    pause and restart are not recognised. `place`: whose holidays count. `holiday_list`: the day as of which the list of
    holidays stands and a checksum of that place's holidays from the year of receipt to the year of the due day.
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
    place: Text = NO_TEXT
    holiday_list: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose holidays and whose local time count. ValueError for a Land, region or time zone that is not known."""

    land: str | None = None
    region: str | None = None
    zone: str = BERLIN
    listed: HolidayList = CURRENT

    def __post_init__(self) -> None:
        checked_region(None if self.land is None else land_of(self.land), self.region)
        zone_of(self.zone)

    def day(self, moment: datetime) -> date:
        """The local date of an aware moment. ValueError for a naive one and for years outside the table of holidays."""
        if not FIRST_YEAR <= _aware(moment).year <= LAST_YEAR:
            raise ValueError(f"the year is out of range: use {FIRST_RECEIPT} to {LAST_YEAR}")
        return moment.astimezone(zone_of(self.zone)).date()

    def shifted(self, day: date) -> date:
        """The day itself or the next working day (Art. 3(4))."""
        return next_working_day(day, self.land, self.region, self.listed)


@dataclass(frozen=True, slots=True)
class Count:
    """What a deadline is counted from, checked. `months` are added one after the other, then the days of a pause.
    `first_end`: the nominal end of the first month where that was counted apart. `before`, `after`: steps to tell."""

    received_on: date
    start: date
    months: tuple[int, ...]
    place: Place
    paused_days: int = 0
    first_end: date | None = None
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()

    @property
    def nominal_end(self) -> date:
        return _after(self.start, self.months) + timedelta(self.paused_days)

    @property
    def due(self) -> date:
        return self.place.shifted(self.nominal_end)

    @property
    def notice_due(self) -> date:
        return self.place.shifted(self.first_end or same_day(self.start, 1) + timedelta(self.paused_days))


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
    listed: HolidayList = CURRENT,
) -> Deadline:
    """The deadline of a request that arrived at `received` (aware), for a controller seated in `land` and `region`.

    `extended` states that the extension was announced with its reasons in time (`extension_open`; `cases.clock` judges
    that itself). `restarted_on` is the local date on which the information asked for arrived. ValueError for anything
    that is no lawful count: a naive time, an unknown Land, region or zone, a pause below 0 or above `LONGEST_PAUSE`
    days, a restart before the receipt, pause and restart together (the same days would count twice), or years outside
    the table of holidays.
    """
    place = Place(land, region, zone, listed)
    arrived = day_of_receipt(received, place)
    _check_suspension(arrived, paused_days, restarted_on)
    months = months_of(extended, extension)
    return counted(Count(arrived, restarted_on or arrived, months, place, paused_days))


def counted(count: Count) -> Deadline:
    """The dates of a count, and how they came about in words."""
    place, due = count.place, count.due
    years = range(count.received_on.year, due.year + 1)
    listed = f"{place.listed.as_of} {checksum(years, place.land, place.region, place.listed)}"
    return Deadline(
        received_on=count.received_on,
        counted_from=count.start,
        nominal_end=count.nominal_end,
        due=due,
        due_at=end_of_day(due, place.zone),
        safe_target=last_working_day(count.nominal_end, place.listed),
        notice_due=count.notice_due,
        notice_safe_target=last_working_day(same_day(count.received_on, 1), place.listed),
        due_unsuspended=place.shifted(_after(count.received_on, count.months)),
        extended=count.months != (1,),
        zone=place.zone,
        derivation=told(_steps(count, listed.split()[1])),
        place=words_of(place.land, place.region),
        holiday_list=listed,
    )


def day_of_receipt(received: datetime, place: Place) -> date:
    """The local date of arrival, whatever day that is (Art. 3(3)); ValueError for a year that cannot be counted."""
    arrived = place.day(received)
    if arrived.year < FIRST_RECEIPT:
        raise ValueError(f"the year is out of range: use {FIRST_RECEIPT} to {LAST_YEAR}")
    return arrived


def days_left(deadline: Deadline, now: datetime) -> int:
    """Local calendar days from `now` (aware) to the due day: 0 on the day itself, negative when it is past."""
    return (deadline.due - Place(zone=deadline.zone).day(now)).days


def extension_open(deadline: Deadline, now: datetime) -> bool:
    """Whether an extension announced at `now` (aware) would still be in time (Art. 12(3) third sentence GDPR)."""
    return not deadline.extended and _aware(now) < end_of_day(deadline.notice_due, deadline.zone)


def internal_target(deadline: Deadline, days: int = TARGET_DAYS) -> date:
    """The house's own day to be ready: the last working day up to so many days after receipt, or the safe target where
    that is earlier; never before the day of receipt. Of an extended deadline: so many days before the safe target, and
    not before the day on which the extension had to be announced. A pause moves it as little as the safe day of the
    notice. ValueError for days below 0 or above 366."""
    if not 0 <= days <= 366:
        raise ValueError("the internal target must be 0 to 366 days")
    if deadline.extended:
        return max(last_working_day(deadline.safe_target - timedelta(days)), deadline.notice_safe_target)
    ready = last_working_day(deadline.received_on + timedelta(days))
    return max(min(ready, deadline.safe_target), deadline.received_on)


def same_day(start: date, months: int) -> date:
    """The same-numbered day so many months later, or the last day of a month that has none."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def next_working_day(
    day: date, land: str | None = None, region: str | None = None, listed: HolidayList = CURRENT
) -> date:
    """The first working day on or after `day` in the Land."""
    while not is_working_day(day, land, region, listed):
        day += _ONE_DAY
    return day


def last_working_day(day: date, listed: HolidayList = CURRENT) -> date:
    """The last day on or before `day` that is a working day by the nation-wide holidays."""
    while not is_working_day(day, listed=listed):
        day -= _ONE_DAY
    return day


def end_of_day(day: date, zone: str = BERLIN) -> datetime:
    """24:00 of a local day as aware UTC: the first moment after it, whatever the clocks did that night."""
    return datetime.combine(day + _ONE_DAY, time.min, tzinfo=zone_of(zone)).astimezone(UTC)


def zone_of(key: str) -> ZoneInfo:
    """The time zone of a name. ValueError where there is none of that name, `NoTimeZoneData` where there is no zone."""
    try:
        return ZoneInfo(key)
    except (KeyError, OSError, ValueError):
        _check_time_zone_data()
        raise ValueError("unknown time zone: use a name of the IANA database such as Europe/Berlin") from None


def _check_time_zone_data() -> None:
    try:
        ZoneInfo(BERLIN)
    except (KeyError, OSError, ValueError):
        raise NoTimeZoneData(
            "this machine has no usable time zone data, so no deadline can be counted: install the system's package"
            " `tzdata` (Debian: apt install tzdata) or the Python package `tzdata`"
        ) from None


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone has no date: give it an offset such as +01:00")
    return moment


def _check_suspension(arrived: date, paused_days: int, restarted_on: date | None) -> None:
    if not 0 <= paused_days <= LONGEST_PAUSE:
        raise ValueError(f"the pause must be 0 to {LONGEST_PAUSE} days")
    if restarted_on is None:
        return
    if paused_days:
        raise ValueError("give either paused days or the date of a restart: together the same days count twice")
    if not arrived <= restarted_on or restarted_on.year > LAST_YEAR:
        raise ValueError(f"the restart must be on or after the day of receipt and not after {LAST_YEAR}")


def months_of(extended: bool, extension: Extension) -> tuple[int, ...]:
    """The months that are added one after the other."""
    if not extended:
        return (1,)
    return (1, 2) if extension is Extension.CHAINED else (3,)


def _after(start: date, months: tuple[int, ...]) -> date:
    """The end of each part is the start of the next, before any shift."""
    for each in months:
        start = same_day(start, each)
    return start


def _steps(count: Count, digits: str) -> list[Step]:
    """How the deadline came about, in the order in which a person would count it."""
    place, end, due = count.place, count.nominal_end, count.due
    steps: list[Step] = [("received", {"day": count.received_on, "zone": place.zone}), *count.before]
    if count.start != count.received_on and not any(key == "restart_open" for key, _ in count.before):
        steps.append(("restart", {"day": count.start}))
    steps += _month_steps(count)
    if count.paused_days:
        steps.append(("paused", {"days": count.paused_days, "day": end}))
    shown = words_of(place.land, place.region)
    steps.append(("calendar", {"place": shown, "as_of": plain(place.listed.as_of), "checksum": digits}))
    steps.append(_shift_step(place, end, due))
    steps.append(("due", {"day": due, "zone": place.zone}))
    if count.months != (1,):
        steps.append(("notice", {"day": count.notice_due}))
    return [*steps, *count.after]


def _month_steps(count: Count) -> list[Step]:
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


def _shift_step(place: Place, end: date, due: date) -> Step:
    if end == due:
        return "working_day", {"day": end}
    days = [end + timedelta(each) for each in range((due - end).days)]
    return "shifted", {"day": end, "days": passed_over(days, place.land, place.region, place.listed)}
