"""A session that sees which facts of which cases are changed in it, whoever changes them and by whatever way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Delete, Engine, Insert, Table, Update, event, inspect, select
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session

from infra.store.case_facts import BY_TABLE, Part, digests
from infra.store.models import CaseRow, EventRow

Keyed = Callable[[str], str]


class Watched(Session):
    """`before`: the digest of each part that was touched, by case and part, as it was before this transaction; what it
    becomes is not looked at here. `steps`: the last step that was written for each case."""

    def __init__(self, engine: Engine, keyed: Keyed) -> None:
        super().__init__(engine)
        self._keyed = keyed
        self.before: dict[str, dict[str, str]] = {}
        self.steps: dict[str, EventRow] = {}

    def look(self, case: str, parts: Iterable[Part]) -> None:
        """Right before the first change of a part: how it stands. Where several processes write, the case is theirs
        one after the other, else each would fix only its own change."""
        known = self.before.get(case)
        if known is None:
            known = self.before[case] = {}
            self.hold(case)
        unknown = [part for part in parts if part.name not in known]
        if unknown:
            known |= digests(self, [case], unknown, self._keyed)[case]

    def settled(self) -> None:
        """Everything up to here is fixed by a step, and no step of before is changed any more."""
        self.before.clear()
        self.steps.clear()

    def hold(self, case: str) -> None:
        """Nobody else changes facts of a case until this transaction has ended."""
        if self.get_bind().dialect.name != "sqlite":  # there every transaction has the database to itself
            self.connection().execute(select(CaseRow.number).where(CaseRow.number == case).with_for_update())


@event.listens_for(Watched, "before_flush")
def _rows(session: Watched, _context: object, _instances: object) -> None:
    for row in session.new:
        if isinstance(row, EventRow):
            session.steps[row.case] = row
    rows = [(row, True) for row in (*session.new, *session.deleted)] + [(row, False) for row in session.dirty]
    for row, whole in rows:
        for case, parts in _touched(row, whole=whole):
            session.look(case, parts)


def _touched(row: Any, *, whole: bool) -> Iterator[tuple[str, list[Part]]]:
    """Each case that a changed row belongs to, or did, with the parts that its changed columns are in."""
    state = inspect(row)
    parts = BY_TABLE.get(state.mapper.local_table, ())
    if not parts:
        return
    owner = parts[0].case.key
    moved = () if whole else state.attrs[owner].history.deleted or ()
    touched = [part for part in parts if whole or moved or _has_changes(state, (owner, *part.columns))]
    for case in {getattr(row, owner), *moved} - {None}:
        if touched:
            yield case, touched


def _has_changes(state: InstanceState[Any], columns: Iterable[str]) -> bool:
    return any(state.attrs[column].history.has_changes() for column in columns)


@event.listens_for(Watched, "do_orm_execute")
def _statement(state: ORMExecuteState) -> None:
    """A statement that changes many rows: the cases are those of the rows that it meets."""
    statement, session = state.statement, state.session
    if not isinstance(statement, Update | Delete | Insert) or not isinstance(session, Watched):
        return
    table = statement.table
    if not isinstance(table, Table) or table not in BY_TABLE:
        return
    parts = BY_TABLE[table]
    if isinstance(statement, Insert):
        raise TypeError(f"rows of {table.name} are added as objects: a statement does not say of which cases they are")
    session.flush()
    owner = parts[0].case
    wanted = select(owner).where(owner.is_not(None)).distinct()
    if statement.whereclause is not None:
        wanted = wanted.where(statement.whereclause)
    for case in session.connection().scalars(wanted).all():
        session.look(case, parts)
