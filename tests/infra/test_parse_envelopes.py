"""winmail.dat, S/MIME and PGP: what is inside is read like the mail's own; what cannot be opened is never nothing."""

from __future__ import annotations

import base64
import random
import zlib
from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.message import AuthResults
from infra.authenticity import with_smime
from infra.parse import parse_message
from infra.rtf_text import rtf_html, rtf_text
from infra.smime import opened, signature_of
from infra.tnef import decompressed_rtf, read_tnef
from tests.infra.mail_bases import (
    ASKS,
    HEAD,
    LETTER,
    NOW,
    PAGE,
    attribute,
    b64,
    bases,
    compressed_rtf,
    detached,
    encrypted,
    mail,
    make_signer,
    multipart,
    opaque,
    part,
    properties,
    rtf_from_html,
    rtf_of,
    signer,
    tnef,
)  # fmt: skip

INNER = part("text/plain; charset=utf-8", LETTER.encode())

# TNEF


def test_files_and_an_enclosed_mail_come_out() -> None:
    stream = tnef(text="Anbei.", files=[("Straße.pdf", b"%PDF-1"), ("../b.txt", b"b")], inside=tnef(text=LETTER))
    message = parse_message(mail("application/ms-tnef", b64(stream), encoding="base64"), NOW)
    assert message.text == "Anbei."
    assert [(file.name, file.content) for file in message.attachments[1:]] == [
        ("Straße.pdf", b"%PDF-1"),
        ("b.txt", b"b"),
    ]
    assert ASKS in message.quoted


def test_the_text_is_not_doubled_where_the_mail_has_it_already() -> None:
    stream = part("application/ms-tnef; name=winmail.dat", b64(tnef(html=PAGE.encode("cp1252"))), "base64")
    message = parse_message(multipart("mixed", [INNER, stream]), NOW)
    assert message.text.count(ASKS) == 1


def test_rtf_and_the_html_inside_it() -> None:
    assert ASKS in rtf_text(rtf_of(LETTER))
    assert rtf_html(rtf_from_html(ASKS)) == f"<p>{ASKS}</p>"
    assert "doppelt" in rtf_text(rtf_from_html(ASKS))
    assert rtf_text(b"{\\rtf1{\\*\\generator x}{\\info y}\\'fcber\\tab \\{a\\}\\u8364?\\par}") == "über\t{a}€\n"


def test_compressed_rtf() -> None:
    for text in (b"", b"{\\rtf1 a}", b"{\\rtf1 " + b"ab" * 3_000 + b"}"):
        assert decompressed_rtf(compressed_rtf(text)) == text
    assert decompressed_rtf(b"\0" * 8 + b"MELA" + b"\0" * 4 + b"{\\rtf1}") == b"{\\rtf1}"
    repeated = b"\0" * 8 + b"LZFu" + b"\0" * 4 + b"\x02a" + (207 << 4 | 5).to_bytes(2, "big")
    assert decompressed_rtf(repeated) == b"aaaaaaaa"


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_some_tnef(data: bytes) -> None:
    for stream in (data, b"\x78\x9f\x3e\x22" + data, tnef()[:6] + attribute(1, 0x9003, data)):
        assert isinstance(read_tnef(stream).text, str)
    assert isinstance(decompressed_rtf(b"\0" * 8 + b"LZFu" + data), bytes)
    assert isinstance(rtf_text(b"{\\rtf" + data), str)


@pytest.mark.parametrize("stream", [
    tnef(text=LETTER)[:60], tnef(rtf=b"no rtf"), tnef()[:6] + attribute(1, 0x9003, b"\xff" * 40),
    tnef()[:6] + attribute(1, 0x9003, properties((0x0102, 0x1009, b"x" * 20))),
])  # fmt: skip
def test_a_damaged_stream_is_unread(stream: bytes) -> None:
    assert "unreadable" in parse_message(mail("application/ms-tnef", b64(stream), encoding="base64"), NOW).defects


# S/MIME


def test_an_opaque_signature_is_unwrapped_and_checked() -> None:
    for raw in (bases()["smime_opaque"], opaque(opaque(INNER).removeprefix(HEAD.encode()))):
        message = parse_message(raw, NOW)
        assert ASKS in message.text
        assert "encrypted" not in message.defects
        found = signature_of(raw, NOW)
        assert found is not None
        assert (found.valid, found.addresses, found.trusted) == (True, ("ahlers@post.example",), False)


@pytest.mark.parametrize("wrong", [b"Guten Abend", b"Guten  Tag"])
def test_a_signature_holds_only_over_what_was_signed(wrong: bytes) -> None:
    raw = bases()["smime_detached"]
    for ends in (b"\n", b"\r\n"):
        found = signature_of(raw.replace(b"\n", ends), NOW)
        assert found is not None
        assert found.valid
    changed = signature_of(raw.replace(b"Guten Tag", wrong), NOW)
    assert changed is not None
    assert not changed.valid


def test_a_signature_vouches_only_through_a_configured_authority() -> None:
    by = signer()
    raw = detached(INNER)
    stated = AuthResults()
    unknown, other = with_smime(stated, raw, NOW), with_smime(stated, raw, NOW, [make_signer("x@y.example").authority])
    trusted = with_smime(stated, raw, NOW, [by.authority])
    assert (unknown.smime, other.smime, trusted.smime) == ("pass", "pass", "pass")
    assert not unknown.vouches_for("ahlers@post.example")
    assert not other.vouches_for("ahlers@post.example")
    assert trusted.vouches_for("Ahlers@Post.example")
    assert not trusted.vouches_for("chef@post.example")
    assert "certificate of ahlers@post.example" in unknown.smime_words
    assert "ahlers" not in repr(trusted)


def test_an_expired_certificate_and_one_for_servers_vouch_for_nobody() -> None:
    raw, late = detached(INNER), NOW + timedelta(days=400)
    expired = with_smime(AuthResults(), raw, late, [signer().authority])
    assert (expired.smime, expired.smime_trusted) == ("fail", False)
    server = make_signer("ahlers@post.example", ExtendedKeyUsageOID.SERVER_AUTH)
    other_use = with_smime(AuthResults(), detached(INNER, server), NOW, [server.authority])
    assert (other_use.smime, other_use.smime_trusted) == ("pass", False)


def test_a_mail_without_signature_has_none() -> None:
    for name in ("plain", "mixed", "pgp_clear"):
        assert signature_of(bases()[name], NOW) is None
    assert with_smime(AuthResults(), bases()["plain"], NOW).smime_words == ""


@given(st.binary(max_size=200), st.integers(0, 900))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_some_envelope(data: bytes, at: int) -> None:
    assert opened(data).envelope in ("signed", "encrypted", "compressed", "unreadable")
    raw = bases()["smime_opaque"]
    head, _, body = raw.partition(b"\n\n")
    damaged = body[:at] + b64(data) + body[at + len(data) :]
    assert parse_message(head + b"\n\n" + damaged, NOW).raw
    signature_of(head + b"\n\n" + damaged, NOW)


def test_a_damaged_signature_or_certificate_breaks_nothing_and_proves_no_other_words() -> None:
    head, _, body = bases()["smime_opaque"].partition(b"\n\n")
    whole = base64.b64decode(body)
    for seed in range(800):
        chance, damaged = random.Random(seed), bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        raw = head + b"\n\n" + b64(bytes(damaged))
        found = signature_of(raw, NOW, [signer().authority])
        if found is not None and found.valid:
            assert opened(bytes(damaged)).content == opened(whole).content


def test_what_is_encrypted_is_never_nothing() -> None:
    pgp = (
        part("application/pgp-encrypted", b"Version: 1"),
        part("application/octet-stream", b"-----BEGIN PGP MESSAGE-----"),
    )
    for raw in (
        encrypted(INNER),
        multipart("encrypted; protocol=application/pgp-encrypted", pgp),
        mail("text/plain", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"),
        multipart("mixed", [part("text/plain", b"Hallo"), encrypted(INNER).partition(b"MIME-Version: 1.0\n")[2]]),
    ):
        assert "encrypted" in parse_message(raw, NOW).defects


def test_a_bomb_inside_an_envelope_stays_small() -> None:
    from asn1crypto import cms

    packed = zlib.compress(b"Content-Type: text/plain\n\n" + b"x" * 80_000_000, 9)
    content = {
        "version": "v0", "compression_algorithm": {"algorithm": "zlib"},
        "encap_content_info": {"content_type": "data", "content": packed},
    }  # fmt: skip
    data = cms.ContentInfo({"content_type": "compressed_data", "content": cms.CompressedData(content)}).dump()
    assert opened(data, 1_000).content == b"Content-Type: text/plain\n\n" + b"x" * 974
    assert "unreadable" in parse_message(mail("application/pkcs7-mime", b64(data), encoding="base64"), NOW).defects


# PGP


def test_clear_signed_text_loses_its_armour() -> None:
    raw = bases()["pgp_clear"].replace(b"Guten Tag", b"- -----\n- Guten Tag")
    text = parse_message(raw, NOW).text
    assert text.startswith("-----\nGuten Tag")
    assert "PGP" not in text
    assert "iQE" not in text
