"""What programs and accidents make of mails: each is read as far as a person could read it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.message import Message
from infra.html_text import html_texts
from infra.mime_header import decoded_words, file_name, parameters
from infra.mime_text import bytes_text, canonical, is_refused, lenient_base64, without_uu_files
from infra.parse import parse_message
from tests.infra.mail_bases import ASKS, HEAD, LETTER, NOW, PAGE, b64, bases, mail, multipart, part


def read(raw: bytes) -> Message:
    return parse_message(raw, NOW)


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", bases())
def test_every_structure_gives_its_text(name: str) -> None:
    message = read(bases()[name])
    assert ASKS in one_line(message.text if name not in ("attached_mail", "digest") else message.quoted)
    assert message.sender.email == "ahlers@post.example"
    assert "Jörn" in message.text + message.quoted or name in ("calendar", "tnef_rtf_html")


# Headers


def test_encoded_words_may_be_cut_within_a_character() -> None:
    assert decoded_words("=?utf-8?Q?J=C3?= =?utf-8?Q?=B6rn?= =?iso-8859-1?B?QWhsZXJz?=") == "JörnAhlers"
    assert decoded_words("=?utf-8?B?SsO2?=\n =?utf-8?B?cm4=?= (privat)") == "Jörn (privat)"
    assert decoded_words("=?utf-8*de?Q?J=C3=B6rn mit Abstand?= x") == "Jörn mit Abstand x"
    assert decoded_words("=?utf-8?X?abc?= und =?utf-8?Q?offen") == "=?utf-8?X?abc?= und =?utf-8?Q?offen"


def test_an_encoded_word_writes_no_second_line() -> None:
    message = read(b"From: a@b.example\nSubject: =?utf-8?Q?Hallo=0D=0ABcc:_x=00y?=\n\nText")
    assert message.subject == "Hallo Bcc: x y"
    assert message.header("bcc") == ""


def test_raw_headers_in_either_encoding() -> None:
    for charset in ("utf-8", "cp1252"):
        message = read("From: Jörn <j@b.example>\nSubject: Löschung\n\nText".encode(charset))
        assert (message.subject, message.sender.name) == ("Löschung", "Jörn")


@given(st.text(max_size=200), st.sampled_from(["utf-8", "iso-8859-1", "x-odd", "utf-7", "gb2312", ""]))
@settings(max_examples=200, deadline=None)
def test_any_value_decodes_to_text_without_controls(text: str, charset: str) -> None:
    found = decoded_words(f"=?{charset}?Q?{text}?= =?{charset}?B?{text}?=")
    assert not set(found) & set("\x00\r\n\x1b")
    found.encode("utf-8")


def test_parameters_in_pieces_and_in_other_charsets() -> None:
    assert parameters("Text/Plain; charset=\"utf-8\"; name*0*=utf-8''J%C3%B6; name*1=rn.pdf; name*1=zwei") == (
        "text/plain",
        {"charset": "utf-8", "name": "Jörn.pdf"},
    )
    assert parameters('attachment; filename="a\\"b;c.pdf"')[1] == {"filename": 'a"b;c.pdf'}
    assert parameters('attachment; filename="offen; x=y')[1]["filename"] == "offen"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Brief.pdf", "Brief.pdf"),
        ("Brief\x00.pdf\n", "Brief.pdf"),
        ("Brief\u202efdp.exe", "Brieffdp.exe"),
        ("...", ""),
        ("=?utf-8?Q?Br=C3=BCck=2Epdf?=", "Brück.pdf"),
    ],
)
def test_names_of_files_are_names(written: str, kept: str) -> None:
    assert file_name(written) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert len(file_name("x" * 900 + ".pdf")) <= 200
    assert file_name("x" * 900 + ".pdf").endswith(".pdf")


def test_a_broken_line_among_the_headers_hides_no_other() -> None:
    raw = HEAD.replace("Subject:", "Sub\xadject ").encode("latin-1") + b"Content-Type: text/html\n\n" + PAGE.encode()
    message = read(raw)
    assert message.text.startswith("Guten Tag")
    assert message.message_id == "<m1@post.example>"
    assert "malformed" in message.defects


def test_only_headers_only_text_and_nothing() -> None:
    assert read(HEAD.encode()).text == ""
    assert read(HEAD.encode()).sender.email == "ahlers@post.example"
    bare = read(LETTER.encode())
    assert one_line(bare.text) == one_line(LETTER)
    assert {"no_from", "salvaged"} <= set(bare.defects)
    assert read(b"").defects == ("no_from",)


def test_the_line_of_a_mailbox_file_is_no_header() -> None:
    assert read(b"From ahlers@post.example Mon Mar  2 09:00:00 2026\n" + HEAD.encode() + b"\nText").text == "Text"


def test_doubled_headers_count_once_and_two_senders_are_seen() -> None:
    raw = HEAD.replace("Subject: Anfrage\n", "Subject: Anfrage\nSubject: Zweite\n").encode() + b"\n" + LETTER.encode()
    assert read(raw).subject == "Anfrage"
    assert read(raw).headers["subject"] == ("Anfrage", "Zweite")


# Charsets


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ("Grüße".encode(), "iso-8859-1"),
        ("Grüße".encode(), "us-ascii"),
        ("Grüße".encode(), "gb2312"),
        ("Grüße".encode(), "utf-16"),
        ("Grüße".encode(), "../../etc/passwd"),
        ("Grüße".encode("cp1252"), "utf-8"),
        ("Grüße".encode("cp1252"), "x-unknown"),
        ("Grüße".encode("cp1252"), ""),
        ("Grüße".encode().decode("cp1252").encode(), "utf-8"),
        ("Grüße".encode("utf-16"), "utf-16"),
        ("Grüße".encode("iso-8859-15"), "'ISO-8859-15'"),
    ],
)
def test_wrong_names_of_charsets_are_seen_through(content: bytes, charset: str) -> None:
    assert bytes_text(content, charset).lstrip("\ufeff") == "Grüße"


def test_what_is_right_is_not_repaired() -> None:
    for text in ("„Spaß“ – groß“", "Ça alors, «NÃO»", "ÄÖÜäöü ß“ €"):
        assert bytes_text(text.encode(), "utf-8") == text
    assert bytes_text("Příliš žluťoučký".encode("cp1250"), "windows-1250") == "Příliš žluťoučký"
    assert bytes_text("永久網址".encode("big5"), "big5") == "永久網址"


def test_one_damaged_byte_spoils_one_character() -> None:
    damaged = LETTER.encode().replace("Grüßen".encode(), b"Gr\xc3\x28\xc3\x9fen")
    assert ASKS in bytes_text(damaged, "utf-8")


@pytest.mark.parametrize("name", ["utf-7", "unicode-1-1-utf-7", "U7", "idna", "unicode_escape", "base64", "cp037"])
def test_some_codecs_are_never_used_on_mail(name: str) -> None:
    assert canonical(name) == ""
    assert is_refused(name)
    message = read(mail(f"text/plain; charset={name}", b"+AEE-nfrage \\u0041 xn--80ak6aa92e"))
    assert message.text == "+AEE-nfrage \\u0041 xn--80ak6aa92e"
    assert "odd_charset" in message.defects


# Transfer encodings


def test_a_damaged_line_of_base64_spoils_only_itself() -> None:
    content = bytes(range(256)) * 4
    lines = b64(content).split(b"\n")
    lines[3] = lines[3][:-3]
    found = lenient_base64(b"\n".join(lines))
    assert found[:57] == content[:57]
    assert found.endswith(content[-300:])


@given(st.binary(max_size=400), st.integers(1, 120))
@settings(max_examples=200, deadline=None)
def test_whole_base64_is_read_exactly_however_its_lines_are_cut(content: bytes, width: int) -> None:
    import base64

    coded = base64.b64encode(content)
    lines = b"\r\n".join(coded[at : at + width] for at in range(0, len(coded), width))
    assert lenient_base64(lines) == content


@pytest.mark.parametrize("encoding", ["7bit", "base64", "", "x-none"])
def test_a_wrong_transfer_encoding_does_not_hide_plain_text(encoding: str) -> None:
    assert ASKS in read(mail("text/plain; charset=utf-8", LETTER.encode(), encoding=encoding)).text


@pytest.mark.parametrize("name", ["quoted", "base64", "html_base64"])
def test_a_lost_transfer_encoding_is_found_out(name: str) -> None:
    raw = bases()[name]
    assert ASKS in one_line(read(raw.replace(b"Content-Transfer-Encoding", b"X-Lost")).text)


def test_a_file_in_uuencode_leaves_the_text() -> None:
    text, files = without_uu_files("Brief:\n\nbegin 644 x.txt\n%:&%L;&\\\n`\nend\nGruß\nbegin again\n")
    assert text == "Brief:\n\nGruß\nbegin again\n"
    assert files == [("x.txt", b"hallo")]


# Parts


@pytest.mark.parametrize("broken", [b'boundary="=_other"', b"boundary=", b"bundary=x", b'boundary="'])
def test_a_wrong_boundary_is_replaced_by_what_looks_like_one(broken: bytes) -> None:
    raw = bases()["mixed"].replace(b'boundary="=_next_4711"', broken)
    message = read(raw)
    assert one_line(message.text) == one_line(LETTER)
    assert [attachment.name for attachment in message.attachments] == ["Beleg.pdf"]


@pytest.mark.parametrize("which", [1, 2])
def test_a_damaged_delimiter_loses_no_text(which: int) -> None:
    pieces = bases()["mixed"].split(b"--=_next_4711\n")
    pieces[which - 1] += b"--=_next_4\x05711\n" + pieces.pop(which)
    assert ASKS in one_line(read(b"--=_next_4711\n".join(pieces)).text)


def test_a_part_after_the_end_is_read() -> None:
    raw = multipart("mixed", [part("text/plain", b"Hallo"), part("text/plain; charset=utf-8", LETTER.encode())])
    assert ASKS in read(raw.replace(b"Hallo\n--=_next_4711\n", b"Hallo\n--=_next_4711--\n--=_next_4711\n")).text


def test_the_html_speaks_too_where_the_plain_text_says_something_else() -> None:
    empty = part("text/plain", b"")
    other = part("text/plain", b"Unsere Neuigkeiten im Fr\xfchling: " + b"Krokusse, Primeln und Tulpen. " * 9)
    page = part("text/html; charset=utf-8", PAGE.encode())
    for plain in (empty, other):
        assert ASKS in one_line(read(multipart("alternative", [plain, page])).text)


def test_hidden_text_is_nothing_that_somebody_wrote() -> None:
    for how in ('style="display: none"', 'style="color:red;DISPLAY:NONE !important"', "hidden", 'style="mso-hide:all"'):
        html = f"<div>Guten Tag<div {how}><div>{ASKS}</div> geheim</div><br>Ende</div>"
        assert html_texts(html)[0].split() == ["Guten", "Tag", "Ende"]
        assert ASKS in html_texts(html)[1]
        message = read(mail("text/html; charset=utf-8", html.encode()))
        assert ASKS not in message.text
        assert "hidden_text" in message.defects


def test_what_only_looks_hidden_is_read() -> None:
    for how in ('style="display:block"', 'style="font-size:0"', 'style="opacity:0.9"', 'class="hidden"'):
        assert html_texts(f"<div {how}>sichtbar</div>") == ("sichtbar", "")
    assert html_texts("<div style='display:none'>nie geschlossen")[0] == "nie geschlossen"


def test_a_picture_in_an_attribute_pushes_no_text_out() -> None:
    html = f'<img src="data:image/png;base64,{"QUJD" * 200_000}"><p>{ASKS}</p><!DOCTYPE html>'
    assert html_texts(html)[0] == ASKS


def test_an_invitation_gives_what_people_wrote_into_it() -> None:
    message = read(bases()["calendar"])
    assert message.text == f"Termin\n\n{ASKS}"
    assert read(mail("text/calendar", b"BEGIN:VCALENDAR\nDTSTART:20260302T090000Z\nEND:VCALENDAR\n")).text == ""


@pytest.mark.parametrize("kind", ["message/partial; id=x; number=1", "message/external-body; access-type=URL"])
def test_text_that_lies_elsewhere_is_unread(kind: str) -> None:
    assert "elsewhere" in read(mail(kind, b"\nContent-Type: text/plain\n\nx")).defects


def test_a_type_that_nobody_knows_is_read_where_it_is_text() -> None:
    for kind in ("text/markdown", "texp/plain", "application/x-irgendwas", "text", "/", "multipart/mixed"):
        assert ASKS in read(mail(kind, LETTER.encode())).text
    assert read(mail("application/x-irgendwas", bytes(range(256)))).text == ""


def test_zero_bytes_are_no_letters() -> None:
    raw = bases()["mixed"].replace(b"Content-Type", b"Cont\x00ent-Type").replace(b"gespeichert", b"gespei\x00chert")
    assert ASKS in one_line(read(raw).text)
