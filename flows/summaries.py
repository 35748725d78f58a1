"""What stands above a form: numbers, dates, systems and roles. No personal data: of a person only the role is read."""

from __future__ import annotations

from collections import Counter

from cases.case import Case
from cases.coverage import ASKED_BEFORE, Cell, CellState
from cases.draft import Draft
from cases.finding import Strength
from cases.knowledge import Standing
from flows.breach import WHY_NOT as BREACH_NOTES
from flows.extension import WHY_NOT as EXTENSION_NOTES
from flows.extension import last_day, why_not
from flows.house import House
from flows.identity_words import why_and_next
from flows.names import days_left, in_words
from flows.proposed import undecided
from flows.refusal_facts import WHY_NOT as REFUSAL_NOTES
from infra.store.answers import DraftRecord
from infra.store.knowledge import MOST, State
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
    "signing_unusable": "Das eigene Zertifikat zum Unterschreiben taugt nicht ([answer]) / our certificate cannot sign",
    "own_key_refused": "Der Schlüssel der Person taugt nicht: auskunft case seal / the person's key will not do",
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
    "no_such_way": "Dafür ist dort nichts hinterlegt / nothing is on file there for this way",
    "code_limit": "An diese Person gingen schon genug Codes / enough codes went to this person already",
    "code_tries": "Zu viele falsche Codes: bitte anders klären / too many wrong codes: please find out another way",
    "not_me": "Die Person sagt, sie war es nicht / the person says that it was not them",
    "nothing_added_yet": "Es wurde noch nichts hinzugefügt / nothing was added yet",
    "something_was_added": "Es wurde schon etwas hinzugefügt / something was added already",
    "no_channel": "Der Weg fehlt / the channel is missing",
    "receiver_needed": "Wohin geht die Antwort? / where does the answer go?",
    "authority_first": "Erst muss die Vollmacht geprüft werden / the authority must be checked first",
    "no_address_of_proxy": "Die Vertretung hat keine E-Mail-Adresse / the proxy has no e-mail address",
    "mail_not_authentic": "Ob die E-Mail echt ist, ist nicht bestätigt / nothing confirms that the mail is genuine",
    "undecided_proposals": "Unentschiedene Suchvorschläge / some proposals for the search are undecided",
    "new_identifiers": "Neue Angaben seit der Suche: erst neu suchen / search again first, more was stated since",
    "link_ended": "Der Link gilt nicht mehr: auskunft case deliver --way link / the link does not work",
    **EXTENSION_NOTES,
    **BREACH_NOTES,
    **REFUSAL_NOTES,
    "not_now": "Das geht in diesem Stand des Vorgangs nicht / the case is not in a state for this",
}
CHANGES = {"new": "neu / new", "changed": "geändert / changed", "vanished": "verschwunden / vanished"}
NOT_COMPLETE = "Nicht alles durchsucht, die Antwort sagt das / not everything was searched, the answer says so"
FINDINGS = "Funde: sicher/wahrscheinlich/möglich · findings: certain/probable/possible"
NOT_OF_REGISTER = ("new_identifiers", "undecided_proposals")
LOOK_AGAIN = "neue Angaben seit der Antwort / more is known since it was answered"
PLAIN_CODES = ("not_answered", "not_searched")  # say no more than that a system is open
ASKS = {
    "triage": ("Ist das eine Anfrage? / Is this a request?", "auskunft case show {case}"),
    "identity": ("Wer fragt? / Who is asking?", "auskunft case show {case}"),
    "by_hand": ("Was steht in {about}? / What is in it?", "auskunft case add {case} FILE --system {about} --by NAME"),
    "handover": ("Passwort übergeben / Hand over the passphrase", "auskunft case passphrase {case} --as NAME"),
    "delivery": ("Ist die Antwort angekommen? / Did the answer arrive?", "auskunft case history {case}"),
    "authority": ("Darf jemand für die Person handeln? / May they act for the person?", "auskunft case show {case}"),
    "withdrawal": ("Zurückgenommen? / Was it taken back?", "auskunft case show {case} --mail"),
    "acknowledge": ("Eingang bestätigen? / Acknowledge receipt?", "auskunft case show {case} --mail"),
    "breach": ("Datenpanne melden? / Notify the breach? (Art. 33)", "auskunft case show {case}"),
}  # fmt: skip


def review(house: House, tx: Transaction, case: Case, record: DraftRecord, draft: Draft) -> str:
    """The summary above the approval form. The UI shows it in a small box that scrolls: what stops a release comes
    first, the table has no more columns than fit, and there is no large heading."""
    lines = [_dates(house, tx, case), "", *_refused(record.note), *_withdrawal(tx, case), *_blockers(draft)]
    lines += _proposals(tx, case)
    lines += [_outcome(draft), "", *_changes(draft), _receiver(tx, case), "", _extending(house, tx, case), ""]
    lines += [f"**Lesen, Code / read, code:** `auskunft case review {case.number} --as NAME`", "", *_systems(draft), ""]
    lines += [f"Entwurf / draft {record.number} · `{draft.digest[:12]}`"]
    return "\n".join(lines)


def question(house: House, tx: Transaction, asked: Question) -> str:
    """The text above any other form."""
    title, command = ASKS[asked.kind]
    words = {"case": asked.case, "about": asked.about}
    case = tx.cases.get(asked.case)
    lines = [f"**{title.format(**words)}**", "", *_refused(asked.note), _dates(house, tx, case), ""]
    if case.attention:
        lines += [f"Grund / reason: `{case.attention}`", ""]
    if asked.kind == "delivery" and asked.about:
        lines += [f"Fassung / version {asked.about}, inzwischen ersetzt / replaced since", ""]
    if asked.kind == "identity":
        lines += [*(f"- {line}" for line in why_and_next(house, tx, case)), ""]
    return "\n".join([*lines, f"`{command.format(**words)}`"])


def _refused(note: str) -> list[str]:
    return [f"> ⚠ {NOTES.get(note, note)}", ""] if note else []


def _dates(house: House, tx: Transaction, case: Case) -> str:
    days = in_words(days_left(house, case.due_now(house.today(tx.now)), tx.now))
    received = house.today(case.received_at)
    return f"{case.number} · **Frist / due {case.due:%d.%m.%Y}** ({days}) · Eingang / received {received:%d.%m.%Y}"


def _withdrawal(tx: Transaction, case: Case) -> list[str]:
    """A withdrawal that nobody has decided on yet: whoever releases should know."""
    if any(item.kind == "withdrawal" for item in tx.questions.open_ones(case.number)):
        return ["**Rücknahme eingegangen, nicht entschieden / a withdrawal was received and is undecided**", ""]
    return []


def _proposals(tx: Transaction, case: Case) -> list[str]:
    """How many identifiers wait for a yes or no, and how many are never searched for because others have them, too."""
    found = tx.proposals.all(tx.cases.row(case.number))
    shared = sum(one.state is State.OPEN and one.standing is Standing.SHARED for one in found)
    lines = []
    if waiting := len(undecided(tx, case.number)):
        title = f"**{waiting} Suchvorschläge offen / proposals for the search undecided:**"
        lines += [f"{title} `auskunft case accept {case.number} --all --as NAME` / `decline`", ""]
    if shared:
        lines += [f"{shared} Angaben auch anderer, nicht gesucht / identifiers of others too, not searched for", ""]
    if len(found) >= MOST:
        lines += [f"**Mehr als {MOST} Angaben gelernt, nur diese vorgelegt / more were learned than are shown**", ""]
    return lines


def _receiver(tx: Transaction, case: Case) -> str:
    """To whom the answer goes, as a role; the address itself is in the draft, which its reader sees."""
    person = tx.cases.person(case.number)
    if person.proxy is None or not person.proxy_receives:
        return "Geht an / goes to: **betroffene Person** / data subject"
    return f"Geht an / goes to: **Vertretung / proxy** ({person.proxy.role})"


def _outcome(draft: Draft) -> str:
    """What the person would get: the findings that go out, and those that are held back on a ground of the law."""
    withheld = f", **{len(draft.withheld)}** zurückgehalten / withheld" if draft.withheld else ""
    redacted = f", **{len(draft.redacted)}** davon geschwärzt / of them redacted" if draft.redacted else ""
    going = f"**{len(draft.released)}** von / of {len(draft.items)} Funden gehen hinaus / findings go out"
    unnamed = f", **{len(draft.masked)}** ohne Namen von Beschäftigten / without names of staff" if draft.masked else ""
    return f"{going}{redacted}{unnamed}{withheld}"


def _changes(draft: Draft) -> list[str]:
    """What is not as the first search found it (ANS-23)."""
    counts = Counter(item.change for item in draft.items if item.change)
    if not counts:
        return []
    said = ", ".join(f"**{number}** {CHANGES[code]}" for code, number in sorted(counts.items()))
    return [f"Seit der ersten Suche / since the first search: {said}", ""]


def _extending(house: House, tx: Transaction, case: Case) -> str:
    """Until when the period can be extended; else why it cannot be."""
    code = why_not(house, tx, case)
    if code:
        return f"Verlängern geht nicht / no extension: {EXTENSION_NOTES[code]}"
    return f"Verlängern geht bis / extension possible until {last_day(house, tx, case):%d.%m.%Y}"


def _systems(draft: Draft) -> list[str]:
    """A line for each system of the register; a source that is in none shows up as a line of its own. A table would
    be wider than the box."""
    lines = [_system(cell, _counts(draft, {cell.system.key, cell.system.source})) for cell in draft.cells]
    known = {name for cell in draft.cells for name in (cell.system.key, cell.system.source)}
    lost = sorted({item.source for item in draft.items} - known)
    return [FINDINGS, "", *lines, *(f"- {source}: **?**{_counts(draft, {source})}" for source in lost)]


def _system(cell: Cell, findings: str) -> str:
    records = f" ({cell.records})" if cell.records else ""
    gaps = f", {cell.gaps} Lücken / gaps" if cell.gaps else ""
    return f"- {cell.system.name.de}: {STATES[cell.state]}{_code(cell)}{records}{gaps}{findings}"


def _code(cell: Cell) -> str:
    if cell.code == ASKED_BEFORE:
        return f" ({LOOK_AGAIN})"
    return f" `{cell.code}`" if cell.code and cell.code not in PLAIN_CODES else ""


def _counts(draft: Draft, sources: set[str]) -> str:
    """` · **18/0/24**`: certain, probable and possible findings of these sources; empty where there are none."""
    strengths = [item.strength for item in draft.items if item.source in sources]
    counts = "/".join(str(strengths.count(strength)) for strength in Strength)
    return f" · **{counts}**" if strengths else ""


def _blockers(draft: Draft) -> list[str]:
    lines = []
    if draft.undecided:
        show = f"`auskunft case show {draft.case}`"
        lines += [f"**{draft.undecided} unentschiedene Funde / undecided findings:** {show}", ""]
    if not draft.complete:
        lines += [f"**{NOT_COMPLETE}**", ""]
    if "new_identifiers" in draft.problems:
        lines += [f"**{NOTES['new_identifiers']}** (`search again`)", ""]
    for problem in (problem for problem in draft.problems if problem not in NOT_OF_REGISTER):
        lines += [f"**Im Verzeichnis fehlt / missing in the register:** `{problem}`", ""]
    return lines
