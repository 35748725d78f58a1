"""What a letterhead shows, as values that a PDF is drawn from: text, page numbers, pictures, lines. Lengths are mm,
sizes and spaces of text points, colours `rrggbb`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Picture:
    """`name` is its key in `Paper.pictures`."""

    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. `kind`: text, page, pages, tab, break, picture. A tab leads to `at` from the left edge of the
    text; what follows stands there as `align` says."""

    kind: str
    text: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: float = 10
    color: str = "000000"
    at: float = 0
    align: str = "left"
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line in points."""

    width: float
    color: str = "000000"


@dataclass(frozen=True, slots=True)
class Placed:
    """Something that stands at a place of its own: of the page, or where `Line.floats` holds it, below the line's
    beginning. A picture; a straight line; or a box, with or without text, fill and outline."""

    x: float
    y: float
    width: float
    height: float
    picture: Picture | None = None
    blocks: tuple[Any, ...] = ()
    fill: str = ""
    stroke: Rule | None = None
    straight: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; `above` and `below` are rules across the width."""

    pieces: tuple[Piece, ...] = ()
    align: str = "left"
    size: float = 10
    before: float = 0
    after: float = 0
    above: Rule | None = None
    below: Rule | None = None
    floats: tuple[Placed, ...] = ()
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Cell:
    blocks: tuple[Any, ...]
    span: int = 1
    align: str = "top"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table without lines."""

    widths: tuple[float, ...]
    cells: tuple[Cell, ...]
    kind: str = "grid"


@dataclass(frozen=True, slots=True)
class Story:
    """A header or a footer: what stands in it one below the other, and what stands at places of the page."""

    blocks: tuple[Line | Grid, ...] = ()
    placed: tuple[Placed, ...] = ()


@dataclass(frozen=True, slots=True)
class Pages:
    header: Story
    footer: Story


@dataclass(frozen=True, slots=True)
class Paper:
    """`header_at` from the upper edge of the sheet, `footer_at` from the lower one. `lost`: what cannot be drawn."""

    first: Pages
    rest: Pages
    header_at: float
    footer_at: float
    pictures: Mapping[str, bytes] = field(repr=False)
    lost: tuple[str, ...] = ()
