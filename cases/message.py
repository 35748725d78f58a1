"""A received mail as a frozen value: what was sent, by whom, and how far the sender is vouched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

# Second-level labels under which registries sell names to strangers ("co.uk", "com.au"): two labels are no one's own.
_SHARED_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gv", "ltd", "me", "net", "or", "org", "plc"})


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address as written in a header. `email` is lower-cased in its domain; empty where none was readable."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def domain(self) -> str:
        """The part behind the last `@`, lower-cased; empty where there is none."""
        return self.email.rpartition("@")[2].lower() if "@" in self.email else ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file, decoded. `name` comes from the sender: never use it as a path."""

    name: str = field(repr=False)
    media_type: str
    content: bytes = field(repr=False)


def aligned(signing_domain: str, from_domain: str) -> bool:
    """True if a signature by `signing_domain` speaks for `from_domain`: the same domain or a parent of it.

    Narrower than DMARC's relaxed alignment (RFC 7489 sec. 3.1.1), which needs the public suffix list: a signature by
    a *sub*domain does not count here, because sub-domains of shared hosts belong to strangers, and neither does one
    by what looks like a registry's suffix ("co.uk").
    """
    signer, sender = signing_domain.lower().rstrip("."), from_domain.lower().rstrip(".")
    if not signer or not sender:
        return False
    return signer == sender or (sender.endswith("." + signer) and not _is_shared_suffix(signer))


def _is_shared_suffix(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) < 2 or (len(labels) == 2 and labels[0] in _SHARED_SECOND_LEVEL)


@dataclass(frozen=True, slots=True)
class AuthResults:
    """What is known about the mail's origin.

    `spf`, `dkim`, `dmarc`: results written by the trusted receiving server `authserv_id` (RFC 8601), "none" where it
    said nothing. `dkim_domains`: domains whose signatures that server accepted; `dmarc_domain`: the From domain it
    looked at (empty: not stated; then it vouches for nobody). `own_dkim`, `own_dkim_domains`: the result of our own
    check (RFC 6376).

    `smime`: "pass" or "fail" for the signature over the whole mail (RFC 8551), with the addresses in its certificate,
    lower-cased, and who issued that; `smime_trusted`: a configured authority stands behind it. No other signature
    vouches for anybody.
    """

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    dkim_domains: tuple[str, ...] = ()
    own_dkim: str = "none"
    own_dkim_domains: tuple[str, ...] = ()
    authserv_id: str = ""
    dmarc_domain: str = ""
    smime: str = "none"
    smime_addresses: tuple[str, ...] = field(default=(), repr=False)
    smime_issuer: str = field(default="", repr=False)
    smime_trusted: bool = False

    def vouches_for(self, email: str) -> bool:
        """True if the mail really comes from the domain of `email`, the address in its From header.

        Either the trusted server found DMARC pass for that domain, or our own DKIM check passed in alignment. SPF
        alone never counts: it speaks for the envelope, which the reader does not see.
        """
        domain = Address(email=email).domain
        if not domain:
            return False
        return self._dmarc_vouches(domain) or self._own_dkim_vouches(domain) or self._smime_vouches(email)

    @property
    def smime_words(self) -> str:
        """What an S/MIME signature shows, for a person; empty where there is none. Holds addresses: never logged."""
        if self.smime == "none":
            return ""
        if self.smime == "fail":
            return "smime: the signature does not hold"
        trust = "issued by a configured authority" if self.smime_trusted else "issued by nobody whom we know"
        return (
            f"smime: valid signature, certificate of {', '.join(self.smime_addresses)}, {trust} ({self.smime_issuer})"
        )

    def _dmarc_vouches(self, domain: str) -> bool:
        return bool(self.authserv_id) and self.dmarc == "pass" and self.dmarc_domain.lower() == domain

    def _smime_vouches(self, email: str) -> bool:
        return self.smime == "pass" and self.smime_trusted and email.lower() in self.smime_addresses

    def _own_dkim_vouches(self, domain: str) -> bool:
        return self.own_dkim == "pass" and any(aligned(signer, domain) for signer in self.own_dkim_domains)


def _no_headers() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """A received mail. Personal values stay out of its `repr`.

    `text`: what the sender wrote (text/plain, else HTML turned into text), without what was quoted or forwarded, which
    is `quoted`. `headers`: lower-cased name -> values in order of appearance. `received_at`: aware, UTC. `date`: what
    the sender claims, aware, or None. `defects`: codes of what was wrong with the mail's form; `many_from` means that
    nobody can be vouched for.
    """

    raw: bytes = field(repr=False)
    received_at: datetime
    message_id: str = ""
    sender: Address = Address()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = field(default="", repr=False)
    date: datetime | None = None
    text: str = field(default="", repr=False)
    quoted: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=_no_headers, repr=False)
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    auth: AuthResults = AuthResults()
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """First value of the header `name` (any case), stripped; empty where absent."""
        values = self.headers.get(name.lower(), ())
        return values[0].strip() if values else ""

    @property
    def vouched(self) -> bool:
        """True if the From address is authenticated and the From header is beyond doubt."""
        return "many_from" not in self.defects and self.auth.vouches_for(self.sender.email)
