"""Whether, when and to whom the receipt of a request is acknowledged. A mail too many is worse than one that waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from cases.case import Acknowledgement, Case
from cases.person import Person
from flows.house import House
from flows.notices import queue_acknowledgement, too_many
from flows.people import FORGED
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.store import Transaction

QUESTION = "acknowledge"
MOST_IN_ONE = 50  # cases in one mail, where several mails' acknowledgements were put together


def acknowledge(house: House, tx: Transaction, cases: Sequence[Case], person: Person) -> None:
    """One mail for the cases that one mail opened, where it can do no harm; where not, the cases say what is due."""
    if person.no_mail == FORGED:  # somebody may have written in their name: a person decides
        tx.questions.ask(cases[0].number, QUESTION, cases[0].due)
        _becomes(tx, cases, Acknowledgement.ASKED, "no_acknowledgement_forged")
    elif person.no_mail:
        _becomes(tx, cases, Acknowledgement.BY_HAND, f"no_acknowledgement_{person.no_mail}")
    elif too_many(house, tx, person.sender):
        _becomes(tx, cases, Acknowledgement.WAITING, "acknowledgement_waiting")
    else:
        _queue(house, tx, cases, person)


def acknowledge_waiting(house: House) -> int:
    """What had to wait because an address got enough mails goes out together, in one; returns how many mails."""
    with house.store.begin() as tx:
        waiting = sorted(tx.cases.to_acknowledge(), key=lambda case: _receiver(tx, case))
        groups = [list(group) for _, group in groupby(waiting, key=lambda case: _receiver(tx, case))]
        return sum(_queue_if_free(house, tx, cases[:MOST_IN_ONE]) for cases in groups)


def decide(house: House, tx: Transaction, case: str, *, send: bool, by: str, why: str) -> None:
    """A person says whether an address is written to that the evidence speaks against."""
    value = tx.cases.get(case)
    batch = (one for one in (value, *tx.cases.of_batch(value.batch)) if one.open)
    asked = [one for one in batch if one.acknowledgement == Acknowledgement.ASKED]
    cases = sorted({one.number: one for one in asked}.values(), key=lambda one: one.number)
    tx.cases.note(case, "acknowledge:yes" if send else "acknowledge:no", by, why)
    tx.questions.settle(case, QUESTION)
    if send and cases:
        _queue(house, tx, cases, tx.cases.person(case))
    else:
        _becomes(tx, cases, Acknowledgement.NOT_SENT)


def _queue(house: House, tx: Transaction, cases: Sequence[Case], person: Person) -> None:
    queue_acknowledgement(house, tx, cases, person)
    _becomes(tx, cases, Acknowledgement.QUEUED)


def _queue_if_free(house: House, tx: Transaction, cases: Sequence[Case]) -> bool:
    try:
        person = tx.cases.person(cases[0].number)
    except (KeyStoreError, Tampered):
        return False  # the alarm `unreadable_case` is raised where the case is worked on
    if too_many(house, tx, person.sender):
        return False
    _queue(house, tx, cases, person)
    return True


def _receiver(tx: Transaction, case: Case) -> tuple[str, str]:
    return tx.cases.row(case.number).sender_hmac, case.asked_in


def _becomes(tx: Transaction, cases: Iterable[Case], state: Acknowledgement, attention: str = "") -> None:
    for case in cases:
        tx.cases.row(case.number).acknowledgement = state
        if attention:
            tx.cases.note(case.number, attention)
            tx.cases.needs_attention(case.number, attention)
