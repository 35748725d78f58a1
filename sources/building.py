"""How sources are built: what they are handed, and settings checked with messages that say what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from cases.text import TextExtractor

# Gives the secret that a reference of the settings (`env:NAME`, `file:/path`, ...) stands for.
Secret = Callable[[str], str]

_SHOWN = 60  # characters of a wrong value that a message repeats


@dataclass(frozen=True, slots=True)
class Tools:
    """What connectors need and do not build themselves. `folder` is where relative paths of settings start."""

    extractor: TextExtractor
    folder: Path = Path()
    timezone: str = "Europe/Berlin"


class BadOptions(Exception):
    """Settings of a source that cannot be built. `problems` name key, value and what is allowed, one line each."""

    def __init__(self, source: str, problems: tuple[str, ...]) -> None:
        super().__init__(f"sources.{source}: " + "; ".join(problems))
        self.source = source
        self.problems = problems


class Options(BaseModel):
    """Settings of one kind of source: a key that is not listed is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_O = TypeVar("_O", bound=Options)


def checked(model: type[_O], source: str, options: Mapping[str, object]) -> _O:
    """The options as `model`; `BadOptions` names every problem at once."""
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        problems = tuple(_problem(dict(item), model) for item in error.errors(include_url=False))
    raise BadOptions(source, problems)


def _problem(error: dict[str, Any], model: type[Options]) -> str:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden" and len(error["loc"]) == 1:
        return f"{key} is no setting of this kind; allowed: {', '.join(model.model_fields)}"
    if error["type"] == "missing":
        return f"{key} is missing; {_allowed(key, model)}"
    value = "" if _may_hold_a_secret(key) else f" = {str(error['input'])[:_SHOWN]!r}"
    return f"{key}{value}: {error['msg']}; {_allowed(key, model)}".removesuffix("; ")


def _allowed(key: str, model: type[Options]) -> str:
    field = model.model_fields.get(key.partition(".")[0])
    return f"allowed: {field.description}" if field and field.description else ""


def _may_hold_a_secret(key: str) -> bool:
    """A URL may carry a password, and a password is sometimes written where its reference belongs."""
    return any(word in key for word in ("url", "password", "secret", "token"))
