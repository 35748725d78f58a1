"""The engine may forget, stall or die: what the store wants runs, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.case import Status
from flows import engine
from flows.engine import GRACE, PAUSE_COLLECT, mark_orphans, reconcile
from flows.names import in_words
from flows.reconcile import wanted
from infra.store.outbox import this_process
from tests.flows import steps
from tests.flows.house import REVIEWER, FakeApi, World, mail

DEAD = f"{this_process().rpartition(':')[0]}:1"  # this very process number, started at another time
FORM = '{"decision": "release", "approver": "x", "release_code": "y"}'


def latest(world: World, key: str) -> tuple[int, str]:
    with world.house.store.begin() as tx:
        run = tx.runs.get(key)
    assert run is not None
    return run.attempt, run.flow_run


def claim(world: World, key: str, owner: str) -> None:
    with world.house.store.begin() as tx:
        run = tx.runs.get(key)
        assert run is not None
        assert tx.runs.claim(key, run.attempt, owner)


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


def test_an_acknowledged_case_wants_one_collection_and_gets_it(world: World, api: FakeApi) -> None:
    steps.acknowledged(world)
    assert reconcile(world.house, api).started == 1
    assert [start.deployment for start in api.started] == ["collect"]
    assert reconcile(world.house, api).started == 0


def test_every_collection_really_starts_however_many_there_were_before(world: World, api: FakeApi) -> None:
    """The engine gives the old run for a key it knows: a key that comes again would start nothing."""
    for number in range(1, 4):
        steps.acknowledged(world, mail(sender=f"P <p{number}@mail.example>", message_id=f"<{number}@m.example>"))
        assert reconcile(world.house, api).started == 1
        assert len(api.of("collect")) == number
        _, run = latest(world, "collect")
        api.states[run] = "COMPLETED"
        with world.house.store.begin() as tx:
            for case in tx.cases.still_open():
                tx.cases.move(case.number, Status.WITHDRAWN)
        world.clock.move(minutes=5)
        assert reconcile(world.house, api).ended == 1


def test_a_case_in_review_waits_in_a_run_of_its_own_named_by_number_and_days(world: World, api: FakeApi) -> None:
    case = steps.in_review(world)
    reconcile(world.house, api)
    (start,) = api.started
    assert (start.deployment, start.name) == ("fulfil", f"031 Tage · {case} · review")
    assert start.tags == (case, "031 Tage")
    assert set(start.parameters) == {"case", "draft", "key", "attempt"}


def test_a_missing_run_is_started_again(world: World, api: FakeApi) -> None:
    case = steps.in_review(world)
    reconcile(world.house, api)
    api.states.clear()  # the engine's database was wiped
    assert reconcile(world.house, api).started == 1
    assert latest(world, f"fulfil/{case}/1")[0] == 2


def in_state(world: World, api: FakeApi, state: str, owner: str = "") -> str:
    case = steps.in_review(world)
    reconcile(world.house, api)
    _, run = latest(world, f"fulfil/{case}/1")
    api.states[run] = state
    if owner:
        claim(world, f"fulfil/{case}/1", owner)
    return run


@pytest.mark.parametrize(
    ("state", "owner", "age", "again"),
    [
        ("SCHEDULED", "", timedelta(days=1), False),
        ("PAUSED", "", timedelta(0), True),  # without a form nobody can answer it
        ("PENDING", "", GRACE - timedelta(seconds=1), False),
        ("PENDING", "", GRACE + timedelta(seconds=1), True),
        ("RUNNING", DEAD, timedelta(0), True),
        ("RUNNING", this_process(), timedelta(days=1), False),
        ("RUNNING", "", GRACE - timedelta(seconds=1), False),
        ("RUNNING", "", GRACE + timedelta(seconds=1), True),
        ("COMPLETED", "", timedelta(0), True),  # but the case still waits
        ("FAILED", "", timedelta(seconds=14), False),
        ("FAILED", "", timedelta(seconds=16), True),
        ("CRASHED", "", timedelta(seconds=16), True),
        ("CANCELLED", "", timedelta(seconds=16), True),
    ],
    ids=range(13),  # a process number in a name would give every worker tests of its own
)
def test_a_run_that_will_not_do_what_is_wanted_is_followed_by_another(
    world: World, api: FakeApi, state: str, owner: str, age: timedelta, again: bool
) -> None:
    in_state(world, api, state, owner)
    world.clock.at += age
    assert reconcile(world.house, api).started == int(again)


def test_a_waiting_form_is_left_alone(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "PAUSED")
    api.forms.add(run)
    world.clock.move(days=1)
    assert reconcile(world.house, api).started == 0


def test_a_collection_that_completed_runs_again_only_after_a_pause(world: World, api: FakeApi) -> None:
    steps.acknowledged(world)
    reconcile(world.house, api)
    api.states[latest(world, "collect")[1]] = "COMPLETED"
    world.clock.at += PAUSE_COLLECT
    assert reconcile(world.house, api).started == 0
    world.clock.move(seconds=1)
    assert reconcile(world.house, api).started == 1


def test_attempts_that_fail_come_later_each_time_and_never_later_than_half_an_hour(world: World, api: FakeApi) -> None:
    steps.acknowledged(world)
    waits = []
    for _ in range(12):
        reconcile(world.house, api)
        attempt, run = latest(world, "collect")
        api.states[run] = "FAILED"
        began = world.clock.now()
        while latest(world, "collect")[0] == attempt:
            world.clock.move(seconds=15)
            reconcile(world.house, api)
        waits.append(world.clock.now() - began)
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=1)
    assert timedelta(minutes=30) < waits[-1] < timedelta(minutes=33)


def test_what_was_typed_into_a_run_that_died_is_taken_over_and_deleted_there(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "CRASHED")
    api.replies[run] = FORM
    world.clock.move(minutes=1)
    reconcile(world.house, api)
    assert run in api.deleted
    assert api.replies == {}
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        assert tx.runs.take_reply(f"fulfil/{case.number}/1") == FORM
        assert tx.runs.take_reply(f"fulfil/{case.number}/1") is None


def test_a_reply_is_in_our_store_before_it_is_deleted_in_the_engine(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "CRASHED")
    api.replies[run] = FORM
    world.clock.move(minutes=1)
    (case,) = world.cases()
    original = api.delete_form
    had: list[bool] = []

    def watched(run: str, keyset: object) -> None:
        with world.house.store.begin() as tx:
            known = tx.runs.get(f"fulfil/{case.number}/1")
        had.append(known is not None and known.has_reply)
        original(run, {})

    api.delete_form = watched  # type: ignore[method-assign,assignment]
    reconcile(world.house, api)
    assert had == [True]


def test_a_paused_run_whose_reply_we_have_is_replaced_by_one_that_uses_it(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "PAUSED")
    api.forms.add(run)
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        tx.runs.keep_reply(f"fulfil/{case.number}/1", tx.cases.row(case.number).record_key, FORM)
    assert reconcile(world.house, api).started == 1
    assert api.states[run] == "CANCELLED"


def test_two_reconcilers_at_once_start_one_attempt(world: World, api: FakeApi) -> None:
    steps.acknowledged(world)
    second: list[int] = []

    def at_the_same_time() -> None:
        api.during_start = lambda: None
        second.append(reconcile(world.house, api).started)

    api.during_start = at_the_same_time
    assert reconcile(world.house, api).started == 1
    assert second == [0]
    assert len(api.of("collect")) == 1


def test_two_that_saw_the_same_need_at_the_same_moment_start_one_attempt(world: World, api: FakeApi) -> None:
    steps.acknowledged(world)
    (item,) = wanted(world.house)
    assert engine._start(world.house, api, item, 0)
    assert not engine._start(world.house, api, item, 0)
    assert len(api.started) == 1


def test_a_reconciler_killed_before_it_noted_the_run_is_followed_by_a_new_attempt(world: World, api: FakeApi) -> None:
    steps.acknowledged(world)

    def killed() -> None:
        raise KeyboardInterrupt

    api.during_start = killed
    with pytest.raises(KeyboardInterrupt):
        reconcile(world.house, api)
    api.during_start = lambda: None
    assert reconcile(world.house, api).started == 0  # somebody may be starting it at this moment
    world.clock.at += GRACE
    assert reconcile(world.house, api).started == 1


def test_a_run_that_is_not_the_latest_attempt_claims_nothing(world: World, api: FakeApi) -> None:
    in_state(world, api, "CRASHED")
    world.clock.move(minutes=1)
    reconcile(world.house, api)
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        assert not tx.runs.claim(f"fulfil/{case.number}/1", 1, this_process())
        assert tx.runs.claim(f"fulfil/{case.number}/1", 2, this_process())


def test_a_form_that_nobody_needs_any_more_is_deleted_unread_and_its_run_cancelled(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "PAUSED")
    api.forms.add(run)
    api.replies[run] = FORM
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        tx.cases.move(case.number, Status.WITHDRAWN, REVIEWER)
    assert reconcile(world.house, api).ended == 1
    assert api.states[run] == "CANCELLED"
    assert api.replies == {}


def test_a_changed_draft_gets_a_new_run_and_the_old_form_goes(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "PAUSED")
    api.forms.add(run)
    (case,) = world.cases()
    world.decide(case.number, 1)
    counted = reconcile(world.house, api)
    assert (counted.started, counted.ended) == (1, 1)
    assert api.started[-1].parameters["draft"] == "2"
    assert api.states[run] == "CANCELLED"


def test_a_running_run_of_a_living_process_is_not_taken_from_it(world: World, api: FakeApi) -> None:
    run = in_state(world, api, "RUNNING", this_process())
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        tx.cases.move(case.number, Status.WITHDRAWN, REVIEWER)
    reconcile(world.house, api)
    assert api.states[run] == "RUNNING"


def test_every_open_question_waits_in_a_run_of_its_own(world: World, api: FakeApi) -> None:
    case = steps.acknowledged(world, mail("Frage", "Ich habe eine Frage zu meinen personenbezogenen Daten, bitte.\n"))
    reconcile(world.house, api)
    (start,) = api.of("ask")
    assert start.name == f"031 Tage · {case} · triage"


def test_names_and_parameters_of_runs_hold_nothing_about_a_person(world: World, api: FakeApi) -> None:
    steps.in_review(world)
    reconcile(world.house, api)
    text = repr(api.started).casefold()
    assert not any(word in text for word in ("lena", "krüger", "krueger", "mail.example"))


def test_at_the_start_of_the_serving_process_what_seems_to_run_was_killed(api: FakeApi, world: World) -> None:
    api.states.update({"a": "RUNNING", "b": "PENDING", "c": "PAUSED"})
    assert mark_orphans(api, world.clock.now()) == 2
    assert api.states == {"a": "CRASHED", "b": "CRASHED", "c": "PAUSED"}


def test_nothing_is_wanted_of_an_ended_case(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN)
    assert wanted(world.house) == ()


@pytest.mark.parametrize(
    ("days", "words"), [(12, "12 days left"), (1, "1 day left"), (0, "today"), (-1, "1 day late"), (-9, "9 days late")]
)
def test_days_are_told_in_words(days: int, words: str) -> None:
    assert in_words(days) == words


def test_what_only_one_may_do_is_done_by_one_and_by_the_next_when_that_one_is_gone(world: World) -> None:
    def hold(owner: str, living: bool) -> bool:
        with world.house.store.begin() as tx:
            return tx.runs.hold("intake", owner, lambda _: living)

    assert hold("a", living=True)
    assert hold("a", living=True)
    assert not hold("b", living=True)
    assert hold("b", living=False)
    with world.house.store.begin() as tx:
        tx.runs.let_go("intake", "a")
    assert not hold("c", living=True)
    with world.house.store.begin() as tx:
        tx.runs.let_go("intake", "b")
    assert hold("c", living=True)


def test_a_holder_on_a_machine_that_never_comes_back_is_not_believed_for_ever(world: World) -> None:
    """A container started anew has another host name: nobody can ask it whether the old one lives."""
    with world.house.store.begin() as tx:
        assert tx.runs.hold("intake", "old-container:7:1", lambda _: True)
    world.clock.move(hours=3)
    with world.house.store.begin() as tx:
        assert tx.runs.hold("intake", "new-container:7:1", lambda _: True)
