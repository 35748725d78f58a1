"""Whether a deadline that was stored still stands as it was counted, and what differs where it does not.

A stored date never changes by itself: the list of holidays of a newer version, another Land in the settings or another
reading of the law lead to a difference that a person sees, with the earlier of both days as the safe one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.bilingual import Text
from cases.deadline import Deadline
from cases.deadline_words import Step, told


class Cause(StrEnum):
    """Why a fresh count leads elsewhere."""

    HOLIDAYS = "holidays"  # same nominal end, same place: only the list of holidays can have changed
    PLACE = "place"  # another Land, region or nation-wide calendar
    FACTS = "facts"  # another nominal end: extension, suspension, receipt or the way of counting


@dataclass(frozen=True, slots=True)
class Stored:
    """What was kept of a deadline when it was counted."""

    due: date
    nominal_end: date
    derivation: Text
    holiday_list: str = ""  # empty where nobody asks whether the list is another one


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored due day and the one that a count of today leads to. `safe`: the earlier of them."""

    cause: Cause
    stored: date
    fresh: date
    words: Text

    @property
    def safe(self) -> date:
        return min(self.stored, self.fresh)

    @property
    def moves(self) -> bool:
        """Whether the due day would be another one; else only the list of holidays is."""
        return self.stored != self.fresh


def difference(stored: Stored, fresh: Deadline) -> Difference | None:
    """What differs between a stored deadline and one counted afresh; None where the due days agree,
    unless `stored` names its list of holidays and that is another one."""
    if stored.due == fresh.due and not _renewed(stored, fresh):
        return None
    cause = _cause(stored, fresh)
    steps: list[Step] = [(f"differs_{cause}", {"list": fresh.holiday_list, "place": fresh.place})]
    days = {"stored": stored.due, "fresh": fresh.due, "safe": min(stored.due, fresh.due)}
    steps.append(("differs", days) if stored.due != fresh.due else ("differs_not", {"stored": stored.due}))
    return Difference(cause, stored.due, fresh.due, told(steps))


def _renewed(stored: Stored, fresh: Deadline) -> bool:
    """Whether the same facts are counted by another list today."""
    same_facts = stored.nominal_end == fresh.nominal_end
    return same_facts and bool(stored.holiday_list) and stored.holiday_list != fresh.holiday_list


def _cause(stored: Stored, fresh: Deadline) -> Cause:
    if stored.nominal_end != fresh.nominal_end:
        return Cause.FACTS
    return Cause.HOLIDAYS if _same_place(stored.derivation.de, fresh.place.de) else Cause.PLACE


def _same_place(derivation: str, place: str) -> bool:
    """A Land's name is followed by its region where there is one: `Bayern (Stadt Augsburg)` is not `Bayern`."""
    return place in derivation and f"{place} (" not in derivation
