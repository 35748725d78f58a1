"""What is pushed down to the database: never less than what the subjects may match.

Databases compare letters each in its own way (SQLite folds ASCII only), so a condition here is a superset, and
`SubjectIndex` decides about every row that comes back. Names and addresses have no superset that is worth its while
(`Müller`, `MUELLER`, `Mueller, Anna`): the columns of a table that states them are read whole, as a stream, and so are
those of any table when many subjects are searched at once. Rows whose key is known are asked for by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, false, func, or_
from sqlalchemy.types import NULLTYPE

from cases.identifiers import Identifier, Kind, alias_key, digest_spellings, digests_of
from cases.subjects import SubjectIndex
from sources.sql_layout import Layout
from sources.sql_tables import SqlTable

Condition = ColumnElement[bool]

_ESCAPE = "!"
_MOST = 24  # patterns; reading the columns once is cheaper than trying more on every row
_KEYS_AT_ONCE = 500
_COMPOSITE_AT_ONCE = 100  # SQLite's parser allows 1000 nested expressions
_HASHED = {Kind.EMAIL_HASH: Kind.EMAIL, Kind.PHONE_HASH: Kind.PHONE}
_TELLING = (
    *(Kind.EMAIL, Kind.PHONE, Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER, Kind.IBAN),
    *(Kind.HANDLE, Kind.USER_NAME, Kind.COOKIE_ID, *_HASHED),
)


def states_names(table: SqlTable) -> bool:
    """Whether every row of a table is looked at, whoever is searched: then other spellings are proposed, too."""
    return any(item.kind is Kind.NAME for item in table.identifiers)


def condition(
    table: SqlTable, layout: Layout, index: SubjectIndex, kinds: Collection[Kind], texts: bool, scope: str
) -> Condition | None:
    """What the rows fulfil that may match by what they state of these `kinds`, and with `texts` by their texts; None
    where every row has to be looked at. `scope` is the source's name."""
    if _reads_whole(table, index, kinds, texts):
        return None
    wanted = [*_identifying(table, layout, index, kinds, scope), *(_mentioned(table, layout, index) if texts else ())]
    return or_(false(), *wanted) if len(wanted) <= _MOST else None


def of_keys(layout: Layout, columns: Sequence[str], keys: Iterable[tuple[Any, ...]]) -> Iterator[Condition]:
    """The rows with these keys, in parts. Values are handed over without a type, so that the database compares them as
    its own."""
    if len(columns) == 1:
        for some in _chunks((key[0] for key in keys), _KEYS_AT_ONCE):
            yield layout.column(columns[0]).in_(bindparam(None, some, type_=NULLTYPE, expanding=True, unique=True))
        return
    named = [layout.column(name) for name in columns]
    for many in _chunks(keys, _COMPOSITE_AT_ONCE):
        yield or_(*(and_(*map(_equals, named, key)) for key in many))


def referring(layout: Layout, name: str, values: Sequence[Any]) -> Iterator[Condition]:
    """The rows whose column holds one of these keys of another table, in parts.

    Keys of the column's own type are compared as they are, so that its index serves; a reference that is a number
    here and a text there is compared as text.
    """
    column, own = layout.column(name), layout.columns[name].python
    same = [value for value in values if type(value) is own]
    others = sorted({str(value) for value in values if type(value) is not own})
    for some in _chunks(same, _KEYS_AT_ONCE):
        yield column.in_(some)
    for some in _chunks(others, _KEYS_AT_ONCE):
        yield cast(column, String).in_(some)


def _equals(column: ColumnElement[Any], value: Any) -> Condition:
    return column == bindparam(None, value, type_=NULLTYPE, unique=True)


def _reads_whole(table: SqlTable, index: SubjectIndex, kinds: Collection[Kind], texts: bool) -> bool:
    """Whether some subject can be met in this table in ways that no condition expresses."""
    if Kind.NAME in kinds and states_names(table):
        return True
    unlike = {item.kind for item in table.identifiers} & {Kind.ADDRESS} & {*kinds}
    if texts and table.text:
        unlike.add(Kind.NAME)
    return any(subject.of(kind) for kind in unlike for subject in index.subjects)


def _identifying(
    table: SqlTable, layout: Layout, index: SubjectIndex, kinds: Collection[Kind], scope: str
) -> Iterator[Condition]:
    for item in (item for item in table.identifiers if item.kind in kinds):
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
            return _email_pattern(item)
        case Kind.PHONE:
            return "%" + "%".join(item.normal[-6:]) + "%"
        case Kind.CUSTOMER_NUMBER | Kind.ORDER_NUMBER | Kind.IBAN:
            return "%" + "%".join(_literal(char.lower()) for char in item.normal) + "%"
        case Kind.HANDLE:  # `https://instance/@name` is `name@instance`, `wa.me/49…` is `+49…`
            return f"%{_literal(item.normal.lower().partition('@')[0].lstrip('+'))}%"
        case Kind.COOKIE_ID:  # a UUID with and without hyphens
            return "%" + "%".join(_literal(part) for part in item.normal.lower().split("-")) + "%"
        case _:
            return f"%{_literal(item.normal.lower())}%"


def _email_pattern(item: Identifier) -> str:
    """Where the provider ignores dots and `+word`, every address of the mailbox."""
    local = (alias_key(item) or item.normal).rpartition("@")[0]
    return "%" + "%".join(map(_literal, local)) + "%" if alias_key(item) else f"%{_literal(local)}%"


def _literal(text: str) -> str:
    """Letters beyond ASCII become wildcards: not every database knows their lower case."""
    escaped = (_ESCAPE + char if char in "%_" + _ESCAPE else char for char in text)
    return "".join(char if char.isascii() else "%" for char in escaped)


def _like(column: ColumnElement[Any], pattern: str) -> Condition:
    return func.lower(cast(column, String)).like(pattern, escape=_ESCAPE)


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
