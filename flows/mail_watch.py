"""New mail at once: one waiting connection for each mailbox whose server tells of it (IMAP IDLE, RFC 2177). It only
asks for a poll; the scheduled polls stay, so that nothing depends on this."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol

from flows.api import EngineUnavailable, Start
from flows.house import mailbox_part
from flows.wiring import AllTokens, make_mailbox, make_tokens, open_api
from infra.imap_session import MailboxUnavailable
from infra.mailbox import Mailbox
from infra.secrets_ref import SecretError
from infra.settings import Settings

RENEW_SECONDS = 5 * 60.0  # servers may hang up after 29 minutes, routers after fewer
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
LOOK_SECONDS = 1.0
PATIENCE = 60  # looks at a poll that does not end: it may be a dead one, and a second is harmless
GOODBYE_SECONDS = 8.0
TAG = "mail"


class Engine(Protocol):
    """What is used of Prefect's API."""

    def is_active(self, deployment: str, tag: str) -> bool: ...

    def start(self, start: Start) -> str: ...


@dataclass
class Bell:
    """Rung when mail has arrived; whoever answers it asks for one poll, however often it was rung."""

    stop: Event = field(default_factory=Event)
    rung: Event = field(default_factory=Event)

    def ring(self) -> None:
        self.rung.set()


@contextmanager
def watching(settings: Settings) -> Iterator[None]:
    """Watches every mailbox that wants it while the block runs; its threads end with it."""
    bell = Bell()
    threads = [
        *_watchers(settings, bell),
        Thread(target=lambda: answer_bell(bell, lambda: open_api(settings)), name="bell", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        bell.stop.set()
        for thread in threads:
            thread.join(GOODBYE_SECONDS)


def _watchers(settings: Settings, bell: Bell) -> Iterator[Thread]:
    tokens = make_tokens(settings)
    for name, account in settings.accounts.items():
        if account.idle:
            watcher = Watcher(mailbox_part(name), account.inbox, _opener(settings, name, tokens), bell)
            yield Thread(target=watcher.run, name=f"watch {name}", daemon=True)


def _opener(settings: Settings, name: str, tokens: AllTokens) -> Callable[[], Mailbox]:
    return lambda: make_mailbox(settings, name, tokens)


@dataclass
class Watcher:
    """Waits for mail in one folder. After an error it connects anew, later each time."""

    part: str
    folder: str
    open: Callable[[], Mailbox]
    bell: Bell
    pause: float = FIRST_PAUSE
    trouble: str = ""

    def run(self) -> None:
        while not self.bell.stop.is_set():
            try:
                with self.open() as mailbox:
                    if not mailbox.can_idle:
                        return
                    self._listen(mailbox)
            except (MailboxUnavailable, SecretError) as error:
                self._note(error.code)
                self.bell.stop.wait(self.pause)
                self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def _listen(self, mailbox: Mailbox) -> None:
        """Mail may have come while nobody listened, so a new connection rings at once where an old one was lost."""
        if self.trouble:
            self.bell.ring()
        while not self.bell.stop.is_set():
            if mailbox.wait(self.folder, RENEW_SECONDS, self.bell.stop):
                self.bell.ring()
            self.pause = FIRST_PAUSE
            self._note("")

    def _note(self, code: str) -> None:
        """A line in the log at each change, and none in between."""
        if code == self.trouble:
            return
        self.trouble = code
        now = (
            f"not told of new mail ({code}), tried again; it is read at intervals" if code else "told of new mail again"
        )
        print(f"auskunft: {self.part}: {now}", file=sys.stderr, flush=True)


def answer_bell(bell: Bell, open_engine: Callable[[], AbstractContextManager[Engine]]) -> None:
    """Asks for a poll each time the bell was rung. A poll at work is waited for, since it may have looked before the
    mail came; so at most one ever waits."""
    with open_engine() as engine:
        while not bell.stop.is_set():
            if not bell.rung.wait(LOOK_SECONDS):
                continue
            _wait_for_others(bell, engine)
            if not bell.stop.is_set():
                _ask_for_poll(bell, engine)


def _wait_for_others(bell: Bell, engine: Engine) -> None:
    for _ in range(PATIENCE):
        try:
            if not engine.is_active("intake", TAG):
                return
        except EngineUnavailable:
            pass
        if bell.stop.wait(LOOK_SECONDS):
            return


def _ask_for_poll(bell: Bell, engine: Engine) -> None:
    """What rings from now on asks for the next one; an engine that is away is asked again."""
    bell.rung.clear()
    try:
        engine.start(Start("intake", "mail has arrived", f"mail/{uuid.uuid4()}", {}, (TAG,)))
    except EngineUnavailable:
        bell.ring()
        bell.stop.wait(LOOK_SECONDS)
