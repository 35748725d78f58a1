"""Who asks: one-time codes, what was asked of the person, and identity documents that came unasked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from infra.store.models import Instant

revision = "0006"
down_revision = "0005"

INDEXES = (
    ("challenges", "state"),
    ("challenges", "person_hmac"),
    ("challenges", "address_hmac"),
    ("challenge_tries", "person_hmac"),
)


def upgrade() -> None:
    _identities()
    _challenges()
    _tries()
    _id_documents()
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _identities() -> None:
    """Cases that already wait for a person keep waiting: their doubt is the code of their last hint, and nobody is
    asked anew by an update."""
    op.create_table(
        "identities",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("doubt", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=16), nullable=False),
        sa.Column("asked_at", Instant(timezone=True), nullable=True),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case"),
    )
    known = "SELECT number, substr(attention, 10), 'by_hand', 0 FROM cases WHERE status = 'identifying'"
    insert = 'INSERT INTO identities ("case", doubt, question, rejected) '
    op.execute(sa.text(f"{insert}{known} AND attention LIKE 'identity!_%' ESCAPE '!'"))


def _challenges() -> None:
    op.create_table(
        "challenges",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("person_hmac", sa.String(length=64), nullable=False),
        sa.Column("address_hmac", sa.String(length=64), nullable=False),
        sa.Column("code_hmac", sa.String(length=64), nullable=False),
        sa.Column("sent_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("sealed_stored", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )


def _tries() -> None:
    op.create_table(
        "challenge_tries",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_hmac", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )


def _id_documents() -> None:
    op.create_table(
        "id_documents",
        sa.Column("case", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hmac", sa.String(length=64), nullable=False),
        sa.Column("seen_at", Instant(timezone=True), nullable=False),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.Column("wiped_at", Instant(timezone=True), nullable=True),
        sa.Column("sealed_old", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["cases.number"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )


def downgrade() -> None:
    """Codes that are out are worth nothing any more; what was asked stands in the histories."""
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    for table in ("id_documents", "challenge_tries", "challenges", "identities"):
        op.drop_table(table)
