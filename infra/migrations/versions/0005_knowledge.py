"""What was learned and waits for a person's yes, and the log of what was searched by which identifiers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0005"
down_revision = "0004"

OF_SEARCHES = ("kinds", "limits")


def upgrade() -> None:
    for name in OF_SEARCHES:
        op.add_column("searches", sa.Column(name, sa.String(length=200), nullable=False, server_default=""))
    _passes()
    _proposals()


def _passes() -> None:
    op.create_table(
        "passes",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_at", Instant(timezone=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("limits", sa.String(length=200), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("sealed_keys", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "source", "number"),
    )


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("key_hmac", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.Column("sealed_proposal", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_decision", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
        sa.UniqueConstraint("case", "key_hmac", name="uq_proposals_key"),
    )


def downgrade() -> None:
    """Proposals and the log of searches have no place in the older schema."""
    op.drop_table("proposals")
    op.drop_table("passes")
    with op.batch_alter_table("searches") as batch:
        for name in OF_SEARCHES:
            batch.drop_column(name)
