"""The lawful moves of a case and its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.case import (
    ENDS,
    FIRST,
    MOVES,
    Event,
    Status,
    UnlawfulMove,
    broken_at,
    check_move,
    commit,
    link,
)

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)

# As the procedure is told in words, not as the module lists it: old -> new.
WAY = [
    "triage received",
    "received acknowledged",
    "acknowledged identifying",
    "acknowledged collecting",
    "identifying collecting",
    "identifying acknowledged",  # the authority of a proxy was checked; now: who is the data subject?
    "identifying cannot_identify",
    "collecting review",
    "collecting identifying",
    "review collecting",
    "review identifying",
    "review approved",
    "approved review",
    "approved sealed",
    "sealed review",
    "sealed sent",
    "sealed delivery_uncertain",
    "delivery_uncertain sent",
    "delivery_uncertain review",
    "sent answered",
    "sent answered_nothing_held",
    "sent delivery_uncertain",
    "sent review",  # it turned out wrong, or came back
    "answered review",
    "answered delivery_uncertain",
    "answered_nothing_held review",
    "answered_nothing_held delivery_uncertain",
    "with_person received",
    "with_person answered",
    "with_person refused",
    "with_person withdrawn",
]
EARLY = ["triage", "received", "acknowledged", "identifying", "collecting", "review"]
LAWFUL = {tuple(pair.split()) for pair in WAY}
LAWFUL |= {(old, new) for old in EARLY for new in ("withdrawn", "refused", "with_person")}
LAWFUL |= {(old, "not_a_request") for old in EARLY[:4]}


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_every_move_is_lawful_or_refused(old: Status, new: Status) -> None:
    if (old.value, new.value) in LAWFUL:
        check_move("DSAR-2026-0001", old, new)
        return
    with pytest.raises(UnlawfulMove) as refused:
        check_move("DSAR-2026-0001", old, new)
    assert (refused.value.old, refused.value.new) == (old, new)


def test_no_answer_leaves_without_an_approval() -> None:
    """Every way from the mailbox to `sent` passes `approved`. What comes back of an answered case had left."""
    back = {(end, Status.DELIVERY_UNCERTAIN) for end in (Status.ANSWERED, Status.ANSWERED_NOTHING_HELD)}
    reached, todo = {Status.TRIAGE}, [Status.TRIAGE]
    while todo:
        old = todo.pop()
        for new in {new for new in MOVES[old] if (old, new) not in back} - reached - {Status.APPROVED}:
            reached.add(new)
            todo.append(new)
    assert not reached & {Status.SEALED, Status.SENT, Status.DELIVERY_UNCERTAIN, Status.ANSWERED_NOTHING_HELD}


def test_an_ended_case_goes_nowhere_but_an_answer_can_be_corrected() -> None:
    answered = {Status.ANSWERED, Status.ANSWERED_NOTHING_HELD}
    assert all(MOVES[end] == frozenset() for end in ENDS - answered)
    assert all(MOVES[end] == {Status.REVIEW, Status.DELIVERY_UNCERTAIN} for end in answered)
    assert set(MOVES) == set(Status)


def chain(*steps: str) -> list[Event]:
    events, previous = [], FIRST
    for seq, what in enumerate(steps, start=1):
        commitment = commit(bytes([seq]), "auskunft", "")
        hash_ = link("DSAR-2026-0001", seq, AT, what, commitment, previous)
        events.append(Event("DSAR-2026-0001", seq, AT, what, commitment, previous, hash_))
        previous = hash_
    return events


STEPS = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=6)


@given(STEPS, st.data())
def test_any_changed_event_breaks_the_chain_at_its_place(steps: list[str], data: st.DataObject) -> None:
    events = chain(*steps)
    assert broken_at(events) is None
    index = data.draw(st.integers(0, len(events) - 1))
    change = data.draw(
        st.sampled_from(
            [{"what": "other step"}, {"at": AT + timedelta(microseconds=1)}, {"commitment": "0" * 64}, {"seq": 77},
             {"previous": "1" * 64}, {"hash": "2" * 64}, {"case": "DSAR-2026-0002"}, {"sound": False}]
        )
    )  # fmt: skip
    events[index] = replace(events[index], **change)
    assert broken_at(events) == index + 1


@given(STEPS.filter(lambda steps: len(steps) > 1), st.data())
def test_a_missing_event_breaks_the_chain_unless_it_was_the_last(steps: list[str], data: st.DataObject) -> None:
    events = chain(*steps)
    index = data.draw(st.integers(0, len(events) - 2))
    del events[index]
    assert broken_at(events) == index + 1


def test_the_hash_does_not_depend_on_the_zone_in_which_a_time_is_told() -> None:
    local = AT.astimezone(timezone(timedelta(hours=2)))
    assert link("c", 1, AT, "opened", "x", FIRST) == link("c", 1, local, "opened", "x", FIRST)


def test_a_commitment_says_who_and_why_and_which_is_which() -> None:
    salt = b"salt"
    values = {commit(salt, "ab", "c"), commit(salt, "a", "bc"), commit(salt, "abc", ""), commit(b"other", "ab", "c")}
    assert len(values) == 4
