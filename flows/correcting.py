"""An answer that was given and turns out wrong: a new version that says which one it replaces.

The case goes back to review and all the way again: nothing leaves without an approval. It was answered when it was
first answered: its due day is kept or missed already, and rings no alarm any more; that it waits is told as a case that
stands still, and in every list.
"""

from __future__ import annotations

from cases.case import Case, Status
from flows.bounces import recount
from flows.dispatch import no_longer_readable
from infra.store.answers import PackageRecord
from infra.store.store import Transaction

ATTENTION = "correcting"
FROM = (Status.SENT, Status.ANSWERED, Status.ANSWERED_NOTHING_HELD)
LEAST = 10  # signs of a reason


class CannotCorrect(Exception):
    """The answer cannot be corrected. `code`: `not_answered`, `material_gone`, `why_needed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def correct(tx: Transaction, case: str, by: str, why: str) -> int:
    """Begins a new version of an answer that left; returns its number. The links of the last one end, and a mail of it
    that waits does not leave. Raises `CannotCorrect`, also where its material is being destroyed just now."""
    row = tx.cases.locked(case)
    value = tx.cases.get(case)
    record, package = tx.answers.current(row), tx.answers.package(row)
    if record is None or package is None or not _left(value, package):
        raise CannotCorrect("not_answered")
    if package.kept is None or row.sealed_person is None:
        raise CannotCorrect("material_gone")
    if len(why.strip()) < LEAST:
        raise CannotCorrect("why_needed")
    row.version, row.replaces_on = value.version + 1, record.written_on
    _still_asked(tx, value, package)
    no_longer_readable(tx, case)
    tx.cases.note(case, f"correction:{row.version}", by, why)
    tx.cases.reopen(case, by, why)
    recount(tx, case)
    tx.cases.needs_attention(case, ATTENTION)
    for kind in ("handover", "delivery"):
        tx.questions.settle(case, kind)
    return row.version


def _left(case: Case, package: PackageRecord) -> bool:
    """One that was answered and came back may be corrected, too: nobody knows yet whether it arrived."""
    back = case.status is Status.DELIVERY_UNCERTAIN and package.handed_over_at is not None
    return back or case.status in FROM


def _still_asked(tx: Transaction, case: Case, package: PackageRecord) -> None:
    """Where it is open whether the answer arrived, that is asked on: by it the case may count as answered."""
    asked = any(item.kind == "delivery" and not item.about for item in tx.questions.open_ones(case.number))
    if asked and package.handed_over_at is not None:
        tx.questions.ask(case.number, "delivery", case.due, str(package.version))
