"""Reading and approving: nobody releases what they have not opened, and nothing else than what they opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cases.case import Status
from cases.draft import Approval, ApprovalRefused, Draft, approve
from flows import draft as drafts
from flows.codes import fits, release_code, same_name
from flows.collect import search_again
from flows.extension import CannotExtend, extend
from flows.house import House
from flows.refusal import GROUNDS, refuse
from flows.refusal_facts import CannotRefuse
from flows.typed import read_form
from infra.store.store import Transaction

ALARM_AFTER = 5


class Choice(StrEnum):
    """What the form offers. None of them is a default."""

    RELEASE = "release"
    SEARCH_AGAIN = "search again"
    EXTEND = "extend"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was typed into the form."""

    decision: str
    approver: str = field(repr=False)
    release_code: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    ground: str = ""

    @staticmethod
    def parse(text: str) -> Reply:
        """Reads what the form sent, trusting nothing: a missing or foreign value becomes empty text. The form offers
        each ground for refusing as a decision of its own: `refuse: excessive`."""
        names = ("decision", "approver", "release_code", "reason", "ground")
        values = {name: value for name, value in read_form(text).items() if name in names}
        decision, _, ground = values.get("decision", "").partition(": ")
        ground = ground or values.get("ground", "")
        return Reply(**{"approver": "", **values, "decision": decision, "ground": ground})


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft opened for reading: the code is for this reader and this draft alone."""

    number: int
    draft: Draft
    code: str = field(repr=False)


class NotAReader(Exception):
    """The name is not one of those who may review or release; `auskunft.toml` lists them under [[people]]."""


class NothingToReview(Exception):
    """The case has no draft that waits."""

    def __init__(self, case: str, status: Status) -> None:
        super().__init__(f"{case} is {status}: there is no draft to read")


def read_draft(house: House, tx: Transaction, case: str, reader: str) -> Reading:
    """Opens the current draft for somebody who may review or release it, and notes that they did."""
    name = _person_with(house, reader, "reviewer") or _person_with(house, reader, "releaser")
    if not name:
        raise NotAReader(f"{reader!r} is not listed under [[people]] in auskunft.toml")
    status = tx.cases.get(case).status
    if status is not Status.REVIEW:
        raise NothingToReview(case, status)
    record, draft = drafts.current(house, tx, case)
    tx.cases.note(case, f"read:{record.number}", name)
    return Reading(record.number, draft, release_code(house.keystore, case, draft.digest, name))


def answer_form(house: House, tx: Transaction, case: str, reply: Reply) -> str:
    """Does what the form says, if it may be done. Returns an empty text, or the code of why nothing was changed and
    the form is asked again."""
    if tx.cases.get(case).status is not Status.REVIEW:
        return ""
    code = _check(house, tx, case, reply)
    if code:
        _refuse_form(tx, case, reply, code)
    return code


def _check(house: House, tx: Transaction, case: str, reply: Reply) -> str:
    match reply.decision:
        case Choice.RELEASE:
            return _release(house, tx, case, reply)
        case Choice.SEARCH_AGAIN:
            return _again(house, tx, case, reply)
        case Choice.EXTEND:
            return _extend(house, tx, case, reply)
        case Choice.REFUSE:
            return _decline(house, tx, case, reply)
        case _:
            return "no_decision"


def _release(house: House, tx: Transaction, case: str, reply: Reply) -> str:
    name = _person_with(house, reply.approver, "releaser")
    if not name:
        return "not_a_releaser"
    record, draft = drafts.current(house, tx, case)
    expected = release_code(house.keystore, case, draft.digest, name)
    if not fits(expected, reply.release_code):
        return "wrong_code"
    if not _second_person(house, tx, case, record.number, name):
        return "second_person_needed"
    approval = Approval(case, draft.digest, name, tx.now)
    try:
        approve(draft, approval)
    except ApprovalRefused as refused:
        return refused.code
    tx.answers.approved(tx.cases.row(case), approval, reply.reason)
    tx.cases.note(case, f"approved:{record.number}", name, draft.digest)
    if draft.left_out:  # a refusal in part (Art. 12(4)), counted when the findings are long gone
        tx.cases.note(case, f"withheld:{len(draft.left_out)}", name)
    tx.cases.move(case, Status.APPROVED, name, reply.reason)
    return ""


def _again(house: House, tx: Transaction, case: str, reply: Reply) -> str:
    name = anybody(house, reply.approver)
    if not name:
        return "not_a_reviewer"
    search_again(tx, case, name, reply.reason)
    return ""


def _decline(house: House, tx: Transaction, case: str, reply: Reply) -> str:
    """Refusing needs a person who may release, a ground of the law, facts for the record, and that they have read what
    the person is told of them: its code is that of `auskunft case refuse` (FEE-01, TIM-13)."""
    name = _person_with(house, reply.approver, "releaser")
    if not name:
        return "not_a_releaser"
    if reply.ground not in GROUNDS:
        return "no_ground"
    if len(reply.reason) < 20:
        return "no_reason"
    try:
        refuse(house, tx, case, reply.ground, name, reply.reason, reply.release_code)
    except CannotRefuse as refused:
        return refused.code
    return ""


def _extend(house: House, tx: Transaction, case: str, reply: Reply) -> str:
    """Extending needs who may release, a reason of the law and facts; too late it is refused with the reason."""
    name = _person_with(house, reply.approver, "releaser")
    if not name:
        return "not_a_releaser"
    try:
        extend(house, tx, case, reply.ground, name, reply.reason)
    except CannotExtend as refused:
        return refused.code
    tx.answers.refused_form(tx.cases.row(case), "extension_asked")
    return ""


def _second_person(house: House, tx: Transaction, case: str, number: int, approver: str) -> bool:
    """True where one person may do both (that it was one is in the history), or where another one with the role of a
    reviewer has read this very draft."""
    if house.settings.release.one_person_may_do_both:
        return True
    readers = {event.who for event in tx.cases.history(case) if event.what == f"read:{number}"}
    return any(reader != approver and _person_with(house, reader, "reviewer") for reader in readers)


def _refuse_form(tx: Transaction, case: str, reply: Reply, code: str) -> None:
    """Notes that a form was not accepted. Many wrong codes are an attack or a misunderstanding: both need a look."""
    tx.cases.note(case, f"form_refused:{code}", reply.approver)
    if tx.answers.current(tx.cases.row(case)):
        tx.answers.refused_form(tx.cases.row(case), code)
    wrong = sum(event.what == "form_refused:wrong_code" for event in tx.cases.history(case))
    if wrong >= ALARM_AFTER:
        tx.alarms.raise_(case, "wrong_codes")


def _person_with(house: House, name: str, role: str) -> str:
    """The name as the settings write it, if somebody of that name has the role."""
    wanted = same_name(name)
    return next((known for known in house.settings.people_with(role) if wanted and same_name(known) == wanted), "")


def releaser(house: House, name: str) -> str:
    """The name as the settings write it, if its bearer may release or refuse an answer; empty for anybody else."""
    return _person_with(house, name, "releaser")


def anybody(house: House, name: str) -> str:
    return _person_with(house, name, "reviewer") or _person_with(house, name, "releaser")
