"""What a person adds to a case is theirs to give out only after a look at who else is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import draft as drafts
from flows.by_hand import ByHand, add
from outputs.copy_html import html
from tests.flows import steps
from tests.flows.house import PAPER, RELEASER, ROPA, World, build_world


@pytest.fixture
def with_paper(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    made = build_world(tmp_path / "house", empty_database, ropa=ROPA + PAPER)
    yield made
    made.house.close()


def test_what_was_added_waits_for_a_look_and_the_note_stays_in_the_house(with_paper: World, tmp_path: Path) -> None:
    world = with_paper
    case = steps.in_review(world, holding=False)
    page = tmp_path / "Akte Frau Erna Meier.txt"
    page.write_text("erfunden")
    add(world.house, case, ByHand("paper", RELEASER, "lag bei Frau Meier, Kündigung geplant", (page,), whole=True))
    with world.house.store.begin() as tx:
        _, draft = drafts.current(world.house, tx, case)
        (kept,) = tx.findings.all(tx.cases.row(case))
    (item,) = draft.items
    assert item.undecided
    assert "undecided_findings" in draft.blockers
    assert [part.value for part in item.fields] == [page.name]
    assert "Kündigung" not in b"".join(html(draft)).decode()
    assert [one.value for one in kept.finding.people] == ["Erna Meier"]
