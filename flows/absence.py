"""What happened while nothing ran: the first watch after it says which alarms it missed, in one mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.draft import Notice
from cases.ladder import Rung
from flows.house import House
from flows.notices import Addressed, queue_notice
from infra.store.store import Transaction

STATE = "watch"
MOST_ROWS = 200  # of one mail; what is more is counted


@dataclass(frozen=True, slots=True)
class Absence:
    """From the last watch to this one. `last_day`: the local day of the last watch."""

    since: datetime
    last_day: date


@dataclass(frozen=True, slots=True)
class Missed:
    """An alarm of a case whose day came while nothing ran."""

    case: str
    rung: Rung


def absence(house: House, tx: Transaction) -> Absence | None:
    """Whether nothing was watched for longer than the settings allow; notes that somebody watches now.
    A clock that was turned back ends what is known of times that have not come: somebody watches from now on."""
    known = tx.state.get(STATE)
    last = datetime.fromisoformat(known["at"]) if known.get("at") else None
    longest = timedelta(hours=house.settings.alarms.away_hours)
    gone = last is not None and tx.now - last > longest
    turned_back = any(datetime.fromisoformat(known[key]) > tx.now for key in ("at", "back_at") if known.get(key))
    back = tx.now.isoformat() if gone or turned_back else known.get("back_at", "")
    tx.state.set(STATE, at=tx.now.isoformat(), back_at=back)
    return Absence(last, house.today(last)) if gone and last is not None else None


def tell_missed(house: House, tx: Transaction, gone: Absence | None, missed: Sequence[Missed]) -> None:
    """One mail that says how long nothing ran and lists what was missed; what it lists is told by it."""
    if gone is None:
        return
    alarms = house.settings
    _queue(house, tx, gone, "dpo", missed, alarms.alarm_recipients)
    theirs = [item for item in missed if item.rung.management]
    others = [one for one in alarms.alarms.management if one not in alarms.alarm_recipients]
    if theirs:
        _queue(house, tx, gone, "management", theirs, others)
    listed = {(item.case, item.rung.code, item.rung.stage) for item in missed}
    for item in tx.alarms.standing():
        if (item.subject, item.code, item.stage) in listed and item.told_at is None:
            tx.alarms.told(item.id)


def _queue(
    house: House, tx: Transaction, gone: Absence, whom: str, missed: Sequence[Missed], recipients: Sequence[str]
) -> None:
    begins, ends = (moment.astimezone(house.zone) for moment in (gone.since, tx.now))
    ordered = sorted(missed, key=lambda item: (item.rung.day, item.case, item.rung.code))
    fields = [("since", f"{begins:%Y-%m-%dT%H:%M}"), ("until", f"{ends:%Y-%m-%dT%H:%M}"), ("number", str(len(missed)))]
    fields += [("missed", f"{each.rung.day}|{each.case}|{each.rung.code}") for each in ordered[:MOST_ROWS]]
    notice = Notice("caught_up", house.settings.controller.language, "", tuple(fields))
    for index, recipient in enumerate(recipients):
        queue_notice(house, tx, f"absence/{whom}/{gone.since.isoformat()}/{index}", notice, Addressed(recipient))
