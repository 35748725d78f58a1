"""A private Postfix: submission with AUTH (Dovecot SASL), and an inbound port, both delivering by LMTP to Dovecot."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers.dovecot import Dovecot
from tests.servers.process import ServerMissing, answers, free_ports, new_folder, program

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.firma.example
mydestination =
mynetworks = 127.0.0.1/32
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = {folder}/maillog
maillog_file_prefixes = {folder}
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = static:OK
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
lmtp_destination_recipient_limit = 1
default_transport = error:no outside mail
relay_transport = error:no relay
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_error_sleep_time = 0
alias_maps =
alias_database =
biff = no
{extra}
"""

_MASTER = """
127.0.0.1:{inbound} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{submissions} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
lmtp      unix  - - n - - lmtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(slots=True)
class Postfix:
    """A running Postfix. Its users and its certificate are those of `dovecot`; it delivers mail for the domains of
    Dovecot's users and refuses every other."""

    folder: Path
    dovecot: Dovecot
    inbound: int
    submission: int
    submissions: int
    host: str = "localhost"

    @property
    def ca_file(self) -> str:
        """The authority to trust, as a path for an account's `ca_file`."""
        return self.dovecot.ca_file

    def log(self) -> str:
        """What Postfix logged so far."""
        return (self.folder / "maillog").read_text()

    def stop(self) -> None:
        """Stops the server and deletes its folder with the queue."""
        subprocess.run(
            [program("postfix", "postfix"), "-c", str(self.folder / "etc"), "stop"], check=False, capture_output=True
        )
        shutil.rmtree(self.folder)


def start_postfix(dovecot: Dovecot, extra: str = "") -> Postfix:
    """Starts a Postfix in front of this Dovecot. `extra`: further lines of main.cf.

    Raises `ServerMissing` where it is not installed, where the tests do not run as root, or where it does not start.
    """
    binary = program("postfix", "postfix")
    if os.getuid() != 0:
        raise ServerMissing("Postfix starts as root only: run these tests as root, for instance in a container")
    folder = new_folder("postfix-")
    for _ in range(3):
        server = _attempt(binary, folder, dovecot, extra)
        if server is not None:
            return server
    said = (folder / "maillog").read_text()[-500:] if (folder / "maillog").exists() else "nothing"
    shutil.rmtree(folder)
    raise ServerMissing(f"Postfix does not start; it logged: {said}")


def _attempt(binary: str, folder: Path, dovecot: Dovecot, extra: str) -> Postfix | None:
    inbound, submission, submissions = free_ports(3)
    server = Postfix(folder, dovecot, inbound, submission, submissions)
    _write_configuration(server, extra)
    started = subprocess.run([binary, "-c", str(folder / "etc"), "start"], check=False, capture_output=True)
    return server if started.returncode == 0 and answers(submission) else None


def _write_configuration(server: Postfix, extra: str) -> None:
    folder, dovecot = server.folder, server.dovecot
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir(exist_ok=True)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    main = _MAIN.format(
        folder=folder,
        domains=" ".join(sorted({address.rpartition("@")[2] for address in dovecot.users})),
        lmtp=dovecot.lmtp,
        sasl=dovecot.sasl,
        certificate=dovecot.certificates.certificate,
        key=dovecot.certificates.key,
        extra=extra,
    )
    (folder / "etc" / "main.cf").write_text(main)
    ports = {"inbound": server.inbound, "submission": server.submission, "submissions": server.submissions}
    (folder / "etc" / "master.cf").write_text(_MASTER.format(**ports))
