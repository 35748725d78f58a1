"""What a database really holds: tables, columns, keys - and which tables look as if they were about people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, TableClause, column, inspect, table
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.types import JSON, NullType, TypeEngine

from cases.source import SourceUnavailable
from sources.sql_tables import SqlTable

# Longer binary values are files; shorter ones keys and digests that are shown in hexadecimal.
_INLINE_BYTES = 64
_SYSTEM_SCHEMAS = frozenset({"information_schema", "pg_catalog", "pg_toast"})
_PERSONAL = re.compile(
    r"e_?mail|(?:^|_)mail(?:_|$)|phone|telefon|(?:^|_)tel(?:_|$)|mobil|handy|vorname|nachname|familienname|"
    r"(?:first|last|full|user|display|given|family|sur)_?name|strasse|straße|street|anschrift|adresse|address|"
    r"geburt|birth|(?:^|_)iban|steuer_?id|kunden?_?(?:id|nr|nummer|name)|customer_?(?:id|no|nr|number|name)|"
    r"(?:^|_)(?:user|member|person|patient|contact|kontakt|mitglied|benutzer)_?id$|ansprechpartner|(?:^|_)ip_?addr"
)


@dataclass(frozen=True, slots=True)
class Column:
    """`binary`: bytes that are streamed as a file. `length` of texts where the database bounds it."""

    name: str
    python: type
    binary: bool
    textual: bool
    length: int | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    column: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One table as it is. `label` is its name, with its schema in front where that is not the usual one."""

    schema: str
    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    foreign: tuple[ForeignKey, ...]
    view: bool = False
    clause: TableClause = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """For statements; columns carry no type, so that no value is converted (or refused) on its way."""
        clause = table(self.name, *(column(name) for name in self.columns), schema=self.schema or None)
        object.__setattr__(self, "clause", clause)

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def column(self, name: str) -> ColumnElement[Any]:
        return self.clause.c[name]


def layouts(connection: Connection) -> dict[str, Layout]:
    """Every table and view that the user may see, by label."""
    found: dict[str, Layout] = {}
    inspector = inspect(connection)
    for schema in _schemas(connection):
        views = {*inspector.get_view_names(schema)}
        keys: Mapping[Any, Any] = inspector.get_multi_pk_constraint(schema, kind=ObjectKind.ANY)
        foreign: Mapping[Any, Any] = inspector.get_multi_foreign_keys(schema, kind=ObjectKind.ANY)
        for place, columns in inspector.get_multi_columns(schema, kind=ObjectKind.ANY).items():
            name = place[1]
            layout = Layout(
                schema=schema or "",
                name=name,
                columns={str(item["name"]): _column(item) for item in columns},
                key=tuple((keys.get(place) or {}).get("constrained_columns") or ()),
                foreign=tuple(_foreign(foreign.get(place) or ())),
                view=name in views,
            )
            found[layout.label] = layout
    return found


def mapped(source: str, tables: Iterable[SqlTable], found: Mapping[str, Layout]) -> dict[str, Layout]:
    """The layouts of the tables of the settings; `SourceUnavailable` names the table or column that is missing."""
    chosen = {item.label: item for item in tables}
    for item in chosen.values():
        if item.label not in found:
            raise SourceUnavailable(
                source, "no_such_table", f"the database has no table {item.label}: check the settings"
            )
        for name in item.named_columns:
            _demand(source, found[item.label], name)
        for relation in item.belongs_to:
            if relation.table not in chosen:
                advice = f"{item.label} belongs to {relation.table}, which the settings do not list"
                raise SourceUnavailable(source, "no_such_table", advice)
            _demand(source, found[relation.table], relation.key)
    return {label: found[label] for label in chosen}


def unmapped(found: Mapping[str, Layout], chosen: Iterable[str], ignored: Iterable[str]) -> tuple[str, ...]:
    """Tables that nobody mapped or ignored, and that look as if they held personal data."""
    known, passed = set(chosen), set(ignored)
    rest = (layout for label, layout in found.items() if label not in known | passed and not layout.view)
    return tuple(sorted(layout.label for layout in rest if looks_personal(layout, known)))


def looks_personal(layout: Layout, known: Iterable[str] = ()) -> bool:
    labels = set(known)
    refers = any(item.table in labels for item in layout.foreign)
    return refers or any(_PERSONAL.search(plain(name)) for name in layout.columns)


def plain(name: str) -> str:
    """`firstName` and `FIRST-NAME` as `first_name`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^\w]+", "_", spaced).lower()


def _demand(source: str, layout: Layout, name: str) -> None:
    if name not in layout.columns:
        advice = f"the table {layout.label} has no column {name}: check the settings"
        raise SourceUnavailable(source, "no_such_column", advice)


def _schemas(connection: Connection) -> tuple[str | None, ...]:
    """The usual schema, and on PostgreSQL every other one: elsewhere these are databases of their own."""
    if connection.dialect.name != "postgresql":
        return (None,)
    inspector = inspect(connection)
    others = [name for name in inspector.get_schema_names() if name not in _SYSTEM_SCHEMAS]
    return (None, *(name for name in others if name != inspector.default_schema_name and not name.startswith("pg_")))


def _column(reflected: Mapping[str, Any]) -> Column:
    kind: TypeEngine[Any] = reflected["type"]
    python = _python_type(kind)
    length = getattr(kind, "length", None)
    return Column(
        name=str(reflected["name"]),
        python=python,
        binary=python is bytes and not (length is not None and length <= _INLINE_BYTES),
        textual=python is str or isinstance(kind, NullType | JSON),
        length=length,
    )


def _python_type(kind: TypeEngine[Any]) -> type:
    try:
        return kind.python_type
    except NotImplementedError:  # a type of the database that SQLAlchemy does not know
        return object


def _foreign(constraints: Iterable[Mapping[str, Any]]) -> Iterator[ForeignKey]:
    for item in constraints:
        if len(item["constrained_columns"]) == 1 and item["referred_columns"]:
            schema = item.get("referred_schema")
            name = f"{schema}.{item['referred_table']}" if schema else str(item["referred_table"])
            yield ForeignKey(item["constrained_columns"][0], name, item["referred_columns"][0])
