"""Birth dates: what a text says surely, what it may say, and how two of them agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum

from cases.folding import fold

_LABEL = re.compile(r"^(?:geburtsdatum|geboren|geb\b\.?|born|date of birth|d\.?o\.?b\.?|\*)?\W*(?:am\b|on\b)?\s*", re.I)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jaenner january jan jaen",
            "februar feber february feb",
            "maerz march mrz mar maer",
            "april apr",
            "mai may",
            "juni june jun juno",
            "juli july jul julei",
            "august aug",
            "september sept sep",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[t ].*)?", re.A | re.S)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.A)
_GERMAN = re.compile(r"(\d{1,2})\s?\.\s?(\d{1,2})\s?\.\s?(\d{4}|\d{2})", re.A)
_EITHER = re.compile(r"(\d{1,2})\s?([/-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})", re.A)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?\s?(?:of\s)?([a-z]{3,9})\.?,?\s?(\d{4}|'?\d{2})", re.A)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})", re.A)
_LONGEST = 60
_EARLIEST = 1850  # of a date in eight digits: what is earlier is a number
_LATEST = 2100
# What forms and databases fill in where nobody stated a date.
_FILLED_IN = frozenset(
    [
        *("0001-01-01", "1000-01-01", "1111-11-11", "1753-01-01", "1800-01-01", "1899-12-30", "1899-12-31"),
        *("1900-01-01", "1970-01-01", "9999-12-31"),
    ]
)


class DateAgreement(Enum):
    """Strongest first. All but `SAME` need somebody to look."""

    SAME = "same"
    POSSIBLE = "possible"  # one of them has a year of two digits or a form that leaves day and month open
    DAY_MONTH_SWAPPED = "day_month_swapped"  # 2 March and 3 February of one year
    ONE_SLIP = "one_slip"  # one digit differs, or two neighbours are exchanged
    DIFFERENT = "different"
    NOT_STATED = "not_stated"  # one of them is no date, or one that forms fill in by themselves


def normal_birth_date(value: str) -> str:
    """ISO date where the text leaves no choice; empty where it is none, or its century, day or month is a guess
    (`02.03.84`, `3/2/1984`)."""
    found = birth_date_candidates(value)
    return found[0] if len(found) == 1 else ""


def birth_date_candidates(value: str) -> tuple[str, ...]:
    """Every date that a text may mean, ISO. Two digits of a year give both centuries; `3/2/1984` both months; a year
    alone (`Jg. 1984`) none."""
    text = " ".join(value[:_LONGEST].split())
    bare = fold(_LABEL.sub("", text, count=1))
    return tuple(dict.fromkeys(day for parts in _read(bare) if (day := _iso(*parts))))


def is_filled_in(iso: str) -> bool:
    """Whether a date is one that stands where none was stated (1 January 1900): it tells nobody apart."""
    return iso in _FILLED_IN


def date_agreement(one: str, other: str) -> DateAgreement:
    """How two birth dates as written agree; symmetrical."""
    mine, theirs = birth_date_candidates(one), birth_date_candidates(other)
    if not mine or not theirs or any(map(is_filled_in, (*mine, *theirs))):
        return DateAgreement.NOT_STATED
    if set(mine) & set(theirs):
        return DateAgreement.SAME if len(mine) == len(theirs) == 1 else DateAgreement.POSSIBLE
    pairs = [(first, second) for first in mine for second in theirs]
    if any(_swapped(first) == second for first, second in pairs):
        return DateAgreement.DAY_MONTH_SWAPPED
    return DateAgreement.ONE_SLIP if any(_one_slip(*pair) for pair in pairs) else DateAgreement.DIFFERENT


def _read(text: str) -> Iterator[tuple[int, int, int]]:
    """Year, month and day in every way in which the text may be read."""
    if found := _YEAR_FIRST.fullmatch(text):
        yield int(found[1]), int(found[3]), int(found[4])
    elif (found := _PACKED.fullmatch(text)) and _EARLIEST <= int(found[1]) <= _LATEST:
        yield int(found[1]), int(found[2]), int(found[3])
    elif found := _GERMAN.fullmatch(text):
        yield from ((year, int(found[2]), int(found[1])) for year in _years(found[3]))
    elif found := _EITHER.fullmatch(text):
        for year in _years(found[4]):
            yield year, int(found[3]), int(found[1])
            yield year, int(found[1]), int(found[3])
    elif found := _DAY_FIRST.fullmatch(text):
        yield from ((year, _MONTHS.get(found[2], 0), int(found[1])) for year in _years(found[3].lstrip("'")))
    elif found := _MONTH_FIRST.fullmatch(text):
        yield int(found[3]), _MONTHS.get(found[1], 0), int(found[2])


def _years(text: str) -> tuple[int, ...]:
    return (int(text),) if len(text) == 4 else (1900 + int(text), 2000 + int(text))


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _swapped(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{year}-{day}-{month}"


def _one_slip(one: str, other: str) -> bool:
    places = [at for at, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]
    if len(places) == 2 and places[1] - places[0] == 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) == 1
