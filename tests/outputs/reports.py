"""Reports with a few, no or many open cases, for the tests of every form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cases.bilingual import Text
from cases.case import Status
from cases.holidays_de import holidays
from outputs.report import Row
from outputs.report_figures import (
    Count,
    DayOff,
    Excluded,
    Figures,
    Period,
    Report,
    Requests,
    Responses,
    Standing,
    SystemGaps,
)

TODAY = date(2026, 12, 14)  # a Monday; Christmas and New Year lie in the month ahead
HEAD = "ab" * 32

REQUESTS = Requests(
    number=11,
    undecided=1,
    by_month=(Count("2026-10", 4), Count("2026-11", 5), Count("2026-12", 2)),
    by_channel=(Count("mail", 9), Count("letter", 2)),
    by_right=(Count("access", 10), Count("erasure", 1)),
    extended=2,
    identity_asked=3,
    identified=(Count("address_on_file", 6), Count("checked_by_person", 3)),
)
RESPONSES = Responses(
    number=8,
    in_month=6,
    in_three=1,
    longer=1,
    late=1,
    median_days=14.5,
    mean_days=21.3,
    longest_days=120,
    ends=(Count("answered", 7), Count("refused", 1), Count("withdrawn", 1)),
    refusals=(Count("excessive", 1),),
    complete=4,
    judged=5,
)
FIGURES = Figures(
    period=Period(date(2026, 10, 1), TODAY),
    requests=REQUESTS,
    responses=RESPONSES,
    systems=(SystemGaps(Text("Ablage", "Files"), 5, 1, 0, 2, down=True),),
    excluded=(Excluded(Text("Bandsicherung", "Tape backup"), "bdsg-34-1-2"),),
    alarms=(Count("due_soon", 3), Count("a_code_of_tomorrow", 1)),
)


def row(number: int, left: int, *, extended: bool = False, attention: str = "", right: str = "access") -> Row:
    """A case whose due day is so many days from today."""
    due = TODAY + timedelta(days=left)
    received = due - timedelta(days=92 if extended else 31)
    return Row(
        case=f"DSAR-2026-{number:04}",
        status=Status.REVIEW,
        received=received,
        due=due,
        days_left=left,
        waiting_for="releaser",
        gaps=number % 2,
        target=received + timedelta(days=14),
        safe=due,
        notice_due=None if extended or left < 0 else due,
        month_end=received + timedelta(days=31),
        extended=extended,
        attention=attention,
        right=right,
    )


LATE, TODAYS, LONG = row(1, -3), row(2, 0), row(3, 40, extended=True)
CALM = row(4, 20, attention="identity_proxy", right="erasure")


def report(*rows: Row, language: str = "de", controller: str = "Nordlicht Bürobedarf GmbH") -> Report:
    listed = ((day, one) for year in (2026, 2027) for day, one in holidays(year, "BY").items())
    near = timedelta(days=40)
    return Report(
        made_at=datetime(2026, 12, 14, 6, 30, tzinfo=UTC),
        today=TODAY,
        language=language,
        timezone="Europe/Berlin",
        controller=controller,
        place=Text("Bayern", "Bavaria"),
        rows=rows,
        figures=FIGURES,
        standing=(Standing("source:cloud", "source_unavailable", TODAY),) if rows else (),
        days_off=tuple(DayOff(day, one.name) for day, one in listed if abs(day - TODAY) <= near),
        cases=63,
        head=HEAD,
    )
