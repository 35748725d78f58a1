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
from flows.wiring import make_mailbox, make_post, make_sources
from infra.extract import IsolatedExtractor
from infra.imap_session import MailboxUnavailable
from infra.settings import Settings


def run_doctor(settings_path: Path, *, as_json: bool) -> int:
    report = doctor.examine(settings_path, _parts, datetime.now(UTC).date())
    if as_json:
        print(doctor.as_json(report))
    else:
        doctor.show(report, Console())
    return doctor.exit_status(report)


def _parts(settings: Settings) -> Iterator[Part]:
    yield from local_parts(settings, os.environ, keyring)
    yield Part("mailbox", lambda: _mailbox(settings))
    yield Part("post", lambda: make_post(settings).check())
    for name in settings.sources:
        yield Part(f"source {name}", _source(settings, name))


def _mailbox(settings: Settings) -> Health:
    try:
        with make_mailbox(settings) as mailbox:
            return mailbox.check()
    except MailboxUnavailable as error:
        return Health(False, f"IMAP: {error.code}", error.advice)


def _source(settings: Settings, name: str) -> Callable[[], Health]:
    def check() -> Health:
        with IsolatedExtractor() as extractor:
            return make_sources(settings, extractor)[name].check()

    return check
