"""Findings by the record that they hang on: one customer's row with everything that belongs to it is decided at once,
never everything of a system, where two namesakes may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.finding import Strength
from infra.store.findings import Kept


@dataclass(frozen=True, slots=True)
class Record:
    """One record in one system. `number` is that of its first finding: `auskunft case include CASE --record 4`."""

    number: int
    source: str
    locator: str = field(repr=False)
    findings: tuple[Kept, ...]

    @property
    def undecided(self) -> tuple[int, ...]:
        return tuple(one.number for one in self.findings if one.decision is None and needs_decision(one))


def records(kept: Iterable[Kept]) -> tuple[Record, ...]:
    """The records of a case's findings, in the order of their first findings."""
    found: dict[tuple[str, str], list[Kept]] = {}
    for one in kept:
        found.setdefault((one.source, one.finding.record), []).append(one)
    return tuple(Record(of[0].number, source, locator, tuple(of)) for (source, locator), of in found.items())


def needs_decision(one: Kept) -> bool:
    """Whether a person must have said something of a finding before it can be released."""
    told = one.finding
    return one.strength is not Strength.CERTAIN or told.shared or bool(told.others or told.people)
