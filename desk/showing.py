"""Cases on the terminal: for the DPO's eyes, with personal data where the command says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from cases.case import Status
from cases.coverage import Cell
from cases.person import Person
from cases.request import Right
from desk.console import plain
from desk.showing_clock import print_clock
from desk.showing_knowledge import print_items, print_proposals, print_searches
from flows import draft as drafts
from flows.identity_words import why_and_next
from flows.names import days_left, in_words
from infra.keystore import KeyDestroyed
from infra.parse import parse_message

if TYPE_CHECKING:
    from cases.case import Case
    from flows.house import House
    from infra.store.store import Transaction

RECEIPT = {
    "queued": "geht per Mail / goes by mail",
    "waiting": "wartet, die Adresse hat genug Mails für jetzt / waits, the address got enough mails for now",
    "asked": "jemand entscheidet / somebody decides: auskunft case answer CASE acknowledge --decision send",
    "by_hand": "von Hand fällig / due by hand",
    "not_sent": "nicht gesendet / not sent",
}
LINKS = {
    "follows": "folgt auf / follows: {other} (dieselbe Person, beendet; ob exzessiv, entscheidet ein Mensch / "
    "same person, ended; whether excessive is for a person to say)",
    "with": "aus derselben Mail wie / from the same mail as: {other}",
    "after": "nach / after: {other} (access, beendet / ended)",
}
BY_HAND = (
    "Bitte von Hand bearbeiten und der Person mitteilen / please handle by hand and tell the person, then:",
    '  auskunft case done {case} --by NAME --reason "…"   (oder / or: case refuse, case withdraw)',
)


def show_list(house: House, *, every: bool, as_json: bool) -> None:
    with house.store.begin() as tx:
        listed = tx.cases.all() if every else tx.cases.still_open()
        now = tx.now
    if as_json:
        print(json.dumps([_plain_case(house, case) for case in listed], ensure_ascii=False))
        return
    table = Table("Vorgang", "Stand", "Eingang", "Frist", "", "Hinweis", box=None)
    for case in listed:
        received = f"{house.today(case.received_at):%d.%m.%Y}"
        left = in_words(days_left(house, case.due_now(house.today(now)), now)) if case.open else ""
        table.add_row(case.number, case.status, received, f"{case.due:%d.%m.%Y}", left, case.attention)
    Console().print(table)


def _plain_case(house: House, case: Case) -> dict[str, str]:
    return {
        "case": case.number,
        "status": case.status,
        "right": case.right,
        "received": house.today(case.received_at).isoformat(),
        "due": case.due.isoformat(),
        "attention": case.attention,
    }


def show_case(house: House, case: str, *, with_mail: bool, with_searches: bool = False) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    with house.store.begin() as tx:
        value = tx.cases.get(case)
        _print_facts(console, house, value)
        print_clock(console, house, tx, value)
        _print_links(console, tx, value)
        for once, message_id, state in tx.outbox.answers(case):
            console.print(plain(f"Antwort-Mail / answer mail {once.partition('/')[2]}: {state}, {message_id}"))
        try:
            person = tx.cases.person(case)
        except KeyDestroyed:
            console.print("Der Inhalt wurde gelöscht. / The content has been destroyed.")
            return
        draft = drafts.build(house, tx, case, house.today(tx.now))
        _print_person(console, person)
        for line in why_and_next(house, tx, value):
            console.print(f"  {line}")
        _print_documents(console, tx, case)
        print_proposals(console, tx, case)
        print_items(console, tx, draft)
        _print_cells(console, draft.cells)
        _print_gaps(console, tx, case)
        _print_waiting(console, tx, case)
        if with_searches:
            print_searches(console, house, tx, case)
    if with_mail:
        _print_mails(console, house, case)


def show_history(house: House, case: str) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    with house.store.begin() as tx:
        events = tx.cases.history(case)
    for event in events:
        at = event.at.astimezone(house.zone)
        console.print(plain(f"{at:%d.%m.%Y %H:%M:%S}  {event.what}  {event.who}  {event.why}".rstrip()))


def _print_facts(console: Console, house: House, case: Case) -> None:
    console.print(f"{case.number}: {case.status}, {case.right}, {case.language}, {case.channel}")
    console.print(f"Eingang {house.today(case.received_at):%d.%m.%Y}, Frist {case.due:%d.%m.%Y}")
    console.print(case.derivation_de)
    if case.replaces_on:
        console.print(f"Berichtigung / correction {case.version}, ersetzt / replaces {case.replaces_on:%d.%m.%Y}")
    if case.attention:
        console.print(f"Hinweis: {case.attention}")
    if case.acknowledgement:
        console.print(f"Eingangsbestätigung / acknowledgement: {RECEIPT[case.acknowledgement]}")
    if case.status is Status.WITH_PERSON and case.right != Right.ACCESS:
        for line in BY_HAND:
            console.print(line.format(case=case.number))


def _print_links(console: Console, tx: Transaction, case: Case) -> None:
    """Other cases that this one has to do with."""
    codes = [event.what.partition(":") for event in tx.cases.history(case.number)]
    for code, _, other in codes:
        if code in LINKS:
            console.print(LINKS[code].format(other=other))
    if case.waits_for:
        console.print(f"wartet auf / waits for {case.waits_for} (access): vorher nichts löschen / erase nothing before")
    if case.waits_for_reply:
        console.print(f"wartet auf eine Antwort der Person / waits for a reply: {case.waits_for_reply}")


def _print_documents(console: Console, tx: Transaction, case: str) -> None:
    for document in tx.documents.of_case(tx.cases.row(case)):
        if document.file is not None:
            size, name = document.file.blob.size, document.file.name
            console.print(plain(f"  Dokument / document {document.number}: {name}, {size} bytes (case letters {case})"))


def _print_person(console: Console, person: Person) -> None:
    vouched = "echt / authentic" if person.vouched else "nicht bestätigt / not authenticated"
    console.print(f"\nWer fragt / who asks: {plain(person.name)} <{plain(person.sender)}> ({vouched})")
    _print_proxy(console, person)
    for reason in person.reasons:
        console.print(plain(f"  erkannt / recognised: {reason}"))
    for item in person.claims:
        console.print(plain(f"  behauptet / claimed: {item.kind} {item.scope} {item.value}"))
    for item in person.verified:
        console.print(plain(f"  bestätigt / verified: {item.kind} {item.scope} {item.value}"))
    for item in person.accepted:
        console.print(plain(f"  angenommen / accepted: {item.kind} {item.scope} {item.value}"))
    if person.recipient:
        console.print(plain(f"  Antwort an / answer goes to: {person.recipient}"))
    else:
        _print_candidates(console, person)


def _print_proxy(console: Console, person: Person) -> None:
    """Who writes for the person, and what is asked for beyond the default."""
    if person.proxy is not None:
        proxy = f"{person.proxy.role} {person.proxy.name} <{person.proxy.email}>"
        console.print(plain(f"  in Vertretung / on behalf, written by: {proxy}"))
        checked = "nicht geprüft / not checked" if person.authority is None else f"geprüft von {person.authority.by}"
        goes_to = ", empfängt die Antwort / receives the answer" if person.proxy_receives else ""
        console.print(plain(f"  Vollmacht / authority: {checked}{goes_to}"))
    wishes = person.wishes
    for label, value in (
        ("Zeitraum / period", wishes.period),
        ("Systeme / systems", ", ".join(wishes.systems)),
        ("Form", wishes.form),
        ("Art. 15(1)", ", ".join(wishes.points)),
    ):
        if value:
            console.print(plain(f"  gewünscht / wished: {label}: {value}"))


def _print_candidates(console: Console, person: Person) -> None:
    """Records on file that share something with the claims: `case identify --record N`."""
    for number, contact in enumerate(person.candidates, start=1):
        values = ", ".join(f"{item.kind} {item.value}" for item in contact.identifiers)
        console.print(plain(f"  Datensatz / record {number}: {values}"))


def _print_cells(console: Console, cells: tuple[Cell, ...]) -> None:
    console.print("\nSysteme / systems:")
    for cell in cells:
        found = f"{cell.records} Datensätze, {cell.findings} Funde, {cell.gaps} Lücken"
        console.print(f"  {cell.system.key:14} {cell.state:10} {found} {cell.code}")


def _print_gaps(console: Console, tx: Transaction, case: str) -> None:
    for gap in tx.findings.gaps(tx.cases.row(case)):
        console.print(plain(f"  Lücke / gap: {gap.source} {gap.reason} {gap.code} {gap.locator}"))


def _print_waiting(console: Console, tx: Transaction, case: str) -> None:
    for question in tx.questions.open_ones(case):
        console.print(f"\nWartet auf / waits for: {question.kind} {question.about} bis {question.due:%d.%m.%Y}")


def _print_mails(console: Console, house: House, case: str) -> None:
    with house.store.begin() as tx:
        letters = tx.messages.of_case(case)
    for letter in letters:
        with house.vault.open(letter.blob) as stream:
            message = parse_message(stream.read(), letter.arrived_at)
        console.print(f"\n--- {letter.arrived_at.astimezone(house.zone):%d.%m.%Y %H:%M} ({letter.verdict})")
        console.print(plain(f"{message.sender.name} <{message.sender.email}>: {message.subject}\n\n{message.text}"))
