"""Looks for words in files, however they are written: as text, escaped, in base64 or hex, or inside something packed.

The words share a long random beginning, so that one search for it finds any of them; what was found is named after.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

LEAST_PREFIX = 8
MAX_DEPTH = 3  # a PDF in a zip in a mail
MAX_UNPACKED = 32 * 2**20
WINDOW = 16 * 2**20  # how much of a file one packed stream may fill
PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04", re.DOTALL)
ESCAPE = re.compile(rb"\\u00([0-9a-f]{2})|\\x([0-9a-f]{2})|%([0-9a-f]{2})|=([0-9a-f]{2})|&#x([0-9a-f]{2});", re.I)
SOFT_BREAK = re.compile(rb"=\r?\n")
BREAKS = re.compile(rb"\\r|\\n|[\r\n\t ]")
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{64,}")
SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Leak:
    """A word where it should not be: file, the word's name, and how it is written there."""

    path: str
    word: str
    way: str


def scan_apart(words: Mapping[str, str], roots: Iterable[Path], leave_out: Iterable[Path] = ()) -> list[Leak]:
    """`Scanner(words).files(…)` in a process of its own. A process that closes a file of a SQLite database loses the
    locks of its own connection to it (fcntl(2)), and goes on with a database that others believe to be left."""
    order = {"words": dict(words), "roots": [*map(str, roots)], "leave_out": [*map(str, leave_out)]}
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.scan"], input=json.dumps(order).encode(), capture_output=True, check=True,
        cwd=Path(__file__).parent.parent.parent,
    )  # fmt: skip
    return [Leak(*leak) for leak in json.loads(done.stdout)]


class Scanner:
    """Finds any of `words` (name -> ASCII word, all with one random beginning of at least 8 signs)."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {name: word.lower().encode("ascii") for name, word in words.items()}
        self._prefix = os.path.commonprefix([word.decode() for word in self._words.values()])  # noqa: RUF071 - of words, not paths
        if len(self._prefix) < LEAST_PREFIX:
            raise ValueError("the words must share a random beginning, so that one search finds them all")
        self._encoded = tuple(_base64_forms(self._prefix))

    def files(self, roots: Iterable[Path], leave_out: Iterable[Path] = ()) -> list[Leak]:
        """Everything found in the files below the roots and in their names; nothing is followed out of them."""
        out = tuple(path.resolve() for path in leave_out)
        return [leak for root in roots for path in _walk(root, out) for leak in self.file(path)]

    def file(self, path: Path) -> list[Leak]:
        try:
            data = path.read_bytes()
        except OSError:  # a socket, or gone meanwhile
            data = b""
        found = {(word, f"name, {way}") for word, way in self.data(os.fsencode(path.name))} | set(self.data(data))
        if data.startswith(SQLITE):
            found |= {(word, f"row, {way}") for row in _rows(path) for word, way in self.data(row)}
        return [Leak(str(path), word, way) for word, way in sorted(found)]

    def data(self, data: bytes, depth: int = 0, outside: str = "") -> set[tuple[str, str]]:
        """Pairs of word and way for everything found in `data` and in what is packed in it."""
        found = {(word, outside + way) for word, way in self._flat(data)}
        if depth < MAX_DEPTH:
            for way, inner in _inside(data):
                found |= self.data(inner, depth + 1, f"{outside}{way} > ")
        return found

    def _flat(self, data: bytes) -> Iterator[tuple[str, str]]:
        prefix = self._prefix.encode()
        for way, view in _views(data):
            if prefix in view:
                yield from ((word, way) for word in self._named(view))
        joined = BREAKS.sub(b"", data)
        for way, form in self._encoded:
            if form in joined:
                yield "some word", way

    def _named(self, view: bytes) -> list[str]:
        return [name for name, word in self._words.items() if word in view] or ["a part of a word"]


def _views(data: bytes) -> Iterator[tuple[str, bytes]]:
    lower = data.lower()
    yield "text", lower
    yield "utf-16", lower.replace(b"\0", b"")
    yield "escaped", ESCAPE.sub(_unescaped, SOFT_BREAK.sub(b"", lower)).lower()
    yield "hex", b"".join(_unhexed(match[0]) for match in re.finditer(rb"(?:[0-9a-f]{2}){8,}", lower))


def _unescaped(match: re.Match[bytes]) -> bytes:
    return binascii.unhexlify(next(group for group in match.groups() if group))


def _unhexed(digits: bytes) -> bytes:
    """Both readings: a digit before the word may belong to something else."""
    even = digits[1 : len(digits) - (len(digits) - 1) % 2]
    return b"\n".join(binascii.unhexlify(part).lower().replace(b"\0", b"") for part in (digits, even)) + b"\n"


def _base64_forms(prefix: str) -> Iterator[tuple[str, bytes]]:
    """What of the beginning is the same whatever stands around it, for each of the three places it can start at."""
    for spelled in {prefix, prefix.upper(), prefix.capitalize()}:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = spelled.encode(encoding)
            for offset in range(3):
                yield f"base64 {encoding}", _stable(raw, offset, base64.b64encode)
                yield f"base64url {encoding}", _stable(raw, offset, base64.urlsafe_b64encode)


def _stable(raw: bytes, offset: int, encode: Callable[[bytes], bytes]) -> bytes:
    encoded = encode(b"\0" * offset + raw)
    return encoded[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]


def _inside(data: bytes) -> Iterator[tuple[str, bytes]]:
    if raw := _inflated(data[:WINDOW], -zlib.MAX_WBITS):
        yield "deflate", raw
    for match in PACKED.finditer(data):
        yield from _packed(data, match)
    joined = BREAKS.sub(b"", data)
    for run in BASE64_RUN.finditer(joined):
        yield from _decoded(run[0])


def _packed(data: bytes, match: re.Match[bytes]) -> Iterator[tuple[str, bytes]]:
    start, magic = match.start(), match[0]
    if magic.startswith(b"PK"):
        name, extra = (int.from_bytes(data[start + at : start + at + 2], "little") for at in (26, 28))
        begin = start + 30 + name + extra
        way, bits = "zip", -zlib.MAX_WBITS
    elif magic.startswith(b"\x1f"):
        begin, way, bits = start, "gzip", zlib.MAX_WBITS | 16
    else:
        begin, way, bits = start, "zlib", zlib.MAX_WBITS
    if unpacked := _inflated(data[begin : begin + WINDOW], bits):
        yield way, unpacked


def _inflated(data: bytes, bits: int) -> bytes:
    """What can be unpacked, also of a stream that breaks off; nothing where it is no such stream."""
    machine, out = zlib.decompressobj(bits), bytearray()
    for at in range(0, len(data), 4096):
        try:
            out += machine.decompress(data[at : at + 4096], MAX_UNPACKED)
        except zlib.error:
            break
        if machine.eof or len(out) > MAX_UNPACKED:
            break
    return bytes(out)


def _decoded(run: bytes) -> Iterator[tuple[str, bytes]]:
    plain = run.replace(b"-", b"+").replace(b"_", b"/")
    for offset in range(4):  # the run may begin with signs that belong to what stands before
        part = plain[offset:]
        raw = base64.b64decode(part[: len(part) // 4 * 4])
        if PACKED.match(raw):
            yield "base64", raw


def _rows(database: Path) -> Iterator[bytes]:
    """Every value of a database, read from a copy: a long one is spread over pages in the file."""
    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        copy = Path(folder) / "copy.db"
        for ending in ("", "-wal"):
            if (source := database.with_name(database.name + ending)).exists():
                shutil.copy(source, copy.with_name(copy.name + ending))
        try:
            with closing(sqlite3.connect(copy)) as connection:
                yield from _values(connection)
        except sqlite3.DatabaseError:  # copied in the middle of a change: the bytes themselves were looked at
            return


def _values(connection: sqlite3.Connection) -> Iterator[bytes]:
    connection.text_factory = bytes
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (name,) in tables:
        for row in connection.execute(f'SELECT * FROM "{name.decode()}"'):
            yield b"\n".join(value for value in row if isinstance(value, bytes))


def _walk(root: Path, out: tuple[Path, ...]) -> Iterator[Path]:
    if not root.exists() or any(root.resolve().is_relative_to(path) for path in out):
        return
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = [name for name in folders if (here / name).resolve() not in out]
        yield from (here / name for name in (*names, *folders) if not (here / name).is_symlink())


def main() -> None:
    order = json.load(sys.stdin)
    roots, leave_out = ([Path(path) for path in order[key]] for key in ("roots", "leave_out"))
    json.dump([astuple(leak) for leak in Scanner(order["words"]).files(roots, leave_out)], sys.stdout)


if __name__ == "__main__":
    main()
