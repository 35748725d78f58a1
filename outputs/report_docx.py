"""A report as Word document (ISO/IEC 29500): real headings, tables with header rows, a picture with its words."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from outputs import docx_parts as parts
from outputs.document import Bullets, Heading, Paragraph
from outputs.report_drawing import Drawing, png
from outputs.report_text import Block, Grid, Picture, Tiles, Told

_TEXT_WIDTH = 180  # mm: A4 less 15 on either side
_KEPT_WHOLE = 8  # rows: a shorter table is not broken over pages
_LOCALE = {"de": "de-DE", "en": "en-GB"}
_FAINT, _BLUE, _RED = RGBColor(0x4D, 0x4D, 0x4D), RGBColor(0x1F, 0x44, 0x68), RGBColor(0x8F, 0x14, 0x14)
_BLACK = RGBColor(0x1A, 0x1A, 0x1A)
_STYLES = (("Sender", 10.0, 8), ("Cell", 8.5, 2), ("Caption line", 9.0, 3), ("Number", 17.0, 0))  # size, space after
_BOLD = ("Caption line", "Number")


def docx_report(report: Told, made_at: datetime) -> bytes:
    """The report as .docx with its language, properties and page numbers; the same report gives the same text."""
    file = docx.Document()
    _properties(file, report, made_at)
    _styles(file, _LOCALE[report.language])
    _page(file, report)
    file.add_paragraph(report.sender, style="Sender")
    file.add_paragraph(report.title, style="Title")
    file.add_paragraph(report.subtitle, style="Sender")
    for block in report.blocks:
        _draw(file, block)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _properties(file: Any, report: Told, made_at: datetime) -> None:
    properties = file.core_properties
    properties.title, properties.author, properties.subject = report.title, report.sender, report.subtitle
    properties.last_modified_by, properties.comments = "", ""
    properties.language = _LOCALE[report.language]
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)


def _styles(file: Any, locale: str) -> None:
    parts.set_language(file, locale)
    styles = file.styles
    _font(styles["Normal"], 10)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    _font(styles["Title"], 20, bold=True)
    styles["Title"].paragraph_format.space_after = Pt(2)
    parts.no_rule(styles["Title"])
    for name, size, before in (("Heading 1", 13, 16), ("Heading 2", 11, 10)):
        _font(styles[name], size, bold=True, color=_BLUE)
        styles[name].paragraph_format.space_before, styles[name].paragraph_format.space_after = Pt(before), Pt(5)
    for name, points, after in _STYLES:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _font(style, points, bold=name in _BOLD, color=_FAINT if name == "Sender" else None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(2), Pt(after)
    styles["Caption line"].paragraph_format.keep_with_next = True
    styles["Caption line"].paragraph_format.space_before = Pt(8)
    styles["List Bullet"].paragraph_format.space_after = Pt(3)


def _font(style: Any, size: float, *, bold: bool = False, color: RGBColor | None = None) -> None:
    style.font.size, style.font.bold = Pt(size), bold
    style.font.color.rgb = color or _BLACK
    parts.set_font(style, "Arial")


def _page(file: Any, report: Told) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin, page.bottom_margin = Mm(16), Mm(18)
    page.footer_distance = Mm(9)
    foot = page.footer.paragraphs[0]
    foot.style = file.styles["Cell"]
    parts.right_tab(foot, Mm(_TEXT_WIDTH))
    foot.add_run(f"{report.sender} · {report.title}\t{report.page_of[0]}")
    parts.add_field(foot, "PAGE")
    foot.add_run(report.page_of[1])
    parts.add_field(foot, "NUMPAGES")


def _draw(file: Any, block: Block) -> None:
    match block:
        case Heading():
            file.add_heading(block.text, block.level)
        case Paragraph():
            file.add_paragraph(block.text)
        case Bullets():
            for item in block.items:
                file.add_paragraph(item, style="List Bullet")
        case Tiles():
            _tiles(file, block)
        case Picture():
            _picture(file, block.drawing)
        case Grid():
            _grid(file, block)


def _tiles(file: Any, block: Tiles) -> None:
    """Numbers in one row with their names below; a screen reader meets each number with its name."""
    table = parts.plain_table(file, 1, [Mm(_TEXT_WIDTH / len(block.items))] * len(block.items))
    for cell, tile in zip(table.rows[0].cells, block.items, strict=True):
        shown = cell.paragraphs[0]
        shown.style = "Number"
        run = shown.add_run(tile.value)
        if tile.grave:
            run.font.color.rgb = _RED
        cell.add_paragraph(tile.label, style="Cell")
        parts.rule_above(cell, "A61B1B" if tile.grave else "2F5D8C")
    parts.gap(file)


def _picture(file: Any, drawing: Drawing) -> None:
    paragraph = file.add_paragraph()
    shape = paragraph.add_run().add_picture(BytesIO(png(drawing)), width=Mm(_TEXT_WIDTH))
    parts.describe(shape, drawing.title, drawing.told)


def _grid(file: Any, block: Grid) -> None:
    file.add_paragraph(block.caption, style="Caption line")
    widths = [Mm(_TEXT_WIDTH * share / sum(block.shares)) for share in block.shares]
    table = parts.plain_table(file, 1 + len(block.rows), widths)
    parts.describe_table(table, block.caption)
    parts.repeat_header(table.rows[0])
    whole = len(block.rows) <= _KEPT_WHOLE
    for number, (row, texts) in enumerate(zip(table.rows, (block.header, *block.rows), strict=True)):
        parts.keep_together(row)
        marked = number - 1 in block.marked
        for cell, text in zip(row.cells, texts, strict=True):
            _fill(cell, text, bold=number == 0 or marked, color=_RED if marked else None)
            parts.rule_below(cell)
        _set_out(row, block, keep=number == 0 or (whole and number < len(block.rows)))
    parts.gap(file)


def _set_out(row: Any, block: Grid, *, keep: bool) -> None:
    """Numbers to the right; a row that is to stay with the next one keeps all of its paragraphs there."""
    for index, cell in enumerate(row.cells):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = keep
            if index in block.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _fill(cell: Any, text: str, *, bold: bool, color: RGBColor | None) -> None:
    for index, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.style = "Cell"
        run = paragraph.add_run(line)
        run.font.bold = bold
        if color:
            run.font.color.rgb = color
