"""Sealing: the package inside an AES-256 ZIP (AE-2) with one entry of a neutral name.

AE-2 leaves file names readable and derives its key with only 1,000 rounds of PBKDF2-HMAC-SHA1, hence the nested
archive and a passphrase that is random and long enough not to depend on the derivation (SEC-05). It is the one format
that free programs open on every system.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple, Protocol, cast

import pyzipper

from cases.draft import Package, Sealed
from outputs.texts import texts

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without i, l, o, 0 and 1, which look like another
GROUPS, GROUP = 5, 5
MEDIA_TYPE = "application/zip"
_LARGE = 1 << 31


class Rng(Protocol):
    """What the passphrase is drawn with: the module `secrets`, or a fake in a test."""

    def choice(self, sequence: Sequence[str], /) -> str: ...


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase that no repr, log line or format string shows; `reveal()` is the one way to it."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return repr(self)

    def reveal(self) -> str:
        return self.value


class Written(NamedTuple):
    """What was written to the sink."""

    sha256: str
    size: int


def new_passphrase(rng: Rng = secrets) -> Passphrase:
    """Five groups of five signs, as in `k7mfa-x2qpd-…`: 31 signs, each drawn by itself, are log2(31) = 4.954 bits a
    sign, 25 signs 123.9 bits (SEC-04 asks for 120, SEC-05 for 100). Lower case and digits only, to be read aloud and
    typed on a phone; nothing in it comes from data."""
    groups = ("".join(rng.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return Passphrase("-".join(groups))


def sealed_filename(case: str, language: str = "de") -> str:
    """`Antwort-DSAR-2026-0001.zip`."""
    return texts(language)("file.sealed", case=case)


def seal(package: Package, passphrase: Passphrase, sink: BinaryIO) -> Written:
    """Streams the sealed package to `sink`, which need not be seekable; memory stays flat and nothing clear touches a
    disk. Returns SHA-256 and size of what was written. Errors of the package pass through: throw the sink's content
    away then."""
    counted = _Counted(sink)
    with pyzipper.AESZipFile(counted, "w", compression=pyzipper.ZIP_STORED) as archive:
        archive.setpassword(passphrase.reveal().encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=pyzipper.zipfile_aes.WZ_AES_V2)
        with _entry(archive, package) as entry:
            package.write(cast(BinaryIO, _Forward(entry.write)))
    return Written(counted.digest.hexdigest(), counted.size)


def sealed(package: Package, written: Written, open_: Callable[[], BinaryIO]) -> Sealed:
    """The sealed package for the post; `open_` reads it from where the sink's bytes were put."""
    name = sealed_filename(package.case, package.language)
    return Sealed(package.case, name, MEDIA_TYPE, written.sha256, written.size, open_)


def _entry(archive: pyzipper.AESZipFile, package: Package) -> AbstractContextManager[BinaryIO]:
    info = archive.zipinfo_cls(texts(package.language)("file.inner"))
    info.compress_type = pyzipper.ZIP_STORED
    opened = archive.open(info, "w", force_zip64=package.size >= _LARGE)
    return cast(AbstractContextManager[BinaryIO], opened)


class _Forward(io.RawIOBase):
    """A sink that can only be written to, so that the package's zip never tries to seek in the encrypted stream."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        super().__init__()
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(cast(bytes, data))
        self._write(piece)
        return len(piece)


class _Counted(_Forward):
    """Forwards to the sink and keeps size and digest of what went through."""

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__(sink.write)
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, data: object, /) -> int:
        piece = bytes(cast(bytes, data))
        self.digest.update(piece)
        self.size += len(piece)
        return super().write(piece)
