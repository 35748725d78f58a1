"""Where an export of Instagram or Facebook keeps direct messages, and who takes part in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import ijson

from cases.finding import Gap, GapReason
from sources.archive import Export, Member
from sources.meta_json import DamagedJson, Event, events, limited, repaired, right

# `messages/inbox/lenak_17842/message_1.json`, at the root or below `your_instagram_activity/`,
# `your_facebook_activity/` or the folder that the export was unpacked into; instead of `inbox` also
# `message_requests`, `archived_threads`, `filtered_threads` and whatever comes.
_THREAD = re.compile(r"(?P<root>(?:[^/]+/)*?)messages/(?P<box>[^/]+)/(?P<slug>[^/]+)/(?P<rest>.+)")
_PART = re.compile(r"message_(\d{1,6})\.json")
_MEDIA_FOLDERS = ("photos", "videos", "audio", "files", "gifs", "stickers_used", "shares", "media")
MEDIA = re.compile(r"\.(?:jpe?g|png|gif|webp|heic|mp4|mov|m4a|aac|mp3|wav|ogg|opus|srt)$", re.I)
_FIRST_KEYS = ("participants", "threadName")


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation: `path` is its folder (or its file), `root` what stands before `messages/`."""

    path: str = field(repr=False)
    root: str = field(repr=False)
    slug: str = field(repr=False)
    files: tuple[Member, ...] = field(repr=False)
    media: tuple[Member, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody named in a thread, and its values beside the messages. `damaged` are its files that cannot be read."""

    participants: tuple[str, ...] = field(repr=False)
    senders: tuple[str, ...] = field(repr=False)
    head: dict[str, Any] = field(repr=False)
    damaged: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Who left the conversation is no participant any more, but still a sender."""
        return tuple(dict.fromkeys((*self.participants, *self.senders)))


def folder_name(thread: Thread) -> str:
    """What the folder's name says of the partner: without the number behind it."""
    return re.sub(r"_?\d*$", "", thread.slug)


def arranged(source: str, export: Export) -> Iterator[Thread | Member | Gap]:
    """The export as threads, other JSON files that may name people, and gaps for what cannot be read here.

    Pictures and films outside the message folders are the account's own posts and pass silently; the JSON files that
    describe them are given.
    """
    for key, group in groupby(export.walk(), _thread_folder):
        if key:
            yield from _thread(source, key, list(group))
        else:
            for item in group:
                yield from _other(source, item)


def people_of(thread: Thread) -> People:
    """Reads all files of the thread once, without holding a message."""
    participants, senders, head, damaged = dict[str, None](), dict[str, None](), dict[str, Any](), dict[str, str]()
    for member in thread.files:
        try:
            with events(member.open) as stream:
                stated = _without_messages(stream, senders)
        except DamagedJson as error:
            damaged[member.path] = error.code
            continue
        participants |= dict.fromkeys(_names(stated.get("participants")))
        head = stated | head
    return People(tuple(participants), tuple(senders), head, damaged)


def opening_participants(thread: Thread) -> frozenset[str]:
    """The participants as the first readable file states them, reading no further than that."""
    for member in thread.files:
        try:
            with events(member.open) as stream:
                return frozenset(
                    _names([_plain(item) for item in ijson.items(_until_messages(stream), "participants.item")])
                )
        except DamagedJson:
            continue
    return frozenset()


def _thread_folder(item: Member | Gap) -> str:
    if isinstance(item, Gap) or not (found := _THREAD.fullmatch(item.path)):
        return ""
    return item.path.removesuffix(found["rest"]).rstrip("/") if found["slug"] not in _MEDIA_FOLDERS else ""


def _thread(source: str, folder: str, items: list[Member | Gap]) -> Iterator[Thread | Gap]:
    files: list[tuple[int, Member]] = []
    media: list[Member] = []
    for item in items:
        if isinstance(item, Gap):
            yield item
            continue
        rest = item.path.removeprefix(folder + "/")
        if part := _PART.fullmatch(rest):
            files.append((int(part[1]), item))
        elif rest.split("/")[0] in _MEDIA_FOLDERS or MEDIA.search(rest):
            media.append(item)
        else:
            yield _unknown(source, item)
    found = _THREAD.fullmatch(folder + "/-")
    assert found is not None
    ordered = tuple(member for _, member in sorted(files, key=lambda pair: pair[0]))
    if ordered:
        yield Thread(folder, found["root"], found["slug"], ordered, tuple(media))
    elif media:
        yield Gap(source, folder, GapReason.UNSUPPORTED, "media_without_messages")


def _other(source: str, item: Member | Gap) -> Iterator[Thread | Member | Gap]:
    if isinstance(item, Gap):
        yield item
    elif item.path.lower().endswith(".json"):
        yield Thread(item.path, "", "", (item,)) if _is_encrypted_chat(item) else item
    elif not MEDIA.search(item.path) and not _is_litter(item.path):
        yield _unknown(source, item)


def _is_encrypted_chat(member: Member) -> bool:
    """The separate download of end-to-end encrypted chats: one file per chat, telling by its first key."""
    try:
        with events(member.open) as stream:
            return next((value in _FIRST_KEYS for _, event, value in stream if event == "map_key"), False)
    except DamagedJson:
        return False


def _is_litter(path: str) -> bool:
    """What operating systems strew into folders and zips."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] in (".DS_Store", "Thumbs.db", "desktop.ini")


def _unknown(source: str, member: Member) -> Gap:
    html = member.path.lower().endswith((".html", ".htm"))
    return Gap(source, member.path, GapReason.UNSUPPORTED, "html_export" if html else "unknown_file")


def _without_messages(stream: Iterator[Event], senders: dict[str, None]) -> dict[str, Any]:
    built = ijson.ObjectBuilder()
    for prefix, event, value in limited(stream):
        if prefix in ("messages.item.sender_name", "messages.item.senderName") and isinstance(value, str):
            senders[repaired(value)] = None
        if not prefix.startswith("messages.item"):
            built.event(event, value)
    stated = right(getattr(built, "value", None))
    if not isinstance(stated, dict) or stated.get("messages") != []:
        raise DamagedJson("no_thread")
    return {key: value for key, value in stated.items() if key != "messages"}


def _until_messages(stream: Iterator[Event]) -> Iterator[Event]:
    for prefix, event, value in stream:
        if prefix.startswith("messages"):
            return
        yield prefix, event, value


def _plain(item: Any) -> Any:
    return right(item)


def _names(participants: Any) -> Iterable[str]:
    """`[{"name": ...}]`, and in encrypted chats plain texts."""
    for item in participants if isinstance(participants, list) else ():
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and name:
            yield name
