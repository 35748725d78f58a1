"""Files of an export that can be passed over: they are whole, and nothing in them is anybody's who is searched for.

Such a file is parsed by the fastest parser, once, to know that it can be read to its end and how many records it has;
its texts are not looked at one by one.
"""

from __future__ import annotations

from typing import Any

import orjson

from sources.archive import READ_ERRORS, Member
from sources.json_values import too_deep
from sources.meta_people import Known
from sources.meta_threads import Thread, folder_name
from sources.scan_records import SMALL


def messages_passed(thread: Thread, known: Known) -> int | None:
    """How many messages a conversation has that holds no trace of anybody; None where it has to be read."""
    if known.behind(folder_name(thread)):
        return None
    passed = 0
    for member in thread.files:
        value = _without_traces(member, known)
        messages = value.get("messages") if isinstance(value, dict) else None
        if not isinstance(messages, list):
            return None
        passed += len(messages)
    return passed


def records_passed(member: Member, known: Known) -> int | None:
    """How many records another file has that holds no trace of anybody; None where it has to be read."""
    value = _without_traces(member, known)
    return None if value is None else _elements(value) + 1


def _without_traces(member: Member, known: Known) -> Any:
    """The file's value if it holds no trace; None where it does, is too large or deep, or is not whole."""
    if not known.select.skipping or member.size > SMALL:
        return None
    try:
        with member.open() as stream:
            data = stream.read(SMALL + 1)
        value = None if next(known.select.traces(data), None) else orjson.loads(data)
    except (orjson.JSONDecodeError, *READ_ERRORS):
        return None
    return None if too_deep(value) else value


def _elements(value: Any) -> int:
    """How many elements the outermost lists of a value have."""
    if isinstance(value, dict):
        return sum(map(_elements, value.values()))
    return len(value) if isinstance(value, list) else 0
