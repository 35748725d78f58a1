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
from datetime import date
from typing import Any, TypeVar

from cases.identifiers import Identifier, Kind
from cases.subjects import SubjectIndex
from sources.scan_filter import readings
from sources.sql_rows import as_text, as_written, single, stated
from sources.sql_tables import SqlTable

Values = Sequence[Any]
_Test = Callable[[str], bool]
_Value = TypeVar("_Value")
_Answer = TypeVar("_Answer")

_PLAIN_EMAIL = re.compile(r"([a-z0-9._-]+)(?:\+[a-z0-9._+-]*)?@([a-z0-9.-]+)", re.ASCII)
_PHONE_SIGNS = str.maketrans("", "", "+()/. -")
_ONE_PROVIDER = {"googlemail.com": "gmail.com"}
_NO_DIGIT = re.compile(r"\D+", re.ASCII)
_END = 6  # digits at the end of a number, which every way to write it has
_END_OF_NUMBER = 3
_MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Sieve:
    """`columns` are what it has to see; `passes` takes their values in this order."""

    columns: tuple[str, ...]
    tests: tuple[Callable[[Values], bool], ...] = field(repr=False)

    def passes(self, values: Values) -> bool:
        for test in self.tests:  # noqa: SIM110 - a generator costs more than most tests
            if test(values):
                return True
        return False


class _Remembered(dict[_Value, _Answer]):
    """What was said of a value, within bounds: of first names, towns and days there are few."""

    def __init__(self, ask: Callable[[_Value], _Answer]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, value: _Value) -> _Answer:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        answer = self[value] = self._ask(value)
        return answer


def sieve(table: SqlTable, index: SubjectIndex, kinds: Collection[Kind], texts: bool, source: str) -> Sieve:
    """The sieve for what the table states of these kinds, and with `texts` for mentions in its texts."""
    items = [item for item in table.identifiers if item.kind in kinds]
    names = (name for item in items for name in item.columns)
    columns = tuple(dict.fromkeys((*names, *(table.text if texts else ()))))
    places = {name: place for place, name in enumerate(columns)}
    tests = [_of_columns([places[name] for name in item.columns], item.kind, index) for item in items]
    if texts and table.text:
        tests.append(_mentions([places[name] for name in table.text], index, source))
    return Sieve(columns, tuple(tests))


def _of_columns(places: list[int], kind: Kind, index: SubjectIndex) -> Callable[[Values], bool]:
    test = _test(kind, index)
    if len(places) > 1:
        return _of_names(places, test, index) if kind is Kind.NAME else _of_parts(places, test)
    return _of_days(places[0], test) if kind is Kind.BIRTH_DATE else _of_column(places[0], test)


def _of_column(place: int, test: _Test) -> Callable[[Values], bool]:
    def passes(values: Values) -> bool:
        value = values[place]
        if value is None:
            return False
        text = (value if type(value) is str else as_written(value)).strip()
        return bool(text) and test(text)

    return passes


def _of_days(place: int, test: _Test) -> Callable[[Values], bool]:
    of_value: _Remembered[Any, bool] = _Remembered(lambda value: test(as_text(value).strip()))

    def passes(values: Values) -> bool:
        value = values[place]
        known = (
            type(value) is date or type(value) is str
        )  # of other types, values that are equal may be shown otherwise
        return value is not None and (of_value[value] if known else test(as_text(value).strip()))

    return passes


def _of_parts(places: list[int], test: _Test) -> Callable[[Values], bool]:
    def passes(values: Values) -> bool:
        text = stated([values[place] for place in places])
        return bool(text) and test(text)

    return passes


def _of_names(places: list[int], test: _Test, index: SubjectIndex) -> Callable[[Values], bool]:
    """The parts of a name are looked at first: two of them must be met, or all that there is."""
    met, together = _Remembered(index.words_met), _of_parts(places, test)

    def passes(values: Values) -> bool:
        parts = found = 0
        for place in places:
            if value := values[place]:
                parts += 1
                found += met[value] if type(value) is str else 2
        return (found > 1 or parts == 1) and together(values)

    return passes


def _mentions(places: list[int], index: SubjectIndex, source: str) -> Callable[[Values], bool]:
    def passes(values: Values) -> bool:
        texts = {str(place): readings(text) for place in places if (text := as_written(values[place]))}
        return bool(index.match_texts(texts, source))

    return passes


def _test(kind: Kind, index: SubjectIndex) -> _Test:
    match kind:
        case Kind.EMAIL:
            return _email_test(index)
        case Kind.PHONE:
            return _phone_test(index)
        case Kind.CUSTOMER_NUMBER:
            return _number_test(index)
        case _:
            return lambda text: index.may_match(kind, text)


def _email_test(index: SubjectIndex) -> _Test:
    """A plain address may match one with the same local part (without dots and `+…`), or one at the same provider with
    the same digits: what looks like a slip changes no digit."""
    parts = [_parts(item.normal) for item in _known(Kind.EMAIL, index)]
    mailboxes = {local for local, _ in parts}
    alike = {(domain, _NO_DIGIT.sub("", local)) for local, domain in parts}

    def passes(text: str) -> bool:
        if plain := _PLAIN_EMAIL.fullmatch(text.lower()):
            local, domain = plain[1].replace(".", ""), plain[2]
            domain = _ONE_PROVIDER.get(domain, domain)
            if local not in mailboxes and (domain, _NO_DIGIT.sub("", local)) not in alike:
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
        digits = text.translate(_PHONE_SIGNS)
        plain = not short and digits.isascii() and digits.isdigit()
        if plain and ends.isdisjoint([digits[at : at + _END] for at in range(len(digits) - _END + 1)]):
            return False
        return _any_single(Kind.PHONE, text, index)

    return passes


def _number_test(index: SubjectIndex) -> _Test:
    """However a customer number is divided, and whatever a company writes before it, it ends as it ends."""
    ends = {item.normal[-_END_OF_NUMBER:] for item in _known(Kind.CUSTOMER_NUMBER, index)}
    short = any(len(end) < _END_OF_NUMBER or not end.isascii() for end in ends)

    def passes(text: str) -> bool:
        end = text[-_END_OF_NUMBER:]
        if not short and len(end) == _END_OF_NUMBER and end.isascii() and end.isalnum() and end.lower() not in ends:
            return False
        return index.may_match(Kind.CUSTOMER_NUMBER, text)

    return passes


def _known(kind: Kind, index: SubjectIndex) -> Iterator[Identifier]:
    return (item for subject in index.subjects for item in subject.of(kind) if item.normal)


def _any_single(kind: Kind, text: str, index: SubjectIndex) -> bool:
    return any(index.may_match(kind, value) for value in single(kind, text))
