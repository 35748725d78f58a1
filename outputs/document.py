"""A letter as a neutral document: what it says, without how it looks. DOCX and PDF are drawn from the same value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any


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


_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """Text as XML 1.0 may hold it and as it reads: what is forbidden there, and marks that turn the direction of
    reading around, stand as U+FFFD, so that a reader sees that something was there."""
    return _UNSHOWN.sub("\ufffd", text)


def cleaned(letter: Document) -> Document:
    """The same letter with every text `visible`."""
    return changed(letter, visible)


def changed(letter: Document, change: Callable[[str], str]) -> Document:
    """The same letter with `change` made to every text."""
    made = _changed(letter, change)
    assert isinstance(made, Document)
    return made


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{part.name: _changed(getattr(value, part.name), change) for part in fields(value)})
    return value


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
