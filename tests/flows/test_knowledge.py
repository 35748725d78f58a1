"""What was learned widens the search after a person's yes, and never where somebody else has it, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.case import Status
from cases.draft import AnswerKind, Approval, ApprovalRefused, approve
from cases.finding import Finding, Match, Strength
from cases.identifiers import Identifier, Kind, Origin
from cases.knowledge import Standing
from cases.source import Contact
from flows import draft as drafts
from flows.collect import search_again, search_source
from flows.identify import record_check
from flows.knowledge import CannotDecide, Yes, accept, decline
from flows.proposed import undecided
from flows.summaries import review
from infra.store.knowledge import Proposal, State
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, contact, finding

PHONE = "030 23125 011"
NORMAL = "+493023125011"
JONAS = Contact("customers/7", (Identifier(Kind.NAME, "Jonas Krüger"), Identifier(Kind.PHONE, PHONE)))


def on_file(*more: tuple[Kind, str]) -> Contact:
    """Lena's record in the system of record, with what else stands in it."""
    known = contact()
    return replace(known, identifiers=(*known.identifiers, *(Identifier(*one, Origin.FOUND) for one in more)))


def with_phone(world: World, **known: object) -> str:
    world.crm.contacts = [on_file((Kind.PHONE, PHONE))]
    return steps.in_review(world, **known)  # type: ignore[arg-type]


def proposals(world: World, case: str) -> tuple[Proposal, ...]:
    with world.house.store.begin() as tx:
        return tx.proposals.all(tx.cases.row(case))


def blockers(world: World, case: str) -> tuple[str, ...]:
    with world.house.store.begin() as tx:
        return drafts.build(world.house, tx, case, world.house.today(tx.now)).blockers


def by_phone(locator: str = "calls/1") -> Finding:
    matched = (Match(Identifier(Kind.PHONE, PHONE, Origin.ACCEPTED, "", "crm:customers/1"), "caller"),)
    return replace(finding(locator, "cloud", Strength.PROBABLE, "Anruf"), matched=matched)


def searched_by(world: World, case: str) -> set[str]:
    with world.house.store.begin() as tx:
        return {item.normal for item in tx.cases.person(case).subject(case).identifiers}


def test_what_stands_on_file_is_asked_about_and_nothing_is_said_before(world: World) -> None:
    """A search by less than what is known is not complete (SCP-01): not even "nothing held" may be said of it."""
    case = with_phone(world, holding=False)
    (one,) = proposals(world, case)
    assert (one.kind, one.state, one.standing) == (Kind.PHONE, State.OPEN, Standing.OWN)
    assert NORMAL not in searched_by(world, case)
    with world.house.store.begin() as tx:
        draft = drafts.build(world.house, tx, case, world.house.today(tx.now))
        assert draft.kind is AnswerKind.NOTHING_HELD
        with pytest.raises(ApprovalRefused, match="undecided_proposals"):
            approve(draft, Approval(case, draft.digest, RELEASER, tx.now))
    assert steps.release(world, case) == "undecided_proposals"


def test_the_summary_counts_them_and_names_none(world: World) -> None:
    case = with_phone(world)
    with world.house.store.begin() as tx:
        record, draft = drafts.current(world.house, tx, case)
        text = review(world.house, tx, tx.cases.get(case), record, draft)
    assert "**1 Suchvorschläge offen" in text
    assert f"auskunft case accept {case} --all" in text
    assert PHONE not in text


def test_a_yes_asks_every_source_again_by_it(world: World) -> None:
    case = with_phone(world)
    world.cloud.holds[NORMAL] = [by_phone()]
    world.clock.move(minutes=5)
    assert accept(world.house, case, Yes(REVIEWER)) == 1
    assert world.case(case).status is Status.COLLECTING
    assert NORMAL in searched_by(world, case)
    searches = len(world.crm.searches), len(world.cloud.searches)
    steps.search_all(world)
    assert (len(world.crm.searches), len(world.cloud.searches)) == (searches[0] + 1, searches[1] + 1)
    assert world.case(case).status is Status.REVIEW
    assert blockers(world, case) == ("undecided_findings",)  # what it led to is somebody's word, too
    world.decide(case, 2)
    assert steps.release(world, case) == ""


def test_whose_yes_it_was_stands_in_the_history(world: World) -> None:
    case = with_phone(world)
    accept(world.house, case, Yes(REVIEWER))
    with world.house.store.begin() as tx:
        (event,) = [one for one in tx.cases.history(case) if one.what == "proposal_accepted:1"]
    assert event.who == REVIEWER
    assert proposals(world, case)[0].by == REVIEWER


def test_what_was_accepted_makes_no_certain_match_unless_it_was_proven(world: World) -> None:
    case = with_phone(world)
    accept(world.house, case, Yes(REVIEWER))
    with world.house.store.begin() as tx:
        (item,) = tx.cases.person(case).accepted
    assert item.origin is Origin.ACCEPTED


def test_a_household_phone_never_widens(world: World) -> None:
    """A shop account with the attacker's own address and somebody else's phone leads to nothing of hers."""
    world.crm.contacts = [on_file((Kind.PHONE, PHONE)), JONAS]
    case = steps.in_review(world)
    assert proposals(world, case)[0].standing is Standing.SHARED
    assert blockers(world, case) == ()
    with pytest.raises(CannotDecide, match="somebody else"):
        accept(world.house, case, Yes(REVIEWER, (1,)))
    with pytest.raises(CannotDecide, match="somebody else"):
        accept(world.house, case, Yes(REVIEWER, (1,), "am Telefon gezeigt"))
    with pytest.raises(CannotDecide, match="no proposal that waits"):
        accept(world.house, case, Yes(REVIEWER))
    assert NORMAL not in searched_by(world, case)


def test_it_is_checked_again_when_somebody_says_yes(world: World) -> None:
    """Jonas became a customer after the search."""
    case = with_phone(world)
    world.crm.contacts.append(JONAS)
    with pytest.raises(CannotDecide, match="somebody else"):
        accept(world.house, case, Yes(REVIEWER, (1,)))


def test_nobody_says_yes_while_the_system_of_record_cannot_be_asked(world: World) -> None:
    case = with_phone(world)
    world.crm.trouble = "timeout"
    with pytest.raises(CannotDecide, match="try again later"):
        accept(world.house, case, Yes(REVIEWER))
    assert world.case(case).status is Status.REVIEW


def test_a_no_is_remembered(world: World) -> None:
    case = with_phone(world)
    decline(world.house, case, (), REVIEWER, "alte Nummer")
    assert blockers(world, case) == ()
    world.clock.move(minutes=5)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "noch einmal")
    steps.search_all(world)
    assert [one.state for one in proposals(world, case)] == [State.DECLINED]
    assert steps.release(world, case) == ""


def test_what_a_certain_finding_states_is_proposed_with_its_chain(world: World) -> None:
    mail = Identifier(Kind.EMAIL, "lk@arbeit.example", Origin.FOUND, "", "crm:orders/1")
    own = Identifier(Kind.CUSTOMER_NUMBER, "K-9", Origin.FOUND, "crm", "crm:orders/1")
    world.crm.holds[LENA] = [replace(finding("orders/1"), learned=(mail, own), widened=(own,))]
    case = steps.in_review(world, holding=False)
    (one,) = proposals(world, case)
    assert (one.learned.identifier, one.learned.source, one.learned.locator) == (mail, "crm", "orders/1")
    assert [(item.normal, item.origin, where) for item, where in one.learned.by] == [(LENA, Origin.VERIFIED, "email")]


def test_what_the_person_states_meanwhile_needs_nobodys_yes(world: World) -> None:
    case = with_phone(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
        tx.cases.set_person(case, replace(person, claims=(*person.claims, Identifier(Kind.PHONE, PHONE))))
        assert undecided(tx, case) == ()


def test_another_identification_forgets_what_was_learned_and_accepted(world: World) -> None:
    world.crm.contacts = [on_file((Kind.PHONE, PHONE)), contact("ole@mail.example", "Ole Brandt", "customers/2")]
    case = steps.in_review(world)
    accept(world.house, case, Yes(REVIEWER))
    world.clock.move(minutes=5)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.IDENTIFYING)
        record_check(world.house, tx, case, 0, REVIEWER, "angerufen, war jemand anders")
    assert proposals(world, case) == ()
    assert NORMAL not in searched_by(world, case)


def test_nothing_is_decided_once_the_answer_is_approved(world: World) -> None:
    case = with_phone(world)
    decline(world.house, case, (1,), REVIEWER, "")
    assert steps.release(world, case) == ""
    with pytest.raises(CannotDecide, match="approved"):
        accept(world.house, case, Yes(REVIEWER, (1,)))
    with pytest.raises(CannotDecide, match="approved"):
        decline(world.house, case, (1,), REVIEWER, "")


def test_a_pass_at_work_does_not_count_for_what_was_accepted_meanwhile(world: World) -> None:
    world.crm.contacts = [on_file((Kind.PHONE, PHONE))]
    world.crm.holds[LENA] = [finding("orders/1")]
    case = steps.collecting(world)
    search_source(world.house, "crm")

    def yes() -> None:
        world.clock.move(minutes=1)
        accept(world.house, case, Yes(REVIEWER))

    world.cloud.meanwhile = yes
    search_source(world.house, "cloud")
    world.cloud.meanwhile = lambda: None
    steps.search_all(world)
    assert world.cloud.searches == [(case,), (case,)]
    assert world.case(case).status is Status.REVIEW


def test_nothing_personal_is_open_in_what_is_stored(world: World) -> None:
    case = with_phone(world)
    accept(world.house, case, Yes(REVIEWER))
    with world.house.store._engine.connect() as connection:
        for table in ("proposals", "passes"):
            rows = repr(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
            assert not [word for word in (PHONE, NORMAL, LENA, REVIEWER) if word in rows], table
    assert case
