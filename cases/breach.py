"""The clock of a personal data breach: 72 hours from the moment at which the controller became aware (Art. 33(1) GDPR).

The hours are counted as they pass, over nights, weekends and holidays: Art. 3(4) of Regulation 1182/71 shifts no period
expressed in hours, and whatever Art. 3(5) may add is not relied upon.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

NOTIFY_WITHIN = timedelta(hours=72)
LAST_DAY = timedelta(hours=24)


class Outcome(StrEnum):
    """How a breach task ends, by a person's record."""

    NOTIFIED = "notified"
    NOT_NOTIFIABLE = "not_notifiable"  # unlikely to result in a risk (Art. 33(1)); documented all the same (33(5))


def notify_by(known_at: datetime) -> datetime:
    """The first moment that is too late for the notification. ValueError for a time without a zone."""
    if known_at.tzinfo is None:
        raise ValueError("a time without a zone is no moment: give it an offset such as +01:00")
    return known_at + NOTIFY_WITHIN


def alarm_of(due_at: datetime, now: datetime) -> str:
    """The alarm that an open task calls for now: open, its last day, or over."""
    if now >= due_at:
        return "breach_overdue"
    return "breach_due" if due_at - now <= LAST_DAY else "breach_open"
