"""One pass over every source serves every case that waits for it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from cases.case import Status
from cases.coverage import TO_BE_REPEATED, SearchLog
from cases.finding import Blob, Finding, Gap
from cases.identifiers import Subject
from cases.register import Coverage
from cases.source import Searched, Source, SourceUnavailable
from cases.subjects import SubjectIndex
from flows.appearing import onlooker
from flows.house import House
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.sealed import StoredFile
from infra.store.store import Transaction

RETRY_AFTER = timedelta(minutes=15)
COPY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Passed:
    """What a pass over one source did, in numbers. `trouble`: a code where it could not be asked."""

    source: str
    cases: int
    records: int = 0
    findings: int = 0
    gaps: int = 0
    trouble: str = ""


@dataclass(slots=True)
class _Count:
    passed: str = field(default_factory=lambda: str(uuid4()))
    records: int = 0
    findings: int = 0
    gaps: int = 0
    old_files: list[StoredFile] = field(default_factory=list)


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
    """Asks one source for every case that waits for it. A source that cannot be asked leaves the cases' cells open."""
    with house.store.begin() as tx:
        subjects = [subject for case in waiting_for(tx, name) if (subject := _subject(tx, case))]
        cases = [subject.id for subject in subjects]
        for case in cases:
            tx.findings.begin(tx.cases.row(case), name)
    if not cases:
        return Passed(name, 0)
    started = time.monotonic()
    try:
        count = _read(house, house.sources[name], subjects)
    except SourceUnavailable as error:
        note_failure(house, name, cases, error.code)
        return Passed(name, len(cases), trouble=error.code)
    _note_success(house, name, cases, count, time.monotonic() - started)
    return Passed(name, len(cases), count.records, count.findings, count.gaps)


def _subject(tx: Transaction, case: str) -> Subject | None:
    """Whom to look for; None where the case's own values cannot be read, which is an alarm and stops no other case."""
    try:
        return tx.cases.person(case).subject(case)
    except (KeyStoreError, Tampered):
        tx.cases.needs_attention(case, "unreadable_case")
        tx.alarms.raise_(case, "unreadable_case")
        return None


def note_failure(house: House, name: str, cases: Iterable[str], code: str) -> None:
    with house.store.begin() as tx:
        for case in cases:
            tx.findings.searched(case, SearchLog(name, None, failed=code))
        tx.alarms.raise_(f"source:{name}", "source_unavailable")


def note_crash(house: House, name: str, code: str) -> None:
    """A connector, or the vault below it, failed in a way that it does not state itself."""
    with house.store.begin() as tx:
        cases = waiting_for(tx, name)
    note_failure(house, name, cases, code[:64])


def finish(house: House) -> tuple[str, ...]:
    """Moves every case on for which every source has been asked, with or without success; returns their numbers.
    What is still open stands in the summary, and is asked again by a later pass."""
    with house.store.begin() as tx:
        done = [
            case.number for case in tx.cases.in_status(Status.COLLECTING) if _round_complete(house, tx, case.number)
        ]
        for case in done:
            _ask_by_hand(house, tx, case)
            tx.cases.move(case, Status.REVIEW)
            _mark_open_systems(tx, case)
    return tuple(done)


def search_again(tx: Transaction, case: str, by: str, why: str) -> None:
    """Every source is asked once more; decisions stay with what they were about."""
    for log in tx.findings.logs(case):
        tx.findings.searched(case, SearchLog(log.source, None, failed=TO_BE_REPEATED))
    tx.answers.supersede(tx.cases.row(case))
    tx.cases.row(case).snapshot_at = tx.now
    tx.cases.move(case, Status.COLLECTING, by, why)


def _read(house: House, source: Source, subjects: list[Subject]) -> _Count:
    count, ended = _Count(), False
    asked = frozenset(subject.id for subject in subjects)
    for item in onlooker(house, subjects).over(source.search(SubjectIndex(subjects))):
        _check_addressed(source, item, asked)
        if isinstance(item, Finding):
            count.old_files += _keep(house, item, count.passed)
            count.findings += 1
        elif isinstance(item, Gap):
            _keep_gap(house, item, asked)
            count.gaps += 1
        elif isinstance(item, Searched):
            count.records, ended = item.records, True
    if not ended:
        raise SourceUnavailable(source.name, "ended_early", "the connector did not say that it had read everything")
    for file in count.old_files:
        house.vault.delete(file.blob)
    return count


def _keep(house: House, finding: Finding, passed: str) -> tuple[StoredFile, ...]:
    """Streams a finding's files into the vault, then stores it: the next finding is asked for only after that."""
    with house.store.begin() as tx:
        key_id = tx.cases.row(finding.subject).material_key
    files = tuple(into_vault(house, finding.subject, key_id, blob) for blob in finding.blobs)
    with house.store.begin() as tx:
        return tx.findings.keep(tx.cases.row(finding.subject), finding, files, passed)


def into_vault(house: House, case: str, key_id: str, blob: Blob) -> StoredFile:
    with blob.open() as stream, house.vault.write(house.vault_owner(case), key_id) as sink:
        shutil.copyfileobj(stream, sink, COPY_BYTES)
    return StoredFile(blob.name, blob.media_type, sink.ref)


def _check_addressed(source: Source, item: Finding | Gap | Searched, asked: Collection[str]) -> None:
    """A finding about a case that was not asked for would end in another person's answer, and a gap told under another
    name would leave this source complete."""
    subject = "" if isinstance(item, Searched) else item.subject
    known = subject in asked or (subject == "" and not isinstance(item, Finding))
    if item.source != source.name or not known:
        raise SourceUnavailable(source.name, "protocol", "the connector spoke of another source or case")


def _keep_gap(house: House, gap: Gap, subjects: Iterable[str]) -> None:
    """A gap that names no subject concerns every one of the pass."""
    with house.store.begin() as tx:
        for case in [gap.subject] if gap.subject else sorted(subjects):
            tx.findings.gap(tx.cases.row(case), gap)


def _note_success(house: House, name: str, cases: Iterable[str], count: _Count, seconds: float) -> None:
    with house.store.begin() as tx:
        for case in cases:
            tx.findings.compare(tx.cases.row(case), name, count.passed)
            tx.findings.searched(case, SearchLog(name, tx.now, count.records), round(seconds, 3))
            tx.cases.note(case, f"searched:{name}")
            _mark_open_systems(tx, case)
        tx.alarms.clear(f"source:{name}", "source_unavailable")


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


def _round_complete(house: House, tx: Transaction, case: str) -> bool:
    return all(_asked_since(tx, case, source) for source in house.sources)


def _ask_by_hand(house: House, tx: Transaction, case: str) -> None:
    answered = {answer.system for answer in tx.findings.hand_answers(tx.cases.row(case))}
    for system in house.register.systems:
        if system.coverage is Coverage.BY_HAND and system.key not in answered:
            tx.questions.ask(case, "by_hand", house.today(tx.now) + timedelta(days=system.days), system.key)


def _mark_open_systems(tx: Transaction, case: str) -> None:
    failed = any(log.failed for log in tx.findings.logs(case))
    if tx.cases.get(case).status is Status.REVIEW:
        tx.cases.needs_attention(case, "source_unavailable" if failed else "")
