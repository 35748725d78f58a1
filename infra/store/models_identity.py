"""The tables about finding out who asks; the rules of `infra.store.models` hold here, too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from infra.store.models import Base


class IdentityRow(Base):
    """Why the person of a case is not verified, and what they were asked."""

    __tablename__ = "identities"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    doubt: Mapped[str] = mapped_column(String(32), default="")
    question: Mapped[str] = mapped_column(String(16), default="")  # waiting, asked, by_hand
    asked_at: Mapped[datetime | None]
    rejected: Mapped[int] = mapped_column(Integer, default=0)  # how often they were told that a code is not accepted


class ChallengeRow(Base):
    """A one-time code. The code itself is nowhere: only its HMAC, bound to the case and to the person on file."""

    __tablename__ = "challenges"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    way: Mapped[str] = mapped_column(String(8))  # mail, post, phone
    state: Mapped[str] = mapped_column(String(8), index=True)  # open, used, void, denied
    person_hmac: Mapped[str] = mapped_column(String(64), index=True)  # the record of the system of record
    address_hmac: Mapped[str] = mapped_column(String(64), index=True)  # the address on file; empty where there is none
    code_hmac: Mapped[str] = mapped_column(String(64))  # emptied when it can serve no more
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sealed_stored: Mapped[bytes | None]  # material key: the record on file, and the address that the code went to


class ChallengeTryRow(Base):
    """A code that somebody sent back and that was not right."""

    __tablename__ = "challenge_tries"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    person_hmac: Mapped[str] = mapped_column(String(64), index=True)  # empty: nobody was challenged, or forgiven
    at: Mapped[datetime]


class IdDocumentRow(Base):
    """An identity document that came unasked: it is wiped after the decision about who asks."""

    __tablename__ = "id_documents"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    content_hmac: Mapped[str] = mapped_column(String(64))  # which of the mail's attachments it is; emptied with it
    seen_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    wiped_at: Mapped[datetime | None]
    sealed_old: Mapped[bytes | None]  # material key: where the mails that held it lie, until they are deleted
