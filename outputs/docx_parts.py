"""The pieces of WordprocessingML that python-docx has no words for: fields, language, header rows, rules."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart
from docx.shared import Pt

_OF_A_LETTER = ("Normal", "Heading 1", "Heading 2", "List Bullet", "Header", "Footer")
_TO_STYLES = frozenset(qn(f"w:{name}") for name in ("basedOn", "link", "next"))


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


@cache
def blank() -> bytes:
    """The default template with the styles of a letter, and without 150 others: every paragraph that is given a style
    looks through all that there are."""
    file = docx.Document()
    styles = {style.style_id: style for style in file.styles}
    wanted = [file.styles[name].style_id for name in _OF_A_LETTER]
    wanted += [key for key, style in styles.items() if style.element.get(qn("w:default"))]
    kept: set[str] = set()
    while wanted:
        if (key := wanted.pop()) not in kept:
            kept.add(key)
            wanted += [child.get(qn("w:val")) for child in styles[key].element if child.tag in _TO_STYLES]
    for key, style in styles.items():
        if key not in kept:
            style.delete()
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def saved(file: Any, at: datetime) -> bytes:
    """The document as .docx, every part of it dated `at`: the same document makes the same bytes."""
    made, dated = BytesIO(), BytesIO()
    file.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(dated, "w") as archive:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, at.timetuple()[:6])
            archive.writestr(entry, parts.read(part), zipfile.ZIP_DEFLATED)
    return dated.getvalue()


def empty_body(file: Any) -> None:
    """Takes the body's content away, but not the page with its header and footer."""
    body = file.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)


def fresh_style(file: Any, name: str) -> Any:
    """A paragraph style of ours, based on Normal; one of this name that a letterhead has is used as it is."""
    known = {style.name for style in file.styles}
    style = file.styles[name] if name in known else file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = file.styles["Normal"]
    return style


def ensure_heading(file: Any, name: str, level: int) -> bool:
    """A heading with its outline level, which makes the structure that screen readers follow. Whether it is new."""
    if name in {style.name for style in file.styles}:
        return False
    style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    style.base_style = file.styles["Normal"]
    style.paragraph_format.keep_with_next = True
    style.element.get_or_add_pPr().append(_element("w:outlineLvl", val=str(level)))
    return True


def ensure_bullets(file: Any) -> None:
    """A letterhead as a rule has no style for lists, and no numbering that makes its bullets."""
    if "List Bullet" in {style.name for style in file.styles}:
        return
    style = file.styles.add_style("List Bullet", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    style.base_style = file.styles["Normal"]
    numbered = _element("w:numPr")
    numbered.append(_element("w:numId", val=str(_bullet_numbering(file))))
    style.element.get_or_add_pPr().append(numbered)


def _bullet_numbering(file: Any) -> int:
    """The number of a new list of bullets in the file's numbering, which is made where there is none."""
    numbering = _numbering(file)
    taken = [int(one.get(qn("w:abstractNumId"))) for one in numbering.findall(qn("w:abstractNum"))]
    abstract = _element("w:abstractNum", abstractNumId=str(max(taken, default=0) + 1))
    level = _element("w:lvl", ilvl="0")
    for tag, value in (("w:start", "1"), ("w:numFmt", "bullet"), ("w:lvlText", "•"), ("w:lvlJc", "left")):
        level.append(_element(tag, val=value))
    indent = _element("w:pPr")
    indent.append(_element("w:ind", left="360", hanging="360"))
    level.append(indent)
    abstract.append(level)
    numbering.insert(len(taken), abstract)
    used = [int(one.get(qn("w:numId"))) for one in numbering.findall(qn("w:num"))]
    number = _element("w:num", numId=str(max(used, default=0) + 1))
    number.append(_element("w:abstractNumId", val=str(abstract.get(qn("w:abstractNumId")))))
    numbering.append(number)
    return max(used, default=0) + 1


def _numbering(file: Any) -> Any:
    part = file.part
    if not any(relation.reltype == RT.NUMBERING for relation in part.rels.values()):
        source = docx.Document().part.numbering_part
        name, package = PackURI("/word/numbering.xml"), part.package
        part.relate_to(NumberingPart.load(name, source.content_type, source.blob, package), RT.NUMBERING)
    return part.numbering_part.element


def mark(header: Any, from_top: float) -> None:
    """A short line at the left edge of the page, `from_top` mm below its upper edge: where to fold or punch."""
    paragraph = header.paragraphs[-1].insert_paragraph_before()  # a frame at the end of a header would become text
    properties = paragraph._p.get_or_add_pPr()
    place = {"w": "227", "h": "20", "hRule": "exact", "hAnchor": "page", "vAnchor": "page", "x": "284"}
    properties.insert(0, _element("w:framePr", **place, y=str(round(from_top * 56.693)), wrap="around"))
    border = _element("w:pBdr")
    border.append(_element("w:top", val="single", sz="4", space="0", color="8C8C8C"))
    properties.insert(1, border)


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
