"""The weekly report: a mail of fixed words and numbers, an artifact, and the whole report as files in a folder.

The report is not attached to the mail. The post takes sealed answers and notices, and a notice is a template with
closed fields; a way to attach a document would be a way out of the house for whatever a document can hold.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from cases.draft import Notice
from flows.figures import last_week, report_of
from flows.house import House
from flows.notices import Addressed, queue_notice
from infra.durable import PRIVATE_FILE, PRIVATE_FOLDER
from infra.publishing import publish
from infra.store.store import Transaction
from outputs.report_docx import docx_report
from outputs.report_figures import Report, report_json
from outputs.report_html import html_report
from outputs.report_text import told

STATE = "weekly_report"
PART = "report"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekly_report(house: House) -> Report | None:
    """Makes the report of the last seven days, once a week on the day of the settings, or as soon as the program runs
    again after it; None where it is not the time."""
    with house.store.begin() as tx:
        day = _due_day(house, tx)
        if day is None:
            return None
        report = report_of(house, tx, last_week(day))
    file = _file(house, report, f"bericht-{day.isoformat()}")
    with house.store.begin() as tx:
        notice = Notice("weekly_report", report.language, "", _fields(report, file))
        for index, recipient in enumerate(house.settings.report_recipients):
            queue_notice(house, tx, f"weekly/{day.isoformat()}/{index}", notice, Addressed(recipient))
        tx.state.set(STATE, on=day.isoformat())
    return report


def formats(report: Report) -> dict[str, bytes]:
    """The report as files, by the ending of their names."""
    words = told(report)
    return {"docx": docx_report(words, report.made_at), "html": html_report(words), "json": report_json(report)}


def _due_day(house: House, tx: Transaction) -> date | None:
    """The latest day on which a report was due, if it was not made. The first one waits for its day."""
    wanted = house.settings.report.weekly
    if not wanted:
        return None
    today = house.today(tx.now)
    latest = today - timedelta(days=(today.weekday() - WEEKDAYS.index(wanted)) % 7)
    last = tx.state.get(STATE).get("on", "")
    if not last and latest != today:
        tx.state.set(STATE, on=latest.isoformat())
        return None
    return latest if last < latest.isoformat() else None


def _file(house: House, report: Report, name: str) -> str:
    """Writes the files and returns their name without ending; empty where none are wanted or could be written."""
    if not house.settings.report.folder:
        return ""
    folder = house.settings.folder / house.settings.report.folder
    written = _written(folder, name, formats(report))
    with house.store.begin() as tx:
        if written:
            tx.alarms.clear(f"{PART}:folder", "report_unwritable")
        else:
            tx.alarms.raise_(f"{PART}:folder", "report_unwritable")
    return name if written else ""


def _written(folder: Path, name: str, contents: dict[str, bytes]) -> bool:
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        for ending, content in contents.items():
            publish(folder / f"{name}.{ending}", content, PRIVATE_FILE)
    except OSError:
        return False
    return True


def _fields(report: Report, file: str) -> tuple[tuple[str, str], ...]:
    figures = report.figures
    numbers = {
        "received": figures.requests.number,
        "answered": figures.responses.number,
        "in_month": figures.responses.in_month,
        "late": figures.responses.late,
        "open": len(report.rows),
        "overdue": report.overdue,
    }
    days = (("first", figures.period.first.isoformat()), ("last", figures.period.last.isoformat()))
    named = (("file", file),) if file else ()
    return (*days, *((name, str(value)) for name, value in numbers.items()), *named)
