"""`auskunft outside`: what of destroyed cases still lies in a mailbox or in the Nextcloud."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cases.source import Health
from desk.console import fail
from desk.recording import listed
from flows.outside import by_hand, owed, where

if TYPE_CHECKING:
    from flows.house import House

NOTHING = "nichts mehr / nothing is left"
MOST_NAMED = 20  # in one line of a report


def what_is_left(house: House) -> str:
    """A line for each, with the sign by which it is named."""
    return "\n".join(_lines(house)) or NOTHING


def record_deleted(house: House, signs: Iterable[str], by: str, how: str) -> None:
    name = listed(house, by)
    with house.store.begin() as tx:
        known = {item.short: item for item in owed(tx)}
        unknown = [sign for sign in signs if sign not in known]
        if unknown:
            fail(f"{', '.join(unknown)}: steht nicht in der Liste / not in the list")
        for sign in dict.fromkeys(signs):
            by_hand(house, tx, known[sign], name, how)


def outside_health(house: House) -> Health:
    """What `auskunft doctor` says of it."""
    lines = _lines(house)
    if not lines:
        return Health(True, "nothing of a destroyed case is left in a mailbox or the Nextcloud")
    named = "\n".join((*lines[:MOST_NAMED], *(["…"] if len(lines) > MOST_NAMED else [])))
    advice = "is tried every night; where mailbox or Nextcloud are no more: delete it by hand, then auskunft outside"
    return Health(False, f"{len(lines)} things of destroyed cases are left", f"{advice} --deleted SIGN\n{named}")


def _lines(house: House) -> list[str]:
    with house.store.begin() as tx:
        return [f"{item.short}  {where(tx, item)}{f'  {item.case}' if item.case else ''}" for item in owed(tx)]
