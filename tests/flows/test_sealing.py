"""Answers sealed for a person's own certificate or key: a mail that their program opens, and nothing to hand over."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP, default
from pathlib import Path
from typing import cast

import pysequoia
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7
from cryptography.x509.oid import NameOID

from cases.case import Status
from cases.draft import Draft
from flows import draft as drafts
from flows.answer import package_and_queue
from flows.bounces import answer_came_back
from flows.delivering import NoSuchWay, Way, choose
from flows.dispatch import arrived, dispatch
from flows.engine import reconcile
from flows.sealing import RENEW, CannotSeal, choose_key, choose_passphrase, keys_in_mails, signer_of
from infra.post import DeliveryUncertain
from outputs.errors import SealRefused
from outputs.seal_key import PUBLIC_KEY, own_signer, valid_until
from tests.flows import steps
from tests.flows.house import LENA, NOON, REVIEWER, FakeApi, World, mail
from tests.outputs.tools import run, tool

WHY = "Fingerabdruck am Telefon verglichen"
KEY = rsa.generate_private_key(65537, 3072)


def certificate(address: str = LENA, days: int = 400) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lena Krüger")])
    began = NOON - timedelta(days=1)
    built = x509.CertificateBuilder(name, name, KEY.public_key(), 1, began, NOON + timedelta(days=days))
    named = built.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
    return named.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


def chosen(world: World, key: bytes) -> str:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        choose_key(world.house, tx, case, key, REVIEWER, WHY)
    return case


def released(world: World, case: str) -> None:
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)


def draft_of(world: World, case: str) -> Draft:
    with world.house.store.begin() as tx:
        return drafts.current(world.house, tx, case)[1]


def last_mail(world: World) -> bytes:
    return world.post.to(LENA)[-1]


def opened(folder: Path, raw: bytes) -> bytes:
    """What is inside the mail as it arrives, decrypted with the person's key."""
    (folder / "key.pem").write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    openssl = tool("openssl")
    status, signed, said = run(openssl, "cms", "-decrypt", "-inkey", str(folder / "key.pem"), content=raw)
    assert status == 0, said
    status, inside, said = run(openssl, "cms", "-verify", "-noverify", content=signed)
    assert status == 0, said
    return inside


def test_openssl_opens_the_mail_itself_and_the_case_is_answered(world: World, tmp_path: Path) -> None:
    case = chosen(world, certificate())
    draft = draft_of(world, case)
    released(world, case)
    raw = last_mail(world)
    assert message_from_bytes(raw, policy=default).get_content_type() == "application/pkcs7-mime"
    inside = message_from_bytes(opened(tmp_path, raw), policy=default)
    text, archive = (part for part in inside.walk() if not part.is_multipart())
    assert draft.signed_with in " ".join(text.get_content().split())
    assert draft.sealed_for is not None
    assert draft.sealed_for.fingerprint in " ".join(text.get_content().split())
    assert archive.get_filename() == "inhalt.zip"
    assert cast(bytes, archive.get_payload(decode=True))[:2] == b"PK"
    assert b"Krueger" not in raw.partition(b"\r\n\r\n")[2]
    assert world.case(case).status is Status.ANSWERED
    assert "opens_with_own_key" in world.steps(case)
    assert not [kind for kind, _ in world.waiting(case) if kind == "handover"]


def test_gpg_opens_the_mail_and_our_key_lies_beside_it(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    gpg, home = tool("gpg"), tmp_path_factory.mktemp("g")
    home.chmod(0o700)
    env = {**os.environ, "GNUPGHOME": str(home)}
    made = ("--batch", "--passphrase", "", "--quick-gen-key", f"Lena Krüger <{LENA}>", "future-default")
    assert run(gpg, *made, env=env)[0] == 0
    case = chosen(world, run(gpg, "--armor", "--export", LENA, env=env)[1])
    released(world, case)
    mail = message_from_bytes(last_mail(world), policy=default)
    assert mail.get_content_type() == "multipart/encrypted"
    assert mail.get_param("protocol") == "application/pgp-encrypted"
    version, message = mail.iter_parts()
    assert version.get_content_type() == "application/pgp-encrypted"
    sealed = cast(bytes, message.get_payload(decode=True))
    status, clear, said = run(gpg, "--batch", "--decrypt", content=sealed, env=env)
    inside = message_from_bytes(clear, policy=default)
    files = {part.get_filename(): part for part in inside.walk() if part.get_filename()}
    public = cast(bytes, files[PUBLIC_KEY].get_payload(decode=True))
    assert status in (0, 2), said  # 2: the signature's key is not there yet
    assert run(gpg, "--batch", "--import", content=public, env=env)[0] == 0
    status, _, said = run(gpg, "--batch", "--status-fd", "2", "--decrypt", content=sealed, env=env)
    assert status == 0
    assert "GOODSIG" in said
    run("gpgconf", "--kill", "all", env=env)
    assert world.case(case).status is Status.ANSWERED


def test_a_key_is_part_of_what_is_approved(world: World) -> None:
    """Who approved a passphrase did not approve somebody's key."""
    case = steps.in_review(world)
    before = draft_of(world, case).digest
    with world.house.store.begin() as tx:
        choose_key(world.house, tx, case, certificate(), REVIEWER, WHY)
    with_key = draft_of(world, case)
    assert before != with_key.digest
    with world.house.store.begin() as tx:
        choose_passphrase(tx, case, REVIEWER, "")
    assert draft_of(world, case).digest == before
    assert world.steps(case).count("seal:smime") == 1


@pytest.mark.parametrize(("key", "code"), [(b"x", "unusable_key"), (certificate("x@post.example"), "other_address")])
def test_a_key_that_does_not_fit_changes_nothing(world: World, key: bytes, code: str) -> None:
    case = steps.in_review(world)
    with pytest.raises(SealRefused, match=code), world.house.store.begin() as tx:
        choose_key(world.house, tx, case, key, REVIEWER, WHY)
    assert draft_of(world, case).sealed_for is None


def test_a_key_is_chosen_only_with_a_reason_before_the_approval_and_for_mail(world: World) -> None:
    case = steps.in_review(world)
    with pytest.raises(CannotSeal, match="why_needed"), world.house.store.begin() as tx:
        choose_key(world.house, tx, case, certificate(), REVIEWER, "ja")
    with world.house.store.begin() as tx:
        tx.cases.row(case).delivery = Way.POST.value
    with pytest.raises(CannotSeal, match="not_by_mail"), world.house.store.begin() as tx:
        choose_key(world.house, tx, case, certificate(), REVIEWER, WHY)
    with world.house.store.begin() as tx:
        tx.cases.row(case).delivery = ""
        choose_key(world.house, tx, case, certificate(), REVIEWER, WHY)
    with pytest.raises(NoSuchWay, match="sealed_for_own_key"), world.house.store.begin() as tx:
        tx.cases.set_person(case, replace(tx.cases.person(case), postal=("Lena Krüger", "Kai 1", "18055 Rostock")))
        choose(world.house, tx, case, Way.POST, REVIEWER, "")
    assert steps.release(world, case) == ""
    with pytest.raises(CannotSeal, match="not_now"), world.house.store.begin() as tx:
        choose_key(world.house, tx, case, certificate(), REVIEWER, WHY)


def test_a_certificate_that_ended_meanwhile_goes_back_to_a_person_and_nothing_leaves(world: World) -> None:
    case = chosen(world, certificate(days=1))
    assert steps.release(world, case) == ""
    world.clock.move(days=2)
    package_and_queue(world.house, case)
    assert world.case(case).status is Status.REVIEW
    assert world.case(case).attention == "own_key_refused"
    assert ("answer", "queued") not in world.outbox(case)
    with world.house.store.begin() as tx:
        choose_passphrase(tx, case, REVIEWER, "")
    released(world, case)
    assert world.case(case).status is Status.SENT


def test_whether_it_arrived_is_asked_as_of_any_answer(world: World) -> None:
    case = chosen(world, certificate())
    dispatch(world.house)  # the acknowledgement
    world.post.outcomes = [(DeliveryUncertain("connection_lost"),)]
    released(world, case)
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    with world.house.store.begin() as tx:
        arrived(tx, case, REVIEWER, "am Telefon bestätigt")
    assert world.case(case).status is Status.ANSWERED


def test_an_answer_that_comes_back_is_a_persons_matter(world: World) -> None:
    case = chosen(world, certificate())
    released(world, case)
    ids = [message_from_bytes(last_mail(world))["Message-ID"]]
    with world.house.store.begin() as tx:
        assert answer_came_back(tx, case, ids, b"Action: failed\r\n")
    assert ("delivery", "") in world.waiting(case)


def signed_mail() -> bytes:
    """A request as a mail program signs it (RFC 8551, 3.5.3)."""
    head, _, body = mail().partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.startswith((b"Content-", b"MIME-"))]
    inner = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + body
    own = x509.load_pem_x509_certificate(certificate())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(own, KEY, hashes.SHA256())
    return b"\r\n".join(kept) + b"\r\n" + builder.sign(Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])


def test_the_certificate_of_a_signed_request_is_offered_unless_its_signature_is_broken(world: World) -> None:
    good = signed_mail()
    case = steps.acknowledged(world, good)
    (found,) = keys_in_mails(world.house, case)
    assert x509.load_der_x509_certificate(found) == x509.load_pem_x509_certificate(certificate())
    changed = good.replace(b"ich bitte", b"Ich bitte").replace(b"<1@", b"<2@")
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN, REVIEWER, "erfunden")
    assert list(keys_in_mails(world.house, steps.acknowledged(world, changed))) == []


def test_an_attached_openpgp_key_is_offered(world: World) -> None:
    key = bytes(pysequoia.Tsk.generate(f"Lena Krüger <{LENA}>").extract_certificate())
    request = message_from_bytes(mail(), policy=SMTP)
    request.add_attachment(key, maintype="application", subtype="pgp-keys", filename="lena.gpg")
    case = steps.acknowledged(world, request.as_bytes())
    assert list(keys_in_mails(world.house, case)) == [key]


def test_our_key_stays_the_same_and_is_renewed_before_it_ends(world: World) -> None:
    with world.house.store.begin() as tx:
        first = signer_of(world.house, tx)
    with world.house.store.begin() as tx:
        assert signer_of(world.house, tx) == first
        kept = tx.state.get("signer")["sealed"]
    assert "PRIVATE" not in kept
    world.clock.at = valid_until(first) - RENEW
    with world.house.store.begin() as tx:
        second = signer_of(world.house, tx)
    assert second.fingerprint != first.fingerprint
    assert second.openpgp_fingerprint == first.openpgp_fingerprint


def test_the_companys_own_certificate_signs_where_it_has_one(world: World, tmp_path: Path) -> None:
    """And a letter that names another fingerprint than the signature has is never sent."""
    secret = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    ours = certificate("dsb@nordlicht.example")
    plain = world.house
    world.house = replace(plain, signing=lambda signer: own_signer(signer, secret, ours, world.clock.now()))
    case = chosen(world, certificate())
    digest = x509.load_pem_x509_certificate(ours).fingerprint(hashes.SHA256()).hex().upper()
    assert draft_of(world, case).signed_with.replace(" ", "") == digest
    assert steps.release(world, case) == ""
    world.house = plain
    package_and_queue(world.house, case)
    assert world.case(case).status is Status.REVIEW


def test_a_certificate_of_ours_that_ended_stops_its_case_and_no_other(world: World) -> None:
    secret = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    ours = certificate("dsb@nordlicht.example", days=5)
    world.house = replace(world.house, signing=lambda signer: own_signer(signer, secret, ours, world.clock.now()))
    case = chosen(world, certificate())
    world.clock.move(days=6)
    assert draft_of(world, case).blockers == ("signing_unusable",)
    api = FakeApi()
    reconcile(world.house, api)
    assert any(start.parameters.get("case") == case for start in api.of("fulfil"))
    with world.house.store.begin() as tx:
        choose_key(world.house, tx, case, openpgp_key(), REVIEWER, WHY)
    assert draft_of(world, case).blockers == ()  # OpenPGP needs no certificate


def test_an_answer_that_was_too_large_goes_as_the_same_kind_of_mail_later(world: World, tmp_path: Path) -> None:
    limit = world.house.settings.post.max_megabytes
    object.__setattr__(world.house.settings.post, "max_megabytes", 0)
    case = chosen(world, certificate())
    released(world, case)
    assert (case, "answer_too_large") in world.alarms()
    object.__setattr__(world.house.settings.post, "max_megabytes", limit)
    with world.house.store.begin() as tx:
        choose(world.house, tx, case, Way.MAIL, REVIEWER, "Grenze angehoben")
    dispatch(world.house)
    raw = last_mail(world)
    assert message_from_bytes(raw, policy=default).get_content_type() == "application/pkcs7-mime"
    assert b"inhalt.zip" in opened(tmp_path, raw)
    assert world.case(case).status is Status.ANSWERED


def openpgp_key() -> bytes:
    return bytes(pysequoia.Tsk.generate(f"Lena Krüger <{LENA}>").extract_certificate())
