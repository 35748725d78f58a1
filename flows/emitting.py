"""Alarms as events of Prefect, so that an automation can forward them: codes, case numbers and days, nothing else."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from flows.alarm_forms import case_of
from flows.api import PrefectApi
from flows.clocks import alarm_due
from flows.house import House
from flows.names import days_left
from infra.store.alarms import Alarm
from infra.store.store import Transaction

PREFIX = "auskunft.alarm."
AT_ONCE = 50  # events of one request


def emit_alarms(house: House, api: PrefectApi) -> int:
    """Emits every alarm that people were told of and Prefect was not; returns how many. One that was emitted by a
    process that died right after has the same id again."""
    with house.store.begin() as tx:
        waiting = tx.alarms.not_emitted()[:AT_ONCE]
        events = [_event(house, tx, item) for item in waiting]
    if not events:
        return 0
    api.emit(events)
    with house.store.begin() as tx:
        for item in waiting:
            tx.alarms.emitted(item.id, item.stage)
    return len(events)


def _event(house: House, tx: Transaction, item: Alarm) -> dict[str, object]:
    case = case_of(tx, item.subject)
    payload: dict[str, object] = {"stage": item.stage, "management": item.management}
    if case is not None:
        due = alarm_due(house, tx, case)
        payload |= {"due": due.isoformat(), "days_left": days_left(house, due, tx.now)}
    kind = "case" if case is not None else "part"
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{PREFIX}{item.id}/{item.stage}/{item.raised_at.isoformat()}")),
        "occurred": tx.now.isoformat(),
        "event": f"{PREFIX}{item.code}",
        "resource": {"prefect.resource.id": f"auskunft.{kind}.{item.subject}", "prefect.resource.name": item.subject},
        "payload": payload,
    }
