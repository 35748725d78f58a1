"""A case brought to where a test begins."""

from __future__ import annotations

from cases.case import Status
from flows import refusal
from flows.answer import package_and_queue
from flows.approval import Reply, answer_form, read_draft
from flows.collect import finish, search_source
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.inbox import poll
from flows.refusal import Reasons, show
from tests.flows.house import LENA, RELEASER, World, finding, mail


def acknowledged(world: World, raw: bytes | None = None) -> str:
    known = {case.number for case in world.cases()}
    world.arrives(raw or mail())
    poll(world.house)
    (case,) = (case.number for case in world.cases() if case.number not in known)
    return case


def collecting(world: World, raw: bytes | None = None) -> str:
    case = acknowledged(world, raw)
    identify_all(world.house)
    assert world.case(case).status is Status.COLLECTING
    return case


def search_all(world: World) -> None:
    for name in world.house.sources:
        search_source(world.house, name)
    finish(world.house)


def in_review(world: World, *, holding: bool = True) -> str:
    if holding:
        world.crm.holds.setdefault(LENA, [finding("orders/1", files={"rechnung.pdf": b"%PDF-1.7 erfunden"})])
    case = collecting(world)
    search_all(world)
    assert world.case(case).status is Status.REVIEW
    return case


def release(world: World, case: str, approver: str = RELEASER, code: str | None = None) -> str:
    """Reads the draft and submits the form; returns the code of why it was not accepted."""
    with world.house.store.begin() as tx:
        shown = read_draft(world.house, tx, case, approver).code if code is None else code
    with world.house.store.begin() as tx:
        return answer_form(world.house, tx, case, Reply("release", approver, shown))


def approved(world: World, *, holding: bool = True) -> str:
    case = in_review(world, holding=holding)
    assert release(world, case) == ""
    assert world.case(case).status is Status.APPROVED
    return case


def sealed(world: World, *, holding: bool = True) -> str:
    case = approved(world, holding=holding)
    dispatch(world.house)  # the acknowledgement goes first
    package_and_queue(world.house, case)
    assert world.case(case).status is Status.SEALED
    return case


def refuse(world: World, case: str, reasons: Reasons, why: str, by: str = RELEASER) -> str:
    """Reads what the person would get and sends it; returns the words of a letter where there is no address."""
    with world.house.store.begin() as tx:
        code = show(world.house, tx, case, reasons, by).code
    with world.house.store.begin() as tx:
        return refusal.refuse(world.house, tx, case, reasons.ground, by, why, code)


def sent(world: World, *, holding: bool = True) -> str:
    case = sealed(world, holding=holding)
    dispatch(world.house)
    assert world.case(case).status is Status.SENT
    return case
