"""The tables. A column named `sealed…` holds AES-256-GCM bytes under the key named beside it; every other column is
free of personal data: numbers, codes, dates, counts, keyed hashes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Instant(TypeDecorator[datetime]):
    """An aware UTC time; SQLite forgets the zone, so it is put back on the way out, and PostgreSQL gives the session's
    zone, which is turned into UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time needs a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: Instant, date: Date, bytes: LargeBinary, dict[str, str]: JSON}  # noqa: RUF012 - SQLAlchemy's own pattern


class CaseRow(Base):
    __tablename__ = "cases"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    status: Mapped[str] = mapped_column(String(32), index=True)
    right: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    due: Mapped[date]
    nominal_end: Mapped[date]
    safe_target: Mapped[date]
    derivation_de: Mapped[str] = mapped_column(Text)
    derivation_en: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    snapshot_at: Mapped[datetime | None]
    destroy_material_at: Mapped[datetime | None]
    destroy_record_at: Mapped[datetime | None]
    material_key: Mapped[str] = mapped_column(String(64))
    record_key: Mapped[str] = mapped_column(String(64))
    sender_hmac: Mapped[str] = mapped_column(String(64), index=True)
    draft: Mapped[int] = mapped_column(Integer, default=0)
    collected: Mapped[int] = mapped_column(Integer, default=0)
    attention: Mapped[str] = mapped_column(String(64), default="")
    delivery: Mapped[str] = mapped_column(String(8), default="")  # the way that a person chose for the answer
    asked_in: Mapped[str] = mapped_column(String(8), default="")  # the request's own language; "und": unknown
    batch: Mapped[str] = mapped_column(String(20), default="", index=True)  # first case of one mail with several
    waits_for: Mapped[str] = mapped_column(String(20), default="", index=True)  # the access case that goes first
    waits_for_reply: Mapped[str] = mapped_column(String(16), default="")  # the question that a reply asks anew
    acknowledgement: Mapped[str] = mapped_column(String(32), default="")  # what became of it, as a code
    words_hmac: Mapped[str] = mapped_column(String(64), default="", index=True)  # the words of the mail that opened it
    learned_at: Mapped[datetime | None]  # when identifiers were last stated or accepted that were not known
    holiday_list: Mapped[str] = mapped_column(String(32), default="")  # by which list of holidays it was counted
    due_unsuspended: Mapped[date | None]  # the due day if no question had suspended the period
    extension: Mapped[str] = mapped_column(String(16), default="")  # asked, in_force, void, failed
    extension_reason: Mapped[str] = mapped_column(String(16), default="")
    noticed_at: Mapped[datetime | None]  # when the notice of an extension went out
    held_at: Mapped[datetime | None]  # when administrators were asked to spare the person's data
    hold_lifted_at: Mapped[datetime | None]
    first_snapshot_at: Mapped[datetime | None]  # when the first search for this person began
    version: Mapped[int] = mapped_column(Integer, default=1)  # of the answer: 2 is the first correction
    replaces_on: Mapped[date | None]  # the date of the answer that is corrected
    answered_at: Mapped[datetime | None]  # when a corrected case was answered before its first correction
    sealed_person: Mapped[bytes | None]  # material key: claims, sender, verified identifiers, recipient


class EventRow(Base):
    __tablename__ = "events"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), index=True)
    sealed_detail: Mapped[bytes | None]  # record key: salt, who, why
    facts: Mapped[str] = mapped_column(Text, default="")  # digests of the case's facts that changed with this step


class LedgerRow(Base):
    __tablename__ = "ledger"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    event: Mapped[str] = mapped_column(String(64), unique=True, index=True)  # the hash of a step
    at: Mapped[datetime]
    entered_at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))


class MessageRow(Base):
    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("mailbox", "folder", "uidvalidity", "uid", name="uq_messages_place"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(41))  # the name in the settings; `main` is [mailbox]
    folder: Mapped[str] = mapped_column(String(300))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)  # both are unsigned 32-bit numbers (RFC 3501 sec. 2.3.1.1)
    uid: Mapped[int] = mapped_column(BigInteger)
    raw_hmac: Mapped[str] = mapped_column(String(64), index=True)
    letter_hmac: Mapped[str] = mapped_column(String(64), index=True)  # the same letter, whatever way it came
    message_id_hmac: Mapped[str] = mapped_column(String(64), index=True)
    arrived_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), index=True)  # stored, copy, recognised, filed, forgotten
    verdict: Mapped[str] = mapped_column(String(16), default="")
    outcome: Mapped[str] = mapped_column(String(16), default="")  # opened, attached, left
    problem: Mapped[str] = mapped_column(String(32), default="")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    case: Mapped[str | None] = mapped_column(ForeignKey("cases.number"), index=True)
    key_id: Mapped[str] = mapped_column(String(64))
    sealed_blob: Mapped[bytes | None]  # key_id: where the raw mail lies in the vault; None where it is forgotten


class DocumentRow(Base):
    """What belongs to a case beside its own mails: the scan of a letter, and copies of a mail that opened several."""

    __tablename__ = "documents"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    letter: Mapped[str] = mapped_column(String(36), default="")  # the stored mail that is still to be copied
    added_at: Mapped[datetime]
    sealed_document: Mapped[bytes | None]  # material key: name, type, place in the vault


class OutboxRow(Base):
    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case: Mapped[str | None] = mapped_column(ForeignKey("cases.number"), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # notice, answer
    once: Mapped[str] = mapped_column(
        String(80), unique=True
    )  # what this mail is: the same thing is never queued twice
    message_id: Mapped[str] = mapped_column(String(255), index=True)
    message_id_hmac: Mapped[str] = mapped_column(String(64), index=True)
    recipient_hmac: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10), index=True)  # queued, sending, sent, uncertain, failed
    owner: Mapped[str] = mapped_column(String(120), default="")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    not_before: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(64), default="")  # why it did not leave, or the server's acceptance
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    key_id: Mapped[str] = mapped_column(String(64))
    sealed_mail: Mapped[bytes]  # key_id: recipient and where the mail's bytes lie in the vault


class SearchRow(Base):
    __tablename__ = "searches"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    searched_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    records: Mapped[int] = mapped_column(Integer, default=0)
    findings: Mapped[int] = mapped_column(Integer, default=0)
    gaps: Mapped[int] = mapped_column(Integer, default=0)
    seconds: Mapped[float] = mapped_column(default=0.0)
    failed: Mapped[str] = mapped_column(String(64), default="")
    kinds: Mapped[str] = mapped_column(String(200), default="")  # of identifiers searched for, with commas
    limits: Mapped[str] = mapped_column(String(200), default="")  # what such a search cannot promise: codes


class PassRow(Base):
    """One complete pass over a source, as it served one case: the search log."""

    __tablename__ = "passes"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    source: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    began_at: Mapped[datetime]
    cases: Mapped[int] = mapped_column(Integer)  # that the pass served
    records: Mapped[int] = mapped_column(Integer)
    findings: Mapped[int] = mapped_column(Integer)
    seconds: Mapped[float]
    limits: Mapped[str] = mapped_column(String(200), default="")
    kinds: Mapped[dict[str, list[int]]] = mapped_column(JSON)  # kind: identifiers, hits
    sealed_keys: Mapped[bytes | None]  # material key: each identifier with its hits


class ProposalRow(Base):
    """An identifier that was learned and widens the search only after a person's yes."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("case", "key_hmac", name="uq_proposals_key"),)

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(64))  # where it was learned
    key_hmac: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="open")  # open, accepted, declined
    standing: Mapped[str] = mapped_column(String(10), default="")  # own, shared; empty: not checked yet
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    sealed_proposal: Mapped[bytes]  # material key: the identifier and how it was learned
    sealed_decision: Mapped[bytes | None]  # record key: by, why


class FindingRow(Base):
    __tablename__ = "findings"
    __table_args__ = (
        UniqueConstraint("case", "source", "locator_hmac"),
        Index("ix_findings_case_decision", "case", "decision"),  # counted with every change of a decision
    )

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    locator_hmac: Mapped[str] = mapped_column(String(64))
    strength: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime | None]
    passed: Mapped[str] = mapped_column(String(36))  # the pass that last saw it
    decision: Mapped[str] = mapped_column(String(16), default="")
    decided_on: Mapped[str] = mapped_column(String(64), default="")  # digest of what the decision was about
    sealed_finding: Mapped[bytes]  # material key
    sealed_decision: Mapped[bytes | None]  # record key: by, reason, when
    change: Mapped[str] = mapped_column(String(8), default="")  # since the first search: new, changed, vanished
    changed_at: Mapped[datetime | None]
    sealed_earlier: Mapped[bytes | None]  # material key: as it was found first


class GapRow(Base):
    __tablename__ = "gaps"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    source: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(64))
    sealed_locator: Mapped[bytes]  # material key


class HandAnswerRow(Base):
    __tablename__ = "hand_answers"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    system: Mapped[str] = mapped_column(String(64), primary_key=True)
    answered_at: Mapped[datetime]
    files: Mapped[int] = mapped_column(Integer, default=0)
    sealed_answer: Mapped[bytes]  # record key: by, note


class DraftRow(Base):
    __tablename__ = "drafts"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))  # waiting, approved, superseded
    written_on: Mapped[date]
    made_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(64), default="")  # why the last form was not accepted, as a code
    sealed_approval: Mapped[bytes | None]  # record key: approver, reason, reviewer


class PackageRow(Base):
    __tablename__ = "packages"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    filename: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    handed_over_at: Mapped[datetime | None]
    sealed_package: Mapped[bytes | None]  # material key: passphrase, blob, link
    link_state: Mapped[str] = mapped_column(String(24), default="")  # empty: it went, or goes, without a link
    link_until: Mapped[date | None]


class QuestionRow(Base):
    """One question to a person: its run in the Prefect UI can be lost, this row cannot."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("case", "kind", "about"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    kind: Mapped[str] = mapped_column(String(16))  # triage, identity, by_hand, handover, delivery
    about: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(16), default="open")  # open, answered, void
    note: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime]
    due: Mapped[date]
    answered_at: Mapped[datetime | None]


class RunRow(Base):
    """One thing that should be running or waiting in Prefect, and our latest attempt at it."""

    __tablename__ = "runs"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    flow_run: Mapped[str] = mapped_column(String(36), default="")
    started_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(120), default="")
    key_id: Mapped[str] = mapped_column(String(64), default="")
    sealed_reply: Mapped[bytes | None]  # key_id: what was typed into the form, until it is taken over


class StateRow(Base):
    """Small facts about parts that are not cases: the last good poll of a mailbox, the last error code, counters."""

    __tablename__ = "state"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[dict[str, str]]
    changed_at: Mapped[datetime]


class AlarmRow(Base):
    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("subject", "code"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(String(80))  # a case number, `mailbox`, `source:crm` …
    code: Mapped[str] = mapped_column(String(64))
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stage: Mapped[int] = mapped_column(Integer, default=1)
    emitted: Mapped[int] = mapped_column(Integer, default=0)  # the stage that Prefect was told of
    management: Mapped[bool] = mapped_column(Boolean, default=False)  # the management is told, too
    acknowledged_at: Mapped[datetime | None]
    key_id: Mapped[str] = mapped_column(String(64), default="")
    sealed_acknowledgement: Mapped[bytes | None]  # key_id: who has seen it, and their note


class ClockQuestionRow(Base):
    """A question to the person asking, as far as it may suspend the period."""

    __tablename__ = "clock_questions"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))  # identity, clarification
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class BreachRow(Base):
    """An answer that reached, or may have reached, somebody else: a task with a clock of its own."""

    __tablename__ = "breaches"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    known_at: Mapped[datetime]
    due_at: Mapped[datetime]
    authority: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(16), default="")  # notified, not_notifiable
    notified_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    sealed_facts: Mapped[bytes]  # record key: by, facts
    sealed_end: Mapped[bytes | None]  # record key: by, reason
