"""S/MIME and OpenPGP, opened by openssl and gpg: signed inside, refused where anything was changed or does not fit."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pysequoia
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cases.draft import Package
from outputs.errors import SealRefused
from outputs.seal import sealed
from outputs.seal_key import (
    MOST,
    PUBLIC_KEY,
    Signer,
    new_signer,
    own_signer,
    read_own_key,
    seal_openpgp,
    seal_smime,
)
from tests.outputs.tools import run, tool

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ADDRESS = "lena.krueger@post.example"
COVER = "Guten Tag,\n\nerfundener Begleittext.\n"
CONTENT = b"PK\x03\x04 invented inner archive\r\n.\n" * 500


def packed(content: bytes = CONTENT) -> Package:
    def write(sink: BinaryIO) -> None:
        sink.write(content)

    return Package("DSAR-2026-0001", "0" * 64, write)


@pytest.fixture(scope="module")
def signer() -> Signer:
    return new_signer("Nordlicht Bürobedarf GmbH", "datenschutz@nordlicht.example", NOW)


@pytest.fixture(scope="module")
def person_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def certificate(
    key: Key, address: str = ADDRESS, until: datetime = NOW + timedelta(days=1), use: x509.ExtensionType | None = None
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lena Krüger")])
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW - timedelta(days=400), until)
    built = built.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
    if use:
        built = built.add_extension(use, critical=True)
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def smime(key: Key, signer: Signer, **changes: object) -> bytes:
    sink = BytesIO()
    seal_smime(packed(), certificate(key, **changes), ADDRESS, COVER, signer, NOW, sink)  # type: ignore[arg-type]
    return sink.getvalue()


@pytest.fixture
def read_smime(
    person_key: rsa.RSAPrivateKey, signer: Signer, tmp_path: Path
) -> Callable[[bytes], tuple[int, bytes, str]]:
    """Decrypts with the person's key and verifies against the certificate whose fingerprint the letter names."""
    openssl = tool("openssl")
    pem = person_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "ours.pem").write_bytes(signer.certificates[0])

    def read(message: bytes) -> tuple[int, bytes, str]:
        key, ours = str(tmp_path / "key.pem"), str(tmp_path / "ours.pem")
        status, signed, said = run(openssl, "cms", "-decrypt", "-inform", "DER", "-inkey", key, content=message)
        if status:
            return status, b"", said
        at = str(int(NOW.timestamp()) + 60)
        return run(openssl, "cms", "-verify", "-binary", "-CAfile", ours, "-attime", at, content=signed)

    return read


def inside(raw: bytes) -> list[object]:
    """What a mail program shows of a decrypted mail: its text, and the files beside it."""
    mail = message_from_bytes(raw, policy=default)
    text, *files = (part for part in mail.walk() if not part.is_multipart())
    assert text.get_content().splitlines() == COVER.splitlines()
    return [text.get_content_type(), *((part.get_filename(), part.get_payload(decode=True)) for part in files)]


def test_openssl_decrypts_and_verifies_the_smime(
    person_key: rsa.RSAPrivateKey, signer: Signer, read_smime: Callable[[bytes], tuple[int, bytes, str]]
) -> None:
    status, part, said = read_smime(smime(person_key, signer))
    assert status == 0, said
    assert inside(part) == ["text/plain", ("inhalt.zip", CONTENT)]


def test_no_changed_byte_of_the_smime_gives_other_content(
    person_key: rsa.RSAPrivateKey, signer: Signer, read_smime: Callable[[bytes], tuple[int, bytes, str]]
) -> None:
    """Encryption alone lets changes through; the signature inside does not."""
    whole = smime(person_key, signer)
    for place in range(len(whole) // 3, len(whole), len(whole) // 12):
        changed = whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :]
        assert read_smime(changed)[0] != 0, place


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"address": "lena.krueger@andere.example"}, "other_address"),
        ({"until": NOW - timedelta(days=1)}, "not_valid"),
        ({"use": x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])}, "other_use"),
        (
            {"use": x509.KeyUsage(True, False, False, False, False, False, False, False, False)},
            "other_use",
        ),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(
    person_key: rsa.RSAPrivateKey, signer: Signer, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(SealRefused) as caught:
        smime(person_key, signer, **changes)
    assert caught.value.code == code


def test_a_weak_key_and_what_is_no_certificate_are_refused(signer: Signer) -> None:
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())):
        with pytest.raises(SealRefused, match="weak_key"):
            smime(key, signer)
    with pytest.raises(SealRefused, match="unusable_certificate"):
        seal_smime(packed(), b"nothing", ADDRESS, COVER, signer, NOW, BytesIO())
    with pytest.raises(SealRefused, match="unusable_key"):
        seal_openpgp(packed(), b"nothing", ADDRESS, COVER, signer, NOW, BytesIO())


def test_more_than_a_mail_holds_is_refused(person_key: rsa.RSAPrivateKey, signer: Signer) -> None:
    with pytest.raises(SealRefused, match="too_large"):
        seal_smime(packed(bytes(MOST + 1)), certificate(person_key), ADDRESS, COVER, signer, NOW, BytesIO())


def gpg_home(folder: Path) -> dict[str, str]:
    """A home of its own, short enough for the agent's socket."""
    home = folder / "g"
    home.mkdir(mode=0o700)
    return {**os.environ, "GNUPGHOME": str(home)}


def test_gpg_decrypts_and_verifies_the_openpgp_and_refuses_a_changed_one(
    signer: Signer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    gpg, env = tool("gpg"), gpg_home(tmp_path_factory.mktemp("g"))
    made = (gpg, "--batch", "--passphrase", "", "--quick-gen-key", f"Lena Krüger <{ADDRESS}>", "future-default")
    assert run(*made, env=env)[0] == 0
    person = run(gpg, "--export", ADDRESS, env=env)[1]
    own = pysequoia.Tsk.from_bytes(signer.openpgp).extract_certificate()
    assert run(gpg, "--batch", "--import", content=bytes(own), env=env)[0] == 0
    sink = BytesIO()
    written = seal_openpgp(packed(), person, ADDRESS, COVER, signer, NOW, sink)
    assert sealed(packed(), written, BytesIO).filename == "Antwort-DSAR-2026-0001.asc"
    decrypt = (gpg, "--batch", "--status-fd", "2", "--decrypt")
    status, clear, said = run(*decrypt, content=sink.getvalue(), env=env)
    assert status == 0, said
    assert inside(clear) == ["text/plain", ("inhalt.zip", CONTENT), (PUBLIC_KEY, signer.openpgp_public)]
    assert "GOODSIG" in said and signer.openpgp_fingerprint.replace(" ", "") in said  # the key that the letter names
    whole = run(gpg, "--dearmor", content=sink.getvalue(), env=env)[1]
    changed = whole[: len(whole) // 2] + bytes((whole[len(whole) // 2] ^ 1,)) + whole[len(whole) // 2 + 1 :]
    assert run(*decrypt, content=changed, env=env)[0] != 0
    run("gpgconf", "--kill", "all", env=env)


def test_a_key_of_another_address_is_refused(signer: Signer) -> None:
    other = pysequoia.Tsk.generate("Lena Krüger <lena@andere.example>").extract_certificate()
    with pytest.raises(SealRefused, match="other_address"):
        seal_openpgp(packed(), bytes(other), ADDRESS, COVER, signer, NOW, BytesIO())


def test_the_fingerprint_is_what_openssl_shows(signer: Signer) -> None:
    shown = run(tool("openssl"), "x509", "-noout", "-fingerprint", "-sha256", content=signer.certificates[0])[1]
    assert shown.decode().strip().partition("=")[2].replace(":", "") == signer.fingerprint.replace(" ", "")
    assert "PRIVATE" not in repr(signer)


def test_a_file_is_known_for_what_it_is_and_a_secret_key_is_never_taken(person_key: rsa.RSAPrivateKey) -> None:
    pem = certificate(person_key)
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    whole = pysequoia.Tsk.generate(f"Lena Krüger <{ADDRESS}>")
    public = whole.extract_certificate()
    kinds = [read_own_key(file, ADDRESS, NOW).kind for file in (pem, der, bytes(public), str(public).encode())]
    assert kinds == ["smime", "smime", "openpgp", "openpgp"]
    assert read_own_key(pem, ADDRESS, NOW) == read_own_key(der, ADDRESS, NOW)
    for secret in (bytes(whole), str(whole).encode()):
        with pytest.raises(SealRefused, match="secret_key"):
            read_own_key(secret, ADDRESS, NOW)
    with pytest.raises(SealRefused, match="unusable_key"):
        read_own_key(b"hello", ADDRESS, NOW)
    with pytest.raises(SealRefused, match="other_address"):
        read_own_key(pem, "jonas@post.example", NOW)


def test_the_companys_own_certificate_signs_only_with_its_key(person_key: rsa.RSAPrivateKey, signer: Signer) -> None:
    chain = certificate(person_key)
    pem = person_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert own_signer(signer, pem, chain, NOW).certificates == (chain,)
    for key, certificates in ((signer.key, chain), (b"", chain), (pem, b"")):
        with pytest.raises(SealRefused, match="unusable_certificate"):
            own_signer(signer, key, certificates, NOW)
    with pytest.raises(SealRefused, match="ended"):
        own_signer(signer, pem, chain, NOW + timedelta(days=2))


def test_a_key_that_was_revoked_or_has_ended_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who has a stolen key must not get the answer because the library still encrypts to it."""
    gpg, env = tool("gpg"), gpg_home(tmp_path_factory.mktemp("g"))

    def asked(*words: str, content: bytes = b"") -> bytes:
        status, out, said = run(gpg, "--batch", "--yes", "--passphrase", "", *words, content=content, env=env)
        assert status == 0, said
        return out

    asked("--quick-gen-key", f"Lena Krüger <{ADDRESS}>", "future-default", "default", "2y")
    lines = asked("--with-colons", "--list-keys").decode().splitlines()
    fingerprint = next(line.split(":")[9] for line in lines if line.startswith("fpr"))
    sound = asked("--export", fingerprint)
    assert read_own_key(sound, ADDRESS, NOW).kind == "openpgp"
    with pytest.raises(SealRefused, match="not_valid"):
        read_own_key(sound, ADDRESS, datetime.now(UTC) + timedelta(days=800))
    asked("--quick-add-uid", fingerprint, "Lena Neu <neu@post.example>")
    asked("--quick-revoke-uid", fingerprint, f"Lena Krüger <{ADDRESS}>")
    with pytest.raises(SealRefused, match="other_address"):
        read_own_key(asked("--export", fingerprint), ADDRESS, NOW)
    revocation = Path(env["GNUPGHOME"]) / "openpgp-revocs.d" / f"{fingerprint}.rev"
    asked("--import", content=revocation.read_bytes().replace(b":-----BEGIN", b"-----BEGIN"))
    for address in (ADDRESS, "neu@post.example"):
        with pytest.raises(SealRefused, match=r"revoked|other_address"):
            read_own_key(asked("--export", fingerprint), address, NOW)
    asked("--quick-gen-key", "Lena Schwach <schwach@post.example>", "rsa1024")
    with pytest.raises(SealRefused, match=r"weak_key|other_address|unusable_key"):
        read_own_key(asked("--export", "schwach@post.example"), "schwach@post.example", NOW)
    run("gpgconf", "--kill", "all", env=env)
