"""Searches every record of a labelled set for every other, as a request would, and counts what was right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cases.finding import Strength
from cases.identifiers import normalise
from cases.subjects import SubjectIndex
from tests.matching.records import Record

BATCH = 1_000  # subjects of one pass
SURE = frozenset({Strength.CERTAIN, Strength.PROBABLE})
Pair = tuple[str, str]  # the subject's record, the record found


@dataclass(frozen=True, slots=True)
class Score:
    """Ordered pairs (subject, record). `right` and `wrong` were found, `true` ought to be."""

    right: int
    wrong: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """What one set of records gave: the strength of every pair found, and the pairs that are one person."""

    found: dict[Pair, Strength]
    true: frozenset[Pair]

    def score(self, among: frozenset[Pair] | None = None, strengths: Iterable[Strength] = Strength) -> Score:
        """Precision and recall of `strengths`, of all pairs or of those `among` only."""
        wanted = self.true if among is None else self.true & among
        taken = {pair for pair, strength in self.found.items() if strength in set(strengths)}
        if among is not None:
            taken &= among
        return Score(len(taken & wanted), len(taken - wanted), len(wanted))

    def wrong(self, strength: Strength) -> tuple[Pair, ...]:
        return tuple(pair for pair, one in self.found.items() if one is strength and pair not in self.true)

    def by_strength(self) -> dict[tuple[Strength, bool], int]:
        return dict(Counter((strength, pair in self.true) for pair, strength in self.found.items()))


class Keyed:
    """Which pairs have a unique key: where both records state one, or where both state the same."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._keys = {item.id: normalise(*item.key) if item.key else "" for item in records}

    def both(self, pairs: Iterable[Pair]) -> frozenset[Pair]:
        return frozenset(pair for pair in pairs if self._keys[pair[0]] and self._keys[pair[1]])

    def same(self, pairs: Iterable[Pair]) -> frozenset[Pair]:
        return frozenset(pair for pair in self.both(pairs) if self._keys[pair[0]] == self._keys[pair[1]])


def search(records: Sequence[Record]) -> Result:
    """Every record is once the subject of a request, in passes of `BATCH` subjects over all records."""
    clues = [(item.id, item.clues()) for item in records]
    found: dict[Pair, Strength] = {}
    for start in range(0, len(records), BATCH):
        index = SubjectIndex(item.subject() for item in records[start : start + BATCH])
        for id_, stated in clues:
            found.update(((hit.subject, id_), hit.strength) for hit in index.match_alike(stated) if hit.subject != id_)
    return Result(found, frozenset(_true_pairs(records)))


def _true_pairs(records: Sequence[Record]) -> Iterator[Pair]:
    people: dict[str, list[str]] = {}
    for item in records:
        people.setdefault(item.entity, []).append(item.id)
    for ids in people.values():
        yield from ((one, other) for one in ids for other in ids if one != other)
