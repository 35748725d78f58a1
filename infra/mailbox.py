"""The mailbox where requests arrive: read without leaving a trace, filed, and cleared when a period ends.

People read the same mailbox, so flags say nothing: what is new is what the store does not know yet. Keys are RFC 3501's
folder, UIDVALIDITY and UID. Folder names are as people see them, with `/` between levels whatever the server uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

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
    reply_codes,
)
from infra.mail_values import (
    Fetched,
    MailKey,
    Moved,
    Reading,
    Removal,
    Selected,
    batches,
    fetched,
    is_message_id,
    is_new_mail,
    new_keys,
    selected,
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
    "Reading",
    "Removal",
]

T = TypeVar("T")

_WINDOW = 50_000  # UIDs asked for at once: the answer is one line, and imaplib reads no line of over 1,000,000 octets
_LISTEN_SECONDS = 1.0  # how long a request to stop may go unnoticed
_MOST_SILENT = 20  # answers of no interest one after the other, such as others' flags
_SIZES = 500  # mails whose sizes are asked for at once
_MAX_MESSAGE_ID = 998  # RFC 5322 sec. 2.1.1
_SEARCHABLE = re.compile(rf"[ -~]{{1,{_MAX_MESSAGE_ID}}}")
_MESSAGE_ID_FIELD = "HEADER.FIELDS (MESSAGE-ID)"


class Mailbox:
    """One session with one mailbox, as a context manager; for one thread.

    Every method raises `MailboxUnavailable` where the mailbox cannot be asked, and those that take a key `MailGone`.
    `timeout`: seconds for each step of the conversation.
    """

    def __init__(self, account: MailboxAccount, timeout: float = 30) -> None:
        self._account = account
        self._timeout = timeout
        self._session: IMAPClient | None = None
        self._selected: Selected | None = None
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

    def keys(self, folder: str) -> list[MailKey]:
        """Every mail of the folder in the order of arrival, whatever its flags."""
        opened = self._select(folder, writable=False)
        uids = guarded(lambda: self._uids(opened.exists))
        return [MailKey(folder, opened.uidvalidity, uid) for uid in sorted(uids)]

    def has_folder(self, folder: str) -> bool:
        name = self._server_name(folder)
        return guarded(lambda: bool(self._client.folder_exists(name)))

    def sent_folder(self) -> str:
        """The folder that the server says is for sent mail (RFC 6154), by the name that people see; empty where it
        says none. Names that only look like one prove nothing."""
        return guarded(self._ask_sent_folder)

    def _ask_sent_folder(self) -> str:
        prefix, separator = self._namespace
        for flags, _, name in self._client.list_folders():
            if b"\\sent" in {flag.lower() for flag in flags}:
                return str(name).removeprefix(prefix).replace(separator, "/")
        return ""

    def fetch(self, keys: Sequence[MailKey], max_bytes: int) -> Iterator[list[Fetched]]:
        """The mails of one folder in batches, at most `max_bytes` (positive) of each; one that has gone meanwhile is
        left out. Does not set \\Seen."""
        sizes: dict[int, int] = {}
        for start in range(0, len(keys), _SIZES):
            sizes |= self._sizes(keys[start : start + _SIZES])
        there = [key for key in keys if key.uid in sizes]
        for batch in batches(there, {uid: min(size, max_bytes) for uid, size in sizes.items()}):
            yield self._fetch_batch(batch, max_bytes)

    def _sizes(self, keys: Sequence[MailKey]) -> dict[int, int]:
        if not self._is_at(keys[0], writable=False):
            return {}
        uids = [key.uid for key in keys]
        answer = guarded(lambda: self._client.fetch(uids, ["RFC822.SIZE"]))
        stated = {uid: answer.get(uid, {}).get(b"RFC822.SIZE") for uid in uids}
        return {uid: size for uid, size in stated.items() if isinstance(size, int)}

    def _fetch_batch(self, batch: Sequence[MailKey], max_bytes: int) -> list[Fetched]:
        """A server may refuse a FETCH one of whose mails has just gone (RFC 2180 sec. 4.1): then one by one."""
        if not self._is_at(batch[0], writable=False):
            return []
        # One octet more than wanted tells whether it ends there: the size that some servers state is an estimate.
        wanted = ["INTERNALDATE", "RFC822.SIZE", f"BODY.PEEK[]<0.{max_bytes + 1}>"]
        answer = self._on(batch, lambda client: client.fetch([key.uid for key in batch], wanted))
        if answer is None and len(batch) > 1:
            return [mail for key in batch for mail in self._fetch_batch([key], max_bytes)]
        there = [key for key in batch if (answer or {}).get(key.uid, {}).get(b"BODY[]<0>") is not None]
        gone = [key for key in batch if key not in there]
        if gone and bool(guarded(lambda: self._present(gone))):
            raise MailboxUnavailable("protocol")  # it is there, and the server does not give it
        return [fetched(key, (answer or {})[key.uid], max_bytes) for key in there]

    def move(self, keys: Sequence[MailKey], folder: str) -> dict[MailKey, Moved]:
        """Moves mails of one folder (RFC 6851, else copy and remove); makes the target if it is missing. What was not
        there any more is not in the answer."""
        there = self._existing(keys, writable=True)
        if not there:
            return {}
        self._make(folder)
        target, uids = self._server_name(folder), [key.uid for key in there]
        moves = self._can("MOVE")
        command = IMAPClient.move if moves else IMAPClient.copy
        new = self._on(there, lambda client: _filed(client, folder, lambda: command(client, uids, target), len(uids)))
        if new is None:
            return {}
        removal = Removal.GONE if moves else self._remove(there)
        return {key: Moved(new.get(key.uid), removal) for key in there}

    def mark(self, keys: Sequence[MailKey], keyword: str) -> None:
        """Sets a keyword on mails of one folder, and nothing else; what is not there any more is passed over. Raises
        `MailboxUnavailable` (`no_keywords`) where the folder keeps none."""
        if not self._is_at(keys[0], writable=True):
            return
        if self._selected is not None and not self._selected.takes(keyword):
            raise MailboxUnavailable("no_keywords")
        uids = [key.uid for key in keys]
        self._on(keys, lambda client: client.add_flags(uids, [keyword.encode("ascii")], silent=True))

    def delete(self, key: MailKey) -> Removal:
        """Deletes the mail for good, where the server lets us delete one without others (`Removal.GONE`)."""
        if not self._existing([key], writable=True):
            raise MailGone
        return self._remove([key])

    @property
    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return self._can("IDLE")

    def wait(self, folder: str, seconds: float, stop: Event) -> bool:
        """True as soon as mail has arrived in the folder; False after `seconds` (below 29 minutes, after which servers
        may hang up), or soon after `stop` is set. What arrives between two waits is told by the second."""
        if self._selected is None or self._selected.folder != folder:
            self._select(folder, writable=False)
        if is_new_mail(guarded(self._client.noop)[1]):  # servers need not tell it at the beginning of an IDLE
            return True
        guarded(self._client.idle)
        give_up = monotonic() + seconds
        told, silent = False, 0
        while not told and not stop.is_set() and monotonic() < give_up:
            began = monotonic()
            told = is_new_mail(guarded(lambda: self._client.idle_check(timeout=_LISTEN_SECONDS)))
            silent = silent + 1 if monotonic() - began < _LISTEN_SECONDS / 2 else 0
            if silent > _MOST_SILENT:  # imapclient tells a closed connection only so: it can be read, and has nothing
                raise MailboxUnavailable("refused")
        return is_new_mail(guarded(self._client.idle_done)[1]) or told

    def append(self, folder: str, raw: bytes, when: datetime) -> MailKey | None:
        """Files a mail as seen, under the aware time `when`, and makes the folder if it is missing. Gives its key, or
        None where the server does not say (no UIDPLUS)."""
        if when.tzinfo is None:
            raise ValueError("the time of a filed mail needs a time zone")
        self._make(folder)
        target = self._server_name(folder)
        client = self._client
        filed = guarded(lambda: _filed(client, folder, lambda: client.append(target, raw, (b"\\Seen",), when), 1))
        return filed.get(0)

    def find_by_message_id(self, folder: str, message_id: str) -> list[MailKey]:
        """The mails with exactly this Message-ID, in the order of arrival. Anybody can write any Message-ID.

        Raises `ValueError` for what IMAP cannot search for: not printable ASCII, empty, or over 998 characters.
        """
        if not _SEARCHABLE.fullmatch(message_id):
            raise ValueError("a Message-ID to search for is printable ASCII of 1 to 998 characters")
        opened = self._select(folder, writable=False)
        uids = guarded(lambda: self._with_message_id(message_id.strip()))
        return [MailKey(folder, opened.uidvalidity, uid) for uid in uids]

    def check(self, reading: Reading) -> Health:
        """Logs in anew, opens every folder and says how the server is; changes nothing and never raises
        `MailboxError`."""
        try:
            with Mailbox(self._account, self._timeout) as mailbox:
                return mailbox._health(reading)
        except MailboxUnavailable as error:
            return Health(False, f"IMAP: {error.code}", error.advice)

    def _health(self, reading: Reading) -> Health:
        counts = {folder: self._select(folder, writable=False).exists for folder in reading.folders}
        summary = f"IMAP: logged in, {', '.join(f'{count} mails in {name}' for name, count in counts.items())}"
        if reading.finds_sent:
            summary += f', copies of our mails in "{self.sent_folder()}"' if self.sent_folder() else ""
        summary += ", told of new mail at once (IDLE)" if self._can("IDLE") else ", asked at intervals (no IDLE)"
        if reading.filing == "keyword" and not self._takes_keywords(reading):
            return Health(False, "IMAP: no_keywords", MailboxUnavailable("no_keywords").advice)
        return Health(True, summary, " ".join(self._hints(reading)))

    def _takes_keywords(self, reading: Reading) -> bool:
        """A folder says what it keeps only when it is opened for writing; nothing is written."""
        return all(self._select(folder, writable=True).takes(reading.keyword) for folder in reading.folders)

    def _hints(self, reading: Reading) -> Iterator[str]:
        if reading.filing == "move" and not self._can("UIDPLUS"):
            kind = "Deleted" if self._can("MOVE") else "Moved and deleted"
            yield f"{kind} mails stay in their folder, marked as deleted, until somebody expunges it (no UIDPLUS)."
        if reading.finds_sent and not self.sent_folder():
            yield (
                "The server names no folder for sent mail: copies of our mails, if it keeps any, would stay. Name the "
                'folder in mailbox.sent, or say sent = "none".'
            )
        own = {self._server_name(folder).upper() for folder in reading.folders}
        for flags, _, name in guarded(self._client.list_folders):
            if b"\\Junk" in flags and str(name).upper() not in own:
                yield f'The folder "{name}" is for spam and is not read: a request in it counts too. Add it to junk.'

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

    def _select(self, folder: str, writable: bool) -> Selected:
        """Opens the folder anew, so that what has arrived since is seen; read-only leaves every flag alone."""
        name = self._server_name(folder)
        self._selected = None
        self._selected = guarded(lambda: self._selection(folder, name, writable))
        return self._selected

    def _selection(self, folder: str, name: str, writable: bool) -> Selected:
        try:
            return selected(folder, self._client.select_folder(name, readonly=not writable), writable=writable)
        except IMAPClientError as error:
            if not refused_by_server(error) or self._client.folder_exists(name):
                raise
        raise MailboxUnavailable("no_such_folder")

    def _is_at(self, key: MailKey, writable: bool) -> bool:
        """Makes the key's folder the open one; False where it was made anew and has none of the old mails."""
        opened = self._selected
        if opened is None or opened.folder != key.folder or (writable and not opened.writable):
            opened = self._select(key.folder, writable)
        return opened.uidvalidity == key.uidvalidity

    def _existing(self, keys: Sequence[MailKey], writable: bool) -> list[MailKey]:
        """Servers say OK to moving and flagging what is not there."""
        if not self._is_at(keys[0], writable):
            return []
        there = guarded(lambda: self._present(keys))
        return [key for key in keys if key.uid in there]

    def _present(self, keys: Sequence[MailKey]) -> set[int]:
        return set(self._client.search(["UID", ",".join(str(key.uid) for key in keys)]))

    def _on(self, keys: Sequence[MailKey], call: Callable[[IMAPClient], T]) -> T | None:
        """The call's value; None where the server refuses it because one of the mails has just vanished."""

        def attempt() -> T | None:
            try:
                return call(self._client)
            except IMAPClientError as error:
                if not refused_by_server(error) or len(self._present(keys)) == len(keys):
                    raise
                return None

        return guarded(attempt)

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
        return [uid for uid in uids if is_message_id(headers.get(uid, {}).get(name), message_id)]

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

    def _remove(self, keys: Sequence[MailKey]) -> Removal:
        uids = [key.uid for key in keys]
        self._on(keys, lambda client: client.delete_messages(uids, silent=True))
        if not self._can("UIDPLUS"):
            return Removal.MARKED
        self._on(keys, lambda client: client.uid_expunge(uids))
        return Removal.GONE


def _filed(client: IMAPClient, folder: str, command: Callable[[], object], most: int) -> dict[int, MailKey]:
    """The new keys of the mails that `command` puts into `folder`, by their old UIDs, from the response codes that
    tell them."""
    for code in ("APPENDUID", "COPYUID"):
        reply_codes(client, code)  # forget those of an earlier command
    command()
    return new_keys((*reply_codes(client, "APPENDUID"), *reply_codes(client, "COPYUID")), folder, most)
