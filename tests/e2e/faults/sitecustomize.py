"""Lets a process die at a chosen place, once. Only for tests: it comes into a process by PYTHONPATH, and the product
knows nothing of it.

`E2E_FAULT` names a file. Where it exists it is the plan, as JSON: `at` (`module:function` or `module:Class.method`),
`when` (`before` or `after`), `victims` (`self`; `serve`: the serving process as well; `all`: everything that
`auskunft up` started, and itself), `only` (see `_concerned`) and `skip` (how many calls to let pass). Who dies renames
it to `….fired`, so that nobody dies twice.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

PLAN = os.environ.get("E2E_FAULT", "")
PLACES = (
    "flows.arrivals:letter_identity",
    "flows.arrivals:_Reader._store",
    "flows.intake:_handle",
    "flows.intake:acknowledge",
    "flows.identify:begin_collecting",
    "flows.storing:into_vault",
    "flows.storing:Harvest.take",
    "flows.storing:Harvest.store",
    "flows.collect:_note_success",
    "flows.collect:_ask_by_hand",
    "flows.pipeline:take_reply",
    "flows.pipeline:answer_form",
    "flows.pipeline:_seal",
    "flows.answer:build_package",
    "flows.answer:seal_answer",
    "flows.answer:_queue",
    "flows.answer:package_and_queue",
    "flows.dispatch:_compose",
    "flows.dispatch:_sending",
    "flows.dispatch:_sent",
    "flows.api:PrefectApi.delete_form",
    "infra.store.messages:Messages.keep_under",
    "infra.mailbox:Mailbox.move",
    "infra.post:_transmit",
)


class _Finder(importlib.abc.MetaPathFinder):
    """Puts itself before the places of a module as it is imported."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        places = [place.partition(":")[2] for place in PLACES if place.startswith(f"{name}:")]
        spec = importlib.machinery.PathFinder.find_spec(name, path) if places else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_wrap(module: ModuleType) -> None:
            execute(module)
            for place in places:
                _wrap(module, name, place)

        spec.loader.exec_module = execute_and_wrap  # type: ignore[method-assign]
        return spec


def _wrap(module: ModuleType, name: str, place: str) -> None:
    owner: Any = module
    *folders, last = place.split(".")
    for folder in folders:
        owner = getattr(owner, folder)
    setattr(owner, last, _mortal(getattr(owner, last), f"{name}:{place}"))


def _mortal(body: Callable[..., Any], place: str) -> Callable[..., Any]:
    @functools.wraps(body)
    def inside(*args: Any, **kwargs: Any) -> Any:
        _die(place, "before", args)
        result = body(*args, **kwargs)
        _die(place, "after", args)
        return result

    return inside


def _die(place: str, when: str, args: tuple[Any, ...]) -> None:
    plan = _plan()
    if plan is None or plan["at"] != place or plan["when"] != when or not _concerned(plan.get("only", ""), args):
        return
    if plan.get("skip", 0) > 0:
        _write({**plan, "skip": plan["skip"] - 1})
        return
    try:
        Path(PLAN).rename(f"{PLAN}.fired")
    except FileNotFoundError:
        return  # somebody else died of it
    for victim in _victims(plan.get("victims", "self")):
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os.kill(os.getpid(), signal.SIGKILL)


def _plan() -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(Path(PLAN).read_text())
    except FileNotFoundError:
        return None
    return found


def _write(plan: dict[str, Any]) -> None:
    unfinished = Path(f"{PLAN}.{os.getpid()}")
    unfinished.write_text(json.dumps(plan))
    unfinished.replace(PLAN)


def _concerned(only: str, args: tuple[Any, ...]) -> bool:
    """`answer`: a mail of the outbox that is one, or the raw mail with its attachment; `notice`: any other mail."""
    if not only:
        return True
    kinds = [getattr(arg, "kind", "") for arg in args]
    is_answer = "answer" in kinds or any(isinstance(arg, bytes) and b"attachment" in arg for arg in args)
    return is_answer == (only == "answer")


def _victims(which: str) -> list[int]:
    """Process ids in the order of their end: nobody who starts others again outlives them."""
    top, own = int(os.environ.get("AUSKUNFT_PARENT") or 0), os.getpid()
    if which == "self" or not top:
        return []
    below = descendants(top)
    chosen = [top, *below] if which == "all" else [pid for pid in below if is_above(pid, own)]
    return [pid for pid in chosen if pid != own]


def descendants(top: int) -> list[int]:
    """All processes below one, parents before their children."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (parent := parent_of(int(folder.name))):
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], list(children.get(top, []))
    while waiting:
        found.append(waiting.pop(0))
        waiting += children.get(found[-1], [])
    return found


def parent_of(pid: int) -> int:
    """From proc(5); 0 where there is no such process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def is_above(ancestor: int, pid: int) -> bool:
    while pid > 1:
        pid = parent_of(pid)
        if pid == ancestor:
            return True
    return False


if PLAN:
    sys.meta_path.insert(0, _Finder())
