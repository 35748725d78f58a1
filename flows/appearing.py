"""Other people in what is found: every finding is looked through before it is stored (Art. 15(4) GDPR)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from cases.finding import Finding, Gap
from cases.identifiers import Identifier, Kind, Subject
from cases.others import KnownPeople, others_in
from cases.own import Own, hers
from cases.source import Searched, SourceUnavailable
from flows.house import House
from flows.people import own_addresses
from infra.store.knowledge import State

Item = Finding | Gap | Searched

_TEXT = re.compile(r"\w\W+\w+\W+\w")  # three words: a name may stand in it


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Looks through the findings of one pass. `own` by case; `known` is everybody in the system of record."""

    own: dict[str, tuple[Identifier, ...]] = field(repr=False)
    ours: tuple[Identifier, ...] = field(repr=False)
    known: KnownPeople = field(repr=False)
    _of_case: dict[str, Own] = field(default_factory=dict, init=False, repr=False)

    def look(self, finding: Finding) -> Finding:
        """The finding with everybody else in it. Where the system of record could not be asked, what holds text may
        name somebody whom we did not recognise: a person looks."""
        own = self._own(finding)
        learned = (item.value for item in finding.learned if item.kind is Kind.NAME)
        people = others_in(finding.fields, (*finding.others, *learned), own, self.known)
        blind = not self.known.complete and any(_TEXT.search(item.value) for item in finding.fields)
        return replace(finding, people=people, shared=finding.shared or blind)

    def _own(self, finding: Finding) -> Own:
        """Compiled once for each case: of thousands of findings it would cost more than to look at them."""
        if finding.subject not in self._of_case:
            self._of_case[finding.subject] = Own.of(self.own.get(finding.subject, ()), self.ours)
        return self._of_case[finding.subject].in_row(finding)

    def over(self, items: Iterable[Item]) -> Iterator[Item]:
        for item in items:
            yield self.look(item) if isinstance(item, Finding) else item


def onlooker(house: House, subjects: Iterable[Subject]) -> Onlooker:
    """For one pass. What the company says of itself (name, addresses) is nobody's personal datum; what the record on
    file says of the person is theirs, even where it is no key to search by, unless somebody declined it."""
    own = {}
    with house.store.begin() as tx:
        for subject in subjects:
            proposed = tx.proposals.all(tx.cases.row(subject.id))
            declined = {one.learned.identifier.key for one in proposed if one.state is State.DECLINED}
            filed = tx.cases.person(subject.id).proposals
            own[subject.id] = tuple(hers(subject.identifiers, filed, declined))
    return Onlooker(own, _ours(house), _known(house))


def _ours(house: House) -> tuple[Identifier, ...]:
    own = house.controller
    mails = filter(None, (own.email, own.dpo_email, *own_addresses(house)))
    return (Identifier(Kind.NAME, own.name), *(Identifier(Kind.EMAIL, mail) for mail in mails))


def _known(house: House) -> KnownPeople:
    if house.record is None:
        return KnownPeople()
    try:
        return KnownPeople.of(house.record.names())
    except SourceUnavailable:
        return KnownPeople(complete=False)
