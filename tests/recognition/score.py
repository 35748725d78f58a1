"""How well the letters are recognised, in figures: `python -m tests.recognition.score [--show]`.

`--show` lists what was taken for something else, for the open half only.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import process_time

from cases.recognise import recognise
from cases.request import Request
from infra.parse import parse_message
from tests.recognition.letters import LETTERS, Letter, read_letters

OURS = ("datenschutz@muster-moebel.example", "info@muster-moebel.example")
ARRIVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
MACHINES = frozenset({"auto_reply", "bounce", "spam"})
HARMLESS = MACHINES | {"other", "unclear"}


@dataclass(frozen=True, slots=True)
class Score:
    """Figures over labelled mails: shares from 0 to 1, `missed` and `mistaken` are lists of letters' ids.

    `recall`: access mails whose verdict is access, as the mean over families. `precision`: of what was called access.
    `missed`: access mails that reach nobody. `mistaken`: machines' mails taken for a request. `rights_reach`: mails of
    other rights that reach a person, whatever the verdict.
    """

    mails: int
    recall: float
    precision: float
    missed: tuple[str, ...]
    mistaken: tuple[str, ...]
    unclear: float
    ordinary_unclear: float
    email: float
    name: float
    both: float
    rights_reach: float
    language: float
    milliseconds: float

    def __str__(self) -> str:
        return (
            f"{self.mails} mails: recall by family {self.recall:.3f}, precision {self.precision:.3f}, "
            f"missed {len(self.missed)}, mistaken {len(self.mistaken)}, unclear {self.unclear:.3f} "
            f"(of ordinary mail {self.ordinary_unclear:.3f}), e-mail {self.email:.3f}, name {self.name:.3f}, "
            f"access+erasure seen {self.both:.3f}, other rights reach a person {self.rights_reach:.3f}, "
            f"language {self.language:.3f}, {self.milliseconds:.1f} ms a mail"
        )


def judge(letter: Letter) -> Request:
    return recognise(parse_message(letter.raw, ARRIVED), (), OURS)


def score(letters: Sequence[Letter]) -> tuple[Score, list[tuple[Letter, Request]]]:
    """The figures, and every letter with what was made of it."""
    began = process_time()
    judged = [(letter, judge(letter)) for letter in letters]
    spent = process_time() - began
    access = [(letter, got) for letter, got in judged if letter.verdict == "access" and not letter.ambiguous]
    called = [letter for letter, got in judged if got.verdict == "access" and not letter.ambiguous]
    families: dict[str, list[bool]] = defaultdict(list)
    for letter, got in access:
        families[letter.family].append(got.verdict == "access")
    machines = [(letter, got) for letter, got in judged if letter.verdict in MACHINES]
    ordinary = [got for letter, got in judged if letter.verdict == "other" and not letter.ambiguous]
    others = [(letter, got) for letter, got in judged if letter.rights and letter.verdict != "access"]
    both = [got for letter, got in access if "erasure" in letter.rights]
    figures = Score(
        mails=len(letters),
        recall=_mean([_mean(hits) for hits in families.values()]),
        precision=_mean([letter.verdict == "access" for letter in called]),
        missed=tuple(letter.id for letter, got in access if got.verdict not in ("access", "unclear")),
        mistaken=tuple(letter.id for letter, got in machines if got.verdict not in HARMLESS),
        unclear=_mean([got.verdict == "unclear" for _, got in judged]),
        ordinary_unclear=_mean([got.verdict == "unclear" for got in ordinary]),
        email=_mean([_holds(letter.email, got.claims.emails) for letter, got in access if letter.email]),
        name=_mean([_holds(letter.name, got.claims.names) for letter, got in access if letter.name]),
        both=_mean(["erasure" in got.rights and "access" in got.rights for got in both]),
        rights_reach=_mean([got.verdict.is_request or got.verdict == "unclear" for letter, got in others]),
        language=_mean([letter.language == got.language for letter, got in judged if letter.language]),
        milliseconds=1000 * spent / max(1, len(letters)),
    )
    return figures, judged


def _mean(values: Sequence[float | bool]) -> float:
    return sum(values) / len(values) if values else 1.0


def _holds(wanted: str, found: Sequence[str]) -> bool:
    return wanted.casefold() in {value.casefold() for value in found}


def main(show: bool) -> None:
    for half in ("open", "kept_back"):
        figures, judged = score(read_letters(LETTERS / half))
        print(f"{half}: {figures}")
        if half == "open":
            table = Counter((letter.verdict, str(got.verdict)) for letter, got in judged)
            for (label, verdict), count in sorted(table.items()):
                print(f"  {label:14} -> {verdict:14} {count}")
            if show:
                _show(judged)


def _show(judged: Sequence[tuple[Letter, Request]]) -> None:
    for letter, got in judged:
        if letter.verdict != got.verdict or set(letter.rights) != set(got.rights):
            print(f"{letter.family}/{letter.id}: {letter.verdict} {letter.rights} -> {got.verdict} {got.rights}")
            for reason in got.reasons:
                print(f"     {reason}")


if __name__ == "__main__":
    main("--show" in sys.argv)
