"""The clock of a case on the terminal: what differs, what suspends it, extension, hold, alarms and breaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from cases.authorities import competent
from cases.case import Extension
from flows.breach import hours_left
from flows.clocks import counted, difference_of
from flows.extension import WHY_NOT, last_day, why_not
from outputs.report_text import alarm as words_of_alarm
from outputs.texts import texts

if TYPE_CHECKING:
    from rich.console import Console

    from cases.case import Case
    from flows.house import House
    from infra.store.store import Transaction

EXTENSIONS = {
    Extension.ASKED: "Verlängerung: die Mitteilung ist noch nicht hinausgegangen / the notice has not gone out yet",
    Extension.IN_FORCE: "Verlängert / extended",
    Extension.VOID: "Verlängerung unwirksam, die Mitteilung kam zu spät / extension void, the notice was late",
    Extension.FAILED: "Verlängerung: der Mailserver hat die Mitteilung abgelehnt / the mail server refused the notice",
}


def print_clock(console: Console, house: House, tx: Transaction, case: Case) -> None:
    """Nothing personal is in it: codes, dates and the authority."""
    for line in _lines(house, tx, case):
        console.print(line)


def _lines(house: House, tx: Transaction, case: Case) -> Iterator[str]:
    if case.open:
        yield from _due(house, tx, case)
        yield from _extension(house, tx, case)
    yield from _hold(house, case)
    yield from _alarms(house, tx, case)
    yield from _breaches(house, tx, case)


def _due(house: House, tx: Transaction, case: Case) -> Iterator[str]:
    found = difference_of(house, tx, case)
    if found is not None:
        yield f"ACHTUNG / NOTE: {found.words.de} / {found.words.en}"
    if case.due_unsuspended and case.due_unsuspended != case.due:
        yield f"Ohne Hemmung / without suspension: {case.due_unsuspended:%d.%m.%Y}"
    for question in tx.clocks.questions(case.number):
        ends = f"{question.answered_at.astimezone(house.zone):%d.%m.%Y}" if question.answered_at else "offen / open"
        yield f"Rückfrage / asked: {question.reason}, {question.asked_at.astimezone(house.zone):%d.%m.%Y} – {ends}"
    if counted(house, tx, case, settled=False).still:
        yield "Die Frist ist vorläufig: eine Rückfrage hemmt sie noch / provisional: a question still suspends it"


def _extension(house: House, tx: Transaction, case: Case) -> Iterator[str]:
    if case.extension:
        sent = f", {case.noticed_at.astimezone(house.zone):%d.%m.%Y %H:%M}" if case.noticed_at else ""
        yield f"{EXTENSIONS[Extension(case.extension)]}: {case.extension_reason}{sent}"
    code = why_not(house, tx, case)
    if not code:
        day = last_day(house, tx, case)
        yield f"Verlängern bis / can be extended until {day:%d.%m.%Y}: auskunft case extend {case.number} --reason …"
    elif code != "extension_known":
        yield f"Verlängern / extending: {WHY_NOT[code]}"


def _hold(house: House, case: Case) -> Iterator[str]:
    if case.held_at:
        ends = _moment(house, case.hold_lifted_at) if case.hold_lifted_at else "offen / in force"
        yield f"Löschstopp / hold: {_moment(house, case.held_at)} – {ends}"


def _alarms(house: House, tx: Transaction, case: Case) -> Iterator[str]:
    words = texts("de")
    for item in tx.alarms.of(case.number):
        by = tx.alarms.acknowledged_by(item.id)
        seen = f", gesehen / seen: {by.by}" if by else ""
        stage = f"Stufe / stage {item.stage}{', Leitung / management' if item.management else ''}"
        yield f"Alarm: {words_of_alarm(item.code, words)} ({_moment(house, item.raised_at)}, {stage}{seen})"


def _breaches(house: House, tx: Transaction, case: Case) -> Iterator[str]:
    own = house.settings.controller
    for breach in tx.breaches.of_case(case.number):
        head = f"Datenpanne / breach {breach.number}: bekannt / known {_moment(house, breach.known_at)}"
        if not breach.open:
            told = f", {_moment(house, breach.notified_at)}" if breach.notified_at else ""
            yield f"{head}, beendet / ended: {breach.outcome}{told}"
            continue
        authority = competent(own.land, own.public_body)
        left = f"noch / left {hours_left(breach, tx.now)} h"
        yield f"{head}, zu melden bis / notify by {_moment(house, breach.due_at)} ({left})"
        yield f"  {authority.name}, {authority.postal or authority.street}, {authority.email}, {authority.web}"


def _moment(house: House, moment: datetime) -> str:
    return f"{moment.astimezone(house.zone):%d.%m.%Y %H:%M}"
