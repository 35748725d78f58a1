"""The deadline report: open cases with what is left of their time. A row cannot hold anything about a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import orjson

from cases.case import Status
from outputs.errors import NoticeRefused
from outputs.texts import Texts, texts

CASE = r"[A-Z]{2,8}-\d{4}-\d{4,8}"
WAITING = ("nobody", "dpo", "reviewer", "releaser", "person", "source", "hand_answer", "post", "passphrase", "program")
ROW = rf"{CASE}\|[a-z_]+\|\d{{4}}-\d{{2}}-\d{{2}}\|\d{{4}}-\d{{2}}-\d{{2}}\|-?\d{{1,5}}\|[a-z_]+\|\d{{1,7}}"


@dataclass(frozen=True, slots=True)
class Row:
    """One open case. `days_left` until the end of the due day, negative when it has passed; `waiting_for` is one of
    `WAITING`; `gaps` the number of systems still open. `NoticeRefused` for anything else."""

    case: str
    status: Status
    received: date
    due: date
    days_left: int
    waiting_for: str
    gaps: int = 0

    def __post_init__(self) -> None:
        if not re.fullmatch(CASE, self.case, re.ASCII) or self.waiting_for not in WAITING:
            raise NoticeRefused("row_invalid", f"a row has a case number, and waits for one of {', '.join(WAITING)}")


def packed(row: Row) -> str:
    """A row as one closed field of a notice."""
    dates = row.received.isoformat(), row.due.isoformat()
    return "|".join((row.case, row.status.value, *dates, str(row.days_left), row.waiting_for, str(row.gaps)))


def unpacked(text: str) -> Row:
    """The row that `packed` made; `NoticeRefused` for anything else."""
    try:
        case, status, received, due, days_left, waiting_for, gaps = text.split("|")
        first, last = date.fromisoformat(received), date.fromisoformat(due)
        return Row(case, Status(status), first, last, int(days_left), waiting_for, int(gaps))
    except ValueError:
        pass
    raise NoticeRefused("row_invalid", "a row of the daily report is not one that outputs.report.packed made")


def ordered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The most urgent first."""
    return tuple(sorted(rows, key=lambda row: (row.days_left, row.case)))


def markdown(rows: Sequence[Row], language: str) -> str:
    """A heading and a table, for people who look at the engine."""
    words = texts(language)
    if not rows:
        return f"# {words('report.title')}\n\n{words('report.none')}\n"
    table = [_header(words), ["---"] * len(_COLUMNS), *(_cells(row, words) for row in ordered(rows))]
    lines = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
    return f"# {words('report.title')}\n\n{_overdue(rows, words)}{lines}\n"


def table_text(rows: Sequence[Row], language: str) -> str:
    """Columns of plain text, for a mail."""
    words = texts(language)
    if not rows:
        return words("report.none")
    table = [_header(words), *(_cells(row, words) for row in ordered(rows))]
    widths = [max(len(cells[index]) for cells in table) for index in range(len(_COLUMNS))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in table)
    return "\n".join(line.rstrip() for line in padded)


def as_json(rows: Sequence[Row]) -> bytes:
    """A list of objects with the fields of `Row`, dates in ISO 8601."""
    return orjson.dumps(ordered(rows), option=orjson.OPT_INDENT_2)


def days_in_words(days: int, words: Texts) -> str:
    """`noch 3 Tage`, `heute`, `seit 2 Tagen abgelaufen`."""
    named = {1: "days.one", 0: "days.today", -1: "days.one_over"}
    key = named.get(days) or ("days.left" if days > 0 else "days.over")
    return words(key, n=abs(days))


_COLUMNS = ("case", "status", "received", "due", "days_left", "waiting_for", "gaps")


def _header(words: Texts) -> list[str]:
    return [words(f"report.{name}") for name in _COLUMNS]


def _cells(row: Row, words: Texts) -> list[str]:
    status, waiting = words(f"status.{row.status.value}"), words(f"waiting.{row.waiting_for}")
    days = days_in_words(row.days_left, words)
    return [row.case, status, row.received.isoformat(), row.due.isoformat(), days, waiting, str(row.gaps)]


def _overdue(rows: Sequence[Row], words: Texts) -> str:
    late = sum(row.days_left < 0 for row in rows)
    return f"**{words('report.overdue', n=late)}**\n\n" if late else ""
