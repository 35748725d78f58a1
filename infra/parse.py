"""Bytes from a mailbox become a `Message`. Never fails, whatever the bytes; what was wrong is listed as codes.

Three ways, tried in order: the standard library's modern parser, its lenient one (`compat32`), and a salvage that reads
what looks like headers and text. RFC 5322, 2045-2047, 2231, 3676.

Defect codes: `many_from`, `no_from`, `name_is_address`, `too_many_parts`, `too_deep`, `text_cut`, `salvaged`,
`malformed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import errors, message_from_bytes
from email.header import decode_header
from email.message import Message as Part
from email.policy import compat32, default
from email.utils import getaddresses, parsedate_to_datetime
from types import MappingProxyType

from cases.message import Address, Attachment, AuthResults, Message
from infra.html_text import html_to_text
from infra.quoting import split_quoted

MAX_PARTS = 300
MAX_DEPTH = 15
MAX_TEXT = 200_000  # characters of text kept for recognition
MAX_HEADERS = 500
MAX_HEADER = 8_000  # characters of one header value
MAX_ADDRESSES = 200

# What the standard library's parser is known to raise on hostile input, besides its own errors.
_PARSER_FAULTS = (
    errors.MessageError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
)
_SLOW_OR_ODD_CODECS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "utf_7", "utf-7"})
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")


def parse_message(raw: bytes, received_at: datetime, auth: AuthResults = AuthResults()) -> Message:  # noqa: B008 - frozen
    """The mail in `raw` as a value. `received_at` must be aware: it is when the mail came to the mailbox.

    With more than one From address (or header) nobody can say which one a reader sees and a check meant: the defect
    `many_from` is noted and `auth` dropped.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone: pass the mailbox's INTERNALDATE as aware datetime")
    reader = _read(raw)
    sender, defects = _sender(reader.written)
    text, quoted = split_quoted(reader.text)
    return Message(
        raw=raw,
        received_at=received_at.astimezone(UTC),
        sender=sender,
        auth=AuthResults() if "many_from" in defects else auth,
        message_id=_first(reader.headers, "message-id").strip(),
        subject=_one_line(_first(reader.headers, "subject")),
        reply_to=_addresses(reader.written, "reply-to"),
        to=_addresses(reader.written, "to"),
        cc=_addresses(reader.written, "cc"),
        date=_date(_first(reader.headers, "date")),
        text=text,
        quoted="\n\n".join(part for part in (quoted, *reader.forwarded) if part)[:MAX_TEXT],
        attachments=tuple(reader.attachments),
        headers=MappingProxyType(reader.headers),
        in_reply_to=_first(reader.headers, "in-reply-to").strip(),
        references=tuple(_first(reader.headers, "references").split()[:100]),
        defects=tuple(dict.fromkeys([*defects, *reader.defects])),
    )


@dataclass(slots=True)
class _Reading:
    written: dict[str, tuple[str, ...]] = field(default_factory=dict)  # before RFC 2047: addresses are parsed first
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    parts: int = 0

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text)[:MAX_TEXT]


def _read(raw: bytes) -> _Reading:
    for policy in (default, compat32):
        try:
            reading = _Reading()
            message: Part = message_from_bytes(raw, policy=policy)
            reading.written = _headers(message)
            reading.headers = _all_decoded(reading.written)
            _walk(message, reading, 0)
            if message.defects:
                reading.defects.append("malformed")
        except _PARSER_FAULTS:
            continue
        if reading.headers or not raw.strip():
            return reading
    return _salvage(raw)


def _salvage(raw: bytes) -> _Reading:
    """Headers line by line and the rest as text: for what no parser reads."""
    reading = _Reading(defects=["salvaged"])
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    found: dict[str, list[str]] = {}
    for match in re.finditer(rb"^([!-9;-~]{1,60}):[ \t]?([^\n]{0,4000})", head[:64_000], re.M):
        name = match[1].decode("ascii").lower()
        found.setdefault(name, []).append(match[2].decode("utf-8", "replace").strip())
    reading.written = {name: tuple(values[:20]) for name, values in list(found.items())[:MAX_HEADERS]}
    reading.headers = _all_decoded(reading.written)
    text = _text_of(body if found else raw, "", reading)
    reading.texts.append(html_to_text(text) if re.search(r"<(?:html|body|p|br)\b", text[:5_000], re.I) else text)
    return reading


def _headers(message: Part) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, value in list(message.raw_items())[:MAX_HEADERS]:
        plain = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        found.setdefault(name.lower().strip(), []).append(re.sub(r"\r?\n\s*", " ", plain[:MAX_HEADER]))
    return {name: tuple(values) for name, values in found.items()}


def _all_decoded(written: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(_decoded(value) for value in values) for name, values in written.items()}


def _decoded(value: str) -> str:
    """RFC 2047 encoded words decoded; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
        return "".join(
            part if isinstance(part, str) else _bytes_text(part, charset or "ascii") for part, charset in parts
        )
    except _PARSER_FAULTS:
        return value


def _bytes_text(content: bytes, charset: str) -> str:
    """`content` in its declared charset, else UTF-8, else Windows-1252: what senders of wrong labels mostly meant."""
    charset = charset.strip().lower().strip("\"'")
    for name in (charset, "utf-8"):
        if not name or name in _SLOW_OR_ODD_CODECS:
            continue
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _walk(part: Part, reading: _Reading, depth: int) -> None:
    reading.parts += 1
    if reading.parts > MAX_PARTS or depth > MAX_DEPTH:
        reading.defects.append("too_many_parts" if reading.parts > MAX_PARTS else "too_deep")
        return
    kind = part.get_content_type()
    children = part.get_payload()
    if kind == "message/rfc822" and isinstance(children, list):
        _forwarded(part, reading, depth)
    elif kind == "multipart/alternative" and isinstance(children, list):
        _alternative([child for child in children if isinstance(child, Part)], reading, depth)
    elif isinstance(children, list):
        for child in children:
            if isinstance(child, Part):
                _walk(child, reading, depth + 1)
    else:
        _leaf(part, kind, reading)


def _alternative(children: list[Part], reading: _Reading, depth: int) -> None:
    """Takes the plain version unless it is a mere hint that there is HTML; keeps attachments of every version."""
    versions: list[_Reading] = []
    for child in children:
        version = _Reading(parts=reading.parts)
        _walk(child, version, depth + 1)
        reading.parts = version.parts
        reading.attachments += version.attachments
        reading.forwarded += version.forwarded
        reading.defects += version.defects
        versions.append(version)
    texts = [version.text for version in versions if version.text.strip()]
    if texts:
        plain, richest = texts[0], max(texts, key=len)
        reading.texts.append(richest if len(plain) < 200 and len(richest) > 3 * len(plain) else plain)


def _forwarded(part: Part, reading: _Reading, depth: int) -> None:
    """A mail inside the mail: its text counts as quoted, its bytes are kept as an attachment."""
    inner = _Reading(parts=reading.parts)
    for child in part.get_payload():
        if isinstance(child, Part):
            headers = _all_decoded(_headers(child))
            _walk(child, inner, depth + 1)
            head = "\n".join(
                f"{name}: {headers[name.lower()][0]}"
                for name in ("From", "Subject", "Date")
                if headers.get(name.lower())
            )
            inner.forwarded.insert(0, f"{head}\n\n{inner.text}")
            reading.attachments.append(Attachment(_filename(part) or "mail.eml", "message/rfc822", _bytes_of(child)))
    reading.parts = inner.parts
    reading.forwarded += inner.forwarded
    reading.attachments += inner.attachments
    reading.defects += inner.defects


def _bytes_of(message: Part) -> bytes:
    try:
        return message.as_bytes()
    except _PARSER_FAULTS:
        return b""


def _leaf(part: Part, kind: str, reading: _Reading) -> None:
    name = _filename(part)
    content = _content(part)
    attached = part.get_content_disposition() == "attachment"
    if kind in ("text/plain", "text/html", "text/enriched") and not attached and not (name and kind == "text/html"):
        text = _text_of(content, _charset(part), reading)
        reading.texts.append(html_to_text(text) if kind != "text/plain" else _unflowed(text, part))
        if not name:
            return
    elif kind in ("message/delivery-status", "text/rfc822-headers") and not attached:
        return
    if content or name:
        reading.attachments.append(Attachment(name, kind, content))


def _text_of(content: bytes, charset: str, reading: _Reading) -> str:
    if len(content) > 4 * MAX_TEXT:
        reading.defects.append("text_cut")
    text = _bytes_text(content[: 4 * MAX_TEXT], charset)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _unflowed(text: str, part: Part) -> str:
    """Soft line breaks of format=flowed undone (RFC 3676): a line that ends in a space goes on in the next."""
    if str(part.get_param("format", "") or "").lower() != "flowed":
        return text
    joiner = "" if str(part.get_param("delsp", "") or "").lower() == "yes" else " "
    return re.sub(r"(?<!^--)(?<=[^\n>]) \n(?=[^\n>])", joiner, text, flags=re.M)


def _content(part: Part) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except _PARSER_FAULTS:
        content = str(part.get_payload()).encode("utf-8", "replace")
    return content if isinstance(content, bytes) else b""


def _charset(part: Part) -> str:
    try:
        return str(part.get_content_charset("") or "")
    except _PARSER_FAULTS:
        return ""


def _filename(part: Part) -> str:
    try:
        return _one_line(_decoded(str(part.get_filename("") or "")))[:200]
    except _PARSER_FAULTS:
        return "attachment"


def _first(headers: dict[str, tuple[str, ...]], name: str) -> str:
    return headers.get(name, ("",))[0]


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _addresses(headers: dict[str, tuple[str, ...]], name: str) -> tuple[Address, ...]:
    found = _pairs(headers.get(name, ()))
    return tuple(address for address in (_address(label, email) for label, email in found) if address.email)


def _pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    try:
        return getaddresses([value[:MAX_HEADER] for value in values])[:MAX_ADDRESSES]
    except _PARSER_FAULTS:
        return [("", email) for value in values for email in _ADDRESS.findall(value)][:MAX_ADDRESSES]


def _address(label: str, email: str) -> Address:
    found = _ADDRESS.fullmatch(email.strip())
    local, _, domain = email.strip().rpartition("@")
    return Address(_one_line(_decoded(label).strip("\"' ")), f"{local}@{domain.lower()}" if found else "")


def _sender(headers: dict[str, tuple[str, ...]]) -> tuple[Address, list[str]]:
    values = headers.get("from", ())
    found = list(_addresses(headers, "from")) or _loose(values)
    defects = ["many_from"] if len(values) > 1 or len(found) > 1 or len(headers.get("sender", ())) > 1 else []
    if not found:
        name = _one_line(_decoded(values[0])).strip("\"' ") if values else ""
        return Address(name), [*defects, "no_from"]
    if "@" in found[0].name and _ADDRESS.search(found[0].name) and found[0].email.lower() not in found[0].name.lower():
        defects.append("name_is_address")
    return found[0], defects


def _loose(values: Iterable[str]) -> list[Address]:
    """Addresses of a From header that breaks the grammar (unquoted commas, say)."""
    return [
        _address(value.split("<")[0] if "<" in value else "", email)
        for value in values
        for email in dict.fromkeys(_ADDRESS.findall(value[:MAX_HEADER]))
    ]


def _date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except _PARSER_FAULTS:
        return None
