"""The dates of a case for reports and calendars: its due day is stored; what lies on the way to it is counted here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.case import Case
from cases.deadline import Deadline, Extension, deadline, internal_target
from flows.house import House
from infra.store.facts import Step

EXTENDED = "extended"  # the step by which a history says that the notice of an extension went out; a reason may follow


@dataclass(frozen=True, slots=True)
class Timeline:
    """Local dates of one case. `month_end`: the due day without extension and suspension; `three_months`: with an
    extension. `notice_due`: the last day to announce one, None where one was announced."""

    received: date
    target: date
    month_end: date
    three_months: date
    safe: date
    due: date
    notice_due: date | None
    extended: bool


def timeline(house: House, case: Case, steps: Iterable[Step] = ()) -> Timeline:
    """The dates of a case with this history. The due day is the stored one, whatever is counted today."""
    extended = was_extended(steps)
    month, three = _counted(house, case, extended=False), _counted(house, case, extended=True)
    ready = internal_target(three if extended else month, house.settings.clock.internal_target_days)
    return Timeline(
        received=month.received_on,
        target=ready,
        month_end=month.due,
        three_months=three.due,
        safe=case.safe_target,
        due=case.due,
        notice_due=None if extended else month.notice_due,
        extended=extended,
    )


def was_extended(steps: Iterable[Step]) -> bool:
    return any(step.what.partition(":")[0] == EXTENDED for step in steps)


def _counted(house: House, case: Case, *, extended: bool) -> Deadline:
    own, counts = house.settings.controller, Extension(house.settings.clock.extension)
    return deadline(
        case.received_at,
        land=own.land,
        region=own.region or None,
        extended=extended,
        extension=counts,
        zone=own.timezone,
    )
