"""Customer and order numbers, also in a company's own formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_LABEL = re.compile(
    r"^\s*(?:(?:kunden?|customer|kd|client|mitglieds?|vertrags?|bestell|order)[\s.-]*(?:nummer|number|nr|no|id)?|nr|no|#)"
    r"[\s.:#]+(?=\S*\d)",
    re.I,
)
_LONGEST = 60
_RUN = re.compile(r"#+|\?+|[^#?]")


def plain_number(value: str) -> str:
    """Without separators and case. Leading zeros count: `0042` and `42` may be two customers of one system."""
    return re.sub(r"[\s\-./]+", "", value).casefold()


def customer_number(value: str, formats: Iterable[str] = ()) -> str:
    """The number in the form of `plain_number`, completed by the one of the company's formats that it fits.

    In a format `#` is a digit, `?` a letter and everything else itself: `K-#####`. Separators and case never count. A
    run of `#` stands for at most so many digits, and fewer are filled with zeros on the left, so leading zeros do not
    count there: `K-42` and `K 00042` are one. The letters at its beginning may be missing (`42`), as long as only one
    format fits. Where none or several fit, the number stays as `plain_number` gives it.
    """
    text = plain_number(_LABEL.sub("", value[:_LONGEST]))
    known = tuple(formats)
    fitting = {number for one in known if (number := _fitted(text, one, bare=False))}
    fitting = fitting or {number for one in known if (number := _fitted(text, one, bare=True))}
    return fitting.pop() if len(fitting) == 1 else text


def _fitted(text: str, pattern: str, bare: bool) -> str:
    """`text` completed by one format, `bare`: without the letters that it begins with; empty where it does not fit."""
    runs = _RUN.findall(plain_number(pattern))
    start = next((at for at, run in enumerate(runs) if run[0] in "#?"), len(runs))
    wanted = runs[start:] if bare else runs
    found = re.fullmatch("".join(_expression(wanted)), text)
    if not found or (bare and not start):
        return ""
    filled = (part.zfill(len(run)) if run[0] == "#" else part for run, part in zip(wanted, found.groups(), strict=True))
    return "".join(runs[:start] if bare else ()) + "".join(filled)


def _expression(runs: Iterable[str]) -> Iterator[str]:
    for run in runs:
        if run[0] == "#":
            yield rf"(\d{{1,{len(run)}}})"
        elif run[0] == "?":
            yield rf"([^\W\d_]{{{len(run)}}})"
        else:
            yield f"({re.escape(run)})"
