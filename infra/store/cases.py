"""Cases and their histories."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cases.case import (
    ENDS,
    FIRST,
    Acknowledgement,
    Case,
    Event,
    Status,
    UnlawfulMove,
    check_move,
    commit,
    link,
)
from cases.deadline import Deadline
from cases.identifiers import Identifier, Kind
from cases.person import Person
from infra.crypto import Tampered
from infra.keystore import KeyDestroyed
from infra.store.models import AlarmRow, Base, CaseRow, EventRow
from infra.store.sealed import Envelope, Typed
from infra.store.serials import Gone, count_deleted, gone, next_number

SYSTEM = "auskunft"  # who acted, where it was no person
# Steps that only fix facts: the program writes them also where the record key is lost, without saying by whom and why.
UNSIGNED = ("facts:", "facts_differ:", "facts_begin")


class NoSuchCase(Exception):
    """No case has this number."""

    def __init__(self, case: str) -> None:
        super().__init__(f"there is no case {case}; `auskunft case list` shows all")


class MaterialGone(UnlawfulMove):
    """What the case held is destroyed, or is being destroyed just now: it cannot be taken up again."""

    def __init__(self, case: str, old: Status, new: Status) -> None:
        super().__init__(case, old, new)
        self.args = (f"{case}: its content is destroyed and cannot be corrected; record it as a new case",)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is needed to open a case."""

    status: Status
    right: str
    language: str
    received_at: datetime
    deadline: Deadline
    person: Person
    channel: str = "mail"
    asked_in: str = ""  # the request's own language; empty: that of the letters
    words: str = field(default="", repr=False)  # the words by which a copy of the mail is known


class Cases:
    """The cases of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def open(self, opening: Opening, why: str) -> Case:
        """Opens a case with keys of its own and the next number of the year in which the request arrived."""
        keys = self._envelope.keystore
        name = uuid.uuid4()
        material, record = f"case-{name}-material", f"case-{name}-record"
        keys.create(material)
        keys.create(record)
        number = next_number(self._session, self._now, opening.received_at.year)
        row = CaseRow(number=number, material_key=material, record_key=record)
        _fill(row, opening, self._now)
        row.sender_hmac = self.sender_hmac(opening.person.sender)
        row.words_hmac = self._envelope.lookup("words", opening.words) if opening.words else ""
        row.sealed_person = self._envelope.seal(material, _person_place(row.number), opening.person)
        self._session.add(row)
        self._session.flush()
        self._append(row, "opened", SYSTEM, why)
        return _value(row)

    def get(self, case: str) -> Case:
        return _value(self.row(case))

    def row(self, case: str) -> CaseRow:
        row = self._session.get(CaseRow, case)
        if row is None:
            raise NoSuchCase(case)
        return row

    def locked(self, case: str) -> CaseRow:
        """The case's row as it stands now; nobody else changes it until this transaction has ended."""
        row = self.row(case)
        self._session.refresh(row, with_for_update=True)
        return row

    def all(self) -> tuple[Case, ...]:
        return tuple(_value(row) for row in self._session.scalars(select(CaseRow).order_by(CaseRow.number)))

    def in_status(self, *statuses: Status) -> tuple[Case, ...]:
        wanted = select(CaseRow).where(CaseRow.status.in_(statuses)).order_by(CaseRow.due, CaseRow.number)
        return tuple(_value(row) for row in self._session.scalars(wanted))

    def still_open(self) -> tuple[Case, ...]:
        wanted = select(CaseRow).where(CaseRow.status.not_in(ENDS)).order_by(CaseRow.due, CaseRow.number)
        return tuple(_value(row) for row in self._session.scalars(wanted))

    def of_sender(self, address: str) -> tuple[Case, ...]:
        wanted = select(CaseRow).where(CaseRow.sender_hmac == self.sender_hmac(address)).order_by(CaseRow.number)
        return tuple(_value(row) for row in self._session.scalars(wanted))

    def of_words(self, words: str) -> tuple[Case, ...]:
        """The cases that a mail of these words opened."""
        hashed = self._envelope.lookup("words", words)
        wanted = select(CaseRow).where(CaseRow.words_hmac == hashed).order_by(CaseRow.number)
        return tuple(_value(row) for row in self._session.scalars(wanted))

    def of_batch(self, batch: str) -> tuple[Case, ...]:
        """The cases that one mail opened; none for the empty batch."""
        wanted = select(CaseRow).where(CaseRow.batch == batch, CaseRow.batch != "").order_by(CaseRow.number)
        return tuple(_value(row) for row in self._session.scalars(wanted))

    def waiting_for_another(self) -> tuple[Case, ...]:
        """Open cases that another case goes before."""
        wanted = select(CaseRow).where(CaseRow.waits_for != "", CaseRow.status.not_in(ENDS))
        return tuple(_value(row) for row in self._session.scalars(wanted.order_by(CaseRow.number)))

    def held(self) -> tuple[Case, ...]:
        """Cases for which administrators were asked to spare data and not told yet that it is over."""
        wanted = select(CaseRow).where(CaseRow.held_at.is_not(None), CaseRow.hold_lifted_at.is_(None))
        return tuple(_value(row) for row in self._session.scalars(wanted.order_by(CaseRow.number)))

    def to_acknowledge(self) -> tuple[Case, ...]:
        """Open cases whose acknowledgement waits, the oldest first."""
        wanted = select(CaseRow).where(CaseRow.acknowledgement == Acknowledgement.WAITING, CaseRow.status.not_in(ENDS))
        return tuple(_value(row) for row in self._session.scalars(wanted.order_by(CaseRow.opened_at, CaseRow.number)))

    def opened_since(self, moment: datetime, channel: str) -> int:
        """How many cases came by a channel since then."""
        wanted = select(func.count()).where(CaseRow.opened_at > moment, CaseRow.channel == channel)
        return self._session.scalar(wanted) or 0

    def person(self, case: str) -> Person:
        """Raises `KeyDestroyed` where the case's material has been destroyed."""
        row = self.row(case)
        if row.sealed_person is None:
            raise KeyDestroyed(row.material_key, "the case's material has been deleted")
        return self._envelope.open(row.material_key, _person_place(case), Person, row.sealed_person)

    def set_person(self, case: str, person: Person) -> None:
        row = self.row(case)
        row.sealed_person = self._envelope.seal(row.material_key, _person_place(case), person)
        row.changed_at = self._now

    def move(self, case: str, new: Status, who: str = SYSTEM, why: str = "") -> Case:
        """Moves a case and writes the step into its history; raises `UnlawfulMove`."""
        row = self.row(case)
        check_move(case, Status(row.status), new)
        row.status = new
        row.changed_at = self._now
        row.attention = ""
        if new in ENDS:
            row.closed_at = self._now
        self._append(row, f"status:{new}", who, why)
        return _value(row)

    def reopen(self, case: str, who: str, why: str, to: Status = Status.REVIEW) -> None:
        """An answered case goes on, in review or with an uncertain delivery: nothing of it is destroyed before it has
        ended again. Raises `UnlawfulMove`, and `MaterialGone`."""
        row = self.locked(case)
        if row.sealed_person is None:
            raise MaterialGone(case, Status(row.status), to)
        self.move(case, to, who, why)
        row.closed_at = row.destroy_material_at = row.destroy_record_at = None

    def set_deadline(self, case: str, deadline: Deadline) -> None:
        """Stores a deadline with its derivation; whoever calls it writes the step into the history."""
        row = self.row(case)
        set_deadline(row, deadline)
        row.changed_at = self._now

    def note(self, case: str, what: str, who: str = SYSTEM, why: str = "") -> None:
        """Writes a step that changes no status into the history. `what` is a code, never a value."""
        self._append(self.row(case), what, who, why)

    def needs_attention(self, case: str, code: str) -> None:
        row = self.row(case)
        if row.attention != code:
            row.attention = code
            row.changed_at = self._now

    def delete(self, case: str) -> None:
        """Deletes every row of a case: its record has served its purpose."""
        self._session.flush()
        for table in reversed(Base.metadata.sorted_tables):
            if "case" in table.c:
                self._session.execute(delete(table).where(table.c.case == case))
        self._session.execute(delete(AlarmRow).where(AlarmRow.subject == case))
        count_deleted(self._session, case)
        self._session.delete(self.row(case))

    def gone(self) -> Gone:
        """Cases that were removed outside of the program."""
        return gone(self._session)

    def known(self, numbers: Iterable[str]) -> frozenset[str]:
        """Those of these numbers that have a case."""
        return frozenset(self._session.scalars(select(CaseRow.number).where(CaseRow.number.in_(list(numbers)))))

    def history(self, case: str) -> tuple[Event, ...]:
        row = self.row(case)
        wanted = select(EventRow).where(EventRow.case == case).order_by(EventRow.seq)
        return tuple(self._event(row, event) for event in self._session.scalars(wanted))

    def sender_hmac(self, address: str) -> str:
        return self._envelope.lookup("address", Identifier(Kind.EMAIL, address).normal)

    def _append(self, row: CaseRow, what: str, who: str, why: str) -> None:
        append_step(self._session, self._envelope, row, Typed(who, why, self._now), what)

    def _event(self, row: CaseRow, event: EventRow) -> Event:
        detail, sound = self._detail(row, event)
        who, why = detail.by, detail.why
        facts = (event.case, event.seq, event.at, event.what, event.commitment, event.previous, event.hash)
        return Event(*facts, who, why, sound, event.facts)

    def _detail(self, row: CaseRow, event: EventRow) -> tuple[Typed, bool]:
        """Who and why, and whether they are what the chain committed to; empty where their key was destroyed, and
        where somebody took them away, which is right for no step but those that say nobody's word."""
        if self._envelope.keystore.is_destroyed(row.record_key):
            return Typed(""), True
        if event.sealed_detail is None:
            return Typed(""), event.what.startswith(UNSIGNED)
        try:
            detail = self._envelope.open(row.record_key, f"event/{row.number}/{event.seq}", Typed, event.sealed_detail)
        except Tampered:
            return Typed(""), False
        return detail, commit(bytes.fromhex(detail.salt), detail.by, detail.why) == event.commitment


def append_step(
    session: Session, envelope: Envelope, row: CaseRow, said: Typed, what: str, *, sealed: bool = True
) -> EventRow:
    """Writes a step behind the last one of a case. `said`: by whom, why and when; kept only where it is `sealed`."""
    last = session.scalars(
        select(EventRow).where(EventRow.case == row.number).order_by(EventRow.seq.desc()).limit(1)
    ).first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST)
    salt, at = secrets.token_bytes(16), said.at
    if at is None:
        raise ValueError("a step needs its time")
    commitment = commit(salt, said.by, said.why)
    event = EventRow(case=row.number, seq=seq, at=at, what=what, commitment=commitment, previous=previous, facts="")
    event.hash = link(row.number, seq, at, what, commitment, previous)
    if sealed:
        detail = replace(said, salt=salt.hex())
        event.sealed_detail = envelope.seal(row.record_key, f"event/{row.number}/{seq}", detail)
    session.add(event)
    session.flush()
    return event


def numbers(cases: Iterable[Case]) -> Sequence[str]:
    return [case.number for case in cases]


def _person_place(case: str) -> str:
    return f"person/{case}"


def _fill(row: CaseRow, opening: Opening, now: datetime) -> None:
    row.status = opening.status
    row.right = opening.right
    row.language = opening.language
    row.asked_in = opening.asked_in or opening.language
    row.channel = opening.channel
    row.received_at = opening.received_at
    set_deadline(row, opening.deadline)
    row.opened_at = row.changed_at = now
    row.draft = row.collected = 0
    row.attention = row.batch = row.waits_for = row.waits_for_reply = row.acknowledgement = ""
    row.extension = row.extension_reason = ""
    row.version = 1


def set_deadline(row: CaseRow, deadline: Deadline) -> None:
    row.due = deadline.due
    row.nominal_end = deadline.nominal_end
    row.safe_target = deadline.safe_target
    row.derivation_de = deadline.derivation.de
    row.derivation_en = deadline.derivation.en
    row.holiday_list = deadline.holiday_list
    row.due_unsuspended = deadline.due_unsuspended


def _value(row: CaseRow) -> Case:
    return Case(
        number=row.number,
        status=Status(row.status),
        right=row.right,
        language=row.language,
        received_at=row.received_at,
        due=row.due,
        nominal_end=row.nominal_end,
        safe_target=row.safe_target,
        derivation_de=row.derivation_de,
        derivation_en=row.derivation_en,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        snapshot_at=row.snapshot_at,
        draft=row.draft,
        attention=row.attention,
        channel=row.channel,
        asked_in=row.asked_in,
        batch=row.batch,
        waits_for=row.waits_for,
        waits_for_reply=row.waits_for_reply,
        acknowledgement=row.acknowledgement,
        holiday_list=row.holiday_list,
        due_unsuspended=row.due_unsuspended,
        extension=row.extension,
        extension_reason=row.extension_reason,
        noticed_at=row.noticed_at,
        held_at=row.held_at,
        hold_lifted_at=row.hold_lifted_at,
        first_snapshot_at=row.first_snapshot_at,
        version=row.version,
        replaces_on=row.replaces_on,
        answered_at=row.answered_at,
    )
