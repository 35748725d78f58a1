"""Any database that SQLAlchemy reaches (SQLite, PostgreSQL, MariaDB, ...), searched by the tables of the settings.

Only SELECT is ever sent, on connections that refuse to write. Rows are streamed. What belongs to a matched row
(`belongs_to`) is its person's; keys that the system assigned (`system_keys`) widen the search inside this database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from cases.finding import Finding, Gap, GapReason, Shape
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.source import Contact, Health, Searched, SourceUnavailable, Stage
from cases.subjects import Clue, SubjectIndex
from sources.building import BadOptions, Secret, Tools, checked
from sources.sql_connect import parsed, read_only_engine, reading
from sources.sql_layout import Layout, layouts, mapped, unmapped
from sources.sql_names import names_on_file
from sources.sql_options import SqlOptions
from sources.sql_propose import proposed
from sources.sql_rows import Reader
from sources.sql_search import DatabasePass
from sources.sql_tables import SqlTable

# By these a person is found in the system of record; an address or birth date alone is many people's.
_LOOKED_UP = (Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.PHONE, Kind.NAME)


@dataclass(frozen=True, slots=True)
class SqlSource:
    """`engine` gives an engine for each search (see `read_only_engine`). `tables` None: as `proposed` sees them.

    `ignore` are labels of tables that hold no personal data although they look like it. `zone` is the time zone of
    times that the database keeps without one.
    """

    name: str
    engine: Callable[[], Engine]
    tables: tuple[SqlTable, ...] | None
    ignore: frozenset[str] = frozenset()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    stage: Stage = Stage.QUERY

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        engine = self.engine()
        with reading(self.name, engine) as connection:
            held = layouts(connection)
            found = self._pass(connection, engine, subjects, held)
            yield from self._unmapped(held, found)
            found.learn()
            yield from found.findings()
            yield Searched(self.name, found.records(), found.limits())

    def lookup(self, claims: Subject) -> tuple[Contact, ...]:
        """Every row of the tables marked `record` that shares an e-mail address, customer number, phone or full name
        with the claims, with the contact data it states."""
        telling = Subject(claims.id, tuple(item for item in claims.identifiers if item.kind in _LOOKED_UP))
        return self._on_record(SubjectIndex([telling]))

    def stating(self, items: Iterable[Identifier]) -> tuple[Contact, ...]:
        """Every row of the tables marked `record` that states one of these, whoever it is about."""
        return self._on_record(SubjectIndex(Subject(str(number), (item,)) for number, item in enumerate(items)))

    def _on_record(self, index: SubjectIndex) -> tuple[Contact, ...]:
        engine = self.engine()
        with reading(self.name, engine) as connection:
            found = self._pass(connection, engine, index, layouts(connection))
            return tuple(chain.from_iterable(self._contacts(found, reader) for reader in found.readers.values()))

    def names(self) -> Iterator[str]:
        """The name of everybody in the tables marked `record`."""
        engine = self.engine()
        with reading(self.name, engine) as connection:
            found = self._pass(connection, engine, SubjectIndex([]), layouts(connection))
            yield from names_on_file(connection, found.readers.values())

    def check(self) -> Health:
        try:
            engine = self.engine()
            with reading(self.name, engine) as connection:
                held = layouts(connection)
                found = self._pass(connection, engine, SubjectIndex([]), held)
                left = [gap.locator for gap in self._unmapped(held, found)]
        except SourceUnavailable as error:
            return Health(False, error.code, error.advice)
        if left:
            advice = f"map these tables or list them under `ignore`: {', '.join(left)}"
            return Health(False, f"{len(left)} tables look personal and are not searched", advice)
        return Health(True, f"{len(found.readers)} tables can be read")

    def shapes(self) -> tuple[Shape, ...]:
        """Every searched table's kind with its columns, files aside."""
        engine = self.engine()
        with reading(self.name, engine) as connection:
            found = self._pass(connection, engine, SubjectIndex([]), layouts(connection))
            return tuple(Shape(reader.table.kind, reader.names()) for reader in found.readers.values())

    def _pass(
        self, connection: Connection, engine: Engine, subjects: SubjectIndex, held: Mapping[str, Layout]
    ) -> DatabasePass:
        tables = proposed(held) if self.tables is None else self.tables
        chosen = mapped(self.name, tables, held)
        readers = {item.label: Reader(self.name, item, chosen[item.label], engine, self.zone) for item in tables}
        return DatabasePass(self.name, connection, readers, subjects)

    def _unmapped(self, held: Mapping[str, Layout], found: DatabasePass) -> Iterator[Gap]:
        for label in unmapped(held, found.readers, self.ignore):
            yield Gap(self.name, label, GapReason.UNMAPPED, "unmapped_table")

    def _contacts(self, found: DatabasePass, reader: Reader) -> Iterator[Contact]:
        if not reader.table.record:
            return
        seen = set()
        direct = replace(reader, table=replace(reader.table, belongs_to=(), text=()))
        for row in found.rows(direct):
            clues = reader.clues(row)
            if row.locator not in seen and found.index.match(clues):
                seen.add(row.locator)
                yield Contact(row.locator, tuple(self._on_file(clue, row.locator) for clue in clues))

    def _on_file(self, clue: Clue, locator: str) -> Identifier:
        return Identifier(clue.kind, clue.value, Origin.FOUND, clue.scope, f"{self.name}:{locator}")


def build(name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> SqlSource:
    """The source of a section `kind = "sql"`."""
    chosen = checked(SqlOptions, name, options)
    url = parsed(name, chosen.url)
    if url.password is not None:
        raise BadOptions(name, ("url holds a password; allowed: `password` with a reference such as env:NAME",))
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(tools.folder / url.database))
    if chosen.password:
        url = url.set(password=secret(chosen.password))
    zone = ZoneInfo(chosen.timezone or tools.timezone)
    tables = tuple(item.table() for item in chosen.tables)
    return SqlSource(name, lambda: read_only_engine(name, url), tables, chosen.ignore, zone)


def locate(name: str, location: str, tools: Tools) -> SqlSource:
    """The source of `--source sql=URL`: every table that looks personal, as `proposed` sees it."""
    url = parsed(name, location)
    return SqlSource(name, lambda: read_only_engine(name, url), None, zone=ZoneInfo(tools.timezone))
