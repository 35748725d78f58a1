"""What `auskunft case show` says of findings and of how they came to be known: records, chains of provenance,
proposals, and the log of searches. For the DPO's eyes: personal data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console

from cases.draft import Draft, Item
from cases.identifiers import Identifier, Origin
from cases.knowledge import Key, Learned, Standing, chain
from desk.console import plain
from desk.showing_people import people_lines
from flows.reasons import HOW
from flows.records import records
from flows.summaries import CHANGES
from infra.store.knowledge import KeyHits, LoggedPass, Proposal, State

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.findings import Kept
    from infra.store.store import Transaction

SHOWN = 160  # signs of a value in a list
ORIGINS = {
    Origin.CLAIMED: "behauptet / claimed",
    Origin.VERIFIED: "bestätigt / verified",
    Origin.FOUND: "gefunden / found",
    Origin.ACCEPTED: "angenommen / accepted",
}
STATES = {State.OPEN: "offen / open", State.ACCEPTED: "angenommen / accepted", State.DECLINED: "abgelehnt / declined"}
SHARED = "hat auch jemand anders, wird nie gesucht / belongs to somebody else too, never searched for"
LIMITS = {
    "exact_only": "nur wörtlich, ohne Ähnlichkeit / literally only, no similarity",
    "similar_name": "kein ähnlicher Name / no similar name",
    "one_word_of_a_name": "kein einzelnes Wort eines Namens / no single word of a name",
    "address_alone": "keine Anschrift allein / no postal address alone",
    "birth_date_alone": "kein Geburtsdatum allein / no birth date alone",
    "unusual_phone": "keine unüblich gruppierte Telefonnummer / no phone number in unusual groups",
    "short_name": "kurze Namen nur am Stück / short names only as a whole",
    "short_number": "keine Kundennummer unter vier Zeichen / no customer number of fewer than four characters",
    "other_dots": "keine Adresse mit anderen Punkten / no e-mail address with dots elsewhere",
    "conditions_only": "nur was die Datenbank nach Bedingung lieferte / only what the database gave by condition",
}
DECIDE = "    auskunft case accept|decline {case} NUMBER … --as NAME   (alle / all: --all)"


@dataclass(frozen=True, slots=True)
class Known:
    """Who accepted what, and how it was learned, by the identifier's key."""

    learned: Mapping[Key, Learned] = field(repr=False)
    by: Mapping[Key, str] = field(repr=False)

    @staticmethod
    def of(proposals: Iterable[Proposal]) -> Known:
        found = {one.learned.identifier.key: one for one in proposals}
        return Known({key: one.learned for key, one in found.items()}, {key: one.by for key, one in found.items()})

    def told(self, item: Identifier) -> str:
        """From the identifier back to what was verified or claimed: `phone 030 … (accepted by …, crm:…) ← email …`."""
        return " ← ".join(self._step(one) for one in chain(item, self.learned))

    def _step(self, item: Identifier) -> str:
        who = f" ({self.by[item.key]})" if item.origin is Origin.ACCEPTED and self.by.get(item.key) else ""
        where = f", {item.found_in}" if item.found_in else ""
        return f"{item.kind} {item.value[:SHOWN]} [{ORIGINS[item.origin]}{who}{where}]"


def print_items(console: Console, tx: Transaction, draft: Draft) -> None:
    """Every finding with the chain that led to it, and the records that can be decided at once."""
    row = tx.cases.row(draft.case)
    kept = {one.number: one for one in tx.findings.all(row)}
    known = Known.of(tx.proposals.all(row))
    console.print(f"\nFunde / findings: {len(draft.items)}, unentschieden / undecided: {draft.undecided}")
    for item in draft.items:
        console.print(plain(_item_line(item)))
        for line in (*_provenance(kept[item.number], known), *people_lines(kept[item.number])):
            console.print(plain(line))
    print_records(console, draft.case, kept.values())


def print_records(console: Console, case: str, kept: Iterable[Kept]) -> None:
    """What can be decided at once: one person's record in one system."""
    for record in records(kept):
        if len(record.undecided) > 1:
            console.print(
                plain(
                    f"  Datensatz / record {record.number}: {record.source} {record.locator}, "
                    f"{len(record.undecided)} unentschieden / undecided: "
                    f"auskunft case include {case} --system {record.source} --record {record.number} --by NAME"
                )
            )


def print_proposals(console: Console, tx: Transaction, case: str) -> None:
    """Identifiers that were learned: what was decided of each, and how each came to be known."""
    found = tx.proposals.all(tx.cases.row(case))
    known = Known.of(found)
    for one in found:
        console.print(plain(_proposal_line(one, known)))
    if any(one.undecided for one in found):
        console.print(DECIDE.format(case=case))


def print_searches(console: Console, house: House, tx: Transaction, case: str) -> None:
    """System by identifier by records looked at by hits by time (SCP-01)."""
    console.print("\nSuchen / searches:")
    for done in tx.passes.all(tx.cases.row(case)):
        console.print(plain(_pass_line(house, done)))
        for limit in done.limits:
            console.print(f"      Grenze / limit: {LIMITS.get(limit, limit)}")
        for line in _key_lines(done):
            console.print(plain(line))


def _item_line(item: Item) -> str:
    decision = item.decision.kind if item.decision else ("?" if item.undecided else "")
    values = ", ".join(f"{one.name}={one.value}" for one in item.fields if one.value).replace("\n", " ")
    change = f" ({CHANGES[item.change]})" if item.change else ""
    head = f"  {item.number:>4} {item.strength:9} {decision:8} {item.source}/{item.kind}"
    return f"{head} [{item.why}]{change} {values[:SHOWN]}"


def _provenance(one: Kept, known: Known) -> Iterator[str]:
    for identifier, where, reason in one.finding.met:
        how = " / ".join(dict.fromkeys(filter(None, HOW[reason])))
        yield f"         durch / by {where}{f' ({how})' if how else ''}: {known.told(identifier)}"


def _proposal_line(one: Proposal, known: Known) -> str:
    item, learned = one.learned.identifier, one.learned
    state = SHARED if one.standing is Standing.SHARED and one.state is State.OPEN else STATES[one.state]
    by = f" {one.by}" if one.by else ""
    led = "; ".join(known.told(identifier) for identifier, _ in learned.by)
    place = f"{learned.source}:{learned.locator}".strip(":")
    head = f"  Vorschlag / proposal {one.number}: {item.kind} {item.scope} {item.value[:SHOWN]}"
    return f"{head} ({state}{by}) aus / from {place} ← {led}"


def _pass_line(house: House, done: LoggedPass) -> str:
    at = f"{done.began_at.astimezone(house.zone):%d.%m.%Y %H:%M}"
    shared = f", {done.cases} Vorgänge zugleich / cases at once" if done.cases > 1 else ""
    counts = f"{done.records} Datensätze / records, {done.findings} Funde / findings"
    return f"  {done.source} {at}: {counts}, {done.seconds:.1f} s{shared}"


def _key_lines(done: LoggedPass) -> Iterator[str]:
    if done.keys:
        yield from (_key_line(one) for one in done.keys)
    else:  # the values went with the case's material
        yield from (f"      {kind} ({count}): {hits} Treffer / hits" for kind, count, hits in done.kinds)


def _key_line(one: KeyHits) -> str:
    item = one.identifier
    scope = f" {item.scope}" if item.scope else ""
    return f"      {item.kind}{scope} {item.value[:SHOWN]} [{ORIGINS[item.origin]}]: {one.hits} Treffer / hits"
