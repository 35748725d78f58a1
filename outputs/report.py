"""The deadline report: open cases with what is left of their time. A row cannot hold anything about a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from cases.case import Status
from outputs.errors import NoticeRefused
from outputs.texts import Texts, texts

CASE = r"[A-Z]{2,8}-\d{4}-\d{4,8}"
WAITING = ("nobody", "dpo", "reviewer", "releaser", "person", "source", "hand_answer", "post", "passphrase", "program")
CODE = r"[a-z0-9_:.-]{0,64}"
ROW = rf"{CASE}\|[a-z_]+\|\d{{4}}-\d{{2}}-\d{{2}}\|\d{{4}}-\d{{2}}-\d{{2}}\|-?\d{{1,5}}\|[a-z_]+\|\d{{1,7}}"


@dataclass(frozen=True, slots=True)
class Row:
    """One open case. `days_left` until the end of the due day, negative when it has passed; `waiting_for` is one of
    `WAITING`; `gaps` the number of systems still open. `NoticeRefused` for anything else.

    Only in reports, not in the daily mail: `target` is the internal target, `safe` the due day that no holiday moves,
    `notice_due` the last day to announce an extension (None where it is no longer possible), `month_end` the end of the
    first month; `attention` and `right` are codes."""

    case: str
    status: Status
    received: date
    due: date
    days_left: int
    waiting_for: str
    gaps: int = 0
    target: date | None = None
    safe: date | None = None
    notice_due: date | None = None
    month_end: date | None = None
    extended: bool = False
    attention: str = ""
    right: str = "access"

    def __post_init__(self) -> None:
        if not re.fullmatch(CASE, self.case, re.ASCII) or self.waiting_for not in WAITING:
            raise NoticeRefused("row_invalid", f"a row has a case number, and waits for one of {', '.join(WAITING)}")
        if not all(re.fullmatch(CODE, code, re.ASCII) for code in (self.attention, self.right)):
            raise NoticeRefused("row_invalid", "what needs attention and which right is asked for are codes")


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
    """A list of objects with the fields of `Row`, dates in ISO 8601, the most urgent first."""
    return orjson.dumps(ordered(rows), option=orjson.OPT_INDENT_2)


def as_table(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The same as plain values, for whoever takes a table."""
    made: list[dict[str, Any]] = orjson.loads(as_json(rows))
    return made


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
