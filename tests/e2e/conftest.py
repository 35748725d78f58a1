"""Worlds take long to make: tests share them, and each asks for somebody of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The program as `auskunft up` runs it, with Prefect."""
    with World(tmp_path_factory.mktemp("world"), by_hand=False) as made:
        made.up()
        yield made
