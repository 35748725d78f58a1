"""Hashing beside the work: a second thread that is at most three pieces behind. `hashlib` lets other threads run while
it hashes, and hashing costs as much as everything else of a seal together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

_PIECES = 3


class Behind:
    """Called with a hash's `update` and a piece that does not change any more. At the end of `with` all is hashed."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._left: deque[Future[None]] = deque()

    def __enter__(self) -> Behind:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        self.settle()

    def __call__(self, update: Callable[[bytes], None], piece: bytes) -> None:
        while len(self._left) >= _PIECES:
            self._left.popleft().result()
        self._left.append(self._thread.submit(update, piece))

    def settle(self) -> None:
        """Waits until all is hashed that was handed over."""
        while self._left:
            self._left.popleft().result()
