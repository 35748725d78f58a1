"""Fixtures with real databases. Where one is missing the test is skipped; in CI (`CI` set) it fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.servers.databases import Database, start_mariadb, start_postgres
from tests.servers.process import ServerMissing, open_to_other_users


def _running(start: Callable[[], Database]) -> Iterator[Database]:
    try:
        with open_to_other_users():
            database = start()
    except ServerMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
    yield database
    database.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Database]:
    yield from _running(start_postgres)


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Database]:
    yield from _running(start_mariadb)
