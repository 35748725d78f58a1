"""What stands above a form: numbers, dates and systems. No personal data by construction: nothing here reads any."""

from __future__ import annotations

from cases.case import Case
from cases.coverage import Cell, CellState
from cases.draft import Draft
from cases.finding import Strength
from flows.house import House
from flows.reconcile import days_left, in_words
from infra.store.answers import DraftRecord
from infra.store.store import Transaction
from infra.store.work import Question

STATES = {
    CellState.OPEN: "**offen** / open",
    CellState.GAPS: "**Lücken** / gaps",
    CellState.SEARCHED: "durchsucht / searched",
    CellState.ANSWERED: "von Hand beantwortet / answered by hand",
    CellState.EXCLUDED: "ausgenommen / excluded",
}
NOTES = {
    "no_decision": "Keine Entscheidung gewählt / no decision was chosen",
    "not_a_releaser": "Dieser Name darf nicht freigeben / this name may not release",
    "not_a_reviewer": "Dieser Name darf nicht prüfen / this name may not review",
    "wrong_code": "Der Freigabecode passt nicht zu Entwurf und Name / the code does not fit draft and name",
    "draft_changed": "Der Entwurf hat sich geändert / the draft has changed",
    "second_person_needed": "Eine zweite Person muss den Entwurf gelesen haben / a second person must have read it",
    "undecided_findings": "Es gibt unentschiedene Funde / some findings are undecided",
    "nothing_held_but_open": "„Nichts gespeichert“ geht nicht: ein System ist offen / not while a system is open",
    "no_ground": "Zum Ablehnen fehlt der Grund / a refusal needs a ground",
    "no_reason": "Zum Ablehnen fehlt die Begründung (20 Zeichen) / a refusal needs a reason",
    "by_needed": "Der Name fehlt / the name is missing",
    "by_and_how_needed": "Name und Prüfweg fehlen / name and way of checking are missing",
    "no_such_record": "Diesen Datensatz gibt es nicht / there is no such record",
    "record_number_needed": "Die Nummer des Datensatzes fehlt / the number of the record is missing",
    "no_address_on_file": "Zu diesem Datensatz gibt es keine E-Mail-Adresse / the record has no e-mail address",
    "nothing_added_yet": "Es wurde noch nichts hinzugefügt / nothing was added yet",
    "something_was_added": "Es wurde schon etwas hinzugefügt / something was added already",
    "no_channel": "Der Weg fehlt / the channel is missing",
    "not_now": "Das geht in diesem Stand des Vorgangs nicht / the case is not in a state for this",
}
NOT_COMPLETE = (
    "Nicht alles durchsucht: die Antwort sagt das, und keine Vollständigkeit. / "
    "Not everything was searched: the answer says so, and claims no completeness."
)
ASKS = {
    "triage": ("Ist das eine Anfrage? / Is this a request?", "auskunft case show {case}"),
    "identity": ("Wer fragt? / Who is asking?", "auskunft case show {case}"),
    "by_hand": ("Was steht in {about}? / What is in it?", "auskunft case add {case} FILE --system {about} --by NAME"),
    "handover": ("Passwort übergeben / Hand over the passphrase", "auskunft case passphrase {case} --as NAME"),
    "delivery": ("Ist die Antwort angekommen? / Did the answer arrive?", "auskunft case history {case}"),
}  # fmt: skip


def review(house: House, tx: Transaction, case: Case, record: DraftRecord, draft: Draft) -> str:
    """The summary above the approval form."""
    lines = [f"# {case.number}", "", *_refused(record.note)]
    lines += [_dates(house, tx, case), "", *_findings(draft), "", *_systems(draft), "", *_blockers(draft)]
    lines += ["**Lesen / read:**", "", f"    auskunft case review {case.number} --as NAME", ""]
    lines += [f"Entwurf / draft {record.number} · `{draft.digest[:12]}`"]
    return "\n".join(lines)


def question(house: House, tx: Transaction, asked: Question) -> str:
    """The text above any other form."""
    title, command = ASKS[asked.kind]
    words = {"case": asked.case, "about": asked.about}
    case = tx.cases.get(asked.case)
    lines = [f"# {asked.case}: {title.format(**words)}", "", *_refused(asked.note), _dates(house, tx, case), ""]
    if case.attention:
        lines += [f"Grund / reason: `{case.attention}`", ""]
    return "\n".join([*lines, f"    {command.format(**words)}"])


def _refused(note: str) -> list[str]:
    return [f"> ⚠ {NOTES.get(note, note)}", ""] if note else []


def _dates(house: House, tx: Transaction, case: Case) -> str:
    days = in_words(days_left(house, case.due, tx.now))
    received = house.today(case.received_at)
    return f"Eingang / received {received:%d.%m.%Y} · **Frist / due {case.due:%d.%m.%Y}** ({days})"


def _findings(draft: Draft) -> list[str]:
    """Counts by source and strength."""
    lines = [
        "| Quelle / source | sicher / certain | wahrscheinlich / probable | möglich / possible | Dateien / files |"
    ]
    lines += ["|---|---:|---:|---:|---:|"]
    for source in sorted({item.source for item in draft.items}):
        items = [item for item in draft.items if item.source == source]
        counts = [sum(item.strength is strength for item in items) for strength in Strength]
        files = sum(len(item.files) for item in items)
        lines.append(f"| {source} | {counts[0]} | {counts[1]} | {counts[2]} | {files} |")
    return lines if len(lines) > 2 else ["Nichts gefunden / nothing was found"]


def _systems(draft: Draft) -> list[str]:
    lines = ["| System | Stand / state | Datensätze / records | Lücken / gaps |", "|---|---|---:|---:|"]
    return lines + [_system(cell) for cell in draft.cells]


def _system(cell: Cell) -> str:
    code = f" `{cell.code}`" if cell.code else ""
    return f"| {cell.system.name.de} | {STATES[cell.state]}{code} | {cell.records} | {cell.gaps} |"


def _blockers(draft: Draft) -> list[str]:
    lines = []
    if draft.undecided:
        lines += [f"**{draft.undecided} unentschiedene Funde / undecided findings:**", ""]
        lines += [f"    auskunft case show {draft.case}", f"    auskunft case include|exclude {draft.case} N", ""]
    if not draft.complete:
        lines += [f"**{NOT_COMPLETE}**", ""]
    for problem in draft.problems:
        lines += [f"**Im Verzeichnis fehlt / missing in the register:** `{problem}`", ""]
    return lines
