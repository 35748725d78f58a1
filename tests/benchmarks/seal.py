"""Sealing a gigabyte as an answer is sealed, against programs that do no more than encrypt the same file.

openssl writes ciphertext and nothing else: no integrity, no key derivation worth the name, no container. 7z writes the
ZIP that we write. Everybody reads one file and writes one file, in turn; the machine's disk is part of every figure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cases.draft import Package
from outputs.seal import KINDS, new_passphrase, seal

GIGABYTE = 1 << 30
_PIECE = 1 << 20


def ratios(folder: Path, runs: int, size: int = GIGABYTE) -> Iterator[tuple[str, str, list[float]]]:
    """For each seal and each program that is installed: seconds of ours for one second of theirs."""
    content = folder / "content"
    _write(content, size)
    took: dict[str, list[float]] = {}
    for _ in range(runs):
        for name, work in _works(content, folder / "sealed.zip").items():
            took.setdefault(name, []).append(_seconds(work, folder / "sealed.zip"))
    content.unlink()
    for kind in KINDS:
        for peer in took.keys() - set(KINDS):
            yield kind, peer, [ours / theirs for ours, theirs in zip(took[kind], took[peer], strict=True)]


def memory(kind: str, size: int) -> float:
    """The peak of traced memory in megabytes while that many bytes are sealed to nowhere."""
    piece = os.urandom(_PIECE)

    def write(sink: BinaryIO) -> None:
        for _ in range(size // _PIECE):
            sink.write(piece)

    tracemalloc.start()
    with Path(os.devnull).open("wb") as sink:
        seal(Package("DSAR-2026-0001", "0" * 64, write), new_passphrase(), sink, kind)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def _works(content: Path, to: Path) -> Mapping[str, Callable[[], object]]:
    works: dict[str, Callable[[], object]] = {kind: partial(_sealed, content, to, kind) for kind in KINDS}
    if openssl := shutil.which("openssl"):
        key = ("-K", os.urandom(32).hex(), "-iv", os.urandom(16).hex())
        works["openssl enc -aes-256-ctr"] = lambda: _run(
            openssl, "enc", "-aes-256-ctr", *key, "-in", str(content), "-out", str(to)
        )
    if seven := shutil.which("7z") or shutil.which("7zz"):
        works["7z a -mem=AES256 -mx0"] = lambda: _run(
            seven, "a", "-tzip", "-mem=AES256", "-mx0", "-pbenchmark", str(to), str(content)
        )
    return works


def _sealed(content: Path, to: Path, kind: str) -> None:
    def write(sink: BinaryIO) -> None:
        with content.open("rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                sink.write(piece)

    with to.open("wb", buffering=0) as sink:
        seal(Package("DSAR-2026-0001", "0" * 64, write), new_passphrase(), sink, kind)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _seconds(work: Callable[[], object], to: Path) -> float:
    to.unlink(missing_ok=True)
    started = time.perf_counter()
    work()
    took = time.perf_counter() - started
    to.unlink()
    return took


def _write(content: Path, size: int) -> None:
    block = os.urandom(_PIECE)
    with content.open("wb") as file:
        for _ in range(size // _PIECE):
            file.write(block)
