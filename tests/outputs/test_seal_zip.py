"""The AES-256 ZIP against independent programs, and its arithmetic where no test could wait for the bytes."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
import pyzipper
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.draft import Package
from outputs.passphrase import Passphrase
from outputs.seal import seal
from outputs.seal_zip import KeyStream, local_header, tail
from tests.outputs.tools import run, tool

SECRET = Passphrase("apfel-biene-dampf")
PIECE = 1 << 20


def packed(pieces: list[bytes], size: int = 0) -> Package:
    def write(sink: BinaryIO) -> None:
        for piece in pieces:
            sink.write(piece)

    return Package("DSAR-2026-0001", "0" * 64, write, "de", size)


def zipped(pieces: list[bytes], size: int = 0) -> bytes:
    sink = BytesIO()
    seal(packed(pieces, size), SECRET, sink, "zip")
    return sink.getvalue()


def opened(content: bytes) -> bytes:
    """By pyzipper, which knows nothing of our writer."""
    with pyzipper.AESZipFile(BytesIO(content)) as archive:
        return bytes(archive.read("inhalt.zip", pwd=SECRET.reveal().encode()))


@given(st.lists(st.integers(0, 3000).map(lambda n: bytes(i % 251 for i in range(n))), max_size=5))
@settings(max_examples=40, deadline=None)
def test_another_program_reads_what_was_written_in_whatever_pieces(pieces: list[bytes]) -> None:
    assert opened(zipped(pieces)) == b"".join(pieces)


@pytest.mark.parametrize("size", [PIECE - 17, PIECE - 16, PIECE - 15, 2 * PIECE - 16, 2 * PIECE, 3 * PIECE + 5])
def test_nothing_is_lost_where_pieces_meet(size: int) -> None:
    content = os.urandom(size)
    assert opened(zipped([content[:7], content[7:]])) == content


@pytest.mark.parametrize("said", [0, 1 << 31])
def test_7z_opens_it_with_the_right_passphrase_only(tmp_path: Path, said: int) -> None:
    """Also with 64-bit sizes, as written where the package says that it may be larger than two gigabytes."""
    seven, content = tool("7z", "7zz"), os.urandom(300_000)
    path = tmp_path / "a.zip"
    path.write_bytes(zipped([content], said))
    status, clear, complaint = run(seven, "x", "-so", f"-p{SECRET.reveal()}", str(path))
    assert (status, clear == content) == (0, True), complaint
    assert run(seven, "x", "-so", "-papfel-biene-dampg", str(path))[0] != 0
    assert b"Encrypted = +" in run(seven, "l", "-slt", str(path))[1]


def test_the_largest_sizes_are_told_so_that_others_understand_them(tmp_path: Path) -> None:
    """Six gigabytes of holes: only the headers are written and read."""
    size, name = 6 << 30, b"inhalt.zip"
    with (tmp_path / "large.zip").open("wb") as file:
        file.write(local_header(name, large=True))
        file.seek(size + 28, os.SEEK_CUR)
        file.write(tail(name, size + 28, size, large=True))
    (entry,) = pyzipper.AESZipFile(tmp_path / "large.zip").infolist()
    assert (entry.file_size, entry.compress_size, entry.header_offset) == (size, size + 28, 0)
    told = run(tool("7z", "7zz"), "l", "-slt", str(tmp_path / "large.zip"))[1].decode()
    assert f"\nSize = {size}\n" in told and f"\nPacked Size = {size + 28}\n" in told
    assert "Method = AES-256 Store" in told


@pytest.mark.parametrize("pieces", [1, 255, 256, 65_535, 65_536, 1 << 24])
def test_the_counter_is_right_beyond_two_gigabytes(pieces: int) -> None:
    key = hashlib.sha256(b"key").digest()
    blocks = PIECE // 16
    counters = b"".join((pieces * blocks + at).to_bytes(16, "little") for at in range(blocks))
    expected = Cipher(AES256(key), ECB()).encryptor().update(counters)
    stream = KeyStream(key, pieces - 1)
    stream.over(b"")
    assert stream.over(bytes(PIECE)) == expected
