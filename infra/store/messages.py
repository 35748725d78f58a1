"""Mails as they arrived: stored before anything else happens to them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from infra.store.models import MessageRow
from infra.store.sealed import Envelope
from infra.vault import BlobRef


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored mail. `state`: `stored` (not looked at yet), `recognised`, `filed` (moved in the mailbox, or left)."""

    id: str
    folder: str
    uidvalidity: int
    uid: int
    arrived_at: datetime
    state: str
    verdict: str
    case: str | None
    key_id: str
    blob: BlobRef
    problem: str = ""


class Messages:
    """The stored mails of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def known(self, folder: str, uidvalidity: int) -> frozenset[int]:
        """The UIDs of a folder that are stored already."""
        wanted = select(MessageRow.uid).where(MessageRow.folder == folder, MessageRow.uidvalidity == uidvalidity)
        return frozenset(self._session.scalars(wanted))

    def same_content(self, raw: bytes) -> Letter | None:
        """The stored mail with these very bytes: a mailbox that was rebuilt numbers its mails anew."""
        wanted = select(MessageRow).where(MessageRow.raw_hmac == self._raw_hmac(raw))
        row = self._session.scalars(wanted.limit(1)).first()
        return self._value(row) if row else None

    def add(
        self,
        place: tuple[str, int, int],
        raw: bytes,
        message_id: str,
        arrived_at: datetime,
        blob: BlobRef,
        problem: str = "",
    ) -> str:
        """Notes a mail that lies in the vault; `place` is folder, UIDVALIDITY and UID, `problem` a code."""
        row = MessageRow(id=str(uuid.uuid4()), folder=place[0], uidvalidity=place[1], uid=place[2])
        row.raw_hmac = self._raw_hmac(raw)
        row.message_id_hmac = self._envelope.lookup("message-id", message_id)
        row.arrived_at, row.stored_at = arrived_at, self._now
        row.state, row.verdict, row.problem, row.attempts = "stored", "", problem, 0
        row.key_id = blob.key_id
        row.sealed_blob = self._envelope.seal(blob.key_id, _place(row.id), blob)
        self._session.add(row)
        self._session.flush()
        return row.id

    def moved_to(self, letter: str, place: tuple[str, int, int]) -> None:
        """The mail lies elsewhere now; one that was filed may have to be filed again."""
        row = self._row(letter)
        row.folder, row.uidvalidity, row.uid = place
        row.state = "recognised" if row.state == "filed" else row.state

    def get(self, letter: str) -> Letter:
        return self._value(self._row(letter))

    def waiting(self, state: str) -> tuple[Letter, ...]:
        wanted = select(MessageRow).where(MessageRow.state == state).order_by(MessageRow.arrived_at)
        return tuple(self._value(row) for row in self._session.scalars(wanted))

    def oldest_waiting(self) -> datetime | None:
        """When the oldest mail that nobody has looked at yet was stored."""
        return self._session.scalar(select(func.min(MessageRow.stored_at)).where(MessageRow.state == "stored"))

    def of_case(self, case: str) -> tuple[Letter, ...]:
        wanted = select(MessageRow).where(MessageRow.case == case).order_by(MessageRow.arrived_at)
        return tuple(self._value(row) for row in self._session.scalars(wanted))

    def recognised(self, letter: str, verdict: str, case: str | None) -> None:
        row = self._row(letter)
        row.state, row.verdict, row.case = "recognised", verdict, case

    def under_day_key(self) -> tuple[Letter, ...]:
        """Mails that have a case but still lie under the key of the day on which they were stored."""
        wanted = select(MessageRow).where(MessageRow.case.is_not(None), MessageRow.key_id.startswith("day-"))
        return tuple(self._value(row) for row in self._session.scalars(wanted))

    def keep_under(self, letter: str, blob: BlobRef) -> None:
        """The mail lies under its case's key now: it goes when the case's material goes."""
        row = self._row(letter)
        row.key_id = blob.key_id
        row.sealed_blob = self._envelope.seal(blob.key_id, _place(letter), blob)

    def filed(self, letter: str, place: tuple[str, int, int] | None = None) -> None:
        """Handled in the mailbox too: moved to `place`, or left where it is."""
        row = self._row(letter)
        row.state = "filed"
        if place is not None:
            row.folder, row.uidvalidity, row.uid = place

    def troubled(self, letter: str, code: str) -> int:
        """Counts a failure to handle a mail; returns how many there were."""
        row = self._row(letter)
        row.problem, row.attempts = code, row.attempts + 1
        return row.attempts

    def case_of_message_ids(self, message_ids: Iterable[str]) -> str | None:
        """The case to which a mail with one of these Message-IDs belongs."""
        hashes = [self._envelope.lookup("message-id", item) for item in message_ids]
        wanted = select(MessageRow.case).where(MessageRow.message_id_hmac.in_(hashes), MessageRow.case.is_not(None))
        return self._session.scalars(wanted.limit(1)).first()

    def without_case_before(self, moment: datetime) -> tuple[Letter, ...]:
        wanted = select(MessageRow).where(
            MessageRow.case.is_(None), MessageRow.stored_at < moment, MessageRow.state == "filed"
        )
        return tuple(self._value(row) for row in self._session.scalars(wanted))

    def forget_case(self, case: str) -> None:
        """Deletes the rows of a case's mails; their blobs go with the case's folder in the vault."""
        self._session.execute(delete(MessageRow).where(MessageRow.case == case))

    def day_keys(self) -> frozenset[str]:
        """The keys of days that a stored mail still needs."""
        wanted = select(MessageRow.key_id).where(MessageRow.key_id.startswith("day-")).distinct()
        return frozenset(self._session.scalars(wanted))

    def forget_key(self, key_id: str) -> None:
        """Deletes the rows that only a destroyed key could open: they came back with a restored backup."""
        self._session.execute(delete(MessageRow).where(MessageRow.key_id == key_id))

    def forget(self, letter: str) -> None:
        self._session.delete(self._row(letter))

    def _raw_hmac(self, raw: bytes) -> str:
        return self._envelope.lookup("raw", hashlib.sha256(raw).hexdigest())

    def _row(self, letter: str) -> MessageRow:
        row = self._session.get(MessageRow, letter)
        if row is None:
            raise LookupError(f"no stored mail {letter}")
        return row

    def _value(self, row: MessageRow) -> Letter:
        blob = self._envelope.open(row.key_id, _place(row.id), BlobRef, row.sealed_blob)
        return Letter(
            row.id,
            row.folder,
            row.uidvalidity,
            row.uid,
            row.arrived_at,
            row.state,
            row.verdict,
            row.case,
            row.key_id,
            blob,
            row.problem,
        )


def _place(letter: str) -> str:
    return f"message/{letter}"
