"""What of destroyed cases is left outside is named for a person, who deletes it by hand and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.leftovers import NOTHING, outside_health, record_deleted, what_is_left
from flows.outside import owed
from flows.retain import retain
from tests.flows.house import LENA, RELEASER, REVIEWER, World
from tests.flows.test_delivering import FakeCloud
from tests.flows.test_retain import answered
from tests.flows.test_retain_outside import LEFT, linked

HOW = "das Postfach ist abgeschafft, der Server gelöscht"


def test_nothing_is_left_of_what_could_be_reached(world: World) -> None:
    answered(world)
    retain(world.house)
    world.clock.move(days=31)
    retain(world.house)
    assert what_is_left(world.house) == NOTHING
    assert outside_health(world.house).ok


def test_mails_in_a_mailbox_that_is_no_more(world: World) -> None:
    case = answered(world)
    retain(world.house)
    world.clock.move(days=31)
    world.box.trouble = "refused"
    retain(world.house)
    lines = what_is_left(world.house).splitlines()
    said = outside_health(world.house)
    assert not said.ok
    assert all(line in said.advice for line in lines)
    assert any("Auskunft, 2026-03-02 11:00 UTC, UID" in line for line in lines)
    for raw, _ in world.post.sent:
        message_id = raw.split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()
        assert any(message_id in line for line in lines)
    assert LENA not in said.advice + "".join(lines)
    with pytest.raises(SystemExit):
        record_deleted(world.house, [lines[0][:8]], "Niemand", HOW)
    with pytest.raises(SystemExit):
        record_deleted(world.house, ["00000000"], REVIEWER, HOW)
    assert what_is_left(world.house).splitlines() == lines
    record_deleted(world.house, [lines[0][:8]], REVIEWER, HOW)
    assert what_is_left(world.house).splitlines() == lines[1:]
    assert LEFT in world.alarms()
    record_deleted(world.house, [line[:8] for line in lines[1:]], RELEASER, HOW)
    assert what_is_left(world.house) == NOTHING
    assert LEFT not in world.alarms()
    with world.house.store.begin() as tx:
        said_by = [(event.who, event.why) for event in tx.cases.history(case) if event.what.startswith("deleted_")]
    assert said_by == [(REVIEWER, HOW), *[(RELEASER, HOW)] * (len(lines) - 1)]


@pytest.mark.parametrize("years", [0, 5])
def test_a_file_in_a_nextcloud_that_is_no_more(world: World, years: int) -> None:
    made = FakeCloud()
    world.house = replace(world.house, cloud=made)  # type: ignore[arg-type]
    case = linked(world)
    (folder,) = made.files
    world.house = replace(world.house, cloud=None)
    world.clock.move(days=40 + 365 * years)
    retain(world.house)
    retain(world.house)
    (line,) = what_is_left(world.house).splitlines()
    assert folder in line
    assert (case in line) is (years == 0)
    record_deleted(world.house, [line[:8]], REVIEWER, HOW)
    retain(world.house)
    assert not {"left_outside", "link_not_taken_back"} & {code for _, code in world.alarms()}
    with world.house.store.begin() as tx:
        assert owed(tx) == ()
