"""`auskunft case redact`: a finding that goes out without the places that concern somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cases import By, Case, Config
from desk.console import fail, go_on, house_of, known_case, plain
from desk.identity_cases import cases

if TYPE_CHECKING:
    from cases.finding import Span
    from flows.house import House
    from flows.redaction import Places, Redacted

__all__ = ["cases"]

_SPAN = re.compile(r"(\d{1,6}):(\d{1,9})-(\d{1,9})")
_MOST_SHOWN = 20  # fields that are told one by one
Spans = Annotated[
    list[str] | None,
    typer.Option("--span", help="FIELD:START-END, counted from 0, END not included; `case show --finding` counts"),
]
Others = Annotated[list[int] | None, typer.Option("--other", help="all places of this other person: a number")]


@cases.command()
def redact(
    case: Case,
    finding: Annotated[int, typer.Argument(help="a number as `auskunft case show` lists them")],
    by: By,
    ground: Annotated[str, typer.Option("--ground", help="art-15-4 (others' rights) … of the closed list")],
    span: Spans = None,
    other: Others = None,
    all_others: Annotated[bool, typer.Option("--all-others", help="every other person recognised in it")] = False,
    with_files: Annotated[
        bool, typer.Option("--with-files", help="somebody looked at its files: they go out as they are")
    ] = False,
    seen: Annotated[
        str,
        typer.Option("--seen", help="the code of what you looked at, from `case show --finding`; not for --all-others"),
    ] = "",
    reason: Annotated[str, typer.Option("--reason", help="the facts; they stay in the house")] = "",
    config: Config = None,
) -> None:
    """This finding goes out without these places; a mark stands there, and the answer says why. Its files are withheld:
    a text can be redacted here, a file cannot."""
    from cases.draft import Ground
    from flows.redaction import Places

    if ground not in set(Ground):
        fail(f"--ground {ground!r} is not known; allowed: {', '.join(Ground)}")
    spans = tuple(map(_span, span or ()))
    places = Places(Ground(ground), spans, tuple(other or ()), all_others, reason, with_files, seen)
    with house_of(config) as house:
        _redact(house, known_case(house, case), finding, by, places)
        go_on(house)


def _span(text: str) -> Span:
    from cases.finding import Span

    found = _SPAN.fullmatch(text.strip())
    if found is None:
        fail(f"--span {plain(text)!r} is no place; write FIELD:START-END, such as 2:10-24")
    field, start, end = map(int, found.groups())
    return Span(field, start, end)


def _redact(house: House, case: str, finding: int, by: str, places: Places) -> None:
    from cases.case import Status
    from desk.recording import listed
    from flows.redaction import redact as take
    from infra.store.findings import NoSuchFinding

    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            status = tx.cases.get(case).status
            if status not in (Status.REVIEW, Status.COLLECTING):
                fail(f"{case} is {status}; findings are decided while it is collecting or in review")
            done = take(tx, case, finding, name, places)
            tx.cases.note(case, "redact:1", name, str(finding))
    except (NoSuchFinding, ValueError, LookupError) as error:
        fail(f"{case}, finding {finding}: {error}; see `auskunft case show {case} --finding {finding}`")
    _report(case, finding, done)


def _report(case: str, finding: int, done: Redacted) -> None:
    """What is gone, so that a slip is seen, and what a person should still look at."""
    print(f"{case}: finding {finding}: {done.places} Stellen geschwärzt / places redacted:")
    for text in done.gone:
        print(plain(f"  {text!r}"))
    if done.left:
        fields = ", ".join(map(str, done.left))
        print(f"Achtung, steht noch in Feld / beware, still stands in field: {fields}")
    if done.parts:
        print("Achtung, Teile eines Namens stehen noch in / beware, parts of a name still stand in:")
        for field, words in done.parts[:_MOST_SHOWN]:
            print(plain(f"  Feld / field {field}: {', '.join(words)}"))
        if len(done.parts) > _MOST_SHOWN:
            print(f"  … und {len(done.parts) - _MOST_SHOWN} weiteren Feldern / more fields")
    if done.named:
        fields = ", ".join(map(str, done.named))
        print(f"Achtung, steht noch im Namen von Feld / beware, still stands in the name of field: {fields}")
    if done.explained:
        print("Achtung, steht noch in der Begründung des Fundes / beware, still stands in why it was found")
    if done.unplaced:
        print(f"Achtung, {done.unplaced} ohne Stelle im Text / beware, people without a place in the text")
    if done.held_files:
        print(f"{done.held_files} Dateien zurückgehalten / files withheld; --with-files releases them as they are")
