import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identifiers import Kind, normalise

GOOD = "DE89370400440532013000"  # the example of ISO 13616


@pytest.mark.parametrize(
    "value", ["DE89 3704 0044 0532 0130 00", "de89-3704-0044-0532-0130-00", "IBAN: DE89370400440532013000"]
)
def test_an_iban_is_one_however_it_is_grouped(value: str) -> None:
    assert normalise(Kind.IBAN, value) == GOOD


@pytest.mark.parametrize(
    "value",
    [
        "DE** **** **** **** **30 00",
        "DE88 3704 0044 0532 0130 00",
        "DE89 3704 0044 0532 0130 0",
        "DEXX370400440532013000",
        "0532013000",
        "",
    ],
)
def test_what_is_masked_or_mistyped_is_compared_with_nothing(value: str) -> None:
    assert normalise(Kind.IBAN, value) == ""


@given(st.integers(4, 21), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, more: int) -> None:
    wrong = str((int(GOOD[place]) + more) % 10)
    assert normalise(Kind.IBAN, GOOD[:place] + wrong + GOOD[place + 1 :]) == ""
