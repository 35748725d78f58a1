"""What a mailbox is asked for and what it answers, as values; and the server's answers turned into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from infra.imap_session import MailboxUnavailable

BATCH = 50  # mails of one FETCH or MOVE
BATCH_BYTES = 4 * 1024 * 1024  # and at most so much of them; a larger mail is fetched alone
_UID_SET = rb"[\d:,]+"
_NEW_UIDS = re.compile(rb"(\d+) (?:(%b) )?(%b)" % (_UID_SET, _UID_SET))  # APPENDUID and COPYUID, RFC 4315 sec. 3


@dataclass(frozen=True, slots=True, order=True)
class MailKey:
    """Where a mail lies. Within one folder and UIDVALIDITY a higher UID came later."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it lies in the mailbox. `arrived_at`: INTERNALDATE, aware, UTC. `size`: octets as the server states;
    `raw` ends early where `truncated`."""

    key: MailKey
    arrived_at: datetime
    size: int
    raw: bytes = field(repr=False)
    truncated: bool


class Removal(StrEnum):
    """What became of a mail that was to leave a folder."""

    GONE = "gone"
    MARKED = "marked"  # still there, flagged \Deleted: without UIDPLUS an EXPUNGE would take others' mails too


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a moved mail is now (None: the server does not say), and what became of it where it was."""

    key: MailKey | None
    removal: Removal


@dataclass(frozen=True, slots=True)
class Reading:
    """How a mailbox is read: the folders where mail arrives, and what is done with the mails of cases. `finds_sent`:
    the folder with copies of our own mails is the one that the server names."""

    folders: tuple[str, ...] = ("INBOX",)
    filing: Literal["move", "keyword", "leave"] = "move"
    keyword: str = ""
    finds_sent: bool = False


@dataclass(frozen=True, slots=True)
class Selected:
    """An open folder. `keywords`: PERMANENTFLAGS, in capitals; None where the server does not say."""

    folder: str
    uidvalidity: int
    exists: int
    writable: bool
    keywords: frozenset[bytes] | None = None

    def takes(self, keyword: str) -> bool:
        """Whether a keyword can be set here for good (RFC 3501 sec. 7.1: `\\*` means any)."""
        return self.keywords is None or bool({b"\\*", keyword.upper().encode("ascii")} & self.keywords)


def selected(folder: str, answer: Mapping[bytes, Any], *, writable: bool) -> Selected:
    """The folder that a SELECT or EXAMINE has opened."""
    flags = answer.get(b"PERMANENTFLAGS")
    keywords = None if flags is None else frozenset(flag.upper() for flag in flags)
    return Selected(folder, int(answer[b"UIDVALIDITY"]), int(answer[b"EXISTS"]), writable, keywords)


def fetched(key: MailKey, answer: Mapping[bytes, Any], max_bytes: int) -> Fetched:
    """A mail of which one octet more than `max_bytes` was asked for; raises `MailboxUnavailable` for a wrong answer."""
    raw, arrived, size = (answer.get(name) for name in (b"BODY[]<0>", b"INTERNALDATE", b"RFC822.SIZE"))
    if not isinstance(raw, bytes) or not isinstance(arrived, datetime) or not isinstance(size, int):
        raise MailboxUnavailable("protocol")
    if len(raw) > max_bytes + 1:  # more than was asked for
        raise MailboxUnavailable("protocol")
    return Fetched(key, arrived.astimezone(UTC), size, raw[:max_bytes], truncated=len(raw) > max_bytes)


def batches(keys: Sequence[MailKey], sizes: Mapping[int, int]) -> Iterator[list[MailKey]]:
    """Keys in their order, as many at once as one FETCH may ask for; `sizes` in octets by UID."""
    batch: list[MailKey] = []
    room = BATCH_BYTES
    for key in keys:
        size = sizes[key.uid]
        if batch and (len(batch) == BATCH or size > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(key)
        room -= size
    if batch:
        yield batch


def new_keys(codes: Iterable[bytes], folder: str, most: int) -> dict[int, MailKey]:
    """Where mails went, from APPENDUID (old UID 0) or COPYUID codes; `most`: how many mails there were."""
    found: dict[int, MailKey] = {}
    for code in codes:
        match = _NEW_UIDS.fullmatch(code)
        if match is None:
            continue
        new = _uids(match[3], most)
        old = _uids(match[2], most) if match[2] else [0]
        if len(old) == len(new) <= most:
            found |= {before: MailKey(folder, int(match[1]), uid) for before, uid in zip(old, new, strict=True)}
    return found


def _uids(text: bytes, most: int) -> list[int]:
    """The numbers of a set such as `4:6,9`, in its order; one more than `most` at the most, for a server may say
    anything."""
    found: list[int] = []
    for part in text.split(b","):
        first, _, last = part.partition(b":")
        if not first.isdigit() or (last and not last.isdigit()):
            return []
        one, other = int(first), int(last or first)
        low, high = min(one, other), max(one, other)
        found += range(low, min(high, low + most) + 1)
        if len(found) > most:
            break
    return found


def is_new_mail(answers: Iterable[object]) -> bool:
    """Whether one of a server's unasked-for answers says that a folder has grown (RFC 3501 sec. 7.3.1)."""
    return any(isinstance(answer, tuple) and b"EXISTS" in answer[1:2] for answer in answers)


def is_message_id(header: object, message_id: str) -> bool:
    value = header.partition(b":")[2] if isinstance(header, bytes) else b""
    return b" ".join(value.split()) == b" ".join(message_id.encode("ascii").split())
