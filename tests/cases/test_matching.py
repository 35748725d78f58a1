"""The table of docs/matching.md: every case in which two people are easily taken for one has a defined outcome."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from cases.anchors import anchors, holds, lower
from cases.finding import Reason
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.sharing import shared_keys
from cases.subjects import Clue, Hit, SubjectIndex

MAIL, PHONE, NAME, BORN = Kind.EMAIL, Kind.PHONE, Kind.NAME, Kind.BIRTH_DATE
ADDRESS, NUMBER = Kind.ADDRESS, Kind.CUSTOMER_NUMBER
HOME = "Lange Straße 5, 10115 Berlin"
LENA = {
    MAIL: "lena.krueger@mail.example",
    PHONE: "030 23125 001",
    NAME: "Lena Krüger",
    BORN: "1984-03-02",
    ADDRESS: HOME,
    NUMBER: "K-1001",
}
NAMED = {NAME: "Lena Krüger"}
BORN_AND_NAMED = {**NAMED, BORN: "1984-03-02"}


def subject(known: dict[Kind, str], id_: str = "A", origin: Origin = Origin.VERIFIED) -> Subject:
    items = (Identifier(kind, value, origin, "crm" if kind is NUMBER else "") for kind, value in known.items())
    return Subject(id_, tuple(items))


def clues(*stated: dict[Kind, str]) -> list[Clue]:
    return [Clue(kind, value, kind.value, "crm") for one in stated for kind, value in one.items()]


def hit(known: dict[Kind, str], *stated: dict[Kind, str], origin: Origin = Origin.VERIFIED) -> Hit | None:
    return next(iter(SubjectIndex([subject(known, origin=origin)]).match_alike(clues(*stated))), None)


def outcome(known: dict[Kind, str], *stated: dict[Kind, str], origin: Origin = Origin.VERIFIED) -> str:
    found = hit(known, *stated, origin=origin)
    return found.strength.value if found else "nothing"


def test_a_family_that_shares_an_address_of_mail() -> None:
    mail = {MAIL: LENA[MAIL]}
    assert outcome(LENA, mail) == "certain"
    assert outcome(LENA, mail, {NAME: "Jonas Krüger"}) == "probable"
    assert outcome(LENA, mail, {NAME: "Jonas"}) == "probable"
    assert outcome(LENA, mail, {NAME: "Jonas Krüger", BORN: "2012-09-30"}) == "possible"
    assert outcome(LENA, mail, {NAME: "Ben Okafor"}) == "possible"
    assert outcome({**LENA, MAIL: "familie.krueger@mail.example"}, {MAIL: "familie.krueger@mail.example"}) == "possible"


def test_an_address_that_two_people_of_the_house_state_is_nobodys_key() -> None:
    jonas = subject({MAIL: LENA[MAIL], NAME: "Jonas Krüger"}, "B")
    lena = subject(LENA)
    shared = shared_keys([lena, jonas])
    assert shared == {(MAIL, LENA[MAIL])}
    (found,) = SubjectIndex([lena], shared).match_alike(clues({MAIL: LENA[MAIL]}, NAMED))
    assert found.strength.value == "probable"
    (alone,) = SubjectIndex([lena], shared).match_alike(clues({MAIL: LENA[MAIL]}))
    assert alone.strength.value == "possible"


def test_whoever_only_claims_an_address_does_not_take_it_from_its_owner() -> None:
    attacker = subject({MAIL: LENA[MAIL], NAME: "Ben Okafor"}, "B", Origin.CLAIMED)
    assert shared_keys([subject(LENA), attacker]) == frozenset()


def test_one_person_under_two_names_shares_nothing() -> None:
    married = subject({MAIL: LENA[MAIL], NAME: "Lena Böhm"}, "B")
    assert shared_keys([subject(LENA), married]) == frozenset()
    assert shared_keys([subject(LENA), subject({MAIL: LENA[MAIL], NAME: "L. Krüger"}, "C")]) == frozenset()


def test_father_and_son_of_one_name() -> None:
    son = {NAME: "Karl Krüger", BORN: "1984-03-02", ADDRESS: HOME}
    father = {NAME: "Karl Krüger", ADDRESS: HOME}
    assert outcome(son, father) == "probable"
    assert outcome(son, {**father, BORN: "1951-07-11"}) == "possible"
    assert outcome(son, {**father, BORN: "1984-03-02"}) == "probable"
    assert outcome({**son, NAME: "Karl Krüger jun."}, {**father, NAME: "Karl Krüger sen."}) == "possible"
    assert outcome({**son, NAME: "Karl Krüger jun."}, father) == "possible"


def test_one_name_at_one_verified_address_of_mail_but_another_birth_date() -> None:
    assert outcome(LENA, {MAIL: LENA[MAIL], **NAMED, BORN: "1951-07-11"}) == "probable"


def test_a_namesake_in_the_next_street() -> None:
    assert outcome(LENA, {**NAMED, ADDRESS: "Kurze Straße 7, 10115 Berlin"}) == "possible"
    assert outcome(LENA, {**NAMED, ADDRESS: "Lange Straße 6, 10115 Berlin"}) == "possible"
    assert outcome(LENA, {**NAMED, BORN: "1951-07-11"}) == "possible"


def test_a_customer_number_that_was_given_out_again() -> None:
    number = {NUMBER: "K-1001"}
    assert outcome(LENA, number) == "certain"
    assert outcome(LENA, number, {NAME: "Ben Okafor"}) == "possible"
    assert outcome(LENA, number, {NAME: "Ben Okafor", BORN: "1951-07-11"}) == "possible"
    assert outcome(LENA, number, {NAME: "Lena Böhm"}) == "probable"
    assert outcome(LENA, number, {NAME: "Lena Böhm", BORN: "1951-07-11"}) == "possible"


def test_an_account_of_the_household_under_one_customer_number() -> None:
    father = {NAME: "Karl Krüger", BORN: "1951-07-11", ADDRESS: HOME}
    assert outcome(LENA, father) == "nothing"
    assert outcome(LENA, father, {MAIL: LENA[MAIL]}) == "possible"
    assert outcome(LENA, father, {NUMBER: "K-1001"}) == "probable"
    assert outcome(LENA, {**father, NAME: "Ben Okafor"}, {NUMBER: "K-1001"}) == "possible"


def test_an_address_in_another_form_is_a_second_factor_and_the_next_house_is_none() -> None:
    for address in ("Lange Str. 5, 10115 Berlin-Mitte", "Lange Str. 5, D-10115 Berlin, Deutschland"):
        found = hit(LENA, {**NAMED, ADDRESS: address})
        assert found
        assert found.strength.value == "probable"
        assert ADDRESS in {match.identifier.kind for match in found.matched}
    assert outcome(LENA, {**NAMED, ADDRESS: "Lange Straße 5a, 10115 Berlin"}) == "possible"


@pytest.mark.parametrize("local", ["info", "kontakt", "office", "buchhaltung", "info.berlin", "info2", "no-reply"])
def test_an_address_of_a_company_is_nobodys_key(local: str) -> None:
    mail = {MAIL: f"{local}@handel.example"}
    known = {**LENA, **mail}
    assert outcome(known, mail) == "possible"
    assert outcome(known, mail, NAMED) == "probable"
    assert outcome(known, mail, {NAME: "Ben Okafor"}) == "possible"
    digest = hashlib.sha256(mail[MAIL].encode()).hexdigest()
    assert outcome(known, {Kind.EMAIL_HASH: digest}) == "possible"
    (text,) = SubjectIndex([subject(mail)]).match_text(f"Absender: {mail[MAIL]}")
    assert text.strength.value == "possible"


@pytest.mark.parametrize("address", ["infotainment.lena@mail.example", "teamlena@mail.example", "mailin@mail.example"])
def test_a_name_that_only_begins_like_a_function_stays_a_key(address: str) -> None:
    assert outcome({MAIL: address}, {MAIL: address}) == "certain"


@pytest.mark.parametrize(
    "mail",
    [
        "lena.kruger@mail.example",
        "lena.krueger@mial.example",
        "lenakrueger@mail.example",
        "lena.krueger+x@mail.example",
    ],
)
def test_a_mistyped_address_of_mail_is_proposed(mail: str) -> None:
    assert outcome(LENA, {MAIL: mail}) == "possible"
    assert outcome(LENA, {MAIL: mail}, NAMED) == "possible"
    assert outcome(LENA, {MAIL: mail}, BORN_AND_NAMED) == "probable"
    assert outcome(LENA, {MAIL: mail}, {NAME: "Ben Okafor"}) == "nothing"


@pytest.mark.parametrize(
    "mail", ["lena.krueger2@mail.example", "lena.krueger@post.example", "nele.krueger@mail.example"]
)
def test_another_mailbox_is_not_proposed(mail: str) -> None:
    assert outcome(LENA, {MAIL: mail}) == "nothing"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Lena Krügr", Reason.PHONETIC),
        ("Lena Krüher", Reason.SIMILAR),
        ("Krueger, Lera", Reason.SIMILAR),
        ("Lena Kruger", Reason.TRANSLITERATED),
    ],
)
def test_a_mistyped_name_is_proposed_and_never_more(name: str, reason: Reason) -> None:
    found = hit(LENA, {NAME: name})
    assert found
    assert [match.reason for match in found.matched] == [reason]
    if reason is not Reason.TRANSLITERATED:
        assert outcome(LENA, {NAME: name, BORN: LENA[BORN], ADDRESS: HOME, PHONE: LENA[PHONE]}) == "possible"
        assert outcome(LENA, {NAME: name, BORN: "1951-07-11"}) == "nothing"
        assert outcome(LENA, {NAME: name, MAIL: LENA[MAIL]}) == "probable"


def test_an_exchanged_birth_date() -> None:
    assert outcome(LENA, {**NAMED, BORN: "1984-02-03"}) == "possible"
    assert outcome(LENA, {**NAMED, BORN: "1984-02-03", ADDRESS: HOME}) == "probable"
    assert outcome(LENA, {**NAMED, BORN: "1984-02-03", MAIL: LENA[MAIL]}) == "probable"


def test_a_birth_date_that_forms_fill_in_proves_nothing_and_speaks_against_nobody() -> None:
    assert outcome({**LENA, BORN: "1970-01-01"}, {**NAMED, BORN: "1970-01-01"}) == "possible"
    assert outcome(LENA, {MAIL: LENA[MAIL], BORN: "1900-01-01"}) == "certain"


def test_another_surname_after_a_wedding() -> None:
    married = {NAME: "Lena Böhm"}
    assert outcome(LENA, married) == "nothing"
    assert outcome(LENA, married, {BORN: LENA[BORN]}) == "possible"
    assert outcome(LENA, married, {BORN: LENA[BORN], ADDRESS: HOME}) == "probable"
    assert outcome(LENA, married, {MAIL: LENA[MAIL]}) == "probable"
    assert outcome({**LENA, NAME: "Lena Böhm geb. Krüger"}, BORN_AND_NAMED) == "probable"


def test_the_name_at_birth_is_met_wherever_it_stands() -> None:
    known = subject({NAME: "Lena Böhm geb. Krüger"})
    index = SubjectIndex([known])
    for text in ("Brief an Lena Krüger", "Böhm, Lena"):
        (found,) = index.match_text(text)
        assert found.strength.value == "possible"
        assert any(holds(anchor, lower(text)) for anchor in anchors(known))
    assert index.match(clues(NAMED))
    assert index.match_text("Lena Schmidt geb. Weiß") == ()


def test_twins() -> None:
    house = {BORN: LENA[BORN], ADDRESS: HOME}
    assert outcome(LENA, {NAME: "Nora Krüger"}, house) == "possible"
    assert outcome(LENA, {NAME: "Nora Krüger"}, house, {PHONE: LENA[PHONE]}) == "possible"
    assert outcome(LENA, {NAME: "Nora Krüger"}, house, {MAIL: LENA[MAIL]}) == "probable"


def test_others_of_the_household_are_not_shown() -> None:
    assert outcome(LENA, {ADDRESS: HOME}) == "possible"
    assert outcome(LENA, {ADDRESS: HOME, NAME: "Ben Okafor"}) == "nothing"
    assert outcome(LENA, {ADDRESS: HOME, NAME: "Jonas Krüger", BORN: "2012-09-30"}) == "nothing"
    assert outcome(LENA, {PHONE: LENA[PHONE], NAME: "Jonas Krüger"}) == "possible"


def test_a_hashed_address_of_mail() -> None:
    hashed = {Kind.EMAIL_HASH: hashlib.sha256(b"lena.krueger@mail.example").hexdigest()}
    found = hit(LENA, hashed)
    assert found
    assert (found.strength.value, found.matched[0].reason) == ("certain", Reason.HASHED)
    assert outcome(LENA, hashed, {NAME: "Jonas Krüger"}) == "probable"


def test_an_alias_is_its_mailbox_only_where_the_provider_is_known_for_it() -> None:
    known = {MAIL: "lena.krueger@gmail.com"}
    found = hit(known, {MAIL: "lenakrueger+shop@googlemail.com"})
    assert found
    assert (found.strength.value, found.matched[0].reason) == ("certain", Reason.ALIAS)
    assert outcome({MAIL: "lena@mail.example"}, {MAIL: "lena+shop@mail.example"}) == "possible"
    assert len(hit(known, known).matched) == 1  # type: ignore[union-attr]


def test_a_record_that_states_two_people() -> None:
    assert outcome(LENA, {MAIL: LENA[MAIL]}, NAMED) == "certain"
    assert outcome(LENA, {MAIL: LENA[MAIL]}, NAMED, {NAME: "Jonas Krüger"}) == "probable"
    assert outcome(LENA, {MAIL: LENA[MAIL]}, NAMED, {NAME: "Krüger, L."}) == "certain"


def test_what_was_only_claimed_is_never_certain_and_weaker_where_contradicted() -> None:
    for origin in (Origin.CLAIMED, Origin.FOUND, Origin.ACCEPTED):
        assert outcome(LENA, {MAIL: LENA[MAIL]}, NAMED, origin=origin) == "probable"
        assert outcome(LENA, {MAIL: LENA[MAIL]}, {NAME: "Jonas Krüger"}, origin=origin) == "possible"


def test_a_mistyped_key_with_the_same_name_and_birth_date() -> None:
    assert outcome(LENA, {NUMBER: "K-1010", **BORN_AND_NAMED}) == "probable"
    assert outcome(LENA, {NUMBER: "K-1010", **NAMED}) == "possible"
    assert outcome(LENA, {NUMBER: "K-1010"}) == "nothing"


def test_short_forms_are_the_same_name_and_need_a_second_factor_like_it() -> None:
    known = {NAME: "Johannes Krüger", BORN: "1984-03-02"}
    assert outcome(known, {NAME: "Hannes Krüger"}) == "possible"
    assert outcome(known, {NAME: "Hannes Krüger", BORN: "2.3.1984"}) == "probable"
    assert outcome(known, {NAME: "Hannes Krüger", BORN: "1951-07-11"}) == "nothing"


def test_less_than_a_whole_name_is_no_first_factor() -> None:
    for name in ("Krüger", "L. Krüger"):
        assert outcome(LENA, {NAME: name}) == "nothing"
        assert outcome(LENA, {NAME: name, BORN: LENA[BORN]}) == "possible"
        assert outcome(LENA, {NAME: name, PHONE: LENA[PHONE]}) == "possible"
        assert outcome(LENA, {NAME: name, BORN: LENA[BORN], ADDRESS: HOME}) == "probable"


def test_a_birth_date_alone_is_nobodys() -> None:
    assert outcome(LENA, {BORN: LENA[BORN]}) == "nothing"
    assert outcome(LENA, {BORN: LENA[BORN], NAME: "Ben Okafor"}) == "nothing"


def test_a_literal_search_proposes_nobody() -> None:
    index = SubjectIndex([subject(LENA)])
    for stated in ({NAME: "Lena Krügr"}, {MAIL: "lena.kruger@mail.example"}, {BORN: LENA[BORN], NAME: "Krüger"}):
        assert index.match(clues(stated)) == ()
        assert index.match_alike(clues(stated)) != ()


def test_what_a_subject_is_shown_does_not_depend_on_the_others() -> None:
    others = [subject({**LENA, MAIL: "lena.kruger@mail.example"}, "B"), replace(subject(LENA), id="C")]
    together = SubjectIndex([subject(LENA), *others]).match_alike(clues({MAIL: LENA[MAIL]}, NAMED))
    assert {one.subject for one in together} == {"A", "B", "C"}
    for one in (subject(LENA), *others):
        assert SubjectIndex([one]).match_alike(clues({MAIL: LENA[MAIL]}, NAMED)) == tuple(
            found for found in together if found.subject == one.id
        )


@pytest.mark.parametrize(
    "name",
    [
        *("Lena Krüger & Max Mut", "Lena und Peter Krüger", "Krüger, Lena u. Peter", "Lena Krüger / Max Mut"),
        *("Lena Krüger + Max Mut", "Krüger, Lena; Mut, Max", "Herr und Frau Krüger", "Familie Krüger"),
    ],
)
def test_two_people_in_one_name_are_seen_by_a_person_even_at_a_verified_address(name: str) -> None:
    assert outcome(LENA, {MAIL: LENA[MAIL], NAME: name}) == "probable"
    assert SubjectIndex([subject(LENA)]).contradicted("A", clues({NAME: name}))


@pytest.mark.parametrize("name", ["Lena Krüger & Max Mut", "Max und Lena Krüger", "Krüger, Max u. Lena"])
def test_one_of_two_people_in_a_name_is_found_by_it(name: str) -> None:
    assert outcome({NAME: "Lena Krüger"}, {NAME: name}) == "possible"


def test_und_between_particles_belongs_to_one_name() -> None:
    karl = {NAME: "Karl von und zu Hohenstein", MAIL: "karl@mail.example"}
    assert outcome(karl, karl) == "certain"
