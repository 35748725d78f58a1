"""`auskunft case extend|breach|breach-end|seen`: commands about the clock of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cases import By, Case, Config, cases
from desk.console import fail, go_on, house_of, known_case

__all__ = ["cases"]

Facts = Annotated[str, typer.Option("--facts", help="what happened, in at least 20 characters; stays in the house")]


@cases.command()
def extend(
    case: Case,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="volume, retrieval, redaction, explanation or peak")],
    facts: Facts,
    sent_on: Annotated[str, typer.Option("--sent-on", help="it went by letter on this day: 2026-11-20")] = "",
    config: Config = None,
) -> None:
    """Extends the period by two months: the person is told the reason. It counts only if that goes out in time."""
    from desk.clocking import extend_case

    with house_of(config) as house:
        extend_case(house, known_case(house, case), reason, by, facts, sent_on)
        go_on(house)


@cases.command()
def breach(
    case: Case,
    by: By,
    facts: Facts,
    known: Annotated[str, typer.Option("--known", help="when you became aware, local time; else now")] = "",
    config: Config = None,
) -> None:
    """An answer reached, or may have reached, somebody else: opens a task with 72 hours (Art. 33 GDPR)."""
    from desk.clocking import report_breach

    with house_of(config) as house:
        report_breach(house, known_case(house, case), by, facts, known)
        go_on(house)


@cases.command("breach-end")
def breach_end(
    case: Case,
    number: Annotated[int, typer.Argument(help="as `auskunft case show` numbers it")],
    by: By,
    notified: Annotated[str, typer.Option("--notified", help="when the authority was told, local time")] = "",
    not_notifiable: Annotated[bool, typer.Option("--not-notifiable", help="no risk: give --reason")] = False,
    reason: Annotated[str, typer.Option("--reason", help="why it is not notifiable, or why late")] = "",
    config: Config = None,
) -> None:
    """Ends a breach task: the authority was told, or there is a reason why not."""
    from desk.clocking import close_breach

    if bool(notified) == not_notifiable:
        fail("give --notified TIME, or --not-notifiable with --reason")
    with house_of(config) as house:
        close_breach(house, known_case(house, case), number, by, notified, reason)
        go_on(house)


@cases.command()
def seen(
    case: Annotated[str, typer.Argument(help="a case number, or a part as the alarm names it: mailbox, post …")],
    by: By,
    note: Annotated[str, typer.Option("--note", help="what is done about it")] = "",
    config: Path | None = None,
) -> None:
    """The alarms of a case or part are seen: they come again only at their next stage."""
    from desk.recording import listed
    from flows.alarm_forms import seen as note_seen

    with house_of(config) as house:
        with house.store.begin() as tx:
            count = note_seen(house, tx, case, listed(house, by), note)
        print(f"{case}: {count} alarms seen")
        go_on(house)
