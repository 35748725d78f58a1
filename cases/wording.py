"""Texts made comparable, cut into sentences, and searched for cues: what recognising is built from.

A cue holds in a sentence if each of its patterns occurs there in any order and none of its exceptions does. Patterns
have no nested or unbounded repetition, so that the time is linear in the text whatever a sender writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from cases.request import Right

MAX_CONSIDERED = 24_000  # characters; three quarters from the beginning, the rest from the end
_LONGEST_SENTENCE = 420
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_LONG_WORD = re.compile(r"(\S{200})")
_LETTERS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
    }
)
_END = re.compile(r"(?<=[.!?;])\s+(?=[\"'„“(\[]?[^\W\d_a-zäöüß])|\n\s*\n|\n\s*(?=(?:[-*•·–]|\d{1,2}[.)]|\[[ xX]\])\s)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:art|abs|nr|vgl|gem|lit|bzw|dr|prof|hr|fr|str|ca|evtl|ggf|inkl|tel|z|b|u|a|d|h|i|s|"
    r"no|mr|mrs|ms|al|par|sec|st)|§)\.$",
    re.I,
)


def fold(text: str) -> str:
    """`text` in one spelling: lower case, umlauts as "ae", no accents, no invisible characters."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold().translate(_LETTERS)
    if plain.isascii():
        return plain
    return "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))


def considered(text: str) -> str:
    """The part of a long text that is looked at: its beginning and its end, overlong words broken."""
    text = _LONG_WORD.sub(r"\1 ", text[: MAX_CONSIDERED * 40])
    if len(text) <= MAX_CONSIDERED:
        return text
    head = MAX_CONSIDERED * 3 // 4
    return text[:head] + "\n\n" + text[head - MAX_CONSIDERED :]


def sentences(text: str) -> list[str]:
    """The sentences and list items of `text`; lines that were only wrapped are joined first."""
    found: list[str] = []
    for piece in _END.split(_unwrapped(text)):
        line = " ".join(piece.split())
        if not line:
            continue
        if found and _ABBREVIATED.search(found[-1][-12:]) and len(found[-1]) + len(line) < _LONGEST_SENTENCE:
            found[-1] += " " + line
        else:
            found += [
                line[at : at + _LONGEST_SENTENCE]
                for at in range(0, len(line), _LONGEST_SENTENCE - 60)
                if at == 0 or len(line) - at > 60
            ]
    return found


def _unwrapped(text: str) -> str:
    """Single line breaks become spaces after a full line, else they end a sentence."""
    lines = text.split("\n")
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        wrapped = len(line.strip()) >= 50 and bool(following.strip())
        joins = wrapped and not _starts_item(following)
        parts += [line.rstrip(), " " if joins else "\n\n" if following.strip() else "\n"]
    return "".join(parts)


def _starts_item(line: str) -> bool:
    return bool(re.match(r"\s*(?:[-*•·–]|\d{1,2}[.)])\s", line))


@lru_cache(maxsize=2_000)
def pattern(expression: str) -> re.Pattern[str]:
    """The compiled form of a cue's pattern; compiled when first needed, so that nothing costs time at import."""
    return re.compile(expression)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that together say something. `says` completes "the mail …" for a reader without technical knowledge.

    `weight`: 5 decides alone, 3 to 4 needs little more, 2 only mentions the matter.
    """

    says: str
    every: tuple[str, ...]
    never: tuple[str, ...] = ()
    weight: int = 5
    right: Right = Right.ACCESS
    extra: str = ""

    def holds(self, sentence: str) -> bool:
        """True if the folded `sentence` has every pattern and none of the exceptions."""
        return all(pattern(part).search(sentence) for part in self.every) and not any(
            pattern(part).search(sentence) for part in self.never
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue and the sentence (as written) in which it was found."""

    cue: Cue
    sentence: str = field(repr=False)

    @property
    def reason(self) -> str:
        shown = self.sentence if len(self.sentence) <= 160 else self.sentence[:157] + "..."
        return f"{self.cue.says}: '{shown}'"


def find(text: str, cues: Iterable[Cue]) -> list[Hit]:
    """Every cue that holds in `text`, with the first sentence in which it does."""
    whole = " ".join(fold(text).split())
    present = {part: bool(pattern(part).search(whole)) for part in {part for cue in cues for part in cue.every}}
    possible = [cue for cue in cues if all(present[part] for part in cue.every)]
    if not possible:
        return []
    parts = sentences(text)
    return _hits(possible, [(part, fold(part)) for part in parts])


def find_across(text: str, cues: Iterable[Cue]) -> list[Hit]:
    """As `find`, for cues spread over two neighbouring short sentences."""
    parts = [part for part in sentences(text) if len(part) < 200][:120]
    joined = [f"{first} {second}" for first, second in pairwise(parts)]
    return _hits(list(cues), [(part, fold(part)) for part in joined])


def _hits(cues: list[Cue], parts: list[tuple[str, str]]) -> list[Hit]:
    hits: list[Hit] = []
    for cue in cues:
        found = next((written for written, folded in parts if cue.holds(folded)), None)
        if found is not None:
            hits.append(Hit(cue, found))
    return hits


def any_of(text: str, expressions: Iterable[str]) -> bool:
    """True if one of the patterns occurs in the folded `text`."""
    return any(pattern(expression).search(text) for expression in expressions)
