"""Which identifiers prove nothing, because several people may use them."""

from __future__ import annotations

import pytest

from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.sharing import shared_keys

MAIL = Identifier(Kind.EMAIL, "krueger@mail.example")
NUMBER = Identifier(Kind.CUSTOMER_NUMBER, "K-1001", scope="crm")


def record(name: str = "", born: str = "", *keys: Identifier) -> list[Identifier]:
    told = ((Kind.NAME, name), (Kind.BIRTH_DATE, born))
    return [*(keys or (MAIL,)), *(Identifier(kind, value) for kind, value in told if value)]


def shared(*records: list[Identifier]) -> bool:
    both = {bool(shared_keys([], order)) for order in (records, records[::-1])}
    assert len(both) == 1  # in whatever order they come
    return both.pop()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Hans Krüger", "1950-01-02"), ("Hans Krüger", "1980-03-04")),
        (("Hans Krüger",), ("Hans Krüger jun.",)),
        (("Hans Krüger sen.",), ("Hans Krüger jun.",)),
        (("Anna Meier",), ("Anna Schmidt",)),
        (("Anna Meier",), ("Anna",)),
        (("Anna Meier",), ()),
        ((), ()),
        (("Anna Meier",), ("Jonas Meier",)),
    ],
)
def test_a_key_of_two_records_that_may_be_two_peoples_is_shared(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert shared(record(*one), record(*other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Hans Krüger", "1950-01-02"), ("Krüger, Hans", "02.01.1950")),
        (("Hans Krüger", "1950-01-02"), ("Hans Krueger",)),
        (("Hans Krüger",), ("Dr. Hans Peter Krüger",)),
    ],
)
def test_two_records_of_one_person_share_nothing(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert not shared(record(*one), record(*other))


def test_one_record_is_one_persons_unless_it_names_two() -> None:
    assert not shared(record("Anna Meier"))
    assert not shared(record())
    assert shared(record("Anna und Jonas Meier"))


def test_a_third_record_does_not_make_two_people_one() -> None:
    rows = record("Hans Krüger", "1950-01-02"), record("Hans Krüger"), record("Hans Krüger", "1980-03-04")
    assert shared(*rows)


def test_a_customer_number_is_shared_inside_its_system_only() -> None:
    elsewhere = Identifier(Kind.CUSTOMER_NUMBER, "K-1001", scope="shop")
    assert shared(record("Anna Meier", "", NUMBER), record("Jonas Meier", "", NUMBER))
    assert not shared(record("Anna Meier", "", NUMBER), record("Jonas Meier", "", elsewhere))


def test_a_case_and_a_record_with_another_birth_date_share_the_mailbox() -> None:
    verified = Identifier(Kind.EMAIL, MAIL.value, Origin.VERIFIED)
    son = Subject("A", (verified, Identifier(Kind.NAME, "Hans Krüger"), Identifier(Kind.BIRTH_DATE, "1980-03-04")))
    assert shared_keys([son], [record("Hans Krüger", "1950-01-02")]) == {(Kind.EMAIL, MAIL.value)}
    assert shared_keys([son], [record("H. Krüger")]) == frozenset()
