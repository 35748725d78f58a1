"""Who asks, where the mail's From is a machine, a web form or a colleague. All people are invented."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from cases.identifiers import Kind
from cases.person import Person
from cases.recognise import recognise
from flows.people import no_mail_to, people_of
from infra.parse import parse_message

OWN = ("datenschutz@rad-nord.example", "web@rad-nord.example")
NORA = "nora.beck@post.example"
WISH = "Guten Tag, ich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO."


def mail_from(sender: str, text: str = WISH, subject: str = "Ihre Anfrage", **headers: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, OWN[0], subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def person_of(mail: EmailMessage) -> Person:
    message = parse_message(mail.as_bytes(), datetime(2026, 3, 2, 9, tzinfo=UTC))
    (person,) = people_of(message, recognise(message, (), OWN), OWN)
    return person


def mails_of(person: Person) -> list[str]:
    return [item.value for item in person.claims if item.kind is Kind.EMAIL]


@pytest.mark.parametrize(
    "sender",
    [
        "Rad Nord Webseite <web@rad-nord.example>",
        "Rad Nord <datenschutz@rad-nord.example>",
        "WordPress <wordpress@rad-nord.example>",
        "Kontakt <info@webhost.example>",
        "no.reply@webhost.example",
    ],
)
def test_the_person_of_a_bare_web_form_stands_in_reply_to(sender: str) -> None:
    person = person_of(mail_from(sender, Reply_To=f"Nora Beck <{NORA}>"))
    assert (person.name, person.sender, person.vouched, person.no_mail) == ("Nora Beck", NORA, False, "")
    assert mails_of(person) == [NORA]


def test_a_script_that_says_so_sends_for_the_person_in_reply_to() -> None:
    person = person_of(mail_from("Max <max@agentur.example>", Reply_To=NORA, X_Mailer="PHPMailer 6.9"))
    assert (person.sender, person.vouched) == (NORA, False)


@pytest.mark.parametrize(
    ("sender", "reply"),
    [("Nora Beck <nora.beck@post.example>", "x@elsewhere.example"), ("info@laden.example", "post@laden.example")],
)
def test_a_persons_ordinary_mail_is_never_answered_to_another_address(sender: str, reply: str) -> None:
    person = person_of(mail_from(sender, Reply_To=reply))
    assert person.sender in sender
    assert reply not in mails_of(person)


def test_a_machine_without_anybody_to_answer_gets_no_mail() -> None:
    person = person_of(mail_from("wordpress@webhost.example"))
    assert (person.sender, person.no_mail) == ("", "no_address")


def test_the_stock_mail_of_a_contact_form_names_the_person() -> None:
    text = f"From: Nora Beck <{NORA}>\nSubject: Meine Daten\n\nMessage Body:\n{WISH}\n\n-- \nSent from a contact form\n"
    person = person_of(mail_from("WordPress <wordpress@rad-nord.example>", text, "Rad Nord: Meine Daten"))
    assert (person.name, person.sender, mails_of(person)) == ("Nora Beck", NORA, [NORA])


def test_the_writer_of_a_mail_that_a_colleague_attached_is_the_person() -> None:
    outer = mail_from("Kim Alt <datenschutz@rad-nord.example>", "Zur Bearbeitung.", "WG: Auskunft")
    outer.add_attachment(mail_from(f"Nora Beck <{NORA}>"))
    person = person_of(outer)
    assert (person.name, mails_of(person), person.no_mail) == ("Nora Beck", [NORA], "own_address")


def test_the_writer_of_a_mail_that_a_colleague_quotes_is_the_person() -> None:
    quoted = f"Von: Nora Beck <{NORA}>\nGesendet: Montag, 2. März 2026\nAn: {OWN[0]}\nBetreff: Auskunft\n\n{WISH}\n"
    person = person_of(mail_from("Kim Alt <datenschutz@rad-nord.example>", f"Bitte.\n\n{quoted}", "WG: Auskunft"))
    assert (person.name, mails_of(person)) == ("Nora Beck", [NORA])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "no_address"),
        ("bounces-77@mail.example", "no_address"),
        ("donotreply@mail.example", "no_address"),
        ("Web@Rad-Nord.example", "no_address"),
        ("DATENSCHUTZ@rad-nord.example", "own_address"),
        (NORA, ""),
        ("webber@post.example", ""),
    ],
)
def test_whom_a_program_may_write_to(address: str, code: str) -> None:
    assert no_mail_to(address, OWN) == code
