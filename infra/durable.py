"""Files that survive a power cut: written beside, synced, renamed, and the folder synced after."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
PARTIAL_SUFFIX = ".tmp"


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def create_private(path: Path, content: bytes) -> None:
    """Create `path` with mode 0600 and `content`, synced; an existing file stays as it is: `FileExistsError`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace_private(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: a reader sees the old file or the new one, never a part."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}{PARTIAL_SUFFIX}")
    create_private(partial, content)
    try:
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def overwrite_in_place(path: Path) -> None:
    """Overwrite the bytes of `path` where they lie with random ones, synced.

    On copy-on-write file systems and flash the old blocks may live on until they are reused: keep the folder on an
    encrypted disk and out of snapshots.
    """
    handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.pwrite(handle, os.urandom(os.fstat(handle).st_size), 0)
        os.fsync(handle)
    finally:
        os.close(handle)
