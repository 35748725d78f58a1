"""Every mail that leaves goes through here: written in the transaction that moves the case, with a fixed Message-ID.

`queued -> claimed -> sending -> sent | failed`. `sending` is committed before the mail server sees the content, and
only by the sender that has the mail: whoever lost it in between stops there. A sender that dies in `claimed` has sent
nothing. One that dies in `sending` may have: a notice goes out again under the same Message-ID, an answer does not; it
becomes `uncertain` and a person looks.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from infra.store.models import CaseRow, OutboxRow
from infra.store.sealed import Envelope, Posted

_HELD = ("queued", "claimed", "sending")
# A case that was removed outside of the program holds up its own mails and no others: they wait until it is back.
_CASE_IS_THERE = or_(OutboxRow.case.is_(None), OutboxRow.case.in_(select(CaseRow.number)))
CODES = "verify/"  # how the `once` of every mail with a one-time code begins
LEASE = timedelta(minutes=15)  # longer than any one delivery may take; a machine that sleeps takes longer


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail of the outbox. `once` says what it is, so that the same thing is never queued twice."""

    id: str
    case: str | None
    kind: str
    once: str
    message_id: str
    state: str
    attempts: int
    created_at: datetime
    mail: Posted = field(repr=False)
    code: str = ""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A mail whose sender died, unopened."""

    id: str
    case: str | None
    kind: str
    once: str
    state: str
    owner: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One mail with which a sealed answer left, or was to leave: the file attached, or a `link` to it."""

    once: str
    state: str
    link: bool
    number: int

    @property
    def failed(self) -> bool:
        """Whether it surely reached nobody."""
        return self.state == "failed"

    @property
    def pending(self) -> bool:
        return self.state in _HELD


def answer_mail(case: str, version: int, number: int = 1, *, link: bool = False) -> str:
    """The `once` of the mail with which a version of an answer is tried for the `number`th time."""
    return "/".join(
        ("answer", case, str(version), *(("link",) if link else ()), *((str(number),) if number > 1 else ()))
    )


def is_answer(once: str, case: str, version: int) -> bool:
    """Whether a mail is an attempt at this version."""
    return f"{once}/".startswith(f"{answer_mail(case, version)}/")


class Outbox:
    """The outgoing mails of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def put(
        self,
        kind: str,
        once: str,
        case: str | None,
        key_id: str,
        mail: Posted,
        domain: str,
        not_before: datetime | None = None,
    ) -> str:
        """Queues a mail; returns its id, or that of the mail already queued under `once`."""
        known = self._session.scalars(select(OutboxRow.id).where(OutboxRow.once == once)).first()
        if known:
            return known
        row = OutboxRow(id=str(uuid.uuid4()), case=case, kind=kind, once=once, key_id=key_id)
        row.message_id = f"<{row.id}@{domain}>"
        row.message_id_hmac = self._envelope.lookup("message-id", row.message_id)
        row.recipient_hmac = self._envelope.lookup("address", mail.recipient.casefold())
        row.state, row.owner, row.attempts, row.code = "queued", "", 0, ""
        row.created_at, row.not_before = self._now, not_before or self._now
        row.sealed_mail = self._envelope.seal(key_id, _place(row.id), mail)
        self._session.add(row)
        self._session.flush()
        return row.id

    def put_answer(
        self, case: str, version: int, key_id: str, mail: Posted, domain: str, *, link: bool = False
    ) -> bool:
        """Queues one more attempt at a sealed answer. False, and nothing is queued, where one waits, or the file left:
        only a new link may follow a mail with a link, which is for the caller to decide."""
        before = self.attempts(case, version)
        if any(not each.failed and (each.pending or not (link and each.link)) for each in before):
            return False
        self.put("answer", answer_mail(case, version, len(before) + 1, link=link), case, key_id, mail, domain)
        return True

    def attempts(self, case: str, version: int) -> tuple[Attempt, ...]:
        """Every attempt at a version of an answer, the first one first, unopened."""
        wanted = select(OutboxRow.once, OutboxRow.state).where(OutboxRow.case == case, OutboxRow.kind == "answer")
        found = [
            _attempt(once, state) for once, state in self._session.execute(wanted) if is_answer(once, case, version)
        ]
        return tuple(sorted(found, key=lambda each: (each.number, each.link)))

    def recent_notices(self, recipient: str, within: timedelta) -> int:
        """How many notices went, or wait to go, to this address within the time: what bounds a mail loop."""
        to = self._envelope.lookup("address", recipient.casefold())
        wanted = select(func.count()).where(
            OutboxRow.recipient_hmac == to, OutboxRow.kind == "notice", OutboxRow.created_at > self._now - within
        )
        return self._session.scalar(wanted) or 0

    def next_slot(self, once_begins: str, per_hour: int) -> datetime:
        """When the next mail of a kind (the beginning of its `once`) may leave, so that no hour sees more of them than
        `per_hour`: a flood that comes in must not go out again as one."""
        wanted = select(OutboxRow.not_before).where(OutboxRow.once.startswith(once_begins, autoescape=True))
        latest = self._session.scalars(wanted.order_by(OutboxRow.not_before.desc()).limit(per_hour)).all()
        return self._now if len(latest) < per_hour else max(self._now, latest[-1] + timedelta(hours=1))

    def held_back(self) -> int:
        """How many mails wait for their turn."""
        wanted = select(func.count()).where(OutboxRow.state == "queued", OutboxRow.not_before > self._now)
        return self._session.scalar(wanted) or 0

    def due(self) -> tuple[str, ...]:
        wanted = select(OutboxRow.id).where(OutboxRow.state == "queued", OutboxRow.not_before <= self._now)
        wanted = wanted.where(_CASE_IS_THERE)
        codes = OutboxRow.once.startswith(CODES)  # last: nobody can see by what waits behind it whether a code went out
        return tuple(self._session.scalars(wanted.order_by(codes, OutboxRow.created_at)))

    def claim(self, mail: str, owner: str) -> Outgoing | None:
        """Takes a queued mail for this sender; None where another has it."""
        lease, tries = self._now + LEASE, OutboxRow.attempts + 1
        if not self._swap(mail, ("queued",), "", state="claimed", owner=owner, lease_until=lease, attempts=tries):
            return None
        return self._value(self._row(mail))

    def sending(self, mail: str, owner: str) -> bool:
        """Right before the content leaves; False where this sender does not have the mail any more: it was taken from
        one that slept, or nobody is to send it."""
        return self._swap(mail, ("claimed",), owner, state="sending", lease_until=self._now + LEASE)

    def sent(self, mail: str) -> Outgoing | None:
        """The server took it, whoever has the mail by now; None where that is known already."""
        known = OutboxRow.id == mail, OutboxRow.state != "sent"
        if not self._change(known, state="sent", sent_at=self._now, owner="", code=""):
            return None
        return self._value(self._row(mail))

    def again(self, mail: str, code: str, owner: str = "") -> bool:
        """Back into the queue, later each time: 1, 2, 4 … at most 60 minutes. False where another has it by now."""
        minutes = min(2 ** max(0, self._row(mail).attempts - 1), 60)
        later = self._now + timedelta(minutes=minutes)
        return self._swap(mail, _HELD, owner, state="queued", owner="", code=code, not_before=later)

    def now(self, mail: str) -> None:
        """A queued mail that waits for its next try is tried at once."""
        self._row(mail).not_before = self._now

    def failed(self, mail: str, code: str, owner: str = "") -> bool:
        """It surely did not leave, and never will. False where another has it by now."""
        return self._swap(mail, _HELD, owner, state="failed", owner="", code=code)

    def blank(self, mail: str) -> None:
        """The text of a mail that is gone is kept no longer."""
        row = self._row(mail)
        known = self._envelope.open(row.key_id, _place(row.id), Posted, row.sealed_mail)
        row.sealed_mail = self._envelope.seal(row.key_id, _place(row.id), replace(known, text=""))

    def named(self, message_ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Case and `once` of the mails of ours that have these Message-IDs."""
        hashes = [self._envelope.lookup("message-id", item) for item in message_ids]
        wanted = select(OutboxRow.case, OutboxRow.once).where(OutboxRow.message_id_hmac.in_(hashes))
        return tuple((case, once) for case, once in self._session.execute(wanted) if case is not None)

    def withdraw(self, once: str, code: str) -> bool:
        """A mail whose content nobody has begun to send does not leave any more; returns whether there was one."""
        waits = OutboxRow.once == once, OutboxRow.state.in_(("queued", "claimed"))
        return self._change(waits, state="failed", owner="", code=code)

    def unsent(self, once_begins: str) -> tuple[str, ...]:
        """The cases whose mail of a kind (the beginning of its `once`) has not left yet, or never will."""
        wanted = select(OutboxRow.case).where(
            OutboxRow.once.startswith(once_begins, autoescape=True),
            OutboxRow.state.in_(("queued", "claimed", "sending", "failed")),
        )
        return tuple(case for case in self._session.scalars(wanted) if case)

    def uncertain(self, mail: str, code: str, owner: str) -> bool:
        """Nobody knows whether it left. False where another has it by now."""
        return self._swap(mail, _HELD, owner, state="uncertain", owner="", code=code)

    def abandoned(self, alive: Callable[[str], bool]) -> tuple[Abandoned, ...]:
        """Mails whose sender died in the middle. Whether one on another host lives cannot be known: it is believed
        until its lease ends. On this host it is known, however long the machine slept."""
        wanted = select(OutboxRow).where(OutboxRow.state.in_(("claimed", "sending")), _CASE_IS_THERE)
        rows = self._session.scalars(wanted)
        dead = [row for row in rows if not alive(row.owner) or (not is_here(row.owner) and self._is_late(row))]
        return tuple(Abandoned(row.id, row.case, row.kind, row.once, row.state, row.owner) for row in dead)

    def release(self, left: Abandoned) -> bool:
        """Back into the queue, unless its sender has gone on meanwhile."""
        return self._swap(left.id, (left.state,), left.owner, state="queued", owner="")

    def get(self, mail: str) -> Outgoing:
        return self._value(self._row(mail))

    def of_case(self, case: str) -> tuple[Outgoing, ...]:
        wanted = select(OutboxRow).where(OutboxRow.case == case).order_by(OutboxRow.created_at)
        return tuple(self._value(row) for row in self._session.scalars(wanted))

    def message_ids(self, case: str) -> tuple[str, ...]:
        """The Message-IDs of a case's mails, whatever is left of their texts."""
        wanted = select(OutboxRow.message_id).where(OutboxRow.case == case)
        return tuple(self._session.scalars(wanted.order_by(OutboxRow.created_at)))

    def answers(self, case: str) -> tuple[tuple[str, str, str], ...]:
        """What each answer mail of a case is, its Message-ID and its state, without opening one."""
        wanted = select(OutboxRow.once, OutboxRow.message_id, OutboxRow.state)
        found = wanted.where(OutboxRow.case == case, OutboxRow.kind == "answer").order_by(OutboxRow.created_at)
        return tuple((row[0], row[1], row[2]) for row in self._session.execute(found))

    def forget_case(self, case: str) -> None:
        """The content of a case's mails goes; that and when they went stays in the history."""
        self._session.execute(delete(OutboxRow).where(OutboxRow.case == case))

    def forget_before(self, moment: datetime) -> None:
        """Mails without a case (reports, alarms about parts) that were sent before `moment`."""
        old = (OutboxRow.case.is_(None), OutboxRow.created_at < moment, OutboxRow.state.in_(("sent", "failed")))
        self._session.execute(delete(OutboxRow).where(*old))

    def forget_key(self, key_id: str) -> None:
        """Deletes the rows that only a destroyed key could open: they came back with a restored backup."""
        self._session.execute(delete(OutboxRow).where(OutboxRow.key_id == key_id))

    def day_keys(self) -> frozenset[str]:
        wanted = select(OutboxRow.key_id).where(OutboxRow.key_id.startswith("day-")).distinct()
        return frozenset(self._session.scalars(wanted))

    def case_of_message_ids(self, message_ids: tuple[str, ...]) -> str | None:
        """The case about which we sent a mail with one of these Message-IDs."""
        hashes = [self._envelope.lookup("message-id", item) for item in message_ids]
        wanted = select(OutboxRow.case).where(OutboxRow.message_id_hmac.in_(hashes), OutboxRow.case.is_not(None))
        return self._session.scalars(wanted.limit(1)).first()

    def _is_late(self, row: OutboxRow) -> bool:
        return row.lease_until is not None and row.lease_until < self._now

    def _swap(self, mail: str, states: Iterable[str], by: str, **values: object) -> bool:
        """Changes a mail only as it is expected to be; a mail that nobody has has the empty owner."""
        return self._change((OutboxRow.id == mail, OutboxRow.state.in_(states), OutboxRow.owner == by), **values)

    def _change(self, expected: tuple[ColumnElement[bool], ...], **values: object) -> bool:
        """Compares and changes in one statement, so that of two processes one does it; returns whether it was ours."""
        done = self._session.execute(update(OutboxRow).where(*expected).values(**values))
        return bool(done.rowcount)  # type: ignore[attr-defined]  # the result of an UPDATE has it, its declared type not

    def _row(self, mail: str) -> OutboxRow:
        row = self._session.get(OutboxRow, mail, populate_existing=True)
        if row is None:
            raise LookupError(f"no mail {mail} in the outbox")
        return row

    def _value(self, row: OutboxRow) -> Outgoing:
        mail = self._envelope.open(row.key_id, _place(row.id), Posted, row.sealed_mail)
        return Outgoing(
            row.id,
            row.case,
            row.kind,
            row.once,
            row.message_id,
            row.state,
            row.attempts,
            row.created_at,
            mail,
            row.code,
        )


def this_process() -> str:
    """This process as an owner of work: host, PID and start time, because PIDs are used again."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def alive(owner: str) -> bool:
    """Whether the process that took a piece of work still runs. Another host is believed until the lease ends."""
    _, _, rest = owner.partition(":")
    pid, _, started = rest.partition(":")
    if not is_here(owner) or not pid.isdigit():
        return bool(owner)
    return _started(int(pid)) == started


def is_here(owner: str) -> bool:
    """Whether the owner of a piece of work is, or was, a process of this host."""
    return owner.partition(":")[0] == socket.gethostname()


def _started(pid: int) -> str:
    """Clock ticks since boot at which a process started (proc(5), field 22); empty where it does not run or is dead."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def _attempt(once: str, state: str) -> Attempt:
    rest = once.split("/")[3:]
    return Attempt(once, state, "link" in rest, int(rest[-1]) if rest and rest[-1].isdigit() else 1)


def _place(mail: str) -> str:
    return f"outbox/{mail}"
