"""Who of a conversation is a subject. An export gives display names, which anybody can type, and the folder's name,
which Instagram makes of the account's name (dots are lost) and Facebook of the display name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cases.finding import Match, Strength
from cases.identifiers import Identifier, Kind, Origin
from cases.subjects import Clue, Hit, SubjectIndex, strongest
from sources.meta_json import texts
from sources.meta_threads import People, Thread

_BESIDE = ("sender_name", "senderName", "timestamp_ms", "timestamp")


@dataclass(frozen=True, slots=True)
class Recognition:
    """How people of one platform are recognised. `owner` is the account's own display name, as far as known."""

    platform: str
    owner: str = field(default="", repr=False)

    def participants(
        self, thread: Thread, people: People, index: SubjectIndex
    ) -> dict[str, tuple[Hit, tuple[str, ...]]]:
        """Subjects that take part, each with the names under which it does."""
        slug = re.sub(r"_?\d*$", "", thread.slug)
        partners = [name for name in people.participants if name != self.owner]
        met: dict[str, list[tuple[str, Hit]]] = {}
        for name in people.names:
            alone = partners == [name] or (len(people.participants) < 3 and people.head.get("title") == name)
            for hit in self._person(name, slug if alone else "", index):
                met.setdefault(hit.subject, []).append((name, hit))
        for hit in self._by_slug(slug, index):
            if hit.subject not in met:
                met[hit.subject] = [("", hit)]
        return {
            subject: (strongest(hit for _, hit in found)[0], tuple(name for name, _ in found if name))
            for subject, found in met.items()
        }

    def in_message(self, message: Any, index: SubjectIndex) -> tuple[Hit, ...]:
        """Subjects that a message names, its sender aside."""
        told = (
            {key: value for key, value in message.items() if key not in _BESIDE}
            if isinstance(message, dict)
            else message
        )
        return index.match_text("\n".join(texts(told)), "message", self.platform)

    def in_record(self, record: Any, index: SubjectIndex) -> tuple[Hit, ...]:
        """Subjects that any other record of the export names: an address of a profile proves a handle, a bare word
        that equals one does not."""
        stated = [text for text in texts(record) if len(text) <= 2000]
        handles = [text for text in stated if re.fullmatch(r"@?[\w.-]{2,64}", text)]
        profiles = [text for text in stated if self._is_profile(text)]
        hits = list(index.match(Clue(Kind.HANDLE, text, "href", self.platform) for text in profiles))
        found = index.match(Clue(Kind.HANDLE, text, "value", self.platform) for text in handles)
        hits += [hit.at_most(Strength.PROBABLE) for hit in found]
        return strongest((*hits, *index.match_text("\n".join(texts(record)), "record", self.platform)))

    def learned(self, names: Iterable[str], found_in: str) -> tuple[Identifier, ...]:
        return tuple(Identifier(Kind.NAME, name, Origin.FOUND, "", found_in) for name in names)

    def _person(self, name: str, slug: str, index: SubjectIndex) -> tuple[Hit, ...]:
        clues = [Clue(Kind.NAME, name, "participants.name")]
        if slug and self.platform == "instagram":
            clues.append(Clue(Kind.HANDLE, slug, "thread folder", self.platform))
        found = [*index.match(clues), *(self._by_slug(slug, index) if slug else ())]
        typed = index.match([Clue(Kind.HANDLE, name, "participants.name", self.platform)])
        return strongest([*found, *(hit.at_most(Strength.PROBABLE) for hit in typed)])

    def _by_slug(self, slug: str, index: SubjectIndex) -> Iterator[Hit]:
        """Handles that the folder's name can stand for once dots and underscores are lost: never certain."""
        weakest = Strength.PROBABLE if self.platform == "instagram" else Strength.POSSIBLE
        for subject in index.subjects:
            for item in subject.of(Kind.HANDLE):
                if item.scope in ("", self.platform) and _squeezed(item.normal) == _squeezed(slug) != "":
                    yield Hit(subject.id, weakest, (Match(item, "thread folder"),))

    def _is_profile(self, text: str) -> bool:
        try:
            parts = urlsplit(text)
        except ValueError:
            return False
        host = parts.hostname or ""
        return host.removeprefix("www.") == f"{self.platform}.com" and parts.path.strip("/").count("/") == 0


def _squeezed(handle: str) -> str:
    return re.sub(r"[\W_]", "", handle).casefold()
