"""The invented company on real servers: Dovecot keeps its mail, Postfix takes mail in and sends it, WebDAV holds its
files, and `auskunft up` runs as the process that an operator would start."""

from __future__ import annotations

import smtplib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any

import httpx

from desk.demo.company import Company
from desk.demo.dav_server import DavServer
from desk.demo.installation import CloudPlace, Habits, MailPlace, write_installation
from desk.demo.mails import DemoMail
from flows.wiring import open_house
from infra.settings import load_settings
from tests.e2e.dpo import Dpo, until
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

EDGE = "mx.nordlicht-raeder.example"  # takes mail in from outside, checks it and hands it on
STORE = "mail.nordlicht-raeder.example"  # Postfix and Dovecot


@dataclass(slots=True)
class Office:
    """One installation with its servers. `folder` holds the log of `auskunft up`."""

    folder: Path
    company: Company
    dovecot: Dovecot
    postfix: Postfix
    dpo: Dpo
    password: str = field(repr=False)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "up.log"

    @property
    def ui(self) -> str:
        """Where the Prefect UI is."""
        return self.dpo.house.settings.prefect_api.removesuffix("/api")

    # -- the program ---------------------------------------------------------------------------------------------

    def up(self) -> None:
        """Starts `auskunft up` and waits until it says that it is."""
        said = self._said_up()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.dpo.command("up"), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until(lambda: self._said_up() > said or not self.is_up, "auskunft up")
        assert self.is_up, self.log.read_text()[-2000:]

    @property
    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def down(self) -> None:
        """Stops it as the operating system does: SIGTERM."""
        if self.process is not None and self.is_up:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise

    def _said_up(self) -> int:
        return self.log.read_text().count("auskunft: up;") if self.log.exists() else 0

    # -- mail ----------------------------------------------------------------------------------------------------

    def arrive(self, mail: DemoMail) -> None:
        """A mail from outside arrives by SMTP, checked by the company's edge server.

        Neither Postfix nor Dovecot checks SPF, DKIM and DMARC. In a house like this one the server at the edge does:
        it puts its verdict (RFC 8601) above the Received header of the hop from outside and hands the mail on. The
        test speaks SMTP to Postfix in the edge server's place, under its name; Postfix and Dovecot put their own
        Received headers on top, both hops inside the house.
        """
        raw = _checked_at_the_edge(mail) + mail.message.as_bytes(policy=SMTP)
        with smtplib.SMTP("127.0.0.1", self.postfix.inbound, local_hostname=EDGE, timeout=20) as smtp:
            smtp.sendmail(mail.sender, list(mail.recipients), raw)

    def received(self, address: str) -> list[EmailMessage]:
        """What lies in a person's mailbox, oldest first."""
        return [message_from_bytes(raw, policy=default) for raw in self.dovecot.mails(address)]

    # -- the engine ----------------------------------------------------------------------------------------------

    def intake_runs(self) -> list[dict[str, Any]]:
        """Every run of the flow `intake` that Prefect knows, each with what it logged as `logs`."""
        runs = self._ask("/flow_runs/filter", {"flows": {"name": {"any_": ["intake"]}}})
        wanted = {"logs": {"flow_run_id": {"any_": [run["id"] for run in runs]}}}
        logs = self._ask("/logs/filter", wanted)
        return [run | {"logs": [log["message"] for log in logs if log["flow_run_id"] == run["id"]]} for run in runs]

    def _ask(self, path: str, body: object) -> Any:
        user, _, password = self.password.partition(":")
        url = self.dpo.house.settings.prefect_api
        with httpx.Client(base_url=url, auth=(user, password), trust_env=False) as client:
            return client.post(path, json=body).raise_for_status().json()


@contextmanager
def open_office(folder: Path, company: Company, dovecot: Dovecot, postfix: Postfix) -> Iterator[Office]:
    """The installation on these servers; whatever still runs at the end is stopped."""
    with DavServer(folder / "servers", company.cloud) as dav:
        mail = MailPlace(
            imap_port=dovecot.imaps,
            smtp_port=postfix.submission,
            user=company.mailbox,
            password=dovecot.users[company.mailbox],
            ca_file=dovecot.certificates.ca,
            imap_security="tls",
            authserv_ids=(EDGE,),
        )
        cloud = CloudPlace(dav.url, dav.user, dav.password, dav.ca_file)
        operator = folder / "operator"
        settings_file = write_installation(folder / "auskunft", operator, company, mail, cloud, Habits(poll_seconds=30))
        with open_house(load_settings(settings_file)) as house:
            password = (operator / "prefect-auth").read_text()
            office = Office(folder, company, dovecot, postfix, Dpo(settings_file, house), password)
            try:
                yield office
            finally:
                office.down()


def _checked_at_the_edge(mail: DemoMail) -> bytes:
    domain = mail.sender.rpartition("@")[2]
    results = f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    outside = f"from mail.{domain} (mail.{domain} [192.0.2.25])\r\n by {EDGE} with ESMTPS"
    return f"Authentication-Results: {EDGE}; {results}\r\nReceived: {outside}\r\n".encode()
