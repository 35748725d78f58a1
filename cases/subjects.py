"""All subjects of one pass compiled for searching."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cases.finding import Match, Strength
from cases.identifiers import (
    Identifier,
    Kind,
    Origin,
    Subject,
    digests_of,
    email_hashes,
    name_words,
    normalise,
    phone_hashes,
    short_name,
)
from cases.mentions import Mentions

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
    """

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.subjects = tuple(subjects)
        self._known: dict[tuple[Kind, str], list[tuple[str, Identifier]]] = defaultdict(list)
        self._short_names: dict[str, list[tuple[str, Identifier]]] = defaultdict(list)
        for subject in self.subjects:
            for item in subject.identifiers:
                self._learn(subject.id, item)
        self._by_id = {subject.id: subject for subject in self.subjects}
        self._mentions = Mentions(self.subjects)

    def identifiers(self, kind: Kind, scope: str = "") -> tuple[Identifier, ...]:
        """Every identifier of a kind valid in `scope`, for conditions that a queryable source pushes down."""
        found = (item for subject in self.subjects for item in subject.of(kind))
        return tuple(item for item in found if item.normal and _valid(item, scope))

    def match(self, clues: Iterable[Clue]) -> tuple[Hit, ...]:
        """The subjects that one structured record points to, strongest reason first, in the order of the pass.

        A record that states another name or birth date beside a unique identifier (a couple's shared mailbox) is
        probable at most: a person looks before it is released.
        """
        items = tuple(clues)
        met: dict[str, list[Match]] = defaultdict(list)
        for clue in items:
            for subject, item in self._holders(clue):
                if _valid(item, clue.scope):
                    met[subject].append(Match(item, clue.field))
        return tuple(self._cautious(hit, items) for hit in self._hits(met, UNIQUE))

    def match_text(self, text: str, field_name: str = "text", scope: str = "") -> tuple[Hit, ...]:
        """The subjects that free text mentions: by address, number or full name, whole words only.

        `scope` is the system whose customer numbers and handles such a text would use.
        """
        return self.match_texts({field_name: text}, scope)

    def match_texts(self, texts: Mapping[str, str], scope: str = "") -> tuple[Hit, ...]:
        """As `match_text` over several texts of one record: a name in the path and a phone in the page add up."""
        met: dict[str, list[Match]] = defaultdict(list)
        for name, text in texts.items():
            for subject, item in self._mentions.find(text):
                if _valid(item, scope) or item.kind in (Kind.CUSTOMER_NUMBER, Kind.HANDLE):
                    met[subject].append(Match(item, name))
        told = {subject: matched for subject, matched in met.items() if _told_by_text(matched)}
        return self._hits(told, UNIQUE_IN_TEXT)

    def contradicted(self, subject: str, clues: Iterable[Clue]) -> bool:
        """Whether the clues state a name or birth date that cannot be this subject's, and none that can."""
        items, known = tuple(clues), self._by_id[subject]
        return _other_name(known, items) or _other_birth_date(known, items)

    def _learn(self, subject: str, item: Identifier) -> None:
        if not item.normal:
            return
        self._known[item.kind, item.normal].append((subject, item))
        if item.kind is Kind.NAME and (short := short_name(item.value)):
            self._short_names[short].append((subject, item))
        for kind, digest in digests_of(item):
            self._known[kind, digest].append((subject, item))

    def _holders(self, clue: Clue) -> list[tuple[str, Identifier]]:
        normal = normalise(clue.kind, clue.value)
        if not normal:
            return []
        found = list(self._known.get((clue.kind, normal), ()))
        if clue.kind is Kind.NAME:
            found += self._short_names.get(normal, ())
            found += self._known.get((Kind.NAME, short_name(clue.value)), ())
        return found

    def _cautious(self, hit: Hit, clues: tuple[Clue, ...]) -> Hit:
        if hit.strength is Strength.CERTAIN and self.contradicted(hit.subject, clues):
            return Hit(hit.subject, Strength.PROBABLE, hit.matched)
        return hit

    def _hits(self, met: Mapping[str, list[Match]], unique: frozenset[Kind]) -> tuple[Hit, ...]:
        order = (subject.id for subject in self.subjects)
        return tuple(
            Hit(name, strength_of(met[name], unique), _strongest_first(met[name], unique))
            for name in order
            if _tells(met.get(name))
        )


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


def _tells(matched: list[Match] | None) -> bool:
    """A birth date alone points to thousands of people: no reason to show one person's record to another's case."""
    return bool(matched) and any(match.identifier.kind is not Kind.BIRTH_DATE for match in matched or ())


def _told_by_text(matched: list[Match]) -> bool:
    """An address or date somewhere in a text says something only beside a name or number."""
    return any(match.identifier.kind not in (Kind.ADDRESS, Kind.BIRTH_DATE) for match in matched)


def _valid(item: Identifier, scope: str) -> bool:
    """What one system assigned says nothing in another: its customer 4711 is somebody else."""
    return not item.scope or item.scope == scope


def _other_name(subject: Subject, clues: tuple[Clue, ...]) -> bool:
    known = [name_words(item.value) for item in subject.of(Kind.NAME)]
    stated = [name_words(clue.value) for clue in clues if clue.kind is Kind.NAME]
    full = [words for words in stated if len(words) > 1]
    if not full or not any(known):
        return False
    return not any(_may_be_one(mine, theirs) for mine in known for theirs in full)


def _may_be_one(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """One name contains the other; initials count for words. A slip of the pen does not: Martin is not Martina."""
    fewer, more = sorted((mine, theirs), key=len)
    return all(any(_same_word(word, other) for other in more) for word in fewer)


def _same_word(word: str, other: str) -> bool:
    initial = 1 in (len(word), len(other)) and word[0] == other[0]
    return word == other or initial


def _other_birth_date(subject: Subject, clues: tuple[Clue, ...]) -> bool:
    known = {item.normal for item in subject.of(Kind.BIRTH_DATE) if item.normal}
    stated = {normalise(clue.kind, clue.value) for clue in clues if clue.kind is Kind.BIRTH_DATE} - {""}
    return bool(known and stated and not known & stated)
