"""What waits for a person's yes, and whether somebody else has it, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases.identifiers import Kind, Subject
from cases.knowledge import Standing, standing
from cases.sharing import SHAREABLE, shared_keys
from cases.source import Contact, SourceUnavailable
from flows.house import House
from infra.store.knowledge import Proposal, State
from infra.store.store import Transaction


def shared_by_several(house: House, subjects: Sequence[Subject]) -> frozenset[tuple[Kind, str]]:
    """What several people have together, by the cases of a pass and by the system of record: a couple's mailbox, or a
    father's and a son's, proves of neither that a record is theirs. Where that cannot be asked every such key is in
    doubt."""
    known = [item for one in subjects for item in one.identifiers if item.kind in SHAREABLE and item.normal]
    if house.record is None or not known:
        return shared_keys(subjects)
    try:
        contacts = house.record.stating(known)
    except SourceUnavailable:
        return frozenset((item.kind, item.normal) for item in known)
    rows = {contact.locator or contact.identifiers: contact for contact in contacts}  # one row may be met by two keys
    return shared_keys(subjects, (contact.identifiers for contact in rows.values()))


def undecided(tx: Transaction, case: str) -> tuple[Proposal, ...]:
    """What somebody has to say yes or no to before it can be said that all was searched. What the person has stated
    meanwhile needs nobody's word: it is searched for as their claim."""
    known = {item.key for item in tx.cases.person(case).subject(case).identifiers}
    found = tx.proposals.all(tx.cases.row(case))
    return tuple(one for one in found if one.undecided and one.learned.identifier.key not in known)


def check_proposals(house: House, cases: Iterable[str]) -> None:
    """Asks the system of record once, for all of these cases, whether somebody else has what is proposed. Where it
    cannot be asked they stay unchecked, and are checked before anybody accepts them."""
    with house.store.begin() as tx:
        unchecked = {case: found for case in cases if (found := _unchecked(tx, case))}
    if not unchecked:
        return
    try:
        contacts = holders(house, [one for found in unchecked.values() for one in found])
    except SourceUnavailable:
        return
    with house.store.begin() as tx:
        for case, found in unchecked.items():
            stand(tx, case, found, contacts)


def _unchecked(tx: Transaction, case: str) -> tuple[Proposal, ...]:
    found = tx.proposals.all(tx.cases.row(case))
    return tuple(one for one in found if one.state is State.OPEN and one.standing is Standing.UNCHECKED)


def holders(house: House, asked: Sequence[Proposal]) -> tuple[Contact, ...]:
    """Every record of the system of record that states one of these; none without such a system."""
    if house.record is None or not asked:
        return ()
    return house.record.stating(one.learned.identifier for one in asked)


def stand(tx: Transaction, case: str, found: Sequence[Proposal], contacts: Sequence[Contact]) -> None:
    verified, row = tx.cases.person(case).verified, tx.cases.row(case)
    for one in found:
        tx.proposals.stand(row, one.number, standing(one.learned.identifier, verified, contacts))
