"""Removing places from values: what is taken out is gone, and a mark stands where it stood (Art. 15(4) GDPR).

Nothing of the removed text stays, not even its length: a place of three characters and one of thirty leave the same
mark. Places that overlap or touch leave one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from cases.draft import Ground, Redaction
from cases.finding import Other, Span

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
    for start, end, ground in _joined(cuts):
        kept += [value[after:start], mark(ground)]
        after = end
    return "".join((*kept, value[after:]))


def _joined(cuts: Iterable[Redaction]) -> list[tuple[int, int, Ground]]:
    found: list[tuple[int, int, Ground]] = []
    for cut in sorted(cuts, key=lambda one: (one.span.start, one.span.end)):
        start, end = cut.span.start, cut.span.end
        if found and start <= found[-1][1]:
            before, until, ground = found[-1]
            found[-1] = (before, max(until, end), ground)
        else:
            found.append((start, end, cut.ground))
    return found


def removed(values: Sequence[str], cuts: Iterable[Redaction]) -> tuple[str, ...]:
    """The texts that are taken out, each once, longest first."""
    texts = {values[cut.span.field][cut.span.start : cut.span.end].strip() for cut in cuts}
    return tuple(sorted(filter(None, texts), key=lambda text: (-len(text), text)))


def without(text: str, gone: Iterable[str], mark: str) -> str:
    """A field's or file's name without the texts that were removed from the values, in whatever case."""
    for one in gone:
        if len(one) >= SHORTEST:
            text = re.sub(re.escape(one), lambda _: mark, text, flags=re.IGNORECASE)
    return text


def left(values: Sequence[str], gone: Iterable[str]) -> tuple[int, ...]:
    """The fields in which a removed text still stands: at another place, or in another case. A person decides."""
    wanted = [one.casefold() for one in gone if len(one) >= SHORTEST]
    return tuple(index for index, value in enumerate(values) if any(one in value.casefold() for one in wanted))


def places_of(people: Sequence[Other], numbers: Iterable[int]) -> tuple[Span, ...]:
    """All places of other people by their numbers, from 1 as `auskunft case show` lists them. Raises `LookupError` for
    a number that nobody has."""
    found: list[Span] = []
    for number in numbers:
        if not 1 <= number <= len(people):
            raise LookupError(f"there is no other person {number} in it")
        found += people[number - 1].spans
    return tuple(dict.fromkeys(found))
