"""`auskunft case review`: the draft as the person would get it, in memory, and the code that releases it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from cases.draft import Draft
from desk.console import fail
from desk.reading import NoMemoryFolder, in_memory
from desk.showing_knowledge import print_proposals, print_records
from desk.showing_people import print_people
from flows.approval import NotAReader, NothingToReview, read_draft
from outputs.errors import OutputError
from outputs.rendered import render_preview

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.store import Transaction


def review_draft(house: House, case: str, reader: str) -> None:
    """Shows the draft until Enter is pressed. The code is noted as given to this reader for this very draft."""
    try:
        with house.store.begin() as tx:
            reading = read_draft(house, tx, case, reader)
            _print_undecided(tx, case)
        draft = reading.draft
        with in_memory(dict(_files(draft))) as folder:
            print(f"{case}, Entwurf / draft {reading.number}: {draft.kind}", flush=True)
            print(f"  {folder}", flush=True)
            for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "owner"):
                print(f"    {path.relative_to(folder)}")
            for blocker in draft.blockers:
                print(f"  Freigabe noch nicht möglich / cannot be released yet: {blocker}")
            print(f"Freigabecode / release code: {reading.code}", flush=True)
            print("Enter löscht die Ansicht / removes the view …", flush=True)
            sys.stdin.readline()
    except (NotAReader, NothingToReview, NoMemoryFolder, OutputError) as error:
        fail(str(error))


def _print_undecided(tx: Transaction, case: str) -> None:
    """What somebody still has to say something of: identifiers that were learned, records, and other people in what
    goes out."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    print_proposals(console, tx, case)
    kept = tx.findings.all(tx.cases.row(case))
    print_records(console, case, kept)
    print_people(console, kept)


def _files(draft: Draft) -> Iterator[tuple[str, bytes]]:
    """Letter, copy and data as rendered, and the original files beside them."""
    yield from render_preview(draft).items()
    for item in draft.released:
        for file in item.files:
            with file.open() as stream:
                yield file.path, stream.read()
