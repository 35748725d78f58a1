"""A certificate authority for one demo: made for the occasion, its private key never written down."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = timedelta(days=365)
_MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM form: what clients trust, what servers show, and the servers' key (mode 0600)."""

    ca_file: Path
    cert_file: Path
    key_file: Path


def certificates_in(folder: Path) -> Certificates:
    """The folder's certificates for 127.0.0.1 and localhost, made if there are none or they end within a day.

    Two servers that are given the same folder share one authority.
    """
    files = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    now = datetime.now(UTC)
    if not _usable(files, now):
        folder.mkdir(parents=True, exist_ok=True)
        _make(files, now)
    return files


def _usable(files: Certificates, now: datetime) -> bool:
    if not all(path.exists() for path in (files.ca_file, files.cert_file, files.key_file)):
        return False
    certificate = x509.load_pem_x509_certificate(files.cert_file.read_bytes())
    return certificate.not_valid_after_utc > now + _MARGIN


def _make(files: Certificates, now: datetime) -> None:
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("Nordlicht demo authority")
    ca = _ca_builder(ca_name, ca_key, now).sign(ca_key, hashes.SHA256())
    server = _server_builder(ca_name, ca_key, server_key, now).sign(ca_key, hashes.SHA256())
    files.ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    files.cert_file.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    pem = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(files.key_file, pem)


def _ca_builder(name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        _builder(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
    )


def _server_builder(
    issuer: x509.Name, ca_key: ec.EllipticCurvePrivateKey, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return (
        _builder(_name("localhost"), issuer, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(authority, critical=False)
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _MARGIN)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
