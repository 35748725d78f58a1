"""The time that every file of an answer bears: the same draft always makes the same bytes, however often it is made."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from cases.draft import Draft

_NOON = time(12)


def dated(draft: Draft) -> datetime:
    """Noon of the day that the letter bears, where the company is: that day in UTC, too. Aware."""
    return datetime.combine(draft.written_on, _NOON, ZoneInfo(draft.controller.timezone)).astimezone(UTC)
