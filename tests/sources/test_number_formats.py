"""A company's own formats of customer numbers: a record states the number as it likes, and is found all the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.customer_numbers import customer_number, spellings
from cases.finding import Finding
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.subjects import Clue, SubjectIndex
from flows.numbers import Completing
from sources.sql_tables import Identifying, SqlTable
from tests.sources.databases import Script, source
from tests.sources.fakes import verified

FORMATS = ("K-#####", "L-###")
NUMBER = ("K-42", "k 042", "K-00042", "00042")
NEIGHBOURS = ("K-142", "L-42", "X-42", "K-420")
CARDS = """
create table customers(id integer primary key, number text, name text, mail text);
create table cards(id integer primary key, customer_no text, note text);
insert into customers values (1, '00042', 'Lena Krüger', 'lena@mail.example'), (2, 'K-142', 'Max Nachbar', '');
insert into cards values {};
"""
TABLES = (
    SqlTable(
        *("customers", "customer"),
        identifying=(
            Identifying(Kind.EMAIL, ("mail",)),
            Identifying(Kind.NAME, ("name",)),
            Identifying(Kind.CUSTOMER_NUMBER, ("number",)),
        ),
        system_keys=("number",),
        record=True,
    ),
    SqlTable("cards", "card", identifying=(Identifying(Kind.CUSTOMER_NUMBER, ("customer_no",)),), text=("note",)),
)


@pytest.fixture
def cards() -> str:
    rows = (f"({at}, '{number}', '')" for at, number in enumerate((*NUMBER, *NEIGHBOURS)))
    return CARDS.format(", ".join((*rows, "(90, '', 'Karte K 042 gesperrt')", "(91, '', 'Artikel 0042')")))


def searched(script: str, make: Script, known: Subject, formats: tuple[str, ...]) -> dict[str, str]:
    index = SubjectIndex([known], number_formats=formats)
    found = (item for item in source(make(script), *TABLES).search(index) if isinstance(item, Finding))
    return {item.locator: item.strength.value for item in found}


@pytest.mark.parametrize("stated", NUMBER)
def test_however_a_number_was_stated_every_spelling_is_found_and_no_other_number(
    script: Script, cards: str, stated: str
) -> None:
    found = searched(cards, script, verified("A", (Kind.CUSTOMER_NUMBER, stated)), FORMATS)
    mine = {f"cards[id={at}]": "certain" for at in range(len(NUMBER))}
    assert found == mine | {"customers[id=1]": "certain", "cards[id=90]": "possible"}


def test_without_formats_a_number_is_only_what_it_says(script: Script, cards: str) -> None:
    known = verified("A", (Kind.CUSTOMER_NUMBER, "K-42"))
    assert searched(cards, script, known, ()) == {"cards[id=0]": "certain"}


def test_a_key_that_is_learned_in_one_spelling_leads_to_the_others(script: Script, cards: str) -> None:
    found = searched(cards, script, verified("A", (Kind.EMAIL, "lena@mail.example")), FORMATS)
    assert set(found) == {"customers[id=1]", *(f"cards[id={at}]" for at in range(len(NUMBER))), "cards[id=90]"}


def test_a_hit_names_the_number_that_was_given() -> None:
    given_one = Identifier(Kind.CUSTOMER_NUMBER, "K-42", Origin.VERIFIED)
    index = SubjectIndex([Subject("A", (given_one,))], number_formats=FORMATS)
    (structured,) = index.match([Clue(Kind.CUSTOMER_NUMBER, "Kd.-Nr. K-042", "no")])
    (mentioned,) = index.match_text("Karte K-00042")
    assert [match.identifier for match in (*structured.matched, *mentioned.matched)] == [given_one, given_one]


def test_a_number_that_several_people_use_is_shared_in_every_spelling() -> None:
    known = verified("A", (Kind.CUSTOMER_NUMBER, "K-42"))
    (hit,) = SubjectIndex([known], {(Kind.CUSTOMER_NUMBER, "k00042")}, FORMATS).match(
        [Clue(Kind.CUSTOMER_NUMBER, "K042")]
    )
    assert hit.strength == "possible"


def test_the_system_of_record_is_asked_in_every_spelling_and_answers_in_one(script: Script, cards: str) -> None:
    record = Completing(source(script(cards), *TABLES), FORMATS)
    claimed = Identifier(Kind.CUSTOMER_NUMBER, "K-42")
    for contacts in (record.lookup(Subject("A", (claimed,))), record.stating([claimed])):
        (contact,) = contacts
        assert [item.value for item in contact.identifiers if item.kind is Kind.CUSTOMER_NUMBER] == ["K-00042"]


@given(st.text(alphabet="KL-0123456789 ", max_size=12))
def test_every_spelling_means_the_number_itself(value: str) -> None:
    for bare in (True, False):
        assert {customer_number(one, FORMATS) for one in spellings(value, FORMATS, bare=bare)} == {
            customer_number(value, FORMATS)
        }
