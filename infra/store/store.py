"""The store: one transaction at a time, with everything that can be read and written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from infra.clock import Clock
from infra.keystore import KeyStore
from infra.store.alarms import Alarms
from infra.store.answers import Answers
from infra.store.breaches import Breaches
from infra.store.cases import Cases
from infra.store.challenges import Challenges
from infra.store.clocks import Clocks
from infra.store.documents import Documents
from infra.store.evidence import KEY, Evidence
from infra.store.facts import Facts
from infra.store.findings import Findings
from infra.store.id_documents import IdDocuments
from infra.store.knowledge import Passes, Proposals
from infra.store.ledger import Ledger
from infra.store.messages import Messages
from infra.store.outbox import Outbox
from infra.store.records import Records
from infra.store.sealed import Envelope
from infra.store.watched import Watched
from infra.store.work import Questions, Runs, State


@dataclass(frozen=True, slots=True)
class Transaction:
    """Everything of one transaction; `now` is its time."""

    now: datetime
    cases: Cases
    messages: Messages
    documents: Documents
    outbox: Outbox
    findings: Findings
    answers: Answers
    questions: Questions
    runs: Runs
    alarms: Alarms
    state: State
    facts: Facts
    clocks: Clocks
    breaches: Breaches
    challenges: Challenges
    id_documents: IdDocuments
    ledger: Ledger
    evidence: Evidence
    proposals: Proposals
    passes: Passes
    records: Records
    nested: Callable[[], AbstractContextManager[object]]  # all of its block, or nothing of it: the rest stays


class Store:
    """Our own database. All of a transaction is committed when its block ends without an error, or nothing."""

    def __init__(self, engine: Engine, keystore: KeyStore, clock: Clock) -> None:
        self._engine = engine
        self._keystore = keystore
        self._clock = clock
        self._begun = False  # whether cases of before an update have the first digests of their facts

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """Facts of cases that are changed in the block go into the chain with it, whoever changes them."""
        envelope = Envelope(self._keystore)
        with Watched(self._engine, lambda text: envelope.lookup(KEY, text)) as session, session.begin():
            transaction = self._transaction(session, envelope)
            if not self._begun:
                transaction.evidence.begin()
            yield transaction
            transaction.evidence.settle()
        self._begun = True

    def close(self) -> None:
        self._engine.dispose()

    def _transaction(self, session: Watched, envelope: Envelope) -> Transaction:
        now = self._clock.now()
        evidence = Evidence(session, envelope, now)
        return Transaction(
            now,
            Cases(session, envelope, now),
            Messages(session, envelope, now),
            Documents(session, envelope, now),
            Outbox(session, envelope, now),
            Findings(session, envelope, now),
            Answers(session, envelope, now),
            Questions(session, now),
            Runs(session, envelope, now),
            Alarms(session, envelope, now),
            State(session, envelope, now),
            Facts(session),
            Clocks(session, now),
            Breaches(session, envelope, now),
            Challenges(session, envelope, now),
            IdDocuments(session, envelope, now),
            Ledger(session, now, evidence.settle),
            evidence,
            Proposals(session, envelope, now),
            Passes(session, envelope),
            Records(session, envelope, now),
            session.begin_nested,
        )
