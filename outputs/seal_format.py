"""The sealed page's format, version 1 (docs/seal-format.md): what writer and reader have in common.

Chunks as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): each is sealed by itself, bound to the
header, to its place and to whether it is the last, so that nothing can be changed, left out, exchanged or cut off.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from outputs.errors import NotOurs

MAGIC, VERSION = "auskunft-seal", 1
ROUNDS, MOST_ROUNDS = (
    600_000,
    10_000_000,
)  # PBKDF2-HMAC-SHA-256: OWASP's minimum of 2023; a bound against an endless wait
CHUNK, MOST_CHUNK = 1 << 20, 16 << 20  # one that stays in a processor's cache from clear to base64
TAG = 16
CHECK = b"auskunft"  # the clear text of chunk 0
KDF, CIPHER = "PBKDF2-HMAC-SHA-256", "AES-256-GCM"
HEADER_LINE = (b'<script type="application/json" id="header">', b"</script>\n")
CHUNK_LINE = (b'<script type="text/plain" class="chunk">', b"</script>\n")
END_LINE = b'<p id="end" hidden></p>\n'
_SALT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Header:
    """What a reader needs besides the passphrase. `raw` is what every chunk is bound to."""

    raw: bytes
    salt: bytes
    rounds: int
    chunk: int


def make_header(salt: bytes, rounds: int = ROUNDS, chunk: int = CHUNK) -> Header:
    said = {
        "magic": MAGIC,
        "version": VERSION,
        "kdf": KDF,
        "rounds": rounds,
        "salt": salt.hex(),
        "cipher": CIPHER,
        "chunk": chunk,
    }
    return Header(orjson.dumps(said), salt, rounds, chunk)


def read_header(raw: bytes) -> Header:
    """Raises `NotOurs` for anything but a header of this version within its bounds: above all for fewer rounds."""
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError:
        said = None
    match said:
        case {
            "magic": "auskunft-seal",
            "version": 1,
            "kdf": "PBKDF2-HMAC-SHA-256",
            "rounds": int(rounds),
            "salt": str(salt),
            "cipher": "AES-256-GCM",
            "chunk": int(chunk),
        } if len(said) == 7 and _SALT.fullmatch(salt):
            if not ROUNDS <= rounds <= MOST_ROUNDS or not 1 << 10 <= chunk <= MOST_CHUNK:
                raise NotOurs("weak_seal", "the seal is weaker than this program makes it; do not trust the file")
            return Header(raw, bytes.fromhex(salt), rounds, chunk)
    raise NotOurs("unknown_seal", "made by another program or a newer version: update and try again")


def derive(passphrase: str, salt: bytes, rounds: int) -> bytes:
    """The file's key of 32 bytes (PBKDF2, RFC 8018)."""
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, rounds, 32)


class Chunks:
    """Seals or opens the chunks of one file. Chunk 0 holds `CHECK`: it tells whether the passphrase fits."""

    def __init__(self, header: Header, passphrase: str) -> None:
        self._aead = AESGCM(derive(passphrase, header.salt, header.rounds))
        self._bound = hashlib.sha256(header.raw).digest()

    def seal(self, index: int, clear: memoryview, sealed: memoryview, *, last: bool) -> None:
        """Fills `sealed`, which is longer than `clear` by the tag."""
        self._aead.encrypt_into(self._nonce(index), clear, self._aad(index, last=last), sealed)

    def open(self, index: int, sealed: bytes, *, last: bool) -> bytes | None:
        """The clear bytes, or None where this is not that chunk of this file."""
        try:
            return self._aead.decrypt(self._nonce(index), sealed, self._aad(index, last=last))
        except InvalidTag:
            return None

    def _nonce(self, index: int) -> bytes:
        """A key is made for one file and each index is used once, so that no nonce comes twice."""
        return index.to_bytes(12, "big")

    def _aad(self, index: int, *, last: bool) -> bytes:
        return self._bound + index.to_bytes(8, "big") + (b"\1" if last else b"\0")
