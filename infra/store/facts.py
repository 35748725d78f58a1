"""The open facts of all cases at once, for figures: codes, dates and counts. Nothing sealed is opened here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from cases.case import ENDS
from cases.coverage import HandAnswer, SearchLog
from infra.store.findings import outdated
from infra.store.models import AlarmRow, CaseRow, EventRow, HandAnswerRow, SearchRow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a history: its code and its time (aware UTC)."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PastAlarm:
    """An alarm when it was last raised, and when its reason went; None while it stands."""

    subject: str
    code: str
    raised_at: datetime
    ended_at: datetime | None


class Facts:
    """What is openly known of every case, in one query for each kind of fact."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def steps(self) -> Mapping[str, tuple[Step, ...]]:
        """The histories of all cases in their order, by case number."""
        return self._steps(select(EventRow.case, EventRow.what, EventRow.at))

    def steps_of_open(self) -> Mapping[str, tuple[Step, ...]]:
        """The same of open cases only: what is looked at every minute must not grow with the years."""
        wanted = select(EventRow.case, EventRow.what, EventRow.at).join(CaseRow, CaseRow.number == EventRow.case)
        return self._steps(wanted.where(CaseRow.status.not_in(ENDS)))

    def _steps(self, wanted: Select[tuple[str, str, datetime]]) -> Mapping[str, tuple[Step, ...]]:
        rows = self._session.execute(wanted.order_by(EventRow.case, EventRow.seq))
        return _by_case((case, Step(what, at)) for case, what, at in rows)

    def searches(self) -> Mapping[str, tuple[SearchLog, ...]]:
        """What is known of the searches for each case whose material was not destroyed yet."""
        rows = self._session.scalars(select(SearchRow).order_by(SearchRow.case, SearchRow.source))
        return _by_case(
            (row.case, SearchLog(row.source, row.searched_at, row.records, row.findings, row.gaps, row.failed))
            for row in rows
        )

    def hand_answers(self) -> Mapping[str, tuple[HandAnswer, ...]]:
        """Which systems were answered by hand, when and with how many files; not by whom."""
        wanted = select(HandAnswerRow, CaseRow.learned_at).join(CaseRow, CaseRow.number == HandAnswerRow.case)
        rows = self._session.execute(wanted.order_by(HandAnswerRow.case, HandAnswerRow.system))
        return _by_case(
            (row.case, HandAnswer(row.system, "", row.answered_at, row.files, outdated(row.answered_at, learned_at)))
            for row, learned_at in rows
        )

    def alarms_since(self, moment: datetime) -> tuple[PastAlarm, ...]:
        """Every alarm that was raised since then or still stands. One that came back is there once, as it is now."""
        wanted = select(AlarmRow).where(or_(AlarmRow.raised_at >= moment, AlarmRow.ended_at.is_(None)))
        rows = self._session.scalars(wanted.order_by(AlarmRow.raised_at, AlarmRow.id))
        return tuple(PastAlarm(row.subject, row.code, row.raised_at, row.ended_at) for row in rows)


def _by_case(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    found: dict[str, list[T]] = {}
    for case, item in pairs:
        found.setdefault(case, []).append(item)
    return {case: tuple(items) for case, items in found.items()}
