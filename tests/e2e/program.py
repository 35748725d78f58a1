"""`auskunft up` as a group of processes, to be killed wherever a test wants and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.faults.sitecustomize import descendants

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
PATIENCE = 300.0  # the machine may be busy with other things


class Late(AssertionError):
    """What was waited for did not happen."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a process dies, once; see `faults/sitecustomize.py`."""

    at: str
    when: str = "before"
    victims: str = "self"
    only: str = ""
    skip: int = 0


class Program:
    """The processes of one installation, whose traces lie below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings_file = root / "auskunft" / "auskunft.toml"
        self._stack = ExitStack()
        self._up: subprocess.Popen[bytes] | None = None
        self._steps: subprocess.Popen[str] | None = None

    @property
    def log(self) -> Path:
        """What `auskunft up` and everything below it said, over all its lives."""
        return self.root / "logs" / "up.log"

    @property
    def environment(self) -> dict[str, str]:
        """Of every process of ours: temporary files go where they can be looked at, and faults come in."""
        found = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "AUSKUNFT_"))}
        return found | {
            "TMPDIR": str(self.root / "tmp"),
            "PYTHONPATH": f"{HERE / 'faults'}{os.pathsep}{PROJECT}",
            "E2E_FAULT": str(self._plan),
        }

    def up(self) -> None:
        """Starts `auskunft up` and waits until it says that it is."""
        seen = self.log.read_text().count("auskunft: up;") if self.log.exists() else 0
        command = [sys.executable, "-m", "desk", "up", "--config", str(self.settings_file)]
        with self.log.open("ab") as log:
            self._up = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=self.root,
                start_new_session=True,
            )  # fmt: skip
        self.wait_for(lambda: self.log.read_text().count("auskunft: up;") > seen, "auskunft up")

    def down(self) -> None:
        """As an operator stops it."""
        if self._up is not None and self._up.poll() is None:
            below = descendants(self._up.pid)
            self._up.terminate()
            self._up.wait(60)
            _wait_gone(below)
        self._up = None

    @property
    def is_up(self) -> bool:
        return self._up is not None and self._up.poll() is None

    def kill_everything(self) -> None:
        """Parents first, so that nothing is started again."""
        if self._up is None:
            return
        victims = [self._up.pid, *descendants(self._up.pid)]
        _kill(victims)
        self._up.wait(20)
        _wait_gone(victims)
        self._up = None

    def kill_server(self) -> None:
        _kill(self._processes("flows.server"))

    def kill_serve(self) -> None:
        """The serving process with every run that it has."""
        serving = self._processes("flows.serve")
        _kill([*serving, *(child for pid in serving for child in descendants(pid))])

    def kill_up_alone(self) -> None:
        """Leaves its children to notice."""
        assert self._up is not None
        below = descendants(self._up.pid)
        _kill([self._up.pid])
        self._up.wait(20)
        _wait_gone(below)
        self._up = None

    def restart(self) -> None:
        self.kill_everything()
        self.up()

    def _processes(self, module: str) -> list[int]:
        assert self._up is not None
        return [pid for pid in descendants(self._up.pid) if module in _command(pid)]

    def run(self, *step: str) -> int:
        """A step of `tests/e2e/step.py` in a process of its own, without Prefect; returns its exit status."""
        if self._steps is None:
            command = [sys.executable, "-m", "tests.e2e.step", str(self.settings_file)]
            with (self.root / "logs" / "steps.log").open("ab") as log:
                self._steps = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=self.environment,
                    cwd=self.root, text=True, bufsize=1,
                )  # fmt: skip
            self._stack.callback(self._end_steps)
        assert self._steps.stdin is not None
        assert self._steps.stdout is not None
        self._steps.stdin.write(" ".join(step) + "\n")
        return int(self._steps.stdout.readline())

    def kill_step(self) -> None:
        """The step that is at work, and what it has started, as they stand."""
        if self._steps is not None:
            _kill(descendants(self._steps.pid))

    def _end_steps(self) -> None:
        assert self._steps is not None
        self._steps.communicate()

    @property
    def _plan(self) -> Path:
        return self.root / "fault.json"

    def arm(self, fault: Fault) -> None:
        """From now on the first process that comes to this place dies there."""
        self._fired.unlink(missing_ok=True)
        unfinished = self._plan.with_suffix(".new")
        plan = {name: getattr(fault, name) for name in Fault.__slots__}
        unfinished.write_text(json.dumps(plan))
        unfinished.replace(self._plan)

    @property
    def _fired(self) -> Path:
        return self.root / "fault.json.fired"

    @property
    def has_died(self) -> bool:
        return self._fired.exists()

    def wait_for_death(self) -> None:
        """Waits until the armed fault has happened; after one that took everything, `up` is gone as well."""
        self.wait_for(lambda: self.has_died, "the armed fault", alive=False)
        if json.loads(self._fired.read_text())["victims"] == "all":
            assert self._up is not None
            self._up.wait(20)
            self._up = None

    def wait_for(
        self, condition: Callable[[], bool], what: str = "it", seconds: float = PATIENCE, *, alive: bool = True
    ) -> None:
        give_up = time.monotonic() + seconds
        while not condition():
            if alive and self._up is not None and self._up.poll() is not None:
                raise Late(f"`auskunft up` ended while waiting for {what}; see {self.log}")
            if time.monotonic() > give_up:
                raise Late(f"{what}: not within {seconds:.0f} s; see {self.log}")
            time.sleep(0.5)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _kill(pids: Iterable[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _wait_gone(pids: Iterable[int]) -> None:
    """Until none of them runs any more; zombies of others are gone enough."""
    give_up = time.monotonic() + 60
    while any(_runs(pid) for pid in pids):
        if time.monotonic() > give_up:
            raise Late("a process that should have ended still runs")
        time.sleep(0.1)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
