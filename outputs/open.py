"""Opening and verifying a sealed answer: what `auskunft open` does, for a person or an auditor.

The file may come from anywhere: paths, sizes and counts are bounded, every file is compared with the manifest, and
after an error nothing is left in the folder.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import orjson
import pyzipper

from outputs.errors import Damaged, NotOurs, OpenError
from outputs.open_seals import open_html, open_zip
from outputs.package import MANIFEST, SCHEMA
from outputs.passphrase import Passphrase, read_passphrase

_CHUNK = 1 << 17
_INNER = ".content"
_PATH = re.compile(r"([A-Za-z0-9_]{1,40}/)?[A-Za-z0-9_]{1,60}(\.[A-Za-z0-9]{1,8})?")
_BROKEN = (
    zipfile.BadZipFile,
    pyzipper.BadZipFile,
    AttributeError,  # a damaged extra field leaves pyzipper's entry without its attributes
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds in bytes and files."""

    files: int = 200_000
    total: int = 1 << 40
    manifest: int = 1 << 27


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """What was opened; every file has the SHA-256 that the manifest names. `replaces_on` is empty but for a correction:
    then the date of the answer that this one replaces. `paper_is_enough`: its letter and its copy on paper are all of
    it; not known of an answer from before that was written down."""

    case: str
    language: str
    version: int
    replaces_on: str
    approved_at: str
    draft_sha256: str
    register_version: str
    files: int
    size: int
    paths: tuple[str, ...] = field(repr=False)
    paper_is_enough: bool = False


@dataclass(frozen=True, slots=True)
class _Promise:
    path: str
    size: int
    sha256: str


def open_package(path: Path, passphrase: Passphrase, out_dir: Path, limits: Limits = Limits()) -> OpenedReport:
    """Opens the sealed answer at `path` into `out_dir` (new or empty; files 0600, folders 0700) and verifies it.

    The passphrase may be typed in any way that `read_passphrase` understands.
    Raises `Mistyped`, `WrongPassphrase`, `Damaged` or `NotOurs`; then nothing of the content is left in `out_dir`. The
    inner archive lies in `out_dir` while it is unpacked.
    """
    with _folder(out_dir):
        inner = out_dir / _INNER
        with _told_clearly():
            _decrypt(path, read_passphrase(passphrase.reveal()), inner, limits)
            report = _unpack(inner, out_dir, limits)
        inner.unlink()
        return report


@contextmanager
def _folder(out_dir: Path) -> Iterator[None]:
    """A new or empty folder that is emptied again on any error."""
    if out_dir.exists() and (not out_dir.is_dir() or any(out_dir.iterdir())):
        raise OpenError("folder_not_empty", "name a folder that is new or empty")
    out_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = False
    try:
        yield
        done = True
    finally:
        if not done:
            for left in out_dir.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def _told_clearly() -> Iterator[None]:
    """What the zip libraries raise, as our errors, without what they say of the content."""
    try:
        yield
        return
    except _BROKEN:
        pass
    except OSError as error:
        if error.errno != errno.EINVAL:  # a seek to an impossible place is the file's fault, a full disk is not
            raise
    raise Damaged("damaged", "the file was changed or not downloaded completely; fetch it again")


def _decrypt(path: Path, passphrase: Passphrase, inner: Path, limits: Limits) -> None:
    """Writes the inner archive to `inner`. The file's first bytes say which seal it has."""
    with path.open("rb") as file:
        beginning = file.read(16)
        file.seek(0)
        if beginning.startswith(b"PK"):
            unsealed = open_zip(file, passphrase)
        elif beginning.lower().startswith(b"<!doctype html>"):
            unsealed = open_html(file, passphrase)
        else:
            raise NotOurs("not_an_answer", "this is not a sealed answer: it is neither a page nor a ZIP of ours")
        _write(unsealed, inner, limits.total)


def _unpack(inner: Path, out_dir: Path, limits: Limits) -> OpenedReport:
    with zipfile.ZipFile(inner) as archive:
        entries = {info.filename: info for info in archive.infolist()}
        said, promises = _manifest(archive, entries, limits)
        _check_names(archive, entries, promises, limits)
        for promise in promises:
            with archive.open(entries[promise.path]) as stream:
                _verified(stream, out_dir / promise.path, promise)
        with archive.open(entries[MANIFEST]) as stream:
            _copy(cast(BinaryIO, stream), out_dir / MANIFEST, limits.manifest)
    return _report(said, promises)


def _manifest(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], limits: Limits
) -> tuple[dict[str, object], tuple[_Promise, ...]]:
    if MANIFEST not in entries or entries[MANIFEST].file_size > limits.manifest:
        raise NotOurs("no_manifest", "this is not a sealed answer: its manifest is missing or too large")
    said = orjson.loads(archive.read(MANIFEST))
    if not isinstance(said, dict) or said.get("schema") != SCHEMA or not isinstance(said.get("files"), list):
        raise NotOurs("unknown_manifest", "made by another program or a newer version: update and try again")
    return said, tuple(_promise(listed) for listed in said["files"])


def _promise(listed: object) -> _Promise:
    match listed:
        case {"path": str(path), "size": int(size), "sha256": str(digest)}:
            return _Promise(path, size, digest)
    raise NotOurs("unknown_manifest", "made by another program or a newer version: update and try again")


def _check_names(
    archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], promises: tuple[_Promise, ...], limits: Limits
) -> None:
    paths = [promise.path for promise in promises]
    if len(paths) > limits.files or sum(promise.size for promise in promises) > limits.total:
        raise NotOurs("too_large", "the answer has more or larger files than allowed")
    if any(not _PATH.fullmatch(path) or path == MANIFEST for path in paths):
        raise NotOurs("path_not_allowed", "the answer names a file outside its folder; do not trust it")
    if any(stat.S_ISLNK(info.external_attr >> 16) for info in entries.values()):
        raise NotOurs("path_not_allowed", "the answer contains a link; do not trust it")
    doubled = len({path.casefold() for path in paths}) < len(paths) or len(entries) < len(archive.infolist())
    if doubled or {*paths, MANIFEST} != set(entries):
        raise Damaged("files_differ", "the files are not the ones its manifest names; fetch the answer again")


def _verified(stream: object, target: Path, promise: _Promise) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    size, digest = _copy(cast(BinaryIO, stream), target, promise.size)
    if size != promise.size or digest != promise.sha256:
        raise Damaged("file_differs", f"{promise.path} does not have the checksum of the manifest")


def _copy(stream: BinaryIO, target: Path, most: int) -> tuple[int, str]:
    return _write(iter(lambda: stream.read(_CHUNK), b""), target, most)


def _write(pieces: Iterable[bytes], target: Path, most: int) -> tuple[int, str]:
    """Writes at most `most` bytes into a new file that only the owner can read; gives size and SHA-256."""
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise Damaged("too_large", "a file is larger than announced; do not trust the answer")
            digest.update(piece)
            file.write(piece)
    return size, digest.hexdigest()


def _report(said: dict[str, object], promises: tuple[_Promise, ...]) -> OpenedReport:
    return OpenedReport(
        case=str(said.get("case", "")),
        language=str(said.get("language", "")),
        version=_version(said.get("version")),
        replaces_on=str(said.get("replaces_on") or ""),
        approved_at=str(said.get("approved_at", "")),
        draft_sha256=str(said.get("draft_sha256", "")),
        register_version=str(said.get("register_version", "")),
        files=len(promises),
        size=sum(promise.size for promise in promises),
        paths=tuple(promise.path for promise in promises),
        paper_is_enough=said.get("paper_is_enough") is True,
    )


def _version(said: object) -> int:
    """Answers from before versions were named are first ones."""
    return said if isinstance(said, int) else 1
