"""The mailbox where requests arrive: read without leaving a trace, filed, and cleared when a period ends.

People read the same mailbox, so flags say nothing: what is new is what the store does not know yet. Keys are RFC 3501's
folder, UIDVALIDITY and UID. Folder names are as people see them, with `/` between levels whatever the server uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from types import TracebackType
from typing import Any, Self, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from cases.source import Health
from infra.imap_session import (
    MailboxAccount,
    MailboxError,
    MailboxUnavailable,
    MailGone,
    guarded,
    log_in,
    log_out,
    refused_by_server,
    reply_code,
)

__all__ = [
    "Fetched",
    "MailGone",
    "MailKey",
    "Mailbox",
    "MailboxAccount",
    "MailboxError",
    "MailboxUnavailable",
    "Moved",
    "Removal",
]

T = TypeVar("T")

_WINDOW = 50_000  # UIDs asked for at once: the answer is one line, and imaplib reads no line of over 1,000,000 octets
_MAX_MESSAGE_ID = 998  # RFC 5322 sec. 2.1.1
_SEARCHABLE = re.compile(rf"[ -~]{{1,{_MAX_MESSAGE_ID}}}")
_MESSAGE_ID_FIELD = "HEADER.FIELDS (MESSAGE-ID)"
_NEW_UID = re.compile(rb"(\d+) (?:\d+ )?(\d+)")  # arguments of APPENDUID and COPYUID for one mail (RFC 4315 sec. 3)


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
class _Selected:
    folder: str
    uidvalidity: int
    exists: int
    writable: bool


class Mailbox:
    """One session with one mailbox, as a context manager; for one thread.

    Every method raises `MailboxUnavailable` where the mailbox cannot be asked, and those that take a key `MailGone`.
    `timeout`: seconds for each step of the conversation.
    """

    def __init__(self, account: MailboxAccount, timeout: float = 30) -> None:
        self._account = account
        self._timeout = timeout
        self._session: IMAPClient | None = None
        self._selected: _Selected | None = None
        self._made: set[str] = set()

    def __enter__(self) -> Self:
        self._session = log_in(self._account, self._timeout)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session, self._session, self._selected = self._session, None, None
        self._made.clear()
        self.__dict__.pop("_namespace", None)
        if session is not None:
            log_out(session)

    def unseen_keys(self, folder: str, known: Callable[[MailKey], bool]) -> list[MailKey]:
        """Every mail of the folder of which `known` says False, in the order of arrival, whatever its flags."""
        selected = self._select(folder, writable=False)
        uids = guarded(lambda: self._uids(selected.exists))
        keys = [MailKey(folder, selected.uidvalidity, uid) for uid in sorted(uids)]
        return [key for key in keys if not known(key)]

    def fetch(self, key: MailKey, max_bytes: int) -> Fetched:
        """The mail, at most `max_bytes` (positive) of it; does not set \\Seen."""
        self._at(key, writable=False)
        # One octet more than wanted tells whether it ends there: the size that some servers state is an estimate.
        wanted = ["INTERNALDATE", "RFC822.SIZE", f"BODY.PEEK[]<0.{max_bytes + 1}>"]
        answer = self._on(key, lambda client: client.fetch([key.uid], wanted)).get(key.uid, {})
        if answer.get(b"BODY[]<0>") is None:  # nothing at all, or only an unasked-for note about another mail's flags
            self._must_exist(key, writable=False)
        return _fetched(key, answer, max_bytes)

    def move(self, key: MailKey, folder: str) -> Moved:
        """Moves the mail (RFC 6851, else copy and remove); makes the folder if it is missing."""
        self._must_exist(key, writable=True)
        self._make(folder)
        target = self._server_name(folder)
        if self._can("MOVE"):
            command, removed = IMAPClient.move, Removal.GONE
        else:
            command, removed = IMAPClient.copy, None
        new = self._on(
            key, lambda client: _filed(client, "COPYUID", folder, lambda: command(client, [key.uid], target))
        )
        return Moved(new, removed or self._remove(key))

    def delete(self, key: MailKey) -> Removal:
        """Deletes the mail for good, where the server lets us delete one without others (`Removal.GONE`)."""
        self._must_exist(key, writable=True)
        return self._remove(key)

    def append(self, folder: str, raw: bytes, when: datetime) -> MailKey | None:
        """Files a mail as seen, under the aware time `when`, and makes the folder if it is missing. Gives its key, or
        None where the server does not say (no UIDPLUS)."""
        if when.tzinfo is None:
            raise ValueError("the time of a filed mail needs a time zone")
        self._make(folder)
        target = self._server_name(folder)
        client = self._client
        return guarded(
            lambda: _filed(client, "APPENDUID", folder, lambda: client.append(target, raw, (b"\\Seen",), when))
        )

    def find_by_message_id(self, folder: str, message_id: str) -> list[MailKey]:
        """The mails with exactly this Message-ID, in the order of arrival. Anybody can write any Message-ID.

        Raises `ValueError` for what IMAP cannot search for: not printable ASCII, empty, or over 998 characters.
        """
        if not _SEARCHABLE.fullmatch(message_id):
            raise ValueError("a Message-ID to search for is printable ASCII of 1 to 998 characters")
        selected = self._select(folder, writable=False)
        uids = guarded(lambda: self._with_message_id(message_id.strip()))
        return [MailKey(folder, selected.uidvalidity, uid) for uid in uids]

    def check(self) -> Health:
        """Logs in anew, opens INBOX and says how the server is; changes nothing and never raises `MailboxError`."""
        try:
            with Mailbox(self._account, self._timeout) as mailbox:
                return mailbox._health()
        except MailboxUnavailable as error:
            return Health(False, f"IMAP: {error.code}", error.advice)

    def _health(self) -> Health:
        exists = self._select("INBOX", writable=False).exists
        summary = f"IMAP: logged in, {exists} mails in INBOX"
        if self._can("UIDPLUS"):
            return Health(True, summary)
        kind = "Deleted" if self._can("MOVE") else "Moved and deleted"
        advice = f"{kind} mails stay in their folder, marked as deleted, until somebody expunges it (no UIDPLUS)."
        return Health(True, summary, advice)

    @property
    def _client(self) -> IMAPClient:
        if self._session is None:
            raise RuntimeError("use the mailbox in a with statement")
        return self._session

    def _can(self, capability: str) -> bool:
        return bool(guarded(lambda: self._client.has_capability(capability)))

    @cached_property
    def _namespace(self) -> tuple[str, str]:
        """Prefix and separator of the user's own folders (RFC 2342)."""
        return guarded(self._ask_namespace)

    def _ask_namespace(self) -> tuple[str, str]:
        if self._client.has_capability("NAMESPACE"):
            personal = self._client.namespace().personal
            if personal:
                return str(personal[0][0]), str(personal[0][1] or "/")
        roots = self._client.list_folders("", "")
        separator = roots[0][1] if roots else b"/"
        return "", separator.decode("ascii") if separator else "/"

    def _server_name(self, folder: str) -> str:
        if folder.upper() == "INBOX":
            return "INBOX"
        prefix, separator = self._namespace
        name = folder.replace("/", separator)
        return name if name.upper().startswith(prefix.upper()) else prefix + name

    def _select(self, folder: str, writable: bool) -> _Selected:
        """Opens the folder anew, so that what has arrived since is seen; read-only leaves every flag alone."""
        name = self._server_name(folder)
        self._selected = None
        answer = guarded(lambda: self._selection(name, writable))
        self._selected = _Selected(folder, answer[0], answer[1], writable)
        return self._selected

    def _selection(self, name: str, writable: bool) -> tuple[int, int]:
        try:
            answer = self._client.select_folder(name, readonly=not writable)
        except IMAPClientError as error:
            if not refused_by_server(error) or self._client.folder_exists(name):
                raise
        else:
            return int(answer[b"UIDVALIDITY"]), int(answer[b"EXISTS"])
        raise MailboxUnavailable("no_such_folder")

    def _at(self, key: MailKey, writable: bool) -> None:
        """Makes the key's folder the open one."""
        selected = self._selected
        if selected is None or selected.folder != key.folder or (writable and not selected.writable):
            selected = self._select(key.folder, writable)
        if selected.uidvalidity != key.uidvalidity:
            raise MailGone

    def _must_exist(self, key: MailKey, writable: bool) -> None:
        """Servers say OK to moving and flagging what is not there."""
        self._at(key, writable)
        if not guarded(lambda: self._present(key)):
            raise MailGone

    def _present(self, key: MailKey) -> bool:
        return key.uid in self._client.search(["UID", key.uid])

    def _on(self, key: MailKey, call: Callable[[IMAPClient], T]) -> T:
        """The call's value; where the server refuses it, `MailGone` if that is because the mail has just vanished."""

        def attempt() -> tuple[T] | None:
            try:
                return (call(self._client),)
            except IMAPClientError as error:
                if not refused_by_server(error) or self._present(key):
                    raise
                return None

        answer = guarded(attempt)
        if answer is None:
            raise MailGone
        return answer[0]

    def _uids(self, exists: int) -> set[int]:
        found: set[int] = set()
        for first in range(1, exists + 1, _WINDOW):
            last = str(first + _WINDOW - 1) if first + _WINDOW <= exists else "*"
            found.update(self._client.search([f"{first}:{last}"]))
        return found

    def _with_message_id(self, message_id: str) -> list[int]:
        """SEARCH finds parts of the header too, so what it finds is compared."""
        uids = sorted(self._client.search(["HEADER", "Message-ID", message_id]))
        headers = self._client.fetch(uids, [f"BODY.PEEK[{_MESSAGE_ID_FIELD}]"])
        name = f"BODY[{_MESSAGE_ID_FIELD}]".encode()
        return [uid for uid in uids if _is_message_id(headers.get(uid, {}).get(name), message_id)]

    def _make(self, folder: str) -> None:
        if folder in self._made:
            return
        guarded(lambda: self._create(self._server_name(folder)))
        self._made.add(folder)

    def _create(self, name: str) -> None:
        if self._client.folder_exists(name):
            return
        try:
            self._client.create_folder(name)
        except IMAPClientError as error:
            if not refused_by_server(error) or not self._client.folder_exists(name):
                raise  # otherwise another process was faster
        self._client.subscribe_folder(name)  # mail programs show people only what is subscribed

    def _remove(self, key: MailKey) -> Removal:
        self._on(key, lambda client: client.delete_messages([key.uid], silent=True))
        if not self._can("UIDPLUS"):
            return Removal.MARKED
        self._on(key, lambda client: client.uid_expunge([key.uid]))
        return Removal.GONE


def _filed(client: IMAPClient, code: str, folder: str, command: Callable[[], object]) -> MailKey | None:
    """The new key of the mail that `command` puts into `folder`, from the response code that tells it."""
    reply_code(client, code)  # forget that of an earlier command
    command()
    found = _NEW_UID.fullmatch(reply_code(client, code))
    return MailKey(folder, int(found[1]), int(found[2])) if found else None


def _fetched(key: MailKey, answer: dict[bytes, Any], max_bytes: int) -> Fetched:
    raw, arrived, size = (answer.get(name) for name in (b"BODY[]<0>", b"INTERNALDATE", b"RFC822.SIZE"))
    if not isinstance(raw, bytes) or not isinstance(arrived, datetime) or not isinstance(size, int):
        raise MailboxUnavailable("protocol")
    if len(raw) > max_bytes + 1:  # more than was asked for
        raise MailboxUnavailable("protocol")
    kept = raw[:max_bytes]
    return Fetched(key, arrived.astimezone(UTC), size, kept, truncated=len(raw) > max_bytes)


def _is_message_id(header: object, message_id: str) -> bool:
    value = header.partition(b":")[2] if isinstance(header, bytes) else b""
    return b" ".join(value.split()) == b" ".join(message_id.encode("ascii").split())
