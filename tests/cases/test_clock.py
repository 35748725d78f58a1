"""The clock over the course of a case: suspensions, extensions, and what a late question or notice is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.clock import (
    MOST_QUESTIONS,
    Clock,
    Course,
    Effect,
    Extended,
    Question,
    Reason,
    Suspension,
    Terms,
    clock,
)
from cases.deadline import Extension, Place, deadline, extension_open
from cases.deadline_words import TEMPLATES, written


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00+02:00")


RECEIVED = at("2026-06-01")  # a Monday; nothing from here to October is a nation-wide holiday but 3 October
NOW = at("2026-06-20")
NONE, PAUSE, RESTART = (Terms(Place(), mode) for mode in Suspension)


def asked(day: str, answered: str = "", reason: Reason = Reason.IDENTITY) -> Question:
    return Question(reason, at(day), at(answered) if answered else None)


def course(*questions: Question, noticed: str = "") -> Course:
    return Course(RECEIVED, questions, at(noticed) if noticed else None)


def due(found: Clock) -> str:
    return found.deadline.due.isoformat()


def test_without_questions_it_is_the_deadline() -> None:
    found = clock(course(), PAUSE, NOW)
    assert found.deadline == deadline(RECEIVED)
    assert (found.extended, found.questions, found.still) == (Extended.NO, (), False)
    assert found.target == date(2026, 6, 15)


def test_a_pause_adds_its_days() -> None:
    found = clock(course(asked("2026-06-03", "2026-06-17")), PAUSE, NOW)
    assert (due(found), found.questions[0].days, found.still) == ("2026-07-15", 14, False)
    assert found.deadline.due_unsuspended == date(2026, 7, 1)
    assert (
        "von Mittwoch, 3. Juni 2026 bis Mittwoch, 17. Juni 2026 ausgesetzt (Tage: 14)" in found.deadline.derivation.de
    )
    assert "(information on identity) from Wednesday, 3 June 2026" in found.deadline.derivation.en


def test_a_restart_begins_with_the_answer() -> None:
    found = clock(course(asked("2026-06-03", "2026-06-17")), RESTART, NOW)
    assert due(found) == "2026-07-17"
    assert found.deadline == replace(deadline(RECEIVED, restarted_on=date(2026, 6, 17)))


def test_no_suspension_is_the_default_and_is_told() -> None:
    found = clock(course(asked("2026-06-03", "2026-06-17")), NONE, NOW)
    assert (due(found), found.questions[0].effect) == ("2026-07-01", Effect.NOT_RECOGNISED)
    assert Terms(Place()).suspension is Suspension.NONE
    assert "eine Aussetzung ist hier nicht vorgesehen" in found.deadline.derivation.de


@pytest.mark.parametrize(("mode", "expected"), [(NONE, "2026-07-01"), (PAUSE, "2026-07-01"), (RESTART, "2026-07-01")])
def test_a_question_that_came_late_changes_nothing(mode: Terms, expected: str) -> None:
    found = clock(course(asked("2026-06-09", "2026-06-17")), mode, NOW)
    assert due(found) == expected


def test_promptness_is_a_setting_in_days() -> None:
    late = course(asked("2026-06-09", "2026-06-17"))
    assert clock(late, PAUSE, NOW).questions[0].effect is Effect.ASKED_LATE
    assert "höchstens 7 Tage nach Montag, 1. Juni 2026" in clock(late, PAUSE, NOW).deadline.derivation.de
    assert due(clock(course(asked("2026-06-08", "2026-06-17")), PAUSE, NOW)) == "2026-07-10"
    assert due(clock(late, replace(PAUSE, prompt_days=8), NOW)) == "2026-07-09"
    assert clock(course(asked("2026-06-02", "2026-06-03")), replace(PAUSE, prompt_days=0), NOW).questions[0].days == 0


def test_a_question_about_the_answer_before_is_prompt_from_there() -> None:
    two = course(asked("2026-06-03", "2026-06-17"), asked("2026-06-19", "2026-06-22", Reason.CLARIFICATION))
    assert due(clock(two, PAUSE, NOW)) == "2026-07-20"  # 1 July, 14 days, 3 days: Saturday 18 July
    assert clock(two, PAUSE, NOW).deadline.nominal_end == date(2026, 7, 18)
    assert due(clock(two, RESTART, NOW)) == "2026-07-22"


def test_a_late_question_does_not_make_the_next_one_prompt() -> None:
    two = course(asked("2026-06-12", "2026-06-17"), asked("2026-06-18", "2026-06-25"))
    found = clock(two, PAUSE, NOW)
    assert [each.effect for each in found.questions] == [Effect.ASKED_LATE, Effect.ASKED_LATE]
    assert due(found) == "2026-07-01"


def test_overlapping_pauses_count_each_day_once() -> None:
    over = [asked("2026-06-02", "2026-06-10"), asked("2026-06-05", "2026-06-12"), asked("2026-06-06", "2026-06-08")]
    found = clock(course(*over), PAUSE, NOW)
    assert [each.days for each in found.questions] == [8, 2, 0]
    assert found.deadline.nominal_end == date(2026, 7, 11)
    assert clock(course(*reversed(over)), PAUSE, NOW).deadline == found.deadline


def test_an_open_question_holds_the_clock_and_says_so() -> None:
    open_ = course(asked("2026-06-03"))
    found = clock(open_, PAUSE, NOW)
    assert (found.still, found.questions[0].days, due(found)) == (True, 17, "2026-07-20")
    assert due(clock(open_, PAUSE, at("2026-06-24"))) == "2026-07-22"
    assert found.deadline.due_unsuspended == date(2026, 7, 1)
    assert "das Ende ist daher vorläufig" in found.deadline.derivation.de
    assert not clock(open_, NONE, NOW).still


def test_an_open_question_before_a_restart_counts_from_today() -> None:
    found = clock(course(asked("2026-06-03")), RESTART, NOW)
    assert (found.still, due(found)) == (True, "2026-07-20")
    assert "als käme sie am Samstag, 20. Juni 2026" in found.deadline.derivation.de
    assert "dem Tag, an dem die erbetenen Angaben vorlagen" not in found.deadline.derivation.de


def test_a_clock_asked_about_a_day_before_the_question_counts_no_negative_days() -> None:
    assert clock(course(asked("2026-06-03")), PAUSE, RECEIVED).deadline.nominal_end == date(2026, 7, 1)


def test_a_question_after_the_end_revives_nothing() -> None:
    ended = course(asked("2026-06-03", "2026-06-04"), asked("2026-07-08", "2026-07-20"))
    found = clock(ended, replace(PAUSE, prompt_days=31), NOW)
    assert [each.effect for each in found.questions] == [Effect.COUNTS, Effect.ASKED_TOO_LATE]
    assert due(found) == "2026-07-02"
    assert "diese war schon abgelaufen" in found.deadline.derivation.de


@pytest.mark.parametrize(("day", "effect"), [("2026-03-30", Effect.COUNTS), ("2026-03-31", Effect.ASKED_TOO_LATE)])
def test_the_last_day_for_a_question_is_the_shifted_end(day: str, effect: Effect) -> None:
    """Received on 28 February 2026: the month ends on Saturday 28 March, the period on Monday 30 March."""
    asked_then = Course(at("2026-02-28"), (asked(day, "2026-04-02"),))
    assert clock(asked_then, replace(PAUSE, prompt_days=31), NOW).questions[0].effect is effect


def test_the_last_answer_restarts_whatever_the_order_of_the_questions() -> None:
    two = course(asked("2026-06-02", "2026-06-19"), asked("2026-06-03", "2026-06-05"))
    assert due(clock(two, RESTART, NOW)) == "2026-07-20"  # 19 July is a Sunday


def test_an_extension_in_time() -> None:
    found = clock(course(noticed="2026-07-01"), NONE, NOW)
    assert (found.extended, due(found)) == (Extended.IN_FORCE, "2026-09-01")
    assert found.deadline.notice_due == date(2026, 7, 1)
    assert "ging am Mittwoch, 1. Juli 2026 hinaus und damit rechtzeitig" in found.deadline.derivation.de
    assert not extension_open(found.deadline, NOW)


def test_an_extension_chained() -> None:
    received = datetime.fromisoformat("2026-01-31T09:00+01:00")
    found = clock(Course(received, (), received), Terms(Place(), extension=Extension.CHAINED), NOW)
    assert due(found) == "2026-04-28"
    assert due(clock(Course(received, (), received), Terms(Place()), NOW)) == "2026-04-30"


def test_a_late_notice_is_void() -> None:
    late = Course(
        datetime.fromisoformat("2026-03-05T10:00+01:00"), (), datetime.fromisoformat("2026-04-08T00:00+02:00")
    )
    found = clock(late, NONE, NOW)
    assert (found.extended, due(found), found.deadline.extended) == (Extended.VOID, "2026-04-07", False)
    assert "Die Verlängerung ist unwirksam" in found.deadline.derivation.de
    assert "ging am Mittwoch, 8. April 2026 hinaus, möglich war sie nur bis Dienstag, 7. April 2026" in (
        found.deadline.derivation.de
    )
    in_time = replace(late, noticed_at=datetime.fromisoformat("2026-04-07T23:59:59+02:00"))
    assert clock(in_time, NONE, NOW).extended is Extended.IN_FORCE


def test_a_notice_in_time_only_by_the_pause_is_said_to_be_so() -> None:
    leaning = course(asked("2026-06-03", "2026-06-17"), noticed="2026-07-10")
    found = clock(leaning, PAUSE, NOW)
    assert (found.extended, due(found)) == (Extended.IN_FORCE, "2026-09-15")
    assert (found.deadline.notice_due, found.deadline.notice_safe_target) == (date(2026, 7, 15), date(2026, 7, 1))
    assert found.deadline.due_unsuspended == date(2026, 7, 1)
    assert "und die Frist endete am Mittwoch, 1. Juli 2026" in found.deadline.derivation.de
    assert clock(leaning, NONE, NOW).extended is Extended.VOID


@pytest.mark.parametrize(
    ("terms", "notice", "expected"), [(PAUSE, "2026-07-09", "2026-09-11"), (RESTART, "2026-07-28", "2026-11-02")]
)
def test_a_question_within_the_extension_moves_the_end_and_not_the_notice(
    terms: Terms, notice: str, expected: str
) -> None:
    two = (asked("2026-06-20", "2026-06-28"), asked("2026-07-29", "2026-07-31"))
    found = clock(course(*two, noticed="2026-06-30"), replace(terms, prompt_days=31), NOW)
    assert [each.effect for each in found.questions] == [Effect.COUNTS, Effect.COUNTS]
    assert (found.deadline.notice_due.isoformat(), due(found)) == (notice, expected)
    alone = clock(course(*two), replace(terms, prompt_days=31), NOW)
    assert [each.effect for each in alone.questions] == [Effect.COUNTS, Effect.ASKED_TOO_LATE]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (course(asked("2026-05-31")), "asked before the request"),
        (course(asked("2026-06-03", "2026-06-02")), "before its question"),
        (course(noticed="2026-05-31"), "before the request arrived"),
        (course(*[asked("2026-06-03")] * (MOST_QUESTIONS + 1)), "at most 100"),
        (Course(datetime(2026, 6, 1)), "offset"),  # noqa: DTZ001  what is refused
        (Course(RECEIVED, (Question(Reason.IDENTITY, datetime(2026, 6, 1)),)), "offset"),  # noqa: DTZ001
        (Course(datetime(1969, 12, 31, tzinfo=UTC)), "2017 to 2199"),
        (Course(RECEIVED, (), datetime.max.replace(tzinfo=UTC)), "2017 to 2199"),
    ],
)
def test_a_course_that_cannot_be_is_refused(wrong: Course, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        clock(wrong, PAUSE, NOW)


@pytest.mark.parametrize("days", [-1, 32])
def test_promptness_has_bounds(days: int) -> None:
    with pytest.raises(ValueError, match="0 to 31 days"):
        clock(course(), replace(PAUSE, prompt_days=days), NOW)


def test_an_unknown_place_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="BB, BE"):
        Place("XX")


DAY = st.integers(0, 80)


@st.composite
def questions(draw: st.DrawFn) -> list[tuple[int, int | None]]:
    """Days after receipt of up to five questions and their answers."""
    starts = draw(st.lists(st.integers(0, 45), max_size=5))
    waits = [draw(st.none() | st.integers(0, 25)) for _ in starts]
    return sorted(
        ((start, None if wait is None else start + wait) for start, wait in zip(starts, waits, strict=True)),
        key=lambda pair: pair[0],
    )


def as_course(pairs: Sequence[tuple[int, int | None]], noticed: int | None) -> Course:
    """Times grow a little within a day, so that the order of the questions is the list's."""

    def time(day: int, order: int = 0) -> datetime:
        return RECEIVED + timedelta(day, minutes=order)

    made = tuple(
        Question(Reason.IDENTITY, time(start, order), None if end is None else time(end, 60))
        for order, (start, end) in enumerate(pairs)
    )
    return Course(RECEIVED, made, None if noticed is None else time(noticed))


def simulated(pairs: Sequence[tuple[int, int | None]], today: int, months: int) -> tuple[date, set[int]]:
    """A second clock: walks the calendar with a set of the days on which the period stood still."""
    received = date(2026, 6, 1)
    end = date(2026, 6 + months, 1)
    still: set[int] = set()
    answers = [0]
    for start, answer in pairs:
        last = answer if answer is not None else max(today, start)
        due = end + timedelta(len(still))
        while due.weekday() > 4 or (due.month, due.day) == (10, 3):
            due += timedelta(1)
        prompt = start - max(day for day in answers if day <= start) <= 7
        if received + timedelta(start) <= due and prompt:
            still |= set(range(start, last))
            answers.append(last)
    return end + timedelta(len(still)), still


@settings(max_examples=400)
@given(questions(), DAY)
def test_pauses_agree_with_a_walk_through_the_calendar(pairs: list[tuple[int, int | None]], today: int) -> None:
    found = clock(as_course(pairs, None), PAUSE, RECEIVED + timedelta(today))
    end, still = simulated(pairs, today, 1)
    assert found.deadline.nominal_end == end
    assert sum(each.days for each in found.questions) == len(still)


@settings(max_examples=400)
@given(questions(), DAY, DAY)
def test_a_notice_is_in_time_by_the_first_month_alone(
    pairs: list[tuple[int, int | None]], today: int, noticed: int
) -> None:
    found = clock(as_course(pairs, noticed), PAUSE, RECEIVED + timedelta(today))
    first = clock(as_course(pairs, None), PAUSE, RECEIVED + timedelta(today)).deadline
    in_time = date(2026, 6, 1) + timedelta(noticed) <= first.due
    assert found.extended is (Extended.IN_FORCE if in_time else Extended.VOID)
    assert found.deadline.notice_due == first.due
    assert found.deadline.nominal_end == simulated(pairs, today, 3 if in_time else 1)[0]


@given(questions(), DAY, st.none() | DAY, st.sampled_from([NONE, PAUSE, RESTART]))
def test_what_always_holds(pairs: list[tuple[int, int | None]], today: int, noticed: int | None, terms: Terms) -> None:
    found = clock(as_course(pairs, noticed), terms, RECEIVED + timedelta(today))
    bare = clock(as_course(pairs, noticed), NONE, RECEIVED + timedelta(today))
    assert found.deadline.due_unsuspended == bare.deadline.due <= found.deadline.due
    assert found.deadline.safe_target <= found.deadline.nominal_end <= found.deadline.due
    assert found.deadline.notice_due <= found.deadline.due
    assert len(found.questions) == len(pairs)
    assert "{" not in found.deadline.derivation.de + found.deadline.derivation.en
    assert written(found.deadline.due).de in found.deadline.derivation.de


def test_every_template_takes_the_same_values_in_both_languages() -> None:
    for text in TEMPLATES.values():
        assert placeholders(text.de) == placeholders(text.en)


def placeholders(template: str) -> set[str]:
    return {part.partition("}")[0] for part in template.split("{")[1:]}
