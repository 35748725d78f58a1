"""The fields of a letterhead: page numbers, and nothing else is computed (ISO/IEC 29500-1, 17.16).

Programs differ in what they take for the instruction of a field: LibreOffice takes all text between its begin and its
separator, in whatever element it stands. So a page number must be written the way that Word and LibreOffice write it:
in runs of one parent, of one namespace, its instruction in `instrText` and nothing else before the separator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

FIELD: Final = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b(\s*\\\*\s*(MERGEFORMAT|Arabic)\s*)*\s*", re.IGNORECASE)
_STEPS: Final = frozenset({("end", "begin"), ("begin", "separate"), ("begin", "end"), ("separate", "end")})
_INSTRUCTION: Final = ("instrText", "delInstrText")
_SILENT: Final = ("rPr", "proofErr", "bookmarkStart", "bookmarkEnd", "lastRenderedPageBreak")
_OTHER: Final = "a field other than page numbers; remove it, or write its text instead"
_BROKEN: Final = "a field that is not whole; remove it and insert the page number anew"


def strange_fields(name: str, root: Any) -> Iterator[str]:
    """What speaks against the complex fields of a part; its simple ones say their instruction in an attribute."""
    space = root.tag.rpartition("}")[0]
    word = f"{space}}}" if space else ""
    everywhere = sum(_is_of_field(element) for element in root.iter())
    in_runs = 0
    for parent in (element for element in root.iter() if element.tag != f"{word}r"):
        written = list(_written(parent, word))
        in_runs += sum(_is_of_field(one) and one.tag.startswith(word) for one, in_run in written if in_run)
        yield from (f"{name} holds {fault}" for fault in _faults([one for one, _ in written], word))
    if in_runs != everywhere:  # a program may pass over what stands elsewhere, and another one read it
        yield f"{name} holds {_BROKEN}"


def _is_of_field(element: Any) -> bool:
    return element.tag.rpartition("}")[2] in ("fldChar", *_INSTRUCTION)


def _written(parent: Any, word: str) -> Iterator[tuple[Any, bool]]:
    """What the runs of a parent hold, in their order; its other children as they are."""
    for child in parent:
        if child.tag == f"{word}r":
            yield from ((one, True) for one in child)
        else:
            yield child, False


def _faults(written: list[Any], word: str) -> Iterator[str]:
    at, told = "end", ""
    for one in written:
        local = one.tag.removeprefix(word)
        if local == "fldChar":
            kind = one.get(f"{word}fldCharType", "")
            if (at, kind) not in _STEPS:
                yield _BROKEN
            if at == "begin" and not FIELD.fullmatch(told):
                yield _OTHER
            at, told = kind, ""
        elif local in _INSTRUCTION:
            if at != "begin" or len(one):
                yield _BROKEN
            told += one.text or ""
        elif at == "begin" and (local not in _SILENT or "".join(one.itertext()).strip()):
            yield _OTHER
    if at != "end":
        yield "a field without an end; remove it and insert the page number anew"
