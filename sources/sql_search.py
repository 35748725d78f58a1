"""One pass over a database: first who is met where, until nothing new is learned, then the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from cases.finding import Finding, Gap, GapReason, Match, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject
from cases.subjects import Clue, Hit, SubjectIndex, strongest
from sources.sql_candidates import Candidates
from sources.sql_conditions import referring, states_names
from sources.sql_rows import Reader, Row, as_text

_Place = tuple[str, str]  # label of a table, name of a column


@dataclass(frozen=True, slots=True)
class Referred:
    """A row that others refer to, and what it refers to itself: place and value."""

    locator: str = field(repr=False)
    to: tuple[tuple[_Place, str], ...] = field(repr=False)


@dataclass(slots=True)
class Known:
    """What the pass has learned: whose rows are referred to by which key, and keys that the system assigned."""

    owners: dict[_Place, dict[str, dict[str, Hit]]] = field(default_factory=dict, repr=False)
    referred: dict[_Place, dict[str, Referred]] = field(default_factory=dict, repr=False)
    raw: dict[_Place, dict[str, Any]] = field(default_factory=dict, repr=False)
    assigned: dict[str, dict[str, tuple[Identifier, Hit]]] = field(default_factory=dict, repr=False)

    def own(self, place: _Place, value: Any, hit: Hit) -> bool:
        """Notes whose the rows are that refer to this value; True where that was not known."""
        text = as_text(value)
        holders = self.owners.setdefault(place, {}).setdefault(text, {})
        self.raw.setdefault(place, {})[text] = value
        before = holders.get(hit.subject)
        if before is not None and _order(before) <= _order(hit):
            return False
        holders[hit.subject] = hit
        return True

    def refer(self, place: _Place, value: Any, row: Referred) -> None:
        """Notes which row is referred to by this value; of several always the same one."""
        rows, text = self.referred.setdefault(place, {}), as_text(value)
        if text not in rows or row.locator < rows[text].locator:
            rows[text] = row

    def root(self, subject: str, row: Referred) -> str:
        """The locator of the row of this subject that a row hangs on in the end; its own where it hangs on none, and of
        rows that refer to each other always the same one."""
        seen: list[str] = []
        while row.locator not in seen:
            seen.append(row.locator)
            row = next(self._above(subject, row), row)
        return min(seen[seen.index(row.locator) :])

    def _above(self, subject: str, row: Referred) -> Iterator[Referred]:
        for place, text in row.to:
            if subject in self.owners.get(place, {}).get(text, {}):
                yield self.referred[place][text]

    def assign(self, normal: str, identifier: Identifier, hit: Hit) -> bool:
        """Notes a key of the system, and the form in which it is compared, for the person of a row; True where that was
        not known."""
        holders = self.assigned.setdefault(normal, {})
        before = holders.get(hit.subject)
        if before is not None and (_order(before[1]), before[0].found_in) <= (_order(hit), identifier.found_in):
            return False
        holders[hit.subject] = (identifier, hit)
        return True


def _order(hit: Hit) -> tuple[int, tuple[tuple[str, str, str], ...]]:
    """Stronger first; among equals always the same one, in whatever order the rows came."""
    reasons = ((match.identifier.kind.value, match.identifier.normal, match.field) for match in hit.matched)
    return hit.strength.rank, tuple(reasons)


@dataclass(slots=True)
class DatabasePass:
    """The search of one set of subjects. `readers` by the label of their table, in the order of the settings."""

    source: str
    connection: Connection
    readers: Mapping[str, Reader]
    index: SubjectIndex
    known: Known = field(default_factory=Known)
    widened: SubjectIndex = field(init=False)
    _candidates: dict[str, Candidates] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.widened = self.index

    def learn(self) -> None:
        """Reads the tables that lead to others, until a whole round teaches nothing. Ends because strengths only grow
        and values are those of the database."""
        leading = [reader for label, reader in self.readers.items() if self._leads(label)]
        news = True
        while news:
            news = False
            for reader in leading:
                news |= self._learn_from(reader)
            widened = (self._with_keys(subject) for subject in self.index.asked)
            self.widened = SubjectIndex(widened, self.index.shared, self.index.number_formats)

    def findings(self) -> Iterator[Finding | Gap]:
        for reader in self.readers.values():
            if not (reader.table.identifiers or reader.table.belongs_to or reader.table.text):
                yield Gap(self.source, reader.table.label, GapReason.UNMAPPED, "no_way_to_match")
            yield from self._findings(reader)

    def records(self) -> int:
        """Rows of all tables that were searched, whether they came here or the database passed over them."""
        counts = (select(func.count()).select_from(reader.layout.clause) for reader in self.readers.values())
        return sum(int(self.connection.execute(count).scalar() or 0) for count in counts)

    def limits(self) -> tuple[str, ...]:
        """What cannot be promised: other spellings are proposed where a table states names, and not in texts."""
        tables = [reader.table for reader in self.readers.values()]
        alike = any(map(states_names, tables)) and not any(table.text for table in tables)
        return () if alike else ("exact_only",)

    def rows(self, reader: Reader, texts: bool = False) -> Iterator[Row]:
        """Every row that may match by what it states or belongs to, and with `texts` by its texts; at least once."""
        label = reader.table.label
        if label not in self._candidates:
            self._candidates[label] = Candidates(self.connection, reader)
        yield from self._candidates[label].rows(self.widened, texts)
        for relation in reader.table.belongs_to:
            values = list(self.known.raw.get((relation.table, relation.key), {}).values())
            for condition in referring(reader.layout, relation.column, values):
                with self.connection.execute(reader.statement().where(condition)) as result:
                    for found in result.mappings():
                        yield reader.row(dict(found))

    def _leads(self, label: str) -> bool:
        relations = (relation for reader in self.readers.values() for relation in reader.table.belongs_to)
        return bool(self.readers[label].table.system_keys) or any(relation.table == label for relation in relations)

    def _learn_from(self, reader: Reader) -> bool:
        label, news = reader.table.label, False
        wanted = {
            relation.key
            for other in self.readers.values()
            for relation in other.table.belongs_to
            if relation.table == label
        }
        for row in self.rows(reader):
            clues = reader.clues(row)
            for hit in _together(*self._stated(reader, clues), *self._by_relation(reader, row)):
                for name in wanted:
                    if row.values.get(name) is not None:
                        self.known.refer((label, name), row.values[name], _referred(reader, row))
                        news |= self.known.own((label, name), row.values[name], hit)
                news |= self._learn_keys(reader, row, hit)
        return news

    def _learn_keys(self, reader: Reader, row: Row, hit: Hit) -> bool:
        """Only a certain match widens by itself: a key of what may be a namesake's row leads to the namesake."""
        news = False
        if hit.strength is not Strength.CERTAIN:
            return news
        for name in reader.table.system_keys:
            value = as_text(row.values.get(name))
            found_in = f"{self.source}:{row.locator}"
            identifier = Identifier(Kind.CUSTOMER_NUMBER, value, Origin.FOUND, self.source, found_in)
            if normal := self.index.normal(identifier.kind, value):
                news |= self.known.assign(normal, identifier, hit)
        return news

    def _stated(self, reader: Reader, clues: tuple[Clue, ...]) -> tuple[Hit, ...]:
        """Whose row this is by what it states, or by a key learned on the way. Where every row is looked at, people
        whom it spells otherwise are proposed, too."""
        match = self.index.match_alike if states_names(reader.table) else self.index.match
        return _together(*match(clues), *self._by_assigned_key(clues)) if clues else ()

    def _by_assigned_key(self, clues: tuple[Clue, ...]) -> Iterator[Hit]:
        for clue in clues:
            if clue.kind is not Kind.CUSTOMER_NUMBER or clue.scope != self.source:
                continue
            for subject, (item, hit) in self.known.assigned.get(self.index.normal(clue.kind, clue.value), {}).items():
                reasons = dict.fromkeys((Match(item, clue.field), *hit.matched))
                widened = Hit(subject, hit.strength, tuple(reasons))
                yield widened.at_most(Strength.PROBABLE) if self.index.contradicted(subject, clues) else widened

    def _by_relation(self, reader: Reader, row: Row) -> Iterator[Hit]:
        for relation in reader.table.belongs_to:
            holders = self.known.owners.get((relation.table, relation.key), {})
            value = row.values.get(relation.column)
            yield from holders.get(as_text(value), {}).values() if value is not None else ()

    def _with_keys(self, subject: Subject) -> Subject:
        learned = (holders.get(subject.id) for holders in self.known.assigned.values())
        return subject.knowing(found[0] for found in learned if found)

    def _findings(self, reader: Reader) -> Iterator[Finding | Gap]:
        seen: set[str] = set()
        for row in self.rows(reader, texts=True):
            if row.locator in seen:
                continue
            clues = reader.clues(row)
            stated = self._stated(reader, clues)
            mentioned = self.widened.match_texts(texts, self.source) if (texts := reader.texts(row)) else ()
            hits = _together(*stated, *self._by_relation(reader, row), *mentioned)
            if not hits:
                continue
            seen.add(row.locator)
            certain = {hit.subject for hit in stated if hit.strength is Strength.CERTAIN}
            for hit in hits:
                yield self._finding(reader, row, clues, hit, hit.subject in certain)
            if row.sizes and not row.key:
                yield Gap(self.source, row.locator, GapReason.UNREADABLE, "file_without_key")

    def _finding(self, reader: Reader, row: Row, clues: tuple[Clue, ...], hit: Hit, certain: bool) -> Finding:
        return Finding(
            source=self.source,
            kind=reader.table.kind,
            subject=hit.subject,
            locator=row.locator,
            strength=hit.strength,
            matched=hit.matched,
            fields=row.fields(),
            blobs=reader.blobs(row),
            at=reader.at(row),
            learned=self._learned(row, clues, hit.subject) if certain else (),
            others=self._others(clues, hit.subject),
            group=self._group(reader, row, hit),
        )

    def _group(self, reader: Reader, row: Row, hit: Hit) -> str:
        """The record that a row hangs on: the row it belongs to in the end, else the one whose key led to it."""
        root = self.known.root(hit.subject, _referred(reader, row))
        keys = (one.identifier for one in hit.matched if one.identifier.origin is Origin.FOUND)
        led = next((item.found_in.partition(":") for item in keys), ("", "", ""))
        return led[2] if root == row.locator and led[0] == self.source else root

    def _learned(self, row: Row, clues: tuple[Clue, ...], subject: str) -> tuple[Identifier, ...]:
        """What the row of a certain match states beside: keys of the system, which widen in it, and proposals."""
        mine = next(one for one in self.index.subjects if one.id == subject)
        known = {(item.kind, item.normal) for item in mine.identifiers}
        found_in = f"{self.source}:{row.locator}"
        stated = (Identifier(clue.kind, clue.value, Origin.FOUND, clue.scope, found_in) for clue in clues)
        new = (item for item in stated if item.normal and (item.kind, item.normal) not in known)
        return tuple({item.key: item for item in new}.values())

    def _others(self, clues: tuple[Clue, ...], subject: str) -> tuple[str, ...]:
        names = (clue for clue in clues if clue.kind is Kind.NAME)
        return tuple(dict.fromkeys(clue.value for clue in names if self.index.contradicted(subject, (clue,))))


def _together(*hits: Hit) -> tuple[Hit, ...]:
    """One hit for each subject; most records are one person's, by one way."""
    return hits if len({hit.subject for hit in hits}) == len(hits) else strongest(hits)


def _referred(reader: Reader, row: Row) -> Referred:
    values = ((one, row.values.get(one.column)) for one in reader.table.belongs_to)
    return Referred(
        row.locator, tuple(((one.table, one.key), as_text(value)) for one, value in values if value is not None)
    )
