"""Sealing of short values: AES-256-GCM with a random nonce and a version byte. No options, no algorithm names."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
TAG_BYTES = 16
NONCE_BYTES = 12
_VERSION = b"\x01"


class Tampered(Exception):
    """Sealed bytes that do not open: changed, cut off, moved to another place, or sealed with another key.

    Do not repair them by hand: take the original from its source again, or restore a backup of the same age.
    """


def new_key() -> bytes:
    """A fresh 256-bit key from the operating system."""
    return os.urandom(KEY_BYTES)


def seal_bytes(key: bytes, aad: bytes, clear: bytes) -> bytes:
    """Seal `clear` under a 32-byte key, bound to `aad`; gives version (1 byte), nonce (12), ciphertext and tag (16).

    The nonce is random (NIST SP 800-38D, 8.2.2): one key may seal some 2^32 values.
    """
    nonce = os.urandom(NONCE_BYTES)
    return _VERSION + nonce + _aead(key).encrypt(nonce, clear, _VERSION + aad)


def open_bytes(key: bytes, aad: bytes, sealed: bytes) -> bytes:
    """Open what `seal_bytes` made with the same key and `aad`; raises `Tampered` for anything else."""
    if sealed[:1] != _VERSION or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
        raise Tampered("the sealed value has an unknown version or is cut off")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return _aead(key).decrypt(nonce, body, _VERSION + aad)
    except InvalidTag:
        raise Tampered("the sealed value does not open with this key at this place") from None


def derive_key(key: bytes, info: bytes, salt: bytes | None = None) -> bytes:
    """A 256-bit key for one purpose from another key (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)


def _aead(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return AESGCM(key)
