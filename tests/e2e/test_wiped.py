"""Our store is the truth, Prefect the engine: without its database everything that waited waits again."""

from __future__ import annotations

import pytest

from cases.case import Status
from flows.server import DATABASE
from tests.e2e.world import DPO, SENT, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]  # a world starts within the first test that needs it


def test_a_case_waits_again_after_prefects_database_was_wiped(world: World) -> None:
    asker = world.askers[-1]
    world.ask(asker)
    case = world.case_of(asker)
    world.wait_for_status(case, Status.REVIEW)
    world.decide(case)
    before = world.approval_form(case)
    world.kill_everything()
    _wipe(world)
    world.up()
    after = world.approval_form(case)
    assert after.id != before.id
    world.approve(case)
    world.wait_for_status(case, *SENT)
    assert len(world.answers(asker.email)) == 1
    assert len(world.acknowledgements(asker.email)) == 1


def test_a_passphrase_waits_again_after_prefects_database_was_wiped(world: World) -> None:
    case = world.case_of(world.askers[-1])
    world.form(f"{case} · handover")
    world.down()
    _wipe(world)
    world.up()
    world.submit(world.form(f"{case} · handover"), {"channel": "letter", "by": DPO})
    world.wait_for_status(case, Status.ANSWERED)
    assert len(world.answers(world.askers[-1].email)) == 1


def _wipe(world: World) -> None:
    files = sorted(world.settings.prefect.home.glob(f"{DATABASE}*"))
    assert files
    for path in files:
        path.unlink()
