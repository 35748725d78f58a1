"""A private folder in memory for a draft that somebody reads: gone afterwards, whatever happens to the reader."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from infra.store.outbox import alive, this_process

MEMORY = Path("/dev/shm")  # noqa: S108 - a tmpfs is wanted: what lies there never reaches a disk
PREFIX = "auskunft-reading-"
OWNER = "owner"


class NoMemoryFolder(Exception):
    """There is no file system in memory to show the draft from; on a disk it would leave traces."""

    def __init__(self) -> None:
        super().__init__(f"{MEMORY} is not a file system in memory (tmpfs); the draft is not written to a disk")


@contextmanager
def in_memory(files: Mapping[str, bytes]) -> Iterator[Path]:
    """The files in a folder that only this user can enter, in memory; removed at the end. What a killed reader left
    is removed by the next one."""
    if not _is_memory(MEMORY):
        raise NoMemoryFolder
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
    try:
        (folder / OWNER).write_text(this_process())
        for name, content in files.items():
            _write(folder, name, content)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Removes the folders of readers that no longer run; returns how many."""
    left = [path for path in MEMORY.glob(f"{PREFIX}*") if path.stat().st_uid == os.getuid() and not _is_read(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_read(folder: Path) -> bool:
    try:
        return alive((folder / OWNER).read_text())
    except OSError:
        return False


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError("a file of a draft stays in its folder")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        sink.write(content)


def _is_memory(folder: Path) -> bool:
    """Whether a folder is the root of a tmpfs, as /proc/mounts lists it (proc(5))."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return False
    return any(line.split()[1:3] == [str(folder), "tmpfs"] for line in mounts)
