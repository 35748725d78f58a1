"""From an approval to a sealed answer in the outbox."""

from __future__ import annotations

from typing import BinaryIO, cast

from cases.case import Status
from cases.draft import AnswerKind, Disclosure, Draft, Notice, Package, Sealed, approve
from cases.person import Person
from flows import draft as drafts
from flows.complete import check_found
from flows.delivering import Way, link_password, send_off
from flows.house import House
from flows.sealing import cover, seal_answer
from infra.store.answers import PackageRecord
from infra.store.sealed import KeptPackage, Posted
from infra.store.store import Transaction
from infra.vault import BlobRef
from outputs.errors import SealRefused
from outputs.notices import RenderedMail, render
from outputs.package import build_package
from outputs.seal import new_passphrase, sealed


def package_and_queue(house: House, case: str) -> None:
    """Packages and seals the approved draft and queues it: all of it, or nothing. A draft that changed after its
    approval goes back to review. Safe to call again after a crash."""
    disclosure = _disclosure(house, case)
    if disclosure is None:
        return
    draft, package = disclosure.draft, build_package(disclosure)
    passphrase = None if draft.sealed_for else new_passphrase(language=package.language)
    with house.store.begin() as tx:
        key_id = tx.cases.row(case).material_key
    try:
        with house.vault.write(house.vault_owner(case), key_id) as sink:
            written = seal_answer(house, package, draft, passphrase, cast(BinaryIO, sink))
    except SealRefused as refused:
        _not_sealed(house, disclosure, refused)
        return
    answer = sealed(package, written, lambda: house.vault.open(sink.ref))
    with house.store.begin() as tx:
        if _still_approved(tx, disclosure):
            opens = passphrase.reveal() if passphrase else ""
            _queue(house, tx, disclosure, package, answer, KeptPackage(opens, sink.ref, link_password()))
        else:  # another process was faster, or another draft was approved meanwhile: its package counts
            house.vault.delete(sink.ref)


def _not_sealed(house: House, disclosure: Disclosure, refused: SealRefused) -> None:
    """The person's own key does not do any more, or the answer is too large for it: somebody chooses another way of
    sealing, and approves that."""
    if disclosure.draft.sealed_for is None:
        raise refused
    case = disclosure.draft.case
    with house.store.begin() as tx:
        if _still_approved(tx, disclosure):
            tx.answers.supersede(tx.cases.row(case))
            tx.cases.move(case, Status.REVIEW, why=f"not_sealed:{refused.code}")
            tx.cases.needs_attention(case, "own_key_refused")


def _still_approved(tx: Transaction, disclosure: Disclosure) -> bool:
    """Whether what was sealed is still what a person approved, and for whom: sealing takes its time."""
    draft = disclosure.draft
    row = tx.cases.row(draft.case)
    approval = tx.answers.approval(row)
    same = approval is not None and approval.digest == disclosure.approval.digest
    fits = tx.cases.person(draft.case).recipient == draft.recipient
    return tx.cases.get(draft.case).status is Status.APPROVED and same and fits


def _disclosure(house: House, case: str) -> Disclosure | None:
    """The approved draft, made anew from the store; None where it is not what was approved."""
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        record, approval = tx.answers.current(row), tx.answers.approval(row)
        if record is not None and approval is not None:
            draft = drafts.build(house, tx, case, record.written_on)
            if draft.digest == approval.digest:
                disclosure = approve(draft, approval)
                check_found(tx.findings.all(row), draft)
                return disclosure
        tx.answers.supersede(row)
        tx.cases.move(case, Status.REVIEW, why="draft_changed_after_approval")
        tx.cases.needs_attention(case, "draft_changed")
        return None


def _queue(
    house: House, tx: Transaction, disclosure: Disclosure, package: Package, answer: Sealed, kept: KeptPackage
) -> None:
    """One transaction: the package is kept, the case moves, the mail is queued."""
    case, row = answer.case, tx.cases.row(answer.case)
    last = tx.answers.package(row)
    version = last.version + 1 if last else 1
    made = _record(answer, version, disclosure.draft.kind, package, kept, tx)
    tx.answers.keep_package(row, made)
    tx.cases.note(case, f"sealed:{version}", why=f"{answer.sha256} {package.manifest_sha256}")
    tx.cases.move(case, Status.SEALED)
    if send_off(house, tx, made, case) is not Way.MAIL:
        return
    mail = _answer_mail(house, tx.cases.person(case), disclosure.draft, answer, kept.blob)
    tx.outbox.put_answer(case, version, row.material_key, mail, house.mail_domain)


def _record(
    answer: Sealed, version: int, kind: AnswerKind, package: Package, kept: KeptPackage, tx: Transaction
) -> PackageRecord:
    return PackageRecord(
        version, answer.filename, answer.sha256, answer.size, kind, package.manifest_sha256, tx.now, None, kept
    )


def _answer_mail(house: House, person: Person, draft: Draft, answer: Sealed, blob: BlobRef) -> Posted:
    """The mail that carries the sealed answer: a closed template and the file, nothing else."""
    said = _cover(house, draft, answer.filename)
    return Posted(
        person.recipient,
        said.subject,
        "" if draft.sealed_for else said.text,  # sealed for a key it lies inside, with the answer
        person.message_id,
        answer.filename,
        answer.media_type,
        blob,
    )


def _cover(house: House, draft: Draft, filename: str) -> RenderedMail:
    if draft.sealed_for:
        return cover(house, draft, draft.sealed_for)
    fields = (("filename", filename), ("channel", "person"))
    return render(Notice("answer_cover", draft.language, draft.case, fields), house.controller)
