"""smtplib with one deadline for everything: name look-up, connection, TLS, every reply and every write.

smtplib's own timeout is for each read of the socket, so a server that says one octet at a time can hold it for ever.
"""

from __future__ import annotations

import selectors
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable

_CHUNK = 64 * 1024
_EHLO_NAME = "[127.0.0.1]"  # a literal is always valid (RFC 5321 sec. 4.1.4), and tells nothing of the machine
_REPLY_LIMIT = 256 * 1024  # octets of one conversation's replies; servers need a few hundred


class BoundedSmtp(smtplib.SMTP):
    """A session whose every step raises `TimeoutError`, or `SMTPServerDisconnected` from one, after `deadline` (on the
    `monotonic` clock)."""

    def __init__(self, host: str, deadline: float, monotonic: Callable[[], float]) -> None:
        super().__init__(local_hostname=_EHLO_NAME)
        self._host = host  # what smtplib checks the certificate against; it takes it only together with connecting
        self._deadline = deadline
        self._monotonic = monotonic
        self._context: ssl.SSLContext | None = None

    def wrap_at_once(self, context: ssl.SSLContext) -> None:
        """TLS from the first octet instead of STARTTLS."""
        self._context = context

    def hurry(self, seconds: float) -> None:
        """Brings the deadline forward to at most `seconds` from now."""
        self._deadline = min(self._deadline, self._monotonic() + seconds)

    def remaining(self) -> float:
        """Seconds left. Raises `TimeoutError` when there are none."""
        left = self._deadline - self._monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def must_be_silent(self) -> None:
        """Hangs up and raises `SMTPServerDisconnected` if the server has hung up or spoken while it should listen: an
        early reply must not be taken for the one to what is sent next."""
        if self._has_spoken():
            self.close()
            raise smtplib.SMTPServerDisconnected

    def _has_spoken(self) -> bool:
        sock = self._connected()
        unread = isinstance(self.file, _Lines) and self.file.waiting
        undecrypted = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            return unread or undecrypted or bool(selector.select(0))

    def send(self, s: bytes | str) -> None:  # type: ignore[override]  # typeshed wants any buffer
        """As smtplib's, in pieces, so that a server that takes them slowly does not outlive the deadline."""
        data = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        for start in range(0, len(data), _CHUNK):
            self._connected().settimeout(self.remaining())
            super().send(data[start : start + _CHUNK])

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib's, but within the deadline however slowly the server speaks."""
        sock = self._connected()
        if self.file is None:
            self.file = _Lines(sock, self.remaining)
        return super().getreply()

    def starttls(self, *, context: ssl.SSLContext) -> tuple[int, bytes]:  # type: ignore[override]
        """As smtplib's, without its unverified default."""
        self._connected().settimeout(self.remaining())
        return super().starttls(context=context)

    def _connected(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.sock

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002  # smtplib passes it
        sock = self._connect_to_any(_look_up(host, port, self.remaining()))
        if self._context is None:
            return sock
        sock.settimeout(self.remaining())
        return self._context.wrap_socket(sock, server_hostname=self._host)

    def _connect_to_any(self, addresses: list[tuple[str, int]]) -> socket.socket:
        failure: OSError = OSError("the name has no address")
        for address in addresses:
            try:
                return _undelayed(socket.create_connection(address, timeout=self.remaining()))
            except OSError as error:
                failure = error
        raise failure


def _undelayed(sock: socket.socket) -> socket.socket:
    """The last line of a mail leaves at once, and does not wait until the server confirms what came before."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class _Lines:
    """What smtplib reads replies from: lines of a socket, each read with what is left of the time."""

    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock = sock
        self._remaining = remaining
        self._buffer = bytearray()
        self._seen = 0

    @property
    def waiting(self) -> bool:
        """True if something was received that nobody has asked for yet."""
        return bool(self._buffer)

    def readline(self, limit: int) -> bytes:
        """The next line with its end, at most `limit` octets of it; empty when the server has hung up."""
        while b"\n" not in self._buffer and len(self._buffer) < limit:
            if not self._read():
                break
        end = self._buffer.find(b"\n") + 1 or len(self._buffer)
        line = bytes(self._buffer[: min(end, limit)])
        del self._buffer[: len(line)]
        return line

    def _read(self) -> bool:
        self._sock.settimeout(self._remaining())
        data = self._sock.recv(4096)
        self._seen += len(data)
        if self._seen > _REPLY_LIMIT:
            raise OSError("the server talks without end")
        self._buffer += data
        return bool(data)

    def close(self) -> None:
        """Nothing of its own to close: the socket is smtplib's."""


def _look_up(host: str, port: int, seconds: float) -> list[tuple[str, int]]:
    """Addresses of a host. The system's resolver knows no time limit, so it works in a thread that may stay behind."""
    found: list[tuple[str, int]] = []
    failed: list[OSError] = []

    def resolve() -> None:
        try:
            for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                found.append((str(address[0]), int(address[1])))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=resolve, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if thread.is_alive():
        raise TimeoutError
    return found
