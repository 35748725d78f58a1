"""Refusing an answer: a person's decision on a ground of the law, told with reasons, complaint and judicial remedy."""

from __future__ import annotations

from cases.authorities import competent
from cases.case import Status
from cases.draft import Notice
from flows.extension import call_off
from flows.house import House
from flows.notices import Addressed, queue_notice
from infra.store.store import Transaction

GROUNDS = (
    "manifestly_unfounded",  # Art. 12(5) s. 2; recital 63
    "excessive",  # Art. 12(5) s. 2 (b); C-526/24
    "not_identifiable",  # Art. 11(2), 12(2) s. 2
    "secrecy",  # Art. 15 with section 29(1) s. 2 BDSG
)
ONCE = "refusal/"  # how the `once` of every refusal begins
TOLD = "refusal_sent"  # the step by which a history says that the mail server took the refusal


def refuse(house: House, tx: Transaction, case: str, ground: str, by: str, why: str) -> None:
    """Queues the refusal with its three elements (Art. 12(4)) and ends the case. What the person typed as facts stays
    in the history; the notice gives the ground in the words of the law. Raises `UnlawfulMove`."""
    if ground not in GROUNDS:
        raise ValueError(f"{ground!r} is no ground for a refusal; allowed: {', '.join(GROUNDS)}")
    value, person = tx.cases.get(case), tx.cases.person(case)
    where = house.settings.controller
    authority = competent(where.land, where.public_body)
    fields = (
        ("received", house.today(value.received_at).isoformat()),
        ("ground", ground),
        ("authority", authority.code),
    )
    recipient = person.recipient or person.sender
    if not recipient:  # a refusal nobody tells is none: somebody writes a letter, and the case ends after that
        tx.cases.move(case, Status.WITH_PERSON, by, f"{ground}: {why}")
        tx.cases.needs_attention(case, "refusal_by_post")
        tx.alarms.raise_(case, "mail_refused")
        return
    tx.cases.move(case, Status.REFUSED, by, f"{ground}: {why}")
    call_off(tx, case)
    tx.questions.settle_all(case)
    notice = Notice("refusal", value.language, case, fields)
    queue_notice(house, tx, f"{ONCE}{case}", notice, Addressed(recipient, person.message_id))
