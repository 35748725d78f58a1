"""The names of everybody in the system of record: what texts are looked through for other people (Art. 15(4))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, select

from cases.identifiers import Kind
from sources.sql_rows import Reader, as_text


def names_on_file(connection: Connection, readers: Iterable[Reader]) -> Iterator[str]:
    """Streams nothing but the columns that state a name, of the tables marked `record`."""
    for reader in readers:
        if not reader.table.record:
            continue
        for item in reader.table.identifying:
            if item.kind is Kind.NAME:
                columns = [reader.layout.column(name) for name in item.columns]
                statement = select(*columns).select_from(reader.layout.clause).execution_options(yield_per=2_000)
                for row in connection.execute(statement):
                    yield " ".join(filter(None, (as_text(value).strip() for value in row)))
