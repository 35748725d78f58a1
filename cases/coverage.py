"""Whether everything was searched for a case: one cell for each system of the register.

"Complete" and "nothing held" can be said only when no cell is open (ANS-03, C-487/21, BGH VI ZR 576/19).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cases.register import Coverage, Register, System

TO_BE_REPEATED = "to_be_repeated"  # a search log's code: a person asked for everything once more
ASKED_BEFORE = "asked_before_new_identifiers"  # a cell's code: nobody has looked there for all that is known since


class CellState(StrEnum):
    OPEN = "open"  # not asked yet, or could not be asked
    GAPS = "gaps"  # asked, but something met there could not be looked at
    SEARCHED = "searched"
    ANSWERED = "answered"  # by hand, by a named person
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class SearchLog:
    """What is known of one source's last complete pass for a case, or of its failure (`failed`: a short code). `kinds`:
    by which kinds of identifiers it was searched; `limits`: codes of what such a search cannot promise."""

    source: str
    searched_at: datetime | None
    records: int = 0
    findings: int = 0
    gaps: int = 0
    failed: str = ""
    kinds: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandAnswer:
    """What a named person answered for a system: one asked by hand, or a connected one that could not be searched
    whole (a gap, a source that is down). `outdated`: identifiers were added to the case since, which nobody has looked
    for there."""

    system: str
    answered_by: str = field(repr=False)
    answered_at: datetime
    files: int = 0
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One system of the register for one case."""

    system: System
    state: CellState
    records: int = 0
    findings: int = 0
    gaps: int = 0
    code: str = ""
    at: datetime | None = None
    kinds: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.state in (CellState.OPEN, CellState.GAPS)


def coverage(register: Register, logs: Iterable[SearchLog], answers: Iterable[HandAnswer]) -> tuple[Cell, ...]:
    """A cell for every system of the register, in its order. A system nobody spoke for is open."""
    by_source = {log.source: log for log in logs}
    by_system = {answer.system: answer for answer in answers}
    return tuple(_cell(system, by_source, by_system) for system in register.systems)


def complete(cells: Iterable[Cell]) -> bool:
    """True where nothing is open. A register without systems is no proof of anything: False."""
    listed = tuple(cells)
    return bool(listed) and not any(cell.open for cell in listed)


def _cell(system: System, logs: Mapping[str, SearchLog], answers: Mapping[str, HandAnswer]) -> Cell:
    if system.coverage is Coverage.EXCLUDED:
        return Cell(system, CellState.EXCLUDED)
    answer = answers.get(system.key)
    if system.coverage is Coverage.BY_HAND:
        return _asked_by_hand(system, answer)
    log = logs.get(system.source)
    searched = _searched(system, log)
    if answer is None or not searched.open or answer.outdated or _is_newer(log, answer):
        return searched
    return _answered(system, answer)


def _asked_by_hand(system: System, answer: HandAnswer | None) -> Cell:
    if answer is None:
        return Cell(system, CellState.OPEN, code="not_answered")
    if answer.outdated:
        return Cell(system, CellState.OPEN, findings=answer.files, code=ASKED_BEFORE)
    return _answered(system, answer)


def _answered(system: System, answer: HandAnswer) -> Cell:
    return Cell(system, CellState.ANSWERED, findings=answer.files, at=answer.answered_at)


def _is_newer(log: SearchLog | None, answer: HandAnswer) -> bool:
    """Whether the system was searched, or was asked to be, after somebody had answered for it: what is open in that
    search, nobody has looked at."""
    if log is None:
        return False
    return log.failed == TO_BE_REPEATED or (log.searched_at is not None and log.searched_at > answer.answered_at)


def _searched(system: System, log: SearchLog | None) -> Cell:
    if log is None or log.searched_at is None or log.failed:
        return Cell(system, CellState.OPEN, code=log.failed if log and log.failed else "not_searched")
    state = CellState.GAPS if log.gaps else CellState.SEARCHED
    counts = (log.records, log.findings, log.gaps)
    return Cell(system, state, *counts, at=log.searched_at, kinds=log.kinds, limits=log.limits)
