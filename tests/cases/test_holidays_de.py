"""Our table of holidays against the package `holidays`, day by day, and against the statutes where they are special."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import holidays as peer
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.bilingual import Text
from cases.holidays_de import (
    CURRENT,
    FIRST_YEAR,
    LAST_YEAR,
    RULES,
    HolidayList,
    Rule,
    checksum,
    easter,
    holiday_on,
    holidays,
    is_working_day,
)
from cases.laender import LAENDER, REGIONS

YEARS = range(2016, 2042)
PLACES: list[tuple[str | None, str | None]] = [(None, None), *((code, None) for code in LAENDER)]
PLACES += [(land.code, region) for land in LAENDER.values() for region in land.regions]

# The same day under another name: the statutes' own word, or the word in which people know it.
OUR_NAMES = {
    "Erster Mai": "Tag der Arbeit",
    "Erster Weihnachtstag": "1. Weihnachtstag",
    "Zweiter Weihnachtstag": "2. Weihnachtstag",
    "Augsburger Hohes Friedensfest": "Augsburger Friedensfest",
    "75. Jahrestag der Befreiung vom Nationalsozialismus und der Beendigung des Zweiten Weltkriegs in Europa": (
        "Tag der Befreiung"
    ),
    "80. Jahrestag der Befreiung vom Nationalsozialismus und der Beendigung des Zweiten Weltkriegs in Europa": (
        "Tag der Befreiung"
    ),
}


def of_peer(year: int, land: str | None, region: str | None) -> dict[date, str]:
    subdivision = "Augsburg" if region == "augsburg" else land
    categories = (peer.PUBLIC, peer.CATHOLIC) if region == "catholic" else (peer.PUBLIC,)
    found = peer.country_holidays("DE", subdiv=subdivision, years=year, categories=categories, language="de")
    return {day: OUR_NAMES.get(name, name) for day, name in found.items()}


@pytest.mark.parametrize(("land", "region"), PLACES)
def test_every_day_agrees_with_the_peer(land: str | None, region: str | None) -> None:
    for year in YEARS:
        ours = {day: holiday.name.de for day, holiday in holidays(year, land, region).items()}
        assert ours == of_peer(year, land, region)


@pytest.mark.parametrize(
    ("day", "land", "region", "name"),
    [
        (date(2019, 3, 8), "BE", None, "Frauentag"),
        (date(2018, 3, 8), "BE", None, None),
        (date(2023, 3, 8), "MV", None, "Frauentag"),
        (date(2022, 3, 8), "MV", None, None),
        (date(2019, 9, 20), "TH", None, "Weltkindertag"),
        (date(2018, 9, 20), "TH", None, None),
        (date(2020, 5, 8), "BE", None, "Tag der Befreiung"),
        (date(2025, 5, 8), "BE", None, "Tag der Befreiung"),
        (date(2026, 5, 8), "BE", None, None),
        (date(2025, 5, 8), "BB", None, None),
        (date(2028, 6, 17), "BE", None, "75. Jahrestag des Aufstandes vom 17. Juni 1953"),
        (date(2018, 10, 31), "NI", None, "Reformationstag"),
        (date(2018, 10, 31), None, None, None),
        (date(2017, 10, 31), None, None, "Reformationstag"),
        (date(2017, 10, 31), "BY", None, "Reformationstag"),
        (date(2017, 10, 31), "SN", None, "Reformationstag"),
        (date(2016, 10, 31), "NI", None, None),
        (date(2016, 10, 31), "SN", None, "Reformationstag"),
        (date(2026, 11, 18), "SN", None, "Buß- und Bettag"),
        (date(2022, 11, 16), "SN", None, "Buß- und Bettag"),  # 23 November is a Wednesday: the one before it
        (date(2026, 8, 15), "SL", None, "Mariä Himmelfahrt"),
        (date(2026, 8, 15), "BY", None, None),
        (date(2026, 8, 15), "BY", "catholic", "Mariä Himmelfahrt"),
        (date(2026, 8, 15), "BY", "augsburg", "Mariä Himmelfahrt"),
        (date(2026, 8, 8), "BY", "augsburg", "Augsburger Friedensfest"),
        (date(2026, 8, 8), "BY", "catholic", None),
        (date(2026, 6, 4), "SN", "catholic", "Fronleichnam"),
        (date(2026, 6, 4), "TH", "catholic", "Fronleichnam"),
        (date(2026, 6, 4), "SN", None, None),
        (date(2026, 4, 5), "BB", None, "Ostersonntag"),
        (date(2026, 12, 24), None, None, None),
        (date(2026, 12, 31), None, None, None),
    ],
)
def test_what_the_statutes_say(day: date, land: str | None, region: str | None, name: str | None) -> None:
    found = holiday_on(day, land, region)
    assert (found.name.de if found else None) == name


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2018, date(2018, 4, 1)),
        (2019, date(2019, 4, 21)),
        (2024, date(2024, 3, 31)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),  # the latest day there is
        (2049, date(2049, 4, 18)),  # Gauss's rule without its exceptions gives the 25th
        (2076, date(2076, 4, 19)),  # and here the 26th
        (2160, date(2160, 3, 23)),
    ],
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


@given(st.integers(1583, 4099))
def test_easter_is_a_sunday_of_its_season(year: int) -> None:
    day = easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


@given(st.integers(FIRST_YEAR, LAST_YEAR), st.sampled_from(PLACES))
def test_a_place_has_all_nationwide_holidays_and_perhaps_more(year: int, place: tuple[str | None, str | None]) -> None:
    everywhere, here = holidays(year), holidays(year, *place)
    assert everywhere.keys() <= here.keys()
    assert all(here[day].nationwide for day in everywhere)
    assert list(here) == sorted(here)


def test_two_holidays_in_one_day_are_both_named() -> None:
    both = holidays(2160)[date(2160, 5, 1)]
    assert (both.name.de, both.name.en) == ("Tag der Arbeit, Christi Himmelfahrt", "Labour Day, Ascension Day")


def test_every_holiday_has_two_names_and_a_statute() -> None:
    for land, region in PLACES:
        for holiday in holidays(2026, land, region).values():
            assert holiday.name.de
            assert holiday.name.en
            assert "rt. " in holiday.statute or "§" in holiday.statute or land is None


def test_german_unity_day_is_federal_law() -> None:
    assert holidays(2026, "HH")[date(2026, 10, 3)].statute == "Art. 2 Abs. 2 EinigVtr"
    assert holidays(2026, "HH")[date(2026, 10, 31)].statute == "§ 1 FeiertG HH"
    assert holidays(2026)[date(2026, 1, 1)].statute == "Feiertagsgesetze aller Länder"


def test_every_row_names_places_that_exist() -> None:
    for rule in RULES:
        assert rule.laender <= LAENDER.keys()
        assert rule.regions <= REGIONS.keys()
        assert all(region in LAENDER[code].regions for code in rule.laender for region in rule.regions)


def test_working_days_are_weekdays_without_holiday() -> None:
    start = date(2026, 12, 21)
    working = [start + timedelta(each) for each in range(14) if is_working_day(start + timedelta(each))]
    assert [day.day for day in working] == [21, 22, 23, 24, 28, 29, 30, 31]


@pytest.mark.parametrize(
    ("year", "land", "region", "says"),
    [
        (2026, "XX", None, "BB, BE, BW, BY"),
        (2026, "by", None, "BB, BE, BW, BY"),
        (2026, "HE", "catholic", "SN: catholic"),
        (2026, "SN", "augsburg", "BY: catholic, augsburg"),
        (2026, None, "catholic", "TH: catholic"),
        (2015, None, None, "2016"),
        (2200, None, None, "2199"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_allowed(
    year: int, land: str | None, region: str | None, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        holidays(year, land, region)


def test_a_year_cannot_be_changed_by_its_reader() -> None:
    with pytest.raises(TypeError):
        holidays(2026)[date(2026, 4, 1)] = holidays(2026)[date(2026, 1, 1)]  # type: ignore[index]


NEW = Rule(lambda year: date(year, 5, 23), Text("Tag des Grundgesetzes", "Constitution Day"), frozenset({"HE"}))
RENAMED = tuple(replace(rule, name=Text("X", "X")) for rule in RULES)


def test_a_list_is_passed_in_and_does_not_disturb_another() -> None:
    newer = HolidayList(date(2027, 1, 1), (*RULES, NEW))
    assert not is_working_day(date(2028, 5, 23), "HE", None, newer)
    assert is_working_day(date(2028, 5, 23), "HE")
    assert is_working_day(date(2028, 5, 23), "HH", None, newer)


def test_the_checksum_is_of_the_dates_of_one_place() -> None:
    newer, years = HolidayList(date(2027, 1, 1), (*RULES, NEW)), range(2026, 2028)
    assert checksum(years, "HE", None, newer) != checksum(years, "HE", None)
    assert checksum(years, "HH", None, newer) == checksum(years, "HH", None, CURRENT)
    assert checksum(years, "HE", None, HolidayList(date(2027, 1, 1), RENAMED)) == checksum(years, "HE", None)
    assert len(checksum(years, None, None)) == 8
