"""A private Dovecot 2.3: IMAP with TLS, LMTP for delivery and SASL for Postfix, on free ports of 127.0.0.1."""

from __future__ import annotations

import grp
import os
import shutil
import signal
import smtplib
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.certificates import Certificates, make_certificates
from tests.servers.process import (
    ServerMissing,
    answers,
    free_ports,
    give_to,
    new_folder,
    program,
    unprivileged_user,
)

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%Lu
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login
auth_username_format = %Lu
auth_failure_delay = 0
auth_cache_size = 0
{extra}
passdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%Lu
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
  unix_listener lmtp {{
    mode = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox Archive {{
    auto = subscribe
    special_use = \\Archive
  }}
}}
"""


@dataclass(slots=True)
class Dovecot:
    """A running Dovecot. `users`: full addresses -> passwords. Certificate for `localhost` and 127.0.0.1."""

    folder: Path
    certificates: Certificates
    users: Mapping[str, str] = field(repr=False)
    imap: int
    imaps: int
    lmtp: int
    sasl: int
    process: subprocess.Popen[bytes]
    host: str = "localhost"

    @property
    def ca_file(self) -> str:
        """The authority to trust, as a path for an account's `ca_file`."""
        return str(self.certificates.ca)

    def session(self, user: str) -> IMAPClient:
        """A logged-in client of the user's own, as a person's mail program would be. Close it with `with`."""
        context = ssl.create_default_context(cafile=self.ca_file)
        client = IMAPClient(self.host, self.imaps, ssl_context=context, timeout=20)
        client.normalise_times = False
        try:
            client.plain_login(user, self.users[user])
        except client.Error:
            client.shutdown()
            raise
        return client

    def put(self, user: str, raw: bytes, folder: str = "INBOX", when: datetime | None = None) -> None:
        """Lays a mail into a folder, which is made if it is missing; `when` becomes its INTERNALDATE."""
        with self.session(user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.append(folder, raw, msg_time=when)

    def deliver(self, recipient: str, raw: bytes, sender: str = "absender@post.example") -> None:
        """Delivers through LMTP, as the inbound mail server does. Raises `smtplib.SMTPException` if refused."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.sendmail(sender, [recipient], raw)

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Every mail of a folder, oldest first; an empty list also where the folder does not exist."""
        with self.session(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [bytes(found[uid][b"BODY[]"]) for uid in sorted(found)]

    def kill(self) -> None:
        """Ends the server and every open session at once, without a word to the clients."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """Stops the server and deletes its folder."""
        if self.process.poll() is None:
            self.kill()  # asked politely it takes a second, and nothing in it is worth keeping
        shutil.rmtree(self.folder)


def start_dovecot(users: Mapping[str, str], extra: str = "") -> Dovecot:
    """Starts a Dovecot with these users (full address -> password). `extra`: further lines of global configuration.

    Raises `ServerMissing` where Dovecot is not installed or does not start.
    """
    binary = program("dovecot", "dovecot-imapd", "dovecot-lmtpd")
    program("lmtp", "dovecot-lmtpd")
    folder = new_folder("dovecot-")
    certificates = make_certificates(folder)
    for _ in range(3):  # between choosing a port and listening on it, somebody else can take it
        server = _attempt(binary, folder, certificates, users, extra)
        if server is not None:
            return server
    log = folder / "dovecot.log"
    said = log.read_text()[-500:] if log.exists() else "nothing"
    shutil.rmtree(folder)
    raise ServerMissing(f"Dovecot does not start; it logged: {said}")


def _attempt(
    binary: str, folder: Path, certificates: Certificates, users: Mapping[str, str], extra: str
) -> Dovecot | None:
    imap, imaps, lmtp, sasl = free_ports(4)
    _write_configuration(folder, certificates, users, {"imap": imap, "imaps": imaps, "lmtp": lmtp, "sasl": sasl}, extra)
    process = _spawn([binary, "-F", "-c", str(folder / "dovecot.conf")])
    if answers(imap) and process.poll() is None:
        return Dovecot(folder, certificates, users, imap, imaps, lmtp, sasl, process)
    process.kill()
    process.wait(10)
    return None


def _write_configuration(
    folder: Path, certificates: Certificates, users: Mapping[str, str], ports: Mapping[str, int], extra: str
) -> None:
    owner = unprivileged_user()
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(exist_ok=True)
    lines = [f"{address.lower()}:{{PLAIN}}{password}::::::\n" for address, password in users.items()]
    (folder / "users").write_text("".join(lines), encoding="utf-8")
    text = _CONFIGURATION.format(
        folder=folder,
        user=owner.pw_name,
        group=_group_name(owner.pw_gid),
        certificate=certificates.certificate,
        key=certificates.key,
        extra=extra,
        **ports,
    )
    (folder / "dovecot.conf").write_text(text)
    give_to(owner, folder)


def _group_name(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    owner, is_root = unprivileged_user(), os.getuid() == 0
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=owner.pw_uid if is_root else None,
        group=owner.pw_gid if is_root else None,
        extra_groups=[] if is_root else None,
        start_new_session=True,  # its own process group, so that `kill` reaches every session
    )
