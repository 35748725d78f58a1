"""Texts as people read them: `é` is one letter whether it is stored as one sign or as two, and what nobody sees is not
there. What is recognised in such a copy has a place in the text itself, and a place never cuts a letter in two.

Files from macOS and the text of many PDFs hold accents as signs of their own (NFD); mails and web pages hold soft
hyphens and spaces of no width within words. Texts without any of these are taken as they are.

Sources: Unicode 15.0, UAX #15 (normalisation; section 13: more than 30 marks on one letter belong to no language),
UAX #29 (grapheme clusters), `Default_Ignorable_Code_Point` of DerivedCoreProperties.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_VOWELS_OF_HANGUL = "\u1160-\u11ff\ud7b0-\ud7ff"  # and the consonants that end a syllable
_TONES = range(0x1F3FB, 0x1F400)  # of skin, behind an emoji
_FLAGS = range(0x1F1E6, 0x1F200)  # letters of which two are a flag
_JOINER = "\u200d"
_MOST_MARKS = 30
# Where letters in another dress stand: ligatures, letters as signs, wide ones (`Ｊｕｌｅ`), bold ones (`𝐉𝐮𝐥𝐞`).
_DRESSED_BLOCKS = ((0x132, 0x200), (0x2100, 0x2150), (0x24B6, 0x24EA), (0xFB00, 0xFB07), (0xFF01, 0xFF5F))
_BOLD = "\U0001d400-\U0001d7ff"


def _is_dressed(sign: str) -> bool:
    bare = unicodedata.normalize("NFKC", sign)
    return bare != sign and bare.isalnum()


def _ranges(signs: Iterable[int]) -> str:
    """The signs as ranges for an expression. None lies beyond U+FFFF: those would be compared one by one."""
    runs = (list(run) for _, run in groupby(enumerate(signs), lambda pair: pair[1] - pair[0]))
    return "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in runs)


MARKS = _ranges(code for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
_ATTACHED = f"{MARKS}{_UNSEEN}{_VOWELS_OF_HANGUL}"
_IN_DRESS = _BOLD + _ranges(code for block in _DRESSED_BLOCKS for code in range(*block) if _is_dressed(chr(code)))
_IS_ATTACHED = re.compile(f"[{_ATTACHED}]")
_IS_UNUSUAL = re.compile(f"[{_ATTACHED}{_IN_DRESS}]")
_IS_DRESSED = re.compile(f"[{_IN_DRESS}]")
_NOT_SEEN = re.compile(f"[{_UNSEEN}]+")
_MARK = re.compile(f"[{MARKS}]+")
_CLUSTER = re.compile(f"[^{_ATTACHED}]?[{_ATTACHED}]+")
_PIECE = re.compile(f"{_CLUSTER.pattern}|{_IS_DRESSED.pattern}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is read. `text`: without accents that make no letter of their own, and without what is not seen."""

    text: str = field(repr=False)
    _source: str = field(repr=False)
    _here: tuple[int, ...] = ()  # where each stretch begins: those of even number are as in the source, the others
    _there: tuple[int, ...] = ()  # stand for a piece of it as a whole

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the source that is, in whole letters."""
        if not self._here:
            return whole(self._source, start, end)
        first, last = (bisect_right(self._here, at) - 1 for at in (start, end - 1))
        begin = self._there[first] + (0 if first % 2 else start - self._here[first])
        until = self._there[last + 1] if last % 2 else self._there[last] + end - self._here[last]
        return whole(self._source, begin, until)


def readings(text: str) -> tuple[Reading, ...]:
    """The text as it is read: once, or twice where something that is not seen stands between letters. It may part two
    words there (`Jule\\u200bArendt`), or one at the end of a line (`Are\\u00adndt`)."""
    if text.isascii() or not _IS_UNUSUAL.search(text):
        return (Reading(text, text),)
    joined = _reading(text, "")
    if not _NOT_SEEN.search(text):
        return (joined,)
    parted = _reading(text, " ")
    return (joined,) if joined.text == parted.text else (joined, parted)


def plain(text: str) -> str:
    """The text composed (NFC) and without what is not seen; of marks on one letter no more than any language has."""
    if text.isascii():
        return text
    if _IS_ATTACHED.search(text):  # thousands of marks on one letter take the square of their number to be put in order
        text = _CLUSTER.sub(lambda found: _NOT_SEEN.sub("", found[0])[: _MOST_MARKS + 1], text)
    return unicodedata.normalize("NFC", text)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The place widened to whole letters, emoji and flags: what it cuts in two is taken whole."""
    while 0 < start < len(text) and _is_joined(text, start):
        start -= 1
    while 0 < end < len(text) and _is_joined(text, end):
        end += 1
    return start, end


def _is_joined(text: str, at: int) -> bool:
    """Whether the signs before and behind this place are one to the eye."""
    if text[at].isascii():
        return text[at - 1 : at + 1] == "\r\n"
    if _IS_ATTACHED.match(text, at) or ord(text[at]) in _TONES or unicodedata.category(text[at])[0] == "M":
        return True
    if ord(text[at]) in _FLAGS:
        before = at
        while before and ord(text[before - 1]) in _FLAGS:
            before -= 1
        return (at - before) % 2 == 1
    return text[at - 1] == _JOINER and not text[at].isalnum() and not text[at - 2 : at - 1].isalnum()


def _reading(text: str, between: str) -> Reading:
    pieces: list[str] = []
    here, there = [0], [0]
    at = 0
    for start, end, read in _pieces(text, between):
        pieces += [text[at:start], read]
        begin = here[-1] + start - at
        here += [begin, begin + len(read)]
        there += [start, end]
        at = end
    return Reading("".join((*pieces, text[at:])), text, tuple(here), tuple(there))


def _pieces(text: str, between: str) -> Iterator[tuple[int, int, str]]:
    """What is read otherwise than it is written, with its place."""
    for found in _PIECE.finditer(text):
        read = _NOT_SEEN.sub("", found[0])[: _MOST_MARKS + 1]
        composed = unicodedata.normalize("NFKC" if _IS_DRESSED.match(read) else "NFC", read)
        read = _MARK.sub("", composed)
        follows = text[found.end() : found.end() + 1]
        if between and read[-1:].isalnum() and follows.isalnum() and _NOT_SEEN.search(found[0]):
            read += between
        yield *found.span(), read
