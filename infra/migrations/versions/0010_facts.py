"""The facts of cases in the chain over their steps. Cases of before get their first digests, by a step that says so,
from the program that opens this database first: a digest needs the key store. After the way down the hashes of steps
that fixed facts do not fit any more."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0010"
down_revision = "0009"

PENDING = "facts/begin"
_CASES = sa.table("cases", sa.column("number"))
_STATE = sa.table(
    "state", sa.column("name", sa.String), sa.column("value", sa.JSON), sa.column("changed_at", Instant(timezone=True))
)


def upgrade() -> None:
    op.add_column("events", sa.Column("facts", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_findings_case_decision"), "findings", ["case", "decision"])
    if op.get_bind().execute(sa.select(_CASES.c.number).limit(1)).first():
        op.execute(sa.insert(_STATE).values(name=PENDING, value={}, changed_at=datetime.now(UTC)))


def downgrade() -> None:
    op.execute(sa.delete(_STATE).where(_STATE.c.name == PENDING))
    op.drop_index(op.f("ix_findings_case_decision"), table_name="findings")
    op.drop_column("events", "facts")
