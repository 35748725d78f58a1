"""The numbers of cases: each is given once, and every one that was given has its case, unless its record is over."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.case import number
from infra.store.models import CaseRow, EventRow, StateRow

_PREFIX = "serial/"
_NUMBER = re.compile(r"DSAR-([0-9]{4})-[0-9]{4,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gone:
    """What was removed outside of the program: `cases` of which there are steps and no case, and how many of which
    year (`unnamed`) are gone with their steps: of those only the number of cases tells."""

    cases: tuple[str, ...]
    unnamed: dict[int, int]


def next_number(session: Session, now: datetime, year: int) -> str:
    """Numbers are counted apart from the cases: one of a deleted case is never given again."""
    row = session.get(StateRow, f"{_PREFIX}{year}", with_for_update=True)
    if row is None:
        row = StateRow(name=f"{_PREFIX}{year}", value={"last": "0"}, changed_at=now)
        session.add(row)
    serial = int(row.value["last"]) + 1
    row.value = {**row.value, "last": str(serial)}
    return number(year, serial)


def count_deleted(session: Session, case: str) -> None:
    """The program itself deletes a case. Only how many is kept, not which."""
    row = session.get(StateRow, f"{_PREFIX}{year_of(case)}", with_for_update=True)
    if row is not None:
        row.value = {**row.value, "deleted": str(int(row.value.get("deleted", "0")) + 1)}


def gone(session: Session) -> Gone:
    """Opening and deleting hold the row of the year: while it is held here, cases and counts are of one moment."""
    years = select(StateRow).where(StateRow.name.startswith(_PREFIX, autoescape=True)).order_by(StateRow.name)
    rows = session.scalars(years.with_for_update().execution_options(populate_existing=True)).all()
    orphans = select(EventRow.case).where(EventRow.case.not_in(select(CaseRow.number))).distinct()
    named = tuple(case for case in session.scalars(orphans.order_by(EventRow.case)) if _NUMBER.fullmatch(case))
    known = Counter(map(year_of, named))
    unnamed: dict[int, int] = {}
    for row in rows:
        year = int(row.name.removeprefix(_PREFIX))
        there = select(func.count()).where(CaseRow.number.startswith(f"DSAR-{year}-", autoescape=True))
        missing = int(row.value["last"]) - int(row.value.get("deleted", "0")) - (session.scalar(there) or 0)
        if missing > known[year]:
            unnamed[year] = missing - known[year]
    return Gone(named, unnamed)


def year_of(case: str) -> int:
    """Raises `ValueError` where it is no number of a case."""
    found = _NUMBER.fullmatch(case)
    if found is None:
        raise ValueError("a case's number is DSAR-YEAR-SERIAL")
    return int(found[1])
