"""The connector contract. `tests/conformance` asks every connector for its promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from cases.finding import Finding, Gap, Shape
from cases.identifiers import Identifier, Subject
from cases.subjects import SubjectIndex


class Stage(StrEnum):
    QUERY = "query"  # asked by identifier
    SCAN = "scan"  # read through once


@dataclass(frozen=True, slots=True)
class Health:
    """What `doctor` shows of a source. `advice` says what an administrator does next; nothing personal in it."""

    ok: bool
    summary: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """The last thing a source says of a pass: how many records it looked at, so that a source that suddenly holds
    nothing is noticed. `limits`: closed codes of what such a search cannot promise (`exact_only`), for the log."""

    source: str
    records: int
    limits: tuple[str, ...] = ()


class SourceUnavailable(Exception):
    """The source cannot be asked now. `code` is a short closed word (`refused`, `credentials`, `not_found`,
    `not_an_archive`, `no_such_table`, `timeout`, `protocol`); nothing of the answer goes into it."""

    def __init__(self, source: str, code: str, advice: str = "") -> None:
        super().__init__(f"{source}: {code}" + (f" - {advice}" if advice else ""))
        self.source = source
        self.code = code
        self.advice = advice


class Source(Protocol):
    """One place where the controller keeps personal data; only ever read.

    A connector MUST never write, be repeatable, give stable locators, find nothing for a stranger, give two subjects
    searched at once exactly what each gets alone, yield a `Gap` for a datum it meets but cannot place, raise
    `SourceUnavailable` rather than end early, hold memory that does not grow with the source, and report a field
    that it does not know instead of dropping it. The last item of every complete search is a `Searched`.
    """

    @property
    def name(self) -> str: ...

    @property
    def stage(self) -> Stage: ...

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]: ...

    def check(self) -> Health: ...


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact data on file in the system of record, for identification before any collection."""

    locator: str = field(repr=False)
    identifiers: tuple[Identifier, ...] = field(repr=False)


@runtime_checkable
class Describing(Protocol):
    """A source that can say beforehand what its records look like, so that the register can be held against them
    before the first request."""

    def shapes(self) -> tuple[Shape, ...]:
        """Every kind of record with its fields; empty where that is not known. Raises `SourceUnavailable`."""
        ...


@runtime_checkable
class Naming(Protocol):
    """A source that can name everybody it holds."""

    def names(self) -> Iterator[str]: ...


class SystemOfRecord(Source, Protocol):
    """A source that also says how the controller reaches the people it knows."""

    def lookup(self, claims: Subject) -> tuple[Contact, ...]:
        """Every record that shares an e-mail address, customer number, phone or full name with the claims; the
        caller decides what that proves. Raises `SourceUnavailable`."""
        ...

    def stating(self, items: Iterable[Identifier]) -> tuple[Contact, ...]:
        """Every record that states one of these identifiers, of whatever kind: whose they are, besides. Raises
        `SourceUnavailable`."""
        ...

    def names(self) -> Iterator[str]:
        """The name of everybody on file, to recognise other people in what is found about one. Raises
        `SourceUnavailable`."""
        ...
