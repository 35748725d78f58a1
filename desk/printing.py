"""`auskunft case print`: an answer for the post, in a new private folder: what goes into the first envelope, the letter
with the passphrase for a second one, and the sealed file for a data carrier."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cases.case import HAS_ANSWER
from desk.console import fail, plain
from desk.letter import addressed
from desk.passphrases import PRINTED, paper_step, passphrase_letter, reveal
from desk.recording import listed
from desk.unfinished import MARK, announced, clear, empty
from flows.draft import FOLDER
from infra.durable import create_private
from infra.keystore import KeyDestroyed
from infra.vault import VaultError
from outputs.copy_paper import unprintable
from outputs.errors import OutputError
from outputs.letter_pdf import pdf
from outputs.letter_values import Cover, LetterKind
from outputs.letters import render_letter
from outputs.open import OpenedReport, open_package
from outputs.passphrase import Passphrase
from outputs.texts import texts

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.answers import PackageRecord
    from infra.store.sealed import KeptPackage

FIRST, SECOND, CARRIER, FILES = "umschlag-1", "umschlag-2-passwort", "datentraeger", "unterlagen"
_OPENED = ".geoeffnet"
_A_PART = (
    "Auf Papier stünde nur ein Teil, oder das Schreiben nennt Dateien, die fehlen würden (es wurde nicht für die Post"
    " freigegeben) / paper would hold a part only, or the letter names files that would be missing (it was not released"
    " for the post)"
)
_WITH_CARRIER = (
    "Mit Datenträger drucken / print with the data carrier: auskunft case print … --again --why …, ohne / without"
    " --paper-only"
)


@dataclass(frozen=True, slots=True)
class Printing:
    """What was asked for. `paper_only`: no data carrier and no passphrase, where everything can be printed."""

    by: str = field(repr=False)
    out: Path
    paper_only: bool = False
    again: bool = False
    why: str = field(default="", repr=False)


def print_answer(house: House, case: str, wanted: Printing) -> None:
    """Whatever goes wrong, nothing of the answer stays in the folder; that it was printed is in the history first."""
    name, vault = listed(house, wanted.by), house.settings.store.vault
    for line in clear(vault).lines:
        print(plain(line), file=sys.stderr)
    try:
        with announced(vault, wanted.out) as mark, _folder(wanted.out, mark) as out:
            package, kept = _noted(house, case, name, wanted)
            report = _unpacked(house, package, kept, out)
            if wanted.paper_only:
                _paper_is_enough(house, case, name, package, report)
            _letters(house, case, out, unprintable(_originals(report)), paper_only=wanted.paper_only)
    except (OutputError, VaultError) as error:
        fail(str(error))
    except KeyDestroyed:
        fail(f"{case}: the content has been destroyed")
    for path in sorted(path for path in wanted.out.rglob("*") if path.is_file()):
        print(f"  {path}")
    print("Nach dem Druck löschen / delete it after printing; then: auskunft case delivered --yes")


@contextmanager
def _folder(out: Path, mark: str) -> Iterator[Path]:
    """A new folder for this user alone, which goes again on any error, and bears `mark` until it is whole."""
    try:
        out.mkdir(mode=0o700)
    except (FileExistsError, FileNotFoundError):
        fail(f"{out}: --out is a new folder in one that exists")
    create_private(out / MARK, mark.encode())
    done = False
    try:
        for name in (FIRST, SECOND, CARRIER):
            (out / name).mkdir(mode=0o700)
        yield out
        shutil.rmtree(out / _OPENED)
        (out / MARK).unlink()
        done = True
    finally:
        if not done:
            with suppress(OSError):  # what stays bears its mark: the next one finds it
                empty(out)


def _noted(house: House, case: str, name: str, wanted: Printing) -> tuple[PackageRecord, KeptPackage]:
    with house.store.begin() as tx:
        status = tx.cases.get(case).status
        if status not in HAS_ANSWER:
            fail(f"{case} is {status}: there is no sealed answer to print")
        if not tx.cases.person(case).postal:
            fail(f"{case}: Es ist keine Postanschrift bekannt / no postal address is on file")
        package = tx.answers.package(tx.cases.row(case))
        version = package.version if package else 0
        return reveal(house, tx, case, (f"{PRINTED}:{version}", name), again=wanted.again, why=wanted.why)


def _paper_is_enough(house: House, case: str, name: str, package: PackageRecord, report: OpenedReport) -> None:
    """Ends the command where paper alone would be a part of the answer that calls itself the whole; else it is noted
    that nobody needs the passphrase."""
    if lost := unprintable(_originals(report)):
        fail(f"{case}: {len(lost)} Dateien lassen sich nicht drucken / files cannot be printed. {_WITH_CARRIER}")
    if not report.paper_is_enough:
        fail(f"{case}: {_A_PART}. {_WITH_CARRIER}")
    with house.store.begin() as tx:
        tx.cases.note(case, paper_step(package.version), name)


def _originals(report: OpenedReport) -> tuple[str, ...]:
    return tuple(path for path in report.paths if path.startswith(f"{FOLDER[report.language]}/"))


def _unpacked(house: House, package: PackageRecord, kept: KeptPackage, out: Path) -> OpenedReport:
    """Puts the sealed file and what is printable into their places."""
    sealed, opened = out / CARRIER / package.filename, out / _OPENED
    handle = os.open(sealed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as sink, house.vault.open(kept.blob) as stream:
        shutil.copyfileobj(stream, sink)
    report = open_package(sealed, Passphrase(kept.passphrase), opened)
    originals = _originals(report)
    for path in report.paths:
        if path.lower().endswith(".pdf") and (path in originals or "/" not in path):
            target = out / FIRST / FILES / Path(path).name if path in originals else out / FIRST / path
            target.parent.mkdir(mode=0o700, exist_ok=True)
            (opened / path).rename(target)
    return report


def _letters(house: House, case: str, out: Path, unprinted: tuple[str, ...], *, paper_only: bool) -> None:
    """The cover says what is in the envelope; the passphrase letter is for another one."""
    with house.store.begin() as tx:
        value = tx.cases.get(case)
        words = texts(value.language)
        copies = [path for path in (out / FIRST).glob("*.pdf") if path.name != words("file.pdf")]
        there = ("copy", bool(copies)), ("files", (out / FIRST / FILES).exists()), ("medium", not paper_only)
        enclosed = ("letter", *(code for code, held in there if held))
        cover = Cover(addressed(house, tx, value), enclosed, unprinted)
        create_private(out / FIRST / "00-Deckblatt.pdf", pdf(render_letter(LetterKind.COVER, cover), tx.now))
        if not paper_only:
            create_private(out / SECOND / "Passwort.pdf", pdf(passphrase_letter(house, tx, case), tx.now))
            return
    for folder in (SECOND, CARRIER):
        shutil.rmtree(out / folder)
