"""Alarms once each, the report every day, and nothing about a person in either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import flows
from cases.case import Status
from cases.ladder import DATE_CODES
from flows import breach, extension
from flows.chains import STILL_CODES
from flows.clocks import DIFFERS
from flows.dispatch import dispatch
from flows.inbox import poll
from flows.open_cases import WAITS_FOR
from flows.report import daily_report
from flows.watch import REFUSAL_UNSENT, watch
from outputs.texts import texts
from tests.flows import steps
from tests.flows.house import DPO, LENA, REVIEWER, World


def told(world: World) -> list[str]:
    """The subjects of what the DPO got."""
    dispatch(world.house)
    return [line for raw in world.post.to(DPO) for line in raw.decode().splitlines() if line.startswith("Subject:")]


@pytest.mark.parametrize(
    ("days", "code"), [(24, "due_soon"), (30, "due_tomorrow"), (31, "due_today"), (32, "overdue"), (90, "overdue")]
)
def test_a_date_that_comes_near_is_an_alarm(world: World, days: int, code: str) -> None:
    case = steps.acknowledged(world)
    watch(world.house)
    assert (case, code) not in world.alarms()
    world.clock.move(days=days)
    watch(world.house)
    assert (case, code) in world.alarms()


def test_three_weeks_before_its_end_nobody_is_alarmed_by_the_date(world: World) -> None:
    steps.acknowledged(world)
    world.clock.move(days=10)
    watch(world.house)
    assert {code for _, code in world.alarms() if code.startswith(("due", "over"))} == set()


def test_an_alarm_is_told_once(world: World) -> None:
    steps.acknowledged(world)
    world.clock.move(days=40)
    first = len(told(world))
    watch(world.house)
    after = len(told(world))
    assert after > first
    for _ in range(3):
        world.clock.move(hours=1)
        watch(world.house)
    assert len(told(world)) == after


def test_an_alarm_that_comes_back_is_told_again(world: World) -> None:
    world.box.trouble = "refused"
    poll(world.house)
    watch(world.house)
    assert len(told(world)) == 1
    world.box.trouble = ""
    poll(world.house)
    world.clock.move(hours=1)
    world.box.trouble = "refused"
    poll(world.house)
    watch(world.house)
    assert len(told(world)) == 2


def test_a_mailbox_that_nobody_reads_is_an_alarm_after_an_hour(world: World) -> None:
    poll(world.house)
    world.clock.move(minutes=60)
    watch(world.house)
    assert world.alarms() == set()
    world.clock.move(minutes=1)
    watch(world.house)
    assert ("mailbox", "intake_failed") in world.alarms()


def test_the_alarms_of_an_ended_case_end_with_it(world: World) -> None:
    case = steps.acknowledged(world)
    world.clock.move(days=40)
    watch(world.house)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN, REVIEWER)
    watch(world.house)
    assert {code for subject, code in world.alarms() if subject == case and "due" in code} == set()


def test_the_daily_report_lists_every_open_case_with_its_days_and_the_combined_head(world: World) -> None:
    case = steps.in_review(world)
    (row,) = daily_report(world.house)
    assert (row.case, row.days_left, row.waiting_for) == (case, 31, "releaser")
    with world.house.store.begin() as tx:
        head = tx.ledger.head()
    dispatch(world.house)
    text = b"".join(world.post.to(DPO)).decode()
    assert case in text
    assert head in text.replace("=\r\n", "")
    assert not any(word in text.casefold() for word in ("lena", "kr=c3=bcger", "krueger", LENA))


def test_the_daily_report_is_sent_once_a_day(world: World) -> None:
    for _ in range(3):
        daily_report(world.house)
    assert len(told(world)) == 1
    world.clock.move(days=1)
    daily_report(world.house)
    assert len(told(world)) == 2


def test_a_source_that_was_down_counts_among_the_gaps_of_a_case(world: World) -> None:
    world.cloud.trouble = "timeout"
    steps.in_review(world)
    (row,) = daily_report(world.house)
    assert row.gaps == 1


def test_every_open_status_waits_for_somebody() -> None:
    from cases.case import ENDS

    assert set(WAITS_FOR) == set(Status) - ENDS


CODES = sorted(
    {
        code
        for path in Path(flows.__file__).parent.glob("*.py")
        for code in re.findall(r'alarms\.raise_\([^,]+, "([a-z_]+)"\)', path.read_text(encoding="utf-8"))
    }
    | {*DATE_CODES, *STILL_CODES, *breach.CODES, extension.VOID, extension.UNSENT, extension.OFTEN}
    | {DIFFERS, REFUSAL_UNSENT}
)


def test_the_alarms_of_the_flows_were_found() -> None:
    assert {"overdue", "intake_failed", "mail_refused"} <= set(CODES)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_alarm_says_what_is_wrong_and_what_to_do(code: str, language: str) -> None:
    words = texts(language)
    assert words.known(f"alarm.{code}.what")
    assert words.known(f"alarm.{code}.todo")
