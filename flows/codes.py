"""Short codes by which somebody says what they have read: a MAC over the case, what it said, and who read it."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cases.identifiers import fold
from infra.keystore import KeyStore

CODE_BYTES = 5  # 40 bit: eight letters and digits; each wrong one is recorded and asks the form anew


def release_code(keystore: KeyStore, case: str, digest: str, reader: str) -> str:
    """A short MAC over the digest of what was read and its reader, to be typed in: `ABCD-EFGH`."""
    message = "\n".join((case, digest, same_name(reader))).encode()
    mac = hmac.new(keystore.derive("release-code"), message, hashlib.sha256).digest()[:CODE_BYTES]
    text = base64.b32encode(mac).decode()
    return f"{text[:4]}-{text[4:]}"


def fits(expected: str, typed: str) -> bool:
    """Whether a code was typed, however it was written; compared in constant time."""
    return hmac.compare_digest(_plain(expected), _plain(typed))


def same_name(name: str) -> str:
    return " ".join(fold(name).split())


def _plain(code: str) -> bytes:
    return "".join(code.upper().split()).replace("-", "").encode()
