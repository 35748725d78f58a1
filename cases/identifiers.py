"""What points to a person: identifiers, the form in which they are compared, and the subject they make up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from cases.birth_dates import normal_birth_date
from cases.customer_numbers import plain_number
from cases.emails import mailbox_key, normal_email
from cases.folding import fold
from cases.handles import normal_handle
from cases.hashes import digest_spellings, email_digests, normal_digest, phone_digests
from cases.iban import normal_iban
from cases.person_names import name_words, short_words
from cases.phones import normal_phone
from cases.readable import plain
from cases.visitor_ids import normal_visitor_id

__all__ = [
    "Identifier",
    "Kind",
    "Origin",
    "Subject",
    "alias_key",
    "digest_spellings",
    "digests_of",
    "email_hashes",
    "fold",
    "name_words",
    "normalise",
    "phone_hashes",
    "short_name",
    "short_words",
]


class Kind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    CUSTOMER_NUMBER = "customer_number"
    HANDLE = "handle"
    COOKIE_ID = "cookie_id"
    EMAIL_HASH = "email_hash"
    PHONE_HASH = "phone_hash"
    IBAN = "iban"
    ORDER_NUMBER = "order_number"
    USER_NAME = "user_name"  # a log-in of one of our own systems; `HANDLE` is an account on a platform


class Origin(StrEnum):
    """How we know it. Only `VERIFIED` makes a certain match; a claim is what anybody can type into a mail, and what was
    found and then accepted by a person of the house is searched for like a claim."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    FOUND = "found"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One thing that points to a person, as it was stated.

    `scope` is the system or platform in which the value is valid (`instagram`, `crm`); empty means everywhere.
    `found_in` names the source and locator where it was learned, for the chain of provenance.
    """

    kind: Kind
    value: str = field(repr=False)
    origin: Origin = Origin.CLAIMED
    scope: str = ""
    found_in: str = field(default="", repr=False)

    @property
    def normal(self) -> str:
        """The form in which two identifiers of this kind are compared; empty where the value is not one."""
        return normalise(self.kind, self.value)

    @property
    def key(self) -> tuple[Kind, str, str]:
        return self.kind, self.scope, self.normal


@dataclass(frozen=True, slots=True)
class Subject:
    """The person of one case, as far as known: `id` is the case number, never a name."""

    id: str
    identifiers: tuple[Identifier, ...] = field(repr=False)

    def of(self, kind: Kind) -> tuple[Identifier, ...]:
        return tuple(item for item in self.identifiers if item.kind is kind)

    def knowing(self, more: Iterable[Identifier]) -> Subject:
        """This subject with further identifiers; one already known keeps its stronger origin."""
        known: dict[tuple[Kind, str, str], Identifier] = {}
        for item in (*self.identifiers, *more):
            before = known.get(item.key)
            if item.normal and (before is None or _STANDING[item.origin] > _STANDING[before.origin]):
                known[item.key] = item
        return Subject(self.id, tuple(known.values()))


_STANDING = {Origin.CLAIMED: 0, Origin.FOUND: 1, Origin.ACCEPTED: 2, Origin.VERIFIED: 3}


def normalise(kind: Kind, value: str) -> str:
    """The form in which values of `kind` are compared; empty where `value` is none of that kind."""
    return _NORMAL[kind](plain(value).strip())


def digests_of(item: Identifier) -> tuple[tuple[Kind, str], ...]:
    """Every digest that a system may hold instead of this identifier, with its kind: what a search must know."""
    emails = ((Kind.EMAIL_HASH, digest) for digest in email_hashes(item))
    phones = ((Kind.PHONE_HASH, digest) for digest in phone_hashes(item))
    return (*emails, *phones)


def alias_key(item: Identifier) -> str:
    """A weaker key: two e-mail addresses with one reach the same mailbox, at a provider known to deliver so
    (`cases.emails`). Empty for other kinds and providers: there an address is only itself."""
    return mailbox_key(item.normal) if item.kind is Kind.EMAIL else ""


def email_hashes(item: Identifier) -> tuple[str, ...]:
    """What advertising systems keep instead of an e-mail address (`cases.hashes`); none for another kind."""
    return email_digests(item.normal) if item.kind is Kind.EMAIL else ()


def phone_hashes(item: Identifier) -> tuple[str, ...]:
    """What advertising systems keep instead of a phone number (`cases.hashes`); none for another kind."""
    return phone_digests(item.normal) if item.kind is Kind.PHONE else ()


def short_name(value: str) -> str:
    """`short_words` in the form of `normalise`."""
    return " ".join(sorted(short_words(value)))


def _name(value: str) -> str:
    """Order does not matter (`Krüger, Lena`), titles, hyphens and apostrophes neither."""
    return " ".join(sorted(name_words(value)))


def _address(value: str) -> str:
    """`Lange Straße 5 a` and `Lange Str. 5a` are one; so are `Berliner Str.` and `Berlinerstraße`."""
    text = re.sub(r"[\s-]*str(?:asse|\.)?(?=[\W\d]|$)", "str ", fold(value))
    text = re.sub(r"\bd-(?=\d{5}\b)", "", text)
    text = re.sub(r"(?<=\d)\s+(?=[a-z]\b)", "", text)
    return " ".join(re.findall(r"\w+", text))


_NORMAL: dict[Kind, Callable[[str], str]] = {
    Kind.EMAIL: normal_email,
    Kind.PHONE: normal_phone,
    Kind.NAME: _name,
    Kind.BIRTH_DATE: normal_birth_date,
    Kind.ADDRESS: _address,
    Kind.CUSTOMER_NUMBER: plain_number,
    Kind.HANDLE: normal_handle,
    Kind.COOKIE_ID: normal_visitor_id,
    Kind.EMAIL_HASH: normal_digest,
    Kind.PHONE_HASH: normal_digest,
    Kind.IBAN: normal_iban,
    Kind.ORDER_NUMBER: plain_number,
    Kind.USER_NAME: lambda value: value.removeprefix("@").casefold(),
}
