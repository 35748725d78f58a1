"""Corrected answers: which version is made, what it replaces, and when the case had been answered before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("cases", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("cases", sa.Column("replaces_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("answered_at", Instant(timezone=True), nullable=True))


def downgrade() -> None:
    """Column by column: the rows of a case refer to it, so that SQLite may not make its table anew."""
    for column in ("answered_at", "replaces_on", "version"):
        op.drop_column("cases", column)
