"""What proves an answer once its material is gone. Of material that is gone already nothing can be said any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("case", sa.String(20), sa.ForeignKey("cases.number"), primary_key=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("records")
