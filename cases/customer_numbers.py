"""Customer and order numbers, also in a company's own formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from cases.readable import plain

_LABEL = re.compile(
    r"^\s*(?:(?:kunden?|customer|kd|client|mitglieds?|vertrags?|bestell|order)[\s.-]*(?:nummer|number|nr|no|id)?|nr|no|#)"
    r"[\s.:#]+(?=\S*\d)",
    re.I,
)
_LONGEST = 60
_RUN = re.compile(r"#+|\?+|[^#?]")
_SEPARATORS = " -./"
_DIVIDED = re.compile(r"([^\s\-./]+)([\s\-./]*)(?=(\S?))")
_SIGNS = r"[A-Za-z0-9#? ./-]{0,30}"
FORMAT = f"^{_SIGNS}#{_SIGNS}$"  # what may be a format: one digit at least
_MOST_SPELLINGS = 64


def plain_number(value: str) -> str:
    """Without separators and case. Leading zeros count: `0042` and `42` may be two customers of one system."""
    return re.sub(r"[\s\-./]+", "", value).casefold()


def divided_alike(one: str, other: str, formats: Iterable[str] = ()) -> bool:
    """Whether two numbers of one `plain_number` may be one: their parts agree (`123-45`, `123 45`), or one of them is
    not divided (`12345`). `12-345` is another customer than `123-45`. Between letters and digits nothing divides,
    and nowhere where one of the company's formats says what belongs where."""
    known = tuple(formats)
    if one == other or (known and _fitting(one, known)[1] and _fitting(other, known)[1]):
        return True
    mine, theirs = _divisions(one), _divisions(other)
    return not mine or not theirs or mine == theirs


def customer_number(value: str, formats: Iterable[str] = ()) -> str:
    """The number in the form of `plain_number`, completed by the one of the company's formats that it fits.

    In a format `#` is a digit, `?` a letter and everything else itself: `K-#####`. Separators and case never count. A
    run of `#` stands for at most so many digits, and fewer are filled with zeros on the left, so leading zeros do not
    count there: `K-42` and `K 00042` are one. The letters at its beginning may be missing (`42`), as long as only one
    format fits. Where none or several fit, the number stays as `plain_number` gives it.
    """
    number, _ = _fitting(value, tuple(formats))
    return number


def completed(value: str, formats: Iterable[str]) -> str:
    """The number as the company writes it (`42` as `K-00042`); as it was stated where not exactly one format fits."""
    number, pattern = _fitting(value, tuple(formats))
    if not pattern:
        return value
    signs = iter(number)
    return "".join(one if one in _SEPARATORS else _written(one, next(signs)) for one in pattern)


def spellings(value: str, formats: Iterable[str], *, bare: bool = True) -> tuple[str, ...]:
    """Every way in which a record may state the number, beside separators and case, as the company writes it first:
    with fewer zeros, and with `bare` without the letters that it begins with. Only the value itself where not exactly
    one format fits. A record that states one of them means this number: `customer_number` of each is the same."""
    known = tuple(formats)
    number, pattern = _fitting(value, known)
    if not pattern:
        return (value,)
    form = _form(pattern)
    found = form.whole.fullmatch(number)
    parts = [_zeros(run, part) for run, part in zip(form.runs, found.groups() if found else (), strict=False)]
    written = [completed(value, known)]
    for some in product(*parts):
        written += ["".join(some), *(["".join(some[form.start :])] if bare and form.start else ())]
        if len(written) > _MOST_SPELLINGS:
            break
    return tuple(text for text in dict.fromkeys(written) if customer_number(text, known) == number)


def _divisions(value: str) -> set[int]:
    """Where separators stand in a number, counted in its own signs."""
    number = _LABEL.sub("", value[:_LONGEST]).strip(_SEPARATORS)
    found, at = set(), 0
    for before, gap, after in _DIVIDED.findall(number):
        at += len(before)
        if gap and after and before[-1].isdigit() == after.isdigit():
            found.add(at)
    return found


def _written(sign: str, own: str) -> str:
    return own.upper() if sign == "?" else own if sign == "#" else sign


def _zeros(run: str, part: str) -> tuple[str, ...]:
    """`00042`, `0042`, `042` and `42`."""
    if run[0] != "#":
        return (part,)
    fewest = part.lstrip("0") or "0"
    return tuple(part[at:] for at in range(len(part) - len(fewest) + 1))


def _fitting(value: str, formats: tuple[str, ...]) -> tuple[str, str]:
    """The completed number and the format that it fits; the plain number and no format where none or several do."""
    text = plain_number(_LABEL.sub("", plain(value[:_LONGEST])))
    fitting = {number: one for one in formats if (number := _form(one).fitted(text, bare=False))}
    fitting = fitting or {number: one for one in formats if (number := _form(one).fitted(text, bare=True))}
    return next(iter(fitting.items())) if len(fitting) == 1 else (text, "")


@dataclass(frozen=True, slots=True)
class _Form:
    """A format taken apart. `start`: how many signs it begins with that are always the same."""

    runs: tuple[str, ...]
    start: int
    whole: re.Pattern[str]
    rest: re.Pattern[str]

    def fitted(self, text: str, *, bare: bool) -> str:
        """`text` completed, `bare`: without the letters that the format begins with; empty where it does not fit."""
        found = (self.rest if bare else self.whole).fullmatch(text)
        if not found or (bare and not self.start):
            return ""
        wanted = self.runs[self.start :] if bare else self.runs
        parts = zip(wanted, found.groups(), strict=True)
        filled = (part.zfill(len(run)) if run[0] == "#" else part for run, part in parts)
        return "".join(self.runs[: self.start] if bare else ()) + "".join(filled)


@lru_cache(maxsize=256)
def _form(pattern: str) -> _Form:
    runs = tuple(_RUN.findall(plain_number(pattern)))
    start = next((at for at, run in enumerate(runs) if run[0] in "#?"), len(runs))
    whole, rest = (re.compile("".join(_expression(some))) for some in (runs, runs[start:]))
    return _Form(runs, start, whole, rest)


def _expression(runs: Iterable[str]) -> Iterator[str]:
    for run in runs:
        if run[0] == "#":
            yield rf"(\d{{1,{len(run)}}})"
        elif run[0] == "?":
            yield rf"([^\W\d_]{{{len(run)}}})"
        else:
            yield f"({re.escape(run)})"
