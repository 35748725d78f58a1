"""The same letter, whatever way it came; and never another one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from infra.letter_identity import letter_identity

LETTER = (
    b"From: Lena =?utf-8?q?Kr=C3=BCger?= <lena@mail.example>\r\nTo: a@firma.example\r\nSubject: Auskunft\r\n"
    b"Date: Mon, 2 Mar 2026 11:00:00 +0100\r\nMessage-ID: <1@mail.example>\r\n\r\nGuten Tag\r\n"
)
WAYS = [
    b"Received: from a.example by b.example; Mon, 2 Mar 2026 11:00:01 +0100\r\n",
    b"Delivered-To: info@firma.example\r\n",
    b"Authentication-Results: mx.firma.example;\r\n dmarc=pass\r\n",
]


def test_the_way_of_a_letter_does_not_matter() -> None:
    first = letter_identity(LETTER)
    assert first.message_id == "<1@mail.example>"
    assert len(first.digest) == 64
    assert {letter_identity(way + LETTER).digest for way in WAYS} == {first.digest}


def test_what_the_sender_wrote_does() -> None:
    changed = [
        LETTER.replace(b"Guten Tag", b"Guten Abend"),
        LETTER.replace(b"lena@", b"ole@"),
        LETTER.replace(b"Auskunft", b"Werbung"),
        LETTER.replace(b"11:00:00", b"12:00:00"),
        LETTER.replace(b"<1@", b"<2@"),
    ]
    assert len({letter_identity(raw).digest for raw in (LETTER, *changed)}) == 6


def test_without_a_message_id_nothing_is_a_copy() -> None:
    assert letter_identity(LETTER.replace(b"Message-ID: <1@mail.example>\r\n", b"")).digest == ""
    assert letter_identity(b"").digest == ""


def test_nothing_of_the_letter_is_shown() -> None:
    assert "mail.example" not in repr(letter_identity(LETTER))


@given(st.binary(max_size=400))
def test_whatever_the_bytes_it_answers_and_the_same_each_time(noise: bytes) -> None:
    for raw in (noise, LETTER[:100] + noise, b"Message-ID: <1@m>\r\n\r\n" + noise):
        assert letter_identity(raw) == letter_identity(raw)
