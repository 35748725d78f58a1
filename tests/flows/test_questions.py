"""Questions to people: what their answers do, and that a bad one changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cases.case import Status
from cases.coverage import ASKED_BEFORE, CellState, coverage
from cases.draft import DecisionKind
from cases.identifiers import Identifier, Kind, Origin
from cases.request import Right
from flows import draft as drafts
from flows.by_hand import ByHand, CannotAdd, add
from flows.collect import finish, search_again, search_source
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.inbox import poll
from flows.knowledge import Yes, accept
from flows.questions import answer, parse
from flows.refusal import Reasons
from infra.store.work import Question
from tests.flows import steps
from tests.flows.house import (
    LENA,
    PAPER,
    RELEASER,
    REVIEWER,
    ROPA,
    World,
    build_world,
    contact,
    mail,
)

UNCLEAR = mail("Frage", "Ich habe eine Frage zu meinen personenbezogenen Daten, bitte um Rückruf.\n\nLena Krüger\n")


@pytest.fixture
def with_paper(tmp_path: Path, empty_database: Path):  # type: ignore[no-untyped-def]
    made = build_world(tmp_path / "house", empty_database, ropa=ROPA + PAPER)
    yield made
    made.house.close()


def only(world: World, case: str, kind: str) -> Question:
    with world.house.store.begin() as tx:
        (asked,) = (item for item in tx.questions.open_ones(case) if item.kind == kind)
    return asked


def say(world: World, case: str, kind: str, **typed: str) -> str:
    asked = only(world, case, kind)
    with world.house.store.begin() as tx:
        return answer(world.house, tx, asked, {"by": REVIEWER, **typed})


def test_a_mail_said_to_be_a_request_is_acknowledged_and_its_clock_has_run_all_along(world: World) -> None:
    case = steps.acknowledged(world, UNCLEAR)
    due = world.case(case).due
    world.clock.move(days=9)
    assert say(world, case, "triage", decision="access") == ""
    assert world.case(case).status is Status.ACKNOWLEDGED
    assert world.case(case).due == due
    dispatch(world.house)
    assert world.post.to(LENA)


def test_a_mail_said_to_ask_for_something_else_goes_to_a_person(world: World) -> None:
    case = steps.acknowledged(world, UNCLEAR)
    assert say(world, case, "triage", decision=Right.ERASURE) == ""
    assert (world.case(case).status, world.case(case).right) == (Status.WITH_PERSON, "erasure")


def test_a_mail_said_to_be_no_request_ends_and_is_not_answered(world: World) -> None:
    case = steps.acknowledged(world, UNCLEAR)
    assert say(world, case, "triage", decision="not_a_request", note="Werbung") == ""
    assert world.case(case).status is Status.NOT_A_REQUEST
    dispatch(world.house)
    assert world.post.sent == []


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("triage", {}, "no_decision"),
        ("triage", {"decision": "yes"}, "no_decision"),
        ("triage", {"decision": "access", "by": ""}, "by_needed"),
        ("identity", {}, "no_decision"),
        ("identity", {"decision": "checked", "how": "x"}, "record_number_needed"),
        ("identity", {"decision": "checked", "how": "x", "record": "²"}, "record_number_needed"),
        ("identity", {"decision": "checked", "how": "x", "record": "9" * 5000}, "record_number_needed"),
        ("identity", {"decision": "checked", "how": "x", "record": "7"}, "no_such_record"),
        ("identity", {"decision": "checked", "how": "", "record": "0"}, "by_and_how_needed"),
        ("handover", {}, "no_channel"),
        ("handover", {"channel": "mail"}, "no_channel"),
    ],
)
def test_an_answer_that_says_nothing_changes_nothing_and_is_asked_again(
    world: World, kind: str, typed: dict[str, str], code: str
) -> None:
    case = waiting_with(world, kind)
    before = world.case(case).status
    assert say(world, case, kind, **typed) == code
    assert world.case(case).status is before
    assert only(world, case, kind).note == code


def waiting_with(world: World, kind: str) -> str:
    match kind:
        case "triage":
            return steps.acknowledged(world, UNCLEAR)
        case "identity":
            number = steps.acknowledged(world, mail(auth=""))
            identify_all(world.house)
            return number
        case _:
            return steps.sent(world)


def test_a_question_that_was_settled_meanwhile_is_left_alone(world: World) -> None:
    case = steps.acknowledged(world, UNCLEAR)
    asked = only(world, case, "triage")
    assert say(world, case, "triage", decision="access") == ""
    with world.house.store.begin() as tx:
        again = tx.questions.get(asked.id)
        assert answer(world.house, tx, again, {"by": REVIEWER, "decision": "not_a_request"}) == ""
    assert world.case(case).status is Status.ACKNOWLEDGED


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"x"', "[" * 100_000])
def test_a_foreign_form_is_an_empty_one(text: str) -> None:
    assert parse(text) == {}


def test_a_checked_identity_goes_on_to_collecting(world: World) -> None:
    case = waiting_with(world, "identity")
    assert say(world, case, "identity", decision="checked", how="am Telefon", record="1") == ""
    assert world.case(case).status is Status.COLLECTING


def search(world: World) -> None:
    for name in world.house.sources:
        search_source(world.house, name)
    finish(world.house)


def is_complete(world: World, case: str) -> bool:
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        cells = coverage(world.house.register, tx.findings.logs(case), tx.findings.hand_answers(row))
    return not any(cell.open for cell in cells)


def test_a_system_asked_by_hand_holds_completeness_back_until_a_named_person_answers(with_paper: World) -> None:
    world = with_paper
    case = steps.collecting(world)
    search(world)
    assert world.waiting(case) == {("by_hand", "paper")}
    assert only(world, case, "by_hand").due.isoformat() == "2026-03-07"
    assert steps.release(world, case) == "nothing_held_but_open"
    assert not is_complete(world, case)
    assert say(world, case, "by_hand", decision="nothing", note="alle Ordner") == ""
    assert is_complete(world, case)
    assert steps.release(world, case) == ""


def test_found_by_hand_is_not_said_before_it_was_added_nor_nothing_after(with_paper: World, tmp_path: Path) -> None:
    world = with_paper
    case = steps.collecting(world)
    search(world)
    assert say(world, case, "by_hand", decision="added") == "nothing_added_yet"
    page = tmp_path / "seite.pdf"
    page.write_bytes(b"%PDF-1.7 erfunden")
    with world.house.store.begin() as tx:
        asked = tx.questions.open_ones(case)[0]
    assert add(world.house, case, ByHand("paper", RELEASER, "Ordner 7", (page,))) == 1
    assert world.waiting(case) == set()
    with world.house.store.begin() as tx:
        tx.questions.ask(case, "by_hand", asked.due, "paper")
    assert say(world, case, "by_hand", decision="nothing") == "something_was_added"
    assert say(world, case, "by_hand", decision="added") == ""
    with world.house.store.begin() as tx:
        (kept,) = tx.findings.all(tx.cases.row(case))
    assert (kept.source, kept.finding.files[0].name) == ("paper", "seite.pdf")
    assert is_complete(world, case)


def add_number(world: World, case: str) -> None:
    """The person writes once more and states another number of theirs."""
    world.clock.move(days=2)
    text = "Guten Tag,\n\nmeine Kundennummer ist K-4711.\n\nLena Krüger\n"
    world.arrives(mail(f"Re: [{case}] Auskunft", text, message_id="<2@mail.example>"))
    poll(world.house)
    with world.house.store.begin() as tx:
        assert tx.cases.row(case).learned_at == tx.now


def search_once_more(world: World, case: str) -> None:
    world.clock.move(days=1)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "noch einmal")
    steps.search_all(world)


def of_paper(world: World, case: str) -> tuple[CellState, str, int]:
    with world.house.store.begin() as tx:
        (cell,) = [one for one in drafts.current(world.house, tx, case)[1].cells if one.system.key == "paper"]
        (known,) = tx.facts.hand_answers()[case]
    assert known.outdated is (cell.code == ASKED_BEFORE)
    return cell.state, cell.code, cell.findings


def test_an_answer_by_hand_does_not_count_for_what_was_learned_later(with_paper: World, tmp_path: Path) -> None:
    world = with_paper
    case = steps.in_review(world, holding=False)
    page = tmp_path / "seite.pdf"
    page.write_bytes(b"%PDF-1.7 erfunden")
    add(world.house, case, ByHand("paper", RELEASER, "Ordner 7", (page,)))
    add_number(world, case)
    search_once_more(world, case)
    assert of_paper(world, case) == (CellState.OPEN, ASKED_BEFORE, 1)
    assert world.waiting(case) == {("by_hand", "paper")}
    world.clock.move(minutes=5)
    assert say(world, case, "by_hand", decision="added", note="noch einmal alle Ordner") == ""
    assert of_paper(world, case) == (CellState.ANSWERED, "", 1)
    assert is_complete(world, case)


def test_nothing_held_is_not_said_while_nobody_has_looked_for_what_was_learned(with_paper: World) -> None:
    world = with_paper
    case = steps.in_review(world, holding=False)
    assert say(world, case, "by_hand", decision="nothing") == ""
    add_number(world, case)
    search_once_more(world, case)
    assert steps.release(world, case) == "nothing_held_but_open"


def test_a_search_again_without_anything_new_keeps_the_answer_by_hand(with_paper: World) -> None:
    world = with_paper
    case = steps.in_review(world, holding=False)
    assert say(world, case, "by_hand", decision="nothing") == ""
    search_once_more(world, case)
    assert of_paper(world, case) == (CellState.ANSWERED, "", 0)
    assert world.waiting(case) == set()


def test_an_accepted_proposal_asks_by_hand_again(with_paper: World) -> None:
    world = with_paper
    known = contact()
    phone = Identifier(Kind.PHONE, "030 23125 011", Origin.FOUND)
    world.crm.contacts = [replace(known, identifiers=(*known.identifiers, phone))]
    case = steps.in_review(world, holding=False)
    assert say(world, case, "by_hand", decision="nothing") == ""
    world.clock.move(minutes=5)
    assert accept(world.house, case, Yes(REVIEWER)) == 1
    steps.search_all(world)
    assert of_paper(world, case) == (CellState.OPEN, ASKED_BEFORE, 0)
    assert world.waiting(case) == {("by_hand", "paper")}


@pytest.mark.parametrize(
    ("answered", "message"),
    [
        (ByHand("garage", RELEASER), "no system of the register"),
        (ByHand("paper", " "), "say who answers"),
        (ByHand("paper", RELEASER, "", (Path("/nowhere/x.pdf"),)), "cannot be read"),
    ],
)
def test_what_cannot_be_added_is_refused_with_what_to_do(with_paper: World, answered: ByHand, message: str) -> None:
    case = steps.collecting(with_paper)
    with pytest.raises(CannotAdd, match=message):
        add(with_paper.house, case, answered)
    assert with_paper.waiting(case) == set()


def test_nothing_is_added_to_an_answer_that_is_approved(world: World) -> None:
    case = steps.approved(world)
    with pytest.raises(CannotAdd, match="approved"):
        add(world.house, case, ByHand("cloud", RELEASER))


def test_two_files_of_one_name_are_two_findings(with_paper: World, tmp_path: Path) -> None:
    """`scan.pdf` from two folders: the second must not take the place of the first."""
    world = with_paper
    case = steps.collecting(world)
    search(world)
    paths = []
    for folder, content in (("a", b"eins"), ("b", b"zwei")):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "scan.pdf"
        path.write_bytes(content)
        paths.append(path)
    assert add(world.house, case, ByHand("paper", RELEASER, "", tuple(paths))) == 2
    with world.house.store.begin() as tx:
        kept = tx.findings.all(tx.cases.row(case))
    assert sorted(world.house.vault.open(item.finding.files[0].blob).read() for item in kept) == [b"eins", b"zwei"]


def test_a_refused_person_without_an_address_is_a_matter_for_a_person(world: World) -> None:
    case = steps.acknowledged(world, mail(sender="Webseite <noreply@nordlicht.example>"))
    letter = steps.refuse(world, case, Reasons("not_identifiable"), "zum dritten Mal in einer Woche")
    assert "Verglichen haben wir: " in letter or letter == ""
    dispatch(world.house)
    assert (case, "mail_refused") in world.alarms()
    assert world.case(case).open


def test_an_excluded_finding_stays_out_and_a_withheld_one_needs_a_ground(world: World) -> None:
    case = steps.in_review(world)
    world.decide(case, 1, DecisionKind.WITHHOLD)
    assert steps.release(world, case) == "withheld_without_ground"
    world.decide(case, 1, DecisionKind.EXCLUDE)
    assert steps.release(world, case) == ""
