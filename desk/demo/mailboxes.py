"""The demo's mailboxes: pymap's in-memory IMAP server, into which mail is delivered directly."""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata

FOLDERS = ("Junk", "Sent")


class _Config(Config):
    """Names itself without asking the DNS, which may take seconds on a machine without a network."""

    @property
    def greeting(self) -> bytes:
        return b"Nordlicht demo ready"


class Mailboxes:
    """One mailbox for each account, with INBOX and FOLDERS; make it with `open`, inside the running event loop."""

    def __init__(self, config: Config, login: Login) -> None:
        self._config = config
        self._login = login

    @classmethod
    async def open(cls, accounts: Mapping[str, str]) -> Mailboxes:
        """Mailboxes for accounts given as address -> password."""
        config = _config()
        config.apply_context()
        boxes = cls(config, Login(config))
        for address, password in accounts.items():
            await boxes._add(address.lower(), password)
        return boxes

    async def _add(self, address: str, password: str) -> None:
        digest = await Passwords(self._config).hash_password(password)
        self._login.users_dict[address] = UserMetadata(self._config, address, password=digest)
        folders = MailboxSet()
        for name in FOLDERS:
            await folders.add_mailbox(name)
        self._config.set_cache[address] = (folders, FilterSet())

    def __contains__(self, address: str) -> bool:
        return address.lower() in self._login.users_dict

    async def deliver(self, address: str, raw: bytes, at: datetime) -> None:
        """Put a mail into the INBOX of an address that is `in` these mailboxes; `at` becomes its INTERNALDATE."""
        folders, _ = self._config.set_cache[address.lower()]
        inbox = await folders.get_mailbox("INBOX")
        await inbox.append(AppendMessage(raw, at), recent=True)

    async def listen(self, tls: ssl.SSLContext) -> asyncio.Server:
        """Serve IMAP with implicit TLS on a free port of 127.0.0.1."""
        imap = IMAPServer(self._login, self._config)

        async def connected(reader: StreamReader, writer: StreamWriter) -> None:
            await imap(reader, writer, SocketInfo.get(writer, None, unique_id=uuid4().bytes))

        return await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)


def _config() -> Config:
    arguments = Namespace(passlib_cfg=None, proxy_protocol=None)
    # No STARTTLS is offered: whoever talks to the server is inside TLS from the first byte.
    return _Config(
        arguments, host="127.0.0.1", port=0, tls_enabled=False, demo_data=False, demo_user="", demo_password=""
    )
