"""Mails as they arrived: stored before anything else happens to them."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from infra.letter_identity import LetterIdentity
from infra.store.models import MessageRow
from infra.store.sealed import Envelope
from infra.vault import BlobRef


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a mail lies: the mailbox by its name in the settings, and RFC 3501's folder, UIDVALIDITY and UID."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that was just put into the vault. `problem`: a code, or empty."""

    place: Place
    raw: bytes = field(repr=False)
    identity: LetterIdentity = field(repr=False)
    arrived_at: datetime
    blob: BlobRef
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored mail. `state`: `stored` (not looked at yet), `copy` (of a stored one, not settled yet), `recognised`,
    `filed` (moved or marked in the mailbox, or left). `outcome`: `opened` (a case), `attached` (to one), `left`."""

    id: str
    place: Place
    arrived_at: datetime
    state: str
    verdict: str
    outcome: str
    case: str | None
    key_id: str
    blob: BlobRef
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store knows of a mail without opening anything; of a forgotten one (`state`) there is nothing more."""

    id: str
    place: Place
    state: str
    outcome: str
    case: str | None
    arrived_at: datetime


class Messages:
    """The stored mails of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def known(self, mailbox: str, folder: str, uidvalidity: int) -> frozenset[int]:
        """The UIDs of a folder that are stored already, or were once."""
        wanted = select(MessageRow.uid).where(
            MessageRow.mailbox == mailbox, MessageRow.folder == folder, MessageRow.uidvalidity == uidvalidity
        )
        return frozenset(self._session.scalars(wanted))

    def same_content(self, raws: Sequence[bytes]) -> list[tuple[Seen, ...]]:
        """For each of these mails the stored ones with its very bytes: it was moved, or is there twice."""
        hmacs = [self._raw_hmac(raw) for raw in raws]
        wanted = select(MessageRow).where(MessageRow.raw_hmac.in_(hmacs)).order_by(MessageRow.stored_at)
        found: dict[str, list[Seen]] = {}
        for row in self._session.scalars(wanted):
            found.setdefault(row.raw_hmac, []).append(_seen(row))
        return [tuple(found.get(hmac, ())) for hmac in hmacs]

    def add(self, arrivals: Sequence[Arrival]) -> list[str]:
        """Notes mails that lie in the vault; returns their ids. A letter that is stored already is noted as a copy of
        it, and counts as arrived when the first of them did."""
        rows = [self._new_row(arrival) for arrival in arrivals]
        originals = self._originals(rows)
        for row in rows:
            original = next((originals[key] for key in _content_keys(row) if key in originals), None)
            if original is None:
                originals |= dict.fromkeys(_content_keys(row), row)
            else:
                row.state = "copy"
                original.arrived_at = min(original.arrived_at, row.arrived_at)
        self._session.add_all(rows)
        return [row.id for row in rows]

    def _new_row(self, arrival: Arrival) -> MessageRow:
        row = MessageRow(id=str(uuid.uuid4()), state="stored", verdict="", outcome="", attempts=0)
        _set_place(row, arrival.place)
        identity = arrival.identity
        row.raw_hmac = self._raw_hmac(arrival.raw)
        row.letter_hmac = self._envelope.lookup("letter", identity.digest) if identity.digest else ""
        row.message_id_hmac = self._envelope.lookup("message-id", identity.message_id)
        row.arrived_at, row.stored_at, row.problem = arrival.arrived_at, self._now, arrival.problem
        row.key_id = arrival.blob.key_id
        row.sealed_blob = self._envelope.seal(row.key_id, _place(row.id), arrival.blob)
        return row

    def _originals(self, rows: Sequence[MessageRow]) -> dict[str, MessageRow]:
        """The first stored mails with the same bytes or the same letter in them, by both. One that was forgotten stands
        only for its very bytes: a letter that is delivered anew after that time is looked at anew."""
        same_bytes = MessageRow.raw_hmac.in_([row.raw_hmac for row in rows])
        same_letter = MessageRow.letter_hmac.in_([row.letter_hmac for row in rows if row.letter_hmac])
        same = or_(same_bytes, and_(same_letter, MessageRow.state != "forgotten"))
        wanted = select(MessageRow).where(same, MessageRow.state != "copy").order_by(MessageRow.stored_at)
        found: dict[str, MessageRow] = {}
        for row in self._session.scalars(wanted):
            for key in _content_keys(row):
                found.setdefault(key, row)
        return found

    def settle_copy(self, letter: str) -> bool:
        """A copy of a mail that was handled means what that one means; False while that one still waits."""
        row = self._row(letter)
        originals = self._originals([row])
        original = next((originals[key] for key in _content_keys(row) if key in originals), None)
        if original is None:  # it was forgotten meanwhile: this one speaks for itself now
            row.state = "stored"
            return True
        if original.state in ("stored", "copy"):
            return False
        outcome = "attached" if original.case else "left"
        self.recognised(letter, original.verdict, original.case, outcome)
        return True

    def moved_to(self, letter: str, place: Place, arrived_at: datetime) -> None:
        """The mail lies elsewhere now; one that was filed may have to be filed again. Servers may give a moved mail a
        new time of arrival: the earliest counts."""
        row = self._row(letter)
        _set_place(row, place)
        row.arrived_at = min(row.arrived_at, arrived_at)
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

    def seen_of_case(self, case: str) -> tuple[Seen, ...]:
        """Where the mails of a case lie, without opening anything: their key may be gone."""
        wanted = select(MessageRow).where(MessageRow.case == case).order_by(MessageRow.arrived_at)
        return tuple(_seen(row) for row in self._session.scalars(wanted))

    def recognised(self, letter: str, verdict: str, case: str | None, outcome: str) -> None:
        """What a mail asks for, and what became of it: it `opened` a case, was `attached` to one, or was `left`."""
        row = self._row(letter)
        row.state, row.verdict, row.case, row.outcome = "recognised", verdict, case, outcome

    def under_day_key(self) -> tuple[Letter, ...]:
        """Mails that have a case but still lie under the key of the day on which they were stored."""
        wanted = select(MessageRow).where(MessageRow.case.is_not(None), MessageRow.key_id.startswith("day-"))
        return tuple(self._value(row) for row in self._session.scalars(wanted))

    def keep_under(self, letter: str, blob: BlobRef) -> None:
        """The mail lies under its case's key now: it goes when the case's material goes."""
        row = self._row(letter)
        row.key_id = blob.key_id
        row.sealed_blob = self._envelope.seal(blob.key_id, _place(letter), blob)

    def filed(self, letter: str, place: Place | None = None) -> None:
        """Handled in the mailbox too: moved to `place`, or left where it is."""
        row = self._row(letter)
        row.state = "filed"
        if place is not None:
            _set_place(row, place)

    def places(self, mailbox: str) -> tuple[Seen, ...]:
        """Every mail of a mailbox that is stored, or was once."""
        wanted = select(MessageRow).where(MessageRow.mailbox == mailbox)
        return tuple(_seen(row) for row in self._session.scalars(wanted))

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
        """Forgets a case's mails; their blobs go with the case's folder in the vault."""
        self._forget(MessageRow.case == case)

    def day_keys(self) -> frozenset[str]:
        """The keys of days that a stored mail still needs."""
        wanted = select(MessageRow.key_id).where(MessageRow.key_id.startswith("day-")).distinct()
        return frozenset(self._session.scalars(wanted))

    def forget_key(self, key_id: str) -> None:
        """Forgets the mails that only a destroyed key could open: they came back with a restored backup. What nobody
        had looked at is read again, if it still lies in the mailbox."""
        self._session.execute(
            delete(MessageRow).where(MessageRow.key_id == key_id, MessageRow.state.in_(("stored", "copy")))
        )
        self._forget(MessageRow.key_id == key_id)

    def forget(self, letter: str) -> None:
        self._forget(MessageRow.id == letter)

    def _forget(self, which: ColumnElement[bool]) -> None:
        """Nothing is left but where the mail lay and keyed hashes of it: it may still lie there, and must not be taken
        for a new one."""
        nothing = {"state": "forgotten", "case": None, "key_id": "", "sealed_blob": None, "message_id_hmac": ""}
        self._session.execute(update(MessageRow).where(which).values({**nothing, "outcome": "", "problem": ""}))

    def delete_forgotten(self, letters: Iterable[str]) -> None:
        """Forgotten mails that have left the mailbox as well."""
        for letter in letters:
            self._session.execute(delete(MessageRow).where(MessageRow.id == letter, MessageRow.state == "forgotten"))

    def _raw_hmac(self, raw: bytes) -> str:
        return self._envelope.lookup("raw", hashlib.sha256(raw).hexdigest())

    def _row(self, letter: str) -> MessageRow:
        row = self._session.get(MessageRow, letter)
        if row is None:
            raise LookupError(f"no stored mail {letter}")
        return row

    def _value(self, row: MessageRow) -> Letter:
        if row.sealed_blob is None:
            raise LookupError(f"the stored mail {row.id} was forgotten")
        blob = self._envelope.open(row.key_id, _place(row.id), BlobRef, row.sealed_blob)
        facts = (row.state, row.verdict, row.outcome, row.case, row.key_id)
        return Letter(row.id, _place_of(row), row.arrived_at, *facts, blob, row.problem)


def _place(letter: str) -> str:
    return f"message/{letter}"


def _content_keys(row: MessageRow) -> tuple[str, ...]:
    """What says that two mails are one letter: the same bytes, else the same words of the sender."""
    if row.state == "forgotten" or not row.letter_hmac:
        return (f"raw/{row.raw_hmac}",)
    return f"raw/{row.raw_hmac}", f"letter/{row.letter_hmac}"


def _place_of(row: MessageRow) -> Place:
    return Place(row.mailbox, row.folder, row.uidvalidity, row.uid)


def _set_place(row: MessageRow, place: Place) -> None:
    row.mailbox, row.folder, row.uidvalidity, row.uid = place.mailbox, place.folder, place.uidvalidity, place.uid


def _seen(row: MessageRow) -> Seen:
    return Seen(row.id, _place_of(row), row.state, row.outcome, row.case, row.arrived_at)
