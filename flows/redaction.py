"""Redacting a finding: which places a person removes before it goes out, and why."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cases.draft import Decision, DecisionKind, Ground, Redaction
from cases.finding import Span
from cases.identifiers import Kind
from cases.person import Person
from cases.redaction import burn, check, left, name_parts, named, places_of, removed
from flows.reasons import why
from infra.store.findings import Kept
from infra.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Places:
    """What somebody wants removed: places, other people by their numbers in the finding, or all other people.
    `with_files`: the files were looked at and go out as they are. `seen`: the `state` of the finding that they looked
    at; needed for all that means nothing without it: every place and number, and the files."""

    ground: Ground
    spans: tuple[Span, ...] = ()
    others: tuple[int, ...] = ()
    all_others: bool = False
    reason: str = field(default="", repr=False)
    with_files: bool = False
    seen: str = ""

    @property
    def by_sight(self) -> bool:
        return bool(self.spans or self.others or self.with_files)


@dataclass(frozen=True, slots=True)
class Redacted:
    """What came of it. `gone` are the texts that are removed; `left` the fields in which one of them still stands;
    `unplaced` counts other people whom the source names and no field does: nothing can be removed of them."""

    places: int
    gone: tuple[str, ...] = field(repr=False)
    left: tuple[int, ...] = ()
    unplaced: int = 0
    held_files: int = 0
    named: tuple[int, ...] = ()  # fields whose own name holds what was removed
    explained: bool = False  # the explanation of why it was found does
    parts: tuple[tuple[int, tuple[str, ...]], ...] = field(default=(), repr=False)  # words of removed names, by field


class NothingToRedact(ValueError):
    """No place was named, or those who were named stand nowhere in the finding."""


class NotSeen(ValueError):
    """Nobody says which state of the finding they saw, or it was another one than it has now: places would be cut out
    of a text that nobody looked at. `code`: `unsaid`, `changed`."""

    def __init__(self, code: str) -> None:
        said = {
            "unsaid": "say what you looked at: --seen CODE",
            "changed": "it has changed since you looked; look again, and name the places anew with the new --seen CODE",
        }
        super().__init__(said[code])
        self.code = code


def state(kept: Kept) -> str:
    """What somebody sees of a finding who redacts it, as a short code, `ABCD-EFGH`: values, files, and other people
    with their numbers and places. It changes with any of these."""
    people = [(one.kind, one.part, one.value, _places(one.spans)) for one in kept.finding.people]
    files = [(file.name, file.blob.sha256) for file in kept.finding.files]
    seen = json.dumps([kept.finding.fields, files, people], ensure_ascii=False)
    text = base64.b32encode(hashlib.sha256(seen.encode(errors="surrogatepass")).digest()).decode()
    return f"{text[:4]}-{text[4:8]}"


def _places(spans: Iterable[Span]) -> list[tuple[int, int, int]]:
    return [(span.field, span.start, span.end) for span in spans]


def _check_seen(kept: Kept, places: Places) -> None:
    said = "".join(places.seen.split()).upper()
    if places.by_sight and not said:
        raise NotSeen("unsaid")
    if said and said.replace("-", "") != state(kept).replace("-", ""):
        raise NotSeen("changed")


def redact(tx: Transaction, case: str, number: int, by: str, places: Places) -> Redacted:
    """Adds places to what is removed from a finding, which thereby goes out in part. Places of an earlier decision
    stay, unless it was another kind of decision or the content changed since. Raises `NoSuchFinding`, `NoSuchPlace`,
    `LookupError` for a person whom nobody is, `NothingToRedact`, `NotSeen`: sources are asked again, while a case is
    collecting and later, and a place in one text is another place in the next."""
    row = tx.cases.row(case)
    kept = tx.findings.get(row, number)
    _check_seen(kept, places)
    values = [value for _, value, _ in kept.finding.fields]
    chosen = _chosen(kept, places)
    for span in chosen:
        check(span, values)
    redactions = _together(kept, chosen, places.ground)
    reason = f"{places.ground}: {places.reason}" if places.reason else places.ground.value
    decision = Decision(DecisionKind.REDACT, by, tx.now, reason, redactions, places.with_files)
    tx.findings.decide(row, number, decision)
    gone = removed(values, redactions)
    files = 0 if places.with_files else len(kept.finding.files)
    names = named([name for name, _, _ in kept.finding.fields], gone)
    explained = bool(named([why(kept, tx.cases.get(case).language)], gone))
    remains = _remains(values, redactions)
    still = left(remains, gone)
    parts = name_parts(remains, gone, _known(kept, redactions), _own(tx.cases.person(case)))
    parts = tuple((index, words) for index, words in parts if index not in still)
    return Redacted(len(redactions), gone, still, _unplaced(kept, places), files, names, explained, parts)


def _chosen(kept: Kept, places: Places) -> tuple[Span, ...]:
    people = kept.finding.people
    numbers = range(1, len(people) + 1) if places.all_others else places.others
    found = tuple(dict.fromkeys((*places.spans, *places_of(people, numbers))))
    if not found:
        raise NothingToRedact("name a place or a person that stands in a field of the finding")
    return found


def _together(kept: Kept, chosen: Sequence[Span], ground: Ground) -> tuple[Redaction, ...]:
    """The new places beside the earlier ones; a place named anew has the new ground."""
    old = kept.decision.redactions if kept.decision and kept.decision.kind is DecisionKind.REDACT else ()
    found = {one.span: one.ground for one in old} | dict.fromkeys(chosen, ground)
    ordered = sorted(found, key=lambda span: (span.field, span.start, span.end))
    return tuple(Redaction(span, found[span]) for span in ordered)


def _remains(values: Sequence[str], redactions: Sequence[Redaction]) -> tuple[str, ...]:
    """What is not removed: there a removed text, or a part of a removed name, may still stand."""
    of_field: dict[int, list[Redaction]] = defaultdict(list)
    for one in redactions:
        of_field[one.span.field].append(one)
    return tuple(burn(value, of_field[index], lambda _: "\0") for index, value in enumerate(values))


def _known(kept: Kept, redactions: Sequence[Redaction]) -> tuple[str, ...]:
    """The names of whom a place is removed."""
    gone = {one.span for one in redactions}
    names = (one for one in kept.finding.people if one.kind is Kind.NAME)
    return tuple(one.value for one in names if not gone.isdisjoint(one.spans))


def _own(person: Person) -> tuple[str, ...]:
    known = (*person.verified, *person.accepted)
    return (person.name, *(one.value for one in known if one.kind is Kind.NAME))


def _unplaced(kept: Kept, places: Places) -> int:
    people = kept.finding.people
    chosen = people if places.all_others else [people[number - 1] for number in places.others]
    return sum(not one.spans for one in chosen)
