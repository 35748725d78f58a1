"""Several mailboxes; what became of a mail; mails that are forgotten but still lie in the mailbox.

Existing mails belong to the main mailbox. What became of each is derived: the first mail of a case that came by mail
opened it, the others joined it, and mails without a case were left alone.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_CONVENTION = {"uq": "uq_%(table_name)s_%(column_0_name)s"}  # SQLite's constraint has no name of its own
_OUTCOMES = (
    """UPDATE messages SET outcome = 'left' WHERE "case" IS NULL AND state <> 'stored'""",
    """UPDATE messages SET outcome = 'attached' WHERE "case" IS NOT NULL""",
    """UPDATE messages SET outcome = 'opened'
       WHERE "case" IN (SELECT number FROM cases WHERE channel = 'mail') AND NOT EXISTS (
           SELECT 1 FROM messages AS earlier WHERE earlier."case" = messages."case" AND (
               earlier.arrived_at < messages.arrived_at
               OR (earlier.arrived_at = messages.arrived_at AND earlier.id < messages.id)))""",
)


def upgrade() -> None:
    with op.batch_alter_table("messages", naming_convention=_CONVENTION) as table:
        table.drop_constraint(_old_constraint(), type_="unique")
        table.add_column(sa.Column("mailbox", sa.String(length=41), nullable=False, server_default="main"))
        table.add_column(sa.Column("letter_hmac", sa.String(length=64), nullable=False, server_default=""))
        table.add_column(sa.Column("outcome", sa.String(length=16), nullable=False, server_default=""))
        table.alter_column("folder", existing_type=sa.String(length=255), type_=sa.String(length=300))
        table.alter_column("uidvalidity", existing_type=sa.Integer(), type_=sa.BigInteger())
        table.alter_column("uid", existing_type=sa.Integer(), type_=sa.BigInteger())
        table.alter_column("sealed_blob", existing_type=sa.LargeBinary(), nullable=True)
        table.create_unique_constraint("uq_messages_place", ["mailbox", "folder", "uidvalidity", "uid"])
    with op.batch_alter_table("messages") as table:  # new rows say all of it themselves
        for name, length in (("mailbox", 41), ("letter_hmac", 64), ("outcome", 16)):
            table.alter_column(name, existing_type=sa.String(length=length), server_default=None)
        table.create_index(op.f("ix_messages_letter_hmac"), ["letter_hmac"], unique=False)
    for statement in _OUTCOMES:
        op.execute(statement)


def downgrade() -> None:
    """Mails of further mailboxes and forgotten mails have no place in the older schema."""
    op.execute("DELETE FROM messages WHERE mailbox <> 'main' OR sealed_blob IS NULL")
    with op.batch_alter_table("messages") as table:
        table.drop_index(op.f("ix_messages_letter_hmac"))
        table.drop_constraint("uq_messages_place", type_="unique")
        for name in ("mailbox", "letter_hmac", "outcome"):
            table.drop_column(name)
        table.alter_column("folder", existing_type=sa.String(length=300), type_=sa.String(length=255))
        table.alter_column("uidvalidity", existing_type=sa.BigInteger(), type_=sa.Integer())
        table.alter_column("uid", existing_type=sa.BigInteger(), type_=sa.Integer())
        table.alter_column("sealed_blob", existing_type=sa.LargeBinary(), nullable=False)
        table.create_unique_constraint(_old_constraint(), ["folder", "uidvalidity", "uid"])


def _old_constraint() -> str:
    """PostgreSQL named it itself."""
    on_postgres = op.get_bind().dialect.name == "postgresql"
    return "messages_folder_uidvalidity_uid_key" if on_postgres else "uq_messages_folder"
