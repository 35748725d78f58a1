"""The keys of cases and days, wrapped by the master key; a destroyed key stays destroyed.

One file for each key, `<key id>.key`, outside the database and outside its backups. A live file is a magic line and
the key sealed with AES-256-GCM, bound to its id. A destroyed key's bytes are overwritten where they lie and the file
becomes a tombstone that stays, so that a restored database and vault cannot bring its case back.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra.crypto import Tampered, derive_key, new_key, open_bytes, seal_bytes
from infra.durable import PARTIAL_SUFFIX, PRIVATE_FILE, PRIVATE_FOLDER, overwrite_in_place, replace_private
from infra.master import MasterKey

_KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,149}")
_SUFFIX = ".key"
_LIVE = b"auskunft-key-1\n"
_DEAD = b"auskunft-key-1 destroyed "
_STORE_ID = "store"


class KeyStoreError(Exception):
    """A key cannot be had. `key_id` says which; ids are opaque."""

    def __init__(self, key_id: str, advice: str) -> None:
        super().__init__(f"{key_id}: {advice}")
        self.key_id = key_id


class KeyStoreUnsafe(KeyStoreError):
    """The folder is open to others."""


class KeyExists(KeyStoreError):
    """A live key bears this id already."""


class KeyDestroyed(KeyStoreError):
    """The key was destroyed on purpose; what it sealed is gone for good."""


class KeyMissing(KeyStoreError):
    """The key was lost or never made: nobody destroyed it. An alarm, not a deletion."""


class KeyDamaged(KeyStoreError):
    """The key's file does not open: another master key, or the file was changed."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A tombstone: which key, and when it was destroyed (UTC, whole seconds)."""

    key_id: str
    at: datetime


class KeyStore:
    """256-bit keys by id in one private folder. Safe for several threads and processes at once."""

    def __init__(self, folder: Path, master: MasterKey) -> None:
        """Open or begin a store; raises `KeyDamaged` where another master key began it, `KeyStoreUnsafe`."""
        self._folder = folder
        self._wrapping = derive_key(master.secret, b"auskunft key store 1")
        _private_folder(folder)
        with self._locked():
            self._sweep_partials()
            self._store_key = self._open_store_key()

    def create(self, key_id: str) -> bytes:
        """Make the key `key_id`, durably; raises `KeyExists`, or `KeyDestroyed` for an id that once was destroyed."""
        with self._locked():
            if self._read(key_id) is not None:
                self._unwrap(key_id)
                raise KeyExists(key_id, "a key bears this id already; use get")
            return self._make(key_id)

    def get(self, key_id: str) -> bytes:
        """The key; raises `KeyDestroyed`, `KeyMissing` or `KeyDamaged`."""
        return self._unwrap(key_id)

    def get_or_create(self, key_id: str) -> bytes:
        """The key, made where it is not there yet; raises `KeyDestroyed`, `KeyDamaged`.

        Only for what is about to be sealed: to open what exists use `get`, which tells a lost key from a new one.
        """
        with self._locked():
            return self._make(key_id) if self._read(key_id) is None else self._unwrap(key_id)

    def destroy(self, key_id: str, at: datetime) -> None:
        """Overwrite the key's bytes and leave a tombstone of the time `at` (aware); again is harmless.

        An id without a key gets a tombstone too: nothing can be sealed under it afterwards.
        """
        if at.tzinfo is None:
            raise ValueError("the time of destruction needs a time zone")
        if key_id == _STORE_ID:
            raise ValueError("the store's own key cannot be destroyed")
        with self._locked():
            if not self.is_destroyed(key_id):
                self._bury(key_id, at)

    def is_destroyed(self, key_id: str) -> bool:
        """Whether `key_id` has a tombstone."""
        content = self._read(key_id)
        return content is not None and _time_of_death(content) is not None

    def destroyed(self) -> tuple[Destroyed, ...]:
        """All tombstones, by id."""
        found = []
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            content = self._read(path.stem)
            at = _time_of_death(content) if content is not None else None
            if at is not None:
                found.append(Destroyed(path.stem, at))
        return tuple(found)

    def ids(self, prefix: str) -> tuple[str, ...]:
        """The ids of living keys that begin with `prefix`, in order."""
        found = sorted(path.stem for path in self._folder.glob(f"{prefix}*{_SUFFIX}"))
        return tuple(key_id for key_id in found if not self.is_destroyed(key_id))

    def derive(self, purpose: str) -> bytes:
        """A store-wide 256-bit key for one purpose (HKDF-SHA256), the same for the life of this store."""
        return derive_key(self._store_key, b"auskunft purpose " + purpose.encode())

    def lookup_hmac(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 of `value` in hex, to look it up without storing it. The caller normalises `value` first."""
        return self.lookup(purpose)(value)

    def lookup(self, purpose: str) -> Callable[[str], str]:
        """`lookup_hmac` for many values of one purpose: its key is derived once."""
        key = self.derive(f"lookup {purpose}")
        return lambda value: hmac.new(key, value.encode(), hashlib.sha256).hexdigest()

    def _bury(self, key_id: str, at: datetime) -> None:
        path = self._path(key_id)
        if path.exists():
            overwrite_in_place(path)
        stamp = at.astimezone(UTC).replace(microsecond=0).isoformat()
        replace_private(path, _DEAD + stamp.encode() + b"\n")

    def _make(self, key_id: str) -> bytes:
        key = new_key()
        replace_private(self._path(key_id), _LIVE + seal_bytes(self._wrapping, _aad(key_id), key))
        return key

    def _unwrap(self, key_id: str) -> bytes:
        content = self._read(key_id)
        if content is None:
            raise KeyMissing(key_id, "the key is not in the store; restore the key store's folder or raise an alarm")
        if _time_of_death(content) is not None:
            raise KeyDestroyed(key_id, "the key was destroyed on purpose; what it sealed cannot be opened again")
        if not content.startswith(_LIVE):
            raise KeyDamaged(key_id, "the file is no key of this store; restore it or finish its destruction")
        try:
            return open_bytes(self._wrapping, _aad(key_id), content[len(_LIVE) :])
        except Tampered:
            raise KeyDamaged(key_id, "the key does not open; check the master key, then the file") from None

    def _open_store_key(self) -> bytes:
        if self._read(_STORE_ID) is None and not any(self._folder.glob(f"*{_SUFFIX}")):
            return self._make(_STORE_ID)
        return self._unwrap(_STORE_ID)

    def _read(self, key_id: str) -> bytes | None:
        try:
            return self._path(key_id).read_bytes()
        except FileNotFoundError:
            return None

    def _path(self, key_id: str) -> Path:
        if not _KEY_ID.fullmatch(key_id):
            raise ValueError("a key id is lower-case letters, digits and hyphens")
        return self._folder / f"{key_id}{_SUFFIX}"

    def _sweep_partials(self) -> None:
        """What a crash left while creating; safe under the lock, for only its holder writes such files."""
        for partial in self._folder.glob(f".*{PARTIAL_SUFFIX}"):
            overwrite_in_place(partial)
            partial.unlink()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time, across threads and processes: flock tells their open files apart."""
        handle = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, PRIVATE_FILE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _aad(key_id: str) -> bytes:
    return b"auskunft-key-1|" + key_id.encode()


def _time_of_death(content: bytes) -> datetime | None:
    if not content.startswith(_DEAD):
        return None
    try:
        return datetime.fromisoformat(content[len(_DEAD) :].decode("ascii").strip())
    except ValueError:
        return None


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyStoreUnsafe("key store", f"the folder is open to others; run: chmod 700 {folder}")
