"""Notices on their way into the outbox: to the person, and to those who look after the cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from cases.authorities import competent
from cases.case import Case, Status
from cases.draft import Notice
from cases.person import Person
from cases.request import Right
from flows.clocks import alarm_due
from flows.house import House
from flows.names import days_left
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.alarms import Alarm
from infra.store.sealed import Posted
from infra.store.store import Transaction
from outputs.notices import acknowledged, render

HOUR = timedelta(hours=1)
ACKNOWLEDGEMENT = "acknowledgement/"  # how the `once` of every acknowledgement begins
MOST_OF_A_KIND = 10  # alarms of one code that are told one by one; more of them at once are one mail
LATE_DAYS = 7  # an erasure that waits for an access case is told of when so many days are left


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a notice goes, what it answers, and when it may leave at the earliest."""

    recipient: str = field(repr=False)
    in_reply_to: str = field(default="", repr=False)
    not_before: datetime | None = None


def queue_notice(house: House, tx: Transaction, once: str, notice: Notice, to: Addressed) -> str:
    """Writes a notice into the outbox; `once` says what it is, so that it is never queued twice."""
    rendered = render(notice, house.controller)
    mail = Posted(to.recipient, rendered.subject, rendered.text, to.in_reply_to)
    key_id = _key(house, tx, notice)
    return tx.outbox.put("notice", once, notice.case or None, key_id, mail, house.mail_domain, to.not_before)


def for_the_post(house: House, person: Person, notice: Notice) -> str:
    """A notice as a letter, for whom no e-mail address is on file: the lines of the address, subject and text."""
    rendered = render(notice, house.controller)
    return "\n".join((*person.postal, "", rendered.subject, "", rendered.text))


def too_many(house: House, tx: Transaction, recipient: str) -> bool:
    """Whether this address got so many notices within an hour that another one would feed a mail loop."""
    return tx.outbox.recent_notices(recipient, HOUR) >= house.settings.post.notices_per_hour


def queue_acknowledgement(house: House, tx: Transaction, cases: Sequence[Case], person: Person) -> None:
    """One acknowledgement for these cases of one sender: dates, numbers, contact, and how the request itself is handled
    (TIM-11, Art. 13); nothing else. It takes its turn: a flood of requests does not leave as a flood of mails."""
    first, kept = cases[0], house.settings.retention
    where = house.settings.controller
    fields = [("row", acknowledged(case.number, house.today(case.received_at), case.due)) for case in cases]
    fields += [
        ("material_days", str(kept.material_days)),
        ("record_years", str(kept.record_years)),
        ("authority", competent(where.land, where.public_body).code),
    ]
    language = first.asked_in if first.asked_in in ("de", "en") else "both"
    slot = tx.outbox.next_slot(ACKNOWLEDGEMENT, house.settings.post.acknowledgements_per_hour)
    notice = Notice("acknowledgement", language, first.number, tuple(fields))
    to = Addressed(person.sender, person.message_id, slot)
    queue_notice(house, tx, f"{ACKNOWLEDGEMENT}{first.number}", notice, to)


def tell(house: House, tx: Transaction, alarms: Iterable[Alarm]) -> None:
    """Tells of alarms that nobody was told of yet: each by a mail of its own, but many of one kind by one."""
    by_code = sorted(alarms, key=lambda item: (item.code, item.management, item.id))
    for (code, _), group in groupby(by_code, key=lambda item: (item.code, item.management)):
        items = list(group)
        if len(items) > MOST_OF_A_KIND and all(_is_case(item) for item in items):
            _tell_many(house, tx, code, items)
        else:
            for item in items:
                _tell_one(house, tx, item)
        for item in items:
            tx.alarms.told(item.id)


def _tell_one(house: House, tx: Transaction, item: Alarm) -> None:
    if not _is_case(item):
        _to_all(house, tx, item, _of_part(house, tx, item))
    elif item.code == "other_right":
        _to_all(house, tx, item, _handover(house, tx, tx.cases.get(item.subject)))
    else:
        _to_all(house, tx, item, _of_case(house, tx, item))


def heard_by(house: House, item: Alarm) -> tuple[str, ...]:
    """Who is told of this stage of an alarm: whoever looks after it, and the management where it has come to that."""
    first = (house.settings.rights_handler,) if item.code == "other_right" else house.settings.alarm_recipients
    return tuple(dict.fromkeys((*first, *(house.settings.alarms.management if item.management else ()))))


def _to_all(house: House, tx: Transaction, item: Alarm, notice: Notice) -> None:
    """Once each time the alarm is raised."""
    for index, recipient in enumerate(heard_by(house, item)):
        queue_notice(house, tx, f"alarm/{item.id}/{item.raised_at.isoformat()}/{index}", notice, Addressed(recipient))


def _of_case(house: House, tx: Transaction, item: Alarm) -> Notice:
    case = tx.cases.get(item.subject)
    due = alarm_due(house, tx, case)
    fields = (("code", item.code), ("due", _day(due)), ("days_left", str(days_left(house, due, tx.now))))
    return Notice("alarm", house.settings.controller.language, case.number, fields)


def _of_part(house: House, tx: Transaction, item: Alarm) -> Notice:
    """An alarm about a part (mailbox, post, source), which belongs to no case."""
    language = house.settings.controller.language
    if item.code != "flood":
        return Notice("system_alarm", language, "", (("code", item.code),))
    fields = (("number", tx.state.get("flood").get("number", "0")), ("held", str(tx.outbox.held_back())))
    return Notice("flood", language, "", fields)


def _tell_many(house: House, tx: Transaction, code: str, items: Sequence[Alarm]) -> None:
    notice = Notice(
        "many_alarms", house.settings.controller.language, "", (("code", code), ("number", str(len(items))))
    )
    _to_all(house, tx, items[0], notice)


def _handover(house: House, tx: Transaction, case: Case) -> Notice:
    """To whoever handles the rights that this program does not: number, right, date, and what must wait (no data)."""
    if case.right == Right.ACCESS:  # an access request that somebody handles by hand has no right to name here
        return Notice("alarm", house.settings.controller.language, case.number, _plain(house, tx, case))
    due = alarm_due(house, tx, case)
    days = days_left(house, due, tx.now)
    fields = [("right", case.right), ("due", _day(due)), ("days_left", str(days))]
    fields += _access_first(tx, case, days)
    if case.status is not Status.DESTROYED and _authority_missing(tx, case.number):
        fields.append(("note", "authority"))
    return Notice("other_right", house.settings.controller.language, case.number, tuple(fields))


def _plain(house: House, tx: Transaction, case: Case) -> tuple[tuple[str, str], ...]:
    due = alarm_due(house, tx, case)
    return (("code", "other_right"), ("due", _day(due)), ("days_left", str(days_left(house, due, tx.now))))


def _access_first(tx: Transaction, case: Case, days: int) -> list[tuple[str, str]]:
    """Nobody deletes the data of an open access case."""
    if case.waits_for:
        return [("note", "access_late" if days <= LATE_DAYS else "access_open"), ("first", case.waits_for)]
    after = [event.what.partition(":")[2] for event in tx.cases.history(case.number) if event.what.startswith("after:")]
    return [("note", "access_over"), ("first", after[-1])] if after else []


def _authority_missing(tx: Transaction, case: str) -> bool:
    try:
        return tx.cases.person(case).authority_missing
    except (KeyStoreError, Tampered):
        return False


def _is_case(item: Alarm) -> bool:
    return item.subject.startswith("DSAR-")


def _key(house: House, tx: Transaction, notice: Notice) -> str:
    """The case's key; that of the day where there is no case or its material is gone: somebody must still be told."""
    material = tx.cases.row(notice.case).material_key if notice.case else ""
    return material if material and not house.keystore.is_destroyed(material) else house.day_key(tx.now)


def _day(day: date) -> str:
    return day.isoformat()
