"""The mailbox: every mail is stored before anything else happens to it, and filed once it was handled. In this order,
so that a process killed anywhere in between goes on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass

from flows.house import House
from flows.intake import TRUNCATED, handle_stored, raw_mail
from infra.mailbox import Mailbox, MailboxUnavailable, MailGone, MailKey
from infra.parse import parse_message
from infra.store.messages import Letter
from infra.vault import BlobRef, VaultFull

MAX_MAIL_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll did, in numbers. `trouble`: a code where the mailbox could not be read."""

    stored: int = 0
    opened: int = 0
    attached: int = 0
    filed: int = 0
    trouble: str = ""


def poll(house: House) -> Polled:
    """Reads every configured folder, then handles whatever is stored. A mailbox that cannot be read is an alarm; mails
    that were stored before are handled all the same."""
    stored, trouble = _read(house)
    if trouble:
        _mailbox_fails(house, trouble)
    opened, attached = handle_stored(house)
    _rekey(house)
    filed = 0
    if not trouble:
        filed, trouble = _file_all(house)
        _mailbox_fails(house, trouble) if trouble else _mailbox_works(house)
    return Polled(stored, opened, attached, filed, trouble)


def _read(house: House) -> tuple[int, str]:
    """Stores what is new; returns how many mails that were, and a code where the mailbox could not be read or there
    is no room for what lies in it."""
    try:
        with house.mailbox() as mailbox:
            return _store_new(house, mailbox), ""
    except MailboxUnavailable as error:
        return 0, error.code
    except VaultFull:
        return 0, "vault_full"


def _store_new(house: House, mailbox: Mailbox) -> int:
    count = 0
    for folder in (house.settings.mailbox.inbox, *house.settings.mailbox.junk):
        known = _Known(house)
        for key in mailbox.unseen_keys(folder, known):
            count += _store(house, mailbox, key)
    return count


class _Known:
    """Whether a mail is stored already; asks the store once for each folder."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._uids: dict[tuple[str, int], frozenset[int]] = {}

    def __call__(self, key: MailKey) -> bool:
        place = (key.folder, key.uidvalidity)
        if place not in self._uids:
            with self._house.store.begin() as tx:
                self._uids[place] = tx.messages.known(*place)
        return key.uid in self._uids[place]


def _store(house: House, mailbox: Mailbox, key: MailKey) -> int:
    """Stores one mail before anything else happens to it; returns 1 if it was new."""
    try:
        fetched = mailbox.fetch(key, MAX_MAIL_BYTES)
    except MailGone:
        return 0
    place = (key.folder, key.uidvalidity, key.uid)
    with house.store.begin() as tx:
        known = tx.messages.same_content(fetched.raw)
        if known is not None and not _lies_beside(known, key):
            tx.messages.moved_to(known.id, place)
            return 0
    blob = _keep(house, fetched.raw, "mail", house.day_key(house.clock.now()))
    message = parse_message(fetched.raw, fetched.arrived_at)
    with house.store.begin() as tx:
        problem = TRUNCATED if fetched.truncated else ""
        letter = tx.messages.add(place, fetched.raw, message.message_id, fetched.arrived_at, blob, problem)
        if known is not None:  # a second copy, byte by byte: it stays where it lies, and opens nothing
            tx.messages.recognised(letter, known.verdict, None)
            tx.messages.filed(letter)
    return 1 if known is None else 0


def _lies_beside(known: Letter, key: MailKey) -> bool:
    """Whether the mailbox holds two copies of one mail; another UIDVALIDITY or folder means that it was moved."""
    return (known.folder, known.uidvalidity) == (key.folder, key.uidvalidity) and known.uid != key.uid


def _keep(house: House, raw: bytes, owner: str, key_id: str) -> BlobRef:
    with house.vault.write(owner, key_id) as sink:
        sink.write(raw)
    return sink.ref


def _rekey(house: House) -> None:
    """A mail that has a case is kept under the case's key, so that it goes with the case and not with the day."""
    with house.store.begin() as tx:
        letters = [
            (letter, tx.cases.row(letter.case).material_key) for letter in tx.messages.under_day_key() if letter.case
        ]
    for letter, key_id in letters:
        blob = _keep(house, raw_mail(house, letter), house.vault_owner(letter.case or ""), key_id)
        with house.store.begin() as tx:
            tx.messages.keep_under(letter.id, blob)
        house.vault.delete(letter.blob)


def _file_all(house: House) -> tuple[int, str]:
    """Moves the mails of cases into their folder and leaves everything else where it is; returns how many were moved,
    and a code where the mailbox did not let us."""
    with house.store.begin() as tx:
        waiting = tx.messages.waiting("recognised")
        for letter in waiting:
            if letter.case is None:
                tx.messages.filed(letter.id)
    ours = [letter for letter in waiting if letter.case is not None]
    if not ours:
        return 0, ""
    try:
        with house.mailbox() as mailbox:
            for letter in ours:
                _file(house, mailbox, letter)
    except MailboxUnavailable as error:
        return 0, error.code
    return len(ours), ""


def _file(house: House, mailbox: Mailbox, letter: Letter) -> None:
    try:
        moved = mailbox.move(MailKey(letter.folder, letter.uidvalidity, letter.uid), house.settings.mailbox.done)
    except MailGone:  # a person was faster; the mail is stored here
        moved = None
    place = moved.key if moved else None
    with house.store.begin() as tx:
        tx.messages.filed(letter.id, (place.folder, place.uidvalidity, place.uid) if place else None)


def _mailbox_works(house: House) -> None:
    with house.store.begin() as tx:
        tx.state.set("mailbox", read_at=tx.now.isoformat(), trouble="")
        tx.alarms.clear("mailbox", "intake_failed")


def _mailbox_fails(house: House, code: str) -> None:
    """An unreadable mailbox must not look like an empty one: the report shows it, and the alarm goes out by mail."""
    with house.store.begin() as tx:
        before = tx.state.get("mailbox")
        tx.state.set("mailbox", read_at=before.get("read_at", ""), trouble=code)
        tx.alarms.raise_("mailbox", "intake_failed")
