# ruff: noqa: E501 - patterns: a broken one is harder to check than a long one
"""Mail whose From does not name who asks: from machines, web forms, and colleagues who pass it on."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from cases.message import Address, Message

_MACHINE = re.compile(
    r"^(?:(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|nicht[-_.]?antworten|mailer-daemon|postmaster|bounce|wordpress)[^@]*|"
    r"(?:www-data|webmaster|formular|kontaktformular|form|forms|website|web|notification|notifications|system)(?:[+._-][^@]*)?)@",
    re.I,
)
# Mailboxes in whose name a web server's script sends; people write from them as well.
_SITE = re.compile(
    r"^(?:info|mail|kontakt|contact|office|hello|hallo|server|www|admin|service|support|apache|php)@", re.I
)
_SCRIPT_HEADERS = ("x-php-originating-script", "x-php-script", "x-wpforms", "x-wpcf7-content-type")
_SCRIPT = re.compile(r"phpmailer|wordpress|wpforms|contact ?form|typo3|joomla|drupal|formmailer", re.I)
_FORM_SAID = re.compile(
    r"kontaktformular|kontakt-?anfrage|contact[ -]form|web-?formular|form submission|(?:anfrage|nachricht) (?:von|über|ueber) (?:der|die|ihre[r]?|das|unsere[r]?) (?:web-?seite|website|homepage|kontakt)|"
    r"(?:message|enquiry|inquiry|submission) (?:from|via|through) (?:your|the|our) (?:web-?site|homepage)",
    re.I,
)
# How a mail that is passed on, and the stock mail of web forms, name who wrote: `From: Jane Doe <jane@mail.example>`.
_FROM_LINE = re.compile(
    r"^[>\s*_]{0,6}(?:von|from|absender|de|da|van|od)[*_]{0,2}\s{0,3}:[*_\s]{0,4}(?P<name>[^\n<\[(@]{0,80}?)[\s\"']{0,3}[<\[(]?(?:mailto:)?"
    r"(?P<mail>[A-Za-z0-9_.+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})",
    re.I | re.M,
)


def is_machine(email: str) -> bool:
    """True for addresses from which no person writes (noreply, bounces, web server)."""
    return bool(_MACHINE.match(email))


def through_machine(message: Message, own: Collection[str]) -> bool:
    """True if a machine sent the mail in whose Reply-To a person stands: a web form whose mail holds only the message.

    A person's ordinary mail with another Reply-To is not meant: from an address that people use, too, something else
    must say that a script sent it.
    """
    sender = message.sender.email
    if is_machine(sender):
        return True
    if not reply_address(message, own):
        return False
    if sender.casefold() in {address.casefold() for address in own}:
        return True
    elsewhere = reply_address(message, own).rpartition("@")[2].casefold() != message.sender.domain.casefold()
    return (elsewhere and bool(_SITE.match(sender))) or _is_script(message)


def _is_script(message: Message) -> bool:
    if any(message.header(name) for name in _SCRIPT_HEADERS) or _SCRIPT.search(message.header("x-mailer")):
        return True
    return bool(
        _FORM_SAID.search(f"{message.sender.name}\n{message.subject}\n{message.text[:400]}\n{message.text[-300:]}")
    )


def reply_address(message: Message, own: Collection[str]) -> str:
    """The address of a person in Reply-To that is neither the sender's nor ours; empty where there is none."""
    person = _reply_to(message, own)
    return person.email if person else ""


def _reply_to(message: Message, own: Collection[str]) -> Address | None:
    to = (address.email for address in message.to)
    known = {address.casefold() for address in (*own, *to, message.sender.email)}
    found = (one for one in message.reply_to if one.email and one.email.casefold() not in known)
    return next((one for one in found if not is_machine(one.email)), None)


@dataclass(frozen=True, slots=True)
class Way:
    """How a mail came: `passed_on` where its From names no person who asks, and then `writer`, who it says wrote."""

    passed_on: bool
    writer: Address | None = field(default=None, repr=False)

    @classmethod
    def of(cls, message: Message, own: Collection[str], text: str, through_form: bool) -> Way:
        if not (through_form or through_machine(message, own)):
            return cls(False)
        return cls(True, _reply_to(message, own) or _named_in(text, own))


def _named_in(text: str, own: Collection[str]) -> Address | None:
    """Who wrote, by the first "From: …" line in the text that names neither us nor a machine."""
    ours = {address.casefold() for address in own}
    for found in _FROM_LINE.finditer(text[:20_000]):
        mail = found["mail"]
        if mail.casefold() not in ours and not is_machine(mail):
            return Address(" ".join(found["name"].split()).strip("\"' "), mail)
    return None
