"""An answer that came back: nobody is told a passphrase for it, its link ends, and a person says what became of it.

Where a server failed to deliver it, it may still have reached somebody: it was forwarded, or the address on file is
another person's. Only a person can tell, so the question about the delivery offers "it reached somebody else", which
begins the 72 hours of Art. 33 GDPR.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cases.case import Status
from infra.store.store import Transaction

CAME_BACK = "answer_bounced"
_ACTION = re.compile(rb"^action:[ \t]*([a-z]{1,12})", re.I | re.M)  # RFC 3464, 2.3.3
_MOST_READ = 1_000_000  # bytes of a report


def answer_came_back(tx: Transaction, case: str, message_ids: Iterable[str], raw: bytes) -> bool:
    """Whether a delivery report says that the newest answer of a case, in a mail or as a link, did not arrive; then
    what follows is done. A report that only tells of a delay, or of an older version, changes nothing."""
    row = tx.cases.row(case)
    package = tx.answers.package(row)
    named = {once for of, once in tx.outbox.named(message_ids) if of == case}
    attempts = tx.outbox.attempts(case, package.version) if package else ()
    if not attempts or attempts[-1].once not in named or _still_tried(raw):
        return False
    tx.cases.note(case, CAME_BACK)
    tx.answers.end_links(row)
    tx.questions.settle(case, "handover")
    if tx.cases.get(case).status in (Status.SEALED, Status.SENT):
        tx.cases.move(case, Status.DELIVERY_UNCERTAIN, why=CAME_BACK)
    if tx.cases.get(case).status in (Status.DELIVERY_UNCERTAIN, Status.ANSWERED, Status.ANSWERED_NOTHING_HELD):
        tx.questions.ask(case, "delivery", tx.cases.get(case).due)
    return True


def _still_tried(raw: bytes) -> bool:
    """`delayed`, and whatever else is no failure. A report that names no action is believed to be one."""
    actions = {action.lower() for action in _ACTION.findall(raw[:_MOST_READ])}
    return bool(actions) and b"failed" not in actions
