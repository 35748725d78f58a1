"""One pass over every source serves every case that waits for it."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cases.case import Status
from cases.coverage import TO_BE_REPEATED, SearchLog
from cases.finding import Finding, Gap
from cases.knowledge import on_file
from cases.register import Coverage
from cases.source import Searched, Source, SourceUnavailable, Stage
from cases.subjects import SubjectIndex
from flows.appearing import onlooker
from flows.house import House
from flows.proposed import check_proposals, shared_by_several
from flows.storing import Asked, Harvest
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.knowledge import LoggedPass
from infra.store.store import Transaction

RETRY_AFTER = timedelta(minutes=15)
LIMITS_OF_SCANS = ("exact_only",)  # what is read through is found by what it states literally, not by similarity


@dataclass(frozen=True, slots=True)
class Passed:
    """What a pass over one source did, in numbers. `trouble`: a code where it could not be asked."""

    source: str
    cases: int
    records: int = 0
    findings: int = 0
    gaps: int = 0
    trouble: str = ""


def waiting_for(tx: Transaction, source: str) -> tuple[str, ...]:
    """The cases that a source has to be asked for: those being collected that it has not been asked for since, and
    those in review for which it could not be asked some time ago."""
    collecting = [case.number for case in tx.cases.in_status(Status.COLLECTING)]
    asked = [case for case in collecting if not _asked_since(tx, case, source)]
    late = [case.number for case in tx.cases.in_status(Status.REVIEW) if _failed_long_ago(tx, case.number, source)]
    return (*asked, *late)


def anything_waits(house: House, tx: Transaction) -> bool:
    if tx.cases.in_status(Status.ACKNOWLEDGED, Status.COLLECTING):
        return True
    return any(waiting_for(tx, source) for source in house.sources)


def search_source(house: House, name: str) -> Passed:
    """Asks one source once for every case that waits for it; one that comes in meanwhile is served by the next pass. A
    source that cannot be asked leaves the cases' cells open."""
    with house.store.begin() as tx:
        asked = {case: one for case in waiting_for(tx, name) if (one := _asked(tx, case))}
        for case in asked:
            tx.findings.begin(tx.cases.row(case), name)
        began = tx.now
    if not asked:
        return Passed(name, 0)
    harvest, started = Harvest(house, asked), time.monotonic()
    try:
        said = _read(house, house.sources[name], harvest)
    except SourceUnavailable as error:
        note_failure(house, name, asked, error.code)
        return Passed(name, len(asked), trouble=error.code)
    finally:
        harvest.store()  # what was found before a source broke is the person's all the same
    _note_success(house, said, harvest, _Times(began, time.monotonic() - started))
    return Passed(name, len(asked), said.records, harvest.findings, harvest.gaps)


@dataclass(frozen=True, slots=True)
class _Times:
    began: datetime
    seconds: float


def _asked(tx: Transaction, case: str) -> Asked | None:
    """Whom to look for; None where the case's own values cannot be read, which is an alarm and stops no other case.
    What the record on file states beside is proposed at once: it need not wait for the end of the search."""
    try:
        person, row = tx.cases.person(case), tx.cases.row(case)
        subject = person.subject(case)
        tx.proposals.add(row, on_file(person.proposals, person.verified, subject))
        return Asked(subject, row.snapshot_at, row.material_key)
    except (KeyStoreError, Tampered):
        tx.cases.needs_attention(case, "unreadable_case")
        tx.alarms.raise_(case, "unreadable_case")
        return None


def note_failure(house: House, name: str, asked: Mapping[str, Asked], code: str) -> None:
    with house.store.begin() as tx:
        for case, one in asked.items():
            if one.still(tx) is not None:
                tx.findings.searched(case, SearchLog(name, None, failed=code))
        tx.alarms.raise_(f"source:{name}", "source_unavailable")


def note_crash(house: House, name: str, code: str, began: datetime) -> None:
    """A connector, or the vault below it, failed in a way that it does not state itself. Cases whose search began only
    after the pass did were never asked for: the next one serves them."""
    with house.store.begin() as tx:
        for case in waiting_for(tx, name):
            since = tx.cases.row(case).snapshot_at
            if since is None or since <= began:
                tx.findings.searched(case, SearchLog(name, None, failed=code[:64]))
        tx.alarms.raise_(f"source:{name}", "source_unavailable")


def finish(house: House) -> tuple[str, ...]:
    """Moves every case on for which every source has been asked, with or without success; returns their numbers.
    What is still open stands in the summary, and is asked again by a later pass."""
    with house.store.begin() as tx:
        complete = _complete(house, tx)
    check_proposals(house, complete)
    with house.store.begin() as tx:
        done = [case for case in _complete(house, tx) if case in complete]
        for case in done:
            _ask_by_hand(house, tx, case)
            tx.cases.move(case, Status.REVIEW)
            _mark_open_systems(tx, case)
    return tuple(done)


def search_again(tx: Transaction, case: str, by: str, why: str) -> None:
    """Every source is asked once more; decisions stay with what they were about. A pass that is at work does not count
    for this search: it began before."""
    for log in tx.findings.logs(case):
        tx.findings.searched(case, SearchLog(log.source, None, failed=TO_BE_REPEATED))
    tx.answers.supersede(tx.cases.row(case))
    tx.cases.row(case).snapshot_at = tx.now
    if tx.cases.get(case).status is Status.COLLECTING:
        tx.cases.note(case, "search_again", by, why)
    else:
        tx.cases.move(case, Status.COLLECTING, by, why)


def _read(house: House, source: Source, harvest: Harvest) -> Searched:
    subjects = [one.subject for one in harvest.asked.values()]
    said = None
    index = SubjectIndex(subjects, shared_by_several(house, subjects), house.settings.identity.customer_numbers)
    for item in onlooker(house, subjects).over(source.search(index)):
        _check_addressed(source, item, harvest.asked)
        if isinstance(item, Searched):
            said = item
        else:
            harvest.take(item)
    if said is None:
        raise SourceUnavailable(source.name, "ended_early", "the connector did not say that it had read everything")
    return said if said.limits or source.stage is Stage.QUERY else replace(said, limits=LIMITS_OF_SCANS)


def _check_addressed(source: Source, item: Finding | Gap | Searched, asked: Collection[str]) -> None:
    """A finding about a case that was not asked for would end in another person's answer, and a gap told under another
    name would leave this source complete."""
    subject = "" if isinstance(item, Searched) else item.subject
    known = subject in asked or (subject == "" and not isinstance(item, Finding))
    if item.source != source.name or not known:
        raise SourceUnavailable(source.name, "protocol", "the connector spoke of another source or case")


def _note_success(house: House, said: Searched, harvest: Harvest, times: _Times) -> None:
    with house.store.begin() as tx:
        for case, one in harvest.asked.items():
            row = one.still(tx)
            if row is None:
                continue
            tx.findings.compare(row, said.source, harvest.passed)
            kinds = tuple(sorted({item.kind.value for item in one.subject.identifiers}))
            log = SearchLog(said.source, tx.now, said.records, kinds=kinds, limits=said.limits)
            tx.findings.searched(case, log, round(times.seconds, 3))
            tx.passes.note(row, _logged(tx, case, said, harvest, times))
            tx.cases.note(case, f"searched:{said.source}")
            _mark_open_systems(tx, case)
        tx.alarms.clear(f"source:{said.source}", "source_unavailable")
    harvest.drop_old_files()


def _logged(tx: Transaction, case: str, said: Searched, harvest: Harvest, times: _Times) -> LoggedPass:
    found = next(log.findings for log in tx.findings.logs(case) if log.source == said.source)
    counts = (len(harvest.asked), said.records, found, round(times.seconds, 3))
    return LoggedPass(said.source, times.began, *counts, said.limits, harvest.hits(case))


def _asked_since(tx: Transaction, case: str, source: str) -> bool:
    """Whether a source was asked since the case began to be collected, this time."""
    began = tx.cases.row(case).snapshot_at
    tried = tx.findings.tried(case).get(source)
    log = next((item for item in tx.findings.logs(case) if item.source == source), None)
    repeat = log is not None and log.failed == TO_BE_REPEATED
    return bool(tried and began and tried >= began and not repeat)


def _failed_long_ago(tx: Transaction, case: str, source: str) -> bool:
    failed = any(log.source == source and log.failed for log in tx.findings.logs(case))
    tried = tx.findings.tried(case).get(source)
    return failed and tried is not None and tx.now - tried >= RETRY_AFTER


def _complete(house: House, tx: Transaction) -> tuple[str, ...]:
    collecting = tx.cases.in_status(Status.COLLECTING)
    return tuple(case.number for case in collecting if _round_complete(house, tx, case.number))


def _round_complete(house: House, tx: Transaction, case: str) -> bool:
    return all(_asked_since(tx, case, source) for source in house.sources)


def _ask_by_hand(house: House, tx: Transaction, case: str) -> None:
    """Asks whoever has not answered, and again whoever looked before identifiers were added to the case."""
    answered = {answer.system for answer in tx.findings.hand_answers(tx.cases.row(case)) if not answer.outdated}
    for system in house.register.systems:
        if system.coverage is Coverage.BY_HAND and system.key not in answered:
            tx.questions.ask(case, "by_hand", house.today(tx.now) + timedelta(days=system.days), system.key)


def _mark_open_systems(tx: Transaction, case: str) -> None:
    failed = any(log.failed for log in tx.findings.logs(case))
    if tx.cases.get(case).status is Status.REVIEW:
        tx.cases.needs_attention(case, "source_unavailable" if failed else "")
