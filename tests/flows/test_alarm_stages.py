"""Alarms in stages: first the DPO, then the management; seen by a person; an absence is told in one mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from cases.clock import Reason
from flows import alarm_forms
from flows.clocks import question_answered, question_asked
from flows.dispatch import dispatch
from flows.emitting import emit_alarms
from flows.engine import reconcile
from flows.needs import needs_you_now
from flows.reconcile import wanted
from flows.watch import watch
from tests.flows import history, steps
from tests.flows.house import DPO, REVIEWER, SETTINGS, FakeApi, World, build_world

BOSS = "leitung@nordlicht.example"
ALARMS = f'[alarms]\nmanagement = ["{BOSS}"]\n'


@pytest.fixture
def led(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    """A house with a management."""
    made = build_world(tmp_path / "house", empty_database, settings=SETTINGS + ALARMS)
    yield made
    made.house.close()


def subjects(world: World, recipient: str) -> list[str]:
    dispatch(world.house)
    return [str(message_from_bytes(raw, policy=default)["Subject"]) for raw in world.post.to(recipient)]


def look(world: World, hours: float) -> None:
    """The program runs on, and looks every hour."""
    for _ in range(int(hours)):
        world.clock.move(hours=1)
        watch(world.house)


def raised(world: World, subject: str, code: str) -> None:
    with world.house.store.begin() as tx:
        tx.alarms.raise_(subject, code)
    watch(world.house)


def test_an_unseen_alarm_goes_to_the_management_after_two_working_days(led: World) -> None:
    led.clock.at = history.at("2026-03-06", 12)  # a Friday
    raised(led, "source:crm", "source_unavailable")
    look(led, 24 * 3 + 1)  # Monday, 13:00: a day and an hour of work
    assert subjects(led, BOSS) == []
    look(led, 24)
    assert subjects(led, BOSS) == ["Handeln nötig: ein System konnte nicht durchsucht werden"]
    look(led, 24 * 5)
    assert len(subjects(led, BOSS)) == 1
    assert len(subjects(led, DPO)) == 2


def test_one_that_was_seen_stays_with_who_saw_it(led: World) -> None:
    raised(led, "source:crm", "source_unavailable")
    typed = f'{{"decision": "seen", "by": "{REVIEWER}", "note": "Anbieter angerufen"}}'
    with led.house.store.begin() as tx:
        assert alarm_forms.answer(led.house, tx, "source:crm", typed) == ""
        (item,) = tx.alarms.of("source:crm")
        said = tx.alarms.acknowledged_by(item.id)
    assert said is not None and (said.by, said.why) == (REVIEWER, "Anbieter angerufen")
    look(led, 24 * 5)
    assert subjects(led, BOSS) == []


def test_a_date_reaches_its_next_stage_although_the_one_before_was_seen(led: World) -> None:
    case = steps.in_review(led)  # due on 2 April
    led.clock.at = history.at("2026-03-26")
    watch(led.house)
    with led.house.store.begin() as tx:
        assert alarm_forms.seen(led.house, tx, case, REVIEWER, "") >= 1
    assert "alarm_seen:due_soon" in led.steps(case)
    assert not alarm_waits(led, case)
    led.clock.at = history.at("2026-03-30")
    watch(led.house)
    assert alarm_waits(led, case)
    assert f"[{case}] Handeln nötig: die Frist läuft bald ab" in subjects(led, BOSS)


def alarm_waits(world: World, subject: str) -> bool:
    with world.house.store.begin() as tx:
        return subject in alarm_forms.waiting(tx)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("{}", "not_a_reviewer"),
        ('{"decision": "seen", "by": "Unbekannt"}', "not_a_reviewer"),
        (f'{{"decision": "", "by": "{REVIEWER}"}}', "no_decision"),
        (f'{{"decision": "extend: volume", "by": "{REVIEWER}"}}', "no_decision"),
        ("null", "not_a_reviewer"),
    ],
)
def test_a_form_that_says_nothing_usable_comes_again_with_the_reason(world: World, typed: str, code: str) -> None:
    raised(world, "mailbox", "intake_failed")
    with world.house.store.begin() as tx:
        tx.state.set("alarm/mailbox", note="")
        assert alarm_forms.answer(world.house, tx, "mailbox", typed) == code
    assert alarm_waits(world, "mailbox")
    with world.house.store.begin() as tx:
        assert alarm_forms.NOTES[code] in alarm_forms.text(world.house, tx, "mailbox")


def test_each_case_and_part_has_one_form_for_all_its_alarms(world: World) -> None:
    case = steps.in_review(world)
    world.clock.move(days=28)
    watch(world.house)
    raised(world, "mailbox", "intake_failed")
    alarms = [item for item in wanted(world.house) if item.deployment == "alarm"]
    assert {item.parameters["subject"] for item in alarms} == {case, "mailbox"}
    with world.house.store.begin() as tx:
        text = alarm_forms.text(world.house, tx, case)
    assert "internes Ziel" in text or "interne Ziel" in text
    assert "Frist läuft bald ab" in text and "lena" not in text.casefold()


def test_a_reply_to_the_alarm_of_a_part_is_kept_although_no_case_has_a_key_for_it(world: World) -> None:
    raised(world, "mailbox", "intake_failed")
    api = FakeApi()
    reconcile(world.house, api)
    (start,) = api.of("alarm")
    api.states["run-1"], api.replies["run-1"] = "CRASHED", '{"decision": "seen", "by": "x"}'
    world.clock.move(minutes=2)
    reconcile(world.house, api)
    with world.house.store.begin() as tx:
        assert tx.runs.take_reply(str(start.parameters["key"])) == '{"decision": "seen", "by": "x"}'


def test_runs_are_renamed_as_days_pass(world: World) -> None:
    case, api = steps.in_review(world), FakeApi()
    reconcile(world.house, api)
    api.states["run-1"] = "PAUSED"
    api.forms.add("run-1")
    world.clock.move(days=1)
    reconcile(world.house, api)
    assert api.names["run-1"] == f"030 Tage · {case} · review"


def test_what_needs_a_person_is_one_page_and_new_only_when_it_changes(world: World) -> None:
    assert "Nichts" in needs_you_now(world.house)
    case = steps.in_review(world)
    page = needs_you_now(world.house)
    assert case in page and "freigeben" in page
    assert needs_you_now(world.house) == ""


def test_events_are_emitted_once_for_each_stage(world: World) -> None:
    case, api = steps.in_review(world), FakeApi()
    world.clock.at = history.at("2026-03-26")
    watch(world.house)
    emit_alarms(world.house, api)  # type: ignore[arg-type]
    assert emit_alarms(world.house, api) == 0  # type: ignore[arg-type]
    soon = [event for event in api.events if event["event"] == "auskunft.alarm.due_soon"]
    (event,) = soon
    assert event["resource"]["prefect.resource.id"] == f"auskunft.case.{case}"  # type: ignore[index]
    assert event["payload"] == {"stage": 1, "management": False, "due": "2026-04-02", "days_left": 7}
    assert "lena" not in str(api.events).casefold()


def test_an_absence_is_told_in_one_mail_even_if_it_missed_nothing(world: World) -> None:
    watch(world.house)
    world.clock.move(hours=2)
    watch(world.house)
    assert not any("weg" in subject for subject in subjects(world, DPO))
    world.clock.move(hours=2, minutes=1)
    watch(world.house)
    assert subjects(world, DPO) == ["Das Programm war weg: 0 Alarme in dieser Zeit"]


def test_a_mailbox_is_not_called_silent_because_nothing_ran(world: World) -> None:
    with world.house.store.begin() as tx:
        tx.state.set("mailbox", read_at=tx.now.isoformat(), trouble="")
    watch(world.house)
    world.clock.move(days=3)
    watch(world.house)
    assert ("mailbox", "intake_failed") not in world.alarms()
    look(world, 2)
    assert ("mailbox", "intake_failed") in world.alarms()


def test_a_clock_that_was_turned_back_mutes_no_mailbox(world: World) -> None:
    with world.house.store.begin() as tx:
        tx.state.set("mailbox", read_at=tx.now.isoformat(), trouble="")
    watch(world.house)
    world.clock.move(days=365)
    with world.house.store.begin() as tx:
        tx.state.set("mailbox", read_at=tx.now.isoformat(), trouble="")
    watch(world.house)
    world.clock.move(days=-365, minutes=10)
    watch(world.house)
    assert ("mailbox", "intake_failed") not in world.alarms()
    look(world, 2)
    assert ("mailbox", "intake_failed") in world.alarms()


def test_what_an_alarm_says_is_the_day_that_it_goes_by(tmp_path: Path, empty_database: Path) -> None:
    world = build_world(tmp_path / "house", empty_database, settings=SETTINGS + '[clock]\nsuspension = "pause"\n')
    case, api = steps.in_review(world), FakeApi()
    with world.house.store.begin() as tx:
        question_asked(world.house, tx, case, Reason.IDENTITY)
    world.clock.move(days=20)
    with world.house.store.begin() as tx:
        question_answered(world.house, tx, case, Reason.IDENTITY)
    assert world.case(case).due > date(2026, 4, 2)
    world.clock.at = history.at("2026-04-02")
    watch(world.house)
    dispatch(world.house)
    emit_alarms(world.house, api)  # type: ignore[arg-type]
    mails = [message_from_bytes(raw, policy=default) for raw in world.post.to(DPO)]
    (today,) = [mail.get_content() for mail in mails if "heute" in str(mail["Subject"])]
    assert "2. April 2026" in today
    (event,) = [event for event in api.events if event["event"] == "auskunft.alarm.due_today"]
    assert event["payload"]["days_left"] == 0  # type: ignore[index]
    with world.house.store.begin() as tx:
        assert "02.04.2026 (today)" in alarm_forms.text(world.house, tx, case)
        assert alarm_forms.due_of(world.house, tx, case) == date(2026, 4, 2)
    world.house.close()


def test_a_refusal_that_does_not_leave_in_time_is_told_to_the_management(led: World) -> None:
    from flows.refusal import Reasons
    from infra.post import PostUnavailable

    case = steps.in_review(led)
    dispatch(led.house)
    led.clock.at = history.at("2026-04-01")
    told = "Dieselbe Anfrage kam in dieser Woche an jedem Tag."
    steps.refuse(led, case, Reasons("excessive", sentence=told), "schreibt täglich dieselbe Anfrage")
    led.post.outcomes = [PostUnavailable("refused")]
    dispatch(led.house)
    watch(led.house)
    assert (case, "refusal_unsent") in led.alarms()
    led.clock.at += timedelta(hours=2)
    dispatch(led.house)
    watch(led.house)
    assert (case, "refusal_unsent") not in led.alarms()
