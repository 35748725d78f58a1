from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.compose import compose

WHEN = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
LONG_ID = "<" + "AM9PR07MB7" * 12 + "@EURPRD07.PROD.OUTLOOK.example>"


def _raw(**changes: object) -> bytes:
    values: dict[str, object] = {
        "sender_address": "datenschutz@firma.example",
        "sender_name": "Müller & Söhne GmbH, Datenschutz",
        "recipient": "erika@post.example",
        "subject": "Ihre Anfrage A-2026-0001",
        "text": "Guten Tag,\n\nwir haben Ihre Anfrage erhalten.\n",
        "message_id": "<a-2026-0001.1@firma.example>",
        "date": WHEN,
    }
    return compose(**{**values, **changes})  # type: ignore[arg-type]


def _read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


def test_a_notice_reads_back_as_written() -> None:
    mail = _read(_raw())
    assert mail["From"].addresses[0].display_name == "Müller & Söhne GmbH, Datenschutz"
    assert mail["From"].addresses[0].addr_spec == "datenschutz@firma.example"
    assert [each.addr_spec for each in mail["To"].addresses] == ["erika@post.example"]
    assert mail["Message-ID"] == "<a-2026-0001.1@firma.example>"
    assert mail["Date"].datetime == WHEN
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert mail["Content-Transfer-Encoding"] == "quoted-printable"
    assert mail.get_content() == "Guten Tag,\r\n\r\nwir haben Ihre Anfrage erhalten.\r\n"


def test_no_autoresponder_shall_answer_a_notice() -> None:
    assert _read(_raw())["Auto-Submitted"] == "auto-generated"
    reply = _read(_raw(in_reply_to="<anfrage@post.example>"))
    assert reply["Auto-Submitted"] == "auto-replied"
    assert reply["X-Auto-Response-Suppress"] == "All"


def test_an_answer_written_by_a_person_is_not_marked_automatic() -> None:
    mail = _read(_raw(auto=False))
    assert mail["Auto-Submitted"] is None
    assert mail["X-Auto-Response-Suppress"] is None


def test_headers_say_nothing_beyond_what_they_must() -> None:
    names = {name.lower() for name in _read(_raw(auto=False)).keys()}  # noqa: SIM118  # a mail iterates over lines
    assert names == {
        "message-id",
        "from",
        "to",
        "subject",
        "date",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
    }


def test_long_message_ids_of_others_stay_whole() -> None:
    raw = _raw(in_reply_to=LONG_ID, references=["<erste@post.example>", LONG_ID])
    assert f"In-Reply-To: {LONG_ID}\r\n".encode() in raw
    assert f"References: <erste@post.example>\r\n {LONG_ID}\r\n".encode() in raw


def test_malformed_references_are_left_out_but_the_mail_is_written() -> None:
    mail = _read(_raw(in_reply_to="not an id", references=["<gut@post.example>", "schlecht", "<ümlaut@post.example>"]))
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<gut@post.example>"


def test_many_references_are_cut_to_the_first_and_the_latest() -> None:
    kept = _read(_raw(references=[f"<{n:03}@post.example>" for n in range(500)]))["References"].split()
    assert len(kept) == 20
    assert kept[0] == "<000@post.example>"
    assert kept[-1] == "<499@post.example>"


def test_an_attachment_comes_back_octet_for_octet() -> None:
    content = bytes(range(256)) * 50
    mail = _read(_raw(attachment=("Auskunft für Sie.html", "text/html", BytesIO(content))))
    (part,) = mail.iter_attachments()
    assert part.get_filename() == "Auskunft für Sie.html"
    assert part.get_content_type() == "text/html"
    assert part["Content-Transfer-Encoding"] == "base64"
    assert part.get_payload(decode=True) == content
    body = mail.get_body()
    assert body is not None
    assert body.get_content().startswith("Guten Tag")


def test_the_same_mail_is_the_same_octets() -> None:
    first, second = (_raw(attachment=("a.zip", "application/zip", BytesIO(b"zip"))) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "field", ["sender_address", "sender_name", "recipient", "subject", "message_id", "in_reply_to"]
)
@pytest.mark.parametrize("evil", ["\r\nBcc: opfer@post.example", "\nX: y", "\rX: y", "\x00", "\u2028X: y"])
def test_line_ends_and_control_characters_are_refused_in_headers(field: str, evil: str) -> None:
    good = {"sender_address": "a@firma.example", "recipient": "b@post.example", "message_id": "<c@firma.example>"}
    with pytest.raises(ValueError) as caught:
        _raw(**{field: good.get(field, "x") + evil})
    assert "opfer" not in str(caught.value)


def test_line_ends_are_refused_in_references_and_file_names() -> None:
    with pytest.raises(ValueError):
        _raw(references=["<a@post.example>\r\nBcc: opfer@post.example"])
    with pytest.raises(ValueError):
        _raw(attachment=("a\r\nBcc: x", "application/zip", BytesIO(b"")))
    with pytest.raises(ValueError):
        _raw(attachment=("a.zip", "application/zip\r\nBcc: x", BytesIO(b"")))


@pytest.mark.parametrize(
    "recipient", ["", "erika", "@post.example", "erika@", "a@post.example, b@post.example", "a@b@post.example"]
)
def test_what_is_not_one_address_is_refused(recipient: str) -> None:
    with pytest.raises(ValueError):
        _raw(recipient=recipient)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        _raw(date=datetime(2026, 7, 1))  # noqa: DTZ001  # that is the point


def test_an_international_domain_goes_as_ascii() -> None:
    raw = _raw(recipient="erika@müller.example")
    assert raw.isascii()
    assert _read(raw)["To"].addresses[0].addr_spec == "erika@xn--mller-kva.example"


def test_an_international_local_part_goes_as_utf8() -> None:
    raw = _raw(recipient="jürgen@post.example")
    assert "To: jürgen@post.example\r\n".encode() in raw


@given(
    text=st.text(max_size=3000), subject=st.text(st.characters(blacklist_categories=["C", "Zl", "Zp"]), max_size=300)
)
def test_any_text_gives_a_wellformed_mail(text: str, subject: str) -> None:
    raw = _raw(text=text, subject=subject)
    assert raw.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", raw)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    mail = _read(raw)
    assert str(mail["Subject"]).split() == subject.split()
    assert mail.get_content().splitlines() == (text if text.endswith(("\r", "\n")) else text + "\n").splitlines()
