"""What is open, for people: the daily mail to the DPO, and what is not put yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cases.draft import Notice
from flows.house import House
from flows.notices import Addressed, queue_notice
from flows.open_cases import rows
from infra.store.alarms import Alarm
from infra.store.store import Transaction
from outputs.report import Row, packed

NOT_PUT_YET = {
    "queued": "Fragen, die noch nicht in der Oberfläche stehen / questions that are not put yet",
    "held": "Mails, die gestaffelt hinausgehen und noch warten / mails that wait for their turn",
}


def daily_report(house: House) -> tuple[Row, ...]:
    """Queues the daily mail to everybody who gets it, once a day; returns its rows for the artifact."""
    with house.store.begin() as tx:
        tx.evidence.alarm()
        table, head, today = rows(house, tx), tx.ledger.head(), house.today(tx.now)
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
