"""The parts of a mail as places in its bytes: where the header fields are, where the body, where the parts inside.

RFC 5322 and 2046. Reads any bytes without failing, in time and memory that grow with their length only: no line is
looked at twice on a level, no body is copied. The standard library's parser is right about correct mails, but takes a
second and 130 MB for 8 MB of empty lines, quadratic time for nested parts, and raises errors of many kinds for others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from infra.mime_header import header_text, main_value, parameters

MAX_FIELDS = 500
MAX_LINES = 5_000  # of one header
MAX_FIELD = 32_000  # bytes of one field, folded lines included
MAX_HEADER_BYTES = 1024 * 1024
MAX_BOUNDARY = 1_000
MAX_SNIFFED = 100_000

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:[ \t]*")
_BLANK = re.compile(rb"(?:\r\n|\n|\r(?!\n))[ \t]*(?:\r\n|\n|\r)")
_ENVELOPE = re.compile(rb">?From [^\r\n]{0,500}(?:\r\n|\n|\r|\Z)")
_KNOWN_FIELD = re.compile(
    rb"(?:^|(?<=[\r\n]))(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]{1,40}|received|return-path|"
    rb"reply-to|references|in-reply-to|sender)[ \t]*:",
    re.I,
)
_LOOKED_AHEAD = 8_000
_KIND = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
# What looks like a delimiter: a line of two hyphens and more above a field; in a multipart, any field of a mail.
_DELIMITER = rb"(?:\A|(?<=[\r\n]))--(\S[^\r\n]{0,999}?)[ \t]*(?:\r\n|\n|\r)"
_FIRST_DELIMITER = re.compile(_DELIMITER + rb"(?=content-[a-z-]{1,40}[ \t]*:)", re.I)
_ANY_DELIMITER = re.compile(
    _DELIMITER + rb"(?=[\r\n]{0,2}(?:content-[a-z-]{1,40}|received|return-path|from|message-id|mime-version)[ \t]*:)",
    re.I,
)


@dataclass(frozen=True)
class Part:
    """A part of the mail `raw`, or the whole of it: its fields from `start`, its body from `body_at` to `end`.

    `fields`: lower-cased names and raw values, unfolded, in order. `stray`: a line among them that was none.
    """

    raw: bytes = field(repr=False)
    start: int
    body_at: int
    end: int
    fields: tuple[tuple[str, bytes], ...] = field(repr=False)
    stray: bool = False
    usual_kind: str = "text/plain"

    @cached_property
    def headers(self) -> Mapping[str, tuple[str, ...]]:
        """Lower-cased names and the values as written, as text: encoded words (RFC 2047) are not decoded."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(header_text(value))
        return MappingProxyType({name: tuple(values) for name, values in found.items()})

    @property
    def body(self) -> bytes:
        return self.raw[self.body_at : self.end]

    def header(self, name: str) -> str:
        return self.headers.get(name, ("",))[0]

    @cached_property
    def content_type(self) -> tuple[str, Mapping[str, str]]:
        """Kind and parameters, of the first Content-Type that is one; what has none is `usual_kind`."""
        for value in self.headers.get("content-type", ()):
            if _KIND.fullmatch(main_value(value)):
                return parameters(value)
        return ("text/plain" if "content-type" in self.headers else self.usual_kind), {}

    @property
    def kind(self) -> str:
        return self.content_type[0]

    @cached_property
    def typed(self) -> bool:
        """Whether a Content-Type says what the part is."""
        return any(_KIND.fullmatch(main_value(value)) for value in self.headers.get("content-type", ()))

    @cached_property
    def disposition(self) -> tuple[str, Mapping[str, str]]:
        return parameters(self.header("content-disposition"))


def read_part(raw: bytes, start: int = 0, end: int | None = None, usual_kind: str = "text/plain") -> Part:
    """The part of `raw` between two places. Fields end at an empty line, or where lines begin that are none."""
    end = len(raw) if end is None else end
    reader = _Fields(raw, start, end)
    body_at = reader.read()
    fields = tuple((name, bytes(value)) for name, value in reader.found)
    return Part(raw, start, body_at, end, fields, reader.stray, usual_kind)


class _Fields:
    """Reads the header fields from `start` on."""

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self._raw, self._start, self._end = raw, start, end
        self._limit = min(end, start + MAX_HEADER_BYTES)
        self.found: list[tuple[str, bytearray]] = []
        self.stray = False

    def read(self) -> int:
        """Where the body begins."""
        at = self._past_envelope()
        for _ in range(MAX_LINES):
            if at >= self._limit or len(self.found) >= MAX_FIELDS:
                break
            stop = self._line_end(at)
            line = self._raw[at : min(stop, at + MAX_FIELD)].rstrip(b"\r\n")
            if not line:
                return stop
            if not self._took(line):
                if not self._more_below(stop):
                    return at
                self.stray = True
            at = stop
        return at if at >= self._end else self._after_blank(at)

    def _past_envelope(self) -> int:
        """After the line that mailbox files put before each mail (RFC 4155)."""
        found = _ENVELOPE.match(self._raw, self._start, self._end)
        return found.end() if found else self._start

    def _line_end(self, at: int) -> int:
        found = _LINE.match(self._raw, at, self._end)
        return found.end() if found else self._end

    def _took(self, line: bytes) -> bool:
        if line[:1] in (b" ", b"\t") and self.found:
            value = self.found[-1][1]
            if len(value) < MAX_FIELD:
                value += b" " + line.strip()
            return True
        field_found = _FIELD.match(line)
        if field_found:
            self.found.append((field_found[1].decode("ascii").lower(), bytearray(line[field_found.end() :].strip())))
        return field_found is not None

    def _more_below(self, at: int) -> bool:
        """Whether fields that every mail has follow a broken line before the next empty one: then only it is lost."""
        blank = _BLANK.search(self._raw, max(at - 2, 0), min(self._end, at + _LOOKED_AHEAD))
        window = self._raw[at : blank.start() if blank else min(self._end, at + _LOOKED_AHEAD)]
        return bool(self.found or self._start == 0) and _KNOWN_FIELD.search(window) is not None

    def _after_blank(self, at: int) -> int:
        found = _BLANK.search(self._raw, max(at - 2, 0), self._end)
        return found.end() if found else self._end


def parts_inside(part: Part, most: int) -> list[Part]:
    """The parts of a multipart body, at most `most` + 1; empty where there is no boundary at all.

    A boundary that is missing or does not occur is replaced by what looks like one: a line of two hyphens and more,
    above a `Content-` field. A closing delimiter ends the body only if no other delimiter follows.
    """
    boundary = part.content_type[1].get("boundary", "").rstrip()[:MAX_BOUNDARY].encode("utf-8", "replace")
    usual = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    places = _places(part, boundary, most) if boundary else []
    if not places:
        found = sniffed_boundary(part)
        places = _places(part, found, most) if found else []
    return [read_part(part.raw, start, stop, usual) for start, stop in places]


def sniffed_boundary(part: Part) -> bytes:
    """What looks like the boundary of the part's body; empty where nothing does."""
    looks = _ANY_DELIMITER if part.kind.startswith("multipart/") else _FIRST_DELIMITER
    found = looks.search(part.raw, part.body_at, min(part.end, part.body_at + MAX_SNIFFED))
    return found[1].rstrip() if found else b""


def before_parts(part: Part) -> Part:
    """What stands above the first delimiter of a part that is called text: text of its own."""
    found = _FIRST_DELIMITER.search(part.raw, part.body_at, part.end)
    return replace(part, end=found.start()) if found else part


def _places(part: Part, boundary: bytes, most: int) -> list[tuple[int, int]]:
    escaped = re.escape(b"--" + boundary)
    delimiter = re.compile(
        escaped + rb"(?:(?<=[\r\n]" + escaped + rb")|(?<=\A" + escaped + rb"))(--)?[ \t]*(?=[\r\n]|\Z)"
    )
    marks = list(islice(delimiter.finditer(part.raw, part.body_at, part.end), most + 2))
    found = [] if not marks else _before_first(part, marks[0].start())
    for number, mark in enumerate(marks):
        last = number + 1 == len(marks)
        start, stop = (
            _line_after(part, mark.end()),
            part.end if last else _break_before(part, marks[number + 1].start()),
        )
        if mark[1] and (last or not part.raw[start:stop].strip()):
            continue
        found.append((min(start, stop), stop))
    return found


def _before_first(part: Part, first: int) -> list[tuple[int, int]]:
    """What stands before the first delimiter is for nobody, unless its own delimiter is damaged."""
    head = part.raw[part.body_at : min(first, part.body_at + 2_000)]
    found = re.search(
        rb"(?:\A|(?<=[\r\n]))[^\r\n]{0,300}(?:\r\n|\n|\r)(?=content-(?:type|transfer-encoding)[ \t]*:)", head, re.I
    )
    return [(part.body_at + found.end(), _break_before(part, first))] if found else []


def _line_after(part: Part, at: int) -> int:
    found = _LINE.match(part.raw, at, part.end)
    return found.end() if found else part.end


def _break_before(part: Part, at: int) -> int:
    """A line break before a delimiter belongs to the delimiter (RFC 2046 sec. 5.1.1)."""
    if part.raw[max(at - 2, part.body_at) : at] == b"\r\n":
        return at - 2
    return max(at - 1, part.body_at)
