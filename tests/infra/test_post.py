"""The post against a real Postfix, and against a server that dies wherever the script says."""

from __future__ import annotations

import base64
import pickle
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.compose import compose
from infra.mail_address import one_address
from infra.post import DeliveryUncertain, Post, PostAccount, PostError, PostRefused, PostUnavailable
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.process import free_ports
from tests.servers.smtp_script import DIE, HANG, ScriptedSmtp

OFFICE, PERSON = "datenschutz@firma.example", "erika@post.example"
PASSWORD = "geheim mit Ü"


def _mail(recipient: str = PERSON, text: str = "Guten Tag,\n.\n..\nEnde\n") -> bytes:
    date = datetime(2026, 7, 1, tzinfo=UTC)
    return compose(OFFICE, "Firma", recipient, "Ihre Anfrage", text, "<1@firma.example>", date)


BIG = _mail(text="Zeile\n" * 2_000_000)  # more than the buffers between the two ends hold


class Recorder:
    """A `before_data` that counts its calls, and notes what the server had heard by then."""

    def __init__(self, server: ScriptedSmtp | None = None) -> None:
        self.calls = 0
        self.heard: list[str] = []
        self._server = server

    def __call__(self) -> None:
        self.calls += 1
        self.heard = list(self._server.commands) if self._server else []


@pytest.fixture(scope="module")
def dovecot(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    return dovecot_with({OFFICE: PASSWORD, PERSON: "x"})


@pytest.fixture(scope="module")
def postfix(dovecot: Dovecot, postfix_for: Callable[..., Postfix]) -> Postfix:
    return postfix_for(dovecot, extra="message_size_limit = 1000000\nsmtputf8_enable = no")


class TestPostfix:
    @pytest.fixture
    def account(self, postfix: Postfix) -> PostAccount:
        return PostAccount(postfix.host, postfix.submission, "starttls", OFFICE, PASSWORD, postfix.ca_file)

    def test_a_mail_arrives_as_it_was_written(self, dovecot: Dovecot, account: PostAccount) -> None:
        before = Recorder()
        assert Post(account).send(_mail(), OFFICE, PERSON, before) == "250 2.0.0"
        assert before.calls == 1
        arrived = _arrived(dovecot, PERSON)
        assert arrived.endswith(_mail().partition(b"\r\n\r\n")[2])
        assert b"Message-ID: <1@firma.example>" in arrived

    def test_tls_from_the_start(self, postfix: Postfix, account: PostAccount) -> None:
        implicit = replace(account, port=postfix.submissions, security="tls")
        assert Post(implicit).send(_mail(OFFICE), OFFICE, OFFICE) == "250 2.0.0"
        assert Post(implicit).check().ok

    def test_a_wrong_password_may_be_tried_again(self, account: PostAccount) -> None:
        wrong, before = replace(account, password="falsch"), Recorder()
        with pytest.raises(PostUnavailable) as caught:
            Post(wrong).send(_mail(), OFFICE, PERSON, before)
        assert caught.value.code == "credentials"
        assert before.calls == 0
        health = Post(wrong).check()
        assert not health.ok
        assert health.advice

    def test_a_server_that_wants_a_login_refuses_mail_without(self, account: PostAccount) -> None:
        assert Post(replace(account, user="")).check().ok
        with pytest.raises(PostRefused) as caught:
            Post(replace(account, user="")).send(_mail(), OFFICE, PERSON)
        assert caught.value.code == "554 5.7.1"

    def test_an_untrusted_certificate(self, account: PostAccount, postfix: Postfix) -> None:
        for port, security in ((postfix.submission, "starttls"), (postfix.submissions, "tls")):
            distrustful = replace(account, ca_file="", port=port, security=security)  # type: ignore[arg-type]
            assert Post(distrustful).check().summary == "SMTP: tls"

    def test_a_foreign_domain_is_refused_for_good(self, dovecot: Dovecot, postfix_for: Callable[..., Postfix]) -> None:
        strict = postfix_for(dovecot, extra="smtpd_recipient_restrictions = reject_unauth_destination")
        account = PostAccount(strict.host, strict.submission, "starttls", OFFICE, PASSWORD, strict.ca_file)
        before = Recorder()
        with pytest.raises(PostRefused) as caught:
            Post(account).send(_mail("x@fremd.example"), OFFICE, "x@fremd.example", before)
        assert caught.value.code == "554 5.7.1"
        assert "fremd" not in str(caught.value)
        assert before.calls == 0

    def test_a_mail_too_big_for_the_server_is_refused_before_it_is_sent(self, account: PostAccount) -> None:
        before = Recorder()
        with pytest.raises(PostRefused) as caught:
            Post(account).send(BIG, OFFICE, PERSON, before)
        assert caught.value.code == "552 5.3.4"
        assert before.calls == 0

    def test_an_international_address_needs_a_server_that_knows_it(
        self, account: PostAccount, dovecot: Dovecot, postfix_for: Callable[..., Postfix]
    ) -> None:
        recipient = "jürgen@post.example"
        with pytest.raises(PostRefused) as caught:
            Post(account).send(_mail(recipient), OFFICE, recipient)
        assert caught.value.code == "smtputf8"
        able = postfix_for(dovecot, extra="smtputf8_enable = yes")
        assert Post(replace(account, port=able.submission)).send(_mail(recipient), OFFICE, recipient) == "250 2.0.0"


def _arrived(dovecot: Dovecot, user: str) -> bytes:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        mails = dovecot.mails(user)
        if mails:
            return mails[0]
        time.sleep(0.1)
    raise AssertionError("nothing arrived")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@contextmanager
def _scripted(certificates: Certificates, **script: str) -> Iterator[tuple[ScriptedSmtp, PostAccount]]:
    server = ScriptedSmtp(certificates, script)
    try:
        yield server, PostAccount("localhost", server.port, "tls", OFFICE, "geheim-5", str(certificates.ca))
    finally:
        server.close()


SURELY_NOT = [
    ({"GREETING": DIE}, PostUnavailable, "refused", 0),
    ({"GREETING": "554 no service"}, PostUnavailable, "554", 0),
    ({"GREETING": "hello"}, PostUnavailable, "protocol", 0),
    ({"EHLO": DIE}, PostUnavailable, "refused", 0),
    ({"EHLO": "250 fake"}, PostUnavailable, "auth_unsupported", 0),
    ({"AUTH": DIE}, PostUnavailable, "refused", 0),
    ({"AUTH": "454 4.7.0 later"}, PostUnavailable, "454 4.7.0", 0),
    ({"AUTH": "535 5.7.8 wrong"}, PostUnavailable, "credentials", 0),
    ({"MAIL": DIE}, PostUnavailable, "refused", 0),
    ({"MAIL": "451 4.3.0 erika@post.example later"}, PostUnavailable, "451 4.3.0", 0),
    ({"MAIL": "530 5.7.0 login first"}, PostUnavailable, "credentials", 0),
    ({"RCPT": DIE}, PostUnavailable, "refused", 0),
    ({"RCPT": "450 4.2.0 greylisted"}, PostUnavailable, "450 4.2.0", 0),
    ({"RCPT": "550 5.1.1 <erika@post.example> unknown"}, PostRefused, "550 5.1.1", 0),
    ({"RCPT": "599"}, PostRefused, "599", 0),
    ({"DATA": DIE}, PostUnavailable, "refused", 1),
    ({"DATA": "451 later"}, PostUnavailable, "451", 1),
    ({"DATA": "554 never"}, PostRefused, "554", 1),
    ({"BODY": DIE}, PostUnavailable, "refused", 1),
    ({"DOT": "451 4.3.0 later"}, PostUnavailable, "451 4.3.0", 1),
    ({"DOT": "421 4.3.2 going down"}, PostUnavailable, "421 4.3.2", 1),
    ({"DOT": "550 5.7.1 erika@post.example spam"}, PostRefused, "550 5.7.1", 1),
    ({"DOT": DIE}, DeliveryUncertain, "refused", 1),
    ({"DOT": "what?"}, DeliveryUncertain, "protocol", 1),
    ({"DOT": "250-" + "x" * 9000}, DeliveryUncertain, "protocol", 1),
]


class TestEveryStage:
    @pytest.mark.parametrize(("script", "outcome", "code", "calls"), SURELY_NOT)
    def test_the_outcome_says_what_is_known(
        self, certificates: Certificates, script: dict[str, str], outcome: type[PostError], code: str, calls: int
    ) -> None:
        raw = BIG if "BODY" in script else _mail()
        with _scripted(certificates, **script) as (server, account):
            before = Recorder(server)
            with pytest.raises(PostError) as caught:
                Post(account, timeout=10).send(raw, OFFICE, PERSON, before)
        assert type(caught.value) is outcome
        assert caught.value.code == code
        assert before.calls == calls
        assert "erika" not in str(caught.value)
        assert caught.value.__context__ is None

    def test_before_data_comes_after_rcpt_and_before_data(self, certificates: Certificates) -> None:
        with _scripted(certificates) as (server, account):
            before = Recorder(server)
            assert Post(account).send(_mail(), OFFICE, PERSON, before) == "250 2.0.0"
            assert before.heard[-1] == f"rcpt TO:<{PERSON}>"
            assert server.commands[len(before.heard)] == "DATA"
        assert server.mails == [_mail().replace(b"\r\n.", b"\r\n..")]

    def test_what_before_data_raises_ends_the_call_with_nothing_sent(self, certificates: Certificates) -> None:
        def lost_lease() -> None:
            raise LookupError

        with _scripted(certificates) as (server, account), pytest.raises(LookupError):
            Post(account).send(_mail(), OFFICE, PERSON, lost_lease)
        assert server.mails == []
        assert "DATA" not in server.commands

    def test_a_server_without_login_gets_none(self, certificates: Certificates) -> None:
        with _scripted(certificates, EHLO="250 fake") as (server, account):
            assert Post(replace(account, user="")).send(_mail(), OFFICE, PERSON) == "250 2.0.0"
        assert not any(command.startswith("AUTH") for command in server.commands)

    def test_auth_login_where_there_is_no_plain(self, certificates: Certificates) -> None:
        login = {"EHLO": "250-fake\r\n250 AUTH LOGIN", "AUTH": "334 VXNlcm5hbWU6"}
        answers = {"ZGF0": "334 UGFzc3dvcmQ6", "Z2VO": "235 2.7.0 welcome"}  # how name and password begin in base64
        with _scripted(certificates, **login, **answers) as (server, account):
            assert Post(account).send(_mail(), OFFICE, PERSON) == "250 2.0.0"
        said = [base64.b64decode(line) for line in server.commands[2:4]]
        assert (server.commands[1], said) == ("AUTH LOGIN", [OFFICE.encode(), b"geheim-5"])

    def test_a_reply_given_before_the_dot_is_not_the_reply_to_it(self, certificates: Certificates) -> None:
        early = "354 go on\r\n250 2.0.0 queued already"
        with _scripted(certificates, DATA=early) as (server, account), pytest.raises(PostUnavailable) as caught:
            Post(account, timeout=10).send(_mail(), OFFICE, PERSON)
        assert caught.value.code == "refused"
        assert server.mails == []

    def test_8bit_mail_needs_a_server_that_takes_it(self, certificates: Certificates) -> None:
        raw = _mail().replace(b"Guten Tag", "Grüß Gott".encode())
        with _scripted(certificates) as (server, account):
            Post(account).send(raw, OFFICE, PERSON)
        assert any("BODY=8BITMIME" in command for command in server.commands)
        poor = "250-fake\r\n250 AUTH PLAIN"
        with _scripted(certificates, EHLO=poor) as (_, account), pytest.raises(PostRefused) as caught:
            Post(account).send(raw, OFFICE, PERSON)
        assert caught.value.code == "8bitmime"


class TestTime:
    @pytest.mark.parametrize(
        ("stage", "outcome"),
        [
            ("GREETING", PostUnavailable),
            ("AUTH", PostUnavailable),
            ("RCPT", PostUnavailable),
            ("DATA", PostUnavailable),
            ("DOT", DeliveryUncertain),
        ],
    )
    def test_a_silent_server_holds_nobody_beyond_the_deadline(
        self, certificates: Certificates, stage: str, outcome: type[PostError]
    ) -> None:
        with _scripted(certificates, **{stage: HANG}) as (_, account):
            started = time.monotonic()
            with pytest.raises(PostError) as caught:
                Post(account, timeout=0.7).send(_mail(), OFFICE, PERSON)
            assert time.monotonic() - started < 2
        assert type(caught.value) is outcome
        assert caught.value.code == "timeout"

    def test_a_server_that_stops_reading_holds_nobody(self, certificates: Certificates) -> None:
        with _scripted(certificates, BODY=HANG) as (_, account), pytest.raises(PostUnavailable) as caught:
            Post(account, timeout=2).send(BIG, OFFICE, PERSON)
        assert caught.value.code == "timeout"

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_a_server_that_accepts_and_says_nothing_holds_nobody(self, security: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            account = PostAccount("localhost", port, security, OFFICE, "geheim-5", "")  # type: ignore[arg-type]
            assert Post(account, timeout=0.3).check().summary == "SMTP: timeout"

    def test_a_server_that_says_an_octet_at_a_time_holds_nobody(self) -> None:
        with _dripping() as port:
            account = PostAccount("localhost", port, "starttls", OFFICE, "geheim-5", "")
            started = time.monotonic()
            with pytest.raises(PostUnavailable) as caught:
                Post(account, timeout=0.7).send(_mail(), OFFICE, PERSON)
            assert time.monotonic() - started < 2
        assert caught.value.code == "timeout"

    def test_a_name_that_cannot_be_looked_up_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = threading.Event()

        def never(*_: object, **__: object) -> list[object]:
            done.wait(10)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", never)
        account = PostAccount("mail.firma.example", 465, "tls", OFFICE, "geheim-5", "")
        assert Post(account, timeout=0.3).check().summary == "SMTP: timeout"
        done.set()

    def test_nobody_listens(self) -> None:
        account = PostAccount("localhost", free_ports(1)[0], "tls", OFFICE, "geheim-5", "")
        assert Post(account).check().summary == "SMTP: refused"

    def test_a_server_without_starttls_gets_no_password(self) -> None:
        with _plain_server() as (port, heard):
            account = PostAccount("localhost", port, "starttls", OFFICE, "geheim-5", "")
            assert Post(account, timeout=5).check().summary == "SMTP: tls"
        assert not any(b"AUTH" in line for line in heard)

    def test_a_ca_file_that_is_missing(self, tmp_path: Path) -> None:
        account = PostAccount("localhost", 1, "tls", OFFICE, "geheim-5", str(tmp_path / "none.pem"))
        assert Post(account).check().summary == "SMTP: tls"


@contextmanager
def _dripping() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            client, _ = listener.accept()
            with client:
                try:
                    for _ in range(200):
                        client.sendall(b"2")
                        time.sleep(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(15)


@contextmanager
def _plain_server() -> Iterator[tuple[int, list[bytes]]]:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client, client.makefile("rb") as lines:
                client.sendall(b"220 plain\r\n")
                for line in lines:
                    heard.append(line)
                    client.sendall(b"250-plain\r\n250 AUTH PLAIN\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join(15)


class TestWhatIsNotSent:
    ACCOUNT = PostAccount("localhost", 1, "tls", OFFICE, "geheim-5")

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"From: a@b.example\r\n\r\nx",
            _mail().replace(b"Message-ID", b"X-Not-ID"),
            _mail().replace(b"Date:", b"X-Date:"),
            _mail().replace(b"From:", b"X-From:"),
            _mail().replace(b"Subject:", b"From: c@d.example\r\nSubject:"),
            _mail() + b"\n.\nMAIL FROM:<evil@post.example>\r\n",
            _mail() + b"\r.\r\n",
            _mail() + b"\x00",
            _mail() + b"x" * 999,
        ],
    )
    def test_a_malformed_mail_is_refused_before_anything_is_opened(self, raw: bytes) -> None:
        with pytest.raises(PostRefused) as caught:
            Post(self.ACCOUNT).send(raw, OFFICE, PERSON)
        assert caught.value.code == "malformed"

    @pytest.mark.parametrize(
        "recipient",
        [
            "",
            "erika",
            "a@post.example, b@post.example",
            "Erika <erika@post.example>",
            "a@post.example>\r\nRCPT TO:<b@post.example",
            "a b@post.example",
            "erika@\u2028.example",
            "erika@-ü-.example",
        ],
    )
    def test_what_is_not_one_address_is_no_recipient(self, certificates: Certificates, recipient: str) -> None:
        with _scripted(certificates) as (server, account), pytest.raises(PostRefused) as caught:
            Post(account).send(_mail(), OFFICE, recipient)
        assert caught.value.code == "address"
        assert not any(command.startswith(("MAIL", "RCPT")) for command in server.commands)

    def test_nothing_secret_is_shown(self) -> None:
        assert "geheim" not in repr(self.ACCOUNT)
        assert OFFICE not in repr(self.ACCOUNT)

    @pytest.mark.parametrize("kind", [PostUnavailable, PostRefused, DeliveryUncertain])
    def test_outcomes_survive_the_way_between_processes(self, kind: type[PostError]) -> None:
        error = pickle.loads(pickle.dumps(kind("451 4.3.0", "Wait.")))
        assert (type(error), error.code, error.advice) == (kind, "451 4.3.0", "Wait.")


@given(st.text(max_size=80))
def test_whatever_passes_as_an_address_is_one(text: str) -> None:
    try:
        local, domain = one_address(text)
    except ValueError:
        return
    assert text.count("@") == 1
    assert text.startswith(local + "@")
    assert domain.isascii()
    assert not set(local + domain) & set(' \t\r\n<>,;:"\\()[]\x00')
