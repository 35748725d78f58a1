"""What kreuzberg leaves out of PDF files (ISO 32000): values in forms, and pages that are only pictures.

Runs only inside the confined worker process.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.filters import decode_stream_data  # noqa: F401 - later, in the confined process, nothing can be imported

from cases.text import TextUnreadable

# Operators that leave marks: XObjects, inline pictures, shadings, filled and stroked paths, text (ISO 32000-1, A).
_DRAWING = frozenset({b"Do", b"INLINE IMAGE", b"BI", b"sh", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s",
                      b"Tj", b"TJ", b"'", b'"'})  # fmt: skip
_MOST_FIELDS = 20_000
# What pypdf is known to raise on hostile files besides its own errors.
_FAULTS = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError)


def is_locked(data: bytes) -> bool:
    """Whether the file opens only with a password that we do not have; False also for what is no whole PDF."""
    try:
        reader = PdfReader(io.BytesIO(data))
        return reader.is_encrypted and not reader.decrypt("")
    except _FAULTS:
        return False


def written_into_forms(data: bytes) -> Iterator[str]:
    """Names and values of the form fields that are filled in; raises `TextUnreadable` where they cannot be read."""
    try:
        fields = _reader(data).get_fields() or {}
        if len(fields) > _MOST_FIELDS:
            raise TextUnreadable("too_large")
        for name, value in fields.items():
            if value.value not in (None, "", "/Off"):
                yield f"{name}: {value.value}"
    except _FAULTS:
        raise TextUnreadable("damaged") from None


def pages_to_recognise(data: bytes, silent: list[int]) -> bytes | None:
    """A PDF of those of the `silent` pages (numbers from 1, without text) that show something; None if none does."""
    if not silent:
        return None
    try:
        reader = _reader(data)
        drawn = [reader.pages[number - 1] for number in silent if _shows_something(reader.pages[number - 1])]
        return _only(drawn) if drawn else None
    except _FAULTS:
        raise TextUnreadable("damaged") from None


def _reader(data: bytes) -> PdfReader:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt("")
    return reader


def _shows_something(page: PageObject) -> bool:
    """Whether the page draws: a picture, a form or a path. Setting up states and nothing else draws nothing."""
    contents = page.get_contents()
    if contents is None:
        return False
    return any(operator in _DRAWING for _, operator in contents.operations)


def _only(pages: list[PageObject]) -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    for page in pages:
        writer.add_page(page)
    writer.write(target)
    return target.getvalue()
