"""Direct messages of an Instagram or Facebook account, from the archive that the account's owner downloads (JSON form).

A conversation in which a subject takes part is one finding, with all its messages in the order of time; a message
elsewhere that names a subject is a `mention`, any other record of the export that does is a `record`. What the archive
does not hold (comments of others, see the platform's API) cannot be found here.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import Field

from cases.anchors import SCAN_LIMITS
from cases.finding import Blob, DataField, Finding, Gap, GapReason, Strength
from cases.source import Health, Searched, SourceUnavailable, Stage
from cases.subjects import Hit, SubjectIndex
from sources.archive import Export, Limits, Member
from sources.building import Options, Secret, Tools, checked
from sources.meta_json import DamagedJson, events, flat, messages, moment, records
from sources.meta_passing import messages_passed, records_passed
from sources.meta_people import Known, Recognition
from sources.meta_threads import MEDIA, People, Thread, arranged, opening_participants, people_of

Platform = Literal["instagram", "facebook"]
_FIRST = ("timestamp_ms", "timestamp", "sender_name", "senderName", "content", "text")


@dataclass(frozen=True, slots=True)
class MetaMessages:
    """`location` is the zip, its unpacked folder, or a folder of part zips. `owner` is the account's display name;
    empty: whoever takes part in every conversation."""

    name: str
    platform: Platform
    location: Path
    owner: str = field(default="", repr=False)
    limits: Limits = field(default_factory=Limits)
    skipping: bool = True  # tests search without passing over what holds no trace: nothing else may be found
    stage: Stage = Stage.SCAN

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        with Export(self.name, self.location, self.limits) as export:
            known = Known.of(subjects, self.platform, skipping=self.skipping)
            reading = _Reading(self.name, export, known, Recognition(self.platform, self.owner or self._owner(export)))
            yield from reading.all()
            yield Searched(self.name, reading.records, SCAN_LIMITS)

    def check(self) -> Health:
        try:
            with Export(self.name, self.location, self.limits) as export:
                found = any(isinstance(item, Thread) for item in arranged(self.name, export))
        except SourceUnavailable as error:
            return Health(False, error.code, error.advice)
        if not found:
            return Health(False, "no messages", "download the export again: format JSON, with messages")
        return Health(True, "the export can be read")

    def _owner(self, export: Export) -> str:
        """Whoever takes part in all of at least two conversations; empty where that is nobody or not one person."""
        common: frozenset[str] | None = None
        threads = 0
        for thread in arranged(self.name, export):
            if isinstance(thread, Thread) and (present := opening_participants(thread)):
                threads += 1
                common = present if common is None else common & present
        return next(iter(common)) if threads > 1 and common and len(common) == 1 else ""


@dataclass(slots=True)
class _Reading:
    """One walk through one export for one set of subjects."""

    source: str
    export: Export
    known: Known
    recognition: Recognition
    records: int = 0
    threads: int = 0

    def all(self) -> Iterator[Finding | Gap]:
        for item in arranged(self.source, self.export):
            if isinstance(item, Gap):
                yield item
            elif isinstance(item, Thread):
                self.threads += 1
                yield from self._thread(item)
            else:
                yield from self._records(item)
        if not self.threads:
            yield Gap(self.source, "messages", GapReason.UNREADABLE, "no_messages")

    def _thread(self, thread: Thread) -> Iterator[Finding | Gap]:
        passed = messages_passed(thread, self.known)
        if passed is not None:
            self.records += passed
            return
        people = people_of(thread)
        for path, code in people.damaged.items():
            yield Gap(self.source, path, GapReason.DAMAGED, code)
        taking_part = self.recognition.participants(thread, people, self.known)
        if taking_part:
            conversation = [message for _, _, message in self._messages(thread, people)]
            for hit, names in taking_part.values():
                yield from self._conversation(thread, people, conversation, hit, names)
        yield from self._mentions(thread, people, frozenset(taking_part))
        yield from (
            self._in_head(thread, people, hit) for hit in self._head_hits(people) if hit.subject not in taking_part
        )

    def _messages(self, thread: Thread, people: People) -> Iterator[tuple[Member, int, Any]]:
        for member in thread.files:
            if member.path not in people.damaged:
                with events(member.open) as stream:
                    for index, message in enumerate(messages(stream)):
                        yield member, index, message

    def _conversation(
        self, thread: Thread, people: People, found: list[Any], hit: Hit, names: tuple[str, ...]
    ) -> Iterator[Finding | Gap]:
        ordered = sorted(found, key=lambda message: str(_when(message) or ""))
        fields = [*flat("", people.head)]
        for number, message in enumerate(ordered, start=1):
            fields += flat(f"messages[{number}]", _readable(message))
        blobs, missing = self._files(thread, ordered, hit.subject)
        yield from missing
        yield Finding(
            source=self.source,
            kind="conversation",
            subject=hit.subject,
            locator=thread.path,
            strength=hit.strength,
            matched=hit.matched,
            fields=tuple(fields),
            blobs=blobs,
            at=_when(ordered[-1]) if ordered else None,
            learned=self.recognition.learned(names, f"{self.source}:{thread.path}")
            if hit.strength is Strength.CERTAIN
            else (),
            others=tuple(name for name in people.names if name not in (*names, self.recognition.owner)),
        )

    def _files(self, thread: Thread, found: list[Any], subject: str) -> tuple[tuple[Blob, ...], list[Gap]]:
        """The media of a thread: what its messages refer to and what lies in its folder. No address is fetched."""
        members = {member.path: member for member in thread.media}
        missing = []
        for uri in dict.fromkeys(uri for message in found for uri in _references(message)):
            candidates = (uri, thread.root + uri, f"{PurePosixPath(thread.path).parent}/{uri}")
            member = next((member for path in candidates if (member := self.export.member(path))), None)
            if member is None:
                missing.append(Gap(self.source, uri, GapReason.UNREADABLE, "missing_file", subject))
            else:
                members[member.path] = member
        return tuple(_blob(members[path]) for path in sorted(members)), missing

    def _mentions(self, thread: Thread, people: People, without: frozenset[str]) -> Iterator[Finding]:
        for member, index, message in self._messages(thread, people):
            self.records += 1
            for hit in self.recognition.in_message(message, self.known):
                if hit.subject not in without:
                    fields = (*flat("", {"title": people.head.get("title")}), *flat("", _readable(message)))
                    place = f"{member.path}#messages[{index}]"
                    yield self._named("mention", place, hit, fields, message)

    def _head_hits(self, people: People) -> tuple[Hit, ...]:
        beside = {key: value for key, value in people.head.items() if key != "participants"}
        return self.recognition.in_message(beside, self.known)

    def _in_head(self, thread: Thread, people: People, hit: Hit) -> Finding:
        return self._named("mention", f"{thread.path}#title", hit, tuple(flat("", people.head)), people.head)

    def _records(self, member: Member) -> Iterator[Finding | Gap]:
        passed = records_passed(member, self.known)
        if passed is not None:
            self.records += passed
            return
        try:
            with events(member.open) as stream:
                for place, record in records(stream):
                    self.records += 1
                    for met in self.recognition.in_record(record, self.known):
                        found = self._named(
                            "record", f"{member.path}#{place}", met.hit, tuple(flat("", record)), record
                        )
                        others = tuple(dict.fromkeys((*found.others, *met.others)))
                        yield replace(found, others=others, shared=met.shared)
        except DamagedJson as error:
            yield Gap(self.source, member.path, GapReason.DAMAGED, error.code)

    def _named(self, kind: str, locator: str, hit: Hit, fields: tuple[DataField, ...], record: Any) -> Finding:
        sender = _sender(record)
        return Finding(
            source=self.source,
            kind=kind,
            subject=hit.subject,
            locator=locator,
            strength=hit.strength,
            matched=hit.matched,
            fields=fields,
            at=_when(record),
            others=(sender,) if sender and sender != self.recognition.owner else (),
        )


def _readable(message: Any) -> Any:
    """Time, sender and text first; everything else after them, whatever it is."""
    if not isinstance(message, dict):
        return message
    first = {key: message[key] for key in _FIRST if key in message}
    return first | message


def _when(record: Any) -> Any:
    if not isinstance(record, dict):
        return None
    return moment(record.get("timestamp_ms")) or moment(record.get("timestamp"))


def _sender(record: Any) -> str:
    found = (record.get("sender_name") or record.get("senderName")) if isinstance(record, dict) else ""
    return found if isinstance(found, str) else ""


def _references(value: Any) -> Iterator[str]:
    """Every `uri` in a message that is a path of the export; addresses on the web stay fields."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "uri" and isinstance(item, str) and "://" not in item and (MEDIA.search(item) or "/" in item):
                yield item.removeprefix("./")
            else:
                yield from _references(item)


def _blob(member: Member) -> Blob:
    media_type = mimetypes.guess_type(member.path)[0] or ""
    return Blob(PurePosixPath(member.path).name, media_type, member.size, member.open)


class MetaOptions(Options):
    path: Path = Field(description="a path of the export: its zip, its unpacked folder or a folder of its zips")
    owner: str = Field(default="", description="the display name of the account itself")


def build_instagram(name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> MetaMessages:  # noqa: ARG001 - all builders are alike
    """The source of a section `kind = "instagram"`."""
    chosen = checked(MetaOptions, name, options)
    return MetaMessages(name, "instagram", tools.folder / chosen.path, chosen.owner)


def build_facebook(name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> MetaMessages:  # noqa: ARG001 - all builders are alike
    """The source of a section `kind = "facebook"`."""
    chosen = checked(MetaOptions, name, options)
    return MetaMessages(name, "facebook", tools.folder / chosen.path, chosen.owner)


def locate_instagram(name: str, location: str, tools: Tools) -> MetaMessages:  # noqa: ARG001 - all builders are alike
    """The source of `--source instagram=PATH`."""
    return MetaMessages(name, "instagram", Path(location))


def locate_facebook(name: str, location: str, tools: Tools) -> MetaMessages:  # noqa: ARG001 - all builders are alike
    """The source of `--source facebook=PATH`."""
    return MetaMessages(name, "facebook", Path(location))
