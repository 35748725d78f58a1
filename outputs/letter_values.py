"""What each letter beside the answer is made from: closed values, checked before a word of them is printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.draft import Controller
from outputs.errors import LetterRefused
from outputs.passphrase import Passphrase

LARGE_QUANTITY = 500  # entries from which a question for clarification may be asked at all (recital 63, TIM-10)
LARGEST_FEE = 10_000  # cents: more than paper and postage of a copy can cost
REASONS = ("volume", "retrieval", "redaction", "explanation", "peak")
GROUNDS = ("manifestly_unfounded", "excessive", "not_identifiable", "secrecy")
COSTS = ("printing", "postage", "medium", "labour")
ENCLOSED = ("letter", "copy", "files", "medium")


class LetterKind(StrEnum):
    """Every letter that leaves the house."""

    ANSWER = "answer"
    PARTIAL = "partial"
    NOTHING_HELD = "nothing_held"
    CANNOT_IDENTIFY = "cannot_identify"
    EXTENSION = "extension"
    REFUSAL = "refusal"
    IDENTITY = "identity"
    CLARIFICATION = "clarification"
    FEE = "fee"
    COVER = "cover"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a letter


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a letter goes to and about which case. `recipient` is an e-mail address, used where no postal one is
    known."""

    case: str
    language: str
    controller: Controller
    person: str = field(repr=False)
    received_on: date
    written_on: date
    postal_address: tuple[str, ...] = field(default=(), repr=False)
    recipient: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Extension:
    """`due` is the new date, `reason` one of `REASONS` (TIM-07, TIM-08)."""

    to: Addressed
    due: date
    reason: str

    def __post_init__(self) -> None:
        _one_of("reason", self.reason, REASONS)
        if self.due <= self.to.received_on:
            raise LetterRefused("due_wrong", "the new date lies after the receipt")


@dataclass(frozen=True, slots=True)
class Refusal:
    """`ground` is one of `GROUNDS`; `facts` and `sentence` are the fields of the notice (Art. 12(4), TIM-13)."""

    to: Addressed
    ground: str
    facts: tuple[str, ...] = ()
    sentence: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        _one_of("ground", self.ground, GROUNDS)
        if not (self.facts or self.sentence):
            raise LetterRefused("facts_missing", "the law alone is no reason: a refusal tells its facts")


@dataclass(frozen=True, slots=True)
class CannotIdentify:
    """`compared` are kinds of identifiers that were searched with: `email`, `customer_number` (ANS-24)."""

    to: Addressed
    compared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """Says nothing of what is held: it is the same for everybody."""

    to: Addressed


@dataclass(frozen=True, slots=True)
class Clarification:
    """Only for a large quantity of data (recital 63). `systems` are names of the register; `reply_by` lies before
    `due`, which the question does not move."""

    to: Addressed
    entries: int
    systems: tuple[str, ...]
    reply_by: date
    due: date

    def __post_init__(self) -> None:
        if self.entries < LARGE_QUANTITY:
            raise LetterRefused("not_many", f"a question for clarification needs at least {LARGE_QUANTITY} entries")
        if not self.systems:
            raise LetterRefused("no_systems", "say in which systems the data are: the person chooses among them")
        if not self.to.written_on < self.reply_by < self.due:
            raise LetterRefused("reply_wrong", "the day to reply by lies after the letter and before the due day")


@dataclass(frozen=True, slots=True)
class Fee:
    """The fee for a further copy, announced before anything is charged (ANS-18). `amount` in cents; `earlier` is the
    case whose answer, on `answered_on`, held the same data."""

    to: Addressed
    earlier: str
    answered_on: date
    amount: int
    costs: tuple[str, ...]
    reply_by: date

    def __post_init__(self) -> None:
        for code in self.costs or ("",):
            _one_of("costs", code, COSTS)
        if not 0 < self.amount <= LARGEST_FEE:
            raise LetterRefused("amount_wrong", f"a reasonable fee is 0.01 to {LARGEST_FEE / 100:.2f} EUR")
        if self.earlier == self.to.case or not self.answered_on <= self.to.received_on:
            raise LetterRefused("first_copy", "the first copy is free: name the earlier case that was answered")
        if self.reply_by <= self.to.written_on:
            raise LetterRefused("reply_wrong", "the day to reply by lies after the letter")


@dataclass(frozen=True, slots=True)
class Cover:
    """What goes with an answer by post; `enclosed` are entries of `ENCLOSED`. `unprinted`: the neutral names of the
    files that could not be printed and are on the data carrier alone."""

    to: Addressed
    enclosed: tuple[str, ...]
    unprinted: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in self.enclosed or ("",):
            _one_of("enclosed", code, ENCLOSED)
        if self.unprinted and "medium" not in self.enclosed:
            raise LetterRefused("medium_missing", "what could not be printed goes on a data carrier")


@dataclass(frozen=True, slots=True)
class PassphraseLetter:
    """What opens a sealed answer, for an envelope of its own: it says nothing of the person beyond the address field.
    `link_password`: of the link, where the answer is behind one."""

    to: Addressed
    passphrase: Passphrase = field(repr=False)
    filename: str
    link_password: str = field(default="", repr=False)


Letter = Extension | Refusal | CannotIdentify | IdentityQuestion | Clarification | Fee | Cover | PassphraseLetter


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise LetterRefused(f"{name}_unknown", f"allowed are {', '.join(allowed)}")
