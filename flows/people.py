"""Whom a mail is about: who wrote, for whom, and whether the program may write back by itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from cases import machine
from cases.identifiers import Identifier, Kind, fold
from cases.message import AuthResults, Message
from cases.person import Person, identifiers_of, same_person
from cases.request import Claims, Proxy, Request

NO_REPLY = ("noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "bounce")
NO_ADDRESS, OWN_ADDRESS, AUTOMATIC, FORGED = "no_address", "own_address", "automatic", "forged"
_SAID = re.compile(r"[^\W\d_]{2,}")


def people_of(message: Message, request: Request, own: Collection[str] = ()) -> tuple[Person, ...]:
    """Everybody a mail is about, each once: the writer, or those for whom a proxy writes. Nobody is verified."""
    if request.proxy is None:
        return (_writer(message, request, own),)
    found: list[Person] = []
    for claims in request.subjects or (request.claims,):
        person = _represented(message, request, request.proxy, claims, own)
        if not any(same_person(person.claims, other.claims) for other in found):
            found.append(person)
    return tuple(found)


def words_of(message: Message, people: tuple[Person, ...]) -> str:
    """The words of a letter, without what it says about its writer: by them a second copy is known, and a campaign."""
    own = {word for person in people for item in person.claims for word in _words(item.value)}
    return " ".join(word for word in _words(f"{message.subject} {message.text}") if word not in own)


def is_no_reply(address: str) -> bool:
    local = address.partition("@")[0].casefold()
    return any(local.startswith(word) for word in NO_REPLY)


def is_own(address: str, own: Collection[str]) -> bool:
    return address.casefold() in {item.casefold() for item in own}


def speaks_against(auth: AuthResults, *, many_senders: bool = False) -> bool:
    """Whether the evidence says that somebody else wrote the mail: nobody writes to that address without a person's
    yes. Missing evidence says nothing; SPF alone fails for every forwarded mail, which DKIM then proves."""
    signed = "pass" in (auth.dkim, auth.own_dkim, auth.dmarc)
    return many_senders or auth.dmarc == "fail" or (auth.spf == "fail" and not signed)


def _writer(message: Message, request: Request, own: Collection[str]) -> Person:
    """Who asks, as the mail says. The notification of a web form comes from a no-reply address: the person is the one
    it names, and nothing vouches for that."""
    sender, vouched = _sender(message, request)
    return Person(
        name=next(iter(request.claims.names), ""),
        sender=sender,
        vouched=vouched,
        message_id=message.message_id,
        claims=identifiers_of(request.claims),
        reasons=(*request.reasons, *filter(None, (message.auth.smime_words,))),
        extras=request.extras,
        wishes=request.wishes,
        no_mail=_why_no_mail(message, sender, own),
    )


def _sender(message: Message, request: Request) -> tuple[str, bool]:
    sender = message.sender.email
    if is_no_reply(sender) or "web_form" in request.extras:
        return next((mail for mail in request.claims.emails if not is_no_reply(mail)), ""), False
    return sender, message.vouched


def _represented(message: Message, request: Request, proxy: Proxy, claims: Claims, own: Collection[str]) -> Person:
    """The data subject of a proxy's letter. What is the proxy's own is never searched for as theirs."""
    sender, vouched = message.sender.email, message.vouched
    if is_no_reply(sender):
        sender, vouched = ("" if is_no_reply(proxy.email) else proxy.email), False
    theirs = tuple(item for item in identifiers_of(claims) if not _is_the_proxys(item, proxy, sender))
    return replace(
        _writer(message, request, own),
        name=next((item.value for item in theirs if item.kind is Kind.NAME), ""),
        sender=sender,
        vouched=vouched,
        claims=theirs,
        proxy=proxy,
        no_mail=_why_no_mail(message, sender, own),
    )


def _is_the_proxys(item: Identifier, proxy: Proxy, sender: str) -> bool:
    if item.kind is Kind.EMAIL:
        return item.normal in {Identifier(Kind.EMAIL, mail).normal for mail in (proxy.email, sender) if mail}
    return item.kind is Kind.NAME and bool(proxy.name) and fold(item.value) == fold(proxy.name)


def _why_no_mail(message: Message, sender: str, own: Collection[str]) -> str:
    """Why nobody may write to the sender by a program, as a code; empty where it may. RFC 3834: no automatic answer to
    what is automatic itself, comes from a list, or has nobody to return to."""
    if not sender or is_no_reply(sender):
        return NO_ADDRESS
    if is_own(sender, own):
        return OWN_ADDRESS
    if sender == message.sender.email and is_automatic(message, own):
        return AUTOMATIC
    return FORGED if speaks_against(message.auth, many_senders="many_from" in message.defects) else ""


def is_automatic(message: Message, own: Collection[str] = ()) -> bool:
    """Whether the headers say that no person sent this to us alone (RFC 3834, RFC 2919, RFC 2369)."""
    submitted = message.header("auto-submitted").casefold()
    suppressed = message.header("x-auto-response-suppress").casefold()
    return (
        bool(submitted and not submitted.startswith("no"))
        or any(word in suppressed for word in ("all", "autoreply", "oof"))
        or message.header("return-path") == "<>"
        or message.header("precedence").casefold() in ("bulk", "list", "junk", "auto_reply")
        or machine.from_list(message, own) is not None
    )


def _words(text: str) -> list[str]:
    return _SAID.findall(fold(text))
