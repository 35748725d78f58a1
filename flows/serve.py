"""The serving process: `python -m flows.serve`. It offers the deployments and starts a process for each run."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from prefect import Flow, aserve
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Interval, Schedule
from prefect.types.entrypoint import EntrypointType

from flows import pipeline
from flows.api import PrefectApi
from flows.engine import mark_orphans
from flows.mail_watch import watching
from flows.wiring import open_api, settings_in_use
from infra.lifeline import follow_parent
from infra.settings import Settings

TIDY_SECONDS = 60
FIRST_POLL = timedelta(seconds=8)  # after the start: the engine plans the runs of a new deployment within five seconds
ENGINE_SECONDS = 120  # a server that was killed is started again at the same time as this process
AT_ONCE = 4  # runs at the same time: each is a process of some 150 MB


def main() -> None:
    os.umask(0o077)
    follow_parent()
    settings = settings_in_use()
    with open_api(settings) as api:
        if not _answers(api):
            sys.exit(f"auskunft: Prefect's API at {settings.prefect_api} does not answer; see its messages above")
        mark_orphans(api, datetime.now(UTC))
        api.cancel_late(datetime.now(UTC))
    with watching(settings):
        asyncio.run(_serve(settings))


def _answers(api: PrefectApi) -> bool:
    give_up = time.monotonic() + ENGINE_SECONDS
    while not api.healthy():
        if time.monotonic() > give_up:
            return False
        threading.Event().wait(0.5)
    return True


async def _serve(settings: Settings) -> None:
    await aserve(*await deployments(settings), limit=AT_ONCE, pause_on_shutdown=False, print_starting_message=False)


async def deployments(settings: Settings) -> list[RunnerDeployment]:
    zone, at = settings.controller.timezone, settings.report.at
    every = timedelta(seconds=settings.mailbox.poll_seconds)
    scheduled = [
        (pipeline.intake, Interval(every, anchor_date=datetime.now(UTC) + FIRST_POLL)),
        (pipeline.tidy, Interval(timedelta(seconds=TIDY_SECONDS))),
        (pipeline.report, Cron(f"{at.minute} {at.hour} * * *", timezone=zone)),
        (pipeline.retention, Cron("30 3 * * *", timezone=zone)),
    ]
    found = [await _deployment(item, schedule) for item, schedule in scheduled]
    return found + [
        await _deployment(item, None) for item in (pipeline.collect, pipeline.fulfil, pipeline.ask, pipeline.alarm)
    ]


async def _deployment(item: Flow[..., str], schedule: Schedule | None) -> RunnerDeployment:
    """Module paths, not file paths: a file's folder would land on `sys.path` and its modules over the library's."""
    return await item.ato_deployment(
        name=item.name,
        schedule=schedule,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


if __name__ == "__main__":
    main()
