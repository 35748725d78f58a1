"""One pass for every case; whatever could not be asked stays open and is asked again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from cases.case import Status
from cases.coverage import CellState, coverage
from cases.draft import Draft
from cases.identifiers import Kind
from cases.source import Searched
from cases.subjects import SubjectIndex
from flows import draft as drafts
from flows.by_hand import ByHand, add
from flows.collect import RETRY_AFTER, anything_waits, finish, note_crash, search_again, search_source
from flows.identify import identify_all, record_check
from flows.inbox import poll
from flows.storing import AT_ONCE
from infra.store.findings import Findings, Kept
from infra.store.knowledge import LoggedPass
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, contact, finding, gap, mail

OLE = "ole@mail.example"


def cells(world: World, case: str) -> dict[str, tuple[CellState, str]]:
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        found = coverage(world.house.register, tx.findings.logs(case), tx.findings.hand_answers(row))
    return {cell.system.key: (cell.state, cell.code) for cell in found}


def findings(world: World, case: str) -> dict[int, Kept]:
    with world.house.store.begin() as tx:
        return {kept.number: kept for kept in tx.findings.all(tx.cases.row(case))}


def draft(world: World, case: str) -> Draft:
    with world.house.store.begin() as tx:
        return drafts.current(world.house, tx, case)[1]


def two_cases(world: World) -> tuple[str, str]:
    world.crm.contacts = [contact(), contact(OLE, "Ole Brandt", "customers/2")]
    world.crm.holds = {LENA: [finding("orders/1", value="Lenas Rad")], OLE: [finding("orders/2", value="Oles Rad")]}
    text = "Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.\n\nOle Brandt\n"
    lena = steps.collecting(world)
    return lena, steps.collecting(world, mail(text=text, sender=f"Ole Brandt <{OLE}>", message_id="<2@m.example>"))


def test_one_pass_serves_every_case_and_gives_each_its_own(world: World) -> None:
    lena, ole = two_cases(world)
    steps.search_all(world)
    assert world.crm.searches == [(lena, ole)]
    assert [kept.finding.fields[0][1] for kept in findings(world, lena).values()] == ["Lenas Rad"]
    assert [kept.finding.fields[0][1] for kept in findings(world, ole).values()] == ["Oles Rad"]
    assert {world.case(case).status for case in (lena, ole)} == {Status.REVIEW}


def test_a_finding_about_somebody_who_was_not_asked_for_is_kept_nowhere(world: World) -> None:
    """It would end in another person's answer."""
    lena, ole = two_cases(world)
    with world.house.store.begin() as tx:
        tx.cases.move(ole, Status.IDENTIFYING)
    world.crm.holds[LENA] = [finding("orders/9", subject=ole)]
    assert search_source(world.house, "crm").trouble == "protocol"
    assert findings(world, ole) == {}
    assert cells(world, lena)["crm"] == (CellState.OPEN, "protocol")


def test_a_source_that_is_down_leaves_its_cell_open_and_the_others_go_on(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1")]
    case = steps.collecting(world)
    world.cloud.trouble = "timeout"
    steps.search_all(world)
    assert world.case(case).status is Status.REVIEW
    assert cells(world, case) == {"crm": (CellState.SEARCHED, ""), "cloud": (CellState.OPEN, "timeout")}
    assert not draft(world, case).complete
    assert ("source:cloud", "source_unavailable") in world.alarms()


def test_a_source_that_was_down_is_asked_again_after_a_quarter_of_an_hour(world: World) -> None:
    case = steps.collecting(world)
    world.cloud.trouble = "timeout"
    steps.search_all(world)
    world.cloud.trouble = ""
    world.clock.at += RETRY_AFTER - RETRY_AFTER / 100
    assert search_source(world.house, "cloud").cases == 0
    world.clock.at += RETRY_AFTER / 50
    with world.house.store.begin() as tx:
        assert anything_waits(world.house, tx)
    assert search_source(world.house, "cloud").cases == 1
    assert cells(world, case)["cloud"] == (CellState.SEARCHED, "")
    assert world.case(case).attention == ""
    assert world.alarms() == set()


def test_nothing_is_searched_twice_while_nothing_waits(world: World) -> None:
    steps.in_review(world)
    world.clock.move(days=3)
    assert search_source(world.house, "crm").cases == 0
    with world.house.store.begin() as tx:
        assert not anything_waits(world.house, tx)


def test_a_connector_that_ends_early_has_not_searched(world: World) -> None:
    world.cloud.ends_early = True
    case = steps.collecting(world)
    steps.search_all(world)
    assert cells(world, case)["cloud"] == (CellState.OPEN, "ended_early")


def test_a_connector_that_breaks_has_not_searched_and_stops_no_other(world: World) -> None:
    case = steps.collecting(world)
    world.cloud.bug = KeyError("Lena Krüger")
    with pytest.raises(KeyError):
        search_source(world.house, "cloud")
    note_crash(world.house, "cloud", "crashed_KeyError", world.clock.now())
    search_source(world.house, "crm")
    assert finish(world.house) == (case,)
    assert cells(world, case)["cloud"] == (CellState.OPEN, "crashed_KeyError")


def test_a_case_goes_on_only_when_every_source_was_asked(world: World) -> None:
    case = steps.collecting(world)
    search_source(world.house, "crm")
    assert finish(world.house) == ()
    assert world.case(case).status is Status.COLLECTING


def test_files_of_findings_lie_in_the_vault_under_the_cases_key(world: World) -> None:
    content = b"%PDF-1.7 erfunden" * 50_000
    world.crm.holds[LENA] = [finding("orders/1", files={"rechnung.pdf": content})]
    case = steps.collecting(world)
    search_source(world.house, "crm")
    (file,) = findings(world, case)[1].finding.files
    with world.house.store.begin() as tx:
        assert file.blob.key_id == tx.cases.row(case).material_key
    with world.house.vault.open(file.blob) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == file.blob.sha256 == hashlib.sha256(content).hexdigest()


def search_once_more(world: World, case: str) -> None:
    world.clock.move(minutes=1)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "neue Angaben")
    assert world.case(case).status is Status.COLLECTING
    steps.search_all(world)


def test_searching_again_keeps_numbers_and_decisions_of_what_did_not_change(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1"), finding("orders/2", value="rotes Fahrrad")]
    case = steps.collecting(world)
    steps.search_all(world)
    world.decide(case, 1)
    world.decide(case, 2)
    world.crm.holds[LENA] = [finding("orders/2", value="gelbes Fahrrad"), finding("orders/1"), finding("orders/3")]
    search_once_more(world, case)
    found = findings(world, case)
    assert [kept.finding.locator for kept in found.values()] == ["orders/1", "orders/2", "orders/3"]
    assert found[1].decision is not None
    assert found[2].decision is None
    assert found[2].finding.fields[0][1] == "gelbes Fahrrad"


def test_searching_again_replaces_files_and_leaves_no_old_ones(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1", files={"a.pdf": b"alt"})]
    case = steps.collecting(world)
    steps.search_all(world)
    files = len(world.files())
    world.crm.holds[LENA] = [finding("orders/1", files={"a.pdf": b"neu"})]
    search_once_more(world, case)
    assert len(world.files()) == files
    with world.house.vault.open(findings(world, case)[1].finding.files[0].blob) as stream:
        assert stream.read() == b"neu"


def test_a_failure_after_a_success_opens_the_cell_again(world: World) -> None:
    case = steps.in_review(world)
    world.crm.trouble = "credentials"
    search_once_more(world, case)
    assert cells(world, case)["crm"] == (CellState.OPEN, "credentials")
    assert not draft(world, case).complete


def test_a_gap_opens_the_cell_of_every_case_of_the_pass(world: World) -> None:
    world.cloud.holds[LENA] = [gap()]
    lena, ole = two_cases(world)
    steps.search_all(world)
    assert cells(world, lena)["cloud"] == (CellState.GAPS, "")
    assert cells(world, ole)["cloud"] == (CellState.GAPS, "")


def test_a_gap_that_names_a_case_opens_only_that_cases_cell(world: World) -> None:
    lena, ole = two_cases(world)
    world.cloud.holds[LENA] = [gap(subject=ole)]
    steps.search_all(world)
    assert cells(world, lena)["cloud"] == (CellState.SEARCHED, "")
    assert cells(world, ole)["cloud"] == (CellState.GAPS, "")


def test_a_gap_told_under_another_name_does_not_make_a_source_complete(world: World) -> None:
    world.cloud.holds[LENA] = [gap(source="elsewhere")]
    case = steps.collecting(world)
    steps.search_all(world)
    assert cells(world, case)["cloud"][0] in (CellState.OPEN, CellState.GAPS)


def test_a_gap_that_has_gone_closes_the_cell_in_the_next_pass(world: World) -> None:
    world.cloud.holds[LENA] = [gap()]
    case = steps.in_review(world)
    world.cloud.holds = {}
    search_once_more(world, case)
    assert cells(world, case)["cloud"] == (CellState.SEARCHED, "")


def test_a_persons_answer_closes_a_cell_with_gaps(world: World) -> None:
    world.cloud.holds[LENA] = [gap()]
    case = steps.in_review(world)
    add(world.house, case, ByHand("cloud", RELEASER, "das Archiv von Hand geöffnet: nichts", whole=True))
    assert cells(world, case)["cloud"] == (CellState.ANSWERED, "")


def test_a_file_added_to_a_connected_system_does_not_say_that_it_was_searched(world: World, tmp_path: Path) -> None:
    world.cloud.holds[LENA] = [gap()]
    case = steps.in_review(world)
    (tmp_path / "fund.pdf").write_bytes(b"%PDF")
    add(world.house, case, ByHand("cloud", RELEASER, "", (tmp_path / "fund.pdf",)))
    assert cells(world, case)["cloud"] == (CellState.GAPS, "")


def test_a_persons_answer_does_not_outlive_a_search_asked_for_after_it(world: World) -> None:
    world.cloud.holds[LENA] = [gap()]
    case = steps.in_review(world)
    add(world.house, case, ByHand("cloud", RELEASER, "von Hand: nichts", whole=True))
    world.clock.move(minutes=5)
    with world.house.store.begin() as tx:
        search_again(tx, case, RELEASER, "der Export ist neu")
    assert cells(world, case)["cloud"][0] is CellState.OPEN
    steps.search_all(world)
    assert cells(world, case)["cloud"] == (CellState.GAPS, "")


def test_records_of_a_case_that_was_withdrawn_meanwhile_are_not_asked_for(world: World) -> None:
    case = steps.collecting(world)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN)
    assert search_source(world.house, "crm").cases == 0
    assert world.crm.searches == []


def many_cases(world: World, count: int) -> list[str]:
    addresses = {n: f"kunde{n}@mail.example" for n in range(count)}
    world.crm.contacts = [contact(mail_, f"Kunde N{n}", f"customers/{n}") for n, mail_ in addresses.items()]
    world.crm.holds = {mail_: [finding(f"orders/{n}", value=f"Rad {n}")] for n, mail_ in addresses.items()}
    text = "Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.\n"
    for n, mail_ in addresses.items():
        world.arrives(mail(text=text, sender=f"<{mail_}>", message_id=f"<k{n}@m.example>"))
    poll(world.house)
    identify_all(world.house)
    return [case.number for case in world.cases() if case.status is Status.COLLECTING]


def test_thirty_cases_ask_each_source_once(world: World) -> None:
    cases = many_cases(world, 30)
    assert len(cases) == 30
    steps.search_all(world)
    assert [len(asked) for asked in world.crm.searches] == [30]
    assert [len(asked) for asked in world.cloud.searches] == [30]
    values = {kept.finding.fields[0][1] for case in cases for kept in findings(world, case).values()}
    assert values == {f"Rad {n}" for n in range(30)}
    assert {world.case(case).status for case in cases} == {Status.REVIEW}


def test_a_case_that_comes_in_during_a_pass_is_served_by_the_next(world: World) -> None:
    lena = steps.collecting(world)
    text = "Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.\n\nOle Brandt\n"
    late: list[str] = []

    def arrives() -> None:
        world.crm.meanwhile = lambda: None
        world.crm.contacts.append(contact(OLE, "Ole Brandt", "customers/2"))
        late.append(steps.collecting(world, mail(text=text, sender=f"Ole <{OLE}>", message_id="<2@m.example>")))

    world.crm.meanwhile = arrives
    steps.search_all(world)
    assert world.crm.searches == [(lena,)]
    assert [world.case(case).status for case in (lena, *late)] == [Status.REVIEW, Status.COLLECTING]
    steps.search_all(world)
    assert world.crm.searches == [(lena,), (late[0],)]
    assert world.case(late[0]).status is Status.REVIEW


def test_a_case_that_came_in_during_a_pass_that_broke_was_not_asked_for(world: World) -> None:
    began = world.clock.now()
    world.clock.move(minutes=1)
    case = steps.collecting(world)
    note_crash(world.house, "cloud", "crashed_KeyError", began)
    assert cells(world, case)["cloud"] == (CellState.OPEN, "not_searched")
    assert search_source(world.house, "cloud").cases == 1


def test_what_a_pass_finds_about_somebody_who_is_not_the_asker_any_more_is_kept_nowhere(world: World) -> None:
    """While Lena's data are searched for somebody finds out that Ole wrote: hers must not go to him."""
    world.crm.contacts.append(contact(OLE, "Ole Brandt", "customers/2"))
    world.crm.holds = {LENA: [finding("orders/1", files={"a.pdf": b"%PDF"})], OLE: [finding("orders/2", value="Oles")]}
    case = steps.collecting(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
        tx.cases.set_person(case, replace(person, candidates=tuple(world.crm.contacts)))
    files = len(world.files())

    def identified_anew() -> None:
        world.crm.meanwhile = lambda: None
        world.clock.move(minutes=1)
        with world.house.store.begin() as tx:
            tx.cases.move(case, Status.IDENTIFYING)
            record_check(world.house, tx, case, 2, REVIEWER, "Rückruf unter der hinterlegten Nummer")

    world.crm.meanwhile = identified_anew
    search_source(world.house, "crm")
    assert findings(world, case) == {}
    assert len(world.files()) == files
    del world.crm.holds[LENA]
    steps.search_all(world)
    assert [kept.finding.fields[0][1] for kept in findings(world, case).values()] == ["Oles"]
    assert world.case(case).status is Status.REVIEW


def test_what_was_found_before_a_source_broke_is_kept_and_its_cell_stays_open(world: World) -> None:
    world.crm.holds[LENA] = [finding(f"orders/{n}") for n in range(3)]
    case = steps.collecting(world)
    world.crm.bug = KeyError("x")
    with pytest.raises(KeyError):
        search_source(world.house, "crm")
    assert len(findings(world, case)) == 3
    assert cells(world, case)["crm"][0] is CellState.OPEN


def test_findings_are_stored_in_bulk_with_one_number_each(world: World, mocker: MockerFixture) -> None:
    count = 2 * AT_ONCE + 1
    world.crm.holds[LENA] = [finding(f"orders/{n}", value=f"Rad {n}") for n in range(count)]
    case = steps.collecting(world)
    stored = mocker.spy(Findings, "keep_all")
    search_source(world.house, "crm")
    assert stored.call_count == 3
    assert {number: kept.finding.locator for number, kept in findings(world, case).items()} == {
        n + 1: f"orders/{n}" for n in range(count)
    }


def test_one_locator_twice_in_a_batch_is_one_finding(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1", value="alt"), finding("orders/1", value="neu")]
    case = steps.collecting(world)
    search_source(world.house, "crm")
    assert [kept.finding.fields[0][1] for kept in findings(world, case).values()] == ["neu"]


def test_the_log_says_what_was_searched_by_what_and_outlives_the_values(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1"), finding("orders/2")]
    world.crm.limits = ("exact_only",)
    case = steps.in_review(world)

    def log() -> LoggedPass:
        with world.house.store.begin() as tx:
            return next(one for one in tx.passes.all(tx.cases.row(case)) if one.source == "crm")

    done = log()
    assert (done.cases, done.records, done.findings, done.limits) == (1, 100, 2, ("exact_only",))
    hits = {(one.identifier.kind, one.identifier.normal): one.hits for one in done.keys}
    assert hits[Kind.EMAIL, LENA] == 2
    assert hits[Kind.CUSTOMER_NUMBER, "k177"] == 0
    with world.house.store.begin() as tx:
        tx.findings.drop(tx.cases.row(case))
    assert log().keys == ()
    assert ("email", 1, 2) in log().kinds


def test_a_cell_says_by_which_kinds_its_system_was_searched(world: World) -> None:
    case = steps.in_review(world)
    told = {cell.system.key: cell for cell in draft(world, case).cells}
    assert told["crm"].kinds == told["cloud"].kinds == ("customer_number", "email", "name")
    assert told["crm"].limits == ()  # is asked by identifier
    assert told["cloud"].limits == ("exact_only",)  # is read through


def test_a_mailbox_that_two_people_on_file_share_makes_no_certain_match(world: World) -> None:
    """Who reads her mail may be him: what states no more than the address is for a person to decide."""
    world.crm.contacts = [contact(), contact(OLE, "Ole Brandt", "customers/2")]
    case = steps.collecting(world)
    asked: list[frozenset[tuple[Kind, str]]] = []

    def search(subjects: SubjectIndex) -> Iterator[Searched]:
        asked.append(subjects.shared)
        yield Searched("cloud", 0)

    world.cloud.search = search  # type: ignore[method-assign,assignment]
    search_source(world.house, "cloud")
    world.crm.contacts.append(contact(LENA, "Jonas Krüger", "customers/3"))
    search_once_more(world, case)
    world.crm.trouble = "timeout"
    search_once_more(world, case)
    in_doubt = frozenset({(Kind.EMAIL, LENA), (Kind.CUSTOMER_NUMBER, "k177")})
    assert asked == [frozenset(), frozenset({(Kind.EMAIL, LENA)}), in_doubt]
