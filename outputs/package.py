"""The content of an answer: one inner zip, written as a stream, with a manifest that names every file's SHA-256.

The manifest is known before the first byte is written; each file is checked against it while it is streamed, so that
nothing leaves that differs from what was approved. Original files never rest in memory or on disk.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

import orjson

from cases.draft import DecisionKind, Disclosure, Draft, Item, ItemFile, Package
from outputs.copy_paper import enough
from outputs.dated import dated
from outputs.errors import PackageRefused
from outputs.names import ENDINGS, UNUSUAL
from outputs.rendered import Part, parts
from outputs.spool import Spool

MANIFEST = "manifest.json"
SCHEMA = "auskunft-package/1"
_CHUNK = 1 << 17
_LARGE = 1 << 31  # from here an entry is written with 64-bit sizes, which some unpackers do not know
_NEUTRAL = re.compile(rf"[a-z]{{1,20}}/[0-9]{{4,9}}\.({'|'.join(sorted({*ENDINGS, UNUSUAL}))})")
_COMPRESSED = re.compile(r"(zip|gz|7z|xz|bz2|jpe?g|png|gif|webp|mp[34]|m4[av]|mov|ogg|opus|docx|xlsx|pptx|odt)")


@dataclass(frozen=True, slots=True)
class _Member:
    """A file of the package with what it promises to be."""

    path: str
    size: int
    sha256: str
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)


def build_package(disclosure: Disclosure) -> Package:
    """The package of an approved draft; the same approval always makes the same bytes. Raises `PackageRefused` where an
    item is neither released, withheld nor excluded, or a file's path is not neutral and unique; `LetterRefused` from
    the letter.

    `Package.write(sink)` streams to any sink, seekable or not, and raises `PackageRefused` if a file is not what it
    promised; what was written until then is to be thrown away.
    """
    if not isinstance(disclosure, Disclosure):
        raise PackageRefused("not_approved", "only an approved draft is packaged: approve(draft, approval)")
    draft = disclosure.draft
    check_complete(draft)
    members = _members(draft)
    manifest = _manifest(disclosure, members)

    def write(sink: BinaryIO) -> None:
        _write(sink, (*members, _held(MANIFEST, manifest)), dated(draft))

    size = sum(member.size + 512 for member in members) + 2 * len(manifest)
    return Package(draft.case, hashlib.sha256(manifest).hexdigest(), write, draft.language, size, draft.version)


def check_complete(draft: Draft) -> None:
    """Every item is accounted for exactly once, and every file has a place of its own."""
    numbers = Counter(item.number for item in draft.items)
    if any(count > 1 for count in numbers.values()):
        raise PackageRefused("item_twice", "two items of the draft have one number; make the draft again")
    left = [item.number for item in draft.items if not _accounted(item)]
    if left:
        listed = ", ".join(map(str, left))
        raise PackageRefused("item_missing", f"decide on items {listed}: released, withheld or excluded")
    paths = [file.path for item in draft.released for file in item.files]
    if len({path.casefold() for path in paths}) < len(paths):
        raise PackageRefused("path_twice", "two files of the draft have one path; make the draft again")
    if not all(_NEUTRAL.fullmatch(path) for path in paths):
        raise PackageRefused("path_not_neutral", "file paths must look like dateien/0001.pdf; make the draft again")


def _accounted(item: Item) -> bool:
    if item.decision and item.decision.kind in (DecisionKind.WITHHOLD, DecisionKind.REDACT):
        return bool(item.decision.grounds)
    return item.released or (item.decision is not None and item.decision.kind is DecisionKind.EXCLUDE)


def _members(draft: Draft) -> tuple[_Member, ...]:
    spool = Spool()
    made = [_measured(part, spool) for part in parts(draft)]
    originals = [_original(file) for item in draft.released for file in item.files]
    return (*made, *originals)


def _measured(part: Part, spool: Spool) -> _Member:
    """Measures a made file and reads it again: what is written later has this digest, and so what was found in it.
    Rendering thousands of records takes longer than all the rest: it is done once where the spool has room."""
    digest, size, check = hashlib.sha256(), 0, part.check() if part.check else None
    reel = None if part.at_hand else spool.reel()
    for chunk in part.chunks():
        digest.update(chunk)
        size += len(chunk)
        if check:
            check.feed(chunk)
        if reel:
            reel.feed(chunk)
    if check:
        check.finish()
    chunks = reel.chunks if reel and reel.finish() else part.chunks
    return _Member(part.name, size, digest.hexdigest(), chunks)


def _held(path: str, content: bytes) -> _Member:
    return _Member(path, len(content), hashlib.sha256(content).hexdigest(), lambda: iter((content,)))


def _original(file: ItemFile) -> _Member:
    def chunks() -> Iterator[bytes]:
        with closing(file.open()) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    return _Member(file.path, file.size, file.sha256, chunks)


def _manifest(disclosure: Disclosure, members: Iterable[_Member]) -> bytes:
    draft = disclosure.draft
    files = [{"path": member.path, "size": member.size, "sha256": member.sha256} for member in members]
    said = {
        "schema": SCHEMA,
        "case": draft.case,
        "version": draft.version,
        "replaces_on": draft.replaces_on.isoformat() if draft.replaces_on else None,
        "language": draft.language,
        "approved_at": disclosure.approval.at.astimezone(UTC).isoformat(),
        "draft_sha256": disclosure.approval.digest,
        "register_version": draft.register_version,
        "paper_is_enough": enough(draft),
        "files": files,
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def _write(sink: BinaryIO, members: Iterable[_Member], at: datetime) -> None:
    promised = tuple(members)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in promised:
            info = zipfile.ZipInfo(member.path, at.timetuple()[:6])
            info.external_attr = 0o600 << 16
            packed = _COMPRESSED.fullmatch(member.path.rpartition(".")[2])
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=member.size >= _LARGE) as entry:
                for chunk in _checked(member):
                    entry.write(chunk)
        written = {info.filename: info.file_size for info in archive.infolist()}
    if written != {member.path: member.size for member in promised}:
        raise PackageRefused("file_missing", "the package lacks a file of its manifest; nothing was sealed")


def _checked(member: _Member) -> Iterator[bytes]:
    """The member's chunks; an excess stops at once, a wrong digest or a lack at the end."""
    digest, size = hashlib.sha256(), 0
    for chunk in member.chunks():
        size += len(chunk)
        if size > member.size:
            break
        digest.update(chunk)
        yield chunk
    if size != member.size or digest.hexdigest() != member.sha256:
        raise PackageRefused("file_differs", f"{member.path} is not what the draft promised; make the draft again")
