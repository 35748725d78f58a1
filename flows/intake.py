"""From a stored mail to a case: recognised, opened or attached, acknowledged; in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from cases.case import Case, Status
from cases.deadline import deadline
from cases.message import Message
from cases.person import Person, identifiers_of
from cases.request import Claims, Request, Right, Verdict
from flows.belonging import attach, further_rights, known_case
from flows.house import House, local_language
from flows.letters import recognise_with_letters, unread
from flows.notices import acknowledge, too_many
from infra.parse import parse_message
from infra.store.cases import Opening
from infra.store.messages import Letter
from infra.store.store import Transaction
from infra.vault import VaultFull

EARLIEST = datetime(2018, 5, 25, tzinfo=UTC)  # the day from which the GDPR applies (Art. 99(2))
TRUNCATED = "oversized_mail"
NO_REPLY = ("noreply", "no-reply", "no_reply", "donotreply", "mailer-daemon", "postmaster", "bounce")


def handle_stored(house: House) -> tuple[int, int]:
    """Recognises every stored mail; returns how many opened a case and how many were attached to one."""
    with house.store.begin() as tx:
        waiting = tx.messages.waiting("stored")
    outcomes = [_handle_safely(house, letter) for letter in waiting]
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
    request = recognise_with_letters(message, house.extractor, _own_addresses(house))
    if request.verdict.is_request and not message.vouched:
        message = replace(message, auth=house.authenticity.checked(raw, message.auth))
    if request.verdict is Verdict.OTHER and (letter.problem == TRUNCATED or unread(message)):
        request = replace(request, verdict=Verdict.UNCLEAR, rights=())  # nobody read its end: a person looks
    person = _person(message, request)
    with house.store.begin() as tx:
        return _settle(house, tx, letter, message, request, person) if _still_stored(tx, letter) else "left"


def _still_stored(tx: Transaction, letter: Letter) -> bool:
    """False where another process has handled the mail meanwhile."""
    return tx.messages.get(letter.id).state == "stored"


def _settle(house: House, tx: Transaction, letter: Letter, message: Message, request: Request, person: Person) -> str:
    """In one transaction: the mail joins its case, opens one, or is left alone."""
    case = known_case(tx, message, request, person, _own_addresses(house))
    if case is not None:
        further = further_rights(tx, request, person)
        attach(tx, case, request, person)
        _open_further(house, tx, further, message, request, person, case)
        outcome = "attached"
    elif request.verdict.is_request or request.verdict is Verdict.UNCLEAR:
        arrived, doubt = _arrival(house, tx, letter)
        if doubt:  # a person looks before anybody is told of a deadline
            request = replace(request, verdict=Verdict.UNCLEAR)
        case = _open(house, tx, replace(message, received_at=arrived), request, person)
        if letter.problem or doubt:
            tx.cases.needs_attention(case, letter.problem or doubt)
        outcome = "opened"
    else:
        outcome = "left"
    tx.messages.recognised(letter.id, request.verdict, case, outcome)
    return outcome


def _open(house: House, tx: Transaction, message: Message, request: Request, person: Person) -> str:
    """Opens a case for what the mail asks, and one more for each further right: the same clock, handled by a person."""
    rights = request.rights or (Right.ACCESS,)
    first = open_case(tx, _opening(house, message.received_at, rights[0], request, person))
    if request.verdict is Verdict.UNCLEAR:
        tx.questions.ask(first.number, "triage", first.due)
        return first.number
    _acknowledge(house, tx, first, message, person)
    hand_over_if_not_access(tx, first)
    _open_further(house, tx, rights[1:], message, request, person, first.number)
    return first.number


def _open_further(
    house: House,
    tx: Transaction,
    rights: Iterable[Right],
    message: Message,
    request: Request,
    person: Person,
    first: str,
) -> None:
    """A case for each right that a mail asks for beside the one of its `first` case."""
    for right in rights:
        other = open_case(tx, _opening(house, message.received_at, right, request, person))
        tx.cases.move(other.number, Status.ACKNOWLEDGED, why=f"acknowledged with {first}")
        tx.cases.note(other.number, f"with:{first}")
        hand_over_if_not_access(tx, tx.cases.get(other.number))


def open_case(tx: Transaction, opening: Opening) -> Case:
    """The verdict's reasons quote the mail: they lie with the material; the history says only what was asked."""
    return tx.cases.open(opening, f"{opening.channel}: {opening.right}")


def accept(house: House, tx: Transaction, case: str) -> None:
    """A person said of doubtful mail that it is a request: it is acknowledged now, its clock has run all along."""
    person = tx.cases.person(case)
    value = tx.cases.get(case)
    if person.sender and not _is_no_reply(person.sender) and not too_many(house, tx, person.sender):
        acknowledge(house, tx, value, person)
    tx.cases.move(case, Status.ACKNOWLEDGED)
    hand_over_if_not_access(tx, tx.cases.get(case))


def _acknowledge(house: House, tx: Transaction, case: Case, message: Message, person: Person) -> None:
    """Sends the acknowledgement where it can do no harm; where it cannot go out, the case says why."""
    why = _no_acknowledgement(house, tx, message, person)
    if why:
        tx.cases.note(case.number, f"not_acknowledged:{why}")
    else:
        acknowledge(house, tx, case, person)
    tx.cases.move(case.number, Status.ACKNOWLEDGED, why=why)
    if why:
        tx.cases.needs_attention(case.number, f"no_acknowledgement_{why}")


def _no_acknowledgement(house: House, tx: Transaction, message: Message, person: Person) -> str:
    """Why an acknowledgement must not be sent, as a code; empty where it may."""
    if not person.sender or _is_no_reply(person.sender):
        return "no_address"
    if person.sender.casefold() in {item.casefold() for item in _own_addresses(house)}:
        return "own_address"
    if message.auth.dmarc == "fail" or "many_from" in message.defects:
        return "forged"
    return "too_many" if too_many(house, tx, person.sender) else ""


def hand_over_if_not_access(tx: Transaction, case: Case) -> None:
    if case.right != Right.ACCESS:
        tx.cases.move(case.number, Status.WITH_PERSON)
        tx.cases.needs_attention(case.number, "other_right")
        tx.alarms.raise_(case.number, "other_right")


def _open_unreadable(house: House, tx: Transaction, letter: Letter) -> str:
    request = Request(Verdict.UNCLEAR, (), "de", 0.0, Claims(), ())
    arrived, _ = _arrival(house, tx, letter)
    opening = _opening(house, arrived, Right.ACCESS, request, Person(reasons=("unreadable mail",)))
    case = open_case(tx, opening)
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


def _opening(house: House, arrived: datetime, right: Right, request: Request, person: Person) -> Opening:
    status = Status.TRIAGE if request.verdict is Verdict.UNCLEAR else Status.RECEIVED
    where = house.settings.controller
    due = deadline(arrived, land=where.land, region=where.region or None, zone=where.timezone)
    return Opening(status, right, local_language(request.language), arrived, due, person)


def _person(message: Message, request: Request) -> Person:
    """Who asks, as the mail says. The notification of a web form comes from a no-reply address: the person is the one
    it names, and nothing vouches for that."""
    sender, vouched = message.sender.email, message.vouched
    if _is_no_reply(sender) or "web_form" in request.extras:
        sender, vouched = next((mail for mail in request.claims.emails if not _is_no_reply(mail)), ""), False
    name = next(iter(request.claims.names), "")
    return Person(
        name=name,
        sender=sender,
        vouched=vouched,
        message_id=message.message_id,
        claims=identifiers_of(request.claims),
        reasons=request.reasons,
        extras=request.extras,
    )


def _is_no_reply(address: str) -> bool:
    local = address.partition("@")[0].casefold()
    return any(local.startswith(word) for word in NO_REPLY)


def raw_mail(house: House, letter: Letter) -> bytes:
    with house.vault.open(letter.blob) as stream:
        return stream.read()


def _own_addresses(house: House) -> tuple[str, ...]:
    settings = house.settings
    return (*settings.mailbox.own_addresses, settings.post.from_address, settings.controller.email)
