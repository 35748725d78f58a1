"""The letters beside the answer: extension, refusal, questions, fee, cover. Extension and refusal say the very words of
the mails (`outputs/notices.py`); the others have texts of their own under `[letters]`."""

from __future__ import annotations

from cases.authorities import competent
from cases.draft import Notice
from outputs import letter_frame
from outputs.document import Block, Document, Paragraph
from outputs.letter_blocks import blocks
from outputs.letter_values import (
    Addressed,
    CannotIdentify,
    Clarification,
    Cover,
    Extension,
    Fee,
    IdentityQuestion,
    Refusal,
)
from outputs.names import printable
from outputs.notices import render
from outputs.texts import Texts, texts


def extension(letter: Extension) -> Document:
    to = letter.to
    fields = (("received", to.received_on.isoformat()), ("due", letter.due.isoformat()), ("reason", letter.reason))
    return _from_notice(to, Notice("extension", to.language, to.case, fields))


def refusal(letter: Refusal) -> Document:
    to = letter.to
    authority = competent(to.controller.land, to.controller.public_body).code
    fields = (("received", to.received_on.isoformat()), ("ground", letter.ground), ("authority", authority))
    return _from_notice(to, Notice("refusal", to.language, to.case, fields))


def cannot_identify(letter: CannotIdentify) -> Document:
    words = texts(letter.to.language)
    named = [words(f"identifiers.{kind}") for kind in letter.compared if words.known(f"identifiers.{kind}")]
    said = {"compared": ", ".join(dict.fromkeys(named)) or words("letters.some")}
    body = blocks(words, "letters.cannot_identify.text", {**_known(letter.to, words), **said})
    return _letter(letter.to, words, "letters.cannot_identify.subject", (*body, _complaint(letter.to, words)))


def identity(letter: IdentityQuestion) -> Document:
    words = texts(letter.to.language)
    body = blocks(words, "letters.identity.text", _known(letter.to, words))
    return _letter(letter.to, words, "letters.identity.subject", body)


def clarification(letter: Clarification) -> Document:
    words = texts(letter.to.language)
    said = {"entries": str(letter.entries), "reply_by": words.date(letter.reply_by)}
    known = {**_known(letter.to, words), **said}
    body = blocks(words, "letters.clarification.text", known, {"systems": letter.systems})
    due = Paragraph(words("letters.due", due=words.date(letter.due)))
    return _letter(letter.to, words, "letters.clarification.subject", (*body, due))


def fee(letter: Fee) -> Document:
    words = texts(letter.to.language)
    said = {
        "answered": words.date(letter.answered_on),
        "earlier": letter.earlier,
        "amount": words.euros(letter.amount),
        "reply_by": words.date(letter.reply_by),
    }
    costs = {"costs": [words(f"letters.costs.{code}") for code in letter.costs]}
    body = blocks(words, "letters.fee.text", {**_known(letter.to, words), **said}, costs)
    return _letter(letter.to, words, "letters.fee.subject", (*body, _complaint(letter.to, words)))


def cover(letter: Cover) -> Document:
    words = texts(letter.to.language)
    enclosed = {"enclosed": [words(f"letters.enclosed.{code}") for code in letter.enclosed]}
    body = blocks(words, "letters.cover.text", _known(letter.to, words), enclosed)
    sealed = (Paragraph(words("letters.cover.medium")),) if "medium" in letter.enclosed else ()
    return _letter(letter.to, words, "letters.cover.subject", (*body, *sealed))


def _from_notice(to: Addressed, notice: Notice) -> Document:
    """The paragraphs of a mail between its greeting and its regards."""
    words = texts(to.language)
    mail = render(notice, to.controller)
    inner = mail.text.strip().split("\n\n")[1:-1]
    body = tuple(Paragraph(" ".join(piece.split())) for piece in inner)
    return letter_frame.framed(to, words, mail.subject.removeprefix(f"[{to.case}] "), body)


def _letter(to: Addressed, words: Texts, subject: str, body: tuple[Block, ...]) -> Document:
    sender = to.controller
    phone = words("letters.phone", phone=sender.phone) if sender.phone else ""
    contact = Paragraph(words("letters.contact", email=sender.email, phone=phone, case=to.case))
    return letter_frame.framed(to, words, words(subject, received=words.date(to.received_on)), (*body, contact))


def _known(to: Addressed, words: Texts) -> dict[str, str]:
    sender = to.controller
    return {"received": words.date(to.received_on), "case": printable(to.case), "email": sender.email}


def _complaint(to: Addressed, words: Texts) -> Block:
    """Complaint with the competent authority and judicial remedy (Art. 12(4), 77, 79)."""
    one = competent(to.controller.land, to.controller.public_body)
    authority = ", ".join((one.name, one.postal or one.street, one.email))
    return Paragraph(words("letters.complaint", authority=authority))
