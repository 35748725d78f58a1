"""What a report says, counted from the store: codes, dates and numbers of all cases; nothing sealed but the ground of a
refusal, which is one of a closed list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean, median

from cases.case import Case, Status
from cases.coverage import HandAnswer, SearchLog, complete, coverage
from cases.deadline_words import words_of
from cases.holidays_de import holidays
from cases.register import Coverage, Exclusion, System
from cases.request import Right
from flows.house import House, local_language
from flows.open_cases import rows
from flows.refusal import GROUNDS, TOLD
from flows.timeline import Timeline, timeline
from infra.keystore import KeyStoreError
from infra.store.facts import PastAlarm, Step
from infra.store.store import Transaction
from outputs.report_figures import (
    Count,
    DayOff,
    Excluded,
    Figures,
    Period,
    Report,
    Requests,
    Responses,
    Standing,
    SystemGaps,
)

LOOKS_BACK, LOOKS_AHEAD = timedelta(days=40), timedelta(days=40)  # whose holidays a report names
_NO_REQUEST = frozenset({Status.NOT_A_REQUEST})
_ANSWERED = frozenset({Status.ANSWERED, Status.ANSWERED_NOTHING_HELD})
_RESPONSES = _ANSWERED | {Status.REFUSED, Status.CANNOT_IDENTIFY}  # Art. 12(3) and (4): each is told to the person
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is openly known of one case; `ended` is the local day of its end; None while it has none."""

    case: Case
    steps: Sequence[Step]
    searches: Sequence[SearchLog]
    hand: Sequence[HandAnswer]
    dates: Timeline
    ended: date | None

    @property
    def corrected(self) -> bool:
        return self.case.answered_at is not None

    @property
    def answered(self) -> bool:
        return self.case.status in _ANSWERED or self.corrected

    @property
    def days(self) -> int:
        assert self.ended is not None
        return (self.ended - self.dates.received).days


def this_year(today: date) -> Period:
    return Period(date(today.year, 1, 1), today)


def last_week(today: date) -> Period:
    """The seven days before `today`."""
    return Period(today - timedelta(days=7), today - timedelta(days=1))


def report_of(house: House, tx: Transaction, period: Period) -> Report:
    """The report as of now, with the figures of a period."""
    own, today = house.settings.controller, house.today(tx.now)
    return Report(
        made_at=tx.now,
        today=today,
        language=local_language(own.language),
        timezone=own.timezone,
        controller=own.name,
        place=words_of(own.land, own.region or None),
        rows=rows(house, tx),
        figures=figures(house, tx, period),
        standing=tuple(Standing(item.subject, item.code, house.today(item.raised_at)) for item in tx.alarms.standing()),
        days_off=_days_off(house, today),
        cases=tx.ledger.cases(),
        head=tx.ledger.head(),
    )


def figures(house: House, tx: Transaction, period: Period) -> Figures:
    known = _known(house, tx)
    asked = [one for one in known if one.dates.received in period and one.case.status not in _NO_REQUEST]
    ended = [one for one in known if one.ended is not None and one.ended in period]
    alarms = tx.facts.alarms_since(datetime.combine(period.first, time.min, tzinfo=house.zone))
    raised = [alarm for alarm in alarms if house.today(alarm.raised_at) in period]
    return Figures(
        period=period,
        requests=_requests(asked, period),
        responses=_responses(house, tx, ended),
        systems=tuple(_system(system, asked, raised, alarms) for system in _searched_systems(house)),
        excluded=tuple(_excluded(house)),
        alarms=_counts(alarm.code for alarm in raised),
    )


def _known(house: House, tx: Transaction) -> list[_Known]:
    steps, searches, hand = tx.facts.steps(), tx.facts.searches(), tx.facts.hand_answers()
    return [
        _Known(
            case,
            steps.get(case.number, ()),
            searches.get(case.number, ()),
            hand.get(case.number, ()),
            timeline(house, case, steps.get(case.number, ())),
            _ended(house, case, steps.get(case.number, ())),
        )
        for case in tx.cases.all()
    ]


def _ended(house: House, case: Case, steps: Sequence[Step]) -> date | None:
    """A refusal answers the person when its notice has left, not when it was decided (Art. 12(4)): one that never did
    is no answer. An answer that is corrected, or was, was given when it was given first."""
    if case.answered_at is not None:
        return house.today(case.answered_at)
    if case.status is not Status.REFUSED:
        return house.today(case.closed_at) if case.closed_at else None
    return next((house.today(step.at) for step in reversed(steps) if step.what == TOLD), None)


def _requests(asked: Sequence[_Known], period: Period) -> Requests:
    months = Counter(f"{one.dates.received:%Y-%m}" for one in asked)
    how = (step.what.partition(":")[2] for one in asked for step in _last_identified(one.steps))
    return Requests(
        number=len(asked),
        undecided=sum(one.case.status is Status.TRIAGE for one in asked),
        by_month=tuple(Count(month, months[month]) for month in _months(period)),
        by_channel=_counts(one.case.channel for one in asked),
        by_right=_counts((one.case.right for one in asked), order=tuple(Right)),
        extended=sum(one.dates.extended for one in asked),
        identity_asked=sum(any(step.what == "status:identifying" for step in one.steps) for one in asked),
        identified=_counts(how),
    )


def _last_identified(steps: Iterable[Step]) -> list[Step]:
    """The step by which it is known who asks: the last one, where that changed."""
    return [step for step in steps if step.what.startswith("identified:")][-1:]


def _responses(house: House, tx: Transaction, ended: Sequence[_Known]) -> Responses:
    given = [one for one in ended if one.case.status in _RESPONSES or one.corrected]
    days = [one.days for one in given]
    in_month = sum(_by(one) <= one.dates.month_end for one in given)
    in_three = sum(one.dates.month_end < _by(one) <= one.dates.three_months for one in given)
    judged = [one for one in given if one.answered and one.searches]
    return Responses(
        number=len(given),
        in_month=in_month,
        in_three=in_three,
        longer=len(given) - in_month - in_three,
        late=sum(_by(one) > one.dates.due for one in given),
        median_days=float(median(days)) if days else None,
        mean_days=round(fmean(days), 1) if days else None,
        longest_days=max(days, default=None),
        ends=_counts((_end(one) for one in ended), order=tuple(Status)),
        refusals=_counts(_ground(tx, one.case) for one in given if one.case.status is Status.REFUSED),
        complete=sum(complete(coverage(house.register, one.searches, one.hand)) for one in judged),
        judged=len(judged),
        partly=sum(_holds_back(one) for one in given),
    )


def _end(one: _Known) -> str:
    return (Status.ANSWERED if one.corrected and one.case.open else one.case.status).value


def _holds_back(one: _Known) -> bool:
    """Of several approved answers the last one was sent."""
    last = next((step.what for step in reversed(one.steps) if step.what.startswith(("approved:", "withheld:"))), "")
    return one.answered and last.startswith("withheld:")


def _by(one: _Known) -> date:
    assert one.ended is not None
    return one.ended


def _ground(tx: Transaction, case: Case) -> str:
    """The ground of a refusal, from the closed list; what follows it in the history is nobody's business here."""
    try:
        said = [event.why.partition(":")[0] for event in tx.cases.history(case.number)]
    except KeyStoreError:
        return _OTHER
    return next((ground for ground in reversed(said) if ground in GROUNDS), _OTHER)


def _searched_systems(house: House) -> Iterable[System]:
    return (system for system in house.register.systems if system.coverage is Coverage.SOURCE)


def _system(
    system: System, asked: Sequence[_Known], raised: Sequence[PastAlarm], alarms: Sequence[PastAlarm]
) -> SystemGaps:
    logs = [log for one in asked for log in one.searches if log.source == system.source]
    subject = f"source:{system.source}"
    return SystemGaps(
        name=system.name,
        asked=len(logs),
        gaps=sum(log.gaps > 0 for log in logs),
        open_for=sum(bool(log.failed) for log in logs),
        alarms=sum(alarm.subject == subject for alarm in raised),
        down=any(alarm.subject == subject and alarm.ended_at is None for alarm in alarms),
    )


def _excluded(house: House) -> Iterable[Excluded]:
    for system in house.register.systems:
        if system.coverage is Coverage.EXCLUDED:
            yield Excluded(system.name, (system.reason or Exclusion.NO_PERSONAL_DATA).value)


def _counts(keys: Iterable[str], order: Sequence[str] = ()) -> tuple[Count, ...]:
    """In the given order, else the most frequent first."""
    counted = Counter(keys)
    rank: Mapping[str, int] = {key: number for number, key in enumerate(order)}
    names = sorted(counted, key=lambda key: (rank.get(key, len(rank)), -counted[key], key))
    return tuple(Count(name, counted[name]) for name in names)


def _months(period: Period) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (period.first, period.last))
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1)]


def _days_off(house: House, today: date) -> tuple[DayOff, ...]:
    own, first, last = house.settings.controller, today - LOOKS_BACK, today + LOOKS_AHEAD
    listed = (holidays(year, own.land, own.region or None) for year in range(first.year, last.year + 1))
    return tuple(DayOff(day, one.name) for year in listed for day, one in year.items() if first <= day <= last)
