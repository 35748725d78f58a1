"""How long it takes to drain a mailbox (store, recognise, open cases, file), beside a loop that only fetches.

On a loopback server a fetch costs a quarter of a millisecond, which no mail server outside of this machine offers; so
the same is measured once more over a line with a round trip of 20 ms.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from imapclient import IMAPClient

from flows.inbox import poll
from flows.wiring import open_house
from infra.settings import load_settings
from tests.e2e.drained import install
from tests.e2e.letters import letters
from tests.servers.dovecot import Dovecot, start_dovecot
from tests.servers.process import open_to_other_users

MAILS = 200
ONE_WAY = 0.010  # seconds
Work = Callable[[], object]


class Mailboxes:
    """Mailboxes with the same mails, a fresh one for each run; `pair` gives ours and theirs for the next."""

    def __init__(self, folder: Path, dovecot: Dovecot, port: int) -> None:
        self._folder = folder
        self._dovecot = dovecot
        self._port = port
        self._users = iter(dovecot.users)
        self._current = ""

    def theirs(self) -> None:
        """As small as it can be: every mail of the inbox, one after the other."""
        context = ssl.create_default_context(cafile=self._dovecot.ca_file)
        with IMAPClient(self._dovecot.host, self._port, ssl_context=context, timeout=60) as client:
            client.plain_login(self._current, self._dovecot.users[self._current])
            client.select_folder("INBOX", readonly=True)
            for uid in client.search():
                client.fetch([uid], ["INTERNALDATE", "BODY.PEEK[]"])

    def ours(self) -> None:
        polled = poll(self._house)
        assert polled.stored == MAILS
        assert not polled.trouble

    @contextmanager
    def next_run(self) -> Iterator[None]:
        self._current = next(self._users)
        self._fill()
        place = self._folder / f"{self._current}-{self._port}"
        settings = install(place, self._dovecot, self._current, 9, Path(self._dovecot.ca_file))
        settings.write_text(settings.read_text().replace(f"port = {self._dovecot.imaps}", f"port = {self._port}"))
        with open_house(load_settings(settings)) as self._house:
            yield

    def _fill(self) -> None:
        with self._dovecot.session(self._current) as client:
            for letter in letters(MAILS, self._current, 1):
                client.append("INBOX", letter.raw)


def ratios(folder: Path, runs: int, *, far: bool) -> list[float]:
    """Our seconds by theirs, for each run. Raises `ServerMissing` where there is no Dovecot."""
    users = {f"user{number}@nordlicht.example": "geheim-5" for number in range(runs)}
    with ExitStack() as stack:
        with open_to_other_users():
            dovecot = start_dovecot(users)
        stack.callback(dovecot.stop)
        port = stack.enter_context(_line(dovecot.imaps)) if far else dovecot.imaps
        mailboxes = Mailboxes(folder, dovecot, port)
        found = []
        for _ in range(runs):
            with mailboxes.next_run():
                theirs = _seconds(mailboxes.theirs)
                found.append(_seconds(mailboxes.ours) / theirs)
        return found


def _seconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def _line(port: int) -> Iterator[int]:
    """A port of this machine that leads to another one, slowly."""
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, port), daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, port: int) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            for side in (near, far):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=ends, daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 20):
            time.sleep(ONE_WAY)
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
