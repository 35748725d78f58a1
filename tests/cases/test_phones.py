import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.identifiers import Kind, normalise
from cases.phones import phone_extension, phones_in

BERLIN, MOBILE = "+493023125012", "+491713920001"
WRITTEN = [
    ("030/23125012", BERLIN),
    ("030 23125-012", BERLIN),
    ("(030) 231 25 012", BERLIN),
    ("+49 (0)30 23125012", BERLIN),
    ("+49 (0) 30 / 23125 - 012", BERLIN),
    ("0049 30 23125012", BERLIN),
    ("+49.30.23125012", BERLIN),
    ("Tel.: 030 23125012", BERLIN),
    ("030 23125012 (privat)", BERLIN),
    ("0171/39200 01", MOBILE),
    ("0171-3920001 Handy", MOBILE),
    ("+49 171 39 200 01", MOBILE),
    ("030 23125-0", "+4930231250"),
    ("030 23125 Durchwahl 012", BERLIN),
    ("030 23125-0 DW 12", "+49302312512"),
    ("030 23125, App. 12", "+49302312512"),
    ("+44 20 7946 0018 ext. 12", "+442079460018"),
    ("+44 20 7946 0018 x12", "+442079460018"),
    ("keine", ""),
    ("-", ""),
    ("", ""),
    ("12", ""),
]


@pytest.mark.parametrize(("value", "number"), WRITTEN)
def test_a_number_is_one_however_it_is_written(value: str, number: str) -> None:
    assert normalise(Kind.PHONE, value) == number


@pytest.mark.parametrize(
    "value",
    [
        "030/23125012 / 0171 3920001",
        "030 23125012, 0171/3920001",
        "030-23125012 oder 0171-3920001",
        "Tel. 030 23125012; Mobil: 0171 3920001",
        "030 23125012\n0171 3920001",
        "+49 30 23125012 / +49 171 3920001",
    ],
)
def test_every_number_of_a_field_is_read(value: str) -> None:
    assert phones_in(value) == (BERLIN, MOBILE)
    assert normalise(Kind.PHONE, value) == BERLIN


def test_an_extension_is_part_of_a_german_number_and_of_no_other() -> None:
    assert phone_extension("+44 20 7946 0018 ext. 12") == "12"
    assert phone_extension("030 23125 Durchwahl 12") == phone_extension("030 23125-12") == ""


@given(st.text(alphabet="0123456789+-/() .,;x extDWoder", max_size=80))
def test_every_number_that_is_found_is_e164_and_found_again(value: str) -> None:
    for number in phones_in(value):
        assert number.startswith("+") and number[1:].isascii() and number[1:].isdigit()
        assert phones_in(number) == (number,)
