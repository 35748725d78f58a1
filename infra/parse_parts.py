"""What the parts of a mail say and carry: text, forwarded mails, attachments; envelopes opened, hidden text left out.

Bounded in parts, depth, text and bytes together, whatever lies inside what. What is left out for a bound, or cannot be
read, leaves a code, so that an unread part never looks like an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cases.message import Attachment
from infra import smime
from infra.calendar_text import calendar_text
from infra.html_text import MAX_HTML, html_texts
from infra.mime import Part, before_parts, parts_inside, read_part, sniffed_boundary
from infra.mime_header import decoded_words, file_name
from infra.mime_text import (
    bytes_text,
    is_refused,
    looks_like_text,
    plain_lines,
    transfer_decoded,
    unflowed,
    without_armour,
    without_uu_files,
)
from infra.tnef import SIGNATURE, TnefFile, read_tnef

MAX_PARTS = 300
MAX_DEPTH = 15
MAX_TEXT = 200_000  # characters of text kept for recognition
_TEXT_BYTES = 4 * MAX_TEXT  # read of all text parts together
_ENCODED_TEXT = 3 * _TEXT_BYTES  # an octet may be written as three
_ROOM = 1024 * 1024
_SHORT = 200
_MARKUP = ("text/html", "text/enriched", "text/richtext", "application/xhtml+xml")
_REPORTS = ("message/delivery-status", "text/rfc822-headers", "message/disposition-notification")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
_MAIL = "message/rfc822"
_WORD = re.compile(r"\w{4,}")
_PGP_SECRET = "-----BEGIN PGP MESSAGE-----"  # noqa: S105 - a mark, no password
_META = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.I)
_TAGS = re.compile(r"<(?:html|body|p|br|div)\b", re.I)


@dataclass(slots=True)
class Budget:
    """What is left for the whole mail; shared by all its parts."""

    parts: int
    text: int
    content: int

    @classmethod
    def of(cls, raw: bytes) -> Budget:
        """A mail forwarded as attachment of a mail forwarded as attachment still fits; a nest of a hundred does not."""
        return cls(MAX_PARTS, _TEXT_BYTES, 4 * len(raw) + _ROOM)


@dataclass(slots=True)
class Reading:
    """What has been read so far."""

    budget: Budget
    texts: list[str] = field(default_factory=list)
    forwarded: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text.strip())[:MAX_TEXT]

    def inside(self) -> Reading:
        return Reading(self.budget)

    def keep(self, name: str, kind: str, content: bytes) -> None:
        """An attachment, whose content is left out where there is no room for it."""
        if len(content) > self.budget.content:
            self.defects.append("attachment_cut")
            content = b""
        self.budget.content -= len(content)
        self.attachments.append(Attachment(name, kind, content))

    def take(self, other: Reading) -> None:
        self.forwarded += other.forwarded
        self.attachments += other.attachments
        self.defects += other.defects


def read_parts(part: Part, reading: Reading, depth: int = 0) -> None:
    """Adds to `reading` what the part and the parts inside it hold."""
    if reading.budget.parts <= 0 or depth > MAX_DEPTH:
        reading.defects.append("too_many_parts" if reading.budget.parts <= 0 else "too_deep")
        return
    reading.budget.parts -= 1
    if part.stray:
        reading.defects.append("malformed")
    kind = part.kind
    if kind.startswith("multipart/"):
        _multipart(part, kind, reading, depth)
    elif (kind == "text/plain" or not part.typed) and sniffed_boundary(part):
        _body_text(before_parts(part), "text/plain", reading)
        _multipart(part, kind, reading, depth)
    else:
        _leaf(part, kind, reading, depth)


def _multipart(part: Part, kind: str, reading: Reading, depth: int) -> None:
    inside = parts_inside(part, reading.budget.parts)
    if not inside:
        reading.defects.append("malformed")
        _leaf(part, "text/plain", reading, depth)
    elif kind == "multipart/alternative":
        _alternative(inside, reading, depth)
    else:
        if kind == "multipart/encrypted":
            reading.defects.append("encrypted")
        for child in inside:
            read_parts(child, reading, depth + 1)


def _alternative(inside: list[Part], reading: Reading, depth: int) -> None:
    """The versions of one text; the attachments of every version are kept."""
    versions = []
    for child in inside:
        version = reading.inside()
        read_parts(child, version, depth + 1)
        reading.take(version)
        versions.append(version.text)
    text = _best([version for version in versions if version.strip()])
    if text:
        reading.texts.append(text)


def _best(versions: list[str]) -> str:
    """The first version, and those that say something else: a request may stand in any. Without the first where it is
    a mere hint that there is another."""
    first, others = "".join(versions[:1]), versions[1:]
    further = [other for other in others if not _says(first, other)]
    if further and len(first) < _SHORT and max(map(len, further)) > 3 * len(first):
        return "\n\n".join(further)
    return "\n\n".join([first, *further])


def _says(text: str, other: str) -> bool:
    """Whether `text` has most of the words of `other`."""
    words = set(_WORD.findall(other.lower()))
    return len(words & set(_WORD.findall(text.lower()))) * 5 >= len(words) * 3


def _leaf(part: Part, kind: str, reading: Reading, depth: int) -> None:
    name = _name(part)
    special = _special(kind, name)
    if special is not None:
        content = _content(part)
        reading.keep(name or _USUAL_NAMES.get(special, ""), kind, content)
        _SPECIAL[special](content, reading, depth)
    elif part.disposition[0] != "attachment" and _is_body(part, kind, name):
        _body_text(part, kind, reading)
        if name:
            reading.keep(name, kind, _content(part))
    elif not (kind in _REPORTS and part.disposition[0] != "attachment"):
        content = _content(part)
        if content or name:
            reading.keep(name, kind, content)


def _special(kind: str, name: str) -> str | None:
    """What is opened and read like the mail's own; None for all else."""
    ending = name.rpartition(".")[2].lower()
    if kind == _MAIL or (ending == "eml" and kind == "application/octet-stream"):
        return "mail"
    if kind in _TNEF or name.lower() == "winmail.dat":
        return "tnef"
    if kind in smime.OPAQUE or (ending == "p7m" and kind == "application/octet-stream"):
        return "envelope"
    return kind if kind in ("message/partial", "message/external-body", "application/pgp-encrypted") else None


def _is_body(part: Part, kind: str, name: str) -> bool:
    """Whether a part is text that the mail shows, not a file that comes with it."""
    if kind in ("text/plain", "text/enriched", "text/richtext"):
        return True
    if name:
        return False
    if kind in _MARKUP or kind == "text/calendar":
        return True
    readable = kind.startswith("text/") and kind not in ("text/rtf", "text/csv", "text/rfc822-headers")
    head = part.raw[part.body_at : min(part.end, part.body_at + 8_000)]
    unknown = kind not in _REPORTS and not kind.startswith(("image/", "audio/", "video/", "application/p", "text/r"))
    encoding = part.header("content-transfer-encoding")
    return readable or (unknown and looks_like_text(transfer_decoded(head, encoding)) and not _is_file(head))


def _is_file(head: bytes) -> bool:
    return head.lstrip().startswith((b"%PDF-", b"{\\rtf", b"PK\x03\x04", b"<?xml"))


def _body_text(part: Part, kind: str, reading: Reading) -> None:
    content = _encoded(part, reading)
    charset = part.content_type[1].get("charset", "") or (_meta_charset(content) if kind in _MARKUP else "")
    if is_refused(charset):
        reading.defects.append("odd_charset")
    text = _limited(content, charset, reading)
    if kind in _MARKUP or (kind == "text/plain" and not part.typed and _TAGS.search(text[:5_000])):
        _markup(text, reading)
    elif kind == "text/calendar":
        reading.texts.append(calendar_text(text))
    else:
        _plain(text, part, reading)


def _meta_charset(page: bytes) -> str:
    found = _META.search(page[:4_000])
    return found[1].decode("ascii") if found else ""


def _encoded(part: Part, reading: Reading) -> bytes:
    """The text's bytes, of a long one only what there is room for."""
    stop = min(part.end, part.body_at + _ENCODED_TEXT)
    if stop < part.end:
        reading.defects.append("text_cut")
    return transfer_decoded(part.raw[part.body_at : stop], part.header("content-transfer-encoding"))


def _limited(content: bytes, charset: str, reading: Reading) -> str:
    if len(content) > reading.budget.text:
        reading.defects.append("text_cut")
    content = content[: max(reading.budget.text, 0)]
    reading.budget.text -= len(content)
    return plain_lines(bytes_text(content, charset))


def _markup(html: str, reading: Reading) -> None:
    """Hidden text is nothing that a person wrote; where hardly anything else is there, a person looks."""
    text, hidden = html_texts(html)
    if len(html) > MAX_HTML:
        reading.defects.append("text_cut")
    if hidden and len(text) < _SHORT:
        reading.defects.append("hidden_text")
    _reveal(text, reading)


def _plain(text: str, part: Part, reading: Reading) -> None:
    given = part.content_type[1]
    if given.get("format", "").lower() == "flowed":
        text = unflowed(text, delsp=given.get("delsp", "").lower() == "yes")
    text, files = without_uu_files(text)
    for name, content in files:
        reading.keep(file_name(name), "application/octet-stream", content)
    _reveal(text, reading)


def _reveal(text: str, reading: Reading) -> None:
    if _PGP_SECRET in text:
        reading.defects.append("encrypted")
    reading.texts.append(without_armour(text))


def _mail_inside(content: bytes, reading: Reading, depth: int) -> None:
    """A mail inside the mail: its text counts as quoted."""
    if len(content) > reading.budget.content:
        reading.defects.append("too_deep")
        return
    child = read_part(content)
    inner = reading.inside()
    read_parts(child, inner, depth + 1)
    head = [
        f"{name}: {decoded_words(value)}"
        for name in ("From", "Subject", "Date")
        if (value := child.header(name.lower()))
    ]
    reading.forwarded.append("\n".join(head) + "\n\n" + inner.text)
    reading.take(inner)


def _tnef(content: bytes, reading: Reading, depth: int) -> None:
    found = read_tnef(content)
    if found.damaged:
        reading.defects.append("unreadable")
    inner = reading.inside()
    text = _limited(found.text.encode("utf-8", "replace"), "utf-8", reading)
    if text.strip():
        _reveal(text, inner)
    if found.html:
        _markup(_limited(found.html.encode("utf-8", "replace"), "utf-8", reading), inner)
    best = _best([text for text in inner.texts if text.strip()])
    if best and not _says(reading.text, best):
        reading.texts.append(best)
    reading.take(inner)
    for file in found.files:
        _tnef_file(file, reading, depth + 1)


def _tnef_file(file: TnefFile, reading: Reading, depth: int) -> None:
    if reading.budget.parts <= 0 or depth > MAX_DEPTH:
        reading.defects.append("too_many_parts" if reading.budget.parts <= 0 else "too_deep")
        return
    reading.budget.parts -= 1
    name, kind = file_name(file.name), file.media_type.lower() or "application/octet-stream"
    if file.is_message or file.content.startswith(SIGNATURE):
        inner = reading.inside()
        _tnef(file.content, inner, depth)
        reading.forwarded.append(f"Subject: {name}\n\n{inner.text}")
        reading.take(inner)
        return
    reading.keep(name, kind, file.content)
    if name.lower().endswith(".eml") or kind == _MAIL:
        _mail_inside(file.content, reading, depth)


def _envelope(content: bytes, reading: Reading, depth: int) -> None:
    found = smime.opened(content, max(reading.budget.content, 0) + 1)
    if found.envelope in ("encrypted", "unreadable") or len(found.content) > reading.budget.content:
        reading.defects.append("encrypted" if found.envelope == "encrypted" else "unreadable")
        return
    reading.budget.content -= len(found.content)
    read_parts(read_part(found.content), reading, depth + 1)


def _unread(code: str) -> Callable[[bytes, Reading, int], None]:
    return lambda _content, reading, _depth: reading.defects.append(code)


_SPECIAL: dict[str, Callable[[bytes, Reading, int], None]] = {
    "mail": _mail_inside,
    "tnef": _tnef,
    "envelope": _envelope,
    "message/partial": _unread("elsewhere"),
    "message/external-body": _unread("elsewhere"),
    "application/pgp-encrypted": _unread("encrypted"),
}
_USUAL_NAMES = {"mail": "mail.eml", "tnef": "winmail.dat", "envelope": "smime.p7m"}


def _content(part: Part) -> bytes:
    return transfer_decoded(part.body, part.header("content-transfer-encoding"))


def _name(part: Part) -> str:
    given = part.disposition[1].get("filename") or part.content_type[1].get("name") or ""
    return file_name(given)
