"""What a mail asks for: the verdict, the rights, who asks, and the reasons a lawyer can follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Right(StrEnum):
    """Rights of the data subject under Art. 15 to 18, 20 and 21 GDPR, in the order in which they are handled."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"


class Verdict(StrEnum):
    """What a mail is. `unclear` is for real doubt: a person decides, and the clock already runs."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    OTHER = "other"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    SPAM = "spam"
    UNCLEAR = "unclear"

    @property
    def is_request(self) -> bool:
        """True for the verdicts that name a right."""
        return self.value in {right.value for right in Right}


def _no_handles() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Claims:
    """What the mail itself states about the person who asks. Claimed, never verified.

    `phones` are E.164; `addresses` are one line each ("Street 1, 12345 Town"); `handles` maps a platform's lower-cased
    name to account names without `@`; `user_names` are log-in names for our own systems.
    """

    names: tuple[str, ...] = field(default=(), repr=False)
    emails: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    birth_date: date | None = field(default=None, repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    customer_numbers: tuple[str, ...] = field(default=(), repr=False)
    handles: Mapping[str, tuple[str, ...]] = field(default_factory=_no_handles, repr=False)
    cookie_ids: tuple[str, ...] = field(default=(), repr=False)
    order_numbers: tuple[str, ...] = field(default=(), repr=False)
    user_names: tuple[str, ...] = field(default=(), repr=False)
    ibans: tuple[str, ...] = field(default=(), repr=False)


class Role(StrEnum):
    """On what ground somebody writes for another person. The authority to act is checked before any answer."""

    LAWYER = "lawyer"
    PARENT = "parent"
    CARER = "carer"  # Betreuer, guardian, holder of a power of attorney
    AGENCY = "agency"  # a service that writes for many people
    OTHER = "other"


class FollowUp(StrEnum):
    """What a mail means for a case that exists already."""

    REMINDER = "reminder"
    ADDITION = "addition"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Proxy:
    """Who writes on behalf of others."""

    role: Role
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked for beyond the default answer.

    `period` and `systems` are quoted from the mail. `form` is `paper`, `pdf`, `electronic` or empty. `points` are
    letters of Art. 15(1), "a" to "h", in order; empty where everything is wanted.
    """

    period: str = field(default="", repr=False)
    systems: tuple[str, ...] = field(default=(), repr=False)
    form: str = ""
    points: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.period or self.systems or self.form or self.points)


@dataclass(frozen=True, slots=True)
class Request:
    """The recognised request.

    `rights` are in the order of `Right`; empty where the mail asks for none. `language` is ISO 639-1 or "und".
    `confidence` is 0 to 1. `reasons` quote the mail and may hold personal data: they are shown, never logged.
    `extras`: codes of special wishes (`electronic_copy`, `named_recipients`, `tracking_ids`, `reminder`,
    `representative`, `complaint`, `web_form`, `forwarded`).

    `proxy`: who writes, where it is for somebody else; then `claims` are those of the first person it is for (not the
    proxy's), and `subjects` the claims of everybody it is for, in the order of the mail: each is a request of its own.
    `follow_up`: what it means for a case that exists; None where it says nothing of an earlier mail.
    """

    verdict: Verdict
    rights: tuple[Right, ...]
    language: str
    confidence: float
    claims: Claims
    reasons: tuple[str, ...] = field(default=(), repr=False)
    extras: tuple[str, ...] = ()
    wishes: Wishes = Wishes()
    proxy: Proxy | None = None
    subjects: tuple[Claims, ...] = field(default=(), repr=False)
    follow_up: FollowUp | None = None
