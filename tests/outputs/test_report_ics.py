"""The calendar: read by another reader than it was made with, and by the rules of RFC 5545 itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.report_ics import Dated, calendar
from tests.outputs.reports import CALM, LATE, LONG

AT = datetime(2026, 12, 1, 8, 15, tzinfo=UTC)
SHOWN = (Dated(LATE, AT, 7), Dated(LONG, AT + timedelta(days=1), 12))


def made(*cases: Dated, controller: str = "Nordlicht GmbH", language: str = "de") -> bytes:
    return calendar(cases or SHOWN, controller, "nordlicht.example", language)


def lines(content: bytes) -> list[str]:
    """Content lines, unfolded (RFC 5545 sec. 3.1), as somebody would who never saw the library."""
    return content.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events(content: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in lines(content):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and not line.startswith(("END", "BEGIN")):
            found[-1][name] = value
    return found


def test_there_is_an_event_for_each_kind_of_date() -> None:
    uids = [event["UID"] for event in events(made(*SHOWN, Dated(CALM, AT, 1)))]
    assert uids == [
        "dsar-2026-0001-due@nordlicht.example",
        "dsar-2026-0001-target@nordlicht.example",
        "dsar-2026-0003-due@nordlicht.example",
        "dsar-2026-0003-target@nordlicht.example",
        "dsar-2026-0004-due@nordlicht.example",
        "dsar-2026-0004-target@nordlicht.example",
        "dsar-2026-0004-notice@nordlicht.example",
    ]


def test_an_event_is_one_whole_day_and_says_which_case() -> None:
    first = events(made())[0]
    assert first["DTSTART;VALUE=DATE"] == "20261211"
    assert first["DTEND;VALUE=DATE"] == "20261212"
    assert first["SUMMARY"] == "DSAR-2026-0001: Frist für die Antwort"
    assert first["DTSTAMP"] == first["LAST-MODIFIED"] == "20261201T081500Z"
    assert (first["SEQUENCE"], first["TRANSP"], first["STATUS"]) == ("7", "TRANSPARENT", "CONFIRMED")


def test_the_calendar_says_how_often_to_look() -> None:
    said = lines(made())
    assert said[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Auskunft//Auskunft//DE"]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in said
    assert "X-PUBLISHED-TTL:PT1H" in said
    assert not any(line.startswith("METHOD") for line in said)


def test_the_same_cases_give_the_same_bytes() -> None:
    assert made() == made()
    assert made(replace(SHOWN[0], changes=8), SHOWN[1]) != made()


def test_no_case_is_still_a_calendar() -> None:
    empty = calendar((), "Nordlicht GmbH", "nordlicht.example", "de")
    assert lines(empty)[0] == "BEGIN:VCALENDAR"
    assert events(empty) == []


def test_english_is_spoken_where_it_is_wanted() -> None:
    assert events(made(language="en"))[1]["SUMMARY"] == "DSAR-2026-0001: internal target"


def well_formed(content: bytes) -> None:
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert all(re.match(r"[A-Z][A-Z0-9-]*[;:]", line) for line in lines(content))


@pytest.mark.parametrize("name", ["Ärzte; Söhne, Töchter\\Partner", "A\nBEGIN:VEVENT\nUID:x", "Büro " * 40])
def test_a_name_cannot_leave_its_line(name: str) -> None:
    content = made(controller=name)
    well_formed(content)
    assert len(events(content)) == 4


def test_separators_in_a_name_are_escaped() -> None:
    assert "NAME:Auskunft: Fristen\\, Ärzte\\; Söhne" in lines(made(controller="Ärzte; Söhne"))


@given(st.text(min_size=1, max_size=200), st.dates(date(2018, 1, 1), date(2100, 1, 1)))
def test_every_calendar_is_well_formed(name: str, due: date) -> None:
    clean = "".join(char for char in name if char.isprintable())
    content = made(Dated(replace(CALM, due=due), AT, 1), controller=clean)
    well_formed(content)
    assert events(content)[0]["DTSTART;VALUE=DATE"] == f"{due:%Y%m%d}"
