"""A finished PDF letter is read again: what it must say stands on its sheets, and not beside or below them.

Compared are ASCII letters and digits (after NFC): every reader of PDF gives them back alike, however a line is broken.
Of other scripts a font may join and order the signs in its own way, and of signs with marks the marks alone.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from outputs.document import Document

_SIGN = re.compile(r"[A-Za-z0-9]")
_MARKED = re.compile(
    "[A-Za-z0-9][\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe2f]+"
)
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{2,12}(?![A-Za-z0-9])")
_LONG = re.compile(r"\S{25,}")  # may be broken anywhere, and over two sheets
_EDGE = 4.0  # points: nothing of a letter stands so near to an edge of its sheet


def is_whole(letter: Document, content: bytes, *, plain: bool) -> bool:
    """Whether the PDF has every text of the letter, each sign as often as the letter and its page numbers have it.
    `plain`: it names the sender itself, and no letterhead does."""
    try:
        pages = [_on_sheet(page) for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    except PyPdfError:
        return False
    said, found = [_counted(text) for text in _said(letter, plain)], _normal("".join(pages))
    if _signs([*said, *_feet(letter, len(pages))]) - _signs([found]):
        return False
    whole = "".join(_SIGN.findall(found))
    words = {word for text in said for word in _WORD.findall(_LONG.sub(" ", text))}
    return all(word in whole for word in words.difference(_WORD.findall(found)))


def _said(letter: Document, plain: bool) -> list[str]:
    unsaid = Counter(() if plain else (letter.letterhead.sender, *letter.letterhead.sender_lines))
    return list((Counter(letter.texts()) - unsaid).elements())


def _feet(letter: Document, pages: int) -> Iterable[str]:
    for number in range(1, pages + 1):
        yield from (letter.letterhead.case, letter.page_of[0], str(number), letter.page_of[1], str(pages))


def _signs(texts: Iterable[str]) -> Counter[str]:
    return Counter(sign for text in texts for sign in _SIGN.findall(text))


def _counted(text: str) -> str:
    """Without the signs whose marks may take them along into a sign of their own."""
    return _MARKED.sub(" ", _normal(text))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _on_sheet(page: Any) -> str:
    """The text that begins on the sheet, in the order in which it was drawn."""
    right, top = float(page.mediabox.width) - _EDGE, float(page.mediabox.height) - _EDGE
    held: list[str] = []

    def take(text: str, outer: list[float], inner: list[float], *_: object) -> None:
        x, y = outer[4] + inner[4] * outer[0], outer[5] + inner[5] * outer[3]
        if _EDGE <= x <= right and _EDGE <= y <= top:
            held.append(text)

    page.extract_text(visitor_text=take)
    return "".join(held)
