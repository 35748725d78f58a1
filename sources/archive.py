"""Exports as they are downloaded: a folder, a zip, or a folder of part zips, read as one tree of files.

Hostile input: the number, size, compression ratio and depth of members are bounded, no path leaves the tree, symbolic
links are not followed, and a zip inside a zip is met (a `Gap`) but not opened. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import heapq
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Self, cast

from cases.finding import Gap, GapReason
from cases.source import SourceUnavailable

# What reading a damaged or hostile member can raise.
READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one export: `ratio` is the greatest believable compression of a member above 10 MB."""

    members: int = 500_000
    member_bytes: int = 8 * 1024**3
    ratio: int = 200
    depth: int = 24


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an export. `path` is relative, with slashes, and never leaves the tree."""

    path: str = field(repr=False)
    size: int
    open: Callable[[], BinaryIO] = field(repr=False)


_Placed = tuple[list[str], Member | Gap]


class Export:
    """The files of an export; use as a context manager. Raises `SourceUnavailable` where there is none."""

    def __init__(self, source: str, location: Path, limits: Limits | None = None) -> None:
        self._source = source
        self._location = location
        self._limits = limits or Limits()
        self._stack = ExitStack()
        self._zips: list[zipfile.ZipFile] = []
        self._folders: list[Path] = []

    def __enter__(self) -> Self:
        try:
            self._find_parts()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def walk(self) -> Iterator[Member | Gap]:
        """Every file in a stable order, and a gap for each that must not be opened."""
        for count, item in enumerate(self._everything(), start=1):
            if count > self._limits.members:
                yield self._gap("", GapReason.TOO_LARGE, "too_many_members")
                return
            yield item

    def member(self, path: str) -> Member | None:
        """The file at a path that an export states, or None. A path that would leave the tree is no member."""
        inside = safe_path(path)
        if inside is None:
            return None
        for part in self._zips:
            for name in (path, inside):
                if name in part.NameToInfo and isinstance(found := self._from_zip(part, part.NameToInfo[name]), Member):
                    return found
        for folder in self._folders:
            if isinstance(found := self._from_folder(folder, folder / inside), Member):
                return found
        return None

    def _find_parts(self) -> None:
        if self._location.is_dir():
            self._find_in_folder()
        elif self._location.is_file():
            self._open_zip(self._location)
        else:
            raise SourceUnavailable(self._source, "not_found", "the export is not where the settings say")

    def _find_in_folder(self) -> None:
        try:
            entries = sorted(self._location.iterdir())
        except OSError:
            raise SourceUnavailable(self._source, "refused", "the folder of the export cannot be read") from None
        zips = [entry for entry in entries if entry.suffix.lower() == ".zip" and entry.is_file()]
        for entry in zips:
            self._open_zip(entry)
        if any(entry.is_dir() or entry.is_file() for entry in entries if entry not in zips):
            self._folders.append(self._location)
        if not self._zips and not self._folders:
            raise SourceUnavailable(self._source, "not_an_archive", "the folder holds neither an export nor its zips")

    def _open_zip(self, path: Path) -> None:
        try:
            self._zips.append(self._stack.enter_context(zipfile.ZipFile(path)))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise SourceUnavailable(self._source, "not_an_archive", "download the export again: no whole zip") from None
        except OSError:
            raise SourceUnavailable(self._source, "refused", "the export cannot be read") from None

    def _everything(self) -> Iterator[Member | Gap]:
        """All parts as one tree: what lies in one folder comes together, whichever zip holds it."""
        own = {Path(str(part.filename)) for part in self._zips}
        trees = [self._zip_tree(part) for part in self._zips]
        trees += [self._folder_tree(folder, own) for folder in self._folders]
        for _, item in heapq.merge(*trees, key=lambda pair: pair[0]):
            yield item

    def _zip_tree(self, part: zipfile.ZipFile) -> Iterator[_Placed]:
        for info in sorted(part.infolist(), key=lambda info: info.filename.split("/")):
            if not info.is_dir():
                yield info.filename.split("/"), self._from_zip(part, info)

    def _folder_tree(self, folder: Path, own: set[Path]) -> Iterator[_Placed]:
        for path in _files(folder):
            if path not in own:
                yield list(path.relative_to(folder).parts), self._from_folder(folder, path)

    def _from_zip(self, part: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member | Gap:
        path = safe_path(info.filename)
        if path is None:
            return self._gap(info.filename, GapReason.UNSUPPORTED, "unsafe_path")
        if info.flag_bits & 0x1:
            return self._gap(path, GapReason.ENCRYPTED, "encrypted")
        if stat.S_ISLNK(info.external_attr >> 16):
            return self._gap(path, GapReason.UNSUPPORTED, "symbolic_link")
        bomb = info.file_size > 10_000_000 and info.file_size > self._limits.ratio * max(info.compress_size, 1)
        refused = self._refused(path, info.file_size, bomb)
        return refused or Member(path, info.file_size, lambda: cast(BinaryIO, part.open(info)))

    def _from_folder(self, folder: Path, path: Path) -> Member | Gap:
        inside = path.relative_to(folder).as_posix()
        if _through_link(folder, path):
            return self._gap(inside, GapReason.UNSUPPORTED, "symbolic_link")
        try:
            status = path.lstat()
        except OSError:
            return self._gap(inside, GapReason.UNREADABLE, "unreadable")
        if stat.S_ISDIR(status.st_mode):
            return self._gap(inside, GapReason.UNREADABLE, "unreadable")
        if not stat.S_ISREG(status.st_mode):
            return self._gap(inside, GapReason.UNSUPPORTED, "no_file")
        return self._refused(inside, status.st_size, bomb=False) or Member(
            inside, status.st_size, lambda: path.open("rb")
        )

    def _refused(self, path: str, size: int, bomb: bool) -> Gap | None:
        if bomb or size > self._limits.member_bytes:
            return self._gap(path, GapReason.TOO_LARGE, "compression_bomb" if bomb else "too_large")
        if path.count("/") >= self._limits.depth:
            return self._gap(path, GapReason.UNSUPPORTED, "too_deep")
        if path.lower().endswith((".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")):
            return self._gap(path, GapReason.UNSUPPORTED, "nested_archive")
        return None

    def _gap(self, path: str, reason: GapReason, code: str) -> Gap:
        return Gap(self._source, path or self._location.name, reason, code)


def safe_path(stated: str) -> str | None:
    """The relative path that `stated` means, or None where it is absolute, leaves the tree or is no path at all."""
    if "\0" in stated or "\\" in stated or stated.startswith("/"):
        return None
    parts = [part for part in PurePosixPath(stated).parts if part != "."]
    return None if not parts or ".." in parts or ":" in parts[0] else "/".join(parts)


def _files(folder: Path) -> Iterator[Path]:
    """Everything below that is no folder, each level by name. A folder that cannot be read comes as itself."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            yield from _files(entry)
        else:
            yield entry


def _through_link(folder: Path, path: Path) -> bool:
    return any((folder / part).is_symlink() for part in _prefixes(path.relative_to(folder)))


def _prefixes(path: Path) -> Iterator[Path]:
    yield path
    yield from (parent for parent in path.parents if parent != Path())
