"""`auskunft classify`: what each mail file is, as values for one JSON line each. The same way as the intake's."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cases.request import Request
from cases.text import TextExtractor
from flows.letters import recognise_with_letters
from infra.parse import parse_message

MAX_FILE = 64 * 1024 * 1024  # as much as the intake fetches of a mail; of a longer one the beginning is read


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why; it has no result."""

    file: str
    why: str


def classify(
    files: Sequence[Path], extractor: TextExtractor | None, own_addresses: Collection[str] = ()
) -> Iterator[dict[str, object] | Unreadable]:
    """One result for each file, in the order given; `Unreadable` for one that is missing or no file.

    Attached documents are read by `extractor` only where the mail itself does not say what it wants.
    """
    for file in files:
        try:
            yield as_json(str(file), _of_file(file, extractor, own_addresses))
        except OSError as error:
            yield Unreadable(str(file), error.strerror or "unknown error")


def _of_file(file: Path, extractor: TextExtractor | None, own_addresses: Collection[str]) -> Request:
    with file.open("rb") as stream:
        raw = stream.read(MAX_FILE + 1)
    arrived = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    message = parse_message(raw[:MAX_FILE], arrived)
    return recognise_with_letters(message, extractor, own_addresses, cut=len(raw) > MAX_FILE)


def as_json(file: str, request: Request) -> dict[str, object]:
    """The stable form of a result (`auskunft classify FILE… --json`)."""
    claims = request.claims
    subject = {
        "names": list(claims.names),
        "emails": list(claims.emails),
        "phones": list(claims.phones),
        "birth_date": claims.birth_date.isoformat() if claims.birth_date else None,
        "addresses": list(claims.addresses),
        "customer_numbers": list(claims.customer_numbers),
        "handles": {name: list(values) for name, values in claims.handles.items()},
        "cookie_ids": list(claims.cookie_ids),
    }
    return {
        "file": file,
        "verdict": request.verdict.value,
        "rights": [right.value for right in request.rights],
        "language": request.language,
        "confidence": round(request.confidence, 2),
        "subject": subject,
        "reasons": list(request.reasons),
    }
