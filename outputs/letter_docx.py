"""A letter as Word document (ISO/IEC 29500), in memory: real headings, lists, tables with header rows, page fields.

Margins and the address follow DIN 5008 form B, so that the address shows in the window of an envelope: its field
begins 45 mm below the edge of the sheet, the text at 98.5 mm. On plain paper the first page has fold marks at 105 and
210 mm; a letterhead (`outputs.letterhead`) brings its own header, footer, fonts and marks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm, Pt, RGBColor

from outputs import docx_parts as parts
from outputs import letterhead
from outputs.document import Block, Bullets, Document, Heading, Letterhead, Paragraph, Table, Terms, cleaned

_TEXT_WIDTH = 165  # mm: A4 less 25 left and 20 right
_FAINT = RGBColor(0x59, 0x59, 0x59)
# name, size in points, faint
_OWN_STYLES = (("Subject", 12.0, False), ("Small", 8.5, True), ("Return line", 7.0, True), ("Cell", 9.5, False))
_MARKS = (105.0, 148.5, 210.0)  # mm from the top: fold, hole, fold
_IN_WINDOW = 6  # lines of an address at the usual size
_LOCALE = {"de": "de-DE", "en": "en-GB"}


def docx_bytes(letter: Document, written_at: datetime) -> bytes:
    """The letter as .docx, on the letterhead in use. Its core properties name the sender and the kind of letter, never
    the person."""
    letter, paper = cleaned(letter), letterhead.in_use()
    file = docx.Document(BytesIO(paper or parts.blank()))
    parts.empty_body(file)
    _properties(file, letter, written_at)
    _styles(file, _LOCALE[letter.language], plain=paper is None)
    _page(file, letter, plain=paper is None)
    _opening(file, letter, plain=paper is None)
    for block in letter.blocks:
        _draw(file, block)
    _closing(file, letter)
    return parts.saved(file, written_at)


def _properties(file: Any, letter: Document, written_at: datetime) -> None:
    properties = file.core_properties
    at = written_at.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.author = letter.title, letter.letterhead.sender
    properties.last_modified_by, properties.comments, properties.subject = "", "", ""
    properties.keywords, properties.category = "", ""
    properties.language = _LOCALE[letter.language]
    properties.created = properties.modified = at


def _styles(file: Any, locale: str, *, plain: bool) -> None:
    """Our styles; on a letterhead those that it has keep its looks, and all others its font."""
    parts.set_language(file, locale)
    normal = file.styles["Normal"]
    if plain:
        _font(normal, 10, plain=True)
        normal.paragraph_format.space_after = Pt(6)
        normal.paragraph_format.line_spacing = 1.18
    for level, (name, size, before) in enumerate((("Heading 1", 12, 16), ("Heading 2", 10, 10))):
        new = parts.ensure_heading(file, name, level)
        if new or plain:
            style = file.styles[name]
            _font(style, size, bold=True, plain=plain)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(4)
    for name, points, faint in _OWN_STYLES:
        style = parts.fresh_style(file, name)
        _font(style, points, bold=name == "Subject", color=_FAINT if faint else None, plain=plain)
        style.paragraph_format.space_after = Pt(2)
    parts.ensure_bullets(file)
    file.styles["List Bullet"].paragraph_format.space_after = Pt(3)


def _font(style: Any, size: float, *, plain: bool, bold: bool = False, color: RGBColor | None = None) -> None:
    style.font.size, style.font.bold = Pt(size), bold
    style.font.color.rgb = color or RGBColor(0, 0, 0)
    if plain:
        parts.set_font(style, "Arial")


def _page(file: Any, letter: Document, *, plain: bool) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(25), Mm(20)
    page.top_margin, page.bottom_margin = Mm(22 if plain else 45), Mm(24)
    if plain:
        page.header_distance, page.footer_distance = Mm(10), Mm(12)
        page.different_first_page_header_footer = True
        for from_top in _MARKS:
            parts.mark(page.first_page_header, from_top)
    _foot(file, page.footer, letter)
    if page.different_first_page_header_footer:
        _foot(file, page.first_page_footer, letter)


def _foot(file: Any, footer: Any, letter: Document) -> None:
    """Case and page, below what a letterhead has there."""
    used = any(paragraph.text or len(paragraph._p) > 1 for paragraph in footer.paragraphs)
    foot = footer.add_paragraph() if used or not footer.paragraphs else footer.paragraphs[0]
    foot.style = file.styles["Small"]
    parts.right_tab(foot, Mm(_TEXT_WIDTH))
    foot.add_run(f"{letter.letterhead.case}\t{letter.page_of[0]}")
    parts.add_field(foot, "PAGE")
    foot.add_run(letter.page_of[1])
    parts.add_field(foot, "NUMPAGES")


def _opening(file: Any, letter: Document, *, plain: bool) -> None:
    """Sender (which a letterhead names itself), then from 45 mm below the edge of the sheet the address and the facts
    beside it, whose field grows rather than cut a line off."""
    head = letter.letterhead
    heights = (Mm(23), Mm(52)) if plain else (Mm(52),)
    frame = parts.plain_table(file, len(heights), (Mm(85), Mm(_TEXT_WIDTH - 85)))
    for row, height in zip(frame.rows, heights, strict=True):
        row.height, row.height_rule = height, WD_ROW_HEIGHT_RULE.EXACTLY
    frame.rows[-1].height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    if plain:
        sender = frame.rows[0].cells[0].merge(frame.rows[0].cells[1])
        sender.paragraphs[0].style = file.styles["Subject"]
        sender.paragraphs[0].add_run(head.sender)
        sender.add_paragraph(" · ".join(head.sender_lines), style="Small")
    _address(frame.rows[-1].cells[0], head)
    _facts(frame.rows[-1].cells[1], head)
    file.add_paragraph(letter.subject, style="Subject").paragraph_format.space_before = Pt(4)
    file.add_paragraph(letter.greeting).paragraph_format.space_before = Pt(10)


def _address(cell: Any, head: Letterhead) -> None:
    cell.paragraphs[0].style = "Return line"
    cell.paragraphs[0].add_run(head.return_line)
    cell.paragraphs[0].paragraph_format.space_before = Mm(12.5)
    cell.paragraphs[0].paragraph_format.space_after = Mm(1.5)
    for line in head.address:
        added = cell.add_paragraph(line)
        added.paragraph_format.space_after = Pt(0)
        if len(head.address) > _IN_WINDOW:
            added.paragraph_format.line_spacing = 1.0
            added.runs[0].font.size = Pt(8.5)


def _facts(cell: Any, head: Letterhead) -> None:
    for index, (label, value) in enumerate(head.facts):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.style, paragraph.paragraph_format.left_indent = "Small", Mm(15)
        paragraph.paragraph_format.space_before = Mm(5) if index == 0 else Pt(0)
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.add_run(label).add_break()
        paragraph.add_run(value).font.color.rgb = RGBColor(0, 0, 0)


def _draw(file: Any, block: Block) -> None:
    match block:
        case Heading():
            file.add_heading(block.text, block.level)
        case Paragraph():
            file.add_paragraph(block.text)
        case Bullets():
            for item in block.items:
                file.add_paragraph(item, style="List Bullet")
        case Terms():
            _terms(file, block)
        case Table():
            _table(file, block)


def _terms(file: Any, block: Terms) -> None:
    table = parts.plain_table(file, len(block.items), (Mm(50), Mm(_TEXT_WIDTH - 50)))
    for row, term in zip(table.rows, block.items, strict=True):
        parts.keep_together(row)
        _fill(row.cells[0], (term.label,), faint=True)
        _fill(row.cells[1], term.values)
    parts.gap(file)


def _table(file: Any, block: Table) -> None:
    widths = [Mm(_TEXT_WIDTH * share / sum(block.shares)) for share in block.shares]
    table = parts.plain_table(file, 1 + len(block.rows), widths)
    parts.repeat_header(table.rows[0])
    for row, texts in zip(table.rows, (block.header, *block.rows), strict=True):
        parts.keep_together(row)
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell, (text,), faint=texts is block.header)
            parts.rule_below(cell)
    parts.gap(file)


def _fill(cell: Any, texts: Iterable[str], *, faint: bool = False) -> None:
    for index, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.style = "Cell"
        run = paragraph.add_run(text)
        if faint:
            run.font.color.rgb = _FAINT


def _closing(file: Any, letter: Document) -> None:
    """Never alone on a page: the paragraph before it stays with it."""
    file.paragraphs[-1].paragraph_format.keep_with_next = True
    for index, line in enumerate(letter.closing):
        paragraph = file.add_paragraph(line)
        paragraph.paragraph_format.keep_with_next = index < len(letter.closing) - 1
        if index == 0:
            paragraph.paragraph_format.space_before = Pt(14)
