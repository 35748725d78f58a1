"""Times of other clocks, also at both ends of the calendar: many systems write "for ever" as the last second of 9999
and "never" as the first of the year 1, and elsewhere that moment lies in a year that no calendar here has."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def on_clock_of(at: datetime, zone: tzinfo) -> datetime | None:
    """The aware time as clocks show it in another zone; None where it has no date there (years 1 to 9999)."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return None


def in_utc(at: datetime) -> str:
    """The aware time by ISO 8601 in UTC, `2026-11-20T08:05:00Z`; in its own zone where UTC has no date for it."""
    return (on_clock_of(at, UTC) or at).isoformat().replace("+00:00", "Z")
