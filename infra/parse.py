"""Bytes from a mailbox become a `Message`. Never fails, whatever the bytes; what was wrong is listed as codes.

RFC 5322, 2045-2047, 2231, 3676; what the parts hold is read by `infra.parse_parts`.

Defect codes: of the sender `many_from`, `no_from`, `name_is_address`; of the form `malformed`, `salvaged` (no header
at all); of what nobody has read: `too_many_parts`, `too_deep`, `text_cut`, `attachment_cut`, `encrypted`, `unreadable`
(a damaged envelope), `elsewhere` (the text lies in another mail or place), `odd_charset`, `hidden_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email import errors
from email.utils import getaddresses, parsedate_to_datetime
from types import MappingProxyType

from cases.message import Address, AuthResults, Message
from infra.mime import read_part
from infra.mime_header import MAX_HEADER, decoded_words
from infra.parse_parts import MAX_DEPTH, MAX_PARTS, MAX_TEXT, Budget, Reading, read_parts
from infra.quoting import split_quoted

__all__ = ["MAX_DEPTH", "MAX_PARTS", "MAX_TEXT", "parse_message"]

MAX_ADDRESSES = 200
MAX_ADDRESS_FIELDS = 20
MAX_REFERENCES = 100

# What the standard library's reading of addresses and dates is known to raise on hostile input.
_PARSER_FAULTS = (
    errors.MessageError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")


def parse_message(raw: bytes, received_at: datetime, auth: AuthResults = AuthResults()) -> Message:  # noqa: B008 - frozen
    """The mail in `raw` as a value. `received_at` must be aware: it is when the mail came to the mailbox.

    With more than one From address (or header) nobody can say which one a reader sees and a check meant: the defect
    `many_from` is noted and `auth` dropped.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone: pass the mailbox's INTERNALDATE as aware datetime")
    reading, written = _read(raw)
    headers = {name: tuple(map(decoded_words, values)) for name, values in written.items()}
    sender, defects = _sender(written)
    text, quoted = split_quoted(reading.text)
    return Message(
        raw=raw,
        received_at=received_at.astimezone(UTC),
        sender=sender,
        auth=AuthResults() if "many_from" in defects else auth,
        message_id=_first(headers, "message-id").strip(),
        subject=_one_line(_first(headers, "subject")),
        reply_to=_addresses(written, "reply-to"),
        to=_addresses(written, "to"),
        cc=_addresses(written, "cc"),
        date=_date(_first(headers, "date")),
        text=text,
        quoted="\n\n".join(part for part in (quoted, *reading.forwarded) if part)[:MAX_TEXT],
        attachments=tuple(reading.attachments),
        headers=MappingProxyType(headers),
        in_reply_to=_first(headers, "in-reply-to").strip(),
        references=tuple(_first(headers, "references").split()[:MAX_REFERENCES]),
        defects=tuple(dict.fromkeys([*defects, *reading.defects])),
    )


def _read(raw: bytes) -> tuple[Reading, Mapping[str, tuple[str, ...]]]:
    """What the mail holds, and its headers as they are written."""
    clean = _without_nul(raw.removeprefix(b"\xef\xbb\xbf"))
    part, reading = read_part(clean), Reading(Budget.of(raw))
    read_parts(part, reading)
    if not part.headers and raw.strip():
        reading.defects.append("salvaged")
    return reading, part.headers


def _without_nul(raw: bytes) -> bytes:
    """NUL is not allowed in mail and only there to confuse; but wide characters and binary parts have it."""
    if b"\x00" not in raw or re.search(rb"content-transfer-encoding:[ \t]*binary|charset=\"?utf-(?:16|32)", raw, re.I):
        return raw
    return raw.replace(b"\x00", b"")


def _first(headers: Mapping[str, tuple[str, ...]], name: str) -> str:
    return headers.get(name, ("",))[0]


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _addresses(headers: Mapping[str, tuple[str, ...]], name: str) -> tuple[Address, ...]:
    found = _pairs(headers.get(name, ())[:MAX_ADDRESS_FIELDS])
    return tuple(address for address in (_address(label, email) for label, email in found) if address.email)


def _pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    try:
        return getaddresses([value[:MAX_HEADER] for value in values])[:MAX_ADDRESSES]
    except _PARSER_FAULTS:
        return [("", email) for value in values for email in _ADDRESS.findall(value)][:MAX_ADDRESSES]


def _address(label: str, email: str) -> Address:
    found = _ADDRESS.fullmatch(email.strip())
    local, _, domain = email.strip().rpartition("@")
    return Address(_one_line(decoded_words(label).strip("\"' ")), f"{local}@{domain.lower()}" if found else "")


def _sender(headers: Mapping[str, tuple[str, ...]]) -> tuple[Address, list[str]]:
    values = headers.get("from", ())
    strict = list(_addresses(headers, "from"))
    found = strict or _loose(values)
    # `"<lena@one>"@two` reads as Lena's address where the grammar is not kept, and whoever checks `two` vouches for it.
    odd = any(value.count("@") > 1 and (not strict or value.count('"') % 2) for value in values)
    many = odd or len(values) > 1 or len(found) > 1 or len(headers.get("sender", ())) > 1
    defects = ["many_from"] if many else []
    if not found:
        name = _one_line(decoded_words(values[0])).strip("\"' ") if values else ""
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
