"""`auskunft case challenge`: a one-time code to what is on file, on somebody's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cases import Case, Config
from desk.console import fail, go_on, house_of, known_case, plain
from desk.knowledge_cases import cases

if TYPE_CHECKING:
    from cases.source import Contact

__all__ = ["cases"]

TO = {"post": "address", "phone": "phone"}  # what is on file for which way
SAY = {
    "post": "Bitte per Brief nur an diese hinterlegte Anschrift / by letter, to this address on file only:",
    "phone": "Bitte nur unter dieser hinterlegten Nummer anrufen und vorlesen / call this number on file only:",
}


@cases.command()
def challenge(
    case: Case,
    name: Annotated[str, typer.Option("--as", help="your name, as under [[people]]")],
    way: Annotated[str, typer.Option("--by", help="mail, post or phone: always to what is on file")],
    record: Annotated[int, typer.Option("--record", help="number from `case show`")] = 1,
    config: Config = None,
) -> None:
    """Sends a one-time code to the address on file, or shows it once for a letter or a call."""
    from cases.challenge import Way
    from desk.recording import listed
    from flows.identify import CannotVerify
    from flows.identify import challenge as send
    from flows.summaries import NOTES

    if way not in set(Way):
        fail(f"--by {plain(way)!r} is not known; allowed: {', '.join(Way)}")
    with house_of(config) as house:
        number = known_case(house, case)
        try:
            with house.store.begin() as tx:
                code, contact = send(house, tx, number, record, Way(way), listed(house, name))
        except CannotVerify as refused:
            fail(f"{number}: {NOTES.get(refused.code, refused.code)}")
        print(_said(number, way, code, contact))
        go_on(house)


def _said(case: str, way: str, code: str, contact: Contact) -> str:
    if way not in TO:
        return (
            f"{case}: Der Code ist unterwegs an die hinterlegte Adresse / the code is on its way to the address on file"
        )
    places = [item.value for item in contact.identifiers if item.kind == TO[way]]
    return "\n".join([f"{case}: {code}", SAY[way], *(f"  {plain(place)}" for place in places)])
