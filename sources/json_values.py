"""What a JSON value says: its texts, and its values one by one as fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from cases.finding import DataField

_DEEPEST = 40


def text_of(value: Any) -> str:
    """Every text, key and whole number of a value, in its order, each on a line of its own."""
    said: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            said.append(one)
        elif isinstance(one, dict):
            for key, item in reversed(one.items()):
                waiting.append(item)
                waiting.append(key)
        elif isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, int) and not isinstance(one, bool):
            said.append(str(one))
    return "\n".join(said)


def flat(name: str, value: Any) -> Iterator[DataField]:
    """Every value as a field named by its path: `share.link`, `tags[0]`. Nothing is left out but null."""
    if isinstance(value, dict) and value:
        prefix = f"{name}." if name else ""
        for key, item in value.items():
            if type(item) is str:
                yield DataField(prefix + key, item)
            else:
                yield from flat(prefix + key, item)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from flat(f"{name}[{index}]", item)
    elif value is not None:
        yield DataField(name, _shown(value))


def too_deep(value: Any) -> bool:
    """Whether a value is nested deeper than any export is."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [item for one in level for item in _inside(one) if isinstance(item, dict | list)]
        if not level:
            return False
    return True


def at(value: Any, path: str) -> Any:
    """The value behind a path such as `customer.email`; None where there is none."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _shown(value: Any) -> str:
    if value in ({}, []):
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode() if _fits(value) else str(value)


def _fits(value: Any) -> bool:
    return not isinstance(value, int) or -(2**63) <= value < 2**64
