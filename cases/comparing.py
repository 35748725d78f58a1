"""How what a record states agrees with what is known of a person: names and birth dates, for and against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum

from rapidfuzz.distance import OSA

from cases.birth_dates import birth_date_candidates, is_filled_in
from cases.finding import Reason
from cases.name_agreement import NameAgreement, name_agreement
from cases.person_names import PersonName, people_in_name
from cases.similar import Likeness, is_garbled, likeness

Words = tuple[str, ...]


class Names(IntEnum):
    """How two names agree, best last.

    OTHER: nothing in common. ALONE: a word alone that is not in the other. SHARED: a word in common, another one
    differs (family, twins). RENAMED: the first given name in common, another surname (a marriage). LOOSE: alike in
    several words, or perhaps father and son. SIMILAR: alike in one word, the others the same. UNKNOWN: one of them
    states no name. FITS: one is a part of the other, but says too little (`L. Krüger`, `Lena`). SAME: a whole name, as
    far as both state it.
    """

    OTHER = 0
    ALONE = 1
    SHARED = 2
    RENAMED = 3
    LOOSE = 4
    SIMILAR = 5
    UNKNOWN = 6
    FITS = 7
    SAME = 8


class Births(IntEnum):
    """How two birth dates agree. NEAR: day and month exchanged, one slip, or one of day, month and year
    another, within half a generation."""

    OTHER = 0
    NEAR = 1
    UNKNOWN = 2
    SAME = 3


def compare_names(mine: PersonName, theirs: PersonName) -> tuple[Names, Reason]:
    """How two names agree and how one states the other; symmetrical."""
    agreement = name_agreement(mine, theirs)
    if found := _AGREEMENTS.get(agreement):
        whole = min(len(mine.words), len(theirs.words)) > 1
        return found if whole else (min(found[0], Names.FITS), found[1])
    level, reason = _compare_words(mine.words, theirs.words)
    if level >= Names.UNKNOWN:  # what differs is not a word: jun. and sen., the order
        level = Names.SHARED
    if level is Names.SHARED and mine.given[:1] == theirs.given[:1] != ():
        level = Names.RENAMED if len(mine.given) == len(theirs.given) == 1 else level
    return level, reason


def best_name(known: Sequence[PersonName], stated: Sequence[PersonName]) -> Names:
    """How the names that a record states agree with those known of a person.

    A word alone (`Krüger`, an account's nickname) is weak: it counts where no full name is stated, and speaks against
    the person less than another name does.
    """
    if not known or not stated:
        return Names.UNKNOWN
    if full := _full(stated):
        return max(compare_names(mine, theirs)[0] for mine in known for theirs in full)
    each = (max(compare_names(mine, theirs)[0] for mine in known) for theirs in stated)
    return max(Names.ALONE, min(each))


def several_people(stated: Sequence[PersonName], values: Iterable[str] = ()) -> bool:
    """Whether a record states full names that cannot be one person's, or several people in one of the `values` of its
    name fields, whatever they are called."""
    if any(len(people_in_name(value)) > 1 for value in values):
        return True
    full = _full(stated)
    return any(compare_names(full[0], other)[0] <= Names.SHARED for other in full[1:])


def compare_births(known: Iterable[str], stated: Iterable[str]) -> Births:
    """Birth dates as they are written. What a form fills in where nobody stated a date says nothing; a date that may be
    read in two ways (`02.03.84`) speaks neither for a person, nor against one in one of them."""
    found = [_compare_days(one, other) for one in known for other in stated]
    return max((births for births in found if births is not None), default=Births.UNKNOWN)


_HALF_A_GENERATION = 12  # years


def _compare_days(one: str, other: str) -> Births | None:
    mine, theirs = birth_date_candidates(one), birth_date_candidates(other)
    if not mine or not theirs or any(map(is_filled_in, (*mine, *theirs))):
        return None
    if set(mine) & set(theirs):
        return Births.SAME if len(mine) == len(theirs) == 1 else Births.UNKNOWN
    near = any(_are_near(date.fromisoformat(first), date.fromisoformat(second)) for first in mine for second in theirs)
    return Births.NEAR if near else Births.OTHER


def _are_near(one: date, other: date) -> bool:
    if abs(one.year - other.year) > _HALF_A_GENERATION:
        return False
    exchanged = one.year == other.year and (one.month, one.day) == (other.day, other.month)
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return exchanged or same == 2 or OSA.distance(one.isoformat(), other.isoformat(), score_cutoff=1) <= 1


_AGREEMENTS = {
    NameAgreement.SAME: (Names.SAME, Reason.EXACT),
    NameAgreement.REORDERED: (Names.SAME, Reason.EXACT),
    NameAgreement.SHORTER: (Names.SAME, Reason.PARTIAL),
    NameAgreement.SAME_BUT_SHORT_FORM: (Names.SAME, Reason.SHORT_FORM),
    NameAgreement.BIRTH_NAME: (Names.SAME, Reason.BIRTH_NAME),
    NameAgreement.CALL_NAME: (Names.SAME, Reason.PARTIAL),
    NameAgreement.PART_OF_SURNAME: (Names.SAME, Reason.PARTIAL),
    NameAgreement.TRANSLITERATED_WEAKLY: (Names.SAME, Reason.TRANSLITERATED),
    NameAgreement.INITIAL: (Names.FITS, Reason.PARTIAL),
    NameAgreement.PART_ONLY: (Names.FITS, Reason.PARTIAL),
    NameAgreement.BOTH_SHORT: (Names.LOOSE, Reason.SHORT_FORM),
    NameAgreement.GENERATION_UNSAID: (Names.LOOSE, Reason.PARTIAL),
    NameAgreement.NOT_STATED: (Names.UNKNOWN, Reason.PARTIAL),
}


def _full(names: Iterable[PersonName]) -> list[PersonName]:
    return [name for name in names if len(name.words) > 1]


def _compare_words(mine: Words, theirs: Words) -> tuple[Names, Reason]:
    """Folded words in any order. Every word of the shorter name must have its own counterpart in the longer one."""
    fewer, more = sorted((mine, theirs), key=len)
    rest = list(more)
    left = [word for word in fewer if not _taken(word, rest)]
    full = _count_full(fewer) - _count_full(left)
    left = [word for word in left if not _taken_as_initial(word, rest)]
    alike = [found for word in left if (found := _taken_alike(word, rest))]
    reason = Reason.PHONETIC if set(alike) == {Likeness.PHONETIC} else Reason.SIMILAR
    if len(alike) == len(left):
        return (Names.SIMILAR if len(alike) == 1 and full else Names.LOOSE if left else Names.SAME), reason
    garbled = sum(1 for word in left if _take(rest, next((one for one in rest if is_garbled(word, one)), "")))
    if len(alike) + garbled >= len(left):
        return Names.LOOSE, reason
    return (Names.SHARED if full or alike else Names.OTHER), reason


def _count_full(words: Iterable[str]) -> int:
    return sum(1 for word in words if len(word) > 1)


def _taken(word: str, rest: list[str]) -> bool:
    if word in rest:
        rest.remove(word)
        return True
    return False


def _taken_as_initial(word: str, rest: list[str]) -> bool:
    return _take(rest, next((other for other in rest if 1 in (len(word), len(other)) and word[0] == other[0]), ""))


def _taken_alike(word: str, rest: list[str]) -> Likeness | None:
    for other in rest:
        if found := likeness(word, other):
            rest.remove(other)
            return found
    return None


def _take(rest: list[str], found: str) -> bool:
    if found:
        rest.remove(found)
    return bool(found)
