"""What has served its purpose goes: keys first, so that no copy of anything can be read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cases.case import ENDS, Status
from flows.house import House
from infra.mailbox import Mailbox, MailboxUnavailable, MailGone, MailKey
from infra.store.messages import Letter
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
    _set_dates(house)
    materials = sum(_destroy_material(house, case) for case in _due(house, "destroy_material_at"))
    records = sum(_destroy_record(house, case) for case in _due(house, "destroy_record_at"))
    mails = _forget_mails(house)
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
    if gone:
        return False
    if not _clear_mailbox(house, case):
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
    tx.outbox.forget_case(case)
    tx.runs.forget_case(case)
    tx.questions.settle_all(case)
    row.sealed_person = None
    row.destroy_material_at = None


def _clear_mailbox(house: House, case: str) -> bool:
    """Deletes the case's mails from the folder into which they were filed; False where the mailbox cannot be reached,
    so that the next night tries again."""
    with house.store.begin() as tx:
        letters = tx.messages.of_case(case)
    if not letters:
        return True
    try:
        with house.mailbox() as mailbox:
            for letter in letters:
                _delete_mail(mailbox, letter)
    except MailboxUnavailable:
        with house.store.begin() as tx:
            tx.alarms.raise_("mailbox", "intake_failed")
        return False
    return True


def _delete_mail(mailbox: Mailbox, letter: Letter) -> None:
    try:
        mailbox.delete(MailKey(letter.folder, letter.uidvalidity, letter.uid))
    except MailGone:
        return


def _forget_mails(house: House) -> int:
    """Mail without a case goes with the key of its day."""
    limit = house.clock.now() - timedelta(days=house.settings.retention.mail_days)
    with house.store.begin() as tx:
        old = tx.messages.without_case_before(limit)
        for letter in old:
            tx.messages.forget(letter.id)
    for letter in old:
        house.vault.delete(letter.blob)
    _destroy_day_keys(house, limit.date())
    return len(old)


def _destroy_day_keys(house: House, before: date) -> None:
    with house.store.begin() as tx:
        tx.outbox.forget_before(house.clock.now() - timedelta(days=house.settings.retention.mail_days))
        needed = tx.messages.day_keys() | tx.outbox.day_keys()
    for key_id in house.keystore.ids("day-"):
        if key_id not in needed and date.fromisoformat(key_id.removeprefix("day-")) < before:
            house.keystore.destroy(key_id, house.clock.now())
