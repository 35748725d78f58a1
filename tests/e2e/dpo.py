"""A data protection officer at the command line of an installation, and what the store and the engine say meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cases.case import Case
from flows.house import House
from flows.wiring import open_api

DPO = "Frauke Nissen"
WORKSHOP = "Torben Ahrens"
PATIENCE = 300.0  # seconds that a step may take; on a machine with nothing else to do it takes a tenth
UNDECIDED = re.compile(r"^ +(?P<number>\d+) (?:certain|probable|possible) +\? +\S+ \[.*?\] (?P<values>.*)$", re.M)
#: What she sees at once to be the asker's among what nobody has decided yet; the rest is about a namesake.
HERS = ("Angebot 2026-031", "Reklamation Krüger", "Telefonnotiz", "thread_path=inbox/lenaauftour_")
#: Hers too, but it names other customers.
OTHERS_TOO = "Werkstattliste 2026-03"


class Late(AssertionError):
    """What was waited for did not happen."""


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Waits for a condition of other processes, which can only be asked for again and again."""
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            raise Late(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.25)


@dataclass(frozen=True, slots=True)
class Dpo:
    """Works with the commands of one installation."""

    settings_file: Path
    house: House

    def auskunft(self, *arguments: str) -> str:
        """A command of ours in a terminal wide enough for its lists; returns what it printed."""
        done = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "400"}
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def reading(self, case: str, reader: str) -> Iterator[str]:
        """`auskunft case review` until Enter is pressed; gives the release code that it shows."""
        command = self.command("case", "review", case, "--as", reader)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as review:
            assert review.stdin is not None and review.stdout is not None
            shown = ""
            while not (code := re.search(r"release code: (\S+)", shown)):
                line = review.stdout.readline()
                assert line, f"no code was shown: {shown}"
                shown += line
            yield code[1]
            review.stdin.write("\n")
        assert review.returncode == 0

    def decide(self, case: str) -> None:
        """Decides whatever is undecided, and says that somebody has looked into the paper files."""
        shown = self.auskunft("case", "show", case)
        if re.search(r"proposal \d+: .* \(offen / open\)", shown):
            self.auskunft("case", "decline", case, "--all", "--as", DPO, "--reason", "steht schon in der Anfrage")
        undecided = {found["number"]: found["values"] for found in UNDECIDED.finditer(shown)}
        hers = [number for number, values in undecided.items() if any(word in values for word in HERS)]
        held = [number for number, values in undecided.items() if OTHERS_TOO in values]
        rest = [number for number in undecided if number not in (*hers, *held)]
        assert len(hers) == len(HERS) and len(held) == 1 and rest, "the invented company has changed"
        self.auskunft("case", "include", case, *hers, "--by", DPO)
        self.auskunft("case", "exclude", case, *rest, "--by", DPO, "--reason", "die Namensvetterin aus Lübeck")
        withheld = ("--ground", "art-15-4", "--reason", "nennt andere Kunden")
        self.auskunft("case", "withhold", case, *held, "--by", DPO, *withheld)
        self.auskunft("case", "add", case, "--system", "paper", "--nothing", "--by", WORKSHOP)

    def command(self, *arguments: str) -> list[str]:
        """`auskunft` with these arguments, for this installation."""
        config = [] if arguments[0] == "open" else ["--config", str(self.settings_file)]
        return [sys.executable, "-m", "desk", *arguments, *config]

    def cases(self) -> tuple[Case, ...]:
        with self.house.store.begin() as tx:
            return tuple(tx.cases.all())

    def status(self, case: str) -> str:
        with self.house.store.begin() as tx:
            return tx.cases.get(case).status

    def approval_run(self, case: str, *, after: str = "") -> str:
        """The id of the suspended run that asks for the approval of the current draft, another one than `after`."""
        found: list[str] = []

        def look() -> bool:
            with self.house.store.begin() as tx:
                run = tx.runs.get(f"fulfil/{case}/{tx.cases.get(case).draft}")
            if run is None or not run.flow_run or run.flow_run == after:
                return False
            with open_api(self.house.settings) as api:
                engine_run = api.run(run.flow_run)
                waits = engine_run is not None and engine_run.state == "PAUSED" and api.has_form(engine_run)
            found[:] = [run.flow_run]
            return waits

        until(look, f"the approval form of {case}")
        return found[0]
