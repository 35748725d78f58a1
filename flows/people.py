"""Whom a mail is about: who wrote, for whom, and whether the program may write back by itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from cases import machine
from cases.identifiers import Identifier, Kind, fold
from cases.message import AuthResults, Message
from cases.passed_on import is_machine, reply_address, through_machine
from cases.person import Person, identifiers_of, same_person
from cases.request import Claims, Proxy, Request, Role
from flows.house import House

NO_ADDRESS, OWN_ADDRESS, AUTOMATIC, FORGED = "no_address", "own_address", "automatic", "forged"
_SAID = re.compile(r"[^\W\d_]{2,}")


def people_of(message: Message, request: Request, own: Collection[str] = ()) -> tuple[Person, ...]:
    """Everybody a mail is about, each once: the writer, or those for whom a proxy writes. Nobody is verified."""
    if request.proxy is None:
        return (_writer(message, request, request.claims, own),)
    proxy = _named_proxy(message, request, request.proxy)
    found: list[Person] = []
    for claims in request.subjects or (request.claims,):
        if _is_co_writer(message, proxy, claims):
            person = _writer(message, request, claims, own)
        else:
            person = _represented(message, request, proxy, claims, own)
        if not any(same_person(person.claims, other.claims) for other in found):
            found.append(person)
    return tuple(found)


def _named_proxy(message: Message, request: Request, proxy: Proxy) -> Proxy:
    """The proxy by the mail's own name where the name that was read is one of those whom the letter is for."""
    theirs = {fold(name) for claims in request.subjects for name in claims.names}
    if proxy.role is not Role.OTHER and fold(proxy.name) in theirs:
        return replace(proxy, name=message.sender.name)
    return proxy


def _is_co_writer(message: Message, proxy: Proxy, claims: Claims) -> bool:
    """Of two who write together for both, the one from whose own address the mail came: nobody's proxy."""
    mine = {mail.casefold() for mail in claims.emails}
    return proxy.role is Role.OTHER and bool(claims.names) and message.sender.email.casefold() in mine


def words_of(message: Message, people: tuple[Person, ...]) -> str:
    """The words of a letter, without what it says about its writer: by them a second copy is known, and a campaign."""
    own = {word for person in people for item in person.claims for word in _words(item.value)}
    return " ".join(word for word in _words(f"{message.subject} {message.text}") if word not in own)


def own_addresses(house: House) -> tuple[str, ...]:
    """Addresses of ours: they ask for nothing themselves, and nothing is acknowledged to them."""
    settings = house.settings
    users = (account.user for account in settings.accounts.values() if "@" in account.user)
    return (*settings.mailbox.own_addresses, settings.post.from_address, settings.controller.email, *users)


def is_own(address: str, own: Collection[str]) -> bool:
    return address.casefold() in {item.casefold() for item in own}


def speaks_against(auth: AuthResults, *, many_senders: bool = False) -> bool:
    """Whether the evidence says that somebody else wrote the mail: nobody writes to that address without a person's
    yes. Missing evidence says nothing; SPF alone fails for every forwarded mail, which DKIM then proves."""
    signed = "pass" in (auth.dkim, auth.own_dkim, auth.dmarc)
    return many_senders or auth.dmarc == "fail" or (auth.spf == "fail" and not signed)


def _writer(message: Message, request: Request, claims: Claims, own: Collection[str]) -> Person:
    """Who asks, as the mail says. The notification of a web form comes from a no-reply address: the person is the one
    it names, and nothing vouches for that."""
    sender, vouched = _sender(message, request, own)
    return Person(
        name=next(iter(claims.names), ""),
        sender=sender,
        vouched=vouched,
        message_id=message.message_id,
        claims=identifiers_of(claims),
        reasons=(*request.reasons, *filter(None, (message.auth.smime_words,))),
        extras=request.extras,
        wishes=request.wishes,
        no_mail=_why_no_mail(message, sender, own),
    )


def _sender(message: Message, request: Request, own: Collection[str]) -> tuple[str, bool]:
    if through_machine(message, own) or "web_form" in request.extras:
        replies = (reply_address(message, own), *request.claims.emails)
        usable = (mail for mail in replies if mail and not is_machine(mail) and not is_own(mail, own))
        return next(usable, ""), False
    return message.sender.email, message.vouched


def _represented(message: Message, request: Request, proxy: Proxy, claims: Claims, own: Collection[str]) -> Person:
    """The data subject of a proxy's letter. What is the proxy's own is never searched for as theirs."""
    sender, vouched = message.sender.email, message.vouched
    if through_machine(message, own) or "web_form" in request.extras:
        found = reply_address(message, own) or proxy.email
        sender, vouched = ("" if is_machine(found) else found), False
    named = bool(request.subjects)
    theirs = tuple(item for item in identifiers_of(claims) if not _is_the_proxys(item, proxy, sender, named=named))
    return replace(
        _writer(message, request, claims, own),
        name=next((item.value for item in theirs if item.kind is Kind.NAME), ""),
        sender=sender,
        vouched=vouched,
        claims=theirs,
        proxy=proxy,
        no_mail=_why_no_mail(message, sender, own),
    )


def _is_the_proxys(item: Identifier, proxy: Proxy, sender: str, *, named: bool) -> bool:
    """Whether a claim is the proxy's own. A name that the letter gives to one whom it is for (`named`) is theirs."""
    if item.kind is Kind.EMAIL:
        return item.normal in {Identifier(Kind.EMAIL, mail).normal for mail in (proxy.email, sender) if mail}
    return item.kind is Kind.NAME and not named and bool(proxy.name) and fold(item.value) == fold(proxy.name)


def no_mail_to(address: str, own: Collection[str]) -> str:
    """Why an address is never written to by a program, as a code; empty where it may be."""
    if not address or is_machine(address):
        return NO_ADDRESS
    return OWN_ADDRESS if is_own(address, own) else ""


def _why_no_mail(message: Message, sender: str, own: Collection[str]) -> str:
    """Why nobody may write to the sender by a program, as a code; empty where it may. RFC 3834: no automatic answer to
    what is automatic itself, comes from a list, or has nobody to return to."""
    if code := no_mail_to(sender, own):
        return code
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
