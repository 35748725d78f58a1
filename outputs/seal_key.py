"""Sealing for a person whose own certificate or key is known: S/MIME (RFC 8551) or OpenPGP (RFC 9580).

Both need no passphrase. Encryption with a public key proves nothing about who encrypted, and the CBC of S/MIME not
even that nothing was changed: the company therefore always signs inside, with a certificate of its own or, where it has
none, with a key that the installation makes for itself and whose fingerprint stands in the letter.

Whoever calls has established that the certificate belongs to the person; here it is only seen to name the address that
the answer goes to, to be valid, and to be strong enough. Both libraries hold all of the content in memory, hence a
bound. What is sealed is a whole mail inside: the covering text beside the package, which a mail program shows as soon
as it has decrypted it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import BinaryIO, cast

import pysequoia
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import (
    PKCS7EnvelopeBuilder,
    PKCS7Options,
    PKCS7SignatureBuilder,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pysequoia.packet import PacketPile, SignatureType, Tag

from cases.draft import Package
from cases.own_key import OwnKey
from outputs.errors import SealRefused
from outputs.seal import Written
from outputs.texts import texts

PUBLIC_KEY = "Schluessel-public-key.asc"
MOST = 48 << 20  # bytes of the package; more goes by no mail anyway
_MOST_KEY = 1 << 20  # keys with many signatures of others are larger than keys
RSA_BITS = 3000  # BSI TR-02102-1
_YEARS, _DAY = timedelta(days=3653), timedelta(days=1)  # the person's clock may be behind ours
_PEM = f"give PEM without password, RSA of {RSA_BITS} bits or more, its own certificate first"
_INSTEAD = "seal the answer with a passphrase instead"


@dataclass(frozen=True, slots=True)
class Signer:
    """The company's signing keys, PEM and OpenPGP, to be kept like any other key. `certificates`: its own first."""

    key: bytes = field(repr=False)
    certificates: tuple[bytes, ...]
    openpgp: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, and the OpenPGP fingerprint: what the letter names, in groups of four."""
        digest = x509.load_pem_x509_certificate(self.certificates[0]).fingerprint(hashes.SHA256()).hex()
        return grouped(digest)

    @property
    def openpgp_public(self) -> bytes:
        """Our public key, armored: what lies beside the package and may be published."""
        return str(pysequoia.Tsk.from_bytes(self.openpgp).extract_certificate()).encode()

    @property
    def openpgp_fingerprint(self) -> str:
        return grouped(pysequoia.Tsk.from_bytes(self.openpgp).extract_certificate().fingerprint)


def new_signer(name: str, address: str, now: datetime) -> Signer:
    """Keys that an installation makes for itself: RSA of 3,072 bits in a certificate that vouches for itself for ten
    years, and an OpenPGP key. `now` is aware."""
    key = rsa.generate_private_key(65537, 3072)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    built = x509.CertificateBuilder(
        called, called, key.public_key(), x509.random_serial_number(), now - _DAY, now + _YEARS
    )
    signed = (
        built.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    openpgp = pysequoia.Tsk.generate(f"{name} <{address}>")
    return Signer(secret, (signed.public_bytes(Encoding.PEM),), bytes(openpgp))


def valid_until(signer: Signer) -> datetime:
    """The end of the certificate with which we sign, aware."""
    return x509.load_pem_x509_certificate(signer.certificates[0]).not_valid_after_utc


def own_signer(signer: Signer, key: bytes, chain: bytes, now: datetime) -> Signer:
    """`signer` with the company's own certificate: `chain` and `key` are PEM, the certificate of `key` first. Raises
    `SealRefused` where they do not belong together, are not valid now, or are weaker than RSA of 3,000 bits."""
    try:
        secret, certificates = load_pem_private_key(key, None), x509.load_pem_x509_certificates(chain)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SealRefused("unusable_certificate", f"[answer] certificate or certificate_key: {_PEM}") from None
    own = certificates[0]
    if not isinstance(secret, rsa.RSAPrivateKey) or secret.public_key() != own.public_key():
        raise SealRefused("unusable_certificate", f"[answer] certificate does not belong to certificate_key: {_PEM}")
    if secret.key_size < RSA_BITS or not own.not_valid_before_utc <= now <= own.not_valid_after_utc:
        raise SealRefused("unusable_certificate", f"[answer] certificate has ended, or is too weak: {_PEM}")
    return Signer(key, tuple(one.public_bytes(Encoding.PEM) for one in certificates), signer.openpgp)


def read_own_key(content: bytes, address: str, now: datetime) -> OwnKey:
    """The certificate (PEM, DER) or OpenPGP key (armored, binary) of a file, of the person at `address`. Raises
    `SealRefused` where it is neither, or nothing could be sealed with it for that address now."""
    if len(content) > _MOST_KEY:
        raise SealRefused("unusable_key", "the file is too large for a key or a certificate: give that alone")
    if _is_x509(content):
        certificate = _certificate(content)
        _check(certificate, address, now)
        fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
        return OwnKey("smime", certificate.public_bytes(Encoding.PEM).decode(), grouped(fingerprint))
    key = _openpgp_key(content, address, now)
    return OwnKey("openpgp", str(key), grouped(key.fingerprint))


def seal_for(
    package: Package, own: OwnKey, address: str, cover: str, signer: Signer, now: datetime, sink: BinaryIO
) -> Written:
    """Seals for the person's own key. `cover`: the covering text, inside. Raises `SealRefused`; throw the sink's
    content away then."""
    if own.kind == "smime":
        return seal_smime(package, own.text.encode(), address, cover, signer, now, sink)
    return seal_openpgp(package, own.text.encode(), address, cover, signer, now, sink)


def seal_smime(
    package: Package, certificate: bytes, address: str, cover: str, signer: Signer, now: datetime, sink: BinaryIO
) -> Written:
    """CMS EnvelopedData (DER, AES-256-CBC) around CMS SignedData around a MIME message: what a mail program shows as an
    encrypted and signed mail where it is the mail's body (RFC 8551, 3.3). `certificate` is PEM or DER. Raises
    `SealRefused` where it names another address, is not valid now, not for mail, or weaker than RSA of 3,000 bits."""
    recipient = _certificate(certificate)
    _check(recipient, address, now)
    own, *chain = (x509.load_pem_x509_certificate(pem) for pem in signer.certificates)
    key = cast(rsa.RSAPrivateKey, load_pem_private_key(signer.key, None))
    signing = PKCS7SignatureBuilder().set_data(_inside(package, cover)).add_signer(own, key, hashes.SHA256())
    for further in chain:
        signing = signing.add_certificate(further)
    signed = _mime("application", "pkcs7-mime", signing.sign(Encoding.DER, [PKCS7Options.Binary]), "smime.p7m",
                   {"smime-type": "signed-data"})  # fmt: skip
    envelope = PKCS7EnvelopeBuilder().set_data(signed).set_content_encryption_algorithm(AES256).add_recipient(recipient)
    return _written(sink, envelope.encrypt(Encoding.DER, [PKCS7Options.Binary]), "smime")


def seal_openpgp(
    package: Package, key: bytes, address: str, cover: str, signer: Signer, now: datetime, sink: BinaryIO
) -> Written:
    """An armored OpenPGP message around a MIME message, signed inside, for a mail of PGP/MIME (RFC 3156, 6.2); what
    encrypts it is authenticated (SEIPD). The company's public key lies beside the package, so that the signature can be
    checked. Raises `SealRefused` where the key names another address, was revoked or has ended, or no part of it is
    valid and strong enough to encrypt for."""
    own = pysequoia.Tsk.from_bytes(signer.openpgp)
    public = ("application", "pgp-keys", signer.openpgp_public, PUBLIC_KEY)
    content = _inside(package, cover, public)
    message = _encrypted(_openpgp_key(key, address, now), content, own)
    return _written(sink, message, "openpgp")


def _is_x509(content: bytes) -> bool:
    return b"-----BEGIN CERTIFICATE-----" in content or content[:1] == b"\x30"  # DER: a SEQUENCE


def _openpgp_key(content: bytes, address: str, now: datetime) -> pysequoia.Cert:
    """Seen to name the address, to hold no secret, to be neither revoked nor ended, and fit for encrypting to it. The
    library encrypts to a revoked key without a word, and who revoked one may have lost it to somebody."""
    try:
        key, whole = pysequoia.Cert.from_bytes(content), pysequoia.Tsk.from_bytes(content)
    except (RuntimeError, OSError):
        raise SealRefused("unusable_key", f"this is neither an OpenPGP key nor a certificate; {_INSTEAD}") from None
    if "PRIVATE KEY" in str(whole)[:40]:
        raise SealRefused("secret_key", "this file holds a secret key, which nobody but its owner may have: delete it")
    if address.casefold() not in _named(key):
        raise SealRefused("other_address", f"the key does not name the address of the answer; {_INSTEAD}")
    if key.is_revoked:
        raise SealRefused("revoked", f"the key was revoked by its owner; {_INSTEAD}")
    if key.expiration is not None and key.expiration <= now:
        raise SealRefused("not_valid", f"the key has ended; {_INSTEAD}")
    _encrypted(key, b"", None)
    return key


def _named(key: pysequoia.Cert) -> set[str]:
    """The addresses that its owner certifies. One that anybody ever revoked does not count: a revocation may bear the
    second of the certification, and then the library takes the certification for the later one."""
    try:
        live = [str(user) for user in key.user_ids]
        pile, user, revoked = PacketPile.from_bytes(bytes(key)), "", set()
    except (RuntimeError, OSError):
        raise SealRefused("weak_key", f"the key is too weak to be used; {_INSTEAD}") from None
    for packet in pile:
        user = str(packet.user_id or "") if packet.tag == Tag.UserID else user
        if packet.tag == Tag.Signature and packet.signature_type == SignatureType.CertificationRevocation:
            revoked.add(user)
    return {name.rpartition("<")[2].rstrip(">").casefold() for name in live if name not in revoked}


def _encrypted(key: pysequoia.Cert, content: bytes, own: pysequoia.Tsk | None) -> bytes:
    try:
        signer = own.signer() if own else None
        return pysequoia.encrypt(content, recipients=[key], signer=signer, armor=True)
    except (RuntimeError, OSError) as error:
        raise SealRefused("unusable_key", f"the key cannot be used ({type(error).__name__}); {_INSTEAD}") from None


def _certificate(content: bytes) -> x509.Certificate:
    read: Callable[[bytes], x509.Certificate] = x509.load_der_x509_certificate
    if content.lstrip().startswith(b"-----BEGIN"):
        read = x509.load_pem_x509_certificate
    try:
        return read(content)
    except ValueError:
        raise SealRefused("unusable_certificate", f"this is not an X.509 certificate; {_INSTEAD}") from None


def _check(certificate: x509.Certificate, address: str, now: datetime) -> None:
    if address.casefold() not in {named.casefold() for named in _addresses(certificate)}:
        raise SealRefused("other_address", f"the certificate does not name the address of the answer; {_INSTEAD}")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SealRefused("not_valid", f"the certificate is not valid now; {_INSTEAD}")
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < RSA_BITS:
        raise SealRefused("weak_key", f"the certificate's key is not RSA of {RSA_BITS} bits or more; {_INSTEAD}")
    if not _for_mail(certificate):
        raise SealRefused("other_use", f"the certificate is not for encrypting mail; {_INSTEAD}")


def _addresses(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.RFC822Name)


def _for_mail(certificate: x509.Certificate) -> bool:
    """What an extension does not say is allowed (RFC 5280, 4.2.1.3 and 4.2.1.12)."""
    allowed = True
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.KeyUsage):
            allowed &= extension.value.key_encipherment
        if isinstance(extension.value, x509.ExtendedKeyUsage):
            allowed &= ExtendedKeyUsageOID.EMAIL_PROTECTION in extension.value
    return allowed


def _inside(package: Package, cover: str, *further: tuple[str, str, bytes, str]) -> bytes:
    """The mail that is sealed: the covering text, the package, and what else lies beside it."""
    mail = EmailMessage(policy=policy.SMTP)
    mail.set_content(cover, subtype="plain", charset="utf-8", cte="quoted-printable")
    attached = (("application", "zip", _content(package), texts(package.language)("file.inner")), *further)
    for kind, subtype, content, name in attached:
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return mail.as_bytes()


def _mime(kind: str, subtype: str, content: bytes, name: str, params: dict[str, str]) -> bytes:
    part = EmailMessage(policy=policy.SMTP)
    part.set_content(content, maintype=kind, subtype=subtype, filename=name, params=params)
    return part.as_bytes()


def _content(package: Package) -> bytes:
    held = _Bounded()
    package.write(cast(BinaryIO, held))
    return bytes(held.content)


class _Bounded(io.RawIOBase):
    def __init__(self) -> None:
        super().__init__()
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(cast(bytes, data))
        if len(self.content) + len(piece) > MOST:
            raise SealRefused("too_large", f"more than {MOST >> 20} MB are too much for this seal; {_INSTEAD}")
        self.content += piece
        return len(piece)


def _written(sink: BinaryIO, content: bytes, kind: str) -> Written:
    sink.write(content)
    return Written(hashlib.sha256(content).hexdigest(), len(content), kind)


def grouped(fingerprint: str) -> str:
    """In groups of four, as people compare it."""
    return " ".join(fingerprint[start : start + 4].upper() for start in range(0, len(fingerprint), 4))
