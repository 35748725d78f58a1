"""The due dates as a calendar file that others subscribe to, written where the settings say."""

from __future__ import annotations

from flows.house import House, local_language
from flows.open_cases import rows
from infra.publishing import SHARED_FILE, publish
from infra.store.store import Transaction

PART = "report:calendar"


def calendar_of(house: House, tx: Transaction) -> bytes:
    """The dates of all open cases, as of now."""
    from outputs.report_ics import Dated, calendar  # a fifth of a second that no other run of a flow should pay

    steps = tx.facts.steps_of_open()
    dated = []
    for row in rows(house, tx):
        known = steps.get(row.case, ())
        changed = known[-1].at if known else tx.cases.get(row.case).opened_at
        dated.append(Dated(row, changed, len(known)))
    own = house.settings.controller
    return calendar(dated, own.name, house.mail_domain, local_language(own.language))


def refresh_calendar(house: House) -> bool:
    """Renews the calendar file where one is wanted and something has changed; whether it was written. One that cannot
    be written is an alarm and stops nothing else."""
    if not house.settings.report.calendar:
        return False
    with house.store.begin() as tx:
        content = calendar_of(house, tx)
    try:
        written = publish(house.settings.folder / house.settings.report.calendar, content, SHARED_FILE)
    except OSError:
        with house.store.begin() as tx:
            tx.alarms.raise_(PART, "report_unwritable")
        return False
    with house.store.begin() as tx:
        tx.alarms.clear(PART, "report_unwritable")
    return written
