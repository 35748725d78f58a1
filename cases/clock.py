"""The clock of a case over its whole course: questions that suspend the period, and the notice of an extension.

What happened goes in (`Course`), how the house reads the law goes in (`Terms`), and the deadline with its derivation
comes out. Art. 12(3) GDPR knows no suspension; EDPB Guidelines 01/2022 par. 159 allow one where the question was asked
without undue delay and leave the arithmetic open. So `none` is the default, `due_unsuspended` is always counted as if
nothing had been suspended, and a question that came late or after the end changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from cases.deadline import (
    TARGET_DAYS,
    Count,
    Deadline,
    Extension,
    Place,
    counted,
    day_of_receipt,
    end_of_day,
    internal_target,
    months_of,
)
from cases.deadline_words import REASONS, Step

PROMPT_DAYS = 7  # the law says "without undue delay" and no number
MOST_QUESTIONS = 100


class Suspension(StrEnum):
    """How the house reads the silence of Art. 12(3): no suspension; the days of waiting are added; the period begins
    anew with the answer."""

    NONE = "none"
    PAUSE = "pause"
    RESTART = "restart"


class Reason(StrEnum):
    """Why the person was asked: Art. 12(6), or recital 63 last sentence."""

    IDENTITY = "identity"
    CLARIFICATION = "clarification"


class Effect(StrEnum):
    """What a question does to the period."""

    COUNTS = "counts"
    NOT_RECOGNISED = "not_recognised"
    ASKED_LATE = "asked_late"
    ASKED_TOO_LATE = "asked_too_late"  # the period had ended


class Extended(StrEnum):
    """What became of an extension."""

    NO = "no"
    IN_FORCE = "in_force"
    VOID = "void"  # announced too late


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the person; `answered_at` None while the answer is outstanding. Aware times."""

    reason: Reason
    asked_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in a case, as far as its clock is concerned. `noticed_at`: when the notice of an extension with
    its reasons went out. Aware times."""

    received_at: datetime
    questions: tuple[Question, ...] = ()
    noticed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How the house counts. `prompt_days`: local days after the receipt, or after the answer to the question before,
    within which a question suspends. `target_days`: of the internal target."""

    place: Place
    suspension: Suspension = Suspension.NONE
    extension: Extension = Extension.FROM_RECEIPT
    prompt_days: int = PROMPT_DAYS
    target_days: int = TARGET_DAYS


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with its effect. `until` is the local day of the answer, or the day of counting where it is `open`;
    `days` those that it adds to the period (days of an earlier pause count once)."""

    question: Question
    asked_on: date
    until: date
    since: date
    effect: Effect
    days: int = 0

    @property
    def open(self) -> bool:
        return self.question.answered_at is None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a case stands. `still`: a question suspends the period and waits for its answer, so that `deadline` is
    provisional. `target`: the internal target."""

    deadline: Deadline
    extended: Extended
    questions: tuple[Judged, ...]
    target: date
    still: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """A count and how each question was judged on the way to it."""

    count: Count
    judged: tuple[Judged, ...]


def clock(course: Course, terms: Terms, now: datetime) -> Clock:
    """The clock of a case at `now` (aware), which matters only while a question is open.

    ValueError for a course that cannot have been: naive times, a question or a notice before the receipt, an answer
    before its question, more than `MOST_QUESTIONS` questions, years outside the table of holidays.
    """
    _check(course, terms)
    run, state = _run(course, terms, now)
    without, bare = _run(course, replace(terms, suspension=Suspension.NONE), now)
    leans: tuple[Step, ...] = (("leans_on_suspension", {"day": without.count.due}),) if bare is not state else ()
    before = tuple(_told(each, terms) for each in run.judged if _worth_telling(each, terms))
    found = counted(replace(run.count, before=before, after=run.count.after + leans))
    found = replace(found, due_unsuspended=without.count.due)
    still = any(each.open for each in _counting_ones(run.judged))
    return Clock(found, state, run.judged, internal_target(found, terms.target_days), still)


def _check(course: Course, terms: Terms) -> None:
    if len(course.questions) > MOST_QUESTIONS:
        raise ValueError(f"a case has at most {MOST_QUESTIONS} questions that touch its clock")
    if not 0 <= terms.prompt_days <= 31:
        raise ValueError("a question is prompt within 0 to 31 days: after a month the period is over")
    received = day_of_receipt(course.received_at, terms.place)
    if course.noticed_at is not None and terms.place.day(course.noticed_at) < received:
        raise ValueError("the notice of an extension cannot have gone out before the request arrived")
    for each in course.questions:
        asked = terms.place.day(each.asked_at)
        if asked < received:
            raise ValueError("a question cannot have been asked before the request arrived")
        if each.answered_at is not None and terms.place.day(each.answered_at) < asked:
            raise ValueError("an answer cannot have arrived before its question was asked")


def _run(course: Course, terms: Terms, now: datetime) -> tuple[_Run, Extended]:
    """The first month decides whether the notice was in time; only then are three months counted."""
    first = _counting(course, terms, now, (1,))
    if course.noticed_at is None:
        return first, Extended.NO
    sent, latest = terms.place.day(course.noticed_at), first.count.notice_due
    if course.noticed_at >= end_of_day(latest, terms.place.zone):
        void: Step = ("void", {"sent": sent, "day": latest})
        return _Run(replace(first.count, after=(void,)), first.judged), Extended.VOID
    longer = _counting(course, terms, now, months_of(True, terms.extension))
    noticed: Step = ("noticed", {"sent": sent})
    return _Run(
        replace(longer.count, first_end=first.count.nominal_end, after=(noticed,)), longer.judged
    ), Extended.IN_FORCE


def _counting(course: Course, terms: Terms, now: datetime, months: tuple[int, ...]) -> _Run:
    """Takes the questions in their order; each is judged by the period that the ones before it have led to."""
    received = day_of_receipt(course.received_at, terms.place)
    count = Count(received, received, months, terms.place)
    judged: list[Judged] = []
    for question in sorted(course.questions, key=lambda each: each.asked_at):
        one = _judge(question, count, judged, terms, now)
        judged.append(one)
        count = _applied(one, count, terms.suspension)
    return _Run(count, tuple(judged))


def _judge(question: Question, count: Count, before: Sequence[Judged], terms: Terms, now: datetime) -> Judged:
    asked = terms.place.day(question.asked_at)
    until = max(asked, terms.place.day(question.answered_at or now))
    since = max((each.until for each in _counting_ones(before) if each.until <= asked), default=count.received_on)
    effect = _effect(asked, since, count, terms)
    counts = effect is Effect.COUNTS and terms.suspension is Suspension.PAUSE
    return Judged(question, asked, until, since, effect, _new_days(asked, until, before) if counts else 0)


def _effect(asked: date, since: date, count: Count, terms: Terms) -> Effect:
    if terms.suspension is Suspension.NONE:
        return Effect.NOT_RECOGNISED
    if asked > count.due:
        return Effect.ASKED_TOO_LATE
    return Effect.ASKED_LATE if (asked - since).days > terms.prompt_days else Effect.COUNTS


def _counting_ones(judged: Iterable[Judged]) -> Iterable[Judged]:
    return (each for each in judged if each.effect is Effect.COUNTS)


def _new_days(asked: date, until: date, before: Iterable[Judged]) -> int:
    """The days from the question to the answer that no earlier pause holds. Earlier ones were asked earlier, so what
    they hold of these days is a beginning."""
    held = max((each.until for each in _counting_ones(before)), default=asked)
    return max((until - max(asked, held)).days, 0)


def _applied(one: Judged, count: Count, mode: Suspension) -> Count:
    if one.effect is not Effect.COUNTS:
        return count
    if mode is Suspension.PAUSE:
        return replace(count, paused_days=count.paused_days + one.days)
    return replace(count, start=max(count.start, one.until))


def _worth_telling(one: Judged, terms: Terms) -> bool:
    """With a restart the count itself says from which answer it begins."""
    return one.effect is not Effect.COUNTS or one.open or terms.suspension is Suspension.PAUSE


def _told(one: Judged, terms: Terms) -> Step:
    reason = REASONS[one.question.reason]
    if one.effect is Effect.COUNTS:
        key = "restart_open" if terms.suspension is Suspension.RESTART else "pause_open" if one.open else "pause"
        return key, {"reason": reason, "asked": one.asked_on, "until": one.until, "days": one.days}
    return one.effect, {"reason": reason, "asked": one.asked_on, "since": one.since, "limit": terms.prompt_days}
