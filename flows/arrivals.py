"""New mail: stored before anything else happens to it, in batches. What is new is what the store does not know; a mail
that a person moved is the same mail, and one that lies there twice, or in two mailboxes, is one letter."""

from __future__ import annotations

from collections.abc import Sequence

from flows.house import House
from flows.intake import TRUNCATED, raw_mail
from infra.letter_identity import letter_identity
from infra.mailbox import Fetched, Mailbox, MailboxUnavailable, MailKey
from infra.store.messages import Arrival, Letter, Place
from infra.store.store import Transaction
from infra.vault import BlobRef, VaultFull

MAX_MAIL_BYTES = 64 * 1024 * 1024
ATTEMPTS = 3  # a connection that breaks in the middle is made anew, as long as each brings something
BROKEN = ("refused", "timeout")
PORTION_BYTES = 16 * 1024 * 1024  # mails that are held in memory at once
PORTION = 50


def read_mailbox(house: House, name: str) -> tuple[int, str]:
    """Stores what is new in a mailbox; returns how many mails that were, and a code where it could not be read to its
    end or there is no room for what lies in it."""
    reader = _Reader(house, name)
    for _ in range(ATTEMPTS):
        before, trouble = reader.stored, reader.read()
        if trouble not in BROKEN or reader.stored == before:
            break
    return reader.stored, trouble


class _Reader:
    """Reads one mailbox. `stored`: how many mails were new so far, whatever happens after."""

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self._name = name
        self._account = house.settings.accounts[name]
        self._there: set[Place] = set()
        self._moved: set[Place] = set()  # old places whose mail was found elsewhere
        self.stored = 0

    def read(self) -> str:
        """A code where something stood in the way, else nothing."""
        try:
            with self._house.mailbox(self._name) as mailbox:
                self._read_all(mailbox)
        except MailboxUnavailable as error:
            return error.code
        except VaultFull:
            return "vault_full"
        return ""

    def _read_all(self, mailbox: Mailbox) -> None:
        listed = [key for folder in self._folders(mailbox) for key in mailbox.keys(folder)]
        self._there = {self._place(key) for key in listed}
        for folder in dict.fromkeys(key.folder for key in listed):
            here = [key for key in listed if key.folder == folder]
            for batch in mailbox.fetch(self._unknown(here), MAX_MAIL_BYTES):
                self._store(batch)

    def _folders(self, mailbox: Mailbox) -> tuple[str, ...]:
        """Where mail arrives, and where we file it: what a person put there without us, or what was filed by a process
        that died before it could note that, is found there."""
        done = self._account.done
        if self._account.filing == "move" and mailbox.has_folder(done):
            return (*self._account.folders, done)
        return self._account.folders

    def _unknown(self, keys: Sequence[MailKey]) -> list[MailKey]:
        with self._house.store.begin() as tx:
            known = tx.messages.known(self._name, keys[0].folder, keys[0].uidvalidity)
        return [key for key in keys if key.uid not in known]

    def _store(self, batch: Sequence[Fetched]) -> None:
        new = self._not_moved(batch)
        if not new:
            return
        key_id = self._house.day_key(self._house.clock.now())
        blobs = self._house.vault.write_all([("mail", key_id, mail.raw) for mail in new])
        arrivals = [self._arrival(mail, blob) for mail, blob in zip(new, blobs, strict=True)]
        with self._house.store.begin() as tx:
            tx.messages.add(arrivals)
        self.stored += len(new)

    def _arrival(self, mail: Fetched, blob: BlobRef) -> Arrival:
        problem = TRUNCATED if mail.truncated else ""
        return Arrival(self._place(mail.key), mail.raw, letter_identity(mail.raw), mail.arrived_at, blob, problem)

    def _not_moved(self, batch: Sequence[Fetched]) -> list[Fetched]:
        """The mails that are no stored ones that lie elsewhere now; of those the new place is noted. Another mailbox
        has a copy of its own."""
        new = []
        with self._house.store.begin() as tx:
            for mail, known in zip(batch, tx.messages.same_content([item.raw for item in batch]), strict=True):
                place = self._place(mail.key)
                gone = next((seen for seen in known if self._has_gone(seen.place)), None)
                if gone is None:
                    new.append(mail)
                else:
                    tx.messages.moved_to(gone.id, place, mail.arrived_at)
                    self._moved.add(gone.place)
        return new

    def _has_gone(self, place: Place) -> bool:
        return place.mailbox == self._name and place not in self._there and place not in self._moved

    def _place(self, key: MailKey) -> Place:
        return Place(self._name, key.folder, key.uidvalidity, key.uid)


def settle_copies(house: House) -> None:
    """Copies of a letter mean what the first one meant, and open nothing."""
    with house.store.begin() as tx:
        for letter in tx.messages.waiting("copy"):
            tx.messages.settle_copy(letter.id)
            _compare_arrival(house, tx, letter)


def _compare_arrival(house: House, tx: Transaction, letter: Letter) -> None:
    """A copy that was read later but had arrived on an earlier day: the clock of its case began too late, and a person
    must know."""
    number = tx.messages.get(letter.id).case
    case = tx.cases.get(number) if number else None
    if case is not None and case.open and house.today(letter.arrived_at) < house.today(case.received_at):
        tx.cases.note(case.number, "arrived_earlier")
        tx.cases.needs_attention(case.number, "arrived_earlier")
        tx.alarms.raise_(case.number, "arrived_earlier")


def rekey(house: House) -> None:
    """A mail that has a case is kept under the case's key, so that it goes with the case and not with the day."""
    with house.store.begin() as tx:
        waiting = tx.messages.under_day_key()
        keys = {letter.case: tx.cases.row(letter.case).material_key for letter in waiting if letter.case}
    for letters in portions(waiting):
        blobs = house.vault.write_all(
            [(house.vault_owner(item.case or ""), keys[item.case or ""], raw_mail(house, item)) for item in letters]
        )
        with house.store.begin() as tx:
            for letter, blob in zip(letters, blobs, strict=True):
                tx.messages.keep_under(letter.id, blob)
        house.vault.delete(*(letter.blob for letter in letters))


def portions(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Stored mails in their order, as many at once as may be held in memory."""
    found: list[list[Letter]] = []
    room = 0
    for letter in letters:
        if not found or len(found[-1]) == PORTION or letter.blob.size > room:
            found.append([])
            room = PORTION_BYTES
        found[-1].append(letter)
        room -= letter.blob.size
    return found
