"""All subjects of one pass compiled for searching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from cases.address_agreement import AddressAgreement, address_agreement
from cases.comparing import Births, Names, best_name, compare_births, several_people
from cases.customer_numbers import customer_number, divided_alike, spellings
from cases.emails import mailbox_key
from cases.finding import Match, Reason, Strength
from cases.identifiers import (
    Identifier,
    Kind,
    Origin,
    Subject,
    alias_key,
    digests_of,
    email_hashes,
    normalise,
    phone_hashes,
)
from cases.judging import Evidence, judge
from cases.mentions import Mentions
from cases.person_names import name_keys, parse_name, people_in_name
from cases.postal_addresses import PostalAddress, parse_address
from cases.proposing import EmailProposals, Holder, NameProposals
from cases.screening import Screen, quick_words
from cases.sharing import Key, is_role_address

__all__ = [
    "SECOND_FACTORS",
    "UNIQUE",
    "UNIQUE_IN_TEXT",
    "Clue",
    "Hit",
    "SubjectIndex",
    "email_hashes",
    "phone_hashes",
    "strength_of",
    "strongest",
]

# Something only one person has. A phone may be a household's, an account a couple's, an address always may be.
UNIQUE = frozenset({Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.HANDLE, Kind.COOKIE_ID, Kind.EMAIL_HASH})
# What is still unique when it is only met somewhere in a text: `4711` there may be an order, `@lena` on any platform.
UNIQUE_IN_TEXT = frozenset({Kind.EMAIL, Kind.COOKIE_ID, Kind.EMAIL_HASH})
SECOND_FACTORS = frozenset(
    {
        *(Kind.PHONE, Kind.PHONE_HASH, Kind.BIRTH_DATE, Kind.ADDRESS, Kind.IBAN),
        *(Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.HANDLE, Kind.ORDER_NUMBER, Kind.USER_NAME),
    }
)


@dataclass(frozen=True, slots=True)
class Clue:
    """One value of a record that may point to a person. `scope` as in `Identifier`."""

    kind: Kind
    value: str = field(repr=False)
    field: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject met in a record, how strongly, and by which of its identifiers."""

    subject: str
    strength: Strength
    matched: tuple[Match, ...] = field(repr=False)

    def at_most(self, strength: Strength) -> Hit:
        """This hit, not stronger than `strength`: for evidence that the person met could have typed."""
        return Hit(self.subject, max(self.strength, strength, key=lambda one: one.rank), self.matched)


class SubjectIndex:
    """The identifiers of every subject of a pass, for look-up by value and for finding them in text.

    Compiling costs time proportional to the identifiers; a look-up costs the same however many subjects there are.
    `shared` are identifiers known to be used by several people (`cases.sharing`): they prove nothing by themselves.
    What a subject is shown depends on it and on `shared` alone, never on the other subjects of the pass.

    `asked` are the subjects as they were given. `number_formats` are the company's own of customer numbers: then
    `subjects`, which sources make their conditions of, hold every spelling of a number, and a hit names the one given.
    """

    def __init__(
        self, subjects: Iterable[Subject], shared: Collection[Key] = (), number_formats: Iterable[str] = ()
    ) -> None:
        self.asked = tuple(subjects)
        self.number_formats = tuple(number_formats)
        self.subjects = self._spelled(bare=True)
        self.shared = frozenset((kind, self.normal(kind, value)) for kind, value in shared)
        self._known: dict[tuple[Kind, str], list[Holder]] = defaultdict(list)
        self._mailboxes: dict[str, list[Holder]] = defaultdict(list)
        for subject in self.asked:
            for item in subject.identifiers:
                self._learn(subject.id, item)
        self._profiles = {subject.id: _Profile(subject) for subject in self.asked}
        self._order = {subject.id: place for place, subject in enumerate(self.asked)}
        self._screen = Screen(self.asked)

    def normal(self, kind: Kind, value: str) -> str:
        """`normalise`, with customer numbers completed by the company's formats."""
        if kind is Kind.CUSTOMER_NUMBER and self.number_formats:
            return customer_number(value.strip(), self.number_formats)
        return normalise(kind, value)

    def is_one(self, item: Identifier, stated: str) -> bool:
        """Whether a number that is met without its separators is the same with them."""
        formats = self.number_formats if item.kind is Kind.CUSTOMER_NUMBER else ()
        return item.kind not in _DIVIDED or divided_alike(item.value, stated, formats)

    def identifiers(self, kind: Kind, scope: str = "") -> tuple[Identifier, ...]:
        """Every identifier of a kind valid in `scope`, for conditions that a queryable source pushes down."""
        found = (item for subject in self.subjects for item in subject.of(kind))
        return tuple(item for item in found if item.normal and _valid(item, scope))

    def only(self, subject: str) -> SubjectIndex:
        """The index of one of the subjects: a search that knows whom a record may be about asks for nobody else."""
        return SubjectIndex((self.asked[self._order[subject]],), self.shared, self.number_formats)

    def match(self, clues: Iterable[Clue]) -> tuple[Hit, ...]:
        """The subjects that one structured record states literally, strongest reason first, in the order of the pass.

        A record that states another name or birth date beside a unique identifier (a couple's shared mailbox) is
        probable at most: a person looks before it is released.
        """
        items = tuple(clues)
        return self._judged(items, self._met((clue, self._holders(clue)) for clue in items))

    def match_alike(self, clues: Iterable[Clue]) -> tuple[Hit, ...]:
        """As `match`, and whom the record may mean in another spelling: those are possible, and a person decides.

        For sources that read whole records; a scan that looks for literal traces first cannot promise it.
        """
        items = tuple(clues)
        return self._judged(items, self._met((clue, self._holders_alike(clue)) for clue in items), alike=True)

    def may_match(self, kind: Kind, value: str) -> bool:
        """Whether `match_alike` would meet anybody by this value, whatever its scope. A record of which no value may
        match gives no hit: a source that reads a table whole need not build it."""
        return bool(self._holders_alike(Clue(kind, value)))

    def words_met(self, part: str) -> int:
        """How many words of a part of a name (one column of several) some known name has, or has alike; two for a word
        that is all that is known of somebody. A name whose parts make up fewer than two is met by nobody, unless it
        has one part only."""
        known = self._screen.weight, self._names_alike.knows
        return sum(max(int(met(word)) for met in known) for word in quick_words(part))

    def match_text(self, text: str, field_name: str = "text", scope: str = "") -> tuple[Hit, ...]:
        """The subjects that free text mentions: by address, number or full name, whole words only.

        `scope` is the system whose customer numbers and handles such a text would use.
        """
        return self.match_texts({field_name: text}, scope)

    def match_texts(self, texts: Mapping[str, str], scope: str = "") -> tuple[Hit, ...]:
        """As `match_text` over several texts of one record: a name in the path and a phone in the page add up."""
        met: dict[str, list[Match]] = defaultdict(list)
        for name, text in texts.items():
            for subject, item, reason in self._mentions.find(text):
                if _valid(item, scope) or item.kind in (Kind.CUSTOMER_NUMBER, Kind.HANDLE):
                    met[subject].append(Match(self._given.get((subject, item), item), name, reason))
        told = {subject: matched for subject, matched in met.items() if _told_by_text(matched)}
        return tuple(
            Hit(subject, self._strength_in_text(told[subject]), _strongest_first(told[subject], UNIQUE_IN_TEXT))
            for subject in sorted(told, key=self._order.__getitem__)
        )

    def contradicted(self, subject: str, clues: Iterable[Clue]) -> bool:
        """Whether the clues state a name or birth date that cannot be this subject's, and none that can; or several
        people in one name."""
        stated, known = _Stated(tuple(clues)), self._profiles[subject]
        if several_people((), stated.values):
            return True
        against = best_name(known.names, stated.names) < Names.UNKNOWN
        return against or compare_births(known.births, stated.births) < Births.UNKNOWN

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self._spelled(bare=False))

    @cached_property
    def _given(self) -> dict[tuple[str, Identifier], Identifier]:
        """Which identifier was given of which a text may hold another spelling."""
        given = ((subject.id, item) for subject in self.asked for item in subject.of(Kind.CUSTOMER_NUMBER))
        every = ((subject, item, spelled) for subject, item in given for spelled in self._spellings(item, False))
        return {(subject, spelled): item for subject, item, spelled in every if spelled != item}

    def _spelled(self, *, bare: bool) -> tuple[Subject, ...]:
        """The subjects with every spelling of their customer numbers; `bare`: without the letters, too, which in a text
        would be any number."""
        if not self.number_formats:
            return self.asked
        return tuple(Subject(one.id, tuple(dict.fromkeys(self._every(one, bare)))) for one in self.asked)

    def _every(self, subject: Subject, bare: bool) -> Iterator[Identifier]:
        for item in subject.identifiers:
            yield from self._spellings(item, bare)

    def _spellings(self, item: Identifier, bare: bool) -> Iterator[Identifier]:
        yield item
        if item.kind is Kind.CUSTOMER_NUMBER:
            yield from (replace(item, value=value) for value in spellings(item.value, self.number_formats, bare=bare))

    @cached_property
    def _names_alike(self) -> NameProposals:
        return NameProposals(self.asked)

    @cached_property
    def _emails_alike(self) -> EmailProposals:
        return EmailProposals(self.asked)

    def _learn(self, subject: str, item: Identifier) -> None:
        normal = self.normal(item.kind, item.value)
        if not normal:
            return
        self._known[item.kind, normal].append((subject, item, Reason.EXACT))
        for key in name_keys(item.value) if item.kind is Kind.NAME else ():
            if key != normal:
                self._known[item.kind, key].append((subject, item, Reason.PARTIAL))
        if mailbox := alias_key(item):
            self._mailboxes[mailbox].append((subject, item, Reason.ALIAS))
        for kind, digest in digests_of(item):
            self._known[kind, digest].append((subject, item, Reason.HASHED))

    def _holders(self, clue: Clue) -> list[Holder]:
        if not self._screen.may_hold(clue.kind, clue.value) or not (normal := self.normal(clue.kind, clue.value)):
            return []
        if clue.kind is Kind.NAME:
            return self._named(people_in_name(clue.value))
        found = self._known.get((clue.kind, normal), [])
        if clue.kind is Kind.EMAIL and self._mailboxes and (mailbox := mailbox_key(normal)):
            literally = {(subject, item) for subject, item, _ in found}
            return [*found, *(one for one in self._mailboxes.get(mailbox, ()) if one[:2] not in literally)]
        return found

    def _named(self, people: Iterable[str]) -> list[Holder]:
        literally = {name: self._known.get((Kind.NAME, self.normal(Kind.NAME, name)), []) for name in people}
        found = [self._by_name_keys(name, holders) for name, holders in literally.items()]
        return found[0] if len(found) == 1 else list(dict.fromkeys(holder for holders in found for holder in holders))

    def _by_name_keys(self, value: str, literally: list[Holder]) -> list[Holder]:
        """Who has this name, or one that agrees with it but for further given names or the name at birth."""
        met = {(subject, item) for subject, item, _ in literally}
        keyed = (holder for key in name_keys(value) for holder in self._known.get((Kind.NAME, key), ()))
        partly = {(subject, item): None for subject, item, _ in keyed if (subject, item) not in met}
        return [*literally, *((subject, item, Reason.PARTIAL) for subject, item in partly)]

    def _holders_alike(self, clue: Clue) -> list[Holder]:
        found = self._holders(clue)
        match clue.kind:
            case Kind.NAME:
                return [*found, *self._names_alike.like(clue.value)]
            case Kind.EMAIL:
                return list(dict.fromkeys((*found, *self._emails_alike.like(clue.value))))
            case _:
                return found

    def _met(self, holders: Iterable[tuple[Clue, list[Holder]]]) -> dict[str, list[Match]]:
        met: dict[str, list[Match]] = {}
        for clue, found in holders:
            for subject, item, reason in found:
                if _valid(item, clue.scope):
                    how = reason if self.is_one(item, clue.value) else Reason.SIMILAR
                    met.setdefault(subject, []).append(Match(item, clue.field, how))
        return met

    def _judged(self, clues: tuple[Clue, ...], met: dict[str, list[Match]], alike: bool = False) -> tuple[Hit, ...]:
        if not met:
            return ()
        stated = _Stated(clues)
        hits = (self._hit(subject, met[subject], stated, alike) for subject in sorted(met, key=self._order.__getitem__))
        return tuple(hit for hit in hits if hit)

    def _hit(self, subject: str, matched: list[Match], stated: _Stated, alike: bool) -> Hit | None:
        if not alike and all(match.identifier.kind is Kind.BIRTH_DATE for match in matched):
            return None  # thousands of people's: what a literal search cannot look for, it must not depend on
        known = self._profiles[subject]
        matched += _address_met(known, matched, stated)
        strength = judge(self._evidence(known, matched, stated))
        return Hit(subject, strength, _strongest_first(matched, UNIQUE)) if strength else None

    def _evidence(self, known: _Profile, matched: list[Match], stated: _Stated) -> Evidence:
        literal = [match.identifier for match in matched if match.reason not in _ONLY_ALIKE]
        keys = [item for item in literal if self._is_key(item, UNIQUE)]
        births = compare_births(known.births, stated.births)
        factors = {item.kind for item in literal if item.kind is not Kind.NAME and item not in keys}
        if births is not Births.SAME:
            factors.discard(Kind.BIRTH_DATE)
        return Evidence(
            keys=frozenset(item.kind for item in keys),
            verified=any(item.origin is Origin.VERIFIED for item in keys),
            factors=frozenset(factors),
            names=best_name(known.names, stated.names),
            births=births,
            alike=any(match.identifier.kind in _MISTYPED and match.reason in _ONLY_ALIKE for match in matched),
            literally=any(m.identifier.kind is Kind.NAME and m.reason is Reason.EXACT for m in matched),
            several=several_people(stated.names, stated.values),
        )

    def _is_key(self, item: Identifier, unique: frozenset[Kind]) -> bool:
        """Whether an identifier is one person's: no function's address, and nobody else is known to use it."""
        if item.kind not in unique or (self.shared and (item.kind, self.normal(item.kind, item.value)) in self.shared):
            return False
        return item.kind is not Kind.EMAIL or not is_role_address(item.normal)

    def _strength_in_text(self, matched: list[Match]) -> Strength:
        """A name whose words do not follow each other may be two people's: it proves nothing beside anything."""
        matched = [one for one in matched if one.identifier.kind is not Kind.NAME or one.reason is Reason.EXACT]
        unique = [match for match in matched if self._is_key(match.identifier, UNIQUE_IN_TEXT)]
        return strength_of(unique, UNIQUE_IN_TEXT) if unique else strength_of(matched, frozenset())


class _Profile:
    """What a record's statements about a person are compared with."""

    __slots__ = ("addresses", "births", "names")

    def __init__(self, subject: Subject) -> None:
        self.addresses = [(item, parse_address(item.value)) for item in subject.of(Kind.ADDRESS)]
        self.names = [name for item in subject.of(Kind.NAME) if (name := parse_name(item.value))]
        self.births = [item.value for item in subject.of(Kind.BIRTH_DATE)]


class _Stated:
    """The names, birth dates and addresses of one record."""

    def __init__(self, clues: tuple[Clue, ...]) -> None:
        self._addresses = [clue for clue in clues if clue.kind is Kind.ADDRESS]
        self.values = [clue.value for clue in clues if clue.kind is Kind.NAME]
        people = (one for value in self.values for one in people_in_name(value))
        self.names = [name for one in people if (name := parse_name(one))]
        self.births = [clue.value for clue in clues if clue.kind is Kind.BIRTH_DATE]

    @cached_property
    def addresses(self) -> list[tuple[Clue, PostalAddress]]:
        return [(clue, parse_address(clue.value)) for clue in self._addresses]


def _address_met(known: _Profile, matched: list[Match], stated: _Stated) -> list[Match]:
    """Where the record states the person's address in a form that a look-up does not meet: without the town, say."""
    if not known.addresses or any(match.identifier.kind is Kind.ADDRESS for match in matched):
        return []
    return [
        Match(item, clue.field, Reason.PARTIAL)
        for clue, theirs in stated.addresses
        for item, mine in known.addresses
        if address_agreement(mine, theirs) is AddressAgreement.SAME
    ]


_DIVIDED = frozenset({Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER})
_MISTYPED = _DIVIDED | {Kind.EMAIL}
_ONLY_ALIKE = frozenset({Reason.SIMILAR, Reason.PHONETIC})


def strongest(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """One hit per subject: all that was met in several parts of a record, as strong as the strongest of them."""
    found: dict[str, Hit] = {}
    for hit in hits:
        before = found.get(hit.subject, hit)
        best, other = sorted((before, hit), key=lambda one: one.strength.rank)
        found[hit.subject] = Hit(hit.subject, best.strength, tuple(dict.fromkeys(best.matched + other.matched)))
    return tuple(found.values())


def strength_of(matched: Iterable[Match], unique: frozenset[Kind] = UNIQUE) -> Strength:
    """*Certain*: a verified unique identifier. *Probable*: a name and a second factor, or a unique identifier that
    was only claimed. *Possible*: anything less (a namesake? a household's phone?)."""
    items = [match.identifier for match in matched]
    if any(item.kind in unique and item.origin is Origin.VERIFIED for item in items):
        return Strength.CERTAIN
    kinds = {item.kind for item in items}
    if kinds & unique or (Kind.NAME in kinds and kinds & SECOND_FACTORS):
        return Strength.PROBABLE
    return Strength.POSSIBLE


def _strongest_first(matched: list[Match], unique: frozenset[Kind]) -> tuple[Match, ...]:
    distinct = dict.fromkeys(matched)
    return tuple(sorted(distinct, key=lambda match: strength_of([match], unique).rank))


def _told_by_text(matched: list[Match]) -> bool:
    """An address or date somewhere in a text says something only beside a name or number."""
    return any(match.identifier.kind not in (Kind.ADDRESS, Kind.BIRTH_DATE) for match in matched)


def _valid(item: Identifier, scope: str) -> bool:
    """What one system assigned says nothing in another: its customer 4711 is somebody else."""
    return not item.scope or item.scope == scope
