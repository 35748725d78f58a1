"""New mail at once: what the watcher hears, when it connects anew, that at most one poll waits, and that all ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx
import pytest

from flows import mail_watch
from flows.api import EngineUnavailable, PrefectApi, Start
from flows.mail_watch import Bell, Watcher, answer_bell
from infra.imap_session import MailboxUnavailable
from infra.mailbox import Mailbox, MailboxAccount
from infra.secrets_ref import SecretError
from tests.servers.dovecot import Dovecot

OFFICE = "datenschutz@firma.example"


@dataclass
class FakeEngine:
    """Prefect as far as the bell sees it. `away`: so many calls fail first; `active`: answers one after the other."""

    away: int = 0
    active: list[bool] = field(default_factory=list)
    started: list[Start] = field(default_factory=list)
    looked: threading.Event = field(default_factory=threading.Event)

    def is_active(self, deployment: str, tag: str) -> bool:
        assert (deployment, tag) == ("intake", "mail")
        self.looked.set()
        return self.active.pop(0) if self.active else False

    def start(self, start: Start) -> str:
        if self.away:
            self.away -= 1
            raise EngineUnavailable("ConnectError")
        self.started.append(start)
        return "run-1"


@dataclass
class FakeListener:
    """A mailbox that is listened to: `says` is what each wait ends with; nothing more means that `bell` stops."""

    bell: Bell
    says: list[bool | Exception]
    can_idle: bool = True
    opened: int = 0

    def __enter__(self) -> Self:
        self.opened += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def wait(self, folder: str, seconds: float, stop: threading.Event) -> bool:
        assert (folder, stop) == ("INBOX", self.bell.stop)
        assert seconds < 29 * 60
        if not self.says:
            stop.set()
            return False
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_watch, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(mail_watch, "FIRST_PAUSE", 0.001)


def watched(bell: Bell, listener: FakeListener, pause: float = 0.001) -> Watcher:
    watcher = Watcher("mailbox", "INBOX", lambda: listener, bell, pause)  # type: ignore[arg-type,return-value]
    watcher.run()
    return watcher


@contextmanager
def answering(bell: Bell, engine: FakeEngine) -> Iterator[None]:
    opened: Callable[[], AbstractContextManager[FakeEngine]] = lambda: nullcontext(engine)  # noqa: E731
    thread = threading.Thread(target=answer_bell, args=(bell, opened))
    thread.start()
    try:
        yield
    finally:
        bell.stop.set()
        thread.join(5)
        assert not thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


class TestWatcher:
    def test_it_rings_when_mail_has_come_and_not_otherwise(self) -> None:
        quiet, heard = Bell(), Bell()
        watched(quiet, FakeListener(quiet, [False, False]))
        watched(heard, FakeListener(heard, [False, True]))
        assert (quiet.rung.is_set(), heard.rung.is_set()) == (False, True)

    def test_a_server_that_cannot_is_left_to_the_polls(self) -> None:
        bell = Bell()
        listener = FakeListener(bell, [], can_idle=False)
        watched(bell, listener)
        assert (listener.opened, bell.stop.is_set()) == (1, False)

    @pytest.mark.parametrize("error", [MailboxUnavailable("refused"), SecretError("missing", "put it there")])
    def test_after_an_error_it_connects_anew_and_rings_for_what_it_missed(
        self, error: Exception, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bell = Bell()
        listener = FakeListener(bell, [error, error, False])
        watcher = watched(bell, listener)
        assert (listener.opened, bell.rung.is_set(), watcher.pause) == (3, True, mail_watch.FIRST_PAUSE)
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 2
        assert error.code in said[0]  # type: ignore[attr-defined]

    def test_each_error_waits_longer_up_to_a_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mail_watch, "LONGEST_PAUSE", 0.004)
        bell = Bell()
        listener = FakeListener(bell, [MailboxUnavailable("timeout") for _ in range(5)])
        pauses: list[float] = []
        monkeypatch.setattr(bell.stop, "wait", pauses.append)
        watched(bell, listener)
        assert pauses == [0.001, 0.002, 0.004, 0.004, 0.004]


class TestBell:
    def test_many_rings_ask_for_one_poll(self) -> None:
        bell, engine = Bell(), FakeEngine()
        for _ in range(5):
            bell.ring()
        with answering(bell, engine):
            until(lambda: bool(engine.started))
            time.sleep(0.05)
        (start,) = engine.started
        assert (start.deployment, start.tags, dict(start.parameters)) == ("intake", ("mail",), {})

    def test_a_poll_at_work_is_waited_for(self) -> None:
        bell, engine = Bell(), FakeEngine(active=[True, True, True])
        bell.ring()
        with answering(bell, engine):
            until(lambda: bool(engine.started))
        assert engine.active == []

    def test_a_poll_that_never_ends_is_not_waited_for_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mail_watch, "PATIENCE", 3)
        bell, engine = Bell(), FakeEngine(active=[True] * 50)
        bell.ring()
        with answering(bell, engine):
            until(lambda: bool(engine.started))

    def test_an_engine_that_is_away_is_asked_again(self) -> None:
        bell, engine = Bell(), FakeEngine(away=3)
        bell.ring()
        with answering(bell, engine):
            until(lambda: bool(engine.started))

    def test_it_ends_while_it_waits_for_others(self) -> None:
        bell, engine = Bell(), FakeEngine(active=[True] * 10_000)
        bell.ring()
        with answering(bell, engine):
            assert engine.looked.wait(5)
        assert engine.started == []


def test_prefect_is_asked_for_runs_at_work_and_for_one_of_ours_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return httpx.Response(200, json=[{"id": "1"}] if b"SCHEDULED" in request.content else [])

    with PrefectApi("http://engine.example/api", "a:b") as api:
        api._client = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://engine.example/api")
        assert api.is_active("intake", "mail")
    assert [b"RUNNING" in content for content in asked] == [True, False]
    assert b"all_" in asked[1]


@pytest.fixture(scope="module")
def dovecot(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    return dovecot_with({OFFICE: "geheim-5"})


@pytest.fixture
def account(dovecot: Dovecot) -> MailboxAccount:
    return MailboxAccount(dovecot.host, dovecot.imaps, "tls", OFFICE, "geheim-5", dovecot.ca_file)


class TestRealServer:
    def test_mail_is_told_at_once_also_what_comes_between_two_waits(
        self, dovecot: Dovecot, account: MailboxAccount
    ) -> None:
        never = threading.Event()
        with Mailbox(account) as mailbox:
            assert mailbox.can_idle
            assert not mailbox.wait("INBOX", 1, never)
            dovecot.deliver(OFFICE, b"Subject: eins\r\n\r\nGuten Tag\r\n")
            assert mailbox.wait("INBOX", 20, never)
            threading.Timer(0.3, dovecot.deliver, (OFFICE, b"Subject: zwei\r\n\r\nGuten Tag\r\n")).start()
            began = time.monotonic()
            assert mailbox.wait("INBOX", 20, never)
            assert time.monotonic() - began < 10
            assert not mailbox.wait("INBOX", 1, never)
            assert len(mailbox.keys("INBOX")) == 2

    def test_it_stops_when_it_is_told_to(self, account: MailboxAccount) -> None:
        stop = threading.Event()
        threading.Timer(0.3, stop.set).start()
        began = time.monotonic()
        with Mailbox(account) as mailbox:
            assert not mailbox.wait("INBOX", 60, stop)
        assert time.monotonic() - began < 10

    def test_a_server_that_dies_is_an_error_and_a_new_connection_rings(
        self, dovecot_with: Callable[..., Dovecot]
    ) -> None:
        mortal = dovecot_with({OFFICE: "geheim-5"})
        account = MailboxAccount(mortal.host, mortal.imaps, "tls", OFFICE, "geheim-5", mortal.ca_file)
        threading.Timer(0.5, mortal.kill).start()
        with pytest.raises(MailboxUnavailable) as refused, Mailbox(account) as mailbox:
            mailbox.wait("INBOX", 60, threading.Event())
        assert refused.value.code == "refused"
