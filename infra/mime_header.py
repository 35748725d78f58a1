"""Header values as text: raw bytes, encoded words (RFC 2047), parameters (RFC 2045, 2231), names of files.

Never fails; what cannot be decoded stays as it is written.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from infra.mime_text import bytes_text, lenient_base64, quoted_printable

MAX_HEADER = 8_000  # characters of one header value
MAX_PARAMETERS = 3_000
MAX_NAME = 200
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^\r\n]{0,2000}?)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bqBQ]\?)")
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"|([^;]*+))", re.S)
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*?)")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def header_text(value: bytes) -> str:
    """A raw value on one line: 8-bit characters as UTF-8, else as Windows-1252; without control characters."""
    text = bytes_text(value[: 4 * MAX_HEADER], "utf-8")[:MAX_HEADER]
    return _CONTROLS.sub("", text)


def decoded_words(value: str) -> str:
    """`value` with its encoded words decoded. Words beside each other in one charset are decoded together, because
    programs cut characters in two."""
    if "=?" not in value:
        return value
    found: list[str] = []
    at, pending, charset = 0, b"", ""
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    for word in _WORD.finditer(joined):
        named = word[1].partition("*")[0].lower()
        if pending and (word.start() > at or named != charset):
            found.append(bytes_text(pending, charset))
            pending = b""
        found.append(joined[at : word.start()])
        pending, charset, at = pending + _word_bytes(word[2].lower(), word[3]), named, word.end()
    return _CONTROLS.sub(" ", "".join([*found, bytes_text(pending, charset) if pending else "", joined[at:]]))


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8")
    return lenient_base64(raw) if encoding == "b" else quoted_printable(raw, header=True)


def main_value(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The lower-cased value before the first semicolon, and its parameters; the first of two with one name counts."""
    pieces: dict[str, list[tuple[int, str, bool]]] = {}
    for name, quoted, plain in _PARAMETER.findall(value[:MAX_PARAMETERS]):
        piece = _PIECE.fullmatch(name.lower())
        if piece is not None:
            text = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain.strip().strip('"')
            pieces.setdefault(piece[1], []).append((int(piece[2] or 0), text, bool(piece[3])))
    return main_value(value), {name: _joined(found) for name, found in pieces.items()}


def _joined(pieces: list[tuple[int, str, bool]]) -> str:
    """RFC 2231: numbered pieces in order, the percent-encoded ones decoded in the charset that the first one names."""
    ordered = list({number: (text, coded) for number, text, coded in reversed(pieces)}.items())
    ordered.sort(key=lambda item: item[0])
    if not any(coded for _, (_, coded) in ordered):
        return "".join(text for _, (text, _) in ordered)
    charset, content = "", b""
    for number, (text, coded) in ordered:
        if coded and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        content += unquote_to_bytes(text) if coded else text.encode("utf-8")
    return bytes_text(content, charset)


def file_name(value: str) -> str:
    """A sender's name for a file, as a name: no path, nothing invisible, nothing that turns the direction of text."""
    name = _UNSEEN.sub("", decoded_words(value)).replace("\\", "/").rpartition("/")[2]
    name = " ".join(name.split()).lstrip(".")
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: MAX_NAME - 21]}.{ending}" if dot and len(ending) <= 20 else name[:MAX_NAME]
