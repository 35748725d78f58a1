"""The table of what stays of an answer; the rules of `infra.store.models` hold here, too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from infra.store.models import Base


class RecordRow(Base):
    """What proves a case's answer once its material is gone: systems, codes, counts and times."""

    __tablename__ = "records"

    case: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    made_at: Mapped[datetime]
    told: Mapped[str] = mapped_column(Text)  # JSON without personal data
