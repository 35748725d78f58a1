"""`auskunft audit`: facts that somebody rewrote in the database, told without a value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cases.case import FIRST, link
from desk.main import app
from flows import wiring
from infra.store.evidence import BEGINS
from tests.flows import steps
from tests.flows.house import World

Auskunft = Callable[..., Result]


@pytest.fixture
def auskunft(world: World, monkeypatch: pytest.MonkeyPatch) -> Auskunft:
    @contextmanager
    def open_house(*_: object) -> Iterator[object]:
        yield world.house

    monkeypatch.setattr(wiring, "open_house", open_house)
    for name in ("MAIL_PASSWORD", "PREFECT_AUTH"):
        monkeypatch.setenv(name, "user:invented")
    config = str(world.folder / "auskunft.toml")
    return lambda *words: CliRunner().invoke(app, [*words, "--config", config])


def outside(world: World, statement: str) -> None:
    """With a tool of their own, which knows no keys between tables."""
    with closing(sqlite3.connect(world.folder / "data" / "auskunft.db", isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_rewritten_fact_is_told_with_its_case_and_step_and_without_its_value(
    world: World, auskunft: Auskunft
) -> None:
    case = steps.sent(world)
    good = auskunft("audit", "verify")
    assert good.exit_code == 0, good.output
    head = good.stdout.split()[-1]
    outside(world, "UPDATE cases SET received_at = '2026-03-09 11:00:00.000000'")
    outside(world, f"UPDATE packages SET sha256 = '{'0' * 64}'")
    for bad in (auskunft("audit", "verify"), auskunft("audit", "verify", "--head", head)):
        assert bad.exit_code == 1
        (receipt,) = (line for line in bad.stdout.splitlines() if line.startswith(f"{case}: receipt"))
        assert "since step 2 (status:acknowledged, 2026-03-02T11:00:00+00:00)" in receipt
        (package,) = (line for line in bad.stdout.splitlines() if line.startswith(f"{case}: packages"))
        assert "(status:sealed," in package
        assert "2026-03-09" not in bad.stdout and "0" * 64 not in bad.stdout


def test_what_the_program_met_and_what_was_put_in_or_removed_is_told(world: World, auskunft: Auskunft) -> None:
    case = steps.in_review(world)
    outside(world, "UPDATE cases SET language = 'en'")
    with world.house.store.begin() as tx:
        tx.cases.row(case).channel = "letter"
    outside(
        world,
        'INSERT INTO clock_questions ("case", number, reason, asked_at) '
        f"VALUES ('{case}', 1, 'identity', '2026-03-02 11:00:00.000000')",
    )
    told = auskunft("audit", "verify").stdout
    assert "had been changed outside of the program when step" in told
    assert "clock (questions that may suspend the period) was put in outside of the program" in told
    outside(world, "DELETE FROM cases")
    gone = auskunft("audit", "verify")
    assert gone.exit_code == 1
    assert f"{case}: there are steps, but the case itself was removed" in gone.stdout


def test_who_and_why_that_were_taken_away_are_missed(world: World, auskunft: Auskunft) -> None:
    case = steps.sent(world)
    head = auskunft("audit", "verify").stdout.split()[-1]
    outside(world, "UPDATE events SET sealed_detail = NULL")
    bad = auskunft("audit", "verify", "--head", head)
    assert bad.exit_code == 1
    assert f"{case}: the history was changed at step 1" in bad.stdout


def test_the_record_shows_the_digests_of_the_facts_and_whether_they_still_hold(
    world: World, auskunft: Auskunft
) -> None:
    case = steps.sent(world)
    outside(world, "UPDATE drafts SET state = 'waiting'")
    record = json.loads(auskunft("audit", "export", case).stdout)
    facts = {one["part"]: one for one in record["facts"]}
    assert {part for part, one in facts.items() if not one["as_fixed"]} == {"drafts"}
    last = next(event for event in reversed(record["events"]) if "drafts:" in event["facts"])
    assert facts["drafts"]["since_step"] == last["seq"]
    assert f"drafts:{facts['drafts']['hmac_sha256']}" in last["facts"].split()
    previous = FIRST
    for event in record["events"]:  # as whoever gets the record checks it
        said = (event["what"], event["commitment"], previous, event["facts"])
        previous = link(case, event["seq"], datetime.fromisoformat(event["at"]), *said)
        assert previous == event["hash"]


def test_cases_that_began_with_an_update_are_counted(world: World, auskunft: Auskunft) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        tx.cases.note(case, BEGINS)
    done = auskunft("audit", "verify")
    assert done.exit_code == 0
    assert "1 cases have facts that are fixed only since 2026-03-02" in done.stdout
