"""The body and the files in a `winmail.dat`: what Outlook makes of a mail in Rich Text Format.

[MS-OXTNEF] v14, [MS-OXCDATA] 2.11 (property types), [MS-OXRTFCP] (compressed RTF). Bounded: every length is checked
against what is there, nothing is copied but what is kept. The libraries for this copy the rest of the stream for each
of its attributes, follow enclosed messages without end, and raise bare exceptions.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from infra.mime_text import bytes_text
from infra.rtf_text import MAX_RTF, rtf_html, rtf_text

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 20_000
MAX_PROPERTIES = 5_000
MAX_VALUES = 1_000
MAX_FILES = 200

_SUBJECT, _BODY, _FILE_DATA, _FILE_TITLE, _FILE_BEGINS = 0x8004, 0x800C, 0x800F, 0x8010, 0x9002
_PROPERTIES, _FILE_PROPERTIES, _CODEPAGE = 0x9003, 0x9005, 0x9007
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML, _P_CODEPAGE = 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE
_P_FILE, _P_SHORT_NAME, _P_LONG_NAME, _P_MIME, _P_DISPLAY = 0x3701, 0x3704, 0x3707, 0x370E, 0x3001
_SIZES = {0x0001: 4, 0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4,
          0x0014: 8, 0x0040: 8, 0x0048: 16}  # fmt: skip
_COUNTED = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
_OBJECT, _STRING, _WIDE = 0x000D, 0x001E, 0x001F
_MANY, _NAMED = 0x1000, 0x8000
_MESSAGE_INSIDE = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
_RTF_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


@dataclass(slots=True)
class TnefFile:
    """A file; `media_type` may be empty. With `is_message`, `content` is a TNEF stream again: a mail inside."""

    name: str = field(default="", repr=False)
    media_type: str = ""
    content: bytes = field(default=b"", repr=False)
    is_message: bool = False


@dataclass(slots=True)
class Tnef:
    """What a stream holds. `html` is empty where there is only text. `damaged`: it ended early or made no sense."""

    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    files: list[TnefFile] = field(default_factory=list)
    damaged: bool = False


class _Broken(Exception):
    """The stream contradicts itself here: what was read before counts."""


def read_tnef(data: bytes) -> Tnef:
    """The content of a TNEF stream; never fails."""
    reader = _Reader()
    try:
        for level_and_name, value in _attributes(memoryview(data)):
            reader.take(level_and_name, value)
    except _Broken:
        reader.found.damaged = True
    reader.finish()
    return reader.found


def _attributes(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and value of each attribute; raises `_Broken` where the stream ends within one."""
    if bytes(data[:4]) != SIGNATURE:
        raise _Broken
    at = 6
    for _ in range(MAX_ATTRIBUTES):
        if at + 9 > len(data):
            return
        number, _, length = struct.unpack_from("<HHI", data, at + 1)
        yield number, data[at + 9 : min(at + 9 + length, len(data))]
        at += 9 + length + 2
        if at - 2 > len(data):
            raise _Broken
    raise _Broken


class _Reader:
    def __init__(self) -> None:
        self.found = Tnef()
        self._codepage = "cp1252"
        self._values: dict[int, tuple[int, bytes]] = {}

    def take(self, number: int, value: memoryview) -> None:
        if number == _CODEPAGE and len(value) >= 4:
            self._codepage = _charset(struct.unpack_from("<I", value)[0])
        elif number == _SUBJECT:
            self.found.subject = self._text(bytes(value[:4_000]))
        elif number == _BODY:
            self.found.text = self._text(bytes(value))
        elif number == _PROPERTIES:
            self._values = {name: (kind, content) for name, kind, content in _properties(value) if name in _WANTED}
        elif number == _FILE_BEGINS:
            if len(self.found.files) >= MAX_FILES:
                raise _Broken
            self.found.files.append(TnefFile())
        elif number in (_FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES):
            self._file(number, value)

    def _file(self, number: int, value: memoryview) -> None:
        if not self.found.files:
            self.found.files.append(TnefFile())
        file = self.found.files[-1]
        if number == _FILE_TITLE:
            file.name = file.name or self._text(bytes(value[:1_000]))
        elif number == _FILE_DATA:
            file.content = bytes(value)
        else:
            self._file_properties(file, value)

    def _file_properties(self, file: TnefFile, value: memoryview) -> None:
        given = {name: (kind, content) for name, kind, content in _properties(value) if name in _WANTED}
        names = (self._property(given, name) for name in (_P_LONG_NAME, _P_SHORT_NAME, _P_DISPLAY))
        file.name = next((name for name in names if name), file.name)
        file.media_type = self._property(given, _P_MIME) or file.media_type
        kind, content = given.get(_P_FILE, (0, b""))
        if content:
            file.is_message = content.startswith(_MESSAGE_INSIDE)
            file.content = content[16:] if kind == _OBJECT else content

    def finish(self) -> None:
        """The body in its best form: HTML, else plain text, else what the RTF says."""
        values = self._values
        if _P_CODEPAGE in values:
            self._codepage = _charset(struct.unpack("<I", values[_P_CODEPAGE][1][:4].ljust(4, b"\0"))[0])
        self.found.subject = self._property(values, _P_SUBJECT) or self.found.subject
        self.found.text = self._property(values, _P_BODY) or self.found.text
        self.found.html = self._property(values, _P_HTML)
        if _P_RTF in values and not self.found.html:
            rtf = decompressed_rtf(values[_P_RTF][1])
            self.found.html = rtf_html(rtf)
            self.found.text = self.found.text or ("" if self.found.html else rtf_text(rtf))
            self.found.damaged |= len(rtf) >= MAX_RTF or not (self.found.text or self.found.html).strip()

    def _property(self, values: dict[int, tuple[int, bytes]], name: int) -> str:
        kind, content = values.get(name, (_STRING, b""))
        if kind == _WIDE:
            return content[: len(content) // 2 * 2].decode("utf-16-le", "replace").rstrip("\0")
        return self._text(content)

    def _text(self, content: bytes) -> str:
        return bytes_text(content.rstrip(b"\0"), self._codepage)


_WANTED = frozenset({_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML, _P_CODEPAGE, _P_FILE, _P_SHORT_NAME, _P_LONG_NAME, _P_MIME,
                     _P_DISPLAY})  # fmt: skip


def _charset(codepage: int) -> str:
    return {65001: "utf-8", 20127: "ascii", 20866: "koi8-r", 1200: "utf-16-le"}.get(
        codepage, f"iso8859-{codepage - 28590}" if 28591 <= codepage <= 28605 else f"cp{codepage}"
    )


def _properties(data: memoryview) -> Iterator[tuple[int, int, bytes]]:
    """Name, type and first value of each property of a list; raises `_Broken`."""
    at = 4
    for _ in range(min(_number(data, 0), MAX_PROPERTIES)):
        if at + 4 > len(data):
            raise _Broken
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= _NAMED:
            at = _past_name(data, at)
        many, kind = bool(kind & _MANY), kind & ~_MANY
        value, at = _values(data, at, kind, many=many)
        yield name, kind, value


def _past_name(data: memoryview, at: int) -> int:
    """After a GUID and the number or the name that goes with it."""
    if _number(data, at + 16) == 0:
        return at + 24
    length = _number(data, at + 20)
    return at + 24 + -(-length // 4) * 4


def _values(data: memoryview, at: int, kind: int, *, many: bool) -> tuple[bytes, int]:
    count = 1
    if many or kind in _COUNTED:
        count, at = _number(data, at), at + 4
    if count > MAX_VALUES:
        raise _Broken
    first = b""
    for number in range(count):
        length = _SIZES.get(kind, 0)
        if kind in _COUNTED:
            length, at = _number(data, at), at + 4
        elif not length:
            raise _Broken
        if at + length > len(data):
            raise _Broken
        first = first or (bytes(data[at : at + length]) if number == 0 else b"")
        at += -(-length // 4) * 4
    return first, at


def _number(data: memoryview, at: int) -> int:
    if at + 4 > len(data):
        raise _Broken
    return int(struct.unpack_from("<I", data, at)[0])


def decompressed_rtf(data: bytes) -> bytes:
    """[MS-OXRTFCP]: at most `MAX_RTF` bytes; what is damaged is given as far as it goes."""
    if data[8:12] == b"MELA":
        return data[16 : 16 + MAX_RTF]
    if data[8:12] != b"LZFu":
        return b""
    window = bytearray(_RTF_BEGINNING.ljust(4096, b" "))
    put, at, found = len(_RTF_BEGINNING), 16, bytearray()
    while at < len(data) and len(found) < MAX_RTF:
        control, at = data[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                piece, at = data[at : at + 1], at + 1
            elif at + 1 >= len(data):
                return bytes(found)
            else:
                reference, at = data[at] << 8 | data[at + 1], at + 2
                if reference >> 4 == put:
                    return bytes(found)
                piece = _repeated(window, put, reference)
            for byte in piece:
                window[put] = byte
                put = (put + 1) % 4096
            found += piece
    return bytes(found)


def _repeated(window: bytearray, put: int, reference: int) -> bytes:
    """Bytes that were written before; the piece may run into itself."""
    place, length = reference >> 4, (reference & 15) + 2
    distance = (put - place) % 4096 or 4096
    return bytes(window[(place + step % distance) % 4096] for step in range(length))
