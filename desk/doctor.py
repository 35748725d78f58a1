"""`auskunft doctor`: asks every configured part whether it works, and says what to do where it does not.

What is asked comes in as callables, so that a part written elsewhere (a mailbox, a source) plugs in as a `Part`. A
part that fails, breaks or hangs is one line of the report and never hides the others.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cases.register import Register
from cases.source import Health, SourceUnavailable
from infra.faults import ConfigurationError
from infra.keystore import KeyStoreError
from infra.master import MasterKeyError
from infra.ropa import RegisterError, check_register, load_register
from infra.scaffold import REGISTER_FILE
from infra.secrets_ref import SecretError
from infra.settings import Settings, SettingsError, load_settings, unfilled
from outputs.errors import WordingRefused
from sources.building import BadOptions
from sources.catalogue import UnknownKind

PATIENCE = 90.0
# Errors whose texts are ours: they name a place and what to do, never a value.
_SPEAKING = (
    *(ConfigurationError, KeyStoreError, MasterKeyError, SecretError),
    *(SourceUnavailable, BadOptions, UnknownKind, WordingRefused),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something to ask. `check` builds what it needs itself, so that what cannot even be built is reported as well."""

    name: str
    check: Callable[[], Health]


@dataclass(frozen=True, slots=True)
class Examined:
    """A line of the report."""

    part: str
    ok: bool
    summary: str
    advice: str = ""


Wiring = Callable[[Settings], Iterable[Part]]


def examine(settings_path: Path, wiring: Wiring, today: date, patience: float = PATIENCE) -> list[Examined]:
    """Settings and register first, then every part of `wiring`, each for at most `patience` seconds.

    Where the settings cannot be read there is nothing more to ask than the register.
    """
    try:
        settings = load_settings(settings_path)
    except SettingsError as error:
        broken = Examined("settings", False, _count(len(error.faults), "fault"), str(error))
        return [broken, _asked(Part("register", lambda: _register(settings_path, None, today)), patience)]
    first = (
        Part("settings", lambda: _settings(settings)),
        Part("register", lambda: _register(settings_path, settings, today)),
    )
    return [_asked(part, patience) for part in (*first, *_wired(wiring, settings))]


def exit_status(report: Iterable[Examined]) -> int:
    """0 where every part works, else 1."""
    return 0 if all(line.ok for line in report) else 1


def as_json(report: Sequence[Examined]) -> str:
    """`{"ok": …, "parts": [{"part", "ok", "summary", "advice"}]}`."""
    content = {"ok": exit_status(report) == 0, "parts": [asdict(line) for line in report]}
    return json.dumps(content, ensure_ascii=False, indent=2)


def show(report: Iterable[Examined], console: Console) -> None:
    """A table for people. Texts are not read as markup."""
    table = Table("", "Part", "Found", "What to do", show_lines=True)
    for line in report:
        mark = Text("ok", style="green") if line.ok else Text("FAILS", style="bold red")
        table.add_row(mark, Text(line.part), Text(line.summary), Text(line.advice))
    console.print(table)


def _settings(settings: Settings) -> Health:
    empty = unfilled(settings)
    if empty:
        return Health(False, f"{_count(len(empty), 'entry')} still to be filled in", "fill in: " + ", ".join(empty))
    own = settings.controller
    return Health(True, f"{own.name}, holidays of {own.land}, {_count(len(settings.sources), 'source')}")


def _register(settings_path: Path, settings: Settings | None, today: date) -> Health:
    try:
        register = load_register(settings_path.parent / REGISTER_FILE)
    except RegisterError as error:
        return Health(False, _count(len(error.faults), "fault"), str(error))
    if settings is None:
        return Health(True, _size(register), "its sources cannot be compared before the settings can be read")
    messages = check_register(register, settings.sources, today)
    if messages:
        return Health(False, _count(len(messages), "message"), "\n".join(messages))
    return Health(True, _size(register))


def _size(register: Register) -> str:
    return f"{_count(len(register.activities), 'activity')}, {_count(len(register.systems), 'system')}"


def _wired(wiring: Wiring, settings: Settings) -> list[Part]:
    """The parts up to the one whose making broke; that one is a part which says so."""
    parts: list[Part] = []
    made = _safely(lambda: _collect(wiring, settings, parts))
    return parts if made.ok else [*parts, Part("wiring", lambda: made)]


def _collect(wiring: Wiring, settings: Settings, parts: list[Part]) -> Health:
    for part in wiring(settings):
        parts.append(part)
    return Health(True, "")


def _asked(part: Part, patience: float) -> Examined:
    """Asked in a thread that may be left behind: a server that never answers must not keep the report back."""
    answers: SimpleQueue[Health] = SimpleQueue()
    threading.Thread(target=lambda: answers.put(_safely(part.check)), name=f"doctor {part.name}", daemon=True).start()
    try:
        health = answers.get(timeout=patience)
    except Empty:
        health = Health(False, f"no answer within {patience:g} seconds", "check the network, the server and firewalls")
    return Examined(part.name, health.ok, health.summary, health.advice)


def _safely(check: Callable[[], Health]) -> Health:
    try:
        return check()
    except _SPEAKING as error:
        return Health(False, "cannot be asked", str(error))
    except Exception as error:  # noqa: BLE001 - the one boundary: a part that breaks must not hide the others
        return Health(False, f"broke with {type(error).__name__}", "its message may hold data and is not shown here")


def _count(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number} {what[:-1]}ies" if what.endswith("y") else f"{number} {what}s"
