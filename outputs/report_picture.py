"""The month ahead: one bar for each open case from its receipt to its due day, against weekends and holidays.

Shape says what colour says: the target is a diamond, the due day an upright, an extended part is striped, and what is
overdue is written out. A list too long for one page shows the most urgent cases and a line that counts the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outputs.report import Row, days_in_words, ordered
from outputs.report_drawing import HATCH, Box, Drawing, Label, Part, Shape, Stroke
from outputs.report_figures import DayOff, Report
from outputs.texts import Texts

MOST_BARS = 24
AHEAD, BEHIND, LEAST_BEHIND = timedelta(days=31), timedelta(days=31), timedelta(days=7)
_WIDTH, _LEFT, _RIGHT = 690.0, 104.0, 132.0
_TOP, _STEP, _BAR = 34.0, 17.0, 9.0
_FOOT_LINE = 11.0
_DARK, _FAINT, _RULE = "#1a1a1a", "#555555", "#c9c9c9"
_WEEKEND, _HOLIDAY = "#efefef", "#d3d0c4"
_GONE, _LEFT_OVER, _SOON, _SOON_GONE = "#2f5d8c", "#a9c1da", "#f2c879", "#b87410"
_LATE, _LATER = "#d98880", "#a61b1b"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days to points. A day is as wide as from its morning to the next."""

    first: date
    last: date

    @property
    def right(self) -> float:
        return _WIDTH - _RIGHT

    @property
    def day(self) -> float:
        return (self.right - _LEFT) / ((self.last - self.first).days + 1)

    def x(self, day: date) -> float:
        """The morning of a day, or the nearest edge."""
        return min(max(_LEFT + (day - self.first).days * self.day, _LEFT), self.right)

    def days(self) -> Iterator[date]:
        return (self.first + number * _DAY for number in range((self.last - self.first).days + 1))


def picture(report: Report, words: Texts) -> Drawing:
    """The drawing for a report; without open cases it is the bare calendar."""
    rows = ordered(report.rows)
    shown, rest = rows[:MOST_BARS], rows[MOST_BARS:]
    scale = _scale(report.today, rows)
    listed = [day for day in report.days_off if scale.first <= day.day <= scale.last]
    body = _TOP + _STEP * max(len(shown) + bool(rest), 2)
    parts = [*_days(scale, listed, body), *_axis(scale, words)]
    for number, row in enumerate(shown):
        parts += _bar(row, scale, _TOP + number * _STEP, report.today, words)
    parts += _today(scale, report.today, body, words)
    parts += _others(rest, _TOP + len(shown) * _STEP, words) if rest else _nothing(rows, scale, report.today, words)
    foot = [*_legend(body + 15, words), *_named(listed, body + 31, words, report)]
    height = body + 31 + _FOOT_LINE * max(len(_lines(listed, words, report)), 1)
    return Drawing(_WIDTH, height, (*parts, *foot), words("report.picture.title"), told(report, words))


def told(report: Report, words: Texts) -> str:
    """The picture in words: its alternative text."""
    rows = ordered(report.rows)
    if not rows:
        return words("report.none")
    said = words("report.picture.told", cases=len(rows), overdue=report.overdue, soon=report.due_soon)
    first = words("report.picture.first", case=rows[0].case, due=words.date(rows[0].due))
    return f"{said} {first}"


def _scale(today: date, rows: Sequence[Row]) -> _Scale:
    earliest = min((row.received for row in rows), default=today)
    return _Scale(min(max(earliest, today - BEHIND), today - LEAST_BEHIND), today + AHEAD)


def _days(scale: _Scale, listed: Sequence[DayOff], body: float) -> list[Part]:
    off = {day.day for day in listed}
    shaded = [day for day in scale.days() if day in off or day.weekday() >= 5]
    height = body - _TOP + 6
    return [Box(scale.x(day), _TOP - 6, scale.day, height, _HOLIDAY if day in off else _WEEKEND) for day in shaded]


def _axis(scale: _Scale, words: Texts) -> list[Part]:
    """Months above, Mondays with their dates below."""
    parts: list[Part] = [Stroke(_LEFT, _TOP - 6, scale.right, _TOP - 6, _RULE)]
    for day in scale.days():
        if day.weekday() == 0:
            parts.append(Label(scale.x(day), _TOP - 9, f"{day:%d.%m.}", 6.8, _FAINT))
            parts.append(Stroke(scale.x(day), _TOP - 8, scale.x(day), _TOP - 6, _FAINT))
        if (day == scale.first and day.day < 22) or day.day == 1:
            name = f"{words(f'date.months.{day.month}')} {day.year}"
            parts.append(Label(scale.x(day), _TOP - 20, name, 8, _DARK, bold=True))
            parts.append(Stroke(scale.x(day), _TOP - 27, scale.x(day), _TOP - 6, _RULE))
    return parts


def _bar(row: Row, scale: _Scale, top: float, today: date, words: Texts) -> list[Part]:
    y = top + (_STEP - _BAR) / 2
    late = row.days_left < 0
    text = _LATER if late else _DARK
    days = days_in_words(row.days_left, words)
    return [
        Label(0, y + 7.6, row.case, 7.8, text, bold=late),
        *_lengths(row, scale, y, today),
        *_marks(row, scale, y),
        *_beyond(row, scale, y),
        Label(scale.right + 6, y + 7.6, f"{row.due:%d.%m.}", 7.8, text, bold=True),
        Label(scale.right + 32, y + 7.6, days, 7.8, text, bold=late),
    ]


def _lengths(row: Row, scale: _Scale, y: float, today: date) -> Iterator[Box]:
    """From receipt to the end of the due day: what is gone, what is left, what was added, what is over."""
    end, now = row.due + _DAY, today + _DAY
    late, soon = row.days_left < 0, 0 <= row.days_left <= 7
    gone, left = (_SOON_GONE, _SOON) if soon else (_GONE, _LEFT_OVER)
    yield from _between(scale, row.received, min(now, end), y, _LATE if late else gone)
    yield from _between(scale, max(now, row.received), end, y, left)
    if row.extended and row.month_end and not late:
        yield from _between(scale, max(row.month_end + _DAY, now), end, y, HATCH)
    if late:
        yield from _between(scale, end, now, y, _LATER)


def _between(scale: _Scale, first: date, end: date, y: float, fill: str) -> Iterator[Box]:
    left, right = scale.x(first), scale.x(end)
    if right > left:
        yield Box(left, y, right - left, _BAR, fill)


def _marks(row: Row, scale: _Scale, y: float) -> Iterator[Part]:
    if row.target and scale.first <= row.target <= scale.last:
        x, middle = scale.x(row.target) + scale.day / 2, y + _BAR / 2
        yield Shape(((x, middle - 4.2), (x + 4.2, middle), (x, middle + 4.2), (x - 4.2, middle)), "#ffffff", _DARK)
    if scale.first <= row.due <= scale.last:
        yield Box(scale.x(row.due + _DAY) - 2.4, y - 2.5, 2.4, _BAR + 5, _LATER if row.days_left < 0 else _DARK)


def _beyond(row: Row, scale: _Scale, y: float) -> Iterator[Part]:
    """An arrow where a bar goes on outside the picture."""
    middle = y + _BAR / 2
    if row.due > scale.last:
        x = scale.right
        yield Shape(((x - 6, y - 1), (x, middle), (x - 6, y + _BAR + 1)), _DARK)
    if row.received < scale.first:
        yield Shape(((_LEFT + 5, y), (_LEFT, middle), (_LEFT + 5, y + _BAR)), "#ffffff", _DARK)


def _today(scale: _Scale, today: date, body: float, words: Texts) -> list[Part]:
    x = scale.x(today) + scale.day / 2
    return [
        Stroke(x, _TOP - 6, x, body + 2, _LATER, 1.1, "3 2"),
        Label(x, body + 9, words("report.picture.today", day=f"{today:%d.%m.}"), 7.2, _LATER, "middle", bold=True),
    ]


def _others(rest: Sequence[Row], top: float, words: Texts) -> list[Part]:
    said = words("report.picture.others", n=len(rest), due=words.date(min(row.due for row in rest)))
    return [Label(_LEFT + 4, top + 12, said, 7.8, _FAINT)]


def _nothing(rows: Sequence[Row], scale: _Scale, today: date, words: Texts) -> list[Part]:
    return [] if rows else [Label(scale.x(today + 2 * _DAY), _TOP + 20, words("report.none"), 10, _FAINT)]


def _legend(y: float, words: Texts) -> Iterator[Part]:
    """What the shapes mean, in one line."""
    fills = ((_GONE, "gone"), (_LEFT_OVER, "left"), (_SOON, "soon"), (_LATER, "late"), (HATCH, "extended"))
    x = 0.0
    for fill, key in fills:
        yield Box(x, y + 2, 13, 7, fill)
        text = words(f"report.picture.{key}")
        yield Label(x + 16, y + 8.4, text, 7, _FAINT)
        x += 26 + len(text) * 3.6
    yield Shape(((x + 4, y + 1.5), (x + 8, y + 5.5), (x + 4, y + 9.5), (x, y + 5.5)), "#ffffff", _DARK)
    target = words("report.picture.target")
    yield Label(x + 11, y + 8.4, target, 7, _FAINT)
    x += 21 + len(target) * 3.6
    yield Box(x, y, 2.4, 11, _DARK)
    yield Label(x + 6, y + 8.4, words("report.picture.due"), 7, _FAINT)


def _named(listed: Sequence[DayOff], y: float, words: Texts, report: Report) -> Iterator[Part]:
    for number, line in enumerate(_lines(listed, words, report)):
        if number == 0 and listed:
            yield Box(0, y + 1, 13, 7, _HOLIDAY)
        yield Label(16, y + 7.4 + number * _FOOT_LINE, line, 7, _FAINT)


def _lines(listed: Sequence[DayOff], words: Texts, report: Report) -> list[str]:
    """The holidays by name, four in a line."""
    place = report.place.in_(words.language)
    if not listed:
        return [words("report.picture.no_holidays", place=place)]
    each = [f"{day.day:%d.%m.} {day.name.in_(words.language)}" for day in listed]
    lines = [" · ".join(each[start : start + 4]) for start in range(0, len(each), 4)]
    return [words("report.picture.holidays", place=place, days=lines[0]), *lines[1:]]
