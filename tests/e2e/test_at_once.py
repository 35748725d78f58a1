"""New mail is a case within moments, although the next scheduled poll is an hour away; and it all ends when told to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest

from flows.house import House
from flows.wiring import open_house
from infra.settings import load_settings
from tests.e2e.drained import install
from tests.e2e.letters import letters
from tests.e2e.program import Program
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_script import ScriptedSmtp

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

OFFICE = "datenschutz@nordlicht.example"
REQUESTS = [letter.raw for letter in letters(40, OFFICE, 7) if letter.kind == "request"]


@pytest.fixture(scope="module")
def dovecot(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    return dovecot_with({OFFICE: "geheim-5"})


@pytest.fixture
def running(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, House]]:
    """`auskunft up`, whose first poll has found an empty mailbox."""
    root = tmp_path_factory.mktemp("at-once")
    for name in ("tmp", "logs"):
        (root / name).mkdir()
    os.umask(0o077)
    certificates = make_certificates(root)
    smtp, program = ScriptedSmtp(certificates, {}), Program(root)
    settings = install(root / "auskunft", dovecot, OFFICE, smtp.port, certificates.ca, poll_seconds=3600)
    try:
        with open_house(load_settings(settings)) as house:
            program.up()
            program.wait_for(lambda: bool(_read_at(house)), "the first poll")
            yield program, house
    finally:
        program.kill_everything()
        smtp.close()


def _read_at(house: House) -> str:
    with house.store.begin() as tx:
        return tx.state.get("mailbox").get("read_at", "")


def _cases(house: House) -> int:
    with house.store.begin() as tx:
        return len(tx.cases.all())


def test_mail_is_a_case_at_once_and_the_watch_ends_with_the_program(
    dovecot: Dovecot, running: tuple[Program, House]
) -> None:
    program, house = running
    for number, raw in enumerate(REQUESTS[:2], start=1):
        dovecot.deliver(OFFICE, raw)
        program.wait_for(lambda count=number: _cases(house) == count, "a case", seconds=120)  # type: ignore[misc]
    began = time.monotonic()
    program.down()
    assert time.monotonic() - began < 40
    assert "flows/mail_watch.py" not in program.log.read_text()  # no thread of ours broke; Prefect says a lot itself
