"""Who of a conversation is a subject. An export gives display names, which anybody can type, and the folder's name,
which Instagram makes of the account's name (dots are lost) and Facebook of the display name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cases.finding import Match, Strength
from cases.identifiers import Identifier, Kind, Origin
from cases.subjects import Clue, Hit, SubjectIndex, strongest
from sources.json_persons import Met, people_in, weighed
from sources.json_values import text_of
from sources.meta_json import texts
from sources.meta_threads import People, Thread, folder_name
from sources.scan_filter import Filter, readings

_BESIDE = ("sender_name", "senderName", "timestamp_ms", "timestamp")


@dataclass(frozen=True, slots=True)
class Known:
    """The subjects of a pass as an export is searched for them. `handles`: who may be behind a folder's name, by what
    is left of a handle in it."""

    select: Filter
    handles: Mapping[str, tuple[tuple[str, Identifier], ...]] = field(repr=False)

    @classmethod
    def of(cls, subjects: SubjectIndex, platform: str, *, skipping: bool) -> Known:
        handles: dict[str, list[tuple[str, Identifier]]] = defaultdict(list)
        for subject in subjects.subjects:
            for item in subject.of(Kind.HANDLE):
                if item.scope in ("", platform) and (left := _squeezed(item.normal)):
                    handles[left].append((subject.id, item))
        return cls(Filter(subjects, skipping=skipping), {left: tuple(held) for left, held in handles.items()})

    def behind(self, slug: str) -> tuple[tuple[str, Identifier], ...]:
        return self.handles.get(_squeezed(slug), ())

    def named(self, *stated: str) -> Iterator[SubjectIndex]:
        """Each subject alone of whom one of the texts holds a trace, in the order of the pass."""
        for subject in self.select.touched("\n".join(stated)):
            yield self.select.alone(subject)

    def mentioned(self, text: str, field_name: str, scope: str) -> tuple[Hit, ...]:
        """Who is met in a free text."""
        read = readings(text)
        return tuple(hit for one in self.named(text) for hit in one.match_text(read, field_name, scope))


@dataclass(frozen=True, slots=True)
class Recognition:
    """How people of one platform are recognised. `owner` is the account's own display name, as far as known."""

    platform: str
    owner: str = field(default="", repr=False)

    def participants(self, thread: Thread, people: People, known: Known) -> dict[str, tuple[Hit, tuple[str, ...]]]:
        """Subjects that take part, each with the names under which it does."""
        slug = folder_name(thread)
        partners = [name for name in people.participants if name != self.owner]
        met: dict[str, list[tuple[str, Hit]]] = {}
        for name in people.names:
            alone = partners == [name] or (len(people.participants) < 3 and people.head.get("title") == name)
            for hit in self._person(name, slug if alone else "", known):
                met.setdefault(hit.subject, []).append((name, hit))
        for hit in self._by_slug(slug, known):
            if hit.subject not in met:
                met[hit.subject] = [("", hit)]
        return {
            subject: (strongest(hit for _, hit in found)[0], tuple(name for name, _ in found if name))
            for subject, found in met.items()
        }

    def in_message(self, message: Any, known: Known) -> tuple[Hit, ...]:
        """Subjects that a message names, its sender aside."""
        told = (
            {key: value for key, value in message.items() if key not in _BESIDE}
            if isinstance(message, dict)
            else message
        )
        return known.mentioned("\n".join(texts(told)), "message", self.platform)

    def in_record(self, record: Any, known: Known) -> tuple[Met, ...]:
        """Subjects that any other record of the export names: an address of a profile proves a handle, a bare word
        that equals one does not."""
        said = text_of(record)
        return tuple(met for one in known.named(said) for met in self._of_record(record, one))

    def _of_record(self, record: Any, index: SubjectIndex) -> Iterator[Met]:
        stated = [text for text in texts(record) if len(text) <= 2000]
        handles = [text for text in stated if re.fullmatch(r"@?[\w.-]{2,64}", text)]
        profiles = [Clue(Kind.HANDLE, text, "href", self.platform) for text in stated if self._is_profile(text)]
        hits = list(index.match(profiles))
        found = index.match(Clue(Kind.HANDLE, text, "value", self.platform) for text in handles)
        hits += [hit.at_most(Strength.PROBABLE) for hit in found]
        told = index.match_text(readings("\n".join(texts(record))), "record", self.platform)
        for met in weighed(people_in(record, self.platform), index, hits, told):
            whose = ((one, {hit.subject for hit in index.match([one])}) for one in profiles)
            others = tuple(urlsplit(one.value).path.strip("/") for one, mine in whose if met.hit.subject not in mine)
            yield Met(met.hit.at_most(Strength.PROBABLE), met.others + others, True) if any(others) else met

    def learned(self, names: Iterable[str], found_in: str) -> tuple[Identifier, ...]:
        return tuple(Identifier(Kind.NAME, name, Origin.FOUND, "", found_in) for name in names)

    def _person(self, name: str, slug: str, known: Known) -> tuple[Hit, ...]:
        clues = [Clue(Kind.NAME, name, "participants.name")]
        if slug and self.platform == "instagram":
            clues.append(Clue(Kind.HANDLE, slug, "thread folder", self.platform))
        found = list(self._by_slug(slug, known)) if slug else []
        for index in known.named(name, slug):
            found = [*index.match(clues), *found]
            typed = index.match([Clue(Kind.HANDLE, name, "participants.name", self.platform)])
            found += [hit.at_most(Strength.PROBABLE) for hit in typed]
        return strongest(found)

    def _by_slug(self, slug: str, known: Known) -> Iterator[Hit]:
        """Handles that the folder's name can stand for once dots and underscores are lost: never certain."""
        weakest = Strength.PROBABLE if self.platform == "instagram" else Strength.POSSIBLE
        for subject, item in known.behind(slug):
            yield Hit(subject, weakest, (Match(item, "thread folder"),))

    def _is_profile(self, text: str) -> bool:
        try:
            parts = urlsplit(text)
        except ValueError:
            return False
        host = parts.hostname or ""
        return host.removeprefix("www.") == f"{self.platform}.com" and parts.path.strip("/").count("/") == 0


def _squeezed(handle: str) -> str:
    return re.sub(r"[\W_]", "", handle).casefold()
