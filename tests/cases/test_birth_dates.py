from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.birth_dates import DateAgreement, birth_date_candidates, date_agreement, is_filled_in
from cases.identifiers import Kind, normalise


@pytest.mark.parametrize(
    "value",
    [
        "1984-03-02",
        "1984-03-02T00:00:00",
        "1984/03/02",
        "19840302",
        "2.3.1984",
        "02. 03. 1984",
        "2. März 1984",
        "2. Mrz. 1984",
        "2 March 1984",
        "2nd of March 1984",
        "March 2, 1984",
        "March 2nd 1984",
        "geb. am 02.03.1984",
        "*2.3.1984",
        "Geburtsdatum: 2.3.1984",
    ],
)
def test_a_date_is_one_however_it_is_written(value: str) -> None:
    assert normalise(Kind.BIRTH_DATE, value) == "1984-03-02"


@pytest.mark.parametrize(
    ("value", "candidates"),
    [
        ("02.03.84", {"1984-03-02", "2084-03-02"}),
        ("3/2/1984", {"1984-03-02", "1984-02-03"}),
        ("13/2/1984", {"1984-02-13"}),
        ("2/2/1984", {"1984-02-02"}),
        ("02-03-1984", {"1984-03-02", "1984-02-03"}),
        ("Jg. 1984", set()),
        ("1984", set()),
        ("31.02.1984", set()),
        ("2. Foo 1984", set()),
        ("12345678", set()),
        ("", set()),
    ],
)
def test_what_a_text_leaves_open_is_no_strong_key(value: str, candidates: set[str]) -> None:
    assert set(birth_date_candidates(value)) == candidates
    assert normalise(Kind.BIRTH_DATE, value) == (min(candidates) if len(candidates) == 1 else "")


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("2.3.1984", "March 2 1984", DateAgreement.SAME),
        ("2.3.1984", "02.03.84", DateAgreement.POSSIBLE),
        ("2.3.1984", "3/2/1984", DateAgreement.POSSIBLE),
        ("2.3.1984", "3.2.1984", DateAgreement.DAY_MONTH_SWAPPED),
        ("2.3.1984", "2.3.1985", DateAgreement.ONE_SLIP),
        ("2.3.1984", "2.3.1948", DateAgreement.ONE_SLIP),
        ("12.3.1984", "2.3.1984", DateAgreement.ONE_SLIP),
        ("12.3.1984", "25.3.1984", DateAgreement.DIFFERENT),
        ("2.3.1984", "Jg. 1984", DateAgreement.NOT_STATED),
        ("1.1.1900", "01.01.1900", DateAgreement.NOT_STATED),
    ],
)
def test_how_two_dates_agree(one: str, other: str, agreement: DateAgreement) -> None:
    assert date_agreement(one, other) is agreement
    assert date_agreement(other, one) is agreement


@given(st.dates(min_value=date(1900, 1, 2)))
def test_a_date_agrees_with_itself_in_every_form(day: date) -> None:
    forms = [day.isoformat(), f"{day.day}.{day.month}.{day.year}", day.strftime("%d %B %Y"), day.strftime("%Y%m%d")]
    wanted = DateAgreement.NOT_STATED if is_filled_in(day.isoformat()) else DateAgreement.SAME
    packed = 1850 <= day.year <= 2100
    assert {date_agreement(forms[0], other) for other in forms[: 4 if packed else 3]} == {wanted}
