"""What of a mail a person says: below a signature mark, in few words, or for others."""

from __future__ import annotations

from cases import phrases_voices as words
from cases.phrases_access import ENGLISH, GERMAN, NOT_OWN
from cases.wording import any_of, find, fold

_MARKS = ("\n-- \n", "\n--\n", "\n--\r\n")
_ENOUGH_ABOVE = 40  # characters above a signature mark; with less, what stands below it is the mail
_PARAGRAPHS = 40
_POSTSCRIPT = (r"^\W{0,3}(?:p\. ?)?p\. ?s\b|^\W{0,3}p?ps\b|^\W{0,3}(?:nachtrag|postscriptum|postscript|n\.?b\.?)\s?:",)
_FOOTER = (
    r"\bhttps?:|\bwww\.|\bdatenschutz(?:erklaerung|hinweis\w*|information\w*)\b|\bprivacy (?:policy|notice)\b",
    r"\bwiderspr\w*|\bobject\b",
)


def spoken_part(text: str) -> str:
    """The text before a signature mark ("-- "), unless hardly anything stands there, and what asks below the mark.

    Standing footers ask for nothing; a postscript, or a paragraph in which the person asks in their own words, does.
    """
    mark = next((mark for mark in _MARKS if mark in text), "")
    if not mark:
        return text
    head, _, below = text.partition(mark)
    if len(head.strip()) < _ENOUGH_ABOVE:
        return text
    asked = [part.strip() for part in _paragraphs(below) if _asks_below(part)]
    return "\n\n".join((head, *asked))


def _paragraphs(text: str) -> list[str]:
    """Paragraphs; a postscript begins one, whether or not a line is left free before it."""
    lines = ("\n" + line if any_of(fold(line), _POSTSCRIPT) else line for line in text[:6_000].split("\n"))
    return [part for part in "\n".join(lines).split("\n\n") if part.strip()][:_PARAGRAPHS]


def _asks_below(paragraph: str) -> bool:
    folded = " ".join(fold(paragraph).split())
    if any_of(folded, _POSTSCRIPT):
        return True
    if any_of(folded, _FOOTER) or not any_of(folded, words.OWN_MATTER):
        return False
    return any(hit.cue.weight >= 5 for hit in find(paragraph, (*GERMAN, *ENGLISH)))


def authorised(folded: str) -> bool:
    """True if somebody says that they are authorised to ask for others."""
    return any_of(folded, words.AUTHORISED)


def terse_request(folded: str, own_text: str) -> bool:
    """True for a mail of hardly more words than the name of a request."""
    if len(own_text.strip()) > words.TERSE or any_of(folded, (*words.NOT_TERSE, *NOT_OWN, *words.ANSWER)):
        return False
    return any_of(folded, words.TERSE_REQUEST)
