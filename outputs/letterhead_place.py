"""Where things stand on a letterhead (DrawingML, ISO/IEC 29500-1 sec. 20.4), in millimetres of our page: A4 with the
margins of a letter, 25 mm left, 20 mm right, 45 mm above, 24 mm below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docx.oxml.ns import qn

from outputs.paper import Rule

EMU, TWIP, PER_POINT = 36_000, 56.693, 12_700  # EMU and twips in a millimetre, EMU in a point
TEXT_LEFT, TEXT_WIDTH = 25.0, 165.0
_ACROSS: Final[Mapping[str, tuple[float, float]]] = {
    "page": (0, 210),
    "leftMargin": (0, 25),
    "insideMargin": (0, 25),
    "rightMargin": (190, 210),
    "outsideMargin": (190, 210),
}
_DOWN: Final[Mapping[str, tuple[float, float]]] = {
    "page": (0, 297),
    "margin": (45, 273),
    "topMargin": (0, 45),
    "bottomMargin": (273, 297),
}
_PROPERTIES = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}spPr"
_HAIR = 0.25  # points: as thin as a line gets
_MIDDLE = ("center",)
_END = ("right", "bottom", "outside")


def number(told: str | None, default: float = 0.0) -> float:
    """A number of the file; what is none counts as `default`."""
    try:
        return float(told) if told is not None else default
    except ValueError:
        return default


def extent(held: Any) -> tuple[float, float]:
    """Width and height of a drawing."""
    size = held.find(qn("wp:extent"))
    return (number(size.get("cx")) / EMU, number(size.get("cy")) / EMU) if size is not None else (0.0, 0.0)


def placed_at(held: Any) -> tuple[bool, float, float]:
    """Whether an anchored drawing stands at a place of the page, and where: else its height is counted from the line
    that it belongs to, and what is across from the left edge of the text."""
    width, height = extent(held)
    across, down = held.find(qn("wp:positionH")), held.find(qn("wp:positionV"))
    left, right = _ACROSS.get(_relative(across), (TEXT_LEFT, TEXT_LEFT + TEXT_WIDTH))
    top, bottom = _DOWN.get(_relative(down), (0.0, 0.0))
    of_page = _relative(down) in _DOWN
    x = _within(across, left, right, width)
    y = _within(down, top, bottom, height)
    return of_page, x if of_page else x - TEXT_LEFT, y


def _relative(position: Any) -> str:
    return position.get("relativeFrom", "") if position is not None else ""


def _within(position: Any, start: float, end: float, size: float) -> float:
    """A place by its offset, or by how it is aligned between two edges."""
    if position is None:
        return start
    offset = next(position.iter(qn("wp:posOffset")), None)
    if offset is not None:
        return start + number(offset.text) / EMU
    align = next((one.text or "" for one in position.iter(qn("wp:align"))), "")
    if align in _MIDDLE:
        return (start + end - size) / 2
    return end - size if align in _END else start


def rule_of(paragraph: Any, side: str) -> Rule | None:
    """The line above (`top`) or below (`bottom`) a paragraph."""
    border = paragraph.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn(f'w:{side}')}")
    if border is None or border.get(qn("w:val")) in ("nil", "none"):
        return None
    return Rule(number(border.get(qn("w:sz")), 4) / 8, color(border.get(qn("w:color"))))


def color(told: str | None) -> str:
    """`rrggbb`; black for `auto` and for whatever is none."""
    is_one = told is not None and len(told) == 6 and all(sign in "0123456789abcdefABCDEF" for sign in told)
    return told.lower() if told is not None and is_one else "000000"


def has_lines(table: Any) -> bool:
    """Whether a table, or a cell of it, has lines of its own."""
    borders = (*table.iter(qn("w:tblBorders")), *table.iter(qn("w:tcBorders")))
    return any(one.get(qn("w:val")) not in ("nil", "none", None) for border in borders for one in border)


def painted(shape: Any) -> dict[str, Any] | None:
    """`fill` and `stroke` of a shape; None where it is turned, or has colours that are none of `srgbClr`."""
    properties = next(shape.iter(_PROPERTIES), None)
    turned = any(one.get(how) for one in shape.iter(qn("a:xfrm")) for how in ("rot", "flipH", "flipV"))
    if properties is None or turned:
        return None
    line = properties.find(qn("a:ln"))
    fill, stroke = _paint(properties), _paint(line) if line is not None else ""
    if fill is None or stroke is None:
        return None
    width = number(line.get("w"), 9525) / PER_POINT if line is not None else 0.0
    return {"fill": fill, "stroke": Rule(max(width, _HAIR), stroke) if stroke else None}


def _paint(element: Any) -> str | None:
    """The colour that something is filled with; empty: with none, None: with something else."""
    solid = element.find(f"{qn('a:solidFill')}/{qn('a:srgbClr')}")
    if solid is not None:
        return color(solid.get("val"))
    others = ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
    return None if any(element.find(qn(f"a:{name}")) is not None for name in others) else ""
