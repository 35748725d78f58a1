"""What comes back: a code, right or wrong, or somebody who says that the request is not theirs.

A code counts from the address that asks, from the address on file, or in a reply to the code mail itself, whose
Message-ID nobody else has seen. Who sends it from elsewhere, with a thread's token that was stolen, has tried nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cases.case import Status
from cases.challenge import PROOF, TRIES, by_machine, codes_in, named_automatic, says_not_me, stored_address
from cases.clock import Reason
from cases.identifiers import Subject
from cases.message import Message
from cases.person import Person
from cases.request import Verdict
from cases.source import Contact, SourceUnavailable, SystemOfRecord
from flows.belonging import CASE_NUMBER, TOLD_AGAIN_AFTER, Incoming, is_same_sender
from flows.challenging import lately, reject_code
from flows.clocks import question_answered
from flows.house import House
from flows.identify import proven_by_code
from flows.notices import Addressed
from flows.opening import is_theirs
from flows.people import is_automatic, no_mail_to, speaks_against
from infra.store.challenges import Challenge
from infra.store.outbox import CODES
from infra.store.store import Transaction

MOST_CASES = 3  # that one mail can be about
ASKED = frozenset({Status.IDENTIFYING, Status.ACKNOWLEDGED})
_MACHINES = (Verdict.BOUNCE, Verdict.AUTO_REPLY, Verdict.SPAM)
_MOST_READ = 20_000
STRAY = "stray_code"
NOBODY: Mapping[str, str] = MappingProxyType({})


class Said(StrEnum):
    """What a mail says to a question who asks."""

    NOTHING = ""
    PROVEN = "proven"
    WRONG = "wrong"
    DENIED = "denied"
    TOLD = "told"  # a person decides what it says


@dataclass(frozen=True, slots=True)
class Heard:
    """To which case a mail brought a code or a denial, empty where to none."""

    case: str = ""
    said: Said = Said.NOTHING

    @property
    def done(self) -> bool:
        """Whether everybody who has to know of it does: nobody is told of the mail once more."""
        return self.said in (Said.PROVEN, Said.DENIED)


@dataclass(frozen=True, slots=True)
class _Entitled:
    """A case for which the sender of a mail may send a code; `stored`: from the stored mailbox."""

    case: str
    stored: bool


def hear(house: House, tx: Transaction, incoming: Incoming, on_file: Mapping[str, str] = NOBODY) -> Heard:
    """Looks for codes and denials in what a human wrote, and does what they say. What a forged mail says, or one that
    says both, a person decides; it takes no try away. `on_file` is what `addresses_now` found."""
    message, verdict = incoming.message, incoming.request.verdict
    if by_machine(message, verdict, automatic=is_automatic(message, incoming.own)):
        return Heard()
    codes, denies = codes_in(message.text, typed=True), says_not_me(message)
    meant = list(_meant(tx, incoming))
    if not meant:
        return _stray(tx, incoming, codes)
    if not codes and not denies:
        away = verdict is Verdict.AUTO_REPLY and any(one.stored for one in meant)
        return _tell(tx, meant[0].case) if away else Heard()
    if _is_forged(message) or named_automatic(message, verdict):
        return _tell(tx, meant[0].case)
    right = _right(house, tx, meant, codes)
    if right is not None:
        changed = on_file.get(right.case, _stored(right)) != _stored(right)
        return _tell(tx, right.case) if denies or changed else _proven(house, tx, right)
    return _not_right(house, tx, incoming, meant, codes, denies=denies)


def addresses_now(house: House, incoming: Incoming) -> Mapping[str, str]:
    """For the cases to which a mail may bring a code: the address that is on file now for whom the code was sent to;
    empty where it cannot be asked or is gone. Before the transaction, for the system of record may take its time."""
    if house.record is None or not codes_in(incoming.message.text, typed=True):
        return NOBODY
    with house.store.begin() as tx:
        sent = [tx.challenges.open_one(tx.cases.row(one.case)) for one in _meant(tx, incoming)]
    known = ((one.case, one.stored.contact) for one in sent if one is not None and one.stored is not None)
    return {case: _address_now(house.record, case, contact) for case, contact in known}


def _address_now(record: SystemOfRecord, case: str, contact: Contact) -> str:
    try:
        found = record.lookup(Subject(case, contact.identifiers))
    except SourceUnavailable:
        return ""
    return next((stored_address(one) for one in found if one.locator == contact.locator), "")


def _is_forged(message: Message) -> bool:
    return speaks_against(message.auth, many_senders="many_from" in message.defects)


def _tell(tx: Transaction, case: str, code: str = "reply_received") -> Heard:
    """A person reads the mail and decides; nothing else happens."""
    tx.cases.needs_attention(case, code)
    tx.alarms.raise_anew(case, code, TOLD_AGAIN_AFTER)
    return Heard(case, Said.TOLD)


def _stray(tx: Transaction, incoming: Incoming, codes: tuple[str, ...]) -> Heard:
    """A code from an address from which none counts: it proves nothing, but somebody may have lost their mailbox, or
    taken over another's. It belongs to the case whose code it is, or whose mail it answers; else it joins none."""
    open_cases = tx.challenges.open_cases() if codes else ()
    if not open_cases:
        return Heard()
    answered = (case for case in dict(tx.outbox.named(_ids(incoming.message))) if case in open_cases)
    sure = tx.challenges.cases_of(codes) or tuple(answered)
    for case in () if sure or not codes_in(incoming.message.text) else open_cases[:MOST_CASES]:
        _tell(tx, case, STRAY)
    return _tell(tx, sure[0], STRAY) if sure else Heard()


def _right(house: House, tx: Transaction, meant: Sequence[_Entitled], codes: tuple[str, ...]) -> Challenge | None:
    """The code that one of them is, of whichever case; all are compared before any counts as wrong."""
    for one in meant:
        challenge = tx.challenges.open_one(tx.cases.row(one.case))
        left = TRIES - tx.challenges.tries(one.case, challenge.person if challenge else "", lately(house))
        if challenge is not None and any(tx.challenges.fits(challenge, code) for code in codes[: max(left, 0)]):
            return challenge
    return None


def _proven(house: House, tx: Transaction, challenge: Challenge) -> Heard:
    tx.cases.note(challenge.case, f"code:right:{challenge.way}")
    proven_by_code(house, tx, challenge.case, challenge, PROOF[challenge.way])
    return Heard(challenge.case, Said.PROVEN)


def _not_right(
    house: House,
    tx: Transaction,
    incoming: Incoming,
    meant: Sequence[_Entitled],
    codes: tuple[str, ...],
    *,
    denies: bool,
) -> Heard:
    for one in meant if denies else ():
        if one.stored and _denied(tx, one.case):
            return Heard(one.case, Said.DENIED)
    if not codes:
        return Heard()
    for one in meant:
        _wrong(house, tx, one, codes)
    _say_no(house, tx, meant[0], incoming)
    return Heard(meant[0].case, Said.WRONG)


def _stored(challenge: Challenge) -> str:
    return challenge.stored.address if challenge.stored is not None else ""


def joins(tx: Transaction, heard: Heard, incoming: Incoming, person: Person, known: str | None) -> str | None:
    """The case that a mail with a code belongs to; what asks for somebody else is a request of its own, still."""
    if not heard.case:
        return known
    if incoming.request.verdict.is_request:
        return heard.case if heard.said is Said.PROVEN and is_theirs(tx, heard.case, person) else known
    return heard.case


def replied(house: House, tx: Transaction, case: str, incoming: Incoming, person: Person) -> None:
    """The person has answered: whatever the question suspended is known now."""
    human = incoming.request.verdict not in _MACHINES and not is_automatic(incoming.message, incoming.own)
    if human and is_same_sender(tx, case, person):
        question_answered(house, tx, case, Reason.IDENTITY)


def _meant(tx: Transaction, incoming: Incoming) -> Iterator[_Entitled]:
    """The cases that wait for a code and for which this sender may send one: that whose mail is answered; else those
    that are named; else all, as long as they are few."""
    replied_to = dict(tx.outbox.named(_ids(incoming.message)))
    entitled = _entitled(tx, incoming.message.sender.email, replied_to)
    if replied_to:
        entitled = {case: one for case, one in entitled.items() if case in replied_to}
    named = [one for case, one in entitled.items() if case in _named(incoming.message)]
    waiting = (one for one in (named or entitled.values()) if _waits(tx, one.case))
    for number, one in enumerate(waiting):
        if number < MOST_CASES:
            yield one


def _waits(tx: Transaction, case: str) -> bool:
    """Whether anybody was asked: before that, what looks like a code is a number of an order."""
    if tx.cases.get(case).status not in ASKED:
        return False
    return tx.challenges.identity(case).question == "asked" or tx.challenges.open_one(tx.cases.row(case)) is not None


def _entitled(tx: Transaction, sender: str, replied_to: dict[str, str]) -> dict[str, _Entitled]:
    own = [case.number for case in tx.cases.of_sender(sender) if case.open] if sender else []
    stored = {*tx.challenges.to_address(sender), *(case for case, once in replied_to.items() if once.startswith(CODES))}
    return {case: _Entitled(case, case in stored) for case in sorted({*own, *stored})}


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(item for item in (message.in_reply_to, *message.references) if item)


def _named(message: Message) -> frozenset[str]:
    return frozenset(re.findall(CASE_NUMBER, f"{message.subject}\n{message.text[:_MOST_READ]}"))


def _denied(tx: Transaction, case: str) -> bool:
    """From the stored mailbox: somebody asks in another person's name. No further code goes out, a person looks."""
    challenge = tx.challenges.open_one(tx.cases.row(case))
    if challenge is None:
        return False
    tx.challenges.deny(challenge)
    tx.cases.note(case, "code:not_me")
    tx.cases.needs_attention(case, "not_me")
    tx.alarms.raise_(case, "not_me")
    tx.questions.ask(case, "identity", tx.cases.get(case).due)
    return True


def _wrong(house: House, tx: Transaction, one: _Entitled, codes: tuple[str, ...]) -> None:
    """Each code counts, for the case and for the person on file, whether or not there was anything to compare it
    with."""
    challenge = tx.challenges.open_one(tx.cases.row(one.case))
    person = challenge.person if challenge else ""
    for _ in codes:
        tx.challenges.tried(one.case, person)
    tx.cases.note(one.case, f"code:wrong:{len(codes)}")
    if tx.challenges.tries(one.case, person, lately(house)) >= TRIES:
        _too_many(tx, one.case)


def _too_many(tx: Transaction, case: str) -> None:
    tx.challenges.void(case)
    tx.cases.needs_attention(case, "code_tries")
    tx.alarms.raise_(case, "code_tries")
    tx.questions.ask(case, "identity", tx.cases.get(case).due)


def _say_no(house: House, tx: Transaction, one: _Entitled, incoming: Incoming) -> None:
    """To the address that asks or the one on file, whichever the code came from; to no third one."""
    message, person = incoming.message, tx.cases.person(one.case)
    sender = message.sender.email
    known = {person.sender, *(_addresses(tx, one.case) if one.stored else ())}
    if sender in known and not no_mail_to(sender, incoming.own) and not (sender == person.sender and person.no_mail):
        reject_code(house, tx, one.case, Addressed(sender, message.message_id))


def _addresses(tx: Transaction, case: str) -> set[str]:
    sent = tx.challenges.of_case(tx.cases.row(case))
    return {challenge.stored.address for challenge in sent if challenge.stored is not None}
