"""Databases opened so that nothing can be written, and their errors as `SourceUnavailable` without their texts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from cases.source import SourceUnavailable
from sources.building import BadOptions

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_CONNECT_SECONDS = 10
_CREDENTIALS_MYSQL = (1044, 1045, 1142, 1143, 1698)


def parsed(source: str, text: str) -> URL:
    """The URL with the driver that is installed; `BadOptions` where it is none."""
    try:
        url = make_url(text)
        url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        url = None
    if url is None:
        example = "postgresql://user@host/database, mariadb://user@host/database or sqlite:////path/file.db"
        raise BadOptions(source, (f"url is no address of a database; allowed: {example}",))
    return url


def read_only_engine(source: str, url: URL) -> Engine:
    """An engine whose every connection refuses to write, as far as the database can. No connection outlives its use."""
    match url.get_backend_name():
        case "sqlite":
            return _sqlite(source, url)
        case "postgresql":
            options = {"connect_timeout": _CONNECT_SECONDS, "options": "-c default_transaction_read_only=on"}
            return create_engine(url, poolclass=NullPool, connect_args=options, hide_parameters=True)
        case "mysql" | "mariadb":
            options = {"connect_timeout": _CONNECT_SECONDS}
            engine = create_engine(url, poolclass=NullPool, connect_args=options, hide_parameters=True)
            event.listen(engine, "connect", _forbid_writing)
            return engine
        case _:
            return create_engine(url, poolclass=NullPool, hide_parameters=True)


@contextmanager
def reading(source: str, engine: Engine) -> Iterator[Connection]:
    """A connection with one consistent, read-only view; whatever the database objects to is `SourceUnavailable`."""
    with translated(source), engine.connect() as plain:
        if engine.dialect.name == "postgresql":
            plain.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
        yield plain


@contextmanager
def translated(source: str) -> Iterator[None]:
    try:
        yield
    except NoSuchTableError:
        unavailable = SourceUnavailable(source, "no_such_table", "a table disappeared during the search")
    except SQLAlchemyError as error:
        unavailable = SourceUnavailable(source, *_told(error))
    else:
        return
    raise unavailable from None


def _sqlite(source: str, url: URL) -> Engine:
    path = Path(url.database or "")
    if not url.database or not path.is_file():
        raise SourceUnavailable(source, "not_found", "the file of the database is not where the settings say")

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        connection = sqlite3.connect(address, uri=True, timeout=_CONNECT_SECONDS, check_same_thread=False)
        connection.text_factory = _any_text
        connection.execute("PRAGMA query_only = ON")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def _any_text(data: bytes) -> str:
    """Old programs left Windows-1252 behind; one such value must not end the search."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _forbid_writing(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")


def _told(error: SQLAlchemyError) -> tuple[str, str]:
    """Code and advice for an error, by its number: its text may hold data."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    state = str(getattr(cause, "sqlstate", None) or "")
    number = cause.args[0] if cause is not None and cause.args and isinstance(cause.args[0], int) else 0
    text = str(cause).lower()
    refused = number in _CREDENTIALS_MYSQL or state in ("28000", "28P01", "42501") or "authentication failed" in text
    if refused:
        return "credentials", "user and password; may the user read these tables?"
    if "timeout" in text or "timed out" in text or state == "57014":
        return "timeout", "the database does not answer in time"
    if "not a database" in text:
        return "not_found", "the file is no SQLite database"
    if isinstance(error, DBAPIError) and type(error).__name__ == "OperationalError":
        return "refused", "the database cannot be reached: host, port, is it running?"
    return "protocol", "the database refused a query: is the user allowed to read, is the program up to date?"
