"""A letter as a neutral document: what it says, without how it looks. DOCX and PDF are drawn from the same value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is a section, 2 a part of one."""

    text: str = field(repr=False)
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A label with what stands beside it; several values stand below each other."""

    label: str
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Terms:
    items: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`shares` are the columns' widths as parts of the text width; as many as columns."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    shares: tuple[int, ...]


Block = Heading | Paragraph | Bullets | Terms | Table


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands above the text: sender, the line above the address in the window, the address, the facts beside it
    (label, value). `case` stands at the foot of every page."""

    sender: str
    sender_lines: tuple[str, ...]
    return_line: str
    address: tuple[str, ...] = field(repr=False)
    facts: tuple[tuple[str, str], ...] = field(repr=False)
    case: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole letter. `page_of` are the words before the page's number and between it and the number of pages."""

    language: str
    title: str
    letterhead: Letterhead
    subject: str = field(repr=False)
    greeting: str = field(repr=False)
    blocks: tuple[Block, ...] = field(repr=False)
    closing: tuple[str, ...]
    page_of: tuple[str, str]

    def texts(self) -> Iterator[str]:
        """Every text in the order of reading: what a check of the content looks at."""
        head = self.letterhead
        yield from (head.sender, *head.sender_lines, head.return_line, *head.address)
        for label, value in head.facts:
            yield from (label, value)
        yield from (self.subject, self.greeting)
        for block in self.blocks:
            yield from _texts(block)
        yield from self.closing


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph():
            yield block.text
        case Bullets():
            yield from block.items
        case Terms():
            for term in block.items:
                yield from (term.label, *term.values)
        case Table():
            yield from block.header
            for row in block.rows:
                yield from row
