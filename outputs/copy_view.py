"""What the readable copy shows of a draft: systems, entries in the order of time, conversations, files.

Only released items have their content here. Of a withheld one there is its number, kind and date; an item of another
person does not appear at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cases.draft import Draft, Item, ItemField, ItemFile
from outputs.names import kind_name, system_name
from outputs.texts import Texts

_TIME = {"time", "timestamp", "timestamp_ms", "date", "datetime", "ts", "sent_at", "created_at", "creation_timestamp"}
_SENDER = {"sender", "sender_name", "sendername", "from", "author", "user"}
_TEXT = {"text", "content", "message", "body"}
_ACTIVE = re.compile(r"x?html?|svgz?|xml|xsl|m?js|exe|msi|bat|cmd|ps1|vbs|scr|com|jar|hta|lnk|url|app|sh|webloc")
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation: the three fields as they are."""

    time: ItemField
    sender: ItemField
    text: ItemField


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it is shown; `messages` are taken out of `fields`."""

    item: Item = field(repr=False)
    kind: str
    at: str
    fields: tuple[ItemField, ...] = field(repr=False)
    messages: tuple[Message, ...] = field(repr=False)

    @property
    def legend(self) -> tuple[tuple[str, str, str], ...]:
        """Label, the source's own name and category of a conversation's fields, once for all of it (FRM-04)."""
        parts = (part for one in self.messages for part in (one.time, one.sender, one.text))
        return tuple(dict.fromkeys((part.label, part.name, part.category) for part in parts))


@dataclass(frozen=True, slots=True)
class SystemPart:
    """All entries of one system; `anchor` is the target of links inside the page."""

    anchor: str
    name: str
    entries: tuple[Entry, ...] = field(repr=False)


def system_parts(draft: Draft, words: Texts) -> tuple[SystemPart, ...]:
    """The released items by system, in the order of the register, then by time; undated ones last."""
    grouped: dict[str, list[Item]] = {cell.system.name.in_(draft.language): [] for cell in draft.cells}
    for item in draft.released:
        grouped.setdefault(system_name(draft, item), []).append(item)
    filled = ((name, items) for name, items in grouped.items() if items)
    return tuple(
        SystemPart(f"s{index}", name, tuple(entry(draft, item, words) for item in sorted(items, key=_time_order)))
        for index, (name, items) in enumerate(filled, start=1)
    )


def _time_order(item: Item) -> tuple[datetime, int]:
    return item.at or _LATEST, item.number


def entry(draft: Draft, item: Item, words: Texts) -> Entry:
    fields, messages = split_conversation(item.fields)
    at = words.moment(item.at, draft.controller.timezone) if item.at else words("copy.undated")
    return Entry(item, kind_name(item.kind, words), at, fields, messages)


def split_conversation(fields: Sequence[ItemField]) -> tuple[tuple[ItemField, ...], tuple[Message, ...]]:
    """Fields in the order time, sender, text are a message; every field is in exactly one of the two results."""
    rest: list[ItemField] = []
    messages: list[Message] = []
    steps = _steps(fields)
    for step in steps:
        if isinstance(step, Message):
            messages.append(step)
        else:
            rest.append(step)
    return tuple(rest), tuple(messages)


def _steps(fields: Sequence[ItemField]) -> Iterator[ItemField | Message]:
    index = 0
    while index < len(fields):
        three = fields[index : index + 3]
        if len(three) == 3 and all(_role(part) in names for part, names in zip(three, _ROLES, strict=True)):
            yield Message(*three)
            index += 3
        else:
            yield fields[index]
            index += 1


_ROLES = (_TIME, _SENDER, _TEXT)


def _role(part: ItemField) -> str:
    """`messages[3].sender_name` as `sender_name`: the last word of a field's path."""
    return re.sub(r"[\[\]\d]+", "", part.name).rpartition(".")[2].strip("_ ").lower()


def epoch(part: ItemField) -> datetime | None:
    """The time that a field of seconds or milliseconds since 1970 stands for (FRM-04); None for any other field."""
    if _role(part) not in _TIME or not re.fullmatch(r"[1-4]\d{9}(\d{3})?", part.value, re.ASCII):
        return None
    return datetime.fromtimestamp(int(part.value[:10]), UTC)


def active(file: ItemFile) -> bool:
    """Whether opening the file with a click could run what is in it: such a file is named but not linked."""
    return _ACTIVE.fullmatch(file.path.rpartition(".")[2].lower()) is not None
