"""Any number of invented mails of mixed kinds, the same for the same seed: requests in two languages, reminders of
them, ordinary mail, automatic replies and bounces. Written for this; every address is at a `.example` domain."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

FIRST = ("Lena", "Jonas", "Mira", "Ole", "Tarek", "Wiebke", "Paula", "Sven", "Aylin", "Henrik", "Greta", "Nils")
LAST = ("Krüger", "Brandt", "Osterloh", "Petersen", "Yildiz", "Ahrens", "Nissen", "Wolters", "Hagen", "Moritz")
REQUESTS = (
    (
        "Auskunft nach Art. 15 DSGVO",
        "Sehr geehrte Damen und Herren,\n\nbitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben, "
        "woher sie stammen und an wen Sie sie weitergegeben haben (Art. 15 DSGVO).\n\nMit freundlichem Gruß\n{name}\n",
    ),
    (
        "Meine Daten",
        "Hallo,\n\nwas habt ihr eigentlich alles über mich gespeichert? Ich hätte gern eine Kopie meiner Daten.\n\n"
        "Kundennummer {number}\n{name}\n",
    ),
    (
        "Subject access request",
        "Dear Sir or Madam,\n\nunder Article 15 GDPR I request access to all personal data that you hold about me, "
        "and a copy of it.\n\nKind regards\n{name}\n",
    ),
    (
        "What do you know about me?",
        "Hi,\n\nplease send me a copy of all the personal data you have stored about me.\n\nThanks,\n{name}\n",
    ),
)
REMINDER = (
    "Hallo,\n\nauf meine Anfrage nach Art. 15 DSGVO habe ich noch keine Antwort. Bitte teilen Sie mir mit, welche "
    "Daten Sie über mich gespeichert haben.\n\n{name}\n"
)
ORDINARY = (
    ("Lieferung {number}", "Moin,\n\nwo bleibt mein Fahrrad? Bestellt habe ich es vor zwei Wochen.\n\nGruß, {name}\n"),
    ("Termin am Donnerstag", "Hallo zusammen,\n\npasst euch Donnerstag um zehn? Kaffee bringe ich mit.\n\n{name}\n"),
    ("Invoice {number}", "Hello,\n\nthe total on invoice {number} looks wrong to me. Could you check?\n\n{name}\n"),
    ("Angebot", "Guten Tag,\n\nbitte machen Sie mir ein Angebot für vierzig Aktenordner.\n\n{name}\n"),
    ("Schlauch", "Moin,\n\nder Schlauch vom Vorderrad ist geplatzt. Habt ihr 28 Zoll da?\n\n{name}\n"),
)
AWAY = "Ich bin bis zum 14. nicht im Büro und antworte danach.\n\n{name}\n"
BOUNCED = "This is the mail system at kabelnetz.example.\n\n<{address}>: mailbox does not exist\n"
SHARES = {"request": 25, "reminder": 8, "ordinary": 45, "auto_reply": 12, "bounce": 10}


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail and what it is; `person`: the address of whoever asks."""

    kind: str
    person: str = field(repr=False)
    raw: bytes = field(repr=False)


def letters(count: int, recipient: str, seed: int) -> Iterator[Sent]:
    """`count` mails in the order of their sending. A reminder comes after what it reminds of."""
    chance = random.Random(seed)
    asked: list[tuple[str, str, str]] = []  # name, address, Message-ID
    kinds = chance.choices(list(SHARES), list(SHARES.values()), k=count)
    for number, kind in enumerate(kinds):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        address = f"person{number}@post{number % 7}.example"
        message_id = f"<{number}.{seed}@post{number % 7}.example>"
        if kind == "reminder" and asked:
            name, address, reference = chance.choice(asked)
            message = _mail(name, address, recipient, "Erinnerung", REMINDER, number)
            message["References"] = reference
        elif kind in ("request", "reminder"):
            kind = "request"
            asked.append((name, address, message_id))
            message = _mail(name, address, recipient, *REQUESTS[number % len(REQUESTS)], number)
        else:
            message = _other(kind, name, address, recipient, number)
        message["Message-ID"] = message_id
        yield Sent(kind, address, message.as_bytes())


def _other(kind: str, name: str, address: str, recipient: str, number: int) -> EmailMessage:
    if kind == "ordinary":
        return _mail(name, address, recipient, *ORDINARY[number % len(ORDINARY)], number)
    if kind == "auto_reply":
        message = _mail(name, address, recipient, "Abwesend", AWAY, number)
    else:
        sender = f"mailer-daemon@{address.partition('@')[2]}"
        text = BOUNCED.format(address=address)
        message = _mail("Mail Delivery System", sender, recipient, "Undelivered Mail Returned to Sender", text, number)
    message["Auto-Submitted"] = "auto-replied"
    return message


def _mail(name: str, address: str, recipient: str, subject: str, text: str, number: int) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = f"{name} <{address}>", recipient
    message["Subject"] = subject.format(number=4000 + number)
    message["Date"] = format_datetime(datetime(2026, 11, 2, 8, tzinfo=UTC) + timedelta(seconds=number))
    message.set_content(text.format(name=name, number=4000 + number))
    return message
