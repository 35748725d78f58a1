"""What is wrong in a configuration file, said once: the key, the value where it may be shown, and what is allowed.

Values come out of pydantic's errors with care: a secret, a table or an unknown key is never printed, because a password
in the wrong place is still a password.
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

_LONGEST_FILE = 1024 * 1024
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong. `value` is empty where there is none or it may be a secret; `allowed` ends without a stop."""

    key: str
    allowed: str
    value: str = ""
    wrong: str = "is not allowed"

    def __str__(self) -> str:
        shown = f"{self.key} = {self.value}" if self.value else self.key
        return f"{shown} {self.wrong}; {self.allowed}"


class ConfigurationError(Exception):
    """A configuration file cannot be used. `faults` holds one entry for each thing to correct."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(f"{path.name}: {fault}" for fault in faults))
        self.path = path
        self.faults = tuple(faults)


class Hidden:
    """Marks a field in its annotation whose value may be a secret and is not shown."""


def read_toml(path: Path) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a TOML 1.0 file and its tables; raises `ConfigurationError` where it is missing or is no TOML."""
    content = _read(path)
    try:
        return content, tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        fault = Fault("the file", "allowed: TOML 1.0 in UTF-8", wrong=f"is not TOML ({_where(error)})")
    raise ConfigurationError(path, [fault])


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """One fault for each place that `error` names, in the order of the file's model; a list whose entry is named is
    not named again."""
    found: dict[str, Fault] = {}
    for detail in error.errors(include_url=False, include_context=False):
        fault = _fault(detail, model)
        found.setdefault(fault.key, fault)
    return [fault for key, fault in found.items() if not any(other.startswith(f"{key}[") for other in found)]


def dotted(place: Iterable[str | int]) -> str:
    """`("people", 0, "name")` as `people[1].name`: people count from one."""
    text = ""
    for step in place:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def near_miss(key: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown key."""
    names = sorted(known)
    close = difflib.get_close_matches(key.lower(), names, n=1)
    return f'did you mean "{close[0]}"?' if close else f"known here: {', '.join(names)}"


@dataclass(slots=True)
class _Spot:
    """Where a walk through a model's annotations has come to."""

    inside: Any
    model: type[BaseModel]
    field: FieldInfo | None = None

    def enter(self, step: str | int) -> bool:
        """Go one step further; False where the model knows no such place."""
        if _is_model(self.inside):
            self.model, self.field = self.inside, self.inside.model_fields.get(str(step))
            self.inside = _bare(self.field.annotation) if self.field else None
            return self.field is not None
        items = get_args(self.inside)
        if get_origin(self.inside) not in (tuple, list, dict, Mapping) or not items:
            return False
        self.inside = _bare(items[0] if isinstance(step, int) else items[-1])
        return True

    @property
    def is_value(self) -> bool:
        return self.field is not None and not _is_model(self.inside) and get_origin(self.inside) in (None, Literal)


def _fault(detail: ErrorDetails, model: type[BaseModel]) -> Fault:
    spot, place = _Spot(model, model), detail["loc"]
    walked = next((count for count, step in enumerate(place) if not spot.enter(step)), len(place))
    if detail["type"] == "extra_forbidden":
        return Fault(dotted(place), near_miss(str(place[-1]), spot.model.model_fields), wrong="is not known")
    allowed = f"allowed: {spot.field.description if spot.field else 'what the documentation lists'}"
    if detail["type"] == "missing":
        return Fault(dotted(place), allowed, wrong="is missing")
    return Fault(dotted(place[:walked]), allowed, _shown(detail["input"], spot))


def _shown(value: object, spot: _Spot) -> str:
    """A plain value of a field that holds no secret, shortened; for anything else only what kind of thing it is."""
    if isinstance(value, Mapping):
        return "(a table)"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "(a list)"
    if not spot.is_value or _is_hidden(spot.field):
        return "(not shown)"
    text = json.dumps(value.isoformat() if isinstance(value, date | time) else value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _is_hidden(field: FieldInfo | None) -> bool:
    return field is None or any(isinstance(mark, Hidden) for mark in field.metadata)


def _is_model(inside: Any) -> bool:
    return isinstance(inside, type) and issubclass(inside, BaseModel)


def _bare(annotation: Any) -> Any:
    """An annotation without `Annotated[…]` and `… | None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    parts = get_args(annotation)
    if NoneType in parts:
        return _bare(next(part for part in parts if part is not NoneType))
    return annotation


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_FILE + 1)
    except OSError as error:
        advice = f"make one with: auskunft init {path.parent}"
        raise ConfigurationError(
            path, [Fault("the file", advice, wrong=f"cannot be read ({error.strerror})")]
        ) from None
    if len(content) > _LONGEST_FILE:
        raise ConfigurationError(path, [Fault("the file", "allowed: at most 1 MiB", wrong="is too large")])
    return content


def _where(error: tomllib.TOMLDecodeError | UnicodeDecodeError) -> str:
    """The place alone: the parser's message may quote what stands there."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    found = re.search(r"line \d+, column \d+", str(error))
    return found[0] if found else "at its end"
