"""What was rendered once, kept to be written: compressed and in memory, because clear data touch no disk."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

ROOM = 64 << 20  # bytes, compressed: text of a hundred thousand records and more
_FASTEST = 1
_CHUNK = 1 << 17


@dataclass(slots=True)
class Spool:
    """The room that the files of one package share. A file that does not fit is dropped, and rendered again."""

    room: int = ROOM

    def reel(self) -> Reel:
        return Reel(self)


@dataclass(slots=True)
class Reel:
    """One file: `feed` each chunk, then `finish`; where that says True, `chunks` gives the same bytes any number of
    times."""

    spool: Spool = field(repr=False)
    _packed: list[bytes] = field(default_factory=list, init=False, repr=False)
    _packer: zlib._Compress | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._packer = zlib.compressobj(_FASTEST)

    def feed(self, chunk: bytes) -> None:
        if self._packer is not None:
            self._keep(self._packer.compress(chunk))

    def finish(self) -> bool:
        """False where the file was too large: nothing of it is kept."""
        if self._packer is None:
            return False
        self._keep(self._packer.flush())
        kept, self._packer = self._packer is not None, None
        return kept

    def chunks(self) -> Iterator[bytes]:
        opener = zlib.decompressobj()
        for packed in self._packed:
            rest = packed
            while rest:
                yield opener.decompress(rest, _CHUNK)
                rest = opener.unconsumed_tail
        yield opener.flush()

    def _keep(self, packed: bytes) -> None:
        if not packed:
            return
        self._packed.append(packed)
        self.spool.room -= len(packed)
        if self.spool.room < 0:
            self.spool.room += sum(map(len, self._packed))
            self._packed, self._packer = [], None
