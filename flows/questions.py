"""Questions to a person other than approval, and what their answers do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from cases.breach import Outcome
from cases.case import Status, UnlawfulMove
from cases.request import Right
from flows.acknowledging import decide
from flows.approval import anybody
from flows.breach import NoBreach, end_breach, local_moment, open_breach
from flows.dispatch import arrived, did_not_arrive, hand_over
from flows.extension import call_off
from flows.house import House
from flows.identify import CannotVerify, authority_not_proven, cannot_identify, record_authority, record_check
from flows.intake import accept
from flows.readable import NotReadable
from flows.typed import read_form
from infra.store.store import Transaction
from infra.store.work import Question

Typed = Mapping[str, str]
Handler = Callable[[House, Transaction, Question, Typed], str]


def parse(text: str) -> Typed:
    """What a form sent, as text by field; anything else is left out."""
    return read_form(text)


def answer(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """Does what an answer says. Returns an empty text, or the code of why nothing was changed and it is asked again.
    A question that was settled meanwhile is left alone."""
    if question.state != "open":
        return ""
    if not typed.get("by"):
        return _asked_again(tx, question, "by_needed")
    if question.kind != "by_hand" and not anybody(house, typed["by"]):
        return _asked_again(tx, question, "not_a_reviewer")
    try:
        with tx.nested():
            code = HANDLERS[question.kind](house, tx, question, typed)
    except (CannotVerify, NoBreach, NotReadable) as refused:
        code = refused.code
    except UnlawfulMove:
        code = "not_now"
    return _asked_again(tx, question, code) if code else ""


def _asked_again(tx: Transaction, question: Question, code: str) -> str:
    tx.questions.refused_form(question.id, code)
    tx.cases.note(question.case, f"form_refused:{code}")
    return code


def _triage(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """Is it a request, and for which right? The clock has run since it arrived, whatever the answer."""
    decision, case = typed.get("decision", ""), question.case
    if decision == "not_a_request":
        tx.cases.move(case, Status.NOT_A_REQUEST, typed["by"], typed.get("note", ""))
    elif decision in set(Right):
        tx.cases.row(case).right = decision
        tx.cases.move(case, Status.RECEIVED, typed["by"], decision)
        accept(house, tx, case)
    else:
        return "no_decision"
    tx.questions.settle(case, "triage")
    return ""


def _identity(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    match typed.get("decision", ""):
        case "checked":
            record = typed.get("record", "")
            if not RECORD.fullmatch(record):
                return "record_number_needed"
            record_check(house, tx, question.case, int(record), typed["by"], typed.get("how", ""))
            return ""
        case "cannot_identify":
            cannot_identify(tx, question.case, typed["by"], typed.get("how", ""))
            return ""
        case _:
            return "no_decision"


def _authority(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """May the proxy act for the data subject, and does that cover receiving the answer?"""
    by, how = typed["by"], typed.get("how", "")
    match typed.get("decision", ""), typed.get("receives", ""):
        case "checked", ("subject" | "proxy") as receiver:
            record_authority(tx, question.case, receiver == "proxy", by, how)
        case "checked", _:
            return "receiver_needed"
        case "not_proven", _:
            authority_not_proven(tx, question.case, by, how)
        case _:
            return "no_decision"
    return ""


def _withdrawal(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """Did the person take the request back? Only a person's yes ends the case."""
    case, by, note = question.case, typed["by"], typed.get("note", "")
    match typed.get("decision", ""):
        case "withdrawn":
            tx.cases.move(case, Status.WITHDRAWN, by, note)
            call_off(tx, case)
            tx.questions.settle_all(case)
        case "goes_on":
            tx.cases.note(case, "withdrawal:goes_on", by, note)
            tx.questions.settle(case, "withdrawal")
            tx.cases.needs_attention(case, "")
        case _:
            return "no_decision"
    tx.alarms.clear(case, "withdrawal_received")
    return ""


def _acknowledge(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """Is the receipt acknowledged to an address that the evidence speaks against?"""
    decision = typed.get("decision", "")
    if decision not in ("send", "do_not_send"):
        return "no_decision"
    decide(house, tx, question.case, send=decision == "send", by=typed["by"], why=typed.get("note", ""))
    return ""


def _by_hand(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """`nothing`: a named person looked and found nothing; `added`: they found something and added it before by
    `auskunft case add`."""
    decision = typed.get("decision", "")
    if decision == "added":
        if not _was_added(tx, question):
            return "nothing_added_yet"
    elif decision != "nothing":
        return "no_decision"
    elif _was_added(tx, question):
        return "something_was_added"
    tx.findings.answer_by_hand(tx.cases.row(question.case), question.about, typed["by"], typed.get("note", ""), 0)
    tx.cases.note(question.case, f"by_hand:{question.about}", typed["by"], typed.get("note", ""))
    tx.questions.settle(question.case, "by_hand", question.about)
    return ""


def _was_added(tx: Transaction, question: Question) -> bool:
    return any(kept.source == question.about for kept in tx.findings.all(tx.cases.row(question.case)))


def _handover(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """The passphrase has been told: by phone, letter, SMS or in person; never by the mail that carried the answer."""
    channel = typed.get("channel", "")
    if channel not in CHANNELS:
        return "no_channel"
    hand_over(tx, question.case, typed["by"], channel)
    return ""


def _delivery(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """Did the answer arrive? `about`: a version that has been replaced since; empty for the newest."""
    by, how = typed["by"], typed.get("how", "")
    match typed.get("decision", ""):
        case "arrived":
            arrived(tx, question.case, by, how, question.about)
        case "did_not_arrive":
            did_not_arrive(tx, question.case, by, how, question.about)
        case "wrong_person":
            open_breach(house, tx, question.case, by, how, tx.now)
            did_not_arrive(tx, question.case, by, how, question.about)
        case _:
            return "no_decision"
    return ""


def _breach(house: House, tx: Transaction, question: Question, typed: Typed) -> str:
    """Was the authority told, or why not? Ends the task of 72 hours."""
    decision, at = typed.get("decision", ""), typed.get("notified_at", "")
    if decision not in set(Outcome):
        return "no_decision"
    try:
        moment = local_moment(house, at) if at else None
    except ValueError:
        return "breach_moment"
    outcome, reason = Outcome(decision), typed.get("reason", "")
    end_breach(tx, question.case, int(question.about), outcome, typed["by"], reason, moment)
    return ""


RECORD = re.compile(r"[0-9]{1,4}")
CHANNELS = ("phone", "letter", "sms", "in_person")
HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "triage": _triage,
        "identity": _identity,
        "by_hand": _by_hand,
        "handover": _handover,
        "delivery": _delivery,
        "authority": _authority,
        "withdrawal": _withdrawal,
        "acknowledge": _acknowledge,
        "breach": _breach,
    }
)
