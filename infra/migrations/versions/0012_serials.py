"""How many cases of each year the program itself has deleted: so many numbers are without a case by right. What is
missing when the update runs counts as deleted; where steps of it are left, it is found all the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_PREFIX = "serial/"
_CASES = sa.table("cases", sa.column("number", sa.String))
_STATE = sa.table("state", sa.column("name", sa.String), sa.column("value", sa.JSON))


def upgrade() -> None:
    for name, value in _serials():
        year = name.removeprefix(_PREFIX)
        there = sa.select(sa.func.count()).select_from(_CASES).where(_CASES.c.number.like(f"DSAR-{year}-%"))
        deleted = int(value["last"]) - (op.get_bind().execute(there).scalar() or 0)
        _write(name, {**value, "deleted": str(max(0, deleted))})


def downgrade() -> None:
    for name, value in _serials():
        _write(name, {"last": value["last"]})


def _serials() -> list[tuple[str, dict[str, str]]]:
    wanted = sa.select(_STATE.c.name, _STATE.c.value).where(_STATE.c.name.like(f"{_PREFIX}%"))
    return [(name, value) for name, value in op.get_bind().execute(wanted)]


def _write(name: str, value: dict[str, str]) -> None:
    op.execute(sa.update(_STATE).where(_STATE.c.name == name).values(value=value))
