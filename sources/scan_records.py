"""Records cut out of large JSON files without parsing what nobody asks for.

Two layouts are cut exactly. In JSON lines a record is a line. In a JSON document written with indentation every line
starts outside of strings (a raw newline cannot stand inside one), so that the elements of its lists begin and end with
lines of one indentation. A document of another layout (all in one line) raises `Irregular`; a small one can be written
anew with indentation, a large one has to be parsed whole.

What is cut is parsed, and what is passed over is checked in its outline only: begins and ends of records, and all of
the document around its lists.
"""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import orjson

from sources.scan_filter import Filter

BLOCK = 1 << 18  # small enough to stay in the processor's cache from one look to the next
LARGEST_RECORD = 64 << 20
SMALL = 8 << 20  # bytes of a document that may be parsed as a whole
_OPENS_LIST = re.compile(rb'( *)(?:("(?:[^"\\]|\\.)*"): )?\[\r?$')
_OPENS_MAP = re.compile(rb'( *)("(?:[^"\\]|\\.)*"): \{\r?$')


class Irregular(Exception):
    """The layout of a document is not one that can be cut, from some place on. Nothing cut before was wrong."""


class DamagedRecord(Exception):
    """Bytes that are no JSON. `code` is `damaged` or `record_too_large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Cut:
    """One record. `place` is as in `messages[3]`, or the number of a line; `anchors` are those whose traces it has,
    None where the whole record has to be looked at. `raw` is JSON, or empty where `value` is already parsed."""

    place: str
    raw: bytes = field(repr=False)
    anchors: frozenset[int] | None = field(repr=False)
    value: Any = field(default=None, repr=False)

    def parsed(self) -> Any:
        """The record's value; raises `DamagedRecord`."""
        return self.value if self.value is not None else parsed(self.raw)


@dataclass(slots=True)
class Counted:
    """How many records were looked at, those passed over included."""

    records: int = 0


def parsed(raw: bytes) -> Any:
    """The value of one record, in UTF-8 or else in Windows-1252; raises `DamagedRecord`."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        raw.decode("utf-8")
        return _leniently(raw)
    except UnicodeDecodeError:
        return _leniently(raw.decode("cp1252", "replace").encode())


def _leniently(raw: bytes) -> Any:
    """What orjson refuses and other programs write: lone surrogates and very large numbers. `NaN` is no JSON."""
    try:
        return json.loads(raw, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise DamagedRecord("damaged") from None


def _refused(_name: str) -> Any:
    raise ValueError


# JSON lines


def cut_lines(stream: BinaryIO, select: Filter, counted: Counted) -> Iterator[Cut | DamagedRecord]:
    """The lines that may hold an anchor, and an error for each that is none or not whole; numbered from 1."""
    first = 1
    while block := _whole_lines(stream):
        newlines = block.count(b"\n")
        if len(block) > LARGEST_RECORD:
            yield DamagedRecord(f"record_too_large:{first}")
        elif select.skipping and _looks_whole(block, newlines):
            counted.records += newlines + (not block.endswith(b"\n"))
            yield from _lines_with_traces(block, first, select)
        else:
            yield from _each_line(block, first, select, counted)
        first += newlines


def _whole_lines(stream: BinaryIO) -> bytes:
    block = stream.read(BLOCK)
    return block if not block or block.endswith(b"\n") else block + stream.readline(LARGEST_RECORD)


def _looks_whole(block: bytes, newlines: int) -> bool:
    """Whether every line begins and ends as an object does."""
    end = block.rstrip(b"\r\n")
    if not block.startswith(b"{") or not end.endswith(b"}"):
        return False
    want = newlines - block.endswith(b"\n")
    return block.count(b"}\n{") == want or block.count(b"}\r\n{") == want


def _lines_with_traces(block: bytes, first: int, select: Filter) -> Iterator[Cut]:
    counted_to, number = 0, first
    for start, end, met in _spans(block, select, b"\n", b"\n", 1):
        number += block.count(b"\n", counted_to, start)
        counted_to = start
        yield Cut(str(number), block[start:end], met)


def _each_line(block: bytes, first: int, select: Filter, counted: Counted) -> Iterator[Cut | DamagedRecord]:
    met = {start: anchors for start, _, anchors in _spans(block, select, b"\n", b"\n", 1)}
    start = 0
    for number, line in enumerate(block.split(b"\n"), start=first):
        stripped = line.strip()
        if stripped:
            counted.records += 1
            whole = stripped.startswith(b"{") and stripped.endswith(b"}")
            if not select.skipping or start in met or not whole:
                yield Cut(str(number), stripped, met.get(start) if select.skipping and start in met else None)
        start += len(line) + 1


def _spans(
    block: bytes, select: Filter, begin: bytes, end: bytes, skip: int
) -> Iterator[tuple[int, int, frozenset[int] | None]]:
    """The records with traces: from behind the newline of `begin` to `end` but for `skip` characters, each with its
    anchors."""
    start, stop, met, whole = 0, -1, set[int](), False
    for trace in select.traces(block):
        if trace.end > stop:
            if stop >= 0 and (whole or (kept := select.narrowed(met, block[start:stop]))):
                yield start, stop, None if whole else kept
            met, whole = set(), False
            start = block.rfind(begin, 0, trace.end) + 1
            found = block.find(end, trace.end - 1)
            stop = len(block) if found < 0 else found + len(end) - skip
        met.update(trace.anchors or ())
        whole = whole or trace.anchors is None
    if stop >= 0 and (whole or (kept := select.narrowed(met, block[start:stop]))):
        yield start, stop, None if whole else kept


# Documents with indentation


def cut_document(stream: BinaryIO, select: Filter, counted: Counted) -> Iterator[Cut]:
    """The elements of a document's outermost lists that may hold an anchor, in order; last what stands beside the
    lists, in which they are empty (place ``""``). Raises `Irregular`."""
    yield from _Document(stream, select, counted).cuts()


def with_indentation(value: Any) -> bytes:
    """A parsed document as `cut_document` reads it."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


class _Document:
    def __init__(self, stream: BinaryIO, select: Filter, counted: Counted) -> None:
        self._stream, self._select, self._counted = stream, select, counted
        self._buffer, self._at = b"", 0
        self._head: list[bytes] = []
        self._path: dict[int, str] = {}
        self._numbers: dict[str, int] = defaultdict(int)

    def cuts(self) -> Iterator[Cut]:
        while (line := self._line()) is not None:
            self._head.append(line)
            if opened := _OPENS_LIST.match(line):
                yield from self._list(len(opened[1]), self._name(opened))
            elif nested := _OPENS_MAP.match(line):
                self._path[len(nested[1])] = _key(nested[2])
        try:
            rest = orjson.loads(b"\n".join(self._head))
        except orjson.JSONDecodeError:
            raise Irregular from None
        if _has_elements(rest):
            raise Irregular  # a list in one line
        yield Cut("", b"", None, rest)

    def _name(self, opened: re.Match[bytes]) -> str:
        """As a path of keys; empty for a document that is a list."""
        if opened[2] is None:
            return ""
        self._path[len(opened[1])] = _key(opened[2])
        return ".".join(key for indent, key in sorted(self._path.items()) if indent <= len(opened[1]))

    def _list(self, indent: int, name: str) -> Iterator[Cut]:
        line = self._line()
        if line is None:
            raise Irregular
        deeper = len(line) - len(line.lstrip(b" "))
        if deeper <= indent:
            raise Irregular
        if line.strip() != b"{":
            yield from self._small_list(line, indent, name)
        else:
            self._at -= len(line) + 1
            yield from self._objects(indent, deeper, name)

    def _small_list(self, line: bytes, indent: int, name: str) -> Iterator[Cut]:
        """A list of something else than objects, which is parsed."""
        lines, size = [line], 0
        end = b" " * indent + b"]"
        while (more := self._line()) is not None and more.rstrip(b",\r") != end:
            lines.append(more)
            size += len(more)
            if size > SMALL:
                raise Irregular
        if more is None:
            raise Irregular
        self._head.append(more)
        try:
            values = orjson.loads(b"[" + b"\n".join(lines) + b"]")
        except orjson.JSONDecodeError:
            raise Irregular from None
        for value in values:
            self._counted.records += 1
            yield Cut(self._place(name), b"", None, value if value is not None else {})

    def _objects(self, indent: int, deeper: int, name: str) -> Iterator[Cut]:
        """The elements of a list of objects, from the line of the first `{` on."""
        margin = b"\n" + b" " * deeper
        begin, end, close = margin + b"{", margin + b"}", b"\n" + b" " * indent + b"]"
        self._buffer, self._at = b"\n" + self._buffer[self._at :], 0
        while True:
            region, count, closed = self._region(begin, end, close)
            yield from self._cuts_of(region, count, begin, end, name)
            if closed:
                self._head.append(self._line() or b"")
                return

    def _region(self, begin: bytes, end: bytes, close: bytes) -> tuple[bytes, int, bool]:
        """Whole elements from the buffer, how many, and whether the list ends behind them."""
        while True:
            last = self._buffer.rfind(begin)
            closing = self._buffer.find(close, max(last, 0))
            if closing >= 0 or (last > 0 and len(self._buffer) >= BLOCK // 2):
                break
            if len(self._buffer) > LARGEST_RECORD or not self._more():
                raise Irregular
        stop = closing if closing >= 0 else last
        count = self._elements(stop, begin, end)
        if not count:  # or the list ends before, and another one begins
            stop = closing = self._buffer.find(close)
            count = self._elements(stop, begin, end) if stop >= 0 else 0
        if not count:
            raise Irregular
        region, self._buffer = self._buffer[:stop], self._buffer[stop + (closing >= 0) :]
        return region, count, closing >= 0

    def _elements(self, stop: int, begin: bytes, end: bytes) -> int:
        """How many elements the buffer has before `stop`; 0 where they do not follow each other as elements do."""
        count = self._buffer.count(begin, 0, stop)
        joints = self._buffer.count(end + b"," + begin, 0, stop)
        last = self._buffer[max(0, stop - len(end) - 2) : stop].rstrip(b"\r,")
        return count if self._buffer.startswith(begin) and count == joints + 1 and last.endswith(end) else 0

    def _cuts_of(self, region: bytes, count: int, begin: bytes, end: bytes, name: str) -> Iterator[Cut]:
        self._counted.records += count
        before, counted_to = self._numbers[name], 0
        for start, stop, met in self._found(region, begin, end):
            before += region.count(begin, counted_to, start)
            counted_to = start
            raw = region[start:stop]
            yield Cut(f"{name}[{before}]", raw, met, _object(raw))
        self._numbers[name] += count

    def _found(self, region: bytes, begin: bytes, end: bytes) -> Iterator[tuple[int, int, frozenset[int] | None]]:
        """`start` is the newline before the record's first line."""
        if self._select.skipping:
            for start, stop, met in _spans(region, self._select, begin, end, 0):
                yield start - 1, stop, met
            return
        start = 0
        while start >= 0:
            stop = region.find(end, start) + len(end)
            yield start, stop, None
            start = region.find(begin, stop)

    def _place(self, name: str) -> str:
        self._numbers[name] += 1
        return f"{name}[{self._numbers[name] - 1}]"

    def _line(self) -> bytes | None:
        """The next line without its end; None behind the last."""
        while (newline := self._buffer.find(b"\n", self._at)) < 0:
            if len(self._buffer) - self._at > SMALL:
                raise Irregular
            if not self._more():
                rest, self._buffer, self._at = self._buffer[self._at :], b"", 0
                return rest or None
        line = self._buffer[self._at : newline]
        self._at = newline + 1
        return line

    def _more(self) -> bool:
        piece = self._stream.read(BLOCK)
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return bool(piece)


def _has_elements(value: Any) -> bool:
    """Whether a list that is not empty is left beside the lists that were cut."""
    if isinstance(value, dict):
        return any(_has_elements(item) for item in value.values())
    return isinstance(value, list) and bool(value)


def _key(token: bytes) -> str:
    try:
        return str(orjson.loads(token))
    except orjson.JSONDecodeError:
        raise Irregular from None


def _object(raw: bytes) -> Any:
    try:
        value = parsed(raw)
    except DamagedRecord:
        raise Irregular from None
    if not isinstance(value, dict):
        raise Irregular
    return value


def sliced(data: bytes) -> BinaryIO:
    return io.BytesIO(data)
