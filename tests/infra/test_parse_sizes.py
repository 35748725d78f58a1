"""Huge and hostile mails cost bounded time and memory, and never pass for nothing where a part of them was not read."""

from __future__ import annotations

import base64
import struct
import time
import tracemalloc
from collections.abc import Callable

import pytest

from cases.request import Verdict
from flows.letters import recognise_with_letters
from infra.parse import parse_message
from tests.infra.mail_bases import ASKS, HEAD, LETTER, NOW, attribute, b64, mail, multipart, part, properties, tnef

MIB = 1024 * 1024
SECONDS = 8.0  # of processor time, while memory is traced, which makes Python several times slower
ROOM = 24 * MIB  # beside what is kept of the mail
BIG = 16 * MIB


def typed(content_type: str) -> bytes:
    return f"{HEAD}Content-Type: {content_type}\n\n".encode()


def bomb_in_rtf() -> bytes:
    """References that repeat the window: each two bytes become seventeen."""
    stream = struct.pack("<II4sI", 9, 9, b"LZFu", 0) + (b"\xff" + b"\x00\x0f" * 8) * 100_000
    return tnef()[:6] + attribute(1, 0x9003, properties((0x0102, 0x1009, stream)))


def mails_in_mails(count: int, content: bytes) -> bytes:
    raw = HEAD.encode() + b"\n" + content
    for _ in range(count):
        raw = mail("message/rfc822", raw)
    return raw


def many_fields(count: int) -> bytes:
    return HEAD.encode() + b"".join(b"X-%d: b\n" % number for number in range(count)) + b"\n\nx" + b"x" * MIB


HUGE: dict[str, Callable[[], bytes]] = {
    "empty lines": lambda: HEAD.encode() + b"\n" * BIG,
    "one line": lambda: HEAD.encode() + b"\n" + b"x" * BIG,
    "only CR": lambda: HEAD.encode().replace(b"\n", b"\r") + b"\r" * BIG,
    "10,000 parts": lambda: multipart("mixed", [part("text/plain", b"Hallo")] * 10_000),
    "delimiters": lambda: typed("multipart/mixed; boundary=b") + b"--b\n" * (BIG // 4),
    "ends": lambda: typed("multipart/mixed; boundary=b") + b"\n--b--\n" * (BIG // 7),
    "near delimiters": lambda: typed("multipart/mixed; boundary=b") + b"--b" * (BIG // 3),
    "hyphens": lambda: typed(f'multipart/mixed; boundary="{"-" * 70}"') + b"-" * BIG,
    "3,000 levels": lambda: (
        HEAD.encode()
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(3_000))
    ),
    "one boundary for all": lambda: HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 100_000,
    "mails in mails": lambda: mails_in_mails(100, b"x" * 4 * MIB),
    "parameters": lambda: multipart("mixed", [b"Content-Type: text/plain" + b';a="' * 7_000 + b"\n\nx"] * 299),
    "fields": lambda: (
        HEAD.encode() + b"".join(b"X-%d: b\n" % number for number in range(300_000)) + b"\n\nx" + b"x" * MIB
    ),
    "folded": lambda: b"Subject: a\n" + b" b\n" * 4 * MIB + HEAD.encode() + b"\n" + b"x" * MIB,
    "addresses": lambda: b"From: " + b"(" * 7_000 + b"\n" + (b"To: " + b"(a@b.example," * 600 + b"\n") * 300 + b"\nx",
    "encoded words": lambda: b"Subject: " + b"=?utf-8?B?" * MIB + b"\n\nx",
    "hidden HTML": lambda: mail("text/html", b"<div style='display:none'><p>" * (MIB // 2)),
    "HTML in parts": lambda: multipart("mixed", [part("text/html", b"<a b='c'><p>&amp;" * 1_000)] * 299),
    "files in the text": lambda: mail("text/plain", b"begin 644 a\n" * MIB),
    "armour": lambda: mail("text/plain", b"-----BEGIN PGP SIGNED MESSAGE-----\n\n" * (MIB // 8)),
    "quotations": lambda: mail("text/plain", b"> x\n" * MIB),
    "an invitation": lambda: mail("text/calendar", b"DESCRIPTION" + b";a=" * MIB),
    "winmail.dat, packed": lambda: mail("application/ms-tnef", bomb_in_rtf(), encoding="binary"),
    "winmail.dat, files": lambda: mail(
        "application/ms-tnef", tnef()[:6] + attribute(2, 0x9002, b"") * 300_000, encoding="binary"
    ),
    "an endless envelope": lambda: mail("application/pkcs7-mime", b"\x30\x80" * 2 * MIB, encoding="binary"),
    "short lines of base64": lambda: mail("text/plain", b"QQ\n" * 2 * MIB, encoding="base64"),
    "zero bytes": lambda: b"\x00" * BIG,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_mail_costs_bounded_time_and_memory(name: str) -> None:
    raw = HUGE[name]()
    began = time.process_time()
    tracemalloc.start()
    message = parse_message(raw, NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    request = recognise_with_letters(message, None)
    assert time.process_time() - began < SECONDS
    assert peak < 4 * len(raw) + ROOM
    everything_read = name in ("parameters", "fields", "folded", "addresses", "encoded words")
    assert everything_read or request.verdict is not Verdict.OTHER


def test_a_mail_of_64_mb_is_read_with_its_attachment() -> None:
    content = bytes(range(256)) * 4 * 1024 * 46
    attached = part("application/x-brief; name=a.bin", base64.encodebytes(content), "base64", "attachment")
    raw = multipart("mixed", [part("text/plain; charset=utf-8", LETTER.encode()), attached])
    assert len(raw) > 60 * MIB
    began = time.process_time()
    message = parse_message(raw, NOW)
    assert time.process_time() - began < SECONDS
    assert ASKS in message.text
    assert message.attachments[0].content == content
    assert recognise_with_letters(message, None).verdict is Verdict.ACCESS


def test_the_first_parts_of_many_are_read() -> None:
    parts = [part("text/plain; charset=utf-8", LETTER.encode()), *[part("image/png; name=a.png", b"x")] * 9_999]
    message = parse_message(multipart("mixed", parts), NOW)
    assert ASKS in message.text
    assert 0 < len(message.attachments) < 300
    assert "too_many_parts" in message.defects


def test_what_fits_into_each_other_is_kept_only_as_far_as_there_is_room() -> None:
    message = parse_message(mails_in_mails(14, b"x" * 3 * MIB), NOW)
    assert sum(len(file.content) for file in message.attachments) < 14 * MIB
    assert {"too_deep", "attachment_cut"} & set(message.defects)
    twice = parse_message(mails_in_mails(2, LETTER.encode()), NOW)
    assert ASKS in twice.quoted
    assert not {"too_deep", "attachment_cut"} & set(twice.defects)


def test_a_base64_text_of_many_megabytes_is_read_at_its_beginning() -> None:
    raw = mail("text/plain; charset=utf-8", b64(LETTER.encode() + b"\nwort " * 3 * MIB), encoding="base64")
    message = parse_message(raw, NOW)
    assert ASKS in message.text
    assert "text_cut" in message.defects
