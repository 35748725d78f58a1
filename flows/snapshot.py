"""The answer gives the data as they were when they were searched for first (ANS-23): administrators are asked to spare
them from routine deletion until it is out, and what changed between two searches is noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cases.case import Case, Status
from cases.draft import Notice
from cases.request import Right
from flows.house import House
from flows.notices import Addressed, queue_notice
from infra.store.findings import Kept
from infra.store.store import Transaction

# From the first search until the person has the answer: until then a source may have to be asked again.
HELD = (
    Status.COLLECTING,
    Status.REVIEW,
    Status.APPROVED,
    Status.SEALED,
    Status.SENT,
    Status.DELIVERY_UNCERTAIN,
)


def hold_and_lift(house: House, tx: Transaction) -> None:
    """Asks for a hold as soon as it is known whose data are searched, and lifts it when the case has ended. The mails
    name the case only: who it is, is on the machine."""
    if house.settings.hold.recipients:
        for case in tx.cases.in_status(*HELD):
            if case.held_at is None and case.right == Right.ACCESS:
                _tell(house, tx, case, "hold")
                tx.cases.row(case.number).held_at = tx.now
                tx.cases.note(case.number, "hold:asked")
    for case in tx.cases.held():
        if not case.open:
            _tell(house, tx, case, "hold_lifted")
            tx.cases.row(case.number).hold_lifted_at = tx.now
            tx.cases.note(case.number, "hold:lifted")


def first_search(tx: Transaction, case: str) -> None:
    """The search begins: the first time that it does is the time whose data the person gets."""
    row = tx.cases.row(case)
    row.snapshot_at = tx.now
    row.first_snapshot_at = row.first_snapshot_at or tx.now


def changes(kept: Iterable[Kept]) -> dict[str, int]:
    """How many findings are new, changed or vanished since the first search."""
    return dict(Counter(item.change for item in kept if item.change))


def _tell(house: House, tx: Transaction, case: Case, template: str) -> None:
    began = case.first_snapshot_at or case.snapshot_at or case.received_at
    fields = (("since", house.today(began).isoformat()),)
    notice = Notice(template, house.settings.controller.language, case.number, fields)
    for index, recipient in enumerate(house.settings.hold.recipients):
        queue_notice(house, tx, f"{template}/{case.number}/{index}", notice, Addressed(recipient))
