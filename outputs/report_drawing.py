"""A drawing of a few plain shapes, shown as SVG (for a page) or PNG (for a document) from the same values.

Lengths are in points of a drawing that is `width` by `height`; y grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import typst
from markupsafe import Markup, escape

from outputs.report_figures import ReportRefused

FONTS = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif"
HATCH = "hatch"  # a fill of stripes
_STRIPES = (
    '<defs><pattern id="{hatch}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="5" height="5" fill="#dbe4ee"/><rect width="2.2" height="5" fill="#5b7fa6"/></pattern></defs>'
)
_PPI = 220
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = "none"


@dataclass(frozen=True, slots=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    color: str
    width: float = 0.6
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed outline through some points."""

    points: tuple[tuple[float, float], ...]
    fill: str
    stroke: str = "none"


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    size: float = 7.5
    color: str = "#1a1a1a"
    anchor: Anchor = "start"
    bold: bool = False


Part = Box | Stroke | Shape | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """`title` names it in a few words; `told` says what it shows, for those who do not see it."""

    width: float
    height: float
    parts: tuple[Part, ...]
    title: str
    told: str


def svg(drawing: Drawing) -> Markup:
    """The drawing as an SVG 1.1 element with title and description, to stand in a page. Every text is escaped."""
    drawn = Markup("").join(_element(part) for part in drawing.parts)
    size = Markup('viewBox="0 0 {} {}" width="{}" height="{}"').format(
        *(_number(value) for value in (drawing.width, drawing.height) * 2)
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" {} role="img" aria-labelledby="picture-title picture-told" '
        'font-family="{}"><title id="picture-title">{}</title><desc id="picture-told">{}</desc>{}{}</svg>'
    ).format(size, FONTS, drawing.title, drawing.told, Markup(_STRIPES.format(hatch=HATCH)), drawn)  # noqa: S704 - ours


def png(drawing: Drawing) -> bytes:
    """The drawing as PNG, 220 pixels an inch, on white."""
    page = "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image(bytes(sys.inputs.svg), width: {}pt)"
    source = page.format(_number(drawing.width)).encode()
    try:
        made: bytes = typst.compile(source, sys_inputs={"svg": str(svg(drawing))}, format="png", ppi=_PPI)
    except typst.TypstError:
        made = b""
    if not made:
        raise ReportRefused("picture_failed", "the picture of the month ahead could not be drawn")
    return made


def _element(part: Part) -> Markup:
    match part:
        case Box():
            at = [_number(value) for value in (part.x, part.y, part.width, part.height)]
            paint = _fill(part.fill), part.stroke
            return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>').format(*at, *paint)
        case Stroke():
            return _stroke(part)
        case Shape():
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in part.points)
            return Markup('<polygon points="{}" fill="{}" stroke="{}"/>').format(points, part.fill, part.stroke)
        case Label():
            at = [_number(value) for value in (part.x, part.y, part.size)]
            weight = "bold" if part.bold else "normal"
            return Markup(
                '<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}" font-weight="{}">{}</text>'
            ).format(*at, part.color, part.anchor, weight, escape(part.text))


def _stroke(part: Stroke) -> Markup:
    at = [_number(value) for value in (part.x1, part.y1, part.x2, part.y2, part.width)]
    dash = Markup(' stroke-dasharray="{}"').format(part.dash) if part.dash else ""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" stroke-width="{}" stroke="{}"{}/>').format(
        *at, part.color, dash
    )


def _fill(fill: str) -> str:
    return f"url(#{HATCH})" if fill == HATCH else fill


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
