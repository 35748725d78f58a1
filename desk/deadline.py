"""`auskunft deadline`: the words of the command line in, the deadline as JSON values out."""

from __future__ import annotations

from datetime import date, datetime

from cases.deadline import BERLIN, Deadline, Extension, deadline, internal_target, zone_of


def deadline_json(
    received: str,
    land: str = "",
    region: str = "",
    extended: bool = False,
    extension: str = "",
    paused_days: int = 0,
    restarted_on: str = "",
    *,
    zone: str = BERLIN,
) -> dict[str, object]:
    """The deadline with the keys `due`, `nominal_end`, `due_at`, `safe_target` and `derivation` (`de`, `en`), and
    beside them the internal target, the last day to announce an extension with its safe day, the due day without a
    suspension, and the list of holidays by which all was counted.

    `received` is an ISO 8601 date or time; without an offset it is local time in `zone`. Empty strings mean not given;
    the case of letters of Land and region does not matter. ValueError says what is allowed.
    """
    counted = deadline(
        _moment(received, zone),
        land=land.strip().upper() or None,
        region=region.strip().lower() or None,
        extended=extended,
        extension=_extension(extension),
        paused_days=paused_days,
        restarted_on=_day(restarted_on),
        zone=zone,
    )
    return _as_json(counted)


def _moment(text: str, zone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("--received must be an ISO 8601 time such as 2026-03-05T10:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone_of(zone))


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("--restarted-on must be an ISO 8601 date such as 2026-06-17") from None


def _extension(text: str) -> Extension:
    try:
        return Extension(text.strip() or Extension.FROM_RECEIPT)
    except ValueError:
        raise ValueError(f"--extension must be one of {', '.join(Extension)}") from None


def _as_json(counted: Deadline) -> dict[str, object]:
    return {
        "due": counted.due.isoformat(),
        "nominal_end": counted.nominal_end.isoformat(),
        "due_at": counted.due_at.isoformat().replace("+00:00", "Z"),
        "safe_target": counted.safe_target.isoformat(),
        "internal_target": internal_target(counted).isoformat(),
        "notice_due": counted.notice_due.isoformat(),
        "notice_safe_target": counted.notice_safe_target.isoformat(),
        "due_unsuspended": counted.due_unsuspended.isoformat(),
        "holiday_list": counted.holiday_list,
        "derivation": {"de": counted.derivation.de, "en": counted.derivation.en},
    }
