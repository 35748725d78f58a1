"""`auskunft case letters` and `case answer`, and what `case show` tells of a proxy."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.case import Status
from desk import letters
from flows.identify import identify_all
from flows.inbox import poll
from tests.desk.test_cases import Auskunft, auskunft, refused
from tests.flows.house import REVIEWER, World
from tests.flows.letters import ERASURE, from_agency, from_lawyer, letter

__all__ = ["auskunft"]  # the fixture


def lawyers_case(world: World) -> str:
    world.arrives(from_lawyer())
    poll(world.house)
    identify_all(world.house)
    return world.cases()[0].number


def test_a_question_is_answered_by_command_as_by_its_form(world: World, auskunft: Auskunft) -> None:
    case = lawyers_case(world)
    said = ("--decision", "checked", "--receives", "proxy", "--by", REVIEWER)
    refused(auskunft("case", "answer", case, "authority", *said), "Name und Prüfweg")
    assert "recorded" in auskunft("case", "answer", case, "authority", *said, "--how", "Original gesehen").stdout
    assert world.case(case).status is Status.ACKNOWLEDGED
    shown = auskunft("case", "show", case).stdout
    assert "empfängt die Antwort" in shown
    assert "lawyer" in shown


def test_the_mail_of_every_case_that_it_opened_can_be_read(
    world: World, auskunft: Auskunft, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.arrives(from_agency())
    poll(world.house)
    seen: dict[str, bytes] = {}
    original = letters.in_memory

    def watched(files: dict[str, bytes]):  # type: ignore[no-untyped-def]
        seen.update(files)
        return original(files)

    monkeypatch.setattr(letters, "in_memory", watched)
    second = world.cases()[1].number
    shown = auskunft("case", "letters", second, "--as", REVIEWER)
    assert shown.exit_code == 0, shown.output
    assert list(seen.values()) == [from_agency()]
    assert "letters_read" in world.steps(second)
    folder = Path(shown.stdout.splitlines()[0])
    assert not folder.exists()
    assert f"{world.cases()[0].number}" in auskunft("case", "show", second).stdout


def test_an_erasure_is_not_done_before_access_unless_somebody_says_so(world: World, auskunft: Auskunft) -> None:
    world.arrives(letter(1))
    world.arrives(letter(2, ERASURE, subject="Löschung"))
    poll(world.house)
    _, erasure = world.cases()
    shown = auskunft("case", "show", erasure.number).stdout
    assert "vorher nichts löschen" in shown
    done = ("case", "done", erasure.number, "--by", REVIEWER, "--reason", "im CRM gelöscht, Brief vom 3. März")
    refused(auskunft(*done), "although-access-is-open")
    assert auskunft(*done, "--although-access-is-open").exit_code == 0
    assert world.case(erasure.number).status is Status.ANSWERED
