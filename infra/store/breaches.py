"""Tasks after a breach: an answer reached, or may have reached, somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from infra.store.models import BreachRow, CaseRow
from infra.store.sealed import Envelope, Typed


class NoSuchBreach(Exception):
    """The case has no open breach task of this number."""

    def __init__(self, case: str, number: int) -> None:
        super().__init__(f"{case} has no open breach task {number}; `auskunft case show {case}` lists them")


@dataclass(frozen=True, slots=True)
class Breach:
    """One task. `known_at`: when the controller became aware; `due_at`: when the 72 hours end; `authority`: the code of
    the competent one; `outcome`: empty while it is open."""

    case: str
    number: int
    known_at: datetime
    due_at: datetime
    authority: str
    outcome: str = ""
    notified_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.ended_at is None


class Breaches:
    """The breach tasks of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def open(self, case: str, known_at: datetime, due_at: datetime, authority: str, said: Typed) -> Breach:
        """Opens a task; who says so and the facts are sealed under the case's record key."""
        number = (self._session.scalar(select(func.max(BreachRow.number)).where(BreachRow.case == case)) or 0) + 1
        row = BreachRow(case=case, number=number, known_at=known_at, due_at=due_at, authority=authority, outcome="")
        row.sealed_facts = self._envelope.seal(self._key(case), f"breach/{case}/{number}", said)
        self._session.add(row)
        self._session.flush()
        return _breach(row)

    def end(self, case: str, number: int, outcome: str, notified_at: datetime | None, said: Typed) -> Breach:
        """Ends a task with a person's record. Raises `NoSuchBreach`."""
        row = self._session.get(BreachRow, (case, number))
        if row is None or row.ended_at is not None:
            raise NoSuchBreach(case, number)
        row.outcome, row.notified_at, row.ended_at = outcome, notified_at, self._now
        row.sealed_end = self._envelope.seal(self._key(case), f"breach-end/{case}/{number}", said)
        self._session.flush()
        return _breach(row)

    def of_case(self, case: str) -> tuple[Breach, ...]:
        rows = self._session.scalars(select(BreachRow).where(BreachRow.case == case).order_by(BreachRow.number))
        return tuple(_breach(row) for row in rows)

    def still_open(self) -> tuple[Breach, ...]:
        """Every open task, the most urgent first."""
        wanted = select(BreachRow).where(BreachRow.ended_at.is_(None)).order_by(BreachRow.due_at, BreachRow.case)
        return tuple(_breach(row) for row in self._session.scalars(wanted))

    def _key(self, case: str) -> str:
        return self._session.get_one(CaseRow, case).record_key


def _breach(row: BreachRow) -> Breach:
    moments = (row.notified_at, row.ended_at)
    return Breach(row.case, row.number, row.known_at, row.due_at, row.authority, row.outcome, *moments)
