"""The edge of every flow and task: whatever happens inside, only a part and a code get out.

Prefect keeps an exception's message and traceback in states, logs, events and, pickled, in its result storage. So an
error is caught inside each body and a clean one is raised outside of the `except` block, where nothing hangs on to it.
"""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

OURS = ("cases", "sources", "outputs", "infra", "flows")


class Stopped(Exception):
    """A flow or task could not go on. Carries the part and a code, never a value found in data."""

    def __init__(self, part: str, code: str) -> None:
        super().__init__(f"{part}: {code}")
        self.part = part
        self.code = code


def guarded(part: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Wraps the body of a flow or task so that no more than a `Stopped` leaves it. Prefect's own signals (suspension)
    are no exceptions in this sense and pass."""

    def wrap(body: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(body)
        def inside(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return body(*args, **kwargs)
            except Stopped as stopped:
                code = stopped.code
            except Exception as error:  # noqa: BLE001 - the boundary: nothing of the error itself may pass
                code = code_of(error)
            raise Stopped(part, code)

        return inside

    return wrap


def code_of(error: BaseException) -> str:
    """An error as a code that says where to look and repeats nothing: `SourceUnavailable:refused` for our own, else
    the type and the last of our lines that it passed (`KeyError at flows/collect.py:71`)."""
    own = getattr(error, "code", None)
    if isinstance(own, str) and type(error).__module__.partition(".")[0] in OURS:
        return f"{type(error).__name__}:{own}"
    return f"{type(error).__name__} at {_place(error)}"


def _place(error: BaseException) -> str:
    """The innermost frame of ours, as room/module:line."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        parts = PurePath(frame.filename).parts
        room = next((index for index in range(len(parts) - 1, -1, -1) if parts[index] in OURS), None)
        if room is not None:
            return f"{'/'.join(parts[room:])}:{frame.lineno}"
    return "unknown"
