"""Other people in a finding and the places of its fields: what somebody needs who redacts. For the DPO's eyes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from cases.draft import DecisionKind
from cases.finding import Other
from desk.console import fail, plain

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.findings import Kept

SHOWN = 120  # signs of a name in a list
REDACT = (
    "auskunft case redact {case} {number} --other 1 --seen {seen} --ground art-15-4 --by NAME   (--span F:START-END)"
)


def people_lines(kept: Kept) -> Iterator[str]:
    """One line for each other person in it, with the number by which `case redact --other` takes them, and the code
    that says which state of the finding these are of."""
    from flows.redaction import state

    if kept.finding.people:
        yield f"         --seen {state(kept)}"
    for number, one in enumerate(kept.finding.people, start=1):
        yield f"         andere Person / other person {number}: {_told(one)}"


def print_people(console: Console, found: Iterable[Kept]) -> None:
    """The other people in findings that are not held back, with the numbers by which they are redacted."""
    for kept in found:
        kind = kept.decision.kind if kept.decision else None
        if kept.finding.people and kind not in (DecisionKind.EXCLUDE, DecisionKind.WITHHOLD):
            console.print(plain(f"  {kept.number:>4} {kept.source}/{kept.kind} {kind or '?'}"))
            for line in people_lines(kept):
                console.print(plain(line))


def show_finding(house: House, case: str, number: int) -> None:
    """A finding whole: every field with its number and length, who else is in it and where, what was decided."""
    from flows.redaction import state
    from infra.store.findings import NoSuchFinding

    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        with house.store.begin() as tx:
            kept = tx.findings.get(tx.cases.row(case), number)
    except NoSuchFinding as error:
        fail(str(error))
    for line in (*_head(kept), *_fields(kept), *people_lines(kept), *_places(kept)):
        console.print(plain(line))
    console.print(REDACT.format(case=case, number=number, seen=state(kept)))


def _head(kept: Kept) -> Iterator[str]:
    yield f"{kept.number}: {kept.source}/{kept.kind}, {kept.strength}, {kept.finding.locator}"
    if kept.finding.files:
        yield f"  {len(kept.finding.files)} Dateien / files"


def _fields(kept: Kept) -> Iterator[str]:
    for index, (name, value, _) in enumerate(kept.finding.fields):
        yield f"  [{index}] {name} (0-{len(value)}): {value}"


def _told(one: Other) -> str:
    where = ", ".join(f"{span.field}:{span.start}-{span.end}" for span in one.spans)
    return f"{one.kind} {one.value[:SHOWN]} ({one.part}) {where or 'ohne Stelle / without a place'}"


def _places(kept: Kept) -> Iterator[str]:
    if kept.decision is None:
        return
    yield f"  entschieden / decided: {kept.decision.kind}, {kept.decision.by} {kept.decision.reason}"
    for one in kept.decision.redactions:
        yield f"    {one.span.field}:{one.span.start}-{one.span.end} ({one.ground})"
