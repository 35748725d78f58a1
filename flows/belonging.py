"""To which case a mail belongs, and what it means for that case. A request is never swallowed by another one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cases.case import MOVES, Case, Status
from cases.identifiers import Identifier, Kind
from cases.message import Message
from cases.person import Person
from cases.request import FollowUp, Request, Right, Verdict
from cases.wording import fold
from flows.bounces import CAME_BACK, answer_came_back
from flows.id_documents import FoundId
from flows.opening import is_theirs, open_of_person
from flows.people import is_automatic, is_own, speaks_against
from infra.store.store import Transaction

CASE_NUMBER = re.compile(r"\bDSAR-\d{4}-\d{4,}\b")
OURS = re.compile(rb"<[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@[A-Za-z0-9.-]{1,255}>")  # as the outbox makes them
# Words by which the sender of an open case speaks of it; "Anfrage" alone may be about a delivery.
SPEAKS_OF_IT = re.compile(
    r"\bauskunft\w*|\bart(?:ikel|\.)? ?(?:1[5-9]|2[0-2])\b|\bds-?gvo\b|\bgdpr\b|\bdsar\b|\bdatenschutz\w*|"
    r"\bpersonenbezogen\w*|\bmeine daten\b|\bmy (?:personal )?data\b|\b(?:data )?(?:subject )?access request\b|"
    r"\bvorgangsnummer\b|\bcase number\b"
)
MOST_IDS = 20
MOST_READ = 20_000  # signs of a text in which a case is looked for
TOLD_AGAIN_AFTER = timedelta(hours=1)  # alarms of one case about replies: a flood of mails is no flood of alarms
COPY_WITHIN = timedelta(hours=24)  # the same words again after that are a reminder


@dataclass(frozen=True, slots=True)
class Incoming:
    """A mail that was read: whom it is about, and by which `words` a second copy of it is known. `own`: addresses of
    ours."""

    message: Message
    request: Request
    people: tuple[Person, ...]
    words: str = field(default="", repr=False)
    own: Collection[str] = ()
    id_documents: tuple[FoundId, ...] = field(default=(), repr=False)  # that came with it unasked


def known_case(tx: Transaction, incoming: Incoming, person: Person) -> str | None:
    """The case a mail belongs to: it answers one of our mails or follows up on one of the case's, or its sender has an
    open case and speaks of it. Never by a case number alone: anybody can write one. What asks for something belongs
    only to an open case of the same sender about the same right; everything else that asks is a new case."""
    fitting = [case for case in _related(tx, incoming, person) if _belongs(tx, case, incoming, person)]
    named = _named(incoming)
    best = sorted(fitting, key=lambda case: (not _agrees(tx, case, person), case.number not in named))
    return best[0].number if best else None


def further_rights(tx: Transaction, request: Request, person: Person) -> tuple[Right, ...]:
    """The rights that a follow-up asks for and that no open case of the sender is about."""
    if not request.verdict.is_request:
        return ()
    covered = {case.right for case in open_of_person(tx, person)}
    return tuple(right for right in request.rights if right not in covered)


def means_a_lost_request(request: Request) -> bool:
    """A reminder of a request that nobody knows: it may have come by phone, or never arrived. A person looks."""
    return request.follow_up is FollowUp.REMINDER and not request.verdict.is_request


def attach(tx: Transaction, case: str, incoming: Incoming, person: Person) -> None:
    """A reply, a reminder or a bounce joins its case: the clock goes on as it was. Somebody is told, for the mail
    itself is filed where nobody looks; of a case that has ended too. No mail to the person comes of it."""
    verdict = incoming.request.verdict
    if _is_copy(tx, case, incoming, person):
        tx.cases.note(case, "mail:copy")
        return
    tx.cases.note(case, f"mail:{verdict}")
    theirs = is_same_sender(tx, case, person)
    if verdict in (Verdict.AUTO_REPLY, Verdict.SPAM) and (is_automatic(incoming.message) or not theirs):
        return  # where only its words sound like a machine's, a person reads it: it may be their answer
    if theirs and _takes_back(incoming.request):
        code = _withdrawal(tx, case, person)
    else:
        code = _came_back(tx, case, incoming) if verdict is Verdict.BOUNCE else "reply_received"
    tx.cases.needs_attention(case, code)
    tx.alarms.raise_anew(case, code, TOLD_AGAIN_AFTER)
    if theirs and verdict is not Verdict.BOUNCE:
        _wake(tx, case)
    if verdict is not Verdict.BOUNCE and tx.cases.get(case).open:
        _learn(tx, case, incoming, person)


def _came_back(tx: Transaction, case: str, incoming: Incoming) -> str:
    return CAME_BACK if answer_came_back(tx, case, _replied(incoming), incoming.message.raw) else "bounced"


def is_same_sender(tx: Transaction, case: str, person: Person) -> bool:
    return bool(person.sender) and tx.cases.row(case).sender_hmac == tx.cases.sender_hmac(person.sender)


def _related(tx: Transaction, incoming: Incoming, person: Person) -> Iterator[Case]:
    """Cases that the mail may belong to, the surest first."""
    replied = _replied(incoming)
    for number in (tx.outbox.case_of_message_ids(replied), tx.messages.case_of_message_ids(replied)):
        if number is not None:
            case = tx.cases.get(number)
            yield from (case, *tx.cases.of_batch(case.batch))
    if not person.sender or is_own(person.sender, incoming.own) or not _speaks_of_it(incoming):
        return
    theirs = tx.cases.of_sender(person.sender)
    yield from (case for case in theirs if case.open)
    if incoming.request.follow_up is not None and not incoming.request.verdict.is_request:
        yield from (case for case in reversed(theirs) if not case.open)


def _speaks_of_it(incoming: Incoming) -> bool:
    request, message = incoming.request, incoming.message
    if request.verdict in (Verdict.AUTO_REPLY, Verdict.BOUNCE, Verdict.SPAM):
        return bool(CASE_NUMBER.search(message.subject))
    if request.verdict.is_request or request.follow_up is not None or _named(incoming):
        return True
    return SPEAKS_OF_IT.search(fold(f"{message.subject}\n{message.text[:MOST_READ]}")) is not None


def _named(incoming: Incoming) -> frozenset[str]:
    text = f"{incoming.message.subject}\n{incoming.message.text[:MOST_READ]}"
    return frozenset(CASE_NUMBER.findall(text)[:MOST_IDS])


def _replied(incoming: Incoming) -> tuple[str, ...]:
    """The Message-IDs a mail refers to; a bounce often carries ours only in the mail that it gives back."""
    message = incoming.message
    named = tuple(item for item in (message.in_reply_to, *message.references) if item)
    if incoming.request.verdict is not Verdict.BOUNCE:
        return named
    return (*named, *(item.decode() for item in OURS.findall(message.raw)[:MOST_IDS]))


def _belongs(tx: Transaction, case: Case, incoming: Incoming, person: Person) -> bool:
    request = incoming.request
    same_sender = is_same_sender(tx, case.number, person)
    if request.verdict is Verdict.UNCLEAR:
        return case.open and same_sender and is_theirs(tx, case.number, person)
    if not request.verdict.is_request:
        return True
    if not (case.open and same_sender and case.right in request.rights):
        return False
    return is_theirs(tx, case.number, person) or _reminds_for(tx, case, incoming)


def _reminds_for(tx: Transaction, case: Case, incoming: Incoming) -> bool:
    """A proxy that follows up may name nobody, or only itself: what it answers or names is what it means."""
    if incoming.request.follow_up is None or tx.cases.person(case.number).proxy is None or incoming.request.subjects:
        return False
    replied = _replied(incoming)
    answered = {tx.outbox.case_of_message_ids(replied), tx.messages.case_of_message_ids(replied)}
    return case.number in answered or case.number in _named(incoming)


def _agrees(tx: Transaction, case: Case, person: Person) -> bool:
    return case.open and is_same_sender(tx, case.number, person) and is_theirs(tx, case.number, person)


def _is_copy(tx: Transaction, case: str, incoming: Incoming, person: Person) -> bool:
    """The same letter of the same sender, sent to two of our addresses or twice."""
    if not incoming.words or not is_same_sender(tx, case, person) or not is_theirs(tx, case, person):
        return False
    same = {one.number: one for one in tx.cases.of_words(incoming.words)}
    return case in same and abs(incoming.message.received_at - same[case].received_at) <= COPY_WITHIN


def _takes_back(request: Request) -> bool:
    return request.follow_up is FollowUp.WITHDRAWAL and not request.verdict.is_request


def _withdrawal(tx: Transaction, case: str, person: Person) -> str:
    """A withdrawal ends nothing by itself: a person reads it and says so, and the clock runs until then."""
    value = tx.cases.get(case)
    related = [one for one in tx.cases.of_batch(value.batch) if one.open and is_theirs(tx, one.number, person)]
    asked = [one for one in {one.number: one for one in (value, *related)}.values() if _can_be_taken_back(one)]
    for one in asked:
        question = tx.questions.ask(one.number, "withdrawal", one.due)
        if not person.vouched:
            tx.questions.refused_form(question.id, "mail_not_authentic")
        tx.cases.note(one.number, "withdrawal_received")
        tx.cases.needs_attention(one.number, "withdrawal_received")
    return "withdrawal_received" if asked else "reply_received"


def _can_be_taken_back(case: Case) -> bool:
    return Status.WITHDRAWN in MOVES[case.status]


def _wake(tx: Transaction, case: str) -> None:
    """Whatever the case, or one of the same mail, waited for: the question that the reply may answer is put anew."""
    value = tx.cases.get(case)
    for one in {one.number: one for one in (value, *tx.cases.of_batch(value.batch))}.values():
        if one.open and one.waits_for_reply:
            tx.questions.ask(one.number, one.waits_for_reply, one.due)
            tx.cases.row(one.number).waits_for_reply = ""
            tx.cases.note(one.number, f"woken:{one.waits_for_reply}")


def _learn(tx: Transaction, case: str, incoming: Incoming, person: Person) -> None:
    """What the same sender states in a later mail. A case whose search has begun is not answered before it was searched
    for that, too; one that asks who it is looks at the records again. Once it is known who asks, only what their own
    mailbox states is claimed: what the address says that once asked is proposed to a person."""
    known = tx.cases.person(case)
    if speaks_against(incoming.message.auth, many_senders="many_from" in incoming.message.defects):
        return
    if known.verification is not None:
        _learn_of_verified(tx, case, known, person)
        return
    if known.sender != person.sender or not is_theirs(tx, case, person) or (known.vouched and not person.vouched):
        return
    new = _new(known, person)
    vouched = known.vouched or person.vouched
    if not new and vouched == known.vouched:
        return
    tx.cases.set_person(case, replace(known, claims=known.claims + new, vouched=vouched))
    _note_learned(tx, case, new)
    if tx.cases.get(case).status is Status.IDENTIFYING and not known.authority_missing:
        tx.cases.move(case, Status.ACKNOWLEDGED, why="new claims")
        tx.cases.needs_attention(case, "reply_received")


def _learn_of_verified(tx: Transaction, case: str, known: Person, person: Person) -> None:
    own = person.vouched and _same_address(person.sender, known.recipient)
    new = _new(known, person)
    if not new or not is_theirs(tx, case, person) or not (own or known.sender == person.sender):
        return
    if own:
        tx.cases.set_person(case, replace(known, claims=known.claims + new))
    else:
        tx.cases.set_person(case, replace(known, proposals=known.proposals + new))
    _note_learned(tx, case, new)


def _new(known: Person, person: Person) -> tuple[Identifier, ...]:
    seen = {item.key for item in (*known.claims, *known.verified, *known.proposals)}
    return tuple(item for item in person.claims if item.key not in seen)


def _note_learned(tx: Transaction, case: str, new: tuple[Identifier, ...]) -> None:
    if new:
        tx.cases.row(case).learned_at = tx.now
        tx.cases.note(case, f"learned:{len(new)}")


def _same_address(one: str, other: str) -> bool:
    normal = Identifier(Kind.EMAIL, one).normal
    return bool(normal) and normal == Identifier(Kind.EMAIL, other).normal
