"""A letter as PDF, Word, OpenDocument, RTF and as a picture of its page; made here, with nothing but a sentence."""

from __future__ import annotations

import io
import zipfile
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


def scanned_pdf_of(text: str) -> bytes:
    """A PDF that is only a picture of the page."""
    from PIL import Image

    target = io.BytesIO()
    Image.open(io.BytesIO(png_of(text))).convert("L").save(target, "PDF", resolution=150)
    return target.getvalue()


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
