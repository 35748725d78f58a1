"""A run that waited for days for its form starts when somebody has filled it in, and is not taken for a dead one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from flows.api import EngineRun
from flows.engine import GRACE, reconcile
from tests.flows import steps
from tests.flows.house import FakeApi, World


@dataclass
class DatedApi(FakeApi):
    """Says since when a run is in its state, as Prefect does."""

    since: dict[str, datetime] = field(default_factory=dict)

    def run(self, run: str) -> EngineRun | None:
        found = super().run(run)
        return replace(found, since=self.since.get(run)) if found else None


@pytest.mark.parametrize("state", ["PENDING", "RUNNING"])
@pytest.mark.parametrize(("after", "again"), [(timedelta(seconds=5), 0), (GRACE + timedelta(seconds=1), 1)])
def test_a_resumed_run_has_time_to_start(world: World, state: str, after: timedelta, again: int) -> None:
    steps.in_review(world)
    api = DatedApi()
    reconcile(world.house, api)
    (run,) = api.states
    world.clock.at += timedelta(hours=3)
    api.states[run], api.since[run] = state, world.clock.at
    world.clock.at += after
    assert reconcile(world.house, api).started == again
