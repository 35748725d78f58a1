"""The tables: one CSV file for each system and kind, a line for each entry, for a spreadsheet program.

UTF-8 with byte order mark, lines end in CR LF, every cell in quotes (RFC 4180). German tables have semicolons between
cells, as spreadsheets expect that read German numbers, English ones commas. Where a cell, or what another program would
take for one, begins as a formula does, an apostrophe stands before it (OWASP: CSV Injection). The first line has the
names in the system, the second what they mean. Where entries of one kind differ too much for columns, each field has a
line of its own. The JSON file has every value unaltered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from cases.draft import Draft, Item, ItemField
from outputs.copy_words import general_label
from outputs.moments import in_utc
from outputs.names import kind_name, system_name, utf8
from outputs.texts import Texts, texts

MOST_COLUMNS = 200  # of fields; more than these are no table that a person reads
_BEFORE = 4  # columns before the fields: number, time, kind, files
# What begins a formula; also behind what begins a cell for a program that takes other separators than ours.
_FORMULA = re.compile(r'(\A|[,;\t\r\n|])([ \u00a0"\']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])')
_FIRST = re.compile(r"[\t\r\n]")
_CHUNK = 1 << 16

_Column = tuple[str, int]  # name, and how often it came before in the same entry


@dataclass(frozen=True, slots=True)
class CsvTable:
    """One file: its path in the package and what it is about. `wide`: a column for each field."""

    path: str
    title: str
    items: tuple[Item, ...] = field(repr=False)
    columns: tuple[_Column, ...] = field(repr=False)
    wide: bool
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)


def csv_tables(draft: Draft) -> tuple[CsvTable, ...]:
    """The tables of everything that is released. The same draft gives the same bytes."""
    words = texts(draft.language)
    grouped: dict[tuple[str, str], list[Item]] = {}
    for item in draft.released:
        grouped.setdefault((item.source, item.kind), []).append(item)
    return tuple(
        _table(draft, index, items, words)
        for index, (_, items) in enumerate(sorted(grouped.items()), start=1)
    )  # fmt: skip


def _table(draft: Draft, index: int, items: list[Item], words: Texts) -> CsvTable:
    first = items[0]
    path = f"{words('file.tables')}/{index:02}_{_slug(first.source)}_{_slug(first.kind)}.csv"
    title = f"{system_name(draft, first)}: {kind_name(first.kind, words)}"
    columns = _columns(items)
    wide = len(columns) <= MOST_COLUMNS
    lines = partial(_wide, items, columns, words) if wide else partial(_long, items, words)
    separator = words("copy.separator")
    return CsvTable(path, title, tuple(items), columns, wide, lambda: _chunks(lines(), separator))


def _slug(text: str) -> str:
    """A name of the settings as it may stand in a path; what is in it besides is no letter."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:24] or "x"


def _columns(items: Sequence[Item]) -> tuple[_Column, ...]:
    """Every field that an entry has, in the order in which they come up; one that is repeated has several."""
    found: dict[_Column, None] = {}
    for item in items:
        found.update(dict.fromkeys(_named(item.fields)))
        if len(found) > MOST_COLUMNS:
            break
    return tuple(found)


def _named(fields: Sequence[ItemField]) -> Iterator[_Column]:
    seen: Counter[str] = Counter()
    for part in fields:
        yield part.name, seen[part.name]
        seen[part.name] += 1


def _wide(items: Sequence[Item], columns: Sequence[_Column], words: Texts) -> Iterator[Sequence[str]]:
    labels = {column: _label(part, words) for item in items for column, part in _by_column(item).items()}
    yield (*_heads(words), *(name for name, _ in columns))
    yield (*("" for _ in range(_BEFORE)), *(labels.get(column, "") for column in columns))
    for item in items:
        values = {column: part.value for column, part in _by_column(item).items()}
        yield (*_before(item, words), *(values.get(column, "") for column in columns))


def _by_column(item: Item) -> dict[_Column, ItemField]:
    return dict(zip(_named(item.fields), item.fields, strict=True))


def _long(items: Sequence[Item], words: Texts) -> Iterator[Sequence[str]]:
    yield (*_heads(words), *(words(f"copy.{name}") for name in ("original_name", "meaning", "category", "value")))
    for item in items:
        for part in item.fields:
            yield (*_before(item, words), part.name, _label(part, words), part.category, part.value)
        if not item.fields:  # an entry of files alone
            yield (*_before(item, words), "", "", "", "")


def _heads(words: Texts) -> tuple[str, ...]:
    return words("copy.column_number"), words("copy.column_time"), words("copy.column_kind"), words("copy.files")


def _before(item: Item, words: Texts) -> tuple[str, ...]:
    at = in_utc(item.at) if item.at else ""
    return str(item.number), at, kind_name(item.kind, words), " ".join(file.path for file in item.files)


def _label(part: ItemField, words: Texts) -> str:
    if part.label:
        return part.label
    general = general_label(part.name, words.language)
    return f"{general} *" if general else ""


def _chunks(lines: Iterator[Sequence[str]], separator: str) -> Iterator[bytes]:
    held, size = ["\ufeff"], 0
    for line in lines:
        text = separator.join(f'"{cell(value).replace(chr(34), chr(34) * 2)}"' for value in line) + "\r\n"
        held.append(text)
        size += len(text)
        if size >= _CHUNK:
            yield utf8("".join(held))
            held, size = [], 0
    yield utf8("".join(held))


def cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula, whatever it takes for a separator."""
    safe = _FORMULA.sub(r"\1'\2", value)
    return f"'{safe}" if _FIRST.match(safe) else safe
