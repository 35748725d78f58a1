"""Subjects whom a structured record may mean although it spells them otherwise. Only ever a proposal to a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from cases.comparing import Names, Words, compare_names
from cases.finding import Reason
from cases.identifiers import Identifier, Kind, Subject, name_words
from cases.screening import quick_words
from cases.similar import Likeness, Neighbours

Holder = tuple[str, Identifier, Reason]

_SHORTEST_LOCAL = 5  # `lena@` is somebody at every provider
_SHORTEST_DOMAIN = 6
_MOST_WORDS = 12  # a longer name is a list of people


class NameProposals:
    """Names compiled by their words: a record's name is compared only with names of which two words sound or look like
    two of its own."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._names: list[tuple[str, Identifier, Words]] = []
        self._having: dict[str, set[int]] = defaultdict(set)
        self._nobody: set[int] = set()
        for subject in subjects:
            for item in subject.of(Kind.NAME):
                self._learn(subject.id, item)
        self._near = Neighbours(self._having)

    def like(self, value: str) -> Iterator[Holder]:
        """Who may be meant by a name of at least two words; literally equal names are among them."""
        met: set[int] = set()
        twice: set[int] = set()
        for word in quick_words(value)[:_MOST_WORDS]:
            found = self._holding(word)
            twice |= met & found
            met |= found
        words = name_words(value) if twice else ()
        for number in sorted(twice):
            subject, item, mine = self._names[number]
            agreement = compare_names(mine, words)
            if agreement in (Names.LOOSE, Names.SIMILAR, Names.SAME):
                yield subject, item, _reason(agreement, mine, words, self._near)

    def knows(self, word: str) -> bool:
        """Whether some name has this word or one that may stand for it."""
        return bool(self._holding(word))

    def _learn(self, subject: str, item: Identifier) -> None:
        words = name_words(item.value)
        if 1 < len(words) <= _MOST_WORDS:
            for word in words:
                self._having[word].add(len(self._names))
            self._names.append((subject, item, words))

    def _holding(self, word: str) -> set[int]:
        near = self._near.near(word)
        found = self._having.get(word, self._nobody)
        return found.union(*(self._having[known] for known, _ in near)) if near else found


class EmailProposals:
    """Addresses compiled for one slip: in the local part at the same domain, or in the domain after the same local
    part. A digit more or less is another mailbox."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._locals: dict[str, list[tuple[str, Holder]]] = defaultdict(list)
        self._domains: dict[str, dict[str, list[tuple[str, Holder]]]] = defaultdict(lambda: defaultdict(list))
        for subject in subjects:
            for item in subject.of(Kind.EMAIL):
                self._learn((subject.id, item, Reason.SIMILAR), item.normal)

    def like(self, value: str) -> Iterator[Holder]:
        """Who may be meant by an address, which is not literally theirs."""
        local, _, domain = value.strip().lower().partition("@")
        if len(local) < _SHORTEST_LOCAL or len(domain) < _SHORTEST_DOMAIN:
            return
        for known, holder in self._locals.get(local, ()):
            if known != domain and _one_slip(known, domain):
                yield holder
        if there := self._domains.get(domain):
            found = {holder: known for key in there.keys() & _shortened(local) for known, holder in there[key]}
            yield from (holder for holder, known in found.items() if known != local and _one_slip(known, local))

    def _learn(self, holder: Holder, normal: str) -> None:
        local, _, domain = normal.partition("@")
        self._locals[local].append((domain, holder))
        for key in _shortened(local):
            self._domains[domain][key].append((local, holder))


def _reason(agreement: Names, mine: Words, theirs: Words, near: Neighbours) -> Reason:
    if agreement is Names.SAME:
        return Reason.EXACT if sorted(mine) == sorted(theirs) else Reason.PARTIAL
    other = [word for word in theirs if word not in mine]
    likely = {likeness for word in other for known, likeness in near.near(word) if known in mine}
    return Reason.PHONETIC if likely == {Likeness.PHONETIC} else Reason.SIMILAR


def _shortened(local: str) -> set[str]:
    return {local, *(local[:at] + local[at + 1 :] for at in range(len(local)))}


def _one_slip(one: str, other: str) -> bool:
    digits = [[char for char in text if char.isdigit()] for text in (one, other)]
    return digits[0] == digits[1] and OSA.distance(one, other, score_cutoff=1) == 1
