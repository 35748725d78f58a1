"""How what a record states agrees with what is known of a person: names and birth dates, for and against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import IntEnum

from rapidfuzz.distance import OSA

from cases.similar import is_garbled, likeness

Words = tuple[str, ...]


class Names(IntEnum):
    """How two names agree, best last.

    OTHER: nothing in common. SHARED: a word in common, another one differs (family, twins, a marriage). LOOSE: alike in
    several words. SIMILAR: alike in one word, the others the same. UNKNOWN: one of them states no name. FITS: one is a
    part of the other, but says too little (`L. Krüger`, `Lena`). SAME: at least two full words agree, none differs.
    """

    OTHER = 0
    SHARED = 1
    LOOSE = 2
    SIMILAR = 3
    UNKNOWN = 4
    FITS = 5
    SAME = 6


class Births(IntEnum):
    """How two birth dates agree. NEAR: day and month exchanged, one slip, or one of day, month and year
    another, within half a generation."""

    OTHER = 0
    NEAR = 1
    UNKNOWN = 2
    SAME = 3


def compare_names(mine: Words, theirs: Words) -> Names:
    """Folded words in any order. Every word of the shorter name must have its own counterpart in the longer one."""
    fewer, more = sorted((mine, theirs), key=len)
    if not fewer:
        return Names.UNKNOWN
    if len(more) > 1 and len(fewer) < len(more) and "".join(mine) == "".join(theirs):
        return Names.SAME  # `Mc Donald`, `Hans Peter`: only the spaces differ
    rest = list(more)
    left = [word for word in fewer if not _taken(word, rest)]
    full = _count_full(fewer) - _count_full(left)
    left = [word for word in left if not _taken_as_initial(word, rest)]
    if not left:
        return Names.SAME if full > 1 else Names.FITS
    alike = sum(1 for word in left if _taken_as(likeness, word, rest))
    if alike == len(left):
        return Names.SIMILAR if alike == 1 and full else Names.LOOSE
    loose = sum(1 for word in left if _taken_as(is_garbled, word, rest))
    if alike + loose >= len(left):
        return Names.LOOSE
    return Names.SHARED if full or alike else Names.OTHER


def best_name(known: Sequence[Words], stated: Sequence[Words]) -> Names:
    """How the names that a record states agree with those known of a person.

    A word alone (`Krüger`, an account's nickname) is weak: it counts where no full name is stated, and speaks against
    the person only as much as half a name does.
    """
    full = [words for words in stated if len(words) > 1]
    if not known or not any(stated):
        return Names.UNKNOWN
    if full:
        return max(compare_names(mine, theirs) for mine in known for theirs in full)
    each = (max(compare_names(mine, theirs) for mine in known) for theirs in stated if theirs)
    return max(Names.SHARED, min(each))


def several_people(stated: Sequence[Words]) -> bool:
    """Whether a record states full names that cannot be one person's."""
    full = [words for words in stated if len(words) > 1]
    return any(compare_names(full[0], other) <= Names.SHARED for other in full[1:])


def compare_births(known: Iterable[str], stated: Iterable[str]) -> Births:
    """ISO dates; what a form fills in where nobody stated a date says nothing."""
    mine, theirs = ([day for day in days if day and day not in _FILLED_IN] for days in (known, stated))
    if not mine or not theirs:
        return Births.UNKNOWN
    return max(_compare_days(one, other) for one in mine for other in theirs)


_FILLED_IN = frozenset({"0001-01-01", "1111-11-11", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"})
_HALF_A_GENERATION = 12  # years


def _compare_days(one: str, other: str) -> Births:
    if one == other:
        return Births.SAME
    try:
        first, second = date.fromisoformat(one), date.fromisoformat(other)
    except ValueError:
        return Births.OTHER
    if abs(first.year - second.year) > _HALF_A_GENERATION:
        return Births.OTHER
    exchanged = first.year == second.year and (first.month, first.day) == (second.day, second.month)
    same = (first.year == second.year) + (first.month == second.month) + (first.day == second.day)
    return Births.NEAR if exchanged or same == 2 or OSA.distance(one, other, score_cutoff=1) <= 1 else Births.OTHER


def _count_full(words: Iterable[str]) -> int:
    return sum(1 for word in words if len(word) > 1)


def _taken(word: str, rest: list[str]) -> bool:
    if word in rest:
        rest.remove(word)
        return True
    return False


def _taken_as_initial(word: str, rest: list[str]) -> bool:
    return _take(rest, next((other for other in rest if 1 in (len(word), len(other)) and word[0] == other[0]), ""))


def _taken_as(like: Callable[[str, str], object], word: str, rest: list[str]) -> bool:
    return _take(rest, next((other for other in rest if like(word, other)), ""))


def _take(rest: list[str], found: str) -> bool:
    if found:
        rest.remove(found)
    return bool(found)
