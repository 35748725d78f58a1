"""Tokens from a server of the tests, shown to a real Dovecot (its oauth2 passdb asks that server) and over SMTP."""

from __future__ import annotations

import base64
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.mailbox import Mailbox, MailboxAccount, MailboxUnavailable, Reading
from infra.oauth import OauthClient, OauthError, Tokens, xoauth2
from infra.post import Post, PostAccount
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.process import free_ports, new_folder
from tests.servers.smtp_script import ScriptedSmtp
from tests.servers.tokens import CLIENT, REFRESH, SECRET, TokenServer, start_token_server

USER = "datenschutz@firma.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[TokenServer]:
    started = start_token_server(USER)
    yield started
    started.stop()


@pytest.fixture
def server(provider: TokenServer) -> TokenServer:
    """The token server as it was at first."""
    provider.failing, provider.lifetime, provider.rotates, provider.refresh = None, 3600, False, REFRESH
    provider.asked.clear()
    provider.withdraw()
    return provider


@pytest.fixture
def client(server: TokenServer) -> OauthClient:
    return OauthClient(server.url, "refresh_token", CLIENT, SECRET, REFRESH, "https://mail.example/")


class Monotonic:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class TestTokens:
    def test_a_token_is_asked_for_once_and_again_shortly_before_it_ends(
        self, server: TokenServer, client: OauthClient
    ) -> None:
        clock = Monotonic()
        tokens = Tokens(client, monotonic=clock)
        first = tokens.get()
        clock.at += 3600 - 130
        assert tokens.get() == first
        clock.at += 20
        assert tokens.get() != first
        assert len(server.asked) == 2

    def test_what_is_sent_is_what_the_grant_needs(self, server: TokenServer, client: OauthClient) -> None:
        Tokens(client).get()
        Tokens(replace(client, grant="client_credentials", refresh_token="")).get()
        one, other = server.asked
        scope = {"scope": "https://mail.example/"}
        known = {"client_id": CLIENT, "client_secret": SECRET}
        assert one == {"grant_type": "refresh_token", "refresh_token": REFRESH, **known, **scope}
        assert other == {"grant_type": "client_credentials", **known, **scope}

    def test_a_refresh_token_that_was_replaced_is_used_from_then_on(
        self, server: TokenServer, client: OauthClient
    ) -> None:
        server.rotates = True
        tokens = Tokens(client)
        assert tokens.instead_of(tokens.get()) in server.valid
        assert server.asked[1]["refresh_token"] != REFRESH

    def test_a_refused_token_is_replaced_once_by_whoever_comes_first(
        self, server: TokenServer, client: OauthClient
    ) -> None:
        tokens = Tokens(client)
        refused = tokens.get()
        second = tokens.instead_of(refused)
        assert tokens.instead_of(refused) == second != refused
        assert len(server.asked) == 2

    @pytest.mark.parametrize("lifetime", ["3600", None, "soon", -5, [1]])
    def test_a_lifetime_that_is_no_number_does_not_stop_anything(
        self, server: TokenServer, client: OauthClient, lifetime: object
    ) -> None:
        server.lifetime = lifetime
        assert Tokens(client).get() in server.valid

    @pytest.mark.parametrize(
        ("change", "word"),
        [({"secret": "falsch"}, "invalid_client"), ({"refresh_token": "withdrawn"}, "invalid_grant")],
    )
    def test_a_refusal_says_what_to_do_and_nothing_else(
        self, server: TokenServer, client: OauthClient, change: dict[str, str], word: str
    ) -> None:
        with pytest.raises(OauthError) as refused:
            Tokens(replace(client, **change)).get()  # type: ignore[arg-type]
        assert refused.value.code == "oauth_refused"
        assert refused.value.advice.startswith(word)
        assert USER not in str(refused.value)
        assert refused.value.__context__ is None

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            ((500, b"{}"), "oauth_unreachable"),
            ((200, b"<html>"), "oauth_unreachable"),
            ((200, b"[" * 60_000), "oauth_unreachable"),
            ((200, b'{"access_token": "a\\u0001b"}'), "oauth_unreachable"),
            ((200, b'{"access_token": 7}'), "oauth_unreachable"),
            ((200, b" " * 70_000), "oauth_unreachable"),
            ((302, b""), "oauth_unreachable"),
            ((400, b'{"error": "something new"}'), "oauth_refused"),
            ((403, b"no"), "oauth_refused"),
        ],
    )
    def test_whatever_a_token_server_answers_ends_in_a_code(
        self, server: TokenServer, client: OauthClient, answer: tuple[int, bytes], code: str
    ) -> None:
        server.failing = answer
        with pytest.raises(OauthError) as refused:
            Tokens(client).get()
        assert refused.value.code == code
        assert refused.value.advice

    def test_nobody_listens(self, client: OauthClient) -> None:
        with pytest.raises(OauthError) as refused:
            Tokens(replace(client, token_url=f"http://127.0.0.1:{free_ports(1)[0]}/token"), timeout=3).get()
        assert refused.value.code == "oauth_unreachable"

    def test_nothing_secret_is_shown_or_logged(
        self, server: TokenServer, client: OauthClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        tokens = Tokens(client)
        token = tokens.get()
        shown = repr(tokens) + repr(client) + caplog.text
        assert [secret for secret in (token, SECRET, REFRESH) if secret in shown] == []


@pytest.fixture(scope="module")
def dovecot(dovecot_with: Callable[..., Dovecot], provider: TokenServer) -> Iterator[Dovecot]:
    folder = new_folder("dovecot-oauth-")  # one that the server's own user may enter
    yield dovecot_with({USER: "geheim"}, extra=provider.passdb(folder))
    shutil.rmtree(folder)


def _account(dovecot: Dovecot, tokens: Tokens, user: str = USER) -> MailboxAccount:
    return MailboxAccount(dovecot.host, dovecot.imaps, "tls", user, "", dovecot.ca_file, tokens)


class TestMailbox:
    def test_a_token_opens_the_mailbox(self, dovecot: Dovecot, client: OauthClient) -> None:
        dovecot.put(USER, b"Subject: x\r\n\r\nGuten Tag\r\n")
        with Mailbox(_account(dovecot, Tokens(client))) as mailbox:
            assert len(mailbox.keys("INBOX")) == 1

    def test_a_token_that_was_withdrawn_is_fetched_anew_once(
        self, dovecot: Dovecot, server: TokenServer, client: OauthClient
    ) -> None:
        tokens = Tokens(client)
        before = tokens.get()
        server.withdraw()
        with Mailbox(_account(dovecot, tokens)) as mailbox:
            assert mailbox.has_folder("INBOX")
        assert tokens.get() != before
        assert len(server.asked) == 2

    def test_a_token_for_somebody_else_does_not(
        self, dovecot: Dovecot, server: TokenServer, client: OauthClient
    ) -> None:
        account = _account(dovecot, Tokens(client), "jemand@firma.example")
        with pytest.raises(MailboxUnavailable) as refused, Mailbox(account):
            pass
        assert refused.value.code == "token_refused"
        assert len(server.asked) == 2

    @pytest.mark.parametrize(("secret", "code"), [("falsch", "oauth_refused"), (SECRET, "oauth_unreachable")])
    def test_doctor_says_what_is_the_matter(
        self, dovecot: Dovecot, server: TokenServer, client: OauthClient, secret: str, code: str
    ) -> None:
        server.failing = (503, b"") if secret == SECRET else None
        health = Mailbox(_account(dovecot, Tokens(replace(client, secret=secret)))).check(Reading())
        assert (health.ok, health.summary) == (False, f"IMAP: {code}")
        assert health.advice

    def test_a_server_that_takes_no_tokens(self, dovecot_with: Callable[..., Dovecot], client: OauthClient) -> None:
        plain = dovecot_with({USER: "geheim-5"})
        health = Mailbox(_account(plain, Tokens(client))).check(Reading())
        assert health.summary == "IMAP: oauth_unsupported"


class TestPost:
    def test_a_token_opens_the_post(
        self, dovecot: Dovecot, postfix_for: Callable[..., Postfix], server: TokenServer, client: OauthClient
    ) -> None:
        postfix, tokens = postfix_for(dovecot), Tokens(client)
        tokens.get()
        server.withdraw()
        account = PostAccount(postfix.host, postfix.submission, "starttls", USER, "", postfix.ca_file, tokens)
        health = Post(account).check()
        assert (health.ok, health.summary) == (True, "SMTP: connected over TLS, logged in")
        assert len(server.asked) == 2

    @pytest.mark.parametrize(
        ("script", "code", "asked"),
        [
            ({"AUTH": "334 eyJzdGF0dXMiOiI0MDAifQ==", "": "535 5.7.3 no"}, "token_refused", 2),
            ({"AUTH": "535 5.7.3 no"}, "token_refused", 2),
            ({"AUTH": "454 4.7.0 later"}, "454 4.7.0", 1),
            ({"EHLO": "250-fake\r\n250 AUTH PLAIN"}, "oauth_unsupported", 0),
        ],
    )
    def test_a_refused_token_is_fetched_anew_once_and_then_told(
        self, server: TokenServer, client: OauthClient, tmp_path: Path, script: dict[str, str], code: str, asked: int
    ) -> None:
        certificates = make_certificates(tmp_path)
        smtp = ScriptedSmtp(certificates, {"EHLO": "250-fake\r\n250 AUTH XOAUTH2", **script})
        try:
            account = PostAccount("localhost", smtp.port, "tls", USER, "", str(certificates.ca), Tokens(client))
            assert Post(account).check().summary == f"SMTP: {code}"
        finally:
            smtp.close()
        assert sum(line.startswith("AUTH XOAUTH2 ") for line in smtp.commands) == asked == len(server.asked)


def test_the_message_is_googles_own_example() -> None:
    """https://developers.google.com/workspace/gmail/imap/xoauth2-protocol, the example of the initial response."""
    shown = base64.b64encode(xoauth2("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg").encode())
    assert shown == (
        b"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
    )
