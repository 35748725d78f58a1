"""Notices to the house: the daily and the weekly report, and what was missed while nothing ran."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from outputs.errors import NoticeRefused
from outputs.notices_identity import Making
from outputs.report import table_text, unpacked
from outputs.texts import Texts


def _weekly_report(making: Making) -> dict[str, str]:
    counted = ("received", "answered", "in_month", "late", "open", "overdue")
    file = next(iter(making.fields.get("file", ())), "")
    days = {"first": making.day("first"), "last": making.day("last")}
    plain = {"begin": making.one("first"), "end": making.one("last")}
    where = making.words("notices.weekly_report.file" if file else "notices.weekly_report.command", file=file, **plain)
    return {**{name: making.one(name) for name in counted}, **days, "where": where}


def _daily_report(making: Making) -> dict[str, str]:
    rows = tuple(unpacked(row) for row in making.fields.get("row", ()))
    if len(rows) != int(making.one("cases")):
        raise NoticeRefused("rows_differ", "the daily report has as many rows as it says cases")
    numbers = {name: making.one(name) for name in ("cases", "overdue", "head")}
    table = table_text(rows, making.words.language)
    return {**numbers, "day": making.day("day"), "table": table, "alarms": _alarms(making), "waiting": _waiting(making)}


def _waiting(making: Making) -> str:
    """Questions that are not put yet and mails that wait for their turn, where there are any."""
    counted = [(name, value) for name in ("queued", "held") for value in making.fields.get(name, ())]
    lines = (making.words(f"notices.daily_report.{name}", number=value) for name, value in counted)
    return "".join(f"\n{line}\n" for line in lines)


def _alarms(making: Making) -> str:
    """One line for each standing alarm: what it is about and, in words, what is the matter."""
    standing = [value.split("=", 1) for value in making.fields.get("alarm", ())]
    lines = [f"\n  {about}: {_what(code, making.words)}" for about, code in standing]
    return "".join(lines) or making.words("notices.daily_report.no_alarms")


def _caught_up(making: Making) -> dict[str, str]:
    """How long nothing ran, and which alarms that missed: a line each, as many as the notice holds."""
    words, rows = making.words, [row.split("|") for row in making.fields.get("missed", ())]
    said = ({"day": _plain_day(day), "case": case, "what": _what(code, words)} for day, case, code in rows)
    lines = [words("notices.caught_up.row", **one) for one in said]
    rest = int(making.one("number")) - len(rows)
    if rest > 0:
        lines.append(words("notices.caught_up.more", n=rest))
    moments = {name: _local(making, name) for name in ("since", "until")}
    return {**moments, "number": making.one("number"), "missed": "".join(f"\n  {line}" for line in lines) + "\n"}


def _local(making: Making, name: str) -> str:
    """A local moment as `20. November 2026, 18:30`."""
    day, _, clock = making.one(name).partition("T")
    try:
        return f"{making.words.date(date.fromisoformat(day))}, {clock}"
    except ValueError:
        pass
    raise NoticeRefused("field_invalid", f"the value of {name} is not a moment")


def _plain_day(day: str) -> str:
    try:
        return f"{date.fromisoformat(day):%d.%m.%Y}"
    except ValueError:
        pass
    raise NoticeRefused("field_invalid", "the day of missed is not a date")


def _what(code: str, words: Texts) -> str:
    key = f"alarm.{code}.what"
    return words(key) if words.known(key) else words("alarm.unknown.what")


MAKERS: Mapping[str, Callable[[Making], dict[str, str]]] = {
    "weekly_report": _weekly_report,
    "daily_report": _daily_report,
    "caught_up": _caught_up,
}
