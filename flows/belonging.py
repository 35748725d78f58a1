"""To which case a mail belongs, and what it means for that case. A request is never swallowed by another one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from cases.case import Case
from cases.message import Message
from cases.person import Person, names_agree
from cases.request import Request, Right, Verdict
from infra.store.store import Transaction

CASE_NUMBER = re.compile(r"\bDSAR-\d{4}-\d{4,}\b")
OURS = re.compile(rb"<[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[A-Za-z0-9.-]{1,255}>")  # as the outbox makes them
MOST_IDS = 20


def known_case(
    tx: Transaction, message: Message, request: Request, person: Person, own: Collection[str] = ()
) -> str | None:
    """The case a mail belongs to: it answers one of our mails or follows up on one of the case's, or its sender has an
    open case. Never by the case number in a subject alone: anybody can write one. What asks for something belongs only
    to an open case of the same sender about the same right; everything else that asks is a new case."""
    fitting = (case for case in _related(tx, message, request, person, own) if _belongs(tx, case, request, person))
    return next((case.number for case in fitting), None)


def further_rights(tx: Transaction, request: Request, person: Person) -> tuple[Right, ...]:
    """The rights that a follow-up asks for and that no open case of the sender is about."""
    if not request.verdict.is_request:
        return ()
    theirs = [case for case in tx.cases.of_sender(person.sender) if case.open and _is_theirs(tx, case.number, person)]
    covered = {case.right for case in theirs}
    return tuple(right for right in request.rights if right not in covered)


def attach(tx: Transaction, case: str, request: Request, person: Person) -> None:
    """A reply, a reminder or a bounce joins its case: the clock goes on as it was. Somebody is told each time, for the
    mail itself is filed where nobody looks; of a case that has ended too."""
    tx.cases.note(case, f"mail:{request.verdict}")
    if request.verdict in (Verdict.AUTO_REPLY, Verdict.SPAM):
        return
    code = "bounced" if request.verdict is Verdict.BOUNCE else "reply_received"
    tx.cases.needs_attention(case, code)
    tx.alarms.clear(case, code)
    tx.alarms.raise_(case, code)
    if code == "reply_received" and tx.cases.get(case).open:
        _learn(tx, case, person)


def _related(
    tx: Transaction, message: Message, request: Request, person: Person, own: Collection[str]
) -> Iterator[Case]:
    """Cases that the mail may belong to, the surest first."""
    replied = _replied(message, request)
    for case in (tx.outbox.case_of_message_ids(replied), tx.messages.case_of_message_ids(replied)):
        if case is not None:
            yield tx.cases.get(case)
    passed_on = person.sender.casefold() in {item.casefold() for item in own}
    if person.sender and not passed_on and (request.verdict.is_request or CASE_NUMBER.search(message.subject)):
        yield from (case for case in tx.cases.of_sender(person.sender) if case.open)


def _replied(message: Message, request: Request) -> tuple[str, ...]:
    """The Message-IDs a mail refers to; a bounce often carries ours only in the mail that it gives back."""
    named = tuple(item for item in (message.in_reply_to, *message.references) if item)
    if request.verdict is not Verdict.BOUNCE:
        return named
    return (*named, *(item.decode() for item in OURS.findall(message.raw)[:MOST_IDS]))


def _belongs(tx: Transaction, case: Case, request: Request, person: Person) -> bool:
    if request.verdict is Verdict.UNCLEAR:
        return case.open
    if not request.verdict.is_request:
        return True
    same_sender = bool(person.sender) and tx.cases.row(case.number).sender_hmac == tx.cases.sender_hmac(person.sender)
    return case.open and same_sender and case.right in request.rights and _is_theirs(tx, case.number, person)


def _is_theirs(tx: Transaction, case: str, person: Person) -> bool:
    """Father and son may share an address: two names are two people, and each has a clock of their own."""
    return names_agree(person.claims, tx.cases.person(case).claims)


def _learn(tx: Transaction, case: str, person: Person) -> None:
    """What the same sender states in a later mail, as long as nobody was verified."""
    known = tx.cases.person(case)
    if known.sender == person.sender and not known.verified and (person.vouched or not known.vouched):
        more = known.claims + tuple(item for item in person.claims if item not in known.claims)
        tx.cases.set_person(case, replace(known, claims=more, vouched=known.vouched or person.vouched))
