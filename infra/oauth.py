"""Access tokens for mail servers that take no password (OAuth 2.0, RFC 6749), and the SASL message that carries one.

A token is kept in memory only, until shortly before it ends. It stands in no log, no error and no file; neither do the
client's secret and the refresh token, which go to the token server over verified TLS and nowhere else.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from infra.tls import client_context

_SPARE_SECONDS = 120.0  # a token is not used in its last minutes: a poll of a large mailbox takes some
_WITHOUT_A_WORD = 300.0  # how long a token is believed whose server does not say how long it lives
_MOST_BYTES = 64 * 1024
# RFC 6749 sec. 5.2: the only words of an answer that are repeated; a description may name the user.
_ADVICE = {
    "invalid_client": "client_id or client_secret is wrong, or the secret has expired: make a new one at the provider.",
    "invalid_grant": "The refresh token was withdrawn or has expired: give the consent anew and store the new token.",
    "invalid_scope": "The scope is wrong: see the provider's section in docs/operations.md.",
    "unauthorized_client": "The provider does not let this client use this grant: check its permissions and consent.",
    "unsupported_grant_type": "The provider does not know this grant: check [oauth.…] grant.",
    "invalid_request": "The provider does not understand the request: check token_url, grant and scope.",
}
_REFUSED = "The token server refuses us: check token_url, client_id, the secret, and the permissions at the provider."
_UNREACHABLE = "The token server could not be reached or did not answer as one: check token_url, network and firewall."


class OauthError(Exception):
    """No token can be had. `code`: oauth_refused or oauth_unreachable; `advice` says what to do next."""

    def __init__(self, code: str, advice: str) -> None:
        self.code = code
        self.advice = advice
        super().__init__(code, advice)


@dataclass(frozen=True, slots=True)
class OauthClient:
    """Who asks for tokens, and where. `refresh_token` for that grant, `secret` for `client_credentials`."""

    token_url: str
    grant: Literal["refresh_token", "client_credentials"]
    client_id: str
    secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str = ""
    ca_file: str = ""


class Tokens:
    """The access tokens of one client; for several threads. `timeout`: seconds for asking the token server."""

    def __init__(
        self, client: OauthClient, timeout: float = 30, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._timeout = timeout
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token, self._until = "", 0.0
        self._refresh_token = client.refresh_token

    def __repr__(self) -> str:
        return f"Tokens({self._client!r})"

    def get(self) -> str:
        """A token that has some time to live; raises `OauthError`."""
        with self._lock:
            if self._monotonic() >= self._until:
                self._ask()
            return self._token

    def instead_of(self, refused: str) -> str:
        """Another token than the one that a mail server has just refused; raises `OauthError`."""
        with self._lock:
            if self._token == refused:
                self._ask()
            return self._token

    def _ask(self) -> None:
        self._token, self._until = "", 0.0
        answer = _checked(self._post())
        token, lifetime = answer.get("access_token"), answer.get("expires_in", _WITHOUT_A_WORD)
        if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
            raise OauthError("oauth_unreachable", _UNREACHABLE)
        newer = answer.get("refresh_token")  # some providers replace it each time (RFC 6749 sec. 6)
        self._refresh_token = newer if isinstance(newer, str) and newer else self._refresh_token
        self._token, self._until = token, self._monotonic() + max(_seconds(lifetime) - _SPARE_SECONDS, 0)

    def _post(self) -> tuple[int, bytes]:
        """Status and body of the token server's answer. No redirection is followed: it would take the secret along."""
        try:
            verify = client_context(self._client.ca_file)
            with (
                httpx.Client(verify=verify, timeout=self._timeout, trust_env=False) as client,
                client.stream("POST", self._client.token_url, data=self._form()) as answer,
            ):
                return answer.status_code, _bounded(answer)
        except (httpx.HTTPError, OSError, ValueError):
            pass
        raise OauthError("oauth_unreachable", _UNREACHABLE)

    def _form(self) -> dict[str, str]:
        asked = {
            "grant_type": self._client.grant,
            "client_id": self._client.client_id,
            "client_secret": self._client.secret,
            "refresh_token": self._refresh_token if self._client.grant == "refresh_token" else "",
            "scope": self._client.scope,
        }
        return {name: value for name, value in asked.items() if value}


def xoauth2(user: str, token: str) -> str:
    """The initial client response of SASL XOAUTH2, before base64: `user=`, `auth=Bearer`, each ended by ^A."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"


def _bounded(answer: httpx.Response) -> bytes:
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            raise ValueError("no answer of a token server")
    return body


def _checked(answer: tuple[int, bytes]) -> dict[str, Any]:
    status, body = answer
    found = _object(body)
    if status == httpx.codes.OK:
        return found
    if status in (httpx.codes.BAD_REQUEST, httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        word = found.get("error")
        known = word if isinstance(word, str) and word in _ADVICE else ""
        raise OauthError("oauth_refused", f"{known}: {_ADVICE[known]}" if known else _REFUSED)
    raise OauthError("oauth_unreachable", _UNREACHABLE)


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object of an answer; an empty one where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(value: object) -> float:
    """`expires_in` is a number; some servers write it as text."""
    try:
        return min(max(float(value), 0.0), 86_400.0)  # type: ignore[arg-type]  # what is none raises
    except (TypeError, ValueError):
        return _WITHOUT_A_WORD
