"""One person's request from arrival to deletion. This module alone knows the lawful moves of a case."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum


class Status(StrEnum):
    TRIAGE = "triage"  # a person says whether it is a request; the clock runs
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    IDENTIFYING = "identifying"  # who is it? waits for a person's recorded check
    COLLECTING = "collecting"
    REVIEW = "review"
    APPROVED = "approved"
    SEALED = "sealed"
    SENT = "sent"  # the answer is out; the passphrase is not handed over yet
    DELIVERY_UNCERTAIN = "delivery_uncertain"
    WITH_PERSON = "with_person"  # erasure, rectification and so on: same clock, handled by hand
    ANSWERED = "answered"
    ANSWERED_NOTHING_HELD = "answered_nothing_held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANNOT_IDENTIFY = "cannot_identify"
    NOT_A_REQUEST = "not_a_request"
    DESTROYED = "destroyed"  # came back with a restored backup; its material had been destroyed, and stays so


# Where a sealed answer stands behind the case: in review again, the one of before is not to leave any more.
HAS_ANSWER = frozenset(
    {Status.SEALED, Status.SENT, Status.DELIVERY_UNCERTAIN, Status.ANSWERED, Status.ANSWERED_NOTHING_HELD}
)
ENDS = frozenset(
    {
        Status.ANSWERED,
        Status.ANSWERED_NOTHING_HELD,
        Status.REFUSED,
        Status.WITHDRAWN,
        Status.CANNOT_IDENTIFY,
        Status.NOT_A_REQUEST,
        Status.DESTROYED,
    }
)
# From these a person can still take the case back or decline it; once sealed the answer is on its way.
_BEFORE_SEALING = {Status.WITHDRAWN, Status.REFUSED, Status.WITH_PERSON}

MOVES: dict[Status, frozenset[Status]] = {
    Status.TRIAGE: frozenset({Status.RECEIVED, Status.NOT_A_REQUEST} | _BEFORE_SEALING),
    Status.RECEIVED: frozenset({Status.ACKNOWLEDGED, Status.NOT_A_REQUEST} | _BEFORE_SEALING),
    Status.ACKNOWLEDGED: frozenset(
        {Status.IDENTIFYING, Status.COLLECTING, Status.NOT_A_REQUEST} | _BEFORE_SEALING,
    ),
    # Back to acknowledged: the authority of a proxy was checked, now it is asked who the data subject is.
    Status.IDENTIFYING: frozenset(
        {Status.COLLECTING, Status.ACKNOWLEDGED, Status.CANNOT_IDENTIFY, Status.NOT_A_REQUEST} | _BEFORE_SEALING,
    ),
    Status.COLLECTING: frozenset({Status.REVIEW, Status.IDENTIFYING} | _BEFORE_SEALING),
    Status.REVIEW: frozenset({Status.COLLECTING, Status.APPROVED, Status.IDENTIFYING} | _BEFORE_SEALING),
    Status.APPROVED: frozenset({Status.SEALED, Status.REVIEW}),
    Status.SEALED: frozenset({Status.SENT, Status.DELIVERY_UNCERTAIN, Status.REVIEW}),
    Status.DELIVERY_UNCERTAIN: frozenset({Status.SENT, Status.REVIEW}),
    Status.SENT: frozenset(
        {Status.ANSWERED, Status.ANSWERED_NOTHING_HELD, Status.DELIVERY_UNCERTAIN, Status.REVIEW},
    ),
    Status.WITH_PERSON: frozenset({Status.RECEIVED, Status.ANSWERED, Status.REFUSED, Status.WITHDRAWN}),
    **{end: frozenset() for end in ENDS},
    # An answer that was given may turn out wrong, or not to have arrived: then there is a new one (`reopen`).
    # One that left and comes back is uncertain again.
    Status.ANSWERED: frozenset({Status.REVIEW, Status.DELIVERY_UNCERTAIN}),
    Status.ANSWERED_NOTHING_HELD: frozenset({Status.REVIEW, Status.DELIVERY_UNCERTAIN}),
}


class UnlawfulMove(Exception):
    """A case cannot go from where it is to where it was sent."""

    def __init__(self, case: str, old: Status, new: Status) -> None:
        allowed = ", ".join(sorted(MOVES[old])) or "nothing: the case has ended"
        super().__init__(f"{case} is {old} and cannot become {new}; allowed: {allowed}")
        self.case, self.old, self.new = case, old, new


def check_move(case: str, old: Status, new: Status) -> None:
    """Raises `UnlawfulMove` unless a case may go from `old` to `new`."""
    if new not in MOVES[old]:
        raise UnlawfulMove(case, old, new)


class Acknowledgement(StrEnum):
    """What became of the acknowledgement of a case."""

    QUEUED = "queued"  # in the outbox, or gone
    WAITING = "waiting"  # this address got enough mails for now: it goes out with the next ones
    ASKED = "asked"  # a person says whether it is sent
    BY_HAND = "by_hand"  # there is no address to which a program may write: a person does it
    NOT_SENT = "not_sent"  # a person said so, or nobody would read it


class Extension(StrEnum):
    """What became of an extension (Art. 12(3) GDPR) of a case."""

    ASKED = "asked"  # the notice waits to go out: until then nothing is extended
    IN_FORCE = "in_force"
    VOID = "void"  # the notice did not go out within the first month
    FAILED = "failed"  # the mail server refused the notice: it may be sent once more


@dataclass(frozen=True, slots=True)
class Case:
    """What every list may show of a case: its number, dates and state; nothing about the person."""

    number: str
    status: Status
    right: str
    language: str
    received_at: datetime
    due: date
    nominal_end: date
    safe_target: date
    derivation_de: str
    derivation_en: str
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    snapshot_at: datetime | None = None
    draft: int = 0
    attention: str = ""
    channel: str = "mail"
    asked_in: str = ""  # the request's own language, ISO 639-1 or "und"; letters are in `language`
    batch: str = ""  # the first case of a mail that opened several; empty where it opened one
    waits_for: str = ""  # the access case that goes before this erasure
    waits_for_reply: str = ""  # the question that a reply of the person asks anew
    acknowledgement: str = ""  # what became of it: see `Acknowledgement`
    holiday_list: str = ""  # day and checksum of the list of holidays that the due day was counted by
    due_unsuspended: date | None = None  # the due day if no question had suspended the period
    extension: str = ""  # what became of it: see `Extension`
    extension_reason: str = ""
    noticed_at: datetime | None = None  # when the notice of an extension went out
    held_at: datetime | None = None  # when administrators were asked to spare the person's data
    hold_lifted_at: datetime | None = None
    first_snapshot_at: datetime | None = None  # when the first search began; `snapshot_at`: the latest
    version: int = 1  # of the answer: 2 is the first correction
    replaces_on: date | None = None  # the date of the answer that is corrected
    answered_at: datetime | None = None  # of a corrected case: when it was answered before the first correction

    @property
    def open(self) -> bool:
        return self.status not in ENDS

    def due_now(self, today: date) -> date:
        """The due day; of an answered case that is corrected it is kept or missed already, and what is left is due at
        once."""
        return max(self.due, today) if self.answered_at else self.due


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a case's history. `who` and `why` are kept sealed beside it; the chain holds their commitments.
    `sound`: they open and are what was committed to, or are gone with their key. `facts`: keyed digests of the parts of
    the case's facts that were changed with this step."""

    case: str
    seq: int
    at: datetime
    what: str
    commitment: str
    previous: str
    hash: str
    who: str = field(default="", repr=False)
    why: str = field(default="", repr=False)
    sound: bool = True
    facts: str = ""


FIRST = "0" * 64


def commit(salt: bytes, who: str, why: str) -> str:
    """A salted commitment (HMAC-SHA-256) to who did something and why: provable while the salt is kept."""
    message = f"{len(who)}:{who}{len(why)}:{why}".encode()
    return hmac.new(salt, message, hashlib.sha256).hexdigest()


def link(case: str, seq: int, at: datetime, what: str, commitment: str, previous: str, facts: str = "") -> str:
    """The hash of an event: over its open facts, the commitment, the hash of the event before, and the digests of the
    case's facts that it fixes, where it does."""
    fixed = (facts,) if facts else ()
    text = "\n".join((case, str(seq), at.astimezone(UTC).isoformat(), what, commitment, previous, *fixed))
    return hashlib.sha256(text.encode()).hexdigest()


def broken_at(events: Iterable[Event]) -> int | None:
    """The sequence number of the first event that does not fit its chain; None where all fit."""
    previous = FIRST
    for expected, event in enumerate(events, start=1):
        computed = link(event.case, event.seq, event.at, event.what, event.commitment, previous, event.facts)
        fits = event.seq == expected and event.previous == previous and event.hash == computed
        if not fits or not event.sound:
            return expected
        previous = event.hash
    return None


def number(year: int, serial: int) -> str:
    """`DSAR-2026-0001`: the only thing about a case that may stand anywhere."""
    return f"DSAR-{year}-{serial:04}"
