"""The demo's mail: SMTP (STARTTLS, AUTH) by aiosmtpd and IMAP (implicit TLS) by pymap, in a process of their own.

`MailServer` starts and stops it. The process is `python -m desk.demo.mail_server --folder F --ports-file P`; it reads
`F/mail.json` and the certificates in F, and writes its ports as JSON to P.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import signal
import ssl
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from desk.demo.certificates import Certificates, certificates_in, write_private
from desk.demo.mails import HONEST_DOMAINS
from desk.demo.process import ServerProcess, call_when_orphaned, server_arguments, write_ports

SETTINGS_FILE = "mail.json"


class MailServer(ServerProcess):
    """Mailboxes for `addresses`, each with a password made for the occasion; a context manager.

    `honest_domains` are those of outside senders whose unauthenticated mail gets dmarc=pass.
    """

    def __init__(
        self, folder: Path, addresses: Iterable[str], honest_domains: Collection[str] = HONEST_DOMAINS
    ) -> None:
        super().__init__("desk.demo.mail_server", "mail_server", folder)
        self.accounts: Mapping[str, str] = {address: secrets.token_urlsafe(18) for address in addresses}
        self._honest_domains = tuple(honest_domains)
        self._certificates: Certificates | None = None

    def prepare(self) -> None:
        super().prepare()
        self._certificates = certificates_in(self._folder)
        settings = {"accounts": dict(self.accounts), "honest_domains": self._honest_domains}
        write_private(self._folder / SETTINGS_FILE, json.dumps(settings).encode())

    @property
    def ca_file(self) -> Path:
        """What a client must trust."""
        return self._folder / "ca.pem"

    @property
    def smtp_port(self) -> int:
        """Takes mail from everybody, as a mail exchanger does."""
        return self.port("smtp")

    @property
    def submission_port(self) -> int:
        """Takes mail from accounts that log in."""
        return self.port("submission")

    @property
    def imap_port(self) -> int:
        """IMAP, TLS from the first byte."""
        return self.port("imap")


async def serve(folder: Path, ports_file: Path) -> None:
    """Serve until SIGTERM or the end of the parent."""
    # Only the server's process needs these, and they take a while to import.
    from desk.demo.mailboxes import Mailboxes
    from desk.demo.receiver import Authenticator, Receiver, listen

    settings = json.loads((folder / SETTINGS_FILE).read_text())
    ended = _end_of_service()
    tls = _tls_context(certificates_in(folder))
    mailboxes = await Mailboxes.open(settings["accounts"])
    receiver, authenticator = Receiver(mailboxes, settings["honest_domains"]), Authenticator(settings["accounts"])
    servers = {
        "smtp": await listen(receiver, authenticator, tls, submission=False),
        "submission": await listen(receiver, authenticator, tls, submission=True),
        "imap": await mailboxes.listen(tls),
    }
    write_ports(ports_file, {name: server.sockets[0].getsockname()[1] for name, server in servers.items()})
    await ended.wait()
    for server in servers.values():
        server.close()


def _end_of_service() -> asyncio.Event:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    call_when_orphaned(lambda: loop.call_soon_threadsafe(ended.set))
    return ended


def _tls_context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.cert_file, certificates.key_file)
    return context


def main() -> None:
    arguments = server_arguments("The demo's mail server.")
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd warns of its own use of a deprecated property
    asyncio.run(serve(arguments.folder, arguments.ports_file))


if __name__ == "__main__":
    main()
