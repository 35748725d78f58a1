"""A report in words: neutral blocks from which HTML, DOCX, Markdown and plain text are drawn alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from outputs.document import Bullets, Heading, Paragraph
from outputs.report import Row, days_in_words, ordered
from outputs.report_drawing import Drawing
from outputs.report_figures import Count, Figures, Report, Requests, Responses
from outputs.report_picture import picture
from outputs.texts import Texts, texts

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Tile:
    """One number to be seen first. `grave`: it needs somebody."""

    label: str
    value: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Tiles:
    items: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a caption. `shares`: widths as parts of the whole; `numeric`: columns that are aligned right;
    `marked`: rows that need somebody, which say so in words too."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]
    numeric: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    drawing: Drawing


Block = Heading | Paragraph | Bullets | Tiles | Grid | Picture


@dataclass(frozen=True, slots=True)
class Told:
    """A whole report in one language. `page_of`: the words around the number of a page."""

    language: str
    title: str
    subtitle: str
    sender: str
    blocks: tuple[Block, ...]
    page_of: tuple[str, str]


def told(report: Report) -> Told:
    """The report in its language."""
    words = texts(report.language)
    period = report.figures.period
    subtitle = words(
        "report.head.subtitle", first=words.date(period.first), last=words.date(period.last), day=_made(report, words)
    )
    blocks = (
        *_overview(report, words),
        *_ahead(report, words),
        *_open(report, words),
        *_requests(report.figures.requests, words),
        *_responses(report.figures.responses, words),
        *_systems(report.figures, words),
        *_alarms(report, words),
        *_authority(report.figures, words),
        *_notes(report, words),
    )
    page_of = words("letter.page"), words("letter.of")
    return Told(report.language, words("report.head.title"), subtitle, report.controller, blocks, page_of)


def _made(report: Report, words: Texts) -> str:
    return words.moment(report.made_at, report.timezone)


def _overview(report: Report, words: Texts) -> Iterable[Block]:
    figures, given = report.figures, report.figures.responses
    in_time = percent(given.number - given.late, given.number, words)
    items = (
        ("open", str(len(report.rows)), False),
        ("overdue", str(report.overdue), report.overdue > 0),
        ("soon", str(report.due_soon), report.due_soon > 0),
        ("received", str(figures.requests.number), False),
        ("in_time", in_time, given.late > 0),
        ("median", number(given.median_days, words), False),
    )
    yield Tiles(tuple(Tile(words(f"report.tile.{key}"), value, grave) for key, value, grave in items))
    yield Paragraph(_summary(report, words))


def _summary(report: Report, words: Texts) -> str:
    """The state in two sentences, for those who read nothing else."""
    if not report.rows:
        now = words("report.none")
    elif report.overdue:
        now = words("report.summary.overdue", n=len(report.rows), late=report.overdue)
    else:
        now = words("report.summary.fine", n=len(report.rows), due=words.date(min(row.due for row in report.rows)))
    given = report.figures.responses
    if not given.number:
        return f"{now} {words('report.summary.no_responses')}"
    return f"{now} {words('report.summary.responses', n=given.number, month=given.in_month, late=given.late)}"


def _ahead(report: Report, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.ahead"))
    yield Picture(picture(report, words))


def _open(report: Report, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.open"))
    if not report.rows:
        yield Paragraph(words("report.none"))
        return
    rows = ordered(report.rows)
    shown = rows[:MOST_ROWS]
    header = tuple(words(f"report.{key}") for key in ("case", "status", "target", "due", "safe", "days_left", "hints"))
    late = frozenset(index for index, row in enumerate(shown) if row.days_left < 0)
    cells = tuple(_case_cells(row, words) for row in shown)
    yield Grid(words("report.caption.open"), header, cells, (32, 52, 20, 20, 20, 28, 37), marked=late)
    if len(rows) > len(shown):
        yield Paragraph(words("report.more_rows", n=len(rows) - len(shown)))


def _case_cells(row: Row, words: Texts) -> tuple[str, ...]:
    """Status and who acts next stand in one cell, so do the hint and the last day for an extension."""
    status = words(f"status.{row.status.value}")
    waiting = words("report.waits", who=words(f"waiting.{row.waiting_for}"))
    dates = (f"{day:%d.%m.%Y}" if day else "" for day in (row.target, row.due, row.safe))
    days = days_in_words(row.days_left, words)
    return (row.case, f"{status}\n{waiting}", *dates, days, "\n".join(_hints(row, words)))


def _hints(row: Row, words: Texts) -> Iterable[str]:
    if row.right != "access":
        yield right(row.right, words)
    if row.attention:
        yield attention(row.attention, words)
    if row.gaps:
        yield words("report.hint.gaps", n=row.gaps)
    if row.extended:
        yield words("report.hint.extended")
    elif row.notice_due and row.days_left <= 14:
        yield words("report.hint.notice", day=f"{row.notice_due:%d.%m.}")


def _requests(asked: Requests, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.requests"))
    undecided = words("report.undecided", n=asked.undecided) if asked.undecided else ""
    yield Paragraph(f"{words('report.requests', n=asked.number)} {undecided}".strip())
    if not asked.number:
        return
    yield from _months(asked.by_month, words)
    yield _shares("right", [(right(one.key, words), one.number) for one in asked.by_right], asked.number, words)
    channels = [(coded("report.channel", one.key, words), one.number) for one in asked.by_channel]
    yield _shares("channel", channels, asked.number, words)
    yield _shares("identity", _identity(asked, words), asked.number, words)


def _months(months: Sequence[Count], words: Texts) -> Iterable[Grid]:
    """A year a row, in short columns; a period within one month needs none."""
    years = sorted({one.key[:4] for one in months})
    if len(months) < 2:
        return
    numbers = {one.key: str(one.number) for one in months}
    header = (words("report.year"), *(words(f"date.months.{month}")[:3] for month in range(1, 13)))
    rows = tuple((year, *(numbers.get(f"{year}-{month:02}", "–") for month in range(1, 13))) for year in years)
    yield Grid(words("report.caption.month"), header, rows, (14, *(13,) * 12), frozenset(range(1, 13)))


def _identity(asked: Requests, words: Texts) -> list[tuple[str, int]]:
    means = [(coded("report.identified", one.key, words), one.number) for one in asked.identified]
    return [*means, (words("report.identity_asked"), asked.identity_asked)]


def _responses(given: Responses, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.responses"))
    yield Paragraph(words("report.responses", n=given.number) if given.number else words("report.no_responses"))
    if given.number:
        speed = [(words(f"report.speed.{key}"), getattr(given, key)) for key in ("in_month", "in_three", "longer")]
        other = [(words(f"report.speed.{key}"), getattr(given, key)) for key in ("late", "partly")]
        yield _shares("speed", [*speed, *other], given.number, words)
        yield _lasted(given, words)
    ends = [(words(f"status.{one.key}"), one.number) for one in given.ends]
    if ends:
        yield _shares("end", ends, sum(count for _, count in ends), words)
    if given.refusals:
        grounds = [(coded("report.ground", one.key, words), one.number) for one in given.refusals]
        yield _shares("refusal", grounds, sum(count for _, count in grounds), words)


def _lasted(given: Responses, words: Texts) -> Grid:
    days = {"median": given.median_days, "mean": given.mean_days, "longest": given.longest_days}
    rows = tuple((words(f"report.days.{key}"), number(value, words)) for key, value in days.items())
    header = words("report.what"), words("report.number")
    return Grid(words("report.caption.days"), header, rows, (5, 1), frozenset({1}))


def _shares(key: str, items: Sequence[tuple[str, int]], whole: int, words: Texts) -> Grid:
    """Names with their numbers and their share of the whole."""
    header = words(f"report.column.{key}"), words("report.number"), words("report.share")
    rows = tuple((name, str(count), percent(count, whole, words)) for name, count in items)
    return Grid(words(f"report.caption.{key}"), header, rows, (4, 1, 1), frozenset({1, 2}))


def _systems(figures: Figures, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.systems"))
    given = figures.responses
    if given.judged:
        yield Paragraph(words("report.complete", n=given.complete, of=given.judged))
    header = tuple(words(f"report.column.{key}") for key in ("system", "asked", "gaps", "open", "alarms", "now"))
    rows = tuple(
        (
            system.name.in_(words.language),
            *(str(value) for value in (system.asked, system.gaps, system.open_for, system.alarms)),
            words("report.down" if system.down else "report.works"),
        )
        for system in figures.systems
    )
    marked = frozenset(index for index, system in enumerate(figures.systems) if system.down)
    if rows:
        yield Grid(words("report.caption.systems"), header, rows, (5, 2, 2, 2, 2, 3), frozenset({1, 2, 3, 4}), marked)
    if figures.excluded:
        left_out = tuple(
            (one.name.in_(words.language), words(f"report.excluded.{one.reason}")) for one in figures.excluded
        )
        why = words("report.column.system"), words("report.why")
        yield Grid(words("report.caption.excluded"), why, left_out, (2, 5))
    else:
        yield Paragraph(words("report.none_excluded"))


def _alarms(report: Report, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.alarms"))
    if report.standing:
        header = tuple(words(f"report.column.{key}") for key in ("about", "what", "since"))
        rows = tuple((one.subject, alarm(one.code, words), f"{one.since:%d.%m.%Y}") for one in report.standing)
        yield Grid(words("report.caption.standing"), header, rows, (3, 6, 2))
    else:
        yield Paragraph(words("report.no_standing"))
    raised = [(alarm(one.key, words), one.number) for one in report.figures.alarms]
    if raised:
        numbers = tuple((name, str(count)) for name, count in raised)
        names = words("report.column.what"), words("report.number")
        yield Grid(words("report.caption.raised"), names, numbers, (6, 1), frozenset({1}))


def _authority(figures: Figures, words: Texts) -> Iterable[Block]:
    """What supervisory authorities asked controllers in the coordinated action of 2024 on the right of access."""
    asked, given = figures.requests, figures.responses
    access = sum(one.number for one in asked.by_right if one.key == "access")
    refused = sum(one.number for one in given.refusals)
    unidentified = sum(one.number for one in given.ends if one.key == "cannot_identify")
    values = (
        ("requests", str(asked.number)),
        ("access", _of(access, asked.number, words)),
        ("channel", _joined("report.channel", asked.by_channel, words)),
        ("mean", number(given.mean_days, words)),
        ("month", f"{given.in_month} ({percent(given.in_month, given.number, words)})"),
        (
            "three",
            f"{given.in_month + given.in_three} ({percent(given.in_month + given.in_three, given.number, words)})",
        ),
        ("extended", f"{asked.extended} ({percent(asked.extended, asked.number, words)})"),
        ("refused", f"{refused} ({percent(refused, given.number, words)})"),
        ("partly", _of(given.partly, given.number, words)),
        ("identity", f"{asked.identity_asked} ({percent(asked.identity_asked, asked.number, words)})"),
        ("unidentified", str(unidentified)),
    )
    rows = tuple((words(f"report.authority.{key}"), value, words(f"report.counted.{key}")) for key, value in values)
    header = tuple(words(f"report.column.{key}") for key in ("figure", "value", "counted"))
    yield Heading(words("report.section.authority"))
    yield Paragraph(words("report.authority.intro"))
    yield Grid(words("report.caption.authority"), header, rows, (4, 3, 6))


def _of(part: int, whole: int, words: Texts) -> str:
    return f"{part} ({percent(part, whole, words)})"


def _joined(prefix: str, counts: Sequence[Count], words: Texts) -> str:
    return ", ".join(f"{coded(prefix, one.key, words)}: {one.number}" for one in counts) or "–"


def _notes(report: Report, words: Texts) -> Iterable[Block]:
    yield Heading(words("report.section.notes"))
    yield Bullets(tuple(words(f"report.note.{key}") for key in ("period", "end", "month", "search", "alarms", "data")))
    yield Paragraph(words("report.head.proof", cases=report.cases, head=report.head))


def percent(part: int, whole: int, words: Texts) -> str:
    """A share as whole per cent; a dash where there is no whole."""
    return words("report.percent", n=round(100 * part / whole)) if whole else "–"


def number(value: float | None, words: Texts) -> str:
    """A number with at most one decimal, as the language writes it; a dash for none."""
    if value is None:
        return "–"
    shown = f"{value:.1f}".removesuffix(".0")
    return shown.replace(".", ",") if words.language == "de" else shown


def right(code: str, words: Texts) -> str:
    return words("report.access") if code == "access" else coded("notices.right", code, words)


def coded(prefix: str, code: str, words: Texts) -> str:
    """The text of a code, or the code where there is none: a new code is never lost."""
    key = f"{prefix}.{code}"
    return words(key) if words.known(key) else code


def attention(code: str, words: Texts) -> str:
    """What a case's hint says, in its own words or in those of the alarm of that name."""
    keys = (f"report.attention.{code}", f"alarm.{code}.what")
    return next((words(key) for key in keys if words.known(key)), code)


def alarm(code: str, words: Texts) -> str:
    key = f"alarm.{code}.what"
    return words(key) if words.known(key) else code
