"""Five hundred letters in an hour: each person has a clock, the DPO one alarm, the interface no more forms than fit."""

from __future__ import annotations

from datetime import date

from flows.dispatch import dispatch
from flows.engine import reconcile
from flows.identify import identify_all
from flows.inbox import poll
from flows.reconcile import Wanted, put_now
from flows.report import daily_report
from flows.watch import watch
from tests.flows.house import DPO, FakeApi, World
from tests.flows.letters import AGENT, letter

NAMES = ("Lena", "Ole", "Mia", "Finn", "Ida", "Jonas", "Frida", "Emil", "Greta", "Hannes")
LAST = ("Krüger", "Brandt", "Sommer", "Albers", "Nissen", "Petersen", "Ahrens")


def flood(world: World, people: int) -> None:
    for number in range(people):
        name = f"{NAMES[number % 10]} {LAST[number // 10]}"
        world.arrives(letter(number, name=name, address=f"p{number}@mail.example"))
    poll(world.house)


def test_many_requests_are_a_case_each_and_one_alarm(world: World) -> None:
    flood(world, 65)
    identify_all(world.house)
    watch(world.house)
    watch(world.house)
    dispatch(world.house)
    assert len(world.cases()) == 65
    (raw,) = world.post.to(DPO)
    assert b"65 Anfragen" in raw


def test_the_alarm_ends_with_the_flood(world: World) -> None:
    flood(world, 40)
    assert ("intake", "flood") in world.alarms()
    world.clock.move(hours=2)
    poll(world.house)
    assert world.alarms() == set()


def test_no_more_forms_are_started_than_fit_and_the_report_says_how_many_wait(world: World) -> None:
    flood(world, 65)
    identify_all(world.house)
    api, most = FakeApi(), world.house.settings.prefect.most_forms
    reconcile(world.house, api)  # type: ignore[arg-type]
    assert len(api.of("ask")) == most == 50
    reconcile(world.house, api)  # type: ignore[arg-type]
    assert len(api.of("ask")) == most
    daily_report(world.house)
    dispatch(world.house)
    assert any(b"15" in raw and "Oberfläche".encode() not in raw for raw in world.post.to(DPO))


def test_when_a_form_was_answered_the_next_one_comes(world: World) -> None:
    flood(world, 55)
    identify_all(world.house)
    api = FakeApi()
    reconcile(world.house, api)  # type: ignore[arg-type]
    with world.house.store.begin() as tx:
        shown = [start.parameters["question"] for start in api.of("ask")]
        for question in shown[:3]:
            asked = tx.questions.get(question)
            tx.questions.settle(asked.case, asked.kind)
    reconcile(world.house, api)  # type: ignore[arg-type]
    assert len(api.of("ask")) == 53


def wanted(number: int, day: int) -> Wanted:
    return Wanted(f"ask/{number}", "ask", "", "", waits=True, due=date(2026, 3, day))


def test_the_most_urgent_come_first_and_what_is_shown_stays() -> None:
    found = [wanted(number, day=number) for number in range(1, 10)]
    assert [item.key for item in put_now(found, (), 3)] == ["ask/1", "ask/2", "ask/3"]
    assert [item.key for item in put_now(found, ("ask/9",), 3)] == ["ask/1", "ask/2", "ask/3", "ask/9"]


def test_what_needs_no_person_never_waits() -> None:
    running = Wanted("fulfil/1", "fulfil", "", "", waits=False, due=date(2026, 3, 9))
    assert put_now([wanted(1, 1), running], (), 0) == (running,)


def test_one_sender_who_sends_the_same_letter_a_hundred_times_is_one_case(world: World) -> None:
    for number in range(100):
        world.arrives(letter(number))
    poll(world.house)
    watch(world.house)
    dispatch(world.house)
    assert len(world.cases()) == 1
    assert [to for _, to in world.post.sent] == ["lena.krueger@mail.example"]


def test_a_gateway_that_writes_for_many_gets_few_mails_and_each_person_a_case(world: World) -> None:
    """One sender, a mail for each person, some of them twice."""
    text = (
        "Guten Tag,\n\nim Namen von {name} verlangen wir Auskunft nach Art. 15 DSGVO über alle Daten zu {name}, "
        "geboren am {day:02}.05.1984.\n\nIhr Team von Datenfrei\n"
    )
    people = [(f"{NAMES[number % 10]} {LAST[number // 10]}", 1 + number % 28) for number in range(40)]
    for number, (name, day) in enumerate([*people, *people[:10]]):
        world.arrives(letter(number, text.format(name=name, day=day), "Datenfrei", AGENT, subject="Auskunft"))
    poll(world.house)
    assert len(world.cases()) == 40
    dispatch(world.house)
    assert len(world.post.to(AGENT)) == 3
    for _ in range(3):
        world.clock.move(hours=2)
        poll(world.house)
        dispatch(world.house)
    assert len(world.post.to(AGENT)) == 4
    assert {case.acknowledgement for case in world.cases()} == {"queued"}
