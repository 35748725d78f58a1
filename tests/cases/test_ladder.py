"""The days on which somebody is told: each rung once, the latest that was reached, and what lies in between."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.breach import alarm_of, notify_by
from cases.ladder import DATE_CODES, before_and_after, standing_still, towards_target

DUE = date(2026, 12, 2)


def test_the_ladder_of_a_due_day() -> None:
    chain = before_and_after(DUE, (0, 7, 1, 3), (7, 1), 3)
    assert [(rung.day.isoformat(), rung.code, rung.stage, rung.management) for rung in chain.rungs] == [
        ("2026-11-25", "due_soon", 1, False),
        ("2026-11-29", "due_soon", 2, True),
        ("2026-12-01", "due_tomorrow", 1, True),
        ("2026-12-02", "due_today", 1, True),
        ("2026-12-03", "overdue", 1, True),
        ("2026-12-09", "overdue", 2, True),
    ]


def test_what_was_missed_between_two_looks() -> None:
    chain = before_and_after(DUE, (7, 3, 1, 0), (1,), 0)
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert [rung.day.isoformat() for rung in chain.between(friday, monday)] == ["2026-11-29"]
    reached = chain.reached(monday)
    assert reached is not None and (reached.code, reached.stage) == ("due_soon", 2)
    assert chain.reached(date(2026, 11, 24)) is None


def test_nobody_is_told_of_a_standstill_where_the_setting_is_zero() -> None:
    assert standing_still("review_waiting", DUE, 0).rungs == ()
    first, second = standing_still("review_waiting", DUE, 5).rungs
    assert (first.day - DUE, second.day - DUE, second.management) == (timedelta(5), timedelta(10), True)


@given(st.dates(date(2018, 1, 1), date(2150, 1, 1)), st.lists(st.integers(0, 90)), st.lists(st.integers(1, 365)))
def test_rungs_come_in_order_and_no_stage_twice(due: date, before: list[int], after: list[int]) -> None:
    for chain in (before_and_after(due, before, after, 3), towards_target(due, before)):
        days = [rung.day for rung in chain.rungs]
        assert days == sorted(set(days))
        assert len({(rung.code, rung.stage) for rung in chain.rungs}) == len(chain.rungs)
        assert {rung.code for rung in chain.rungs} <= set(chain.codes) <= set(DATE_CODES)


def test_the_hours_of_a_breach_run_over_weekends_and_the_change_of_the_clocks() -> None:
    known = datetime.fromisoformat("2026-10-23T15:00:00+02:00")  # a Friday; the clocks go back on Sunday
    due = notify_by(known)
    assert due == datetime.fromisoformat("2026-10-26T14:00:00+01:00")
    hours = [alarm_of(due, known + timedelta(hours=passed)) for passed in (0, 47, 48, 71, 72)]
    assert hours == ["breach_open", "breach_open", "breach_due", "breach_due", "breach_overdue"]
    with pytest.raises(ValueError, match="without a zone"):
        notify_by(datetime(2026, 10, 23))  # noqa: DTZ001 - that is the point
