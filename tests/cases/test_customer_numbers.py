import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.customer_numbers import customer_number
from cases.identifiers import Kind, normalise

FORMATS = ("K-#####", "??-####/##")


@pytest.mark.parametrize(
    ("value", "formats", "number"),
    [
        ("K-00042", FORMATS, "k00042"),
        ("k 42", FORMATS, "k00042"),
        ("42", FORMATS, "k00042"),
        ("Kundennr.: K-42", FORMATS, "k00042"),
        ("Nr. 42", FORMATS, "k00042"),
        ("AB-1234/05", FORMATS, "ab123405"),
        ("K-123456", FORMATS, "k123456"),
        ("X-42", FORMATS, "x42"),
        ("42", ("K-#####", "L-#####"), "42"),
        ("K-42", ("K-#####", "L-#####"), "k00042"),
        ("0042", (), "0042"),
        ("K-1001", (), "k1001"),
    ],
)
def test_a_number_is_completed_by_the_one_format_that_it_fits(
    value: str, formats: tuple[str, ...], number: str
) -> None:
    assert customer_number(value, formats) == number


def test_leading_zeros_count_where_no_format_says_otherwise() -> None:
    assert normalise(Kind.CUSTOMER_NUMBER, "0042") != normalise(Kind.CUSTOMER_NUMBER, "42")


@given(st.text(alphabet="KAB-/ 0123456789", max_size=20))
def test_a_completed_number_stays_as_it_is(value: str) -> None:
    once = customer_number(value, FORMATS)
    assert customer_number(once, FORMATS) == once


@given(st.integers(0, 99999))
def test_every_number_of_a_format_is_one_with_and_without_its_zeros(number: int) -> None:
    spelled = {
        customer_number(text, ("K-#####",)) for text in (f"K-{number}", f"k{number:05}", str(number), f"{number:05}")
    }
    assert spelled == {f"k{number:05}"}
