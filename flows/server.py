"""Prefect's own server on loopback, with one change: its SQLite file forgets what was deleted.

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

import uvicorn
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from infra.lifeline import follow_parent

DATABASE = "prefect.db"


def main(port: int) -> None:
    os.umask(0o077)
    follow_parent()
    event.listen(Engine, "connect", forget_deleted)
    event.listen(Engine, "engine_connect", hide_parameters)
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


def cut_log(home: Path) -> None:
    """Empties the write-ahead log of the server's database, where it is one of ours; a busy one is cut next time."""
    database = home / DATABASE
    if not database.is_file():
        return
    with closing(sqlite3.connect(database, timeout=10)) as connection, suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main(int(sys.argv[1]))
