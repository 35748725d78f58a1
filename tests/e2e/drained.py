"""An installation that reads a mailbox of a given IMAP server and sends through a given SMTP server, and no more."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from desk.demo.installation import free_port
from infra.durable import create_private
from infra.master import create_master
from infra.scaffold import private_folder
from tests.flows.house import ROPA, SETTINGS
from tests.servers.dovecot import Dovecot

SMTP_SECTION = """[post]
host = "localhost"
port = {port}
ca_file = "{ca_file}"
from_address = "{user}"
from_name = "Nordlicht Datenschutz"
notices_per_hour = 20
acknowledgements_per_hour = 10000
"""
MAILBOX_SECTION = """[mailbox]
host = "{host}"
port = {port}
ca_file = "{ca_file}"
user = "{user}"
password = "file:{secret}"
junk = ["Junk"]
check_dkim = false
poll_seconds = {poll_seconds}
"""


def install(folder: Path, dovecot: Dovecot, user: str, smtp_port: int, smtp_ca: Path, poll_seconds: int = 120) -> Path:
    """Writes settings, register and secrets below `folder`; returns the settings' path."""
    private_folder(folder)
    private_folder(folder / "master")
    secret, auth = folder / "mail-password", folder / "prefect-auth"
    create_private(secret, dovecot.users[user].encode())
    create_private(auth, b"dpo:geheim-5")
    create_master(f"file:{folder / 'master' / 'master.key'}", os.environ)
    place = {"host": dovecot.host, "port": dovecot.imaps, "ca_file": dovecot.ca_file, "user": user, "secret": secret}
    text = _without(SETTINGS.replace("@FOLDER@", str(folder)), ("mailbox", "post", "prefect"))
    text += MAILBOX_SECTION.format(**place, poll_seconds=poll_seconds)
    text += SMTP_SECTION.format(port=smtp_port, ca_file=smtp_ca, user=user)
    text += f'[prefect]\nport = {free_port()}\nauth = "file:{auth}"\n'
    create_private(folder / "auskunft.toml", text.encode())
    create_private(folder / "ropa.toml", ROPA.encode())
    return folder / "auskunft.toml"


def _without(text: str, sections: Sequence[str]) -> str:
    kept, skipping = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            skipping = line.strip("[]\n") in sections
        if not skipping:
            kept.append(line)
    return "".join(kept)
