"""Whether the texts may be used: complete by law, fit for their places, and plain.

`auskunft texts check` prints what is found; a house whose own texts lack something does not start.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping

from outputs.letter_elements import elements
from outputs.texts import LANGUAGES, shipped

Entries = Mapping[str, str]
LONGEST_SENTENCE = 32  # words; the law's own names of things make German sentences long enough
_READ = ("letter", "enclosed", "activities", "rights", "complaint", "origin", "automated", "transfers", "searched")
_READ_TOO = ("identifiers", "open", "withheld", "changes", "excluded", "remedy", "handling", "contact", "letters",
              "own_key")  # fmt: skip
_MAILED = ("acknowledgement", "identity_request", "extension", "reason", "refusal", "ground", "fact")
# Abbreviations whose stop ends no sentence, and what stands in brackets as a citation.
_STOPS = re.compile(r"\b(Art|Abs|Nr|No|no|lit|Satz|vom|z|B|d|h|bzw|ff|Rn|par|sec|\d{1,2})\.(?=\s)")
_CITED = re.compile(
    r"\([^()]*(Art\.|§|[Ss]ection|Erwägungsgrund|recital|Verordnung|Implementing|Durchführungs)[^()]*\)"
)
_GENDERED = {"Herr", "Herrn", "Frau", "Mr", "Mrs", "Ms", "Sir", "Madam"}
_WORD = re.compile(r"[\w{}][\w{}.@/-]*")


def faults(own: Mapping[str, Entries]) -> list[str]:
    """Why letters must not be written if `own` (by language and key) overrides what is shipped; one line each."""
    return [*_unfit(own), *_incomplete(_used(own))]


def hard_to_read(own: Mapping[str, Entries]) -> list[str]:
    """What people would stumble over in the texts in use: advice, for a lawyer may need a long sentence."""
    return [line for language, entries in _used(own).items() for line in _plain(language, entries)]


def _used(own: Mapping[str, Entries]) -> dict[str, Entries]:
    return {language: {**shipped(language), **own.get(language, {})} for language in LANGUAGES}


def _unfit(own: Mapping[str, Entries]) -> Iterator[str]:
    """Own texts with a key that is none, or with other placeholders than their place fills."""
    for language, entries in own.items():
        known = shipped(language)
        for key, text in entries.items():
            if key not in known:
                yield f"{language}.toml: {key} is no key; the shipped {language}.toml names them all"
                continue
            yield from (f"{language}.toml: {key} {fault}" for fault in _misfit(text, known[key]))


def _misfit(text: str, shipped_text: str) -> Iterator[str]:
    parts = _parts(text)
    if parts is None:
        yield "has a brace without a name; write {{ for a brace"
        return
    if formatted := sorted({name for name, formatted in parts if formatted}):
        yield f"formats what it is filled with: write {', '.join(f'{{{name}}}' for name in formatted)} alone"
    allowed = {name for name, _ in _parts(shipped_text) or ()}
    if more := sorted({name for name, _ in parts} - allowed):
        yield f"has placeholders that nobody fills: {', '.join(more)}"
    silent = not _says(text) if _says(shipped_text) else bool(allowed) and not parts
    if silent:
        yield "says nothing; leave it out, and it reads as shipped"


def _parts(text: str) -> list[tuple[str, bool]] | None:
    """Each placeholder, and whether a format or a conversion follows its name: of a value nobody knows which fits."""
    try:
        found = string.Formatter().parse(text)
        return [(name, bool(spec or conversion)) for _, name, spec, conversion in found if name is not None]
    except ValueError:
        return None


def _says(text: str) -> bool:
    """Whether there is a word besides the placeholders."""
    return re.search(r"[^\W\d_]", re.sub(r"\{[^{}]*\}", "", text)) is not None


def _incomplete(used: Mapping[str, Entries]) -> Iterator[str]:
    for element in elements():
        for language, entries in used.items():
            if not element.said_in(language, " ".join(entries.get(element.key, "").split())):
                place = f"{language}.toml: {element.key}"
                yield f"{place} lacks: {element.name} ({element.law}), owed in the letter {element.kind}"


def _plain(language: str, entries: Entries) -> Iterator[str]:
    """Short sentences and no guess at a gender (FRM-01, FRM-07), in what the person reads."""
    for key, text in entries.items():
        if not _for_people(key):
            continue
        for sentence in sentences(text):
            if len(_WORD.findall(sentence)) > LONGEST_SENTENCE:
                yield f"{language}.toml: {key} has a sentence of more than {LONGEST_SENTENCE} words: {sentence[:60]} …"
        if _GENDERED & set(re.findall(r"\w+", text)):
            yield f"{language}.toml: {key} guesses a gender; the salutation is neutral (C-394/23)"


def _for_people(key: str) -> bool:
    first, _, rest = key.partition(".")
    return first in (*_READ, *_READ_TOO) or (first == "notices" and rest.partition(".")[0] in _MAILED)


def sentences(text: str) -> list[str]:
    """The sentences of a text without citations; a colon before a list or a new line ends one as well."""
    plain = _STOPS.sub(r"\1", _CITED.sub("", text))
    pieces = re.split(r"(?<=[.!?:;])\s+|\n+", plain)
    return [piece.strip() for piece in pieces if piece.strip()]
