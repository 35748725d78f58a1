"""Refusing an answer: a person's decision on a ground of the law, told with reasons, complaint and judicial remedy."""

from __future__ import annotations

from cases.authorities import competent
from cases.case import Case, Status
from cases.draft import Notice
from cases.person import Person
from flows.extension import call_off
from flows.house import House
from flows.notices import Addressed, for_the_post, queue_notice
from infra.store.store import Transaction

GROUNDS = (
    "manifestly_unfounded",  # Art. 12(5) s. 2; recital 63
    "excessive",  # Art. 12(5) s. 2 (b); C-526/24
    "not_identifiable",  # Art. 11(2), 12(2) s. 2
    "secrecy",  # Art. 15 with section 29(1) s. 2 BDSG
)
TELLING = ("secrecy",)  # tells that data are held: nothing for somebody of whom it is not known who they are
ONCE = "refusal/"  # how the `once` of every refusal begins
TOLD = "refusal_sent"  # the step by which a history says that the mail server took the refusal


def refuse(house: House, tx: Transaction, case: str, ground: str, by: str, why: str) -> str:
    """Queues the refusal with its three elements (Art. 12(4)) and ends the case. What the person typed as facts stays
    in the history; the notice gives the ground in the words of the law. Where there is no address to which it may go,
    the case stays with a person, and the words of the letter that they send are returned; else an empty text. Raises
    `UnlawfulMove`, and `ValueError` for a ground that cannot be told."""
    person = tx.cases.person(case)
    _check(ground, person)
    notice = _notice(house, tx.cases.get(case), ground)
    if not person.told_at:  # a refusal nobody tells is none: somebody writes a letter, and the case ends after that
        tx.cases.move(case, Status.WITH_PERSON, by, f"{ground}: {why}")
        tx.cases.needs_attention(case, "refusal_by_post")
        tx.alarms.raise_(case, "mail_refused")
        return for_the_post(house, person, notice)
    tx.cases.move(case, Status.REFUSED, by, f"{ground}: {why}")
    call_off(tx, case)
    tx.questions.settle_all(case)
    queue_notice(house, tx, f"{ONCE}{case}", notice, Addressed(person.told_at, person.message_id))
    return ""


def _check(ground: str, person: Person) -> None:
    if ground not in GROUNDS:
        raise ValueError(f"{ground!r} is no ground for a refusal; allowed: {', '.join(GROUNDS)}")
    if ground in TELLING and person.verification is None:
        raise ValueError(f"{ground!r} tells that data are held: first find out who asks (`auskunft case identify`)")


def _notice(house: House, value: Case, ground: str) -> Notice:
    where = house.settings.controller
    fields = (
        ("received", house.today(value.received_at).isoformat()),
        ("ground", ground),
        ("authority", competent(where.land, where.public_body).code),
    )
    return Notice("refusal", value.language, value.number, fields)
