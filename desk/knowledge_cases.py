"""`auskunft case accept|decline`: what was learned of the person, and whether it may be searched for."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cases import Case, Config
from desk.clock_cases import cases
from desk.console import fail, go_on, house_of, known_case

__all__ = ["cases"]

Numbers = Annotated[list[int] | None, typer.Argument(help="numbers of proposals as `auskunft case show` lists them")]
Name = Annotated[str, typer.Option("--as", help="your name, as under [[people]]")]
All = Annotated[bool, typer.Option("--all", help="everything that nobody has decided and that is nobody else's, too")]


@cases.command()
def accept(
    case: Case,
    name: Name,
    numbers: Numbers = None,
    every: All = False,
    proven: Annotated[
        str,
        typer.Option("--proven", help="how the person has shown that these are theirs: matches then count as certain"),
    ] = "",
    config: Config = None,
) -> None:
    """These are the person's, too: every source is asked again by them. What they lead to is decided by finding."""
    from desk.recording import listed
    from flows.knowledge import CannotDecide, Yes
    from flows.knowledge import accept as take

    _chosen(numbers, every=every)
    if proven and len(proven.strip()) < 10:
        fail("--proven says how it was shown, in at least 10 characters")
    with house_of(config) as house:
        try:
            yes = Yes(listed(house, name), tuple(numbers or ()), proven.strip())
            count = take(house, known_case(house, case), yes)
        except CannotDecide as error:
            fail(str(error))
        print(f"{case}: {count} accepted; every source is asked again")
        go_on(house)


@cases.command()
def decline(
    case: Case,
    name: Name,
    numbers: Numbers = None,
    every: All = False,
    reason: Annotated[str, typer.Option("--reason", help="why they are not to be searched for")] = "",
    config: Config = None,
) -> None:
    """These are not searched for: somebody else's, or of no use."""
    from desk.recording import listed
    from flows.knowledge import CannotDecide
    from flows.knowledge import decline as leave

    _chosen(numbers, every=every)
    with house_of(config) as house:
        try:
            count = leave(house, known_case(house, case), numbers or (), listed(house, name), reason)
        except CannotDecide as error:
            fail(str(error))
        print(f"{case}: {count} declined")
        go_on(house)


def _chosen(numbers: list[int] | None, *, every: bool) -> None:
    if bool(numbers) == every:
        fail("give the numbers of proposals, or --all")
