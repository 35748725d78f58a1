"""The pages of a TIFF file (TIFF 6.0): fax gateways and scanners put a whole letter into one.

OCR sees the first page only. Places in a TIFF count from its beginning, so a page becomes the first when the head
points to it. Runs only inside the confined worker process.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from cases.text import TextUnreadable

MAX_PAGES = 50
_ORDERS = {b"II*\x00": "<", b"MM\x00*": ">"}


def tiff_pages(data: bytes) -> Iterator[bytes]:
    """The file once for each page, with that page first; what is no TIFF as it is. Raises `TextUnreadable`."""
    order = _ORDERS.get(data[:4])
    if order is None:
        yield data
        return
    seen: set[int] = set()
    place = _number(data, 4, order)
    while place:
        if place in seen:
            raise TextUnreadable("damaged")
        if len(seen) >= MAX_PAGES:
            raise TextUnreadable("too_large")
        seen.add(place)
        yield data[:4] + struct.pack(f"{order}I", place) + data[8:]
        entries = _number(data, place, order, "H")
        place = _number(data, place + 2 + 12 * entries, order)


def _number(data: bytes, at: int, order: str, kind: str = "I") -> int:
    try:
        return int(struct.unpack_from(order + kind, data, at)[0])
    except struct.error:
        raise TextUnreadable("damaged") from None
