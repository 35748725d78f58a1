"""One door for every letter: kind and values in, a neutral document out, which `docx_bytes` and `pdf` draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cases.draft import AnswerKind, Draft
from outputs import letter_other as other
from outputs.document import Document
from outputs.errors import LetterRefused
from outputs.information import information
from outputs.letter_search import partial
from outputs.letter_values import (
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

_ANSWERS = (LetterKind.ANSWER, LetterKind.PARTIAL, LetterKind.NOTHING_HELD)
_MAKERS: Mapping[LetterKind, tuple[type, Callable[[Any], Document]]] = {
    LetterKind.EXTENSION: (Extension, other.extension),
    LetterKind.REFUSAL: (Refusal, other.refusal),
    LetterKind.CANNOT_IDENTIFY: (CannotIdentify, other.cannot_identify),
    LetterKind.IDENTITY: (IdentityQuestion, other.identity),
    LetterKind.CLARIFICATION: (Clarification, other.clarification),
    LetterKind.FEE: (Fee, other.fee),
    LetterKind.COVER: (Cover, other.cover),
    LetterKind.PASSPHRASE: (PassphraseLetter, other.passphrase),
}


def answer_kind(draft: Draft) -> LetterKind:
    """Which of the three answers a draft is: complete, in part, or that nothing is held."""
    if draft.kind is AnswerKind.NOTHING_HELD:
        return LetterKind.NOTHING_HELD
    return LetterKind.PARTIAL if partial(draft) else LetterKind.ANSWER


def render_letter(kind: LetterKind, values: Draft | Letter) -> Document:
    """The letter of this kind. Raises `LetterRefused` where the values are those of another kind: a draft that leaves
    something out is never written as a full answer."""
    if kind in _ANSWERS:
        if not isinstance(values, Draft) or answer_kind(values) is not kind:
            raise LetterRefused("kind_differs", f"these values are not those of the letter {kind}")
        return information(values)
    expected, make = _MAKERS[kind]
    if not isinstance(values, expected):
        raise LetterRefused("kind_differs", f"the letter {kind} is made from {expected.__name__}")
    return make(values)
