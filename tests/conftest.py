"""Fixtures shared by all tests come in as plugins; add yours to the tuple."""

import os
from collections.abc import Iterator

import pytest

pytest_plugins = ("tests.servers.plugin", "tests.servers.database_plugin", "tests.flows.plugin")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The whole way starts first because it takes longest; `make test` runs two files at a time."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


@pytest.fixture(autouse=True)
def usual_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """The program sets its umask (077) for the whole process; a test of something else starts with the usual one."""
    before = os.umask(0o077 if request.node.get_closest_marker("e2e") else 0o022)
    yield
    os.umask(before)
