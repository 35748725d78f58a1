"""Holds what our store wants against what the engine has, and starts what is missing.

Nobody else rescues runs: a killed process leaves them `Running` or `Pending` for ever, a wiped database leaves none at
all, a run that crashed cannot ask its form again. A new attempt under a new key is always possible, because a run
claims its attempt in our store before it does anything, and one that is not the latest stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from flows.api import EngineRun, PrefectApi, Start
from flows.house import House
from flows.reconcile import COLLECT, Wanted, put_now, wanted
from infra.store.outbox import alive
from infra.store.store import Transaction
from infra.store.work import Run

GRACE = timedelta(seconds=90)  # from a run's start until a process must have claimed it
FORM = "form"  # the key of every suspension: there is one for each run
FORM_KEYS = MappingProxyType(
    {part: f"suspended-{FORM}-{part}" for part in ("description", "response", "schema")}  # as prefect.input names them
)
PAUSE_COLLECT = timedelta(seconds=20)
LONGEST_PAUSE = 32  # minutes


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconciliation did, in numbers."""

    wanted: int = 0
    started: int = 0
    ended: int = 0


def reconcile(house: House, api: PrefectApi) -> Reconciled:
    everything = wanted(house)
    with house.store.begin() as tx:
        known = {run.key: run for run in tx.runs.all() if "/" in run.key or run.key == COLLECT}
        now = put_now(everything, known, house.settings.prefect.most_forms)
        tx.state.set("questions", queued=str(len(everything) - len(now)))
    needed = {item.key: item for item in now}
    started = sum(_ensure(house, api, item, known.get(key)) for key, item in needed.items())
    obsolete = [run for key, run in known.items() if key not in needed]
    for run in obsolete:
        _end(house, api, run)
    return Reconciled(len(needed), started, len(obsolete))


def _ensure(house: House, api: PrefectApi, item: Wanted, run: Run | None) -> bool:
    """Starts a new attempt where the latest one will not do what is wanted; returns whether it did."""
    if run is None:
        return _start(house, api, item, 0)
    engine_run = api.run(run.flow_run) if run.flow_run else None
    if engine_run is not None and not _is_lost(house, api, item, run, engine_run):
        if engine_run.name != item.name:  # another day: the list still begins with the most urgent
            api.rename(engine_run.id, item.name, (item.case, *item.tags) if item.case else item.tags)
        return False
    if engine_run is None and not run.flow_run and house.clock.now() - run.started_at < GRACE:
        return False  # another process is starting it at this moment
    if engine_run is not None:
        salvage(house, api, run, engine_run)
    return _start(house, api, item, run.attempt)


def _start(house: House, api: PrefectApi, item: Wanted, after: int) -> bool:
    with house.store.begin() as tx:
        attempt = tx.runs.attempt(item.key, after)
    if attempt is None:
        return False
    parameters = {**item.parameters, "key": item.key, "attempt": str(attempt.attempt)}
    tags = (item.case, *item.tags) if item.case else item.tags
    # The engine gives back the old run for a key that it knows, whatever became of it; what is wanted again after it
    # was not wanted for a while counts its attempts from one, so the key says when, too.
    once = f"{item.key}/{attempt.attempt}/{attempt.started_at.isoformat()}"
    run = api.start(Start(item.deployment, item.name, once, parameters, tags))
    with house.store.begin() as tx:
        tx.runs.started(item.key, attempt.attempt, run)
    return True


def _is_lost(house: House, api: PrefectApi, item: Wanted, run: Run, engine_run: EngineRun) -> bool:
    """Whether an attempt will never do what is still wanted."""
    now = house.clock.now()
    age = now - run.started_at
    still = now - (engine_run.since or run.started_at)  # a run that waited for days is resumed, and only then starts
    match engine_run.state:
        case "SCHEDULED":
            return False
        case "PAUSED":
            return not item.waits or run.has_reply or not api.has_form(engine_run)
        case "PENDING":
            return still > GRACE and not alive(run.owner)
        case "RUNNING" | "CANCELLING":
            return not alive(run.owner) if run.owner else still > GRACE
        case "COMPLETED":
            return item.key != COLLECT or age > PAUSE_COLLECT
        case _:  # FAILED, CRASHED, CANCELLED: again, later each time
            return age > timedelta(minutes=min(2 ** min(run.attempt, 8) / 8, LONGEST_PAUSE))


def salvage(house: House, api: PrefectApi, run: Run, engine_run: EngineRun) -> None:
    """Takes over what was typed into the form of a run that died, deletes it there, and ends the run."""
    take_reply(house, api, run.key, engine_run.id, FORM_KEYS)
    if engine_run.state in ("SCHEDULED", "PENDING", "RUNNING", "PAUSED"):
        api.set_state(engine_run.id, "CANCELLED", "superseded by a new attempt")


def take_reply(house: House, api: PrefectApi, key: str, run: str, keyset: Mapping[str, str]) -> bool:
    """Takes what was typed into our store, sealed, and only then deletes it in the engine's; returns whether there
    was anything."""
    typed = api.reply(run, keyset)
    if typed is not None:
        with house.store.begin() as tx:
            tx.runs.keep_reply(key, _key_of(house, tx, _case_of(key)), typed)
    api.delete_form(run, keyset)
    return typed is not None


def _end(house: House, api: PrefectApi, run: Run) -> None:
    """Nobody needs this run any more: what was typed into its form too late is deleted unread."""
    engine_run = api.run(run.flow_run) if run.flow_run else None
    if engine_run is not None:
        if engine_run.state == "RUNNING" and alive(run.owner):
            return
        api.delete_form(engine_run.id, FORM_KEYS)
        if engine_run.state in ("SCHEDULED", "PENDING", "PAUSED"):
            api.set_state(engine_run.id, "CANCELLED", "no longer needed")
    with house.store.begin() as tx:
        tx.runs.end(run.key)


def _key_of(house: House, tx: Transaction, subject: str) -> str:
    """Under which key what was typed is sealed: that of the case's record, or the day's where it is about a part."""
    return tx.cases.row(subject).record_key if subject.startswith("DSAR-") else house.day_key(tx.now)


def _case_of(key: str) -> str:
    """`fulfil/DSAR-2026-0001/2` -> the case."""
    return key.split("/")[1]


def mark_orphans(api: PrefectApi, started: datetime) -> int:
    """At the start of the serving process nothing of ours runs yet: what the engine still believes to be running was
    killed. Returns how many runs were marked as crashed."""
    lost = api.runs("RUNNING", "PENDING")
    for run in lost:
        api.set_state(run.id, "CRASHED", f"its process was gone at {started.isoformat(timespec='seconds')}")
    return len(lost)
