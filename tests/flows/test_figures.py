"""Thirteen cases whose figures were counted by hand, with a paper calendar of 2026 for Mecklenburg-Vorpommern."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import pytest

from cases.case import Status
from cases.coverage import SearchLog
from cases.finding import Gap, GapReason
from cases.register import Exclusion
from desk.new_case import CHANNELS
from flows.dispatch import dispatch
from flows.figures import figures, last_week, report_of, this_year
from flows.refusal import GROUNDS, Reasons
from flows.watch import watch
from infra.post import PostRefused, PostUnavailable
from outputs.report import Row
from outputs.report_figures import Figures, Period, Report, report_json
from outputs.texts import texts
from tests.flows import history, steps
from tests.flows.house import ROPA, World, build_world

TAPE = """
[[system]]
key = "tape"
name = { de = "Bandsicherung", en = "Tape backup" }
coverage = "excluded"
reason = "bdsg-34-1-2"
explanation = { de = "wird nur zur Wiederherstellung gelesen", en = "only read to restore" }
"""
TODAY = "2026-11-20"  # a Friday
YEAR = Period(date(2026, 1, 1), date(2026, 11, 20))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[World]:
    """Only read by the tests; those that change something take `changing`."""
    world = _year(tmp_path_factory.mktemp("year") / "house", empty_database)
    yield world
    world.house.close()


@pytest.fixture
def changing(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    world = _year(tmp_path / "house", empty_database)
    yield world
    world.house.close()


def _year(folder: Path, empty_database: Path) -> World:
    world = build_world(folder, empty_database, ropa=ROPA + TAPE)
    _alarm(world, "2025-12-20", "mailbox", "intake_failed", ends="2025-12-21")
    _answered(world)
    _other_ends(world)
    _alarm(world, "2026-05-01", "source:cloud", "source_unavailable", ends="2026-05-02")
    _open(world)
    _alarm(world, "2026-11-13", "DSAR-2026-0009", "overdue")
    world.clock.at = history.at(TODAY)
    return world


def _answered(world: World) -> None:
    before = history.case(world, "2025-12-15")  # arrived last year: no request of this year, but its answer is
    history.ended(world, before, "2026-01-10", Status.ANSWERED)  # 26 days
    quick = history.case(world, "2026-01-05")  # due 5 February
    history.noted(world, quick, "identified:address_on_file")
    _searched(world, quick, "crm", "cloud")
    history.ended(world, quick, "2026-01-19", Status.ANSWERED)  # 14 days
    clamped = history.case(world, "2026-01-31", by="phone")  # 28 February is a Saturday: due Monday, 2 March
    history.brought(world, clamped, Status.ACKNOWLEDGED, Status.IDENTIFYING)
    history.noted(world, clamped, "identified:checked_by_person")
    history.brought(world, clamped, Status.COLLECTING)
    history.ended(world, clamped, "2026-03-02", Status.ANSWERED_NOTHING_HELD)  # 30 days, in time
    longer = history.case(world, "2026-02-02")
    history.brought(world, longer, Status.ACKNOWLEDGED, Status.IDENTIFYING)
    history.noted(world, longer, "identified:address_on_file")
    history.noted(world, longer, "identified:checked_by_person")  # later somebody else was identified: counts once
    history.brought(world, longer, Status.COLLECTING)
    history.ended(world, longer, "2026-06-30", Status.ANSWERED)  # 148 days, after three months
    extended = history.case(world, "2026-03-02")  # due 2 April, extended to 2 June
    history.noted(world, extended, "identified:address_on_file")
    history.extended(world, extended, "2026-03-30")
    history.ended(world, extended, "2026-05-20", Status.ANSWERED)  # 79 days, not late
    late = history.case(world, "2026-04-10", by="letter")  # 10 May is a Sunday: due 11 May
    _searched(world, late, "crm")
    _failed(world, late, "cloud")
    history.ended(world, late, "2026-05-20", Status.ANSWERED)  # 40 days, late


def _other_ends(world: World) -> None:
    refused = history.case(world, "2026-06-01")
    history.ended(world, refused, "2026-06-10", Status.REFUSED, "excessive: Anna Beispiel schreibt täglich")  # 9 days
    history.ended(world, history.case(world, "2026-07-01"), "2026-07-03", Status.WITHDRAWN)
    history.ended(world, history.case(world, "2026-07-02"), "2026-07-06", Status.NOT_A_REQUEST)


def _open(world: World) -> None:
    overdue = history.case(world, "2026-10-12")  # due 12 November, a Thursday
    history.brought(world, overdue, Status.ACKNOWLEDGED, Status.COLLECTING, Status.REVIEW)
    _searched(world, overdue, "crm")
    with world.house.store.begin() as tx:
        tx.findings.gap(tx.cases.row(overdue), Gap("cloud", "ordner/a.zip", GapReason.ENCRYPTED, "encrypted", overdue))
    _searched(world, overdue, "cloud")
    extended = history.case(world, "2026-10-01")  # due 2 November (Monday), extended to 4 January 2027 (Monday)
    history.brought(world, extended, Status.ACKNOWLEDGED, Status.COLLECTING)
    history.extended(world, extended, "2026-10-28")
    other = history.case(world, "2026-11-02", right="erasure")  # due 2 December
    history.brought(world, other, Status.WITH_PERSON)
    history.case(world, "2026-11-16", Status.TRIAGE)  # due 16 December


def _searched(world: World, case: str, *sources: str) -> None:
    with world.house.store.begin() as tx:
        for source in sources:
            tx.findings.searched(case, SearchLog(source, tx.now, 100))


def _failed(world: World, case: str, source: str) -> None:
    with world.house.store.begin() as tx:
        tx.findings.searched(case, SearchLog(source, None, failed="timeout"))


def _alarm(world: World, day: str, subject: str, code: str, ends: str = "") -> None:
    world.clock.at = history.at(day)
    with world.house.store.begin() as tx:
        tx.alarms.raise_(subject, code)
    if ends:
        world.clock.at = history.at(ends)
        with world.house.store.begin() as tx:
            tx.alarms.clear(subject, code)


def counted(world: World, period: Period = YEAR) -> Figures:
    with world.house.store.begin() as tx:
        return figures(world.house, tx, period)


def whole(world: World) -> Report:
    with world.house.store.begin() as tx:
        return report_of(world.house, tx, YEAR)


def by_key(counts: object) -> dict[str, int]:
    return {one.key: one.number for one in counts}  # type: ignore[attr-defined]


def test_what_arrived(year: World) -> None:
    asked = counted(year).requests
    assert (asked.number, asked.undecided, asked.extended, asked.identity_asked) == (11, 1, 2, 2)
    months = [one.number for one in asked.by_month]
    assert months == [2, 1, 1, 1, 0, 1, 1, 0, 0, 2, 2]
    assert [one.key for one in asked.by_month][::10] == ["2026-01", "2026-11"]
    assert by_key(asked.by_channel) == {"mail": 9, "phone": 1, "letter": 1}
    assert by_key(asked.by_right) == {"access": 10, "erasure": 1}
    assert by_key(asked.identified) == {"address_on_file": 2, "checked_by_person": 2}


def test_how_fast_it_was_answered(year: World) -> None:
    given = counted(year).responses
    assert (given.number, given.in_month, given.in_three, given.longer, given.late) == (7, 4, 2, 1, 2)
    assert (given.median_days, given.mean_days, given.longest_days) == (30.0, 49.4, 148)


def test_how_cases_ended_and_on_which_ground_they_were_refused(year: World) -> None:
    given = counted(year).responses
    ends = {"answered": 5, "answered_nothing_held": 1, "refused": 1, "withdrawn": 1, "not_a_request": 1}
    assert by_key(given.ends) == ends
    assert by_key(given.refusals) == {"excessive": 1}


def test_what_was_searched(year: World) -> None:
    found = counted(year)
    crm, cloud = found.systems
    assert (crm.asked, crm.gaps, crm.open_for, crm.alarms, crm.down) == (3, 0, 0, 0, False)
    assert (cloud.asked, cloud.gaps, cloud.open_for, cloud.alarms, cloud.down) == (3, 1, 1, 1, False)
    assert (found.responses.complete, found.responses.judged) == (1, 2)
    assert [(one.name.de, one.reason) for one in found.excluded] == [("Bandsicherung", "bdsg-34-1-2")]
    assert by_key(found.alarms) == {"source_unavailable": 1, "overdue": 1}


def test_a_source_that_is_down_now_is_down_whenever_that_began(changing: World) -> None:
    with changing.house.store.begin() as tx:
        tx.alarms.raise_("source:cloud", "source_unavailable")
    _, cloud = counted(changing, Period(date(2027, 1, 1), date(2027, 1, 31))).systems
    assert (cloud.alarms, cloud.down) == (0, True)


def test_the_open_cases_with_all_their_dates(year: World) -> None:
    rows = {row.case: row for row in whole(year).rows}
    overdue, extended, other, triage = (rows[f"DSAR-2026-{number:04}"] for number in (9, 10, 11, 12))
    assert (overdue.days_left, overdue.waiting_for, overdue.gaps, overdue.notice_due) == (-8, "releaser", 1, None)
    assert overdue.target == date(2026, 10, 26)
    assert (extended.due, extended.days_left, extended.extended) == (date(2027, 1, 4), 45, True)
    assert (extended.month_end, extended.notice_due, extended.safe) == (date(2026, 11, 2), None, date(2026, 12, 31))
    assert (other.right, other.days_left, other.notice_due) == ("erasure", 12, date(2026, 12, 2))
    assert (triage.days_left, triage.target, triage.received) == (26, date(2026, 11, 30), date(2026, 11, 16))


def test_the_report_counts_what_needs_somebody(year: World) -> None:
    report = whole(year)
    assert (len(report.rows), report.overdue, report.due_soon, report.cases) == (4, 1, 0, 13)
    assert [(one.subject, one.code) for one in report.standing] == [("DSAR-2026-0009", "overdue")]
    assert {one.name.de for one in report.days_off} >= {"1. Weihnachtstag", "2. Weihnachtstag", "Reformationstag"}


@pytest.mark.parametrize(
    ("monday", "requests", "responses", "late"),
    [("2026-01-12", 1, 1, 0), ("2026-03-09", 1, 1, 0), ("2026-05-25", 0, 2, 1), ("2026-11-23", 1, 0, 0)],
)
def test_the_figures_of_a_week(year: World, monday: str, requests: int, responses: int, late: int) -> None:
    """12 January: the request of the 5th, the answer of the 10th. 9 March: request and answer of the 2nd. 25 May: two
    answers of the 20th, one of them late. 23 November: the request of the 16th."""
    week = last_week(date.fromisoformat(monday))
    assert (week.last - week.first).days == 6
    found = counted(year, week)
    assert (found.requests.number, found.responses.number, found.responses.late) == (requests, responses, late)


def test_a_year_begins_in_january() -> None:
    assert this_year(date(2026, 11, 20)) == YEAR


def test_a_history_that_cannot_be_read_stops_no_report(changing: World) -> None:
    """The record key of the refused case is gone: its ground is not known any more, the rest is."""
    with changing.house.store.begin() as tx:
        key = tx.cases.row("DSAR-2026-0006").record_key
    changing.house.keystore.destroy(key, changing.clock.now())
    assert by_key(counted(changing).responses.refusals) == {"other": 1}
    assert counted(changing).requests.number == 11


def test_the_json_is_for_machines_and_holds_nothing_personal(year: World) -> None:
    text = report_json(whole(year)).decode()
    read = orjson.loads(text)
    assert read["figures"]["responses"]["median_days"] == 30.0
    assert read["rows"][0]["case"] == "DSAR-2026-0009"
    assert not any(word in text for word in ("Anna", "Frauke", "lena", "Lena", "@mail"))


def test_a_row_has_every_date(year: World) -> None:
    assert all(isinstance(row, Row) and row.target and row.safe and row.month_end for row in whole(year).rows)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_ground_channel_and_end_has_words(language: str) -> None:
    words = texts(language)
    assert [ground for ground in (*GROUNDS, "other") if not words.known(f"report.ground.{ground}")] == []
    assert [channel for channel in CHANNELS if not words.known(f"report.channel.{channel}")] == []
    assert [reason for reason in Exclusion if not words.known(f"report.excluded.{reason.value}")] == []


REFUSED_ON, WHY = "2026-04-01", "schreibt täglich dieselbe Anfrage"  # due on 2 April


def refused(world: World, outcome: Exception) -> str:
    """A case that was refused in time, and what the mail server did with the notice."""
    case = steps.in_review(world)
    dispatch(world.house)
    world.clock.at = history.at(REFUSED_ON)
    told = "Dieselbe Anfrage kam in dieser Woche an jedem Tag."
    steps.refuse(world, case, Reasons("excessive", sentence=told), WHY)
    world.post.outcomes = [outcome]
    dispatch(world.house)
    return case


def test_a_refusal_counts_from_when_its_notice_left(world: World) -> None:
    refused(world, PostUnavailable("refused"))
    assert counted(world).responses.number == 0
    world.clock.at = history.at("2026-04-20")
    dispatch(world.house)
    found = counted(world).responses
    assert (found.number, found.in_month, found.late) == (1, 0, 1)


def test_a_refusal_that_the_server_does_not_take_answers_nobody_and_is_told(world: World) -> None:
    case = refused(world, PostRefused("550"))
    watch(world.house)
    assert counted(world).responses.number == 0
    assert (case, "refusal_unsent") in world.alarms()
    for _ in range(2):
        world.clock.move(days=10)
        watch(world.house)
    assert (case, "refusal_unsent") in world.alarms()
