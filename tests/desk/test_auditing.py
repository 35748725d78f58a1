"""`auskunft audit`: facts that somebody rewrote in the database, told without a value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cases.case import FIRST, Event, link
from cases.draft import Decision, DecisionKind
from cases.identifiers import Identifier, Kind
from cases.knowledge import Learned
from desk.auditing import links_in
from desk.main import app
from flows import wiring
from flows.answer import package_and_queue
from flows.correcting import correct
from flows.dispatch import hand_over
from flows.record import keep_record
from flows.retain import retain
from infra.store.evidence import BEGINS
from infra.store.knowledge import State
from tests.flows import steps
from tests.flows.house import NOON, RELEASER, REVIEWER, World, finding
from tests.flows.test_correcting import answered_again
from tests.flows.test_delivering import FakeCloud, by_link, goes_round

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


def decided(world: World) -> str:
    """Answered, with something that is held back and something that is somebody else's."""
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        tx.findings.keep_all(row, [(finding(f"orders/{number}"), ()) for number in (7, 8)], "pass")
        *_, number, other = (kept.number for kept in tx.findings.all(row))
        tx.findings.decide(row, number, Decision(DecisionKind.WITHHOLD, RELEASER, NOON, "art-15-4: Gehalt"))
        tx.findings.decide(row, other, Decision(DecisionKind.EXCLUDE, RELEASER, NOON, "Namensvetter"))
        tx.proposals.add(row, [Learned(Identifier(Kind.PHONE, "030 23125 001"), "crm", "1", ())])
        tx.proposals.decide(row, 1, State.ACCEPTED, RELEASER, "")
    answered_again(world, case)
    return case


PROOF = ("register_version", "systems", "identifiers", "findings", "grounds", "mails", "searches")


def test_the_record_says_after_the_material_is_gone_what_it_said_before(world: World, auskunft: Auskunft) -> None:
    """For three years it is all that proves the answer; nothing of the person is in it."""
    case = decided(world)
    before = json.loads(auskunft("audit", "export", case).stdout)
    retain(world.house)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    text = auskunft("audit", "export", case).stdout
    after = json.loads(text)
    assert {part: after[part] for part in PROOF} == {part: before[part] for part in PROOF}
    assert (before["answer_proof"]["state"], after["answer_proof"]["state"]) == ("current", "kept")
    (crm,) = (one for one in after["systems"] if one["system"] == "crm")
    assert (crm["state"], crm["records"], crm["findings"], crm["gaps"]) == ("searched", 100, 1, 0)
    assert crm["kinds"]
    assert after["findings"] == {"": 1, "exclude": 1, "withhold": 1}
    assert after["grounds"] == {"art-15-4": 1}
    assert after["identifiers"] == [{"kind": "phone", "state": "accepted", "count": 1}]
    (answer,) = (mail for mail in after["mails"] if mail["kind"] == "answer")
    assert (answer["what"], answer["state"]) == ("answer", "sent")
    assert answer["sent_at"]
    sent = next(step for step in after["delivery"] if step["what"].startswith("sent:answer"))
    assert answer["message_id_sha256"] == sent["message_id_sha256"]
    proof = json.dumps({part: after[part] for part in PROOF}, ensure_ascii=False)
    assert not any(word in proof for word in ("Lena", "Krüger", "@", "23125", "Gehalt", "Namensvetter"))
    assert auskunft("audit", "verify").exit_code == 0
    outside(world, "UPDATE records SET told = '{}'")
    bad = auskunft("audit", "verify")
    assert bad.exit_code == 1
    assert f"{case}: record (what stays of the answer" in bad.stdout


def test_the_record_says_when_a_link_was_made_how_long_it_was_promised_and_when_it_was_taken_back(
    world: World, auskunft: Auskunft
) -> None:
    """A correction ends the link of the answer before; what the person was promised then stays as it was."""
    world.house = replace(world.house, cloud=FakeCloud())  # type: ignore[arg-type]
    case = by_link(world)
    goes_round(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    (first,) = links_of(auskunft, case)
    made, until = datetime.fromisoformat(first["made_at"]), date.fromisoformat(first["promised_until"])
    assert (first["version"], first["taken_back_at"]) == (1, None)
    assert made.date() < until
    world.clock.move(days=2)
    with world.house.store.begin() as tx:
        correct(tx, case, REVIEWER, "Bestellung 4 ist von jemand anderem")
    world.clock.move(hours=1)
    taken_back = world.clock.now().isoformat()
    goes_round(world)
    assert links_of(auskunft, case) == [{**first, "taken_back_at": taken_back}]
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    goes_round(world)
    old, new = links_of(auskunft, case)
    assert old == {**first, "taken_back_at": taken_back}
    assert (new["version"], new["taken_back_at"]) == (2, None)
    assert new["promised_until"] > old["promised_until"]


@pytest.mark.parametrize(
    ("said", "gone"), [("version 1", [True, False]), ("version 2", [False, True]), ("", [True, True])]
)
def test_a_link_is_taken_back_by_the_step_that_names_its_version(said: str, gone: list[bool]) -> None:
    """The file of the first may be deleted long after the second was made. Steps of before name none."""
    whats = (("link_made:2026-03-16", "version 1"), ("link_made:2026-03-20", "version 2"), ("link_gone", said))
    events = [Event("c", seq, NOON, what, "", "", "", why=why) for seq, (what, why) in enumerate(whats, start=1)]
    assert [bool(one["taken_back_at"]) for one in links_in(events)] == gone


def links_of(auskunft: Auskunft, case: str) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = json.loads(auskunft("audit", "export", case).stdout)["links"]
    return links


def test_of_material_that_went_before_anything_was_kept_nothing_is_said(world: World, auskunft: Auskunft) -> None:
    """Neither that it was searched nor that it was not."""
    case = decided(world)
    retain(world.house)
    world.clock.move(days=31)
    retain(world.house)
    outside(world, "DELETE FROM records")
    for _ in range(2):
        told = json.loads(auskunft("audit", "export", case).stdout)
        assert told["answer_proof"] == {"state": "not_kept", "as_of": None}
        assert {part: told[part] for part in PROOF[:-1]} == dict.fromkeys(PROOF[:-1])
        with world.house.store.begin() as tx:
            keep_record(world.house, tx, case)  # a second night finds nothing to keep


def test_cases_that_began_with_an_update_are_counted(world: World, auskunft: Auskunft) -> None:
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        tx.cases.note(case, BEGINS)
    done = auskunft("audit", "verify")
    assert done.exit_code == 0
    assert "1 cases have facts that are fixed only since 2026-03-02" in done.stdout
