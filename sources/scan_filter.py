"""Which records may be about whom: the scan promise of `cases.anchors`, asked of raw bytes and of decoded text.

Raw bytes are only looked at to skip what cannot hold an anchor. Whether a record holds one is decided on its text, so
that a search that parses everything (`Filter(..., skipping=False)`) finds the same.
"""

from __future__ import annotations

import base64
import html
import quopri
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from cases.anchors import Anchor, anchors, holds, lower
from cases.subjects import SubjectIndex
from sources.scan_bytes import MARKS, byte_patterns
from sources.scan_match import MakeMatcher, fastest_matcher

_DATA = re.compile(
    r"data:(?:(?:text|message)/|application/(?:json|xml|ld))[\w.+-]{0,40}(?:;[\w=.-]{0,30}){0,2};base64,([a-z0-9+/=\s]+)",
    re.I,
)
_MISREAD = re.compile("[\u00c2-\u00df][\u0080-\u2122]|[\u00e0-\u00ef][\u0080-\u2122]{2}")
_LONGEST_DATA = 8 * 1024 * 1024
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\"'/\\bfnrt]))")
_ENCODED = re.compile(r"\\[u\"'/\\bfnrt]|&#?\w{1,8};|%[0-9a-fA-F]{2}|=[0-9a-fA-F]{2}|[\u00c2-\u00ef][\u0080-\u2122]")
_ESCAPED = {"b": " ", "f": " ", "n": "\n", "r": "\r", "t": "\t"}
_KEPT = 2048  # subjects compiled one by one


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in raw bytes where an anchor's trace ends. `anchors` is None where the record has to be read whole."""

    end: int
    anchors: tuple[int, ...] | None = field(repr=False)


class Filter:
    """The anchors of all subjects of a pass, compiled once for every file of it."""

    def __init__(
        self, subjects: SubjectIndex, make_matcher: MakeMatcher = fastest_matcher, *, skipping: bool = True
    ) -> None:
        self._subjects, self.skipping = subjects, skipping
        self._anchors: list[Anchor] = [anchor for subject in subjects.subjects for anchor in anchors(subject)]
        by_pattern: dict[bytes, list[int]] = defaultdict(list)
        for number, anchor in enumerate(self._anchors):
            for pattern in {pattern for trace in anchor.traces for pattern in byte_patterns(trace)}:
                by_pattern[pattern].append(number)
        self._owners: list[tuple[int, ...]] = [tuple(owners) for owners in by_pattern.values()]
        marks = [mark for mark in MARKS if mark not in by_pattern]
        self._first_mark = len(self._owners)
        self.patterns: tuple[bytes, ...] = (*by_pattern, *marks)
        self._matcher = make_matcher(self.patterns)
        self._alone = lru_cache(_KEPT)(self._compiled_alone)
        self._beside: dict[int, tuple[bytes, ...]] = {}

    def traces(self, block: bytes) -> Iterator[Trace]:
        """Where anybody's traces end in raw bytes, in order; none where no record of the block can hold an anchor."""
        for end, number in self._matcher.find(block):
            if number < self._first_mark:
                yield Trace(end, self._owners[number])
            elif MARKS[self.patterns[number]](block, end):
                yield Trace(end, None)

    def narrowed(self, met: Collection[int], record: bytes) -> frozenset[int]:
        """Of the anchors whose traces a record without marks has, those of which all can be in it: for a surname,
        another word of the name as well."""
        lowered = record.lower()
        beside = ((number, self._traces_beside(number)) for number in met)
        return frozenset(number for number, also in beside if not also or any(one in lowered for one in also))

    def touched(self, text: str, among: Collection[int] | None = None) -> tuple[str, ...]:
        """The subjects of whom a record's text holds an anchor, in the order of the pass. `among`: anchors whose traces
        were met in its raw bytes; None where these are not known."""
        lowered = lower(text)
        candidates = self._candidates(text) if among is None else sorted(among)
        return tuple(
            dict.fromkeys(self._anchors[one].subject for one in candidates if holds(self._anchors[one], lowered))
        )

    def alone(self, subject: str) -> SubjectIndex:
        """One subject's own index: what a record says of a person does not depend on who else is searched for."""
        return self._alone(subject)

    def _traces_beside(self, number: int) -> tuple[bytes, ...]:
        if number not in self._beside:
            patterns = (pattern for text in self._anchors[number].beside for pattern in byte_patterns(text))
            self._beside[number] = tuple(dict.fromkeys(patterns))
        return self._beside[number]

    def _compiled_alone(self, subject: str) -> SubjectIndex:
        return self._subjects.only(subject)

    def _candidates(self, text: str) -> Iterable[int]:
        if not self.skipping:
            return range(len(self._anchors))
        read = lower(readings(text))
        return sorted({number for trace in self.traces(read) for number in trace.anchors or ()})


def with_data(text: str) -> str:
    """A text together with what its `data:` URLs hold, decoded."""
    if ";base64," not in text:
        return text
    return "\n".join((text, *_decoded(text)))


def readings(text: str) -> str:
    """A text together with what it says where parts of it are encoded: entities, percent signs, quoted-printable, or
    UTF-8 taken for another encoding, or JSON within the text."""
    if not _ENCODED.search(text):
        return text
    read = (
        _unescaped(text),
        html.unescape(text),
        unquote(text),
        unquote(text, "cp1252"),
        *_quoted(text),
        *_well_read(text),
    )
    return "\n".join(dict.fromkeys((text, *read)))


def _decoded(text: str) -> Iterator[str]:
    for found in _DATA.finditer(text):
        if len(found[1]) <= _LONGEST_DATA:
            try:
                yield base64.b64decode(found[1]).decode("utf-8", "replace")
            except ValueError:  # no base64 after all, or signs that are no ASCII among it
                continue


def _unescaped(text: str) -> str:
    """What JSON within a text says (a log of webhooks): `\\u003clena@`, `\\nlena@`; escaped twice, too."""
    for _ in range(2):
        text = _ESCAPE.sub(_meant, text)
    return text


def _meant(found: re.Match[str]) -> str:
    if not found[1]:
        return _ESCAPED.get(found[2], found[2])
    char = chr(int(found[1], 16))
    return " " if "\ud800" <= char <= "\udfff" else char  # half of an emoji


def _quoted(text: str) -> Iterator[str]:
    if re.search(r"=[0-9a-fA-F]{2}", text):
        data = quopri.decodestring(text.encode("utf-8", "surrogatepass"))
        yield from (data.decode(encoding, "replace") for encoding in ("utf-8", "cp1252"))


def _well_read(text: str) -> Iterator[str]:
    for encoding in ("latin-1", "cp1252"):
        yield _MISREAD.sub(lambda found, encoding=encoding: _once_more(found[0], encoding), text)  # type: ignore[misc]


def _once_more(pair: str, encoding: str) -> str:
    try:
        return pair.encode(encoding).decode("utf-8")
    except UnicodeError:
        return pair
