"""Files whose text may be about a person: matching shared by every place that holds documents."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import BinaryIO

from cases.finding import Blob, DataField, Finding, Gap, GapReason
from cases.source import SourceUnavailable
from cases.subjects import Hit
from cases.text import TextExtractor, TextUnreadable
from sources.scan_filter import Filter, readings

# What holds no text about persons that could be read; a gap all the same, unless the settings list the extension.
_PROGRAMS = ("exe", "dll", "so", "dylib", "msi", "deb", "rpm", "apk", "jar", "class", "o", "pyc", "wasm", "bin", "dat")
_MEDIA = (
    "mp4",
    "mov",
    "avi",
    "mkv",
    "webm",
    "m4v",
    "mpg",
    "mpeg",
    "wmv",
    "mp3",
    "wav",
    "flac",
    "ogg",
    "m4a",
    "aac",
    "opus",
)
_CONTAINERS = ("zip", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz", "zst", "iso", "img", "dmg", "vmdk")
_STORES = ("db", "sqlite", "mdb", "pst", "ttf", "otf", "woff", "woff2")
UNREADABLE_KINDS = frozenset((*_PROGRAMS, *_MEDIA, *_CONTAINERS, *_STORES))
_REASONS = {
    "encrypted": GapReason.ENCRYPTED,
    "damaged": GapReason.DAMAGED,
    "too_large": GapReason.TOO_LARGE,
    "unsupported": GapReason.UNSUPPORTED,
}


class Gone(Exception):
    """A file that was listed is not there any more when it is read."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file as it is listed. `path` is relative to the place searched; `modified` aware UTC; `size` in bytes.

    `reopen` gives the original again for the vault, where that needs another way than `open`.
    """

    path: str = field(repr=False)
    size: int | None
    modified: datetime | None
    open: Callable[[], BinaryIO] = field(repr=False)
    author: str = field(default="", repr=False)
    media_type: str = ""
    more: tuple[DataField, ...] = field(default=(), repr=False)
    reopen: Callable[[], BinaryIO] | None = field(default=None, repr=False)

    @property
    def extension(self) -> str:
        return PurePosixPath(self.path).suffix.lower().lstrip(".")

    @property
    def type(self) -> str:
        return self.media_type or mimetypes.guess_type(self.path)[0] or ""


@dataclass(frozen=True, slots=True)
class DocumentSearch:
    """How documents of one source are matched. `largest` in bytes: what is larger is a gap, not a silence."""

    source: str
    extractor: TextExtractor
    largest: int = 200 * 1024 * 1024
    ignored: frozenset[str] = frozenset()

    def examine(self, document: Document, select: Filter) -> Iterator[Finding | Gap]:
        """The findings of one document by its path and its text, and a gap where the text could not be had."""
        texts = {"path": document.path, "author": document.author}
        if document.extension not in self.ignored:
            text = self._text(document)
            if isinstance(text, Gap):
                yield text
            else:
                texts["text"] = text
        said = {name: text for name, text in texts.items() if text}
        read = None
        for subject in select.touched("\n".join(said.values())):
            read = read or {name: readings(text) for name, text in said.items()}
            for hit in select.alone(subject).match_texts(read):
                yield self._finding(document, hit)

    def _text(self, document: Document) -> str | Gap:
        if document.size is not None and document.size > self.largest:
            return self._gap(document, GapReason.TOO_LARGE, "too_large")
        if document.extension in UNREADABLE_KINDS:
            return self._gap(document, GapReason.UNSUPPORTED, "no_text")
        if document.size == 0:
            return ""
        try:
            with document.open() as stream:
                return self.extractor.text(PurePosixPath(document.path).name, document.type, stream)
        except TextUnreadable as error:
            code = error.code
        except Gone:
            return self._gap(document, GapReason.UNREACHABLE, "gone")
        except OSError:
            return self._gap(document, GapReason.UNREADABLE, "unreadable")
        if code == "no_isolation":
            raise SourceUnavailable(self.source, code, "documents can only be read in an isolated process")
        return self._gap(document, _REASONS.get(code, GapReason.UNREADABLE), code)

    def _gap(self, document: Document, reason: GapReason, code: str) -> Gap:
        return Gap(self.source, document.path, reason, code)

    def _finding(self, document: Document, hit: Hit) -> Finding:
        known = (
            ("path", document.path),
            ("modified", document.modified.astimezone(UTC).isoformat() if document.modified else ""),
            ("size", str(document.size) if document.size is not None else ""),
            ("author", document.author),
        )
        return Finding(
            source=self.source,
            kind="file",
            subject=hit.subject,
            locator=document.path,
            strength=hit.strength,
            matched=hit.matched,
            fields=tuple(DataField(name, value) for name, value in known if value) + document.more,
            blobs=(
                Blob(PurePosixPath(document.path).name, document.type, document.size, document.reopen or document.open),
            ),
            at=document.modified,
            shared=True,
        )
