"""Threads, proxies and acknowledgements: what a case waits for, which cases one mail opened, documents of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0003"
down_revision = "0002"

COLUMNS = (("asked_in", 8), ("batch", 20), ("waits_for", 20), ("waits_for_reply", 16), ("acknowledgement", 32))


def upgrade() -> None:
    for name, length in (*COLUMNS, ("words_hmac", 64)):
        op.add_column("cases", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("learned_at", Instant(timezone=True), nullable=True))
    for name in ("batch", "waits_for", "words_hmac"):
        op.create_index(op.f(f"ix_cases_{name}"), "cases", [name], unique=False)
    op.execute(sa.text("UPDATE cases SET asked_in = language"))
    op.create_table(
        "documents",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=36), nullable=False),
        sa.Column("added_at", Instant(timezone=True), nullable=False),
        sa.Column("sealed_document", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )


def downgrade() -> None:
    """Documents and links have no place in the older schema."""
    op.drop_table("documents")
    for name in ("batch", "waits_for", "words_hmac"):
        op.drop_index(op.f(f"ix_cases_{name}"), table_name="cases")
    with op.batch_alter_table("cases") as table:
        for name in ("words_hmac", "learned_at", *(name for name, _ in COLUMNS)):
            table.drop_column(name)
