"""A corrected answer: a version of its own that says so, and a clock that was stopped by the first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.case import Status
from flows.answer import package_and_queue
from flows.correcting import ATTENTION, CannotCorrect, correct
from flows.dispatch import dispatch, hand_over
from flows.draft import current
from flows.engine import reconcile
from flows.figures import report_of, this_year
from flows.retain import retain
from flows.watch import watch
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, FakeApi, World

WHY = "Bestellung 4 ist von jemand anderem"


def answered(world: World) -> str:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    return case


def corrected(world: World, case: str) -> int:
    with world.house.store.begin() as tx:
        return correct(tx, case, REVIEWER, WHY)


def answered_again(world: World, case: str) -> None:
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")


def answer_mails(world: World) -> list[bytes]:
    return [raw for raw in world.post.to(LENA) if b"attachment" in raw]


def test_a_new_version_is_approved_sealed_and_sent_once(world: World) -> None:
    case = answered(world)
    first = world.house.today(world.clock.now())
    world.clock.move(days=3)
    assert corrected(world, case) == 2
    assert world.case(case).status is Status.REVIEW
    with world.house.store.begin() as tx:
        draft = current(world.house, tx, case)[1]
    assert (draft.version, draft.replaces_on) == (2, first)
    dispatch(world.house)
    assert len(answer_mails(world)) == 1  # nothing leaves without an approval
    answered_again(world, case)
    dispatch(world.house)
    assert world.case(case).status is Status.ANSWERED
    assert len(answer_mails(world)) == 2
    assert len({raw.split(b"Message-ID: ")[1].split(b"\r\n")[0] for raw in answer_mails(world)}) == 2


def test_that_it_replaces_something_is_part_of_what_is_approved(world: World) -> None:
    case = answered(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        before = current(world.house, tx, case)[1].digest
        row.version, row.replaces_on = 2, world.house.today(tx.now)
        assert current(world.house, tx, case)[1].digest != before


def test_it_was_answered_in_time_and_stays_so(world: World) -> None:
    case = answered(world)
    answered_at = world.case(case).closed_at
    world.clock.move(days=20)
    corrected(world, case)
    world.clock.move(days=40)  # far beyond the due day
    for _ in range(2):
        with world.house.store.begin() as tx:
            figures = report_of(world.house, tx, this_year(world.house.today(tx.now))).figures
        assert (figures.responses.number, figures.responses.in_month, figures.responses.late) == (1, 1, 0)
        assert [(one.key, one.number) for one in figures.responses.ends] == [("answered", 1)]
        if world.case(case).open:
            answered_again(world, case)
    assert world.case(case).answered_at == answered_at


def test_no_date_rings_but_that_it_waits_is_told(world: World) -> None:
    case = answered(world)
    world.clock.move(days=20)
    corrected(world, case)
    world.clock.move(days=40)
    watched = watch(world.house)
    with world.house.store.begin() as tx:
        (row,) = report_of(world.house, tx, this_year(world.house.today(tx.now))).rows
    assert (watched.open, watched.overdue) == (1, 0)
    assert {code for subject, code in world.alarms() if subject == case} == {"review_waiting"}
    assert (row.days_left, row.attention) == (0, ATTENTION)
    api = FakeApi()
    reconcile(world.house, api)  # type: ignore[arg-type]
    assert [start.name for start in api.of("fulfil")] == [f"000 Tage · {case} · review"]


def test_an_answer_that_nobody_could_open_yet_keeps_its_clock(world: World) -> None:
    case = steps.sent(world)
    corrected(world, case)
    assert world.case(case).answered_at is None
    assert ("handover", "") not in world.waiting(case)
    world.clock.move(days=60)
    watch(world.house)
    assert (case, "overdue") in world.alarms()


def test_nothing_is_destroyed_while_it_is_corrected_and_the_period_begins_anew(world: World) -> None:
    case = answered(world)
    retain(world.house)
    world.clock.move(days=29)
    corrected(world, case)
    world.clock.move(days=30)
    assert retain(world.house).materials == 0
    answered_again(world, case)
    retain(world.house)
    with world.house.store.begin() as tx:
        assert tx.cases.row(case).destroy_material_at == tx.now + timedelta(days=30)


@pytest.mark.parametrize(("brought", "why", "code"), [
    ("in_review", WHY, "not_answered"), ("sealed", WHY, "not_answered"), ("sent", "falsch", "why_needed"),
])  # fmt: skip
def test_what_cannot_be_corrected_says_why(world: World, brought: str, why: str, code: str) -> None:
    case = getattr(steps, brought)(world)
    with world.house.store.begin() as tx, pytest.raises(CannotCorrect) as raised:
        correct(tx, case, REVIEWER, why)
    assert raised.value.code == code


def test_without_its_material_there_is_nothing_to_correct(world: World) -> None:
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    retain(world.house)
    with world.house.store.begin() as tx, pytest.raises(CannotCorrect) as raised:
        correct(tx, case, REVIEWER, WHY)
    assert raised.value.code == "material_gone"
