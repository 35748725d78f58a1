"""The tables of a spreadsheet (XLSX by ISO/IEC 29500, or CSV) as plain text, read with bounds.

The file comes from outside: sizes are bounded before anything is unpacked, XML with a document type is refused, links
to other files and macros are never looked at, formulas give the value that was saved with them.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_CONTENT = 100 * 1024 * 1024
MOST_PARTS, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 2000, 200, 5000, 100, 4000
_LOOKED_INTO = 50  # rows, to find out what stands between the cells
_DELIMITERS = ";,\t|"
# What openpyxl raises on a file that is not what it says, beside its own exceptions (all of them ValueErrors).
_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError)


class CannotImport(Exception):
    """The file is no spreadsheet that can be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells as text, empty ones included; `cut` counts cells that were shortened."""

    name: str
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    cut: int = 0


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    """Every sheet of an XLSX file, or the one of a CSV file. Raises `CannotImport`."""
    if path.stat().st_size > LARGEST_FILE:
        raise CannotImport(f"the file is larger than {LARGEST_FILE // 1024**2} MB; a register is not")
    content = path.read_bytes()
    if path.suffix.lower() == ".csv":
        return (_csv(path.stem, content),)
    if path.suffix.lower() != ".xlsx":
        raise CannotImport("only .xlsx and .csv are read; save the table in one of these forms")
    _check_parts(content)
    return tuple(_xlsx(content))


def _csv(name: str, content: bytes) -> Sheet:
    text = _decoded(content)
    delimiter = max(_DELIMITERS, key=lambda sign: _evenness(_read_csv(text, sign, _LOOKED_INTO)))
    rows = _read_csv(text, delimiter, MOST_ROWS + 1)
    if not rows:
        raise CannotImport("the file is empty or no CSV")
    return _sheet(name, rows)


def _read_csv(text: str, delimiter: str, most: int) -> list[list[str]]:
    try:
        return list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), most))
    except csv.Error:
        return []


def _evenness(rows: list[list[str]]) -> tuple[int, int]:
    """How many rows have as many cells as most of them, and how many those are: what people write is full of commas,
    so the sign that stands there most often need not be the one between the cells."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((number, width) for width, number in widths.items()), default=(0, 0))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _check_parts(content: bytes) -> None:
    """Sizes as the archive states them, and no document type: `zipfile` reads no more than is stated."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
                raise CannotImport("the file unpacks to more than a register needs; save the table alone as .csv")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise CannotImport(
            "the file is damaged, encrypted or no .xlsx; save it once more, without a password"
        ) from None


def _check_xml(content: bytes) -> None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")) or b"<!DOCTYPE" in content.upper():
        raise CannotImport("the file holds XML that no spreadsheet program writes; save the table as .csv")


def _xlsx(content: bytes) -> Iterator[Sheet]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that openpyxl leaves out
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            pages = book.worksheets[:MOST_SHEETS]
            read = [_sheet(page.title, _rows(page)) for page in pages]
    except _BROKEN as error:
        raise CannotImport(f"the file cannot be read ({type(error).__name__}); save the table as .csv") from None
    yield from read


def _rows(page: Any) -> list[list[Any]]:
    found = page.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
    return [list(row) for row in found]


def _sheet(name: str, rows: list[list[Any]]) -> Sheet:
    if len(rows) > MOST_ROWS:
        raise CannotImport(f"a sheet has more than {MOST_ROWS} rows; a register has not")
    texts = [tuple(_text(cell) for cell in row[:MOST_COLUMNS]) for row in rows]
    cut = sum(len(cell) > LONGEST_CELL for row in texts for cell in row)
    return Sheet(_text(name), tuple(tuple(cell[:LONGEST_CELL] for cell in row) for row in texts), cut)


def _text(cell: Any) -> str:
    """What a cell says: lines kept, other control characters and lone surrogates gone."""
    said = "" if cell is None else str(cell).replace("\r\n", "\n").replace("\r", "\n")
    said = said.encode("utf-8", "replace").decode()
    return "".join(sign for sign in said if sign == "\n" or (sign >= " " and sign != "\x7f")).strip()
