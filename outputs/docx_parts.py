"""The pieces of WordprocessingML that python-docx has no words for: fields, language, header rows, rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def set_language(file: Any, locale: str) -> None:
    """The language of the whole document, for spell checking and screen readers."""
    for run in file.styles.element.iter(qn("w:rPrDefault")):
        properties = run.find(qn("w:rPr"))
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(_element("w:lang", val=locale, eastAsia=locale, bidi=locale))


def set_font(style: Any, name: str) -> None:
    """A font for every script; the theme fonts of the default template would otherwise win."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def add_field(paragraph: Any, name: str) -> None:
    """A field such as PAGE or NUMPAGES, computed by the word processor."""
    begin, end = _element("w:fldChar", fldCharType="begin"), _element("w:fldChar", fldCharType="end")
    instruction = _element("w:instrText")
    instruction.text = name
    for part in (begin, instruction, end):
        paragraph.add_run()._r.append(part)


def right_tab(paragraph: Any, position: Any) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(position, WD_TAB_ALIGNMENT.RIGHT)


def plain_table(file: Any, rows: int, widths: Sequence[Any]) -> Any:
    """A table without lines, flush with the text, of fixed column widths."""
    table = file.add_table(rows, len(widths))
    table.autofit = False
    properties = table._tbl.tblPr
    properties.find(qn("w:tblLayout")).addprevious(_element("w:tblInd", w="0", type="dxa"))
    margins = _element("w:tblCellMar")
    margins.append(_element("w:left", w="0", type="dxa"))
    margins.append(_element("w:right", w="113", type="dxa"))
    properties.find(qn("w:tblLayout")).addnext(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
    return table


def gap(file: Any) -> None:
    """The paragraph that Word wants between two tables, as thin as it may be."""
    style = file.add_paragraph().paragraph_format
    style.space_after, style.line_spacing = Pt(0), Pt(4)


def repeat_header(row: Any) -> None:
    """Marks a row as the table's header: repeated on every page and read out by screen readers."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))


def keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))


def rule_below(cell: Any) -> None:
    borders = _element("w:tcBorders")
    borders.append(_element("w:bottom", val="single", sz="4", space="0", color="BFBFBF"))
    cell._tc.get_or_add_tcPr().append(borders)


def rule_above(cell: Any, color: str) -> None:
    borders = _element("w:tcBorders")
    borders.append(_element("w:top", val="single", sz="18", space="0", color=color))
    cell._tc.get_or_add_tcPr().append(borders)


def no_rule(style: Any) -> None:
    """Takes away the line that the default template draws below a style's paragraphs."""
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)


def describe(shape: Any, title: str, told: str) -> None:
    """The name and the alternative text of an inline picture, which stands flush with the text: without distances some
    programs take an eighth of an inch."""
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    shape._inline.docPr.set("name", title)
    shape._inline.docPr.set("title", title)
    shape._inline.docPr.set("descr", told)


def describe_table(table: Any, caption: str) -> None:
    """The name of a table, for screen readers."""
    table._tbl.tblPr.append(_element("w:tblCaption", val=caption))
