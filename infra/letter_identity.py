"""What makes two mails the same letter, whatever way they came: one that was sent to two of our addresses is one."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from infra.parse import parse_message

_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LetterIdentity:
    """`message_id`: as the sender's program gave it. `digest`: SHA-256 in hex over what the sender wrote; empty where
    there is no Message-ID, for then nothing tells a copy from a second letter with the same words."""

    message_id: str = field(repr=False)
    digest: str = field(repr=False)


def letter_identity(raw: bytes) -> LetterIdentity:
    """The identity of a mail; never fails, whatever the bytes.

    The way a mail took stands in other header fields (Received, Delivered-To, Authentication-Results). Who writes
    somebody else's Message-ID into a mail of their own gets another digest: it covers From, Date, Subject and body.
    """
    end = _END_OF_HEADER.search(raw)
    head, body = (raw[: end.end()], raw[end.end() :]) if end else (raw, b"")
    parsed = parse_message(head, _ANY_TIME)
    if not parsed.message_id:
        return LetterIdentity("", "")
    said = [parsed.message_id, parsed.sender.email, str(parsed.date or ""), parsed.subject]
    written = json.dumps(said).encode("utf-8", "surrogatepass")
    return LetterIdentity(parsed.message_id, hashlib.sha256(written + b"\0" + body).hexdigest())
