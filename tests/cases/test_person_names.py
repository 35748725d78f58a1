"""Names: what is a title and what is a name, and how two of them agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identifiers import Kind, fold, name_words, normalise
from cases.name_agreement import NameAgreement, name_agreement
from cases.person_names import name_keys, parse_name, weak_name_keys
from cases.short_forms import SHORT_FORMS, is_short_for
from cases.short_forms_german import GERMAN

SAME = NameAgreement.SAME
PARSED = [
    ("Prof. Dr. h.c. mult. Lena-Marie von der Heide", ("lena marie",), ("von", "der", "heide")),
    ("Krüger, Lena", ("lena",), ("krueger",)),
    ("KRÜGER Lena", ("lena",), ("krueger",)),
    ("Dr. Phil Collins", ("phil",), ("collins",)),
    ("Dr. phil. Lena Krüger", ("lena",), ("krueger",)),
    ("Dr. rer. nat. Lena Krüger, M.Sc.", ("lena",), ("krueger",)),
    ("Dipl.-Ing. (FH) Lena Krüger", ("lena",), ("krueger",)),
    ("Frau Dr.med.dent. Lena Krüger", ("lena",), ("krueger",)),
    ("Lena Krüger M.A.", ("lena",), ("krueger",)),
    ("M. A. Krüger", ("m", "a"), ("krueger",)),
    ("Karl-Theodor Freiherr zu Guttenfels", ("karl theodor",), ("freiherr", "zu", "guttenfels")),
    ("Guttenfels, Karl-Theodor Freiherr zu", ("karl theodor",), ("freiherr", "zu", "guttenfels")),
    ("Graf Karl von Hohenfels", ("karl",), ("graf", "von", "hohenfels")),
    ("Lena Graf", ("lena",), ("graf",)),
    ("Mohammed bin Salim", ("mohammed",), ("bin", "salim")),
    ("von der Heide Anna", ("anna",), ("von", "der", "heide")),
    ("Łukasz Wałecki", ("lukasz",), ("walecki",)),
    ("Ayşe Işık", ("ayse",), ("isik",)),
    ("Jiří Dvořák", ("jiri",), ("dvorak",)),
    ("Søren Ægir Þórsson", ("soeren", "aegir"), ("thorsson",)),
    ("Lena", (), ("lena",)),
    ("Dr. Prof.", (), ()),
]


@pytest.mark.parametrize(("value", "given_names", "surname"), PARSED)
def test_a_name_is_taken_apart(value: str, given_names: tuple[str, ...], surname: tuple[str, ...]) -> None:
    name = parse_name(value)
    assert (name.given, name.surname) == (given_names, surname)


@pytest.mark.parametrize(
    "value",
    [
        "Lena Krüger geb. Schmidt",
        "Lena Krüger, geborene Schmidt",
        "Krüger (née Schmidt), Lena",
        "Lena Krüger nee Schmidt",
    ],
)
def test_the_surname_at_birth_is_no_word_of_the_name(value: str) -> None:
    name = parse_name(value)
    assert (name.given, name.surname, name.birth) == (("lena",), ("krueger",), ("schmidt",))
    assert set(name_words(value)) == {"lena", "krueger"}


@pytest.mark.parametrize(
    ("value", "generation"),
    [
        ("Hans Müller jun.", "jun"),
        ("Müller jr., Hans", "jun"),
        ("Hans Müller, Junior", "jun"),
        ("Hans Müller (sen.)", "sen"),
        ("Hans Müller d. Ä.", "sen"),
        ("John Smith III", "iii"),
        ("Amartya Sen", ""),
        ("Neymar Junior", ""),
        ("Karl V", ""),
        ("Hans Müller", ""),
    ],
)
def test_the_generation_is_told_from_a_name(value: str, generation: str) -> None:
    assert parse_name(value).generation == generation


AGREEMENTS = [
    ("Lena Krüger", "KRUEGER, Lena", SAME),
    ("Dr. Lena Krüger", "Frau Lena Krüger", SAME),
    ("Anna-Lena Meyer-Schmidt", "Meyer Schmidt, Annalena", SAME),
    ("Lena Mc Donald", "McDonald, Lena", SAME),
    ("Lena Krüger", "Krüger Lena", NameAgreement.REORDERED),
    ("Martin Peter", "Peter Martin", NameAgreement.REORDERED),
    ("Lena Krüger", "Lena Marie Krüger", NameAgreement.SHORTER),
    ("Lena M. Krüger", "Krüger, Lena Marie", NameAgreement.SHORTER),
    ("Anna Krüger", "Anna-Lena Krüger", NameAgreement.SHORTER),
    ("Hannes Krüger", "Johannes Krüger", NameAgreement.SAME_BUT_SHORT_FORM),
    ("Stephan Krüger", "Krüger, Stefan", NameAgreement.SAME_BUT_SHORT_FORM),
    ("Hape Krüger", "Hans-Peter Krüger", NameAgreement.SAME_BUT_SHORT_FORM),
    ("Bob Smith", "Robert Smith", NameAgreement.SAME_BUT_SHORT_FORM),
    ("Lena Krüger geb. Schmidt", "Lena Schmidt", NameAgreement.BIRTH_NAME),
    ("Lena Krüger geb. Schmidt", "Schmidt, Lena", NameAgreement.BIRTH_NAME),
    ("Marie Krüger", "Lena Marie Krüger", NameAgreement.CALL_NAME),
    ("Lena Marie Krüger", "Lena (Leni) Krüger", NameAgreement.SHORTER),
    ("Bob Smith", 'Reginald "Bob" Smith', NameAgreement.CALL_NAME),
    ("Lena Meyer", "Lena Meyer-Schmidt", NameAgreement.PART_OF_SURNAME),
    ("Anna Heide", "Anna von der Heide", NameAgreement.PART_OF_SURNAME),
    ("L. Krüger", "Lena Krüger", NameAgreement.INITIAL),
    ("Bob Smith", "Rob Smith", NameAgreement.BOTH_SHORT),
    ("Lena Müller", "Lena Muller", NameAgreement.TRANSLITERATED_WEAKLY),
    ("Lena Mueller", "Lena Muller", NameAgreement.TRANSLITERATED_WEAKLY),
    ("Hans Müller", "Hans Müller jun.", NameAgreement.GENERATION_UNSAID),
    ("Krüger", "Lena Krüger", NameAgreement.PART_ONLY),
    ("Lena", "Lena Krüger", NameAgreement.PART_ONLY),
    ("Hans Müller jun.", "Hans Müller sen.", NameAgreement.DIFFERENT),
    ("Hans Müller Junior", "Hans Müller, jr.", SAME),
    ("Lena Krüger", "Jonas Krüger", NameAgreement.DIFFERENT),
    ("J. Krüger", "Lena Krüger", NameAgreement.DIFFERENT),
    ("Lena Krüger", "Lena Brandt", NameAgreement.DIFFERENT),
    ("Martin Krüger", "Martina Krüger", NameAgreement.DIFFERENT),
    ("Helena Krüger", "Magdalena Krüger", NameAgreement.DIFFERENT),
    ("Lena Marie Krüger", "Lena Sophie Krüger", NameAgreement.DIFFERENT),
    ("Andreas Baur", "Andreas Bauer", NameAgreement.DIFFERENT),
    ("", "Lena Krüger", NameAgreement.NOT_STATED),
]


@pytest.mark.parametrize(("one", "other", "agreement"), AGREEMENTS)
def test_how_two_names_agree(one: str, other: str, agreement: NameAgreement) -> None:
    assert name_agreement(one, other) is agreement
    assert name_agreement(other, one) is agreement


def test_every_name_that_shares_a_key_agrees_well() -> None:
    for one, other, agreement in AGREEMENTS:
        if set(name_keys(one)) & set(name_keys(other)) and "Sophie" not in other:
            assert agreement.rank <= NameAgreement.BIRTH_NAME.rank, (one, other)
        if agreement in (SAME, NameAgreement.BIRTH_NAME) and "Annalena" not in other and "McD" not in other:
            assert set(name_keys(one)) & set(name_keys(other)), (one, other)


def test_whoever_may_be_one_shares_a_weak_key() -> None:
    weak = (NameAgreement.SAME_BUT_SHORT_FORM, NameAgreement.BOTH_SHORT, NameAgreement.TRANSLITERATED_WEAKLY)
    found = (*weak, SAME, NameAgreement.SHORTER, NameAgreement.BIRTH_NAME, NameAgreement.PART_OF_SURNAME)
    for one, other, agreement in AGREEMENTS:
        if agreement in found and not {"Annalena", "McDonald,", "Hape"} & {*one.split(), *other.split()}:
            assert set(weak_name_keys(one)) & set(weak_name_keys(other)), (one, other)


def test_father_and_son_have_two_normal_forms_and_junior_is_jun() -> None:
    forms = [normalise(Kind.NAME, f"Hans Müller{more}") for more in ("", " jun.", ", Junior", " sen.")]
    assert len(set(forms)) == 3 and forms[1] == forms[2]


def test_the_table_of_short_forms_is_large_and_each_leads_to_its_name() -> None:
    lines = [line.partition(":") for line in GERMAN.strip().splitlines()]
    pairs = {(fold(full).replace("-", " "), fold(short)) for full, _, shorts in lines for short in shorts.split()}
    assert len(pairs) > 500
    assert all(full in SHORT_FORMS[short] and is_short_for(full, short) for full, short in pairs if full != short)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("andreas", "andrea"),
        ("ulrich", "ulrike"),
        ("christian", "christina"),
        ("alexander", "alexandra"),
        ("paul", "paula"),
    ],
)
def test_two_names_with_one_short_form_stay_two(one: str, other: str) -> None:
    assert not is_short_for(one, other)


NAMES = st.lists(
    st.sampled_from(
        [
            *("Lena", "Hannes", "Graf", "von", "zu", "der", "Müller-Lüdenscheidt", "O'Neil", "jun.", "Dr.", "geb."),
            *(",", "Ł.", "(Leni)"),
        ]
    ),
    max_size=7,
)


@given(NAMES.map(" ".join), NAMES.map(" ".join))
def test_agreement_is_symmetrical_and_every_name_agrees_with_itself(one: str, other: str) -> None:
    assert name_agreement(one, other) is name_agreement(other, one)
    assert name_agreement(one, one) in (SAME, NameAgreement.NOT_STATED)


@given(st.text(max_size=300))
def test_whatever_stands_in_a_field_is_taken_apart_without_an_error(value: str) -> None:
    name = parse_name(value)
    assert all(word == fold(word) for word in name.words)
