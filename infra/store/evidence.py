"""The facts of cases in the chain: every change goes into it with its own transaction, and what was changed outside of
the program differs from what the steps say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select

from cases.case import link
from infra.keystore import KeyStoreError
from infra.store.alarms import Alarms
from infra.store.case_facts import BY_NAME, PARTS, digests, read, written
from infra.store.cases import SYSTEM, UNSIGNED, append_step
from infra.store.models import CaseRow, EventRow, StateRow
from infra.store.sealed import Envelope, Typed
from infra.store.watched import Watched

BEGINS = "facts_begin"  # the facts of a case from before they were fixed: as they are from this step on
FOUND = "facts_differ:"  # the program met facts that were not what the steps say; the part follows
CHANGED = "facts:"  # facts changed and no step of another kind was written; the parts follow
ALARM = "history_broken"
PENDING = "facts/begin"  # the row of `state` by which an update says that cases from before wait for their first digest
KEY = "facts"
_AT_ONCE = 200  # cases that are read together
_MOST = 64  # characters of a step's code


@dataclass(frozen=True, slots=True)
class Fixed:
    """The digest of a part, and the step that fixed it last."""

    part: str
    digest: str
    seq: int
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that is not what the steps say; empty where there is no case to the steps. `since`: the step that fixed it
    last, None where none ever did. `met`: the program itself met it in this step, and the digest of before stood no
    more."""

    case: str
    part: str
    since: Fixed | None
    met: bool = False


class Evidence:
    """The facts of one transaction's cases."""

    def __init__(self, session: Watched, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def settle(self) -> None:
        """Fixes what was changed in this transaction so far, by its own last step of each case or by one of its own."""
        session = self._session
        session.flush()
        for case, before in sorted(session.before.items()):
            row = session.get(CaseRow, case)
            if row is not None:  # else its record has served its purpose
                self._settle(row, before)
        session.flush()
        session.settled()

    def begin(self) -> None:
        """Once after an update: cases from before get the first digests of parts that could not be fixed yet."""
        pending = self._session.get(StateRow, PENDING, with_for_update=True)
        if pending is None:
            return
        for cases in self._all_cases():
            fixed = self._fixed(cases)
            for case, now in self._now_of(cases).items():
                unknown = [part for part in now if part not in fixed[case]]
                begins = [part for part in unknown if BY_NAME[part].later or not fixed[case]]
                if first := {part: now[part] for part in begins if now[part]}:
                    self._fix(self._step(self._session.get_one(CaseRow, case), BEGINS), first)
        self._session.delete(pending)
        self._session.flush()
        self._session.settled()

    def begun(self) -> dict[date, int]:
        """On which days (UTC) how many cases from before got first digests: nothing is proven of their facts before."""
        days = self._session.scalars(select(EventRow.at).where(EventRow.what == BEGINS).order_by(EventRow.at))
        return dict(Counter(at.astimezone(UTC).date() for at in days))

    def fixed(self, case: str) -> dict[str, Fixed]:
        """The newest digest of each part of a case."""
        return self._fixed([case])[case]

    def differences(self) -> Iterator[Difference]:
        """What is not as the steps say, over all cases; and steps of which there is no case."""
        for cases in self._all_cases():
            yield from self._of(cases)
        orphans = select(EventRow.case).where(EventRow.case.not_in(select(CaseRow.number))).distinct()
        for case in self._session.scalars(orphans.order_by(EventRow.case)):
            yield Difference(case, "", None)

    def of_case(self, case: str) -> tuple[Difference, ...]:
        """What of one case is not as its steps say."""
        return tuple(self._of([case]))

    def alarm(self) -> None:
        """Raises the alarm of every case whose facts differ or whose steps have lost who and why; ends that of every
        other."""
        differing = {one.case for one in self.differences() if one.part} | self._unsigned()
        alarms = Alarms(self._session, self._envelope, self._now)
        for case in sorted(differing):
            alarms.raise_(case, ALARM)
        for item in alarms.standing():
            if item.code == ALARM and item.subject not in differing:
                alarms.clear(item.subject, ALARM)

    def _unsigned(self) -> set[str]:
        """Cases with a step whose who and why somebody took away: it is gone, and their key is not."""
        unsigned = [~EventRow.what.startswith(code, autoescape=True) for code in UNSIGNED]
        wanted = select(CaseRow.number, CaseRow.record_key).join(EventRow, EventRow.case == CaseRow.number)
        rows = self._session.execute(wanted.where(EventRow.sealed_detail.is_(None), *unsigned).distinct())
        return {case for case, key in rows if not self._envelope.keystore.is_destroyed(key)}

    def _all_cases(self) -> Iterator[Sequence[str]]:
        cases = self._session.scalars(select(CaseRow.number).order_by(CaseRow.number)).all()
        for start in range(0, len(cases), _AT_ONCE):
            yield cases[start : start + _AT_ONCE]

    def _of(self, cases: Sequence[str]) -> Iterator[Difference]:
        """Somebody may write while it is read: a case that differs is held and read again."""
        suspects = [case for case, found in self._compared(cases).items() if found]
        for case in suspects:
            self._session.hold(case)
        for found in self._compared(suspects).values() if suspects else ():
            yield from found

    def _compared(self, cases: Sequence[str]) -> dict[str, list[Difference]]:
        fixed, now = self._fixed(cases), self._now_of(cases)
        found: dict[str, list[Difference]] = {case: [] for case in cases}
        met = select(EventRow.case, EventRow.seq, EventRow.what, EventRow.at).order_by(EventRow.case, EventRow.seq)
        met = met.where(EventRow.case.in_(cases), EventRow.what.startswith(FOUND, autoescape=True))
        for case, seq, what, at in self._session.execute(met):
            part = what.removeprefix(FOUND)
            found[case].append(Difference(case, part, Fixed(part, "", seq, what, at), met=True))
        for case in cases:
            for part, digest in now[case].items():
                since = fixed[case].get(part)
                if digest != (since.digest if since else ""):
                    found[case].append(Difference(case, part, since))
        return found

    def _fixed(self, cases: Sequence[str]) -> dict[str, dict[str, Fixed]]:
        found: dict[str, dict[str, Fixed]] = {case: {} for case in cases}
        wanted = select(EventRow.case, EventRow.seq, EventRow.what, EventRow.at, EventRow.facts)
        wanted = wanted.where(EventRow.case.in_(cases), EventRow.facts != "").order_by(EventRow.case, EventRow.seq)
        for case, seq, what, at, facts in self._session.execute(wanted):
            found[case] |= {part: Fixed(part, digest, seq, what, at) for part, digest in read(facts).items()}
        return found

    def _settle(self, row: CaseRow, before: dict[str, str]) -> None:
        fixed = {part: one.digest for part, one in self.fixed(row.number).items()}
        fresh = digests(self._session, [row.number], [BY_NAME[part] for part in before], self._keyed)[row.number]
        for part in sorted(part for part, digest in before.items() if digest != fixed.get(part, "")):
            self._step(row, FOUND + part)
            Alarms(self._session, self._envelope, self._now).raise_(row.number, ALARM)
        changed = {part: digest for part, digest in fresh.items() if digest != fixed.get(part, "")}
        if changed:
            self._fix(self._last_step(row.number) or self._step(row, _changed(changed)), changed)

    def _last_step(self, case: str) -> EventRow | None:
        """The last step that this transaction wrote for a case; None where there is none, or where it was undone."""
        step = self._session.steps.get(case)
        return step if step is not None and step in self._session else None

    def _step(self, row: CaseRow, what: str) -> EventRow:
        """Also where the record key is lost or destroyed: that a fact changed is noted all the same."""
        said = Typed(SYSTEM, at=self._now)
        try:
            return append_step(self._session, self._envelope, row, said, what)
        except KeyStoreError:
            return append_step(self._session, self._envelope, row, said, what, sealed=False)

    def _fix(self, step: EventRow, facts: dict[str, str]) -> None:
        step.facts = written(facts)
        step.hash = link(step.case, step.seq, step.at, step.what, step.commitment, step.previous, step.facts)
        self._session.flush()

    def _now_of(self, cases: Sequence[str]) -> dict[str, dict[str, str]]:
        return digests(self._session, cases, PARTS, self._keyed)

    def _keyed(self, text: str) -> str:
        return self._envelope.lookup(KEY, text)


def _changed(parts: Iterable[str]) -> str:
    """The code of a step that fixes facts and says nothing else."""
    code = CHANGED + "+".join(sorted(parts))
    return code if len(code) <= _MOST else CHANGED + "several"
