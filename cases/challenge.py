"""Proof by a code: what a one-time code is, where one counts, whom it is sent to, and why somebody is not verified.

A code goes to the address that is on file, never to the one that asks. Whoever sends it back can read the stored
mailbox, and that is all it proves: so the answer goes there, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from cases.bilingual import Text
from cases.identifiers import Identifier, Kind
from cases.message import Message
from cases.person import Person, names_agree
from cases.phrases_machine import AUTO_SUBJECT
from cases.request import Verdict
from cases.source import Contact
from cases.wording import any_of, fold

ALPHABET = "34679ACDEFHJKMNPQRTVWXY"  # without 0 1 2 5 8 B G I L O S U Z: each looks or sounds like another one
DIGITS = "34679"
SIGNS, GROUP = 9, 3
TRIES = 5  # for a case, and for a person on file over all cases
MOST_READ = 20_000  # signs of a mail in which a code is looked for
MOST_LOCAL, MOST_DOMAIN = 64, 189  # signs of an address: 254 in all (RFC 5321 sec. 4.5.3.1)

_SIGN = f"[{ALPHABET}]"
_CODE = re.compile(rf"(?<![^\W_]){_SIGN}{{3}}(?:[ ]?-[ ]?|[ ])?{_SIGN}{{3}}(?:[ ]?-[ ]?|[ ])?{_SIGN}{{3}}(?![^\W_])")
_LOWER = re.compile(rf"(?<![^\W_])(?i:{_SIGN}{{3}}-?{_SIGN}{{3}}-?{_SIGN}{{3}})(?![^\W_])")
# As people type it who may send one: any case, and up to three blanks, line breaks, dots, hyphens or slashes between.
_TYPED = re.compile(
    rf"(?<![^\W_])(?=((?i:{_SIGN}{{3}}[\s.\-/]{{0,3}}{_SIGN}{{3}}[\s.\-/]{{0,3}}{_SIGN}{{3}}))(?![^\W_]))"
)
_AUTO_HEADERS = ("x-autoreply", "x-autorespond")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
# The line above the code in our own mail: what stands below it in a reply is quoted, whatever marks are missing.
OUR_LINE = re.compile(r"einmalcode zum vorgang\b|one-time code for case\b", re.I)
_NOT_ME = re.compile(
    r"\bnicht ich\b|\b(?:war|bin|sind|waren) (?:ich|wir|das) (?:aber |definitiv |sicher )?nicht\b|"
    r"\bnicht von (?:mir|uns)\b|"
    r"\bhabe[n]? (?:ich |wir )?(?:das|dies|diese anfrage|die anfrage|die auskunft|so etwas) (?:\w+ )?nicht\b|"
    r"\b(?:habe|haben|hab) (?:ich |wir )?(?:nie|niemals|keine? (?:auskunft|anfrage|antrag))\b|"
    r"\bnot (?:me|us|from me|mine)\b|\bwas ?n[o']t (?:me|us|i)\b|"
    r"\b(?:did not|didn't|never) (?:ask|request|send|write|make|submit)"
)
_SAFE = re.compile(r"[^a-z0-9._+-]")


class Doubt(StrEnum):
    """The closed list of reasons for which somebody is asked who they are (Art. 12(6) GDPR)."""

    ADDRESS_UNKNOWN = "address_unknown"
    ADDRESS_SHARED = "address_shared"
    NOT_AUTHENTIC = "mail_not_authentic"
    NAME_DIFFERS = "name_differs"
    PROXY = "proxy"


SENTENCES = {
    Doubt.ADDRESS_UNKNOWN: Text(
        "Die Adresse, von der die Anfrage kam, ist bei niemandem hinterlegt.",
        "The address from which the request came is on file for nobody.",
    ),
    Doubt.ADDRESS_SHARED: Text(
        "Die Adresse ist bei mehreren Personen hinterlegt oder gehört einer Stelle oder Familie; wer fragt, zeigt sie "
        "nicht.",
        "The address is on file for several people, or is a function's or a family's; it does not show who asks.",
    ),
    Doubt.NOT_AUTHENTIC: Text(
        "Die Adresse ist hinterlegt, aber nichts bestätigt, dass die E-Mail wirklich von dort kam.",
        "The address is on file, but nothing confirms that the mail really came from there.",
    ),
    Doubt.NAME_DIFFERS: Text(
        "Die Adresse ist hinterlegt, aber unter einem anderen Namen als dem der Anfrage.",
        "The address is on file, but under another name than that of the request.",
    ),
    Doubt.PROXY: Text(
        "Jemand schreibt für eine andere Person; seine Adresse sagt nichts darüber, wer diese ist.",
        "Somebody writes for another person; their address does not say who that is.",
    ),
}


class Way(StrEnum):
    """How a code reaches the person. All of them lead to what is on file, never to what the request states."""

    MAIL = "mail"
    POST = "post"
    PHONE = "phone"


PROOF = {Way.MAIL: "code_to_stored_address", Way.POST: "code_by_post", Way.PHONE: "code_by_phone"}


def new_code(choice: Callable[[str], str]) -> str:
    """A fresh code, `K7M-4XP-9RA`. `choice` gives one sign of a text, each as likely, from the system's randomness.

    Of 23^9 codes those with a letter and a digit are taken: 1.6e12, 40.5 bits. A word is none, and neither is a number.
    """
    while True:
        code = "".join(choice(ALPHABET) for _ in range(SIGNS))
        if _is_code(code):
            return shown(code)


def shown(code: str) -> str:
    """The code as it is written: in groups."""
    return "-".join(code[at : at + GROUP] for at in range(0, SIGNS, GROUP))


def codes_in(text: str, most: int = TRIES, *, typed: bool = False) -> tuple[str, ...]:
    """What may be a code in a text, without hyphens and in capitals, each once, the first `most`. In small letters only
    without spaces: three short words in a row are no code. Nothing below the line that our own mail has above its
    code. `typed`: of whom may send one, then as people type it, after what is written as it should be."""
    plain = unicodedata.normalize("NFKC", text[:MOST_READ]).translate(_DASHES)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    ours = OUR_LINE.search(plain)
    plain = plain[: ours.start()] if ours else plain
    found = sorted((*_CODE.finditer(plain), *_LOWER.finditer(plain)), key=lambda match: match.start())
    spans = [match.span() for match in found]
    more = (match for match in _TYPED.finditer(plain) if typed and not _within(match.span(1), spans))
    written = (*(match[0] for match in found), *(match[1] for match in more))
    codes = (re.sub(r"[\s.\-/]", "", one).upper() for one in written)
    return tuple(dict.fromkeys(code for code in codes if _is_code(code)))[:most]


def _within(span: tuple[int, int], others: Sequence[tuple[int, int]]) -> bool:
    """Whether a place overlaps one of others."""
    return any(span[0] < end and start < span[1] for start, end in others)


def by_machine(message: Message, verdict: Verdict, *, automatic: bool) -> bool:
    """Whether a delivery report, list, advertising or an automatic reply by its headers: nobody wrote it."""
    return automatic or verdict in (Verdict.BOUNCE, Verdict.SPAM) or any(message.header(one) for one in _AUTO_HEADERS)


def named_automatic(message: Message, verdict: Verdict) -> bool:
    """Whether a mail's subject is that of an automatic reply, though no header says so: a person has to read it."""
    return verdict is Verdict.AUTO_REPLY and any_of(fold(message.subject), AUTO_SUBJECT)


def says_not_me(message: Message) -> bool:
    """Whether somebody says in their own words that the request is not theirs."""
    ours = OUR_LINE.search(message.text)
    own = message.text[: ours.start()] if ours else message.text
    return _NOT_ME.search(fold(own[:MOST_READ]).replace("’", "'")) is not None


def on_file_as_claimed(claims: Iterable[Identifier], candidates: Sequence[Contact]) -> Contact | None:
    """The one record that the claims point to: its name is claimed, and a second thing that is on file; nothing that is
    claimed speaks against it. None where no record fits, or several do."""
    stated = tuple(claims)
    fitting = [contact for contact in candidates if _fits(stated, contact)]
    return fitting[0] if len(fitting) == 1 else None


def stored_address(contact: Contact) -> str:
    """The e-mail address on file to which a code goes; empty where there is none."""
    return next((item.value for item in contact.identifiers if item.kind is Kind.EMAIL and item.normal), "")


def shown_address(address: str) -> str:
    """An address as our own mail may name it: in the form in which it is compared (letters of another alphabet show as
    `xn--…`), whatever else a stranger put into it replaced by `?`, and cut off; empty where it is none."""
    local, at, domain = Identifier(Kind.EMAIL, address).normal.rpartition("@")
    shown_as = (_SAFE.sub("?", part)[:most] for part, most in ((local, MOST_LOCAL), (domain, MOST_DOMAIN)))
    return "@".join(shown_as) if at else ""


def next_steps(contact: Contact) -> tuple[str, ...]:
    """By what is on file somebody can be asked without asking for anything new (EDPB 01/2022 par. 65, 72), as codes."""
    held = {item.kind for item in contact.identifiers if item.normal}
    ways = ((Kind.EMAIL, "mail"), (Kind.ADDRESS, "post"), (Kind.PHONE, "phone"))
    known = ((Kind.CUSTOMER_NUMBER, "customer_number"), (Kind.BIRTH_DATE, "birth_date"))
    return tuple(code for kind, code in (*ways, *known) if kind in held)


def searched_for(person: Person) -> tuple[Identifier, ...]:
    """What is stated of the data subject; the sender's own address is nobody's second factor."""
    own = Identifier(Kind.EMAIL, person.sender).normal
    return tuple(item for item in person.claims if item.kind is not Kind.EMAIL or item.normal != own)


def _is_code(code: str) -> bool:
    return any(sign in DIGITS for sign in code) and any(sign not in DIGITS for sign in code)


_SECOND = (Kind.CUSTOMER_NUMBER, Kind.EMAIL, Kind.PHONE, Kind.BIRTH_DATE, Kind.ADDRESS)
_TELLING = (Kind.CUSTOMER_NUMBER, Kind.BIRTH_DATE)


def _fits(stated: Sequence[Identifier], contact: Contact) -> bool:
    named = any(item.kind is Kind.NAME for item in stated) and any(i.kind is Kind.NAME for i in contact.identifiers)
    if not named or not names_agree(stated, contact.identifiers):
        return False
    if any(_values(stated, kind) and _differs(stated, contact, kind) for kind in _TELLING):
        return False
    return any(_values(stated, kind) & _values(contact.identifiers, kind) for kind in _SECOND)


def _differs(stated: Sequence[Identifier], contact: Contact, kind: Kind) -> bool:
    held = _values(contact.identifiers, kind)
    return bool(held) and not held & _values(stated, kind)


def _values(identifiers: Iterable[Identifier], kind: Kind) -> set[str]:
    return {item.normal for item in identifiers if item.kind is kind and item.normal}
