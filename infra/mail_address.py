"""One plain mail address as it goes into an envelope or a header."""

from __future__ import annotations

import re
import smtplib
from contextlib import suppress

import idna

_ADDRESS = re.compile(r"([^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,64})@([^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,255})")


def one_address(text: str) -> tuple[str, str]:
    """Local part and domain, the domain in A-labels (RFC 5891), so that only a non-ASCII local part needs SMTPUTF8.

    Raises `ValueError` (without the text) for anything but `local@domain`: lists, display names, quoted local parts,
    control characters.
    """
    found = _ADDRESS.fullmatch(text)
    domain = _a_labels(found[2]) if found else ""
    if not found or not domain or smtplib.quoteaddr(text) != f"<{text}>":  # smtplib reads addresses in its own way
        raise ValueError("this is not one plain mail address")
    return found[1], domain


def _a_labels(domain: str) -> str:
    """Empty where no such domain can exist."""
    if domain.isascii():
        return domain
    with suppress(idna.IDNAError):
        return idna.encode(domain, uts46=True).decode("ascii")
    return ""
