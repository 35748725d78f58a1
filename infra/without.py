"""A mail without some of its attachments: cut out of its bytes, so that everything else stays as it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from infra.mime import Part, parts_inside, read_part
from infra.mime_text import transfer_decoded

MAX_PARTS = 300
MAX_DEPTH = 15
_LEFT = b"Content-Type: text/plain; charset=us-ascii\r\n\r\n[removed]"
_OWN = ("content-type", "content-transfer-encoding", "content-disposition", "mime-version")


def without_parts(raw: bytes, unwanted: Callable[[bytes], bool]) -> tuple[bytes, int]:
    """The mail without each part whose decoded content is `unwanted`, and how many those were. A mark stands in their
    place. What is the whole mail, or lies inside another file (an archive, a `winmail.dat`), stays: see `only_text`."""
    places = [(part.start, part.end) for part in _leaves(read_part(raw), 0) if part.start and unwanted(_content(part))]
    for start, end in sorted(places, reverse=True):
        raw = raw[:start] + _LEFT + raw[end:]
    return raw, len(places)


def only_text(raw: bytes, text: str) -> bytes:
    """The mail with its header fields and its text alone: where what must go cannot be cut out of it."""
    whole = read_part(raw)
    kept = [name.encode() + b": " + value.strip() for name, value in whole.fields if name not in _OWN]
    kept += [b"mime-version: 1.0", b"content-type: text/plain; charset=utf-8", b"content-transfer-encoding: 8bit"]
    return b"\r\n".join(kept) + b"\r\n\r\n" + text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _leaves(part: Part, depth: int) -> Iterator[Part]:
    inside = _inside(part) if depth < MAX_DEPTH else []
    if not inside:
        yield part
    for child in inside:
        yield from _leaves(child, depth + 1)


def _inside(part: Part) -> list[Part]:
    if part.kind.startswith("multipart/"):
        return parts_inside(part, MAX_PARTS)
    plain = part.header("content-transfer-encoding").strip().lower() in ("", "7bit", "8bit", "binary")
    if part.kind == "message/rfc822" and plain:
        return [read_part(part.raw, part.body_at, part.end)]
    return []


def _content(part: Part) -> bytes:
    return transfer_decoded(part.body, part.header("content-transfer-encoding"))
