"""From a stored mail to its cases: recognised, opened or attached, acknowledged; in one transaction."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case, Status
from cases.deadline import deadline
from cases.message import Message
from cases.person import Person
from cases.request import Claims, Request, Right, Verdict
from flows.acknowledging import acknowledge, acknowledge_waiting
from flows.belonging import CASE_NUMBER, Incoming, attach, further_rights, known_case, means_a_lost_request
from flows.code_replies import addresses_now, hear, joins, replied
from flows.house import House
from flows.id_documents import id_documents_in
from flows.id_documents import note as note_id_documents
from flows.letters import recognise_with_letters
from flows.numbers import with_numbers
from flows.opening import Asked, hand_over_if_not_access, in_one_batch, open_case, opening
from flows.people import own_addresses, people_of, words_of
from infra.keystore import KeyDestroyed
from infra.parse import parse_message
from infra.store.documents import Document
from infra.store.messages import Letter
from infra.store.sealed import StoredFile
from infra.store.store import Transaction
from infra.vault import VaultFull

EARLIEST = datetime(2018, 5, 25, tzinfo=UTC)  # the day from which the GDPR applies (Art. 99(2))
TRUNCATED = "oversized_mail"
OUR_SUBJECT = re.compile(
    r"^(.{0,80}?:\s*)\[DSAR-\d{4}-\d{4,}\]"
)  # `Re: [DSAR-…] …`, `Automatische Antwort: [DSAR-…] …`
FLOOD = 30  # requests within an hour from which it is one: the DPO is told once, not of each
FLOOD_HOUR = timedelta(hours=1)


def handle_stored(house: House) -> tuple[int, int]:
    """Recognises every stored mail; returns how many opened a case and how many were attached to one."""
    with house.store.begin() as tx:
        waiting = tx.messages.waiting("stored")
    outcomes = [_handle_safely(house, letter) for letter in waiting]
    _copy_letters(house)
    acknowledge_waiting(house)
    _note_flood(house)
    return outcomes.count("opened"), outcomes.count("attached")


def _handle_safely(house: House, letter: Letter) -> str:
    """One mail that cannot be handled must neither be lost nor stop the others: it becomes a case in triage."""
    try:
        return _handle(house, letter)
    except (VaultFull, SQLAlchemyError, OSError):
        raise  # the house itself is out of order: nothing is lost, the next poll goes on here
    except Exception as error:  # noqa: BLE001 - the boundary of this flow: whatever a hostile mail makes a parser do
        with house.store.begin() as tx:
            if not _still_stored(tx, letter):
                return "left"
            tx.messages.troubled(letter.id, type(error).__name__[:32])
            case = _open_unreadable(house, tx, letter)
            tx.messages.recognised(letter.id, Verdict.UNCLEAR, case, "opened")
        return "opened"


def _handle(house: House, letter: Letter) -> str:
    raw = raw_mail(house, letter)
    message = parse_message(raw, letter.arrived_at, house.authenticity.stated(raw))
    own = own_addresses(house)
    cut = letter.problem == TRUNCATED
    request = recognise_with_letters(without_our_words(message), house.extractor, own, cut=cut)
    if request.verdict.is_request and not message.vouched:
        message = replace(message, auth=house.authenticity.checked(raw, message.auth))
    request = with_numbers(request, house.settings.identity.customer_numbers)
    people = people_of(message, request, own)
    joins_one = _may_join(message, request) or _is_known(house, message, people)
    ids = id_documents_in(message, house.extractor) if joins_one else ()
    incoming = Incoming(message, request, people, words_of(message, people), own, ids)
    on_file = addresses_now(house, incoming)
    with house.store.begin() as tx:
        return _settle(house, tx, letter, incoming, on_file) if _still_stored(tx, letter) else "left"


def _may_join(message: Message, request: Request) -> bool:
    """Whether a mail may open a case or belong to one, so that its attachments are worth looking at."""
    asks = request.verdict.is_request or request.verdict is Verdict.UNCLEAR or request.follow_up is not None
    return asks or bool(message.in_reply_to or message.references or CASE_NUMBER.search(message.subject))


def _is_known(house: House, message: Message, people: Sequence[Person]) -> bool:
    """Whether somebody wrote who has an open case, or to whom a code went: such a mail may belong there."""
    senders = {message.sender.email, *(person.sender for person in people)} - {""}
    with house.store.begin() as tx:
        own = (case for sender in senders for case in tx.cases.of_sender(sender))
        return any(case.open for case in own) or any(tx.challenges.to_address(sender) for sender in senders)


def without_our_words(message: Message) -> Message:
    """A reply carries the subject of our mail: that it speaks of a request that has arrived says nothing of what the
    person wants. Our case number, which begins with DSAR, says nothing either."""
    answered = OUR_SUBJECT.match(message.subject)
    subject = answered[1] if answered else CASE_NUMBER.sub("", message.subject)
    return replace(message, subject=subject, text=CASE_NUMBER.sub("", message.text))


def _still_stored(tx: Transaction, letter: Letter) -> bool:
    """False where another process has handled the mail meanwhile."""
    return tx.messages.get(letter.id).state == "stored"


@dataclass(frozen=True, slots=True)
class _Sorted:
    """For each case that the mail joins the person it is about, and the people whose request is new."""

    joined: tuple[tuple[str, Person], ...]
    new: tuple[Person, ...]


def _settle(house: House, tx: Transaction, letter: Letter, incoming: Incoming, on_file: Mapping[str, str]) -> str:
    """In one transaction: the mail joins its cases, opens some, or is left alone."""
    heard = hear(house, tx, incoming, on_file)
    known = ((person, known_case(tx, incoming, person)) for person in incoming.people)
    found = [(joins(tx, heard, incoming, person, case), person) for person, case in known]
    joined = {case: person for case, person in reversed(found) if case}
    sorted_out = _Sorted(tuple(reversed(joined.items())), tuple(person for case, person in found if case is None))
    opened = _open_new(house, tx, letter, incoming, sorted_out)
    for case, person in sorted_out.joined:
        if heard.done and case == heard.case:
            tx.cases.note(case, f"mail:{incoming.request.verdict}")
            continue
        attach(tx, case, incoming, person)
        replied(house, tx, case, incoming, person)
    cases = [*joined, *(case.number for case in opened)]
    outcome = "attached" if joined else "opened" if opened else "left"
    main = sorted_out.joined[0][0] if joined else cases[0] if cases else None
    tx.messages.recognised(letter.id, incoming.request.verdict, main, outcome)
    for case in cases:
        note_id_documents(tx, case, incoming.id_documents)
        if case != main:  # each case keeps the mail itself: they end, and are deleted, at different times
            tx.documents.add_copy_of(tx.cases.row(case), letter.id)
    return outcome


def _open_new(
    house: House, tx: Transaction, letter: Letter, incoming: Incoming, sorted_out: _Sorted
) -> tuple[Case, ...]:
    """Opens a case for each right and each person that no open case is about yet, with one acknowledgement for all."""
    request = incoming.request
    arrived, doubt = _arrival(house, tx, letter)
    if doubt or means_a_lost_request(request):  # a person looks before anybody is told of a deadline
        request = replace(request, verdict=Verdict.UNCLEAR)
    asked = Asked(request, arrived, incoming.words)
    joined = [(tx.cases.get(case).right, person) for case, person in sorted_out.joined]
    further = ((own, right, person) for own, person in joined for right in further_rights(tx, request, person))
    wanted = [(right, person) for own, right, person in further if right != own]
    if request.verdict.is_request or request.verdict is Verdict.UNCLEAR:
        rights = request.rights or (Right.ACCESS,)
        rights = rights[:1] if request.verdict is Verdict.UNCLEAR else rights
        wanted += [(right, person) for person in sorted_out.new for right in rights]
    cases = [open_case(tx, opening(house, asked, right, person)) for right, person in wanted]
    in_one_batch(tx, cases)
    _begin(house, tx, cases)
    for case in cases:
        if letter.problem or doubt:
            tx.cases.needs_attention(case.number, letter.problem or doubt)
    return tuple(cases)


def _begin(house: House, tx: Transaction, cases: Sequence[Case]) -> None:
    """What is clear goes on, with one acknowledgement; what is not asks a person, and nobody is told anything."""
    for case in cases:
        if case.status is Status.TRIAGE:
            tx.questions.ask(case.number, "triage", case.due)
    clear = [case for case in cases if case.status is Status.RECEIVED]
    if clear:
        go_on(house, tx, clear, tx.cases.person(clear[0].number))


def go_on(house: House, tx: Transaction, cases: Sequence[Case], person: Person) -> None:
    """Acknowledges the cases of one mail and hands those over that a person handles."""
    for case in cases:
        tx.cases.move(case.number, Status.ACKNOWLEDGED)
    acknowledge(house, tx, cases, person)
    for case in cases:
        hand_over_if_not_access(tx, tx.cases.get(case.number))


def accept(house: House, tx: Transaction, case: str) -> None:
    """A person said of doubtful mail that it is a request: it is acknowledged now, its clock has run all along."""
    go_on(house, tx, [tx.cases.get(case)], tx.cases.person(case))


def _open_unreadable(house: House, tx: Transaction, letter: Letter) -> str:
    request = Request(Verdict.UNCLEAR, (), "de", 0.0, Claims(), ())
    arrived, _ = _arrival(house, tx, letter)
    person = Person(reasons=("unreadable mail",), no_mail="no_address")
    case = open_case(tx, opening(house, Asked(request, arrived), Right.ACCESS, person))
    tx.questions.ask(case.number, "triage", case.due)
    tx.cases.needs_attention(case.number, "unreadable_mail")
    return case.number


def _arrival(house: House, tx: Transaction, letter: Letter) -> tuple[datetime, str]:
    """When a mail arrived, and a code where that is no date of a request that a program may simply go on with. A date
    that cannot be (an epoch, the future) is replaced by now; a mail whose month was over before it was first seen lay
    in the mailbox before the program came."""
    if not EARLIEST <= letter.arrived_at <= tx.now + timedelta(days=1):
        return tx.now, "impossible_date"
    where = house.settings.controller
    due = deadline(letter.arrived_at, land=where.land, region=where.region or None, zone=where.timezone).due
    return letter.arrived_at, "old_mail" if due < house.today(tx.now) else ""


def _copy_letters(house: House) -> None:
    """A mail that opened several cases is kept with each, under each one's own key."""
    with house.store.begin() as tx:
        waiting = tx.documents.to_copy()
    for document in waiting:
        try:
            _copy_letter(house, document)
        except (KeyDestroyed, LookupError):
            continue  # the case, or the mail, came back with a backup and is buried by `flows.retain`


def _copy_letter(house: House, document: Document) -> None:
    with house.store.begin() as tx:
        key_id, letter = tx.cases.row(document.case).material_key, tx.messages.get(document.letter)
    with house.vault.write(house.vault_owner(document.case), key_id) as sink:
        sink.write(raw_mail(house, letter))
    with house.store.begin() as tx:
        file = StoredFile("mail.eml", "message/rfc822", sink.ref)
        tx.documents.copied(document, tx.cases.row(document.case), file)


def _note_flood(house: House) -> None:
    """Very many requests within an hour are one alarm that says how many, however many cases they are."""
    with house.store.begin() as tx:
        count = tx.cases.opened_since(tx.now - FLOOD_HOUR, "mail")
        if count > FLOOD:
            tx.state.set("flood", number=str(count), at=tx.now.isoformat())
            tx.alarms.raise_("intake", "flood")
        else:
            tx.alarms.clear("intake", "flood")


def raw_mail(house: House, letter: Letter) -> bytes:
    with house.vault.open(letter.blob) as stream:
        return stream.read()
