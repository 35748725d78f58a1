"""Mails of every structure that people's programs make, written for tests: each asks for access in the same words."""

from __future__ import annotations

import base64
import quopri
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MAILS = Path(__file__).parent / "mails"  # signatures differ each time they are made: these were made once
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ASKS = "Bitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben."
LETTER = f"Guten Tag,\n\n{ASKS}\n\nMit freundlichen Grüßen\nJörn Ahlers"
HEAD = (
    "Received: from mx.post.example by mail.kesselhaus.example; Mon, 2 Mar 2026 09:00:00 +0100\n"
    "From: Ahlers <ahlers@post.example>\nTo: info@kesselhaus.example\nSubject: Anfrage\n"
    "Date: Mon, 2 Mar 2026 09:00:00 +0100\nMessage-ID: <m1@post.example>\nMIME-Version: 1.0\n"
)
PAGE = f"<html><body><p>Guten Tag,</p><p>{ASKS}</p><p>Mit freundlichen Grüßen<br>Jörn Ahlers</p></body></html>"


def mail(content_type: str, body: bytes, *, encoding: str = "8bit", head: str = HEAD) -> bytes:
    return f"{head}Content-Type: {content_type}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + body


def part(content_type: str, body: bytes, encoding: str = "8bit", disposition: str = "") -> bytes:
    lines = f"Content-Type: {content_type}\nContent-Transfer-Encoding: {encoding}\n"
    return (lines + (f"Content-Disposition: {disposition}\n" if disposition else "") + "\n").encode() + body


def multipart(kind: str, parts: Sequence[bytes], boundary: str = "=_next_4711", head: str = HEAD) -> bytes:
    lines = b"".join(f"--{boundary}\n".encode() + each + b"\n" for each in parts)
    return (
        f'{head}Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'.encode()
        + lines
        + f"--{boundary}--\n".encode()
    )


def b64(content: bytes) -> bytes:
    return base64.encodebytes(content)


# winmail.dat, written from [MS-OXTNEF] and [MS-OXRTFCP]


def attribute(level: int, number: int, value: bytes) -> bytes:
    checksum = sum(value) & 0xFFFF
    return struct.pack("<BHHI", level, number, 6, len(value)) + value + struct.pack("<H", checksum)


def properties(*pairs: tuple[int, int, bytes]) -> bytes:
    """A list of properties: type, name, value; values of variable length get their count and length."""
    found = struct.pack("<I", len(pairs))
    for kind, name, value in pairs:
        found += struct.pack("<HH", kind, name)
        if kind in (0x000D, 0x001E, 0x001F, 0x0102):
            found += struct.pack("<II", 1, len(value))
        found += value + b"\0" * (-len(value) % 4)
    return found


def compressed_rtf(rtf: bytes) -> bytes:
    """LZFu with literals only, and the reference that ends it."""
    body, at = b"", 207
    for start in range(0, len(rtf), 8):
        piece = rtf[start : start + 8]
        at = (at + len(piece)) % 4096
        if len(piece) == 8:
            body += b"\0" + piece
        else:
            body += bytes([1 << len(piece)]) + piece + struct.pack(">H", at << 4)
            break
    else:
        body += b"\1" + struct.pack(">H", at << 4)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body


def tnef(
    *,
    text: str = "",
    html: bytes = b"",
    rtf: bytes = b"",
    files: Sequence[tuple[str, bytes]] = (),
    inside: bytes = b"",
) -> bytes:
    """A TNEF stream in code page 1252. `inside`: another stream, as an enclosed message."""
    given: list[tuple[int, int, bytes]] = []
    if html:
        given.append((0x0102, 0x1013, html))
    if rtf:
        given.append((0x0102, 0x1009, compressed_rtf(rtf)))
    found = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9007, struct.pack("<II", 1252, 0))
    if text:
        found += attribute(1, 0x800C, text.encode("cp1252") + b"\0")
    found += attribute(1, 0x9003, properties(*given))
    for name, content in files:
        found += attribute(2, 0x9002, b"\0" * 14) + attribute(2, 0x800F, content)
        found += attribute(2, 0x9005, properties((0x001F, 0x3707, (name + "\0").encode("utf-16-le"))))
    if inside:
        interface = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"
        found += attribute(2, 0x9002, b"\0" * 14) + attribute(
            2, 0x9005, properties((0x000D, 0x3701, interface + inside))
        )
    return found


def rtf_of(text: str) -> bytes:
    coded = "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text).replace("\n", "\\par\n")
    return ("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 " + coded + "}").encode()


def rtf_from_html(text: str) -> bytes:
    coded = "".join(char if char.isascii() else f"\\'{ord(char):02x}" for char in text)
    head = "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\fonttbl{\\f0 Arial;}}{\\*\\htmltag64 <p>}"
    return (head + "\\htmlrtf \\par doppelt\\htmlrtf0 " + coded + "{\\*\\htmltag72 </p>}}").encode()


# S/MIME


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate with its key, and the authority that issued it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    authority: x509.Certificate


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=300))
    )


def make_signer(address: str, usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION) -> Signer:
    above, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    signs = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    authority = (
        _builder("Prüfstelle", "Prüfstelle", above)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(above.public_key()), critical=False)
        .sign(above, hashes.SHA256())
    )
    certificate = (
        _builder("Ahlers", "Prüfstelle", key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .sign(above, hashes.SHA256())
    )
    return Signer(certificate, key, authority)


@cache
def signer() -> Signer:
    return make_signer("ahlers@post.example")


def opaque(inner: bytes, by: Signer | None = None) -> bytes:
    by = by or signer()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(inner).add_signer(by.certificate, by.key, hashes.SHA256())
    signed = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    return mail('application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', b64(signed), encoding="base64")


def detached(inner: bytes, by: Signer | None = None) -> bytes:
    by = by or signer()
    canonical = inner.replace(b"\n", b"\r\n")
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    builder = pkcs7.PKCS7SignatureBuilder().set_data(canonical).add_signer(by.certificate, by.key, hashes.SHA256())
    signature = part(
        'application/pkcs7-signature; name="smime.p7s"', b64(builder.sign(Encoding.DER, options)), "base64"
    )
    return multipart('signed; protocol="application/pkcs7-signature"; micalg=sha-256', [inner, signature])


def encrypted(inner: bytes) -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Empfang")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(NOW).not_valid_after(NOW + timedelta(days=9)).sign(key, hashes.SHA256())
    )  # fmt: skip
    sealed = pkcs7.PKCS7EnvelopeBuilder().set_data(inner).add_recipient(certificate).encrypt(Encoding.DER, [])
    return mail("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b64(sealed), encoding="base64")


# The bases


def _plain(charset: str = "utf-8") -> bytes:
    return part(f"text/plain; charset={charset}", LETTER.encode(charset))


def _flowed(delsp: bool) -> bytes:
    soft = " \n" if not delsp else "  \n"
    return LETTER.replace(" welche ", f"{soft}welche ").replace(" gespeichert ", f"{soft}gespeichert ").encode()


def _calendar() -> bytes:
    text = ASKS.replace(",", "\\,")
    return (
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Termin\nDESCRIPTION;LANGUAGE=de:" + text[:40] + "\n "
        + text[40:] + "\nEND:VEVENT\nEND:VCALENDAR\n"
    ).encode()  # fmt: skip


def bases() -> dict[str, bytes]:
    """Name of the structure -> the mail; the same bytes each time."""
    utf8, page = LETTER.encode(), part("text/html; charset=utf-8", PAGE.encode())
    pdf = part('application/pdf; name="Beleg.pdf"', b64(b"%PDF-1.4\n%x\n" * 40), "base64", "attachment")
    winmail = 'application/ms-tnef; name="winmail.dat"'
    inner = HEAD.replace("Anfrage", "Auskunft").encode() + b"Content-Type: text/plain; charset=utf-8\n\n" + utf8
    armoured = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + LETTER + "\n-----BEGIN PGP SIGNATURE-----\n\n"
    uu = "\n\nbegin 644 brief.txt\n+2&%L;&\\@=V5L=``\n`\nend\n"
    encoded = HEAD.replace("Subject: Anfrage", "Subject: =?utf-8?Q?Anfrage_f=C3?=\n =?utf-8?Q?=BCr_J=C3=B6rn?=")
    return {
        "plain": mail("text/plain; charset=utf-8", utf8),
        "latin1": mail("text/plain; charset=iso-8859-1", LETTER.encode("latin-1")),
        "wrongly_latin1": mail("text/plain; charset=iso-8859-1", utf8),
        "unknown_charset": mail("text/plain; charset=x-unknown", LETTER.encode("cp1252")),
        "no_type": HEAD.encode() + b"\n" + utf8,
        "quoted": mail("text/plain; charset=utf-8", quopri.encodestring(utf8), encoding="quoted-printable"),
        "base64": mail("text/plain; charset=utf-8", b64(utf8), encoding="base64"),
        "html": mail("text/html; charset=utf-8", PAGE.encode()),
        "html_base64": mail("text/html; charset=utf-8", b64(PAGE.encode()), encoding="base64"),
        "alternative": multipart("alternative", [_plain(), page]),
        "mixed": multipart("mixed", [_plain(), pdf]),
        "related": multipart("related", [page, part("image/gif; name=l.gif", b64(b"GIF89a" + b"\0" * 30), "base64")]),
        "nested": multipart("mixed", [multipart("alternative", [_plain(), page], "inner", ""), pdf]),
        "attached_mail": multipart("mixed", [part("text/plain", b"Zur Info."), part("message/rfc822", inner)]),
        "digest": multipart("digest", [b"\n" + inner]),
        "encoded_words": mail("text/plain; charset=utf-8", utf8, head=encoded),
        "raw_headers": mail("text/plain", utf8, head=HEAD.replace("Anfrage", "Anfrage für Jörn")),
        "flowed": mail("text/plain; charset=utf-8; format=flowed", _flowed(delsp=False)),
        "delsp": mail("text/plain; charset=utf-8; format=flowed; delsp=yes", _flowed(delsp=True)),
        "tnef_text": multipart("mixed", [part("text/plain", b""), part(winmail, b64(tnef(text=LETTER)), "base64")]),
        "tnef_html": mail(winmail, b64(tnef(html=PAGE.encode("cp1252"))), encoding="base64"),
        "tnef_rtf": mail(winmail, b64(tnef(rtf=rtf_of(LETTER), files=[("a.txt", b"a")])), encoding="base64"),
        "tnef_rtf_html": mail(winmail, b64(tnef(rtf=rtf_from_html(ASKS))), encoding="base64"),
        "smime_opaque": (MAILS / "signed_opaque.eml").read_bytes(),
        "smime_detached": (MAILS / "signed_detached.eml").read_bytes(),
        "pgp_clear": mail("text/plain; charset=utf-8", (armoured + "iQE=\n-----END PGP SIGNATURE-----\n").encode()),
        "calendar": multipart("mixed", [part("text/calendar; method=REQUEST; charset=utf-8", _calendar())]),
        "uuencode": mail("text/plain; charset=utf-8", utf8 + uu.encode()),
        "no_boundary": multipart("mixed", [_plain(), pdf]).replace(b'; boundary="=_next_4711"', b""),
        "wrong_boundary": multipart("mixed", [_plain(), pdf]).replace(b'"=_next_4711"', b'"=_other"'),
        "crlf": mail("text/plain; charset=utf-8", utf8).replace(b"\n", b"\r\n"),
        "cr": mail("text/plain; charset=utf-8", utf8).replace(b"\n", b"\r"),
    }
