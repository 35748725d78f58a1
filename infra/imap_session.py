"""One logged-in IMAP session and its errors: what every question to the mailbox goes through.

IMAP4rev1 is RFC 3501. Whatever goes wrong raises `MailboxUnavailable`, made outside of any `except` block, so that
neither its text nor its context carries what the server said.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    LoginError,
)

from infra.oauth import OauthError, Tokens, xoauth2
from infra.tls import client_context

T = TypeVar("T")

_ADVICE = {
    "refused": "Check host, port and whether the server runs; it could not be reached or hung up.",
    "timeout": "The server did not answer in time: check host and port, a firewall, and the server's load.",
    "tls": "Check that the server's certificate is valid for the configured host name; ca_file adds an own authority.",
    "credentials": "Check user and password, and that the server allows this user to log in over IMAP.",
    "no_such_folder": "Check the folder's name in the settings, and that this user may open it.",
    "protocol": "The server refused a command or answered in a way that is not understood: see the server's own log.",
    "read_only": "The server opens this folder for reading only: give the user the right to move and delete.",
    "no_keywords": 'The folder takes no new keywords (PERMANENTFLAGS): use filing = "move" or "leave" there.',
    "oauth_unsupported": "The server does not offer AUTH=XOAUTH2: use its password login, or another port or server.",
    "token_refused": "The mail server does not accept the token: check user, scope and rights at the provider.",
}


class MailboxError(Exception):
    """What can go wrong with a mailbox."""


class MailboxUnavailable(MailboxError):
    """The mailbox cannot be read or changed now. Never to be taken for an empty one.

    `code`: refused, timeout, tls, credentials, no_such_folder, protocol, read_only, no_keywords, oauth_unsupported,
    token_refused, oauth_refused, oauth_unreachable. `advice` says what to do next.
    """

    def __init__(self, code: str, advice: str = "") -> None:
        self.code = code
        self.advice = advice or _ADVICE.get(code, "")
        super().__init__(code, self.advice)

    def __str__(self) -> str:
        return f"mailbox: {self.code} - {self.advice}"


class MailGone(MailboxError):
    """The mail is no longer where its key says: a person moved or deleted it, or the folder was made anew."""

    def __init__(self) -> None:
        super().__init__("The mail is no longer in its folder: look for it by its Message-ID.")

    def __reduce__(self) -> tuple[type[MailGone], tuple[()]]:
        return MailGone, ()


@dataclass(frozen=True, slots=True)
class MailboxAccount:
    """How to reach a mailbox. `security`: TLS from the start (usually port 993), or by STARTTLS (143) before login;
    never without. `ca_file`: PEM file of authorities to trust besides the system's. With `tokens` there is no
    password."""

    host: str
    port: int
    security: Literal["tls", "starttls"]
    user: str = field(repr=False)
    password: str = field(repr=False)
    ca_file: str = ""
    tokens: Tokens | None = field(default=None, repr=False)


def guarded(call: Callable[[], T]) -> T:
    """The call's value. Raises `MailboxUnavailable` for whatever network, TLS, server or parser had to complain of."""
    advice = ""
    try:
        return call()
    except OauthError as error:
        code, advice = error.code, error.advice
    except (IMAPClientError, OSError, ValueError, LookupError) as error:
        code = _code(error)
    raise MailboxUnavailable(code, advice)


def refused_by_server(error: BaseException) -> bool:
    """True if the server said NO or BAD to a command, and the session goes on."""
    return isinstance(error, IMAPClientError) and not isinstance(error, IMAPClientAbortError)


def _code(error: BaseException) -> str:
    match error:
        case LoginError():
            return _login_code(error)
        case IMAPClientReadOnlyError():
            return "read_only"
        case CapabilityError() | ssl.SSLCertVerificationError():  # the one capability we insist on is STARTTLS
            return "tls"
        case TimeoutError():
            return "timeout"
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return "refused"
        case ssl.SSLError():
            return "tls"
        case IMAPClientAbortError() | OSError():
            return "refused"
    return "protocol"


def _login_code(error: LoginError) -> str:
    """A login can also fail because the connection broke or the server's user database is down (RFC 5530)."""
    if isinstance(error.__context__, IMAPClientAbortError) or "[UNAVAILABLE]" in str(error).upper():
        return "refused"
    return "credentials"


def log_in(account: MailboxAccount, timeout: float) -> IMAPClient:
    """An authenticated session; `timeout` in seconds for each read. Raises `MailboxUnavailable`."""
    # At level DEBUG the library logs what it sends and receives: addresses and Message-IDs, in the clear.
    logging.getLogger("imapclient").setLevel(logging.WARNING)
    return guarded(lambda: _authenticated(account, timeout))


def _authenticated(account: MailboxAccount, timeout: float) -> IMAPClient:
    context = client_context(account.ca_file)
    implicit = account.security == "tls"
    with ExitStack() as on_failure:
        client = IMAPClient(account.host, account.port, ssl=implicit, ssl_context=context, timeout=timeout)
        on_failure.callback(hang_up, client)
        if not implicit:
            client.starttls(context)
        client.normalise_times = False
        _authenticate(client, account)
        on_failure.pop_all()
    return client


def _authenticate(client: IMAPClient, account: MailboxAccount) -> None:
    """AUTHENTICATE PLAIN (RFC 4616) carries any character; LOGIN is for servers that do not offer it."""
    if account.tokens is not None:
        _show_token(client, account.user, account.tokens)
    elif client.has_capability("AUTH=PLAIN"):
        client.plain_login(account.user, account.password)
    elif not (account.user + account.password).isascii():
        raise MailboxUnavailable("credentials", "This server takes only ASCII: choose a password without umlauts.")
    else:
        escaped = account.user.replace("\\", "\\\\").replace('"', '\\"')
        client.login(f'"{escaped}"', account.password)


def _show_token(client: IMAPClient, user: str, tokens: Tokens) -> None:
    """XOAUTH2; a token that is refused although it should still be good (withdrawn, say) is fetched anew, once."""
    if not client.has_capability("AUTH=XOAUTH2"):
        raise MailboxUnavailable("oauth_unsupported")
    token = tokens.get()
    if not _takes(client, user, token) and not _takes(client, user, tokens.instead_of(token)):
        raise MailboxUnavailable("token_refused")


def _takes(client: IMAPClient, user: str, token: str) -> bool:
    """A server that refuses says why in a challenge, which is to be answered with nothing."""
    answers = iter((xoauth2(user, token),))
    try:
        client.sasl_login("XOAUTH2", lambda _: next(answers, ""))
    except LoginError as error:
        if _login_code(error) != "credentials":
            raise
        return False
    return True


def hang_up(client: IMAPClient) -> None:
    """Drops the connection without a word; never raises."""
    with suppress(OSError, IMAPClientError):
        client.shutdown()


def log_out(client: IMAPClient) -> None:
    """Ends the session politely where the server still listens; never raises."""
    try:
        client.logout()
    except (OSError, IMAPClientError, ValueError):
        hang_up(client)


def reply_codes(client: IMAPClient, name: str) -> tuple[bytes, ...]:
    """Arguments of the response codes `name` (such as COPYUID) since it was last asked for; none if there were none.

    imapclient gives no access to these codes, imaplib below it keeps them.
    """
    found: list[bytes | None] = client._imap.response(name)[1]
    return tuple(item for item in found if item)
