"""Words that sound or look alike: what may be one name in two spellings. It proposes and never proves.

Kölner Phonetik (Hans Joachim Postel, IBM-Nachrichten 19, 1969) finds names that sound alike, distances of one or two
edits those that were mistyped. Both are looked up by keys: no word is compared with every other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import combinations

from rapidfuzz.distance import OSA

from cases.identifiers import fold

_SHORTEST = 4  # of shorter words too many differ by one letter: Jan, Jana, Ida, Ina
_LONGEST = 40  # longer is no name, and would cost quadratic time
_LONG = 8  # from here on two slips may be one word
_NO_LETTER = re.compile("[^a-z]")
_TWICE = re.compile(r"(.)\1+")


class Likeness(Enum):
    PHONETIC = "phonetic"
    SIMILAR = "similar"


def cologne(word: str) -> str:
    """The Kölner Phonetik code of a word: `Müller-Lüdenscheidt` is 65752682; empty where it has no letter."""
    letters = word if word.isascii() and word.islower() and word.isalpha() else _NO_LETTER.sub("", fold(word))
    codes = "".join(_code(letters, at) for at in range(len(letters)))
    single = _TWICE.sub(r"\1", codes)
    return single[:1] + single[1:].replace("0", "")


def likeness(one: str, other: str) -> Likeness | None:
    """How two different folded words are alike; None where they are not. At most one slip, two in long words, or one
    sound (`meier`, `mayr`) with at least two consonants and half of the letters."""
    shorter, longer = sorted((len(one), len(other)))
    if one == other or shorter < _SHORTEST - 1 or longer > _LONGEST:
        return None
    distance = OSA.distance(one, other, score_cutoff=longer // 2 + 1)
    if 2 * distance <= longer + 1 and len((code := cologne(one)).strip("0")) > 1 and code == cologne(other):
        return Likeness.PHONETIC
    return Likeness.SIMILAR if shorter >= _SHORTEST and distance <= _slips(one, other) else None


def is_garbled(one: str, other: str) -> bool:
    """Whether two words may be one that was typed very badly: nearly the same letters in another order, or the same
    beginning and half of the letters. Enough not to speak against a person whom something else proves; no more."""
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _SHORTEST - 1 or longer > _LONGEST:
        return False
    return OSA.distance("".join(sorted(one)), "".join(sorted(other)), score_cutoff=1) <= 1 or (
        one[0] == other[0] and 2 * OSA.distance(one, other) <= longer
    )


class Neighbours:
    """Known words compiled so that the ones like another word are looked up."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known = frozenset(words)
        self._by_key: dict[str, set[str]] = defaultdict(set)
        for word in self._known:
            for key in _keys(word):
                self._by_key[key].add(word)

    def near(self, word: str) -> Iterator[tuple[str, Likeness]]:
        """The known words that are like `word`, itself not among them, in alphabetical order."""
        keys = self._by_key.keys() & set(_keys(word))
        candidates = {known for key in keys for known in self._by_key[key]}
        for known in sorted(candidates):
            if alike := likeness(word, known):
                yield known, alike


def _slips(one: str, other: str) -> int:
    return 2 if min(len(one), len(other)) >= _LONG else 1


def _keys(word: str) -> Iterator[str]:
    """What two words that are alike have in common: the code of their sound, or what remains without some letters."""
    if not _SHORTEST - 1 <= len(word) <= _LONGEST:
        return
    yield cologne(word)
    if len(word) < _SHORTEST:
        return
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
    if len(word) >= _LONG:
        yield from (word[:at] + word[at + 1 : to] + word[to + 1 :] for at, to in combinations(range(len(word)), 2))


_CODES = {
    **dict.fromkeys("aeijouy", "0"),
    **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkq", "4"),
    **dict.fromkeys("mn", "6"),
    **dict.fromkeys("sz", "8"),
    "b": "1",
    "l": "5",
    "r": "7",
    "h": "",
}
_HARD_AT_START = frozenset("ahkloqrux")
_HARD = frozenset("ahkoqux")


def _code(letters: str, at: int) -> str:
    """The code of one letter, which may depend on its neighbours."""
    before, after = letters[at - 1 : at], letters[at + 1 : at + 2]
    match letters[at]:
        case "p":
            return "3" if after == "h" else "1"
        case "d" | "t":
            return "8" if after and after in "csz" else "2"
        case "x":
            return "8" if before and before in "ckq" else "48"
        case "c":
            return "4" if _is_hard(before, after) else "8"
        case letter:
            return _CODES[letter]


def _is_hard(before: str, after: str) -> bool:
    if not before:
        return after in _HARD_AT_START
    return after in _HARD and before not in "sz"
