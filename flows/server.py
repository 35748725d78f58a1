"""Prefect's own server on loopback, with two changes: its SQLite file forgets what was deleted, and writers
wait for each other.

What a person types into a form stands in that file until we have taken it over and deleted it. SQLite would keep the
bytes in free pages and in the write-ahead log; `secure_delete` overwrites them and the log is cut after a checkpoint.
Run as `python -m flows.server PORT`; everything else comes from the environment (`flows.wiring.engine_environment`).
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import uvicorn
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExecutionContext
from sqlalchemy.pool import ConnectionPoolEntry

from infra.lifeline import follow_parent

DATABASE = "prefect.db"
CUT_SECONDS = 1.0


def main(port: int) -> None:
    os.umask(0o077)
    follow_parent()
    event.listen(Engine, "connect", forget_deleted)
    event.listen(Engine, "engine_connect", hide_parameters)
    event.listen(Engine, "before_cursor_execute", wait_for_the_lock, retval=True)
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


def forget_deleted(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:  # noqa: ARG001 - SQLAlchemy's shape
    cursor = connection.cursor()
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute("PRAGMA journal_size_limit=0")
    cursor.close()


def hide_parameters(connection: Connection) -> None:
    """An error of the database is logged with its statement; the values of the statement are nobody's business."""
    connection.engine.hide_parameters = True


def wait_for_the_lock(
    connection: Connection,  # noqa: ARG001 - SQLAlchemy's shape
    cursor: DBAPICursor,  # noqa: ARG001
    statement: str,
    parameters: Any,
    context: ExecutionContext | None,  # noqa: ARG001
    executemany: bool,  # noqa: ARG001
) -> tuple[str, Any]:
    """A transaction that is going to write waits for the lock at its beginning. Prefect begins it as a reader, and
    SQLite refuses at once (`database is locked`, no waiting: SQLITE_BUSY_SNAPSHOT) to make a writer of a reader whom
    another writer has overtaken: a form could then not be submitted."""
    return "BEGIN IMMEDIATE" if statement == "BEGIN DEFERRED" else statement, parameters


def cut_log(home: Path) -> None:
    """Empties the write-ahead log of the server's database, where it is one of ours; a busy one is cut next time. It
    waits for readers with the server's writers locked out, so it does not wait long."""
    database = home / DATABASE
    if not database.is_file():
        return
    with closing(sqlite3.connect(database, timeout=CUT_SECONDS)) as connection, suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main(int(sys.argv[1]))
