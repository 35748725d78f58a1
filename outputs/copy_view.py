"""What the readable copies show of a draft: systems, entries in the order of time, conversations, files.

Only released items have their content here. Of a withheld one there is its number, kind and date; an item of another
person does not appear at all. Entries are made one at a time, so that a hundred thousand need no more memory than one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from cases.draft import Draft, Item, ItemField, ItemFile
from outputs.copy_signs import shown
from outputs.copy_words import general_code, general_label
from outputs.letter_search import copy_change, ground, masked_entries, withheld_entry
from outputs.moments import on_clock_of
from outputs.names import kind_name, system_name
from outputs.texts import Texts

_TIME = {"time", "timestamp", "timestamp_ms", "date", "datetime", "ts", "sent_at", "created_at", "creation_timestamp"}
_SENDER = {"sender", "sender_name", "sendername", "from", "author", "user"}
_TEXT = {"text", "content", "message", "body"}
# Kinds of files in which nothing runs, and which every browser knows by their ending: of any other it may guess by the
# content, and take what a stranger sent for a page.
LINKED = frozenset(
    "pdf txt csv json jpg jpeg png gif webp bmp docx xlsx pptx mp3 wav ogg mp4 webm".split()  # noqa: SIM905 - a list to read
)
_AWARE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A field as it is shown: what it is called by the register, or in general; the source's own name; the value, and
    what it means. Every text is `shown`."""

    label: str
    general: bool
    name: str = field(repr=False)
    value: str = field(repr=False)
    means: str
    category: str


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation: the three fields as they are."""

    time: Row
    sender: Row
    text: Row


@dataclass(frozen=True, slots=True)
class File:
    """`linked`: opening it with a click cannot run what is in it."""

    path: str
    name: str = field(repr=False)
    media_type: str
    size: int
    linked: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it is shown; `messages` are taken out of `rows`, and what else is said of single messages (`further`)
    comes after them: a reader wants to read what was written. `day` is ISO 8601, for sorting; empty: undated."""

    number: int
    kind: str
    at: str
    day: str
    rows: tuple[Row, ...] = field(repr=False)
    messages: tuple[Message, ...] = field(repr=False)
    further: tuple[Row, ...] = field(repr=False)
    files: tuple[File, ...] = field(repr=False)
    why: str = field(repr=False)
    change: str
    earlier: tuple[Row, ...] = field(repr=False)
    removed: str  # why places are missing, and files with them; empty: nothing is

    @property
    def legend(self) -> tuple[tuple[str, str, str], ...]:
        """Label, the source's own name and category of a conversation's fields, once for all of it (FRM-04)."""
        parts = (part for one in self.messages for part in (one.time, one.sender, one.text))
        named = ((part.label, re.sub(r"\[\d+\]", "[…]", part.name), part.category) for part in parts)
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class SystemPart:
    """All entries of one system; `anchor` is the target of links inside the page."""

    anchor: str
    name: str
    items: tuple[Item, ...] = field(repr=False)
    span: str  # from when to when, in words; empty where no entry has a date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not, or not wholly, handed out."""

    number: int
    what: str
    reason: str


def system_parts(draft: Draft, words: Texts) -> tuple[SystemPart, ...]:
    """The released items by system, in the order of the register, then by time; undated ones last."""
    grouped: dict[str, list[Item]] = {cell.system.name.in_(draft.language): [] for cell in draft.cells}
    names: dict[tuple[str, str], str] = {}
    for item in draft.released:
        place = (item.system, item.source)
        if place not in names:
            names[place] = system_name(draft, item)
        grouped.setdefault(names[place], []).append(item)
    filled = ((name, sorted(items, key=_time_order)) for name, items in grouped.items() if items)
    return tuple(
        SystemPart(f"s{index}", shown(name), tuple(items), _span(draft, items, words))
        for index, (name, items) in enumerate(filled, start=1)
    )


def left_out(draft: Draft, words: Texts) -> tuple[LeftOut, ...]:
    items = draft.left_out
    return tuple(LeftOut(one.number, shown(withheld_entry(draft, one, words)), ground(one, words)) for one in items)


def left_out_staff(draft: Draft, words: Texts) -> tuple[str, str] | None:
    """Which entries lack names of our own people, and why; None where none does."""
    if not draft.masked:
        return None
    return words("copy.staff", entries=masked_entries(draft, words)), words("ground.staff")


def left_out_count(draft: Draft) -> int:
    """The entries that are not, or not wholly, handed out."""
    return len({item.number for item in (*draft.left_out, *draft.masked)})


def _time_order(item: Item) -> tuple[datetime, int]:
    return item.at or _LATEST, item.number


def _span(draft: Draft, items: Sequence[Item], words: Texts) -> str:
    days = [_local(item.at, draft)[0] for item in items if item.at]
    if not days:
        return ""
    first, last = words.date(days[0]), words.date(days[-1])
    return first if first == last else words("copy.span", first=first, last=last)


def entries(draft: Draft, items: Sequence[Item], words: Texts) -> Iterator[Entry]:
    return (entry(draft, item, words) for item in items)


def entry(draft: Draft, item: Item, words: Texts) -> Entry:
    fields, messages = split_conversation(item.fields)
    main, further = _of_messages(fields, messages)
    day, clock = _local(item.at, draft) if item.at else (None, None)
    return Entry(
        number=item.number,
        kind=shown(kind_name(item.kind, words)),
        at=_moment(day, clock, words),
        day=day.isoformat() if day else "",
        rows=tuple(row(part, draft, words) for part in main),
        messages=tuple(Message(*(row(part, draft, words) for part in three)) for three in messages),
        further=tuple(row(part, draft, words) for part in further),
        files=tuple(_file(file) for file in item.files),
        why=shown(item.why),
        change=copy_change(item, words),
        earlier=tuple(row(part, draft, words) for part in item.earlier),
        removed=_removed(item, words),
    )


def _of_messages(
    fields: Sequence[ItemField], messages: Sequence[Sequence[ItemField]]
) -> tuple[list[ItemField], list[ItemField]]:
    """Fields of the conversation itself, and those of its single messages: `messages[3].reactions`."""
    listed = {part.name.partition("[")[0] for three in messages for part in three if "[" in part.name}
    further = [part for part in fields if "[" in part.name and part.name.partition("[")[0] in listed]
    chosen = set(map(id, further))
    return [part for part in fields if id(part) not in chosen], further


def row(part: ItemField, draft: Draft, words: Texts) -> Row:
    general = "" if part.label else general_label(part.name, draft.language)
    means = part.means or _readable(part, draft, words)
    return Row(
        shown(part.label or general), bool(general), shown(part.name), shown(part.value), means, shown(part.category)
    )


def _readable(part: ItemField, draft: Draft, words: Texts) -> str:
    """What a value stands for that people do not read easily: a time in seconds or of another zone, yes and no."""
    at = epoch(part) or _stated(part.value)
    there = on_clock_of(at, ZoneInfo(draft.controller.timezone)) if at else None
    if there is not None:
        return words.moment(there, draft.controller.timezone)
    return general_code(part.value, draft.language)


def _stated(value: str) -> datetime | None:
    """A time that states its own zone; one without is read as it stands."""
    if not _AWARE.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _removed(item: Item, words: Texts) -> str:
    if not item.redacted and not item.masked:
        return ""
    count = len(item.held_files)
    held = words("copy.files_held.one" if count == 1 else "copy.files_held.many", n=count) if count else ""
    return " ".join(filter(None, (words("copy.redacted"), ground(item, words), held)))


def _file(file: ItemFile) -> File:
    return File(file.path, shown(file.name), shown(file.media_type), file.size, _linked(file))


def _local(at: datetime, draft: Draft) -> tuple[date, time | None]:
    """Day and time of the reader's clock. Midnight there or in UTC is how a day without a time is kept: no time. Where
    that clock has no such day, the day that is stated."""
    local, universal = on_clock_of(at, ZoneInfo(draft.controller.timezone)), on_clock_of(at, UTC)
    if local is None:
        return at.date(), None
    for known in filter(None, (local, universal)):
        if known.timetz().replace(tzinfo=None) == time.min:
            return known.date(), None
    return local.date(), local.timetz()


def _moment(day: date | None, clock: time | None, words: Texts) -> str:
    if day is None:
        return words("copy.undated")
    if clock is None:
        return words.date(day)
    return words("date.moment", date=words.date(day), time=f"{clock:%H:%M}")


def split_conversation(
    fields: Sequence[ItemField],
) -> tuple[tuple[ItemField, ...], tuple[tuple[ItemField, ItemField, ItemField], ...]]:
    """Fields in the order time, sender, text are a message; every field is in exactly one of the two results."""
    rest: list[ItemField] = []
    messages: list[tuple[ItemField, ItemField, ItemField]] = []
    index = 0
    while index < len(fields):
        three = fields[index : index + 3]
        if len(three) == 3 and all(_role(part) in names for part, names in zip(three, _ROLES, strict=True)):
            messages.append((three[0], three[1], three[2]))
            index += 3
        else:
            rest.append(fields[index])
            index += 1
    return tuple(rest), tuple(messages)


_ROLES = (_TIME, _SENDER, _TEXT)


def _role(part: ItemField) -> str:
    """`messages[3].sender_name` as `sender_name`: the last word of a field's path."""
    return _last_word(part.name)


@lru_cache(maxsize=1024)  # thousands of records have the same fields
def _last_word(name: str) -> str:
    return re.sub(r"[\[\]\d]+", "", name).rpartition(".")[2].strip("_ ").lower()


def epoch(part: ItemField) -> datetime | None:
    """The time that a field of seconds or milliseconds since 1970 stands for (FRM-04); None for any other field."""
    if _role(part) not in _TIME or not re.fullmatch(r"[1-4]\d{9}(\d{3})?", part.value, re.ASCII):
        return None
    return datetime.fromtimestamp(int(part.value[:10]), UTC)


def _linked(file: ItemFile) -> bool:
    """Whether a click may open the file. Any other is named with its place: its reader decides, and not in a browser
    by accident."""
    return file.path.rpartition(".")[2].lower() in LINKED
