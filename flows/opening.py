"""Opening a case for each right that a mail asks for. Access is handled here; the other rights are a person's, with the
same month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.case import ENDS, Case, Status
from cases.deadline import deadline
from cases.person import Person, names_agree, same_person
from cases.request import Request, Right, Verdict
from flows.house import House, local_language
from flows.names import days_left
from flows.notices import LATE_DAYS
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.cases import NoSuchCase, Opening
from infra.store.store import Transaction

ANSWERED_BEFORE = ENDS - {Status.NOT_A_REQUEST, Status.DESTROYED}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and when it arrived; `words` by which a second copy of the letter is known."""

    request: Request
    arrived: datetime
    words: str = field(default="", repr=False)
    channel: str = "mail"


def opening(house: House, asked: Asked, right: Right, person: Person) -> Opening:
    request = asked.request
    where = house.settings.controller
    due = deadline(asked.arrived, land=where.land, region=where.region or None, zone=where.timezone)
    return Opening(
        Status.TRIAGE if request.verdict is Verdict.UNCLEAR else Status.RECEIVED,
        right,
        local_language(request.language),
        asked.arrived,
        due,
        person,
        asked.channel,
        request.language[:8],
        asked.words,
    )


def open_case(tx: Transaction, opened: Opening) -> Case:
    """The verdict's reasons quote the mail: they lie with the material; the history says only what was asked, and that
    the same person had a request answered before (whether it is excessive is for a person to say: Art. 12(5))."""
    case = tx.cases.open(opened, f"{opened.channel}: {opened.right}")
    before = earlier(tx, opened.person, opened.right)
    if before:
        tx.cases.note(case.number, f"follows:{before}")
    return case


def earlier(tx: Transaction, person: Person, right: str) -> str:
    """The last ended case of the same person about the same right; empty where there is none. Where its content has
    been destroyed, the sender's address is all that tells."""
    if not person.sender:
        return ""
    ended = [case for case in tx.cases.of_sender(person.sender) if case.status in ANSWERED_BEFORE]
    theirs = (case.number for case in reversed(ended) if case.right == right and _may_be(tx, case.number, person))
    return next(theirs, "")


def in_one_batch(tx: Transaction, cases: Sequence[Case]) -> None:
    """Links the cases that one mail opened."""
    if len(cases) > 1:
        for case in cases:
            tx.cases.row(case.number).batch = cases[0].number
        for case in cases[1:]:
            tx.cases.note(case.number, f"with:{cases[0].number}")


def hand_over_if_not_access(tx: Transaction, case: Case) -> None:
    """Another right goes to a person at once. Erasure waits while the same person's access case is open: what was
    deleted can no longer be told."""
    person = tx.cases.person(case.number)
    if case.right == Right.ACCESS:
        _hold_erasures(tx, case, person)
        return
    tx.cases.move(case.number, Status.WITH_PERSON)
    if person.authority_missing:
        tx.questions.ask(case.number, "authority", case.due)
    first = _open_cases(tx, case, person, Right.ACCESS) if case.right == Right.ERASURE else ()
    if first:
        _wait(tx, case.number, first[0].number)
    else:
        _hand_over(tx, case.number)


def wake_waiting(house: House, tx: Transaction) -> None:
    """An erasure goes on when the access case before it has ended in whatever way; when its own time runs out it is
    told of in any case."""
    for case in tx.cases.waiting_for_another():
        if _has_ended(tx, case.waits_for):
            tx.cases.row(case.number).waits_for = ""
            tx.cases.note(case.number, f"after:{case.waits_for}")
            tx.alarms.clear(case.number, "other_right")
            _hand_over(tx, case.number)
        elif days_left(house, case.due, tx.now) <= LATE_DAYS:
            tx.alarms.raise_(case.number, "other_right")


def open_of_person(tx: Transaction, person: Person) -> tuple[Case, ...]:
    """Open cases of the same person, as far as name and address tell."""
    if not person.sender:
        return ()
    return tuple(case for case in tx.cases.of_sender(person.sender) if case.open and is_theirs(tx, case.number, person))


def is_theirs(tx: Transaction, case: str, person: Person) -> bool:
    """Father and son may share an address: two names are two people, and each has a clock of their own. Everybody that
    a proxy writes for shares the proxy's address."""
    known = tx.cases.person(case)
    if known.proxy is not None or person.proxy is not None:
        return same_person(person.claims, known.claims)
    return names_agree(person.claims, known.claims)


def _may_be(tx: Transaction, case: str, person: Person) -> bool:
    try:
        return is_theirs(tx, case, person)
    except (KeyStoreError, Tampered):
        return True


def _open_cases(tx: Transaction, case: Case, person: Person, right: Right) -> tuple[Case, ...]:
    batch = [one for one in tx.cases.of_batch(case.batch) if is_theirs(tx, one.number, person)]
    found: Iterable[Case] = (*batch, *open_of_person(tx, person))
    return tuple(one for one in found if one.right == right and one.open and one.number != case.number)


def _hold_erasures(tx: Transaction, access: Case, person: Person) -> None:
    """An erasure that was handed over before the same person asked for access: whoever handles it is told to wait."""
    for case in _open_cases(tx, access, person, Right.ERASURE):
        if case.status is Status.WITH_PERSON and not case.waits_for:
            _wait(tx, case.number, access.number)
            tx.alarms.clear(case.number, "other_right")
            tx.alarms.raise_(case.number, "other_right")


def _wait(tx: Transaction, erasure: str, access: str) -> None:
    tx.cases.row(erasure).waits_for = access
    tx.cases.note(erasure, f"waits_for:{access}")
    tx.cases.needs_attention(erasure, "waits_for_access")


def _hand_over(tx: Transaction, case: str) -> None:
    tx.cases.needs_attention(case, "other_right")
    tx.alarms.raise_(case, "other_right")


def _has_ended(tx: Transaction, case: str) -> bool:
    """A case that was deleted with its record has ended, too."""
    try:
        return not tx.cases.get(case).open
    except NoSuchCase:
        return True
