"""When a further copy may cost something (Art. 15(3) sentence 2 GDPR; EDPB Guidelines 01/2022 par. 28-31): only for
the same data of the same period, once more, after a first copy that was free. All else is a request of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asked for, in its own words, and when its answer with data arrived (None: it has not)."""

    period: str = field(default="", repr=False)
    systems: tuple[str, ...] = field(default=(), repr=False)
    answered_on: date | None = None


def why_free(earlier: Asked | None, again: Asked) -> str:
    """The code of why a copy is free; empty where a fee may be announced.

    `first_copy`: there was none before. `reminder`: the earlier request has no answer yet, so this one only reminds of
    it. `other_period`, `other_data`: it is not the same copy.
    """
    if earlier is None:
        return "first_copy"
    if earlier.answered_on is None:
        return "reminder"
    if _folded(earlier.period) != _folded(again.period):
        return "other_period"
    if {_folded(name) for name in earlier.systems} != {_folded(name) for name in again.systems}:
        return "other_data"
    return ""


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
