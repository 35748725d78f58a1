"""Looking for many byte strings at once, ASCII letters without case. Two engines that give the same places.

Hyperscan (Vectorscan) has wheels for x86-64 only; elsewhere an Aho-Corasick automaton does the same, more slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Protocol

import ahocorasick_rs

Found = tuple[int, int]  # where a pattern ends (exclusive), and its number


class Matcher(Protocol):
    def find(self, block: bytes) -> list[Found]:
        """Every place of every pattern, by its end; patterns that overlap are all given."""
        ...


MakeMatcher = Callable[[Sequence[bytes]], Matcher]


class PortableMatcher:
    """Aho-Corasick over the block in lower case."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._automaton = (
            ahocorasick_rs.BytesAhoCorasick([pattern.lower() for pattern in patterns]) if patterns else None
        )

    def find(self, block: bytes) -> list[Found]:
        if self._automaton is None:
            return []
        found = self._automaton.find_matches_as_indexes(block.lower(), overlapping=True)
        return sorted((end, number) for number, _, end in found)


class HyperscanMatcher:
    """Hyperscan's compiler for pure literals."""

    def __init__(self, patterns: Sequence[bytes]) -> None:
        import hyperscan  # not installed everywhere: `fastest_matcher` chooses

        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK) if patterns else None
        if self._database is not None:
            numbers = list(range(len(patterns)))
            caseless = hyperscan.HS_FLAG_CASELESS
            self._database.compile(list(patterns), numbers, len(numbers), caseless, literal=True)

    def find(self, block: bytes) -> list[Found]:
        found: list[Found] = []
        add = found.append

        def met(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add((end, number))

        if self._database is not None and block:
            self._database.scan(block, match_event_handler=met)
        found.sort()
        return found


def fastest_matcher(patterns: Sequence[bytes]) -> Matcher:
    """The fastest engine that is installed. Patterns are distinct and not empty."""
    return HyperscanMatcher(patterns) if find_spec("hyperscan") else PortableMatcher(patterns)
