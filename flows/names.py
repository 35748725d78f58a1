"""What a person reads in a list of runs: days left first, so that a list from A to Z is a list by urgency."""

from __future__ import annotations

from datetime import date, datetime

from flows.house import House

MOST_DAYS = 999


def days_left(house: House, due: date, now: datetime) -> int:
    """Calendar days until a due date in the controller's zone; negative once it has passed."""
    return (due - house.today(now)).days


def in_words(days: int) -> str:
    """In texts: `12 days left`, `today`, `3 days late`."""
    if days < 0:
        return f"{-days} days late" if days < -1 else "1 day late"
    return {0: "today", 1: "1 day left"}.get(days, f"{days} days left")


def sortable(days: int) -> str:
    """`003 Tage`; what is late is first, as `000 Tage`."""
    return f"{min(max(days, 0), MOST_DAYS):03} Tage"


def run_name(days: int, subject: str, *what: str) -> str:
    """`003 Tage · DSAR-2026-0007 · review`; of what is late, `… · 2 zu spät` at the end."""
    late = (f"{-days} zu spät",) if days < 0 else ()
    return " · ".join((sortable(days), subject, *(part for part in what if part), *late))
