"""The post: one mail to one recipient over authenticated SMTP submission (RFC 6409), with an outcome to rely on.

What may be sent again depends on what the server has answered for (RFC 5321 sec. 4.2.5): until the final dot of DATA
nothing is accepted, with its reply everything is decided, and in between nobody knows. Each has a type of its own.
"""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from typing import Literal, NoReturn

from cases.source import Health
from infra.mail_address import one_address
from infra.oauth import OauthError, Tokens, xoauth2
from infra.smtp_session import BoundedSmtp
from infra.tls import client_context

_ADVICE = {
    "refused": "Check host, port and whether the server runs; it could not be reached or hung up.",
    "timeout": "The server did not answer in time: check host and port, a firewall, and the server's load.",
    "tls": "Check that the server's certificate is valid for the configured host name, and that it offers STARTTLS; "
    "ca_file adds an own authority.",
    "credentials": "Check user and password, and that the server lets this user submit mail.",
    "auth_unsupported": "The server offers neither AUTH PLAIN nor LOGIN after TLS: use its submission port.",
    "oauth_unsupported": "The server does not offer AUTH XOAUTH2 after TLS: use its submission port, or a password.",
    "token_refused": "The mail server does not accept the token: check user, scope and rights at the provider.",
    "protocol": "The server answered in a way that is not understood: see the server's own log.",
}
_LOGIN_WANTED = frozenset({530, 534, 535, 538})  # RFC 4954 sec. 6: about the account, not about the mail
_CHALLENGE, _LOGIN_FAILED = 334, 535  # RFC 4954 sec. 4 and 6
_GOODBYE_SECONDS = 5.0
_MAX_LINE = 998  # octets without CRLF, RFC 5322 sec. 2.1.1
_BARE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n|\x00")
_LONG_LINE = re.compile(rb"[^\r\n]{%d}" % (_MAX_LINE + 1))
_ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")  # RFC 3463


class PostError(Exception):
    """The mail was not sent, or nobody knows. `code`: a closed word or the server's reply code ("550 5.1.1")."""

    def __init__(self, code: str, advice: str = "") -> None:
        self.code = code
        self.advice = advice or _ADVICE.get(code, "")
        super().__init__(code, self.advice)

    def __str__(self) -> str:
        return f"post: {self.code}" + (f" - {self.advice}" if self.advice else "")


class PostUnavailable(PostError):
    """Surely not accepted; the same mail may be tried again later.

    `code`: refused, timeout, tls, credentials, auth_unsupported, oauth_unsupported, token_refused, oauth_refused,
    oauth_unreachable, protocol, or the server's 4xx (and 5xx to login).
    """


class PostRefused(PostError):
    """Surely not accepted, and never will be: the server's 5xx, or what we do not send (`malformed`, `address`,
    `smtputf8`, `8bitmime`)."""


class DeliveryUncertain(PostError):
    """The whole mail was on its way when the connection failed: nobody knows whether it was accepted."""


@dataclass(frozen=True, slots=True)
class PostAccount:
    """How to reach the submission server. `security`: TLS from the start (usually port 465) or by STARTTLS (587)
    before anything else; never without. No `user`: the server asks for no login. `ca_file`: PEM, adds trust. With
    `tokens` there is no password."""

    host: str
    port: int
    security: Literal["starttls", "tls"]
    user: str = field(repr=False)
    password: str = field(repr=False)
    ca_file: str = ""
    tokens: Tokens | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Envelope:
    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    options: tuple[str, ...]


def _nothing() -> None:
    """What happens before DATA if the caller has nothing to record."""


class Post:
    """Sends mails through one account, each over a connection of its own. `timeout`: seconds for a whole call."""

    def __init__(
        self, account: PostAccount, timeout: float = 60, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._account = account
        self._timeout = timeout
        self._monotonic = monotonic

    def send(self, raw: bytes, sender: str, recipient: str, before_data: Callable[[], None] = _nothing) -> str:
        """Sends one mail (CRLF line ends) to one recipient; gives the code of the server's acceptance ("250 2.0.0").

        `before_data` is called once the server has accepted sender and recipient, right before DATA; its time counts,
        and whatever it raises ends the call with nothing sent. Raises `PostUnavailable`, `PostRefused` or
        `DeliveryUncertain`; all within `timeout`.
        """
        _refuse_malformed(raw)
        server = self._server()
        try:
            self._prepare(server)
            _submit(server, _envelope(server, raw, sender, recipient))
            before_data()
            return _transmit(server, raw)
        finally:
            _goodbye(server)

    def check(self) -> Health:
        """Connects, secures the connection and logs in; sends no mail and never raises `PostError`."""
        server = self._server()
        try:
            self._prepare(server)
        except PostUnavailable as error:
            return Health(False, f"SMTP: {error.code}", error.advice)
        finally:
            _goodbye(server)
        return Health(True, "SMTP: connected over TLS" + (", logged in" if self._account.user else ", without login"))

    def _server(self) -> BoundedSmtp:
        return BoundedSmtp(self._account.host, self._monotonic() + self._timeout, self._monotonic)

    def _prepare(self, server: BoundedSmtp) -> None:
        """Connection, TLS and login. All that fails here is `PostUnavailable`: it says nothing about the mail."""
        _before_dot(lambda: self._open(server))
        if self._account.user:
            _before_dot(lambda: _log_in(server, self._account))

    def _open(self, server: BoundedSmtp) -> None:
        context = client_context(self._account.ca_file)
        if self._account.security == "tls":
            server.wrap_at_once(context)
        _want(220, *server.connect(self._account.host, self._account.port))
        _want(250, *server.ehlo())
        if self._account.security == "starttls":
            server.starttls(context=context)
            _want(250, *server.ehlo())


def _before_dot(step: Callable[[], None]) -> None:
    """Does the step. Raises `PostUnavailable` for whatever the network, TLS or the server's grammar has to complain of,
    outside of any `except` block, so that nothing of what the server said hangs on to it."""
    advice = ""
    try:
        step()
        return
    except OauthError as error:
        code, advice = error.code, error.advice
    except (OSError, smtplib.SMTPException, ValueError) as error:
        code = _code(error)
    raise PostUnavailable(code, advice)


def _code(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        return "timeout"  # smtplib turns every failed read and write into this
    match error:
        case TimeoutError():
            return "timeout"
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError() | smtplib.SMTPServerDisconnected():
            return "refused"
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():  # the one extension smtplib insists on is STARTTLS
            return "tls"
        case smtplib.SMTPException():
            return "protocol"
        case OSError():
            return "refused"
    return "protocol"


def _reply(status: int, text: bytes) -> str:
    """A reply without its words, which repeat addresses: "550 5.1.1"."""
    enhanced = _ENHANCED_CODE.match(text)
    return f"{status} {enhanced[0].decode('ascii')}" if enhanced else str(status)


def _want(wanted: int, status: int, text: bytes) -> None:
    if status != wanted:
        raise PostUnavailable(_reply(status, text) if 400 <= status <= 599 else "protocol")


def _log_in(server: BoundedSmtp, account: PostAccount) -> None:
    """AUTH PLAIN (RFC 4616) or LOGIN, in UTF-8; smtplib's own login knows ASCII only, and prefers CRAM-MD5."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    if account.tokens is not None:
        _show_token(server, account.user, account.tokens, offered)
    elif "PLAIN" in offered:
        _judge_login(*server.docmd("AUTH", "PLAIN " + _base64(f"\0{account.user}\0{account.password}")))
    elif "LOGIN" in offered:
        _want(334, *server.docmd("AUTH", "LOGIN"))
        _want(334, *server.docmd(_base64(account.user)))
        _judge_login(*server.docmd(_base64(account.password)))
    else:
        raise PostUnavailable("auth_unsupported")


def _show_token(server: BoundedSmtp, user: str, tokens: Tokens, offered: list[str]) -> None:
    """AUTH XOAUTH2; a token that is refused although it should still be good is fetched anew, once."""
    if "XOAUTH2" not in offered:
        raise PostUnavailable("oauth_unsupported")
    token = tokens.get()
    if not _takes(server, user, token) and not _takes(server, user, tokens.instead_of(token)):
        raise PostUnavailable("token_refused")


def _takes(server: BoundedSmtp, user: str, token: str) -> bool:
    """A server that refuses may say why in a challenge first, which is to be answered with nothing."""
    status, text = server.docmd("AUTH", "XOAUTH2 " + _base64(xoauth2(user, token)))
    if status == _CHALLENGE:
        status, text = server.docmd("")
    if status == _LOGIN_FAILED:
        return False
    _want(235, status, text)
    return True


def _judge_login(status: int, text: bytes) -> None:
    if 500 <= status <= 599:
        raise PostUnavailable("credentials")
    _want(235, status, text)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def _refuse_malformed(raw: bytes) -> None:
    """What could be read as more than one mail, or as nobody's: bare line ends (SMTP smuggling), missing or double
    header fields of RFC 5322 sec. 3.6."""
    if _BARE_LINE_END.search(raw) or _LONG_LINE.search(raw) or b"\r\n\r\n" not in raw:
        raise PostRefused("malformed", "The mail was not built by the rules; nothing was sent.")
    headers = BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    if any(len(headers.get_all(name, [])) != 1 for name in ("Message-ID", "Date", "From")):
        raise PostRefused("malformed", "The mail lacks a Message-ID, Date or From, or has two; nothing was sent.")


def _envelope(server: BoundedSmtp, raw: bytes, sender: str, recipient: str) -> _Envelope:
    addresses = [_plain_address(address) for address in (sender, recipient)]
    options = [f"SIZE={len(raw)}"] if server.has_extn("size") else []
    if not all(address.isascii() for address in addresses):
        options.append(_extension(server, "smtputf8", "SMTPUTF8"))
    if not raw.isascii():
        options.append(_extension(server, "8bitmime", "BODY=8BITMIME"))
    return _Envelope(addresses[0], addresses[1], tuple(options))


def _extension(server: BoundedSmtp, name: str, option: str) -> str:
    if not server.has_extn(name):
        raise PostRefused(name, "The server cannot carry this address or mail; answer on another way.")
    return option


def _plain_address(address: str) -> str:
    with suppress(ValueError):
        return "@".join(one_address(address))
    raise PostRefused("address", "This is not one plain mail address; correct it in the case.")


def _submit(server: BoundedSmtp, envelope: _Envelope) -> None:
    """MAIL and RCPT."""
    _ask(lambda: server.mail(envelope.sender, envelope.options))
    _ask(lambda: server.rcpt(envelope.recipient))


def _ask(command: Callable[[], tuple[int, bytes]], wanted: tuple[int, ...] = (250, 251, 252)) -> None:
    """A command about this mail: 5xx refuses the mail, anything else but what is wanted is unavailable."""
    replies: list[tuple[int, bytes]] = []
    _before_dot(lambda: replies.append(command()))
    status, text = replies[0]
    if status not in wanted:
        _fail(status, text)


def _fail(status: int, text: bytes) -> NoReturn:
    if status in _LOGIN_WANTED:
        raise PostUnavailable("credentials")
    if 500 <= status <= 599:
        raise PostRefused(_reply(status, text))
    raise PostUnavailable(_reply(status, text) if 400 <= status <= 499 else "protocol")


def _transmit(server: BoundedSmtp, raw: bytes) -> str:
    """DATA, the mail, the final dot and the server's answer for it."""
    _ask(lambda: server.docmd("DATA"), wanted=(354,))
    stuffed = raw.replace(b"\r\n.", b"\r\n..")  # RFC 5321 sec. 4.5.2; a first line with a dot is no header
    _before_dot(lambda: server.send(stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"))
    _before_dot(server.must_be_silent)
    status, text = _after_dot(server)
    if 200 <= status <= 299:
        return _reply(status, text)
    if 400 <= status <= 599:
        _fail(status, text)
    raise DeliveryUncertain("protocol")


def _after_dot(server: BoundedSmtp) -> tuple[int, bytes]:
    try:
        server.send(b".\r\n")
        return server.getreply()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        code = _code(error)
    raise DeliveryUncertain(code, "Ask the server's log, or the recipient by telephone, before sending anything again.")


def _goodbye(server: BoundedSmtp) -> None:
    """QUIT, with a few seconds at most of what is left: by now everything is decided."""
    with suppress(OSError, smtplib.SMTPException, ValueError):
        server.hurry(_GOODBYE_SECONDS)
        if server.sock is not None:
            server.quit()
    server.close()
