"""A letter as PDF (PDF/UA-1 and PDF/A-2a: tagged, fonts embedded) with Typst, in memory only.

The letter goes in as JSON through `sys.inputs` and is shown as text, so that nothing in it is read as markup.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import resources
from typing import Literal

import orjson
import typst

from outputs import letterhead
from outputs.document import Block, Bullets, Document, Heading, Letterhead, Paragraph, Table, Terms, changed, cleaned
from outputs.errors import LetterRefused
from outputs.letter_proof import is_whole
from outputs.letterhead_read import read_paper
from outputs.paper import Paper

_LARGE = 1.6  # times the usual size: about 18 points
_LONGEST_WORD = 44  # signs that fit beside each other in the narrowest place for values
_Standard = Literal["a-2a", "ua-1"]
WINDOW = 45.0  # mm from the upper edge of the sheet: there the address begins (DIN 5008 form B)
_NOTHING = Document("de", "-", Letterhead("-", (), "", (), ()), "-", "-", (), ("-",), ("", ""))
_ACCESSIBLE: tuple[_Standard, ...] = ("ua-1", "a-2a")


def pdf(letter: Document, written_at: datetime, *, large: bool = False) -> bytes:
    """The letter as PDF, in large print on request (FRM-01); on plain paper where a letterhead leaves no room. Raises
    `LetterRefused` where a text of it is on no sheet."""
    said, content = cleaned(letter), letterhead.in_use()
    papers = (read_paper(content), None) if content else (None,)
    for paper in papers:
        made = _drawn(_plain(_breakable(said, large), large), paper, written_at)
        if made and is_whole(said, made, plain=paper is None):
            return made
    raise LetterRefused("pdf_incomplete", "a text of the letter does not come out on its sheets; report this as a bug")


def _drawn(letter: dict[str, object], paper: Paper | None, written_at: datetime) -> bytes:
    """Both standards forbid a sign that no font can show; a name written in one (an emoji, a rare script) is tried with
    the machine's fonts, and last as tagged PDF without the claim to the standards. Empty where nothing helps."""
    for standards, shipped_only in ((_ACCESSIBLE, True), (_ACCESSIBLE, False), ((), False)):
        try:
            return _compile(letter, paper, written_at, standards, shipped_only)
        except typst.TypstError:
            continue
    return b""


def _breakable(letter: Document, large: bool) -> Document:
    """What has no blank for longer than a line of values may break anywhere: else its end lies beside the sheet. Words
    with hyphens break by themselves, and a passphrase is copied from the letter: nothing is put between them."""
    longest = int(_LONGEST_WORD / (_LARGE if large else 1))
    run = re.compile(rf"[!-~\u00a1-\u024f]{{{longest},}}")
    return changed(letter, lambda text: run.sub(lambda found: _broken(found[0], longest), text))


def _broken(run: str, longest: int) -> str:
    cut = ""
    for piece in re.findall(r"[^-]*-|[^-]+$", run):
        joint = "\u200b" if cut and not piece[0].isalpha() else ""  # no line ends between a hyphen and a digit
        cut += joint + (re.sub(".{8}", "\\g<0>\u200b", piece) if len(piece) >= longest else piece)
    return cut


def paper_faults(content: bytes) -> list[str]:
    """What of a letterhead the PDF letter does not show as Word does, and what it does to the letter; empty where all
    is well. The file is one that `read_letterhead` has let pass."""
    paper = read_paper(content)
    found = [f"the PDF letter cannot show {what}" for what in paper.lost]
    try:
        _compile(_plain(_NOTHING, large=False), paper, datetime(2026, 1, 1, tzinfo=UTC), _ACCESSIBLE, shipped_only=True)
    except typst.TypstError:
        return [*found, "it cannot stand in an accessible PDF: save its pictures as PNG or JPEG (RGB), use usual signs"]
    if _header_end(paper) > WINDOW:
        found.append(f"its header ends below {WINDOW:.0f} mm: the address slides out of the envelope's window")
    return found


def _header_end(paper: Paper) -> float:
    """Millimetres from the upper edge of the sheet."""
    said = orjson.dumps(_plain(_NOTHING, large=False) | {"paper": _sheet(paper)}).decode()
    found = typst.query(_template(), "<header-end>", field="value", one=True, sys_inputs={"letter": said})
    return float(found)


def _template() -> bytes:
    return resources.files("outputs").joinpath("templates/letter.typ").read_bytes()


def _compile(
    letter: dict[str, object],
    paper: Paper | None,
    written_at: datetime,
    standards: tuple[_Standard, ...],
    shipped_only: bool,
) -> bytes:
    made: bytes = typst.compile(
        _template(),
        sys_inputs={"letter": orjson.dumps(letter | {"paper": _sheet(paper)}).decode()},
        pdf_standards=list(standards),
        ignore_system_fonts=shipped_only,
        timestamp=int(written_at.astimezone(UTC).timestamp()),
    )
    return made


def _sheet(paper: Paper | None) -> dict[str, object] | None:
    """The letterhead; pictures as lists of bytes, the one form in which JSON takes them to Typst."""
    if paper is None:
        return None
    pictures = {name: list(content) for name, content in paper.pictures.items()}
    edges = {"header_at": paper.header_at, "footer_at": paper.footer_at}
    return {"first": paper.first, "rest": paper.rest, "pictures": pictures, **edges}


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
