"""What has served its purpose goes: keys first, so that no copy of anything can be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cases.case import ENDS, Status
from flows.delivering import take_back, withdraw_expired
from flows.filing import key_of
from flows.house import House, mailbox_part
from infra.mailbox import Mailbox, MailboxUnavailable, MailGone, MailKey
from infra.settings import MAIN_MAILBOX
from infra.store.messages import Letter, Place
from infra.store.models import CaseRow
from infra.store.store import Transaction

PART_AGE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Retained:
    """What went, in numbers."""

    materials: int = 0
    records: int = 0
    mails: int = 0
    restored: int = 0


def retain(house: House) -> Retained:
    """Destroys what is due. The order is: mailbox, key, rows, blobs; a process killed in between goes on here."""
    restored = bury_restored(house)
    withdraw_expired(house)
    _set_dates(house)
    materials = sum(_destroy_material(house, case) for case in _due(house, "destroy_material_at"))
    records = sum(_destroy_record(house, case) for case in _due(house, "destroy_record_at"))
    mails = _forget_mails(house)
    _drop_forgotten(house)
    house.vault.sweep_parts(house.clock.now() - PART_AGE)
    return Retained(materials, records, mails, restored)


def bury_restored(house: House) -> int:
    """A restored backup may hold cases whose keys were destroyed since. They stay destroyed: nothing of them is
    searched, asked or sent again, and only the facts of the record remain, as long as their key does."""
    with house.store.begin() as tx:
        back = [case.number for case in tx.cases.all() if _came_back(house, tx.cases.row(case.number))]
        for case in back:
            _bury(house, tx, case)
        _forget_destroyed_days(house, tx)
    for case in back:
        house.vault.delete_owner(house.vault_owner(case))
    return len(back)


def _forget_destroyed_days(house: House, tx: Transaction) -> None:
    """Mails without a case whose day's key is gone: one row that cannot be opened would stop all that are read with
    it."""
    for key_id in tx.messages.day_keys() | tx.outbox.day_keys():
        if house.keystore.is_destroyed(key_id):
            tx.messages.forget_key(key_id)
            tx.outbox.forget_key(key_id)


def _came_back(house: House, row: CaseRow) -> bool:
    destroyed = house.keystore.is_destroyed
    return (row.sealed_person is not None and destroyed(row.material_key)) or destroyed(row.record_key)


def _bury(house: House, tx: Transaction, case: str) -> None:
    row = tx.cases.row(case)
    if house.keystore.is_destroyed(row.record_key):
        tx.messages.forget_case(case)
        tx.cases.delete(case)
        return
    _forget_rows(tx, case)
    tx.cases.note(case, "restored_but_destroyed")
    row.status = row.status if Status(row.status) in ENDS else Status.DESTROYED
    row.closed_at = row.closed_at or tx.now
    tx.alarms.raise_(case, "restored_but_destroyed")


def _set_dates(house: House) -> None:
    """An ended case gets its dates: the material goes some days after the end, the record years later (ACC-03/04)."""
    with house.store.begin() as tx:
        for case in tx.cases.in_status(*ENDS):
            row = tx.cases.row(case.number)
            if row.destroy_record_at is None and case.closed_at is not None:
                row.destroy_material_at = case.closed_at + timedelta(days=house.settings.retention.material_days)
                row.destroy_record_at = _record_end(house, case.closed_at)


def _record_end(house: House, closed: datetime) -> datetime:
    """The first moment after 31 December of the year some years on, in local time."""
    year = closed.astimezone(house.zone).year + house.settings.retention.record_years + 1
    return datetime(year, 1, 1, tzinfo=house.zone).astimezone(UTC)


def _due(house: House, column: str) -> list[str]:
    with house.store.begin() as tx:
        cases = tx.cases.in_status(*ENDS)
        return [case.number for case in cases if _is_due(getattr(tx.cases.row(case.number), column), tx.now)]


def _is_due(when: datetime | None, now: datetime) -> bool:
    return when is not None and when <= now


def _destroy_material(house: House, case: str) -> bool:
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        key_id, gone = row.material_key, row.sealed_person is None
        reopened = not _is_due(row.destroy_material_at, tx.now)  # an answer is corrected since the list was made
    if gone or reopened:
        return False
    if not take_back(house, case) or not _clear_mailbox(house, case) or not _clear_sent(house, case):
        return False
    house.keystore.destroy(key_id, house.clock.now())
    with house.store.begin() as tx:
        _forget_rows(tx, case)
        tx.cases.note(case, "material_destroyed")
    house.vault.delete_owner(house.vault_owner(case))
    return True


def _destroy_record(house: House, case: str) -> bool:
    with house.store.begin() as tx:
        key_id = tx.cases.row(case).record_key
    house.keystore.destroy(key_id, house.clock.now())
    with house.store.begin() as tx:
        tx.cases.delete(case)
    return True


def _forget_rows(tx: Transaction, case: str) -> None:
    row = tx.cases.row(case)
    tx.findings.drop(row)
    tx.answers.forget_packages(row)
    tx.messages.forget_case(case)
    tx.documents.forget_case(case)
    tx.challenges.forget_case(case)
    tx.outbox.forget_case(case)
    tx.runs.forget_case(case)
    tx.questions.settle_all(case)
    row.sealed_person = None
    row.destroy_material_at = None


def _clear_mailbox(house: House, case: str) -> bool:
    """Deletes the case's mails from the folders into which they were filed; False where a mailbox cannot be reached,
    so that the next night tries again. Where mails are only marked, or left, they are the company's own to delete:
    people work there, and the history says that something stayed."""
    with house.store.begin() as tx:
        letters = tx.messages.of_case(case)
    ours = [letter for letter in letters if _is_ours(house, letter)]
    if not all(_delete_mails(house, name, ours) for name in {letter.place.mailbox for letter in ours}):
        return False
    if len(ours) < len(letters):
        with house.store.begin() as tx:
            tx.cases.note(case, "mail_left_in_mailbox")
    return True


def _clear_sent(house: House, case: str) -> bool:
    """Deletes the copies of our own mails of a case that the mail server kept: those with exactly the Message-IDs of
    our outbox, which stand beside the sealed texts until the material has gone. False where the mailbox cannot be
    reached; a folder that is not there holds none, and the history says so."""
    folders = house.settings.mailbox.sent
    with house.store.begin() as tx:
        ours = tx.outbox.message_ids(case) if folders else ()
    if not ours:
        return True
    try:
        with house.mailbox(MAIN_MAILBOX) as mailbox:
            missing = [folder for folder in folders if not mailbox.has_folder(folder)]
            for folder in folders:
                if folder not in missing:
                    _delete_sent(mailbox, folder, ours)
    except MailboxUnavailable:
        with house.store.begin() as tx:
            tx.alarms.raise_(mailbox_part(MAIN_MAILBOX), "intake_failed")
        return False
    if missing:
        with house.store.begin() as tx:
            tx.cases.note(case, "sent_folder_missing")
    return True


def _delete_sent(mailbox: Mailbox, folder: str, message_ids: Sequence[str]) -> None:
    for message_id in message_ids:
        for key in mailbox.find_by_message_id(folder, message_id):
            with suppress(MailGone):
                mailbox.delete(key)


def _is_ours(house: House, letter: Letter) -> bool:
    account = house.settings.accounts.get(letter.place.mailbox)
    return account is not None and account.filing == "move"


def _delete_mails(house: House, name: str, letters: list[Letter]) -> bool:
    try:
        with house.mailbox(name) as mailbox:
            for letter in letters:
                if letter.place.mailbox == name:
                    _delete_mail(mailbox, letter)
    except MailboxUnavailable:
        with house.store.begin() as tx:
            tx.alarms.raise_(mailbox_part(name), "intake_failed")
        return False
    return True


def _delete_mail(mailbox: Mailbox, letter: Letter) -> None:
    with suppress(MailGone):
        mailbox.delete(key_of(letter))


def _drop_forgotten(house: House) -> None:
    """What is left of forgotten mails goes when they have left the mailbox as well. A mailbox that cannot be read is
    asked the next night."""
    for name, account in house.settings.accounts.items():
        with house.store.begin() as tx:
            forgotten = [seen for seen in tx.messages.places(name) if seen.state == "forgotten"]
        if not forgotten:
            continue
        with suppress(MailboxUnavailable), house.mailbox(name) as mailbox:
            folders = {*account.folders, account.done} & {seen.place.folder for seen in forgotten}
            listed = {folder: mailbox.keys(folder) for folder in sorted(folders) if mailbox.has_folder(folder)}
            with house.store.begin() as tx:
                tx.messages.delete_forgotten(seen.id for seen in forgotten if _has_left(seen.place, listed))


def _has_left(place: Place, listed: Mapping[str, list[MailKey]]) -> bool:
    """Whether its folder was read and it is not there. In a folder that was made anew it is looked for by its content
    first, when that is read."""
    keys = listed.get(place.folder)
    if keys is None or any(key.uidvalidity != place.uidvalidity for key in keys):
        return False
    return all(key.uid != place.uid for key in keys)


def _forget_mails(house: House) -> int:
    """Mail without a case goes with the key of its day."""
    limit = house.clock.now() - timedelta(days=house.settings.retention.mail_days)
    with house.store.begin() as tx:
        old = tx.messages.without_case_before(limit)
        for letter in old:
            tx.messages.forget(letter.id)
    house.vault.delete(*(letter.blob for letter in old))
    _destroy_day_keys(house, limit.date())
    return len(old)


def _destroy_day_keys(house: House, before: date) -> None:
    with house.store.begin() as tx:
        tx.outbox.forget_before(house.clock.now() - timedelta(days=house.settings.retention.mail_days))
        needed = tx.messages.day_keys() | tx.outbox.day_keys()
    for key_id in house.keystore.ids("day-"):
        if key_id not in needed and date.fromisoformat(key_id.removeprefix("day-")) < before:
            house.keystore.destroy(key_id, house.clock.now())
