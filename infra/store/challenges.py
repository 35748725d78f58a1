"""One-time codes, the tries of them, and what a person of a case was asked to say who they are."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from cases.challenge import Way
from cases.identifiers import Identifier, Kind
from cases.source import Contact
from infra.store.models import CaseRow
from infra.store.models_identity import ChallengeRow, ChallengeTryRow, IdentityRow
from infra.store.sealed import Envelope

OPEN, USED, VOID, DENIED = "open", "used", "void", "denied"


@dataclass(frozen=True, slots=True)
class Stored:
    """Whom a code was for: the record on file, and the e-mail address of that record, empty where it has none."""

    contact: Contact = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code that was sent; `stored` is None where the case's material has been destroyed."""

    case: str
    number: int
    way: Way
    state: str
    sent_at: datetime
    expires_at: datetime
    person: str = field(repr=False)  # keyed hash of the record on file
    stored: Stored | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Why somebody is not verified, as a code, and what became of the question to them: empty, `waiting` (their address
    got enough mails for now), `asked` or `by_hand` (no program may write to them)."""

    doubt: str = ""
    question: str = ""
    asked_at: datetime | None = None
    rejected: int = 0


class Challenges:
    """The codes and questions about identity of one transaction."""

    def __init__(self, session: Session, envelope: Envelope, now: datetime) -> None:
        self._session = session
        self._envelope = envelope
        self._now = now

    def identity(self, case: str) -> Identity:
        row = self._session.get(IdentityRow, case)
        return Identity(row.doubt, row.question, row.asked_at, row.rejected) if row else Identity()

    def doubted(self, case: str, doubt: str) -> None:
        """Why the person is not verified; empty where the doubt has gone."""
        self._identity_row(case).doubt = doubt

    def question(self, case: str, became: str) -> None:
        row = self._identity_row(case)
        row.question, row.asked_at = became, self._now if became == "asked" else row.asked_at

    def rejected(self, case: str) -> None:
        """The person was told once more that a code is not accepted."""
        self._identity_row(case).rejected += 1

    def waiting(self) -> tuple[str, ...]:
        """Cases whose question to the person waits, because their address got enough mails for now."""
        wanted = select(IdentityRow.case).where(IdentityRow.question == "waiting").order_by(IdentityRow.case)
        return tuple(self._session.scalars(wanted))

    def person_of(self, source: str, contact: Contact) -> str:
        """The keyed hash by which the tries for one record on file are counted, whatever case they belong to."""
        return self._envelope.lookup("stored-person", f"{source}\n{contact.locator}")

    def add(self, case: CaseRow, way: Way, person: str, stored: Stored, code: str, lives: timedelta) -> Challenge:
        """Notes a code that is on its way; an earlier one of the case is worth nothing from now on."""
        self.void(case.number)
        last = self._session.scalar(select(func.max(ChallengeRow.number)).where(ChallengeRow.case == case.number)) or 0
        row = ChallengeRow(case=case.number, number=last + 1, way=way, state=OPEN, person_hmac=person)
        row.address_hmac = self._address(stored.address)
        row.code_hmac = self._code(row, code)
        row.sent_at, row.expires_at = self._now, self._now + lives
        row.sealed_stored = self._envelope.seal(case.material_key, _place(row), stored)
        self._session.add(row)
        self._session.flush()
        return self._value(row, case)

    def of_case(self, case: CaseRow) -> tuple[Challenge, ...]:
        wanted = select(ChallengeRow).where(ChallengeRow.case == case.number).order_by(ChallengeRow.number)
        return tuple(self._value(row, case) for row in self._session.scalars(wanted))

    def open_one(self, case: CaseRow) -> Challenge | None:
        """The code of a case that was neither used nor called back, however old."""
        return next((one for one in self.of_case(case) if one.state == OPEN), None)

    def to_address(self, address: str) -> tuple[str, ...]:
        """Cases with an open code for the person at this address on file."""
        hashed = self._address(address)
        wanted = select(ChallengeRow.case).where(ChallengeRow.address_hmac == hashed, ChallengeRow.state == OPEN)
        return tuple(self._session.scalars(wanted.order_by(ChallengeRow.case))) if hashed else ()

    def fits(self, challenge: Challenge, code: str) -> bool:
        """Whether this is the code, compared in a time that says nothing of it. `code` as `codes_in` gives it."""
        row = self._row(challenge)
        fits = hmac.compare_digest(row.code_hmac.encode(), self._code(row, code).encode())
        return fits and row.state == OPEN and self._now < row.expires_at

    def tried(self, case: str, person: str) -> None:
        """A code that was not right; `person` is empty where nobody on file was challenged."""
        wanted = select(func.max(ChallengeTryRow.number)).where(ChallengeTryRow.case == case)
        number = (self._session.scalar(wanted) or 0) + 1
        self._session.add(ChallengeTryRow(case=case, number=number, person_hmac=person, at=self._now))
        self._session.flush()

    def tries(self, case: str, person: str = "", within: timedelta | None = None) -> int:
        """How often a wrong code came: in the case, or, lately, for the person on file over all cases, whichever is
        more."""
        mine = select(func.count()).where(ChallengeTryRow.case == case)
        theirs = select(func.count()).where(ChallengeTryRow.person_hmac == person, ChallengeTryRow.person_hmac != "")
        theirs = theirs if within is None else theirs.where(ChallengeTryRow.at > self._now - within)
        return max(self._session.scalar(mine) or 0, self._session.scalar(theirs) or 0)

    def sent_lately(self, person: str, address: str, within: timedelta) -> int:
        """How many code mails went to a person on file, or to the address on file of several records, over all
        cases."""
        wanted = select(func.count()).where(self._to(person, address), ChallengeRow.way == Way.MAIL)
        return self._session.scalar(wanted.where(ChallengeRow.sent_at > self._now - within)) or 0

    def denied(self, case: str, person: str, address: str, within: timedelta) -> bool:
        """Whether the person on file said lately that such a request is not theirs, or did so in this case."""
        recent = self._to(person, address) & (ChallengeRow.sent_at > self._now - within)
        wanted = select(func.count()).where(ChallengeRow.state == DENIED, recent | (ChallengeRow.case == case))
        return bool(self._session.scalar(wanted))

    def open_cases(self) -> tuple[str, ...]:
        """Cases with an open code, the latest first."""
        wanted = select(ChallengeRow.case).where(ChallengeRow.state == OPEN).order_by(ChallengeRow.sent_at.desc())
        return tuple(dict.fromkeys(self._session.scalars(wanted)))

    def cases_of(self, codes: Collection[str]) -> tuple[str, ...]:
        """Cases of which one of the codes is the open one, whoever sent it."""
        rows = self._session.scalars(select(ChallengeRow).where(ChallengeRow.state == OPEN))
        pairs = ((row, code) for row in rows for code in codes)
        fitting = (row.case for row, code in pairs if hmac.compare_digest(row.code_hmac, self._code(row, code)))
        return tuple(dict.fromkeys(fitting))

    def _to(self, person: str, address: str) -> ColumnElement[bool]:
        hashed = self._address(address)
        mine = ChallengeRow.person_hmac == person
        return mine | (ChallengeRow.address_hmac == hashed) if hashed else mine

    def used(self, challenge: Challenge) -> None:
        """The code came back: it serves no second time, and the tries before it were the person's own."""
        self._end(self._row(challenge), USED)
        self.forgive(challenge.person)

    def forgive(self, person: str) -> None:
        """Whoever the record on file is about was found out: earlier wrong codes do not count against them."""
        mine = update(ChallengeTryRow).where(ChallengeTryRow.person_hmac == person)
        self._session.execute(mine.values(person_hmac=""))

    def deny(self, challenge: Challenge) -> None:
        self._end(self._row(challenge), DENIED)

    def void(self, case: str) -> None:
        """The open codes of a case are worth nothing any more."""
        wanted = select(ChallengeRow).where(ChallengeRow.case == case, ChallengeRow.state == OPEN)
        for row in self._session.scalars(wanted):
            self._end(row, VOID)

    def forget_case(self, case: str) -> None:
        """The case's material goes: nothing can be proven with its codes, and nobody is named by them."""
        self.void(case)
        emptied = update(ChallengeRow).where(ChallengeRow.case == case).values(sealed_stored=None, address_hmac="")
        self._session.execute(emptied)

    def _end(self, row: ChallengeRow, state: str) -> None:
        row.state, row.code_hmac = state, ""
        self._session.flush()

    def _identity_row(self, case: str) -> IdentityRow:
        row = self._session.get(IdentityRow, case)
        if row is None:
            row = IdentityRow(case=case, doubt="", question="", rejected=0)
            self._session.add(row)
            self._session.flush()
        return row

    def _row(self, challenge: Challenge) -> ChallengeRow:
        return self._session.get_one(ChallengeRow, (challenge.case, challenge.number))

    def _code(self, row: ChallengeRow, code: str) -> str:
        """Bound to case, number and person: the same signs elsewhere are another code."""
        plain = code.replace("-", "")
        return self._envelope.lookup("one-time-code", f"{row.case}\n{row.number}\n{row.person_hmac}\n{plain}")

    def _address(self, address: str) -> str:
        normal = Identifier(Kind.EMAIL, address).normal
        return self._envelope.lookup("address", normal) if normal else ""

    def _value(self, row: ChallengeRow, case: CaseRow) -> Challenge:
        sealed = row.sealed_stored
        stored = self._envelope.open(case.material_key, _place(row), Stored, sealed) if sealed else None
        facts = (row.case, row.number, Way(row.way), row.state, row.sent_at, row.expires_at, row.person_hmac)
        return Challenge(*facts, stored)


def _place(row: ChallengeRow) -> str:
    return f"challenge/{row.case}/{row.number}"
