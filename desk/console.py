"""What every command needs: the house, one clear message for an error, and text that cannot command a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from flows.house import House

SETTINGS = "auskunft.toml"
USAGE = 2


def fail(message: str, status: int = USAGE) -> NoReturn:
    """Ends the command with a message on standard error."""
    print(plain(message), file=sys.stderr)
    raise SystemExit(status)


def plain(text: str) -> str:
    """Text without control characters: what stands in a mail or a file name must not steer the terminal."""
    return "".join(char if char in "\n\t" or (char.isprintable() and char != "\x7f") else "�" for char in text)


def settings_path(given: Path | None) -> Path:
    """The settings file: as given, from AUSKUNFT_SETTINGS, or the one in this folder."""
    return given or Path(os.environ.get("AUSKUNFT_SETTINGS", SETTINGS))


@contextmanager
def house_of(given: Path | None, *, asks_sources: bool = True) -> Iterator[House]:
    """The house of an installation; whatever is wrong with it ends the command with one message. A command that asks
    no source must not fail for one whose password is missing."""
    from flows.wiring import UNUSABLE, make_sources, name_sources, open_house
    from infra.settings import load_settings

    try:
        settings = load_settings(settings_path(given))
        opened = open_house(settings, None, make_sources if asks_sources else name_sources)
        house = opened.__enter__()
    except UNUSABLE as error:
        fail(str(error))
    try:
        yield house
    finally:
        opened.__exit__(None, None, None)


def known_case(house: House, case: str) -> str:
    """The number of a case that exists; ends the command for any other."""
    from infra.store.cases import NoSuchCase

    try:
        with house.store.begin() as tx:
            return tx.cases.get(case).number
    except NoSuchCase as error:
        fail(str(error))


def go_on(house: House) -> None:
    """Lets the engine know at once what has changed; where it does not run, its own schedule finds out."""
    from flows.api import EngineUnavailable
    from flows.engine import reconcile
    from flows.wiring import open_api

    try:
        with open_api(house.settings) as api:
            reconcile(house, api)
    except EngineUnavailable:
        print("(Prefect is not reached; `auskunft up` goes on from here)", file=sys.stderr)
