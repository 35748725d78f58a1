"""Any JSON export of a system that nobody wrote a connector for: JSON lines, or documents with lists of records.

Every record that holds a trace of a subject (`cases.anchors`) is given with all its fields under their own names. What
a field means is told by its name (`email`, `kundennummer`, `first_name`, ...) or by the settings; everything else is
read as text.
"""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
from pydantic import Field, field_validator

from cases.anchors import SCAN_LIMITS
from cases.finding import Finding, Gap, GapReason
from cases.identifiers import Kind
from cases.source import Health, Searched, SourceUnavailable, Stage
from cases.subjects import SubjectIndex
from sources.archive import READ_ERRORS, Export, Limits, Member
from sources.building import Options, Secret, Tools, checked
from sources.json_people import Meanings
from sources.json_persons import without_maps
from sources.json_values import flat, text_of, too_deep
from sources.meta_json import DamagedJson, events, plain_records
from sources.scan_filter import Filter, with_data
from sources.scan_records import (
    SMALL,
    Counted,
    Cut,
    DamagedRecord,
    Irregular,
    cut_document,
    cut_lines,
    sliced,
    with_indentation,
)

_LINES = (".jsonl", ".ndjson", ".jsonlines")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SNIFFED = 64 * 1024


@dataclass(frozen=True, slots=True)
class JsonFiles:
    """`location` is a file, a folder, a zip or a folder of zips. `meanings` says which fields state what."""

    name: str
    location: Path
    meanings: Meanings = field(default_factory=Meanings)
    limits: Limits = field(default_factory=Limits)
    skipping: bool = True
    stage: Stage = Stage.SCAN

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        counted = Counted()
        reading = _Reading(self.name, Filter(subjects, skipping=self.skipping), self.meanings, counted)
        files = 0
        for item in self._members():
            if isinstance(item, Gap):
                yield item
            elif _is_json(item.path):
                files += 1
                yield from reading.file(item)
            else:
                yield Gap(self.name, item.path, GapReason.UNSUPPORTED, "no_json")
        if not files:
            yield Gap(self.name, self.location.name, GapReason.UNREADABLE, "no_json")
        yield Searched(self.name, counted.records, SCAN_LIMITS)

    def check(self) -> Health:
        try:
            found = any(isinstance(item, Member) and _is_json(item.path) for item in self._members())
        except SourceUnavailable as error:
            return Health(False, error.code, error.advice)
        if not found:
            return Health(False, "no JSON files", "name the file or the folder with the export's .json or .jsonl files")
        return Health(True, "the export can be read")

    def _members(self) -> Iterator[Member | Gap]:
        path = self.location
        if path.is_file() and _is_json(path.name):
            try:
                size = path.stat().st_size
                path.open("rb").close()
            except OSError:
                raise SourceUnavailable(self.name, "refused", "give the program's user the right to read it") from None
            yield Member(path.name, size, lambda: path.open("rb"))
            return
        with Export(self.name, path, self.limits) as export:
            yield from export.walk()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One walk through one export for one set of subjects."""

    source: str
    select: Filter
    meanings: Meanings
    counted: Counted

    def file(self, member: Member) -> Iterator[Finding | Gap]:
        before = self.counted.records
        try:
            with member.open() as stream:
                start = stream.read(_SNIFFED)
            if _has_lines(member.path, start):
                yield from self._lines(member, start)
            else:
                yield from self._document(member, start)
        except DamagedJson as error:
            yield self._damaged(member.path, error.code)
        except (UnicodeError, *READ_ERRORS):
            yield self._damaged(member.path, "damaged")
        if self.counted.records == before:
            self.counted.records += 1  # a file that is one record

    def _lines(self, member: Member, start: bytes) -> Iterator[Finding | Gap]:
        with _in_utf8(member, start) as stream:
            for cut in cut_lines(stream, self.select, self.counted):
                if isinstance(cut, DamagedRecord):
                    code, _, line = cut.code.partition(":")
                    yield self._damaged(f"{member.path}#{line}", code)
                    continue
                try:
                    value = cut.parsed()
                except DamagedRecord as error:
                    yield self._damaged(f"{member.path}#{cut.place}", error.code)
                    continue
                yield from self._record(member, cut, value)

    def _document(self, member: Member, start: bytes) -> Iterator[Finding | Gap]:
        """Cut where its layout allows, else parsed. A small document is only cut once it is known to be whole."""
        if member.size <= SMALL:
            yield from self._small(member, start)
            return
        before, given = self.counted.records, set[str]()
        try:
            with _in_utf8(member, start) as stream:
                for cut in cut_document(stream, self.select, self.counted):
                    for item in self._record(member, cut, cut.value):
                        given.add(item.locator)
                        yield item
        except Irregular:
            self.counted.records = before
            yield from (item for item in self._parsed(member) if item.locator not in given)

    def _small(self, member: Member, start: bytes) -> Iterator[Finding | Gap]:
        with _in_utf8(member, start) as stream:
            data = stream.read()
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            yield from self._parsed(member)
            return
        value = yield from self._of_maps(member, value)
        before, whole = self.counted.records, with_indentation(value)
        try:
            cuts = list(cut_document(sliced(whole), self.select, self.counted))
        except Irregular:
            self.counted.records = before
            yield from self._parsed(member)
            return
        for cut in cuts:
            yield from self._record(member, cut, cut.value)

    def _of_maps(self, member: Member, value: Any) -> Generator[Finding | Gap, None, Any]:
        """The elements of a document's outermost maps are records as those of its lists are; returns what is left."""
        if too_deep(value):
            return value
        taken: list[tuple[str, Any]] = []
        left = without_maps(value, taken)
        for place, element in taken:
            self.counted.records += 1
            yield from self._record(member, Cut(place, b"", None), element)
        return left

    def _parsed(self, member: Member) -> Iterator[Finding | Gap]:
        """The document read from its first to its last value: slow, and every damage is met."""
        with events(member.open) as stream:
            for place, value in plain_records(stream):
                self.counted.records += bool(place)
                yield from self._record(member, Cut(place, b"", None), value)

    def _record(self, member: Member, cut: Cut, value: Any) -> Iterator[Finding | Gap]:
        if not cut.place:  # what stands beside the lists
            value = yield from self._of_maps(member, value)
        text = with_data(text_of(value))
        touched = self.select.touched(text, cut.anchors if self.select.skipping else None)
        locator = f"{member.path}#{cut.place}"
        if touched and too_deep(value):
            yield self._damaged(locator, "too_deep")
            return
        for subject in touched:
            for met in self.meanings.met(value, text, self.select.alone(subject)):
                yield Finding(
                    source=self.source,
                    kind="record",
                    subject=met.hit.subject,
                    locator=locator,
                    strength=met.hit.strength,
                    matched=met.hit.matched,
                    fields=tuple(flat("", value)),
                    at=self.meanings.moment_of(value),
                    others=met.others,
                    shared=met.shared,
                )

    def _damaged(self, locator: str, code: str) -> Gap:
        return Gap(self.source, locator, GapReason.DAMAGED, code)


def _is_json(path: str) -> bool:
    return path.lower().endswith((".json", *_LINES))


def _has_lines(path: str, start: bytes) -> bool:
    """JSON lines, by the file's name or because its first two lines are objects of their own."""
    if path.lower().endswith(_LINES):
        return True
    first, _, rest = start.lstrip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def _in_utf8(member: Member, start: bytes) -> BinaryIO:
    """The file without a byte order mark, in UTF-8 where it was UTF-16."""
    stream = member.open()
    if start.startswith(codecs.BOM_UTF8):
        stream.read(len(codecs.BOM_UTF8))
    if start.startswith(_UTF16) or b"\0" in start[:4]:
        encoding = "utf-16" if start.startswith(_UTF16) else "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
        return cast(BinaryIO, codecs.EncodedFile(stream, "utf-8", encoding))
    return stream


class JsonOptions(Options):
    path: Path = Field(description="a path of a JSON file, a folder of them, a zip or a folder of zips")
    identifying: dict[str, str] = Field(
        default_factory=dict, description="a field's path to what it states, such as email"
    )
    names: list[tuple[str, ...]] = Field(default_factory=list, description="groups of fields that state one name")
    time: str = Field(default="", description="the path of the field with the record's own time")

    @field_validator("identifying")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        for stated in value.values():
            Kind(stated.partition(":")[0])
        return value


def build(name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> JsonFiles:  # noqa: ARG001 - all builders are alike
    """The source of a section `kind = "json"`."""
    chosen = checked(JsonOptions, name, options)
    meanings = Meanings(chosen.identifying, tuple(chosen.names), chosen.time, name)
    return JsonFiles(name, tools.folder / chosen.path, meanings)


def locate(name: str, location: str, tools: Tools) -> JsonFiles:  # noqa: ARG001 - all builders are alike
    """The source of `--source json=PATH`."""
    return JsonFiles(name, Path(location))
