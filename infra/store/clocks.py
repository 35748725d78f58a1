"""What touches the clock of a case: questions to the person, and the notice of an extension."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.case import Extension
from cases.clock import Question, Reason
from infra.store.models import CaseRow, ClockQuestionRow


class Clocks:
    """The clocks of one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._known: dict[str, list[ClockQuestionRow]] | None = None

    def questions(self, case: str) -> tuple[Question, ...]:
        """What the person was asked, in the order of asking."""
        return tuple(_question(row) for row in self._rows(case))

    def waiting(self) -> dict[str, datetime]:
        """Since when the person owes an answer, by case; the longest wait of each."""
        open_ones = {
            case: [row.asked_at for row in rows if row.answered_at is None] for case, rows in self._all().items()
        }
        return {case: min(asked) for case, asked in open_ones.items() if asked}

    def ask(self, case: str, reason: Reason) -> bool:
        """Notes that the person was asked now; False where this is open already."""
        rows = self._rows(case)
        if any(row.reason == reason and row.answered_at is None for row in rows):
            return False
        number = max((row.number for row in rows), default=0) + 1
        row = ClockQuestionRow(case=case, number=number, reason=reason, asked_at=self._now)
        self._session.add(row)
        self._session.flush()
        self._all().setdefault(case, []).append(row)
        return True

    def answer(self, case: str, reason: Reason) -> bool:
        """Notes that the person answered now; False where nothing of this kind was open."""
        row = next((row for row in self._rows(case) if row.reason == reason and row.answered_at is None), None)
        if row is None:
            return False
        row.answered_at = self._now
        self._session.flush()
        return True

    def extension(self, case: str, became: Extension, reason: str = "", noticed_at: datetime | None = None) -> None:
        row = self._session.get_one(CaseRow, case)
        row.extension, row.extension_reason = became, reason or row.extension_reason
        row.noticed_at = noticed_at or row.noticed_at
        self._session.flush()

    def _rows(self, case: str) -> list[ClockQuestionRow]:
        return self._all().get(case, [])

    def _all(self) -> dict[str, list[ClockQuestionRow]]:
        """Of all cases at once: who looks after deadlines asks for every open case."""
        if self._known is None:
            self._known = {}
            ordered = select(ClockQuestionRow).order_by(ClockQuestionRow.case, ClockQuestionRow.number)
            for row in self._session.scalars(ordered):
                self._known.setdefault(row.case, []).append(row)
        return self._known


def _question(row: ClockQuestionRow) -> Question:
    return Question(Reason(row.reason), row.asked_at, row.answered_at)
