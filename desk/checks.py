"""`auskunft doctor` with every part wired in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import keyring
from rich.console import Console

from cases.source import Health
from desk import doctor
from desk.doctor import Part
from desk.doctor_parts import local_parts
from desk.leftovers import outside_health
from flows.clocks import difference_of
from flows.house import mailbox_part
from flows.wiring import AllTokens, make_mailbox, make_post, make_sources, make_tokens, name_sources, open_house
from infra.extract import IsolatedExtractor
from infra.mailbox import Reading
from infra.settings import MAIN_MAILBOX, Settings
from infra.settings_sections import NO_COPIES

MOST_NAMED = 10  # cases that one line of the report names


def run_doctor(settings_path: Path, *, as_json: bool) -> int:
    report = doctor.examine(settings_path, _parts, datetime.now(UTC).date())
    if as_json:
        print(doctor.as_json(report))
    else:
        doctor.show(report, Console())
    return doctor.exit_status(report)


def _parts(settings: Settings) -> Iterator[Part]:
    yield from local_parts(settings, os.environ, keyring)
    tokens = make_tokens(settings)
    for name in settings.accounts:
        yield Part(mailbox_part(name), _mailbox(settings, name, tokens))
    yield Part("post", lambda: make_post(settings, tokens).check())
    yield Part("deadlines", lambda: _deadlines(settings))
    yield Part("outside", lambda: _outside(settings))
    for name in settings.sources:
        yield Part(f"source {name}", _source(settings, name))


def _deadlines(settings: Settings) -> Health:
    """Whether a count of today leads to the due days that are stored; needs the database and time zone data."""
    with open_house(settings) as house, house.store.begin() as tx:
        cases = tx.cases.still_open()
        counted = ((case.number, difference_of(house, tx, case)) for case in cases)
        differing = [(case, found) for case, found in counted if found is not None and found.moves]
    if not differing:
        return Health(True, f"{len(cases)} open cases, each due day as it was counted")
    lines = "; ".join(f"{case}: stored {found.stored}, today {found.fresh}" for case, found in differing[:MOST_NAMED])
    advice = "`auskunft case show CASE` says why; alarms go by the earlier day"
    return Health(False, f"{len(differing)} due days would be counted otherwise today: {lines}", advice)


def _outside(settings: Settings) -> Health:
    with open_house(settings, None, name_sources) as house:
        return outside_health(house)


def _mailbox(settings: Settings, name: str, tokens: AllTokens) -> Callable[[], Health]:
    account = settings.accounts[name]
    kept = settings.mailbox.sent if name == MAIN_MAILBOX else NO_COPIES
    folders = account.folders if kept == NO_COPIES else (*account.folders, *kept)
    reading = Reading(folders, account.filing, account.keyword, finds_sent=not kept)
    return lambda: make_mailbox(settings, name, tokens).check(reading)


def _source(settings: Settings, name: str) -> Callable[[], Health]:
    def check() -> Health:
        with IsolatedExtractor() as extractor:
            return make_sources(settings, extractor)[name].check()

    return check
