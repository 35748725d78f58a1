"""The clock against a second one, written apart from it: typed dates, its own months, weekdays and summer time.

Nothing here is computed with the code under test, with the package `holidays` or with a time zone database. The movable
days were typed by hand and are checked with Gauss's rule (the code under test uses Meeus's).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.deadline import Count, Extension, Place, deadline
from cases.holidays_de import easter, holidays
from cases.laender import LAENDER

# Karfreitag, Ostersonntag, Ostermontag, Christi Himmelfahrt, Pfingstsonntag, Pfingstmontag, Fronleichnam, Bußtag
COLUMNS = ("KF", "OS", "OM", "CH", "PS", "PM", "FL", "BB")
MOVABLE = """
2017  04-14 04-16 04-17  05-25  06-04 06-05  06-15  11-22
2018  03-30 04-01 04-02  05-10  05-20 05-21  05-31  11-21
2019  04-19 04-21 04-22  05-30  06-09 06-10  06-20  11-20
2020  04-10 04-12 04-13  05-21  05-31 06-01  06-11  11-18
2021  04-02 04-04 04-05  05-13  05-23 05-24  06-03  11-17
2022  04-15 04-17 04-18  05-26  06-05 06-06  06-16  11-16
2023  04-07 04-09 04-10  05-18  05-28 05-29  06-08  11-22
2024  03-29 03-31 04-01  05-09  05-19 05-20  05-30  11-20
2025  04-18 04-20 04-21  05-29  06-08 06-09  06-19  11-19
2026  04-03 04-05 04-06  05-14  05-24 05-25  06-04  11-18
2027  03-26 03-28 03-29  05-06  05-16 05-17  05-27  11-17
2028  04-14 04-16 04-17  05-25  06-04 06-05  06-15  11-22
2029  03-30 04-01 04-02  05-10  05-20 05-21  05-31  11-21
2030  04-19 04-21 04-22  05-30  06-09 06-10  06-20  11-20
2031  04-11 04-13 04-14  05-22  06-01 06-02  06-12  11-19
2032  03-26 03-28 03-29  05-06  05-16 05-17  05-27  11-17
2033  04-15 04-17 04-18  05-26  06-05 06-06  06-16  11-16
2034  04-07 04-09 04-10  05-18  05-28 05-29  06-08  11-22
2035  03-23 03-25 03-26  05-03  05-13 05-14  05-24  11-21
2036  04-11 04-13 04-14  05-22  06-01 06-02  06-12  11-19
2037  04-03 04-05 04-06  05-14  05-24 05-25  06-04  11-18
2038  04-23 04-25 04-26  06-03  06-13 06-14  06-24  11-17
2039  04-08 04-10 04-11  05-19  05-29 05-30  06-09  11-16
2040  03-30 04-01 04-02  05-10  05-20 05-21  05-31  11-21
2041  04-19 04-21 04-22  05-30  06-09 06-10  06-20  11-20
"""

# Every Land in full, as its own statute lists the days; `@2019-` from that year on, `@2025` in that year only.
# All: Reformationstag 2017, in Länder without it by an Act or ordinance for that one year.
STATUTES = """
BB           § 2 FTG BB            01-01 KF OS OM 05-01 CH PS PM 10-03 10-31 12-25 12-26
BE           § 1 FeiertG BE        01-01 03-08@2019- KF OM 05-01 05-08@2020 05-08@2025 CH PM 06-17@2028 10-03 10-31@2017 12-25 12-26
BW           § 1 FTG BW            01-01 01-06 KF OM 05-01 CH PM FL 10-03 10-31@2017 11-01 12-25 12-26
BY           Art. 1 BayFTG         01-01 01-06 KF OM 05-01 CH PM FL 10-03 10-31@2017 11-01 12-25 12-26
BY/catholic  Art. 1(1) no. 2       01-01 01-06 KF OM 05-01 CH PM FL 08-15 10-03 10-31@2017 11-01 12-25 12-26
BY/augsburg  Art. 1(2) BayFTG      01-01 01-06 KF OM 05-01 CH PM FL 08-08 08-15 10-03 10-31@2017 11-01 12-25 12-26
HB           § 2 BremSFTG          01-01 KF OM 05-01 CH PM 10-03 10-31@2017- 12-25 12-26
HE           § 1 HFeiertagsG       01-01 KF OM 05-01 CH PM FL 10-03 10-31@2017 12-25 12-26
HH           § 1 FeiertG HH        01-01 KF OM 05-01 CH PM 10-03 10-31@2017- 12-25 12-26
MV           § 2 FTG M-V           01-01 03-08@2023- KF OM 05-01 CH PM 10-03 10-31 12-25 12-26
NI           § 2 NFeiertagsG       01-01 KF OM 05-01 CH PM 10-03 10-31@2017- 12-25 12-26
NW           § 2 Feiertagsgesetz   01-01 KF OM 05-01 CH PM FL 10-03 10-31@2017 11-01 12-25 12-26
RP           § 2 LFtG RP           01-01 KF OM 05-01 CH PM FL 10-03 10-31@2017 11-01 12-25 12-26
SH           § 2 SFTG SH           01-01 KF OM 05-01 CH PM 10-03 10-31@2017- 12-25 12-26
SL           § 2 SFG SL            01-01 KF OM 05-01 CH PM FL 08-15 10-03 10-31@2017 11-01 12-25 12-26
SN           § 1 SächsSFG          01-01 KF OM 05-01 CH PM 10-03 10-31 BB 12-25 12-26
SN/catholic  FronleichnamsVO       01-01 KF OM 05-01 CH PM FL 10-03 10-31 BB 12-25 12-26
ST           § 2 FeiertG LSA       01-01 01-06 KF OM 05-01 CH PM 10-03 10-31 12-25 12-26
TH           § 2 ThürFGtG          01-01 KF OM 05-01 CH PM 09-20@2019- 10-03 10-31 12-25 12-26
TH/catholic  § 2(2) ThürFGtG       01-01 KF OM 05-01 CH PM FL 09-20@2019- 10-03 10-31 12-25 12-26
-            in all sixteen        01-01 KF OM 05-01 CH PM 10-03 10-31@2017 12-25 12-26
"""  # noqa: E501  a Land in a line

Where = tuple[str | None, str | None]
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONDAY = date(2018, 1, 1)


def movable() -> dict[int, dict[str, str]]:
    rows = [line.split() for line in MOVABLE.strip().splitlines()]
    return {int(year): dict(zip(COLUMNS, days, strict=True)) for year, *days in rows}


YEARS = movable()


def in_force(rule: str, year: int) -> bool:
    if not rule:
        return True
    first, dash, _ = rule.partition("-")
    return year >= int(first) if dash else year == int(first)


def days_off(words: list[str]) -> frozenset[date]:
    found = set()
    for year, days in YEARS.items():
        for word in words:
            day, _, rule = word.partition("@")
            if in_force(rule, year):
                found.add(date.fromisoformat(f"{year}-{days.get(day, day)}"))
    return frozenset(found)


def typed() -> dict[Where, frozenset[date]]:
    places: dict[Where, frozenset[date]] = {}
    for line in STATUTES.strip().splitlines():
        land, _, region = line.split()[0].partition("/")
        places[None if land == "-" else land, region or None] = days_off(line[35:].split())
    return places


TYPED = typed()
PLACES = list(TYPED)


def works(day: date, where: Where) -> bool:
    return (day - MONDAY).days % 7 < 5 and day not in TYPED[where]


def month_length(year: int, month: int) -> int:
    return 29 if month == 2 and year % 4 == 0 else LENGTHS[month - 1]  # 1901 to 2099


def later(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, month_length(year, month)))


def last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday: when the clocks change (Directive 2000/84/EC)."""
    day = next(number for number in range(31, 24, -1) if (date(year, month, number) - MONDAY).days % 7 == 6)
    return datetime(year, month, day, 1, tzinfo=UTC)


def offset(moment: datetime) -> timedelta:
    summer = last_sunday(moment.year, 3) <= moment < last_sunday(moment.year, 10)
    return timedelta(hours=2 if summer else 1)


def arrival(moment: datetime) -> date:
    return (moment + offset(moment)).date()


def midnight_after(day: date) -> datetime:
    """24:00 of a day: the clocks never change at midnight, so the offset of an hour before holds."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    return end - offset(end - timedelta(hours=3))


def answer(moment: datetime, where: Where, months: tuple[int, ...], paused: int) -> tuple[date, date, date, datetime]:
    """Nominal end, due day, safe day and the first moment that is too late."""
    end = arrival(moment)
    for number in months:
        end = later(end, number)
    end += timedelta(paused)
    due = next(day for day in (end + timedelta(each) for each in range(12)) if works(day, where))
    safe = next(day for day in (end - timedelta(each) for each in range(12)) if works(day, (None, None)))
    return end, due, safe, midnight_after(due)


def end_and_due(day: date, where: Where, months: int) -> tuple[date, date]:
    end = due = later(day, months)
    while not works(due, where):
        due += timedelta(1)
    return end, due


def gauss(year: int) -> date:
    """Easter by Gauss's rule with both exceptions, for 1900 to 2099."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    after = 22 + d + e
    if d + e == 35 or (d == 28 and e == 6 and a > 10):
        after -= 7
    return date(year, 3, 1) + timedelta(after - 1)


def test_all_places_are_typed() -> None:
    regions = {(land.code, region) for land in LAENDER.values() for region in land.regions}
    assert set(PLACES) == {(None, None)} | {(code, None) for code in LAENDER} | regions


@pytest.mark.parametrize("year", YEARS)
def test_the_typed_easter_is_gausss_and_ours(year: int) -> None:
    assert date.fromisoformat(f"{year}-{YEARS[year]['OS']}") == gauss(year) == easter(year)


def test_easter_is_gausss_through_two_centuries() -> None:
    assert [easter(year) for year in range(1900, 2100)] == [gauss(year) for year in range(1900, 2100)]


@pytest.mark.parametrize("where", PLACES)
def test_every_holiday_is_a_typed_one(where: Where) -> None:
    ours = {day for year in YEARS for day in holidays(year, *where)}
    assert ours == TYPED[where]


MONTHS = st.sampled_from(
    [
        ((1,), False, Extension.FROM_RECEIPT),
        ((3,), True, Extension.FROM_RECEIPT),
        ((1, 2), True, Extension.CHAINED),
    ]
)
# Years as whole numbers and minutes of the day: the days around New Year and the clock changes come up often enough.
DAYS = st.dates(date(2018, 1, 1), date(2040, 12, 31)).map(
    lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC)
)
MINUTES = st.sampled_from([0, 59, 60, 61, 1319, 1320, 1379, 1380, 1439]) | st.integers(0, 1439)


@settings(max_examples=600)
@given(DAYS, MINUTES, st.sampled_from(PLACES), MONTHS, st.just(0) | st.integers(0, 90))
def test_both_clocks_agree(
    day: datetime, minute: int, where: Where, months: tuple[tuple[int, ...], bool, Extension], paused: int
) -> None:
    moment = day + timedelta(minutes=minute)
    count, extended, extension = months
    found = deadline(moment, land=where[0], region=where[1], extended=extended, extension=extension, paused_days=paused)
    assert found.received_on == arrival(moment)
    expected = answer(moment, where, count, paused)
    assert (found.nominal_end, found.due, found.safe_target, found.due_at) == expected
    assert found.notice_due == answer(moment, where, (1,), paused)[1]
    assert found.due_unsuspended == answer(moment, where, count, 0)[1]


@pytest.mark.parametrize("where", PLACES)
def test_both_clocks_agree_on_every_day_of_receipt(where: Where) -> None:
    """Each day from 2018 to 2040 in each place, one month and three."""
    place = Place(*where)
    for number in range((date(2041, 1, 1) - MONDAY).days):
        day = MONDAY + timedelta(number)
        for months in (1, 3):
            count = Count(day, day, (months,), place)
            assert (count.nominal_end, count.due) == end_and_due(day, where, months), (day, months)
