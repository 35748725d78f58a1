"""Public holidays in Germany, from 2018 on, by Land and by the regions with holidays of their own.

A table of our own and not the package `holidays`: importing that takes longer than the whole command line may.
The tests compare every day with the package and with dates typed by hand. A new holiday is a new row, and a new
`as_of` of `CURRENT`. The list is a value that is passed in: a deadline says by which list it was counted.

Sundays are no rows here, except where a statute names the day (Brandenburg). What makes a municipality Catholic is
stated by the authorities of the Land (Bayern: Landesamt für Statistik; Sachsen: FronleichnamsVO, for some places only
parts of the municipality; Thüringen: where the day was kept in 1994).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from cases.bilingual import Text
from cases.laender import AUGSBURG, CATHOLIC, Land, checked_region, land_of

FIRST_YEAR = 2016  # two years before the GDPR applies, so that no count back from its first cases runs out of the table
LAST_YEAR = 2199
_EVERYWHERE = "Feiertagsgesetze aller Länder"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday. `statute` is where it is laid down; `nationwide` means in all sixteen Länder."""

    name: Text
    statute: str
    nationwide: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: which day of a year, from which year to which, in which Länder (none named: in all of them).

    `regions`: only there. `statute`: where it is more exact than the Land's own; without it the Land's is named.
    """

    on: Callable[[int], date]
    name: Text
    laender: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    first: int = FIRST_YEAR
    last: int = LAST_YEAR
    statute: str = ""

    def holds(self, year: int, land: Land | None, region: str | None) -> bool:
        in_land = not self.laender or (land is not None and land.code in self.laender)
        in_region = not self.regions or region in self.regions
        return in_land and in_region and self.first <= year <= self.last

    def holiday(self, land: Land | None) -> Holiday:
        return Holiday(self.name, self.statute or (land.statute if land else _EVERYWHERE), not self.laender)


@dataclass(frozen=True, slots=True, eq=False)
class HolidayList:
    """All rows as of a day: `as_of` is the state of the statutes. Lists are told apart by identity, not by content."""

    as_of: date
    rules: tuple[Rule, ...]


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    century, of_century = divmod(year, 100)
    moon = year % 19
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * moon + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (moon + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _after_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days)


def _repentance(year: int) -> date:
    """The Wednesday before 23 November: the 16th where the 23rd is a Wednesday itself."""
    latest = date(year, 11, 22)
    return latest - timedelta((latest.weekday() - 2) % 7)


def _in(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


_REFORMATION = Text("Reformationstag", "Reformation Day")
_WOMENS_DAY = Text("Frauentag", "International Women's Day")
_CORPUS_CHRISTI = Text("Fronleichnam", "Corpus Christi")
_ASSUMPTION = Text("Mariä Himmelfahrt", "Assumption of Mary")
_LIBERATION = Text("Tag der Befreiung", "Liberation Day")

RULES: tuple[Rule, ...] = (
    Rule(_fixed(1, 1), Text("Neujahr", "New Year's Day")),
    Rule(_after_easter(-2), Text("Karfreitag", "Good Friday")),
    Rule(_after_easter(1), Text("Ostermontag", "Easter Monday")),
    Rule(_fixed(5, 1), Text("Tag der Arbeit", "Labour Day")),
    Rule(_after_easter(39), Text("Christi Himmelfahrt", "Ascension Day")),
    Rule(_after_easter(50), Text("Pfingstmontag", "Whit Monday")),
    # The one holiday that federal law lays down itself.
    Rule(_fixed(10, 3), Text("Tag der Deutschen Einheit", "German Unity Day"), statute="Art. 2 Abs. 2 EinigVtr"),
    Rule(_fixed(12, 25), Text("1. Weihnachtstag", "Christmas Day")),
    Rule(_fixed(12, 26), Text("2. Weihnachtstag", "Second Day of Christmas")),
    Rule(_fixed(1, 6), Text("Heilige Drei Könige", "Epiphany"), _in("BW BY ST")),
    # Berlin: Act of 30 January 2019 (GVBl. S. 22). Mecklenburg-Vorpommern: amended in June 2022, first kept in 2023.
    Rule(_fixed(3, 8), _WOMENS_DAY, _in("BE"), first=2019),
    Rule(_fixed(3, 8), _WOMENS_DAY, _in("MV"), first=2023),
    Rule(_after_easter(0), Text("Ostersonntag", "Easter Sunday"), _in("BB")),
    # Berlin's single years: the 75th and the 80th anniversary, and that of the uprising of 1953.
    Rule(_fixed(5, 8), _LIBERATION, _in("BE"), first=2020, last=2020),
    Rule(_fixed(5, 8), _LIBERATION, _in("BE"), first=2025, last=2025),
    Rule(
        _fixed(6, 17),
        Text("75. Jahrestag des Aufstandes vom 17. Juni 1953", "75th anniversary of the uprising of 17 June 1953"),
        _in("BE"),
        first=2028,
        last=2028,
    ),
    Rule(_after_easter(49), Text("Pfingstsonntag", "Whit Sunday"), _in("BB")),
    Rule(_after_easter(60), _CORPUS_CHRISTI, _in("BW BY HE NW RP SL")),
    Rule(_after_easter(60), _CORPUS_CHRISTI, _in("SN"), _in(CATHOLIC), statute="§ 1 Abs. 1 SächsSFG, FronleichnamsVO"),
    Rule(_after_easter(60), _CORPUS_CHRISTI, _in("TH"), _in(CATHOLIC), statute="§ 2 Abs. 2, § 10 Abs. 1 ThürFGtG"),
    Rule(
        _fixed(8, 8),
        Text("Augsburger Friedensfest", "Augsburg Peace Festival"),
        _in("BY"),
        _in(AUGSBURG),
        statute="Art. 1 Abs. 2 BayFTG",
    ),
    Rule(_fixed(8, 15), _ASSUMPTION, _in("SL")),
    # The city of Augsburg is one of the Catholic municipalities.
    Rule(
        _fixed(8, 15),
        _ASSUMPTION,
        _in("BY"),
        frozenset({CATHOLIC, AUGSBURG}),
        statute="Art. 1 Abs. 1 Nr. 2 BayFTG",
    ),
    Rule(_fixed(9, 20), Text("Weltkindertag", "World Children's Day"), _in("TH"), first=2019),
    Rule(_fixed(10, 31), _REFORMATION, _in("BB MV SN ST TH")),
    # The 500th anniversary: for one year by Acts and ordinances of the other eleven too, so in all of Germany.
    Rule(_fixed(10, 31), _REFORMATION, first=2017, last=2017),
    # By Acts of the first half of 2018 (Hamburg: 12 March 2018, HmbGVBl. S. 63).
    Rule(_fixed(10, 31), _REFORMATION, _in("HB HH NI SH"), first=2018),
    Rule(_fixed(11, 1), Text("Allerheiligen", "All Saints' Day"), _in("BW BY NW RP SL")),
    Rule(_repentance, Text("Buß- und Bettag", "Day of Repentance and Prayer"), _in("SN")),
)


CURRENT = HolidayList(date(2026, 11, 21), RULES)


@lru_cache(maxsize=1024)
def holidays(
    year: int, land: str | None = None, region: str | None = None, listed: HolidayList = CURRENT
) -> Mapping[date, Holiday]:
    """The public holidays of a year by date, in the order of the calendar.

    `land` None: only what is a holiday in all of Germany. `region`: `catholic` (BY, SN, TH) or `augsburg` (BY).
    ValueError where the year is outside the table or the Land or region is not known.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no holidays known for this year: the table holds {FIRST_YEAR} to {LAST_YEAR}")
    place = None if land is None else land_of(land)
    where = checked_region(place, region)
    found: dict[date, Holiday] = {}
    for rule in listed.rules:
        if rule.holds(year, place, where):
            _enter(found, rule.on(year), rule.holiday(place))
    return MappingProxyType(dict(sorted(found.items())))


def _enter(found: dict[date, Holiday], day: date, holiday: Holiday) -> None:
    """Two holidays can meet in one day (Ascension on 1 May in 2160): both are named; the same one twice is one."""
    first = found.get(day)
    if first is None:
        found[day] = holiday
        return
    name, other = first.name, holiday.name
    both = name if name == other else Text(f"{name.de}, {other.de}", f"{name.en}, {other.en}")
    found[day] = Holiday(both, first.statute, first.nationwide or holiday.nationwide)


def holiday_on(
    day: date, land: str | None = None, region: str | None = None, listed: HolidayList = CURRENT
) -> Holiday | None:
    """The public holiday on a day, or None."""
    return holidays(day.year, land, region, listed).get(day)


def is_working_day(
    day: date, land: str | None = None, region: str | None = None, listed: HolidayList = CURRENT
) -> bool:
    """No Saturday, Sunday or public holiday (Reg. 1182/71 Art. 2(2))."""
    return day.weekday() < 5 and holiday_on(day, land, region, listed) is None


def checksum(years: range, land: str | None, region: str | None, listed: HolidayList = CURRENT) -> str:
    """Eight hexadecimal digits over the dates of a place's holidays in some years: two lists that differ there differ
    here, and a change elsewhere or in a name changes nothing."""
    days = (day.isoformat() for year in years for day in holidays(year, land, region, listed))
    return hashlib.sha256("\n".join(days).encode()).hexdigest()[:8]
