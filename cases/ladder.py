"""On which days somebody is told that a date comes nearer, or that nothing moves: pure counting of local days.

A chain is one matter of one case with its rungs in the order of days. Only the latest rung reached says something new;
the ones before it are what was missed if nobody could tell of them on their day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SOON, TOMORROW, TODAY, OVERDUE = "due_soon", "due_tomorrow", "due_today", "overdue"
TARGET_SOON, TARGET_PASSED = "target_soon", "target_passed"
DATE_CODES = (SOON, TOMORROW, TODAY, OVERDUE, TARGET_SOON, TARGET_PASSED)


@dataclass(frozen=True, slots=True)
class Rung:
    """From `day` on the alarm `code` stands at `stage`; `management`: they are told of this one, too."""

    day: date
    code: str
    stage: int = 1
    management: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """The rungs of one matter, earliest first. `codes`: every alarm that the matter can raise."""

    codes: tuple[str, ...]
    rungs: tuple[Rung, ...]

    def reached(self, today: date) -> Rung | None:
        """The latest rung whose day has come."""
        return next((rung for rung in reversed(self.rungs) if rung.day <= today), None)

    def between(self, after: date, before: date) -> tuple[Rung, ...]:
        """The rungs of the days in between, both excluded."""
        return tuple(rung for rung in self.rungs if after < rung.day < before)


def before_and_after(due: date, before: Iterable[int], after: Iterable[int], management_days: int) -> Chain:
    """Towards a due day and past it: so many days before and after."""
    days = sorted(set(before), reverse=True)
    rungs = [Rung(due - timedelta(left), _code(left), _stage(left, days), left <= management_days) for left in days]
    late = sorted(set(after))
    rungs += [Rung(due + timedelta(over), OVERDUE, stage, True) for stage, over in enumerate(late, start=1)]
    return Chain((SOON, TOMORROW, TODAY, OVERDUE), tuple(rungs))


def towards_target(target: date, before: Iterable[int]) -> Chain:
    """Towards the internal target, and the day after it: a matter of the house, which no management is told of."""
    days = sorted({left for left in before if left}, reverse=True)
    rungs = [Rung(target - timedelta(left), TARGET_SOON, stage) for stage, left in enumerate(days, start=1)]
    return Chain((TARGET_SOON, TARGET_PASSED), (*rungs, Rung(target + timedelta(1), TARGET_PASSED)))


def standing_still(code: str, since: date, days: int) -> Chain:
    """Nothing has moved since a day: somebody is told after so many days, the management after twice as many."""
    if not days:
        return Chain((code,), ())
    return Chain((code,), (Rung(since + timedelta(days), code), Rung(since + timedelta(2 * days), code, 2, True)))


def _code(left: int) -> str:
    return {0: TODAY, 1: TOMORROW}.get(left, SOON)


def _stage(left: int, days: Sequence[int]) -> int:
    """Several distances share the code `due_soon`: each is a stage of its own."""
    return days.index(left) + 1 if left > 1 else 1
