"""With what an answer is sealed: a passphrase, or the person's own certificate or key.

Whether a key is the person's own, only somebody of the house can say: they compared its fingerprint with the person, or
know it from before. An attacker's key would open the answer of another. It goes to the address on file all the same.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError

from cases.case import Status
from cases.draft import Draft, Notice, Package
from cases.own_key import OwnKey
from cases.person import Person
from flows.delivering import Way, way_of
from flows.house import House
from infra.parse import parse_message
from infra.smime import signature_of
from infra.store.store import Transaction
from outputs.errors import SealRefused
from outputs.notices import RenderedMail, render
from outputs.passphrase import Passphrase
from outputs.seal import Written, seal
from outputs.seal_key import Signer, new_signer, read_own_key, seal_for, valid_until

LEAST = 10  # signs of how somebody made sure
RENEW = timedelta(days=60)  # before its certificate ends
_ARMORED = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_KEY = "signer"  # the name of the state under which it lies sealed


class CannotSeal(Exception):
    """This key cannot be chosen. `code`: `not_now`, `not_identified`, `not_by_mail`, `why_needed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def choose_key(house: House, tx: Transaction, case: str, content: bytes, by: str, why: str) -> OwnKey:
    """The answer will be sealed for this certificate or key. `why`: how somebody made sure that it is the person's.
    Raises `CannotSeal`, and `SealRefused` where it does not fit."""
    person = _changeable(tx, case)
    if len(why.strip()) < LEAST:
        raise CannotSeal("why_needed")
    if not person.recipient:
        raise CannotSeal("not_identified")
    own = read_own_key(content, person.recipient, tx.now)
    tx.cases.set_person(case, replace(person, own_key=own))
    if way_of(house, tx.cases.row(case).delivery, tx.cases.person(case)) is not Way.MAIL:
        raise CannotSeal("not_by_mail")
    tx.cases.note(case, f"seal:{own.kind}", by, f"{own.fingerprint}: {why}")
    return own


def keys_in_mails(house: House, case: str) -> Iterator[bytes]:
    """What the mails of a case bring along, newest first: the certificate of a signature that holds, and OpenPGP keys
    attached. That it came with a mail proves no more than the mail does."""
    with house.store.begin() as tx:
        letters = sorted(tx.messages.of_case(case), key=lambda letter: letter.arrived_at, reverse=True)
    for letter in letters:
        with house.vault.open(letter.blob) as stream:
            raw = stream.read()
        signature = signature_of(raw, letter.arrived_at)
        if signature is not None and signature.valid:
            yield signature.certificate
        for attachment in parse_message(raw, letter.arrived_at).attachments:
            if attachment.media_type == "application/pgp-keys" or _ARMORED in attachment.content[:4096]:
                yield attachment.content


def fitting_keys(house: House, case: str) -> dict[str, bytes]:
    """Of the keys in the mails of a case those that fit it now, by fingerprint. Whoever wrote into it may have put one
    there: a person compares it."""
    with house.store.begin() as tx:
        address = tx.cases.person(case).recipient
    found: dict[str, bytes] = {}
    for content in keys_in_mails(house, case):
        with suppress(SealRefused):
            found.setdefault(read_own_key(content, address, house.clock.now()).fingerprint, content)
    return found


def choose_passphrase(tx: Transaction, case: str, by: str, why: str) -> None:
    """The answer will be sealed with a passphrase after all. Raises `CannotSeal`."""
    person = _changeable(tx, case)
    tx.cases.set_person(case, replace(person, own_key=None))
    tx.cases.note(case, "seal:passphrase", by, why)


def _changeable(tx: Transaction, case: str) -> Person:
    if tx.cases.get(case).status not in (Status.COLLECTING, Status.REVIEW):
        raise CannotSeal("not_now")
    return tx.cases.person(case)


def seal_answer(house: House, package: Package, draft: Draft, passphrase: Passphrase | None, sink: BinaryIO) -> Written:
    """Seals with the passphrase or, without one, for the person's own key that the draft names. Raises `SealRefused`,
    also where our key is not the one whose fingerprint was approved."""
    if passphrase is not None:
        return seal(package, passphrase, sink, house.settings.answer.seal)
    own = draft.sealed_for
    if own is None:
        raise SealRefused("other_signer", "nothing says for which key: make the draft again")
    with house.store.begin() as tx:
        signer = _signer_for(house, tx, own)
    if _of(signer, own) != draft.signed_with:
        raise SealRefused("other_signer", "the key that signs is another than the letter says: make the draft again")
    text = cover(house, draft, own).text
    return seal_for(package, own, draft.recipient, text, signer, house.clock.now(), sink)


def cover(house: House, draft: Draft, own: OwnKey) -> RenderedMail:
    """The covering mail: its text is read once a program has decrypted it, its subject by everybody."""
    fields = (("kind", own.kind), ("theirs", own.fingerprint), ("ours", draft.signed_with))
    return render(Notice("answer_own_key", draft.language, draft.case, fields), house.controller)


def fingerprint(house: House, tx: Transaction, own: OwnKey | None) -> str:
    """Of the key of ours that signs inside; empty where a passphrase seals, or nothing can be signed now."""
    try:
        return _of(_signer_for(house, tx, own), own) if own else ""
    except SealRefused:
        return ""


def _of(signer: Signer, own: OwnKey) -> str:
    return signer.fingerprint if own.kind == "smime" else signer.openpgp_fingerprint


@dataclass(frozen=True, slots=True)
class _StoredSigner:
    key: str = field(repr=False)
    certificates: tuple[str, ...]
    openpgp: str = field(repr=False)  # base64


def signer_of(house: House, tx: Transaction) -> Signer:
    """The company's signing keys: made when they are first needed, and anew before their certificate ends. A
    certificate of the settings takes the place of our own. Raises `SealRefused` where that cannot be used."""
    made = _made(house, tx)
    return house.signing(made) if house.signing else made


def _signer_for(house: House, tx: Transaction, own: OwnKey) -> Signer:
    """The certificate of the settings signs S/MIME alone: OpenPGP does not wait for it."""
    return signer_of(house, tx) if own.kind == "smime" else _made(house, tx)


def _made(house: House, tx: Transaction) -> Signer:
    stored = _stored(tx)
    if stored is not None and valid_until(stored) > tx.now + RENEW:
        return stored
    made = new_signer(house.controller.name, house.settings.post.from_address, tx.now)
    if stored is not None:  # the OpenPGP key has no end, and people may have kept it
        made = replace(made, openpgp=stored.openpgp)
    with suppress(IntegrityError), tx.nested():
        _keep(tx, made)
        return made
    return _stored(tx) or made


def _stored(tx: Transaction) -> Signer | None:
    kept = tx.state.opened(_KEY, _StoredSigner)
    if kept is None:
        return None
    certificates = tuple(pem.encode() for pem in kept.certificates)
    return Signer(kept.key.encode(), certificates, base64.b64decode(kept.openpgp))


def _keep(tx: Transaction, signer: Signer) -> None:
    certificates = tuple(pem.decode() for pem in signer.certificates)
    kept = _StoredSigner(signer.key.decode(), certificates, base64.b64encode(signer.openpgp).decode())
    tx.state.seal(_KEY, kept)
