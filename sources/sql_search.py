"""One pass over a database: first who is met where, until nothing new is learned, then the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, func, select

from cases.finding import Finding, Gap, GapReason, Match, Strength
from cases.identifiers import Identifier, Kind, Origin, Subject, normalise
from cases.knowledge import ASSIGNED
from cases.sharing import is_role_address
from cases.subjects import UNIQUE, Clue, Hit, SubjectIndex, strongest
from sources.sql_candidates import Candidates
from sources.sql_conditions import referring, states_names
from sources.sql_rows import Reader, Row, as_text
from sources.sql_sharing import Doubt, Doubts, Sharing
from sources.sql_tables import BelongsTo

_Place = tuple[str, str]  # label of a table, name of a column
_Key = tuple[Kind, str]  # of the system, and the form in which it is compared


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
    assigned: dict[_Key, dict[str, tuple[Identifier, Hit]]] = field(default_factory=dict, repr=False)

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

    def assign(self, key: _Key, identifier: Identifier, hit: Hit) -> bool:
        """Notes a key of the system for the person of a row; True where that was not known."""
        holders = self.assigned.setdefault(key, {})
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
    doubts: Doubts = field(init=False)
    _candidates: dict[str, Candidates] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.widened = self.index
        self.doubts = Doubts(self.index)

    def learn(self) -> None:
        """Learns what leads to further rows, and once more without what turns out to be several people's, until that
        is all. Ends because doubts only grow."""
        self._learn_all()
        while self.doubts.add(self._shared()):
            self.known, self.widened = Known(), self.index
            self._learn_all()

    def _learn_all(self) -> None:
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
        """What cannot be promised of some table: other spellings are proposed where it states names, and not in its
        texts."""
        tables = [reader.table for reader in self.readers.values()]
        alike = tables and all(states_names(table) and not table.text for table in tables)
        return () if alike else ("exact_only",)

    def rows(self, reader: Reader, texts: bool = False) -> Iterator[Row]:
        """Every row that may match by what it states or belongs to, and with `texts` by its texts; at least once."""
        label = reader.table.label
        if label not in self._candidates:
            self._candidates[label] = Candidates(self.connection, reader)
        yield from self._candidates[label].rows(self.widened, texts)
        for relation in reader.table.belongs_to:
            values = list(self.known.raw.get((relation.table, relation.key), {}).values())
            yield from self._rows_with(reader, relation.column, values)

    def _rows_with(self, reader: Reader, column: str, values: list[Any]) -> Iterator[Row]:
        for condition in referring(reader.layout, column, values):
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
            for hit in _together(*self._stated(reader, clues), *self._by_relation(reader, row, clues)):
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
            kind, scope = reader.table.system_key(name)
            value = as_text(row.values.get(name))
            found_in = f"{self.source}:{row.locator}"
            identifier = Identifier(kind, value, Origin.FOUND, scope or self.source, found_in)
            if normal := self.index.normal(kind, value):
                news |= self.known.assign((kind, normal), identifier, hit)
        return news

    def _shared(self) -> set[Doubt]:
        """Of all that leads to further rows, what is not one person's alone by the rows of this source."""
        sharing, holders = Sharing(self.index), self._key_holders()
        for reader in self.readers.values():
            if holders and any(item.kind in ASSIGNED for item in reader.table.identifiers):
                for row in self.rows(reader):
                    self._note_keys(sharing, holders, reader, row)
        for (label, column), values in self.known.raw.items():
            if not self.readers[label].tells_apart(column):
                self._note_referred(sharing, self.readers[label], column, list(values.values()))
        return sharing.doubts()

    def _key_holders(self) -> dict[_Key, dict[str, Identifier]]:
        """Who is looked for by which key of a system: those that were given, and those that were learned."""
        found: dict[_Key, dict[str, Identifier]] = {}
        for subject in self.index.asked:
            for item in subject.identifiers:
                if item.kind in ASSIGNED and (normal := self.index.normal(item.kind, item.value)):
                    found.setdefault((item.kind, normal), {})[subject.id] = item
        for key, holders in self.known.assigned.items():
            found.setdefault(key, {}).update({name: item for name, (item, _) in holders.items()})
        return found

    def _note_keys(
        self, sharing: Sharing, holders: Mapping[_Key, Mapping[str, Identifier]], reader: Reader, row: Row
    ) -> None:
        clues = reader.clues(row)
        for clue in clues:
            if clue.kind not in ASSIGNED or not (normal := self.index.normal(clue.kind, clue.value)):
                continue
            known = holders.get((clue.kind, normal), {})
            valid = ((subject, item) for subject, item in known.items() if item.scope in ("", clue.scope))
            led = [subject for subject, item in valid if self.index.is_one(item, clue.value)]
            if led:
                sharing.note(led, (clue.kind.value, "", normal), clues, self._belongs(reader, row))

    def _note_referred(self, sharing: Sharing, reader: Reader, column: str, values: list[Any]) -> None:
        owners = self.known.owners[reader.table.label, column]
        for row in self._rows_with(reader, column, values):
            text = as_text(row.values.get(column))
            what = (reader.table.label, column, text)
            sharing.note(owners.get(text, ()), what, reader.clues(row), self._belongs(reader, row))

    def _belongs(self, reader: Reader, row: Row) -> set[str] | None:
        """Whose the rows are surely that this one belongs to; None where it belongs to none."""
        above = [(one, row.values.get(one.column)) for one in reader.table.belongs_to]
        led = [self._owners(one).get(as_text(value), {}) for one, value in above if value is not None]
        sure = {name for holders in led for name, hit in holders.items() if hit.strength is Strength.CERTAIN}
        return sure if led else None

    def _owners(self, relation: BelongsTo) -> Mapping[str, Mapping[str, Hit]]:
        return self.known.owners.get((relation.table, relation.key), {})

    def _stated(self, reader: Reader, clues: tuple[Clue, ...]) -> tuple[Hit, ...]:
        """Whose row this is by what it states, or by a key learned on the way. Where every row is looked at, people
        whom it spells otherwise are proposed, too."""
        if not clues:
            return ()
        met = (self.index.match_alike if states_names(reader.table) else self.index.match)(clues)
        return _together(*(self.doubts.weighed(hit, clues) for hit in met), *self._by_assigned_key(clues))

    def _by_assigned_key(self, clues: tuple[Clue, ...]) -> Iterator[Hit]:
        for clue in clues:
            if clue.kind not in ASSIGNED or not self.known.assigned:
                continue
            key = clue.kind, self.index.normal(clue.kind, clue.value)
            for subject, (item, hit) in self.known.assigned.get(key, {}).items():
                if item.scope == clue.scope:
                    led = self._widened(Hit(subject, hit.strength, (Match(item, clue.field),)), clues)
                    yield led if self.index.is_one(item, clue.value) else led.at_most(Strength.POSSIBLE)

    def _widened(self, hit: Hit, clues: tuple[Clue, ...]) -> Hit:
        """A row that a learned key led to: less sure where others have the key, or the row states somebody else."""
        if self.doubts.of(hit.subject, hit.matched[0].identifier):
            return self.doubts.limited(hit, clues)
        return hit.at_most(Strength.PROBABLE) if self.index.contradicted(hit.subject, clues) else hit

    def _by_relation(self, reader: Reader, row: Row, clues: tuple[Clue, ...]) -> Iterator[Hit]:
        for relation in reader.table.belongs_to:
            value = row.values.get(relation.column)
            if value is None:
                continue
            text, alone = as_text(value), self.readers[relation.table].tells_apart(relation.key)
            for hit in self._owners(relation).get(text, {}).values():
                if (hit.subject, (relation.table, relation.key, text)) in self.doubts.known:
                    yield self.doubts.limited(hit, clues)
                elif not alone and self.index.contradicted(hit.subject, clues):
                    yield hit.at_most(Strength.PROBABLE)
                else:
                    yield hit

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
            led = _together(*stated, *self._by_relation(reader, row, clues))
            sure = {hit.subject for hit in led if hit.strength is Strength.CERTAIN}
            others = {
                hit.subject for hit in mentioned if hit.subject not in sure and self._is_others(hit, reader, clues)
            }
            hits = _together(*led, *(self._told(hit, hit.subject in others) for hit in mentioned))
            if not hits:
                continue
            seen.add(row.locator)
            certain = {hit.subject for hit in stated if hit.strength is Strength.CERTAIN}
            for hit in hits:
                found = self._finding(reader, row, clues, hit, hit.subject in certain)
                yield replace(found, shared=True) if hit.subject in others else found
            if row.sizes and not row.key:
                yield Gap(self.source, row.locator, GapReason.UNREADABLE, "file_without_key")

    def _told(self, hit: Hit, others: bool) -> Hit:
        """A hit by a text; in a row of somebody else it only says that both have to do with each other."""
        told = self.doubts.mentioned(hit)
        return told.at_most(Strength.PROBABLE) if others else told

    def _is_others(self, hit: Hit, reader: Reader, clues: tuple[Clue, ...]) -> bool:
        """Whether a row that mentions somebody states another name, birth date or unique key, and none of theirs."""
        if self.index.contradicted(hit.subject, clues):
            return True
        keys = [clue for clue in clues if clue.field not in reader.key and _is_one_persons(clue)]
        return bool(keys) and not self.widened.only(hit.subject).match(keys)

    def _finding(self, reader: Reader, row: Row, clues: tuple[Clue, ...], hit: Hit, certain: bool) -> Finding:
        learned = self._learned(row, clues, hit.subject) if certain else ()
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
            learned=learned,
            others=self._others(clues, hit.subject),
            group=self._group(reader, row, hit),
            widened=tuple(item for item in learned if self._has_widened(hit.subject, item)),
        )

    def _has_widened(self, subject: str, item: Identifier) -> bool:
        key = item.kind, self.index.normal(item.kind, item.value)
        found = self.known.assigned.get(key, {}).get(subject)
        return found is not None and found[0].scope == item.scope

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
        alone = (item for item in stated if not self.doubts.of(subject, item))
        new = (item for item in alone if item.normal and (item.kind, item.normal) not in known)
        return tuple({item.key: item for item in new}.values())

    def _others(self, clues: tuple[Clue, ...], subject: str) -> tuple[str, ...]:
        names = (clue for clue in clues if clue.kind is Kind.NAME)
        return tuple(dict.fromkeys(clue.value for clue in names if self.index.contradicted(subject, (clue,))))


def _together(*hits: Hit) -> tuple[Hit, ...]:
    """One hit for each subject; most records are one person's, by one way."""
    return hits if len({hit.subject for hit in hits}) == len(hits) else strongest(hits)


def _is_one_persons(clue: Clue) -> bool:
    normal = normalise(clue.kind, clue.value) if clue.kind in UNIQUE else ""
    return bool(normal) and not (clue.kind is Kind.EMAIL and is_role_address(normal))


def _referred(reader: Reader, row: Row) -> Referred:
    values = ((one, row.values.get(one.column)) for one in reader.table.belongs_to)
    return Referred(
        row.locator, tuple(((one.table, one.key), as_text(value)) for one, value in values if value is not None)
    )
