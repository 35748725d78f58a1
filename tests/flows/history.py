"""Cases with a past, put into the store as if the program had handled them on those days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from cases.case import Status
from cases.deadline import deadline
from cases.person import Person
from flows.refusal import TOLD
from infra.store.cases import Opening, set_deadline
from tests.flows.house import World

BERLIN = ZoneInfo("Europe/Berlin")
_WAY = (Status.ACKNOWLEDGED, Status.COLLECTING, Status.REVIEW, Status.APPROVED, Status.SEALED, Status.SENT)


def at(day: str, hour: int = 10) -> datetime:
    """Local time of a day, in UTC."""
    return datetime.combine(date.fromisoformat(day), time(hour), tzinfo=BERLIN).astimezone(UTC)


def case(world: World, received: str, status: Status = Status.RECEIVED, right: str = "access", by: str = "mail") -> str:
    """A case that arrived on a day; the clock stays there."""
    world.clock.at = at(received)
    with world.house.store.begin() as tx:
        counted = deadline(tx.now, land="MV")
        person = Person(sender="lena.krueger@mail.example", message_id="<1@mail.example>")
        return tx.cases.open(Opening(status, right, "de", tx.now, counted, person, by), "opened").number


def brought(world: World, number: str, *statuses: Status) -> None:
    with world.house.store.begin() as tx:
        for status in statuses:
            tx.cases.move(number, status)


def noted(world: World, number: str, what: str, day: str = "") -> None:
    world.clock.at = at(day) if day else world.clock.at
    with world.house.store.begin() as tx:
        tx.cases.note(number, what)


def extended(world: World, number: str, day: str) -> None:
    """The notice of an extension went out on a day."""
    noted(world, number, "extended:volume", day)
    with world.house.store.begin() as tx:
        row = tx.cases.row(number)
        set_deadline(row, deadline(row.received_at, land="MV", extended=True))


def ended(world: World, number: str, day: str, end: Status, why: str = "") -> None:
    """The case went all the way to an answer, or straight to another end, on a day."""
    if end in (Status.ANSWERED, Status.ANSWERED_NOTHING_HELD):
        status = Status(world.case(number).status)
        way = [*_WAY]
        brought(world, number, *(way[way.index(status) + 1 :] if status in way else way))
    world.clock.at = at(day, 16)
    with world.house.store.begin() as tx:
        tx.cases.move(number, end, "Frauke Nissen", why)
        if end is Status.REFUSED:  # and its notice left at once
            tx.cases.note(number, TOLD)
