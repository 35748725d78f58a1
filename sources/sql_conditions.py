"""What is pushed down to the database: never less than what the subjects may match.

Databases compare letters each in its own way (SQLite folds ASCII only), so a condition here is a superset, and
`SubjectIndex` decides about every row that comes back. Names and addresses have no superset that is worth its while
(`Müller`, `MUELLER`, `Mueller, Anna`): a table that states them is read whole, as a stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_

from cases.identifiers import Identifier, Kind, digest_spellings, digests_of
from cases.subjects import SubjectIndex
from sources.sql_layout import Layout
from sources.sql_tables import SqlTable

Condition = ColumnElement[bool]

_ESCAPE = "!"
_MOST = 400  # conditions; reading the whole table is cheaper than more
_AT_ONCE = 80  # conditions in one statement: SQLite's parser allows 1000 nested expressions
_KEYS_AT_ONCE = 500
_HASHED = {Kind.EMAIL_HASH: Kind.EMAIL, Kind.PHONE_HASH: Kind.PHONE}
_TELLING = (
    *(Kind.EMAIL, Kind.PHONE, Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER, Kind.IBAN),
    *(Kind.HANDLE, Kind.USER_NAME, Kind.COOKIE_ID, *_HASHED),
)
_READ_WHOLE = (Kind.NAME, Kind.ADDRESS)


def conditions(
    table: SqlTable, layout: Layout, index: SubjectIndex, keys: Iterable[tuple[str, Sequence[Any]]], scope: str
) -> Iterator[Condition | None]:
    """The statements' WHERE clauses, whose rows together hold every match; None once for the whole table.

    `keys` are columns and values of rows that these may belong to; `scope` is the source's name.
    """
    if reads_whole(table, index):
        yield None
        return
    wanted = [*_identifying(table, layout, index, scope), *_mentioned(table, layout, index)]
    if len(wanted) > _MOST:
        yield None
        return
    for some in _chunks(wanted, _AT_ONCE):
        yield or_(*some)
    for name, values in keys:
        yield from _among(layout, name, values)


def reads_whole(table: SqlTable, index: SubjectIndex) -> bool:
    """Whether some subject can be met in this table in ways that no condition expresses."""
    stated = {item.kind for item in table.identifiers} & {*_READ_WHOLE}
    if table.text:
        stated.add(Kind.NAME)
    return any(subject.of(kind) for kind in stated for subject in index.subjects)


def _identifying(table: SqlTable, layout: Layout, index: SubjectIndex, scope: str) -> Iterator[Condition]:
    for item in table.identifiers:
        for pattern in _patterns(item.kind, index, item.scope or scope):
            for name in item.columns:
                yield _like(layout.column(name), pattern)


def _mentioned(table: SqlTable, layout: Layout, index: SubjectIndex) -> Iterator[Condition]:
    known = dict.fromkeys(pattern for kind in _TELLING for pattern in _all_patterns(kind, index))
    for name in table.text:
        yield from (_like(layout.column(name), pattern) for pattern in known)


def _patterns(kind: Kind, index: SubjectIndex, scope: str) -> Iterator[str]:
    if kind in _HASHED:
        for item in index.identifiers(_HASHED[kind]):
            yield from _hash_patterns(digest for _, digest in digests_of(item))
        yield from _hash_patterns(item.normal for item in index.identifiers(kind, scope))
    elif kind in _TELLING:
        yield from dict.fromkeys(_pattern(item) for item in index.identifiers(kind, scope))


def _hash_patterns(digests: Iterable[str]) -> Iterator[str]:
    for digest in digests:
        yield from (f"%{_literal(spelling.lower())}%" for spelling in digest_spellings(digest))


def _all_patterns(kind: Kind, index: SubjectIndex) -> Iterator[str]:
    """Of every scope: in a text it is not said whose number it is."""
    for subject in index.subjects:
        yield from (_pattern(item) for item in subject.of(kind) if item.normal)


def _pattern(item: Identifier) -> str:
    """A LIKE pattern over lower-case text that every spelling of the identifier fulfils."""
    match item.kind:
        case Kind.EMAIL:
            return f"%{_literal(item.normal.rpartition('@')[0])}%"
        case Kind.PHONE:
            return "%" + "%".join(item.normal[-6:]) + "%"
        case Kind.CUSTOMER_NUMBER | Kind.ORDER_NUMBER | Kind.IBAN:
            return "%" + "%".join(_literal(char.lower()) for char in item.normal) + "%"
        case _:
            return f"%{_literal(item.normal.lower())}%"


def _literal(text: str) -> str:
    """Letters beyond ASCII become wildcards: not every database knows their lower case."""
    escaped = (_ESCAPE + char if char in "%_" + _ESCAPE else char for char in text)
    return "".join(char if char.isascii() else "%" for char in escaped)


def _like(column: ColumnElement[Any], pattern: str) -> Condition:
    return func.lower(cast(column, String)).like(pattern, escape=_ESCAPE)


def _among(layout: Layout, name: str, values: Sequence[Any]) -> Iterator[Condition]:
    """Keys of the column's own type are compared as they are, so that its index serves; a reference that is a number
    here and a text there is compared as text."""
    column, own = layout.column(name), layout.columns[name].python
    same = [value for value in values if type(value) is own]
    others = sorted({str(value) for value in values if type(value) is not own})
    for some in _chunks(same, _KEYS_AT_ONCE):
        yield column.in_(some)
    for some in _chunks(others, _KEYS_AT_ONCE):
        yield cast(column, String).in_(some)


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
