"""Sixty cases in four months with a clock that is moved: the flows themselves in this process, against a real Prefect
server and a real SMTP server. Each alarm comes exactly once and on its day, also when everything was switched off; the
report of each week says what was counted by hand."""

from __future__ import annotations

import re
import subprocess
import sys
import time as time_module
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import anyio
import httpx
import pytest
from prefect import settings as prefect_settings
from prefect.settings import temporary_settings

from cases.case import Status
from cases.deadline import deadline
from cases.person import Person
from flows import pipeline
from flows.extension import extend
from flows.house import House
from flows.serve import deployments
from flows.wiring import engine_environment, open_api
from infra.post import Post, PostAccount
from infra.settings import Settings
from infra.store.cases import Opening
from outputs.texts import texts
from tests.flows import four_months, history
from tests.flows.four_months import OFF, Plan, Told
from tests.flows.house import DPO, RELEASER, SETTINGS, World, build_world
from tests.servers.certificates import make_certificates
from tests.servers.process import answers, free_ports
from tests.servers.smtp_script import ScriptedSmtp

BOSS = "leitung@nordlicht.example"
pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
AUTH = "dpo:four-months"
EVENTS_ARE_KEPT_EVERY = 6  # seconds: Prefect writes events in batches, every five
MORE = """
[clock]
extended_percent = 100
[alarms]
management = ["leitung@nordlicht.example"]
away_hours = 30
escalate_hours = 720
[alarms.standstill]
triage = 0
program = 0
review = 10
[report]
folder = ""
"""
#: made on, requests, answered or refused, of these in one month, late, open now, overdue now. Counted with a paper
#: calendar: a case every second day from 2 March on; six kinds by turns, which end after 10, 24, 40, 85, 12, 33 days.
#: So of the week before 20 April: asked on 13, 15, 17 and 19 April; ended case 3 (late: due on the 6th, Easter Monday,
#: so on the 7th; answered on the 15th), case 17 (refused on the 15th) and case 19 (answered on the 17th).
WEEKS = [
    ("2026-03-02", 0, 0, 0, 0, 0, 0),
    ("2026-03-09", 4, 0, 0, 0, 4, 0),
    ("2026-03-16", 3, 1, 1, 0, 6, 0),
    ("2026-03-23", 4, 1, 1, 0, 9, 0),
    ("2026-03-30", 3, 2, 2, 0, 10, 0),
    ("2026-04-07", 2, 0, 0, 0, 12, 0),
    ("2026-04-13", 3, 3, 3, 0, 14, 1),
    ("2026-04-20", 4, 3, 2, 1, 14, 0),
    ("2026-04-27", 3, 1, 1, 0, 15, 1),
    ("2026-05-04", 4, 4, 3, 1, 15, 1),
    ("2026-05-11", 2, 0, 0, 0, 16, 1),
    ("2026-05-18", 4, 4, 3, 1, 17, 1),
    ("2026-05-25", 3, 3, 2, 1, 16, 0),
    ("2026-06-01", 4, 1, 1, 0, 19, 2),
    ("2026-06-08", 3, 4, 2, 1, 17, 1),
    ("2026-06-15", 4, 4, 2, 1, 16, 0),
    ("2026-06-22", 3, 2, 2, 0, 17, 1),
    ("2026-06-29", 4, 4, 2, 1, 16, 0),
]


@dataclass
class Months:
    """The world of the test and everything that was sent, by the day on which it left."""

    world: World
    smtp: ScriptedSmtp
    mails: dict[date, list[EmailMessage]] = field(default_factory=dict)

    def run(self, day: date) -> None:
        """What happens on a day that is on: the flows in the morning, people later."""
        before = len(self.smtp.mails)
        self.world.clock.at = _at(day, 7, 30)
        if day in four_months.weeks():
            pipeline.report()
        else:
            pipeline.tidy()
        self.mails[day] = [message_from_bytes(raw, policy=default) for raw in self.smtp.mails[before:]]
        for plan in four_months.plans():
            self._live(plan, day)

    def _live(self, plan: Plan, day: date) -> None:
        self.world.clock.at = _at(day, 10)
        if plan.opened == day:
            _open(self.world, plan)
        if plan.extends == day:
            with self.world.house.store.begin() as tx:
                extend(self.world.house, tx, plan.number, "peak", RELEASER, "sehr viele Anfragen nach einer Aktion")
        if plan.ends == day:
            history.ended(self.world, plan.number, day.isoformat(), Status(four_months.KINDS[plan.kind][1]))


def _open(world: World, plan: Plan) -> None:
    arrived = _at(plan.received, 9)
    status = Status.TRIAGE if plan.kind == "no_request" else Status.RECEIVED
    with world.house.store.begin() as tx:
        person = Person(sender="lena.krueger@mail.example", message_id="<1@mail.example>")
        opening = Opening(status, "access", "de", arrived, deadline(arrived, land="MV"), person)
        assert tx.cases.open(opening, "opened").number == plan.number
        if plan.kind == "late":
            for step in (Status.ACKNOWLEDGED, Status.COLLECTING, Status.REVIEW):
                tx.cases.move(plan.number, step)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=BERLIN).astimezone(ZoneInfo("UTC"))


@contextmanager
def _prefect(settings: Settings, settings_file: Path) -> Iterator[None]:
    """A Prefect server of our own, with our deployments; nothing serves them."""
    environment = engine_environment(settings, settings_file)
    command = [sys.executable, "-m", "flows.server", str(settings.prefect.port)]
    server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    values = {
        prefect_settings.PREFECT_API_URL: settings.prefect_api,
        prefect_settings.PREFECT_API_AUTH_STRING: AUTH,
        prefect_settings.PREFECT_LOGGING_TO_API_ENABLED: False,
        prefect_settings.PREFECT_LOGGING_LEVEL: "ERROR",
        prefect_settings.PREFECT_HOME: settings.prefect.home,
        prefect_settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
    }
    try:
        assert answers(settings.prefect.port, 60)
        with temporary_settings(values):
            anyio.run(_deploy, settings)
            yield
    finally:
        server.terminate()
        server.wait(30)


async def _deploy(settings: Settings) -> None:
    for deployment in await deployments(settings):
        deployment.schedules = []
        await deployment.apply()


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Months]:
    """All of the four months, lived through once."""
    folder = tmp_path_factory.mktemp("months")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("PREFECT_AUTH", AUTH)
        certificates = make_certificates(folder)
        smtp = ScriptedSmtp(certificates, {})
        stack.callback(smtp.close)
        (port,) = free_ports(1)
        settings = SETTINGS.replace("port = 1\n", f"port = {port}\nmost_forms = 5\n") + MORE
        world = build_world(folder / "house", empty_database, settings)
        stack.callback(world.house.close)
        account = PostAccount("localhost", smtp.port, "tls", "office", "secret", str(certificates.ca))
        world.house = replace(world.house, post=Post(account))
        stack.enter_context(_prefect(world.house.settings, folder / "house" / "auskunft.toml"))
        patch.setattr(pipeline, "open_house", lambda: _kept_open(world.house))
        lived = Months(world, smtp)
        for day in four_months.days_on():
            lived.run(day)
        yield lived


@contextmanager
def _kept_open(house: House) -> Iterator[House]:
    yield house


def told(months: Months, recipient: str) -> Counter[Told]:
    """The alarms that somebody was told of, as their mails say."""
    words, found = texts("de"), Counter[Told]()
    codes = {words(f"alarm.{code}.what"): code for code in CODES}
    for day, mails in months.mails.items():
        for mail in mails:
            if mail["To"] != recipient:
                continue
            if alarm := re.fullmatch(r"\[(DSAR-2026-\d{4})\] Handeln nötig: (.+)", str(mail["Subject"])):
                found[Told(day, alarm[1], codes[alarm[2]])] += 1
            elif "Das Programm war weg" in str(mail["Subject"]):
                lines = re.findall(r"^  (\d\d\.\d\d\.\d{4})  (DSAR-2026-\d{4})  (.+?)\r?$", mail.get_content(), re.M)
                found.update(Told(day, case, codes[what], listed=True) for _, case, what in lines)
    return found


SAID = (
    "eingegangene Anfragen",
    "beantwortet oder abgelehnt",
    "innerhalb eines Monats",
    "nach Ablauf der Frist",
    "offen",
    "überfällig",
)
CODES = ("due_soon", "due_tomorrow", "due_today", "overdue", "target_passed", "review_waiting")


def plain(expected: Counter[Told], *, management: bool = False) -> Counter[Told]:
    chosen = (item for item in expected.elements() if item.management or not management)
    return Counter(replace(item, management=False) for item in chosen)


def test_each_alarm_comes_once_and_on_its_day(months: Months) -> None:
    expected = plain(four_months.expected())
    assert len(expected) == 148
    assert max(expected.values()) == 1
    assert told(months, DPO) == expected


def test_the_management_hears_of_what_is_nearly_or_really_late_and_of_nothing_else(months: Months) -> None:
    assert told(months, BOSS) == plain(four_months.expected(), management=True)


def test_what_a_switched_off_weekend_missed_is_listed_once(months: Months) -> None:
    listed = [item for item in told(months, DPO) if item.listed]
    assert {item.day for item in listed} == {date(2026, 4, 7), date(2026, 5, 11)}
    away = [mail for mails in months.mails.values() for mail in mails if "Das Programm war weg" in str(mail["Subject"])]
    assert {day for day in months.mails if day in OFF} == set()
    assert sum(mail["To"] == DPO for mail in away) == 2


def test_the_report_of_each_week_says_what_was_counted_by_hand(months: Months) -> None:
    assert reported(months) == WEEKS


def test_the_table_counted_by_hand_agrees_with_a_second_way_of_counting() -> None:
    assert [four_months.week(day) for day in four_months.weeks()] == WEEKS


def reported(months: Months) -> list[tuple[str | int, ...]]:
    """The numbers of the weekly mails, by the day on which they left."""
    weekly = ((day, mail) for day, mails in months.mails.items() for mail in mails if mail["To"] == DPO)
    return [
        (day.isoformat(), *(_number(mail.get_content(), name) for name in SAID))
        for day, mail in weekly
        if str(mail["Subject"]).startswith("Wochenbericht")
    ]


def _number(text: str, name: str) -> int:
    found = re.search(rf"{name}: (\d+)", text, re.I)
    assert found
    return int(found[1])


def test_prefect_has_every_alarm_as_an_event_with_nothing_personal(months: Months) -> None:
    """Each stage of each alarm that stood when people were told of it: what was listed twice over stood once."""
    wanted = {
        "filter": {"event": {"prefix": ["auskunft.alarm."]}, "occurred": {"since": f"{four_months.FIRST}T00:00:00Z"}},
        "limit": 50,
    }
    time_module.sleep(EVENTS_ARE_KEPT_EVERY)
    found, page = [], _ask(months, "/events/filter", wanted)
    while page:
        found += page["events"]
        page = _ask(months, page["next_page"], None) if page.get("next_page") else {}
    by_themselves = [item for item in told(months, DPO).elements() if not item.listed]
    emitted = {(item["resource"]["prefect.resource.name"], item["event"].rpartition(".")[2]) for item in found}
    assert {(item.case, item.code) for item in by_themselves} <= emitted
    assert len(found) == len({item["id"] for item in found}) >= len(by_themselves)
    assert not any(word in str(found).casefold() for word in ("lena", "krueger", "mail.example"))


def test_the_interface_says_what_needs_a_person_and_sorts_by_days_left(months: Months) -> None:
    wanted = {"artifacts": {"key": {"any_": ["needs-you-now"]}}, "sort": "CREATED_DESC", "limit": 1}
    (artifact,) = _ask(months, "/artifacts/filter", wanted)
    assert "000 Tage · DSAR-2026-0045 · review · 1 zu spät" in artifact["data"]
    assert "/runs/flow-run/" in artifact["data"]
    assert "lena" not in artifact["data"].casefold()
    with open_api(months.world.house.settings) as api:
        names = sorted(run.name for run in api.runs("SCHEDULED"))
    assert all(re.match(r"\d{3} Tage · ", name) for name in names)
    assert "DSAR-2026-0045" in names[0]


def _ask(months: Months, path: str, body: object) -> Any:
    base = months.world.house.settings.prefect_api
    with httpx.Client(base_url=base, auth=("dpo", "four-months"), trust_env=False) as client:
        answer = client.get(path) if body is None else client.post(path, json=body)
        return answer.raise_for_status().json()
