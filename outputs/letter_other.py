"""The letters beside the answer: extension, refusal, questions, fee, cover. Extension and refusal say the very words of
the mails (`outputs/notices.py`); the others have texts of their own under `[letters]`."""

from __future__ import annotations

from cases.authorities import competent
from cases.draft import Notice
from outputs import letter_frame
from outputs.document import Block, Bullets, Document, Heading, Paragraph, Table
from outputs.letter_blocks import blocks
from outputs.letter_values import (
    Addressed,
    CannotIdentify,
    Clarification,
    Cover,
    Extension,
    Fee,
    IdentityQuestion,
    PassphraseLetter,
    Refusal,
)
from outputs.names import printable
from outputs.notices import render
from outputs.passphrase import spelled
from outputs.texts import Texts, texts

MOST_NAMED = 30  # files that a cover lists
GROUP = 3  # words of a passphrase in one line


def extension(letter: Extension) -> Document:
    to = letter.to
    fields = (("received", to.received_on.isoformat()), ("due", letter.due.isoformat()), ("reason", letter.reason))
    return _from_notice(to, Notice("extension", to.language, to.case, fields))


def refusal(letter: Refusal) -> Document:
    to = letter.to
    authority = competent(to.controller.land, to.controller.public_body).code
    fields = (
        ("received", to.received_on.isoformat()),
        ("ground", letter.ground),
        ("authority", authority),
        *(("fact", one) for one in letter.facts),
        *((("sentence", letter.sentence),) if letter.sentence else ()),
    )
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
    return _letter(letter.to, words, "letters.cover.subject", (*body, *_unprinted(letter, words), *sealed))


def _unprinted(letter: Cover, words: Texts) -> tuple[Block, ...]:
    """By their neutral names, at most so many: what they are stands in the copy."""
    if not letter.unprinted:
        return ()
    more = len(letter.unprinted) - MOST_NAMED
    rest = (words("letters.cover.more", n=more),) if more > 0 else ()
    named = (*map(printable, letter.unprinted[:MOST_NAMED]), *rest)
    return Paragraph(words("letters.cover.unprinted")), Bullets(named)


def passphrase(letter: PassphraseLetter) -> Document:
    """The words in groups, then each with the spelling of the letters that matter. What opens a ZIP must be typed as it
    stands, so the whole is printed, too. The greeting names nobody: the address field does."""
    to, words = letter.to, texts(letter.to.language)
    said = tuple(letter.passphrase.reveal().split("-"))
    known = {"filename": letter.filename, "count": str(len(said))}
    body = blocks(words, "letters.passphrase.text", known)
    whole = Paragraph(words("letters.passphrase.whole", passphrase=letter.passphrase.reveal()))
    link = (Paragraph(words("letters.passphrase.link", password=letter.link_password)),) if letter.link_password else ()
    how = blocks(words, f"letters.passphrase.{_how(letter.filename)}", known)
    aloud = (Heading(words("letters.passphrase.aloud")), _aloud(letter, words))
    inner = (*body, _groups(said, words), whole, *link, *how, *aloud)
    return _letter(to, words, "letters.passphrase.subject", inner, "letters.passphrase.greeting")


def _groups(said: tuple[str, ...], words: Texts) -> Table:
    starts = range(0, len(said), GROUP)
    rows = tuple((f"{at + 1}–{min(at + GROUP, len(said))}", "   ".join(said[at : at + GROUP])) for at in starts)
    return Table((words("letters.passphrase.number"), words("letters.passphrase.words")), rows, (1, 5))


def _aloud(letter: PassphraseLetter, words: Texts) -> Table:
    lines = (line.rstrip(")").partition(" (") for line in spelled(letter.passphrase, letter.to.language))
    rows = tuple((str(number), word, names) for number, (word, _, names) in enumerate(lines, start=1))
    header = ("number", "one", "begins")
    return Table(tuple(words(f"letters.passphrase.{name}") for name in header), rows, (1, 2, 6))


def _how(filename: str) -> str:
    return "zip" if filename.endswith(".zip") else "html"


def _from_notice(to: Addressed, notice: Notice) -> Document:
    """The paragraphs of a mail between its greeting and its regards."""
    words = texts(to.language)
    mail = render(notice, to.controller)
    inner = mail.text.strip().split("\n\n")[1:-1]
    body = tuple(_of_mail(piece) for piece in inner)
    return letter_frame.framed(to, words, mail.subject.removeprefix(f"[{to.case}] "), body)


def _of_mail(piece: str) -> Block:
    lines = piece.splitlines()
    if all(line.startswith("- ") for line in lines):
        return Bullets(tuple(" ".join(line[2:].split()) for line in lines))
    return Paragraph(" ".join(piece.split()))


def _letter(
    to: Addressed, words: Texts, subject: str, body: tuple[Block, ...], greeting: str = "letter.greeting"
) -> Document:
    sender = to.controller
    phone = words("letters.phone", phone=sender.phone) if sender.phone else ""
    contact = Paragraph(words("letters.contact", email=sender.email, phone=phone, case=to.case))
    return letter_frame.framed(
        to, words, words(subject, received=words.date(to.received_on)), (*body, contact), greeting
    )


def _known(to: Addressed, words: Texts) -> dict[str, str]:
    sender = to.controller
    return {"received": words.date(to.received_on), "case": printable(to.case), "email": sender.email}


def _complaint(to: Addressed, words: Texts) -> Block:
    """Complaint with the competent authority and judicial remedy (Art. 12(4), 77, 79)."""
    one = competent(to.controller.land, to.controller.public_body)
    authority = ", ".join((one.name, one.postal or one.street, one.email))
    return Paragraph(words("letters.complaint", authority=authority))
