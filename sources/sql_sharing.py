"""Keys that several people have: a customer number given out again, `GAST`, the visitor id of a computer in a library.

A key leads to further rows of a person only as long as no row that carries it states somebody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from cases.comparing import Births, Names, best_name, compare_births
from cases.finding import Strength
from cases.identifiers import Identifier, Kind, Subject
from cases.knowledge import ASSIGNED
from cases.person_names import PersonName, parse_name
from cases.sharing import is_role_address
from cases.subjects import Clue, Hit, SubjectIndex

Thing = tuple[str, str, str]  # a key: its kind, nothing, its normal form; or a label, a column and a value of it
Doubt = tuple[str, Thing]  # of whom a thing may not be alone

_OWN = (Kind.EMAIL, Kind.EMAIL_HASH, Kind.HANDLE)
_TELLING = (*_OWN, Kind.NAME, Kind.BIRTH_DATE)
_Found = TypeVar("_Found")
_MOST = 50  # different people that one key is looked at for


def thing(index: SubjectIndex, kind: Kind, value: str) -> Thing:
    return kind.value, "", index.normal(kind, value)


@dataclass(slots=True)
class _Carriers:
    """What rows with one thing state: those that are the person's anyway (`own`), and each of the others."""

    own: set[Clue] = field(default_factory=set, repr=False)
    others: set[frozenset[Clue]] = field(default_factory=set, repr=False)
    elsewhere: bool = False  # one belongs to rows that are somebody else's


@dataclass(slots=True)
class Sharing:
    """Gathers what the rows state that carry the things of an `index`'s subjects. Costs nothing for other rows."""

    index: SubjectIndex
    _carriers: dict[Doubt, _Carriers] = field(default_factory=lambda: defaultdict(_Carriers), init=False, repr=False)
    _plain: dict[str, SubjectIndex] = field(default_factory=dict, init=False, repr=False)

    def note(
        self, subjects: Iterable[str], what: Thing, clues: tuple[Clue, ...], belongs: Collection[str] | None
    ) -> None:
        """A row with `what`, which leads to these subjects. `belongs`: whose the rows are that it belongs to; None
        where it belongs to none."""
        told = frozenset(Clue(clue.kind, clue.value, "", clue.scope) for clue in clues if clue.kind in _TELLING)
        for subject in subjects:
            carriers = self._carriers[subject, what]
            if self._is_own(subject, told):
                carriers.own |= told
            else:
                carriers.elsewhere |= belongs is not None and subject not in belongs
                if told and len(carriers.others) <= _MOST:
                    carriers.others.add(told)

    def doubts(self) -> set[Doubt]:
        """What is not one person's alone."""
        return {doubt for doubt, carriers in self._carriers.items() if self._is_shared(doubt[0], carriers)}

    def _is_own(self, subject: str, told: frozenset[Clue]) -> bool:
        """Whether a row is this person's whatever its keys: by a verified address, or by their name."""
        if any(hit.strength is Strength.CERTAIN for hit in self._without_keys(subject).match(told)):
            return True
        mine = self._without_keys(subject).asked[0]
        named = best_name(_names(mine.of(Kind.NAME)), _names(told)) is Names.SAME
        return named and compare_births(_values(mine.of(Kind.BIRTH_DATE)), _births(told)) is not Births.OTHER

    def _is_shared(self, subject: str, carriers: _Carriers) -> bool:
        if carriers.elsewhere or len(carriers.others) > _MOST:
            return True
        mine = self._without_keys(subject).asked[0]
        others = list(carriers.others)
        names = _names(mine.of(Kind.NAME)) or _names(carriers.own) or _first(map(_names, others))
        births = _values(mine.of(Kind.BIRTH_DATE)) or _births(carriers.own) or _first(map(_births, others))
        if any(best_name(names, _names(told)) <= Names.RENAMED for told in others):
            return True
        if any(compare_births(births, _births(told)) is Births.OTHER for told in others):
            return True
        return any(self._other_address(kind, subject, carriers) for kind in _OWN)

    def _other_address(self, kind: Kind, subject: str, carriers: _Carriers) -> bool:
        """Whether a row states another e-mail address or handle than the person's; where none of theirs is known, than
        another row does."""
        plain = self._without_keys(subject)
        own = {_normal(clue) for clue in carriers.own if clue.kind is kind}
        stated = [{_normal(clue): clue for clue in told if _counts(clue, kind)} for told in carriers.others]
        foreign = [told for told in stated if told and not own & told.keys() and not plain.match(told.values())]
        known = own or plain.asked[0].of(kind) or (kind is Kind.EMAIL_HASH and plain.asked[0].of(Kind.EMAIL))
        return bool(foreign) if known else len({frozenset(told) for told in foreign}) > 1

    def _without_keys(self, subject: str) -> SubjectIndex:
        if subject not in self._plain:
            self._plain[subject] = without(self.index, subject, lambda item: item.kind in ASSIGNED)
        return self._plain[subject]


def without(index: SubjectIndex, subject: str, dropped: Callable[[Identifier], bool]) -> SubjectIndex:
    """The index of one subject that knows less of it."""
    (mine,) = index.only(subject).asked
    kept = tuple(item for item in mine.identifiers if not dropped(item))
    return SubjectIndex([Subject(subject, kept)], index.shared, index.number_formats)


@dataclass(slots=True)
class Doubts:
    """What is known not to be one person's alone, and how strong a row can be that was met by it."""

    index: SubjectIndex
    known: set[Doubt] = field(default_factory=set, repr=False)
    _less: dict[str, SubjectIndex] = field(default_factory=dict, init=False, repr=False)

    def add(self, more: set[Doubt]) -> bool:
        """True where some of it is new."""
        new = more - self.known
        self.known |= new
        self._less.clear()
        return bool(new)

    def of(self, subject: str, item: Identifier) -> bool:
        return bool(self.known) and (subject, thing(self.index, item.kind, item.value)) in self.known

    def weighed(self, hit: Hit, clues: tuple[Clue, ...]) -> Hit:
        """A hit by what the row states; where a doubtful key is among it, by what else it states."""
        doubtful = self.known and any(self.of(hit.subject, match.identifier) for match in hit.matched)
        return self.limited(hit, clues) if doubtful else hit

    def limited(self, hit: Hit, clues: tuple[Clue, ...]) -> Hit:
        """A hit by something doubtful: possible, and probable where the row states something else of the person."""
        own = self._without_doubtful(hit.subject).match(clues)
        if own and own[0].strength is Strength.CERTAIN:
            return hit
        return hit.at_most(Strength.PROBABLE if own else Strength.POSSIBLE)

    def mentioned(self, hit: Hit) -> Hit:
        """A hit by a text, in which a doubtful key says as little."""
        sure = not self.known or any(not self.of(hit.subject, match.identifier) for match in hit.matched)
        return hit if sure else hit.at_most(Strength.POSSIBLE)

    def _without_doubtful(self, subject: str) -> SubjectIndex:
        if subject not in self._less:
            self._less[subject] = without(self.index, subject, lambda item: self.of(subject, item))
        return self._less[subject]


def _names(stated: Iterable[Clue | Identifier]) -> list[PersonName]:
    return [name for one in stated if one.kind is Kind.NAME and (name := parse_name(one.value))]


def _births(stated: Iterable[Clue]) -> list[str]:
    return [clue.value for clue in stated if clue.kind is Kind.BIRTH_DATE]


def _values(items: Iterable[Identifier]) -> list[str]:
    return [item.value for item in items]


def _normal(clue: Clue) -> str:
    return Identifier(clue.kind, clue.value).normal


def _counts(clue: Clue, kind: Kind) -> bool:
    normal = _normal(clue) if clue.kind is kind else ""
    return bool(normal) and not (kind is Kind.EMAIL and is_role_address(normal))


def _first(found: Iterable[list[_Found]]) -> list[_Found]:
    return next(filter(None, found), [])
