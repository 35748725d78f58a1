"""Due dates as a calendar (RFC 5545, with RFC 7986) that others subscribe to: case numbers, codes and dates only.

Every entry is a whole day. UID stays the same for a case and kind; SEQUENCE only grows, and DTSTAMP and LAST-MODIFIED
are those of the entry and not of the moment of writing, so that the same cases give the same bytes.

What is no longer open is left out and not sent as CANCELLED: a subscriber takes the file as the whole calendar and
drops what is gone, while cancelled entries stay there struck through, in some programs for ever, and would keep the
number of a case whose record was deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from icalendar import Calendar, Event, vText

from outputs.report import Row
from outputs.texts import Texts, texts

Kind = Literal["due", "target", "notice"]
_PRODUCT = "-//Auskunft//Auskunft//DE"
_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """An open case for the calendar. `changed_at` (aware): when something of it last changed; `changes` counts the
    steps of its history, and so grows with every change."""

    row: Row
    changed_at: datetime
    changes: int


def calendar(cases: Iterable[Dated], controller: str, domain: str, language: str) -> bytes:
    """The calendar as UTF-8 with CRLF, folded at 75 octets. `domain` makes the UIDs the controller's own."""
    words = texts(language)
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    for name in ("name", "x-wr-calname"):
        made.add(name, vText(words("report.calendar.name", controller=controller)))  # else it is not escaped
    made.add("refresh-interval", _EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for case in cases:
        for kind, day in _days(case.row):
            made.add_component(_event(case, kind, day, domain, words))
    return bytes(made.to_ical())


def _days(row: Row) -> Iterable[tuple[Kind, date]]:
    yield "due", row.due
    if row.target:
        yield "target", row.target
    if row.notice_due:
        yield "notice", row.notice_due


def _event(case: Dated, kind: Kind, day: date, domain: str, words: Texts) -> Event:
    row, at = case.row, case.changed_at.astimezone(UTC)
    made = Event()
    made.add("uid", f"{row.case}-{kind}@{domain}".lower())
    made.add("dtstamp", at)
    made.add("last-modified", at)
    made.add("sequence", case.changes)
    made.add("dtstart", day)
    made.add("dtend", day + timedelta(days=1))
    made.add("summary", words(f"report.calendar.{kind}", case=row.case))
    made.add("description", _description(row, words))
    made.add("categories", [words("report.calendar.category")])
    made.add("transp", "TRANSPARENT")
    made.add("status", "CONFIRMED")
    return made


def _description(row: Row, words: Texts) -> str:
    """What does not change from day to day: an entry that says how many days are left would be wrong tomorrow."""
    lines = (
        words(f"status.{row.status.value}"),
        words("report.waits", who=words(f"waiting.{row.waiting_for}")),
        words("report.calendar.dates", received=words.date(row.received), due=words.date(row.due)),
    )
    return "\n".join(lines)
