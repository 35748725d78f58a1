"""What a person adds to a case: a file found in a system that is asked by hand, or that could not be searched whole."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cases.case import Status
from cases.finding import Blob, DataField, Finding, Strength
from cases.register import Coverage
from flows.appearing import onlooker
from flows.house import House
from flows.storing import into_vault

ADDABLE = frozenset({Status.COLLECTING, Status.REVIEW})


class CannotAdd(Exception):
    """Why something cannot be added to a case; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """A named person's answer for one system: files found there, or none. `whole`: they looked through all of it, which
    for a connected system a file alone does not say."""

    system: str
    by: str = field(repr=False)
    note: str = field(default="", repr=False)
    files: tuple[Path, ...] = field(default=(), repr=False)
    whole: bool = False


def add(house: House, case: str, answer: ByHand) -> int:
    """Takes a person's answer for a system into the case; returns how many files it brought. Whoever adds a file says
    that it is the person's, and not who else is in it: nobody reads a scan here, so that is still to be decided. The
    note says where and how they looked; it stays in the house."""
    _check(house, case, answer)
    for path in answer.files:
        _add_file(house, case, answer, path)
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        if answer.whole or not _is_connected(house, answer.system):
            tx.findings.answer_by_hand(row, answer.system, answer.by, answer.note, len(answer.files))
        tx.cases.note(case, f"by_hand:{answer.system}", answer.by, answer.note)
        tx.questions.settle(case, "by_hand", answer.system)
    return len(answer.files)


def _is_connected(house: House, system: str) -> bool:
    return any(item.key == system and item.coverage is Coverage.SOURCE for item in house.register.systems)


def _check(house: House, case: str, answer: ByHand) -> None:
    keys = [system.key for system in house.register.systems if system.coverage is not Coverage.EXCLUDED]
    if answer.system not in keys:
        raise CannotAdd(f"{answer.system!r} is no system of the register that is asked; allowed: {', '.join(keys)}")
    if not answer.by.strip():
        raise CannotAdd("say who answers for the system: --by NAME")
    if missing := [path for path in answer.files if not path.is_file()]:
        raise CannotAdd(f"{len(missing)} of the files cannot be read; give paths of files, not of folders")
    with house.store.begin() as tx:
        status = tx.cases.get(case).status
    if status not in ADDABLE:
        raise CannotAdd(f"{case} is {status}; files can be added while it is collecting or in review")


def _add_file(house: House, case: str, answer: ByHand, path: Path) -> None:
    with house.store.begin() as tx:
        key_id, now, subject = tx.cases.row(case).material_key, tx.now, tx.cases.person(case).subject(case)
    finding = onlooker(house, [subject]).look(_finding(case, answer, path, now))
    files = tuple(into_vault(house, case, key_id, blob) for blob in finding.blobs)
    with house.store.begin() as tx:
        old = tx.findings.keep(tx.cases.row(case), finding, files, "by-hand")
    for file in old:
        house.vault.delete(file.blob)


def _finding(case: str, answer: ByHand, path: Path, now: datetime) -> Finding:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Finding(
        source=answer.system,
        kind="by-hand",
        subject=case,
        locator=f"by-hand/{_fingerprint(path)}/{path.name}",
        strength=Strength.CERTAIN,
        matched=(),
        fields=(DataField("file", path.name),),
        blobs=(Blob(path.name, media_type, path.stat().st_size, _opener(path)),),
        at=now,
        shared=True,
    )


def _fingerprint(path: Path) -> str:
    """Two scans of one name from two folders are two findings; the same one added twice is one."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:16]


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")
