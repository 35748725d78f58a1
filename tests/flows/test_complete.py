"""A draft that is not the whole of what was found is not sealed, whoever approved it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cases.case import Status
from cases.draft import Decision, DecisionKind, Ground, Item, Redaction
from cases.finding import Span
from cases.register import FieldLabel, Text
from flows import draft as drafts
from flows.answer import package_and_queue
from outputs.errors import PackageRefused
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, World, finding

Fault = Callable[[tuple[Item, ...]], tuple[Item, ...]]

FAULTS: dict[str, Fault] = {
    "a finding is lost": lambda items: items[1:],
    "a field is lost": lambda items: (replace(items[0], fields=()), *items[1:]),
    "a value is another": lambda items: (
        replace(items[0], fields=(replace(items[0].fields[0], value="grün"),)), *items[1:],
    ),
    "a file is lost": lambda items: (replace(items[0], files=()), *items[1:]),
    "a file is held back without a reason": lambda items: (
        replace(items[0], files=(), held_files=(items[0].files[0].sha256,)), *items[1:],
    ),
    "a finding is invented": lambda items: (*items, replace(items[0], number=99, files=())),
    "a finding is of another source": lambda items: (replace(items[0], kind="invoice"), *items[1:]),
}  # fmt: skip


@pytest.fixture
def found(world: World) -> World:
    world.crm.holds[LENA] = [finding("orders/1", files={"a.pdf": b"%PDF invented"}), finding("orders/2")]
    return world


@pytest.mark.parametrize("name", ["a finding is lost"])
def test_a_draft_that_lost_a_finding_is_not_sealed(found: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    whole = drafts._items
    monkeypatch.setattr(drafts, "_items", lambda *given: FAULTS[name](whole(*given)))
    case = steps.in_review(found, holding=False)
    assert steps.release(found, case) == ""
    with pytest.raises(PackageRefused, match="finding_missing"):
        package_and_queue(found.house, case)
    assert found.case(case).status is Status.APPROVED


def test_every_difference_between_draft_and_store_is_seen(found: World) -> None:
    from flows.complete import check_found

    case = steps.in_review(found, holding=False)
    with found.house.store.begin() as tx:
        row = tx.cases.row(case)
        kept, draft = tx.findings.all(row), drafts.build(found.house, tx, case, found.house.today(tx.now))
    check_found(kept, draft)
    for name, fault in FAULTS.items():
        with pytest.raises(PackageRefused, match="finding_missing"):
            check_found(kept, replace(draft, items=fault(draft.items)))
            pytest.fail(name)


def test_a_name_of_staff_of_which_a_place_was_redacted_too_is_no_fault(found: World) -> None:
    """The register removes the whole value; what somebody decided of it stands in the store."""
    from flows.complete import check_found

    case = steps.in_review(found, holding=False)
    with found.house.store.begin() as tx:
        row = tx.cases.row(case)
        name = tx.findings.all(row)[0].finding.fields[0][0]
        cut = Redaction(Span(0, 0, 1), Ground.SECRECY)
        tx.findings.decide(row, 1, Decision(DecisionKind.REDACT, REVIEWER, tx.now, "bdsg-29-1-2", (cut,)))
        kept = tx.findings.all(row)
        label = FieldLabel("crm", name, Text("Bearbeitet von", "handled by"), "Bearbeitung", "handling", staff=True)
        register = replace(found.house.register, labels=(label, *found.house.register.labels))
        object.__setattr__(found.house, "register", register)
        draft = drafts.build(found.house, tx, case, found.house.today(tx.now))
    check_found(kept, draft)
    assert draft.items[0].fields[0].redacted == (Ground.SECRECY, Ground.OTHERS)
    assert draft.items[0].grounds == (Ground.SECRECY, Ground.OTHERS)
