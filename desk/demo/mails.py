"""The mails that reach the company in the demo: two requests, and the kinds that must not become cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from desk.demo.people import MAILBOX, STRANGER, Customer, Protagonist

#: Outside senders whose own servers sign; their mail passes DMARC although nobody logs in here.
HONEST_DOMAINS = ("rad-grosshandel.example", "kabelnetz.example", "ferienpost.example")


@dataclass(frozen=True, slots=True)
class DemoMail:
    """A mail and how it is handed in: `submitted_by` is the account that logs in, None for a server of elsewhere."""

    sender: str = field(repr=False)
    recipients: tuple[str, ...] = field(repr=False)
    message: EmailMessage = field(repr=False)
    submitted_by: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DemoMails:
    """Everything that arrives; `request` and `english_request` are cases, `forged` needs a person."""

    request: DemoMail
    english_request: DemoMail
    newsletter: DemoMail
    out_of_office: DemoMail
    bounce: DemoMail
    delivery_question: DemoMail
    forged: DemoMail


def make_mails(protagonist: Protagonist, delivery: Customer, at: datetime) -> DemoMails:
    """The demo's mails, dated `at` (aware); Message-IDs are fixed by kind and second."""
    return DemoMails(
        request=_request(protagonist, at),
        english_request=_english_request(at),
        newsletter=_newsletter(at),
        out_of_office=_out_of_office(at),
        bounce=_bounce(at),
        delivery_question=_delivery_question(delivery, at),
        forged=_forged(protagonist, at),
    )


def _mail(kind: str, author: str, subject: str, text: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    domain = author.rpartition("@")[2].rstrip(">")
    message["From"], message["To"], message["Subject"] = author, MAILBOX, subject
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{kind}.{int(at.timestamp())}@{domain}>"
    message.set_content(text)
    return message


def _request(protagonist: Protagonist, at: datetime) -> DemoMail:
    author = f"{protagonist.name} <{protagonist.email}>"
    message = _mail("auskunft", author, protagonist.request_subject, protagonist.request_text, at)
    return DemoMail(protagonist.email, (MAILBOX,), message, submitted_by=protagonist.email)


def _english_request(at: datetime) -> DemoMail:
    author = f"{STRANGER.name} <{STRANGER.email}>"
    message = _mail("access", author, STRANGER.request_subject, STRANGER.request_text, at)
    return DemoMail(STRANGER.email, (MAILBOX,), message, submitted_by=STRANGER.email)


def _newsletter(at: datetime) -> DemoMail:
    sender = "news@rad-grosshandel.example"
    text = (
        "Liebe Partnerbetriebe,\n\ndie neuen Kettenschaltungen sind da. Bis Monatsende 12 % auf alle Schaltwerke.\n\n"
        "Unsere Hinweise zum Datenschutz und zu Ihren Rechten (Auskunft, Löschung) finden Sie auf unserer Seite.\n"
        "Abmelden: news-abmelden@rad-grosshandel.example\n"
    )
    message = _mail("news", f"Rad-Großhandel <{sender}>", "Angebote im November: Schaltwerke", text, at)
    message["List-Id"], message["Precedence"] = "<news.rad-grosshandel.example>", "bulk"
    message["List-Unsubscribe"] = "<mailto:news-abmelden@rad-grosshandel.example>"
    return DemoMail(sender, (MAILBOX,), message)


def _out_of_office(at: datetime) -> DemoMail:
    text = (
        "Guten Tag,\n\nich bin bis zum Monatsende nicht im Haus. Ihre Nachricht wird nicht weitergeleitet.\n"
        "In dringenden Fällen wenden Sie sich bitte an meine Vertretung.\n\nSiegfried Nehls\n"
    )
    subject = "Abwesend: Re: Ihre Anfrage zur Auskunft nach Art. 15 DSGVO"
    message = _mail("abwesend", "Siegfried Nehls <s.nehls@ferienpost.example>", subject, text, at)
    message["Auto-Submitted"] = "auto-replied"
    return DemoMail("", (MAILBOX,), message)


def _bounce(at: datetime) -> DemoMail:
    """A delivery status notification (RFC 3464)."""
    text = "This is the mail system at kabelnetz.example.\n\n<weg@kabelnetz.example>: mailbox does not exist\n"
    message = _mail("dsn", "Mail Delivery System <mailer-daemon@kabelnetz.example>", "Undelivered Mail", text, at)
    message["Auto-Submitted"] = "auto-replied"
    message.make_mixed()
    message.attach(_delivery_status())
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    return DemoMail("", (MAILBOX,), message)


def _delivery_status() -> EmailMessage:
    status, server, recipient = (EmailMessage(policy=SMTP) for _ in range(3))
    server["Reporting-MTA"] = "dns; mail.kabelnetz.example"
    recipient["Final-Recipient"] = "rfc822; weg@kabelnetz.example"
    recipient["Action"], recipient["Status"] = "failed", "5.1.1"
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([server, recipient])
    return status


def _delivery_question(customer: Customer, at: datetime) -> DemoMail:
    text = (
        "Moin,\n\nich bitte um Auskunft, wo meine Lieferung bleibt. Das Kinderrad sollte letzte Woche kommen,\n"
        f"meine Kundennummer ist {customer.customer_number}.\n\nViele Grüße\n{customer.name}\n"
    )
    author = f"{customer.name} <{customer.email}>"
    message = _mail("lieferung", author, "Auskunft zu meiner Lieferung", text, at)
    return DemoMail(customer.email, (MAILBOX,), message, submitted_by=customer.email)


def _forged(protagonist: Protagonist, at: datetime) -> DemoMail:
    """Somebody claims to be the protagonist and wants the answer elsewhere; DMARC fails."""
    author = f"{protagonist.name} <{protagonist.email}>"
    text = (
        "Hallo,\n\nich möchte Auskunft nach Art. 15 DSGVO über alle meine Daten. Bitte an meine neue Adresse.\n\n"
        f"{protagonist.name}\n"
    )
    message = _mail("neu", author, "Auskunft DSGVO", text, at)
    message["Reply-To"] = "lena.neu@schnellpost.example"
    return DemoMail("lena.neu@schnellpost.example", (MAILBOX,), message)
