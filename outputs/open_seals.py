"""The two seals that a passphrase opens, as streams of the inner archive's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import pybase64
import pyzipper

from outputs.errors import Damaged, NotOurs, WrongPassphrase
from outputs.passphrase import Passphrase
from outputs.seal_format import CHUNK_LINE, END_LINE, HEADER_LINE, TAG, Chunks, Header, read_header

_PIECE = 1 << 17
_BEFORE = 4000  # lines of the page before its header, at most
_LONGEST_LINE: Final = 1 << 17  # of those; the longest are the texts and word lists
_HEADER = 1 << 10
_WRONG = "it does not open this file; compare it sign by sign, and see whether it belongs to this file"
_CHANGED = "the file was changed or not downloaded completely; fetch it again"


def open_html(file: BinaryIO, passphrase: Passphrase) -> Iterator[bytes]:
    """Each chunk once it is proven. What was yielded is whole only when the iterator has ended without `Damaged`."""
    header = _header(file)
    chunks, lines = Chunks(header, passphrase.reveal()), _sealed_lines(file, header)
    check, ahead = next(lines, b""), next(lines, b"")
    if chunks.open(0, check, last=False) is None:
        raise WrongPassphrase("wrong_passphrase", _WRONG)
    if not ahead:
        raise Damaged("damaged", _CHANGED)
    index = 1
    while ahead:
        sealed, ahead = ahead, next(lines, b"")
        clear = chunks.open(index, sealed, last=not ahead)
        if clear is None or (ahead and len(clear) != header.chunk):
            raise Damaged("damaged", _CHANGED)
        yield clear
        index += 1


def open_zip(file: BinaryIO, passphrase: Passphrase) -> Iterator[bytes]:
    """As `open_html`. pyzipper compares the MAC when the last byte was read."""
    with pyzipper.AESZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) != 1 or getattr(entries[0], "wz_aes_strength", None) != 3:
            raise NotOurs("not_an_answer", "this is not a sealed answer: it needs exactly one entry with AES-256")
        archive.setpassword(passphrase.reveal().encode())
        try:
            stream = archive.open(entries[0])
        except RuntimeError:
            stream = None
        if stream is None:
            raise WrongPassphrase("wrong_passphrase", _WRONG)
        with stream:
            while piece := stream.read(_PIECE):
                yield piece


def _header(file: BinaryIO) -> Header:
    """The header, on the first line of the page that begins as only a header does."""
    before, after = HEADER_LINE
    for _ in range(_BEFORE):
        line = file.readline(_LONGEST_LINE)
        if line.startswith(before):
            return read_header(line[: _HEADER + len(before)].removeprefix(before).removesuffix(after))
        if not line:
            break
    raise NotOurs("not_an_answer", "this page is not a sealed answer, or not all of it was downloaded")


def _sealed_lines(file: BinaryIO, header: Header) -> Iterator[bytes]:
    """The sealed chunks up to the line that ends them; `Damaged` where the file ends before it."""
    before, after = CHUNK_LINE
    longest = len(before) + len(after) + (header.chunk + TAG + 2) // 3 * 4
    while (line := file.readline(longest + 1)) != END_LINE:
        if len(line) > longest or not line.startswith(before) or not line.endswith(after):
            raise Damaged("damaged", _CHANGED)
        sealed = _decoded(line[len(before) : -len(after)])
        if len(sealed) < TAG:
            raise Damaged("damaged", _CHANGED)
        yield sealed


def _decoded(text: bytes) -> bytes:
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError:
        raise Damaged("damaged", _CHANGED) from None
