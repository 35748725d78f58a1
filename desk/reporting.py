"""`auskunft report`: what is open, on the terminal or for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.console import fail
from flows.house import mailbox_part
from flows.report import rows
from outputs.report import as_json, markdown, table_text

if TYPE_CHECKING:
    from flows.house import House


def show_report(house: House, format_: str) -> None:
    with house.store.begin() as tx:
        table = rows(house, tx)
        alarms = tx.alarms.standing()
        read = {part: tx.state.get(part) for part in map(mailbox_part, house.settings.accounts)}
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
            for part, said in read.items():
                if said.get("read_at"):
                    print(
                        f"{part} read at {said['read_at']}" + (f", now: {said['trouble']}" if said["trouble"] else "")
                    )
        case _:
            fail(f"--format {format_!r} is not known; allowed: text, markdown, json")
