"""Drafts, approvals and sealed packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cases.draft import Approval
from infra.store.models import CaseRow, DraftRow, PackageRow
from infra.store.sealed import Envelope, KeptPackage, Typed


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """A draft that waits or waited for approval: what it said is known by its digest."""

    number: int
    digest: str
    state: str
    written_on: date
    note: str


# What becomes of a link: `loading` from before the upload, so that a file never lies in the cloud unknown to us; `over`
# where nobody is to get it any more.
WANTED, LOADING, MADE, OVER, GONE = "wanted", "loading", "made", "over", "gone"


@dataclass(frozen=True, slots=True)
class Link:
    """What became of the link of a package; no state where it goes without one. `upload` counts them from one: each
    has a folder of its own in the cloud, so that one that was overtaken touches no other."""

    state: str = ""
    upload: int = 0

    @classmethod
    def read(cls, text: str) -> Link:
        state, _, upload = text.partition(":")
        return cls(state, int(upload) if upload else int(state not in ("", WANTED)))

    @property
    def ended(self) -> Link:
        """What becomes of it when nobody is to get it any more; of one that was never uploaded nothing is left."""
        return Link(OVER, self.upload) if self.upload else Link()

    @property
    def text(self) -> str:
        """As it is kept: `made`, and of the second upload `made:2`."""
        return self.state if Link.read(self.state) == self else f"{self.state}:{self.upload}"


@dataclass(frozen=True, slots=True)
class PackageRecord:
    version: int
    filename: str
    sha256: str
    size: int
    kind: str
    manifest_sha256: str
    made_at: datetime
    handed_over_at: datetime | None
    kept: KeptPackage | None = field(repr=False)
    link: Link = field(default_factory=Link)
    link_until: date | None = None

    @property
    def link_state(self) -> str:
        return self.link.state


class Answers:
    """The drafts and packages of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def current(self, case: CaseRow) -> DraftRecord | None:
        row = self._session.get(DraftRow, (case.number, case.draft)) if case.draft else None
        return _record(row) if row else None

    def new_draft(self, case: CaseRow, digest: str, written_on: date) -> DraftRecord:
        """The next draft of a case; the one before is superseded."""
        if old := self._session.get(DraftRow, (case.number, case.draft)):
            old.state = "superseded"
        case.draft += 1
        row = DraftRow(case=case.number, number=case.draft, digest=digest, state="waiting", written_on=written_on)
        row.made_at, row.note = self._now, ""
        self._session.add(row)
        self._session.flush()
        return _record(row)

    def supersede(self, case: CaseRow) -> None:
        """The current draft is not to be approved any more: something is searched or decided again."""
        if row := self._session.get(DraftRow, (case.number, case.draft)):
            row.state = "superseded"

    def refused_form(self, case: CaseRow, code: str) -> None:
        """Notes why what was typed was not accepted: the next form says so."""
        self._draft_row(case).note = code

    def approved(self, case: CaseRow, approval: Approval, reason: str) -> None:
        row = self._draft_row(case)
        row.state = "approved"
        said = Typed(approval.approver, reason, approval.at)
        row.sealed_approval = self._envelope.seal(case.record_key, _draft_place(row), said)

    def approval(self, case: CaseRow) -> Approval | None:
        row = self._draft_row(case)
        if row.state != "approved" or row.sealed_approval is None:
            return None
        said = self._envelope.open(case.record_key, _draft_place(row), Typed, row.sealed_approval)
        return Approval(case.number, row.digest, said.by, said.at or row.made_at)

    def keep_package(self, case: CaseRow, package: PackageRecord) -> None:
        row = PackageRow(case=case.number, version=package.version, filename=package.filename, sha256=package.sha256)
        row.size, row.kind, row.manifest_sha256 = package.size, package.kind, package.manifest_sha256
        row.made_at = package.made_at
        row.sealed_package = self._envelope.seal(case.material_key, _package_place(row), package.kept)
        self._session.add(row)
        self._session.flush()

    def package(self, case: CaseRow) -> PackageRecord | None:
        """The newest package of a case; `kept` is None once the material has been destroyed."""
        wanted = select(PackageRow).where(PackageRow.case == case.number).order_by(PackageRow.version.desc())
        row = self._session.scalars(wanted.limit(1)).first()
        return self._package(case, row) if row else None

    def handed_over(self, case: CaseRow) -> None:
        wanted = select(PackageRow).where(PackageRow.case == case.number).order_by(PackageRow.version.desc())
        row = self._session.scalars(wanted.limit(1)).one()
        row.handed_over_at = row.handed_over_at or self._now

    def link(self, case: CaseRow, version: int) -> Link:
        """What has become of the link of a package, as it stands now."""
        return Link.read(self._locked(case, version).link_state)

    def swap_link(self, case: CaseRow, version: int, was: Link, now: Link) -> bool:
        """Says what became of a link; False, and nothing is changed, where another has said so meanwhile."""
        row = self._locked(case, version)
        if Link.read(row.link_state) != was:
            return False
        row.link_state = now.text
        return True

    def keep_link(self, case: CaseRow, version: int, was: Link, kept: KeptPackage, until: date) -> bool:
        """Keeps a link that was made; False where another has said meanwhile what becomes of it."""
        if not self.swap_link(case, version, was, Link(MADE, was.upload)):
            return False
        row = self._package_row(case, version)
        row.link_until = until
        row.sealed_package = self._envelope.seal(case.material_key, _package_place(row), kept)
        return True

    def links(self, *states: str, before: date | None = None) -> tuple[tuple[str, int, Link], ...]:
        """Every package whose link is in one of the states; with `before`, those that ended by then."""
        named = [PackageRow.link_state.like(f"{state}:%") for state in states]
        wanted = select(PackageRow).where(or_(PackageRow.link_state.in_(states), *named))
        if before is not None:
            wanted = wanted.where(PackageRow.link_until < before)
        rows = self._session.scalars(wanted.order_by(PackageRow.case, PackageRow.version))
        return tuple((row.case, row.version, Link.read(row.link_state)) for row in rows)

    def end_links(self, case: CaseRow, *states: str) -> None:
        """The links of a case that are in one of the states end, else every one: the next round takes them back."""
        for version, link in self.link_states(case.number):
            if link.state in (states or (WANTED, LOADING, MADE)):
                self.swap_link(case, version, link, link.ended)

    def link_states(self, case: str) -> tuple[tuple[int, Link], ...]:
        """Version and link of each package of a case; nobody else changes them in this transaction's time."""
        self._hold(case)
        wanted = select(PackageRow).where(PackageRow.case == case).order_by(PackageRow.version)
        rows = self._session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
        return tuple((row.version, Link.read(row.link_state)) for row in rows)

    def handed_over_versions(self, case: CaseRow) -> dict[int, datetime]:
        """When the passphrase of each version was handed over, of those whose was."""
        wanted = select(PackageRow).where(PackageRow.case == case.number).order_by(PackageRow.version)
        rows = self._session.scalars(wanted)
        return {row.version: row.handed_over_at for row in rows if row.handed_over_at is not None}

    def link_digest(self, case: str, version: int) -> str:
        """SHA-256 of a package: its folder in the cloud is named by it, known whatever became of the package."""
        wanted = select(PackageRow.sha256).where(PackageRow.case == case, PackageRow.version == version)
        return str(self._session.scalars(wanted).one())

    def _locked(self, case: CaseRow, version: int) -> PackageRow:
        """The row as it is now, and nobody else's until this transaction ends."""
        self._hold(case.number)
        key = (case.number, version)
        row = self._session.get(PackageRow, key, populate_existing=True, with_for_update=True)
        return row or self._package_row(case, version)

    def _hold(self, case: str) -> None:
        """The case first, as every change of its facts does (`Watched`): two processes never wait for each other."""
        self._session.flush()
        self._session.execute(select(CaseRow.number).where(CaseRow.number == case).with_for_update())

    def _package_row(self, case: CaseRow, version: int) -> PackageRow:
        row = self._session.get(PackageRow, (case.number, version))
        if row is None:
            raise LookupError(f"{case.number} has no package {version}")
        return row

    def forget_packages(self, case: CaseRow) -> None:
        """The content goes; hash, size and times stay as evidence."""
        for row in self._session.scalars(select(PackageRow).where(PackageRow.case == case.number)):
            row.sealed_package = None

    def _draft_row(self, case: CaseRow) -> DraftRow:
        row = self._session.get(DraftRow, (case.number, case.draft))
        if row is None:
            raise LookupError(f"{case.number} has no draft")
        return row

    def _package(self, case: CaseRow, row: PackageRow) -> PackageRecord:
        kept = None
        if row.sealed_package is not None:
            kept = self._envelope.open(case.material_key, _package_place(row), KeptPackage, row.sealed_package)
        return PackageRecord(
            row.version,
            row.filename,
            row.sha256,
            row.size,
            row.kind,
            row.manifest_sha256,
            row.made_at,
            row.handed_over_at,
            kept,
            Link.read(row.link_state),
            row.link_until,
        )


def _record(row: DraftRow) -> DraftRecord:
    return DraftRecord(row.number, row.digest, row.state, row.written_on, row.note)


def _draft_place(row: DraftRow) -> str:
    return f"draft/{row.case}/{row.number}"


def _package_place(row: PackageRow) -> str:
    return f"package/{row.case}/{row.version}"
