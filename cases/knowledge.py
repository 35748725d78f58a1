"""Growing knowledge: which identifiers widen a search, and how each of them came to be known.

Only a key that a system itself assigned widens by itself, and only inside that system. Whatever a person can type (a
phone, a second address, a handle, a further name) may be somebody else's: it is a proposal, and widens after a person's
yes. What belongs to several people never widens (SCP-01 asks for all known identifiers, Art. 15(4) forbids others').
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cases.address_agreement import AddressAgreement, address_agreement
from cases.finding import Finding, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject, alias_key, name_words
from cases.person import names_agree
from cases.sharing import is_role_address
from cases.source import Contact
from cases.subjects import Clue, SubjectIndex

ASSIGNED = frozenset({Kind.CUSTOMER_NUMBER, Kind.COOKIE_ID})  # by a system, where the scope is that system
# A birth date finds nobody by itself, and hashes follow from what they were made of.
PROPOSED = ASSIGNED | {Kind.EMAIL, Kind.PHONE, Kind.NAME, Kind.ADDRESS, Kind.HANDLE, Kind.IBAN}
_TELLING = (Kind.BIRTH_DATE, Kind.EMAIL, Kind.CUSTOMER_NUMBER)
# Whoever is on file there may be of the household, however much of the address is stated.
_ONE_HOUSE = frozenset(
    {
        *(AddressAgreement.SAME, AddressAgreement.SAME_WITHOUT_TOWN, AddressAgreement.SAME_OTHER_POSTCODE),
        *(AddressAgreement.OTHER_UNIT, AddressAgreement.OVERLAPPING_NUMBERS),
    }
)

Key = tuple[Kind, str, str]


@dataclass(frozen=True, slots=True)
class Learned:
    """An identifier and where it was learned. `by`: what had led to the record that states it, each with the field in
    which it was met, the surest first."""

    identifier: Identifier = field(repr=False)
    source: str
    locator: str = field(repr=False)
    by: tuple[tuple[Identifier, str], ...] = field(default=(), repr=False)


class Standing(StrEnum):
    """Whose a proposed identifier is, as far as the system of record says."""

    UNCHECKED = ""
    OWN = "own"
    SHARED = "shared"  # another person has it, too: it is never searched for


def proposals(finding: Finding, subject: Subject) -> tuple[Learned, ...]:
    """What a finding states of its person that is not searched for yet. Only a certain finding teaches anything: what
    stands in a record that may be a namesake's would lead to more of the namesake."""
    if finding.strength is not Strength.CERTAIN or not finding.learned:
        return ()
    by = tuple((match.identifier, match.field) for match in finding.matched)
    widened = {item.key for item in finding.widened}
    new = worth_asking((item for item in finding.learned if item.key not in widened), subject)
    return tuple(Learned(item, finding.source, finding.locator, by) for item in new)


def on_file(items: Iterable[Identifier], verified: Iterable[Identifier], subject: Subject) -> tuple[Learned, ...]:
    """What the record by which the person was identified states beside."""
    by = tuple((item, "") for item in verified if item.kind in (Kind.EMAIL, Kind.CUSTOMER_NUMBER))
    new = worth_asking(items, subject)
    return tuple(Learned(item, *_place(item.found_in), by) for item in new)


def worth_asking(found: Iterable[Identifier], subject: Subject) -> tuple[Identifier, ...]:
    """Of what was found, each once, what a person must say something of because it is not known. A shorter form of a
    known name tells nothing new, and a single word is nobody's name."""
    known = {(item.kind, item.normal) for item in subject.identifiers}
    new: dict[Key, Identifier] = {}
    for item in found:
        if item.kind not in PROPOSED or not item.normal or (item.kind, item.normal) in known:
            continue
        if item.kind is Kind.NAME and not _new_name(item, subject):
            continue
        new.setdefault(item.key, item)
    return tuple(new.values())


def standing(item: Identifier, verified: Iterable[Identifier], contacts: Iterable[Contact]) -> Standing:
    """Whether the system of record knows another person with this identifier. A second record of the same person is
    none; one that could be anybody's is (a namesake without birth date, a household, `info@`): in doubt nothing
    widens."""
    known = tuple(verified)
    if item.kind is Kind.EMAIL and is_role_address(item.normal):
        return Standing.SHARED
    index = SubjectIndex([Subject("", (item,))])
    stating = (contact for contact in contacts if _states(contact, item, index))
    others = (contact for contact in stating if not _is_theirs(contact, known, item))
    return Standing.SHARED if any(others) else Standing.OWN


def accepted(learned: Learned, *, proven: bool) -> Identifier:
    """The identifier as it is searched for after a person's yes. `proven`: the person asking has shown that it is
    theirs; only then can it make a certain match."""
    item = learned.identifier
    origin = Origin.VERIFIED if proven else Origin.ACCEPTED
    return Identifier(item.kind, item.value, origin, item.scope, f"{learned.source}:{learned.locator}")


def chain(item: Identifier, learned: Mapping[Key, Learned]) -> Iterator[Identifier]:
    """The identifiers by which one came to be known, from itself back to what was verified or claimed."""
    seen: set[Key] = set()
    while item.key not in seen:
        seen.add(item.key)
        yield item
        before = learned.get(item.key)
        if item.origin is not Origin.ACCEPTED or before is None or not before.by:
            return
        item = before.by[0][0]


def _new_name(item: Identifier, subject: Subject) -> bool:
    words, written = set(name_words(item.value)), item.value.replace(",", " ").split()
    return (
        len(words) > 1
        and len(written) > 1
        and not any(words <= set(name_words(known.value)) for known in subject.of(Kind.NAME))
    )


def _same(one: Identifier, other: Identifier) -> bool:
    """Whether two are one. Where only one has a scope they count as one: the question is who else may have it."""
    return one.kind is other.kind and one.normal == other.normal and (
        one.scope == other.scope or not one.scope or not other.scope
    )  # fmt: skip


def _states(contact: Contact, item: Identifier, index: SubjectIndex) -> bool:
    """Whether a record states this, in whatever spelling a search would find it by."""
    mine = [one for one in contact.identifiers if one.kind is item.kind]
    if item.kind is Kind.ADDRESS and any(address_agreement(one.value, item.value) in _ONE_HOUSE for one in mine):
        return True
    if alias_key(item) and any(alias_key(one) == alias_key(item) for one in mine):
        return True
    return bool(index.match(Clue(one.kind, one.value, "", one.scope or item.scope) for one in mine))


def _is_theirs(contact: Contact, verified: tuple[Identifier, ...], asked: Identifier) -> bool:
    """Whether a record is the person's own: the one they were identified by, or one that agrees in name and in
    something else that tells people apart."""
    if any(item.found_in.endswith(f":{contact.locator}") for item in verified if contact.locator):
        return True
    if not _named(verified) or not _named(contact.identifiers) or not names_agree(verified, contact.identifiers):
        return False
    told = [_told(kind, verified, contact.identifiers, asked) for kind in _TELLING]
    return "same" in told and "birth date differs" not in told


def _named(items: Iterable[Identifier]) -> bool:
    return any(item.kind is Kind.NAME for item in items)


def _told(kind: Kind, one: Iterable[Identifier], other: Iterable[Identifier], asked: Identifier) -> str:
    first = {item.normal for item in one if item.kind is kind}
    second = {item.normal for item in other if item.kind is kind and not _same(item, asked)}
    if first & second:
        return "same"
    return "birth date differs" if kind is Kind.BIRTH_DATE and first and second else ""


def _place(found_in: str) -> tuple[str, str]:
    source, _, locator = found_in.partition(":")
    return source, locator
