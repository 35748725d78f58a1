"""A mail without one attachment keeps everything else, byte by byte."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from infra.parse import parse_message
from infra.without import only_text, without_parts

SECRET, OTHER = b"\xff\xd8\xff" + b"ausweis" * 50, b"%PDF-1.7 vollmacht"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def mail() -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"] = "Lena <lena@mail.example>", "Auskunft über alles"
    message.set_content("Anbei mein Ausweis.\n")
    message.add_attachment(SECRET, maintype="image", subtype="jpeg", filename="Ausweis.jpg")
    message.add_attachment(OTHER, maintype="application", subtype="pdf", filename="Vollmacht.pdf")
    return message


def test_the_part_goes_and_all_else_stays() -> None:
    raw = mail().as_bytes()
    cut, count = without_parts(raw, lambda content: content == SECRET)
    message = parse_message(cut, NOW)
    assert count == 1
    assert [part.content for part in message.attachments] == [OTHER]
    assert "Anbei mein Ausweis." in message.text
    assert message.subject == "Auskunft über alles"
    assert b"Ausweis.jpg" not in cut
    assert parse_message(raw, NOW).headers == message.headers


def test_it_is_found_in_a_forwarded_mail() -> None:
    outer = EmailMessage(policy=SMTP)
    outer["From"] = "ole@mail.example"
    outer.set_content("siehe unten")
    outer.add_attachment(mail())
    cut, count = without_parts(outer.as_bytes(), lambda content: content == SECRET)
    assert count == 1
    assert SECRET not in [part.content for part in parse_message(cut, NOW).attachments]


def test_nothing_unwanted_changes_nothing() -> None:
    raw = mail().as_bytes()
    assert without_parts(raw, lambda _: False) == (raw, 0)


def test_a_mail_that_is_nothing_else_keeps_its_header_fields() -> None:
    raw = b"From: lena@mail.example\r\nSubject: x\r\nContent-Type: image/jpeg\r\n\r\n" + SECRET
    assert without_parts(raw, lambda content: content == SECRET)[1] == 0
    left = only_text(raw, "")
    message = parse_message(left, NOW)
    assert (message.sender.email, message.subject, message.attachments) == ("lena@mail.example", "x", ())
