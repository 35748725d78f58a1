"""`auskunft up`: the Prefect server and the serving process, kept running. Either that dies is started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from desk.console import fail
from desk.reading import sweep
from desk.unfinished import clear
from flows.retain import bury_restored
from flows.server import cut_log
from flows.wiring import UNUSABLE, engine_environment, make_house, open_api
from infra.clock import SystemClock
from infra.lifeline import PARENT, follow_parent
from infra.ropa import RegisterError, load_register
from infra.scaffold import REGISTER_FILE
from infra.settings import Settings, load_settings, unfilled

START_SECONDS = 120
LOG_SECONDS = 20
LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class Kept:
    """A child process that is started again when it ends, later each time it ends at once."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.DEVNULL)

    def look_after(self) -> None:
        if self.process is None or self.process.poll() is None:
            return
        ran = time.monotonic() - self.started
        self.pause = 1.0 if ran > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
        print(f"auskunft: {self.name} ended, it starts again in {self.pause:.0f} s", file=sys.stderr, flush=True)
        self.process = None
        threading.Event().wait(self.pause)
        self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def keep_up(settings_file: Path) -> int:
    """Runs until it is told to stop (SIGINT, SIGTERM)."""
    os.umask(0o077)
    follow_parent()
    settings = _checked(settings_file)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server, serving = _children(settings, settings_file)
    children = [child for child in (server, serving) if child is not None]
    try:
        if server is not None:
            cut_log(settings.prefect.home)  # of a server that was killed
            server.start()
        _wait_healthy(settings, stop)
        serving.start()
        print(f"auskunft: up; approve at {settings.prefect_api.removesuffix('/api')}", flush=True)
        _look_after(children, settings, stop)
    finally:
        for child in reversed(children):
            child.stop()
        if server is not None:
            cut_log(settings.prefect.home)
    return 0


def _checked(settings_file: Path) -> Settings:
    """Settings that load, keys that open, a database that is up to date: or one message, before anything starts."""
    try:
        settings = load_settings(settings_file)
        sweep()
        for line in clear(settings.store.vault).lines:
            print(f"auskunft: {line}", file=sys.stderr, flush=True)
        if missing := unfilled(settings):
            fail(f"{settings_file}: still to be filled in: {', '.join(missing)}; `auskunft doctor` shows all")
        settings.prefect.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        house = make_house(settings, SystemClock())
        bury_restored(house)
        house.close()
        _tell_owed(settings)
    except (*UNUSABLE, OSError) as error:
        fail(str(error))
    return settings


def _tell_owed(settings: Settings) -> None:
    """Mails come in whatever the register leaves open; nobody shall learn of it at the draft only."""
    try:
        load_register(settings.folder / REGISTER_FILE)
    except RegisterError as error:
        print(f"auskunft: no answer can be released before this is mended: {error}", file=sys.stderr, flush=True)


def _children(settings: Settings, settings_file: Path) -> tuple[Kept | None, Kept]:
    environment = engine_environment(settings, settings_file) | {PARENT: str(os.getpid())}
    serving = Kept("the serving process", [sys.executable, "-m", "flows.serve"], environment)
    if settings.prefect.api_url:
        return None, serving
    command = [sys.executable, "-m", "flows.server", str(settings.prefect.port)]
    return Kept("the Prefect server", command, environment), serving


def _wait_healthy(settings: Settings, stop: threading.Event) -> None:
    give_up = time.monotonic() + START_SECONDS
    with open_api(settings) as api:
        while not api.healthy():
            if stop.wait(0.25) or time.monotonic() > give_up:
                fail(f"Prefect's API at {settings.prefect_api} does not answer; see its messages above", 1)


def _look_after(children: list[Kept], settings: Settings, stop: threading.Event) -> None:
    last_cut = time.monotonic()
    while not stop.wait(1):
        for child in children:
            child.look_after()
        if not settings.prefect.api_url and time.monotonic() - last_cut > LOG_SECONDS:
            cut_log(settings.prefect.home)
            last_cut = time.monotonic()
