"""S/MIME: what is inside a signed or encrypted envelope, and whether a signature holds.

RFC 8551 (S/MIME 4.0), 5652 (CMS), 3274 (compressed). A signature shows that the holder of a certificate's key made
the mail. Whose key it is, only a certificate authority can say: without one that is configured nothing is vouched for.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification

from infra.mime import Part, parts_inside, read_part
from infra.mime_text import lenient_base64, transfer_decoded

MAX_CLEAR = 64 * 1024 * 1024
MAX_SIGNERS = 5
MAX_CERTIFICATES = 20
MIN_RSA_BITS = 2048
OPAQUE = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_DETACHED = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_HASHES: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "sha256": ("sha256", hashes.SHA256()),
    "sha384": ("sha384", hashes.SHA384()),
    "sha512": ("sha512", hashes.SHA512()),
}
# What reading hostile ASN.1, and certificates made of it, is known to raise.
_FAULTS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    x509.AttributeNotFound,
)

Envelope = Literal["signed", "encrypted", "compressed", "unreadable"]


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope is, and the MIME part inside it; `content` is empty where it is encrypted or unreadable."""

    envelope: Envelope
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """Whether a signature holds, the addresses in its certificate, who issued that, and whether a configured authority
    stands behind it."""

    valid: bool
    addresses: tuple[str, ...] = field(default=(), repr=False)
    issuer: str = field(default="", repr=False)
    trusted: bool = False
    certificate: bytes = field(default=b"", repr=False)  # the signer's, DER


def opened(data: bytes, limit: int = MAX_CLEAR) -> Opened:
    """The inside of a CMS envelope (DER, BER or base64), at most `limit` bytes; never fails."""
    try:
        kind, content = _content_info(data)
        if kind == "signed_data":
            inner = content["encap_content_info"]["content"].native
            return Opened("signed", inner) if isinstance(inner, bytes) else Opened("unreadable")
        if kind == "compressed_data":
            return _inflated(content["encap_content_info"]["content"].native, limit)
        return Opened("encrypted" if kind in ("enveloped_data", "authenticated_enveloped_data") else "unreadable")
    except _FAULTS:
        return Opened("unreadable")


def _content_info(data: bytes) -> tuple[str, Any]:
    from asn1crypto import cms  # few mails need it, and it takes long to load

    info = cms.ContentInfo.load(data if data[:1] == b"\x30" else lenient_base64(data))
    return str(info["content_type"].native), info["content"]


def _inflated(data: bytes, limit: int) -> Opened:
    try:
        return Opened("compressed", zlib.decompressobj().decompress(data, limit))
    except zlib.error:
        return Opened("unreadable")


def signature_of(raw: bytes, now: datetime, authorities: Sequence[x509.Certificate] = ()) -> Signature | None:
    """What the signature over the whole mail is worth; None where there is none. `now` is aware."""
    part = read_part(raw)
    try:
        if part.kind in OPAQUE:
            kind, signed = _content_info(_body(part))
            if kind != "signed_data":
                return None
            return _checked(signed, signed["encap_content_info"]["content"].native, now, authorities)
        if part.kind == "multipart/signed":
            inside = parts_inside(part, 3)
            if len(inside) == 2 and inside[1].kind in _DETACHED:
                content = raw[inside[0].start : inside[0].end]
                signed = _content_info(_body(inside[1]))[1]
                return _checked(signed, re.sub(rb"\r\n|\n|\r", b"\r\n", content), now, authorities)
    except _FAULTS:
        return Signature(valid=False)
    return None


def _body(part: Part) -> bytes:
    return transfer_decoded(part.body, part.header("content-transfer-encoding"))


def _checked(signed: Any, content: bytes, now: datetime, authorities: Sequence[x509.Certificate]) -> Signature:
    certificates = [
        x509.load_der_x509_certificate(choice.chosen.dump())
        for choice in list(signed["certificates"])[:MAX_CERTIFICATES]
        if choice.name == "certificate" and choice.chosen.serial_number > 0  # RFC 5280 sec. 4.1.2.2
    ]
    for info in list(signed["signer_infos"])[:MAX_SIGNERS]:
        signer = _signer(info, certificates)
        if signer is not None and _is_signed_by(info, content, signer):
            in_time = signer.not_valid_before_utc <= now <= signer.not_valid_after_utc
            trusted = in_time and _stands_behind(signer, certificates, authorities, now)
            issuer = signer.issuer.rfc4514_string()[:300]
            return Signature(in_time, _addresses(signer), issuer, trusted, signer.public_bytes(Encoding.DER))
    return Signature(valid=False)


def _signer(info: Any, certificates: list[x509.Certificate]) -> x509.Certificate | None:
    """The certificate that a signer names by issuer and serial number, or by the identifier of its key."""
    chosen = info["sid"].chosen
    if info["sid"].name == "issuer_and_serial_number":
        serial, issuer = chosen["serial_number"].native, chosen["issuer"].dump()
        return next((c for c in certificates if c.serial_number == serial and c.issuer.public_bytes() == issuer), None)
    return next((c for c in certificates if _key_identifier(c) == chosen.native), None)


def _key_identifier(certificate: x509.Certificate) -> bytes:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return b""


def _is_signed_by(info: Any, content: bytes, signer: x509.Certificate) -> bool:
    """RFC 5652 sec. 5.4: the signature covers the attributes, and these the digest of the content."""
    name = info["digest_algorithm"]["algorithm"].native
    if name not in _HASHES:
        return False  # SHA-1 and older prove nothing any more
    attributes = info["signed_attrs"]
    covered = content
    if len(attributes):
        stated = {attribute["type"].native: attribute["values"].native for attribute in attributes}
        if stated.get("message_digest") != [hashlib.new(_HASHES[name][0], content).digest()]:
            return False
        covered = b"\x31" + attributes.dump()[1:]  # signed as a SET, sent with an implicit tag
    return _verifies(signer, info["signature"].native, covered, info["signature_algorithm"], _HASHES[name][1])


def _verifies(
    signer: x509.Certificate, signature: bytes, covered: bytes, algorithm: Any, digest: hashes.HashAlgorithm
) -> bool:
    key = signer.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if key.key_size < MIN_RSA_BITS:
                return False
            key.verify(signature, covered, _rsa_padding(algorithm, digest), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, covered)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _rsa_padding(algorithm: Any, digest: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    if algorithm.signature_algo == "rsassa_pss":
        return padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
    return padding.PKCS1v15()


def _addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    """Addresses in the certificate, lower-cased: the alternative names, and the subject of old ones."""
    found = [str(item.value) for item in certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found += names.get_values_for_type(x509.RFC822Name)
    except x509.ExtensionNotFound:
        pass
    return tuple(dict.fromkeys(address.lower()[:320] for address in found[:20]))


def _stands_behind(
    signer: x509.Certificate, others: list[x509.Certificate], authorities: Sequence[x509.Certificate], now: datetime
) -> bool:
    """Whether a chain leads from the certificate to one of the authorities (RFC 5280), for the protection of e-mail."""
    if not authorities or not _is_for_mail(signer):
        return False
    policy = verification.ExtensionPolicy
    builder = verification.PolicyBuilder().store(verification.Store(list(authorities))).time(now).max_chain_depth(5)
    builder = builder.extension_policies(ca_policy=policy.webpki_defaults_ca(), ee_policy=policy.permit_all())
    try:
        builder.build_client_verifier().verify(signer, [other for other in others if other != signer])
    except verification.VerificationError:
        return False
    return True


def _is_for_mail(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION in usage
