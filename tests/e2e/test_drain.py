"""A thousand mails within a minute, and an intake that is killed ten times while they come. Afterwards each mail is in
exactly one state, nobody has two cases, and nobody got two acknowledgements."""

from __future__ import annotations

import json
import os
import random
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from signal import SIGKILL

import pytest

from flows.house import House
from flows.inbox_audit import Audited, audit_inboxes
from flows.wiring import open_house
from infra.settings import load_settings
from tests.e2e.drained import install
from tests.e2e.letters import Sent, letters
from tests.e2e.program import Program
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_script import ScriptedSmtp

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

OFFICE = "datenschutz@nordlicht.example"
MAILS, KILLS, SEED = 1000, 10, 20261121
PAUSE = 0.01  # between two mails: they come within half a minute
INTO_JUNK = 25  # every so many a mail is taken for spam by the server


@dataclass(slots=True)
class Drained:
    """What is left when all was read."""

    house: House
    settings: Path
    sent: tuple[Sent, ...]
    smtp: ScriptedSmtp
    killed: int = 0
    seconds: float = 0.0
    audit: Audited = field(default_factory=lambda: Audited("none"))

    def people(self, kind: str) -> set[str]:
        return {letter.person for letter in self.sent if letter.kind == kind}


@pytest.fixture(scope="module")
def drained(dovecot_with: Callable[..., Dovecot], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drained]:
    root = tmp_path_factory.mktemp("drain")
    for name in ("tmp", "logs"):
        (root / name).mkdir()
    os.umask(0o077)
    dovecot = dovecot_with({OFFICE: "geheim-5"})
    certificates = make_certificates(root)
    smtp = ScriptedSmtp(certificates, {})
    settings = install(root / "auskunft", dovecot, OFFICE, smtp.port, certificates.ca)
    program = Program(root)
    try:
        with open_house(load_settings(settings)) as house:
            left = Drained(house, settings, tuple(letters(MAILS, OFFICE, SEED)), smtp)
            _drain(left, program, dovecot)
            yield left
    finally:
        program._stack.close()
        smtp.close()


def _drain(left: Drained, program: Program, dovecot: Dovecot) -> None:
    post = threading.Thread(target=_deliver, args=(dovecot, left))
    post.start()
    chance = random.Random(SEED)
    while left.killed < KILLS:
        timer = threading.Timer(chance.uniform(0.2, 2.5), program.kill_step)
        timer.start()
        left.killed += program.run("intake") == -SIGKILL
        timer.cancel()
        timer.join()
    post.join()
    for _ in range(3):
        assert program.run("intake") == 0
    (left.audit,) = audit_inboxes(left.house)


def _deliver(dovecot: Dovecot, left: Drained) -> None:
    began = time.monotonic()
    with smtplib.LMTP("127.0.0.1", dovecot.lmtp) as lmtp, dovecot.session(OFFICE) as client:
        for number, letter in enumerate(left.sent):
            if number % INTO_JUNK:
                lmtp.sendmail("absender@post.example", [OFFICE], letter.raw)
            else:
                client.append("Junk", letter.raw)
            time.sleep(PAUSE)
    left.seconds = time.monotonic() - began


def test_it_was_killed_ten_times_while_a_thousand_mails_came_within_a_minute(drained: Drained) -> None:
    assert (len(drained.sent), drained.killed) == (MAILS, KILLS)
    assert drained.seconds < 60


def test_every_mail_is_in_exactly_one_state(drained: Drained) -> None:
    assert drained.audit.trouble == ""
    assert drained.audit.wrong == ()
    assert drained.audit.elsewhere == 0
    assert sum(drained.audit.fates.values()) == MAILS
    kinds = Counter(letter.kind for letter in drained.sent)
    expected = {"case": kinds["request"], "attached": kinds["reminder"]}
    expected["not_a_request"] = MAILS - sum(expected.values())
    assert {str(fate): count for fate, count in drained.audit.fates.items() if count} == expected


def test_the_command_says_the_same(drained: Drained) -> None:
    command = [sys.executable, "-m", "desk", "inbox", "audit", "--json", "--config", str(drained.settings)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["ok"]
    assert found["mailboxes"][0]["states"] == {str(fate): count for fate, count in drained.audit.fates.items()}
    assert "@" not in said.stdout


def test_nobody_has_two_cases(drained: Drained) -> None:
    with drained.house.store.begin() as tx:
        owners = Counter(tx.cases.person(case.number).sender for case in tx.cases.all())
    assert set(owners.values()) == {1}
    assert set(owners) == drained.people("request")


def test_nobody_got_two_acknowledgements(drained: Drained) -> None:
    """A second copy after a crash bears the same Message-ID, so that mail programs show one."""
    ids: dict[str, set[str]] = {}
    for raw in drained.smtp.mails:
        message = message_from_bytes(raw, policy=default)
        if message["In-Reply-To"]:
            ids.setdefault(str(message["To"]), set()).add(str(message["Message-ID"]))
    assert set(ids) == drained.people("request")
    assert {len(found) for found in ids.values()} == {1}
