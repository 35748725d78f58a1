"""A question for clarification needs a large quantity, a fee the same copy once more; neither narrows or charges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from cases.case import Status
from cases.request import Wishes
from flows import asking
from flows.asking import CannotAsk, announce_fee, ask_clarification, clarified
from flows.dispatch import dispatch
from flows.identify import identify_all
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, World, mail


@pytest.fixture(autouse=True)
def _one_is_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LARGE_QUANTITY", 1)


def refused(world: World, ask: object) -> str:
    with pytest.raises(CannotAsk) as found, world.house.store.begin() as tx:
        ask(tx)  # type: ignore[operator]
    return found.value.code


def clarification(world: World, case: str) -> date:
    with world.house.store.begin() as tx:
        return ask_clarification(world.house, tx, case, RELEASER)


def last_mail(world: World) -> tuple[str, str]:
    dispatch(world.house)
    message = message_from_bytes(world.post.to(LENA)[-1], policy=default)
    body = message.get_body()
    assert body is not None
    return str(message["Subject"]), str(body.get_content())


def test_the_question_names_its_limits_and_is_in_the_clock(world: World) -> None:
    case = steps.in_review(world)
    due = world.case(case).due
    reply = clarification(world, case)
    assert world.house.today(world.clock.now()) < reply < due
    subject, text = last_mail(world)
    assert subject == f"[{case}] Möchten Sie alles erhalten?"
    assert "Bisher sind es 1 Einträge" in text
    assert "Dann erhalten Sie alles." in text
    assert "orders" not in text
    assert world.case(case).due == due
    assert "asked:clarification" in world.steps(case)
    with world.house.store.begin() as tx:
        clarified(world.house, tx, case, RELEASER)
    assert "answered:clarification" in world.steps(case)
    assert world.case(case).due == due


def test_without_a_large_quantity_or_time_nothing_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = steps.in_review(world)
    assert refused(world, lambda tx: clarified(world.house, tx, case, RELEASER)) == "not_asked"
    world.clock.move(days=30)
    assert refused(world, lambda tx: ask_clarification(world.house, tx, case, RELEASER)) == "too_late"
    monkeypatch.setattr(asking, "LARGE_QUANTITY", 500)
    assert refused(world, lambda tx: ask_clarification(world.house, tx, case, RELEASER)) == "not_many"


def test_an_answered_case_is_asked_nothing(world: World) -> None:
    case = steps.sent(world)
    assert refused(world, lambda tx: ask_clarification(world.house, tx, case, RELEASER)) == "not_now"


def twice(world: World) -> tuple[str, str]:
    """An answered request, and the same person's next."""
    first = steps.sent(world)
    with world.house.store.begin() as tx:
        tx.cases.move(first, Status.ANSWERED)
    raw = mail(subject="Auskunft", message_id="<2@mail.example>")
    again = steps.acknowledged(world, raw)
    identify_all(world.house)
    return first, again


def test_the_fee_is_announced_and_nothing_is_charged(world: World) -> None:
    first, again = twice(world)
    with world.house.store.begin() as tx:
        announce_fee(world.house, tx, again, first, 640, ("printing", "postage"), RELEASER)
    subject, text = last_mail(world)
    assert subject == f"[{again}] Kosten einer weiteren Kopie"
    for part in (
        "Es beträgt 6,40 €.",
        "- Porto",
        "Bisher schulden Sie uns nichts.",
        "Art. 77 DSGVO",
        "Art. 79 DSGVO",
        first,
    ):
        assert part in text
    assert "fee_announced" in world.steps(again)
    assert world.case(again).status is not Status.REFUSED


def test_another_period_and_an_open_case_are_free(world: World) -> None:
    first, again = twice(world)
    assert (
        refused(world, lambda tx: announce_fee(world.house, tx, again, again, 640, ("postage",), RELEASER))
        == "reminder"
    )
    with world.house.store.begin() as tx:
        tx.cases.set_person(again, replace(tx.cases.person(again), wishes=Wishes(period="2025")))
    code = refused(world, lambda tx: announce_fee(world.house, tx, again, first, 640, ("postage",), RELEASER))
    assert code == "other_period"


def test_what_can_no_longer_be_compared_is_free(world: World) -> None:
    first, again = twice(world)
    with world.house.store.begin() as tx:
        key = tx.cases.row(first).material_key
    world.house.keystore.destroy(key, world.clock.now())
    code = refused(world, lambda tx: announce_fee(world.house, tx, again, first, 640, ("postage",), RELEASER))
    assert code == "gone"
