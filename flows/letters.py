"""Recognition of a mail whose letter may be only in an attached document."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

from cases.message import Attachment, Message
from cases.recognise import recognise
from cases.request import Request, Verdict
from cases.text import TextExtractor, TextUnreadable

MAX_DOCUMENTS = 3
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


def _documents(message: Message) -> list[Attachment]:
    fitting = [part for part in message.attachments if len(part.content) <= MAX_BYTES and _is_document(part)]
    return fitting[:MAX_DOCUMENTS]


def _is_document(part: Attachment) -> bool:
    return part.media_type.startswith(TYPES) or part.name.lower().endswith(ENDINGS)


def _text(part: Attachment, extractor: TextExtractor) -> str:
    """Empty where it cannot be read: the recognition then says that a letter was not read."""
    try:
        return extractor.text(part.name, part.media_type, BytesIO(part.content))
    except TextUnreadable:
        return ""
