"""What is open, for people: the daily mail to the DPO, an artifact in the Prefect UI, and the alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.case import Case
from cases.draft import Notice
from flows.house import House, mailbox_part
from flows.notices import Addressed, queue_notice, tell
from flows.open_cases import rows
from flows.opening import wake_waiting
from flows.reconcile import days_left
from flows.timeline import timeline
from infra.store.alarms import Alarm
from infra.store.facts import Step
from infra.store.store import Transaction
from outputs.report import Row, packed

NOT_PUT_YET = {
    "queued": "Fragen, die noch nicht in der Oberfläche stehen / questions that are not put yet",
    "held": "Mails, die gestaffelt hinausgehen und noch warten / mails that wait for their turn",
}
POLL_SILENCE = timedelta(minutes=60)
DUE_CODES = ((0, "due_today"), (1, "due_tomorrow"), (7, "due_soon"))
# What is over when its case has ended. A mail that did not arrive, or one that came, is not.
OVER_WITH_THE_CASE = (
    "due_soon",
    "due_tomorrow",
    "due_today",
    "overdue",
    "target_passed",
    "other_right",
    "withdrawal_received",
    "wrong_codes",
    "package_refused",
)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch did, in numbers."""

    open: int
    overdue: int
    alarms: int


def watch(house: House) -> Watched:
    """Raises the alarms that dates and silence call for, and tells every one that nobody was told of yet."""
    with house.store.begin() as tx:
        cases, steps = tx.cases.still_open(), tx.facts.steps_of_open()
        for case in cases:
            _raise_by_date(house, tx, case, steps.get(case.number, ()))
        wake_waiting(house, tx)
        _raise_silence(house, tx)
        _end_with_cases(tx, {case.number for case in cases})
        untold = [item for item in tx.alarms.standing() if item.told_at is None]
        tell(house, tx, untold)
    overdue = sum(days_left(house, case.due, house.clock.now()) < 0 for case in cases)
    return Watched(len(cases), overdue, len(untold))


def daily_report(house: House) -> tuple[Row, ...]:
    """Queues the daily mail to everybody who gets it, once a day; returns its rows for the artifact."""
    with house.store.begin() as tx:
        table, (_, head), today = rows(house, tx), tx.cases.head(), house.today(tx.now)
        notice = _report_notice(house, table, tx.alarms.standing(), head, today, not_put_yet(tx))
        for index, recipient in enumerate(house.settings.report_recipients):
            queue_notice(house, tx, f"report/{today.isoformat()}/{index}", notice, Addressed(recipient))
    return table


def not_put_yet(tx: Transaction) -> dict[str, int]:
    """Questions that are not in the interface yet, and mails that wait for their turn: a flood is handled piece by
    piece, and these are what is left of it."""
    return {"queued": int(tx.state.get("questions").get("queued", "0")), "held": tx.outbox.held_back()}


def not_put_yet_lines(house: House) -> str:
    """The same for people, a line each; empty where nothing waits."""
    with house.store.begin() as tx:
        counted = not_put_yet(tx)
    return "".join(f"{NOT_PUT_YET[name]}: {count}\n" for name, count in counted.items() if count)


def _report_notice(
    house: House,
    table: tuple[Row, ...],
    alarms: tuple[Alarm, ...],
    head: str,
    today: date,
    waiting: Mapping[str, int],
) -> Notice:
    overdue = sum(row.days_left < 0 for row in table)
    fields = [("day", today.isoformat()), ("cases", str(len(table))), ("overdue", str(overdue)), ("head", head)]
    fields += [("row", packed(row)) for row in table]
    fields += [("alarm", f"{alarm.subject}={alarm.code}") for alarm in alarms]
    fields += [(name, str(count)) for name, count in waiting.items() if count]
    return Notice("daily_report", house.settings.controller.language, "", tuple(fields))


def _raise_by_date(house: House, tx: Transaction, case: Case, steps: Sequence[Step]) -> None:
    days = days_left(house, case.due, tx.now)
    if house.today(tx.now) > timeline(house, case, steps).target:
        tx.alarms.raise_(case.number, "target_passed")
    if days < 0:
        tx.alarms.raise_(case.number, "overdue")
    else:
        code = next((code for limit, code in DUE_CODES if days <= limit), "")
        if code:
            tx.alarms.raise_(case.number, code)


def _raise_silence(house: House, tx: Transaction) -> None:
    """A mailbox that nobody could read for an hour is as bad as one that lost a mail; so is a mail that was stored and
    that nobody could look at."""
    oldest = tx.messages.oldest_waiting()
    if oldest is not None and tx.now - oldest > POLL_SILENCE:
        tx.alarms.raise_("intake", "intake_failed")
    else:
        tx.alarms.clear("intake", "intake_failed")
    for part in map(mailbox_part, house.settings.accounts):
        read_at = tx.state.get(part).get("read_at", "")
        if read_at and tx.now - datetime.fromisoformat(read_at) > POLL_SILENCE:
            tx.alarms.raise_(part, "intake_failed")


def _end_with_cases(tx: Transaction, still_open: set[str]) -> None:
    """Ends the alarms of ended cases that somebody was told of: the report names what still needs a person."""
    for item in tx.alarms.standing():
        if item.code in OVER_WITH_THE_CASE and item.told_at is not None and item.subject not in still_open:
            tx.alarms.clear(item.subject, item.code)
