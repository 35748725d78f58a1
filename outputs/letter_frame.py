"""What surrounds the answer: sender, address, greeting, enclosures, the request's own data (ACC-05), contact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from cases.draft import AnswerKind, Controller, Draft
from outputs.copy_paper import enough, paper_names, shortage, unprintable
from outputs.document import Block, Bullets, Document, Heading, Letterhead, Paragraph
from outputs.letter_search import left_out, limited
from outputs.names import file_folder, printable
from outputs.texts import Texts


class Headed(Protocol):
    """What a letterhead needs to know: a draft and every other letter's `Addressed` do."""

    @property
    def case(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def controller(self) -> Controller: ...
    @property
    def person(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def postal_address(self) -> tuple[str, ...]: ...
    @property
    def received_on(self) -> date: ...
    @property
    def written_on(self) -> date: ...


def framed(
    to: Headed, words: Texts, subject: str, body: tuple[Block, ...], greeting: str = "letter.greeting"
) -> Document:
    """A whole letter around its text; its title is its subject without the person."""
    return Document(
        language=to.language,
        title=subject,
        letterhead=letterhead(to, words),
        subject=subject,
        greeting=words(greeting, person=printable(to.person)),
        blocks=body,
        closing=closing(to, words),
        page_of=(words("letter.page"), words("letter.of")),
    )


def letterhead(draft: Headed, words: Texts) -> Letterhead:
    """For a window envelope by DIN 5008, form B. Without a postal address the contact that receives the answer."""
    sender = draft.controller
    place = f"{sender.postcode} {sender.city}"
    return Letterhead(
        sender=sender.name,
        sender_lines=(sender.street, place, sender.email, *_some(sender.phone)),
        return_line=" · ".join((sender.name, sender.street, place)),
        address=_address(draft),
        facts=_facts(draft, words),
        case=draft.case,
    )


def _address(draft: Headed) -> tuple[str, ...]:
    person, lines = printable(draft.person), tuple(map(printable, draft.postal_address or _some(draft.recipient)))
    return lines if lines and lines[0] == person else (person, *lines)


def _facts(draft: Headed, words: Texts) -> tuple[tuple[str, str], ...]:
    return (
        (words("letter.facts.date"), words.date(draft.written_on)),
        (words("letter.facts.case"), draft.case),
        (words("letter.facts.received"), words.date(draft.received_on)),
        (words("letter.facts.contact"), draft.controller.email),
        *((words("letter.facts.phone"), phone) for phone in _some(draft.controller.phone)),
    )


def subject(draft: Draft, words: Texts) -> str:
    """Of a correction, it says so."""
    key = "letter.subject_corrected" if draft.replaces_on else "letter.subject"
    return words(key, received=words.date(draft.received_on), version=str(draft.version))


def correction(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Which version this is and which letter it replaces; nothing for a first answer."""
    if draft.replaces_on is None:
        return ()
    return (Paragraph(words("letter.corrected", version=str(draft.version), replaces=words.date(draft.replaces_on))),)


def confirmation(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """The one sentence that says whether data are processed (ANS-01, ANS-02)."""
    if draft.kind is AnswerKind.DATA:
        said = Paragraph(words("letter.confirm_data"))
        missing = ", ".join(words("searched.section", title=words(f"{name}.title")) for name in left_out(draft))
        return (said, Paragraph(words("letter.partial", sections=missing))) if missing else (said,)
    key = "letter.confirm_nothing_searched" if limited(draft) else "letter.confirm_nothing"
    return (Paragraph(words(key, received=words.date(draft.received_on))),)


def enclosures(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """What is in the package and how to read it (FRM-05); by post, what of it is on paper and what on a carrier."""
    snapshot = words.moment(draft.snapshot_at, draft.controller.timezone)
    removed = draft.redacted or draft.masked
    how = Paragraph(words("enclosed.how_removed" if removed else "enclosed.how", snapshot=snapshot))
    lack = _lack(draft, words)
    files = Bullets(tuple(_files(draft, words, lack)))
    if draft.channel != "post":
        return Heading(words("enclosed.title")), Paragraph(words("enclosed.intro")), files, how
    carrier = "enclosed.post.carrier_maybe" if enough(draft) else "enclosed.post.carrier"
    return (
        Heading(words("enclosed.title")),
        Paragraph(words("enclosed.post.intro")),
        Bullets(tuple(_sheets(draft, words, lack))),
        Paragraph(words(carrier)),
        files,
        how,
    )


def _sheets(draft: Draft, words: Texts, lack: str) -> Iterator[str]:
    """What is printed."""
    title = words("copy.title")
    yield words("enclosed.post.copy_part", title=title, what=lack) if lack else words("enclosed.post.copy", title=title)
    paths = [file.path for item in draft.released for file in item.files]
    lost = len(unprintable(paths))
    if lost < len(paths):
        yield words("enclosed.post.files_part" if lost else "enclosed.post.files")


def _files(draft: Draft, words: Texts, lack: str) -> Iterator[str]:
    html, data, folder = words("file.html"), words("file.json"), file_folder(draft)
    yield words("enclosed.html", html=html)
    if folder:
        yield words("enclosed.files", folder=folder.rstrip("/"), html=html)
    names = ", ".join(paper_names(draft))
    if lack:
        yield words("enclosed.paper_part", copy_pdf=names, what=lack, html=html, json=data)
    else:
        yield words("enclosed.paper", copy_pdf=names)
    yield words("enclosed.json", json=data)
    if draft.released:
        yield words("enclosed.tables", tables=words("file.tables"))


def _lack(draft: Draft, words: Texts) -> str:
    """What the copy on paper leaves out; empty where it has everything."""
    short = shortage(draft)
    said = [words.count("enclosed.lack_entries", short.entries)] if short.entries else []
    if short.values:
        said.append(words.count("enclosed.lack_values", short.values))
    return words("enclosed.and").join(said)


def own_key(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """With whose keys the answer is encrypted and signed, to be compared; nothing where a passphrase seals it."""
    if draft.sealed_for is None:
        return ()
    said = words(f"own_key.{draft.sealed_for.kind}", theirs=draft.sealed_for.fingerprint, ours=draft.signed_with)
    return Heading(words("own_key.title")), Paragraph(said)


def handling(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Purpose, basis and retention of the request's own data (Art. 13, ACC-05). The year counts from the end of the
    case, which the day of the letter does not tell: what is written in December may be handed over in January."""
    key = "handling.package" if draft.kind is AnswerKind.DATA else "handling.record"
    kept = words(key, days=draft.package_days, years=draft.record_years)
    return Heading(words("handling.title")), Paragraph(words("handling.purpose")), Paragraph(kept)


def contact(draft: Draft, words: Texts) -> tuple[Block, ...]:
    """Whom to ask, and the data protection officer where one is named."""
    sender = draft.controller
    phone = words("contact.phone", phone=sender.phone) if sender.phone else ""
    blocks = [Heading(words("contact.title"))]
    asked: list[Block] = [Paragraph(words("contact.text", email=sender.email, phone=phone, case=draft.case))]
    if dpo := officer(sender):
        asked.append(Paragraph(words("contact.dpo", dpo=dpo)))
    return (*blocks, *asked)


def officer(controller: Controller) -> str:
    """Name and address of the data protection officer; empty where none is named."""
    return ", ".join(part for part in (controller.dpo_name, controller.dpo_email) if part)


def closing(draft: Headed, words: Texts) -> tuple[str, ...]:
    return words("letter.regards"), draft.controller.name, words("letter.unsigned")


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
