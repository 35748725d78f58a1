"""Alarms: each stands from when it is raised until its reason has gone, and is told of once for every stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.models import AlarmRow
from infra.store.sealed import Envelope, Typed


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that stands. `stage` counts from one; `management`: the management is told of this stage, too;
    `acknowledged_at`: when a person said that they have seen this stage."""

    id: int
    subject: str
    code: str
    raised_at: datetime
    told_at: datetime | None
    stage: int = 1
    management: bool = False
    acknowledged_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody was told and nobody has said yet that they have seen it."""
        return self.told_at is not None and self.acknowledged_at is None


class Alarms:
    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def raise_(self, subject: str, code: str) -> None:
        """Raises an alarm once; it stays until its reason has gone."""
        self.raise_stage(subject, code, 1)

    def raise_stage(self, subject: str, code: str, stage: int, *, management: bool = False) -> bool:
        """Raises an alarm, or takes a standing one to a later stage, of which everybody is told anew; returns whether
        anything changed."""
        row = self._find(subject, code)
        if row is None:
            row = AlarmRow(subject=subject, code=code, stage=0, management=False, emitted=0, key_id="")
            self._session.add(row)
        elif row.ended_at is None and row.stage >= stage:
            return False
        elif row.ended_at is not None:
            row.stage, row.emitted, row.management = 0, 0, False
        row.stage, row.management = stage, management or row.management
        row.raised_at, row.told_at, row.ended_at = self._now, None, None
        row.acknowledged_at, row.sealed_acknowledgement = None, None
        self._session.flush()
        return True

    def raise_anew(self, subject: str, code: str, after: timedelta) -> None:
        """Raises an alarm that tells of every new occasion, but not more often than `after`: a flood of mails about one
        case must not become a flood of alarms."""
        row = self._find(subject, code)
        if row is not None and row.ended_at is None and self._now - row.raised_at < after:
            return
        self.clear(subject, code)
        self.raise_(subject, code)

    def clear(self, subject: str, code: str) -> None:
        row = self._find(subject, code)
        if row is not None and row.ended_at is None:
            row.ended_at = self._now

    def standing(self) -> tuple[Alarm, ...]:
        wanted = select(AlarmRow).where(AlarmRow.ended_at.is_(None)).order_by(AlarmRow.raised_at, AlarmRow.id)
        return tuple(_alarm(row) for row in self._session.scalars(wanted))

    def of(self, subject: str) -> tuple[Alarm, ...]:
        """The standing alarms of a case or part."""
        return tuple(item for item in self.standing() if item.subject == subject)

    def told(self, alarm: int) -> None:
        self._session.get_one(AlarmRow, alarm).told_at = self._now

    def acknowledge(self, alarm: int, key_id: str, by: str, note: str) -> None:
        """Somebody has seen this stage; who and what they say of it is sealed under `key_id`."""
        row = self._session.get_one(AlarmRow, alarm)
        row.acknowledged_at, row.key_id = self._now, key_id
        row.sealed_acknowledgement = self._envelope.seal(key_id, _place(row), Typed(by, note, self._now))

    def acknowledged_by(self, alarm: int) -> Typed | None:
        """Who has seen an alarm; None where nobody has, or where the key is gone."""
        row = self._session.get_one(AlarmRow, alarm)
        if row.sealed_acknowledgement is None:
            return None
        try:
            return self._envelope.open(row.key_id, _place(row), Typed, row.sealed_acknowledgement)
        except (KeyStoreError, Tampered):
            return None

    def not_emitted(self) -> tuple[Alarm, ...]:
        """Alarms that people were told of, and other programs not yet."""
        wanted = select(AlarmRow).where(AlarmRow.emitted < AlarmRow.stage, AlarmRow.told_at.is_not(None))
        return tuple(_alarm(row) for row in self._session.scalars(wanted.order_by(AlarmRow.id)))

    def emitted(self, alarm: int, stage: int) -> None:
        self._session.get_one(AlarmRow, alarm).emitted = stage

    def _find(self, subject: str, code: str) -> AlarmRow | None:
        wanted = select(AlarmRow).where(AlarmRow.subject == subject, AlarmRow.code == code)
        return self._session.scalars(wanted).first()


def _alarm(row: AlarmRow) -> Alarm:
    return Alarm(
        row.id, row.subject, row.code, row.raised_at, row.told_at, row.stage, row.management, row.acknowledged_at
    )


def _place(row: AlarmRow) -> str:
    return f"alarm/{row.subject}/{row.code}"
