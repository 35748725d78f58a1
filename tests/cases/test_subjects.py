import hashlib

import pytest

from cases.finding import Strength
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.subjects import Clue, SubjectIndex, strongest

V = Origin.VERIFIED
LENA = Subject(
    "A",
    (
        Identifier(Kind.EMAIL, "Lena.Krueger@mail.example", V),
        Identifier(Kind.NAME, "Dr. Lena Marie Krüger-Böhm", V),
        Identifier(Kind.PHONE, "030 23125 001", V),
        Identifier(Kind.HANDLE, "lena.k", V, "instagram"),
        Identifier(Kind.CUSTOMER_NUMBER, "K-1001", V),
        Identifier(Kind.BIRTH_DATE, "1984-03-02", V),
        Identifier(Kind.ADDRESS, "Lange Straße 5, 10115 Berlin", V),
    ),
)
BEN = Subject("B", (Identifier(Kind.EMAIL, "ben@mail.example", V), Identifier(Kind.NAME, "Ben Okafor", V)))
INDEX = SubjectIndex([LENA, BEN])


def met(text: str) -> dict[str, str]:
    return {hit.subject: hit.strength.value for hit in INDEX.match_text(text)}


FOUND = {
    "write to LENA.krueger@mail.example, please": "certain",
    "<lena.krueger@mail.example>": "certain",
    "…/unsubscribe?email=lena.krueger%40mail.example&list=2": "certain",
    "Anruf von 030/23125-001": "possible",
    "Tel.: +49 (0)30 23125001": "possible",
    "wa 493023125001": "possible",
    "Krüger-Böhm, Lena Marie": "possible",
    "Lena Krueger-Boehm": "possible",
    "Rechnung_KruegerBoehm_Krueger_Boehm_Lena.pdf": "possible",
    "Lena Krüger-Böhms Vertrag": "possible",
    "Lena Krüger-Böhm, geboren am 2.3.1984": "probable",
    "Lena Krüger-Böhm\nLange Str. 5\n10115 Berlin": "probable",
    "thanks @lena.k!": "possible",
    "https://instagram.com/lena.k": "possible",
    "Kundennummer K 1001.": "possible",
}
NOT_FOUND = [
    "m.lena.krueger@mail.example",
    "lena.krueger@mail.example.evil.example",
    "x-lena.krueger@mail.example",
    "930 23125001",
    "030 231250012",
    "Lena Krüger",
    "Marlena Krüger-Böhm",
    "geboren am 2.3.1984",
    "Lange Straße 5, 10115 Berlin",
    "lena.k",
    "@lena.king",
    "X-K-1001-7",
    "",
]


@pytest.mark.parametrize(("text", "strength"), FOUND.items())
def test_text_mentions_the_subject(text: str, strength: str) -> None:
    assert met(text) == {"A": strength}


@pytest.mark.parametrize("text", NOT_FOUND)
def test_text_of_others_is_not_the_subjects(text: str) -> None:
    assert met(text) == {}


def test_texts_of_one_record_add_up() -> None:
    hits = INDEX.match_texts({"path": "Krueger-Boehm_Lena/", "text": "Rückruf 030 23125001"})
    assert [(hit.subject, hit.strength) for hit in hits] == [("A", Strength.PROBABLE)]


def clue(kind: Kind, value: str, scope: str = "") -> Clue:
    return Clue(kind, value, kind.value, scope)


def strength(*clues: Clue) -> str:
    hits = INDEX.match(clues)
    return hits[0].strength.value if hits else ""


def test_a_verified_unique_identifier_is_certain() -> None:
    assert strength(clue(Kind.EMAIL, "lena.krueger@mail.example")) == "certain"


def test_a_claimed_address_is_only_probable() -> None:
    index = SubjectIndex([Subject("C", (Identifier(Kind.EMAIL, "lena.krueger@mail.example"),))])
    assert index.match([clue(Kind.EMAIL, "lena.krueger@mail.example")])[0].strength is Strength.PROBABLE


@pytest.mark.parametrize("name", ["Peter Krüger-Böhm", "Peter Böhm", "Karla Krüger Böhm", "Lena Krügr-Böhm"])
def test_another_name_beside_a_shared_mailbox_is_only_probable(name: str) -> None:
    assert strength(clue(Kind.EMAIL, "lena.krueger@mail.example"), clue(Kind.NAME, name)) == "probable"


@pytest.mark.parametrize("name", ["Lena Krüger-Böhm", "L. Krüger-Böhm", "Böhm, Lena", "lena", ""])
def test_another_spelling_of_the_name_stays_certain(name: str) -> None:
    assert strength(clue(Kind.EMAIL, "lena.krueger@mail.example"), clue(Kind.NAME, name)) == "certain"


def test_another_birth_date_is_only_probable() -> None:
    day = clue(Kind.BIRTH_DATE, "3.4.1955")
    assert strength(clue(Kind.EMAIL, "lena.krueger@mail.example"), day) == "probable"


def test_name_alone_is_a_namesake_and_with_a_second_factor_probable() -> None:
    name = clue(Kind.NAME, "Lena Krüger-Böhm")
    assert strength(name) == "possible"
    assert strength(name, clue(Kind.BIRTH_DATE, "1984-03-02")) == "probable"


def test_fewer_given_names_are_found_but_other_ones_are_not() -> None:
    assert strength(clue(Kind.NAME, "Krüger-Böhm, Lena")) == "possible"
    assert strength(clue(Kind.NAME, "Lena Sophie Krüger-Böhm")) == ""


def test_birth_date_alone_tells_nothing() -> None:
    assert strength(clue(Kind.BIRTH_DATE, "1984-03-02")) == ""


def test_what_one_system_assigned_says_nothing_in_another() -> None:
    item = Identifier(Kind.CUSTOMER_NUMBER, "4711", V, "crm")
    index = SubjectIndex([Subject("A", (item,))])
    assert index.match([clue(Kind.CUSTOMER_NUMBER, "4711", "crm")])
    assert not index.match([clue(Kind.CUSTOMER_NUMBER, "4711", "shop")])
    assert not index.match([clue(Kind.CUSTOMER_NUMBER, "4711")])
    assert index.identifiers(Kind.CUSTOMER_NUMBER, "crm") == (item,)
    assert index.identifiers(Kind.CUSTOMER_NUMBER, "shop") == ()


def test_a_hashed_address_is_recognised() -> None:
    digest = hashlib.sha256(b"lena.krueger@mail.example").hexdigest()
    assert strength(clue(Kind.EMAIL_HASH, digest.upper())) == "certain"


def test_subjects_do_not_influence_each_other() -> None:
    clues = [clue(Kind.EMAIL, "lena.krueger@mail.example"), clue(Kind.NAME, "Ben Okafor")]
    together = {hit.subject: hit for hit in INDEX.match(clues)}
    for subject in (LENA, BEN):
        assert SubjectIndex([subject]).match(clues) == (together[subject.id],)


def test_strongest_keeps_every_reason_once() -> None:
    by_name = INDEX.match([clue(Kind.NAME, "Lena Krüger-Böhm")])
    by_mail = INDEX.match([clue(Kind.EMAIL, "lena.krueger@mail.example")])
    (hit,) = strongest([*by_name, *by_mail, *by_name])
    assert hit.strength is Strength.CERTAIN
    assert [match.identifier.kind for match in hit.matched] == [Kind.EMAIL, Kind.NAME]


def test_long_texts_cost_linear_time() -> None:
    assert met("a" * 300_000 + " " + "1 " * 100_000 + "lena " * 50_000) == {}
