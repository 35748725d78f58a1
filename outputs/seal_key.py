"""Sealing for a person whose own certificate or key is known: S/MIME (RFC 8551) or OpenPGP (RFC 9580).

Both need no passphrase. Encryption with a public key proves nothing about who encrypted, and the CBC of S/MIME not
even that nothing was changed: the company therefore always signs inside, with a certificate of its own or, where it has
none, with a key that the installation makes for itself and whose fingerprint stands in the letter.

Whoever calls has established that the certificate belongs to the person; here it is only seen to name the address that
the answer goes to, to be valid, and to be strong enough. Both libraries hold all of the content in memory, hence a
bound.
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

from cases.draft import Package
from outputs.errors import SealRefused
from outputs.seal import Written
from outputs.texts import texts

MOST = 48 << 20  # bytes of the package; more goes by no mail anyway
RSA_BITS = 3000  # BSI TR-02102-1
_YEARS, _DAY = timedelta(days=3653), timedelta(days=1)  # the person's clock may be behind ours
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
        return _grouped(digest)

    @property
    def openpgp_fingerprint(self) -> str:
        return _grouped(pysequoia.Tsk.from_bytes(self.openpgp).extract_certificate().fingerprint)


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


def seal_smime(
    package: Package, certificate: bytes, address: str, signer: Signer, now: datetime, sink: BinaryIO
) -> Written:
    """CMS EnvelopedData (DER, AES-256-CBC) around CMS SignedData around the package as a MIME part: what a mail program
    shows as an encrypted and signed mail where it is the mail's body. `certificate` is PEM or DER. Raises `SealRefused`
    where it names another address, is not valid now, not for mail, or weaker than RSA of 3,000 bits."""
    recipient = _certificate(certificate)
    _check(recipient, address, now)
    own, *chain = (x509.load_pem_x509_certificate(pem) for pem in signer.certificates)
    key = cast(rsa.RSAPrivateKey, load_pem_private_key(signer.key, None))
    signing = PKCS7SignatureBuilder().set_data(_part(package)).add_signer(own, key, hashes.SHA256())
    for further in chain:
        signing = signing.add_certificate(further)
    signed = _mime("application", "pkcs7-mime", signing.sign(Encoding.DER, [PKCS7Options.Binary]), "smime.p7m",
                   {"smime-type": "signed-data"})  # fmt: skip
    envelope = PKCS7EnvelopeBuilder().set_data(signed).set_content_encryption_algorithm(AES256).add_recipient(recipient)
    return _written(sink, envelope.encrypt(Encoding.DER, [PKCS7Options.Binary]), "smime")


def seal_openpgp(package: Package, key: bytes, address: str, signer: Signer, sink: BinaryIO) -> Written:
    """A binary OpenPGP message around the package, signed inside; what encrypts it is authenticated (SEIPD). Raises
    `SealRefused` where the key names another address, or no part of it is valid and strong enough to encrypt for."""
    try:
        recipient = pysequoia.Cert.from_bytes(key)
        named = [str(user).rpartition("<")[2].rstrip(">").casefold() for user in recipient.user_ids]
        if address.casefold() not in named:
            raise SealRefused("other_address", f"the key does not name the address of the answer; {_INSTEAD}")
        own = pysequoia.Tsk.from_bytes(signer.openpgp).signer()
        message = pysequoia.encrypt(_content(package), recipients=[recipient], signer=own, armor=False)
    except (RuntimeError, OSError) as error:
        raise SealRefused("unusable_key", f"the key cannot be used ({type(error).__name__}); {_INSTEAD}") from None
    return _written(sink, message, "openpgp")


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


def _part(package: Package) -> bytes:
    return _mime("application", "zip", _content(package), texts(package.language)("file.inner"), {})


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


def _grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[start : start + 4].upper() for start in range(0, len(fingerprint), 4))
