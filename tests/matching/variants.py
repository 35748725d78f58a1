"""Which spellings and forms of a name are proposed for one another, and how often two names that are not one are."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.subjects import Clue, SubjectIndex
from tests.matching.invented import SURNAMES

_RANDOM = 8_000  # pairs that are not one person, drawn with a fixed seed
Pair = tuple[str, str]

# Surnames of one sound or with one slip, as customer files hold them.
OWN_VARIANTS = """
    Meier Mayer, Schmidt Schmitt, Müller Mueller, Müller Muller, Krüger Kruger, Hoffmann Hofmann, Schneider Schnaider,
    Jansen Janssen, Fischer Fisher, Weiß Weiss, Groß Gross, Böhm Boehm, Kaiser Keiser, Beyer Baier, Stefanidis
    Stephanidis, Schulz Schultz, Kowalski Kowalsky, Wagner Wagener, Zimmermann Zimermann, Lehmann Lemann, Thiel Tiel,
    Brandt Brand, Pfeiffer Pfeifer, Kramer Cramer, Seidel Seydel, Voigt Vogt, Friedrich Fridrich, Dietrich Ditrich
"""


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    pairs: int
    met: int


def surname_variants(path: Path | None) -> Iterator[Share]:
    """Pairs of spellings of one surname, each beside one first name; and random pairs of the same surnames."""
    own = [(one, other) for one, other in (pair.split() for pair in OWN_VARIANTS.split(","))]
    yield share("own spellings of surnames", [_beside_first_name(*pair) for pair in own])
    yield share("random surnames", [_beside_first_name(*pair) for pair in _random_pairs(SURNAMES, set(own))])
    if path and path.exists():
        pairs = [(row["Name1"], row["Name2"]) for row in _rows(path)]
        names = sorted({name for pair in pairs for name in pair})
        yield share(f"{path.stem}: spellings of one surname", [_beside_first_name(*pair) for pair in pairs])
        others = _random_pairs(names, set(pairs))
        yield share(f"{path.stem}: random pairs", [_beside_first_name(*pair) for pair in others])


def given_forms(paths: Sequence[Path]) -> Iterator[Share]:
    """Pairs of a first name and what its bearers are called, each beside one surname; and random pairs."""
    for path in paths:
        rows = list(_rows(path))
        if rows and "name2" in rows[0]:
            pairs = [(row["name1"], row["name2"]) for row in rows]
            names = sorted({name for pair in pairs for name in pair})
            yield share(f"{path.stem}: name and short form", [_beside_surname(*pair) for pair in pairs])
            others = _random_pairs(names, set(pairs))
            yield share(f"{path.stem}: random pairs", [_beside_surname(*pair) for pair in others])
        elif rows and "first_name" in rows[0]:
            others = _random_pairs(sorted({row["first_name"] for row in rows}), set())
            yield share(f"{path.stem}: random pairs", [_beside_surname(*pair) for pair in others])


def share(name: str, pairs: Sequence[Pair]) -> Share:
    """In how many pairs a search for the first name proposes a record with the second."""
    return Share(name, len(pairs), sum(_is_met(*pair) for pair in pairs))


def _is_met(one: str, other: str) -> bool:
    index = SubjectIndex([Subject("A", (Identifier(Kind.NAME, one, Origin.VERIFIED),))])
    return bool(index.match_alike([Clue(Kind.NAME, other, "name")]))


def _random_pairs(names: Sequence[str], known: set[Pair]) -> list[Pair]:
    dice, found = Random(1969), []
    for _ in range(min(_RANDOM, 10 * len(names))):
        one, other = dice.sample(names, 2)
        if (one, other) not in known and (other, one) not in known:
            found.append((one, other))
    return found


def _beside_first_name(one: str, other: str) -> Pair:
    return f"Katharina {one}", f"Katharina {other}"


def _beside_surname(one: str, other: str) -> Pair:
    return f"{one} Okafor", f"{other} Okafor"


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, skipinitialspace=True)
