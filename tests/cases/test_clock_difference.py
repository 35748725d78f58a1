"""A stored deadline against a fresh count: a changed holiday list is seen, and changes nothing by itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from cases.bilingual import Text
from cases.clock_difference import Cause, Stored, difference
from cases.deadline import Deadline, deadline
from cases.holidays_de import RULES, HolidayList, Rule

NEW_DAY = Rule(lambda year: date(year, 7, 1), Text("Landestag", "State Day"), frozenset({"HE"}), statute="§ 1 HE")
NEWER = HolidayList(date(2027, 1, 1), (*RULES, NEW_DAY))
OLDER = HolidayList(date(2024, 1, 1), tuple(rule for rule in RULES if rule.name.de != "Fronleichnam"))


def count(received: str = "2026-06-01", **options: Any) -> Deadline:
    return deadline(datetime.fromisoformat(f"{received}T09:00+02:00"), **{"land": "HE", **options})


def stored(counted: Deadline) -> Stored:
    return Stored(counted.due, counted.nominal_end, counted.derivation)


def test_the_same_count_differs_in_nothing() -> None:
    assert difference(stored(count()), count()) is None


def test_a_new_holiday_is_told_with_both_days_and_the_earlier_is_safe() -> None:
    found = difference(stored(count()), count(listed=NEWER))
    assert found is not None
    assert (found.cause, found.stored, found.fresh) == (Cause.HOLIDAYS, date(2026, 7, 1), date(2026, 7, 2))
    assert found.safe == date(2026, 7, 1)
    assert found.words.de.startswith("Die Feiertagsliste hat sich geändert (jetzt: 2027-01-01 ")
    assert (
        "Fällig war Mittwoch, 1. Juli 2026; nach heutiger Rechnung wäre es Donnerstag, 2. Juli 2026" in found.words.de
    )
    assert "Due was Wednesday, 1 July 2026; by a count of today it would be Thursday, 2 July 2026" in found.words.en
    assert "Landestag, Feiertag: Hessen, § 1 HE" in count(listed=NEWER).derivation.de


def test_an_abolished_holiday_makes_the_fresh_day_the_safe_one() -> None:
    found = difference(stored(count("2026-05-04")), count("2026-05-04", listed=OLDER))
    assert found is not None
    assert (found.stored, found.safe) == (date(2026, 6, 5), date(2026, 6, 4))


def test_a_new_holiday_elsewhere_is_no_difference() -> None:
    assert difference(stored(count(land="HH")), count(land="HH", listed=NEWER)) is None
    assert count(land="HH").holiday_list.split()[1] == count(land="HH", listed=NEWER).holiday_list.split()[1]


def test_a_new_holiday_on_another_day_leaves_the_date_but_shows_in_the_derivation() -> None:
    before, after = count("2026-06-02"), count("2026-06-02", listed=NEWER)
    assert difference(stored(before), after) is None
    assert before.derivation != after.derivation


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ({"land": "NW"}, {"land": "HH"}, Cause.PLACE),
        ({"land": "NW"}, {"land": None}, Cause.PLACE),
        ({"land": "NW"}, {"extended": True}, Cause.FACTS),
        ({"land": "NW"}, {"paused_days": 3}, Cause.FACTS),
    ],
)
def test_other_causes_are_told_apart(before: dict[str, Any], after: dict[str, Any], cause: Cause) -> None:
    found = difference(stored(count("2026-05-04", **before)), count("2026-05-04", **after))
    assert found is not None
    assert found.cause is cause


def test_a_region_is_another_calendar_than_its_land() -> None:
    augsburg, bavaria = (count("2025-07-08", land="BY", region=region) for region in ("augsburg", None))
    for before, after in ((augsburg, bavaria), (bavaria, augsburg)):
        found = difference(stored(before), after)
        assert found is not None
        assert found.cause is Cause.PLACE


def test_a_derivation_of_an_older_version_can_be_compared_too() -> None:
    kept = Stored(date(2026, 7, 1), date(2026, 7, 1), Text("Es gilt der Feiertagskalender: Hessen.", "Hesse."))
    found = difference(kept, count(listed=NEWER))
    assert found is not None
    assert found.cause is Cause.HOLIDAYS
