"""The information of Art. 15 GDPR as a neutral document, from a draft: the order of the letter is fixed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cases.draft import AnswerKind, Draft
from outputs import letter_frame, letter_register, letter_search
from outputs.document import Block, Document
from outputs.errors import LetterRefused
from outputs.texts import Texts, texts

Section = Callable[[Draft, Texts], tuple[Block, ...]]

_DATA: tuple[Section, ...] = (
    letter_frame.confirmation,
    letter_frame.correction,
    letter_frame.enclosures,
    letter_register.activities,
    letter_register.rights,
    letter_register.complaint,
    letter_register.origins,
    letter_register.automated,
    letter_register.transfers,
    letter_search.searched,
    letter_search.still_open,
    letter_search.changed,
    letter_search.withheld,
    letter_search.excluded,
    letter_search.remedy,
    letter_frame.handling,
    letter_frame.own_key,
    letter_frame.contact,
)
_NOTHING_HELD: tuple[Section, ...] = (
    letter_frame.confirmation,
    letter_frame.correction,
    letter_search.searched,
    letter_search.identifiers,
    letter_search.excluded,
    letter_frame.handling,
    letter_register.complaint,
    letter_search.remedy,
    letter_frame.own_key,
    letter_frame.contact,
)


def information(draft: Draft) -> Document:
    """The letter to the person. Raises `LetterRefused` where it would claim that nothing is held while a system is
    open (ANS-03), or where the register lacks what Art. 15 asks for."""
    words = texts(draft.language)
    if draft.kind is AnswerKind.NOTHING_HELD and not draft.complete:
        advice = "systems are still open for the case; finish the search or answer for them by hand"
        raise LetterRefused("nothing_held_but_open", advice)
    sections = _DATA if draft.kind is AnswerKind.DATA else _NOTHING_HELD
    body = tuple(block for section in sections for block in section(draft, words))
    letter = letter_frame.framed(draft, words, letter_frame.subject(draft, words), body)
    return replace(letter, title=words("letter.title"))
