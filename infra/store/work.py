"""What should be running or waiting: questions to people, runs in Prefect, and facts about parts."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from infra.store.models import QuestionRow, RunRow, StateRow
from infra.store.sealed import Envelope, T

LONGEST_HOLD = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a person. `about`: the system asked by hand, or empty."""

    id: str
    case: str
    kind: str
    about: str
    state: str
    note: str
    asked_at: datetime
    due: date


class Questions:
    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now

    def ask(self, case: str, kind: str, due: date, about: str = "") -> Question:
        """Opens a question; one that is open already stays as it is, one that was answered is asked again."""
        row = self._find(case, kind, about)
        if row is None:
            row = QuestionRow(id=str(uuid.uuid4()), case=case, kind=kind, about=about, note="")
            self._session.add(row)
        if row.state != "open":
            row.state, row.asked_at, row.due, row.answered_at = "open", self._now, due, None
        self._session.flush()
        return _question(row)

    def settle(self, case: str, kind: str, about: str = "", state: str = "answered") -> None:
        row = self._find(case, kind, about)
        if row is not None and row.state == "open":
            row.state, row.answered_at, row.note = state, self._now, ""

    def settle_all(self, case: str) -> None:
        """The case has ended: nobody needs to answer any more."""
        for question in self.open_ones(case):
            self.settle(case, question.kind, question.about, "void")

    def refused_form(self, question: str, code: str) -> None:
        row = self._session.get_one(QuestionRow, question)
        row.note = code

    def get(self, question: str) -> Question:
        return _question(self._session.get_one(QuestionRow, question))

    def open_ones(self, case: str | None = None) -> tuple[Question, ...]:
        wanted = select(QuestionRow).where(QuestionRow.state == "open").order_by(QuestionRow.due, QuestionRow.case)
        if case is not None:
            wanted = wanted.where(QuestionRow.case == case)
        return tuple(_question(row) for row in self._session.scalars(wanted))

    def _find(self, case: str, kind: str, about: str) -> QuestionRow | None:
        wanted = select(QuestionRow).where(
            QuestionRow.case == case, QuestionRow.kind == kind, QuestionRow.about == about
        )
        return self._session.scalars(wanted).first()


@dataclass(frozen=True, slots=True)
class Run:
    """Our latest attempt at something in Prefect. `owner` is the process that works on it, where one does."""

    key: str
    attempt: int
    flow_run: str
    started_at: datetime
    owner: str
    has_reply: bool


class Runs:
    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def get(self, key: str) -> Run | None:
        row = self._session.get(RunRow, key)
        return _run(row) if row else None

    def all(self) -> tuple[Run, ...]:
        return tuple(_run(row) for row in self._session.scalars(select(RunRow).order_by(RunRow.key)))

    def attempt(self, key: str, after: int) -> Run | None:
        """A new attempt after the `after`th (0: the first); None where another process made it already. It carries
        over what was typed into the form of the one before, if that was not used yet."""
        row = self._session.get(RunRow, key, with_for_update=True)
        if (row.attempt if row else 0) != after:
            return None
        if row is None:
            row = RunRow(key=key, attempt=0, key_id="")
            self._session.add(row)
        row.attempt += 1
        row.flow_run, row.owner, row.started_at = "", "", self._now
        self._session.flush()
        return _run(row)

    def started(self, key: str, attempt: int, flow_run: str) -> None:
        row = self._session.get(RunRow, key)
        if row is not None and row.attempt == attempt:
            row.flow_run = flow_run

    def claim(self, key: str, attempt: int, owner: str) -> bool:
        """Says that this process works on an attempt; False where a newer attempt exists and this one must stop."""
        row = self._session.get(RunRow, key)
        if row is None or row.attempt != attempt:
            return False
        row.owner = owner
        return True

    def hold(self, key: str, owner: str, alive: Callable[[str], bool]) -> bool:
        """Takes something that only one process may do at a time; False while another living one has it. Whether one on
        another host lives cannot be known: nobody is believed for longer than `LONGEST_HOLD`."""
        row = self._session.get(RunRow, key)
        if row is None:
            row = RunRow(key=key, attempt=1, key_id="", flow_run="", owner="")
            self._session.add(row)
        elif row.owner and row.owner != owner and alive(row.owner) and self._now - row.started_at < LONGEST_HOLD:
            return False
        row.owner, row.started_at = owner, self._now
        return True

    def let_go(self, key: str, owner: str) -> None:
        row = self._session.get(RunRow, key)
        if row is not None and row.owner == owner:
            row.owner = ""

    def keep_reply(self, key: str, key_id: str, typed: str) -> None:
        """Takes over what was typed into a form, sealed, until it is used."""
        row = self._session.get_one(RunRow, key)
        row.key_id = key_id
        row.sealed_reply = self._envelope.seal(key_id, f"reply/{key}", typed)

    def take_reply(self, key: str) -> str | None:
        """What was typed, once: it is used in the transaction that takes it."""
        row = self._session.get(RunRow, key)
        if row is None or row.sealed_reply is None:
            return None
        typed = self._envelope.open(row.key_id, f"reply/{key}", str, row.sealed_reply)
        row.sealed_reply = None
        return typed

    def forget_case(self, case: str) -> None:
        """Nothing of a destroyed case is waiting or typed any more. Keys are `KIND/CASE/…`."""
        self._session.execute(delete(RunRow).where(RunRow.key.contains(f"/{case}/")))

    def end(self, key: str) -> None:
        if row := self._session.get(RunRow, key):
            self._session.delete(row)


class State:
    """Small facts about parts, such as when a mailbox could last be read."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def get(self, name: str) -> dict[str, str]:
        row = self._session.get(StateRow, name)
        return dict(row.value) if row else {}

    def set(self, name: str, **value: str) -> None:
        row = self._session.get(StateRow, name)
        if row is None:
            row = StateRow(name=name)
            self._session.add(row)
        row.value, row.changed_at = value, self._now

    def under(self, prefix: str) -> dict[str, dict[str, str]]:
        """Everything whose name begins so, by name."""
        wanted = select(StateRow).where(StateRow.name.startswith(prefix, autoescape=True)).order_by(StateRow.name)
        return {row.name: dict(row.value) for row in self._session.scalars(wanted)}

    def drop(self, name: str) -> None:
        self._session.execute(delete(StateRow).where(StateRow.name == name))

    def seal(self, name: str, value: object) -> None:
        """Keeps a secret of the house, sealed under a key of its own that is made here and lies in no backup."""
        self._envelope.keystore.get_or_create(name)
        self.set(name, sealed=base64.b64encode(self._envelope.seal(name, _state_place(name), value)).decode())
        self._session.flush()

    def opened(self, name: str, kind: type[T]) -> T | None:
        """What was sealed under that name; None where nothing was. Raises `KeyMissing`, `Tampered`."""
        sealed = self.get(name).get("sealed", "")
        return self._envelope.open(name, _state_place(name), kind, base64.b64decode(sealed)) if sealed else None


def _question(row: QuestionRow) -> Question:
    return Question(row.id, row.case, row.kind, row.about, row.state, row.note, row.asked_at, row.due)


def _run(row: RunRow) -> Run:
    return Run(row.key, row.attempt, row.flow_run, row.started_at, row.owner, row.sealed_reply is not None)


def _state_place(name: str) -> str:
    return f"state/{name}"
