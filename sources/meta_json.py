"""JSON as Meta's exports hold it: streamed, bounded, with its text put right.

Meta writes every byte of a UTF-8 text as `\\u00xx`, in values and in keys; texts that are right already stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, BinaryIO

import ijson

from cases.finding import DataField
from sources.archive import READ_ERRORS

Event = tuple[str, str, Any]

_DEEPEST = 40
_LARGEST_RECORD = 200_000  # JSON events of one record; more is no message
_NEST = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_MILLISECONDS = 10**11  # timestamps above are in milliseconds


class DamagedJson(Exception):
    """A file that cannot be read to its end. `code`: `damaged`, `too_deep`, `record_too_large`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def repaired(text: str) -> str:
    """The text that was meant: `GrÃ¼Ã\\x9fe` is `Grüße`, while `Grüße` stays."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


@contextmanager
def events(opener: Callable[[], BinaryIO]) -> Iterator[Iterator[Event]]:
    """The parse events of a JSON file (`ijson.parse`); whatever is wrong with the file raises `DamagedJson`."""
    try:
        with opener() as stream:
            yield _bounded(ijson.parse(stream, use_float=True))
    except (ijson.JSONError, UnicodeError, *READ_ERRORS):
        raise DamagedJson("damaged") from None


def messages(stream: Iterator[Event]) -> Iterator[Any]:
    """The objects of the list `messages`, one after the other, their texts put right."""
    for item in ijson.items(limited(stream), "messages.item"):
        yield right(item)


def records(stream: Iterator[Event]) -> Iterator[tuple[str, Any]]:
    """As `plain_records`, the texts put right."""
    for place, value in plain_records(stream):
        yield repaired(place), right(value)


def plain_records(stream: Iterator[Event]) -> Iterator[tuple[str, Any]]:
    """Every element of the outermost lists of any JSON file with its place, and what stands beside them last."""
    rest, built = ijson.ObjectBuilder(), ijson.ObjectBuilder()
    counts: dict[str, int] = {}
    depth, inside, name = 0, 0, ""  # `inside`: how deep the elements lie of the list that is being read
    for prefix, event, value in limited(stream, at_each="item"):
        depth += _NEST.get(event, 0)
        if not inside or depth < inside:
            rest.event(event, value)
            inside, name = (depth, prefix) if event == "start_array" else (0, "")
            continue
        built.event(event, value)
        if depth == inside:
            counts[name] = counts.get(name, -1) + 1
            yield f"{name}[{counts[name]}]", built.value
            built = ijson.ObjectBuilder()
    yield "", getattr(rest, "value", None)


def right(value: Any) -> Any:
    """The value with every text and key in it put right."""
    if isinstance(value, str):
        return repaired(value)
    if isinstance(value, list):
        return [right(item) for item in value]
    if isinstance(value, dict):
        return {repaired(key): right(item) for key, item in value.items()}
    return value


def flat(name: str, value: Any) -> Iterator[DataField]:
    """Every value of a record as a field named by its path: `share.link`, `reactions[0].actor`. Nothing is left out
    but null; times (`timestamp_ms`) are given as ISO 8601 in UTC."""
    if value in ({}, []):
        yield DataField(name, "")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from flat(f"{name}.{key}" if name else key, item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from flat(f"{name}[{index}]", item)
    elif value is not None:
        yield DataField(name, _text(name, value))


def texts(value: Any) -> Iterator[str]:
    """Every text in a record, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def moment(value: Any) -> datetime | None:
    """The time that an export's number means, in seconds or milliseconds since 1970; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _text(name: str, value: Any) -> str:
    if "timestamp" in name.rpartition(".")[2] and (at := moment(value)):
        return at.isoformat()
    return value if isinstance(value, str) else json.dumps(value)


def _bounded(stream: Iterator[Event]) -> Iterator[Event]:
    depth = 0
    for prefix, event, value in stream:
        depth += _NEST.get(event, 0)
        if depth > _DEEPEST:
            raise DamagedJson("too_deep")
        yield prefix, event, value


def limited(stream: Iterator[Event], at_each: str = "messages.item") -> Iterator[Event]:
    """The events, as long as no element of the list has more than a record can have."""
    size = 0
    for prefix, event, value in stream:
        size = 0 if prefix.endswith(at_each) else size + 1
        if size > _LARGEST_RECORD:
            raise DamagedJson("record_too_large")
        yield prefix, event, value
