import pytest

from cases.emails import PROVIDERS, mailbox_key
from cases.identifiers import Identifier, Kind, alias_key, normalise

ONE_MAILBOX = [
    ("Lena.Krueger@gmail.com", "lenakrueger+shop@googlemail.com"),
    ("lena.krueger@outlook.de", "Lena.Krueger+shop@outlook.de"),
    ("lena-krueger@protonmail.com", "lena-krueger+x@pm.me"),
    ("lena@posteo.de", "lena+x@posteo.de"),
]
TWO_MAILBOXES = [
    ("lena.krueger@outlook.de", "lenakrueger@outlook.de"),
    ("lena@outlook.de", "lena@outlook.com"),
    ("lena+shop@gmail.com", "lena+shop@posteo.de"),
    ("lena.krueger@gmail.com", "lena.kruger@gmail.com"),
]


def key(value: str) -> str:
    return alias_key(Identifier(Kind.EMAIL, value))


@pytest.mark.parametrize(("one", "other"), ONE_MAILBOX)
def test_a_provider_of_the_table_delivers_both_to_one_mailbox(one: str, other: str) -> None:
    assert key(one) == key(other) != ""
    assert normalise(Kind.EMAIL, one) != normalise(Kind.EMAIL, other)


@pytest.mark.parametrize(("one", "other"), TWO_MAILBOXES)
def test_two_mailboxes_of_a_provider_stay_two(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    "value", ["lena+shop@mail.example", "l.ena@gmail.com.mail.example", "lena@firma.gmail.com", "x"]
)
def test_elsewhere_an_address_is_only_itself(value: str) -> None:
    assert key(value) == ""


def test_an_address_of_dots_alone_is_no_mailbox() -> None:
    assert mailbox_key("...@gmail.com") == mailbox_key("+x@gmail.com") == ""


@pytest.mark.parametrize(
    "value",
    [
        "mailto:Lena@Mail.example?subject=Hallo",
        "Lena Krüger <lena@mail.example>",
        " LENA@mail.example. ",
        "<lena@mail.example>",
    ],
)
def test_what_stands_around_an_address_is_no_part_of_it(value: str) -> None:
    assert normalise(Kind.EMAIL, value) == "lena@mail.example"


def test_the_domains_of_the_table_are_in_the_form_in_which_they_are_compared() -> None:
    assert all(normalise(Kind.EMAIL, f"x@{domain}") == f"x@{domain}" for domain in PROVIDERS)
