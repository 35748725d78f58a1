"""The company's letterhead: a Word file whose header, footer and styles every letter takes over.

Whoever opens a letter trusts it, so a letterhead may hold text, pictures and page numbers and nothing that fetches,
runs or is computed: no relationship to anything outside the file, no macros, no OLE, no attached template, no imported
content (altChunk), no other fields.
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

LARGEST = 5 * 1024 * 1024
LARGEST_CONTENT = 40 * 1024 * 1024
MOST_PARTS = 300
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_KINDS = frozenset(
    {
        *("officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("styles", "stylesWithEffects", "settings", "webSettings", "fontTable", "theme", "numbering"),
        *("header", "footer", "image", "footnotes", "endnotes", "customXml", "customXmlProps"),
    }
)
_PICTURES = ("png", "jpeg", "jpg", "gif")
FIELD = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b(\s*\\\*\s*(MERGEFORMAT|Arabic)\s*)*\s*", re.IGNORECASE)
_FORBIDDEN = frozenset(
    {
        *("altChunk", "object", "attachedTemplate", "OLEObject", "control"),
        *("subDoc", "mailMerge", "saveThroughXslt", "dataBinding"),
    }
)
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
            return list(dict.fromkeys(_problems({part.filename: archive.read(part) for part in parts})))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return ["it is damaged, encrypted or no .docx"]


def _problems(parts: dict[str, bytes]) -> Iterator[str]:
    if _MAIN.encode() not in parts.get("[Content_Types].xml", b"") or "word/document.xml" not in parts:
        yield "it is no Word document without macros; save it as .docx"
    for name, content in parts.items():
        if re.search(r"vba|activeX|embeddings|oleObject|macro|\.bin$", name, re.IGNORECASE):
            yield f"it holds {name}: no macros, OLE objects or embedded files"
        elif name.startswith("word/media/") and not name.lower().endswith(_PICTURES):
            yield f"it holds the picture {name}; save pictures as PNG or JPEG"
        elif name.endswith((".xml", ".rels", ".vml")):
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
    yield from _fields(name, root)


def _relationship(found: dict[str, str]) -> Iterator[str]:
    if found.get("TargetMode") == "External":
        yield "it points outside itself (a link, a linked picture or a template); remove the link"
    kind = found.get("Type", "").rpartition("/")[2]
    if kind not in _KINDS:
        yield f"it holds something of the kind {kind[:40]}, which no letterhead needs"


def _element(name: str, tag: str, attributes: dict[str, str], text: str) -> Iterator[str]:
    local = tag.rpartition("}")[2]
    if local in _FORBIDDEN:
        yield f"{name} holds <{local}>"
    if local == "fldSimple" and not FIELD.fullmatch(attributes.get(f"{_WORD}instr", "")):
        yield f"{name} holds a field other than page numbers"
    for key, value in attributes.items():
        if key.rpartition("}")[2] in ("src", "href") and ":" in value:
            yield f"{name} names an address in <{local}>"
    if name == "word/document.xml" and local == "t" and text.strip():
        yield "its page holds text, which would be lost; a letterhead stands in header and footer"


def _fields(name: str, root: object) -> Iterator[str]:
    """The instruction of a complex field may be cut into pieces: they are read between its begin and its end."""
    told = ""
    for element in root.iter():  # type: ignore[attr-defined]  # the parser's elements have no public type
        if element.tag == f"{_WORD}instrText":
            told += element.text or ""
        elif element.tag == f"{_WORD}fldChar" and element.get(f"{_WORD}fldCharType") != "begin":
            if told and not FIELD.fullmatch(told):
                yield f"{name} holds a field other than page numbers"
            told = ""
    if told:
        yield f"{name} holds a field without an end"
