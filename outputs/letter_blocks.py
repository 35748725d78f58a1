"""A text of `outputs/texts` as blocks of a letter: `# ` begins a heading, `- ` an item of a list, a blank line a new
paragraph. The text is divided first and filled after that, so that no value can begin a heading or a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from outputs.document import Block, Bullets, Heading, Paragraph
from outputs.names import printable
from outputs.texts import Texts


def blocks(
    words: Texts, key: str, values: Mapping[str, str], lists: Mapping[str, Sequence[str]] | None = None
) -> tuple[Block, ...]:
    """The blocks of a text. An item that is one placeholder of `lists` becomes an item for each of its values."""
    shown = {name: printable(value) for name, value in values.items()}
    items = {name: tuple(map(printable, several)) for name, several in (lists or {}).items()}
    return tuple(_block(piece, words, key, shown, items) for piece in words.raw(key).split("\n\n") if piece.strip())


def _block(
    piece: str, words: Texts, key: str, values: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]
) -> Block:
    lines = piece.strip("\n").split("\n")
    if lines[0].startswith("# "):
        return Heading(words.filled(key, lines[0][2:], **values))
    if all(line.startswith("- ") for line in lines):
        return Bullets(tuple(text for line in lines for text in _items(line[2:], words, key, values, lists)))
    return Paragraph(words.filled(key, " ".join(lines), **values))


def _items(
    text: str, words: Texts, key: str, values: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    several = lists.get(text.strip("{}")) if text.startswith("{") and text.endswith("}") else None
    if several is None:
        yield words.filled(key, text, **values)
    else:
        yield from several
