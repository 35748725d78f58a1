"""By which way an answer goes, and what became of its link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("cases", sa.Column("delivery", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("packages", sa.Column("link_state", sa.String(length=24), nullable=False, server_default=""))
    op.add_column("packages", sa.Column("link_until", sa.Date(), nullable=True))


def downgrade() -> None:
    """Column by column: the rows of a case refer to it, so that SQLite may not make its table anew."""
    for table, column in (("packages", "link_until"), ("packages", "link_state"), ("cases", "delivery")):
        op.drop_column(table, column)
