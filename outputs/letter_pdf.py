"""A letter as PDF (PDF/UA-1 and PDF/A-2a: tagged, fonts embedded) with Typst, in memory only.

The letter goes in as JSON through `sys.inputs` and is shown as text, so that nothing in it is read as markup.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from typing import Literal

import orjson
import typst

from outputs.document import Block, Bullets, Document, Heading, Paragraph, Table, Terms, cleaned
from outputs.errors import LetterRefused

_LARGE = 1.6  # times the usual size: about 18 points
_Standard = Literal["a-2a", "ua-1"]
_ACCESSIBLE: tuple[_Standard, ...] = ("ua-1", "a-2a")


def pdf(letter: Document, written_at: datetime, *, large: bool = False) -> bytes:
    """The letter as PDF, in large print on request (FRM-01). Both standards forbid a sign that no font can show; a name
    written in one (an emoji, a rare script) is tried with the machine's fonts, and last as tagged PDF without the claim
    to the standards."""
    for standards, shipped_only in ((_ACCESSIBLE, True), (_ACCESSIBLE, False), ((), False)):
        try:
            return _compile(_plain(cleaned(letter), large), written_at, standards, shipped_only)
        except typst.TypstError:
            continue
    raise LetterRefused("pdf_failed", "the template outputs/templates/letter.typ does not compile")


def _compile(
    letter: dict[str, object], written_at: datetime, standards: tuple[_Standard, ...], shipped_only: bool
) -> bytes:
    template = resources.files("outputs").joinpath("templates/letter.typ").read_bytes()
    made: bytes = typst.compile(
        template,
        sys_inputs={"letter": orjson.dumps(letter).decode()},
        pdf_standards=list(standards),
        ignore_system_fonts=shipped_only,
        timestamp=int(written_at.astimezone(UTC).timestamp()),
    )
    return made


def _plain(letter: Document, large: bool) -> dict[str, object]:
    head = letter.letterhead
    return {
        "scale": _LARGE if large else 1.0,
        "language": letter.language,
        "title": letter.title,
        "letterhead": {
            "sender": head.sender,
            "lines": head.sender_lines,
            "return_line": head.return_line,
            "address": head.address,
            "facts": head.facts,
            "case": head.case,
        },
        "subject": letter.subject,
        "greeting": letter.greeting,
        "blocks": [_block(block) for block in letter.blocks],
        "closing": letter.closing,
        "page_of": letter.page_of,
    }


def _block(block: Block) -> dict[str, object]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            return {"kind": "paragraph", "text": block.text}
        case Bullets():
            return {"kind": "bullets", "items": block.items}
        case Terms():
            terms = [{"label": term.label, "values": term.values} for term in block.items]
            return {"kind": "terms", "items": terms}
        case Table():
            return {"kind": "table", "header": block.header, "rows": block.rows, "shares": block.shares}
