"""Notices on their way into the outbox: to the person, and to those who look after the cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from cases.case import Case
from cases.draft import Notice
from cases.person import Person
from flows.house import House
from infra.store.sealed import Posted
from infra.store.store import Transaction
from infra.store.work import Alarm
from outputs.notices import render

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where a notice goes, and what it answers."""

    recipient: str = field(repr=False)
    in_reply_to: str = field(default="", repr=False)


def queue_notice(house: House, tx: Transaction, once: str, notice: Notice, to: Addressed) -> str:
    """Writes a notice into the outbox; `once` says what it is, so that it is never queued twice."""
    rendered = render(notice, house.controller)
    mail = Posted(to.recipient, rendered.subject, rendered.text, to.in_reply_to)
    return tx.outbox.put("notice", once, notice.case or None, _key(house, tx, notice), mail, house.mail_domain)


def too_many(house: House, tx: Transaction, recipient: str) -> bool:
    """Whether this address got so many notices within an hour that another one would feed a mail loop."""
    return tx.outbox.recent_notices(recipient, HOUR) >= house.settings.post.notices_per_hour


def acknowledge(house: House, tx: Transaction, case: Case, person: Person) -> None:
    """The acknowledgement: dates, number, contact; nothing else (TIM-11)."""
    notice = Notice(
        "acknowledgement",
        case.language,
        case.number,
        (("received", _day(house.today(case.received_at))), ("due", _day(case.due))),
    )
    queue_notice(house, tx, f"acknowledgement/{case.number}", notice, Addressed(person.sender, person.message_id))


def alarm(house: House, tx: Transaction, case: Case, raised: Alarm, days: int) -> None:
    """Tells everybody who gets the report that a case needs somebody; once each time the alarm is raised."""
    code = raised.code
    fields = (("code", code), ("due", _day(case.due)), ("days_left", str(days)))
    notice = Notice("alarm", house.settings.controller.language, case.number, fields)
    for index, recipient in enumerate(house.settings.report_recipients):
        once = f"alarm/{raised.id}/{raised.raised_at.isoformat()}/{index}"
        queue_notice(house, tx, once, notice, Addressed(recipient))


def _key(house: House, tx: Transaction, notice: Notice) -> str:
    """The case's key; that of the day where there is no case or its material is gone: somebody must still be told."""
    material = tx.cases.row(notice.case).material_key if notice.case else ""
    return material if material and not house.keystore.is_destroyed(material) else house.day_key(tx.now)


def _day(day: date) -> str:
    return day.isoformat()
