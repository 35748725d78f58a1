"""`auskunft audit`: the histories of cases, verified and exported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cases.case import broken_at

if TYPE_CHECKING:
    from flows.house import House


def verify_histories(house: House, head: str) -> int:
    """Prints what was found; returns the exit status: 1 where a chain is broken or the head is another."""
    with house.store.begin() as tx:
        cases = [case.number for case in tx.cases.all()]
        broken = {case: at for case in cases if (at := broken_at(tx.cases.history(case))) is not None}
        count, combined = tx.cases.head()
    for case, at in broken.items():
        print(f"{case}: the history was changed at step {at}")
    print(f"{count} cases, combined head {combined}")
    if head and head != combined:
        print("the head is another one: cases have moved on since that report, or the database was rewritten")
        return 1
    return 1 if broken else 0


def export_history(house: House, case: str) -> str:
    with house.store.begin() as tx:
        events = tx.cases.history(case)
    fields = ("seq", "what", "who", "why", "commitment", "previous", "hash")
    lines = [{"at": event.at.isoformat(), **{name: getattr(event, name) for name in fields}} for event in events]
    return json.dumps({"case": case, "events": lines}, ensure_ascii=False, indent=1)
