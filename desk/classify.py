"""`auskunft classify`: what each mail file is, as values for one JSON line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cases.request import Claims, Request, Verdict
from cases.text import TextExtractor
from flows.letters import recognise_with_letters
from infra.parse import parse_message

MAX_FILE = 64 * 1024 * 1024


def classify(files: Sequence[Path], extractor: TextExtractor | None) -> Iterator[dict[str, object]]:
    """One result for each file, in the order given; also for files that cannot be read (verdict `unclear`).

    Attached documents are read by `extractor` only where the mail itself does not say what it wants.
    """
    for file in files:
        try:
            yield as_json(str(file), _of_file(file, extractor))
        except OSError as error:
            yield as_json(str(file), _unreadable(error.strerror or "unknown error"))


def _of_file(file: Path, extractor: TextExtractor | None) -> Request:
    with file.open("rb") as stream:
        raw = stream.read(MAX_FILE + 1)
    if len(raw) > MAX_FILE:
        return _unreadable(f"larger than {MAX_FILE // 1024 // 1024} MB")
    return recognise_with_letters(parse_message(raw, datetime.fromtimestamp(file.stat().st_mtime, UTC)), extractor)


def _unreadable(why: str) -> Request:
    return Request(Verdict.UNCLEAR, (), "und", 0.0, Claims(), (f"the file could not be read: {why}",))


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
