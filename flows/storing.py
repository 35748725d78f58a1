"""What a pass finds, on its way into the store: many findings in one transaction, and only for cases whose search is
still the one that the pass began for."""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from cases.case import Status
from cases.finding import Blob, Finding, Gap
from cases.identifiers import Identifier, Subject
from cases.knowledge import Key, Learned, proposals
from flows.house import House
from flows.numbers import with_number
from infra.store.knowledge import KeyHits
from infra.store.models import CaseRow
from infra.store.sealed import StoredFile
from infra.store.store import Transaction

AT_ONCE = 200  # items in one transaction: each costs two syncs of the disk
WAIT_SECONDS = 1.0
MOST_SIGNS = 4_000_000  # of values that wait in memory
COPY_BYTES = 256 * 1024
SEARCHED = (Status.COLLECTING, Status.REVIEW)


@dataclass(frozen=True, slots=True)
class Asked:
    """A case of a pass as it was when the pass began. `began`: its search, which a new identification, a new search and
    an accepted identifier begin anew."""

    subject: Subject = field(repr=False)
    began: datetime | None
    material_key: str

    def still(self, tx: Transaction) -> CaseRow | None:
        """The case's row if what the pass finds still belongs to it; None where another person was identified since,
        the search was begun anew or nobody waits for it: a later pass serves it."""
        row = tx.cases.row(self.subject.id)
        return row if Status(row.status) in SEARCHED and row.snapshot_at == self.began else None


@dataclass(slots=True)
class Harvest:
    """The findings and gaps of one pass. They are stored in bulk: all of a batch, or nothing of it. What a pass that
    dies had not stored yet is found again by the next one; files that it left in the vault go with the case."""

    house: House
    asked: Mapping[str, Asked]
    passed: str = field(default_factory=lambda: str(uuid4()))
    findings: int = 0
    gaps: int = 0
    _found: dict[str, list[tuple[Finding, tuple[StoredFile, ...]]]] = field(default_factory=dict, repr=False)
    _gaps: list[Gap] = field(default_factory=list, repr=False)
    _learned: dict[str, dict[Key, Learned]] = field(default_factory=dict, repr=False)
    _known: dict[str, set[Key]] = field(default_factory=dict, repr=False)
    _hits: dict[str, dict[Key, tuple[Identifier, int]]] = field(default_factory=dict, repr=False)
    _old: list[StoredFile] = field(default_factory=list, repr=False)
    _waiting: int = 0
    _signs: int = 0
    _since: float = field(default_factory=time.monotonic)

    def take(self, item: Finding | Gap) -> None:
        """Streams a finding's files into the vault before the next one is asked for, and stores what waits when it is
        enough."""
        if isinstance(item, Gap):
            self._gaps.append(item)
            self.gaps += 1
        else:
            self._take_finding(item)
            self.findings += 1
        self._waiting += 1
        if self._waiting >= AT_ONCE or self._signs >= MOST_SIGNS or time.monotonic() - self._since >= WAIT_SECONDS:
            self.store()

    def store(self) -> None:
        """Everything that waits, in one transaction."""
        if self._waiting:
            with self.house.store.begin() as tx:
                left = [file for case in self.asked for file in self._store_case(tx, case)]
            self._delete(left)
        self._found, self._gaps, self._learned = {}, [], {}
        self._waiting, self._signs, self._since = 0, 0, time.monotonic()

    def drop_old_files(self) -> None:
        """Files of versions that this pass replaced: only once it is complete."""
        self._delete(self._old)

    def hits(self, case: str) -> tuple[KeyHits, ...]:
        """In how many findings each identifier of a case was met, with those that nothing was found by."""
        known = {item.key: (item, 0) for item in self.asked[case].subject.identifiers}
        return tuple(KeyHits(item, count) for item, count in (known | self._hits.get(case, {})).values())

    def _take_finding(self, finding: Finding) -> None:
        case = self.asked[finding.subject]
        files = tuple(into_vault(self.house, finding.subject, case.material_key, blob) for blob in finding.blobs)
        self._found.setdefault(finding.subject, []).append((finding, files))
        self._signs += sum(len(item.value) for item in finding.fields)
        self._count(finding)
        known = self._known.setdefault(finding.subject, set())
        for learned in proposals(self._with_numbers(finding), case.subject):
            if learned.identifier.key not in known:
                known.add(learned.identifier.key)
                self._learned.setdefault(finding.subject, {})[learned.identifier.key] = learned

    def _with_numbers(self, finding: Finding) -> Finding:
        """What is learned of a number that was searched for in another spelling is no news."""
        formats = self.house.settings.identity.customer_numbers
        learned, widened = (
            tuple(with_number(item, formats) for item in items) for items in (finding.learned, finding.widened)
        )
        return replace(finding, learned=learned, widened=widened)

    def _count(self, finding: Finding) -> None:
        hits = self._hits.setdefault(finding.subject, {})
        for key, item in {match.identifier.key: match.identifier for match in finding.matched}.items():
            hits[key] = (item, hits.get(key, (item, 0))[1] + 1)

    def _store_case(self, tx: Transaction, case: str) -> Iterable[StoredFile]:
        """Returns files that nobody needs: those of a case that this pass does not serve any more."""
        found = self._found.get(case, [])
        gaps = [gap for gap in self._gaps if gap.subject in ("", case)]  # one without a subject concerns everybody
        if not found and not gaps:
            return ()
        row = self.asked[case].still(tx)
        if row is None:
            return [file for _, files in found for file in files]
        self._old += tx.findings.keep_all(row, found, self.passed) if found else ()
        for gap in gaps:
            tx.findings.gap(row, gap)
        tx.proposals.add(row, self._learned.get(case, {}).values())
        return ()

    def _delete(self, files: Collection[StoredFile]) -> None:
        self.house.vault.delete(*(file.blob for file in files))


def into_vault(house: House, case: str, key_id: str, blob: Blob) -> StoredFile:
    with blob.open() as stream, house.vault.write(house.vault_owner(case), key_id) as sink:
        shutil.copyfileobj(stream, sink, COPY_BYTES)
    return StoredFile(blob.name, blob.media_type, sink.ref)
