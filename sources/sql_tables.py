"""What the settings say of a database: which tables hold personal data and how their rows point to people."""

from __future__ import annotations

from dataclasses import dataclass

from cases.identifiers import Kind
from cases.knowledge import ASSIGNED


@dataclass(frozen=True, slots=True)
class Identifying:
    """Columns that together state one identifier: `first_name` and `last_name` a name. `scope` as in `Identifier`."""

    kind: Kind
    columns: tuple[str, ...]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class BelongsTo:
    """Rows whose `column` equals `key` of a row of `table` (a `SqlTable.label`) are that row's person's."""

    column: str
    table: str
    key: str


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column with the bytes of a file, and where known the column with its name."""

    column: str
    name_column: str = ""


@dataclass(frozen=True, slots=True)
class SqlTable:
    """One table or view. `key` empty: the primary key of the database.

    `text` columns are searched for mentions; `system_keys` are assigned by the system itself and lead to further rows
    in it; `record` marks the table whose contact data are believed (the customers).
    """

    name: str
    kind: str
    schema: str = ""
    key: tuple[str, ...] = ()
    identifying: tuple[Identifying, ...] = ()
    belongs_to: tuple[BelongsTo, ...] = ()
    text: tuple[str, ...] = ()
    time: str = ""
    files: tuple[FileColumn, ...] = ()
    system_keys: tuple[str, ...] = ()
    record: bool = False

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def identifiers(self) -> tuple[Identifying, ...]:
        """`identifying`, and a customer number for each system key that is not among them."""
        named = {item.columns for item in self.identifying}
        keys = (Identifying(Kind.CUSTOMER_NUMBER, (key,)) for key in self.system_keys if (key,) not in named)
        return (*self.identifying, *keys)

    def system_key(self, column: str) -> tuple[Kind, str]:
        """The kind and scope of a system key: a customer number of this source, or what `identifying` says it is."""
        named = (item for item in self.identifying if item.columns == (column,) and item.kind in ASSIGNED)
        return next(((item.kind, item.scope) for item in named), (Kind.CUSTOMER_NUMBER, ""))

    @property
    def named_columns(self) -> tuple[str, ...]:
        """Every column that the settings name: each must be there."""
        identifying = (column for item in self.identifying for column in item.columns)
        belongs = (item.column for item in self.belongs_to)
        files = (name for item in self.files for name in (item.column, item.name_column) if name)
        time = (self.time,) if self.time else ()
        return tuple(dict.fromkeys((*self.key, *identifying, *belongs, *self.text, *files, *self.system_keys, *time)))
