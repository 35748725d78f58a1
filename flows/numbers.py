"""Customer numbers in the company's own formats (`[identity] customer_numbers`): `42`, `K 42` and `K-00042` are one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cases.customer_numbers import completed, spellings
from cases.finding import Finding, Gap
from cases.identifiers import Identifier, Kind, Subject
from cases.request import Claims, Request
from cases.source import Contact, Health, Searched, Stage, SystemOfRecord
from cases.subjects import SubjectIndex


def with_numbers(request: Request, formats: tuple[str, ...]) -> Request:
    """What a mail says, with its customer numbers as the company writes them: two letters of one person state one."""

    def whole(claims: Claims) -> Claims:
        return replace(claims, customer_numbers=tuple(completed(one, formats) for one in claims.customer_numbers))

    return replace(request, claims=whole(request.claims), subjects=tuple(map(whole, request.subjects)))


def with_number(item: Identifier, formats: tuple[str, ...]) -> Identifier:
    return replace(item, value=completed(item.value, formats)) if item.kind is Kind.CUSTOMER_NUMBER else item


@dataclass(frozen=True, slots=True)
class Completing:
    """A system of record that is asked for every spelling of a customer number, and says each as the company writes it:
    so what is on file, claimed and proposed is compared as the same number, whoever compares it."""

    record: SystemOfRecord
    formats: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def stage(self) -> Stage:
        return self.record.stage

    def search(self, subjects: SubjectIndex) -> Iterator[Finding | Gap | Searched]:
        return self.record.search(subjects)

    def check(self) -> Health:
        return self.record.check()

    def names(self) -> Iterator[str]:
        return self.record.names()

    def lookup(self, claims: Subject) -> tuple[Contact, ...]:
        asked = Subject(claims.id, tuple(self._spelled(claims.identifiers)))
        return tuple(map(self._whole, self.record.lookup(asked)))

    def stating(self, items: Iterable[Identifier]) -> tuple[Contact, ...]:
        return tuple(map(self._whole, self.record.stating(self._spelled(items))))

    def _spelled(self, items: Iterable[Identifier]) -> Iterator[Identifier]:
        for item in items:
            yield item
            if item.kind is Kind.CUSTOMER_NUMBER:
                others = (replace(item, value=value) for value in spellings(item.value, self.formats))
                yield from (other for other in others if other != item)

    def _whole(self, contact: Contact) -> Contact:
        return replace(contact, identifiers=tuple(with_number(item, self.formats) for item in contact.identifiers))
