"""Which rows may match, told from the columns that state something: most rows of a table are nobody's of the pass, and
are dropped before anything is made of them.

A sieve never drops a row that `SubjectIndex.match_alike` or `match_texts` would give a hit for. Most values are asked
of the index itself. For e-mail addresses and phone numbers, whose normal forms are dear, plainly written values are
first looked at by what all spellings of a known one have in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.identifiers import Identifier, Kind
from cases.subjects import SubjectIndex
from sources.sql_rows import as_text, single, stated
from sources.sql_tables import Identifying, SqlTable

Values = Sequence[Any]
_Test = Callable[[str], bool]

_PLAIN_EMAIL = re.compile(r"([a-z0-9._-]+)(?:\+[a-z0-9._+-]*)?@([a-z0-9.-]+)", re.ASCII)
_PLAIN_PHONE = re.compile(r"[0-9+()/. -]+", re.ASCII)
_ONE_PROVIDER = {"googlemail.com": "gmail.com"}
_NO_DIGIT = re.compile(r"\D+", re.ASCII)
_END = 6  # digits at the end of a number, which every way to write it has
_REMEMBERED = 10_000  # values of a column: first names and towns repeat


@dataclass(frozen=True, slots=True)
class Sieve:
    """`columns` are what it has to see; `passes` takes their values in this order."""

    columns: tuple[str, ...]
    tests: tuple[Callable[[Values], bool], ...] = field(repr=False)

    def passes(self, values: Values) -> bool:
        return any(test(values) for test in self.tests)


def sieve(table: SqlTable, index: SubjectIndex, kinds: Collection[Kind], texts: bool, source: str) -> Sieve:
    """The sieve for what the table states of these kinds, and with `texts` for mentions in its texts."""
    items = [item for item in table.identifiers if item.kind in kinds]
    names = (name for item in items for name in item.columns)
    columns = tuple(dict.fromkeys((*names, *(table.text if texts else ()))))
    places = {name: place for place, name in enumerate(columns)}
    tests = [_of_columns([places[name] for name in item.columns], _test(item, index)) for item in items]
    if texts and table.text:
        tests.append(_mentions([places[name] for name in table.text], index, source))
    return Sieve(columns, tuple(tests))


def _of_columns(places: list[int], test: _Test) -> Callable[[Values], bool]:
    if len(places) > 1:
        return lambda values: bool(text := stated(values[place] for place in places)) and test(text)
    (place,) = places

    def passes(values: Values) -> bool:
        value = values[place]
        if value is None:
            return False
        text = (value if type(value) is str else as_text(value)).strip()
        return bool(text) and test(text)

    return passes


def _mentions(places: list[int], index: SubjectIndex, source: str) -> Callable[[Values], bool]:
    def passes(values: Values) -> bool:
        texts = {str(place): text for place in places if (text := as_text(values[place]))}
        return bool(index.match_texts(texts, source))

    return passes


def _test(item: Identifying, index: SubjectIndex) -> _Test:
    match item.kind:
        case Kind.EMAIL:
            return _email_test(index)
        case Kind.PHONE:
            return _phone_test(index)
        case kind:
            return _remembered(lambda text: index.may_match(kind, text))


def _remembered(test: _Test) -> _Test:
    known: dict[str, bool] = {}

    def passes(text: str) -> bool:
        found = known.get(text)
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            found = known[text] = test(text)
        return found

    return passes


def _email_test(index: SubjectIndex) -> _Test:
    """A plain address may match one with the same local part (without dots and `+…`), or one at the same provider with
    the same digits: what looks like a slip changes no digit."""
    parts = [_parts(item.normal) for item in _known(Kind.EMAIL, index)]
    locals_known = {local for local, _ in parts}
    alike = {(domain, _NO_DIGIT.sub("", local)) for local, domain in parts}

    def passes(text: str) -> bool:
        if plain := _PLAIN_EMAIL.fullmatch(text.lower()):
            local, domain = plain[1].replace(".", ""), plain[2]
            domain = _ONE_PROVIDER.get(domain, domain)
            if local not in locals_known and (domain, _NO_DIGIT.sub("", local)) not in alike:
                return False
        return _any_single(Kind.EMAIL, text, index)

    return passes


def _parts(address: str) -> tuple[str, str]:
    local, _, domain = address.lower().rpartition("@")
    return local.partition("+")[0].replace(".", ""), _ONE_PROVIDER.get(domain, domain)


def _phone_test(index: SubjectIndex) -> _Test:
    """What is written without letters may match only a number whose last digits it has, wherever it goes on."""
    ends = {_NO_DIGIT.sub("", item.normal)[-_END:] for item in _known(Kind.PHONE, index)}
    short = any(len(end) < _END for end in ends)

    def passes(text: str) -> bool:
        if not short and _PLAIN_PHONE.fullmatch(text):
            digits = _NO_DIGIT.sub("", text)
            if ends.isdisjoint(digits[at : at + _END] for at in range(len(digits) - _END + 1)):
                return False
        return _any_single(Kind.PHONE, text, index)

    return passes


def _known(kind: Kind, index: SubjectIndex) -> Iterator[Identifier]:
    return (item for subject in index.subjects for item in subject.of(kind) if item.normal)


def _any_single(kind: Kind, text: str, index: SubjectIndex) -> bool:
    return any(index.may_match(kind, value) for value in single(kind, text))
