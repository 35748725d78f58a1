"""What was learned of a person and waits for a yes, and the log of what was searched by which identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.identifiers import Identifier, Kind
from cases.knowledge import Learned, Standing
from infra.store.models import CaseRow, PassRow, ProposalRow
from infra.store.sealed import Envelope, Typed

MOST = 200  # proposals of one case: nobody decides more of them one by one


class State(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stored proposal with its number within the case. `by`: who decided, empty while nobody has."""

    number: int
    kind: Kind
    source: str
    state: State
    standing: Standing
    learned: Learned = field(repr=False)
    by: str = field(default="", repr=False)

    @property
    def undecided(self) -> bool:
        """Whether a person has to say something: what is shared is never searched for, whatever anybody says."""
        return self.state is State.OPEN and self.standing is not Standing.SHARED


class NoSuchProposal(Exception):
    """The case has no proposal of this number."""

    def __init__(self, case: str, number: int) -> None:
        super().__init__(f"{case} has no proposal {number}; `auskunft case show {case}` lists them")


class Proposals:
    """The proposals of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def add(self, case: CaseRow, learned: Iterable[Learned]) -> int:
        """Stores what was not proposed before, whatever was decided of it; returns how many are new."""
        known = set(self._session.scalars(select(ProposalRow.key_hmac).where(ProposalRow.case == case.number)))
        last = self._session.scalar(select(func.max(ProposalRow.number)).where(ProposalRow.case == case.number)) or 0
        new = 0
        for one in learned:
            key = self._key(one.identifier)
            if key in known or len(known) >= MOST:
                continue
            known.add(key)
            new += 1
            self._session.add(self._row(case, last + new, key, one))
        self._session.flush()
        return new

    def all(self, case: CaseRow) -> tuple[Proposal, ...]:
        wanted = select(ProposalRow).where(ProposalRow.case == case.number).order_by(ProposalRow.number)
        return tuple(self._open(case, row) for row in self._session.scalars(wanted))

    def get(self, case: CaseRow, number: int) -> Proposal:
        return self._open(case, self._find(case, number))

    def stand(self, case: CaseRow, number: int, standing: Standing) -> None:
        self._find(case, number).standing = standing

    def decide(self, case: CaseRow, number: int, state: State, by: str, why: str) -> None:
        row = self._find(case, number)
        row.state, row.decided_at = state, self._now
        said = Typed(by, why, self._now)
        row.sealed_decision = self._envelope.seal(case.record_key, _decision_place(case.number, number), said)

    def _row(self, case: CaseRow, number: int, key: str, learned: Learned) -> ProposalRow:
        row = ProposalRow(case=case.number, number=number, kind=learned.identifier.kind, source=learned.source[:64])
        row.key_hmac, row.state, row.standing, row.made_at = key, State.OPEN, Standing.UNCHECKED, self._now
        row.sealed_proposal = self._envelope.seal(case.material_key, _place(case.number, number), learned)
        return row

    def _open(self, case: CaseRow, row: ProposalRow) -> Proposal:
        place = _place(case.number, row.number)
        learned = self._envelope.open(case.material_key, place, Learned, row.sealed_proposal)
        state, standing = State(row.state), Standing(row.standing)
        return Proposal(row.number, Kind(row.kind), row.source, state, standing, learned, self._decided_by(case, row))

    def _decided_by(self, case: CaseRow, row: ProposalRow) -> str:
        if row.sealed_decision is None:
            return ""
        place = _decision_place(case.number, row.number)
        return self._envelope.open(case.record_key, place, Typed, row.sealed_decision).by

    def _find(self, case: CaseRow, number: int) -> ProposalRow:
        row = self._session.get(ProposalRow, (case.number, number))
        if row is None:
            raise NoSuchProposal(case.number, number)
        return row

    def _key(self, item: Identifier) -> str:
        return self._envelope.lookup("proposal", "\n".join(item.key))


@dataclass(frozen=True, slots=True)
class KeyHits:
    """One identifier of a pass, and how many records it was met in."""

    identifier: Identifier = field(repr=False)
    hits: int


@dataclass(frozen=True, slots=True)
class LoggedPass:
    """A complete pass over a source as it served one case. `seconds` are of the whole pass, which served `cases`."""

    source: str
    began_at: datetime
    cases: int
    records: int
    findings: int
    seconds: float
    limits: tuple[str, ...] = ()
    keys: tuple[KeyHits, ...] = field(default=(), repr=False)
    kinds: tuple[tuple[str, int, int], ...] = ()  # kind, identifiers, hits: what is left when the values have gone


class Passes:
    """The search log of one transaction (SCP-01): system, identifier, records looked at, hits, time."""

    def __init__(self, session: Session, envelope: Envelope) -> None:
        self._session = session
        self._envelope = envelope

    def note(self, case: CaseRow, done: LoggedPass) -> None:
        number = self._last(case.number, done.source) + 1
        row = PassRow(case=case.number, source=done.source, number=number, began_at=done.began_at, cases=done.cases)
        row.records, row.findings, row.seconds = done.records, done.findings, done.seconds
        row.limits, row.kinds = ",".join(done.limits), _by_kind(done.keys)
        row.sealed_keys = self._envelope.seal(case.material_key, _pass_place(row), done.keys)
        self._session.add(row)

    def all(self, case: CaseRow) -> tuple[LoggedPass, ...]:
        return tuple(_logged(row, self._keys(case, row)) for row in self._rows(case.number))

    def facts(self, case: str) -> tuple[LoggedPass, ...]:
        """What stays in the record: systems, kinds and counts, without opening a value."""
        return tuple(_logged(row, ()) for row in self._rows(case))

    def _rows(self, case: str) -> Sequence[PassRow]:
        wanted = select(PassRow).where(PassRow.case == case)
        return self._session.scalars(wanted.order_by(PassRow.began_at, PassRow.source, PassRow.number)).all()

    def _last(self, case: str, source: str) -> int:
        wanted = select(func.max(PassRow.number)).where(PassRow.case == case, PassRow.source == source)
        return self._session.scalar(wanted) or 0

    def _keys(self, case: CaseRow, row: PassRow) -> tuple[KeyHits, ...]:
        if row.sealed_keys is None:
            return ()
        return self._envelope.open(case.material_key, _pass_place(row), _Keys, row.sealed_keys)


_Keys = tuple[KeyHits, ...]


def _logged(row: PassRow, keys: tuple[KeyHits, ...]) -> LoggedPass:
    counts = (row.cases, row.records, row.findings, row.seconds)
    kinds = tuple((kind, found[0], found[1]) for kind, found in sorted(row.kinds.items()))
    return LoggedPass(row.source, row.began_at, *counts, tuple(filter(None, row.limits.split(","))), keys, kinds)


def _by_kind(keys: Iterable[KeyHits]) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = {}
    for one in keys:
        found = counts.setdefault(one.identifier.kind.value, [0, 0])
        found[0] += 1
        found[1] += one.hits
    return counts


def _place(case: str, number: int) -> str:
    return f"proposal/{case}/{number}"


def _decision_place(case: str, number: int) -> str:
    return f"proposal-decision/{case}/{number}"


def _pass_place(row: PassRow) -> str:
    return f"pass/{row.case}/{row.source}/{row.number}"
