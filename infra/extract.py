"""Text of documents from outside, read in processes that have nothing to steal and nowhere to send it.

The parsing is `infra.document_text`; the confinement `infra.confine`; the process `infra.extract_worker`. The worker
runs with `python -I` (no current folder, no user packages, no PYTHON* variables) and `-c`, because isolated mode
takes no search path: the folder of our packages is handed over as an argument and appended last, so that it can
hide no module of the standard library.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self

from cases.text import TextUnreadable
from infra import confine
from infra.extract_worker import ANSWER, CODES, READY, Bounds, Job

WORKER = "import sys; sys.path.append(sys.argv[1]); from infra.extract_worker import main; main()"
_MIB = 1024 * 1024
_PIECE = 256 * 1024
_START_SECONDS = 60.0
_LONGEST_LABEL = 200
_TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
)


class IsolatedExtractor:
    """A `cases.text.TextExtractor`; safe for several threads at once. Close it, or use it in a `with`.

    Every document has its own process without files, network, environment or other processes. Where that cannot be
    had, `text` raises `TextUnreadable("no_isolation")` and reads nothing. Pictures and scanned pages are read where
    tesseract's German or English data are installed, and are `unsupported` elsewhere.
    """

    def __init__(
        self,
        timeout_seconds: float = 60,
        max_bytes: int = 64 * _MIB,
        max_text: int = 8 * _MIB,
        memory_bytes: int = 2048 * _MIB,
        *,
        landlock: bool = True,
        tessdata: Path | None = None,
        program: str = WORKER,
    ) -> None:
        """`max_text` counts bytes of UTF-8. Where the kernel has no Landlock, or with `landlock=False`, children may
        open no file at all, so that there is no OCR. `program` is what the worker runs; only tests give another.
        """
        self._seconds, self._memory = timeout_seconds, memory_bytes
        self._max_bytes, self._max_text = max_bytes, max_text
        self._landlock, self._program = landlock and confine.landlock_version() > 0, program
        self._tessdata, self._languages = _recognition(tessdata) if self._landlock else ("", "")
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._closed = False

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        """Text of the whole document; raises `TextUnreadable`. Of `name` only the suffix is used."""
        suffix = PurePosixPath(name).suffix[:_LONGEST_LABEL]
        with self._document(Job(media_type[:_LONGEST_LABEL], suffix, self._languages)) as document:
            deadline = time.monotonic() + self._seconds
            try:
                self._send(document, stream, deadline)
                return self._receive(document, deadline)
            except TimeoutError:
                raise TextUnreadable("timeout") from None
            except (ConnectionError, UnicodeDecodeError):
                raise TextUnreadable("crashed") from None

    def check(self) -> str:
        """Start the worker, which tries its confinement out; gives the OCR languages ("deu+eng"; empty for no OCR).

        Raises `TextUnreadable("no_isolation")` where documents cannot be read safely on this machine.
        """
        with self._lock:
            self._worker = self._worker or self._start()
        return self._languages

    def close(self) -> None:
        """End the worker and all its children."""
        with self._lock:
            self._closed = True
            self._drop_worker()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _document(self, job: Job) -> Iterator[socket.socket]:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._hand_over(job, theirs)
            yield ours

    def _hand_over(self, job: Job, document: socket.socket) -> None:
        message = json.dumps(asdict(job)).encode()
        with self._lock:
            if self._closed:
                raise ValueError("the extractor is closed")
            for _ in range(2):  # a worker that died since the last document is replaced once
                self._worker = self._worker or self._start()
                try:
                    socket.send_fds(self._worker.control, [message], [document.fileno()])
                    return
                except ConnectionError:
                    self._drop_worker()
        raise TextUnreadable("crashed")

    def _send(self, document: socket.socket, stream: BinaryIO, deadline: float) -> None:
        sent = 0
        while piece := stream.read(_PIECE):
            sent += len(piece)
            if sent > self._max_bytes:
                raise TextUnreadable("too_large")
            document.settimeout(_left(deadline))
            document.sendall(piece)
        document.shutdown(socket.SHUT_WR)

    def _receive(self, document: socket.socket, deadline: float) -> str:
        code, length = ANSWER.unpack(_exactly(document, ANSWER.size, deadline))
        if code:
            raise TextUnreadable(CODES[code] if code < len(CODES) else "crashed")
        if length > self._max_text:
            raise TextUnreadable("too_large")
        return _exactly(document, length, deadline).decode("utf-8")

    def _start(self) -> _Worker:
        folder = tempfile.mkdtemp(prefix="auskunft-text-")
        bounds = Bounds(folder, self._seconds, self._max_text, self._memory, self._tessdata, self._landlock)
        try:
            worker = _Worker(self._program, bounds)
        except OSError:  # no interpreter to start, no process to be had
            shutil.rmtree(folder, ignore_errors=True)
            raise TextUnreadable("no_isolation") from None
        if not worker.is_ready():
            worker.end()
            raise TextUnreadable("no_isolation")
        return worker

    def _drop_worker(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None


class _Worker:
    """The running mother process, in a session of its own, and her private folder (libraries only, never documents)."""

    def __init__(self, program: str, bounds: Bounds) -> None:
        self._folder = bounds.folder
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._process = self._started(program, bounds, theirs)
        except OSError:
            self.control.close()
            raise

    @staticmethod
    def _started(program: str, bounds: Bounds, control: socket.socket) -> subprocess.Popen[bytes]:
        packages = str(Path(__file__).resolve().parent.parent)
        return subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", program, packages, json.dumps(asdict(bounds))],
            stdin=control.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(bounds),
            cwd="/",
            start_new_session=True,
        )

    def is_ready(self) -> bool:
        """Whether the worker says that it could confine a child and read a sample in it."""
        self.control.settimeout(_START_SECONDS)
        try:
            return self.control.recv(64) == READY
        except OSError:
            return False

    def end(self) -> None:
        self.control.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _environment(bounds: Bounds) -> dict[str, str]:
    """Nothing of ours; only what keeps the libraries in the private folder and their threads and memory small."""
    return {
        "HOME": bounds.folder,
        "TMPDIR": bounds.folder,
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "OMP_THREAD_LIMIT": "1",
        "RAYON_NUM_THREADS": "2",
        "TOKIO_WORKER_THREADS": "2",
        **({"TESSDATA_PREFIX": bounds.tessdata} if bounds.tessdata else {}),
    }


def _recognition(tessdata: Path | None) -> tuple[str, str]:
    """Folder and languages of OCR, German first; empty where nothing is installed."""
    for folder in [tessdata] if tessdata else map(Path, _TESSDATA):
        languages = [code for code in ("deu", "eng") if (folder / f"{code}.traineddata").is_file()]
        if languages:
            return str(folder), "+".join(languages)
    return "", ""


def _exactly(document: socket.socket, count: int, deadline: float) -> bytes:
    received = bytearray()
    while len(received) < count:
        document.settimeout(_left(deadline))
        piece = document.recv(min(_PIECE, count - len(received)))
        if not piece:
            raise ConnectionError("the child ended without a whole answer")
        received += piece
    return bytes(received)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
