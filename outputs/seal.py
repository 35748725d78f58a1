"""Sealing: the package as one file that only the passphrase opens.

`html`: a page that opens itself in any browser (`outputs/seal_html.py`); the default. `zip`: an AES-256 ZIP with one
entry of a neutral name (`outputs/seal_zip.py`). For a person whose certificate or key is known, `outputs/seal_key.py`.
docs/design.md says why the page is the default.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, NamedTuple, Protocol, cast

from cases.draft import Package, Sealed
from outputs.behind import Behind
from outputs.errors import SealRefused
from outputs.passphrase import Passphrase, new_passphrase
from outputs.seal_html import write_html
from outputs.seal_zip import write_zip
from outputs.texts import texts

__all__ = ["DEFAULT", "KINDS", "Passphrase", "Written", "new_passphrase", "seal", "sealed", "sealed_filename"]

DEFAULT: Final = "html"
ENDING: Mapping[str, tuple[str, str]] = {
    "html": (".html", "text/html"),
    "zip": (".zip", "application/zip"),
    "smime": (".p7m", "application/pkcs7-mime"),
    "openpgp": (".asc", "application/pgp-encrypted"),
}
KINDS: Final = ("html", "zip")  # what a passphrase opens


class Written(NamedTuple):
    """What was written to the sink."""

    sha256: str
    size: int
    kind: str = DEFAULT


class Writer(Protocol):
    """Writes the sealed package to a sink that can only be written to. `salt` is 32 fresh random bytes."""

    def __call__(self, package: Package, passphrase: Passphrase, sink: BinaryIO, salt: bytes, /) -> None: ...


_WRITERS: Mapping[str, Writer] = {"html": write_html, "zip": write_zip}


def sealed_filename(case: str, language: str = "de", kind: str = DEFAULT, version: int = 1) -> str:
    """`Antwort-DSAR-2026-0001.html`, of its first correction `Antwort-DSAR-2026-0001-2.html`: whoever has both in one
    folder sees which is which, and the later one does not take the earlier one's place."""
    name = texts(language)("file.sealed", case=case).removesuffix(".zip")
    return (name if version == 1 else f"{name}-{version}") + ENDING[kind][0]


def seal(package: Package, passphrase: Passphrase, sink: BinaryIO, kind: str = DEFAULT) -> Written:
    """Streams the package, sealed as one of `KINDS`, to `sink`, which need not be seekable; memory stays flat and
    nothing clear touches a disk. Gives SHA-256 and size of what was written. Raises `SealRefused` for another kind;
    errors of the package pass through: throw the sink's content away then."""
    if kind not in _WRITERS:
        raise SealRefused("unknown_kind", f"answer.seal is one of {', '.join(KINDS)}")
    with Behind() as hashing, Behind() as writing:
        counted = _Counted(sink, hashing, writing)
        _WRITERS[kind](package, passphrase, cast(BinaryIO, counted), secrets.token_bytes(32))
    return Written(counted.digest.hexdigest(), counted.size, kind)


def sealed(package: Package, written: Written, open_: Callable[[], BinaryIO]) -> Sealed:
    """The sealed package for the post; `open_` reads it from where the sink's bytes were put."""
    name = sealed_filename(package.case, package.language, written.kind, package.version)
    return Sealed(package.case, name, ENDING[written.kind][1], written.sha256, written.size, open_)


class _Counted:
    """Forwards to the sink and keeps size and digest of what went through, each beside the sealing."""

    def __init__(self, sink: BinaryIO, hashing: Behind, writing: Behind) -> None:
        self.digest, self.size = hashlib.sha256(), 0
        self._sink, self._hashing, self._writing = sink, hashing, writing

    def write(self, piece: bytes, /) -> int:
        """`piece` must not change afterwards."""
        self._hashing(self.digest.update, piece)
        self._writing(self._sink.write, piece)
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""
