"""`make evaluate DATA=folder`: how well people are found again in labelled records, as Markdown tables.

Searches `folder` (or `folder/matching`) for febrl/dataset*.csv, splink/fake_*.csv, abydos/variantNames.csv and
nicknames/*.csv; what is not there is left out. Our own invented sets are always counted. See docs/matching.md.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cases.finding import Strength
from tests.matching.counting import SURE, Keyed, Result, Score, search
from tests.matching.invented import HEAVY, LIGHT, MEDIUM, people
from tests.matching.records import Record, febrl, splink
from tests.matching.variants import Share, given_forms, surname_variants

_HEAD = (
    "| records | pairs | certain wrong | certain + probable: precision | recall "
    "| all: precision | recall | wrong proposals |"
)
_RULE = "|---|---:|---:|---:|---:|---:|---:|---:|"


def main(arguments: list[str]) -> int:
    if len(arguments) > 1:
        print("usage: python -m tests.matching.evaluate [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(arguments[0]) if arguments else None
    if folder and not folder.is_dir():
        print(f"{folder} is no folder: give the one that holds febrl/, splink/, abydos/ or nicknames/", file=sys.stderr)
        return 2
    root = folder / "matching" if folder and (folder / "matching").is_dir() else folder
    sets = {**invented(), **(labelled(root) if root else {})}
    print("\n".join(report(sets, root)))
    return 0


def invented() -> dict[str, list[Record]]:
    """Three seeds, each harder than the one before."""
    kinds = ((LIGHT, 1), (MEDIUM, 2), (HEAVY, 3))
    return {f"invented, {kind.name}": people(seed, 600, kind) for kind, seed in kinds}


def labelled(root: Path) -> dict[str, list[Record]]:
    """The labelled sets of a folder; parts `4a` and `4b` of one set are one."""
    parts: dict[str, list[Path]] = {}
    for path in sorted(root.glob("febrl/dataset*.csv")):
        parts.setdefault(re.sub(r"(?<=\d)[a-z]$", "", path.stem), []).append(path)
    sets = {f"febrl {name}": febrl(*paths) for name, paths in parts.items()}
    fakes = sorted(path for path in root.glob("splink/fake_*.csv") if "labels" not in path.stem)
    return {**sets, **{f"splink {path.stem}": splink(path) for path in fakes}}


def report(sets: dict[str, list[Record]], root: Path | None) -> Iterator[str]:
    """The tables, line by line."""
    results = {name: (records, search(records)) for name, records in sets.items()}
    yield "### With the unique key\n"
    yield from (_HEAD, _RULE)
    for name, (records, result) in results.items():
        yield from _keyed_rows(name, records, result)
    yield "\n### Without any unique key\n"
    yield from (_HEAD, _RULE)
    for name, (records, _) in results.items():
        yield _row(name, search([item.without_key() for item in records]))
    yield "\n### Spellings\n"
    yield from _variants(root)


def _keyed_rows(name: str, records: list[Record], result: Result) -> Iterator[str]:
    keyed = Keyed(records)
    pairs = frozenset(result.found) | result.true
    yield _row(f"{name}: all pairs", result)
    yield _row(f"{name}: both state a key", result, keyed.both(pairs))
    yield _row(f"{name}: both state the same key", result, keyed.same(pairs))


def _row(name: str, result: Result, among: frozenset[tuple[str, str]] | None = None) -> str:
    certain, sure, every = (result.score(among, kinds) for kinds in ((Strength.CERTAIN,), SURE, Strength))
    figures = (f"{sure.precision:.4f}", f"{sure.recall:.4f}", f"{every.precision:.4f}", f"{every.recall:.4f}")
    return f"| {name} | {_count(every)} | {certain.wrong} | {' | '.join(figures)} | {every.wrong - sure.wrong:,} |"


def _count(score: Score) -> str:
    return f"{score.true:,}"


def _variants(root: Path | None) -> Iterator[str]:
    yield "| names | pairs | at least possible | share |"
    yield "|---|---:|---:|---:|"
    for share in _shares(root):
        yield f"| {share.name} | {share.pairs:,} | {share.met:,} | {share.met / max(1, share.pairs):.4f} |"


def _shares(root: Path | None) -> Iterable[Share]:
    yield from surname_variants(root / "abydos/variantNames.csv" if root else None)
    yield from given_forms(sorted(root.glob("nicknames/*.csv")) if root else ())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
