"""Whether everything was searched: one open cell is enough to say neither "complete" nor "nothing held"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.coverage import ASKED_BEFORE, CellState, HandAnswer, SearchLog, complete, coverage
from cases.register import Coverage, Exclusion, Register, System, Text

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
NAME = Text("System", "system")
CRM = System("crm", NAME, Coverage.SOURCE, source="crm")
CLOUD = System("files", NAME, Coverage.SOURCE, source="cloud")
PAPER = System("paper", NAME, Coverage.BY_HAND)
BACKUP = System("backup", NAME, Coverage.EXCLUDED, reason=Exclusion.BACKUP_ONLY)
DONE = SearchLog("crm", AT, 10, 2)
BY_HAND = HandAnswer("paper", "Torben Ahrens", AT, 1)


def states(register: Register, logs: tuple[SearchLog, ...], answers: tuple[HandAnswer, ...] = ()) -> list[CellState]:
    return [cell.state for cell in coverage(register, logs, answers)]


def register(*systems: System) -> Register:
    return Register("r1", (), systems)


def test_a_cell_for_every_system_in_its_order() -> None:
    cells = coverage(register(BACKUP, PAPER, CRM), (DONE,), (BY_HAND,))
    assert [(cell.system.key, cell.state) for cell in cells] == [
        ("backup", CellState.EXCLUDED),
        ("paper", CellState.ANSWERED),
        ("crm", CellState.SEARCHED),
    ]
    assert [(cell.records, cell.findings) for cell in cells] == [(0, 0), (0, 1), (10, 2)]
    assert complete(cells)


@pytest.mark.parametrize(
    ("log", "state", "code"),
    [
        (None, CellState.OPEN, "not_searched"),
        (SearchLog("crm", None), CellState.OPEN, "not_searched"),
        (SearchLog("crm", None, failed="timeout"), CellState.OPEN, "timeout"),
        (SearchLog("crm", AT, 10, failed="timeout"), CellState.OPEN, "timeout"),
        (SearchLog("crm", AT, 10, gaps=1), CellState.GAPS, ""),
        (SearchLog("other", AT, 10), CellState.OPEN, "not_searched"),
        (SearchLog("crm", AT, 0), CellState.SEARCHED, ""),
    ],
)
def test_what_was_not_searched_whole_is_open(log: SearchLog | None, state: CellState, code: str) -> None:
    (cell,) = coverage(register(CRM), (log,) if log else (), ())
    assert (cell.state, cell.code) == (state, code)
    assert complete((cell,)) is (state is CellState.SEARCHED)


def test_one_unanswered_system_holds_everything_back() -> None:
    cells = coverage(register(CRM, PAPER), (DONE,), ())
    assert [cell.open for cell in cells] == [False, True]
    assert not complete(cells)


def test_a_named_persons_answer_closes_a_system_that_could_not_be_searched() -> None:
    failed = SearchLog("crm", AT, failed="timeout")
    assert states(register(CRM), (failed,), (HandAnswer("crm", "Torben Ahrens", AT),)) == [CellState.ANSWERED]


def test_an_answer_closes_its_own_system_alone() -> None:
    assert states(register(CRM, PAPER), (), (BY_HAND,)) == [CellState.OPEN, CellState.ANSWERED]
    assert states(register(CLOUD), (), (HandAnswer("cloud", "Torben Ahrens", AT),)) == [CellState.OPEN]


def test_an_answer_from_before_identifiers_were_added_closes_nothing() -> None:
    old = replace(BY_HAND, outdated=True)
    (cell,) = coverage(register(PAPER), (), (old,))
    assert (cell.state, cell.code, cell.findings) == (CellState.OPEN, ASKED_BEFORE, 1)
    gaps = SearchLog("crm", AT, 10, gaps=1)
    assert states(register(CRM), (gaps,), (replace(old, system="crm"),)) == [CellState.GAPS]
    assert states(register(CRM), (DONE,), (replace(old, system="crm"),)) == [CellState.SEARCHED]


def test_a_register_without_systems_proves_nothing() -> None:
    assert not complete(coverage(register(), (), ()))
    assert not complete(())


SYSTEMS = st.lists(st.sampled_from([CRM, CLOUD, PAPER, BACKUP]), unique=True)
LOG = st.builds(
    SearchLog,
    st.sampled_from(["crm", "cloud"]),
    st.sampled_from([None, AT]),
    gaps=st.integers(0, 1),
    failed=st.sampled_from(["", "timeout"]),
)


@given(SYSTEMS, st.lists(LOG))
def test_complete_means_that_somebody_spoke_for_every_system(systems: list[System], logs: list[SearchLog]) -> None:
    cells = coverage(register(*systems), logs, ())
    last = {log.source: log for log in logs}
    spoken = [
        system.coverage is Coverage.EXCLUDED
        or (
            (log := last.get(system.source)) is not None
            and log.searched_at is not None
            and not log.failed
            and not log.gaps
        )
        for system in systems
    ]
    assert complete(cells) == (bool(systems) and all(spoken))
