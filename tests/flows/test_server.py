"""Prefect's own server on SQLite: what happens to a writer that began as a reader."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from flows.server import wait_for_the_lock

LONG, SHORT = 0.4, 0.05  # seconds between reading and writing


def test_a_writer_overtaken_by_another_is_refused_as_prefect_begins_it(tmp_path: Path) -> None:
    """Why there is something to mend; where this fails, Prefect or SQLite has changed and ours can go."""
    with pytest.raises(OperationalError, match="database is locked"):
        asyncio.run(_two_writers(tmp_path / "prefect.db", waits=False))


def test_a_writer_waits_for_the_other(tmp_path: Path) -> None:
    assert asyncio.run(_two_writers(tmp_path / "prefect.db", waits=True)) == 2


async def _two_writers(database: Path, *, waits: bool) -> int:
    """Both read, then both write, the second one first; returns how many rows there are then."""
    configuration = AioSqliteConfiguration(f"sqlite+aiosqlite:///{database}")
    engine = await configuration.engine()
    if waits:
        event.listen(engine.sync_engine, "before_cursor_execute", wait_for_the_lock, retval=True)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("create table t (a)"))
        done = await asyncio.gather(*(_write(configuration, pause) for pause in (LONG, SHORT)), return_exceptions=True)
        if failed := [error for error in done if error is not None]:
            raise failed[0]
        async with engine.connect() as connection:
            return int((await connection.execute(text("select count(*) from t"))).scalar_one())
    finally:
        await engine.dispose()


async def _write(configuration: AioSqliteConfiguration, pause: float) -> None:
    session = await configuration.session(await configuration.engine())
    async with session, configuration.begin_transaction(session):
        await session.execute(text("select count(*) from t"))
        await asyncio.sleep(pause)  # as Prefect's own work between its first question and its first change
        await session.execute(text("insert into t values (1)"))
