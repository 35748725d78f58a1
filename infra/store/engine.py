"""The database engine: SQLite by default, PostgreSQL beyond one machine."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30
NEWEST = "0012"  # the newest revision of infra/migrations; a test holds the two together


def open_engine(url: str) -> Engine:
    """An engine for `url`. SQLite: write-ahead log, foreign keys, and `secure_delete`, so that what was deleted is
    overwritten in the file; the folder is made private."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def migrate(engine: Engine) -> None:
    """Brings the schema to the newest version; safe to call at every start, and quick where nothing is to be done."""
    if _version(engine) == NEWEST:
        return
    from alembic import command  # costs a quarter of a second, which every flow run would pay
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("infra") / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_migrated(engine: Engine) -> bool:
    return inspect(engine).has_table("alembic_version")


def _version(engine: Engine) -> str:
    if not is_migrated(engine):
        return ""
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _prepare(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see `_begin_immediate`
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Take the write lock at once: two processes that read first and write later would otherwise fail as busy."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
