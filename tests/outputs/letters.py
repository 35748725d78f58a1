"""One invented letter of every kind, in both languages: what the golden files and the pictures show."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import docx

from cases.draft import Draft
from outputs.letter_values import (
    Addressed,
    CannotIdentify,
    Clarification,
    Cover,
    Extension,
    Fee,
    IdentityQuestion,
    Letter,
    LetterKind,
    PassphraseLetter,
    Refusal,
)
from outputs.passphrase import new_passphrase

RECEIVED, WRITTEN, DUE = date(2026, 11, 2), date(2026, 11, 20), date(2026, 12, 2)
REPLY = date(2026, 11, 27)
REFUSED = ("answered|DSAR-2026-0031|2026-10-05|2026-10-12", "unchanged|2026-10-12")
TOLD = {
    "de": "Sie haben uns geschrieben, dass Sie weitere Anfragen nur gegen Zahlung unterlassen.",
    "en": "You wrote to us that you would refrain from further requests only for a payment.",
}
OPENS = {language: new_passphrase(Random(7), language) for language in ("de", "en")}


def addressed(draft: Draft) -> Addressed:
    """To the person of a draft, at an invented postal address."""
    street = ("Lindenallee 4", "19055 Schwerin")
    known = (draft.controller, draft.person, RECEIVED, WRITTEN)
    return Addressed(draft.case, draft.language, *known, postal_address=street)


def whole(draft: Draft) -> Draft:
    """The draft without anything that is withheld or was not searched: a full answer."""
    return replace(draft, items=tuple(item for item in draft.items if item.released), cells=draft.cells[:4])


def every_letter(draft: Draft, nothing_held: Draft) -> dict[LetterKind, Draft | Letter]:
    to = addressed(draft)
    return {
        LetterKind.ANSWER: whole(draft),
        LetterKind.PARTIAL: draft,
        LetterKind.NOTHING_HELD: nothing_held,
        LetterKind.CANNOT_IDENTIFY: CannotIdentify(to, ("name", "email")),
        LetterKind.EXTENSION: Extension(to, date(2027, 2, 2), "volume"),
        LetterKind.REFUSAL: Refusal(to, "excessive", REFUSED, TOLD[draft.language]),
        LetterKind.IDENTITY: IdentityQuestion(to),
        LetterKind.CLARIFICATION: Clarification(to, 2417, ("Kundenverwaltung", "Postfach Service"), REPLY, DUE),
        LetterKind.FEE: Fee(to, "DSAR-2025-0007", date(2025, 6, 3), 640, ("printing", "postage"), REPLY),
        LetterKind.COVER: Cover(to, ("letter", "copy", "files", "medium"), ("dateien/0007001.xlsx",)),
        LetterKind.PASSPHRASE: PassphraseLetter(to, OPENS[draft.language], f"Antwort-{draft.case}.html", "Abcde-7"),
    }


def docx_text(content: bytes) -> str:
    """Every paragraph of the body in the order of reading, one a line; table cells as well."""
    body = docx.Document(io.BytesIO(content)).element.body
    lines = ("".join(node.text or "" for node in one.iter() if node.tag.endswith("}t")) for one in _paragraphs(body))
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _paragraphs(body: Any) -> Iterator[Any]:
    return (node for node in body.iter() if node.tag.endswith("}p"))
