"""The settings of a database: `[sources.NAME]` with `kind = "sql"` and its `[[sources.NAME.tables]]`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cases.identifiers import Kind
from sources.building import Options
from sources.sql_tables import BelongsTo, FileColumn, Identifying, SqlTable

_KINDS = ", ".join(kind.value for kind in Kind)
Name = Annotated[str, StringConstraints(min_length=1, max_length=128)]
_KindOf = Annotated[str, StringConstraints(pattern=f"^({'|'.join(Kind)})(:[a-z0-9_-]+)?$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BelongsToOptions(_Part):
    column: Name
    table: Name
    key: Name


class TableOptions(_Part):
    """One table. `identifying` gives for a column the kind of identifier (`handle:instagram` with its platform);
    `names` and `addresses` list groups of columns that state one together."""

    name: Name
    table_schema: str = Field(default="", alias="schema")
    kind: Name
    key: tuple[Name, ...] = ()
    identifying: dict[Name, _KindOf] = {}
    names: tuple[tuple[Name, ...], ...] = ()
    addresses: tuple[tuple[Name, ...], ...] = ()
    belongs_to: tuple[BelongsToOptions, ...] = ()
    text: tuple[Name, ...] = ()
    time: str = ""
    files: dict[Name, str] = {}
    system_keys: tuple[Name, ...] = ()
    record: bool = False

    @model_validator(mode="after")
    def _can_match(self) -> TableOptions:
        if not (self.identifying or self.names or self.addresses or self.belongs_to or self.text or self.system_keys):
            raise ValueError("a table needs one of identifying, names, addresses, belongs_to, text, system_keys")
        return self

    def table(self) -> SqlTable:
        return SqlTable(
            name=self.name,
            kind=self.kind,
            schema=self.table_schema,
            key=self.key,
            identifying=tuple(self._identifying()),
            belongs_to=tuple(BelongsTo(item.column, item.table, item.key) for item in self.belongs_to),
            text=self.text,
            time=self.time,
            files=tuple(FileColumn(column, name) for column, name in self.files.items()),
            system_keys=self.system_keys,
            record=self.record,
        )

    def _identifying(self) -> list[Identifying]:
        single = [(column, *kind.partition(":")) for column, kind in self.identifying.items()]
        return [
            *(Identifying(Kind(kind), (column,), scope) for column, kind, _, scope in single),
            *(Identifying(Kind.NAME, columns) for columns in self.names),
            *(Identifying(Kind.ADDRESS, columns) for columns in self.addresses),
        ]


class SqlOptions(Options):
    url: str = Field(description="an address without password such as postgresql://user@host/database")
    password: str = Field(default="", description="a reference to the secret such as env:NAME, not the secret itself")
    timezone: str = Field(default="", description="a name of the IANA time zone database, such as Europe/Berlin")
    ignore: frozenset[Name] = Field(default=frozenset(), description="a list of tables without personal data")
    tables: tuple[TableOptions, ...] = Field(
        min_length=1, description=f"one or more [[...tables]] with name and kind; kinds of identifiers: {_KINDS}"
    )
