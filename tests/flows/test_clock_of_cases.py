"""The stored due day changes only by a fact; a difference is shown, and the earlier day rules the alarms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import cases.deadline as counting
from cases.bilingual import Text
from cases.case import Status
from cases.clock import Reason
from cases.holidays_de import CURRENT, RULES, HolidayList, Rule
from desk.showing_clock import print_clock
from flows import clocks
from flows.clocks import difference_of, question_answered, question_asked, recount, ruling_day
from flows.inbox import poll
from flows.watch import watch
from infra.store.alarms import Alarm
from tests.flows import history, steps
from tests.flows.house import SETTINGS, World, build_world, mail

NEW_HOLIDAY = Rule(lambda year: date(year, 4, 2), Text("Neuer Feiertag", "New holiday"))


@pytest.fixture(params=["pause", "restart"])
def suspending(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[World]:
    settings = SETTINGS + f'[clock]\nsuspension = "{request.param}"\n'
    made = build_world(tmp_path / "house", empty_database, settings=settings)
    yield made
    made.house.close()


@pytest.fixture
def other_list(monkeypatch: pytest.MonkeyPatch) -> HolidayList:
    """The program is renewed: by its list 2 April is a public holiday."""
    listed = HolidayList(date(2026, 3, 20), (*RULES, NEW_HOLIDAY))
    plain = clocks.terms

    def renewed(house: object) -> object:
        from dataclasses import replace

        found = plain(house)  # type: ignore[arg-type]
        return replace(found, place=replace(found.place, listed=listed))

    monkeypatch.setattr(clocks, "terms", renewed)
    monkeypatch.setattr("flows.chains.terms", renewed)
    return listed


def shown(world: World, case: str) -> str:
    written = StringIO()
    with world.house.store.begin() as tx:
        print_clock(Console(file=written, width=2000), world.house, tx, tx.cases.get(case))
    return written.getvalue()


def test_a_changed_list_of_holidays_changes_no_stored_day_and_is_shown(world: World, other_list: HolidayList) -> None:
    case = steps.in_review(world)  # due on 2 April; by the new list on the 7th, after Easter
    before = world.case(case)
    watch(world.house)
    assert (case, "deadline_differs") in world.alarms()
    with world.house.store.begin() as tx:
        found = difference_of(world.house, tx, before)
        assert found is not None and (found.stored, found.fresh) == (date(2026, 4, 2), date(2026, 4, 7))
        assert ruling_day(world.house, tx, before) == date(2026, 4, 2)
        recount(world.house, tx, case, "nothing happened")
    after = world.case(case)
    assert (after.due, after.derivation_de, after.holiday_list) == (
        before.due,
        before.derivation_de,
        before.holiday_list,
    )
    assert "ACHTUNG" in shown(world, case) and "7. April 2026" in shown(world, case)


def test_a_changed_list_that_moves_no_day_rewrites_no_derivation(world: World, other_list: HolidayList) -> None:
    world.clock.at = history.at("2026-03-09")
    case = steps.in_review(world)  # due on 9 April, whatever 2 April is
    with world.house.store.begin() as tx:
        tx.cases.set_deadline(case, counting.deadline(tx.cases.get(case).received_at, land="MV"))
    before = world.case(case)
    for _ in range(2):
        with world.house.store.begin() as tx:
            question_asked(world.house, tx, case, Reason.IDENTITY)
            question_answered(world.house, tx, case, Reason.IDENTITY)
        world.clock.move(days=1)
    after = world.case(case)
    assert (after.due, after.derivation_de, after.derivation_en) == (
        before.due,
        before.derivation_de,
        before.derivation_en,
    )
    assert after.holiday_list == before.holiday_list
    assert world.steps(case).count("holidays_changed") == 1
    assert "Fällig bleibt" in shown(world, case)
    watch(world.house)
    assert (case, "deadline_differs") not in world.alarms()


def test_an_alarm_whose_day_a_pause_does_not_move_is_told_of_once(suspending: World) -> None:
    case = steps.in_review(suspending)
    with suspending.house.store.begin() as tx:
        question_asked(suspending.house, tx, case, Reason.IDENTITY)
    suspending.clock.move(days=27)
    watch(suspending.house)
    assert {(case, "due_soon"), (case, "target_passed")} <= suspending.alarms()
    before = {item.code: item.raised_at for item in standing(suspending, case)}
    suspending.clock.move(minutes=10)
    with suspending.house.store.begin() as tx:
        question_answered(suspending.house, tx, case, Reason.IDENTITY)
    assert suspending.case(case).due > date(2026, 4, 2)
    watch(suspending.house)
    after = {item.code: item.raised_at for item in standing(suspending, case)}
    assert after["due_soon"] == before["due_soon"]


def standing(world: World, case: str) -> tuple[Alarm, ...]:
    with world.house.store.begin() as tx:
        return tx.alarms.of(case)


def test_the_alarm_of_a_difference_ends_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        tx.cases.row(case).due = date(2026, 4, 1)
    watch(world.house)
    assert (case, "deadline_differs") in world.alarms()
    with world.house.store.begin() as tx:
        tx.cases.row(case).due = date(2026, 4, 2)
    watch(world.house)
    assert (case, "deadline_differs") not in world.alarms()


def test_alarms_go_by_the_day_without_suspension(suspending: World) -> None:
    case = steps.in_review(suspending)
    with suspending.house.store.begin() as tx:
        question_asked(suspending.house, tx, case, Reason.IDENTITY)
    assert suspending.case(case).due == date(2026, 4, 2)
    assert "vorläufig" in shown(suspending, case)
    suspending.clock.move(days=10)
    with suspending.house.store.begin() as tx:
        question_answered(suspending.house, tx, case, Reason.IDENTITY)
    found = suspending.case(case)
    assert found.due == date(2026, 4, 13)  # 12 April is a Sunday, whichever way it is counted
    assert found.due_unsuspended == date(2026, 4, 2)
    assert "due:2026-04-13" in suspending.steps(case)
    suspending.clock.at = history.at("2026-04-02")
    watch(suspending.house)
    assert (case, "due_today") in suspending.alarms()


def test_without_suspension_a_question_changes_nothing_but_the_history(world: World) -> None:
    case = steps.in_review(world)
    before = world.case(case)
    for step in (question_asked, question_answered):
        with world.house.store.begin() as tx:
            step(world.house, tx, case, Reason.CLARIFICATION)
        world.clock.move(days=3)
    assert world.case(case).due == before.due
    assert world.steps(case)[-2:] == ["asked:clarification", "answered:clarification"]


def test_a_person_who_does_not_answer_is_told_of(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        question_asked(world.house, tx, case, Reason.IDENTITY)
    world.clock.move(days=10)
    watch(world.house)
    assert (case, "reply_missing") in world.alarms()


@pytest.mark.parametrize("arrived", ["1969-12-31T23:59:59", "1905-01-01T00:00:00", "2100-02-28T12:00:00"])
def test_a_mail_of_an_impossible_day_is_a_case_that_a_person_looks_at(world: World, arrived: str) -> None:
    world.box.put(mail(), datetime.fromisoformat(arrived).replace(tzinfo=UTC))
    poll(world.house)
    (case,) = world.cases()
    assert (case.status, case.attention, case.due) == (Status.TRIAGE, "impossible_date", date(2026, 4, 2))
    watch(world.house)


@pytest.mark.parametrize(
    ("received", "due"),
    [("2028-02-29", "2028-03-29"), ("2096-02-29", "2096-03-29"), ("2100-02-28", "2100-03-30")],
)
def test_leap_days_and_the_year_2100_are_watched(world: World, received: str, due: str) -> None:
    """2100 is no leap year; 28 March 2100 is Easter Sunday."""
    case = history.case(world, received)
    assert world.case(case).due.isoformat() == due
    world.clock.at = history.at(due)
    watch(world.house)
    assert (case, "due_today") in world.alarms()


def test_a_machine_without_time_zones_says_so_and_changes_no_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = steps.in_review(world)

    def nothing(key: str) -> object:
        raise OSError(key)

    with monkeypatch.context() as without:
        without.setattr(counting, "ZoneInfo", nothing)
        with world.house.store.begin() as tx, pytest.raises(counting.NoTimeZoneData, match="tzdata"):
            ruling_day(world.house, tx, tx.cases.get(case))
    assert world.case(case).due == date(2026, 4, 2)


def test_the_list_that_is_stored_is_the_one_that_was_used(world: World) -> None:
    case = steps.acknowledged(world)
    assert world.case(case).holiday_list.startswith(f"{CURRENT.as_of} ")
