"""Recognition of a mail whose letter may be only in an attached document."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from cases.message import Attachment, Message
from cases.recognise import recognise
from cases.request import Request, Verdict
from cases.text import TextExtractor, TextUnreadable

MAX_DOCUMENTS = 10
MAX_BYTES = 20 * 1024 * 1024
ENDINGS = (".pdf", ".docx", ".dotx", ".odt", ".ott", ".rtf", ".html", ".htm", ".txt", ".png", ".jpg", ".jpeg", ".tif")
TYPES = (
    "application/pdf",
    "application/rtf",
    "text/",
    "image/",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml",
)


def recognise_with_letters(
    message: Message, extractor: TextExtractor | None, own_addresses: Collection[str] = ()
) -> Request:
    """Recognises a mail, and again with its attached documents' texts where its body alone is no request."""
    first = recognise(message, (), own_addresses)
    if extractor is None or first.verdict not in (Verdict.OTHER, Verdict.UNCLEAR, Verdict.SPAM):
        return first
    texts = [text for part in _documents(message) if (text := _text(part, extractor)).strip()]
    return recognise(message, texts, own_addresses) if texts else first


UNREAD = frozenset({"text_cut", "too_many_parts", "too_deep", "salvaged"})
SEALED_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
ARCHIVES = ("application/zip", "application/x-zip-compressed", "application/x-7z-compressed", "application/x-rar")
FEW_WORDS = 60  # signs of a mail that says no more than "see attachment"


def unread(message: Message) -> bool:
    """Whether a part of the mail could not be read, in which a request may stand: it was cut off or is damaged, it is
    encrypted, its letter may lie in an archive, or it has more documents than are opened."""
    if UNREAD.intersection(message.defects) or "-----BEGIN PGP MESSAGE-----" in message.text:
        return True
    types = [part.media_type for part in message.attachments]
    if any(kind.startswith(SEALED_TYPES) for kind in types) or message.header("content-type").startswith(SEALED_TYPES):
        return True
    archived = any(kind.startswith(ARCHIVES) for kind in types) and len(message.text.strip()) < FEW_WORDS
    return archived or sum(_fits(part) for part in message.attachments) > MAX_DOCUMENTS


def _fits(part: Attachment) -> bool:
    return len(part.content) <= MAX_BYTES and _is_document(part)


def _documents(message: Message) -> list[Attachment]:
    return [part for part in message.attachments if _fits(part)][:MAX_DOCUMENTS]


def _is_document(part: Attachment) -> bool:
    return part.media_type.startswith(TYPES) or part.name.lower().endswith(ENDINGS)


def _text(part: Attachment, extractor: TextExtractor) -> str:
    """Empty where it cannot be read: the recognition then says that a letter was not read."""
    try:
        return extractor.text(part.name, part.media_type, BytesIO(part.content))
    except TextUnreadable:
        return ""
