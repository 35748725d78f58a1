"""What the sources said about the person of a case, what they could not say, and what a person decided of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from cases.coverage import HandAnswer, SearchLog
from cases.draft import Decision, DecisionKind
from cases.finding import Finding, Gap, Strength
from infra.store.models import CaseRow, FindingRow, GapRow, HandAnswerRow, PassRow, ProposalRow, SearchRow
from infra.store.sealed import Envelope, Judged, StoredFile, StoredFinding, Typed

NEW, CHANGED, VANISHED = "new", "changed", "vanished"  # what became of a finding since the first search
BY_HAND = "by-hand"  # the pass of what a person added
_AT_ONCE = 500  # values in one condition


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored finding with its number within the case."""

    number: int
    source: str
    kind: str
    strength: Strength
    at: datetime | None
    finding: StoredFinding = field(repr=False)
    decision: Decision | None = None
    change: str = ""  # since the first search: new, changed, vanished
    changed_at: datetime | None = None
    earlier: StoredFinding | None = field(default=None, repr=False)  # as it was found first, where it changed


@dataclass(frozen=True, slots=True)
class KeptGap:
    source: str
    reason: str
    code: str
    locator: str = field(repr=False)


class NoSuchFinding(Exception):
    """The case has no finding of this number."""

    def __init__(self, case: str, number: int) -> None:
        super().__init__(f"{case} has no finding {number}; `auskunft case show {case}` lists them")


class Findings:
    """The findings of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def keep(self, case: CaseRow, finding: Finding, files: Sequence[StoredFile], passed: str) -> tuple[StoredFile, ...]:
        """`keep_all` of one finding."""
        return self.keep_all(case, [(finding, files)], passed)

    def keep_all(
        self, case: CaseRow, found: Sequence[tuple[Finding, Sequence[StoredFile]]], passed: str
    ) -> tuple[StoredFile, ...]:
        """Stores findings of one case, or renews those with their locators: the number stays, a decision falls if the
        content changed. Returns files of older versions, for the caller to delete from the vault after the commit."""
        places = [self._envelope.lookup("locator", f"{one.source}\n{one.locator}") for one, _ in found]
        known = self._by_locators(case.number, places)
        sources = {one.source for one, _ in found} if passed != BY_HAND else set()
        again = {source for source in sources if self._searched_before(case.number, source)}
        number = self._next_number(case.number)
        old: list[StoredFile] = []
        for (finding, files), where in zip(found, places, strict=True):
            stored = _stored(finding, files)
            row = known.get((finding.source, where))
            if row is None:
                row = self._new_row(case.number, number, finding.source, where)
                row.change, row.changed_at = (NEW, self._now) if finding.source in again else ("", None)
                known[finding.source, where] = row
                number += 1
            else:
                before = self._open(case, row)
                stored = replace(stored, held=before.finding.held or _falls_from(before, stored, finding.strength))
                old += self._seen_again(case, row, before.finding, stored)
            self._renew(case, row, finding, stored, passed)
        self._session.flush()
        return tuple(old)

    def _new_row(self, case: str, number: int, source: str, where: str) -> FindingRow:
        row = FindingRow(case=case, number=number, source=source, locator_hmac=where, decision="", decided_on="")
        self._session.add(row)
        return row

    def _renew(self, case: CaseRow, row: FindingRow, finding: Finding, stored: StoredFinding, passed: str) -> None:
        if row.decision and row.decided_on != digest(stored, finding.strength, self._earlier(case, row)):
            row.decision, row.decided_on, row.sealed_decision = "", "", None
        row.kind, row.strength, row.at, row.passed = finding.kind, finding.strength, finding.at, passed
        row.sealed_finding = self._envelope.seal(case.material_key, _place(case.number, row.number), stored)

    def compare(self, case: CaseRow, source: str, passed: str) -> None:
        """After a complete pass over a source: what an earlier one found and this one did not is gone there. It stays
        in the case: the answer gives the data of the first search. What a person added is nobody's to find again."""
        wanted = select(FindingRow).where(FindingRow.case == case.number, FindingRow.source == source)
        for row in self._session.scalars(wanted.where(FindingRow.passed.not_in((passed, BY_HAND)))):
            if row.change != VANISHED:
                row.change, row.changed_at = VANISHED, self._now

    def all(self, case: CaseRow) -> tuple[Kept, ...]:
        wanted = select(FindingRow).where(FindingRow.case == case.number).order_by(FindingRow.number)
        return tuple(self._open(case, row) for row in self._session.scalars(wanted))

    def get(self, case: CaseRow, number: int) -> Kept:
        row = self._session.get(FindingRow, (case.number, number))
        if row is None:
            raise NoSuchFinding(case.number, number)
        return self._open(case, row)

    def decide(self, case: CaseRow, number: int, decision: Decision) -> None:
        row = self._session.get(FindingRow, (case.number, number))
        if row is None:
            raise NoSuchFinding(case.number, number)
        kept = self._open(case, row)
        row.decision = decision.kind
        row.decided_on = digest(kept.finding, kept.strength, kept.earlier)
        said = Judged(decision.by, decision.reason, decision.at, decision.redactions, decision.with_files)
        row.sealed_decision = self._envelope.seal(case.record_key, f"decision/{case.number}/{number}", said)

    def forget(self, case: CaseRow) -> tuple[StoredFile, ...]:
        """Deletes everything found for a case, because another person was identified; returns the files for the caller
        to delete from the vault."""
        files = tuple(file for kept in self.all(case) for file in kept.finding.files)
        self.drop(case)
        self._session.execute(delete(PassRow).where(PassRow.case == case.number))
        return files

    def drop(self, case: CaseRow) -> None:
        """Deletes every row of what was found and learned; the blobs go with the case's folder in the vault. That it
        was searched, where and by which kinds of identifiers, stays in the record."""
        for table in (FindingRow, GapRow, SearchRow, HandAnswerRow, ProposalRow):
            self._session.execute(delete(table).where(table.case == case.number))
        self._session.execute(update(PassRow).where(PassRow.case == case.number).values(sealed_keys=None))

    def begin(self, case: CaseRow, source: str) -> None:
        """A new pass over a source begins: what it could not say last time is asked again."""
        self._session.execute(delete(GapRow).where(GapRow.case == case.number, GapRow.source == source))

    def gap(self, case: CaseRow, gap: Gap) -> None:
        row = GapRow(case=case.number, source=gap.source, reason=gap.reason, code=gap.code)
        row.sealed_locator = self._envelope.seal(case.material_key, f"gap/{case.number}", gap.locator)
        self._session.add(row)

    def gaps(self, case: CaseRow) -> tuple[KeptGap, ...]:
        rows = self._session.scalars(select(GapRow).where(GapRow.case == case.number).order_by(GapRow.id))
        return tuple(
            KeptGap(row.source, row.reason, row.code, self._envelope.open(
                case.material_key, f"gap/{case.number}", str, row.sealed_locator))
            for row in rows
        )  # fmt: skip

    def searched(self, case: str, log: SearchLog, seconds: float = 0.0) -> None:
        """Notes a complete pass over a source, or that it could not be asked. A failure after an earlier success
        keeps the numbers but counts as open: the answer would rest on a search that was asked to be repeated."""
        row = self._session.get(SearchRow, (case, log.source))
        if row is None:
            row = SearchRow(case=case, source=log.source, records=0, findings=0, gaps=0)
            self._session.add(row)
        row.tried_at, row.failed, row.seconds = self._now, log.failed, seconds
        if not log.failed:
            row.searched_at, row.records = log.searched_at, log.records
            row.kinds, row.limits = ",".join(log.kinds), ",".join(log.limits)
            row.findings, row.gaps = self._count(FindingRow, case, log.source), self._count(GapRow, case, log.source)

    def logs(self, case: str) -> tuple[SearchLog, ...]:
        rows = self._session.scalars(select(SearchRow).where(SearchRow.case == case).order_by(SearchRow.source))
        return tuple(_log(row) for row in rows)

    def tried(self, case: str) -> dict[str, datetime]:
        """When each source was last asked for a case, with or without success."""
        rows = self._session.scalars(select(SearchRow).where(SearchRow.case == case))
        return {row.source: row.tried_at for row in rows if row.tried_at}

    def decided(self, case: str) -> dict[str, int]:
        """How many findings have which decision; empty where none was taken."""
        counted = select(FindingRow.decision, func.count()).where(FindingRow.case == case).group_by(FindingRow.decision)
        return {row[0]: row[1] for row in self._session.execute(counted)}

    def answer_by_hand(self, case: CaseRow, system: str, by: str, note: str, files: int) -> None:
        row = self._session.get(HandAnswerRow, (case.number, system))
        if row is None:
            row = HandAnswerRow(case=case.number, system=system, files=0)
            self._session.add(row)
        row.answered_at, row.files = self._now, row.files + files
        said = Typed(by, note, self._now)
        row.sealed_answer = self._envelope.seal(case.record_key, f"by-hand/{case.number}/{system}", said)

    def hand_answers(self, case: CaseRow) -> tuple[HandAnswer, ...]:
        rows = self._session.scalars(select(HandAnswerRow).where(HandAnswerRow.case == case.number))
        return tuple(self._hand_answer(case, row) for row in rows)

    def _hand_answer(self, case: CaseRow, row: HandAnswerRow) -> HandAnswer:
        old = outdated(row.answered_at, case.learned_at)
        return HandAnswer(row.system, self._answered_by(case, row), row.answered_at, row.files, old)

    def _answered_by(self, case: CaseRow, row: HandAnswerRow) -> str:
        place = f"by-hand/{case.number}/{row.system}"
        return self._envelope.open(case.record_key, place, Typed, row.sealed_answer).by

    def _open(self, case: CaseRow, row: FindingRow) -> Kept:
        stored = self._envelope.open(
            case.material_key, _place(case.number, row.number), StoredFinding, row.sealed_finding
        )
        decision = self._decision(case, row)
        change = (row.change, row.changed_at, self._earlier(case, row))
        return Kept(row.number, row.source, row.kind, Strength(row.strength), row.at, stored, decision, *change)

    def _earlier(self, case: CaseRow, row: FindingRow) -> StoredFinding | None:
        if row.sealed_earlier is None:
            return None
        place = f"earlier/{case.number}/{row.number}"
        return self._envelope.open(case.material_key, place, StoredFinding, row.sealed_earlier)

    def _seen_again(
        self, case: CaseRow, row: FindingRow, before: StoredFinding, stored: StoredFinding
    ) -> tuple[StoredFile, ...]:
        """Notes whether a record changed since it was found first, with its values of then; returns the files of the
        version before."""
        first = self._earlier(case, row) or before
        same = _content(first) == _content(stored)
        if row.change == NEW:
            return before.files
        if same:
            row.change, row.changed_at, row.sealed_earlier = "", None, None
        elif _content(before) != _content(stored) or row.change == VANISHED:
            row.change, row.changed_at = CHANGED, self._now
            # Of a file only name and checksum: its bytes are gone.
            kept = replace(first, matched=(), learned=(), reasons=())
            row.sealed_earlier = self._envelope.seal(case.material_key, f"earlier/{case.number}/{row.number}", kept)
        return before.files

    def _searched_before(self, case: str, source: str) -> bool:
        log = self._session.get(SearchRow, (case, source))
        return log is not None and log.searched_at is not None

    def _decision(self, case: CaseRow, row: FindingRow) -> Decision | None:
        if not row.decision or row.sealed_decision is None:
            return None
        place = f"decision/{case.number}/{row.number}"
        said = self._envelope.open(case.record_key, place, Judged, row.sealed_decision)
        extent = (said.redactions, said.with_files)
        return Decision(DecisionKind(row.decision), said.by, said.at or self._now, said.why, *extent)

    def _by_locators(self, case: str, places: Sequence[str]) -> dict[tuple[str, str], FindingRow]:
        found: dict[tuple[str, str], FindingRow] = {}
        for start in range(0, len(places), _AT_ONCE):
            some = places[start : start + _AT_ONCE]
            wanted = select(FindingRow).where(FindingRow.case == case, FindingRow.locator_hmac.in_(some))
            found |= {(row.source, row.locator_hmac): row for row in self._session.scalars(wanted)}
        return found

    def _next_number(self, case: str) -> int:
        wanted = select(func.max(FindingRow.number)).where(FindingRow.case == case)
        return (self._session.scalar(wanted) or 0) + 1

    def _count(self, table: type[FindingRow] | type[GapRow], case: str, source: str) -> int:
        wanted = select(func.count()).select_from(table).where(table.case == case, table.source == source)
        return self._session.scalar(wanted) or 0


def _log(row: SearchRow) -> SearchLog:
    said = (tuple(filter(None, text.split(","))) for text in (row.kinds, row.limits))
    return SearchLog(row.source, row.searched_at, row.records, row.findings, row.gaps, row.failed, *said)


def outdated(answered_at: datetime, learned_at: datetime | None) -> bool:
    """Whether somebody answered for a system before identifiers were added to the case last."""
    return learned_at is not None and answered_at < learned_at


def digest(stored: StoredFinding, strength: Strength, earlier: StoredFinding | None = None) -> str:
    """What a decision was about: another content, now or at first, or another strength asks again."""
    files = [(file.name, file.blob.sha256) for file in stored.files]
    said: tuple[object, ...] = (strength.value, stored.fields, files)
    if earlier is not None:
        said = (*said, _content(earlier))
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _falls_from(before: Kept, stored: StoredFinding, strength: Strength) -> bool:
    """Whether a decision to hold something of it back is about what is no more: of what it kept back nobody will be
    asked, unless the finding itself says so."""
    if before.decision is None or before.decision.kind is DecisionKind.INCLUDE:
        return False
    return (before.strength, _content(before.finding)) != (strength, _content(stored))


def _content(stored: StoredFinding) -> tuple[object, ...]:
    """What is compared between two searches: the values, and names and bytes of files."""
    return stored.fields, tuple((file.name, file.blob.sha256) for file in stored.files)


def _stored(finding: Finding, files: Sequence[StoredFile]) -> StoredFinding:
    return StoredFinding(
        finding.locator,
        tuple((match.identifier, match.field) for match in finding.matched),
        tuple((item.name, item.value, item.category) for item in finding.fields),
        tuple(files),
        finding.learned,
        finding.others,
        finding.shared,
        people=finding.people,
        group=finding.group,
        reasons=tuple(match.reason for match in finding.matched),
    )


def _place(case: str, number: int) -> str:
    return f"finding/{case}/{number}"
