"""What the fields of an unknown export state about people: by their names, or as the settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cases.identifiers import Kind
from cases.subjects import Clue, SubjectIndex
from sources.json_persons import Met, bare, people_in, text_in, weighed
from sources.json_values import at
from sources.meta_json import moment
from sources.scan_filter import readings

_TIMES = ("createdat", "created", "timestamp", "timestampms", "date", "sentat", "time")


@dataclass(frozen=True, slots=True)
class Meanings:
    """`identifying`: a field's path to a kind, or to `handle:PLATFORM`; `names`: groups of paths that state one name;
    `time`: a path; `scope`: the system whose numbers these are."""

    identifying: Mapping[str, str] = field(default_factory=dict)
    names: tuple[tuple[str, ...], ...] = ()
    time: str = ""
    scope: str = ""

    def met(self, record: Any, text: str, index: SubjectIndex) -> tuple[Met, ...]:
        """Whom of the index a record is about; `text` is all that it says."""
        first, *others = people_in(record, self.scope)
        people = [(*self._stated(record), *first), *others]
        clues = [clue for one in people for clue in one]
        stated = list(index.match(clues) or index.match_alike(clues)) if clues else []
        stated += [hit for one in people if len(people) > 1 for hit in index.match(one)]
        return tuple(weighed(people, index, stated, index.match_text(readings(text), "record", self.scope)))

    def moment_of(self, record: Any) -> datetime | None:
        if not isinstance(record, dict):
            return None
        if self.time:
            return _moment(_at(record, self.time))
        found = (_moment(value) for key, value in _inner(record).items() if bare(key) in _TIMES)
        return next((one for one in found if one), None)

    def _stated(self, record: Any) -> Iterator[Clue]:
        for path, stated in self.identifying.items():
            kind, _, scope = stated.partition(":")
            if text := text_in(_at(record, path)):
                yield Clue(Kind(kind), text, path, scope or self.scope)
        for group in self.names:
            if text := " ".join(filter(None, (text_in(_at(record, path)) for path in group))):
                yield Clue(Kind.NAME, text, "+".join(group), self.scope)


def _inner(record: dict[str, Any]) -> dict[str, Any]:
    """The record itself, or what stands under its key where it was cut out of a map."""
    (only, *more) = list(record.values()) or [None]
    return only if isinstance(only, dict) and not more else record


def _at(record: Any, path: str) -> Any:
    found = at(record, path)
    return at(_inner(record), path) if found is None and isinstance(record, dict) else found


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return moment(value)
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None
