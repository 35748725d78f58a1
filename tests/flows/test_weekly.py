"""The weekly report once a week and on its day, as a mail of fixed words and as private files; and the calendar."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import orjson
import pytest
from icalendar import Calendar

from cases.case import Status
from flows import pipeline
from flows.calendar_feed import refresh_calendar
from flows.dispatch import dispatch
from flows.watch import watch
from flows.weekly import weekly_report
from infra.settings import SettingsError, load_settings
from tests.flows import history
from tests.flows.house import DPO, SETTINGS, World, build_world, write_settings

MONDAY, TUESDAY, NEXT_TUESDAY = "2026-11-23", "2026-11-24", "2026-12-01"
CALENDAR = '[report]\ncalendar = "public/fristen.ics"\n'


@pytest.fixture
def subscribed(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    made = build_world(tmp_path / "house", empty_database, settings=SETTINGS + CALENDAR)
    (made.folder / "public").mkdir()
    yield made
    made.house.close()


def mails(world: World) -> list[str]:
    dispatch(world.house)
    return [raw.decode() for raw in world.post.to(DPO) if b"Wochenbericht" in raw]


def files(world: World) -> set[str]:
    return {path.name for path in (world.folder / "data" / "reports").glob("*")}


def on(world: World, day: str) -> object:
    world.clock.at = history.at(day, 7)
    return weekly_report(world.house)


def test_it_comes_on_its_day_and_once(world: World) -> None:
    history.case(world, "2026-11-18")
    report = on(world, MONDAY)
    assert report is not None
    assert on(world, MONDAY) is None
    assert on(world, TUESDAY) is None
    (mail,) = mails(world)
    assert files(world) == {f"bericht-{MONDAY}.{ending}" for ending in ("docx", "html", "json")}
    assert "eingegangene Anfragen: 1" in message_from_bytes(mail.encode(), policy=SMTP).get_content()


def test_the_first_one_waits_for_its_day_and_a_missed_one_is_made_up_for(world: World) -> None:
    assert on(world, TUESDAY) is None
    report = on(world, NEXT_TUESDAY)  # everything was switched off on Monday, the 30th
    assert report is not None
    assert report.figures.period.last.isoformat() == "2026-11-29"  # type: ignore[attr-defined]
    assert on(world, NEXT_TUESDAY) is None


def test_nothing_is_attached_to_the_mail_and_nobody_is_named_in_it(world: World) -> None:
    history.case(world, "2026-11-18")
    on(world, MONDAY)
    (mail,) = mails(world)
    parsed = message_from_bytes(mail.encode(), policy=SMTP)
    assert parsed.get_content_type() == "text/plain"
    assert "lena" not in mail.casefold()


def test_the_files_are_private_and_say_the_same(world: World) -> None:
    history.case(world, "2026-11-18")
    on(world, MONDAY)
    folder = world.folder / "data" / "reports"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    read = orjson.loads((folder / f"bericht-{MONDAY}.json").read_bytes())
    assert read["figures"]["requests"]["number"] == 1
    assert "DSAR-2026-0001" in (folder / f"bericht-{MONDAY}.html").read_text(encoding="utf-8")


def test_it_can_be_switched_off(tmp_path: Path, empty_database: Path) -> None:
    world = build_world(tmp_path / "house", empty_database, settings=SETTINGS + '[report]\nweekly = ""\n')
    assert on(world, MONDAY) is None
    assert mails(world) == []
    world.house.close()


def test_a_folder_that_cannot_be_written_is_an_alarm_and_the_mail_goes_out(world: World) -> None:
    (world.folder / "data" / "reports").write_text("a file where the folder should be")
    assert on(world, MONDAY) is not None
    (mail,) = mails(world)
    assert f"bericht-{MONDAY}" not in mail
    assert ("report:folder", "report_unwritable") in world.alarms()
    (world.folder / "data" / "reports").unlink()
    assert on(world, "2026-11-30") is not None
    assert ("report:folder", "report_unwritable") not in world.alarms()


def feed(world: World) -> dict[str, dict[str, str]]:
    read = Calendar.from_ical((world.folder / "public" / "fristen.ics").read_bytes())
    return {str(event["UID"]): {"day": event["DTSTART"].dt.isoformat(), "sequence": event["SEQUENCE"]}
            for event in read.walk("VEVENT")}  # fmt: skip


def test_the_calendar_has_the_dates_of_every_open_case(subscribed: World) -> None:
    history.case(subscribed, "2026-10-29")  # 29 November is a Sunday
    assert refresh_calendar(subscribed.house)
    assert {uid.partition("@")[0]: event["day"] for uid, event in feed(subscribed).items()} == {
        "dsar-2026-0001-due": "2026-11-30",
        "dsar-2026-0001-target": "2026-11-12",
        "dsar-2026-0001-notice": "2026-11-30",
    }


def test_an_extension_moves_the_dates_under_the_same_names(subscribed: World) -> None:
    case = history.case(subscribed, "2026-10-29")
    refresh_calendar(subscribed.house)
    before = feed(subscribed)
    history.extended(subscribed, case, "2026-11-20")
    refresh_calendar(subscribed.house)
    after = feed(subscribed)
    assert set(before) - set(after) == {"dsar-2026-0001-notice@nordlicht.example"}
    due = "dsar-2026-0001-due@nordlicht.example"
    assert (before[due]["day"], after[due]["day"]) == ("2026-11-30", "2027-01-29")
    assert after[due]["sequence"] > before[due]["sequence"]


def test_what_is_over_leaves_the_calendar(subscribed: World) -> None:
    case = history.case(subscribed, "2026-10-29")
    refresh_calendar(subscribed.house)
    history.ended(subscribed, case, "2026-11-03", Status.WITHDRAWN)
    assert refresh_calendar(subscribed.house)
    assert feed(subscribed) == {}


def test_it_is_written_only_when_something_has_changed(subscribed: World) -> None:
    case = history.case(subscribed, "2026-10-29")
    assert refresh_calendar(subscribed.house)
    subscribed.clock.move(minutes=1)
    assert not refresh_calendar(subscribed.house)
    history.brought(subscribed, case, Status.ACKNOWLEDGED)
    assert refresh_calendar(subscribed.house)


def test_who_may_read_it_is_the_administrators_choice(subscribed: World) -> None:
    case, path = history.case(subscribed, "2026-10-29"), subscribed.folder / "public" / "fristen.ics"
    refresh_calendar(subscribed.house)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o644)
    history.brought(subscribed, case, Status.ACKNOWLEDGED)
    assert refresh_calendar(subscribed.house)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_calendar_that_cannot_be_written_is_told_once_and_stops_nothing(subscribed: World) -> None:
    (subscribed.folder / "public").rmdir()
    for _ in range(2):
        assert not refresh_calendar(subscribed.house)
    watch(subscribed.house)
    dispatch(subscribed.house)
    told = [raw for raw in subscribed.post.to(DPO) if b"report.calendar" in raw]
    assert len(told) == 1
    (subscribed.folder / "public").mkdir()
    assert refresh_calendar(subscribed.house)
    assert ("report:calendar", "report_unwritable") not in subscribed.alarms()


def test_none_is_written_where_none_is_wanted(world: World) -> None:
    history.case(world, "2026-10-29")
    assert not refresh_calendar(world.house)
    assert list(world.folder.rglob("*.ics")) == []


@pytest.mark.parametrize(
    ("line", "allowed"),
    [('weekly = "monday"', '"mon"'), ('calendar = "public/fristen.txt"', ".ics"), ('folder = "a\\nb"', "a folder")],
)
def test_a_wrong_setting_is_refused_and_told(tmp_path: Path, line: str, allowed: str) -> None:
    path = write_settings(tmp_path / "house", SETTINGS + f"[report]\n{line}\n")
    with pytest.raises(SettingsError, match=f"report.{line.split()[0]}") as caught:
        load_settings(path)
    assert allowed in str(caught.value)


def test_the_interface_shows_the_reports_to_people_and_machines(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: dict[str, Any] = {}
    monkeypatch.setattr(
        pipeline, "create_markdown_artifact", lambda key, markdown, description: shown.update({key: markdown})
    )
    monkeypatch.setattr(pipeline, "create_table_artifact", lambda key, table, description: shown.update({key: table}))
    history.case(world, "2026-11-18")
    week = on(world, MONDAY)
    pipeline._show(world.house, week)  # type: ignore[arg-type]
    assert set(shown) == {"open-cases", "open-cases-table", "weekly-report"}
    assert "16. November 2026 bis 22. November 2026" in shown["weekly-report"]
    assert "1. Januar 2026 bis 23. November 2026" in shown["open-cases"]
    assert shown["open-cases-table"][0]["due"] == "2026-12-18"
    assert "lena" not in str(shown).casefold()
