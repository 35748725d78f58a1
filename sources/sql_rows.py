"""Rows as values of the case: fields, clues, files and the locator by which a row is found again."""

from __future__ import annotations

import hashlib
import io
import json
import math
import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, Select, and_, func, literal_column, select

from cases.finding import Blob, DataField
from cases.identifiers import Kind, normalise
from cases.mentions import emails_in
from cases.phones import phones_in
from cases.subjects import Clue
from sources.scan_filter import readings
from sources.sql_connect import reading, translated
from sources.sql_layout import Layout
from sources.sql_tables import FileColumn, Identifying, SqlTable

_CHUNK = 1024 * 1024
_SIZE = "auskunft_size_of_"
_SEVERAL = re.compile(r"[;,|\n]|\s/\s|(?<=\d{6})\s*/\s*(?=[+0])")
_PLAIN_PHONE = str.maketrans("", "", "+()/.- ")
_SCOPED = (Kind.CUSTOMER_NUMBER, Kind.COOKIE_ID)
_MILLISECONDS = 10**11
_TOO_LARGE = 1e30  # from here on a number is shown as it is


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table. `values` as the driver gives them, files aside; `sizes` of its files in bytes."""

    values: Mapping[str, Any] = field(repr=False)
    sizes: Mapping[str, int] = field(repr=False)
    locator: str = field(repr=False)
    key: Mapping[str, Any] = field(repr=False)

    def fields(self) -> tuple[DataField, ...]:
        """Every column by its own name. NULL is left out: so it is told apart from an empty text."""
        shown = [(name, value if type(value) is str else as_text(value)) for name, value in self.values.items()]
        return tuple([DataField(name, text) for name, text in shown if text or self.values[name] is not None])


@dataclass(frozen=True, slots=True)
class Reader:
    """How rows of one table are selected and understood."""

    source: str
    table: SqlTable
    layout: Layout
    engine: Engine
    zone: ZoneInfo
    identifiers: tuple[Identifying, ...] = field(init=False)
    binary: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """What is asked for with every row."""
        binary = tuple(name for name, column in self.layout.columns.items() if column.binary)
        object.__setattr__(self, "identifiers", self.table.identifiers)
        object.__setattr__(self, "binary", binary)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns by which a row is found again; empty where there are none."""
        return self.table.key or self.layout.key

    def tells_apart(self, column: str) -> bool:
        """Whether no two rows have the same value of this column, being the whole key of the table."""
        return (self.layout.key or self.table.key) == (column,)

    def names(self) -> tuple[str, ...]:
        """The columns that become fields of a finding."""
        return tuple(name for name, column in self.layout.columns.items() if not column.binary)

    def statement(self) -> Select[Any]:
        """All columns but files, of which only the size; streamed, and in the order of the key to be repeatable."""
        sizes = [func.length(self.layout.column(name)).label(_SIZE + name) for name in self.binary]
        return self.narrow(self.names(), 500).add_columns(*sizes)

    def narrow(self, columns: Iterable[str], at_once: int) -> Select[Any]:
        """As `statement`, of some columns."""
        order = [self.layout.column(name) for name in self.key]
        chosen = select(*(self.layout.column(name) for name in columns)).select_from(self.layout.clause)
        return chosen.order_by(*order).execution_options(stream_results=True, yield_per=at_once)

    def row(self, found: Mapping[str, Any]) -> Row:
        values, sizes = found, {}
        if self.binary:
            values = {name: value for name, value in found.items() if not name.startswith(_SIZE)}
            sizes = {name: int(size) for name in self.binary if (size := found[_SIZE + name])}
        key = {name: values[name] for name in self.key}
        place = ",".join(f"{name}={as_text(value)}" for name, value in key.items()) if key else _digest(values)
        return Row(values, sizes, f"{self.table.label}[{place}]", key)

    def clues(self, row: Row) -> tuple[Clue, ...]:
        """What the identifying columns of a row say; a column may hold several addresses or numbers."""
        return tuple([clue for item in self.identifiers for clue in self._clues(item, row)])

    def texts(self, row: Row) -> dict[str, str]:
        """What is looked for mentions: the texts, and what they say where parts of them are encoded."""
        found = {name: as_written(row.values.get(name)) for name in self.table.text}
        return {name: readings(text) for name, text in found.items() if text}

    def at(self, row: Row) -> datetime | None:
        """The row's own time; one without a zone is the controller's local time."""
        return _moment(row.values.get(self.table.time), self.zone) if self.table.time else None

    def blobs(self, row: Row) -> tuple[Blob, ...]:
        if not row.key:
            return ()
        return tuple(self._blob(name, size, row) for name, size in row.sizes.items())

    def _clues(self, item: Identifying, row: Row) -> Iterator[Clue]:
        text = stated(row.values.get(name) for name in item.columns)
        name = ", ".join(item.columns)
        scope = item.scope or (self.source if item.kind in _SCOPED else "")
        yield from (Clue(item.kind, value, name, scope) for value in single(item.kind, text))

    def _blob(self, column: str, size: int, row: Row) -> Blob:
        named = next((item for item in self.table.files if item.column == column), FileColumn(column))
        name = as_text(row.values.get(named.name_column)) if named.name_column else ""
        name = name or f"{self.table.name}-{'-'.join(map(as_text, row.key.values()))}-{column}"
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        where = and_(*(self.layout.column(key) == value for key, value in row.key.items()))
        return Blob(name, media_type, size, lambda: self._open(column, where))

    def _open(self, column: str, where: ColumnElement[bool]) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Cell(self, column, where), _CHUNK))


class _Cell(io.RawIOBase):
    """The bytes of one value, asked for piece by piece."""

    def __init__(self, reader: Reader, column: str, where: ColumnElement[bool]) -> None:
        self._source = reader.source
        self._stack = ExitStack()
        self._connection = self._stack.enter_context(reading(reader.source, reader.engine))
        self._column = reader.layout.column(column)
        self._from = select().select_from(reader.layout.clause).where(where)
        self._at = 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = func.substr(self._column, self._at, literal_column(str(len(buffer))))
        with translated(self._source):
            found = self._connection.execute(self._from.add_columns(piece)).scalar()
        data = found.encode() if isinstance(found, str) else bytes(found or b"")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stack.close()
        super().close()


def as_text(value: Any) -> str:
    """A value as it is shown: dates and times in ISO 8601, whole numbers without a point, bytes in hexadecimal,
    structures as JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
        case bool():
            return "true" if value else "false"
        case float() | Decimal() if _is_whole(value):
            return str(int(value))  # a number that stands in a column of another type: 4711, never 4711.0
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


def as_written(value: Any) -> str:
    """A value as it is compared: as it is shown, but bytes that are a text as this text."""
    if isinstance(value, bytes | bytearray | memoryview):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            return as_text(value)
    return as_text(value)


def _is_whole(value: float | Decimal) -> bool:
    return math.isfinite(value) and abs(float(value)) < _TOO_LARGE and value == int(value)


def stated(values: Iterable[Any]) -> str:
    """What several columns state together."""
    texts = [value if type(value) is str else as_written(value) for value in values if value is not None]
    return " ".join([text for part in texts if (text := part.strip())])


def single(kind: Kind, text: str) -> Iterator[str]:
    """The values of a column that may hold several addresses or numbers, however they are set apart; one alone as it is
    written."""
    match kind:
        case _ if not text:
            return
        case Kind.EMAIL:
            yield from [text] if normalise(kind, text) else dict.fromkeys(emails_in(text))
        case Kind.PHONE:
            yield from _phones(text)
        case _:
            yield text


def _phones(text: str) -> Iterable[str]:
    parts = [part for part in map(str.strip, _SEVERAL.split(text)) if part]
    if len(parts) == 1 and parts[0].translate(_PLAIN_PHONE).isdecimal():
        return parts
    several = [number for part in parts for number in phones_in(part)]
    return dict.fromkeys(several) if len(several) > 1 else [text] if normalise(Kind.PHONE, text) else several


def _digest(values: Mapping[str, Any]) -> str:
    """For a table without a key: the same row has the same digest as long as nobody changes it."""
    text = json.dumps([as_text(value) for value in values.values()])
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()[:16]


def _moment(value: Any, zone: ZoneInfo) -> datetime | None:
    match value:
        case datetime():
            at = value
        case date():
            at = datetime.combine(value, time())
        case str():
            try:
                at = datetime.fromisoformat(value.strip())
            except ValueError:
                return None
        case int() | float() if not isinstance(value, bool) and 10**8 < value < 10**14:
            return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, UTC)
        case _:
            return None
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)
