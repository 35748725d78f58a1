"""Erasure and the others: a case, a clock and a person each; nothing is erased before access was answered."""

from __future__ import annotations

import pytest

from cases.case import Status
from flows.dispatch import dispatch
from flows.inbox import poll
from flows.questions import answer
from flows.watch import watch
from tests.flows import steps
from tests.flows.house import DPO, REVIEWER, World, mail
from tests.flows.letters import ERASURE, letter

BOTH = (
    "Guten Tag,\n\nbitte teilen Sie mir nach Art. 15 DSGVO mit, welche Daten Sie über mich gespeichert haben, "
    "und löschen Sie danach alle meine Daten nach Art. 17 DSGVO.\n\nLena Krüger\n"
)


def told(world: World) -> list[str]:
    """What the DPO was told, decoded."""
    watch(world.house)
    dispatch(world.house)
    with world.house.store.begin() as tx:
        mails = [mail for case in tx.cases.all() for mail in tx.outbox.of_case(case.number)]
    return [f"{one.mail.subject}\n{one.mail.text}" for one in mails if one.mail.recipient == DPO]


def both(world: World) -> tuple[str, str]:
    world.arrives(mail("Auskunft und Löschung", BOTH))
    poll(world.house)
    access, erasure = world.cases()
    return access.number, erasure.number


def test_an_erasure_goes_to_a_person_at_once_and_names_nobody(world: World) -> None:
    world.arrives(letter(1, ERASURE, subject="Löschung"))
    poll(world.house)
    (case,) = world.cases()
    assert case.status is Status.WITH_PERSON
    (notice,) = told(world)
    assert case.number in notice
    assert "Löschung (Art. 17 DSGVO)" in notice
    assert "2. April 2026" in notice
    assert "Krüger" not in notice


@pytest.mark.parametrize("right", ["rectification", "restriction", "portability", "objection"])
def test_every_other_right_is_handed_over_by_its_name(world: World, right: str) -> None:
    case = steps.acknowledged(world, mail("Frage", "Ich habe eine Frage zu meinen Daten (DSGVO), bitte um Rückruf.\n"))
    with world.house.store.begin() as tx:
        (asked,) = tx.questions.open_ones(case)
        assert answer(world.house, tx, asked, {"by": REVIEWER, "decision": right}) == ""
    assert world.case(case).status is Status.WITH_PERSON
    assert len(told(world)) == 1


def test_an_erasure_beside_access_waits_and_nobody_is_told_yet(world: World) -> None:
    access, erasure = both(world)
    assert (world.case(erasure).waits_for, world.case(erasure).attention) == (access, "waits_for_access")
    assert told(world) == []


def test_it_goes_on_when_access_was_answered(world: World) -> None:
    access, erasure = both(world)
    told(world)
    with world.house.store.begin() as tx:
        tx.cases.move(access, Status.WITHDRAWN)
    (notice,) = told(world)
    assert f"{access} ist beendet" in notice
    assert (world.case(erasure).waits_for, world.case(erasure).attention) == ("", "other_right")
    assert len(told(world)) == 1


def test_it_goes_on_when_the_access_case_is_gone_altogether(world: World) -> None:
    access, erasure = both(world)
    with world.house.store.begin() as tx:
        tx.messages.forget_case(access)
        tx.cases.delete(access)
    assert len(told(world)) == 1
    assert world.case(erasure).waits_for == ""


def test_its_own_time_running_out_is_told_in_any_case(world: World) -> None:
    access, erasure = both(world)
    world.clock.move(days=25)
    notices = told(world)
    assert any("noch offen, und die Frist" in notice and access in notice for notice in notices)
    assert (erasure, "other_right") in world.alarms()
    world.clock.move(minutes=1)
    with world.house.store.begin() as tx:
        tx.cases.move(access, Status.WITHDRAWN)
    assert any(f"{access} ist beendet" in notice for notice in told(world))


def test_an_erasure_that_came_first_is_held_when_access_is_asked_for(world: World) -> None:
    world.arrives(letter(1, ERASURE, subject="Löschung"))
    poll(world.house)
    told(world)
    world.clock.move(days=1)
    world.arrives(letter(2))
    poll(world.house)
    erasure, access = world.cases()
    assert world.case(erasure.number).waits_for == access.number
    assert any("noch nichts löschen" in notice for notice in told(world))


def test_the_erasure_of_somebody_else_at_the_same_address_waits_for_nothing(world: World) -> None:
    world.arrives(letter(1))
    world.arrives(letter(2, ERASURE, "Jonas Krüger", subject="Löschung"))
    poll(world.house)
    _, erasure = world.cases()
    assert erasure.waits_for == ""


def test_many_handovers_at_once_are_one_mail(world: World) -> None:
    for number in range(15):
        world.arrives(letter(number, ERASURE, address=f"p{number}@mail.example", subject="Löschung"))
    poll(world.house)
    watch(world.house)
    dispatch(world.house)
    assert len(world.post.to(DPO)) == 1
