"""The company's letterhead: a Word file whose header, footer and styles every letter takes over.

Whoever opens a letter trusts it, so a letterhead may hold text, pictures and page numbers and nothing that fetches,
runs or is computed: no relationship to anything outside the file, no macros, no OLE, no attached template, no imported
content (altChunk), no other fields (`letterhead_fields`). Its parts are on an allow list (`letterhead_parts`); in
each, elements and attributes are known by their local names, because a program may read a namespace that another one
passes over.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from outputs.errors import WordingRefused
from outputs.letterhead_fields import FIELD, strange_fields
from outputs.letterhead_parts import CONTENT_TYPES, MAIN, strange_parts

LARGEST = 5 * 1024 * 1024
LARGEST_CONTENT = 40 * 1024 * 1024
MOST_PARTS = 300
_KINDS = frozenset(
    {
        *("officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "theme", "numbering"),
        *("header", "footer", "image", "footnotes", "endnotes", "customXml", "customXmlProps"),
    }
)
_FORBIDDEN = frozenset(
    {
        *("altChunk", "object", "attachedTemplate", "OLEObject", "control", "contentPart"),
        *("subDoc", "mailMerge", "saveThroughXslt", "dataBinding", "updateFields", "linkStyles"),
        *("ffData", "fldData", "entryMacro", "exitMacro", "hlinkClick", "hlinkHover"),
    }
)
_ADDRESSES = ("src", "href", "url")  # attributes that a program may follow; "#…" is a place in the file itself
_own: list[bytes] = []  # the letterhead in use, if any; set by the wiring


def use(content: bytes | None) -> None:
    """From now on this process writes its letters on this letterhead; None: on plain paper."""
    _own[:] = [content] if content is not None else []


def in_use() -> bytes | None:
    return _own[0] if _own else None


def read_letterhead(path: Path) -> bytes:
    """The bytes of a letterhead that may be used; raises `WordingRefused` with everything that speaks against it."""
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError as error:
        raise WordingRefused("letterhead_missing", f"{path} cannot be read ({type(error).__name__})") from None
    if not content:
        raise WordingRefused("letterhead_large", f"{path} is empty or larger than {LARGEST // 1024**2} MB")
    if found := problems(content):
        raise WordingRefused("letterhead_unsafe", f"{path}: " + "; ".join(found))
    return content


def problems(content: bytes) -> list[str]:
    """Why a file is no letterhead; empty where it is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                return ["it unpacks to more than a letterhead holds"]
            held = [part for part in parts if not (part.is_dir() and not part.file_size)]
            if len({part.filename for part in held}) < len(held):
                return ["it holds a part twice"]
            return list(dict.fromkeys(_problems({part.filename: archive.read(part) for part in held})))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return ["it is damaged, encrypted or no .docx"]


def _problems(parts: dict[str, bytes]) -> Iterator[str]:
    if MAIN.encode() not in parts.get(CONTENT_TYPES, b"") or "word/document.xml" not in parts:
        yield "it is no Word document without macros; save it as .docx"
    yield from strange_parts(parts)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):  # whatever else there is, `strange_parts` has named
            yield from _in_xml(name, content)


def _in_xml(name: str, content: bytes) -> Iterator[str]:
    try:
        root = SafeXml.fromstring(content, forbid_dtd=True)
    except (SafeXml.ParseError, DefusedXmlException, ValueError, LookupError):
        yield f"{name} is no plain XML"
        return
    if name.endswith(".rels"):
        for element in root:
            yield from _relationship(element.attrib)
        return
    for element in root.iter():
        yield from _element(name, element.tag, element.attrib, element.text or "")
    yield from strange_fields(name, root)


def _relationship(found: dict[str, str]) -> Iterator[str]:
    if found.get("TargetMode") == "External":
        yield "it points outside itself (a link, a linked picture or a template); remove the link"
    kind = found.get("Type", "").rpartition("/")[2]
    if kind not in _KINDS:
        yield f"it holds something of the kind {kind[:40]}, which no letterhead needs"


def _element(name: str, tag: str, attributes: dict[str, str], text: str) -> Iterator[str]:
    local = _local(tag)
    if local in _FORBIDDEN:
        yield f"{name} holds <{local}>"
    if local == "fldSimple" and not FIELD.fullmatch(_named(attributes, "instr")):
        yield f"{name} holds a field other than page numbers"
    if (local == "Template" and re.search(r"[\\/:]", text)) or (local == "HyperlinkBase" and text.strip()):
        yield f"{name} names a place in <{local}>; save it without"
    for key, value in attributes.items():
        if _local(key) in _ADDRESSES and value and not value.startswith("#"):
            yield f"{name} names an address in <{local}>"
        if _local(key) == "macro" and value:
            yield f"{name} names a macro in <{local}>"
    if name == "word/document.xml" and local == "t" and text.strip():
        yield "its page holds text, which would be lost; a letterhead stands in header and footer"


def _local(name: str) -> str:
    """Of an element or attribute, whatever its namespace: Strict and Transitional have two, and so may a forger."""
    return name.rpartition("}")[2]


def _named(attributes: dict[str, str], local: str) -> str:
    """The value of the attribute of this name; of two, both, so that neither hides the other."""
    return "".join(value for key, value in attributes.items() if _local(key) == local)
