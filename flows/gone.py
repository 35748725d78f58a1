"""A case that somebody removed outside of the program: its request would be lost without a word."""

from __future__ import annotations

from flows.house import House
from flows.notices import tell
from infra.store.store import Transaction

ALARM = "case_gone"
_PREFIX = "gone:"  # and the case, or the year of cases of which no step is left either


def watch_gone(house: House) -> None:
    """In a transaction of its own and told at once: whatever else stumbles over what is missing."""
    with house.store.begin() as tx:
        gone = tx.cases.gone()
        missing = {f"{_PREFIX}{subject}" for subject in (*gone.cases, *gone.unnamed)}
        for subject in sorted(missing):
            tx.alarms.raise_(subject, ALARM)
        _end_others(tx, missing)
        tell(house, tx, [item for item in tx.alarms.standing() if item.code == ALARM and item.told_at is None])


def _end_others(tx: Transaction, missing: set[str]) -> None:
    """Of a case that is back, and what stands of one that is gone: nobody can be told under its number any more."""
    standing = tx.alarms.standing()
    known = tx.cases.known(item.subject for item in standing)
    for item in standing:
        back = item.code == ALARM and item.subject not in missing
        if back or (item.subject.startswith("DSAR-") and item.subject not in known):
            tx.alarms.clear(item.subject, item.code)
