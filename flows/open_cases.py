"""The open cases as rows of a report: where each stands, who acts next, and its dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from cases.case import Case, Status
from cases.coverage import SearchLog
from flows.house import House
from flows.names import days_left
from flows.timeline import Timeline, timeline
from infra.store.facts import Step
from infra.store.store import Transaction
from outputs.report import CODE, Row

WAITS_FOR = {
    Status.TRIAGE: "dpo",
    Status.RECEIVED: "program",
    Status.ACKNOWLEDGED: "program",
    Status.IDENTIFYING: "dpo",
    Status.COLLECTING: "program",
    Status.REVIEW: "releaser",
    Status.APPROVED: "program",
    Status.SEALED: "post",
    Status.SENT: "passphrase",
    Status.DELIVERY_UNCERTAIN: "dpo",
    Status.WITH_PERSON: "dpo",
}
# From here on the answer is on its way: nobody extends any more.
_ON_ITS_WAY = frozenset({Status.APPROVED, Status.SEALED, Status.SENT, Status.DELIVERY_UNCERTAIN})


def rows(house: House, tx: Transaction) -> tuple[Row, ...]:
    """Every open case, those due first at the front."""
    steps, searches = tx.facts.steps_of_open(), tx.facts.searches()
    return tuple(
        _row(house, tx, case, steps.get(case.number, ()), searches.get(case.number, ()))
        for case in tx.cases.still_open()
    )


def _row(house: House, tx: Transaction, case: Case, steps: Sequence[Step], logs: Sequence[SearchLog]) -> Row:
    dates, today = timeline(house, case, steps), house.today(tx.now)
    return Row(
        case=case.number,
        status=case.status,
        received=dates.received,
        due=dates.due,
        days_left=days_left(house, case.due_now(today), tx.now),
        waiting_for=WAITS_FOR[case.status],
        gaps=sum(log.gaps for log in logs) + sum(bool(log.failed) for log in logs),
        target=dates.target,
        safe=dates.safe,
        notice_due=_last_notice(case, dates, today),
        month_end=dates.month_end,
        extended=dates.extended,
        attention=case.attention if re.fullmatch(CODE, case.attention, re.ASCII) else "unknown",
        right=case.right,
    )


def _last_notice(case: Case, dates: Timeline, today: date) -> date | None:
    """The last day to announce an extension, where that is still possible."""
    possible = dates.notice_due is not None and dates.notice_due >= today and case.status not in _ON_ITS_WAY
    return dates.notice_due if possible else None
