"""20,000 damaged mails, the same ones each time: every one becomes a message and gets a verdict, in bounded time and
memory, and whoever's request is still there to read is not overlooked."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from io import BytesIO

import pytest

from cases.message import Message
from cases.request import Verdict
from flows.letters import recognise_with_letters
from infra.authenticity import authentication_results
from infra.extract import IsolatedExtractor
from infra.parse import MAX_TEXT, parse_message
from tests.infra.mail_bases import ASKS, NOW, bases, multipart, part
from tests.infra.pages import docx_of, odt_of, pdf_of, rtf_letter

ROUNDS, EACH = 20, 1_000
SECONDS_EACH = 2.0  # of processor time for one small mail, on a machine that does other things as well
MEBIBYTES = 300

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bytes(raw: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut_out(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.randint(1, 60) :]


def cut_off(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randint(1, len(raw))]


def repeat_lines(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    at = chance.randrange(len(lines))
    return b"\n".join(lines[:at] + [lines[at]] * chance.randint(2, 9) + lines[at + 1 :])


def remove_line(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    del lines[chance.randrange(len(lines))]
    return b"\n".join(lines)


def swap_lines(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def change_boundary(raw: bytes, chance: random.Random) -> bytes:
    wrong = chance.choice([b"", b"x", b"=_next_471", b"\x00", b"((", b"=_next_4711" * 40, b"\xff"])
    return raw.replace(b"=_next_4711", wrong, chance.randint(1, 3))


def change_charset(raw: bytes, chance: random.Random) -> bytes:
    names = ["utf-7", "us-ascii", "iso-8859-15", "cp1252", "utf-16", "idna", "base64", "x-nobody-knows", "", "gb2312",
             "iso-2022-jp", "utf-8\x00", "a" * 300, "../../etc/passwd", "undefined", "unicode_escape"]  # fmt: skip
    return raw.replace(b"charset=utf-8", b"charset=" + chance.choice(names).encode())


def change_encoding(raw: bytes, chance: random.Random) -> bytes:
    names = [b"7bit", b"base64", b"quoted-printable", b"x-uuencode", b"", b"binary", b"bose64", b"8bit; x", b"\xe4"]
    old = chance.choice([b"8bit", b"base64", b"quoted-printable"])
    return raw.replace(b"Encoding: " + old, b"Encoding: " + chance.choice(names), chance.randint(1, 2))


def nest(raw: bytes, chance: random.Random) -> bytes:
    head, _, body = raw.partition(b"\nContent-Type:")
    inner = b"Content-Type:" + body
    for level in range(chance.choice([1, 2, 5, 12, 40])):
        inner = multipart(chance.choice(["mixed", "related", "alternative"]), [inner], f"level{level}", "")
    return head + b"\n" + inner


def insert_noise(raw: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(raw))
    noise = [b"\x00" * 5, b"\xff\xfe", b"\r", b"\n\n", b"=?utf-8?B?", b"\x1b[2J", b"A" * 5_000, b"((((" * 500,
             b"<" * 2_000, b"\n--=_next_4711--\n", b"\n.\n", b"\xe2\x80\xae"]  # fmt: skip
    return raw[:at] + chance.choice(noise) + raw[at:]


def swap_line_ends(raw: bytes, chance: random.Random) -> bytes:
    ends = [b"\n", b"\r\n", b"\r"]
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if chance.random() < 0.5:
        return chance.choice(ends).join(lines)
    return b"".join(line + chance.choice(ends) for line in lines)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, cut_out, cut_off, repeat_lines, remove_line, swap_lines, change_boundary, change_charset,
    change_encoding, nest, insert_noise, swap_line_ends,
)  # fmt: skip
BASES = bases()
WHOLE = {name: parse_message(raw, NOW) for name, raw in BASES.items()}


def mutated(number: int) -> tuple[str, bytes]:
    chance = random.Random(number)
    name = chance.choice(list(BASES))
    raw = BASES[name]
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        raw = chance.choice(MUTATIONS)(raw, chance) or b"\n"
    return name, raw


def one_line(text: str) -> str:
    return " ".join(text.split())


def survived(whole: Message, message: Message) -> bool:
    """Whether the request stands where it stood, from the same person, under the same subject."""
    place = "text" if ASKS in one_line(whole.text) else "quoted"
    return (
        ASKS in one_line(getattr(message, place))
        and message.sender.email == whole.sender.email
        and message.subject == whole.subject
    )


def most_memory() -> float:
    """MiB that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def check_bounds(message: Message) -> None:
    assert len(message.text) <= MAX_TEXT
    assert len(message.quoted) <= MAX_TEXT
    for text in (message.text, message.quoted, message.subject, message.sender.name, message.sender.email):
        assert "\x00" not in text
        text.encode("utf-8")  # no lone surrogate, which no database would take
    for attachment in message.attachments:
        assert not set(attachment.name) & set("/\\\x00\n\u202e")
        assert len(attachment.name) <= 200


def test_every_base_is_recognised_as_what_it_is() -> None:
    found = {name: recognise_with_letters(message, None).verdict for name, message in WHOLE.items()}
    assert found == dict.fromkeys(BASES, Verdict.ACCESS)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_each_of_a_thousand_damaged_mails_gets_a_verdict(round_: int) -> None:
    kept, changed, slowest, before = 0, [], 0.0, most_memory()
    for number in range(round_ * EACH, (round_ + 1) * EACH):
        name, raw = mutated(number)
        began = time.process_time()
        message = parse_message(raw, NOW, authentication_results(raw, ("mx.post.example",)))
        request = recognise_with_letters(message, None)
        slowest = max(slowest, time.process_time() - began)
        check_bounds(message)
        assert isinstance(request.verdict, Verdict)
        if survived(WHOLE[name], message):
            kept += request.verdict is Verdict.ACCESS
            if request.verdict is not Verdict.ACCESS:
                changed.append((number, name, request.verdict.value))
    assert kept > EACH / 2, "most mails keep their request, or this test shows nothing"
    assert len(changed) * 100 <= kept + len(changed), changed
    assert slowest < SECONDS_EACH
    assert most_memory() - before < MEBIBYTES


def test_damaged_documents_are_read_or_refused() -> None:
    """The extractor answers for each, and a mail whose letter it cannot read goes to a person."""
    documents = [
        ("b.pdf", pdf_of(ASKS)),
        ("b.docx", docx_of(ASKS)),
        ("b.odt", odt_of(ASKS)),
        ("b.rtf", rtf_letter(ASKS)),
    ]
    with IsolatedExtractor(timeout_seconds=20) as extractor:
        for number in range(60):
            chance = random.Random(number)
            name, content = documents[number % len(documents)]
            content = chance.choice([flip_bytes, cut_out, cut_off])(content, chance)
            raw = multipart("mixed", [part(f"application/octet-stream; name={name}", content, "binary", "attachment")])
            request = recognise_with_letters(parse_message(raw, NOW), extractor)
            if request.verdict not in (Verdict.ACCESS, Verdict.UNCLEAR):
                assert ASKS not in extractor.text(name, "", BytesIO(content)), (number, name)
