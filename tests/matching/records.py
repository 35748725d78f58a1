"""Labelled records: who is meant by each is known, so that what the matching finds can be counted."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.subjects import Clue

SCOPE = "register"
Statement = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `entity` is the person it is about (the truth), `stated` what it says, `key` its unique key."""

    id: str
    entity: str
    stated: tuple[Statement, ...]
    key: Statement | None

    def without_key(self) -> Record:
        return Record(self.id, self.entity, tuple(item for item in self.stated if item != self.key), None)

    def subject(self) -> Subject:
        """The person of a request whose identity was checked: everything of the record is verified."""
        items = (Identifier(kind, value, Origin.VERIFIED, _scope(kind)) for kind, value in self.stated)
        return Subject(self.id, tuple(items))

    def clues(self) -> tuple[Clue, ...]:
        return tuple(Clue(kind, value, kind.value, _scope(kind)) for kind, value in self.stated)


def febrl(*paths: Path) -> list[Record]:
    """Sets of the Freely Extensible Biomedical Record Linkage project: `rec-12-org` and `rec-12-dup-0` are one person.
    The social security number stands for the company's customer number."""
    return [_febrl_record(row) for path in paths for row in _rows(path)]


def splink(path: Path) -> list[Record]:
    """`fake_*.csv` of the Splink project: `cluster` is the person, the e-mail address the unique key."""
    return [_splink_record(row) for row in _rows(path)]


def record(
    id_: str, entity: str, key: Kind, values: Iterable[tuple[Kind, str]], normal: Callable[[str], str] = str.strip
) -> Record:
    stated = tuple((kind, text) for kind, value in values if (text := normal(value)))
    return Record(id_, entity, stated, next((item for item in stated if item[0] is key), None))


def _scope(kind: Kind) -> str:
    return SCOPE if kind is Kind.CUSTOMER_NUMBER else ""


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, skipinitialspace=True):
            yield {name.strip(): (value or "").strip() for name, value in row.items() if name}


def _febrl_record(row: dict[str, str]) -> Record:
    street = " ".join(filter(None, (row["street_number"], row["address_1"])))
    town = " ".join(filter(None, (row["postcode"], row["suburb"])))
    values = (
        (Kind.NAME, f"{row['given_name']} {row['surname']}"),
        (Kind.BIRTH_DATE, re.sub(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", row["date_of_birth"])),
        (Kind.ADDRESS, f"{street}, {town}" if street and town else ""),
        (Kind.CUSTOMER_NUMBER, row["soc_sec_id"]),
    )
    return record(row["rec_id"], row["rec_id"].split("-")[1], Kind.CUSTOMER_NUMBER, values)


def _splink_record(row: dict[str, str]) -> Record:
    values = (
        (Kind.NAME, f"{row['first_name']} {row['surname']}"),
        (Kind.BIRTH_DATE, row["dob"]),
        (Kind.EMAIL, row["email"]),
    )
    return record(row["unique_id"], row["cluster"], Kind.EMAIL, values)
