"""What a source says about a person: findings, and gaps where it could not say anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from cases.identifiers import Identifier, Kind


class Strength(StrEnum):
    """How surely a record is about the person. Only `CERTAIN` is released without a person's yes."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        return list(Strength).index(self)


class Reason(StrEnum):
    """How a record states what was met: literally, in another form that means the same, or only alike."""

    EXACT = "exact"
    ALIAS = "alias"  # an address of the same mailbox
    HASHED = "hashed"
    PARTIAL = "partial"  # a name with fewer words or initials
    SHORT_FORM = "short_form"
    BIRTH_NAME = "birth_name"
    TRANSLITERATED = "transliterated"  # Muller for Müller
    PHONETIC = "phonetic"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Match:
    """Which identifier of the subject was met in which field of the record, and how it is stated there."""

    identifier: Identifier
    field: str
    reason: Reason = Reason.EXACT


@dataclass(frozen=True, slots=True)
class DataField:
    """One named value of a record. `name` is the source's own (FRM-04: never altered), `category` the register's.

    A field whose category is not known carries an empty one: it is shown and reported, never dropped.
    """

    name: str
    value: str = field(repr=False)
    category: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a finding: characters `start` to before `end` of the value of the field with this index."""

    field: int
    start: int
    end: int


class Part(StrEnum):
    """As what another person appears in a finding."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    PARTICIPANT = "participant"  # named by the source itself
    CONTACT = "contact"  # whom the company's own system of record knows by this name
    SIGNED = "signed"  # below a closing formula
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Other:
    """Another person in a finding: an e-mail address, phone, IBAN or name, with every place where it stands. Without
    places: the source names somebody whom no field does."""

    kind: Kind
    part: Part
    value: str = field(repr=False)
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a finding: streamed into the vault before the next finding is asked for, never held in memory."""

    name: str = field(repr=False)
    media_type: str
    size: int | None
    open: Callable[[], BinaryIO] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """One record about one subject.

    `locator` is enough to find the record again by hand (table and key, path, archive member and index) and unique
    together with `subject`. `at` is the record's own time, aware UTC, where it has one. `learned` are identifiers
    the record states beside the one that matched, and `widened` those of them by which the source has itself searched
    on, so that nobody need be asked; `others` are other persons who appear in it (Art. 15(4)) by
    what the source says of them, `people` everybody who is recognised in the fields (`cases.others`), and `shared`
    says that others may appear whom nobody can name (a document, a list): a person looks before its release.
    """

    source: str
    kind: str
    subject: str
    locator: str = field(repr=False)
    strength: Strength
    matched: tuple[Match, ...] = field(repr=False)
    fields: tuple[DataField, ...] = field(repr=False)
    blobs: tuple[Blob, ...] = field(default=(), repr=False)
    at: datetime | None = None
    learned: tuple[Identifier, ...] = field(default=(), repr=False)
    others: tuple[str, ...] = field(default=(), repr=False)
    shared: bool = False
    people: tuple[Other, ...] = field(default=(), repr=False)
    group: str = field(default="", repr=False)  # locator of the record that it hangs on; empty: it is one itself
    widened: tuple[Identifier, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of record that a source can yield, with the names of its fields."""

    kind: str
    fields: tuple[str, ...] = ()


class GapReason(StrEnum):
    """Why something that was met could not be looked at."""

    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    UNMAPPED = "unmapped"
    UNREACHABLE = "unreachable"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something met but not readable, not mapped or not reachable; it concerns every subject of the pass unless
    `subject` names one. `code` is a short word for the log and holds nothing personal; `locator` may."""

    source: str
    locator: str = field(repr=False)
    reason: GapReason
    code: str = ""
    subject: str = ""
