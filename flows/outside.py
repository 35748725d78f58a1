"""What of a destroyed case still lies outside this house: mails in a mailbox, files in a cloud.

The keys go on their day, whatever can be reached then. What is needed to try again is kept: which stored mail it was,
a Message-ID of ours, the folder of a link. None of that says anything about anybody, so it may outlive material and
record. Every night tries again, and an alarm stands until nothing is left; `auskunft doctor` names what a person
deletes by hand where the program never will.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from flows.house import House, mailbox_part
from infra.mailbox import Mailbox, MailboxUnavailable, MailGone, MailKey
from infra.settings import MAIN_MAILBOX
from infra.share import ShareFailed
from infra.store.answers import GONE, OVER, Link
from infra.store.store import Transaction

PART, ALARM = "outside", "left_outside"
MAIL, SENT, LINK = "mail", "sent", "link"
# The steps by which a history tells of it, and of mails that stay where they are.
STEPS = (ALARM, "nothing_left_outside", "deleted_outside:", "sent_folder_", "mail_left_in_mailbox")
NOT_TAKEN_BACK = "link_not_taken_back"
_PREFIX = "outside/"


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is still to be deleted. `what`: the stored mail's id, our Message-ID, or the folder of the link.
    `case`: empty once its record is gone. `told`: the history says that it stayed."""

    name: str
    kind: str
    case: str
    mailbox: str
    what: str
    told: bool

    @property
    def short(self) -> str:
        """What people type for it."""
        return self.name.rpartition("/")[2][:8]


Deleting = Callable[[House, Mailbox, Sequence[Left]], None]


def owe(tx: Transaction, case: str, kind: str, what: str, mailbox: str = "") -> None:
    """Something to be deleted outside; said twice it is one."""
    name = f"{_PREFIX}{kind}/{hashlib.sha256(what.encode()).hexdigest()[:32]}"
    if not tx.state.get(name):
        _keep(tx, Left(name, kind, case, mailbox, what, told=False))


def owed(tx: Transaction) -> tuple[Left, ...]:
    return tuple(
        Left(name, kept["kind"], kept["case"], kept["mailbox"], kept["what"], kept["told"] == "yes")
        for name, kept in tx.state.under(_PREFIX).items()
    )


def nameless(tx: Transaction, case: str) -> None:
    """The record of a case goes: what is left outside is of no case any more."""
    for left in owed(tx):
        if left.case == case:
            _keep(tx, Left(left.name, left.kind, "", left.mailbox, left.what, told=True))


def by_hand(house: House, tx: Transaction, item: Left, by: str, how: str) -> None:
    """A person has deleted it where the program cannot. Of a case that has no record any more nobody keeps who."""
    tx.state.drop(item.name)
    if item.case:
        tx.cases.note(item.case, f"deleted_outside:{item.kind}", by, how)
        _links_gone(house, tx, item.case)
    if not owed(tx):
        tx.alarms.clear(PART, ALARM)


def _links_gone(house: House, tx: Transaction, case: str) -> None:
    left = {item.what for item in owed(tx)}
    for version, link in tx.answers.link_states(case):
        folders = link_folders(house, tx.answers.link_digest(case, version), link)
        if link.state == OVER and not left.intersection(folders):
            tx.answers.swap_link(tx.cases.row(case), version, link, replace(link, state=GONE))
            tx.alarms.clear(case, NOT_TAKEN_BACK)


def where(tx: Transaction, item: Left) -> str:
    """Where a person finds it; nothing of it says anything about anybody."""
    if item.kind == LINK:
        return f"Nextcloud: {item.what}"
    if item.kind == SENT:
        return f"Postfach / mailbox {MAIN_MAILBOX}: Message-ID {item.what}"
    seen = {one.id: one for one in tx.messages.places(item.mailbox)}.get(item.what)
    place = f"{seen.place.folder}, {seen.arrived_at:%Y-%m-%d %H:%M} UTC, UID {seen.place.uid}" if seen else "?"
    return f"Postfach / mailbox {item.mailbox}: {place}"


def clear_outside(house: House) -> int:
    """Tries to delete what is left outside; returns how much still is, for which an alarm stands."""
    with house.store.begin() as tx:
        left = owed(tx)
    for name in sorted({item.mailbox for item in left if item.kind == MAIL}):
        _in_mailbox(house, name, [item for item in left if (item.kind, item.mailbox) == (MAIL, name)], _delete_mails)
    _in_mailbox(house, MAIN_MAILBOX, [item for item in left if item.kind == SENT], _delete_sent)
    for link in (item for item in left if item.kind == LINK):
        _delete_link(house, link)
    return _settle(house, left)


def _in_mailbox(house: House, name: str, items: Sequence[Left], delete: Deleting) -> None:
    """A mailbox that cannot be reached is asked the next night; one that is in the settings no more, by a person."""
    if not items or name not in house.settings.accounts:
        return
    try:
        with house.mailbox(name) as mailbox:
            delete(house, mailbox, items)
    except MailboxUnavailable:
        with house.store.begin() as tx:
            tx.alarms.raise_(mailbox_part(name), "intake_failed")


def _delete_mails(house: House, mailbox: Mailbox, items: Sequence[Left]) -> None:
    """Each where it lies today: a mail that somebody moved was followed there."""
    with house.store.begin() as tx:
        places = {seen.id: seen.place for seen in tx.messages.places(items[0].mailbox)}
    for item in items:
        place = places.get(item.what)
        if place is not None and mailbox.has_folder(place.folder):
            with suppress(MailGone):
                mailbox.delete(MailKey(place.folder, place.uidvalidity, place.uid))
        _done(house, item)


def _delete_sent(house: House, mailbox: Mailbox, items: Sequence[Left]) -> None:
    """The copies of our own mails that the mail server kept: those with exactly the Message-IDs of our outbox. Where
    nobody knows the folder, or it is not there, the history says so."""
    folders, missing = _sent_folders(house, mailbox)
    if missing:
        _note(house, {item.case for item in items}, missing)
    for item in items:
        for folder in folders:
            for key in mailbox.find_by_message_id(folder, item.what):
                with suppress(MailGone):
                    mailbox.delete(key)
        _done(house, item)


def _sent_folders(house: House, mailbox: Mailbox) -> tuple[list[str], str]:
    """The folders to look through, and what the history says of those that are not."""
    named = house.settings.mailbox.sent
    if named:
        there = [folder for folder in named if mailbox.has_folder(folder)]
        return there, "" if len(there) == len(named) else "sent_folder_missing"
    found = mailbox.sent_folder()
    return ([found], "") if found else ([], "sent_folder_unknown")


def link_folders(house: House, digest: str, link: Link) -> list[str]:
    """The folders of a package in the cloud: each upload has its own (`flows.delivering`)."""
    folder = f"{house.settings.delivery.folder.strip('/')}/{digest[:20]}"
    return [folder if upload == 1 else f"{folder}-{upload}" for upload in range(1, link.upload + 1)]


def _delete_link(house: House, link: Left) -> None:
    if house.cloud is None:
        return
    with suppress(ShareFailed):
        house.cloud.withdraw(link.what)
        _done(house, link)


def _settle(house: House, before: Iterable[Left]) -> int:
    """The histories say what stayed and, later, that it is gone; the alarm stands while anything is left."""
    with house.store.begin() as tx:
        left = owed(tx)
        open_cases = {item.case for item in left}
        for case in sorted({item.case for item in left if item.case and not item.told}):
            tx.cases.note(case, ALARM)
        for case in sorted({item.case for item in before if item.case and item.told} - open_cases):
            tx.cases.note(case, "nothing_left_outside")
        for item in left:
            _keep(tx, Left(item.name, item.kind, item.case, item.mailbox, item.what, told=True))
        if left:
            tx.alarms.raise_(PART, ALARM)
        else:
            tx.alarms.clear(PART, ALARM)
    return len(left)


def _note(house: House, cases: Iterable[str], what: str) -> None:
    with house.store.begin() as tx:
        for case in sorted(filter(None, cases)):
            tx.cases.note(case, what)


def _done(house: House, item: Left) -> None:
    with house.store.begin() as tx:
        tx.state.drop(item.name)


def _keep(tx: Transaction, item: Left) -> None:
    kept = {"kind": item.kind, "case": item.case, "mailbox": item.mailbox, "what": item.what}
    tx.state.set(item.name, **kept, told="yes" if item.told else "")
