"""What is done in the mailbox with mails that were handled: mails of cases are moved, or marked where people work, and
everything else stays as it is. Where nothing may be written, nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.house import House
from infra.mail_values import BATCH
from infra.mailbox import Mailbox, MailboxUnavailable, MailKey
from infra.settings_sections import AccountSection
from infra.store.messages import Letter, Place


def file_all(house: House) -> tuple[int, Mapping[str, str]]:
    """Files every recognised mail; returns how many were moved or marked, and a code for each mailbox that did not let
    us. A mailbox that fails stops no other."""
    waiting = _to_be_filed(house)
    filed, troubles = 0, {}
    for name, letters in waiting.items():
        try:
            with house.mailbox(name) as mailbox:
                filed += _file(house, name, mailbox, letters)
        except MailboxUnavailable as error:
            troubles[name] = error.code
    return filed, troubles


def _to_be_filed(house: House) -> dict[str, list[Letter]]:
    """The mails by their mailbox; those with which nothing is to be done are noted as filed."""
    waiting: dict[str, list[Letter]] = {}
    with house.store.begin() as tx:
        for letter in tx.messages.waiting("recognised"):
            account = house.settings.accounts.get(letter.place.mailbox)
            if letter.case is None or account is None or not _needs_filing(account, letter.place):
                tx.messages.filed(letter.id)
            else:
                waiting.setdefault(letter.place.mailbox, []).append(letter)
    return waiting


def _needs_filing(account: AccountSection, place: Place) -> bool:
    if account.filing == "leave":
        return False
    return account.filing == "keyword" or place.folder != account.done


def _file(house: House, name: str, mailbox: Mailbox, letters: Sequence[Letter]) -> int:
    account = house.settings.accounts[name]
    count = 0
    for batch in _batches(letters):
        keys = [key_of(letter) for letter in batch]
        places: dict[str, Place] = {}
        if account.filing == "keyword":
            mailbox.mark(keys, account.keyword)
        else:
            places = _moved(name, mailbox, batch, account.done)
        with house.store.begin() as tx:
            for letter in batch:  # one that a person has moved or deleted meanwhile is stored here all the same
                tx.messages.filed(letter.id, places.get(letter.id))
        count += len(batch)
    return count


def _moved(name: str, mailbox: Mailbox, batch: Sequence[Letter], done: str) -> dict[str, Place]:
    """Where the mails are now, as far as the server says."""
    moved = mailbox.move([key_of(letter) for letter in batch], done)
    new = {letter.id: answer.key for letter in batch if (answer := moved.get(key_of(letter))) is not None}
    return {letter: Place(name, key.folder, key.uidvalidity, key.uid) for letter, key in new.items() if key is not None}


def _batches(letters: Sequence[Letter]) -> Iterator[list[Letter]]:
    """Mails of one folder each."""
    folders: dict[tuple[str, int], list[Letter]] = {}
    for letter in letters:
        folders.setdefault((letter.place.folder, letter.place.uidvalidity), []).append(letter)
    for theirs in folders.values():
        for start in range(0, len(theirs), BATCH):
            yield theirs[start : start + BATCH]


def key_of(letter: Letter) -> MailKey:
    """Where the mail lies within its mailbox."""
    return MailKey(letter.place.folder, letter.place.uidvalidity, letter.place.uid)
