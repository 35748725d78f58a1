"""A breach has a clock of its own; the data are those of the first search, and what changed since is noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import orjson
import pytest

from cases.breach import Outcome
from cases.case import Status
from cases.draft import Decision, DecisionKind, Item
from cases.finding import Finding, Other, Part, Span, Strength
from cases.identifiers import Kind
from flows import draft as drafts
from flows.breach import NoBreach, end_breach, open_breach
from flows.collect import search_again
from flows.dispatch import dispatch, hand_over
from flows.questions import answer
from flows.watch import watch
from infra.store.breaches import NoSuchBreach
from infra.store.findings import digest
from infra.store.sealed import StoredFinding
from outputs.copy_html import html
from outputs.copy_json import json_chunks
from outputs.information import information
from tests.flows import steps
from tests.flows.house import DPO, LENA, REVIEWER, SETTINGS, World, build_world, finding

ADMIN = "technik@nordlicht.example"
FACTS = "Die Antwort ging an die alte Adresse, dort wohnt jemand anders"


@pytest.fixture
def holding(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    made = build_world(tmp_path / "house", empty_database, settings=SETTINGS + f'[hold]\nrecipients = ["{ADMIN}"]\n')
    yield made
    made.house.close()


def opened(world: World, case: str, hours_ago: float = 0) -> None:
    with world.house.store.begin() as tx:
        open_breach(world.house, tx, case, REVIEWER, FACTS, tx.now - timedelta(hours=hours_ago))


def test_a_breach_is_told_at_once_on_its_last_day_and_when_it_is_late(world: World) -> None:
    case = steps.sent(world)
    world.clock.move(hours=10)
    opened(world, case, hours_ago=2)
    standing = []
    for hours in (0, 45, 2, 24):
        world.clock.move(hours=hours)
        watch(world.house)
        standing.append({code for subject, code in world.alarms() if code.startswith("breach")})
    assert standing == [{"breach_open"}, {"breach_open"}, {"breach_due"}, {"breach_overdue"}]
    assert (("breach", "1")) in world.waiting(case)


def told(world: World) -> int:
    """How many mails whoever looks after the alarms has got."""
    watch(world.house)
    dispatch(world.house)
    return len(world.post.to(DPO))


def test_of_two_breaches_the_most_urgent_rules_and_each_is_told_once(world: World) -> None:
    case = steps.sent(world)
    opened(world, case)
    world.clock.move(hours=80)
    before = told(world)
    world.clock.move(minutes=10)
    opened(world, case)
    counts = []
    for _ in range(4):
        world.clock.move(minutes=10)
        counts.append(told(world))
    assert counts == [before + 1] * 4
    assert {code for _, code in world.alarms() if code.startswith("breach")} == {"breach_overdue"}
    with world.house.store.begin() as tx:
        end_breach(tx, case, 1, Outcome.NOTIFIED, REVIEWER, "", None)
    assert told(world) == told(world) == before + 2
    assert {code for _, code in world.alarms() if code.startswith("breach")} == {"breach_open"}


def test_only_a_persons_record_ends_it(world: World) -> None:
    case = steps.sent(world)
    opened(world, case)
    with world.house.store.begin() as tx:
        (question,) = (item for item in tx.questions.open_ones(case) if item.kind == "breach")
        typed = {"decision": "not_notifiable", "by": REVIEWER, "reason": "kurz"}
        assert answer(world.house, tx, question, typed) == "breach_reason"
        assert (
            answer(world.house, tx, question, typed | {"decision": "notified", "notified_at": "morgen"})
            == "breach_moment"
        )
        assert answer(world.house, tx, question, typed | {"decision": "notified"}) == ""
        (breach,) = tx.breaches.of_case(case)
    assert (breach.outcome, breach.open) == ("notified", False)
    watch(world.house)
    assert not any(code.startswith("breach") for _, code in world.alarms())
    assert ("breach", "1") not in world.waiting(case)
    with world.house.store.begin() as tx, pytest.raises(NoSuchBreach):
        end_breach(tx, case, 1, Outcome.NOTIFIED, REVIEWER, "", None)


@pytest.mark.parametrize(("facts", "hours_ago"), [("kurz", 0), (FACTS, -1), (FACTS, 24 * 400)])
def test_a_breach_needs_facts_and_a_possible_moment(world: World, facts: str, hours_ago: float) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx, pytest.raises(NoBreach):
        open_breach(world.house, tx, case, REVIEWER, facts, tx.now - timedelta(hours=hours_ago))


def test_an_answer_that_reached_somebody_else_opens_one_from_the_form_and_is_reviewed_again(world: World) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.DELIVERY_UNCERTAIN)
        question = tx.questions.ask(case, "delivery", tx.cases.get(case).due)
        assert answer(world.house, tx, question, {"decision": "wrong_person", "by": REVIEWER, "how": FACTS}) == ""
    assert world.case(case).status is Status.REVIEW
    assert (case, "breach_open") in world.alarms()


def test_a_breach_can_be_reported_after_the_case_has_ended(world: World) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    opened(world, case)
    watch(world.house)
    assert (case, "breach_open") in world.alarms()


def test_administrators_are_asked_once_and_told_when_it_is_over(holding: World) -> None:
    case = steps.collecting(holding)
    for _ in range(2):
        watch(holding.house)
    dispatch(holding.house)
    (mail,) = (message_from_bytes(raw, policy=default) for raw in holding.post.to(ADMIN))
    assert case in mail["Subject"] and not any(word in str(mail).casefold() for word in ("lena", "krüger", LENA))
    with holding.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN, REVIEWER, "Anruf")
    for _ in range(2):
        watch(holding.house)
    dispatch(holding.house)
    assert len(holding.post.to(ADMIN)) == 2
    assert {"hold:asked", "hold:lifted"} <= set(holding.steps(case))


def searched_twice(world: World) -> str:
    """One record stays, one changes, one vanishes, one comes."""
    world.crm.holds[LENA] = [finding("a"), finding("b", value="vorher"), finding("c")]
    case = steps.in_review(world)
    world.clock.move(days=3)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "noch einmal")
    world.crm.holds[LENA] = [finding("a"), finding("b", value="nachher"), finding("d")]
    steps.search_all(world)
    return case


def test_what_changed_between_two_searches_is_noted_and_nothing_is_lost(world: World) -> None:
    case = searched_twice(world)
    with world.house.store.begin() as tx:
        _, draft = drafts.current(world.house, tx, case)
    changes = {item.locator: item.change for item in draft.items}
    assert changes == {"a": "", "b": "changed", "c": "vanished", "d": "new"}
    (changed,) = (item for item in draft.items if item.change == "changed")
    assert [field.value for field in changed.earlier] == ["vorher"]
    assert [field.value for field in changed.fields] == ["nachher"]
    assert draft.first_snapshot_at is not None and draft.first_snapshot_at < draft.snapshot_at


def test_the_letter_and_the_copy_say_so(world: World) -> None:
    case = searched_twice(world)
    with world.house.store.begin() as tx:
        _, draft = drafts.current(world.house, tx, case)
    letter = str(asdict(information(draft)))
    assert "Was sich seit der Suche geändert hat" in letter and "2. März 2026" in letter
    assert "Was sich seit" not in str(asdict(information(replace(draft, items=draft.items[:1]))))
    page = b"".join(html(draft)).decode()
    assert "vorher" in page and "nachher" in page and "nicht mehr vorhanden" in page
    copy = orjson.loads(b"".join(json_chunks(draft)))
    assert [item.get("change", "") for item in copy["items"]] == ["", "changed", "vanished", "new"]
    assert copy["items"][1]["earlier"][0]["value"] == "vorher"


def test_a_record_that_is_as_it_was_again_is_not_noted(world: World) -> None:
    case = searched_twice(world)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "und noch einmal")
    world.crm.holds[LENA] = [finding("a"), finding("b", value="vorher"), finding("c")]
    world.clock.move(minutes=1)
    steps.search_all(world)
    with world.house.store.begin() as tx:
        _, draft = drafts.current(world.house, tx, case)
    assert {item.locator: item.change for item in draft.items} == {"a": "", "b": "", "c": "", "d": "vanished"}


def named(value: str) -> Finding:
    """A record in which somebody else stands where the text says so."""
    start = value.find("Meier")
    people = (Other(Kind.NAME, Part.MENTIONED, "Meier", (Span(0, start, start + 5),)),) if start >= 0 else ()
    return replace(finding("b", value=value), people=people)


def changed_to(world: World, case: str, value: str) -> Item:
    """The only item of the draft after one more search has found this."""
    world.clock.move(days=1)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "noch einmal")
    world.crm.holds[LENA] = [named(value)]
    steps.search_all(world)
    return only_item(world, case)


def only_item(world: World, case: str) -> Item:
    with world.house.store.begin() as tx:
        return drafts.current(world.house, tx, case)[1].items[0]


def decided(world: World, case: str, kind: DecisionKind) -> None:
    with world.house.store.begin() as tx:
        tx.findings.decide(tx.cases.row(case), 1, Decision(kind, REVIEWER, tx.now, "art-15-4"))


def test_what_was_first_found_with_others_in_it_goes_out_only_if_somebody_says_so(world: World) -> None:
    world.crm.holds[LENA] = [named("Frau Meier rief an")]
    case = steps.in_review(world)
    assert changed_to(world, case, "erledigt").undecided
    decided(world, case, DecisionKind.INCLUDE)
    item = only_item(world, case)
    assert item.released and [part.value for part in item.earlier] == ["Frau Meier rief an"]


@pytest.mark.parametrize("kind", [DecisionKind.REDACT, DecisionKind.WITHHOLD, DecisionKind.EXCLUDE])
def test_what_was_kept_back_does_not_return_as_the_earlier_state(world: World, kind: DecisionKind) -> None:
    world.crm.holds[LENA] = [named("die Kollegin ist krank")]
    case = steps.in_review(world)
    decided(world, case, kind)
    for value in ("erledigt", "wirklich erledigt"):
        item = changed_to(world, case, value)
        assert item.undecided and item.earlier == ()
    decided(world, case, DecisionKind.INCLUDE)
    assert only_item(world, case).earlier == ()
    assert changed_to(world, case, "die Kollegin ist krank").undecided


def test_a_decision_is_about_the_earlier_state_too() -> None:
    now, first, other = (StoredFinding("b", (), (("text", value, ""),)) for value in ("jetzt", "zuerst", "anders"))
    assert len({digest(now, Strength.CERTAIN, one) for one in (None, first, other)}) == 3
