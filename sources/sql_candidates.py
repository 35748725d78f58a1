"""The rows of one table that may match: first their keys, from few columns, then the rows themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from cases.identifiers import Kind, Subject
from cases.knowledge import ASSIGNED
from cases.subjects import SubjectIndex
from sources.sql_conditions import Condition, condition, of_keys
from sources.sql_rows import Reader, Row, as_text
from sources.sql_sieve import Sieve, sieve

_Key = tuple[Any, ...]  # as the driver gives it
_Shown = tuple[str | None, ...]

_NARROW_AT_ONCE = 2_000
_WITH_TEXTS_AT_ONCE = 200
_WIDENING = ASSIGNED  # of what is learned in a pass, only this leads to further rows


@dataclass(slots=True)
class Candidates:
    """What is held is one key for each row that may match, and nothing for the others.

    An index that knows more than the one before is asked for what is new alone.
    """

    connection: Connection
    reader: Reader
    _keys: dict[_Shown, _Key] = field(default_factory=dict, repr=False)
    _asked: set[tuple[Kind, str, str]] = field(default_factory=set, repr=False)
    _read_texts: bool = False

    def rows(self, index: SubjectIndex, texts: bool) -> Iterator[Row]:
        """Every row that may match by what it states, and with `texts` by what its texts mention; at least once."""
        if not index.subjects:
            return
        if not self.reader.key:
            yield from self._unkeyed(index, texts)
            return
        self._look(index, texts)
        missing = set(self._keys)
        for chosen in of_keys(self.reader.layout, self.reader.key, self._keys.values()):
            for row in self._read(chosen):
                missing.discard(_shown(row.key.values()))
                yield row
        if missing:  # keys that the database does not find by their own value: NULL, an old encoding, a rounded number
            yield from self._unkeyed(index, texts)

    def _look(self, index: SubjectIndex, texts: bool) -> None:
        """Finds the keys of rows that may match by what was not asked for before."""
        if not self._asked:
            self._read_texts = texts
            self._note_keys(index, frozenset(Kind), texts)
        elif (fresh := self._fresh(index)).subjects:
            self._note_keys(fresh, _WIDENING, self._read_texts)
        if texts and not self._read_texts:
            self._read_texts = True
            self._note_keys(index, frozenset(), texts)
        self._asked |= {item.key for subject in index.subjects for item in subject.identifiers}

    def _fresh(self, index: SubjectIndex) -> SubjectIndex:
        rest = (
            Subject(one.id, tuple(item for item in one.identifiers if item.key not in self._asked))
            for one in index.subjects
        )
        return SubjectIndex((one for one in rest if one.identifiers), number_formats=index.number_formats)

    def _note_keys(self, index: SubjectIndex, kinds: Collection[Kind], texts: bool) -> None:
        sifting = sieve(self.reader.table, index, kinds, texts, self.reader.source)
        if not sifting.tests:
            return
        width, at_once = len(sifting.columns), _WITH_TEXTS_AT_ONCE if texts else _NARROW_AT_ONCE
        statement = self.reader.narrow((*sifting.columns, *self.reader.key), at_once)
        chosen = self._condition(index, kinds, texts)
        with self.connection.execute(statement if chosen is None else statement.where(chosen)) as result:
            for values in result:
                if sifting.passes(values):
                    key = tuple(values[width:])
                    self._keys[_shown(key)] = key

    def _unkeyed(self, index: SubjectIndex, texts: bool) -> Iterator[Row]:
        """The whole rows of a table that has no key to come back by."""
        kinds = frozenset(Kind)
        sifting = sieve(self.reader.table, index, kinds, texts, self.reader.source)
        if sifting.tests:
            yield from self._read(self._condition(index, kinds, texts), sifting)

    def _read(self, chosen: Condition | None, sifting: Sieve | None = None) -> Iterator[Row]:
        statement = self.reader.statement()
        with self.connection.execute(statement if chosen is None else statement.where(chosen)) as result:
            names = list(result.keys())
            places = [names.index(name) for name in sifting.columns] if sifting else []
            for values in result:
                if sifting is None or sifting.passes([values[place] for place in places]):
                    yield self.reader.row(dict(zip(names, values, strict=True)))

    def _condition(self, index: SubjectIndex, kinds: Collection[Kind], texts: bool) -> Condition | None:
        return condition(self.reader.table, self.reader.layout, index, kinds, texts, self.reader.source)


def _shown(key: Iterable[Any]) -> _Shown:
    return tuple(None if value is None else as_text(value) for value in key)
