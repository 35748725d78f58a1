"""The fast search finds exactly what looking at every row of every table finds, for one subject and for many."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.servers.databases import Database
from tests.sources.databases import findings
from tests.sources.shops import fill, found_plainly, shop, subjects

QUIET = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@QUIET
@given(seed=st.integers(0, 10**9), count=st.sampled_from((1, 2, 30)))
def test_nothing_is_lost_or_added_by_being_quick(tmp_path: Path, seed: int, count: int) -> None:
    rng, url = random.Random(seed), f"sqlite:///{tmp_path / 'shop.db'}"
    fill(url, rng, 25)
    searched = subjects(rng, count)
    assert findings(shop(url), *searched) == found_plainly(shop(url), *searched)


@settings(QUIET, max_examples=5)
@given(seed=st.integers(0, 10**9))
def test_many_get_what_each_gets_alone(tmp_path: Path, seed: int) -> None:
    rng, url = random.Random(seed), f"sqlite:///{tmp_path / 'shop.db'}"
    fill(url, rng, 25)
    searched = subjects(rng, 5)
    alone = {place: item for one in searched for place, item in findings(shop(url), one).items()}
    assert findings(shop(url), *searched) == alone


@pytest.mark.parametrize("server", ["postgres", "mariadb"])
@pytest.mark.parametrize("count", [1, 30])
def test_servers_lose_nothing_either(server: str, count: int, request: pytest.FixtureRequest) -> None:
    database: Database = request.getfixturevalue(server)
    rng = random.Random(count)
    fill(database.url, rng, 60)
    searched = subjects(rng, count)
    found = findings(shop(database.url), *searched)
    assert found == found_plainly(shop(database.url), *searched)
    assert found
