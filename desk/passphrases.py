"""The passphrase of a sealed answer: shown once, on the screen, as a letter or with what is printed; again only for a
reason that stays in the history."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cases.case import HAS_ANSWER, Event, UnlawfulMove
from desk.console import fail
from desk.letter import addressed
from desk.recording import listed
from flows import questions
from flows.dispatch import hand_over
from flows.readable import NotReadable
from infra.durable import create_private
from infra.keystore import KeyDestroyed
from outputs.document import Document
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.letter_values import LetterKind, PassphraseLetter
from outputs.letters import render_letter
from outputs.passphrase import Passphrase

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.answers import PackageRecord
    from infra.store.sealed import KeptPackage
    from infra.store.store import Transaction

SHOWN, LETTER, PRINTED = "passphrase_shown", "passphrase_letter", "printed"
NOT_NEEDED = "not_needed"
OWN_KEY = (
    "mit dem eigenen Schlüssel der Person verschlüsselt; ein Passwort gibt es nicht. Zurück in die Prüfung und dann:"
    " / sealed for the person's own key, there is no passphrase. Take it back to review, then:"
    " auskunft case seal CASE --passphrase"
)
LEAST = 5  # signs of a reason


def show_passphrase(house: House, case: str, reader: str, *, again: bool = False, why: str = "") -> None:
    name = listed(house, reader)
    with house.store.begin() as tx:
        package, kept = reveal(house, tx, case, (SHOWN, name), again=again, why=why)
    print(kept.passphrase)
    if package.link_state == "made":
        print(f"Kennwort des Links / password of the link: {kept.link_password}")


def write_passphrase_letter(
    house: House, case: str, reader: str, out: Path, *, again: bool = False, why: str = ""
) -> None:
    """The letter as .pdf or .docx, a new private file."""
    name = listed(house, reader)
    if out.suffix.lower() not in (".docx", ".pdf"):
        fail("--letter is a file that ends in .pdf or .docx")
    try:
        with house.store.begin() as tx:
            reveal(house, tx, case, (LETTER, name), again=again, why=why)
            letter = passphrase_letter(house, tx, case)
            create_private(out, docx_bytes(letter, tx.now) if out.suffix.lower() == ".docx" else pdf(letter, tx.now))
    except FileExistsError:
        fail(f"{out} is there already; give a new file")
    print(f"{out}: in einem eigenen Umschlag / in an envelope of its own; then --handed-over letter")


def passphrase_letter(house: House, tx: Transaction, case: str) -> Document:
    """Raises `LookupError` where there is no sealed answer."""
    package = tx.answers.package(tx.cases.row(case))
    if package is None or package.kept is None:
        raise LookupError(f"{case} has no sealed answer")
    to = addressed(house, tx, tx.cases.get(case))
    link = package.kept.link_password if package.link_state == "made" else ""
    values = PassphraseLetter(to, Passphrase(package.kept.passphrase), package.filename, link)
    return render_letter(LetterKind.PASSPHRASE, values)


def reveal(
    house: House, tx: Transaction, case: str, step: tuple[str, str], *, again: bool, why: str
) -> tuple[PackageRecord, KeptPackage]:
    """Notes `step` (what, by whom) and gives the newest package; ends the command where its passphrase was seen before
    and nobody says why it is needed again."""
    try:
        package = tx.answers.package(tx.cases.row(case))
    except KeyDestroyed:
        package = None
    status = tx.cases.get(case).status
    if package is None or package.kept is None or status not in HAS_ANSWER:
        fail(f"{case} is {status}: there is no sealed answer that may leave")
    if not package.kept.passphrase:
        fail(f"{case}: {OWN_KEY}")
    before = _revealed(tx.cases.history(case))
    if before is not None and not (again and len(why.strip()) >= LEAST):
        at = _local(house, before.at)
        fail(f"{case}: schon gezeigt am / shown already on {at}, {before.who}; noch einmal / again: --again --why …")
    tx.cases.note(case, *step, why)
    return package, package.kept


def _revealed(events: tuple[Event, ...]) -> Event | None:
    """The last step by which somebody saw the passphrase of the newest package."""
    found = None
    for event in events:
        kind = event.what.partition(":")[0]
        found = None if kind == "sealed" else event if kind in (SHOWN, LETTER, PRINTED) else found
    return found


def _local(house: House, at: datetime) -> str:
    return f"{at.astimezone(house.zone):%d.%m.%Y %H:%M}"


def record_hand_over(house: House, case: str, reader: str, channel: str) -> None:
    """`not_needed`: the whole answer went on paper, and no sealed file with it."""
    name = listed(house, reader)
    if channel not in (*questions.CHANNELS, NOT_NEEDED):
        fail(f"--handed-over {channel!r} is not known; allowed: {', '.join((*questions.CHANNELS, NOT_NEEDED))}")
    try:
        with house.store.begin() as tx:
            if channel == NOT_NEEDED and not _on_paper_alone(tx, case):
                fail(f"{case} was not printed with --paper-only: the person needs the passphrase")
            hand_over(tx, case, name, channel)
    except (UnlawfulMove, LookupError, NotReadable) as error:
        fail(str(error))
    print(f"{case}: the passphrase was handed over, the case is answered")


def _on_paper_alone(tx: Transaction, case: str) -> bool:
    package = tx.answers.package(tx.cases.row(case))
    last = _revealed(tx.cases.history(case))
    return package is not None and last is not None and last.what == paper_step(package.version)


def paper_step(version: int) -> str:
    return f"{PRINTED}:{version}:paper"
