"""Intake on real servers without the engine: Postfix takes mail in and sends it, Dovecot keeps it, and the functions of
the flows are called in this process. What needs neither Prefect nor a browser is shown here in seconds."""

from __future__ import annotations

import secrets
import shutil
import smtplib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from cases.case import Case
from cases.source import Stage
from flows.dispatch import dispatch
from flows.house import House
from flows.identify import identify_all
from flows.inbox import poll
from flows.questions import answer
from flows.watch import watch
from flows.wiring import ReceivedEvidence, make_mailbox, make_post
from infra.ropa import load_register
from infra.settings import load_settings
from tests.e2e.dpo import until
from tests.flows import house as invented
from tests.flows.house import DPO, REVIEWER, US, FakeMailbox, FakePost, FakeSource, contact, write_settings
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

EDGE = "mx.nordlicht.example"  # takes mail in from outside and checks it, see tests.e2e.office
STORE = "mail.nordlicht.example"  # Postfix and Dovecot
SERVERS = """
[mailbox]
host = "localhost"
port = {imaps}
user = "{us}"
password = "env:POST_OFFICE_PASSWORD"
ca_file = "{ca}"
authserv_ids = ["{edge}"]
check_dkim = false
[post]
host = "localhost"
port = {submissions}
user = "{us}"
password = "env:POST_OFFICE_PASSWORD"
ca_file = "{ca}"
from_address = "{us}"
from_name = "Nordlicht Datenschutz"
"""


class AheadClock:
    """The machine's clock, moved ahead: a test that waits for an hour does not wait."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(slots=True)
class PostOffice:
    """One house whose mailbox and post are real."""

    house: House
    clock: AheadClock
    dovecot: Dovecot
    postfix: Postfix

    def arrive(self, raws: Sequence[tuple[str, bytes]], *, vouched: bool = True) -> None:
        """Mails from outside, each with its envelope sender, come in by SMTP; returns when all lie in the mailbox."""
        before = self._count(US)
        with smtplib.SMTP("127.0.0.1", self.postfix.inbound, local_hostname=EDGE, timeout=20) as smtp:
            for sender, raw in raws:
                smtp.sendmail(sender, [US], _checked(sender, raw) if vouched else raw)
        until(lambda: self._count(US) == before + len(raws), "the mails in the mailbox", 60)

    def work(self) -> None:
        """What the scheduled flows do: read, identify, watch, send."""
        poll(self.house)
        identify_all(self.house)
        watch(self.house)
        dispatch(self.house)

    def received(self, address: str, count: int = 1) -> list[EmailMessage]:
        """What a person got, oldest first, as soon as it is so many mails."""
        until(lambda: self._count(address) >= count, f"{count} mails to a person", 30)
        return [message_from_bytes(raw, policy=default) for raw in self.dovecot.mails(address)]

    def _count(self, address: str) -> int:
        with self.dovecot.session(address) as client:
            return int(client.folder_status("INBOX", ["MESSAGES"])[b"MESSAGES"])

    def cases(self) -> tuple[Case, ...]:
        with self.house.store.begin() as tx:
            return tx.cases.all()

    def case(self, number: str) -> Case:
        with self.house.store.begin() as tx:
            return tx.cases.get(number)

    def steps(self, number: str) -> list[str]:
        with self.house.store.begin() as tx:
            return [event.what for event in tx.cases.history(number)]

    def waiting(self, number: str) -> set[str]:
        with self.house.store.begin() as tx:
            return {asked.kind for asked in tx.questions.open_ones(number)}

    def say(self, number: str, kind: str, **typed: str) -> str:
        """A person answers a question; returns the code of why nothing was changed."""
        with self.house.store.begin() as tx:
            (asked,) = (asked for asked in tx.questions.open_ones(number) if asked.kind == kind)
            return answer(self.house, tx, asked, {"by": REVIEWER, **typed})


@contextmanager
def open_post_office(
    folder: Path,
    empty: Path,
    addresses: Sequence[str],
    dovecot_with: Callable[..., Dovecot],
    postfix_for: Callable[..., Postfix],
    set_env: Callable[[str, str], None],
) -> Iterator[PostOffice]:
    """`addresses`: people outside who get a mailbox, so that our answers have somewhere to go."""
    users = {address: secrets.token_hex(8) for address in (US, DPO, *addresses)}
    dovecot = dovecot_with(users, extra=f"hostname = {STORE}")
    postfix = postfix_for(dovecot, extra=f"myhostname = {STORE}")
    set_env("POST_OFFICE_PASSWORD", users[US])
    clock = AheadClock()
    house = _house(folder, empty, dovecot, postfix, clock)
    try:
        yield PostOffice(house, clock, dovecot, postfix)
    finally:
        house.close()


def _house(folder: Path, empty: Path, dovecot: Dovecot, postfix: Postfix, clock: AheadClock) -> House:
    start, end = invented.SETTINGS.index("[mailbox]"), invented.SETTINGS.index("[prefect]")
    places = SERVERS.format(us=US, edge=EDGE, ca=dovecot.ca_file, imaps=dovecot.imaps, submissions=postfix.submissions)
    settings = load_settings(write_settings(folder, invented.SETTINGS[:start] + places + invented.SETTINGS[end:]))
    (folder / "data").mkdir(mode=0o700)
    shutil.copyfile(empty, folder / "data" / "auskunft.db")
    crm, cloud = FakeSource("crm", contacts=[contact()]), FakeSource("cloud", stage=Stage.SCAN)
    register, box, post = load_register(folder / "ropa.toml"), FakeMailbox(), FakePost()
    house = invented.make(settings, register, clock, box, post, crm, cloud)  # type: ignore[arg-type]  # another clock
    return replace(
        house,
        mailbox=lambda name: make_mailbox(settings, name, {}),
        post=make_post(settings, {}),
        authenticity=ReceivedEvidence((EDGE,), check_dkim=False),
    )


def _checked(sender: str, raw: bytes) -> bytes:
    """With the verdict of the server at the edge on top (RFC 8601), as in tests.e2e.office."""
    domain = sender.rpartition("@")[2]
    results = f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    outside = f"from mail.{domain} (mail.{domain} [192.0.2.25])\r\n by {EDGE} with ESMTPS"
    return f"Authentication-Results: {EDGE}; {results}\r\nReceived: {outside}\r\n".encode() + raw
