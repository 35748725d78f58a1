"""A letter as PDF, Word, OpenDocument, RTF and as a picture of its page; made here, with nothing but a sentence."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import typst

_ODT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:text>'
    "<text:p>{}</text:p></office:text></office:body></office:document-content>"
)


def pdf_of(text: str) -> bytes:
    return _typst(text, "pdf")


def png_of(text: str) -> bytes:
    """A page of A5 with large letters, at 150 dots an inch."""
    return _typst(text, "png")


def _typst(text: str, form: str) -> bytes:
    source = '#set page("a5")\n#set text(size: 13pt, lang: "de")\n' + text.replace("#", "\\#").replace("\n", "\\\n")
    made = typst.compile(source.encode(), format=form, ppi=150.0)
    return bytes(made[0] if isinstance(made, list) else made)


def scanned_pdf_of(text: str, folder: Path) -> bytes:
    """A PDF that is only a picture of the page."""
    (folder / "scan.png").write_bytes(png_of(text))
    made = typst.compile(
        b'#set page("a5", margin: 0pt)\n#image("scan.png", width: 100%)', root=str(folder), format="pdf"
    )
    return bytes(made)


def tiff_of(pages: Sequence[bytes]) -> bytes:
    """Uncompressed grey pages in one TIFF (6.0), from PNG pictures as `png_of` makes them."""
    found, last = bytearray(b"II*\x00" + struct.pack("<I", 0)), 4
    for page in pages:
        width, height, grey = _grey(page)
        at = len(found)
        found += grey + b"\0" * (len(grey) % 2)
        struct.pack_into("<I", found, last, len(found))
        tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: at, 277: 1, 278: height, 279: len(grey)}
        found += struct.pack("<H", len(tags))
        found += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
        last = len(found)
        found += struct.pack("<I", 0)
    return bytes(found)


def _grey(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and the first channel of an 8-bit PNG (ISO/IEC 15948), its rows' filters undone."""
    width, height, _, colour = struct.unpack(">IIBB", png[16:26])
    step, packed, at = {0: 1, 2: 3, 4: 2, 6: 4}[colour], b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    raw, above, found = zlib.decompress(packed), bytearray(width * step), bytearray()
    for row in range(height):
        start = row * (width * step + 1)
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + width * step]), above, step)
        found += above[::step]
    return width, height, bytes(found)


def _unfiltered(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    for at in range(len(line)):
        left, corner = (line[at - step], above[at - step]) if at >= step else (0, 0)
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        line[at] = (line[at] + guess) & 255
    return line


def _paeth(left: int, up: int, corner: int) -> int:
    distances = [(abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner)]
    return min(distances)[2]


def docx_of(text: str) -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def odt_of(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", _ODT.format(escape(text)))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
            'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.text"/></manifest:manifest>',
        )
    return target.getvalue()


def rtf_letter(text: str) -> bytes:
    coded = "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text)
    return ("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 " + coded + "\\par}").encode()
