"""The store: one transaction at a time, with everything that can be read and written in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from infra.clock import Clock
from infra.keystore import KeyStore
from infra.store.alarms import Alarms
from infra.store.answers import Answers
from infra.store.breaches import Breaches
from infra.store.cases import Cases
from infra.store.challenges import Challenges
from infra.store.clocks import Clocks
from infra.store.documents import Documents
from infra.store.facts import Facts
from infra.store.findings import Findings
from infra.store.id_documents import IdDocuments
from infra.store.knowledge import Passes, Proposals
from infra.store.ledger import Ledger
from infra.store.messages import Messages
from infra.store.outbox import Outbox
from infra.store.sealed import Envelope
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
    proposals: Proposals
    passes: Passes
    nested: Callable[[], AbstractContextManager[object]]  # all of its block, or nothing of it: the rest stays


class Store:
    """Our own database. All of a transaction is committed when its block ends without an error, or nothing."""

    def __init__(self, engine: Engine, keystore: KeyStore, clock: Clock) -> None:
        self._engine = engine
        self._keystore = keystore
        self._clock = clock

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with Session(self._engine) as session, session.begin():
            yield self._transaction(session)

    def close(self) -> None:
        self._engine.dispose()

    def _transaction(self, session: Session) -> Transaction:
        now, envelope = self._clock.now(), Envelope(self._keystore)
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
            Ledger(session, now),
            Proposals(session, envelope, now),
            Passes(session, envelope),
            session.begin_nested,
        )
