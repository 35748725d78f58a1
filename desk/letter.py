"""`auskunft letter`: a letter of a case on paper, for people who have no e-mail address or asked for post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cases.case import Case
from desk.console import fail
from flows.asking import CannotAsk, announce_fee, ask_clarification, clarified, first_answer, reply_by
from flows.clocks import if_extended, is_extended
from flows.refusal import last_shown, told_facts
from flows.refusal_facts import CannotRefuse
from infra.durable import create_private
from infra.keystore import KeyDestroyed
from infra.store.cases import NoSuchCase
from outputs.errors import OutputError
from outputs.letter_docx import docx_bytes
from outputs.letter_pdf import pdf
from outputs.letter_values import (
    Addressed,
    CannotIdentify,
    Clarification,
    Cover,
    Extension,
    Fee,
    IdentityQuestion,
    Letter,
    LetterKind,
    Refusal,
)
from outputs.letters import render_letter

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a letter; each kind uses its own."""

    kind: LetterKind
    by: str = field(repr=False)
    reason: str = ""
    ground: str = ""
    earlier: str = ""
    cents: int = 0
    codes: tuple[str, ...] = ()
    large: bool = False


Maker = Callable[["House", "Transaction", Case, Addressed, Wanted], Letter]


def write_letter(house: House, case: str, wanted: Wanted, out: Path) -> None:
    """Writes the letter as .docx or .pdf and notes in the history that it was made: the person who sends it records
    that by the command of the step itself."""
    make = _MAKERS.get(wanted.kind)
    if make is None:
        fail("an answer leaves as a whole: `auskunft case review`, then its release; allowed: " + ", ".join(_MAKERS))
    if out.suffix.lower() not in (".docx", ".pdf"):
        fail("--out is a file that ends in .docx or .pdf")
    try:
        with house.store.begin() as tx:
            value = tx.cases.get(case)
            letter = render_letter(wanted.kind, make(house, tx, value, addressed(house, tx, value), wanted))
            at = tx.now
            content = docx_bytes(letter, at) if out.suffix.lower() == ".docx" else pdf(letter, at, large=wanted.large)
            create_private(out, content)
            tx.cases.note(case, f"letter:{wanted.kind}", wanted.by, wanted.reason or wanted.ground or wanted.earlier)
    except (OutputError, CannotAsk, CannotRefuse, NoSuchCase, FileExistsError) as error:
        fail(str(error))
    except KeyDestroyed:
        fail(f"{case}: the content has been destroyed")


def send_letter(house: House, case: str, wanted: Wanted) -> None:
    """Sends a question as a mail instead: to the address on file, with the words of the letter."""
    try:
        with house.store.begin() as tx:
            if wanted.kind is LetterKind.CLARIFICATION:
                reply = ask_clarification(house, tx, case, wanted.by)
            elif wanted.kind is LetterKind.FEE:
                told = (wanted.earlier, wanted.cents, wanted.codes)
                reply = announce_fee(house, tx, case, *told, wanted.by)
            else:
                fail("only clarification and fee are sent from here; extension and refusal: `auskunft case …`")
    except (OutputError, CannotAsk, NoSuchCase) as error:
        fail(str(error))
    except KeyDestroyed:
        fail(f"{case}: the content has been destroyed")
    print(f"{case}: geht hinaus, Antwort bis / goes out, reply by {reply:%d.%m.%Y}")


def record_clarified(house: House, case: str, by: str) -> None:
    try:
        with house.store.begin() as tx:
            clarified(house, tx, case, by)
    except CannotAsk as error:
        fail(str(error))


def addressed(house: House, tx: Transaction, case: Case) -> Addressed:
    """To the person or whoever receives for them."""
    person = tx.cases.person(case.number)
    days = house.today(case.received_at), house.today(tx.now)
    return Addressed(case.number, case.language, house.controller, person.name, *days, person.postal, person.recipient)


def _extension(house: House, tx: Transaction, case: Case, to: Addressed, wanted: Wanted) -> Letter:
    due = case.due if is_extended(case) else if_extended(house, tx, case).deadline.due
    return Extension(to, due, wanted.reason)


def _refusal(house: House, tx: Transaction, case: Case, to: Addressed, wanted: Wanted) -> Letter:
    """The words that `auskunft case refuse` has shown to somebody."""
    reasons = last_shown(tx, case.number, wanted.ground)
    return Refusal(to, wanted.ground, told_facts(house, tx, case, reasons), reasons.sentence)


def _cannot_identify(_house: House, tx: Transaction, case: Case, to: Addressed, _wanted: Wanted) -> Letter:
    kinds = (item.kind.value for item in tx.cases.person(case.number).claims)
    return CannotIdentify(to, tuple(dict.fromkeys(kinds)))


def _identity(_house: House, _tx: Transaction, _case: Case, to: Addressed, _wanted: Wanted) -> Letter:
    return IdentityQuestion(to)


def _clarification(house: House, tx: Transaction, case: Case, to: Addressed, _wanted: Wanted) -> Letter:
    """With the number of entries found so far and the systems they lie in: what is held is offered (TIM-10)."""
    found = tx.findings.all(tx.cases.row(case.number))
    sources = {finding.source for finding in found}
    systems = [item for item in house.register.systems if item.source in sources or item.key in sources]
    names = tuple(item.name.in_(case.language) for item in systems)
    return Clarification(to, len(found), names, reply_by(to.written_on, case.due), case.due)


def _fee(house: House, tx: Transaction, case: Case, to: Addressed, wanted: Wanted) -> Letter:
    """Only where a fee may be asked at all (ANS-18)."""
    answered = first_answer(house, tx, case, wanted.earlier)
    return Fee(to, wanted.earlier, answered, wanted.cents, wanted.codes, reply_by(to.written_on, case.due))


def _cover(_house: House, _tx: Transaction, _case: Case, to: Addressed, wanted: Wanted) -> Letter:
    if not to.postal_address:
        fail("no postal address is on file for this case; a cover goes by post")
    return Cover(to, wanted.codes or ("letter", "copy"))


_MAKERS: dict[LetterKind, Maker] = {
    LetterKind.EXTENSION: _extension,
    LetterKind.REFUSAL: _refusal,
    LetterKind.CANNOT_IDENTIFY: _cannot_identify,
    LetterKind.IDENTITY: _identity,
    LetterKind.CLARIFICATION: _clarification,
    LetterKind.FEE: _fee,
    LetterKind.COVER: _cover,
}
