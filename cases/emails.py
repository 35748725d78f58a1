"""E-mail addresses: the literal form in which they are compared, and the weaker one of a provider's mailbox.

Which spellings reach one mailbox is the provider's affair (RFC 5321 section 2.3.11): only for those of the table, whose
help pages promise it, and only at their own domains, an address with other dots or a `+word` is the same mailbox.
Elsewhere `lena+shop@` and `l.ena@` may be somebody else's.

Sources: Gmail help, answer 7436150 (dots; not for companies with their own domain) and its page on `+` aliases;
Proton, "Addresses and aliases" (`+`; the same name at `protonmail.com` and `pm.me`; that dots are ignored too is not
documented, so it is not assumed); for the others the provider's help page on plus addressing. GMX, WEB.DE, T-Online,
freenet and Yahoo deliver no `+word` by themselves and are not in the table.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import idna

_ANGLES = re.compile(r"[^<>]{0,200}<([^<>\s]+)>")
_INVISIBLE = " \t\r\n\f\v\u00a0\ufeff\u200b\u200e\u200f\u2060"
# White space or separators anywhere, a second address, or quotation marks around it.
_NO_ADDRESS = re.compile(r"[\s;,|<>:\ufeff]|@.*[@/'\"]|^['\"]|['\"]@", re.S)
_MAILTO = re.compile(r"(?i)^mailto:([^?\s]*)(?:\?.*)?$", re.S)


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider ignores in a local part, and the domain under which all of its domains are one."""

    domain: str = ""
    ignored: str = ""
    plus: bool = True


_GMAIL = Provider("gmail.com", ".")
_PROTON = Provider("protonmail.com")
_PLUS_ONLY = Provider()
_OUTLOOK = ("outlook", "hotmail", "live")
PROVIDERS = MappingProxyType(
    {
        **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
        **dict.fromkeys(("protonmail.com", "pm.me"), _PROTON),
        **{f"{name}.{end}": _PLUS_ONLY for name in _OUTLOOK for end in ("com", "de", "at", "fr", "it", "es", "co.uk")},
        **dict.fromkeys(
            ("msn.com", "proton.me", "icloud.com", "me.com", "mac.com", "fastmail.com", "fastmail.fm"), _PLUS_ONLY
        ),
        **dict.fromkeys(("posteo.de", "posteo.net", "mailbox.org"), _PLUS_ONLY),
    }
)


def normal_email(value: str) -> str:
    """The literal address in lower case, its domain in ASCII (IDNA 2008 with UTS 46); empty where it is none.

    Case does not matter, umlauts in the local part do: `mueller@` and `müller@` are two mailboxes (RFC 6531).
    `mailto:`, what stands around angle brackets and an invisible sign before or behind are taken off. Several addresses
    are none (`cases.mentions.emails_in` takes them apart), and neither is one with a label or in quotation marks.
    """
    text = value.strip(_INVISIBLE)
    if found := _MAILTO.match(text) or _ANGLES.fullmatch(text):
        text = found[1]
    local, at, domain = unicodedata.normalize("NFC", text).lower().rpartition("@")
    domain = domain.rstrip(".")
    if not at or not local or not domain or _NO_ADDRESS.search(f"{local}@{domain}"):
        return ""
    return f"{local}@{_host(domain)}"


@lru_cache(1024)
def _host(domain: str) -> str:
    try:
        return str(idna.encode(domain, uts46=True), "ascii")
    except idna.IDNAError:
        return domain


def mailbox_key(address: str) -> str:
    """The mailbox that a normalised address reaches, at a provider of the table; empty elsewhere. Two addresses with
    one key are delivered to one mailbox, however the second came into a system."""
    local, _, domain = address.rpartition("@")
    provider = PROVIDERS.get(domain)
    if provider is None:
        return ""
    bare = local.partition("+")[0] if provider.plus else local
    bare = bare.translate({ord(char): None for char in provider.ignored})
    return f"{bare}@{provider.domain or domain}" if bare else ""
