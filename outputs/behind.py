"""Hashing and writing beside the work: a thread that is at most three pieces behind. Python lets others run while it
hashes or writes, and both cost more than encrypting."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import cast

_PIECES = 3


class Behind:
    """Called with what is to be done, and with a piece that does not change any more. What was handed over is done in
    its order, and all of it at the end of `with`; what it raises is raised at a later call or there."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._left: deque[Future[object]] = deque()

    def __enter__(self) -> Behind:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        self.settle()

    def __call__(self, work: Callable[[bytes], object], piece: bytes | bytearray) -> None:
        while len(self._left) >= _PIECES:
            self._left.popleft().result()
        self._left.append(self._thread.submit(work, cast(bytes, piece)))

    def settle(self) -> None:
        """Waits until all is done that was handed over."""
        while self._left:
            self._left.popleft().result()
