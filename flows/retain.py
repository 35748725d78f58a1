"""What has served its purpose goes: keys first, so that no copy of anything can be read again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cases.case import ENDS, Status
from flows.delivering import take_back, withdraw_expired
from flows.house import House
from flows.outside import LINK, MAIL, SENT, clear_outside, link_folders, nameless, owe
from flows.record import keep_record
from infra.mailbox import MailboxUnavailable, MailKey
from infra.settings_sections import NO_COPIES
from infra.store.answers import GONE
from infra.store.messages import Place, Seen
from infra.store.models import CaseRow
from infra.store.store import Transaction

PART_AGE = timedelta(hours=6)
BEGUN, DESTROYED = "destroying_material", "material_destroyed"


@dataclass(frozen=True, slots=True)
class Retained:
    """What went, in numbers."""

    materials: int = 0
    records: int = 0
    mails: int = 0
    restored: int = 0


def retain(house: House) -> Retained:
    """Destroys what is due. The order is: rows, key, blobs, and then what lies outside, for as many nights as it takes;
    a process killed in between goes on here."""
    restored = bury_restored(house)
    withdraw_expired(house)
    _set_dates(house)
    materials = sum(_destroy_material(house, case) for case in _due(house, "destroy_material_at"))
    records = sum(_destroy_record(house, case) for case in _due(house, "destroy_record_at"))
    clear_outside(house)
    mails = _forget_mails(house)
    _drop_forgotten(house)
    _sweep_owners(house)
    house.vault.sweep_parts(house.clock.now() - PART_AGE)
    return Retained(materials, records, mails, restored)


def bury_restored(house: House) -> int:
    """A restored backup may hold cases whose keys were destroyed since. They stay destroyed: nothing of them is
    searched, asked or sent again, and only the facts of the record remain, as long as their key does."""
    with house.store.begin() as tx:
        back = [case.number for case in tx.cases.all() if _came_back(house, tx.cases.row(case.number))]
    for case in back:  # the blobs first: once the rows are gone nobody knows of them
        house.vault.delete_owner(house.vault_owner(case))
    with house.store.begin() as tx:
        for case in back:
            _bury(house, tx, case)
        _forget_destroyed_days(house, tx)
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
        _part_with_case(house, tx, case)
        tx.cases.delete(case)
        return
    _empty(house, tx, case)
    row.destroy_material_at = None
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
        due = [
            case.number
            for case in tx.cases.in_status(*ENDS)
            if _is_due(getattr(tx.cases.row(case.number), column), tx.now)
        ]
        return [case for case in due if not _is_asked(tx, case)]


def _is_asked(tx: Transaction, case: str) -> bool:
    """Whether a person still has to say if an answer arrived: if it did not, a new one is made of what is there."""
    return any(question.kind == "delivery" for question in tx.questions.open_ones(case))


def _is_due(when: datetime | None, now: datetime) -> bool:
    return when is not None and when <= now


def _destroy_material(house: House, case: str, *, with_record: bool = False) -> bool:
    """The first transaction is the last moment at which anybody can take the case up again. From then on it has no
    person, and its date stays until key and blobs are gone, so that the next night goes on."""
    with house.store.begin() as tx:
        row = tx.cases.locked(case)
        if not (with_record or (_is_due(row.destroy_material_at, tx.now) and not _is_asked(tx, case))):
            return False  # an answer is corrected, or came back, since the list was made
        if row.sealed_person is not None:
            tx.cases.note(case, BEGUN)
        _empty(house, tx, case)
        key_id = row.material_key
    house.keystore.destroy(key_id, house.clock.now())
    house.vault.delete_owner(house.vault_owner(case))
    with house.store.begin() as tx:
        tx.cases.row(case).destroy_material_at = None
        tx.cases.note(case, DESTROYED)
    take_back(house, case)
    return True


def _destroy_record(house: House, case: str) -> bool:
    """Nothing of a case outlives its record but what is left outside, without its number."""
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        key_id, whole = row.record_key, house.keystore.is_destroyed(row.material_key) and row.sealed_person is None
    if not whole:
        _destroy_material(house, case, with_record=True)
    with house.store.begin() as tx:
        _part_with_case(house, tx, case)
    house.keystore.destroy(key_id, house.clock.now())
    house.vault.delete_owner(house.vault_owner(case))
    with house.store.begin() as tx:
        tx.cases.delete(case)
    return True


def _part_with_case(house: House, tx: Transaction, case: str) -> None:
    """What is left outside is kept without the case."""
    _owe(house, tx, case)
    nameless(tx, case)
    tx.messages.forget_case(case)


def _empty(house: House, tx: Transaction, case: str) -> None:
    """Nothing of what was found and sent stands in a row any more; what lies outside is kept to be deleted there."""
    row = tx.cases.row(case)
    if not _owe(house, tx, case):
        tx.cases.note(case, "mail_left_in_mailbox")
    keep_record(house, tx, case)
    tx.answers.end_links(row)
    tx.findings.drop(row)
    tx.answers.forget_packages(row)
    tx.messages.forget_case(case)
    tx.documents.forget_case(case)
    tx.challenges.forget_case(case)
    tx.outbox.forget_case(case)
    tx.runs.forget_case(case)
    tx.questions.settle_all(case)
    row.sealed_person = None


def _owe(house: House, tx: Transaction, case: str) -> bool:
    """To be deleted outside are the mails that were filed into folders of ours, the copies of our own that the mail
    server kept, and the files of links. False where mails stay: those that are only marked, or left, are the company's
    to delete, for people work there."""
    mails = tx.messages.seen_of_case(case)
    ours = [seen for seen in mails if _is_ours(house, seen)]
    for seen in ours:
        owe(tx, case, MAIL, seen.id, seen.place.mailbox)
    if house.settings.mailbox.sent != NO_COPIES:
        for message_id in tx.outbox.message_ids(case):
            owe(tx, case, SENT, message_id)
    for version, link in tx.answers.link_states(case):
        for folder in link_folders(house, tx.answers.link_digest(case, version), link) if link.state != GONE else ():
            owe(tx, case, LINK, folder)
    return len(ours) == len(mails)


def _is_ours(house: House, seen: Seen) -> bool:
    account = house.settings.accounts.get(seen.place.mailbox)
    return account is not None and account.filing == "move"


def _sweep_owners(house: House) -> None:
    """Blobs of a case whose material is gone: somebody was killed before they were deleted. Of a case that is known to
    nobody nothing is touched: it may be about to be opened."""
    owners = house.vault.owners()
    with house.store.begin() as tx:
        rows = [tx.cases.row(case.number) for case in tx.cases.all() if house.vault_owner(case.number) in owners]
        gone = [row.number for row in rows if row.sealed_person is None]
        gone = [case for case in gone if house.keystore.is_destroyed(tx.cases.row(case).material_key)]
    for case in gone:
        house.vault.delete_owner(house.vault_owner(case))


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
