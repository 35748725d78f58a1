"""Files of a local or mounted folder. Symbolic links are met but not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from cases.anchors import SCAN_LIMITS
from cases.finding import Finding, Gap, GapReason
from cases.source import Health, Searched, SourceUnavailable, Stage
from cases.subjects import SubjectIndex
from sources.building import Options, Secret, Tools, checked
from sources.documents import Document, DocumentSearch
from sources.scan_filter import Filter


@dataclass(frozen=True, slots=True)
class FolderSource:
    """The documents below `root`, matched by path and text."""

    name: str
    root: Path
    search_text: DocumentSearch
    stage: Stage = Stage.SCAN

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        records, select = 0, Filter(subjects)
        for item in self._walk(self._readable_root()):
            records += 1
            if isinstance(item, Gap):
                yield item
            else:
                yield from self.search_text.examine(item, select)
        yield Searched(self.name, records, SCAN_LIMITS)

    def check(self) -> Health:
        try:
            self._readable_root()
        except SourceUnavailable as error:
            return Health(False, error.code, error.advice)
        return Health(True, "the folder can be read")

    def _readable_root(self) -> Path:
        if not self.root.is_dir():
            raise SourceUnavailable(self.name, "not_found", "the folder is not there: is the drive mounted?")
        if not os.access(self.root, os.R_OK | os.X_OK):
            raise SourceUnavailable(self.name, "refused", "give the program's user the right to read the folder")
        return self.root

    def _walk(self, folder: Path) -> Iterator[Document | Gap]:
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            if folder == self.root:
                raise SourceUnavailable(self.name, "refused", "the folder cannot be read") from None
            yield self._gap(folder, GapReason.UNREADABLE, "unreadable")
            return
        for entry in entries:
            yield from self._entry(entry)

    def _entry(self, entry: Path) -> Iterator[Document | Gap]:
        try:
            status = entry.lstat()
        except OSError:
            yield self._gap(entry, GapReason.UNREACHABLE, "gone")
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._walk(entry)
        elif stat.S_ISREG(status.st_mode):
            modified = datetime.fromtimestamp(status.st_mtime, UTC)
            yield Document(self._inside(entry), status.st_size, modified, lambda: entry.open("rb"))
        else:
            yield self._gap(entry, GapReason.UNSUPPORTED, "no_file")

    def _inside(self, entry: Path) -> str:
        return entry.relative_to(self.root).as_posix()

    def _gap(self, entry: Path, reason: GapReason, code: str) -> Gap:
        return Gap(self.name, self._inside(entry), reason, code)


class FolderOptions(Options):
    path: Path = Field(description="a path of a folder, relative to the settings file or absolute")
    ignore_extensions: frozenset[str] = Field(default=frozenset(), description="a list of extensions such as mp4")
    largest_mb: int = Field(default=200, ge=1, le=4096, description="a size in MB from 1 to 4096")


def build(name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> FolderSource:  # noqa: ARG001 - all builders are alike
    """The source of a section `kind = "folder"`."""
    chosen = checked(FolderOptions, name, options)
    ignored = frozenset(extension.lower().lstrip(".") for extension in chosen.ignore_extensions)
    search = DocumentSearch(name, tools.extractor, chosen.largest_mb * 1024 * 1024, ignored)
    return FolderSource(name, tools.folder / chosen.path, search)


def locate(name: str, location: str, tools: Tools) -> FolderSource:
    """The source of `--source folder=PATH`."""
    return FolderSource(name, Path(location), DocumentSearch(name, tools.extractor))
