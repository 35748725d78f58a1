"""`auskunft report`: what is open, on the terminal or for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.console import fail
from flows.report import rows
from outputs.report import as_json, markdown, table_text

if TYPE_CHECKING:
    from flows.house import House


def show_report(house: House, format_: str) -> None:
    with house.store.begin() as tx:
        table = rows(house, tx)
        alarms = tx.alarms.standing()
        mailbox = tx.state.get("mailbox")
    language = house.settings.controller.language
    match format_:
        case "json":
            print(as_json(table).decode())
        case "markdown":
            print(markdown(table, language))
        case "text":
            print(table_text(table, language))
            for alarm in alarms:
                print(f"! {alarm.subject}: {alarm.code}")
            if mailbox.get("read_at"):
                print(
                    f"mailbox read at {mailbox['read_at']}"
                    + (f", now: {mailbox['trouble']}" if mailbox["trouble"] else "")
                )
        case _:
            fail(f"--format {format_!r} is not known; allowed: text, markdown, json")
