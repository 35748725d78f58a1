"""What a mail states about order numbers and log-in names: never taken for a customer's number or a handle."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cases.claims import read_claims
from cases.message import Address, Message
from cases.request import Claims


def claims(text: str) -> Claims:
    sender = Address("Wiebke Tornow", "wiebke.tornow@posteo.example")
    message = Message(
        raw=b"", received_at=datetime(2026, 3, 2, tzinfo=UTC), sender=sender, subject="Anfrage", text=text
    )
    return read_claims(message, [text], ["info@firma.example"])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Bestellnummer: B-2024-000123", ("B-2024-000123",)),
        ("Meine Bestell-Nr. lautet 4711-A.", ("4711-A",)),
        ("meine Bestellung #10042 vom Mai", ("10042",)),
        ("Auftragsnummer 88123\nBestellnummer 88124", ("88123", "88124")),
        ("My order number is AB-998877", ("AB-998877",)),
        ("order #10042", ("10042",)),
        ("Ich habe eine Bestellung bei Ihnen aufgegeben.", ()),
        ("In order to help you I write today.", ()),
    ],
)
def test_order_numbers_are_read_and_are_no_customer_numbers(text: str, numbers: tuple[str, ...]) -> None:
    found = claims(f"Ich bitte um Auskunft.\n{text}\n")
    assert (found.order_numbers, found.customer_numbers) == (numbers, ())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Benutzername: Wiebke_84", ("Wiebke_84",)),
        ("Mein Benutzername lautet wiebke.t", ("wiebke.t",)),
        ("Login: wtornow", ("wtornow",)),
        ("username: wtornow", ("wtornow",)),
        ("My username is wtornow.", ("wtornow",)),
        ("Instagram-Benutzername: wiebke_baut", ()),
        ("Benutzername: wiebke@posteo.example", ()),
        ("Den Benutzernamen habe ich vergessen.", ()),
    ],
)
def test_log_in_names_are_read_where_they_are_of_no_platform(text: str, names: tuple[str, ...]) -> None:
    assert claims(f"Ich bitte um Auskunft.\n{text}\n").user_names == names


def test_a_customer_number_is_no_order_number() -> None:
    found = claims("Kundennummer: KH-20391\nBestellnummer: 10042")
    assert (found.customer_numbers, found.order_numbers) == (("KH-20391",), ("10042",))


@pytest.mark.parametrize(
    ("text", "ibans"),
    [
        ("Meine IBAN: DE89 3704 0044 0532 0130 00", ("DE89370400440532013000",)),
        ("IBAN DE89370400440532013000, Musterbank", ("DE89370400440532013000",)),
        ("IBAN: DE88 3704 0044 0532 0130 00", ()),
        ("IBAN: DE** **** **** **** **30 00", ()),
    ],
)
def test_an_account_is_read_where_its_check_digits_are_right(text: str, ibans: tuple[str, ...]) -> None:
    assert claims(f"Ich bitte um Auskunft.\n{text}\nMit freundlichen Grüßen").ibans == ibans
