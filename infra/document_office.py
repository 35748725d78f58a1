"""What kreuzberg leaves out of zipped office documents: headers, footers, comments, notes, properties.

For OOXML (ISO/IEC 29500), OpenDocument (ISO/IEC 26300) and EPUB. Runs only inside the confined worker process.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.sax import ContentHandler, SAXParseException

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import create_parser

from cases.text import TextUnreadable

_MOST_ENTRIES = 10_000
_MOST_CLEAR = 256 * 1024 * 1024
_ENCRYPTED = 0x1
# Parts that hold no words of people, or cells, which kreuzberg reads.
_SILENT = re.compile(
    r"\[Content_Types\]|(^|/)(_rels|theme|slideLayouts|worksheets)/|(word|xl)/styles\.xml|/settings\.xml"
    r"|(sharedStrings|fontTable|webSettings|numbering|calcChain|presProps|viewProps|tableStyles)\.xml"
)
_BREAKS = frozenset({"p", "h", "br", "tab", "tr", "tc", "row", "c", "table-cell", "comment", "si", "a"})
_SPACE = re.compile(r"\s+")


def check_archive(data: bytes) -> None:
    """Raise `TextUnreadable` for a zip that is a bomb (`too_large`), locked (`encrypted`) or broken (`damaged`)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise TextUnreadable("damaged") from None
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_CLEAR:
        raise TextUnreadable("too_large")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise TextUnreadable("encrypted")


def further_office_text(data: bytes, body: str) -> Iterator[str]:
    """Lines of the document's XML parts that `body` does not hold; raises `TextUnreadable`."""
    known = _Known(body)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".xml") and not _SILENT.search(entry.filename):
                yield from (line for line in _lines(archive, entry) if line not in known)


class _Known:
    """What a text holds already, in whole words: "Ernst" is not known for a body that says "Ernsthaft".

    Asked in reading order, as parts are, it hardly searches.
    """

    def __init__(self, body: str) -> None:
        self._lines = {f" {_SPACE.sub(' ', line).strip()} " for line in body.splitlines()}
        self._body = f" {_SPACE.sub(' ', body)} "
        self._at = 0

    def __contains__(self, line: str) -> bool:
        wanted = f" {line} "
        if wanted in self._lines:
            return True
        found = self._body.find(wanted, self._at)
        if found < 0:
            return wanted in self._body
        self._at = found
        return True


def _lines(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> list[str]:
    handler = _Words()
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        with archive.open(entry) as part:
            parser.parse(part)
    except DefusedXmlException:
        raise TextUnreadable("damaged") from None
    except (SAXParseException, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise TextUnreadable("damaged") from None
    return [line for line in (_SPACE.sub(" ", part).strip() for part in "".join(handler.words).split("\n")) if line]


class _Words(ContentHandler):
    """Collects all character data, and who wrote comments and changes."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 - the name SAX calls
        assert hasattr(attrs, "items")
        if name.rpartition(":")[2] in _BREAKS:
            self.words.append("\n")
        for attribute, value in attrs.items():
            if attribute.rpartition(":")[2] in {"author", "initials", "userName"}:
                self.words.append(f"{value}\n")

    def endElement(self, name: str) -> None:  # noqa: N802 - the name SAX calls
        if name.rpartition(":")[2] not in {"r", "t", "span", "rPr", "proofErr"}:
            self.words.append("\n")

    def characters(self, content: str) -> None:
        self.words.append(content)
