"""How much of a copy goes on paper: parts of a bounded size, and a bounded number of them.

A part holds at most `PART_ENTRIES` entries or `PART_SIGNS` characters, and there are at most `MOST_PARTS`; a value of
more than `LONGEST` characters is cut. What that leaves out, the letter says, and such an answer does not go on paper
alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.draft import AnswerKind, Draft, Item, ItemField
from outputs.copy_signs import breakable, shown
from outputs.copy_view import SystemPart, system_parts
from outputs.texts import Texts, texts

PART_ENTRIES = 250
PART_SIGNS = 250_000
MOST_PARTS = 4
LONGEST = 20_000
_WIDEST = 9  # characters that one may become where it is shown by its number

PaperPart = list[tuple[SystemPart, list[Item]]]


@dataclass(frozen=True, slots=True)
class Planned:
    """Which entries stand in which part, and how many (`left`) in none."""

    parts: tuple[PaperPart, ...] = field(repr=False)
    left: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """What paper lacks: whole entries, and ends of values of entries that are there."""

    entries: int = 0
    values: int = 0

    def __bool__(self) -> bool:
        return bool(self.entries or self.values)


def planned(systems: tuple[SystemPart, ...]) -> Planned:
    """At least one part, so that a copy of nothing but withheld entries says so."""
    parts = _parts(systems)
    left = sum(len(items) for part in parts[MOST_PARTS:] for _, items in part)
    return Planned(tuple(parts[:MOST_PARTS]), left)


def _parts(systems: tuple[SystemPart, ...]) -> list[PaperPart]:
    parts: list[PaperPart] = [[]]
    count = signs = 0
    for system in systems:
        for item in system.items:
            size = _size(item)
            if count and (count >= PART_ENTRIES or signs + size > PART_SIGNS):
                parts.append([])
                count = signs = 0
            if not parts[-1] or parts[-1][-1][0] is not system:
                parts[-1].append((system, []))
            parts[-1][-1][1].append(item)
            count, signs = count + 1, signs + size
    return parts


def _size(item: Item) -> int:
    """About how many characters it takes; a field takes room beside its value."""
    return sum(len(part.name) + min(len(part.value), LONGEST) + 60 for part in (*item.fields, *item.earlier)) + 200


def paper_names(draft: Draft) -> tuple[str, ...]:
    """The files of the copy on paper."""
    words = texts(draft.language)
    return tuple(part_name(n, words) for n in range(1, len(planned(system_parts(draft, words)).parts) + 1))


def part_name(number: int, words: Texts) -> str:
    return words("file.copy_pdf") if number == 1 else words("file.copy_pdf_more", n=number)


def shortage(draft: Draft) -> Shortage:
    """Nothing is short where nothing is held: then there is no copy."""
    if draft.kind is AnswerKind.NOTHING_HELD:
        return Shortage()
    plan = planned(system_parts(draft, texts(draft.language)))
    printed = (item for part in plan.parts for _, items in part for item in items)
    return Shortage(plan.left, sum(_cuts(part) for item in printed for part in (*item.fields, *item.earlier)))


def _cuts(part: ItemField) -> int:
    return sum(len(said) > LONGEST // _WIDEST and len(shown(said)) > LONGEST for said in (part.name, part.value))


def cut(value: str, words: Texts) -> str:
    """A text that is `shown`, as paper has it; where it is cut, it says so."""
    if len(value) <= LONGEST:
        return breakable(value)
    said = words("copy.shortened", left=len(value) - LONGEST, html=words("file.html"), json=words("file.json"))
    return f"{breakable(value[:LONGEST])}\n{said}"


def on_paper(value: str, words: Texts) -> str:
    """A value of the data as the PDF has it."""
    return cut(shown(value), words)


def unprintable(paths: Iterable[str]) -> tuple[str, ...]:
    """The original files that no printer takes as they are."""
    return tuple(path for path in paths if not path.lower().endswith(".pdf"))


def enough(draft: Draft) -> bool:
    """Whether the letter and the copy on paper are the whole answer: everything is printed, and the letter is one for
    the post, which speaks of no file that lies elsewhere."""
    if draft.kind is AnswerKind.NOTHING_HELD:
        return True
    paths = (file.path for item in draft.released for file in item.files)
    return draft.channel == "post" and not shortage(draft) and not unprintable(paths)
