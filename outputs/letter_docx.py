"""A letter as Word document (ISO/IEC 29500), in memory: real headings, lists, tables with header rows, page fields.

Margins and the address follow DIN 5008 form B, so that the address shows in the window of an envelope.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm, Pt, RGBColor

from outputs import docx_parts as parts
from outputs.document import Block, Bullets, Document, Heading, Letterhead, Paragraph, Table, Terms

_TEXT_WIDTH = 165  # mm: A4 less 25 left and 20 right
_FAINT = RGBColor(0x59, 0x59, 0x59)
_PLAIN = (("Cell", 9.5, False),)
_LOCALE = {"de": "de-DE", "en": "en-GB"}


def docx_bytes(letter: Document, written_at: datetime) -> bytes:
    """The letter as .docx. Its core properties name the sender and the kind of letter, never the person."""
    file = docx.Document()
    _properties(file, letter, written_at)
    _styles(file, _LOCALE[letter.language])
    _page(file, letter)
    _opening(file, letter)
    for block in letter.blocks:
        _draw(file, block)
    _closing(file, letter)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _properties(file: Any, letter: Document, written_at: datetime) -> None:
    properties = file.core_properties
    at = written_at.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.author = letter.title, letter.letterhead.sender
    properties.last_modified_by, properties.comments, properties.subject = "", "", ""
    properties.language = _LOCALE[letter.language]
    properties.created = properties.modified = at


def _styles(file: Any, locale: str) -> None:
    parts.set_language(file, locale)
    normal = file.styles["Normal"]
    _font(normal, 10)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.18
    for name, size, before in (("Heading 1", 12, 16), ("Heading 2", 10, 10)):
        _font(file.styles[name], size, bold=True)
        file.styles[name].paragraph_format.space_before = Pt(before)
        file.styles[name].paragraph_format.space_after = Pt(4)
    for name, points, faint in (("Subject", 12.0, False), ("Small", 8.5, True), ("Return line", 7.0, True), *_PLAIN):
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, points, bold=name == "Subject", color=_FAINT if faint else None)
        style.paragraph_format.space_after = Pt(2)
    file.styles["List Bullet"].paragraph_format.space_after = Pt(3)


def _font(style: Any, size: float, *, bold: bool = False, color: RGBColor | None = None) -> None:
    style.font.size, style.font.bold = Pt(size), bold
    style.font.color.rgb = color or RGBColor(0, 0, 0)
    parts.set_font(style, "Arial")


def _page(file: Any, letter: Document) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(25), Mm(20)
    page.top_margin, page.bottom_margin = Mm(22), Mm(24)
    page.header_distance, page.footer_distance = Mm(10), Mm(12)
    foot = page.footer.paragraphs[0]
    foot.style = file.styles["Small"]
    parts.right_tab(foot, Mm(_TEXT_WIDTH))
    foot.add_run(f"{letter.letterhead.case}\t{letter.page_of[0]}")
    parts.add_field(foot, "PAGE")
    foot.add_run(letter.page_of[1])
    parts.add_field(foot, "NUMPAGES")


def _opening(file: Any, letter: Document) -> None:
    """Sender, then from 45 mm below the edge of the sheet the address and the facts beside it."""
    head = letter.letterhead
    frame = parts.plain_table(file, 2, (Mm(85), Mm(_TEXT_WIDTH - 85)))
    for row, height in zip(frame.rows, (Mm(23), Mm(47)), strict=True):
        row.height, row.height_rule = height, WD_ROW_HEIGHT_RULE.EXACTLY
    sender = frame.rows[0].cells[0].merge(frame.rows[0].cells[1])
    sender.paragraphs[0].style = file.styles["Subject"]
    sender.paragraphs[0].add_run(head.sender)
    sender.add_paragraph(" · ".join(head.sender_lines), style="Small")
    _address(frame.rows[1].cells[0], head)
    _facts(frame.rows[1].cells[1], head)
    file.add_paragraph(letter.subject, style="Subject").paragraph_format.space_before = Pt(16)
    file.add_paragraph(letter.greeting).paragraph_format.space_before = Pt(10)


def _address(cell: Any, head: Letterhead) -> None:
    cell.paragraphs[0].style = "Return line"
    cell.paragraphs[0].add_run(head.return_line)
    cell.paragraphs[0].paragraph_format.space_after = Pt(6)
    for line in head.address:
        cell.add_paragraph(line).paragraph_format.space_after = Pt(0)


def _facts(cell: Any, head: Letterhead) -> None:
    lines = [(label, value) for label, value in head.facts]
    for index, (label, value) in enumerate(lines):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.style, paragraph.paragraph_format.left_indent = "Small", Mm(15)
        paragraph.paragraph_format.space_after = Pt(4)
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
    for index, line in enumerate(letter.closing):
        paragraph = file.add_paragraph(line)
        paragraph.paragraph_format.keep_with_next = index < len(letter.closing) - 1
        if index == 0:
            paragraph.paragraph_format.space_before = Pt(14)
