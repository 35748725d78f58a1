"""The worker of `infra.extract`: a mother process that reads no document, and one confined child for each document.

The mother imports the libraries once, tries the confinement out, then forks a child for each job it receives with
the document's own socket. The child gives up files, network and other processes before it reads the first byte, sends
one answer and is gone: no document can see or change what becomes of another. The mother ends a child that takes too
long. It talks to its parent over standard input (a socket of type SOCK_SEQPACKET): a job is JSON with one descriptor.
"""

from __future__ import annotations

import codecs
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cases.text import TextUnreadable
from infra import confine

READY, NO_ISOLATION = b"ready", b"no_isolation"
ANSWER = struct.Struct(">BQ")
CODES = ("", "encrypted", "damaged", "too_large", "unsupported", "timeout", "crashed", "no_isolation")
LONGEST_JOB = 4096
# Loaded beforehand: a confined child may be unable to import (cp437: names in zip files).
_ENCODINGS = ("cp437", "cp1250", "cp1251", "cp1252", "iso8859-1", "iso8859-2", "iso8859-15", "koi8-r", "utf-8-sig",
              "utf-16", "utf-16-le", "utf-16-be")  # fmt: skip
_DOCUMENT = 3
_PIECE = 1 << 20
_GRACE_SECONDS = 1.0
_SAMPLE_TEXT = "Probe"
_SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n4 0 obj<</Length 31>>stream\nBT /F 9 Tf 9 9 Td (Probe) Tj ET\nendstream"
    b" endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>"
)


@dataclass(frozen=True, slots=True)
class Job:
    """What the parent says of a document; may be empty or wrong. `ocr`: languages, or empty for none."""

    media_type: str
    suffix: str
    ocr: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The same for all documents: a private folder, seconds, bytes, where OCR data lie, whether Landlock is used."""

    folder: str
    seconds: float
    text: int
    memory: int
    tessdata: str
    landlock: bool


Read = Callable[[bytes, Job], str]


def main() -> None:
    """Serve real documents; arguments: where our packages lie, and the bounds as JSON."""
    from infra.document_text import Document, document_text

    serve(lambda data, job: document_text(Document(data, job.media_type, job.suffix, job.ocr)))


def serve(read: Read) -> None:
    """Answer jobs by `read` in confined children until the parent hangs up."""
    bounds = Bounds(**json.loads(sys.argv[2]))
    control = socket.socket(fileno=os.dup(0))
    try:
        _prepare(bounds)
        _try_out(bounds)
    except (confine.NoConfinement, OSError):
        control.send(NO_ISOLATION)
        return
    control.send(READY)
    try:
        _Mother(control, bounds, read).run()
    finally:
        shutil.rmtree(bounds.folder, ignore_errors=True)  # the parent may be gone without having done it


class _Mother:
    """Forks a child for each job and buries it. Children are held by pidfd: no other process can be hit by mistake."""

    def __init__(self, control: socket.socket, bounds: Bounds, read: Read) -> None:
        self._control, self._bounds, self._read = control, bounds, read
        self._children: dict[int, float] = {}

    def run(self) -> None:
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll(self._patience()):
                if descriptor in self._children:
                    self._bury(descriptor, poll)
                elif not self._accept(poll):
                    return
            self._end_late_ones()

    def _patience(self) -> float | None:
        """Milliseconds until the next child is late."""
        if not self._children:
            return None
        return max(0.0, min(self._children.values()) - time.monotonic()) * 1000

    def _accept(self, poll: select.poll) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_JOB, 1)
        if not message or len(descriptors) != 1:
            return False
        child = os.fork()
        if child == 0:
            _live_and_die(descriptors[0], message, self._bounds, self._read)
        os.close(descriptors[0])
        handle = os.pidfd_open(child)
        self._children[handle] = time.monotonic() + self._bounds.seconds + _GRACE_SECONDS
        poll.register(handle, select.POLLIN)
        return True

    def _bury(self, handle: int, poll: select.poll) -> None:
        os.waitid(os.P_PIDFD, handle, os.WEXITED)
        poll.unregister(handle)
        os.close(handle)
        del self._children[handle]

    def _end_late_ones(self) -> None:
        now = time.monotonic()
        for handle, deadline in self._children.items():
            if deadline <= now:
                signal.pidfd_send_signal(handle, signal.SIGKILL)


def _live_and_die(document: int, message: bytes, bounds: Bounds, read: Read) -> None:
    """A child's whole life. Whatever goes wrong ends it without an answer, which the parent takes for a crash."""
    try:
        os.dup2(document, _DOCUMENT)
        os.dup2(1, 0)
        os.closerange(_DOCUMENT + 1, os.sysconf("SC_OPEN_MAX"))
        _answer(_outcome(Job(**json.loads(message)), bounds, read))
        os._exit(0)
    finally:
        os._exit(1)


def _outcome(job: Job, bounds: Bounds, read: Read) -> tuple[str, bytes]:
    try:
        _confine_child(bounds)
    except (confine.NoConfinement, OSError):
        return "no_isolation", b""
    try:
        text = read(_received(), job).encode("utf-8", errors="replace")
    except TextUnreadable as error:
        return error.code, b""
    except MemoryError:
        return "too_large", b""
    return ("", text) if len(text) <= bounds.text else ("too_large", b"")


def _answer(outcome: tuple[str, bytes]) -> None:
    code, text = outcome
    rest = memoryview(ANSWER.pack(CODES.index(code), len(text)) + text)
    while rest:
        rest = rest[os.write(_DOCUMENT, rest) :]


def _received() -> bytes:
    pieces = []
    while piece := os.read(_DOCUMENT, _PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _prepare(bounds: Bounds) -> None:
    """Limit the mother and all who come from her; let kreuzberg unpack its PDF library while it still may write."""
    import kreuzberg  # noqa: F401 - here, not in the parent's process, and once for all children

    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    confine.no_new_privileges()
    confine.limit_resources({resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: bounds.memory, resource.RLIMIT_NOFILE: 512})
    Path(bounds.folder, ".cache/kreuzberg/ocr").mkdir(parents=True, exist_ok=True)  # no OCR without, though never used
    _in_child(_read_sample)
    for library in Path(bounds.folder).glob("*pdfium*/*.so"):
        ctypes.CDLL(str(library))  # children find it loaded, also where they may open nothing


def _readable(bounds: Bounds) -> list[Path]:
    paths = sysconfig.get_paths()
    libraries = {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    recognition = {bounds.tessdata} - {""}
    return [Path(folder) for folder in (bounds.folder, "/usr/share/fonts", *libraries, *recognition)]


def _confine_child(bounds: Bounds) -> None:
    seconds = int(bounds.seconds) + 1
    signal.alarm(seconds + int(_GRACE_SECONDS))  # outlives the mother; the filter forbids to change it
    confine.limit_resources({resource.RLIMIT_CPU: seconds * 2, resource.RLIMIT_FSIZE: 0})
    confine.no_new_privileges()
    if bounds.landlock:
        confine.only_read_below(_readable(bounds))
    confine.filter_calls(may_open=bounds.landlock)


def _try_out(bounds: Bounds) -> None:
    """Prove, on this machine and now, that a confined child reads a document and reaches nothing else."""

    def trial() -> None:
        _confine_child(bounds)
        _must_fail(lambda: socket.socket())
        _must_fail(lambda: os.open("/", os.O_RDONLY))
        _must_fail(lambda: os.open(f"{bounds.folder}/x", os.O_WRONLY | os.O_CREAT))
        _must_fail(lambda: os.fork())
        _read_sample()

    _in_child(trial)


def _must_fail(attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except OSError:
        return
    raise confine.NoConfinement("something that must be refused was not")


def _read_sample() -> None:
    import kreuzberg

    config = kreuzberg.ExtractionConfig(use_cache=False)
    if _SAMPLE_TEXT not in kreuzberg.extract_bytes_sync(_SAMPLE, "application/pdf", config).content:
        raise confine.NoConfinement("the sample document was not read")


def _in_child(task: Callable[[], None]) -> None:
    child = os.fork()
    if child == 0:
        try:
            task()
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        raise confine.NoConfinement("a confined child did not do its trial")
