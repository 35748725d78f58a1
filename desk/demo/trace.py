"""What a receiving mail server writes on top of a mail: Return-Path, Authentication-Results, Received."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses

_LINE_END = re.compile(rb"\r\n|\r|\n")
_FIELD_START = re.compile(rb"\r\n(?![ \t])")
_RESULTS_FIELD = re.compile(rb"authentication-results[ \t]*:", re.IGNORECASE)
_RESULTS_BY = re.compile(rb"authentication-results[ \t]*:\s*([a-z0-9.-]+)\s*(?:1\s*)?;", re.IGNORECASE)
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_NOT_HOST = re.compile(r"[^A-Za-z0-9.:\[\]-]")


@dataclass(frozen=True, slots=True)
class Handover:
    """How a mail came in over SMTP; `login` is the account that logged in, `sender` "" the null return path."""

    helo: str
    sender: str = field(repr=False)
    login: str | None = field(repr=False)
    at: datetime
    id: str


def add_trace(raw: bytes, handover: Handover, recipient: str, honest_domains: Collection[str]) -> bytes:
    """The mail as it lies in the recipient's mailbox.

    Line ends become CRLF (a lone LF would hide a header from us and show it to others). Results that claim to be this
    server's own are removed, and so are results whose server cannot be read (RFC 8601 section 5).
    """
    server = f"mail.{domain_of(recipient)}"
    clean = without_results_of(server, _LINE_END.sub(b"\r\n", raw))
    author = author_of(clean)
    results = "; ".join((server, dmarc_result(author, handover, honest_domains), _spf_result(handover, honest_domains)))
    host, protocol = _NOT_HOST.sub("", handover.helo) or "unknown", "ESMTPSA" if handover.login else "ESMTPS"
    fields = (
        f"Return-Path: <{handover.sender}>",
        f"Authentication-Results: {results}",
        f"Received: from {host} ([127.0.0.1]) by {server} with {protocol} id {handover.id}",
        f"\tfor <{recipient}>; {format_datetime(handover.at)}",
    )
    return "\r\n".join((*fields, "")).encode() + clean


def without_results_of(server: str, raw: bytes) -> bytes:
    """The mail (CRLF) without Authentication-Results of this server or of one whose name is no plain token."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    kept = [part for part in _FIELD_START.split(head) if not _must_go(part, server.encode())]
    return b"\r\n".join(kept) + blank + body


def _must_go(part: bytes, server: bytes) -> bool:
    if not _RESULTS_FIELD.match(part):
        return False
    by = _RESULTS_BY.match(part)
    return by is None or by.group(1).lower() == server.lower()


def author_of(raw: bytes) -> str | None:
    """The one address in From, lower case; None if there is none or more than one."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    addresses = getaddresses([str(value) for value in headers.get_all("From", [])])
    if len(addresses) != 1 or not _DOMAIN.fullmatch(domain_of(addresses[0][1])):
        return None
    return addresses[0][1].lower()


def dmarc_result(author: str | None, handover: Handover, honest_domains: Collection[str]) -> str:
    """Passes for who logged in as the author, and for unauthenticated mail of a domain registered as honest."""
    if author is None:
        return "dmarc=permerror"
    domain = domain_of(author)
    honest = domain in honest_domains if handover.login is None else handover.login == author
    return f"dmarc={'pass' if honest else 'fail'} header.from={domain}"


def _spf_result(handover: Handover, honest_domains: Collection[str]) -> str:
    domain = domain_of(handover.sender)
    if not _DOMAIN.fullmatch(domain):
        return "spf=none"
    honest = domain in honest_domains if handover.login is None else domain == domain_of(handover.login)
    return f"spf={'pass' if honest else 'fail'} smtp.mailfrom={domain}"


def domain_of(address: str) -> str:
    """What stands after the last @, lower case; "" without one."""
    return address.rpartition("@")[2].lower() if "@" in address else ""
