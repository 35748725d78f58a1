"""A first mapping of a database from its tables and columns, by their names in German and English.

A proposal errs on the side of searching: a text column too many costs time, one too few costs a finding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cases.identifiers import Kind
from sources.sql_connect import parsed, read_only_engine, reading
from sources.sql_layout import Layout, layouts, looks_personal, plain
from sources.sql_tables import BelongsTo, FileColumn, Identifying, SqlTable

_SINGLE = (
    (Kind.EMAIL_HASH, r"mail.*(?:hash|sha|md5)|(?:hash|sha\d*|md5).*mail"),
    (Kind.EMAIL, r"e_?mail|(?:^|_)mail(?:_?adresse|_?address)?\d?$"),
    (Kind.PHONE, r"phone|telefon|(?:^|_)tel(?:_|$|\d)|mobil|handy|(?:^|_)fax"),
    (Kind.BIRTH_DATE, r"birth|geburts?_?(?:tag|datum)|geb_?datum|^dob$"),
    (Kind.COOKIE_ID, r"cookie|visitor_?id"),
    (Kind.IBAN, r"(?:^|_)iban(?:$|_|\d)|(?:^|_)(?:konto|bank_?(?:konto|account))_?(?:no|nr|number|nummer)$"),
    (
        Kind.ORDER_NUMBER,
        r"(?:^|_)(?:order|bestell(?:ung|ungs)?|auftrags?|purchase)_?(?:no|nr|num|number|nummer|code|ref|reference)$",
    ),
)
# Of the person whose row it is; `last_login` is a time.
_LOGIN = re.compile(
    r"^(?:user_?)?log_?in(?:_?(?:name|user))?$|^(?:user|benutzer|anmelde|account|nick|screen)_?name$|"
    r"^(?:benutzer|nutzer)_?kennung$|^user_?handle$"
)
_NUMBER = re.compile(
    r"(?:kunden?|customer|cust|mitglieds?|member|client|debitor\w*)_?(?:no|nr|num|number|nummer|code|key)$"
)
_HANDLE = re.compile(
    r"^(instagram|facebook|twitter|tiktok|mastodon|linkedin)(?:_?(?:handle|name|user|username|account))?$"
)
_FIRST = re.compile(r"^(.*?)(?:first_?name|vorname|given_?name|forename)(.*)$")
_LAST = re.compile(r"^(.*?)(?:last_?name|nachname|surname|family_?name|familienname)(.*)$")
_FULL = re.compile(
    r"^(?:name|full_?name|display_?name|kunde|kundenname|ansprechpartner|empfaenger|empfänger|autor|author|"
    r"(?:customer|contact|user|recipient|sender|billing|shipping|person|kontakt)_?name)$"
)
_STREET = re.compile(r"^(.*?)(?:street|strasse|straße|str|address_?(?:line)?_?1?|addr|anschrift|adresse)(?:_?name)?$")
_HOUSE = r"(?:house_?(?:no|nr|number)|haus_?(?:nr|nummer))"
_ZIP = r"(?:zip|zip_?code|plz|post_?(?:al)?_?code|postleitzahl)"
_CITY = r"(?:city|ort|stadt|town|wohnort)"
_DULL = re.compile(
    r"(?:^|_)(?:status|state|type|typ|art|currency|waehrung|währung|locale|lang|language|sprache|country|land|sku|uuid|"
    r"guid|slug|color|colour|password|passwort|token|salt|version|unit|einheit)(?:_|$)|(?:_at|_on|date|datum|zeit|time)$"
)
# Whose row this is not: somebody who works on it. An employee's own request is answered from the employees' table.
_STAFF_COLUMN = re.compile(
    r"agent|_by(?:_|$)|assign|manager|staff|employee|mitarbeiter|bearbeiter|berater|verkaeufer|seller"
)
_STAFF = re.compile(r"employee|mitarbeiter|staff|admin|supplier|lieferant|vendor|agent")
_POINTS = frozenset(
    {
        *(Kind.NAME, Kind.EMAIL, Kind.CUSTOMER_NUMBER, Kind.ORDER_NUMBER, Kind.USER_NAME),
        *(Kind.HANDLE, Kind.COOKIE_ID, Kind.EMAIL_HASH),
    }
)
_TIME = re.compile(
    r"^(?:created|erstellt|angelegt|date|datum|ordered|bestell|timestamp|zeit|time|sent|received|eingang)"
)
_RECORD = re.compile(r"customer|kunde|client|member|mitglied|contact|kontakt|person|user|benutzer|partner")
_SHORT = 40  # a text bounded to fewer characters is a code, no place for prose


def propose(url: str) -> tuple[SqlTable, ...]:
    """The mapping that `auskunft sources propose sql URL` shows. Raises `SourceUnavailable` or `BadOptions`."""
    engine = read_only_engine("sql", parsed("sql", url))
    with reading("sql", engine) as connection:
        return proposed(layouts(connection))


def proposed(found: Mapping[str, Layout]) -> tuple[SqlTable, ...]:
    """Every table that states an identifier, belongs to one that does, or holds prose. Views repeat: left out."""
    held = {label: layout for label, layout in found.items() if not layout.view}
    tables = {label: _table(layout) for label, layout in held.items()}
    tables = _related(tables, held)
    useful = [item for item in tables.values() if item.identifying or item.belongs_to or item.text]
    chosen = {item.label for item in useful}
    kept = (replace(item, belongs_to=tuple(r for r in item.belongs_to if r.table in chosen)) for item in useful)
    return tuple(sorted(kept, key=lambda item: (not item.record, item.label)))


def render_toml(tables: tuple[SqlTable, ...], name: str = "database") -> str:
    """The proposal as a part of the settings to paste, look through and change."""
    blocks = ["\n".join(_lines(item, name)) for item in tables]
    head = f'[sources.{name}]\nkind = "sql"\nurl = ""  # without password\npassword = ""  # env:NAME, file:/path, ...\n'
    return head + "\n" + "\n\n".join(blocks) + "\n"


def _table(layout: Layout) -> SqlTable:
    identifying = tuple(_identifying(layout))
    numbers = tuple(item.columns[0] for item in identifying if item.kind is Kind.CUSTOMER_NUMBER)
    kinds = {item.kind for item in identifying}
    record = bool(_RECORD.search(plain(layout.name))) and Kind.EMAIL in kinds and Kind.NAME in kinds
    return SqlTable(
        name=layout.name,
        kind=_singular(plain(layout.name)),
        schema=layout.schema,
        key=layout.key,
        identifying=identifying,
        text=tuple(_text(layout, identifying)),
        time=next((name for name in layout.columns if _TIME.match(plain(name))), ""),
        files=tuple(_files(layout)),
        system_keys=numbers if record else (),
        record=record,
    )


def _identifying(layout: Layout) -> Iterator[Identifying]:
    for name, column in layout.columns.items():
        if column.binary:
            continue
        if kind := next((kind for kind, pattern in _SINGLE if re.search(pattern, plain(name))), None):
            yield Identifying(kind, (name,))
        elif _NUMBER.search(plain(name)):
            yield Identifying(Kind.CUSTOMER_NUMBER, (name,))
        elif column.textual and _LOGIN.search(plain(name)):
            yield Identifying(Kind.USER_NAME, (name,))
        elif handle := _HANDLE.match(plain(name)):
            yield Identifying(Kind.HANDLE, (name,), handle[1])
    yield from _names(layout)
    yield from _addresses(layout)


def _names(layout: Layout) -> Iterator[Identifying]:
    lasts = {found.groups(): name for name in layout.columns if (found := _LAST.match(plain(name)))}
    for place, last in lasts.items():
        first = next((name for name in layout.columns if (f := _FIRST.match(plain(name))) and f.groups() == place), "")
        yield Identifying(Kind.NAME, (first, last) if first else (last,))
    full = [name for name, column in layout.columns.items() if _FULL.match(plain(name)) and not column.binary]
    only = not lasts and all(_LOGIN.search(plain(name)) for name in full)
    for name in full if looks_personal(layout) else ():
        if only or not _LOGIN.search(plain(name)):  # with no other name in the table, a user's may be the real one
            yield Identifying(Kind.NAME, (name,))


def _addresses(layout: Layout) -> Iterator[Identifying]:
    for name in layout.columns:
        if found := _STREET.match(plain(name)):
            parts = [_beside(layout, found[1], pattern) for pattern in (_HOUSE, _ZIP, _CITY)]
            yield Identifying(Kind.ADDRESS, (name, *(part for part in parts if part)))


def _beside(layout: Layout, prefix: str, pattern: str) -> str:
    wanted = re.compile(re.escape(prefix) + pattern + "$")
    return next((name for name in layout.columns if wanted.match(plain(name))), "")


def _text(layout: Layout, identifying: tuple[Identifying, ...]) -> Iterator[str]:
    stated = {column for item in identifying for column in item.columns}
    for name, column in layout.columns.items():
        prose = column.textual and (column.length is None or column.length >= _SHORT)
        if prose and name not in stated and name not in layout.key and not _DULL.search(plain(name)):
            yield name


def _files(layout: Layout) -> Iterator[FileColumn]:
    names = [name for name in layout.columns if re.search(r"file_?name|datei_?name", plain(name))]
    for name, column in layout.columns.items():
        if column.binary:
            yield FileColumn(name, names[0] if names else "")


def _related(tables: Mapping[str, SqlTable], held: Mapping[str, Layout]) -> dict[str, SqlTable]:
    """Relations by foreign keys, and by names such as `customer_id` where the database states none."""
    return {
        label: replace(item, belongs_to=tuple(dict.fromkeys(_relations(held[label], tables, held))))
        for label, item in tables.items()
    }


def _relations(layout: Layout, tables: Mapping[str, SqlTable], held: Mapping[str, Layout]) -> Iterator[BelongsTo]:
    """A customer's row is nobody else's, whatever it refers to: a shared address must not lead to the neighbour."""
    if not tables[layout.label].record:
        for item in _references(layout, held):
            if item.table != layout.label and _leads(item.table, tables, held):
                yield item
    yield from _details(layout, tables, held)


def _references(layout: Layout, held: Mapping[str, Layout]) -> Iterator[BelongsTo]:
    for item in layout.foreign:
        if not _STAFF_COLUMN.search(plain(item.column)):
            yield BelongsTo(item.column, item.table, item.key)
    stated = {item.column for item in layout.foreign}
    for name in layout.columns:
        if name not in stated and not _STAFF_COLUMN.search(plain(name)) and (target := _meant(name, held)):
            yield BelongsTo(name, target, held[target].key[0])


def _details(layout: Layout, tables: Mapping[str, SqlTable], held: Mapping[str, Layout]) -> Iterator[BelongsTo]:
    """An address that a customer's row refers to is the customer's; a colleague it refers to is not."""
    kinds = {item.kind for item in tables[layout.label].identifying}
    if Kind.ADDRESS not in kinds or kinds & {Kind.NAME, Kind.EMAIL, Kind.BIRTH_DATE}:
        return
    for other in held.values():
        for item in other.foreign:
            if item.table == layout.label and tables[other.label].record:
                yield BelongsTo(item.key, other.label, item.column)


def _leads(label: str, tables: Mapping[str, SqlTable], held: Mapping[str, Layout], depth: int = 6) -> bool:
    """Whether rows of a table are one person's, so that what refers to them is, too. An address is a household's."""
    if label not in tables or _STAFF.search(plain(held[label].name)):
        return False
    if {item.kind for item in tables[label].identifying} & _POINTS:
        return True
    targets = {item.table for item in _references(held[label], held)} - {label}
    return depth > 0 and any(_leads(target, tables, held, depth - 1) for target in targets)


def _meant(name: str, held: Mapping[str, Layout]) -> str:
    """The table that `customer_id` or `kunden_id` refers to by its name."""
    if not (found := re.fullmatch(r"(\w+?)_?id", plain(name))):
        return ""
    same = (
        label
        for label, item in held.items()
        if _singular(plain(item.name)) == _singular(found[1]) and len(item.key) == 1
    )
    return next(same, "")


def _singular(name: str) -> str:
    """`customers` and `customer`, `kunden` and `kunde`, `categories` and `category` as one."""
    for ending, single in (("ies", "y"), ("sses", "ss"), ("en", "e"), ("s", "")):
        if name.endswith(ending) and len(name) > len(ending) + 2:
            return name.removesuffix(ending) + single
    return name


def _lines(item: SqlTable, name: str) -> Iterator[str]:
    yield f"[[sources.{name}.tables]]"
    single: dict[str, str] = {}
    names = []
    for one in item.identifying:
        if one.kind is Kind.NAME and (_group(one) or one.columns[0] in single):
            names.append(one.columns)
        elif not _group(one):
            single[one.columns[0]] = one.kind + (f":{one.scope}" if one.scope else "")
    addresses = [one.columns for one in item.identifying if _group(one) and one.kind is Kind.ADDRESS]
    relations = [{"column": one.column, "table": one.table, "key": one.key} for one in item.belongs_to]
    settings: dict[str, object] = {
        "name": item.name,
        "schema": item.schema,
        "kind": item.kind,
        "key": item.key,
        "record": item.record,
        "identifying": single,
        "names": names,
        "addresses": addresses,
        "belongs_to": relations,
        "system_keys": item.system_keys,
        "text": item.text,
        "time": item.time,
        "files": {one.column: one.name_column for one in item.files},
    }
    yield from (f"{key} = {_toml(value)}" for key, value in settings.items() if value)


def _group(item: Identifying) -> bool:
    return len(item.columns) > 1


def _toml(value: object) -> str:
    """Texts, truths, lists and inline tables of TOML 1.0; JSON writes basic strings the same way."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(str(value), ensure_ascii=False)
