"""One chain over the steps of all cases. Steps of before are entered in the order of time by the first report; heads of
reports from before this revision are found by the program that wrote them only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("entered_at", Instant(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_ledger_event"), "ledger", ["event"], unique=True)
    op.create_index(op.f("ix_events_hash"), "events", ["hash"])


def downgrade() -> None:
    op.drop_index(op.f("ix_events_hash"), table_name="events")
    op.drop_index(op.f("ix_ledger_event"), table_name="ledger")
    op.drop_table("ledger")
