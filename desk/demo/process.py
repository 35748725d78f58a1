"""Starting a server of the demo as a process of its own, and ending with whoever started it.

The child holds the reading end of a pipe as its standard input. Nobody writes to it; when the parent is gone, however
it went, the pipe closes and the child ends. SIGTERM ends it as well; Ctrl-C in the parent's terminal does not reach it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_START_SECONDS = 20.0
_STOP_SECONDS = 5.0


class ServerFailed(Exception):
    """A server of the demo did not come up; its log says why."""


class ServerProcess:
    """A module run as `python -m <module> --folder F --ports-file P`, until `stop()` or the end of this process.

    The folder holds the server's settings, its log (`<name>.log`) and the ports file (`<name>.ports.json`), which the
    child writes once it listens: a JSON object, name of the port -> number.
    """

    def __init__(self, module: str, name: str, folder: Path) -> None:
        self._module = module
        self._name = name
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._ports: Mapping[str, int] = {}

    @property
    def pid(self) -> int:
        """Process id of the running server. Raises ServerFailed if it was not started."""
        if self._process is None:
            raise ServerFailed(f"{self._name} is not running; call start() first")
        return self._process.pid

    def port(self, name: str) -> int:
        """A port the server listens on. Raises ServerFailed if it was not started."""
        if name not in self._ports:
            raise ServerFailed(f"{self._name} is not running; call start() first")
        return self._ports[name]

    def prepare(self) -> None:
        """Write into the folder what the child reads from it."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> Self:
        """Start the child and wait until it listens. Raises ServerFailed with the place of its log."""
        if self._process is not None:
            raise ServerFailed(f"{self._name} is running already; call stop() first")
        self.prepare()
        ports_file = self._folder / f"{self._name}.ports.json"
        ports_file.unlink(missing_ok=True)
        command = [sys.executable, "-m", self._module, "--folder", str(self._folder), "--ports-file", str(ports_file)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        self._ports = self._wait_for(ports_file)
        return self

    @property
    def _log(self) -> Path:
        return self._folder / f"{self._name}.log"

    def _wait_for(self, ports_file: Path) -> Mapping[str, int]:
        assert self._process is not None
        give_up = time.monotonic() + _START_SECONDS
        while time.monotonic() < give_up and self._process.poll() is None:
            if ports_file.exists():
                ports: dict[str, int] = json.loads(ports_file.read_text())
                return ports
            time.sleep(0.02)
        self.stop()
        raise ServerFailed(f"{self._name} did not start; see {self._log}")

    def stop(self) -> None:
        """End the child and wait for it; harmless if it has ended already."""
        process, self._process, self._ports = self._process, None, {}
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass(frozen=True, slots=True)
class ServerArguments:
    """The command line of a server of the demo."""

    folder: Path
    ports_file: Path


def server_arguments(description: str) -> ServerArguments:
    """Read the command line; exits with status 2 if it is not as it should be."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--folder", type=Path, required=True, help="where the settings and certificates lie")
    parser.add_argument("--ports-file", type=Path, required=True, help="where to write the ports, as JSON")
    given = parser.parse_args()
    return ServerArguments(given.folder, given.ports_file)


def call_when_orphaned(callback: Callable[[], object]) -> None:
    """Call back, from a thread, when standard input ends: the parent is gone."""

    def watch() -> None:
        # Not sys.stdin: a thread blocked in its buffer would abort the interpreter's shutdown.
        while os.read(0, 1):
            pass
        callback()

    threading.Thread(target=watch, name="orphan-watch", daemon=True).start()


def write_ports(path: Path, ports: Mapping[str, int]) -> None:
    """Tell the parent where we listen; it never sees half a file."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(dict(ports)))
    unfinished.replace(path)
