"""Fixtures shared by all tests come in as plugins; add yours to the tuple."""

import os
from collections.abc import Iterator

import pytest

pytest_plugins = ("tests.servers.plugin", "tests.servers.database_plugin", "tests.flows.plugin")


@pytest.hookimpl(tryfirst=True)  # before the workers read the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two tests at a time (`make test`), of which one at most of the whole way: it is many processes by itself, and
    starts first because it takes longest. The tests of a file stay together and share what they set up."""
    for item in items:
        whole_way = item.get_closest_marker("e2e") is not None
        item.add_marker(pytest.mark.xdist_group("whole way" if whole_way else item.nodeid.partition("::")[0]))
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


@pytest.fixture(autouse=True)
def usual_umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """The program sets its umask (077) for the whole process; a test of something else starts with the usual one."""
    before = os.umask(0o077 if request.node.get_closest_marker("e2e") else 0o022)
    yield
    os.umask(before)
