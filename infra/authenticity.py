"""Whether a mail comes from whom it says: what the receiving server found (RFC 8601), our own DKIM check (RFC 6376), an
S/MIME signature (RFC 8551)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import compat32

import dkim
from cryptography.x509 import Certificate

from cases.message import AuthResults
from infra.smime import signature_of

Resolver = Callable[[str], bytes | None]
"""Gives the TXT record of a name ("sel._domainkey.firm.example"), strings joined; None where there is none."""

MAX_SIGNATURES = 5
MAX_HEADER_BYTES = 256_000
MIN_RSA_BITS = 1024
_DKIM_FAULTS = (dkim.DKIMException, ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
_RESULT = re.compile(r"^\s*(?P<method>[a-z0-9-]+)(?:/\d+)?\s*=\s*(?P<result>[a-z]+)", re.I)
_PROPERTY = re.compile(r"(?:^|\s)(?P<name>header\.(?:d|i|from))\s*=\s*\"?(?P<value>[^\s\";]+)", re.I)
_BY = re.compile(r"\bby\s+([A-Za-z0-9.-]{1,255})")
_TAKEN_FROM = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]\)\s+(?:\([^()]{0,100}\)\s+)?by\s", re.I)
_BY_LMTP = re.compile(r"\sby\s+\S{1,255}\s+(?:\([^()]{0,100}\)\s+)?with\s+LMTPS?A?\b", re.I)
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_SILENT = logging.getLogger("infra.authenticity.dkim")
_SILENT.disabled = True  # dkimpy logs header contents, which are personal data


def authentication_results(raw: bytes, trusted: tuple[str, ...]) -> AuthResults:
    """What the receiving server wrote about the mail; everything "none" where it wrote nothing that can be believed.

    A sender can put a header with the trusted id into the mail. RFC 8601 sec. 5 makes the receiving server remove it,
    but not every server does. So only the topmost block of headers with an `authserv-id` from `trusted` counts, and
    only if it stands above the header in which our side took the mail over from outside: Received headers above it
    must be hops inside the trusted server's own domain. Servers that write their results below that header are not
    believed; for their mail `verify_dkim` decides.
    """
    accepted = {name.lower() for name in trusted if name}
    block: list[tuple[str, str]] = []
    for name, value in _headers(raw):
        if name == "authentication-results":
            server, results = _split_authserv(value)
            if server in accepted and (not block or block[0][0] == server):
                block.append((server, results))
                continue
        if block:
            break
        if name == "received" and not _is_internal_hop(value, accepted):
            break
    return _merged(block) if block else AuthResults()


def _headers(raw: bytes) -> list[tuple[str, str]]:
    head = re.split(rb"\r?\n\r?\n", raw[:MAX_HEADER_BYTES], maxsplit=1)[0]
    message = message_from_bytes(head + b"\n\n", policy=compat32)
    return [(name.lower(), re.sub(r"\s+", " ", str(value))) for name, value in message.raw_items()]


def _is_internal_hop(received: str, accepted: set[str]) -> bool:
    """A hop inside the trusted server: by LMTP, which nobody outside speaks to it (RFC 2033), from nobody, or from the
    loopback address. The name after `from` is the client's own word (HELO) and proves nothing."""
    by = _BY.search(received)
    if by is None or not _inside(by[1], accepted):
        return False
    if re.match(r"\s*by\s", received, re.I) or _BY_LMTP.search(received):
        return True
    addresses = _TAKEN_FROM.findall(received)
    return bool(addresses) and addresses[-1] in _LOOPBACK


def _inside(host: str, accepted: set[str]) -> bool:
    """True if `host` is a trusted server, or a sibling of one below the same domain of at least two labels."""
    host = host.lower().rstrip(".")
    for name in accepted:
        parent = name.partition(".")[2]
        if host == name or host.endswith("." + name) or (parent.count(".") >= 1 and host.endswith("." + parent)):
            return True
    return False


def _split_authserv(value: str) -> tuple[str, str]:
    head, _, results = _without_comments(value[:20_000]).partition(";")
    words = head.split()
    return (words[0].lower() if words else ""), results


def _without_comments(value: str) -> str:
    """`value` without RFC 5322 comments, which may be nested, and without what quotes could hide in them."""
    kept: list[str] = []
    depth, escaped, quoted = 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
            continue
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            continue
        elif char == ")" and depth and not quoted:
            depth -= 1
            continue
        if depth == 0:
            kept.append(" " if quoted and char == ";" else char)
    return "".join(kept)


def _merged(block: list[tuple[str, str]]) -> AuthResults:
    found: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for _, results in block:
        for clause in results.split(";"):
            match = _RESULT.match(clause)
            if match:
                properties = {p["name"].lower(): p["value"].lower() for p in _PROPERTY.finditer(clause)}
                found.setdefault(match["method"].lower(), []).append((match["result"].lower(), properties))
    return AuthResults(
        spf=_common(found.get("spf", [])),
        dmarc=_common(found.get("dmarc", [])),
        dkim="pass" if any(result == "pass" for result, _ in found.get("dkim", [])) else _common(found.get("dkim", [])),
        dkim_domains=_signers(found.get("dkim", [])),
        authserv_id=block[0][0],
        dmarc_domain=_property(found.get("dmarc", []), "header.from").rpartition("@")[2],
    )


def _property(results: list[tuple[str, dict[str, str]]], name: str) -> str:
    return next((properties[name] for _, properties in results if name in properties), "")


def _common(results: list[tuple[str, dict[str, str]]]) -> str:
    """The one result all clauses agree on; "fail" where they contradict each other."""
    values = {result for result, _ in results}
    return values.pop() if len(values) == 1 else ("fail" if values else "none")


def _signers(results: list[tuple[str, dict[str, str]]]) -> tuple[str, ...]:
    domains = (
        p.get("header.d") or p.get("header.i", "").rpartition("@")[2] for result, p in results if result == "pass"
    )
    return tuple(dict.fromkeys(domain for domain in domains if domain))


def with_smime(stated: AuthResults, raw: bytes, now: datetime, authorities: Sequence[Certificate] = ()) -> AuthResults:
    """`stated` and what the S/MIME signature over the whole mail is worth. Only a certificate from one of the
    `authorities` vouches for anybody; any other signature is shown to a person and decides nothing."""
    found = signature_of(raw, now, authorities)
    if found is None:
        return stated
    return replace(
        stated,
        smime="pass" if found.valid else "fail",
        smime_addresses=found.addresses,
        smime_issuer=found.issuer,
        smime_trusted=found.trusted,
    )


def verify_dkim(raw: bytes, resolver: Resolver) -> tuple[str, tuple[str, ...]]:
    """("pass" | "fail" | "none", domains whose signature holds) for the first five signatures.

    Not counted: a signature with a body length (`l=`: text can be appended), over SHA-1 (RFC 8301), by an RSA key below
    1024 bits, by a key in testing (`t=y`), one that does not cover From, and any in a mail with several From headers.
    What `resolver` raises is passed on: an unreachable DNS is not a forged mail.
    """
    names = [name for name, _ in _headers(raw)]
    count = min(names.count("dkim-signature"), MAX_SIGNATURES)
    if count == 0:
        return "none", ()
    if names.count("from") != 1:
        return "fail", ()
    records = _records(raw, count, resolver)
    domains = [domain for index in range(count) if (domain := _signer(raw, index, records))]
    return ("pass" if domains else "fail"), tuple(dict.fromkeys(domains))


def _records(raw: bytes, count: int, resolver: Resolver) -> dict[str, bytes]:
    """The keys that the signatures name, asked for before dkimpy runs, so that it never catches a resolver's error."""
    values = [value for name, value in _headers(raw) if name == "dkim-signature"][:count]
    names = {f"{tags['s']}._domainkey.{tags['d']}" for tags in map(_tags, values) if tags.get("s") and tags.get("d")}
    found = {name: resolver(name) for name in sorted(names) if len(name) < 254 and re.fullmatch(r"[\w.-]+", name, re.A)}
    return {name: record for name, record in found.items() if record and not _in_testing(record)}


def _tags(value: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip(): re.sub(r"\s", "", rest) for name, _, rest in pairs if name.strip()}


def _in_testing(record: bytes) -> bool:
    return "y" in _tags(record.decode("ascii", "replace")).get("t", "").split(":")


def _signer(raw: bytes, index: int, records: dict[str, bytes]) -> str:
    """Domain of the signature `index` if it holds and covers enough, else an empty string."""

    def lookup(name: bytes, timeout: int = 5) -> bytes | None:  # noqa: ARG001 - dkimpy passes it by name
        return records.get(name.decode("ascii", "replace").rstrip("."))

    try:
        check = dkim.DKIM(raw, logger=_SILENT, minkey=MIN_RSA_BITS)
        if not check.verify(idx=index, dnsfunc=lookup):
            return ""
        fields = check.signature_fields
        covered = b"from" in check.include_headers
        domain = check.domain.decode("ascii").lower()
    except _DKIM_FAULTS:
        return ""
    return "" if b"l" in fields or fields.get(b"a") == b"rsa-sha1" or not covered else domain
