"""What the `case` commands do to the clock of a case: extending it, and what follows a breach."""

from __future__ import annotations

from datetime import date

from cases.breach import Outcome
from cases.clock import Extended
from desk.console import fail, plain
from desk.recording import listed
from flows.approval import releaser
from flows.breach import NoBreach, authority_of, end_breach, local_moment, open_breach
from flows.extension import REASONS, CannotExtend, extend, letter, told_by_letter
from flows.house import House
from infra.store.breaches import NoSuchBreach


def extend_case(house: House, case: str, reason: str, by: str, facts: str, sent_on: str) -> None:
    """Queues the notice of an extension, or records that it went by letter."""
    name = releaser(house, by)
    if not name:
        fail(f"{plain(by)!r} may not extend: only those who release may, as listed under [[people]] in auskunft.toml")
    if reason not in REASONS:
        fail(f"--reason {plain(reason)!r} is none of the law; allowed: {', '.join(REASONS)}")
    try:
        with house.store.begin() as tx:
            if sent_on:
                became = told_by_letter(house, tx, case, reason, name, facts, date.fromisoformat(sent_on))
                said = _became(became, tx.cases.get(case).due)
            else:
                due = extend(house, tx, case, reason, name, facts)
                said = f"the notice is in the outbox; extended to {due:%d.%m.%Y} once it has gone out in time"
    except (CannotExtend, ValueError) as error:
        if isinstance(error, CannotExtend) and error.code == "extension_no_address":
            with house.store.begin() as tx:
                print(plain(letter(house, tx, case, reason)), end="\n\n")
        fail(f"{case}: {error}")
    print(f"{case}: {said}")


def report_breach(house: House, case: str, by: str, facts: str, known: str) -> None:
    """Opens a breach task and says by when whom to tell."""
    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            known_at = local_moment(house, known) if known else tx.now
            breach = open_breach(house, tx, case, name, facts, known_at)
    except (NoBreach, ValueError) as error:
        fail(f"{case}: {error}")
    authority, due = authority_of(house), breach.due_at.astimezone(house.zone)
    print(f"{case}: breach {breach.number}; notify by {due:%d.%m.%Y %H:%M} unless there is no risk (Art. 33 GDPR)")
    print(f"{authority.name}, {authority.postal or authority.street}, {authority.email}, {authority.web}")
    print(f"auskunft case breach-end {case} {breach.number} --notified TIME | --not-notifiable --reason … --by NAME")


def close_breach(house: House, case: str, number: int, by: str, notified: str, reason: str) -> None:
    """Records that the authority was told, or why it was not."""
    name = listed(house, by)
    outcome = Outcome.NOTIFIED if notified else Outcome.NOT_NOTIFIABLE
    try:
        at = local_moment(house, notified) if notified else None
        with house.store.begin() as tx:
            ended = end_breach(tx, case, number, outcome, name, reason, at)
    except (NoBreach, NoSuchBreach, ValueError) as error:
        fail(f"{case}: {error}")
    late = ended.notified_at is not None and ended.notified_at > ended.due_at
    delay = "; give the reasons for the delay, Art. 33(1) GDPR" if late else ""
    print(f"{case}: breach {number} has ended: {outcome}{delay}")


def _became(became: Extended, due: date) -> str:
    if became is Extended.IN_FORCE:
        return f"extended to {due:%d.%m.%Y}"
    return f"the letter went out too late, nothing is extended; due {due:%d.%m.%Y}"
