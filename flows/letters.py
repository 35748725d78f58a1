"""Recognition of a mail whose letter may be only in an attached document. What nobody could read is never "nothing"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from io import BytesIO

from cases.language import language_of
from cases.message import Attachment, Message
from cases.recognise import recognise
from cases.request import Request, Right, Verdict
from cases.text import TextExtractor, TextUnreadable

MAX_DOCUMENTS = 10
MAX_TIMEOUTS = 2  # documents of one mail that may take the extractor's whole time
MAX_BYTES = 20 * 1024 * 1024
ENDINGS = (".pdf", ".doc", ".docx", ".docm", ".dotx", ".odt", ".ott", ".rtf", ".html", ".htm", ".txt", ".md", ".msg",
           ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".heic")  # fmt: skip
TYPES = (
    "application/pdf",
    "application/rtf",
    "application/msword",
    "application/vnd.ms-outlook",
    "text/",
    "image/",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml",
)
BEGINNINGS = (b"%PDF-", b"{\\rtf", b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
UNREAD = frozenset(
    {"text_cut", "attachment_cut", "too_many_parts", "too_deep", "salvaged", "unreadable", "elsewhere", "odd_charset",
     "hidden_text"}
)  # fmt: skip
SEALED_ENDINGS = (".gpg", ".pgp", ".p7m", ".p7e")
ARCHIVES = ("application/zip", "application/x-zip-compressed", "application/x-7z-compressed", "application/x-rar")
ARCHIVE_ENDINGS = (".zip", ".7z", ".rar", ".tar", ".tgz", ".gz")
FEW_WORDS = 60  # signs of a mail that says no more than "see attachment"
SHORT = 200  # signs of a mail that does not speak for itself
SMALL_PICTURE = 10_000  # bytes; no page of a letter is that small, but logos below a signature are
MUCH_TEXT = 40  # signs that a picture's text has where there is writing on it

ENCRYPTED = "it is encrypted: nobody has read it"
CUT_OFF = "it is too large: its end was not read"
NOT_READ = "a part of it could not be read"
LETTER_NOT_READ = "it comes with a document that could not be read, and says little itself"
ARCHIVE_NOT_READ = "it comes with an archive, which is not opened, and says little itself"
TOO_MANY = f"it has more than {MAX_DOCUMENTS} documents, and not all were read"


@dataclass(frozen=True, slots=True)
class _Letters:
    """The texts of the attached documents, how many could not be read, and whether some were left out."""

    texts: tuple[str, ...] = field(repr=False)
    unread: int = 0
    left_out: bool = False


def recognise_with_letters(
    message: Message, extractor: TextExtractor | None, own_addresses: Collection[str] = (), *, cut: bool = False
) -> Request:
    """Recognises a mail, and again with its attached documents' texts where its body alone does not ask for access.

    What looks like ordinary mail, but was not read as a whole, is `unclear`. `cut`: the mail is longer than what came.
    """
    first = recognise(message, (), own_addresses)
    if not _may_have_letter(first):
        return first
    letters = _read(message, extractor)
    request = recognise(message, letters.texts, own_addresses) if letters.texts else first
    why = _why_unread(message, letters, request, cut=cut)
    if not why:
        return request
    return replace(request, verdict=Verdict.UNCLEAR, rights=(), confidence=0.3, reasons=(why,))


def unread(message: Message) -> bool:
    """Whether a part of the mail itself could not be read, in which a request may stand: it was cut off or is damaged,
    it is encrypted, its letter may lie in an archive, or it has more documents than are opened."""
    return bool(_why_unread_itself(message)) or sum(map(_is_document, message.attachments)) > MAX_DOCUMENTS


def _may_have_letter(request: Request) -> bool:
    """Where a letter could change the verdict. A machine's certain sign cannot be outweighed by what it attaches."""
    if request.verdict is Verdict.AUTO_REPLY:
        return request.confidence < 0.9
    if request.verdict.is_request:
        return Right.ACCESS not in request.rights
    return request.verdict in (Verdict.OTHER, Verdict.UNCLEAR, Verdict.SPAM)


def _why_unread(message: Message, letters: _Letters, request: Request, *, cut: bool) -> str:
    """Why a person has to look, as a reason; empty if nobody has to."""
    if request.verdict in (Verdict.OTHER, Verdict.SPAM) and _is_encrypted(message):
        return ENCRYPTED
    if request.verdict is not Verdict.OTHER:
        return ""
    if cut:
        return CUT_OFF
    if letters.left_out:
        return TOO_MANY
    short = len(message.text.strip()) < SHORT
    return _why_unread_itself(message) or (LETTER_NOT_READ if letters.unread and short else "")


def _why_unread_itself(message: Message) -> str:
    if _is_encrypted(message):
        return ENCRYPTED
    if UNREAD.intersection(message.defects):
        return NOT_READ
    archived = any(
        part.media_type.startswith(ARCHIVES) or part.name.lower().endswith(ARCHIVE_ENDINGS)
        for part in message.attachments
    )
    return ARCHIVE_NOT_READ if archived and len(message.text.strip()) < FEW_WORDS else ""


def _is_encrypted(message: Message) -> bool:
    return "encrypted" in message.defects or any(
        part.name.lower().endswith(SEALED_ENDINGS[:2]) or part.content.startswith(b"-----BEGIN PGP MESSAGE")
        for part in message.attachments
    )


def _read(message: Message, extractor: TextExtractor | None) -> _Letters:
    documents = [part for part in message.attachments if _is_document(part)]
    texts: list[str] = []
    failures: list[str] = []
    for part in documents[:MAX_DOCUMENTS]:
        text, failure = ("", "timeout") if failures.count("timeout") >= MAX_TIMEOUTS else _text(part, extractor)
        if text.strip():
            texts.append(text)
        if failure and not _is_small_picture(part):
            failures.append(failure)
    return _Letters(tuple(texts), len(failures), len(documents) > MAX_DOCUMENTS)


def _text(part: Attachment, extractor: TextExtractor | None) -> tuple[str, str]:
    """The text, and a code where it could not be had."""
    if extractor is None:
        return "", "unsupported"
    if len(part.content) > MAX_BYTES:
        return "", "too_large"
    try:
        text = extractor.text(part.name, part.media_type, BytesIO(part.content))
    except TextUnreadable as error:
        return "", error.code
    return ("", "illegible") if _is_illegible(part, text) else (text, "")


def _is_illegible(part: Attachment, text: str) -> bool:
    """Whether a picture shows writing in which no language can be seen: handwriting, or a bad photograph of a page."""
    return part.media_type.startswith("image/") and len(text.strip()) >= MUCH_TEXT and language_of(text) == "und"


def _is_small_picture(part: Attachment) -> bool:
    return part.media_type.startswith("image/") and len(part.content) < SMALL_PICTURE


def _is_document(part: Attachment) -> bool:
    if not part.content:
        return False
    named = part.media_type.startswith(TYPES) or part.name.lower().endswith(ENDINGS)
    return named or part.content.startswith(BEGINNINGS)
