"""What is known of the person of a case: what they claim, what was verified, and where the answer may go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.name_agreement import NameAgreement, name_agreement
from cases.own_key import OwnKey
from cases.person_names import PersonName, parse_name
from cases.request import Claims, Proxy, Wishes
from cases.source import Contact

_POSTCODE = re.compile(r"(\b\d{5}\b(?=\s+\D))")  # German, before the town


@dataclass(frozen=True, slots=True)
class Verification:
    """Why we believe who asks: `address_on_file` (with the mail's authenticity) or `checked_by_person`."""

    how: str
    at: datetime
    by: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Authority:
    """A person's recorded check that a proxy may act for the data subject (Art. 12(6), section 164 BGB). `receives`:
    the authority covers receiving the answer, which then goes to the proxy and not to the address on file."""

    at: datetime
    receives: bool = False
    by: str = field(default="", repr=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """The person of one case. `vouched`: the receiving server's DMARC or our own DKIM check speaks for the sender's
    address. `candidates`: records of the system of record that share something with the claims. `recipient`: the
    address on file to which the answer goes; empty until verified.

    `own_key`: with what the answer is sealed instead of a passphrase, where somebody made sure that it is the person's.

    `proxy`: who wrote, where it was for this person; then `sender` is the proxy's address and says nothing about the
    person. `no_mail`: why the program must not write to the sender by itself, as a code; empty where it may."""

    name: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)
    vouched: bool = False
    message_id: str = field(default="", repr=False)
    claims: tuple[Identifier, ...] = field(default=(), repr=False)
    reasons: tuple[str, ...] = field(default=(), repr=False)
    extras: tuple[str, ...] = ()
    candidates: tuple[Contact, ...] = field(default=(), repr=False)
    verified: tuple[Identifier, ...] = field(default=(), repr=False)
    proposals: tuple[Identifier, ...] = field(default=(), repr=False)
    accepted: tuple[Identifier, ...] = field(default=(), repr=False)  # proposals that somebody said yes to
    recipient: str = field(default="", repr=False)
    postal: tuple[str, ...] = field(default=(), repr=False)
    verification: Verification | None = None
    proxy: Proxy | None = None
    authority: Authority | None = None
    wishes: Wishes = field(default_factory=Wishes)
    no_mail: str = ""
    own_key: OwnKey | None = None

    @property
    def authority_missing(self) -> bool:
        """True as long as nobody checked that the proxy may act: nothing is collected or answered before."""
        return self.proxy is not None and self.authority is None

    @property
    def proxy_receives(self) -> bool:
        return self.proxy is not None and self.authority is not None and self.authority.receives

    @property
    def told_at(self) -> str:
        """Where a notice about the case goes: before it is known who asks, to the address that asks; after that never
        to it, but to the address on file, and by post where there is none (empty)."""
        return self.recipient if self.verification is not None else self.sender

    def subject(self, case: str) -> Subject:
        """What a search looks for: what was verified, and what was only claimed or accepted by a person of the house
        (neither makes a certain match)."""
        return Subject(case, ()).knowing(self.claims).knowing(self.accepted).knowing(self.verified)

    def identified(self, contact: Contact | None, verification: Verification, recipient: str) -> Person:
        """This person after verification: the record on file becomes verified where the system itself or the check
        proves it (names, birth date, the customer number, the mailbox that the answer goes to); what else stands in
        the record (phone, second mailbox, postal address) was typed by somebody and stays a proposal."""
        on_file = contact.identifiers if contact else ()
        proven = [as_verified(item) for item in on_file if _proven(item, recipient)]
        if contact is None and recipient:
            proven.append(Identifier(Kind.EMAIL, recipient, Origin.VERIFIED))
        rest = tuple(item for item in on_file if not _proven(item, recipient))
        name = next((item.value for item in on_file if item.kind is Kind.NAME), self.name)
        return replace(
            self,
            name=name,
            verified=tuple(proven),
            proposals=rest,
            accepted=(),
            recipient=recipient,
            verification=verification,
            postal=_postal(name, on_file),
            own_key=None,  # it was seen to name the address that went before
        )


def as_verified(item: Identifier) -> Identifier:
    return replace(item, origin=Origin.VERIFIED)


def identifiers_of(claims: Claims) -> tuple[Identifier, ...]:
    """The claims of a mail as identifiers of origin `claimed`."""
    plain: list[tuple[Kind, Iterable[str]]] = [
        (Kind.NAME, claims.names),
        (Kind.EMAIL, claims.emails),
        (Kind.PHONE, claims.phones),
        (Kind.BIRTH_DATE, (claims.birth_date.isoformat(),) if claims.birth_date else ()),
        (Kind.ADDRESS, claims.addresses),
        (Kind.CUSTOMER_NUMBER, claims.customer_numbers),
        (Kind.COOKIE_ID, claims.cookie_ids),
        (Kind.ORDER_NUMBER, claims.order_numbers),
        (Kind.USER_NAME, claims.user_names),
        (Kind.IBAN, claims.ibans),
    ]
    found = [Identifier(kind, value) for kind, values in plain for value in values]
    found += [
        Identifier(Kind.HANDLE, value, scope=platform)
        for platform, values in claims.handles.items()
        for value in values
    ]
    return tuple(item for item in found if item.normal)


def address_on_file(contact: Contact, sender: str) -> str:
    """The e-mail address of a record that equals the sender's; empty where none does."""
    wanted = Identifier(Kind.EMAIL, sender).normal
    mails = (item.value for item in contact.identifiers if item.kind is Kind.EMAIL and item.normal == wanted)
    return next(mails, "") if wanted else ""


def names_agree(one: Iterable[Identifier], other: Iterable[Identifier]) -> bool:
    """True unless both state names and one of `one` fits none of `other`: `L. Krüger` agrees with `Lena Krüger`,
    `Jonas Krüger` does not. What is sent from Lena's account and signed by Jonas is not hers: every name counts, and
    two people who share an address are told apart. A household (`Familie Krüger`) is nobody's name."""
    first, second = _names(one), _names(other)
    return not first or not second or all(any(_agree(mine, theirs) for theirs in second) for mine in first)


def same_person(one: Iterable[Identifier], other: Iterable[Identifier]) -> bool:
    """Whether two letters of one proxy are about the same person: the names agree, and nothing that tells people apart
    differs. Where one of them names nobody, something else must be the same. In doubt they are two."""
    first, second = tuple(one), tuple(other)
    stated = [_told_apart(first, second, kind) for kind in _TELLING]
    if not names_agree(first, second) or "differ" in stated:
        return False
    return "same" in stated or bool(_names(first) and _names(second))


_TELLING = (Kind.EMAIL, Kind.BIRTH_DATE, Kind.CUSTOMER_NUMBER)


def _told_apart(one: Iterable[Identifier], other: Iterable[Identifier], kind: Kind) -> str:
    first, second = ({item.normal for item in them if item.kind is kind} for them in (one, other))
    if not first or not second:
        return ""
    return "same" if first & second else "differ"


def _names(identifiers: Iterable[Identifier]) -> list[PersonName]:
    found = (parse_name(item.value) for item in identifiers if item.kind is Kind.NAME)
    return [name for name in found if name and not _HOUSEHOLD.intersection(name.words)]


_HOUSEHOLD = frozenset({"familie", "fam", "family", "eheleute", "ehepaar", "haushalt", "household"})
# What still speaks for one person. Not a sister's (`Anja` and `Antje`) and not a father's (`Hans Müller` without jun.).
_AGREEING = frozenset(NameAgreement) - {
    *(NameAgreement.DIFFERENT, NameAgreement.NOT_STATED, NameAgreement.BOTH_SHORT, NameAgreement.GENERATION_UNSAID),
}


def _agree(one: PersonName, other: PersonName) -> bool:
    """Whether one is the other written shorter or otherwise. Father and son are told apart."""
    if one.generation != other.generation:
        return False
    short, long = sorted((set(one.words), set(other.words)), key=len)
    fits = _fits(short, long) or (len(short) == len(long) and _fits(long, short))
    return fits or name_agreement(one, other) in _AGREEING


def _fits(short: set[str], long: set[str]) -> bool:
    """Every word of the shorter name is in the longer one, or is the initial of one that is left over."""
    rest = long - short
    return all(word in long or any(left.startswith(word) for left in rest if len(word) == 1) for word in short)


def _proven(item: Identifier, recipient: str) -> bool:
    if item.kind is Kind.EMAIL:
        return item.normal == Identifier(Kind.EMAIL, recipient).normal
    return item.kind in (Kind.NAME, Kind.CUSTOMER_NUMBER, Kind.BIRTH_DATE)


def _postal(name: str, on_file: Iterable[Identifier]) -> tuple[str, ...]:
    address = next((item.value for item in on_file if item.kind is Kind.ADDRESS), "")
    street, postcode, city = _POSTCODE.split(address, maxsplit=1) if _POSTCODE.search(address) else (address, "", "")
    lines = [part.strip() for part in (*street.split(","), f"{postcode}{city}") if part.strip(" ,")]
    return (name, *lines) if lines else ()
