"""`auskunft report` and `auskunft calendar`: what is open and how it went, on the terminal, as files, for machines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from desk.console import fail
from flows.calendar_feed import calendar_of
from flows.figures import report_of, this_year
from flows.house import mailbox_part
from flows.report import not_put_yet_lines
from infra.durable import PRIVATE_FILE
from infra.publishing import SHARED_FILE, publish
from outputs.errors import OutputError
from outputs.report_docx import docx_report
from outputs.report_figures import Period, Report, report_json
from outputs.report_html import html_report
from outputs.report_plain import markdown_report, plain_report
from outputs.report_text import told

if TYPE_CHECKING:
    from flows.house import House

_MAKERS: Mapping[str, Callable[[Report], bytes]] = {
    "text": lambda report: plain_report(told(report)).encode(),
    "markdown": lambda report: markdown_report(told(report)).encode(),
    "json": report_json,
    "docx": lambda report: docx_report(told(report), report.made_at),
    "html": lambda report: html_report(told(report)),
}


def show_report(house: House, format_: str, first: str = "", last: str = "", out: Path | None = None) -> None:
    """Writes the report of a period to `out` (mode 0600) or to the standard output."""
    if format_ not in _MAKERS:
        fail(f"--format {format_!r} is not known; allowed: {', '.join(_MAKERS)}")
    if format_ == "docx" and out is None and sys.stdout.isatty():
        fail("a .docx is nothing for a terminal; give --out FILE")
    with house.store.begin() as tx:
        period = _period(house.today(tx.now), first, last)
        try:
            content = _MAKERS[format_](report_of(house, tx, period))
        except OutputError as error:
            fail(str(error), 1)
    if format_ == "text":
        content += (_mailboxes(house) + not_put_yet_lines(house)).encode()
    _deliver(content, out, PRIVATE_FILE)


def show_calendar(house: House, out: Path | None) -> None:
    """Writes the calendar of due dates to `out` (mode 0640 where the file is new) or to the standard output."""
    with house.store.begin() as tx:
        content = calendar_of(house, tx)
    _deliver(content, out, SHARED_FILE)


def _period(today: date, first: str, last: str) -> Period:
    """This year up to now, or what was asked for; a missing end is today, a missing beginning that year's."""
    end = _day(last, "--to") or today
    begin = _day(first, "--from") or this_year(end).first
    if end < begin:
        fail("--to is before --from; give the first day and the last day of a period")
    return Period(begin, end)


def _day(text: str, option: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{option} must be a date such as 2026-01-31")


def _mailboxes(house: House) -> str:
    """When each mailbox was read, and what is wrong with it now."""
    with house.store.begin() as tx:
        read = {part: tx.state.get(part) for part in map(mailbox_part, house.settings.accounts)}
    lines = (
        f"{part} read at {said['read_at']}" + (f", now: {said['trouble']}" if said["trouble"] else "")
        for part, said in read.items()
        if said.get("read_at")
    )
    return "".join(f"{line}\n" for line in lines)


def _deliver(content: bytes, out: Path | None, mode: int) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        publish(out, content, mode)
    except OSError as error:
        fail(f"{out} could not be written: {error.strerror}", 1)
