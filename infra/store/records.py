"""What stays of an answer when its material goes (Art. 5(2) GDPR): counts, codes and times, and nothing sealed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.coverage import HandAnswer
from cases.draft import Decision, DecisionKind
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.findings import outdated
from infra.store.models import CaseRow, FindingRow, HandAnswerRow, OutboxRow, ProposalRow
from infra.store.models_record import RecordRow
from infra.store.sealed import Envelope, Judged

UNREADABLE = "unreadable"  # in place of a ground: what was typed does not open
_HOLDING = (DecisionKind.WITHHOLD, DecisionKind.REDACT)  # decisions that have grounds


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """As it was when the material went."""

    made_at: datetime
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A mail of ours about a case. `what`: an answer, or which notice; `code`: why it did not leave, or how it was
    accepted; `message_id_sha256`: of the Message-ID of one that left."""

    kind: str
    what: str
    state: str
    code: str
    queued_at: datetime
    sent_at: datetime | None
    message_id_sha256: str


class Records:
    """The records of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def keep(self, case: str, told: Mapping[str, Any]) -> None:
        """Keeps what proves an answer; a fact of the case, so that the step that destroys its material fixes it."""
        row = self._session.get(RecordRow, case)
        if row is None:
            row = RecordRow(case=case)
            self._session.add(row)
        row.made_at, row.told = self._now, json.dumps(told, ensure_ascii=True, sort_keys=True)
        self._session.flush()

    def kept(self, case: str) -> KeptRecord | None:
        row = self._session.get(RecordRow, case)
        return KeptRecord(row.made_at, json.loads(row.told)) if row else None

    def hand_answers(self, case: CaseRow) -> tuple[HandAnswer, ...]:
        """Which systems people answered for; not who, which is a step."""
        rows = self._session.scalars(select(HandAnswerRow).where(HandAnswerRow.case == case.number))
        return tuple(
            HandAnswer(row.system, "", row.answered_at, row.files, outdated(row.answered_at, case.learned_at))
            for row in rows
        )

    def grounds(self, case: CaseRow) -> dict[str, int]:
        """From how many findings something is held back on which ground."""
        wanted = select(FindingRow).where(FindingRow.case == case.number, FindingRow.decision.in_(_HOLDING))
        return dict(Counter(ground for row in self._session.scalars(wanted) for ground in self._grounds(case, row)))

    def identifiers(self, case: str) -> tuple[tuple[str, str, int], ...]:
        """How many identifiers of which kind were proposed, and what a person said of them; no value."""
        by = (ProposalRow.kind, ProposalRow.state)
        wanted = select(*by, func.count()).where(ProposalRow.case == case).group_by(*by).order_by(*by)
        return tuple((row[0], row[1], row[2]) for row in self._session.execute(wanted))

    def mails(self, case: str) -> tuple[MailFacts, ...]:
        wanted = select(OutboxRow).where(OutboxRow.case == case).order_by(OutboxRow.created_at, OutboxRow.id)
        return tuple(_mail(row) for row in self._session.scalars(wanted))

    def _grounds(self, case: CaseRow, row: FindingRow) -> Sequence[str]:
        if row.sealed_decision is None:
            return (UNREADABLE,)
        place = f"decision/{case.number}/{row.number}"
        try:
            said = self._envelope.open(case.record_key, place, Judged, row.sealed_decision)
        except (KeyStoreError, Tampered):
            return (UNREADABLE,)
        kind = DecisionKind(row.decision)
        decision = Decision(kind, said.by, said.at or self._now, said.why, said.redactions, said.with_files)
        return [ground.value for ground in decision.grounds]


def _mail(row: OutboxRow) -> MailFacts:
    digest = hashlib.sha256(row.message_id.encode()).hexdigest() if row.sent_at else ""
    what = row.once.partition("/")[0]
    return MailFacts(row.kind, what, row.state, row.code, row.created_at, row.sent_at, digest)
