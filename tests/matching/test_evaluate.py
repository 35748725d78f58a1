"""The figures of docs/matching.md are only worth what their counting is; and what they must never fall below."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.finding import Strength
from cases.identifiers import Kind
from tests.matching.counting import SURE, Keyed, Result, search
from tests.matching.evaluate import labelled, main
from tests.matching.invented import HEAVY, LIGHT, MEDIUM, Hardness, people
from tests.matching.records import Record, febrl, record, splink
from tests.matching.variants import OWN_VARIANTS, share, surname_variants

FEBRL = """rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, \
date_of_birth, soc_sec_id
rec-7-org, lena, krueger, 5, lange strasse, , berlin, 1011, be, 19840302, 1234567
rec-7-dup-0, , krueger, 5, lange strasse, , berlin, 1011, be, , 1234567
rec-8-org, ben, okafor, , , , , , , 19510711, 7654321
"""
SPLINK = """unique_id,first_name,surname,dob,city,email,cluster
0,Lena,Krueger,1984-03-02,Berlin,lena.krueger@mail.example,0
1,Lena,,1984-03-02,,lena.krueger@mail.example,0
2,Ben,Okafor,,,,1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for place, text in (
        ("febrl/dataset7.csv", FEBRL),
        ("splink/fake_3.csv", SPLINK),
        ("splink/fake_3_labels.csv", "a\n"),
    ):
        path = tmp_path / "matching" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_febrl_row_is_a_record_with_its_truth(folder: Path) -> None:
    first, copy, _ = febrl(folder / "matching/febrl/dataset7.csv")
    assert first.stated == (
        (Kind.NAME, "lena krueger"),
        (Kind.BIRTH_DATE, "1984-03-02"),
        (Kind.ADDRESS, "5 lange strasse, 1011 berlin"),
        (Kind.CUSTOMER_NUMBER, "1234567"),
    )
    assert (first.entity, copy.entity, first.key) == ("7", "7", (Kind.CUSTOMER_NUMBER, "1234567"))
    assert first.without_key().stated == first.stated[:-1]
    assert dict(copy.stated)[Kind.NAME] == "krueger"


def test_a_splink_row_is_a_record_with_its_truth(folder: Path) -> None:
    first, second, other = splink(folder / "matching/splink/fake_3.csv")
    assert (first.entity, second.entity, other.entity) == ("0", "0", "1")
    assert (first.key, other.key) == ((Kind.EMAIL, "lena.krueger@mail.example"), None)


def test_only_what_is_there_is_read_and_parts_of_a_set_are_one(folder: Path) -> None:
    for part in ("a", "b"):
        (folder / f"matching/febrl/dataset4{part}.csv").write_text(FEBRL, encoding="utf-8")
    sets = labelled(folder / "matching")
    assert {name: len(records) for name, records in sets.items()} == {
        "febrl dataset4": 6,
        "febrl dataset7": 3,
        "splink fake_3": 3,
    }
    assert labelled(folder / "nothing") == {}


def stated(id_: str, entity: str, name: str, number: str) -> Record:
    return record(id_, entity, Kind.CUSTOMER_NUMBER, ((Kind.NAME, name), (Kind.CUSTOMER_NUMBER, number)))


def test_pairs_are_counted_as_they_are_described() -> None:
    records = [
        stated("1", "a", "Lena Krüger", "100"),
        stated("2", "a", "Lena Krüger", "100"),
        stated("3", "a", "Lena Krüger", ""),
        stated("4", "b", "Ben Okafor", "100"),
    ]
    result = search(records)
    assert result.found[("1", "2")] is Strength.CERTAIN
    assert result.found[("1", "4")] is Strength.POSSIBLE
    assert len(result.true) == 6
    keyed = Keyed(records)
    pairs = frozenset(result.found) | result.true
    assert keyed.both(result.true) == keyed.same(result.true) == {("1", "2"), ("2", "1")}
    sure, every = result.score(keyed.both(pairs), SURE), result.score(keyed.both(pairs))
    assert (sure.precision, sure.recall) == (1.0, 1.0)
    assert (every.right, every.wrong, every.true) == (2, 4, 2)
    assert result.score(strengths=SURE).recall == 2 / 6


def test_a_wrong_certain_match_would_be_counted() -> None:
    result = Result({("1", "2"): Strength.CERTAIN, ("1", "3"): Strength.POSSIBLE}, frozenset({("1", "3")}))
    score = result.score(strengths=(Strength.CERTAIN,))
    assert (score.right, score.wrong, score.precision, score.recall) == (0, 1, 0.0, 0.0)


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("hardness", [LIGHT, MEDIUM, HEAVY], ids=lambda one: one.name)
def test_people_are_found_again_and_never_wrongly_for_certain(hardness: Hardness, seed: int) -> None:
    records = people(seed, 200, hardness)
    result, keyed = search(records), Keyed(records)
    pairs = frozenset(result.found) | result.true
    assert result.score(strengths=(Strength.CERTAIN,)).wrong == 0
    sure = result.score(keyed.same(pairs), SURE)
    assert sure.recall >= 0.97
    assert sure.precision >= 0.999
    assert result.score().recall >= 0.94


def test_without_a_key_nothing_is_certain_and_what_is_probable_is_right() -> None:
    result = search([item.without_key() for item in people(21, 250, MEDIUM)])
    assert Strength.CERTAIN not in result.found.values()
    assert result.score(strengths=SURE).precision >= 0.999
    assert result.score().recall >= 0.95


def test_spellings_are_proposed_and_strangers_hardly_ever() -> None:
    own, others = list(surname_variants(None))[:2]
    assert own.met == own.pairs == len(OWN_VARIANTS.split(","))
    assert others.met / others.pairs < 0.01
    assert share("none", [("Lena Krüger", "Ben Okafor")]).met == 0


def test_the_command_prints_tables_and_refuses_what_is_no_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.matching.evaluate.invented", lambda: {"invented": people(1, 20, LIGHT)})
    assert main([str(folder)]) == 0
    told = capsys.readouterr().out
    assert "| febrl dataset7: both state the same key | 2 | 0 | 1.0000 | 1.0000 |" in told
    assert "### Without any unique key" in told
    assert main([str(folder / "nothing")]) == 2
    assert "febrl" in capsys.readouterr().err
