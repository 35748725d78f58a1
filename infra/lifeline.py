"""A child process that ends with its parent, also when the parent was killed and could not say so."""

from __future__ import annotations

import os
import signal
import threading

PARENT = "AUSKUNFT_PARENT"  # the parent's process id, as the parent says


def follow_parent(poll_seconds: float = 1.0) -> None:
    """Watches the parent named in the environment from a thread; without one there is nothing to follow."""
    parent = os.environ.get(PARENT, "")
    if parent.isdigit():
        threading.Thread(target=_watch, args=(int(parent), poll_seconds), daemon=True).start()


def _watch(parent: int, poll_seconds: float) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(poll_seconds)
    os.kill(os.getpid(), signal.SIGTERM)
