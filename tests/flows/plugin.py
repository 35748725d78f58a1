"""A house for every test of the flows, on an empty store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.house import World, build_world, migrated


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def world(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    made = build_world(tmp_path / "house", empty_database)
    yield made
    made.house.close()
