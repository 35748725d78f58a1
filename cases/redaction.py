"""Removing places from values: what is taken out is gone, and a mark stands where it stood (Art. 15(4) GDPR).

Nothing of the removed text stays, not even its length: a place of three characters and one of thirty leave the same
mark. Places that overlap or touch leave one. A place is never a part of a letter: where it cuts an accent off from its
letter, or an emoji in two, the whole goes (`cases.readable`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set

from cases.draft import Ground, Redaction
from cases.finding import Other, Span
from cases.folding import fold
from cases.identifiers import Kind, name_words, normalise
from cases.name_titles import ALWAYS
from cases.person_names import PARTICLES
from cases.readable import MARKS, plain, readings, whole
from cases.sharing import is_role_address

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
_LONGEST_NAME = 4  # words
_APOSTROPHES = re.compile(r"(?<=\w)['’‘ʼ`´](?=\w)")
_OF_AN_ADDRESS = re.compile(r"[\w.+-]{0,64}@")
# Words of what is taken for a name and that anybody uses: forms of address, particles, what stands below a letter.
_EVERYBODYS = (
    ALWAYS
    | PARTICLES
    | frozenset(
        [
            *(
                "familie",
                "fam",
                "eheleute",
                "ehepaar",
                "ihr",
                "ihre",
                "ihren",
                "ihrem",
                "dein",
                "deine",
                "euer",
                "eure",
            ),
            *(
                "unser",
                "unsere",
                "sie",
                "wir",
                "ich",
                "die",
                "ein",
                "eine",
                "mit",
                "fuer",
                "aus",
                "bei",
                "team",
                "service",
            ),
            *("support", "your", "the", "our", "from", "and", "for", "you", "gmbh", "mail", "info"),
        ]
    )
)
SHORTEST = 3  # characters: a shorter text is not looked for elsewhere, it would be everywhere


class NoSuchPlace(ValueError):
    """A place lies outside of its field, or is empty. `code`: no_field, outside, empty."""

    def __init__(self, code: str, span: Span, length: int = 0) -> None:
        super().__init__(f"{code}: field {span.field}, {span.start}-{span.end} of {length} characters")
        self.code = code


def check(span: Span, values: Sequence[str]) -> None:
    """Raises `NoSuchPlace` where the finding's values have no such place."""
    if not 0 <= span.field < len(values):
        raise NoSuchPlace("no_field", span)
    length = len(values[span.field])
    if span.end > length or span.start < 0:
        raise NoSuchPlace("outside", span, length)
    if span.start >= span.end:
        raise NoSuchPlace("empty", span, length)


def burn(value: str, cuts: Iterable[Redaction], mark: Callable[[Ground], str]) -> str:
    """The value without the places of one field; `mark` says what stands there instead. Where places with several
    grounds meet, the mark is that of the first."""
    kept: list[str] = []
    after = 0
    for start, end, ground in _joined(value, cuts):
        kept += [value[after:start], mark(ground)]
        after = end
    return "".join((*kept, value[after:]))


def _joined(value: str, cuts: Iterable[Redaction]) -> list[tuple[int, int, Ground]]:
    found: list[tuple[int, int, Ground]] = []
    for cut in sorted(cuts, key=lambda one: (one.span.start, one.span.end)):
        start, end = whole(value, cut.span.start, cut.span.end)
        if found and start <= found[-1][1]:
            before, until, ground = found[-1]
            found[-1] = (before, max(until, end), ground)
        else:
            found.append((start, end, cut.ground))
    return found


def removed(values: Sequence[str], cuts: Iterable[Redaction]) -> tuple[str, ...]:
    """The texts that are taken out, each once, longest first; places that touch are one text."""
    of_field: dict[int, list[Redaction]] = defaultdict(list)
    for cut in cuts:
        of_field[cut.span.field].append(cut)
    joined = ((index, place) for index, some in of_field.items() for place in _joined(values[index], some))
    texts = {values[index][start:end].strip() for index, (start, end, _) in joined}
    return tuple(sorted(filter(None, texts), key=lambda text: (-len(text), text)))


def without(text: str, gone: Iterable[str], mark: str) -> str:
    """A field's name without the texts that were removed from the values, and without each of their words, in whatever
    case and spelling: `Mueller` stands for `Müller`."""
    gone = tuple(gone)
    changed = composed = _composed(text)
    for one in gone:
        if len(one) >= SHORTEST:
            changed = re.sub(re.escape(_composed(one)), lambda _: mark, changed, flags=re.IGNORECASE)
    words = _words(gone)
    changed = _WORD.sub(lambda found: mark if _one_spelling(found[0]) in words else found[0], changed)
    return changed if changed != composed else text


def left(values: Sequence[str], gone: Iterable[str]) -> tuple[int, ...]:
    """The fields in which a removed text still stands: at another place, or in another case or spelling, with other
    space between its words. A person decides."""
    wanted = {folded for one in gone if len(one) >= SHORTEST for folded in _spellings(one) if folded}
    spelt = map(_spellings, values)
    return tuple(
        index for index, spellings in enumerate(spelt) if any(one in value for value in spellings for one in wanted)
    )


def named(texts: Sequence[str], gone: Iterable[str]) -> tuple[int, ...]:
    """The names of fields, and explanations, in which a word of a removed name is part of another one: `without` leaves
    it there."""
    gone = tuple(gone)
    return left([without(text, gone, "\0") for text in texts], (*gone, *_words(gone)))


def name_parts(
    values: Sequence[str], gone: Iterable[str], known: Iterable[str] = (), own: Iterable[str] = ()
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The fields in which single words of removed names still stand, and which: `Arendt` where `Jule Arendt` was
    removed. Names are what is written as one, and what the caller knows to be one (`known`); the words of the person's
    `own` names are everybody's here: of `Peter Krüger` only `Peter` tells more than who asks."""
    named = (*filter(_is_written_as_name, gone), *known, *(_local_part(one) for one in gone))
    words = {word for text in named for word in name_words(text) if len(word) >= SHORTEST}
    wanted = words - _EVERYBODYS - {word for name in own for word in name_words(name)}
    found = ((index, tuple(_standing(value, wanted))) for index, value in enumerate(values if wanted else ()))
    return tuple((index, parts) for index, parts in found if parts)


def _is_written_as_name(text: str) -> bool:
    """A few words, each with a capital or a particle; a sentence is none, and neither is a number."""
    words = _WORD.findall(_composed(text))
    if "@" in text or len(words) > _LONGEST_NAME + len(_EVERYBODYS.intersection(map(_one_spelling, words))):
        return False
    return all(word[0].isupper() or _one_spelling(word) in _EVERYBODYS for word in words)


def _local_part(text: str) -> str:
    """The words before the @ of an address that is one person's."""
    address = normalise(Kind.EMAIL, text) if "@" in text else ""
    return "" if is_role_address(address) else re.sub(r"[\W_]+", " ", address.partition("@")[0])


def _standing(value: str, wanted: Set[str]) -> dict[str, None]:
    """Which words stand in a text, as they are written there, in order; also in the genitive. In a text with capitals a
    small word is a name only as a part of an address: `sommer` may be one, `im Sommer` looks like one."""
    met: dict[str, None] = {}
    for reading in readings(value):
        text = _APOSTROPHES.sub("", reading.text)
        quiet = text == text.lower()
        for found in _WORD.finditer(text):
            word = _one_spelling(found[0])
            if not wanted.isdisjoint((word, word.removesuffix("s"))) and (
                quiet or not found[0][0].islower() or _OF_AN_ADDRESS.match(text, found.end())
            ):
                met[found[0]] = None
    return met


def _words(texts: Iterable[str]) -> frozenset[str]:
    """The words of what may be a name; those of a sentence are everybody's."""
    split = (_WORD.findall(_composed(text)) for text in texts)
    found = (_one_spelling(word) for words in split if len(words) <= _LONGEST_NAME for word in words)
    return frozenset(word for word in found if len(word) >= SHORTEST)


def _one_spelling(text: str) -> str:
    return " ".join(fold(_composed(text)).split())


def _spellings(text: str) -> frozenset[str]:
    """In one spelling; in two where something that is not seen may part words or not."""
    return frozenset(_one_spelling(reading.text) for reading in readings(text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", plain(text))


def places_of(people: Sequence[Other], numbers: Iterable[int]) -> tuple[Span, ...]:
    """All places of other people by their numbers, from 1 as `auskunft case show` lists them. Raises `LookupError` for
    a number that nobody has."""
    found: list[Span] = []
    for number in numbers:
        if not 1 <= number <= len(people):
            raise LookupError(f"there is no other person {number} in it")
        found += people[number - 1].spans
    return tuple(dict.fromkeys(found))
