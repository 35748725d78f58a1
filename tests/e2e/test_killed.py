"""SIGKILL at every stage. Afterwards exactly one answer has reached the person, or, where the mail server's word was
lost, a person is asked whether it did; and nobody got two acknowledgements that look like two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from signal import SIGKILL

import pytest

from cases.case import Status, broken_at
from cases.finding import Finding
from cases.identifiers import Subject
from cases.source import Source
from cases.subjects import SubjectIndex
from flows.approval import Reply, answer_form
from tests.e2e.program import Fault
from tests.e2e.world import DPO, SENT, Asker, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]  # a world starts within the first test that needs it

INTAKE = {
    "a mail in the vault that nobody noted": Fault("flows.arrivals:letter_identity"),
    "a mail that was just stored": Fault("flows.arrivals:_Reader._store", "after"),
    "a case opened, its acknowledgement not queued": Fault("flows.intake:acknowledge"),
    "a case opened, its mail still under the day's key": Fault("infra.store.messages:Messages.keep_under"),
    "a mail moved in the mailbox, not in the store": Fault("infra.mailbox:Mailbox.move", "after"),
    "an acknowledgement claimed": Fault("flows.dispatch:_compose", only="notice"),
    "an acknowledgement announced as on its way": Fault("infra.post:_transmit", only="notice"),
    "an acknowledgement accepted, not noted": Fault("infra.post:_transmit", "after", only="notice"),
}
COLLECT = {
    "identified, not yet noted": Fault("flows.identify:begin_collecting", "after"),
    "some findings taken, none of them stored": Fault("flows.storing:Harvest.take", "after", skip=3),
    "a file in the vault, its finding not stored": Fault("flows.storing:into_vault", "after"),
    "findings stored, the source not read to its end": Fault("flows.storing:Harvest.store", "after"),
    "a source read, not noted as searched": Fault("flows.collect:_note_success"),
    "everything searched, the case not moved on": Fault("flows.collect:_ask_by_hand", "after"),
}
SEND = {
    "approved, before packaging": Fault("flows.answer:build_package"),
    "sealed in the vault, not queued": Fault("flows.answer:seal_answer", "after"),
    "queued, not committed": Fault("flows.answer:_queue", "after"),
    "queued, before dispatch": Fault("flows.answer:package_and_queue", "after"),
    "the answer claimed": Fault("flows.dispatch:_compose", only="answer"),
}
UNCERTAIN = {
    "the answer announced, nothing sent": Fault("infra.post:_transmit", only="answer"),
    "the answer accepted, not noted": Fault("infra.post:_transmit", "after", only="answer"),
}
BY_STEP = {"intake": INTAKE, "collect": COLLECT, "send": SEND | UNCERTAIN}
STAGES = [stage for faults in BY_STEP.values() for stage in faults]


@dataclass(slots=True)
class Battered:
    """What is left after a process has died at each stage, and others went on; who asked at which stage."""

    world: World
    askers: dict[str, Asker] = field(default_factory=dict)
    died: dict[str, bool] = field(default_factory=dict)

    def case(self, stage: str) -> str:
        return self.world.case_of(self.askers[stage])


@pytest.fixture(scope="module")
def battered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Battered]:
    """Every stage kills a process of its own; the next one finds what it left, and dies further on."""
    with World(tmp_path_factory.mktemp("battered"), by_hand=False) as world:
        left = Battered(world, dict(zip(STAGES, world.askers, strict=False)))
        _batter_intake(left)
        _batter_collect(left)
        _batter_send(left)
        for _ in range(2):
            assert world.run("intake") == 0
        yield left


def _batter_intake(left: Battered) -> None:
    for stage, fault in INTAKE.items():
        left.world.ask(left.askers[stage])
        _die(left, stage, fault, "intake")
    for stage in (*COLLECT, *SEND, *UNCERTAIN):
        left.world.ask(left.askers[stage])
    assert left.world.run("intake") == 0


def _batter_collect(left: Battered) -> None:
    for stage, fault in COLLECT.items():
        _die(left, stage, fault, "collect")
    assert left.world.run("collect") == 0


def _batter_send(left: Battered) -> None:
    for stage in STAGES:
        _approve(left.world, left.case(stage))
    for stage, fault in (SEND | UNCERTAIN).items():
        assert left.world.run("send") == 0  # what the one before left is not what the next one shall die of
        _die(left, stage, fault, "send", left.case(stage))
    for stage in STAGES:
        if left.world.status(left.case(stage)) is Status.APPROVED:
            assert left.world.run("send", left.case(stage)) == 0


def _die(left: Battered, stage: str, fault: Fault, *step: str) -> None:
    left.world.arm(fault)
    left.died[stage] = left.world.run(*step) == -SIGKILL and left.world.has_died


def _approve(world: World, case: str) -> None:
    world.decide(case)
    typed = world.typed_release(case)
    with world.house.store.begin() as tx:
        assert answer_form(world.house, tx, case, Reply(**typed)) == ""


@pytest.mark.parametrize("stage", STAGES)
def test_a_process_killed_at_any_stage_loses_and_doubles_nothing(battered: Battered, stage: str) -> None:
    world, asker, case = battered.world, battered.askers[stage], battered.case(stage)
    assert battered.died[stage]
    assert len(world.acknowledgements(asker.email)) == 1
    if stage in UNCERTAIN:
        assert world.status(case) is Status.DELIVERY_UNCERTAIN
        assert "delivery_uncertain" in world.alarms(case)
        assert len(world.answers(asker.email)) == (stage == "the answer accepted, not noted")
    else:
        assert world.status(case) is Status.SENT
        assert len(world.answers(asker.email)) == 1


@pytest.mark.parametrize("stage", STAGES)
def test_the_history_of_a_case_whose_process_was_killed_is_whole(battered: Battered, stage: str) -> None:
    with battered.world.house.store.begin() as tx:
        history = tx.cases.history(battered.case(stage))
    assert broken_at(history) is None
    assert [event.what for event in history].count("opened") == 1


def test_what_was_found_by_a_pass_that_died_is_there_once(battered: Battered) -> None:
    """Everybody is a customer of the same shop: a clean pass over the same sources finds the same."""
    world, case = battered.world, battered.case("findings stored, the source not read to its end")
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
        kept = [(item.source, item.finding.locator) for item in tx.findings.all(tx.cases.row(case))]
    clean = [item for source in world.house.sources.values() for item in _search(source, person.subject(case))]
    assert sorted(kept) == sorted(clean)


def _search(source: Source, subject: Subject) -> list[tuple[str, str]]:
    found = source.search(SubjectIndex([subject]))
    return [(item.source, item.locator) for item in found if isinstance(item, Finding)]


def test_no_killed_process_leaves_anything_in_clear(battered: Battered) -> None:
    battered.world.wait_clean(seconds=5)


# -- the real thing: `auskunft up` with Prefect ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that wait for their approval, one for each of the tests below."""

    world: World
    cases: dict[str, tuple[Asker, str]]

    def of(self, test: str) -> tuple[Asker, str]:
        return self.cases[test]


FOR = ("killed", "before take-over", "in take-over", "packaging", "announced", "accepted")


@pytest.fixture(scope="module")
def waiting(world: World) -> Waiting:
    """They have asked, and the serving process was killed with its run while everything was searched for them."""
    world.arm(Fault("flows.storing:Harvest.take", "after", victims="serve", skip=4))
    askers = world.askers[: len(FOR)]
    for asker in askers:
        world.ask(asker)
    world.wait_for_death()
    cases = {name: (asker, world.case_of(asker)) for name, asker in zip(FOR, askers, strict=True)}
    for _, case in cases.values():
        world.wait_for_status(case, Status.REVIEW)
        world.decide(case)
    return Waiting(world, cases)


def test_a_case_waits_through_the_death_of_every_process(waiting: Waiting) -> None:
    world, (asker, case) = waiting.world, waiting.of("killed")
    world.approval_form(case)
    world.kill_serve()
    world.kill_server()
    world.wait_for(lambda: world.log.read_text().count("it starts again") >= 2, "both started again")
    world.approval_form(case)
    world.kill_up_alone()
    world.up()
    world.approve(case)
    _assert_one_answer(world, asker, case)


def test_killed_after_submit_before_we_took_the_form_over(waiting: Waiting) -> None:
    world, (asker, case) = waiting.world, waiting.of("before take-over")
    world.arm(Fault("flows.pipeline:take_reply", victims="all"))
    world.approve(case)
    world.wait_for_death()
    assert {leak.word for leak in world.leaks()} == {"release_reason"}  # nobody has taken it yet: the scan would see it
    world.up()
    _assert_one_answer(world, asker, case)
    world.wait_clean()


def test_killed_between_our_copy_of_the_form_and_its_deletion_in_prefect(waiting: Waiting) -> None:
    world, (asker, case) = waiting.world, waiting.of("in take-over")
    form = world.approval_form(case)
    world.arm(Fault("flows.api:PrefectApi.delete_form"))
    world.submit(form, world.typed_release(case))
    world.wait_for_death()
    _assert_one_answer(world, asker, case)
    world.wait_clean()


def test_killed_while_packaging(waiting: Waiting) -> None:
    world, (asker, case) = waiting.world, waiting.of("packaging")
    form = world.approval_form(case)
    world.arm(Fault("flows.answer:seal_answer", "after", victims="serve"))
    world.submit(form, world.typed_release(case))
    world.wait_for_death()
    _assert_one_answer(world, asker, case)


@pytest.mark.parametrize(("test", "when", "arrived"), [("announced", "before", 0), ("accepted", "after", 1)])
def test_killed_when_nobody_can_know_whether_it_was_sent(waiting: Waiting, test: str, when: str, arrived: int) -> None:
    world, (asker, case) = waiting.world, waiting.of(test)
    form = world.approval_form(case)
    world.arm(Fault("infra.post:_transmit", when, victims="serve", only="answer"))
    world.submit(form, world.typed_release(case))
    world.wait_for_death()
    world.wait_for_status(case, Status.DELIVERY_UNCERTAIN)
    assert "delivery_uncertain" in world.alarms(case)
    world.submit(
        world.form(f"{case} · delivery"),
        {"decision": "arrived", "by": DPO, "how": f"am Telefon {world.words['identity']}"},
    )
    world.wait_for_status(case, Status.SENT)
    assert len(world.answers(asker.email)) == arrived
    assert len(world.acknowledgements(asker.email)) == 1


def test_killed_while_the_passphrase_waits(waiting: Waiting) -> None:
    world, (asker, case) = waiting.world, waiting.of("killed")
    world.form(f"{case} · handover")
    world.restart()
    world.submit(world.form(f"{case} · handover"), {"channel": "phone", "by": DPO})
    world.wait_for_status(case, Status.ANSWERED)
    assert len(world.answers(asker.email)) == 1


def test_nothing_typed_or_found_is_left_in_clear(waiting: Waiting) -> None:
    waiting.world.wait_clean()


def _assert_one_answer(world: World, asker: Asker, case: str) -> None:
    world.wait_for_status(case, *SENT)
    assert len(world.answers(asker.email)) == 1
    assert len(world.acknowledgements(asker.email)) == 1
