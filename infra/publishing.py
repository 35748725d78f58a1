"""Files that others read, such as reports and a calendar: replaced in one step, so that nobody reads a part."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from infra.durable import PARTIAL_SUFFIX, sync_folder

SHARED_FILE = 0o640  # for the group of a web server; the administrator may widen it, and it stays so
_PERMISSIONS = 0o666


def publish(path: Path, content: bytes, mode: int) -> bool:
    """Puts `content` at `path` where it differs; whether it did. A new file gets `mode` whatever the umask, a file that
    is there keeps the permissions that it has. `OSError` where the folder is missing or may not be written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    if path.is_file():
        mode = stat.S_IMODE(path.stat().st_mode) & _PERMISSIONS
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}{PARTIAL_SUFFIX}")
    try:
        _write(partial, content, mode)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return True


def _write(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(handle, mode)
        os.fsync(handle)
