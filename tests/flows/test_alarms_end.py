"""An alarm stands until its reason has gone, and no longer: a report that cries for ended cases is not read."""

from __future__ import annotations

from cases.case import Status
from flows.watch import watch
from tests.flows import steps
from tests.flows.house import World


def standing(world: World, case: str) -> set[str]:
    with world.house.store.begin() as tx:
        return {item.code for item in tx.alarms.standing() if item.subject == case}


def end(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN, "Frauke Nissen", "Anruf")


def test_a_date_alarm_ends_with_its_case(world: World) -> None:
    case = steps.collecting(world)
    world.clock.move(days=28)
    watch(world.house)
    assert standing(world, case) == {"target_passed", "due_soon", "program_waiting"}
    end(world, case)
    watch(world.house)
    assert standing(world, case) == set()


def test_an_alarm_that_nobody_was_told_of_is_told_before_it_ends(world: World) -> None:
    case = steps.collecting(world)
    with world.house.store.begin() as tx:
        tx.alarms.raise_(case, "wrong_codes")
    end(world, case)
    assert watch(world.house).alarms == 1
    watch(world.house)
    assert standing(world, case) == set()


def test_a_mail_that_did_not_arrive_stays_an_alarm_when_the_case_has_ended(world: World) -> None:
    case = steps.collecting(world)
    with world.house.store.begin() as tx:
        tx.alarms.raise_(case, "bounced")
    end(world, case)
    for _ in range(2):
        watch(world.house)
    assert standing(world, case) == {"bounced"}
