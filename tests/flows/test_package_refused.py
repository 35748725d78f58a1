"""What cannot be packaged comes back to a person with an alarm; what may pass by itself is tried again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Never

import pytest
from sqlalchemy.exc import OperationalError

from cases.case import Status
from cases.finding import DataField
from flows import answer, pipeline
from infra.keystore import KeyMissing
from infra.vault import VaultFull
from tests.flows import steps
from tests.flows.house import LENA, World, finding


def failing(error: Exception) -> object:
    def build(_: object) -> Never:
        raise error

    return build


def alarms(world: World) -> set[str]:
    with world.house.store.begin() as tx:
        return {alarm.code for alarm in tx.alarms.standing()}


def test_what_breaks_on_a_draft_comes_back_with_an_alarm_and_without_its_data(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = steps.approved(world)
    monkeypatch.setattr(answer, "build_package", failing(OverflowError("Lena Krüger")))
    pipeline._seal(world.house, case)
    assert world.case(case).status is Status.REVIEW
    assert "package_refused" in alarms(world)
    with world.house.store.begin() as tx:
        (why,) = [step.why for step in tx.cases.history(case) if "Overflow" in step.why]
        assert tx.answers.approval(tx.cases.row(case)) is None
    assert re.fullmatch(r"OverflowError at \w+/test_package_refused\.py:\d+|OverflowError at flows/\S+:\d+", why)
    monkeypatch.undo()
    assert steps.release(world, case) == ""
    pipeline._seal(world.house, case)
    assert world.case(case).status is Status.SENT


def test_what_may_pass_leaves_the_approval_for_the_next_attempt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = steps.approved(world)
    database_away = OperationalError("select", {}, Exception())
    for error in (OSError(5, "I/O"), VaultFull("full"), MemoryError(), KeyMissing("key", "-"), database_away):
        monkeypatch.setattr(answer, "build_package", failing(error))
        with pytest.raises(type(error)):
            pipeline._seal(world.house, case)
        assert world.case(case).status is Status.APPROVED
        assert "package_refused" not in alarms(world)
    monkeypatch.undo()
    pipeline._seal(world.house, case)
    assert world.case(case).status is Status.SENT


def test_an_open_end_is_sealed(world: World) -> None:
    open_end = DataField("valid_to", "9999-12-31T23:59:59Z")
    at = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    world.crm.holds[LENA] = [replace(finding("contracts/1"), fields=(open_end,), at=at)]
    case = steps.in_review(world, holding=False)
    assert steps.release(world, case) == ""
    pipeline._seal(world.house, case)
    assert world.case(case).status is Status.SENT
