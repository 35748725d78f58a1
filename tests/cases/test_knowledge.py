"""What widens a search by itself, what a person has to be asked about, and what never widens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.finding import Finding, Match, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.knowledge import Learned, Standing, accepted, chain, on_file, proposals, standing
from cases.source import Contact

LENA, PHONE = "lena@mail.example", "030 23125 011"
MAIL = Identifier(Kind.EMAIL, LENA, Origin.VERIFIED, "", "crm:customers[id=1]")
NAME = Identifier(Kind.NAME, "Lena Marie Krüger", Origin.VERIFIED)
NUMBER = Identifier(Kind.CUSTOMER_NUMBER, "K-1", Origin.VERIFIED, "crm")
BORN = Identifier(Kind.BIRTH_DATE, "1984-05-17", Origin.VERIFIED)
SUBJECT = Subject("A", (MAIL, NAME, NUMBER))


def found(kind: Kind, value: str, scope: str = "") -> Identifier:
    return Identifier(kind, value, Origin.FOUND, scope, "crm:customers[id=1]")


def finding(*learned: Identifier, strength: Strength = Strength.CERTAIN) -> Finding:
    matched = (Match(MAIL, "email"),)
    return Finding("crm", "customer", "A", "customers[id=1]", strength, matched, (), learned=learned)


def contact(locator: str, *items: tuple[Kind, str]) -> Contact:
    return Contact(locator, tuple(found(kind, value) for kind, value in items))


def test_what_a_person_can_type_is_proposed_with_what_led_to_it() -> None:
    phone, second = found(Kind.PHONE, PHONE), found(Kind.EMAIL, "lk@arbeit.example")
    own_key = found(Kind.CUSTOMER_NUMBER, "K-7", "crm")
    told = proposals(replace(finding(phone, second, own_key, phone, MAIL), widened=(own_key,)), SUBJECT)
    assert [one.identifier for one in told] == [phone, second]
    assert told[0] == Learned(phone, "crm", "customers[id=1]", ((MAIL, "email"),))


def test_a_key_by_which_the_source_did_not_search_on_is_proposed() -> None:
    key = found(Kind.CUSTOMER_NUMBER, "K-7", "crm")
    assert [one.identifier for one in proposals(finding(key), SUBJECT)] == [key]


@pytest.mark.parametrize("strength", [Strength.PROBABLE, Strength.POSSIBLE])
def test_what_may_be_a_namesakes_record_teaches_nothing(strength: Strength) -> None:
    assert proposals(finding(found(Kind.PHONE, PHONE), strength=strength), SUBJECT) == ()


@pytest.mark.parametrize("name", ["Krüger, Lena", "Lena", "LENA MARIE", "lena.rad"])
def test_a_shorter_or_single_name_is_no_proposal(name: str) -> None:
    assert proposals(finding(found(Kind.NAME, name)), SUBJECT) == ()


def test_another_name_is_one() -> None:
    assert len(proposals(finding(found(Kind.NAME, "Lena Brandt")), SUBJECT)) == 1


def test_a_birth_date_and_a_hash_are_none() -> None:
    assert proposals(finding(found(Kind.BIRTH_DATE, "1984-05-17"), found(Kind.EMAIL_HASH, "0" * 64)), SUBJECT) == ()


def test_what_stands_on_file_beside_was_learned_from_that_record() -> None:
    (told,) = on_file([found(Kind.PHONE, PHONE)], SUBJECT.identifiers, SUBJECT)
    assert (told.source, told.locator) == ("crm", "customers[id=1]")
    assert [item.kind for item, _ in told.by] == [Kind.EMAIL, Kind.CUSTOMER_NUMBER]


PHONE_ON_FILE = found(Kind.PHONE, "+49 30 23125-011")
OWN = contact("customers[id=1]", (Kind.NAME, "Lena Krüger"), (Kind.PHONE, PHONE))


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], Standing.OWN),
        ([contact("customers[id=2]", (Kind.NAME, "Jonas Krüger"), (Kind.PHONE, PHONE))], Standing.SHARED),
        ([contact("customers[id=2]", (Kind.NAME, "Lena Krüger"), (Kind.PHONE, PHONE))], Standing.SHARED),
        ([contact("customers[id=2]", (Kind.PHONE, PHONE))], Standing.SHARED),
        ([contact("customers[id=2]", (Kind.EMAIL, LENA), (Kind.PHONE, PHONE))], Standing.SHARED),
        (
            [contact("customers[id=2]", (Kind.NAME, "Lena Krüger"), (Kind.EMAIL, LENA), (Kind.PHONE, PHONE))],
            Standing.OWN,
        ),
        (
            [contact("c", (Kind.NAME, "Lena Krüger"), (Kind.BIRTH_DATE, "17.05.1984"), (Kind.PHONE, PHONE))],
            Standing.OWN,
        ),
        (
            [
                contact(
                    "c",
                    (Kind.NAME, "Lena Krüger"),
                    (Kind.EMAIL, LENA),
                    (Kind.BIRTH_DATE, "1951-01-02"),
                    (Kind.PHONE, PHONE),
                )
            ],
            Standing.SHARED,
        ),
        ([contact("customers[id=2]", (Kind.NAME, "Jonas Krüger"), (Kind.PHONE, "030 23125 012"))], Standing.OWN),
    ],
    ids=[
        "nobody",
        "a household",
        "a namesake",
        "a record without a name",
        "her mailbox without a name",
        "her second record",
        "her record by birth date",
        "her mother's, of one name and mailbox",
        "another number",
    ],
)
def test_what_another_person_has_too_is_shared_and_in_doubt_it_is(others: list[Contact], expected: Standing) -> None:
    assert standing(PHONE_ON_FILE, (MAIL, NAME, BORN), [OWN, *others]) is expected


@pytest.mark.parametrize("address", ["info@krueger.example", "familie.krueger@mail.example"])
def test_a_role_address_is_nobodys_own(address: str) -> None:
    assert standing(found(Kind.EMAIL, address), (MAIL, NAME), []) is Standing.SHARED


@pytest.mark.parametrize(
    ("item", "stated"),
    [
        (found(Kind.EMAIL, "lena.krueger@gmail.com"), "lenakrueger@googlemail.com"),
        (found(Kind.ADDRESS, "Lange Straße 1, 18055 Rostock"), "Lange Str. 1, 18055 Rostock"),
        (found(Kind.HANDLE, "lena.rad", "instagram"), "@Lena.Rad"),
    ],
)
def test_whoever_has_it_in_another_spelling_has_it_too(item: Identifier, stated: str) -> None:
    other = contact("customers[id=2]", (Kind.NAME, "Jonas Voss"), (item.kind, stated))
    assert standing(item, (MAIL, NAME), [OWN, other]) is Standing.SHARED


def test_an_address_is_no_proof_of_itself() -> None:
    """A namesake's record with the second address is not hers because it states that address."""
    second = found(Kind.EMAIL, "lk@arbeit.example")
    namesake = contact("customers[id=2]", (Kind.NAME, "Lena Krüger"), (Kind.EMAIL, "lk@arbeit.example"))
    known = (MAIL, NAME, Identifier(Kind.EMAIL, "lk@arbeit.example", Origin.VERIFIED))
    assert standing(second, known, [namesake]) is Standing.SHARED


def test_only_what_was_proven_is_searched_for_as_verified() -> None:
    learned = Learned(found(Kind.PHONE, PHONE), "crm", "customers[id=1]")
    assert accepted(learned, proven=False).origin is Origin.ACCEPTED
    assert accepted(learned, proven=True).origin is Origin.VERIFIED
    assert accepted(learned, proven=False).found_in == "crm:customers[id=1]"


def test_the_chain_leads_back_to_what_was_verified() -> None:
    phone = Learned(found(Kind.PHONE, PHONE), "crm", "customers[id=1]", ((MAIL, "email"),))
    first = accepted(phone, proven=False)
    handle = Learned(found(Kind.HANDLE, "lena.rad", "insta"), "insta", "thread/1", ((first, "phone"),))
    second = accepted(handle, proven=False)
    known = {one.identifier.key: one for one in (phone, handle)}
    assert list(chain(second, known)) == [second, first, MAIL]
    assert list(chain(MAIL, known)) == [MAIL]


def test_a_chain_that_bites_its_tail_ends() -> None:
    one, two = (accepted(Learned(found(Kind.PHONE, f"030 23125 01{n}"), "crm", ""), proven=False) for n in (1, 2))
    known = {one.key: Learned(one, "crm", "", ((two, ""),)), two.key: Learned(two, "crm", "", ((one, ""),))}
    assert list(chain(one, known)) == [one, two]


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ("Lange Straße 5", Standing.SHARED),
        ("Lange Str. 5, 18057 Rostock", Standing.SHARED),
        ("Lange Straße 5-7, 18055 Rostock", Standing.SHARED),
        ("Lange Straße 6, 18055 Rostock", Standing.OWN),
    ],
)
def test_a_household_has_its_address_however_it_is_written(theirs: str, told: Standing) -> None:
    address = found(Kind.ADDRESS, "Lange Straße 5, 18055 Rostock")
    peter = contact("customers[id=2]", (Kind.NAME, "Peter Krüger"), (Kind.ADDRESS, theirs))
    assert standing(address, SUBJECT.identifiers, [peter]) is told
