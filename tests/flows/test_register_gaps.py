"""What goes out and the register does not account for stops an answer, and is said without naming a field."""

from __future__ import annotations

from dataclasses import replace

from cases.bilingual import Text
from cases.case import Status
from cases.draft import Draft
from cases.register import FieldLabel, Mechanism, Transfer
from flows.draft import current
from tests.flows import steps
from tests.flows.house import World


def draft_of(world: World, case: str) -> Draft:
    with world.house.store.begin() as tx:
        return current(world.house, tx, case)[1]


def set_register(world: World, **changes: object) -> None:
    for name, value in changes.items():
        object.__setattr__(world.house.register, name, value)


def test_a_field_without_category_blocks_until_a_label_gives_one(world: World) -> None:
    case = steps.in_review(world)
    assert draft_of(world, case).blockers == ()
    set_register(world, labels=())
    assert "unmapped_field:crm/order" in draft_of(world, case).blockers
    set_register(world, labels=(FieldLabel("crm", "*", Text("", ""), "Bestellungen", "orders"),))
    draft = draft_of(world, case)
    assert draft.blockers == ()
    assert {part.category for item in draft.released for part in item.fields} == {"Bestellungen"}
    assert {part.label for item in draft.released for part in item.fields} == {""}


def test_a_transfer_on_a_mechanism_that_fell_blocks(world: World) -> None:
    case = steps.in_review(world)
    shop = world.house.register.activities[0]
    resting = Transfer(Text("USA", "USA"), Mechanism.DPF)
    moved = replace(shop, recipients=(replace(shop.recipients[0], transfer=resting),))
    set_register(world, activities=(moved, *world.house.register.activities[1:]), withdrawn=(Mechanism.DPF,))
    assert draft_of(world, case).blockers == (f"transfer_withdrawn:{shop.key}",)
    set_register(world, withdrawn=())
    assert draft_of(world, case).blockers == ()
    assert world.case(case).status is Status.REVIEW
