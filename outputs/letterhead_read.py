"""A letterhead's header and footer out of its Word file (ISO/IEC 29500), for the PDF letter: what `outputs.paper` has
values for. Whatever else stands there is named in `Paper.lost`, so that nobody believes that it is printed.

Only a file that `outputs.letterhead` has found harmless is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, TypeVar

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from outputs import docx_parts
from outputs.letterhead_fields import FIELD
from outputs.letterhead_place import (
    EMU,
    TEXT_WIDTH,
    TWIP,
    color,
    extent,
    has_lines,
    number,
    painted,
    placed_at,
    rule_of,
)
from outputs.paper import Cell, Grid, Line, Pages, Paper, Picture, Piece, Placed, Story

_ALIGN: Final = {"center": "center", "right": "right", "end": "right"}  # all else, justified text too, as left
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_THROUGH = frozenset(qn(f"w:{name}") for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "customXml"))
_CLEARED = 101  # WD_TAB_ALIGNMENT.CLEAR: a stop of the style that the paragraph has not
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"
_T = TypeVar("_T")


@lru_cache(maxsize=2)
def read_paper(content: bytes) -> Paper:
    """What header and footer of a letterhead show; the same file is read once."""
    file = docx.Document(BytesIO(content))
    reading = _Reading(_default_size(file))
    if any(True for _ in file.element.body.iter(qn("w:drawing"), qn("w:pict"))):
        reading.lose("pictures on its page; put them into the header or footer")
    docx_parts.empty_body(file)
    section = file.sections[0]
    rest = Pages(reading.story(section.header), reading.story(section.footer))
    first = rest
    if section.different_first_page_header_footer:
        first = Pages(reading.story(section.first_page_header), reading.story(section.first_page_footer))
    if file.settings.odd_and_even_pages_header_footer:
        reading.lose("the header and footer of even pages; those of the others stand there")
    distances = (section.header_distance, section.footer_distance)
    header, footer = (given / EMU if given is not None else 12.5 for given in distances)
    return Paper(first, rest, header, footer, reading.pictures, tuple(dict.fromkeys(reading.lost)))


@dataclass(slots=True)
class _Reading:
    """What was met so far. `_told` is the instruction of a field that is being read, `_result` whether its result."""

    size: float
    pictures: dict[str, bytes] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    _placed: list[Placed] = field(default_factory=list)
    _floats: list[Placed] = field(default_factory=list)
    _told: str | None = None
    _result: bool = False

    def lose(self, what: str) -> None:
        self.lost.append(what)

    def story(self, told: Any) -> Story:
        """A header or footer; empty where the file has none."""
        if told.is_linked_to_previous:
            return Story()
        self._placed = []
        blocks = tuple(self._blocks(told._element, told))
        return Story(blocks, tuple(self._placed))

    def _blocks(self, element: Any, story: Any) -> Iterator[Line | Grid]:
        for child in element:
            if child.tag == qn("w:p"):
                yield self._line(child, story)
            elif child.tag == qn("w:tbl"):
                yield self._grid(child, story)
            elif child.tag in _THROUGH:
                yield from self._blocks(child, story)

    def _line(self, element: Any, story: Any) -> Line:
        paragraph = Paragraph(element, story)
        if element.find(f"{qn('w:pPr')}/{qn('w:framePr')}") is not None:
            self.lose("a text frame's place; its text stands with the other text")
        above, self._floats = self._floats, []
        pieces = tuple(self._pieces(element, paragraph))
        if self._told is not None:
            self._unknown()
        floats, self._floats = tuple(self._floats), above
        size = _of_style(paragraph, lambda style: style.font.size)
        spaces = (_inherited(paragraph, name) for name in ("space_before", "space_after"))
        before, after = (given.pt if given is not None else 0 for given in spaces)
        return Line(
            pieces=_tabbed(pieces, _stops(paragraph)),
            align=_ALIGN.get(_aligned(paragraph) or _of_style(paragraph, _aligned) or "", "left"),
            size=size.pt if size is not None else self.size,
            before=before,
            after=after,
            above=rule_of(element, "top"),
            below=rule_of(element, "bottom"),
            floats=floats,
        )

    def _grid(self, element: Any, story: Any) -> Grid:
        """Rows are filled up to the number of columns: a gap at the end of one would take the next one's cells."""
        given = [number(one.get(qn("w:w"))) / TWIP for grid in element.iter(qn("w:tblGrid")) for one in grid]
        rows = [[self._cell(one, story) for one in _within(row, "tc")] for row in _within(element, "tr")]
        columns = max((sum(cell.span for cell in row) for row in rows), default=1)
        widths = given if len(given) == columns and all(given) else [TEXT_WIDTH / columns] * columns
        style = Table(element, story).style
        if has_lines(element) or (style is not None and has_lines(style.element)):
            self.lose("the lines of a table")
        gaps = ((*row, *[Cell(())] * (columns - sum(cell.span for cell in row))) for row in rows)
        return Grid(tuple(widths), tuple(cell for row in gaps for cell in row))

    def _cell(self, element: Any, story: Any) -> Cell:
        properties = element.find(qn("w:tcPr"))
        span = align = None
        if properties is not None:
            span, align = properties.find(qn("w:gridSpan")), properties.find(qn("w:vAlign"))
        told = align.get(qn("w:val"), "") if align is not None else ""
        wide = max(1, int(number(span.get(qn("w:val")), 1))) if span is not None else 1
        return Cell(
            tuple(self._blocks(element, story)), wide, {"center": "horizon", "bottom": "bottom"}.get(told, "top")
        )

    def _pieces(self, element: Any, paragraph: Paragraph) -> Iterator[Piece]:
        for child in element:
            if child.tag == qn("w:r"):
                yield from self._run(child, paragraph)
            elif child.tag == qn("w:fldSimple"):
                shown = next(child.iter(qn("w:r")), OxmlElement("w:r"))
                yield from self._numbered(child.get(qn("w:instr"), ""), self._looks(shown, paragraph))
            elif child.tag in _THROUGH:
                yield from self._pieces(child, paragraph)

    def _run(self, element: Any, paragraph: Paragraph) -> Iterator[Piece]:
        looks = self._looks(element, paragraph)
        for child in element:
            if child.tag == qn("w:fldChar"):
                yield from self._field(child.get(qn("w:fldCharType")), looks)
            elif self._told is None:
                yield from self._shown(child, looks, paragraph)
            elif not self._result and child.tag != qn("w:rPr"):
                self._told += "".join(child.itertext())

    def _shown(self, child: Any, looks: dict[str, Any], paragraph: Paragraph) -> Iterator[Piece]:
        name = child.tag.rpartition("}")[2]
        if name == "t" and not looks["hidden"]:
            yield _piece("text", looks, text=_upper(child.text or "", looks))
        elif name in ("br", "cr"):
            yield Piece("break")
        elif name == "noBreakHyphen":
            yield _piece("text", looks, text="-")
        elif name == "tab":
            yield Piece("tab")
        elif name == "ptab":
            align = {"center": "center", "right": "right"}.get(child.get(qn("w:alignment"), ""), "left")
            yield Piece("tab", at={"center": TEXT_WIDTH / 2, "right": TEXT_WIDTH}.get(align, 0.0), align=align)
        elif name == "drawing":
            yield from self._drawing(child, paragraph)
        elif child.tag == _ALTERNATE:
            for one in (one for choice in child.iter(_CHOICE) for one in choice):
                yield from self._shown(one, looks, paragraph)
        elif name in ("pict", "object"):
            self.lose("a drawing in the old format of Word (VML); insert it as a picture")
        elif name == "sym":
            self.lose("a sign of a symbol font")

    def _field(self, kind: str | None, looks: dict[str, Any]) -> Iterator[Piece]:
        """Of a field its instruction counts, wherever it stands before the separator, and not what was last computed
        from it."""
        if kind == "begin":
            self._told, self._result = "", False
        elif kind == "separate":
            self._result = True
        elif kind == "end":
            told, self._told, self._result = self._told or "", None, False
            yield from self._numbered(told, looks)

    def _numbered(self, instruction: str, looks: dict[str, Any]) -> Iterator[Piece]:
        """A page's number or their count: a letterhead has no other fields."""
        if found := FIELD.fullmatch(instruction):
            yield _piece("page" if found[1].upper() == "PAGE" else "pages", looks)
        else:
            self._unknown()

    def _unknown(self) -> None:
        self.lose("a field other than page numbers")
        self._told, self._result = None, False

    def _drawing(self, element: Any, paragraph: Paragraph) -> Iterator[Piece]:
        held = element[0] if len(element) else None
        if held is None:
            return
        picture = self._picture(held, paragraph)
        if held.tag == qn("wp:inline"):
            if picture is None:
                self.lose("a drawing in a line of text; insert it as a picture")
            else:
                yield Piece("picture", picture=picture)
        elif held.tag == qn("wp:anchor"):
            self._anchored(held, picture, paragraph)

    def _anchored(self, held: Any, picture: Picture | None, paragraph: Paragraph) -> None:
        shapes = list(held.iter(_SHAPE))
        content: dict[str, Any] | None = {"picture": picture} if picture else None
        if content is None and len(shapes) == 1:
            content = self._shape(shapes[0], paragraph)
        if content == {}:
            return
        if content is None:
            self.lose("a drawn shape or group; insert it as a picture")
            return
        of_page, x, y = placed_at(held)
        (self._placed if of_page else self._floats).append(Placed(x, y, *extent(held), **content))

    def _shape(self, shape: Any, paragraph: Paragraph) -> dict[str, Any] | None:
        """A text box, rectangle or straight line; empty where nothing of it is seen, None where we have no value for
        it. Colours of the theme are none that we know."""
        geometry = next((one.get("prst", "") for one in shape.iter(qn("a:prstGeom"))), "")
        straight, box = geometry in ("line", "straightConnector1"), next(shape.iter(qn("w:txbxContent")), None)
        drawn = painted(shape)
        if drawn is None or (box is None and not straight and geometry != "rect"):
            return None
        if box is not None:
            return {**drawn, "blocks": tuple(self._blocks(box, paragraph._parent))}
        return {**drawn, "straight": straight} if drawn["fill"] or drawn["stroke"] else {}

    def _picture(self, held: Any, paragraph: Paragraph) -> Picture | None:
        blips = list(held.iter(qn("a:blip")))
        if len(blips) != 1:
            return None
        part = paragraph.part.related_parts.get(blips[0].get(qn("r:embed"), ""))
        ending = _ENDINGS.get(part.content_type) if part is not None else None
        if part is None or ending is None or not all(extent(held)):
            return None
        if any(one.attrib for one in held.iter(qn("a:srcRect"))):
            self.lose("how a picture is cropped; it is shown whole")
        name = f"picture-{len(self.pictures) + 1}.{ending}"
        self.pictures[name] = part.blob
        return Picture(name, *extent(held))

    def _looks(self, element: Any, paragraph: Paragraph) -> dict[str, Any]:
        """How the text of a run looks: what it says itself, then its style, then those of the paragraph."""
        run = Run(element, paragraph)

        def said(get: Callable[[Any], _T | None]) -> _T | None:
            own = get(run.font)
            if own is None and run.style is not None:
                own = get(run.style.font)
            return own if own is not None else _of_style(paragraph, lambda style: get(style.font))

        size, paint = said(lambda font: font.size), said(lambda font: font.color.rgb)
        return {
            "bold": bool(said(lambda font: font.bold)),
            "italic": bool(said(lambda font: font.italic)),
            "underline": bool(said(lambda font: font.underline)),
            "size": size.pt if size is not None else self.size,
            "color": color(str(paint)),
            "upper": bool(said(lambda font: font.all_caps)),
            "hidden": bool(said(lambda font: font.hidden)),
        }


def _within(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, and not those of a table in a cell."""
    for child in element:
        if child.tag == qn(f"w:{name}"):
            yield child
        elif child.tag in _THROUGH:
            yield from _within(child, name)


def _piece(kind: str, looks: dict[str, Any], text: str = "") -> Piece:
    shown = {name: looks[name] for name in ("bold", "italic", "underline", "size", "color")}
    return Piece(kind, text, **shown)


def _upper(text: str, looks: dict[str, Any]) -> str:
    return text.upper() if looks["upper"] else text


def _default_size(file: Any) -> float:
    """In points; where the file says none, Word takes 10."""
    size = file.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:sz')}")
    return number(size.get(qn("w:val")), 20) / 2 if size is not None else 10.0


def _of_style(paragraph: Paragraph, get: Callable[[Any], _T | None]) -> _T | None:
    style: Any = paragraph.style
    while style is not None:
        if (found := get(style)) is not None:
            return found
        style = style.base_style
    return None


def _inherited(paragraph: Paragraph, name: str) -> Any:
    own = getattr(paragraph.paragraph_format, name)
    return own if own is not None else _of_style(paragraph, lambda style: getattr(style.paragraph_format, name))


def _aligned(told: Any) -> str | None:
    """As it stands there: python-docx does not know `start` and `end`, which LibreOffice writes."""
    found = told._element.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    return found.get(qn("w:val")) if found is not None else None


def _stops(paragraph: Paragraph) -> list[tuple[float, str]]:
    """Where tabs lead, from the left edge of the text: those of its styles, changed by those of the paragraph."""
    styles: list[Any] = [paragraph]
    style: Any = paragraph.style
    while style is not None:
        styles.append(style)
        style = style.base_style
    stops: dict[float, int] = {}
    for told in reversed(styles):
        stops |= {one.position / EMU: int(one.alignment) for one in told.paragraph_format.tab_stops}
    kinds = {1: "center", 2: "right", 3: "right", 102: "right"}  # WD_TAB_ALIGNMENT: a decimal point is the end, too
    return [(at, kinds.get(kind, "left")) for at, kind in sorted(stops.items()) if kind != _CLEARED]


def _tabbed(pieces: tuple[Piece, ...], stops: list[tuple[float, str]]) -> tuple[Piece, ...]:
    """Each tab with the place that it leads to; one that leads to none as a wide blank."""
    ahead, made = iter(stops), []
    for piece in pieces:
        if piece.kind == "tab" and not piece.at:
            at, align = next(ahead, (0.0, "left"))
            made.append(replace(piece, at=at, align=align))
        else:
            made.append(piece)
    return tuple(made)
