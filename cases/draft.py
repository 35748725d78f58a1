"""The ratchet from a draft to a receipt. Each step can be made only from the one before it, and only here.

`Draft -> Approval -> Disclosure -> Package -> Sealed -> Receipt`. A `Notice` is the other thing the post takes: a
template with closed fields that cannot hold a finding.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from cases.coverage import Cell, complete
from cases.finding import Span, Strength
from cases.own_key import OwnKey
from cases.register import Activity, FieldLabel


class DecisionKind(StrEnum):
    INCLUDE = "include"
    REDACT = "redact"  # this person's and given out, without the places that concern others: each with a reason
    EXCLUDE = "exclude"  # not this person
    WITHHOLD = "withhold"  # this person's, but the law lets it be held back: with a reason of the closed list


class Ground(StrEnum):
    """The closed list of reasons to hold something back that is this person's (SCP-05)."""

    OTHERS = "art-15-4"  # rights and freedoms of others, trade secrets
    NOT_IDENTIFIABLE = "art-11-2"
    EXCESSIVE = "art-12-5"
    RESEARCH = "bdsg-27-2"
    ARCHIVE = "bdsg-28-2"
    SECRECY = "bdsg-29-1-2"
    PUBLIC_SAFETY = "bdsg-34-1-1"
    KEPT_ONLY = "bdsg-34-1-2"  # backup or duty to retain


@dataclass(frozen=True, slots=True)
class Redaction:
    """A place of a finding that is removed from what goes out, and why."""

    span: Span
    ground: Ground


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a finding. The reason for withholding begins with its ground: `art-15-4` or
    `art-15-4: the salary of a colleague`; what follows the colon stays in the house. `redactions` are the places that
    are removed; `with_files`: the files of a redacted finding were looked at and go out as they are."""

    kind: DecisionKind
    by: str = field(repr=False)
    at: datetime
    reason: str = field(default="", repr=False)
    redactions: tuple[Redaction, ...] = ()
    with_files: bool = False

    @property
    def ground(self) -> Ground | None:
        """The reason's entry of the closed list; None where it names none."""
        code = self.reason.partition(":")[0].strip()
        return Ground(code) if code in {one.value for one in Ground} else None

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Why something of the finding does not go out, each ground once; empty where none is named."""
        if self.kind is DecisionKind.REDACT:
            return tuple(dict.fromkeys(one.ground for one in self.redactions))
        return (self.ground,) if self.kind is DecisionKind.WITHHOLD and self.ground else ()


@dataclass(frozen=True, slots=True)
class ItemField:
    """A value as it is shown: the source's own name, the label of the register, its category and the raw value.
    `means` is what the value stands for by the register, where it is a code. `redacted`: why something was removed from
    the value, which says so itself where it stood. `staff`: it named one of our own people, and a mark stands there."""

    name: str
    value: str = field(repr=False)
    label: str = ""
    category: str = ""
    redacted: tuple[Ground, ...] = ()
    means: str = ""
    staff: bool = False


@dataclass(frozen=True, slots=True)
class ItemFile:
    """An original file of an item. `path` is a neutral name inside the package; `sha256` of the clear bytes."""

    path: str
    name: str = field(repr=False)
    media_type: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Item:
    """A finding as it stands in a draft. `number` is stable within the case: `auskunft case include CASE 7`. What was
    redacted is not in it any more; `held_files` are the checksums of files that are withheld for it."""

    number: int
    source: str
    system: str
    kind: str
    locator: str = field(repr=False)
    strength: Strength
    why: str = field(repr=False)
    fields: tuple[ItemField, ...] = field(repr=False)
    files: tuple[ItemFile, ...] = field(default=(), repr=False)
    at: datetime | None = None
    decision: Decision | None = None
    shared: bool = False  # other persons appear in it, or may: a person looks first (Art. 15(4))
    change: str = ""  # since the first search (ANS-23): new, changed, vanished
    changed_on: date | None = None
    earlier: tuple[ItemField, ...] = field(default=(), repr=False)  # as it was found first, where it changed
    held_files: tuple[str, ...] = ()

    @property
    def needs_decision(self) -> bool:
        """Whether a person must have said something of it before it can be released."""
        return self.strength is not Strength.CERTAIN or self.shared

    @property
    def undecided(self) -> bool:
        return self.needs_decision and self.decision is None

    @property
    def released(self) -> bool:
        if self.decision is None:
            return not self.needs_decision
        return self.decision.kind in (DecisionKind.INCLUDE, DecisionKind.REDACT)

    @property
    def redacted(self) -> bool:
        """Whether somebody decided that places of it are removed."""
        return self.decision is not None and self.decision.kind is DecisionKind.REDACT

    @property
    def masked(self) -> bool:
        """Whether it goes out without a name of our own people: by the register, nobody decided it."""
        return self.released and any(part.staff for part in (*self.fields, *self.earlier))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Why something of it does not go out, each ground once."""
        decided = self.decision.grounds if self.decision else ()
        return tuple(dict.fromkeys((*decided, Ground.OTHERS))) if self.masked else decided


class AnswerKind(StrEnum):
    DATA = "data"
    NOTHING_HELD = "nothing_held"


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers: the letterhead and the contact for questions. `timezone`: in which dates and times are told."""

    name: str
    street: str
    postcode: str
    city: str
    land: str
    email: str
    phone: str = ""
    dpo_name: str = ""
    dpo_email: str = ""
    public_body: bool = False
    timezone: str = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything an answer says, before anybody approved it. Two drafts that say the same have one digest.

    `searched_with` are the identifiers the search used, for the letter that says nothing is held (ANS-02).
    `complete` holds only if no system of the register is open for the case. `record_years` and `package_days` are
    what the letter says of the request's own data, counted from the end of the case: the record goes on 31 December of
    the year so many years on (ACC-03), the package so many days later (ACC-04).
    """

    case: str
    language: str
    controller: Controller
    person: str = field(repr=False)
    recipient: str = field(repr=False)
    channel: str
    received_on: date
    snapshot_at: datetime
    written_on: date
    due: date
    items: tuple[Item, ...] = field(repr=False)
    activities: tuple[Activity, ...]
    cells: tuple[Cell, ...]
    register_version: str
    labels: tuple[FieldLabel, ...] = ()
    searched_with: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    problems: tuple[str, ...] = ()
    postal_address: tuple[str, ...] = field(default=(), repr=False)
    record_years: int = 3
    package_days: int = 30
    wording: str = ""  # digest of the texts and the letterhead that it is said with
    first_snapshot_at: datetime | None = None  # when the first search began; `snapshot_at`: the latest
    version: int = 1  # 2 is the first correction
    replaces_on: date | None = None  # of a correction: the date of the answer it replaces
    sealed_for: OwnKey | None = None  # the person's own key, instead of a passphrase
    signed_with: str = ""  # then: the fingerprint of our key that signs inside, for the letter
    _digest: str = field(default="", init=False, repr=False, compare=False)  # made once; `replace` forgets it

    @property
    def released(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.released)

    @property
    def withheld(self) -> tuple[Item, ...]:
        return tuple(i for i in self.items if i.decision and i.decision.kind is DecisionKind.WITHHOLD)

    @property
    def redacted(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.redacted)

    @property
    def left_out(self) -> tuple[Item, ...]:
        """What somebody decided to hold back, whole or in part, and the person is told of entry by entry."""
        kinds = (DecisionKind.WITHHOLD, DecisionKind.REDACT)
        return tuple(item for item in self.items if item.decision and item.decision.kind in kinds)

    @property
    def masked(self) -> tuple[Item, ...]:
        """What goes out without names of our own people; the person is told of all of it at once."""
        return tuple(item for item in self.items if item.masked)

    @property
    def changed(self) -> tuple[Item, ...]:
        """What goes out and is not as the first search found it."""
        return tuple(item for item in self.released if item.change)

    @property
    def complete(self) -> bool:
        return complete(self.cells)

    @property
    def kind(self) -> AnswerKind:
        return AnswerKind.DATA if self.released or self.withheld else AnswerKind.NOTHING_HELD

    @property
    def undecided(self) -> int:
        return sum(item.undecided for item in self.items)

    @property
    def blockers(self) -> tuple[str, ...]:
        """Why this draft cannot be released as it stands, as codes; empty where it can."""
        found = list(self.problems)
        if self.undecided:
            found.append("undecided_findings")
        if any(item.decision and not item.decision.grounds for item in self.left_out):
            found.append("withheld_without_ground")
        if self.kind is AnswerKind.NOTHING_HELD and not self.complete:
            found.append("nothing_held_but_open")
        return tuple(found)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that is said, in canonical JSON."""
        if not self._digest:
            digest = hashlib.sha256()
            for piece in _canonical(self):
                digest.update(piece.encode())
            object.__setattr__(self, "_digest", digest.hexdigest())
        return self._digest


@dataclass(frozen=True, slots=True)
class Approval:
    """Names the digest of exactly one draft, who approved it and when."""

    case: str
    digest: str
    approver: str = field(repr=False)
    at: datetime


class ApprovalRefused(Exception):
    """The approval is not for this draft, or the draft cannot be released. `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An approved draft: the only thing that is packaged. Made by `approve` alone."""

    draft: Draft = field(repr=False)
    approval: Approval


@dataclass(frozen=True, slots=True)
class Package:
    """The content of an answer before sealing: a stream of one neutral inner file and its manifest's digest.
    `size` is an upper estimate in bytes of what `write` will write; `version` that of its draft."""

    case: str
    manifest_sha256: str
    write: Callable[[BinaryIO], None] = field(repr=False)
    language: str = "de"
    size: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed package in the vault, ready for the post. `filename` holds nothing personal."""

    case: str
    filename: str
    media_type: str
    sha256: str
    size: int
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail that cannot hold a finding: a template's key and closed fields (case number, dates, contact)."""

    template: str
    language: str
    case: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The mail server's acceptance: its Message-ID and when; never the content."""

    message_id: str
    accepted_at: datetime


def approve(draft: Draft, approval: Approval) -> Disclosure:
    """The only maker of a `Disclosure`. Raises `ApprovalRefused` where the approval names another case or draft, or
    the draft has blockers (undecided findings; "nothing held" with a system open)."""
    if approval.case != draft.case:
        raise ApprovalRefused("other_case")
    if approval.digest != draft.digest:
        raise ApprovalRefused("draft_changed")
    if draft.blockers:
        raise ApprovalRefused(draft.blockers[0])
    return Disclosure(draft, approval)


_IN_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _canonical(draft: Draft) -> Iterator[str]:
    """The draft as one JSON text, in pieces: of thousands of items never more than one is held in this form, too."""
    opening = "{"
    for name in sorted(item.name for item in fields(draft) if item.init):
        yield f'{opening}"{name}":'
        yield from _pieces(getattr(draft, name))
        opening = ","
    yield "}"


def _pieces(value: object) -> Iterator[str]:
    if not isinstance(value, tuple):
        yield _IN_JSON(_plain(value))
        return
    opening = "["
    for item in value:
        yield opening + _IN_JSON(_plain(item))
        opening = ","
    yield "]" if value else "[]"


def _plain(value: object) -> object:
    """Values as JSON, dataclasses by field. Openers are left out: the SHA-256 beside them stands for the content."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        stated = [(name, getattr(value, name)) for name in value.__dataclass_fields__]
        return {name: held if type(held) is str else _plain(held) for name, held in stated if not callable(held)}
    return value
