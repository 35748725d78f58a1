"""`auskunft case letters`: the mails and scans of a case as they came, in memory, until Enter is pressed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from desk.console import fail, plain
from desk.reading import NoMemoryFolder, in_memory
from infra.keystore import KeyDestroyed

if TYPE_CHECKING:
    from flows.house import House


def show_letters(house: House, case: str, reader: str) -> None:
    """Puts them into a private folder in memory; that somebody looked is in the history."""
    try:
        files = dict(_files(house, case))
        with house.store.begin() as tx:
            tx.cases.note(case, "letters_read", reader)
        with in_memory({path: content for path, (_, content) in files.items()}) as folder:
            print(folder, flush=True)
            for path, (name, _) in files.items():
                print(plain(f"  {path}  {name}"))
            print("Enter löscht die Ansicht / removes the view …", flush=True)
            sys.stdin.readline()
    except KeyDestroyed:
        fail(f"{case}: the content has been destroyed")
    except NoMemoryFolder as error:
        fail(str(error))


def _files(house: House, case: str) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """Under neutral names: a stranger chose the real ones."""
    with house.store.begin() as tx:
        letters, documents = tx.messages.of_case(case), tx.documents.of_case(tx.cases.row(case))
    for number, letter in enumerate(letters, start=1):
        with house.vault.open(letter.blob) as stream:
            yield f"mail-{number:02}.eml", (f"{letter.arrived_at.astimezone(house.zone):%d.%m.%Y %H:%M}", stream.read())
    for document in documents:
        if document.file is not None:
            with house.vault.open(document.file.blob) as stream:
                ending = _ending(document.file.name)
                yield f"document-{document.number:02}{ending}", (document.file.name, stream.read())


def _ending(name: str) -> str:
    ending = PurePosixPath(name).suffix.lower()[:6]
    return ending if ending.isascii() and ending[1:].isalnum() else ""
