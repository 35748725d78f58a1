"""The clock: suspensions, extensions, stages of alarms, what changed between two searches, holds and breaches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0004"
down_revision = "0003"

CODES = (("holiday_list", 32), ("extension", 16), ("extension_reason", 16))
MOMENTS = ("noticed_at", "held_at", "hold_lifted_at", "first_snapshot_at")


def upgrade() -> None:
    for name, length in CODES:
        op.add_column("cases", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    for name in MOMENTS:
        op.add_column("cases", sa.Column(name, Instant(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("due_unsuspended", sa.Date(), nullable=True))
    op.execute(sa.text("UPDATE cases SET due_unsuspended = due, first_snapshot_at = snapshot_at"))
    op.add_column("findings", sa.Column("change", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("findings", sa.Column("changed_at", Instant(timezone=True), nullable=True))
    op.add_column("findings", sa.Column("sealed_earlier", sa.LargeBinary(), nullable=True))
    op.add_column("alarms", sa.Column("stage", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("alarms", sa.Column("emitted", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alarms", sa.Column("management", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("alarms", sa.Column("acknowledged_at", Instant(timezone=True), nullable=True))
    op.add_column("alarms", sa.Column("key_id", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("alarms", sa.Column("sealed_acknowledgement", sa.LargeBinary(), nullable=True))
    op.execute(sa.text("UPDATE alarms SET emitted = stage"))
    _clock_questions()
    _breaches()


def _clock_questions() -> None:
    op.create_table(
        "clock_questions",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=False),
        sa.Column("answered_at", Instant(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )


def _breaches() -> None:
    op.create_table(
        "breaches",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("known_at", Instant(timezone=True), nullable=False),
        sa.Column("due_at", Instant(timezone=True), nullable=False),
        sa.Column("authority", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("notified_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("sealed_facts", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_end", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )


def downgrade() -> None:
    """Suspensions, stages and breaches have no place in the older schema; due days stay as they were counted."""
    op.drop_table("breaches")
    op.drop_table("clock_questions")
    dropped = {
        "alarms": ("stage", "emitted", "management", "acknowledged_at", "key_id", "sealed_acknowledgement"),
        "findings": ("change", "changed_at", "sealed_earlier"),
        "cases": (*(name for name, _ in CODES), *MOMENTS, "due_unsuspended"),
    }
    for table, columns in dropped.items():
        with op.batch_alter_table(table) as batch:
            for name in columns:
                batch.drop_column(name)
