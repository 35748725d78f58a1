"""Which parts a letterhead may consist of (ISO/IEC 29500-2): an allow list of names, each with its content type. What
is not on it is refused, for it would get into every letter without anybody having looked at it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

CONTENT_TYPES: Final = "[Content_Types].xml"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_WORD: Final = f"{_OFFICE}wordprocessingml."
_PACKAGE: Final = "application/vnd.openxmlformats-package."
MAIN: Final = f"{_WORD}document.main+xml"
_RELATIONSHIPS: Final = f"{_PACKAGE}relationships+xml"
_XML: Final = (
    (r"_rels/\.rels|(word|word/theme|customXml)/_rels/[A-Za-z]{1,20}\d{0,3}\.xml\.rels", _RELATIONSHIPS),
    (r"word/document\.xml", MAIN),
    (r"word/styles\.xml", f"{_WORD}styles+xml"),
    (r"word/stylesWithEffects\.xml", "application/vnd.ms-word.stylesWithEffects+xml"),
    (r"word/settings\.xml", f"{_WORD}settings+xml"),
    (r"word/webSettings\.xml", f"{_WORD}webSettings+xml"),
    (r"word/fontTable\.xml", f"{_WORD}fontTable+xml"),
    (r"word/numbering\.xml", f"{_WORD}numbering+xml"),
    (r"word/footnotes\.xml", f"{_WORD}footnotes+xml"),
    (r"word/endnotes\.xml", f"{_WORD}endnotes+xml"),
    (r"word/header\d{0,3}\.xml", f"{_WORD}header+xml"),
    (r"word/footer\d{0,3}\.xml", f"{_WORD}footer+xml"),
    (r"word/theme/theme\d{0,3}\.xml", f"{_OFFICE}theme+xml"),
    (r"docProps/app\.xml", f"{_OFFICE}extended-properties+xml"),
    (r"docProps/core\.xml", f"{_PACKAGE}core-properties+xml"),
    (r"docProps/custom\.xml", f"{_OFFICE}custom-properties+xml"),
    (r"customXml/item\d{0,3}\.xml", "application/xml"),
    (r"customXml/itemProps\d{0,3}\.xml", f"{_OFFICE}customXmlProperties+xml"),
)
_PICTURE: Final = re.compile(r"(word/media/[A-Za-z0-9_ -]{1,80}|docProps/thumbnail)\.(png|jpeg|jpg|gif)", re.IGNORECASE)
_REMEDIES: Final = (  # what Word puts into a file without being asked, and how to be rid of it
    (r"docMetadata/.*", "a sensitivity label; take it off in Word (Home, Sensitivity) and save the file anew"),
    (
        r"word/(people|comments\w*)\.xml",
        "who has commented or changed it; copy header and footer into a new document and save that",
    ),
    (
        r"word/media/.*\.(svg|emf|wmf)",
        "a vector picture; save that picture as PNG, delete it in the letterhead and insert the PNG",
    ),
)
_JPEG: Final = b"\xff\xd8\xff"
_PICTURES: Final = {"image/png": b"\x89PNG", "image/jpeg": _JPEG, "image/jpg": _JPEG, "image/gif": b"GIF8"}


def strange_parts(parts: Mapping[str, bytes]) -> Iterator[str]:
    """What speaks against the parts of a file: one that no letterhead has, that says to be something else than its
    name, that is there twice, or a picture that is none. What is in the XML is looked at elsewhere."""
    types = _types(parts.get(CONTENT_TYPES, b""))
    if types is None:
        yield f"{CONTENT_TYPES} is no plain XML, or names a part twice"
        return
    if len({name.lower() for name in parts}) < len(parts):
        yield "it holds a part twice"
    for name, content in parts.items():
        if name != CONTENT_TYPES and (fault := _strange(name, content, _type(name, types))):
            yield f"it holds {name[:60]}, {fault}"


def _strange(name: str, content: bytes, kind: str) -> str:
    for pattern, expected in _XML:
        if re.fullmatch(pattern, name):
            return "" if kind == expected else "which says to be something else"
    if not _PICTURE.fullmatch(name):
        for pattern, remedy in _REMEDIES:
            if re.fullmatch(pattern, name, re.IGNORECASE):
                return f"which is {remedy}"
        return "which is no part of a letterhead: no macros, objects, embedded files or vector pictures"
    begins = _PICTURES.get(kind)
    return "" if begins and content.startswith(begins) else "which is no picture as PNG, JPEG or GIF"


def _types(content: bytes) -> dict[str, str] | None:
    """Content types by part (`/word/document.xml`) and by ending (`xml`), in lower case; None where they are not
    clear."""
    try:
        root = SafeXml.fromstring(content, forbid_dtd=True)
    except (SafeXml.ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    found: dict[str, str] = {}
    for one in root:
        key = (one.get("PartName") or one.get("Extension") or "").lower()
        if key in found:
            return None
        found[key] = one.get("ContentType", "")
    return found


def _type(name: str, types: Mapping[str, str]) -> str:
    low = name.lower()
    return types.get(f"/{low}") or types.get(low.rpartition(".")[2], "")
