"""Digests of e-mail addresses and phone numbers, as audience lists and server-side pixel logs hold them.

What is hashed differs by system; every form that one of them may hold is made here:

- Meta (Conversions API, customer information parameters): SHA-256 of the trimmed, lower-case address; of the phone's
  digits with country code, without `+`, letters and leading zeros.
- Google Ads (Customer Match, enhanced conversions): SHA-256 of the trimmed, lower-case address, for `gmail.com` and
  `googlemail.com` without dots and without `+` and what follows; of the phone in E.164 with `+`.
- LinkedIn (Matched Audiences, Conversions API): SHA-256 of the trimmed, lower-case address.
- MD5 and SHA-1 of the address: avatar services and older newsletter tools.

A domain with umlauts is hashed as it was typed or in its ASCII form: both are made.
"""

from __future__ import annotations

import base64
import hashlib
import re

import idna

_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{43}=?", re.ASCII)  # 32 bytes


def email_digests(address: str) -> tuple[str, ...]:
    """Hex digests of a normalised address: SHA-256 of every form, then MD5 and SHA-1 of the literal ones."""
    if not address:
        return ()
    literal = _with_both_domains(address)
    strong = [_sha256(form) for form in dict.fromkeys((*literal, *_as_google(address)))]
    return (*strong, *(digest for form in literal for digest in _weak(form)))


def phone_digests(e164: str) -> tuple[str, ...]:
    """Hex SHA-256 digests of a number in E.164: as Meta hashes it, and as Google does."""
    return (_sha256(e164.removeprefix("+")), _sha256(e164)) if e164 else ()


def normal_digest(value: str) -> str:
    """The lower-case hex form of a digest; a SHA-256 in base64 (standard or URL-safe, padded or not) becomes hex."""
    if _BASE64.fullmatch(value):
        return base64.b64decode(value.rstrip("=").translate(_STANDARD) + "=").hex()
    return value.casefold()


def digest_spellings(digest: str) -> tuple[str, ...]:
    """How a lower-case hex digest may be written: hex, and for a SHA-256 base64 and URL-safe base64, unpadded."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest, re.ASCII):
        return (digest,)
    raw = bytes.fromhex(digest)
    spelled = (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode())
    return tuple(dict.fromkeys((digest, *(text.rstrip("=") for text in spelled))))


_STANDARD = str.maketrans("-_", "+/")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _weak(text: str) -> tuple[str, str]:
    data = text.encode()
    md5, sha1 = hashlib.md5(data, usedforsecurity=False), hashlib.sha1(data, usedforsecurity=False)
    return md5.hexdigest(), sha1.hexdigest()


def _with_both_domains(address: str) -> tuple[str, ...]:
    local, _, domain = address.rpartition("@")
    if "xn--" not in domain:
        return (address,)
    try:
        return address, f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return (address,)


def _as_google(address: str) -> tuple[str, ...]:
    local, _, domain = address.rpartition("@")
    if domain not in _GOOGLE:
        return ()
    bare = local.partition("+")[0].replace(".", "")
    return tuple(f"{bare}@{domain}" for domain in sorted(_GOOGLE)) if bare else ()
