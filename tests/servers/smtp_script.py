"""A tiny SMTP server over TLS that follows a script: it answers as told, and dies where it is told to.

A reply of `DIE` closes the connection instead; `HANG` says nothing until the client has gone.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO

from tests.servers.certificates import Certificates

DIE = "DIE"
HANG = "HANG"
FEATURES = "250-fake\r\n250-SIZE 100000000\r\n250-AUTH PLAIN\r\n250 8BITMIME"

_NORMAL = {
    "GREETING": "220 fake ESMTP",
    "EHLO": FEATURES,
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "BODY": "",  # DIE: after the first octets of the mail; HANG: reads none of it until `close`
    "DOT": "250 2.0.0 queued as 4711",
    "QUIT": "221 bye",
}


class ScriptedSmtp:
    """Serves one connection after another until it is closed. `commands`: every command line received."""

    def __init__(self, certificates: Certificates, script: Mapping[str, str]) -> None:
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self._script = {**_NORMAL, **script}
        self._closing = threading.Event()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening and waits for the thread."""
        self._closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(20)

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with plain, suppress(OSError), self._context.wrap_socket(plain, server_side=True) as client:
                client.settimeout(15)
                self._converse(client)

    def _converse(self, client: ssl.SSLSocket) -> None:
        with client.makefile("rb") as lines:
            going_on = self._say(client, "GREETING")
            while going_on:
                line = lines.readline()
                if not line:
                    return
                self.commands.append(line.decode("utf-8").rstrip())
                verb = line[:4].decode("ascii", "replace").upper().strip()
                going_on = self._say(client, verb)
                if going_on and verb == "DATA" and self._script["DATA"].startswith("354"):
                    going_on = self._take(client, lines)

    def _take(self, client: ssl.SSLSocket, lines: BinaryIO) -> bool:
        if self._script["BODY"] == DIE:
            client.recv(1000)
            return False
        if self._script["BODY"] == HANG:
            self._closing.wait(15)
            return False
        mail = b""
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
            mail += line
        self.mails.append(mail)
        return self._say(client, "DOT")

    def _say(self, client: ssl.SSLSocket, stage: str) -> bool:
        reply = self._script.get(stage, "500 what?")
        if reply == DIE:
            return False
        if reply == HANG:
            client.recv(1)
            return False
        client.sendall(reply.encode("ascii") + b"\r\n")
        return stage != "QUIT"
