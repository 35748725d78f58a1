"""An AES-256 ZIP with one stored entry of a neutral name: AE-2 as WinZip describes it, APPNOTE 6.3.10 for the rest.

AE-2 leaves names readable and derives its key with only 1,000 rounds of PBKDF2-HMAC-SHA1, hence the nested archive and
a passphrase that is random and long enough not to depend on the derivation (SEC-05). We write it ourselves because it
is small, and because pyzipper takes several times as long.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
from typing import BinaryIO, cast

from Cryptodome.Util.strxor import strxor
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from cases.draft import Package
from outputs.behind import Behind
from outputs.errors import SealRefused
from outputs.passphrase import Passphrase
from outputs.texts import texts

_PIECE = 1 << 20
_BLOCK = 16
_LARGE = 1 << 31  # from here sizes are written with 64 bits, which some unpackers do not know
_AES_ROUNDS = 1000
_SALT, _MAC = 16, 10
_VERSION, _FLAGS, _METHOD = 51, 0b1001, 99  # AES; encrypted, sizes behind the data; AE-x
_DATE = (46 << 9) | (1 << 5) | 1  # 1 January 2026: the time of sealing concerns nobody
_AE_2 = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)  # AES-256 around stored bytes
_FULL = 0xFFFFFFFF


def write_zip(package: Package, passphrase: Passphrase, sink: BinaryIO, salt: bytes) -> None:
    """Streams the archive; see `outputs.seal.seal`."""
    name = texts(package.language)("file.inner").encode("ascii")
    large = package.size >= _LARGE
    sink.write(local_header(name, large=large))
    with Behind() as behind:
        entry = _Entry(sink, passphrase.reveal().encode(), salt[:_SALT], behind)
        package.write(cast(BinaryIO, entry))
        entry.finish()
    sink.write(entry.mac)
    packed = _SALT + 2 + entry.size + _MAC
    if not large and packed > _FULL:
        raise SealRefused("larger_than_said", "the package is larger than it said; make the draft again")
    sink.write(tail(name, packed, entry.size, large=large))


def local_header(name: bytes, *, large: bool) -> bytes:
    extra = (struct.pack("<HHQQ", 1, 16, 0, 0) if large else b"") + _AE_2
    known = _FULL if large else 0
    sizes = (0, known, known, len(name), len(extra))
    return struct.pack("<IHHHHHIIIHH", 0x04034B50, _VERSION, _FLAGS, _METHOD, 0, _DATE, *sizes) + name + extra


def tail(name: bytes, packed: int, size: int, *, large: bool) -> bytes:
    """The data descriptor, the central directory with its one entry, and the end record."""
    descriptor = struct.pack("<IIQQ" if large else "<IIII", 0x08074B50, 0, packed, size)
    start = len(local_header(name, large=large)) + packed + len(descriptor)
    extra = (struct.pack("<HHQQ", 1, 16, size, packed) if large else b"") + _AE_2
    told = (0, _FULL, _FULL) if large else (0, packed, size)
    made, method = ((3 << 8) | _VERSION, _VERSION), (_FLAGS, _METHOD, 0, _DATE)
    entry = struct.pack("<I6H3I", 0x02014B50, *made, *method, *told)
    entry += struct.pack("<5HII", len(name), len(extra), 0, 0, 0, 0o600 << 16, 0) + name + extra
    end64 = _end64(len(entry), start) if large else b""
    where = _FULL if large else start
    return descriptor + entry + end64 + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(entry), where, 0)


def _end64(size: int, start: int) -> bytes:
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, (3 << 8) | _VERSION, _VERSION, 0, 0, 1, 1, size, start)
    return record + struct.pack("<IIQI", 0x07064B50, 0, start + size, 1)


class _Entry(io.RawIOBase):
    """A sink that encrypts what it gets: salt and check value first, then the pieces; `mac` after `finish`."""

    def __init__(self, sink: BinaryIO, passphrase: bytes, salt: bytes, behind: Behind) -> None:
        super().__init__()
        keys = hashlib.pbkdf2_hmac("sha1", passphrase, salt, _AES_ROUNDS, 66)
        self._sink, self._behind = sink, behind
        self._stream, self._hmac = KeyStream(keys[:32]), hmac.new(keys[32:64], digestmod="sha1")
        self._clear, self._filled, self.size, self.mac = memoryview(bytearray(_PIECE)), 0, 0, b""
        sink.write(salt + keys[64:])

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = memoryview(cast(bytes, data)).cast("B")
        left = piece
        while left:
            taken = min(len(left), self._stream.next_size - self._filled)
            self._clear[self._filled : self._filled + taken] = left[:taken]
            self._filled += taken
            left = left[taken:]
            if self._filled == self._stream.next_size:
                self._put()
        return len(piece)

    def finish(self) -> None:
        self._put()
        self._behind.settle()
        self.mac = self._hmac.digest()[:_MAC]

    def _put(self) -> None:
        sealed = self._stream.over(self._clear[: self._filled])
        self._behind(self._hmac.update, sealed)
        self._sink.write(sealed)
        self.size, self._filled = self.size + len(sealed), 0


class KeyStream:
    """AES in counter mode as AE-2 counts: from 1, the lowest byte first. The counters of a piece are made at once and
    encrypted block by block, which takes a quarter of the time of the one library that counts like that."""

    def __init__(self, key: bytes, pieces_before: int = 0) -> None:
        self._aes = Cipher(AES256(key), ECB()).encryptor()  # noqa: S305 - the counters are what is encrypted
        self._round, self._skip = pieces_before - 1, 0
        numbers = range(_PIECE // _BLOCK)
        self._counters, self._encrypted = bytearray(_PIECE), bytearray(_PIECE + _BLOCK)  # as much as OpenSSL asks for
        self._counters[0::_BLOCK] = bytes(number & 0xFF for number in numbers)
        self._counters[1::_BLOCK] = bytes(number >> 8 for number in numbers)
        self._advance()
        self._skip = 0 if pieces_before else _BLOCK  # there is no counter 0

    @property
    def next_size(self) -> int:
        """How many bytes the next piece has, unless it is the last."""
        return _PIECE - self._skip

    def over(self, clear: bytes | memoryview) -> bytearray:
        """The next piece, encrypted; of `next_size` bytes or, the last one, of fewer. Nobody else holds it."""
        self._aes.update_into(self._counters, self._encrypted)
        mixed = bytearray(len(clear))
        if mixed:
            stream = memoryview(self._encrypted)[self._skip : self._skip + len(clear)]
            strxor(cast(bytes, clear), cast(bytes, stream), output=mixed)
        self._advance()
        return mixed

    def _advance(self) -> None:
        """A counter's bytes 2 to 7 count the pieces."""
        self._round, self._skip = self._round + 1, 0
        count = _PIECE // _BLOCK
        for place, byte in enumerate(self._round.to_bytes(6, "little"), start=2):
            if self._counters[place] != byte:
                self._counters[place::_BLOCK] = bytes((byte,)) * count
