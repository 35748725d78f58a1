"""Who asks: one record with this address and a mail to trust, or a person's recorded check; nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases.case import Status
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.source import Contact
from flows.collect import search_source
from flows.identify import CannotVerify, cannot_identify, identify_all, record_check
from flows.inbox import poll
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, World, contact, finding, mail

OTHER = "lena@arbeit.example"


def identified(world: World, raw: bytes | None = None) -> tuple[Status, str]:
    case = steps.acknowledged(world, raw)
    identify_all(world.house)
    return world.case(case).status, world.case(case).attention


def test_the_address_on_file_of_a_mail_to_trust_identifies(world: World) -> None:
    case = steps.acknowledged(world)
    assert identify_all(world.house) == 1
    assert world.case(case).status is Status.COLLECTING
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    assert person.recipient == LENA
    assert {item.kind for item in person.verified} == {Kind.EMAIL, Kind.NAME, Kind.CUSTOMER_NUMBER}


def test_what_somebody_typed_into_the_record_stays_a_proposal(world: World) -> None:
    more = (Identifier(Kind.PHONE, "030 23125 011", Origin.FOUND), Identifier(Kind.EMAIL, OTHER, Origin.FOUND))
    world.crm.contacts = [Contact("customers/1", (*contact().identifiers, *more))]
    case = steps.collecting(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    assert {item.value for item in person.proposals} == {"030 23125 011", OTHER}
    assert not {"030 23125 011", OTHER} & {item.value for item in person.verified}


@pytest.mark.parametrize(
    ("contacts", "raw", "why"),
    [
        ([contact(), contact(locator="customers/2")], mail(), "identity_address_shared"),
        ([contact(name="Jonas Krüger")], mail(), "identity_name_differs"),
        ([contact()], mail(auth=""), "identity_mail_not_authentic"),
        ([contact()], mail(auth="fail"), "identity_mail_not_authentic"),
        (
            [contact("info@firma.example", "Max Muster")],
            mail(text="Ich bitte um Auskunft nach Art. 15 DSGVO.\n", sender="info@firma.example"),
            "identity_address_shared",
        ),
        ([contact(OTHER)], mail(), "identity_address_unknown"),
        ([], mail(), "identity_address_unknown"),
    ],
    ids=[
        "two records",
        "another name",
        "nobody vouches",
        "forged",
        "role",
        "another address on file",
        "unknown",
    ],
)
def test_any_doubt_is_a_question_to_a_person(world: World, contacts: list[Contact], raw: bytes, why: str) -> None:
    world.crm.contacts = contacts
    assert identified(world, raw) == (Status.IDENTIFYING, why)
    (case,) = world.cases()
    forged = {("acknowledge", "")} if b"X-Auth: fail" in raw else set()
    assert world.waiting(case.number) == {("identity", "")} | forged
    search_source(world.house, "crm")
    assert world.crm.searches == []


@pytest.mark.parametrize("name", ["L. Krüger", "Krüger", "Dr. Lena Krüger", "lena krueger"])
def test_a_name_written_otherwise_is_no_doubt(world: World, name: str) -> None:
    text = f"Ich bitte um Auskunft nach Art. 15 DSGVO.\n\n{name}\n"
    assert identified(world, mail(text=text, sender=f"{name} <{LENA}>"))[0] is Status.COLLECTING


def test_an_unreachable_system_of_record_leaves_the_case_and_raises_an_alarm(world: World) -> None:
    case = steps.acknowledged(world)
    world.crm.trouble = "refused"
    assert identify_all(world.house) == 0
    assert world.case(case).status is Status.ACKNOWLEDGED
    assert (case, "source_unavailable") in world.alarms()
    world.crm.trouble = ""
    assert identify_all(world.house) == 1
    assert world.alarms() == set()


def check(world: World, case: str, record: int, how: str = "am Telefon nach der letzten Bestellung gefragt") -> None:
    with world.house.store.begin() as tx:
        record_check(world.house, tx, case, record, REVIEWER, how)


def test_a_checked_record_sends_the_answer_to_the_address_on_file_not_to_the_sender(world: World) -> None:
    world.crm.contacts = [contact(OTHER)]
    case = steps.acknowledged(world)
    identify_all(world.house)
    check(world, case, 1)
    with world.house.store.begin() as tx:
        assert tx.cases.person(case).recipient == OTHER
    assert world.case(case).status is Status.COLLECTING
    assert world.waiting(case) == set()
    assert "identified:checked_by_person" in world.steps(case)


def test_somebody_on_file_nowhere_is_answered_at_the_address_that_the_check_vouches_for(world: World) -> None:
    world.crm.contacts = []
    case = steps.acknowledged(world)
    identify_all(world.house)
    check(world, case, 0)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    assert person.recipient == LENA
    assert [(item.kind, item.origin) for item in person.verified] == [(Kind.EMAIL, Origin.VERIFIED)]


@pytest.mark.parametrize(
    ("record", "how", "code"),
    [(2, "gefragt", "no_such_record"), (-1, "gefragt", "no_such_record"), (1, " ", "by_and_how_needed")],
)
def test_a_check_that_proves_nothing_changes_nothing(world: World, record: int, how: str, code: str) -> None:
    world.crm.contacts = [contact(OTHER)]
    case = steps.acknowledged(world)
    identify_all(world.house)
    with pytest.raises(CannotVerify) as refused:
        check(world, case, record, how)
    assert refused.value.code == code
    assert world.case(case).status is Status.IDENTIFYING


def test_what_was_found_for_whom_we_took_them_before_is_forgotten(world: World) -> None:
    """Nothing found about one person may stay in the case when another one is identified."""
    world.crm.holds[LENA] = [finding("orders/1", files={"a.pdf": b"of somebody else"})]
    case = steps.collecting(world)
    search_source(world.house, "crm")
    files = len(world.files())
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.IDENTIFYING)
    check(world, case, 1)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        assert tx.findings.all(row) == ()
        assert tx.findings.logs(case) == ()
    assert len(world.files()) == files - 1


def test_who_cannot_be_identified_is_handed_to_a_person(world: World) -> None:
    case = steps.acknowledged(world, mail(auth=""))
    identify_all(world.house)
    with world.house.store.begin() as tx:
        cannot_identify(tx, case, REVIEWER, "keine weiteren Angaben")
    assert world.case(case).status is Status.WITH_PERSON
    assert world.case(case).attention == "cannot_identify"  # says who has to write the letter of Art. 11(2)
    assert world.case(case).open


def meanwhile(world: World, happens: Callable[[], object]) -> None:
    """Something happens once, while the system of record is asked."""
    ask, waiting = world.crm.lookup, [happens]

    def lookup(claims: Subject) -> tuple[Contact, ...]:
        if waiting:
            waiting.pop()()
        return ask(claims)

    world.crm.lookup = lookup  # type: ignore[method-assign]


def test_what_a_mail_states_while_the_record_is_asked_is_not_lost(world: World) -> None:
    case = steps.acknowledged(world)
    text = "Nachtrag zu meiner Auskunft: Meine Kundennummer ist K-999.\n\nLena Krüger\n"

    def comes() -> None:
        world.arrives(mail("Nachtrag zur Auskunft", text, message_id="<2@mail.example>"))
        poll(world.house)

    meanwhile(world, comes)
    assert identify_all(world.house) == 0
    assert identify_all(world.house) == 1
    with world.house.store.begin() as tx:
        assert "K-999" in {item.value for item in tx.cases.person(case).claims}


def test_a_check_that_is_recorded_while_the_record_is_asked_stands(world: World) -> None:
    world.crm.contacts = [contact(OTHER)]
    case = steps.acknowledged(world)
    meanwhile(world, lambda: check(world, case, 0))
    identify_all(world.house)
    identify_all(world.house)
    assert world.case(case).status is Status.COLLECTING
    with world.house.store.begin() as tx:
        assert tx.cases.person(case).recipient == LENA


def test_a_case_that_ends_while_the_record_is_asked_stops_no_other(world: World) -> None:
    case = steps.acknowledged(world)
    other = steps.acknowledged(world, mail(sender="Jonas Maier <j@mail.example>", message_id="<2@mail.example>"))

    def withdrawn() -> None:
        with world.house.store.begin() as tx:
            tx.cases.move(case, Status.WITHDRAWN, REVIEWER, "Anruf")

    meanwhile(world, withdrawn)
    identify_all(world.house)
    assert world.case(case).status is Status.WITHDRAWN
    assert world.case(other).status is Status.IDENTIFYING
