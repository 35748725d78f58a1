"""A report as Markdown, for people who look at the engine, and as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from outputs.document import Bullets, Heading, Paragraph
from outputs.report_text import Block, Grid, Picture, Tiles, Told

_WIDE = 44  # characters of a column on a terminal


def markdown_report(report: Told) -> str:
    """The whole report; a picture becomes the words that tell it. Nothing in it is read as HTML."""
    lines = [f"# {_safe(report.title)}", "", f"{_safe(report.sender)}  ", _safe(report.subtitle), ""]
    for block in report.blocks:
        lines += [*_markdown(block), ""]
    return "\n".join(lines)


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {_safe(block.text)}"
        case Paragraph():
            yield _safe(block.text)
        case Bullets():
            yield from (f"- {_safe(item)}" for item in block.items)
        case Tiles():
            yield from (f"- {_safe(tile.label)}: **{_safe(tile.value)}**" for tile in block.items)
        case Picture():
            yield f"*{_safe(block.drawing.told)}*"
        case Grid():
            yield f"**{_safe(block.caption)}**"
            yield ""
            yield _row(block.header)
            yield _row(tuple("---:" if index in block.numeric else "---" for index in range(len(block.header))))
            for index, cells in enumerate(block.rows):
                yield _row(
                    tuple(
                        f"**{_cell(cells[0])}**" if index in block.marked and n == 0 else _cell(cell)
                        for n, cell in enumerate(cells)
                    )
                )


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _safe(text).replace("|", "\\|").replace("\n", ", ")


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_report(report: Told) -> str:
    """The whole report in columns, without the picture."""
    lines = [report.title, "=" * len(report.title), report.sender, report.subtitle, ""]
    for block in report.blocks:
        lines += [*_plain(block), ""]
    return "\n".join(line.rstrip() for line in lines)


def _plain(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield block.text
            yield "-" * len(block.text)
        case Paragraph():
            yield block.text
        case Bullets():
            yield from (f"- {item}" for item in block.items)
        case Tiles():
            yield from _columns([(tile.value, tile.label) for tile in block.items], frozenset({0}))
        case Picture():
            yield block.drawing.told
        case Grid():
            yield block.caption
            flat = [tuple(cell.replace("\n", ", ") for cell in cells) for cells in (block.header, *block.rows)]
            yield from _columns(flat, block.numeric)


def _columns(rows: list[tuple[str, ...]], numeric: frozenset[int]) -> Iterator[str]:
    widths = [min(max(len(cells[index]) for cells in rows), _WIDE) for index in range(len(rows[0]))]
    for cells in rows:
        padded = (
            cell.rjust(width) if index in numeric else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        yield "  " + "  ".join(padded)
