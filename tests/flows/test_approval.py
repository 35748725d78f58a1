"""Nobody releases what they have not opened, and nothing else than what they opened."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import Status
from cases.draft import DecisionKind
from cases.finding import Strength
from flows.approval import (
    ALARM_AFTER,
    NotAReader,
    NothingToReview,
    Reply,
    answer_form,
    read_draft,
)
from flows.codes import release_code
from flows.dispatch import dispatch
from flows.refusal import Reasons, show
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, finding, mail

TOLD = "Sie haben uns geschrieben, dass Sie weitere Anfragen nur gegen Zahlung unterlassen."
FACTS = "Die dritte gleichlautende Anfrage innerhalb einer Woche, ohne dass sich etwas geändert hat."


def code_for(world: World, case: str, reader: str = RELEASER) -> str:
    with world.house.store.begin() as tx:
        return read_draft(world.house, tx, case, reader).code


def submit(world: World, case: str, reply: Reply) -> str:
    with world.house.store.begin() as tx:
        return answer_form(world.house, tx, case, reply)


def test_the_right_code_of_the_right_person_releases(world: World) -> None:
    case = steps.in_review(world)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == ""
    assert world.case(case).status is Status.APPROVED
    assert [step for step in world.steps(case) if step.startswith(("read:", "approved:"))] == ["read:1", "approved:1"]


@pytest.mark.parametrize("typed", ["{}", "{} ", "{0}-{1}", "{0}{1}", "{0} {1}"])
def test_a_code_may_be_typed_as_people_type(world: World, typed: str) -> None:
    case = steps.in_review(world)
    code = code_for(world, case)
    text = typed.format(code).lower() if typed.count("{}") else typed.format(*code.split("-")).lower()
    assert submit(world, case, Reply("release", "torben  AHRENS", text)) == ""


def test_the_code_of_another_person_is_refused(world: World) -> None:
    case = steps.in_review(world)
    other = code_for(world, case, REVIEWER)
    assert submit(world, case, Reply("release", RELEASER, other)) == "wrong_code"
    assert world.case(case).status is Status.REVIEW


def test_the_code_of_an_older_draft_is_refused(world: World) -> None:
    case = steps.in_review(world)
    old = code_for(world, case)
    world.decide(case, 1, DecisionKind.EXCLUDE)
    assert submit(world, case, Reply("release", RELEASER, old)) == "wrong_code"
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == ""


def test_the_code_of_another_case_is_refused(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        digest = read_draft(world.house, tx, case, RELEASER).draft.digest
    other = release_code(world.house.keystore, "DSAR-2026-0099", digest, RELEASER)
    assert submit(world, case, Reply("release", RELEASER, other)) == "wrong_code"


def test_a_register_that_changed_asks_again(world: World) -> None:
    case = steps.in_review(world)
    old = code_for(world, case)
    object.__setattr__(world.house.register, "version", "f" * 64)
    assert submit(world, case, Reply("release", RELEASER, old)) == "wrong_code"


@pytest.mark.parametrize(
    "typed",
    ["", "{}", "null", "[]", "7", '"release"', "{", '{"decision": true}', '{"decision": {"x": 1}, "approver": []}'],
)
def test_an_empty_or_foreign_form_changes_nothing(world: World, typed: str) -> None:
    case = steps.in_review(world)
    assert submit(world, case, Reply.parse(typed)) == "no_decision"
    assert world.case(case).status is Status.REVIEW


VALUES = st.none() | st.booleans() | st.floats() | st.text(st.characters(codec=None, exclude_categories=()))


@given(st.recursive(VALUES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_whatever_a_form_holds_it_is_read_as_text(value: object) -> None:
    reply = Reply.parse(json.dumps(value))
    assert all(isinstance(getattr(reply, name), str) for name in ("decision", "approver", "release_code", "reason"))
    said = {"decision": value, "approver": "x", "release_code": value}
    parsed = Reply.parse(json.dumps(said))
    assert parsed.approver == "x"
    parsed.release_code.encode()


def test_a_reviewer_may_not_release(world: World) -> None:
    case = steps.in_review(world)
    assert submit(world, case, Reply("release", REVIEWER, code_for(world, case, REVIEWER))) == "not_a_releaser"


@pytest.mark.parametrize("name", ["", " ", "Eva Fremd"])
def test_nobody_else_decides_anything(world: World, name: str) -> None:
    case = steps.in_review(world)
    assert submit(world, case, Reply("release", name, "AAAA-AAAA")) == "not_a_releaser"
    assert submit(world, case, Reply("search again", name)) == "not_a_reviewer"
    assert world.case(case).status is Status.REVIEW


def test_undecided_findings_block(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1"), finding("orders/2", strength=Strength.POSSIBLE)]
    case = steps.in_review(world, holding=False)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == "undecided_findings"
    world.decide(case, 2, DecisionKind.EXCLUDE)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == ""


def test_nothing_held_is_not_said_while_a_system_is_open(world: World) -> None:
    world.cloud.trouble = "timeout"
    case = steps.in_review(world, holding=False)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == "nothing_held_but_open"


def test_a_source_in_no_activity_of_the_register_blocks(world: World) -> None:
    case = steps.in_review(world)
    object.__setattr__(world.house.register, "activities", world.house.register.activities[1:])
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == "unmapped:crm/order"


def two_persons(world: World) -> None:
    object.__setattr__(world.house.settings.release, "one_person_may_do_both", False)


def test_where_two_are_needed_one_is_not_enough(world: World) -> None:
    two_persons(world)
    case = steps.in_review(world)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == "second_person_needed"
    code_for(world, case, REVIEWER)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == ""


def test_the_second_person_must_have_read_this_very_draft(world: World) -> None:
    two_persons(world)
    case = steps.in_review(world)
    code_for(world, case, REVIEWER)
    world.decide(case, 1)
    assert submit(world, case, Reply("release", RELEASER, code_for(world, case))) == "second_person_needed"


def test_searching_again_goes_back_to_collecting_and_ends_the_draft(world: World) -> None:
    case = steps.in_review(world)
    code = code_for(world, case)
    assert submit(world, case, Reply("search again", REVIEWER, reason="neue Adresse")) == ""
    assert world.case(case).status is Status.COLLECTING
    world.clock.move(minutes=1)
    steps.search_all(world)
    assert submit(world, case, Reply("release", RELEASER, code)) == "wrong_code"


def test_a_refusal_needs_a_ground_of_the_law_and_facts(world: World) -> None:
    case = steps.in_review(world)
    assert submit(world, case, Reply("refuse", RELEASER, reason=FACTS)) == "no_ground"
    assert submit(world, case, Reply("refuse", RELEASER, reason=FACTS, ground="no_time")) == "no_ground"
    assert submit(world, case, Reply("refuse", RELEASER, reason="zu oft", ground="excessive")) == "no_reason"
    assert submit(world, case, Reply("refuse", REVIEWER, reason=FACTS, ground="excessive")) == "not_a_releaser"
    assert submit(world, case, Reply("refuse", RELEASER, reason=FACTS, ground="excessive")) == "refusal_unseen"
    code = code_for(world, case)
    assert submit(world, case, Reply("refuse", RELEASER, code, FACTS, "excessive")) == "refusal_unseen"
    assert world.case(case).status is Status.REVIEW


def test_a_refusal_tells_ground_facts_complaint_and_remedy_and_ends_the_case(world: World) -> None:
    """The facts that were read go to the person; what was typed into the form stays in the record."""
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        code = show(world.house, tx, case, Reasons("excessive", sentence=TOLD), RELEASER).code
    assert submit(world, case, Reply("refuse", RELEASER, code, FACTS, "manifestly_unfounded")) == "refusal_unseen"
    assert submit(world, case, Reply("refuse", RELEASER, code, FACTS, "excessive")) == ""
    assert world.case(case).status is Status.REFUSED
    dispatch(world.house)
    body = message_from_bytes(world.post.to(LENA)[-1], policy=default).get_body()
    assert body is not None
    notice = body.get_content()
    for part in ("Landesbeauftragte", "gerichtlichen Rechtsbehelf", "Art. 12 Abs. 5 Satz 2", TOLD):
        assert part in notice
    assert "dritte gleichlautende" not in notice


def test_wrong_codes_are_counted_and_raise_an_alarm(world: World) -> None:
    case = steps.in_review(world)
    for number in range(1, ALARM_AFTER + 1):
        assert ((case, "wrong_codes") in world.alarms()) is False
        assert submit(world, case, Reply("release", RELEASER, f"AAAA-AAA{number}")) == "wrong_code"
    assert (case, "wrong_codes") in world.alarms()


def test_the_next_form_says_why_the_last_was_not_accepted(world: World) -> None:
    case = steps.in_review(world)
    code_for(world, case)
    submit(world, case, Reply("release", RELEASER, "AAAA-AAAA"))
    with world.house.store.begin() as tx:
        record = tx.answers.current(tx.cases.row(case))
    assert record is not None
    assert record.note == "wrong_code"


def test_a_form_that_comes_after_the_decision_changes_nothing(world: World) -> None:
    case = steps.approved(world)
    assert submit(world, case, Reply("refuse", RELEASER, reason=FACTS, ground="excessive")) == ""
    assert world.case(case).status is Status.APPROVED


def test_only_people_of_the_settings_read_drafts_and_only_in_review(world: World) -> None:
    case = steps.in_review(world)
    with pytest.raises(NotAReader):
        code_for(world, case, "Eva Fremd")
    other = steps.acknowledged(world, mail(sender="Ole <ole@mail.example>", message_id="<2@m.example>"))
    with pytest.raises(NothingToReview, match="acknowledged"):
        code_for(world, other)


def test_codes_differ_by_case_draft_and_person(world: World) -> None:
    keys = world.house.keystore
    codes = {
        release_code(keys, case, digest, name)
        for case in ("DSAR-2026-0001", "DSAR-2026-0002")
        for digest in ("a" * 64, "b" * 64)
        for name in (RELEASER, REVIEWER)
    }
    assert len(codes) == 8
    assert release_code(keys, "c", "d", "Torben Ahrens") == release_code(keys, "c", "d", " torben AHRENS ")
