"""The clock against a table typed by hand, against what the law promises in general, and across the clock changes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.bilingual import Text
from cases.deadline import (
    LONGEST_PAUSE,
    Deadline,
    Extension,
    days_left,
    deadline,
    end_of_day,
    extension_open,
    internal_target,
    next_working_day,
    same_day,
)
from cases.deadline_words import written
from cases.holidays_de import holidays, is_working_day
from cases.laender import LAENDER


def row(received: str, expected: str, why: str, **options: Any) -> Any:
    """`expected`: nominal end, due, the first moment that is too late, safe target."""
    return pytest.param(received, options, expected.split(), id=why)


TABLE = [
    row(
        "2024-03-05T10:00+01:00",
        "2024-04-05 2024-04-05 2024-04-05T22:00Z 2024-04-05",
        "EDPB par. 160 ex. 32: 5 March to 5 April",
    ),
    row("2025-03-05T10:00+01:00", "2025-04-05 2025-04-07 2025-04-07T22:00Z 2025-04-04", "Saturday moves to Monday"),
    row("2026-08-31T09:00+02:00", "2026-09-30 2026-09-30 2026-09-30T22:00Z 2026-09-30", "EDPB ex. 33: no 31 September"),
    row("2026-09-03T09:00+02:00", "2026-10-03 2026-10-05 2026-10-05T22:00Z 2026-10-02", "3 October on a Saturday"),
    row(
        "2026-01-31T09:00+01:00",
        "2026-02-28 2026-03-02 2026-03-02T23:00Z 2026-02-27",
        "clamp to 28 February first, then shift",
    ),
    row("2028-01-31T09:00+01:00", "2028-02-29 2028-02-29 2028-02-29T23:00Z 2028-02-29", "clamp in a leap year"),
    row(
        "2025-02-28T09:00+01:00",
        "2025-03-28 2025-03-28 2025-03-28T23:00Z 2025-03-28",
        "end of February is no end of March",
    ),
    row("2026-12-31T09:00+01:00", "2027-01-31 2027-02-01 2027-02-01T23:00Z 2027-01-29", "over the turn of the year"),
    row("2026-03-03T09:00+01:00", "2026-04-03 2026-04-07 2026-04-07T22:00Z 2026-04-02", "Good Friday to Easter Monday"),
    row("2026-11-25T09:00+01:00", "2026-12-25 2026-12-28 2026-12-28T23:00Z 2026-12-24", "Christmas and a Sunday"),
    row("2027-02-08T09:00+01:00", "2027-03-08 2027-03-09 2027-03-09T23:00Z 2027-03-08", "Frauentag in MV", land="MV"),
    row(
        "2027-02-08T09:00+01:00", "2027-03-08 2027-03-08 2027-03-08T23:00Z 2027-03-08", "no Frauentag in BB", land="BB"
    ),
    row(
        "2025-07-08T09:00+02:00",
        "2025-08-08 2025-08-11 2025-08-11T22:00Z 2025-08-08",
        "Friedensfest in Augsburg",
        land="BY",
        region="augsburg",
    ),
    row(
        "2025-07-08T09:00+02:00",
        "2025-08-08 2025-08-08 2025-08-08T22:00Z 2025-08-08",
        "no Friedensfest in the rest of Bavaria",
        land="BY",
    ),
    row(
        "2025-07-15T09:00+02:00",
        "2025-08-15 2025-08-18 2025-08-18T22:00Z 2025-08-15",
        "Assumption in Catholic municipalities",
        land="BY",
        region="catholic",
    ),
    row(
        "2026-05-04T09:00+02:00",
        "2026-06-04 2026-06-05 2026-06-05T22:00Z 2026-06-04",
        "Corpus Christi in NW",
        land="NW",
    ),
    row(
        "2026-10-18T09:00+02:00",
        "2026-11-18 2026-11-19 2026-11-19T23:00Z 2026-11-18",
        "Repentance Day in SN",
        land="SN",
    ),
    row(
        "2026-01-31T23:30:00+00:00",
        "2026-03-01 2026-03-02 2026-03-02T23:00Z 2026-02-27",
        "evening in UTC is the next day in Berlin, winter",
    ),
    row(
        "2026-03-31T22:00:00+00:00",
        "2026-05-01 2026-05-04 2026-05-04T22:00Z 2026-04-30",
        "evening in UTC is the next day in Berlin, summer",
    ),
    row(
        "2026-05-23T20:00+02:00",
        "2026-06-23 2026-06-23 2026-06-23T22:00Z 2026-06-23",
        "receipt on a Saturday starts the clock",
    ),
    row(
        "2026-03-05T10:00+01:00",
        "2026-06-05 2026-06-05 2026-06-05T22:00Z 2026-06-05",
        "three months from receipt",
        extended=True,
    ),
    row(
        "2026-01-31T09:00+01:00",
        "2026-04-30 2026-04-30 2026-04-30T22:00Z 2026-04-30",
        "three months are clamped once",
        extended=True,
    ),
    row(
        "2026-01-31T09:00+01:00",
        "2026-04-28 2026-04-28 2026-04-28T22:00Z 2026-04-28",
        "one and two months chained",
        extended=True,
        extension=Extension.CHAINED,
    ),
    row(
        "2025-07-31T09:00+02:00",
        "2025-10-31 2025-11-03 2025-11-03T23:00Z 2025-10-31",
        "Reformation Day in MV",
        land="MV",
        extended=True,
    ),
    row(
        "2026-03-05T10:00+01:00",
        "2026-04-05 2026-04-07 2026-04-07T22:00Z 2026-04-02",
        "a late notice leaves the first month",
    ),
    row(
        "2026-06-01T09:00+02:00",
        "2026-07-15 2026-07-15 2026-07-15T22:00Z 2026-07-15",
        "a pause of 14 days",
        paused_days=14,
    ),
    row(
        "2026-06-01T09:00+02:00",
        "2026-07-17 2026-07-17 2026-07-17T22:00Z 2026-07-17",
        "a restart",
        restarted_on=date(2026, 6, 17),
    ),
    row("2026-06-01T09:00+02:00", "2026-07-01 2026-07-01 2026-07-01T22:00Z 2026-07-01", "suspension not recognised"),
    row(
        "2026-06-01T09:00+02:00",
        "2026-09-15 2026-09-15 2026-09-15T22:00Z 2026-09-15",
        "extension and pause",
        extended=True,
        paused_days=14,
    ),
    row("2028-02-29T12:00+01:00", "2028-03-29 2028-03-29 2028-03-29T22:00Z 2028-03-29", "received on 29 February"),
    row("2100-01-31T12:00+01:00", "2100-02-28 2100-03-01 2100-03-01T23:00Z 2100-02-26", "2100 is no leap year"),
    row(
        "2027-11-29T12:00+01:00",
        "2028-02-29 2028-02-29 2028-02-29T23:00Z 2028-02-29",
        "three months to 29 February",
        extended=True,
    ),
    row(
        "2026-12-24T23:59:59+01:00",
        "2027-01-24 2027-01-25 2027-01-25T23:00Z 2027-01-22",
        "a second before midnight is that day",
    ),
    row("2026-12-25T00:00+01:00", "2027-01-25 2027-01-25 2027-01-25T23:00Z 2027-01-25", "receipt on a holiday counts"),
    row(
        "2017-07-31T12:00+02:00",
        "2017-10-31 2017-11-02 2017-11-02T23:00Z 2017-10-30",
        "Reformation Day of 2017, then All Saints' Day",
        land="NW",
        extended=True,
    ),
    row(
        "2025-04-08T12:00+02:00",
        "2025-05-08 2025-05-09 2025-05-09T22:00Z 2025-05-08",
        "8 May 2025 in Berlin",
        land="BE",
    ),
    row("2026-11-24T12:00+01:00", "2026-12-24 2026-12-24 2026-12-24T23:00Z 2026-12-24", "24 December is a working day"),
]


@pytest.mark.parametrize(("received", "options", "expected"), TABLE)
def test_hand_typed_cases(received: str, options: dict[str, Any], expected: list[str]) -> None:
    counted = deadline(datetime.fromisoformat(received), **options)
    nominal_end, due, due_at, safe = expected
    assert counted.nominal_end.isoformat() == nominal_end
    assert counted.due.isoformat() == due
    assert counted.due_at == datetime.fromisoformat(due_at)
    assert counted.safe_target.isoformat() == safe


PLACES = [(None, None), *((code, None) for code in LAENDER)] + [
    (land.code, region) for land in LAENDER.values() for region in land.regions
]
FIRST, LAST = datetime(2018, 5, 25), datetime(2040, 12, 31)  # noqa: DTZ001  Hypothesis wants naive bounds
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    land, region = draw(st.sampled_from(PLACES))
    return {
        "land": land,
        "region": region,
        "extended": draw(st.booleans()),
        "extension": draw(st.sampled_from(Extension)),
        "paused_days": draw(st.integers(0, 120)),
    }


def place_of(chosen: dict[str, Any]) -> dict[str, Any]:
    return {"land": chosen["land"], "region": chosen["region"]}


@given(MOMENTS, options())
def test_due_is_a_working_day_not_before_the_nominal_end(received: datetime, chosen: dict[str, Any]) -> None:
    counted = deadline(received, **chosen)
    assert counted.due >= counted.nominal_end
    assert counted.due.weekday() < 5
    assert counted.due not in holidays(counted.due.year, **place_of(chosen))


@given(MOMENTS, options())
def test_every_day_passed_over_is_no_working_day(received: datetime, chosen: dict[str, Any]) -> None:
    counted = deadline(received, **chosen)
    passed = [counted.nominal_end + timedelta(each) for each in range((counted.due - counted.nominal_end).days)]
    assert not any(is_working_day(day, **place_of(chosen)) for day in passed)


@given(MOMENTS, st.integers(0, 400), options())
def test_later_receipt_is_never_due_earlier(received: datetime, later: int, chosen: dict[str, Any]) -> None:
    assert deadline(received + timedelta(later), **chosen).due >= deadline(received, **chosen).due


@given(MOMENTS, options(), st.integers(0, 60))
def test_a_longer_pause_is_never_due_earlier(received: datetime, chosen: dict[str, Any], more: int) -> None:
    longer = chosen | {"paused_days": chosen["paused_days"] + more}
    assert deadline(received, **longer).due >= deadline(received, **chosen).due


@given(MOMENTS, options())
def test_the_safe_target_is_on_or_before_every_end(received: datetime, chosen: dict[str, Any]) -> None:
    counted = deadline(received, **chosen)
    assert counted.safe_target <= counted.nominal_end <= counted.due
    assert is_working_day(counted.safe_target)
    assert counted.notice_safe_target <= counted.notice_due <= counted.due
    assert counted.due_unsuspended <= counted.due


@given(MOMENTS, options())
def test_a_month_is_counted_from_the_local_day(received: datetime, chosen: dict[str, Any]) -> None:
    plain = deadline(received, **place_of(chosen))
    day, end = plain.received_on, plain.nominal_end
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == 1
    assert end.day == day.day or (end.day < day.day and (end + timedelta(1)).day == 1)


@pytest.mark.parametrize(
    ("received", "fixed_30_days", "counted_from_next_day"),
    [("2024-03-05T10:00+01:00", date(2024, 4, 4), date(2024, 4, 8))],
)
def test_widespread_wrong_rules_are_not_ours(received: str, fixed_30_days: date, counted_from_next_day: date) -> None:
    assert deadline(datetime.fromisoformat(received)).due not in (fixed_30_days, counted_from_next_day)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2026-03-28T22:59:59+00:00", date(2026, 3, 28)),  # 23:59:59 winter time, the night before the change
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 29)),
        ("2026-03-29T21:59:59+00:00", date(2026, 3, 29)),  # 23:59:59 summer time, a day of 23 hours
        ("2026-03-29T22:00:00+00:00", date(2026, 3, 30)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 25)),  # 23:59:59 winter time, a day of 25 hours
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 26)),
    ],
)
def test_receipt_around_the_clock_change(received: str, day: date) -> None:
    assert deadline(at(received)).received_on == day


@pytest.mark.parametrize(
    ("day", "hour"),
    [(date(2026, 3, 28), 23), (date(2026, 3, 29), 22), (date(2026, 10, 24), 22), (date(2026, 10, 25), 23)],
)
def test_a_day_ends_at_local_midnight(day: date, hour: int) -> None:
    assert end_of_day(day) == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def test_a_day_ends_where_midnight_does_not_exist() -> None:
    # In Beirut 28 March 2021 began at 01:00: the day before ended when the old offset did.
    assert end_of_day(date(2021, 3, 27), "Asia/Beirut") == datetime(2021, 3, 27, 22, tzinfo=UTC)


def test_the_zone_is_the_controllers() -> None:
    moment = at("2026-03-31T22:30:00+00:00")
    assert deadline(moment, zone="Europe/London").received_on == date(2026, 3, 31)
    assert deadline(moment).received_on == date(2026, 4, 1)


def test_days_left_are_local_days() -> None:
    counted = deadline(at("2026-06-01T09:00+02:00"))
    assert counted.due == date(2026, 7, 1)
    assert days_left(counted, at("2026-06-30T21:59:59+00:00")) == 1
    assert days_left(counted, at("2026-06-30T22:00:00+00:00")) == 0
    assert days_left(counted, counted.due_at - timedelta(microseconds=1)) == 0
    assert days_left(counted, counted.due_at) == -1


def test_an_extension_can_be_announced_to_the_end_of_the_first_month_only() -> None:
    counted = deadline(at("2026-03-05T10:00+01:00"))
    assert (counted.notice_due, counted.notice_safe_target) == (date(2026, 4, 7), date(2026, 4, 2))
    assert extension_open(counted, at("2026-04-07T23:59:59+02:00"))
    assert not extension_open(counted, at("2026-04-08T00:00+02:00"))


def test_an_extended_deadline_is_not_extended_again() -> None:
    counted = deadline(at("2026-03-05T10:00+01:00"), extended=True)
    assert counted.notice_due == date(2026, 4, 7)
    assert not extension_open(counted, at("2026-03-06T10:00+01:00"))


def test_the_safe_day_for_the_notice_counts_no_pause() -> None:
    counted = deadline(at("2026-06-01T09:00+02:00"), extended=True, paused_days=14)
    assert (counted.notice_due, counted.notice_safe_target) == (date(2026, 7, 15), date(2026, 7, 1))


@pytest.mark.parametrize("suspension", [{"paused_days": 14}, {"restarted_on": date(2026, 6, 17)}])
def test_the_date_without_suspension_is_kept(suspension: dict[str, Any]) -> None:
    counted = deadline(at("2026-06-01T09:00+02:00"), **suspension)
    assert counted.due_unsuspended == date(2026, 7, 1) < counted.due


def test_the_internal_target_lies_between_receipt_and_safe_target() -> None:
    counted = deadline(at("2026-06-06T09:00+02:00"))  # a Saturday
    assert internal_target(counted) == date(2026, 6, 19)
    assert internal_target(counted, days=90) == counted.safe_target
    assert internal_target(counted, days=0) == counted.received_on
    for wrong in (-1, 367):
        with pytest.raises(ValueError, match="0 to 366"):
            internal_target(counted, days=wrong)


def test_the_internal_target_of_an_extension_lies_before_its_own_end() -> None:
    counted = deadline(at("2026-03-05T10:00+01:00"), extended=True)
    assert internal_target(counted) == date(2026, 5, 22)  # 5 June less 14 days
    assert internal_target(counted, days=366) == counted.notice_safe_target


def test_years_carry_over() -> None:
    assert same_day(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert same_day(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert next_working_day(date(2027, 1, 1)) == date(2027, 1, 4)


def test_the_derivation_names_every_step_in_both_languages() -> None:
    told = deadline(at("2026-05-04T09:00+02:00"), land="NW").derivation
    for words in ("Montag, 4. Mai 2026", "Nr. 1182/71", "Nordrhein-Westfalen", "Fronleichnam", "Feiertagsgesetz NW"):
        assert words in told.de
    assert told.de.endswith("Die Frist endet am Freitag, 5. Juni 2026 um 24:00 Uhr (Ortszeit Europe/Berlin).")
    for words in ("Monday, 4 May 2026", "No 1182/71", "North Rhine-Westphalia", "Corpus Christi"):
        assert words in told.en
    assert told.en.endswith("The period ends on Friday, 5 June 2026 at 24:00 (local time Europe/Berlin).")


def test_the_derivation_says_what_was_added() -> None:
    paused = deadline(at("2026-01-31T09:00+01:00"), extended=True, paused_days=14, land="BY", region="augsburg")
    for words in ("insgesamt drei Monate ab Eingang", "Tage: 14", "Donnerstag, 14. Mai 2026 (Christi Himmelfahrt"):
        assert words in paused.derivation.de
    assert "Bayern (Stadt Augsburg)" in paused.derivation.de
    assert "spätestens am Montag, 16. März 2026 mitgeteilt" in paused.derivation.de
    chained = deadline(at("2026-01-31T09:00+01:00"), extended=True, extension=Extension.CHAINED).derivation.en
    assert "That month has no day 31" in chained
    assert "two further months" in chained
    restarted = deadline(at("2026-06-01T09:00+02:00"), restarted_on=date(2026, 6, 17)).derivation
    assert "ab Mittwoch, 17. Juni 2026 neu gezählt" in restarted.de
    assert "counted anew from Wednesday, 17 June 2026" in restarted.en


@given(MOMENTS, options())
def test_the_derivation_ends_where_the_count_ends(received: datetime, chosen: dict[str, Any]) -> None:
    counted = deadline(received, **chosen)
    for day in (counted.received_on, counted.nominal_end, counted.due):
        assert written(day).de in counted.derivation.de
        assert written(day).en in counted.derivation.en
    assert "{" not in counted.derivation.de + counted.derivation.en


def test_dates_are_written_in_words() -> None:
    assert written(date(2026, 3, 1)) == Text("Sonntag, 1. März 2026", "Sunday, 1 March 2026")


@pytest.mark.parametrize(
    ("received", "wrong", "says"),
    [
        ("2026-06-01T09:00", {}, "offset"),
        ("2016-12-31T09:00+01:00", {}, "2017"),
        ("2017-01-01T00:30+01:00", {"zone": "UTC"}, "2017"),
        ("1969-12-31T23:59:59+01:00", {}, "2017"),
        ("0001-01-01T00:00+14:00", {}, "2017"),
        ("9999-12-31T23:59-10:00", {}, "2199"),
        ("2026-06-01T09:00+02:00", {"land": "XX"}, "BB, BE, BW"),
        ("2026-06-01T09:00+02:00", {"land": "NW", "region": "catholic"}, "BY: catholic, augsburg"),
        ("2026-06-01T09:00+02:00", {"region": "augsburg"}, "BY: catholic, augsburg"),
        ("2026-06-01T09:00+02:00", {"zone": "Europe/Nowhere"}, "Europe/Berlin"),
        ("2026-06-01T09:00+02:00", {"zone": "../etc/localtime"}, "Europe/Berlin"),
        ("2026-06-01T09:00+02:00", {"zone": "Europe"}, "Europe/Berlin"),
        ("2026-06-01T09:00+02:00", {"paused_days": -1}, "0 to"),
        ("2026-06-01T09:00+02:00", {"paused_days": LONGEST_PAUSE + 1}, "0 to"),
        ("2026-06-01T09:00+02:00", {"restarted_on": date(2026, 5, 31)}, "on or after"),
        ("2026-06-01T09:00+02:00", {"restarted_on": date.max}, "2199"),
        ("2026-06-01T09:00+02:00", {"restarted_on": date(2026, 6, 2), "paused_days": 1}, "twice"),
    ],
)
def test_an_unlawful_count_is_refused(received: str, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        deadline(at(received), **wrong)


def test_now_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="offset"):
        days_left(deadline(at("2026-06-01T09:00+02:00")), datetime(2026, 6, 2))  # noqa: DTZ001  what is refused


def test_a_deadline_is_a_frozen_value() -> None:
    counted: Deadline = deadline(at("2026-06-01T09:00+02:00"))
    assert counted == deadline(at("2026-06-01T09:00+02:00"))
    with pytest.raises(FrozenInstanceError):
        counted.due = date(2026, 8, 1)  # type: ignore[misc]
