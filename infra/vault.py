"""Sealed blobs on disk: `<folder>/<owner>/<blob id>`, streamed in and out in chunks, whatever their size.

Format, version 1: magic (8 bytes), version (1), chunk size (4, big-endian), salt (32); then chunks of 256 KiB, each
AES-256-GCM with its index as nonce under a key that only this blob has (HKDF-SHA256 of the owner's key, the salt,
owner and blob id). Each chunk is bound to the header, owner, blob id, its index and whether it is the last, so that
truncation, reordering and a swap between blobs do not open.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import struct
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.crypto import TAG_BYTES, Tampered, derive_key
from infra.durable import PRIVATE_FILE, PRIVATE_FOLDER, sync_folder
from infra.keystore import KeyStore

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

CHUNK_BYTES = 256 * 1024
_MAGIC = b"AUSKBLOB"
_HEADER = struct.Struct(">8sBI32s")
_VERSION = 1
_PART = ".part"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,149}")
_SYNCS = 8  # at the same time
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class VaultError(Exception):
    """The vault cannot store or give a blob."""


class VaultFull(VaultError):
    """No room left on the vault's disk; nothing was stored. Make room or enlarge it, then try again."""


class BlobMissing(VaultError):
    """The blob's file is not there although it should be: an alarm. Restore the vault's folder."""


@dataclass(frozen=True, slots=True)
class BlobRef:
    """Where a blob lies and what was put in: bytes of clear content, and their SHA-256 in hex."""

    owner: str
    blob_id: str
    key_id: str
    size: int
    sha256: str = field(repr=False)


class Vault:
    """Blobs by owner. Safe for several threads and processes at once; blobs never change once written."""

    def __init__(self, folder: Path, keystore: KeyStore) -> None:
        self._folder = folder
        self._keys = keystore
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)

    def write(self, owner: str, key_id: str) -> VaultWriter:
        """A context manager to write one blob to; after a clean exit its `ref` says where it lies.

        Raises the key store's errors, `VaultFull`, or `OSError`; after an error nothing is left behind.
        """
        key = self._keys.get(key_id)
        return VaultWriter(self._owner_folder(owner), owner, key_id, key)

    def write_all(self, items: Sequence[tuple[str, str, bytes]]) -> list[BlobRef]:
        """Several small blobs (owner, key id, content), each as durable as one written alone: every file is synced
        before any of them is named, and every folder after. The syncs wait for the disk together.

        Raises as `write` does; after an error there may be blobs that nobody knows of, under keys that die.
        """
        writers = [self.write(owner, key_id) for owner, key_id, _ in items]
        try:
            for writer, (_, _, content) in zip(writers, items, strict=True):
                writer.__enter__()
                writer.write(content)
                writer.complete()
            with ThreadPoolExecutor(_SYNCS) as pool:
                list(pool.map(VaultWriter.sync, writers))
            folders = {writer.publish() for writer in writers}
            with _room():
                for folder in folders:
                    sync_folder(folder)
        except BaseException:  # whatever stops us, an interrupt too
            for writer in writers:
                writer.abandon()
            raise
        return [writer.ref for writer in writers]

    def open(self, ref: BlobRef) -> BinaryIO:
        """The blob's content as a read-only stream, checked chunk by chunk; not seekable.

        Reading raises `Tampered` at the first byte that is not as it was written. Raises `BlobMissing` and the key
        store's errors (`KeyDestroyed` where the blob is meant to be gone).
        """
        key = self._keys.get(ref.key_id)
        try:
            file = self._path(ref).open("rb")
        except FileNotFoundError:
            raise BlobMissing(f"blob {ref.blob_id} is not in the vault") from None
        try:
            return io.BufferedReader(_BlobReader(file, ref, key))
        except Tampered:
            file.close()
            raise

    def delete(self, *refs: BlobRef) -> None:
        """Remove blobs, durably; one that is gone already is no error."""
        paths = [self._path(ref) for ref in refs]
        for path in paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths}:
            if folder.exists():
                sync_folder(folder)

    def delete_owner(self, owner: str) -> int:
        """Remove all blobs of `owner` and the folder; gives how many there were."""
        folder = self._owner_folder(owner)
        if not folder.exists():
            return 0
        blobs = list(folder.iterdir())
        for blob in blobs:
            blob.unlink(missing_ok=True)
        folder.rmdir()
        sync_folder(self._folder)
        return len(blobs)

    def owners(self) -> frozenset[str]:
        """Who has a folder here, with blobs in it or not."""
        return frozenset(path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())

    def sweep_parts(self, older_than: datetime) -> int:
        """Remove what crashed writers left before `older_than` (aware); gives how many there were."""
        old = [part for part in self._folder.glob(f"*/*{_PART}") if _modified(part) < older_than.timestamp()]
        for part in old:
            part.unlink(missing_ok=True)
        return len(old)

    def _owner_folder(self, owner: str) -> Path:
        return self._folder / _checked(owner)

    def _path(self, ref: BlobRef) -> Path:
        return self._owner_folder(ref.owner) / _checked(ref.blob_id)


class VaultWriter:
    """A binary file to write to, front to back. Use it in a `with`; leaving it by an error stores nothing."""

    def __init__(self, folder: Path, owner: str, key_id: str, key: bytes) -> None:
        self._folder, self._owner, self._key_id = folder, owner, key_id
        self._blob_id = uuid.uuid4().hex
        header = _HEADER.pack(_MAGIC, _VERSION, CHUNK_BYTES, os.urandom(32))
        self._cipher = _ChunkCipher(header, owner, self._blob_id, key)
        self._header, self._part = header, folder / f"{self._blob_id}{_PART}"
        self._waiting = bytearray()
        self._index = self._size = 0
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._ref: BlobRef | None = None

    @property
    def ref(self) -> BlobRef:
        """Where the blob lies; only after a clean exit."""
        if self._ref is None:
            raise ValueError("the blob is not stored yet")
        return self._ref

    def __enter__(self) -> Self:
        with _room():
            self._folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file = os.fdopen(os.open(self._part, flags, PRIVATE_FILE), "wb", buffering=0)
        try:
            self._put(self._header)
        except BaseException:
            self.abandon()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.abandon()
            return
        try:
            self._finish()
        except BaseException:  # whatever stops us, an interrupt too: nothing may be left behind
            self.abandon()
            raise

    def write(self, data: ReadableBuffer) -> int:
        """Take any number of bytes; gives how many were taken (all)."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), CHUNK_BYTES):
            self._take(view[start : start + CHUNK_BYTES])
        return len(view)

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing: only a clean exit makes the blob durable."""

    def _take(self, piece: memoryview) -> None:
        self._hash.update(piece)
        self._size += len(piece)
        self._waiting += piece
        while len(self._waiting) > CHUNK_BYTES:  # a full chunk waits until more comes: it may be the last
            self._put_chunk(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]

    def _put_chunk(self, clear: bytes, *, last: bool) -> None:
        self._put(self._cipher.seal(self._index, clear, last=last))
        self._index += 1

    def _put(self, data: bytes) -> None:
        if self._file is None:
            raise ValueError("the blob is not open for writing")
        rest = memoryview(data)
        with _room():
            while rest:
                rest = rest[self._file.write(rest) :]

    def _finish(self) -> None:
        self.complete()
        self.sync()
        folder = self.publish()
        with _room():
            sync_folder(folder)

    def complete(self) -> None:
        """All has been written."""
        self._put_chunk(bytes(self._waiting), last=True)

    def sync(self) -> None:
        """The content is on the disk, under a name that nobody looks for yet."""
        if self._file is None:
            raise ValueError("the blob is not open for writing")
        with _room():
            os.fsync(self._file.fileno())
            self._file.close()
        self._file = None

    def publish(self) -> Path:
        """The blob has its name; it lasts once the folder that this gives is synced."""
        with _room():
            self._part.rename(self._folder / self._blob_id)
        self._ref = BlobRef(self._owner, self._blob_id, self._key_id, self._size, self._hash.hexdigest())
        return self._folder

    def abandon(self) -> None:
        """Nothing is stored."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._part.unlink(missing_ok=True)


class _ChunkCipher:
    """Seals and opens the chunks of one blob."""

    def __init__(self, header: bytes, owner: str, blob_id: str, key: bytes) -> None:
        place = f"{owner}|{blob_id}".encode()
        salt = header[-32:]
        self._aead = AESGCM(derive_key(key, b"auskunft blob 1|" + place, salt))
        self._bound = header + place

    def seal(self, index: int, clear: bytes, *, last: bool) -> bytes:
        return self._aead.encrypt(index.to_bytes(12, "big"), clear, self._aad(index, last=last))

    def open(self, index: int, sealed: bytes, *, last: bool) -> bytes:
        try:
            return self._aead.decrypt(index.to_bytes(12, "big"), sealed, self._aad(index, last=last))
        except InvalidTag:
            raise Tampered("a blob of the vault is not as it was written") from None

    def _aad(self, index: int, *, last: bool) -> bytes:
        return self._bound + struct.pack(">Q?", index, last)


class _BlobReader(io.RawIOBase):
    """Opens chunk after chunk; looks one chunk ahead to know which is the last."""

    def __init__(self, file: BinaryIO, ref: BlobRef, key: bytes) -> None:
        self._file = file
        header = file.read(_HEADER.size)
        _check_header(header, os.fstat(file.fileno()).st_size, ref.size)
        self._cipher = _ChunkCipher(header, ref.owner, ref.blob_id, key)
        self._clear = memoryview(b"")
        self._chunks = self._opened()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._clear:
            self._clear = memoryview(next(self._chunks, b""))
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._clear))
        target[:count] = self._clear[:count]
        self._clear = self._clear[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()

    def _opened(self) -> Iterator[bytes]:
        index, sealed = 0, self._file.read(CHUNK_BYTES + TAG_BYTES)
        while sealed:
            ahead = self._file.read(CHUNK_BYTES + TAG_BYTES)
            yield self._cipher.open(index, sealed, last=not ahead)
            index, sealed = index + 1, ahead


def _check_header(header: bytes, stored: int, size: int) -> None:
    if len(header) != _HEADER.size or _HEADER.unpack(header)[:3] != (_MAGIC, _VERSION, CHUNK_BYTES):
        raise Tampered("a blob of the vault does not begin as blobs do")
    chunks = max(1, -(-size // CHUNK_BYTES))
    if stored != _HEADER.size + size + chunks * TAG_BYTES:
        raise Tampered("a blob of the vault is longer or shorter than it was")


class _room:  # noqa: N801 - reads as a phrase at its places of use
    """Turns "no space left" into `VaultFull`."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise VaultFull("no room left for the vault; nothing was stored") from None


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("owners and blob ids are lower-case letters, digits and hyphens")
    return name


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # its writer has just finished or given up
        return float("inf")
