"""An answer that came back: nobody is told a passphrase for it, its link ends, and a person says what became of it.

Where a server failed to deliver it, it may still have reached somebody: it was forwarded, or the address on file is
another person's. Only a person can tell, so the question about the delivery offers "it reached somebody else", which
begins the 72 hours of Art. 33 GDPR.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from cases.case import ENDS, HAS_ANSWER, Status
from infra.store.cases import SYSTEM
from infra.store.outbox import is_answer
from infra.store.store import Transaction
from infra.store.work import Question

CAME_BACK = "answer_bounced"
ARRIVED, SENT_ANEW = "delivery:arrived", "delivery:sent_anew"  # and, like the next, the version
_LOST = "delivery:did_not_arrive"
_ACTION = re.compile(rb"^action:[ \t]*([a-z]{1,12})", re.I | re.M)  # RFC 3464, 2.3.3
_MOST_READ = 1_000_000  # bytes of a report


def answer_came_back(tx: Transaction, case: str, message_ids: Iterable[str], raw: bytes) -> bool:
    """Whether a delivery report says that an answer did not arrive, in a mail or as a link, and a person has to say
    what became of it. A report that only tells of a delay, or of a version by which nothing stands or falls, changes
    nothing."""
    named = {once for of, once in tx.outbox.named(message_ids) if of == case}
    if not named or _still_tried(raw):
        return False
    return _newest_came_back(tx, case, named) or _replaced_came_back(tx, case, named)


def _newest_came_back(tx: Transaction, case: str, named: Collection[str]) -> bool:
    row, status = tx.cases.row(case), tx.cases.get(case).status
    package = tx.answers.package(row)
    attempts = tx.outbox.attempts(case, package.version) if package else ()
    if package is None or not attempts or attempts[-1].once not in named or status not in HAS_ANSWER:
        return False
    tx.cases.note(case, f"{CAME_BACK}:{package.version}" if package.handed_over_at else CAME_BACK)
    tx.answers.end_links(row)
    tx.questions.settle(case, "handover")
    if status in ENDS:
        tx.cases.reopen(case, SYSTEM, CAME_BACK, Status.DELIVERY_UNCERTAIN)
    elif status is not Status.DELIVERY_UNCERTAIN:
        tx.cases.move(case, Status.DELIVERY_UNCERTAIN, why=CAME_BACK)
    recount(tx, case)
    tx.questions.ask(case, "delivery", tx.cases.get(case).due)
    return True


def _replaced_came_back(tx: Transaction, case: str, named: Collection[str]) -> bool:
    """A version that a new one replaces, or has replaced, and whose passphrase was handed over: until a person says
    that it arrived the case does not count as answered by it, and its due day rings."""
    row, lost = tx.cases.row(case), {event.what for event in tx.cases.history(case)}
    package = tx.answers.package(row)
    newest = package.version if package and tx.cases.get(case).status in HAS_ANSWER else 0
    back = [
        version
        for version in tx.answers.handed_over_versions(row)
        if version != newest and f"{_LOST}:{version}" not in lost
        if any(is_answer(once, case, version) for once in named)
    ]
    for version in back:
        tx.cases.note(case, f"{CAME_BACK}:{version}")
        tx.questions.ask(case, "delivery", tx.cases.get(case).due, str(version))
    if back:
        recount(tx, case)
    return bool(back)


def replaced_arrived(tx: Transaction, case: str, version: str, by: str, how: str) -> None:
    """A person found out that a version which came back did arrive."""
    tx.cases.note(case, f"{ARRIVED}:{version}", by, how)
    recount(tx, case)
    tx.questions.settle(case, "delivery", version)
    tx.alarms.clear(case, CAME_BACK)


def replaced_did_not_arrive(tx: Transaction, case: str, version: str, by: str, how: str) -> None:
    """A person found out that it did not. The new version goes its way."""
    tx.questions.settle(case, "delivery", version)
    tx.alarms.clear(case, CAME_BACK)
    lost(tx, case, version, by, how)


def lost(tx: Transaction, case: str, version: int | str, by: str, how: str) -> None:
    """A version answered nothing, whichever it is and however its passphrase was handed over: the clock goes on as if
    it never had been, unless another version answered the case."""
    tx.cases.note(case, f"{_LOST}:{version}", by, how)
    recount(tx, case)


def recount(tx: Transaction, case: str) -> None:
    """Says anew when a corrected case was answered first: never, if no version of it counts."""
    row = tx.cases.row(case)
    row.answered_at = min(given(tx, case).values(), default=None) if row.version > 1 else None


def given(tx: Transaction, case: str) -> dict[int, datetime]:
    """When each version was given, of those by which the case may count as answered: handed over, not lost, and not
    come back without a person who said that it arrived, or a new mail that left."""
    handed_over = tx.answers.handed_over_versions(tx.cases.row(case))
    found = dict(handed_over)
    for event in tx.cases.history(case):
        step, _, last = event.what.rpartition(":")
        version = int(last) if last.isdecimal() else 0
        if version in handed_over and step in (CAME_BACK, _LOST):
            found.pop(version, None)
        elif version in handed_over and step in (ARRIVED, SENT_ANEW):
            found[version] = handed_over[version] if step == ARRIVED else event.at
    return found


def still_asked(question: Question) -> bool:
    """Whether a question outlives the answer: that a new version left says nothing of where the replaced one went."""
    return question.kind == "delivery" and question.about != ""


def _still_tried(raw: bytes) -> bool:
    """`delayed`, and whatever else is no failure. A report that names no action is believed to be one."""
    actions = {action.lower() for action in _ACTION.findall(raw[:_MOST_READ])}
    return bool(actions) and b"failed" not in actions
