"""What a report says, as one value of codes, dates and numbers. Nothing in it can hold anything about a person.

Requests are counted by the day on which they arrived, responses by the day on which their case ended. A case ends when
the person has answer and passphrase, so that no answer counts before it can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson

from cases.bilingual import Text
from outputs.errors import OutputError
from outputs.report import Row

KEY = r"[A-Za-z0-9_:./-]{1,80}"


class ReportRefused(OutputError):
    """A report would hold something that is no code, date or number, or it cannot be made in this form."""


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included, as local dates."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ReportRefused("period_invalid", "the last day of a period is not before its first")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Count:
    """How often something occurred. `key` is a code: a month, a right, a channel, a ground, a source."""

    key: str
    number: int

    def __post_init__(self) -> None:
        if not re.fullmatch(KEY, self.key, re.ASCII):
            raise ReportRefused("key_invalid", "what a report counts has a code for its name")


@dataclass(frozen=True, slots=True)
class Requests:
    """What arrived in the period. `undecided` of them are not judged yet; what was judged to be no request is not
    counted. `identity_asked`: a person had to find out who asks; `identified`: by what means it is known."""

    number: int
    undecided: int
    by_month: tuple[Count, ...]
    by_channel: tuple[Count, ...]
    by_right: tuple[Count, ...]
    extended: int
    identity_asked: int
    identified: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Responses:
    """What was answered or refused in the period, by the days that it took (`in_month`, `in_three`, `longer` are
    disjoint); `late`: after the case's own due day. `ends` has every end, also those that are no response. `complete`
    of the `judged` answers rest on a complete search; of older ones the search record is deleted."""

    number: int
    in_month: int
    in_three: int
    longer: int
    late: int
    median_days: float | None
    mean_days: float | None
    longest_days: int | None
    ends: tuple[Count, ...]
    refusals: tuple[Count, ...]
    complete: int
    judged: int
    partly: int = 0  # answers that hold entries back on a ground of the law: refused in part (Art. 12(4))


@dataclass(frozen=True, slots=True)
class SystemGaps:
    """One system that is searched: for how many cases it was asked, for how many something there could not be read
    (`gaps`) or it could not be asked (`open_for`); `alarms`: how many alarms about it were raised in the period, and
    `down`: whether one stands now."""

    name: Text
    asked: int
    gaps: int
    open_for: int
    alarms: int
    down: bool


@dataclass(frozen=True, slots=True)
class Excluded:
    """A system that is not searched, with the law's reason (a key of `[excluded]`)."""

    name: Text
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm that stands: what it is about (a case number or a part), its code and since when."""

    subject: str
    code: str
    since: date

    def __post_init__(self) -> None:
        if not all(re.fullmatch(KEY, text, re.ASCII) for text in (self.subject, self.code)):
            raise ReportRefused("key_invalid", "an alarm is about a case or a part, and has a code")


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted for a period. `alarms`: by code, those of the period."""

    period: Period
    requests: Requests
    responses: Responses
    systems: tuple[SystemGaps, ...]
    excluded: tuple[Excluded, ...]
    alarms: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class DayOff:
    """A public holiday where the controller is."""

    day: date
    name: Text


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `today` is the controller's local date; `place` says whose holidays count; `head` is the combined
    hash of all histories, of `cases` cases."""

    made_at: datetime
    today: date
    language: str
    timezone: str
    controller: str
    place: Text
    rows: tuple[Row, ...]
    figures: Figures
    standing: tuple[Standing, ...]
    days_off: tuple[DayOff, ...]
    cases: int
    head: str = field(repr=False)

    @property
    def overdue(self) -> int:
        return sum(row.days_left < 0 for row in self.rows)

    @property
    def due_soon(self) -> int:
        """Due within seven days, today included."""
        return sum(0 <= row.days_left <= 7 for row in self.rows)


def report_json(report: Report) -> bytes:
    """The report's fields as one JSON object, dates in ISO 8601: `rows` are the open cases, `figures` the counts."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
