"""Subjects whom a structured record may mean although it spells them otherwise. Only ever a proposal to a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from cases.comparing import Names, compare_names
from cases.emails import PROVIDERS, mailbox_key
from cases.finding import Reason
from cases.identifiers import Identifier, Kind, Subject
from cases.person_names import PersonName, parse_name
from cases.screening import quick_words
from cases.short_forms import meanings
from cases.similar import Neighbours

Holder = tuple[str, Identifier, Reason]

_SHORTEST_LOCAL = 5  # `lena@` is somebody at every provider
_SHORTEST_DOMAIN = 6
_REMEMBERED = 50_000
_PROPOSED = frozenset({Names.LOOSE, Names.SIMILAR, Names.SAME})
_MOST_WORDS = 12  # a longer name is a list of people


class NameProposals:
    """Names compiled by their words: a record's name is compared only with names of which two words sound or look like
    two of its own."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._names: list[tuple[str, Identifier, PersonName]] = []
        self._having: dict[str, set[int]] = defaultdict(set)
        self._meaning: dict[str, set[int]] = defaultdict(set)
        self._held: dict[str, frozenset[int]] = {}
        for subject in subjects:
            for item in subject.of(Kind.NAME):
                self._learn(subject.id, item)
        self._near = Neighbours(self._having)

    def like(self, value: str) -> Iterator[Holder]:
        """Who may be meant by a name of at least two words; literally equal names are among them."""
        met: set[int] = set()
        twice: set[int] = set()
        for word in quick_words(value)[:_MOST_WORDS]:
            if found := self.near(word):
                twice |= met & found
                met |= found
        name = parse_name(value) if twice else PersonName()
        for number in sorted(twice):
            subject, item, mine = self._names[number]
            level, reason = compare_names(mine, name)
            if level in _PROPOSED:
                yield subject, item, reason

    def knows(self, word: str) -> bool:
        """Whether some name has this word or one that may stand for it."""
        return bool(self.near(word))

    def near(self, word: str) -> frozenset[int]:
        """The names with this word, one like it, or one that may mean the same name; remembered, within bounds."""
        held = self._held.get(word)
        if held is None:
            if len(self._held) >= _REMEMBERED:
                self._held.clear()
            near = (self._having[known] for known, _ in self._near.near(word))
            meant = (self._meaning[meaning] for meaning in meanings(word) if meaning in self._meaning)
            held = self._held[word] = frozenset().union(self._having.get(word, ()), *near, *meant)
        return held

    def _learn(self, subject: str, item: Identifier) -> None:
        name = parse_name(item.value)
        words = {*name.words, *name.birth, *name.nick}
        if 1 < len(words) <= _MOST_WORDS:
            for word in words:
                self._having[word].add(len(self._names))
                for meaning in meanings(word):
                    self._meaning[meaning].add(len(self._names))
            self._names.append((subject, item, name))


class EmailProposals:
    """Addresses compiled for what is not literally theirs: another spelling of the same mailbox (`cases.emails`), a
    `+word` at a provider of whom that is not known, or one slip - in the local part at the same domain, or in the
    domain after the same local part. A digit more or less is another mailbox. What is found for one subject never
    depends on what is found for another."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._mailboxes: dict[str, list[tuple[str, Holder]]] = defaultdict(list)
        self._bases: dict[str, list[tuple[str, Holder]]] = defaultdict(list)
        self._locals: dict[str, list[tuple[str, Holder]]] = defaultdict(list)
        self._domains: dict[str, dict[str, list[tuple[str, Holder]]]] = defaultdict(lambda: defaultdict(list))
        for subject in subjects:
            for item in subject.of(Kind.EMAIL):
                self._learn(subject.id, item)

    def like(self, value: str) -> Iterator[Holder]:
        """Who may be meant by an address, which is not literally theirs."""
        local, _, domain = value.strip().lower().partition("@")
        if domain in PROVIDERS:
            known = self._mailboxes.get(mailbox_key(f"{local}@{domain}"), ())
            yield from (holder for literal, holder in known if literal != f"{local}@{domain}")
        alike = self._bases.get(f"{local.partition('+')[0]}@{domain}", ())
        yield from (holder for theirs, holder in alike if theirs != local)
        yield from self._slipped(local, domain)

    def _slipped(self, local: str, domain: str) -> Iterator[Holder]:
        if len(local) < _SHORTEST_LOCAL or len(domain) < _SHORTEST_DOMAIN:
            return
        for known, holder in self._locals.get(local, ()):
            if known != domain and _one_slip(known, domain):
                yield holder
        if there := self._domains.get(domain):
            found = {holder: known for key in there.keys() & _shortened(local) for known, holder in there[key]}
            yield from (holder for holder, known in found.items() if known != local and _one_slip(known, local))

    def _learn(self, subject: str, item: Identifier) -> None:
        local, _, domain = item.normal.partition("@")
        holder = (subject, item, Reason.SIMILAR)
        if mailbox := mailbox_key(item.normal):
            self._mailboxes[mailbox].append((item.normal, (subject, item, Reason.ALIAS)))
        self._bases[f"{local.partition('+')[0]}@{domain}"].append((local, holder))
        self._locals[local].append((domain, holder))
        for key in _shortened(local):
            self._domains[domain][key].append((local, holder))


def _shortened(local: str) -> set[str]:
    return {local, *(local[:at] + local[at + 1 :] for at in range(len(local)))}


def _one_slip(one: str, other: str) -> bool:
    digits = [[char for char in text if char.isdigit()] for text in (one, other)]
    return digits[0] == digits[1] and OSA.distance(one, other, score_cutoff=1) == 1
