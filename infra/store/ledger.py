"""One chain over the steps of all cases: what the daily report carries outside, so that nobody rewrites history unseen.

Every step's hash is entered once, in the order of time. An entry holds no case number and nothing personal; it stays
when the step itself goes at the end of its period, so that an old head can still be found. A head that somebody kept
(the mail of a daily report) fixes everything entered before it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from infra.store.models import EventRow, LedgerRow

FIRST = "0" * 64
_IN_FLIGHT = timedelta(hours=1)  # a step may be written while others are being entered


@dataclass(frozen=True, slots=True)
class Audit:
    """What became of the chain. Each is a list of entry numbers (or, in `late`, of entries of steps that are older
    than the entering before theirs: somebody put them in afterwards).

    `broken`: the entry does not fit the one before. `missing`: its step is gone before its period was over, or was
    changed. `expired`: gone in due time. `found`: the entry whose head was asked for, and None where no entry has it.
    """

    entries: int
    head: str
    broken: tuple[int, ...]
    missing: tuple[int, ...]
    late: tuple[int, ...]
    expired: int
    found: int | None

    @property
    def sound(self) -> bool:
        return not (self.broken or self.missing or self.late)


class Ledger:
    """The chain of one transaction."""

    def __init__(self, session: Session, now: datetime, settle: Callable[[], None]) -> None:
        self._session = session
        self._now = now
        self._settle = settle  # what this transaction changed so far goes into its steps, before they are entered

    def head(self) -> str:
        """The head over every step there is now; what was not entered yet is entered."""
        self._settle()
        last = self._session.scalars(select(LedgerRow).order_by(LedgerRow.number.desc()).limit(1)).first()
        number, head = (last.number, last.hash) if last else (0, FIRST)
        for event in self._session.scalars(_not_entered()).all():
            number += 1
            head = entry(head, event.hash, event.at, self._now)
            row = LedgerRow(number=number, event=event.hash, at=event.at, entered_at=self._now, hash=head)
            self._session.add(row)
        self._session.flush()
        return head

    def cases(self) -> int:
        """How many cases have steps."""
        return int(self._session.scalar(select(func.count(func.distinct(EventRow.case)))) or 0)

    def audit(self, wanted: str, record_years: int) -> Audit:
        """Holds every entry against its step and the entry before. `wanted`: a head of some past report; empty: none
        is looked for. Steps that are gone are right only after 31 December of `record_years` years on (ACC-03)."""
        head = self.head()
        steps = dict(self._session.execute(select(EventRow.hash, EventRow.at)).tuples().all())
        broken, missing, late, expired, found = [], [], [], 0, None
        for row, previous, before in self._entries():
            if row.hash != entry(previous, row.event, row.at, row.entered_at):
                broken.append(row.number)
            if before is not None and row.at < before - _IN_FLIGHT:
                late.append(row.number)
            if steps.get(row.event) != row.at:
                if row.event not in steps and self._now.year > row.at.year + record_years:
                    expired += 1
                else:
                    missing.append(row.number)
            if wanted and row.hash == wanted:
                found = row.number
        entries = int(self._session.scalar(select(func.count()).select_from(LedgerRow)) or 0)
        return Audit(entries, head, tuple(broken), tuple(missing), tuple(late), expired, found)

    def _entries(self) -> Iterator[tuple[LedgerRow, str, datetime | None]]:
        """Each entry, the hash before it, and when the entering before its own was."""
        previous, entered, before = FIRST, None, None
        for row in self._session.scalars(select(LedgerRow).order_by(LedgerRow.number)):
            if entered is not None and row.entered_at != entered:
                before = entered
            yield row, previous, before
            previous, entered = row.hash, row.entered_at


def entry(previous: str, event: str, at: datetime, entered_at: datetime) -> str:
    """The hash of an entry: over the one before, the step's own hash and time, and when it was entered."""
    times = (moment.astimezone(UTC).isoformat() for moment in (at, entered_at))
    return hashlib.sha256("\n".join((previous, event, *times)).encode()).hexdigest()


def _not_entered() -> Select[tuple[EventRow]]:
    known = select(LedgerRow.event).where(LedgerRow.event == EventRow.hash).exists()
    return select(EventRow).where(~known).order_by(EventRow.at, EventRow.case, EventRow.seq)
