"""Fixtures of the connectors' tests."""

import sqlite3
from pathlib import Path

import pytest

from tests.sources.databases import Script


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """`script(sql)` fills a database and gives its file."""

    def filled(sql: str) -> Path:
        path = tmp_path / "d.db"
        with sqlite3.connect(path) as connection:
            connection.executescript(sql)
        connection.close()
        return path

    return filled
