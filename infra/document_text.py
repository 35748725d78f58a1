"""The text of one document, as complete as it can be had. Runs only inside the confined worker process.

kreuzberg reads the formats, but for a search it leaves too much out: headers and footers, comments, form values,
scanned pages between others, letters that are not UTF-8, parts of web pages. What it leaves out is added here, and
what cannot be read raises: an unread part must never look like an empty one.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import PurePosixPath

import kreuzberg
from kreuzberg import exceptions as trouble

from cases.text import TextUnreadable
from infra.document_office import check_archive, further_office_text
from infra.document_pdf import is_locked, pages_to_recognise, written_into_forms
from infra.document_picture import tiff_pages

_DEEPEST = 5
_MOST_PARTS = 500
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,30})""")
_ENCODINGS = {
    "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "iso-8859-15", "iso-8859-2",
    "windows-1252", "cp1252", "windows-1250", "windows-1251", "koi8-r", "utf-16", "utf-16le", "utf-16be",
}  # fmt: skip
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_OLE, _ZIP, _RTF, _PDF = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"{\\rtf", b"%PDF-"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_OLE_STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__substg1.0_": "application/vnd.ms-outlook",
}
_TEXTUAL = {"application/json", "application/xml", "application/x-ndjson", "application/yaml", "image/svg+xml"}
_SUFFIXES = {
    ".eml": "message/rfc822", ".htm": "text/html", ".html": "text/html", ".xhtml": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation", ".epub": "application/epub+zip",
}  # fmt: skip
_HTML = {"text/html", "application/xhtml+xml"}
_MAIL = "message/rfc822"
_OFTEN_WRONG = {"application/vnd.ms-excel", "application/msword"}  # what Windows calls CSV, and what is text inside
_ZIPS = {"", "application/zip", "application/x-zip-compressed"}
_UNKNOWN = {"", "application/octet-stream", "application/x-empty"}


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its bytes, what its sender calls it (may be empty or wrong), and the OCR languages, if any."""

    data: bytes
    media_type: str = ""
    suffix: str = ""
    ocr: str = ""
    depth: int = 0


def document_text(document: Document) -> str:
    """The text of the whole document; raises `TextUnreadable`."""
    if document.depth > _DEEPEST:
        raise TextUnreadable("too_large")
    if not document.data:
        return ""
    return _reader(document)(document)


def _reader(document: Document) -> Callable[[Document], str]:
    head = document.data[:1024].lstrip()
    if _PDF in document.data[:1024]:
        return _pdf
    if document.data.startswith(_ZIP):
        return _zipped
    if document.data.startswith(_OLE):
        return _old_office
    if head.startswith(_RTF):
        return lambda rtf: _kreuzberg(rtf.data, "application/rtf", "").content
    return _by_name(document, _named_type(document))


def _by_name(document: Document, named: str) -> Callable[[Document], str]:
    found = _sniffed(document.data)
    if found.startswith("image/") and found != "image/svg+xml":
        return lambda image: _picture(image, found)
    if named in _HTML or (found in _HTML and named in _UNKNOWN | {"text/plain"}):
        return lambda page: html_text(page.data)
    if named == _MAIL:
        return _mail
    if named.startswith("text/") or named in _TEXTUAL or named in _UNKNOWN or named.endswith(("+xml", "+json")):
        return lambda plain: plain_text(plain.data)
    if named in _OFTEN_WRONG:
        return lambda plain: plain_text(plain.data)
    return lambda other: _kreuzberg(other.data, named, "").content


def _named_type(document: Document) -> str:
    declared = document.media_type.partition(";")[0].strip().lower()
    return _SUFFIXES.get(document.suffix.lower(), "") if declared in _UNKNOWN else declared


def _sniffed(data: bytes) -> str:
    """What the first bytes show; empty where they show nothing."""
    try:
        return str(kreuzberg.detect_mime_type(data))
    except (trouble.KreuzbergError, RuntimeError):
        return ""


def plain_text(data: bytes) -> str:
    """Text in UTF-8, UTF-16 (with byte-order mark) or, as old programs write it, Windows-1252.

    Raises `TextUnreadable("unsupported")` for what is no text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data, encoding)
    if b"\x00" in data:
        return _wide_text(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _wide_text(data: bytes) -> str:
    """UTF-16 without its mark shows as zero bytes at every second place."""
    sample = data[:4096]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if max(odd, even) * 3 < len(sample) // 2 or min(odd, even) * 10 > max(odd, even):
        raise TextUnreadable("unsupported")
    return _decoded(data, "utf-16-le" if odd > even else "utf-16-be")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise TextUnreadable("damaged") from None


def html_text(data: bytes) -> str:
    """All a web page says, hidden parts, comments and telling attributes included; scripts and styles not."""
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode().lower() if declared else ""
    if name in _ENCODINGS and not name.startswith(("utf", "us-", "ascii")):
        page = data.decode(name, errors="replace")
    else:
        page = plain_text(data)
    parser = _Everything()
    parser.feed(page)
    parser.close()
    return "\n".join(line for line in (" ".join(part.split()) for part in "".join(parser.parts).split("\n")) if line)


class _Everything(HTMLParser):
    _SILENT = frozenset({"script", "style"})
    _INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "em", "font", "i", "mark", "s", "small", "span", "strong",
                         "sub", "sup", "u", "wbr"})  # fmt: skip
    _TELLING = frozenset({"alt", "title", "value", "placeholder", "content", "aria-label", "datetime"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in self._SILENT
        if tag not in self._INLINE:
            self.parts.append("\n")
        for name, value in attrs:
            if value and (name in self._TELLING or (name == "href" and value.lower().startswith(("mailto:", "tel:")))):
                self.parts.append(f" {value} ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        if tag not in self._INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"\n{data}\n")


def _mail(document: Document) -> str:
    message = email.message_from_bytes(document.data, policy=email.policy.default)
    lines = [f"{name}: {value}" for name, value in message.items()]
    for count, part in enumerate(message.walk()):
        if count > _MOST_PARTS:
            raise TextUnreadable("too_large")
        lines.extend(_part_text(document, part))
    return "\n".join(lines)


def _part_text(document: Document, part: EmailMessage) -> Iterator[str]:
    if part.is_multipart():  # walk() comes to the parts by itself, but not to the head of a mail within the mail
        if part.get_content_type() == _MAIL:
            yield from (f"{name}: {value}" for mail in part.iter_parts() for name, value in mail.items())
        return
    name = part.get_filename() or ""
    payload = part.get_payload(decode=True)
    yield name
    if isinstance(payload, bytes):
        charset = part.get_content_charset() or ""
        if part.get_content_type() == "text/plain" and charset in _ENCODINGS:
            yield payload.decode(charset, errors="replace")
            return
        suffix = PurePosixPath(name).suffix
        inner = replace(document, data=payload, media_type=part.get_content_type(), suffix=suffix)
        yield document_text(replace(inner, depth=document.depth + 1))


def _zipped(document: Document) -> str:
    check_archive(document.data)
    found, named = _sniffed(document.data), _named_type(document)
    media_type = named if found in _ZIPS and named not in _UNKNOWN else found
    if media_type in _ZIPS:
        raise TextUnreadable("unsupported")  # archives are opened by who walks the source, entry by entry
    lines = [line.rstrip() for line in _kreuzberg(document.data, media_type, "").content.splitlines()]
    body = "\n".join(line for line in lines if line)  # sheets come padded to their farthest cell
    return "\n".join([body, *further_office_text(document.data, body)])


def _old_office(document: Document) -> str:
    if _LOCKED_OFFICE in document.data:
        raise TextUnreadable("encrypted")
    for stream, media_type in _OLE_STREAMS.items():
        if stream.encode("utf-16-le") in document.data:
            return _kreuzberg(document.data, media_type, "").content
    raise TextUnreadable("unsupported")


def _pdf(document: Document) -> str:
    if is_locked(document.data):
        raise TextUnreadable("encrypted")
    result = _kreuzberg(document.data, "application/pdf", "")
    lines = [result.content, *(note.content or "" for note in result.annotations or ())]
    lines.extend(written_into_forms(document.data))
    silent = [page["page_number"] for page in result.pages or () if not page["content"].strip()]
    pictured = pages_to_recognise(document.data, silent)
    if pictured is not None:
        if not document.ocr:
            raise TextUnreadable("unsupported")
        lines.append(_kreuzberg(pictured, "application/pdf", document.ocr, whole=True).content)
    return "\n".join(line for line in lines if line)


def _picture(document: Document, media_type: str) -> str:
    if not document.ocr:
        raise TextUnreadable("unsupported")
    pages = (_kreuzberg(page, media_type, document.ocr).content for page in tiff_pages(document.data))
    return "\n".join(pages)


def _kreuzberg(data: bytes, media_type: str, ocr: str, *, whole: bool = False) -> kreuzberg.ExtractionResult:
    try:
        result = kreuzberg.extract_bytes_sync(data, media_type, _config(ocr, whole=whole))
    except trouble.ParsingError as error:
        raise TextUnreadable(_parsing_code(str(error))) from None
    except (trouble.ValidationError, trouble.MissingDependencyError, trouble.PluginError):
        raise TextUnreadable("unsupported") from None
    except trouble.KreuzbergError:
        raise TextUnreadable("damaged") from None
    except MemoryError:
        raise TextUnreadable("too_large") from None
    if result.processing_warnings:
        raise TextUnreadable("damaged")  # something of the document was passed over
    return result


def _parsing_code(message: str) -> str:
    lowered = message.lower()
    if "password" in lowered or "encrypt" in lowered:
        return "encrypted"
    if "limit" in lowered or "too large" in lowered or "exceed" in lowered:
        return "too_large"
    return "unsupported" if "unsupported" in lowered else "damaged"


def _config(ocr: str, *, whole: bool) -> kreuzberg.ExtractionConfig:
    return kreuzberg.ExtractionConfig(
        use_cache=False,  # its cache is clear text on disk
        enable_quality_processing=False,
        ocr=_ocr_config(ocr) if ocr else None,
        disable_ocr=not ocr,  # type: ignore[call-arg]  # its stub lacks it
        force_ocr=whole,
        content_filter=kreuzberg.ContentFilterConfig(
            include_headers=True, include_footers=True, strip_repeating_text=False, include_watermarks=True
        ),
        pdf_options=kreuzberg.PdfConfig(extract_annotations=True, top_margin_fraction=0.0, bottom_margin_fraction=0.0),
        pages=kreuzberg.PageConfig(extract_pages=True),
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=2),
    )


def _ocr_config(languages: str) -> kreuzberg.OcrConfig:
    tesseract = kreuzberg.TesseractConfig(language=languages, use_cache=False, output_format="text")
    return kreuzberg.OcrConfig(backend="tesseract", language=languages, tesseract_config=tesseract)
