"""What was learned of a person and widens the search only after somebody's yes (SCP-01, Art. 15(4) GDPR)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cases.case import Status
from cases.knowledge import Standing, accepted
from cases.source import SourceUnavailable
from flows.collect import search_again
from flows.house import House
from flows.proposed import holders, stand, undecided
from infra.store.knowledge import NoSuchProposal, Proposal, State
from infra.store.store import Transaction

DECIDED_IN = (Status.COLLECTING, Status.REVIEW)


class CannotDecide(Exception):
    """Why a proposal cannot be accepted or declined; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Yes:
    """A person's yes. `numbers`: of proposals; none: all that nobody has decided. `proven`: how the person asking has
    shown that these are theirs; empty where they have not, as is usual: then a record that only they lead to is never
    more than probable."""

    by: str = field(repr=False)
    numbers: tuple[int, ...] = ()
    proven: str = field(default="", repr=False)


def accept(house: House, case: str, yes: Yes) -> int:
    """Takes proposals among what is searched for: every source is asked again, and the draft waits for that. Returns
    how many; raises `CannotDecide`."""
    with house.store.begin() as tx:
        chosen = _chosen(tx, case, yes.numbers)
    try:
        contacts = holders(house, chosen)
    except SourceUnavailable:
        raise CannotDecide(
            "the system of record cannot be asked now whether somebody else has the same; try again later"
        ) from None
    with house.store.begin() as tx:
        stand(tx, case, chosen, contacts)
        chosen = _chosen(tx, case, yes.numbers)
        _not_shared(chosen, by_number=bool(yes.numbers))
        chosen = tuple(one for one in chosen if one.standing is not Standing.SHARED)
        if not chosen:
            raise CannotDecide(f"{case} has no proposal that waits for a decision")
        _widen(tx, case, chosen, yes)
    return len(chosen)


def decline(house: House, case: str, numbers: Sequence[int], by: str, why: str) -> int:
    """Says that proposals are not to be searched for (none given: all that nobody has decided); returns how many."""
    with house.store.begin() as tx:
        chosen = _chosen(tx, case, numbers)
        if not chosen:
            raise CannotDecide(f"{case} has no proposal that waits for a decision")
        row = tx.cases.row(case)
        for one in chosen:
            tx.proposals.decide(row, one.number, State.DECLINED, by, why)
            tx.cases.note(case, f"proposal_declined:{one.number}", by, why)
    return len(chosen)


def _chosen(tx: Transaction, case: str, numbers: Sequence[int]) -> tuple[Proposal, ...]:
    status, row = tx.cases.get(case).status, tx.cases.row(case)
    if status not in DECIDED_IN:
        raise CannotDecide(f"{case} is {status}; proposals are decided while it is collecting or in review")
    try:
        wanted = [tx.proposals.get(row, number) for number in numbers]
    except NoSuchProposal as error:
        raise CannotDecide(str(error)) from None
    if taken := [one.number for one in wanted if one.state is State.ACCEPTED]:
        raise CannotDecide(f"proposal {taken[0]} is accepted already; what it led to is decided by finding")
    return tuple(wanted) if numbers else undecided(tx, case)


def _not_shared(chosen: Sequence[Proposal], *, by_number: bool) -> None:
    shared = [one.number for one in chosen if one.standing is Standing.SHARED]
    if shared and by_number:
        raise CannotDecide(
            f"proposal {shared[0]} belongs to somebody else on file, too: a search by it would find that person's data"
        )


def _widen(tx: Transaction, case: str, chosen: Sequence[Proposal], yes: Yes) -> None:
    person, row = tx.cases.person(case), tx.cases.row(case)
    new = tuple(accepted(one.learned, proven=bool(yes.proven)) for one in chosen)
    tx.cases.set_person(case, replace(person, accepted=person.accepted + new))
    for one in chosen:
        tx.proposals.decide(row, one.number, State.ACCEPTED, yes.by, yes.proven)
        tx.cases.note(case, f"proposal_accepted:{one.number}", yes.by, yes.proven)
    row.learned_at = tx.now  # also for systems asked by hand: nobody has looked there for these
    search_again(tx, case, yes.by, "proposals accepted")
