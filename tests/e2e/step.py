"""Steps of the pipeline without Prefect, each in a process of its own: `python -m tests.e2e.step SETTINGS`.

Reads `STEP [CASE]` from standard input, one a line, does it in a fork (which may be killed, and which had to import
nothing) and writes the fork's exit status as one line.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from flows.answer import package_and_queue
from flows.collect import finish, search_source
from flows.dispatch import dispatch
from flows.house import House
from flows.identify import identify_all
from flows.inbox import poll
from flows.watch import watch
from flows.wiring import open_house
from infra.settings import load_settings


def intake(house: House) -> None:
    poll(house)
    send(house)


def collect(house: House) -> None:
    identify_all(house)
    for name in house.sources:
        search_source(house, name)
    finish(house)


def send(house: House, case: str = "") -> None:
    if case:
        package_and_queue(house, case)
    watch(house)
    dispatch(house)


STEPS = {"intake": intake, "collect": collect, "send": send}


def do(settings: Path, step: str, *case: str) -> int:
    """The exit status of a fork that does one step; negative for the signal that killed it."""
    fork = os.fork()
    if fork == 0:
        try:
            with open_house(load_settings(settings)) as house:
                STEPS[step](house, *case)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the fork ends here, whatever happened
            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(fork, 0)
    return os.waitstatus_to_exitcode(status)


def main(settings: str) -> None:
    for line in sys.stdin:
        print(do(Path(settings), *line.split()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
