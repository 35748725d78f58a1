"""An identity document that somebody sent unasked goes after the decision about who asks: from the case, the vault and
the mailbox. That it was looked at, by whom and when, is all that stays (EDPB 01/2022 par. 79). What may be something
else is wiped on a person's word only: a letter that was taken for a card would be gone unread."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from cases.case import Status
from cases.id_document import Likeness, likeness
from cases.message import Attachment, Message
from cases.text import TextExtractor, TextUnreadable
from flows.filing import key_of
from flows.house import House
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.mailbox import MailboxUnavailable, MailGone
from infra.parse import parse_message
from infra.store.documents import Document
from infra.store.id_documents import fingerprint
from infra.store.messages import Letter
from infra.store.sealed import StoredFile
from infra.store.store import Transaction
from infra.vault import BlobRef, VaultError
from infra.without import only_text, without_parts

MAX_BYTES = 20 * 1024 * 1024
UNDECIDED = frozenset({Status.TRIAGE, Status.RECEIVED, Status.ACKNOWLEDGED, Status.IDENTIFYING})
LONGEST = timedelta(hours=20)  # after the decision; then somebody hears of it, for it must be gone after 24
KEPT, IN_MAILBOX, UNSURE = "id_document_kept", "id_document_in_mailbox", "id_document_unsure"
SAID, IS_ONE, IS_NONE = "id_document:said:", "yes", "no"
CHECKED = "identified:checked_by_person"


@dataclass(frozen=True, slots=True)
class FoundId:
    """An attachment that is, or may be, an identity document."""

    part: Attachment
    likeness: Likeness


def id_documents_in(message: Message, extractor: TextExtractor | None) -> tuple[FoundId, ...]:
    """The attachments of a mail that are, or may be, identity documents."""
    likely = (part for part in message.attachments if _may_be(part))
    found = (FoundId(part, likeness(part.name, part.media_type, _text(part, extractor))) for part in likely)
    return tuple(one for one in found if one.likeness)


def note(tx: Transaction, case: str, found: Sequence[FoundId]) -> None:
    """Somebody is told of it where they decide who asks; nobody has to open it."""
    for one in found:
        tx.id_documents.seen(case, one.part.content)
    for sure in Likeness:
        number = sum(one.likeness is sure for one in found)
        if number:
            tx.cases.note(case, f"id_document:{sure}:{number}")


def said(tx: Transaction, case: str, by: str, *, is_one: bool) -> None:
    """A person looked at what may be an identity document: it is one and goes, or is none and stays. Raises
    `LookupError` where nothing waits for that."""
    if not tx.id_documents.count(case):
        raise LookupError(f"{case} has no identity document about which somebody has to say anything")
    tx.cases.note(case, f"{SAID}{IS_ONE if is_one else IS_NONE}", by)
    tx.alarms.clear(case, UNSURE)
    if not is_one:
        tx.id_documents.wiped(case)


def wipe_decided(house: House) -> int:
    """Wipes those of every case of which it is decided who asks; returns of how many cases. Killed in between it goes
    on with the next run; a mailbox that cannot be reached is asked again."""
    with house.store.begin() as tx:
        decided = [case for case in tx.id_documents.waiting() if _is_decided(tx, case)]
        waiting = [case for case in decided if _may_go(tx, case)]
        for case in waiting:
            tx.id_documents.decided(case)
    return sum(_wipe_safely(house, case) for case in waiting)


def _may_go(tx: Transaction, case: str) -> bool:
    """Whether nobody has to look any more; else somebody is asked to (`auskunft case id-document`)."""
    steps = [event.what for event in tx.cases.history(case)]
    last = max((at for at, step in enumerate(steps) if step.startswith(SAID)), default=-1)
    ask, likely = (any(step.startswith(f"id_document:{sure}:") for step in steps[last + 1 :]) for sure in _ASKED)
    may = not ask and (not likely or _checked(tx, case))
    if may or tx.cases.row(case).sealed_person is None:
        tx.alarms.clear(case, UNSURE)
        return True
    tx.cases.needs_attention(case, UNSURE)
    tx.alarms.raise_(case, UNSURE)
    return False


def _checked(tx: Transaction, case: str) -> bool:
    """Whether a person checked who asks, in this case or in one of the same mail."""
    batch = {case, *(one.number for one in tx.cases.of_batch(tx.cases.get(case).batch))}
    return any(event.what == CHECKED for one in batch for event in tx.cases.history(one))


_ASKED = (Likeness.UNSURE, Likeness.LIKELY)


def _is_decided(tx: Transaction, case: str) -> bool:
    return tx.cases.get(case).status not in UNDECIDED


def _wipe_safely(house: House, case: str) -> bool:
    """What cannot be wiped in time is an alarm and stops no other case."""
    try:
        wiped = _wipe(house, case)
    except (KeyStoreError, Tampered, VaultError):
        wiped = False
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        if row.sealed_person is None:  # the case's material has gone, and they with it
            tx.id_documents.wiped(case)
            return True
        late = [one for one in tx.id_documents.of_case(row) if one.wiped_at is None and one.decided_at is not None]
        if not wiped and any(one.decided_at and tx.now - one.decided_at > LONGEST for one in late):
            tx.alarms.raise_(case, KEPT)
    return wiped


def _wipe(house: House, case: str) -> bool:
    """The order is: rows point to mails without them, the mailbox, the old bytes, the note that it is done."""
    with house.store.begin() as tx:
        known = tx.id_documents.of_case(tx.cases.row(case))
        content = frozenset(one.content for one in known if one.wiped_at is None)
        old = tuple(dict.fromkeys(ref for one in known for ref in one.old))
        letters, documents = tx.messages.of_case(case), tx.documents.of_case(tx.cases.row(case))
    if not old:
        held = [letter for letter in letters if _holds(house, letter.blob, content)]
        if any(letter.state != "filed" for letter in held):
            return False  # it is filed first, else it would be read anew where it lies
        copies = [one for one in documents if one.file is not None and _holds(house, one.file.blob, content)]
        if not _out_of_mailbox(house, case, held):
            return False
        old = _rewrite(house, case, held, copies, content)
    house.vault.delete(*old)
    _done(house, case)
    return True


def _rewrite(
    house: House, case: str, letters: Sequence[Letter], copies: Sequence[Document], content: frozenset[str]
) -> tuple[BlobRef, ...]:
    new = {letter.id: _write(house, case, letter.blob, content) for letter in letters}
    files = [(one, _write(house, case, one.file.blob, content)) for one in copies if one.file is not None]
    old = (*(letter.blob for letter in letters), *(one.file.blob for one in copies if one.file is not None))
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        for letter, ref in new.items():
            tx.messages.keep_under(letter, ref)
        for document, ref in files:
            tx.documents.rewritten(document, row, StoredFile("mail.eml", "message/rfc822", ref))
        tx.id_documents.replaced(row, old)
    return old


def _write(house: House, case: str, blob: BlobRef, content: frozenset[str]) -> BlobRef:
    with house.store.begin() as tx:
        key_id = tx.cases.row(case).material_key
    with house.vault.write(house.vault_owner(case), key_id) as sink:
        sink.write(_without(house, _read(house, blob), content))
    return sink.ref


def _without(house: House, raw: bytes, content: frozenset[str]) -> bytes:
    cut, _ = without_parts(raw, lambda part: _hashed(house, part) in content)
    message = parse_message(cut, house.clock.now())
    if any(_hashed(house, part.content) in content for part in message.attachments):
        return only_text(raw, f"{message.text}\n\n{message.quoted}")
    return cut


def _holds(house: House, blob: BlobRef, content: frozenset[str]) -> bool:
    message = parse_message(_read(house, blob), house.clock.now())
    return any(_hashed(house, part.content) in content for part in message.attachments)


def _out_of_mailbox(house: House, case: str, letters: Sequence[Letter]) -> bool:
    """Out of the folder into which we filed it, as at the end of a case. Where mails are only marked, or left, the
    company deletes it: somebody hears of it."""
    for letter in letters:
        account = house.settings.accounts.get(letter.place.mailbox)
        if account is None or account.filing != "move":
            with house.store.begin() as tx:
                tx.alarms.raise_(case, IN_MAILBOX)
            continue
        try:
            with house.mailbox(letter.place.mailbox) as mailbox, suppress(MailGone):
                mailbox.delete(key_of(letter))
        except MailboxUnavailable:
            return False
    return True


def _done(house: House, case: str) -> None:
    """What stays: whether it was looked at to find out who asks, by whom and when."""
    with house.store.begin() as tx:
        steps = [step for step in tx.cases.history(case) if step.what.startswith("identified:")]
        by = steps[-1].who if steps and steps[-1].what == CHECKED else ""
        tx.cases.note(case, "id_document:checked" if by else "id_document:not_needed", by or "auskunft")
        tx.id_documents.wiped(case)
        tx.cases.note(case, "id_document:wiped")
        tx.alarms.clear(case, KEPT)


def _may_be(part: Attachment) -> bool:
    shows = part.media_type.startswith(("image/", "text/plain")) or part.media_type == "application/pdf"
    return bool(part.content) and len(part.content) <= MAX_BYTES and shows


def _text(part: Attachment, extractor: TextExtractor | None) -> str:
    if extractor is None:
        return ""
    try:
        return extractor.text(part.name, part.media_type, BytesIO(part.content))
    except TextUnreadable:
        return ""


def _hashed(house: House, content: bytes) -> str:
    return fingerprint(house.keystore.lookup_hmac, content)


def _read(house: House, blob: BlobRef) -> bytes:
    with house.vault.open(blob) as stream:
        return stream.read()
