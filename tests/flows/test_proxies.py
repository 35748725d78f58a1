"""Lawyers, parents and agencies: one case for each person they write for, and no answer before somebody checked."""

from __future__ import annotations

import pytest

from cases.case import Status
from cases.identifiers import Kind
from cases.person import Person
from flows import draft as drafts
from flows.collect import search_source
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.inbox import poll
from flows.questions import answer
from flows.summaries import review
from flows.watch import watch
from tests.flows import steps
from tests.flows.house import DPO, LENA, REVIEWER, World, contact, finding
from tests.flows.letters import AGENCY, AGENT, KANZLEI, LAWYER, from_agency, from_lawyer, letter
from tests.flows.test_threads import arrive, one_case, say


def lawyers_case(world: World) -> str:
    world.arrives(from_lawyer())
    poll(world.house)
    identify_all(world.house)
    return one_case(world)


def checked(world: World, case: str, receives: str = "subject") -> str:
    return say(world, case, "authority", decision="checked", receives=receives, how="Vollmacht im Original gesehen")


def test_a_lawyers_letter_waits_until_the_authority_was_checked(world: World) -> None:
    world.crm.holds[LENA] = [finding("orders/1")]
    case = lawyers_case(world)
    assert (world.case(case).status, world.case(case).attention) == (Status.IDENTIFYING, "authority_to_act")
    assert world.waiting(case) == {("authority", "")}
    search_source(world.house, "crm")
    assert world.crm.searches == []


def test_the_data_subject_is_not_the_lawyer(world: World) -> None:
    case = lawyers_case(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    assert (person.name, person.sender, person.proxy.role if person.proxy else "") == ("Lena Krüger", KANZLEI, "lawyer")
    values = {item.value for item in person.claims}
    assert not {KANZLEI, "Dr. Ines Falk", "Ines Falk"} & values


def test_the_lawyer_gets_the_acknowledgement_and_it_names_nobody(world: World) -> None:
    lawyers_case(world)
    dispatch(world.house)
    (raw,) = world.post.to(KANZLEI)
    assert b"Lena" not in raw
    assert b"Kr=C3=BCger" not in raw


def test_the_identity_of_the_data_subject_is_asked_after_the_authority(world: World) -> None:
    case = lawyers_case(world)
    assert checked(world, case) == ""
    identify_all(world.house)
    assert (world.case(case).status, world.case(case).attention) == (Status.IDENTIFYING, "identity_proxy")
    assert world.waiting(case) == {("identity", "")}


def test_the_address_of_a_proxy_verifies_nobody_even_where_it_is_on_file(world: World) -> None:
    world.crm.contacts = [contact(KANZLEI)]
    case = lawyers_case(world)
    checked(world, case)
    identify_all(world.house)
    assert world.case(case).status is Status.IDENTIFYING


@pytest.mark.parametrize(("receives", "recipient"), [("subject", LENA), ("proxy", KANZLEI)])
def test_the_answer_goes_where_the_checked_authority_says(world: World, receives: str, recipient: str) -> None:
    case = lawyers_case(world)
    checked(world, case, receives)
    identify_all(world.house)
    assert say(world, case, "identity", decision="checked", how="Anruf", record="1") == ""
    steps.search_all(world)
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
        assert person.recipient == recipient
        assert {item.value for item in person.verified if item.kind is Kind.EMAIL} == {LENA}
    assert ("Vertretung" in summary(world, case)) == (receives == "proxy")


def summary(world: World, case: str) -> str:
    with world.house.store.begin() as tx:
        record, draft = drafts.current(world.house, tx, case)
        return review(world.house, tx, tx.cases.get(case), record, draft)


def test_somebody_on_file_nowhere_gets_no_answer_at_the_lawyers_address_by_default(world: World) -> None:
    world.crm.contacts = []
    case = lawyers_case(world)
    checked(world, case)
    identify_all(world.house)
    assert say(world, case, "identity", decision="checked", how="Anruf", record="0") == "no_address_on_file"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({}, "no_decision"),
        ({"decision": "checked", "how": "gesehen"}, "receiver_needed"),
        ({"decision": "checked", "receives": "me", "how": "gesehen"}, "receiver_needed"),
        ({"decision": "checked", "receives": "proxy"}, "by_and_how_needed"),
    ],
)
def test_a_form_that_says_too_little_changes_nothing(world: World, typed: dict[str, str], code: str) -> None:
    case = lawyers_case(world)
    assert say(world, case, "authority", **typed) == code
    assert world.case(case).status is Status.IDENTIFYING
    assert world.waiting(case) == {("authority", "")}


def test_an_identity_check_cannot_go_before_the_authority(world: World) -> None:
    case = lawyers_case(world)
    with world.house.store.begin() as tx:
        asked = tx.questions.ask(case, "identity", tx.cases.get(case).due)
        typed = {"by": REVIEWER, "decision": "checked", "how": "x", "record": "0"}
        assert answer(world.house, tx, asked, typed) == "authority_first"


def test_an_authority_that_is_not_shown_is_asked_again_when_the_proxy_writes(world: World) -> None:
    case = lawyers_case(world)
    assert say(world, case, "authority", decision="not_proven", how="keine Vollmacht dabei") == ""
    assert (world.waiting(case), world.case(case).status) == (set(), Status.IDENTIFYING)
    arrive(world, from_lawyer(2, subject="Re: Auskunft", In_Reply_To="<1@mail.example>"))
    assert one_case(world) == case
    assert world.waiting(case) == {("authority", "")}


def test_an_agency_for_three_people_opens_three_cases_with_one_acknowledgement(world: World) -> None:
    world.arrives(from_agency())
    poll(world.house)
    dispatch(world.house)
    first, *others = world.cases()
    assert len(others) == 2
    assert {case.due for case in others} == {first.due}
    assert [world.steps(case.number).count(f"with:{first.number}") for case in others] == [1, 1]
    (raw,) = world.post.to(AGENT)
    assert all(case.number.encode() in raw for case in (first, *others))
    assert b"Lena" not in raw


def test_each_case_of_one_mail_keeps_the_mail_under_its_own_key(world: World) -> None:
    world.arrives(from_agency())
    poll(world.house)
    with world.house.store.begin() as tx:
        for case in tx.cases.all()[1:]:
            (document,) = tx.documents.of_case(tx.cases.row(case.number))
            assert document.file is not None
            with world.house.vault.open(document.file.blob) as stream:
                assert stream.read() == from_agency()
            assert document.file.blob.key_id == tx.cases.row(case.number).material_key
        assert tx.documents.to_copy() == ()


def test_an_agency_that_writes_again_opens_cases_only_for_new_people(world: World) -> None:
    world.arrives(from_agency())
    poll(world.house)
    arrive(world, from_agency(2, AGENCY.replace("Mia Sommer", "Finn Albers").replace("mia@", "finn@")))
    assert len(world.cases()) == 4


def test_two_people_of_one_name_are_two_cases(world: World) -> None:
    text = AGENCY.replace("Ole Brandt", "Lena Krüger")
    world.arrives(from_agency(1, text))
    poll(world.house)
    assert len(world.cases()) == 3


def test_an_erasure_for_somebody_else_says_that_the_authority_is_open(world: World) -> None:
    asked = "Auskunft nach Art. 15 DSGVO über alle zu ihr gespeicherten Daten"
    text = LAWYER.replace(asked, "die Löschung ihrer Daten nach Art. 17 DSGVO")
    world.arrives(letter(1, text, "Dr. Ines Falk", KANZLEI, subject="Löschung nach Art. 17 DSGVO"))
    poll(world.house)
    watch(world.house)
    dispatch(world.house)
    case = one_case(world)
    assert (world.case(case).right, world.case(case).status) == ("erasure", Status.WITH_PERSON)
    assert world.waiting(case) == {("authority", "")}
    assert b"noch nicht gepr" in world.post.to(DPO)[0]
    assert checked(world, case) == ""
    assert world.case(case).status is Status.WITH_PERSON


def everybody(world: World) -> list[Person]:
    with world.house.store.begin() as tx:
        return [tx.cases.person(case.number) for case in tx.cases.all()]


def test_each_of_an_agencys_people_has_a_name(world: World) -> None:
    world.arrives(from_agency())
    poll(world.house)
    people = everybody(world)
    assert [person.name for person in people] == ["Lena Krüger", "Ole Brandt", "Mia Sommer"]
    assert {person.proxy.name for person in people if person.proxy} == {"Datenfrei"}


def test_a_wife_who_writes_is_not_the_person_of_the_case(world: World) -> None:
    text = "Hallo,\n\nmein Mann Peter Krüger will wissen, welche Daten bei Ihnen über ihn liegen.\n\nLena Krüger\n"
    world.crm.contacts = [contact(LENA)]
    world.arrives(letter(1, text))
    poll(world.house)
    identify_all(world.house)
    (person,) = everybody(world)
    assert (person.name, person.verification) == ("Peter Krüger", None)
    assert world.waiting(one_case(world)) == {("authority", "")}


def test_two_who_write_together_are_two_cases(world: World) -> None:
    text = (
        "Guten Tag,\n\nwir, Lena und Ole Krüger, fragen an, welche Daten Sie über uns haben.\n\nLena und Ole Krüger\n"
    )
    world.arrives(letter(1, text))
    poll(world.house)
    lena, ole = everybody(world)
    assert (lena.name, lena.proxy, lena.sender) == ("Lena Krüger", None, LENA)
    assert (ole.name, ole.authority_missing, ole.sender) == ("Ole Krüger", True, LENA)
    assert Kind.EMAIL not in {item.kind for item in ole.claims}
