"""Refusing an answer: a person's decision on a ground of the law, told with facts, complaint and judicial remedy."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from cases.authorities import competent
from cases.case import Case, Status, check_move
from cases.draft import Notice
from cases.person import Person
from flows.codes import fits, release_code
from flows.extension import call_off
from flows.house import House
from flows.notices import Addressed, for_the_post, queue_notice
from flows.refusal_facts import CannotRefuse, facts
from infra.store.store import Transaction
from outputs.notices import render
from outputs.notices_refusal import unfit

GROUNDS = (
    "manifestly_unfounded",  # Art. 12(5) s. 2; recital 63
    "excessive",  # Art. 12(5) s. 2 (b); C-526/24
    "not_identifiable",  # Art. 11(2), 12(2) s. 2
    "secrecy",  # Art. 15 with section 29(1) s. 2 BDSG
)
TELLING = ("secrecy",)  # tells that data are held: nothing for somebody of whom it is not known who they are
ONCE = "refusal/"  # how the `once` of every refusal begins
TOLD = "refusal_sent"  # the step by which a history says that the mail server took the refusal
SHOWN = "refusal_shown:"  # the step by which it says who has read what the person would get, and what that was


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a refusal says. `named`: facts that the store knows (`earlier:CASE`, `unchanged:CASE`, `asked`); `sentence`:
    further facts in the releaser's own words, in the language of the letter."""

    ground: str
    named: tuple[str, ...] = ()
    sentence: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """The refusal as it would go out; the code is for who reads it, and for these words alone."""

    words: str = field(repr=False)
    code: str = field(repr=False)


def show(house: House, tx: Transaction, case: str, reasons: Reasons, by: str) -> Shown:
    """What the person would get, for the releaser to read; noted in the history with its facts. Raises `CannotRefuse`,
    `UnlawfulMove`, and `ValueError` for a ground that cannot be told."""
    value, person = tx.cases.get(case), tx.cases.person(case)
    _check(reasons.ground, person)
    check_move(case, value.status, Status.REFUSED if person.told_at else Status.WITH_PERSON)
    notice = _notice(house, tx, value, reasons)
    told = {"facts": reasons.named, "sentence": reasons.sentence}
    tx.cases.note(case, f"{SHOWN}{reasons.ground}", by, json.dumps(told, ensure_ascii=False))
    rendered = render(notice, house.controller)
    words = "\n\n".join((person.told_at or "\n".join(person.postal), rendered.subject, rendered.text))
    return Shown(words, _code(house, notice, by))


def refuse(house: House, tx: Transaction, case: str, ground: str, by: str, why: str, code: str) -> str:
    """Queues the refusal that `by` has read, as `code` says, and ends the case. `why` is for the history alone. Where
    there is no address to which it may go, the case stays with a person, and the words of the letter that they send are
    returned; else an empty text. Raises what `show` raises, and `CannotRefuse` for words that nobody has read."""
    value, person = tx.cases.get(case), tx.cases.person(case)
    _check(ground, person)
    notice = _read(house, tx, value, ground, by, code)
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


def last_shown(tx: Transaction, case: str, ground: str, by: str = "") -> Reasons:
    """What was shown last on this ground, to `by` or to anybody. Raises `CannotRefuse` where nothing was."""
    for event in reversed(tx.cases.history(case)):
        if event.what == f"{SHOWN}{ground}" and by in ("", event.who):
            told = json.loads(event.why)
            return Reasons(ground, tuple(told["facts"]), told["sentence"])
    raise CannotRefuse("refusal_unseen")


def told_facts(house: House, tx: Transaction, value: Case, reasons: Reasons) -> tuple[str, ...]:
    """The closed facts of a refusal. Raises `CannotRefuse` where it would give no reasons, or say what it must not."""
    found = facts(house, tx, value, reasons.ground, reasons.named)
    if not found and not reasons.sentence:
        raise CannotRefuse("refusal_facts")
    if reasons.sentence and tx.cases.person(value.number).verification is None:
        raise CannotRefuse("refusal_sentence")
    if reasons.sentence and (fault := unfit(reasons.sentence, found)):
        raise CannotRefuse(f"refusal_{fault}")
    return found


def _check(ground: str, person: Person) -> None:
    if ground not in GROUNDS:
        raise ValueError(f"{ground!r} is no ground for a refusal; allowed: {', '.join(GROUNDS)}")
    if ground in TELLING and person.verification is None:
        raise ValueError(f"{ground!r} tells that data are held: first find out who asks (`auskunft case identify`)")


def _read(house: House, tx: Transaction, value: Case, ground: str, by: str, code: str) -> Notice:
    """The notice whose code this is: the words of today, so what has changed since is read anew."""
    notice = _notice(house, tx, value, last_shown(tx, value.number, ground, by))
    if not fits(_code(house, notice, by), code):
        raise CannotRefuse("refusal_unseen")
    return notice


def _code(house: House, notice: Notice, by: str) -> str:
    rendered = render(notice, house.controller)
    digest = hashlib.sha256(f"refusal\n{rendered.subject}\n{rendered.text}".encode()).hexdigest()
    return release_code(house.keystore, notice.case, digest, by)


def _notice(house: House, tx: Transaction, value: Case, reasons: Reasons) -> Notice:
    where = house.settings.controller
    fields = (
        ("received", house.today(value.received_at).isoformat()),
        ("ground", reasons.ground),
        ("authority", competent(where.land, where.public_body).code),
        *(("fact", one) for one in told_facts(house, tx, value, reasons)),
        *((("sentence", reasons.sentence),) if reasons.sentence else ()),
    )
    return Notice("refusal", value.language, value.number, fields)
