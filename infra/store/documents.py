"""What belongs to a case beside its own mails, encrypted in the vault and gone with the case's material."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from infra.store.models import CaseRow, DocumentRow
from infra.store.sealed import Envelope, StoredFile


@dataclass(frozen=True, slots=True)
class Document:
    """A scan, or a copy of a mail. `file` is None, and `letter` names the stored mail, until it was copied."""

    case: str
    number: int
    added_at: datetime
    letter: str = ""
    file: StoredFile | None = field(default=None, repr=False)


class Documents:
    """The documents of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def add(self, case: CaseRow, file: StoredFile) -> None:
        """Notes a document that lies in the vault under the case's material key."""
        self._filled(self._new(case.number), case, file)

    def add_copy_of(self, case: CaseRow, letter: str) -> None:
        """Notes that a stored mail belongs to this case too, and is still to be copied under the case's own key."""
        self._new(case.number).letter = letter

    def copied(self, document: Document, case: CaseRow, file: StoredFile) -> None:
        self._filled(self._session.get_one(DocumentRow, (document.case, document.number)), case, file)

    def rewritten(self, document: Document, case: CaseRow, file: StoredFile) -> None:
        """The document lies elsewhere now, without what had to go."""
        self.copied(document, case, file)

    def of_case(self, case: CaseRow) -> tuple[Document, ...]:
        wanted = select(DocumentRow).where(DocumentRow.case == case.number).order_by(DocumentRow.number)
        return tuple(self._value(row, case.material_key) for row in self._session.scalars(wanted))

    def to_copy(self) -> tuple[Document, ...]:
        wanted = select(DocumentRow).where(DocumentRow.letter != "").order_by(DocumentRow.case, DocumentRow.number)
        return tuple(self._value(row, "") for row in self._session.scalars(wanted))

    def forget_case(self, case: str) -> None:
        """Deletes the rows of a case's documents; their blobs go with the case's folder in the vault."""
        self._session.execute(delete(DocumentRow).where(DocumentRow.case == case))

    def _new(self, case: str) -> DocumentRow:
        last = self._session.scalar(select(func.max(DocumentRow.number)).where(DocumentRow.case == case)) or 0
        row = DocumentRow(case=case, number=last + 1, letter="", added_at=self._now)
        self._session.add(row)
        self._session.flush()
        return row

    def _filled(self, row: DocumentRow, case: CaseRow, file: StoredFile) -> None:
        row.letter = ""
        row.sealed_document = self._envelope.seal(case.material_key, _place(row), file)

    def _value(self, row: DocumentRow, key_id: str) -> Document:
        file = None
        if row.sealed_document is not None and key_id:
            file = self._envelope.open(key_id, _place(row), StoredFile, row.sealed_document)
        return Document(row.case, row.number, row.added_at, row.letter, file)


def _place(row: DocumentRow) -> str:
    return f"document/{row.case}/{row.number}"
