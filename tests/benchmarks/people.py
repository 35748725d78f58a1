"""How long it takes to answer 50 people from a PostgreSQL database, from subjects to sealed packages.

Each run is a process of its own, whose memory is what the operating system says. What a person would decide, the
benchmark decides: it knows whose rows are whose.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from cases.coverage import SearchLog, coverage
from cases.draft import Approval, Controller, Decision, DecisionKind, Draft, Item, ItemField, approve
from cases.finding import Finding, Strength
from cases.register import Register
from cases.subjects import SubjectIndex
from infra.ropa import load_register
from outputs.package import build_package
from outputs.seal import new_passphrase, seal
from sources.sql import SqlSource
from sources.sql_connect import parsed, read_only_engine
from tests.benchmarks.people_world import SOURCE, TABLES, Customer, busiest, fill, people
from tests.servers.databases import start_postgres
from tests.servers.process import open_to_other_users

PEOPLE = 50
AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
CONTROLLER = Controller(
    "Nordlicht Fahrräder GmbH", "Am Alten Hafen 3", "18055", "Rostock", "MV", "datenschutz@nordlicht.example"
)
_MEGABYTE = 1024  # kilobytes, which is what Linux counts in


@dataclass(slots=True)
class Run:
    """What one process did: seconds by step, and of these those in which it had a processor (`busy`: without what it
    waited for); `peak` of its memory in megabytes."""

    people: int
    findings: int = 0
    released: int = 0
    bytes: int = 0
    busy: float = 0
    peak: float = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def each(self) -> float:
        return sum(self.seconds.values()) / self.people


def measure() -> dict[str, Run]:
    """Fifty people, one, and the one with 20,000 orders. Raises `ServerMissing` where there is no PostgreSQL."""
    with open_to_other_users():
        database = start_postgres()
    try:
        fill(database.url)
        chosen = people(PEOPLE)
        asked = {"fifty": chosen, "one": chosen[:1], "busiest": (busiest(),)}
        return {name: _alone(database.url, some) for name, some in asked.items()}
    finally:
        database.stop()


def report(runs: Mapping[str, Run]) -> Iterator[str]:
    fifty, one, big = runs["fifty"], runs["one"], runs["busiest"]
    split = ", ".join(f"{step} {seconds / fifty.people:.3f}" for step, seconds in fifty.seconds.items())
    busy = f"{fifty.busy / fifty.people:.3f} s busy"
    yield f"{PEOPLE} people to sealed packages: {fifty.each:.3f} s a person, {busy} ({split}); peak {fifty.peak:.0f} MB"
    for name, run in (("one person alone", one), (f"one person, {big.released} records", big)):
        split = ", ".join(f"{step} {seconds:.2f}" for step, seconds in run.seconds.items())
        more = f", {run.peak - one.peak:.0f} MB more than for one" if run is big else ""
        yield f"{name}: {run.each:.2f} s, {run.busy:.2f} s busy ({split}); peak {run.peak:.0f} MB{more}"


def _alone(url: str, some: Sequence[Customer]) -> Run:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(answered, (url, some))


def answered(url: str, some: Sequence[Customer]) -> Run:
    """Everything, in this process."""
    run, register = Run(len(some)), _register()
    began, started = time.process_time(), time.perf_counter()
    source = SqlSource(SOURCE, lambda: read_only_engine(SOURCE, parsed(SOURCE, url)), TABLES)
    found: dict[str, list[Finding]] = {item.subject.id: [] for item in some}
    for item in source.search(SubjectIndex(one.subject for one in some)):
        if isinstance(item, Finding):
            found[item.subject].append(item)
    run.seconds["search"] = time.perf_counter() - started
    run.findings = sum(map(len, found.values()))
    with tempfile.TemporaryDirectory() as folder:
        for one in some:
            _answer(run, register, one, found.pop(one.subject.id), Path(folder))
    run.busy, run.peak = time.process_time() - began, _peak()
    return run


def _answer(run: Run, register: Register, one: Customer, found: Sequence[Finding], folder: Path) -> None:
    started = time.perf_counter()
    draft = _draft(register, one, found)
    disclosure = approve(draft, Approval(draft.case, draft.digest, "Releaser", AT))
    drafted = time.perf_counter()
    package = build_package(disclosure)
    rendered = time.perf_counter()
    with (folder / one.number).open("wb") as sink:
        written = seal(package, new_passphrase(), sink)
    steps = {"draft": drafted - started, "render": rendered - drafted, "seal": time.perf_counter() - rendered}
    for step, seconds in steps.items():
        run.seconds[step] = run.seconds.get(step, 0) + seconds
    run.released += len(draft.released)
    run.bytes += written.size


def _draft(register: Register, one: Customer, found: Sequence[Finding]) -> Draft:
    items = tuple(_item(register, one, number, item) for number, item in enumerate(found, start=1))
    met = {(item.source, item.kind) for item in items if item.released}
    return Draft(
        case=one.subject.id,
        language="de",
        controller=CONTROLLER,
        person=one.lines[0],
        recipient=one.email,
        channel="mail",
        received_on=date(2026, 11, 2),
        snapshot_at=AT,
        written_on=AT.date(),
        due=date(2026, 12, 2),
        items=items,
        activities=register.concerned(met),
        cells=coverage(register, (SearchLog(SOURCE, AT, 400_000),), ()),
        register_version=register.version,
        labels=register.labels,
        postal_address=one.lines,
    )


def _item(register: Register, one: Customer, number: int, found: Finding) -> Item:
    fields = []
    for item in found.fields:
        label = register.label(found.source, item)
        known = (label.label.de, label.category) if label else ("", "")
        fields.append(ItemField(item.name, item.value, *known))
    certain = found.strength is Strength.CERTAIN and not found.others
    return Item(
        number=number,
        source=found.source,
        system="Kundendatenbank",
        kind=found.kind,
        locator=found.locator,
        strength=found.strength,
        why=", ".join(match.field for match in found.matched),
        fields=tuple(fields),
        at=found.at,
        decision=None if certain else _decision(one, found),
        shared=bool(found.others),
    )


def _decision(one: Customer, found: Finding) -> Decision:
    name = "id" if found.kind == "customer" else "customer_id"
    hers = any(item.name == name and item.value == str(one.id) for item in found.fields)
    return Decision(DecisionKind.INCLUDE if hers else DecisionKind.EXCLUDE, "Reviewer", AT)


def _register() -> Register:
    """The demo's, with this one system."""
    register = load_register(Path(__file__).parents[2] / "desk" / "demo" / "ropa.toml")
    return replace(register, systems=tuple(item for item in register.systems if item.source == SOURCE))


def _peak() -> float:
    """What this process held at most. `getrusage` would tell of the process that started it, too."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else ()
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


def main() -> None:
    for line in report(measure()):
        print(line)


if __name__ == "__main__":
    main()
