"""All subjects of one pass compiled for searching."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cases.finding import Match, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject, fold, normalise

# Something only one person has. A phone may be a household's, an address always may be.
UNIQUE = frozenset({Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.HANDLE, Kind.COOKIE_ID, Kind.EMAIL_HASH})
SECOND_FACTORS = frozenset({Kind.PHONE, Kind.BIRTH_DATE, Kind.ADDRESS, Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.HANDLE})


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


class SubjectIndex:
    """The identifiers of every subject of a pass, for look-up by value and for finding them in text.

    Compiling costs time proportional to the identifiers; a look-up costs the same however many subjects there are.
    """

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self.subjects = tuple(subjects)
        self._known: dict[tuple[Kind, str], list[tuple[str, Identifier]]] = defaultdict(list)
        for subject in self.subjects:
            for item in subject.identifiers:
                if item.normal:
                    self._known[item.kind, item.normal].append((subject.id, item))
        self._words = _compile_words(self.subjects)

    def identifiers(self, kind: Kind, scope: str = "") -> tuple[Identifier, ...]:
        """Every identifier of a kind valid in `scope`, for conditions that a queryable source pushes down."""
        found = (item for subject in self.subjects for item in subject.of(kind))
        return tuple(item for item in found if item.normal and _valid(item, scope))

    def match(self, clues: Iterable[Clue]) -> tuple[Hit, ...]:
        """The subjects that one structured record points to, strongest reason first, in the order of the pass."""
        met: dict[str, list[Match]] = defaultdict(list)
        for clue in clues:
            for subject, item in self._known.get((clue.kind, normalise(clue.kind, clue.value)), ()):
                if _valid(item, clue.scope):
                    met[subject].append(Match(item, clue.field))
        return self._hits(met)

    def match_text(self, text: str, field_name: str = "text") -> tuple[Hit, ...]:
        """The subjects that free text mentions: by address, number or full name, whole words only."""
        met: dict[str, list[Match]] = defaultdict(list)
        folded = fold(text)
        for finder, subject, item in self._words:
            if finder.search(folded):
                met[subject].append(Match(item, field_name))
        return self._hits(met)

    def _hits(self, met: Mapping[str, list[Match]]) -> tuple[Hit, ...]:
        order = (subject.id for subject in self.subjects)
        return tuple(Hit(name, strength_of(met[name]), tuple(met[name])) for name in order if _tells(met.get(name)))


def strength_of(matched: Iterable[Match]) -> Strength:
    """*Certain*: a verified unique identifier. *Probable*: a name and a second factor, or a unique identifier that
    was only claimed. *Possible*: anything less (a namesake? a household's phone?)."""
    items = [match.identifier for match in matched]
    if any(item.kind in UNIQUE and item.origin is Origin.VERIFIED for item in items):
        return Strength.CERTAIN
    kinds = {item.kind for item in items}
    if kinds & UNIQUE or (Kind.NAME in kinds and kinds & SECOND_FACTORS):
        return Strength.PROBABLE
    return Strength.POSSIBLE


def _tells(matched: list[Match] | None) -> bool:
    """A birth date alone points to thousands of people: no reason to show one person's record to another's case."""
    return bool(matched) and any(match.identifier.kind is not Kind.BIRTH_DATE for match in matched or ())


def _valid(item: Identifier, scope: str) -> bool:
    return not item.scope or not scope or item.scope == scope


def _compile_words(subjects: Iterable[Subject]) -> tuple[tuple[re.Pattern[str], str, Identifier], ...]:
    found = []
    for subject in subjects:
        for item in subject.identifiers:
            if pattern := _pattern(item):
                found.append((re.compile(pattern), subject.id, item))
    return tuple(found)


def _pattern(item: Identifier) -> str:
    """A linear pattern over folded text; empty for kinds that free text cannot prove."""
    match item.kind:
        case Kind.EMAIL | Kind.HANDLE | Kind.CUSTOMER_NUMBER | Kind.COOKIE_ID if item.normal:
            return _whole(re.escape(fold(item.value.strip().removeprefix("@"))))
        case Kind.PHONE if item.normal:
            national = item.normal[3:] if item.normal.startswith("+49") else item.normal.lstrip("+")
            return r"(?<!\d)" + r"[\s/().-]{0,3}".join(national) + r"(?!\d)"
        case Kind.NAME if len(words := re.findall(r"\w+", fold(item.value))) > 1:
            return _whole(r"\W{1,3}".join(words)) + "|" + _whole(rf"{words[-1]}\W{{1,3}}" + r"\W{1,3}".join(words[:-1]))
        case _:
            return ""


def _whole(pattern: str) -> str:
    return rf"(?<![\w@]){pattern}(?![\w@])"
