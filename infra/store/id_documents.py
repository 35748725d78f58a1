"""Identity documents that came unasked: noted when they are seen, gone after the decision about who asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from infra.store.models import CaseRow
from infra.store.models_identity import IdDocumentRow
from infra.store.sealed import Envelope
from infra.vault import BlobRef


@dataclass(frozen=True, slots=True)
class IdDocument:
    """One identity document of a case. `content` is its keyed hash; `old` where the mails lay that held it."""

    case: str
    number: int
    content: str
    seen_at: datetime
    decided_at: datetime | None
    wiped_at: datetime | None
    old: tuple[BlobRef, ...] = ()


@dataclass(frozen=True, slots=True)
class _Old:
    blobs: tuple[BlobRef, ...]


class IdDocuments:
    """The identity documents of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def seen(self, case: str, content: bytes) -> None:
        """Notes one; the same sent twice is one."""
        hashed = fingerprint(self._envelope.lookup, content)
        rows = self._rows(case)
        if any(row.content_hmac == hashed for row in rows):
            return
        number = max((row.number for row in rows), default=0) + 1
        self._session.add(IdDocumentRow(case=case, number=number, content_hmac=hashed, seen_at=self._now))
        self._session.flush()

    def of_case(self, case: CaseRow) -> tuple[IdDocument, ...]:
        return tuple(self._value(row, case.material_key) for row in self._rows(case.number))

    def waiting(self) -> tuple[str, ...]:
        """Cases with one that is not wiped yet."""
        wanted = select(IdDocumentRow.case).where(IdDocumentRow.wiped_at.is_(None)).distinct()
        return tuple(self._session.scalars(wanted.order_by(IdDocumentRow.case)))

    def count(self, case: str) -> int:
        """How many of a case are still there."""
        wanted = select(func.count()).where(IdDocumentRow.case == case, IdDocumentRow.wiped_at.is_(None))
        return self._session.scalar(wanted) or 0

    def decided(self, case: str) -> None:
        """It is decided who asks: from now on they must go."""
        undecided = (IdDocumentRow.case == case, IdDocumentRow.decided_at.is_(None))
        self._session.execute(update(IdDocumentRow).where(*undecided).values(decided_at=self._now))

    def replaced(self, case: CaseRow, old: Sequence[BlobRef]) -> None:
        """Rows point to mails without them; the bytes that held them are still to be deleted."""
        for row in self._rows(case.number):
            if row.wiped_at is None:
                row.sealed_old = self._envelope.seal(case.material_key, _place(row), _Old(tuple(old)))

    def wiped(self, case: str) -> None:
        for row in self._rows(case):
            row.wiped_at, row.content_hmac, row.sealed_old = row.wiped_at or self._now, "", None

    def _rows(self, case: str) -> list[IdDocumentRow]:
        wanted = select(IdDocumentRow).where(IdDocumentRow.case == case).order_by(IdDocumentRow.number)
        return list(self._session.scalars(wanted))

    def _value(self, row: IdDocumentRow, key_id: str) -> IdDocument:
        old: tuple[BlobRef, ...] = ()
        if row.sealed_old is not None:
            old = self._envelope.open(key_id, _place(row), _Old, row.sealed_old).blobs
        return IdDocument(row.case, row.number, row.content_hmac, row.seen_at, row.decided_at, row.wiped_at, old)


def fingerprint(lookup: Callable[[str, str], str], content: bytes) -> str:
    """By what one attachment is known again, without keeping it; `lookup` is the key store's keyed hash."""
    return lookup("id-document", hashlib.sha256(content).hexdigest())


def _place(row: IdDocumentRow) -> str:
    return f"id-document/{row.case}/{row.number}"
