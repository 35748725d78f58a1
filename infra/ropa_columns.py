# ruff: noqa: E501 - one meaning per line is easier to check than broken patterns
"""What the columns of a record of processing activities mean, whatever they are called.

The names are those of the models that the German authorities publish (Art. 30(1) GDPR) and of common templates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from infra.ropa_sheet import Sheet

_SEARCHED_ROWS = 40  # in which the row of column names is looked for
_FEWEST = 3  # different columns that must be recognised


class Column(StrEnum):
    NAME = "name"
    PURPOSES = "purposes"
    CATEGORIES = "categories"
    RECIPIENTS = "recipients"
    INTERNAL = "internal recipients"
    RETENTION = "retention"
    ORIGIN = "origin"
    BASIS = "legal basis"
    AUTOMATED = "automated decisions"
    COUNTRY = "third country"
    SAFEGUARD = "safeguards"
    SYSTEM = "system"
    SUBJECTS = "data subjects"
    MEASURES = "measures"
    OWN = "controller and contacts"


# In this order: "Fristen für die Löschung der Datenkategorien" is about periods, "Kategorien von Empfängern" about
# recipients, "Name des Verantwortlichen" about the controller.
_MEANINGS: tuple[tuple[Column, str], ...] = (
    (Column.RETENTION, r"loesch|aufbewahr|speicherdauer|speicherfrist|retention|erasure|deletion|time limits?"),
    (Column.MEASURES, r"\btoms?\b|technische und organis|massnahmen|security|technical and organi"),
    (Column.SAFEGUARD, r"garantie|safeguard|angemessenheit|transfermechanismus|transfer mechanism"),
    (Column.COUNTRY, r"drittland|drittlaend|drittstaat|internationale organisation|third countr|international org"),
    (
        Column.INTERNAL,
        r"intern\w*\W+(\w+\W+)?empfaenger|empfaenger\w*\W+\(?intern|internal recipients?|zugriffsberechtigt",
    ),
    (Column.RECIPIENTS, r"empfaenger|recipient|auftragsverarbeiter|dienstleister|processors?\b|weitergabe|disclos"),
    (Column.SUBJECTS, r"betroffene|personengruppe|personenkreis|data subjects?"),
    (Column.BASIS, r"rechtsgrundlage|erlaubnis|legal basis|lawful"),
    (Column.AUTOMATED, r"automatisiert|profiling|scoring|automated"),
    (Column.ORIGIN, r"herkunft|datenquelle|quelle der daten|source of|origin"),
    (
        Column.OWN,
        r"verantwortlich|ansprechpartner|datenschutzbeauftragt|fachbereich|abteilung|kontaktdaten des|controller\b|contact person|department|\bdpo\b",
    ),
    (Column.PURPOSES, r"zweck|purpose"),
    (
        Column.CATEGORIES,
        r"kategorien.{0,30}daten|datenkategorie|datenart|art der daten|categories of.{0,20}data|personenbezogene daten",
    ),
    (Column.SYSTEM, r"\bit system|\bsysteme?\b|software|anwendung|programm|verfahren\b|application|\btools?\b"),
    (Column.NAME, r"bezeichnung|verarbeitungstaetigkeit|name der|^name$|processing activit|activity|verarbeitung$"),
)
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\n": " ", "-": " ", "_": " ", "\xa0": " "})
_ENGLISH = re.compile(r"purpose|recipient|retention|categor(y|ies) of|processing|controller|erasure")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a spreadsheet says of one activity: texts by meaning, and what has no meaning here, by its own name."""

    told: dict[Column, tuple[str, ...]] = field(repr=False)
    left: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Read:
    """The activities of a sheet, its language, what each of its columns was taken for (None: nothing), and the lines
    above the columns, which name the company as a rule."""

    sheet: str
    language: str
    columns: tuple[tuple[str, Column | None], ...]
    entries: tuple[Entry, ...]
    above: tuple[str, ...] = field(default=(), repr=False)


def meaning(header: str) -> Column | None:
    """What a column's or line's name stands for; None where it is none of ours."""
    folded = " ".join(header.lower().translate(_FOLDED).split())
    if not folded or len(folded) > 200:
        return None
    return next((column for column, words in _MEANINGS if re.search(words, folded)), None)


def read(sheet: Sheet) -> Read | None:
    """A sheet with a row for each activity, or a form with a line for each point; None where it is neither."""
    rows = sheet.rows[:_SEARCHED_ROWS]
    best = max(range(len(rows)), key=lambda index: _known(rows[index]), default=None)
    if best is not None and _known(rows[best]) >= _FEWEST:
        return _table(sheet, best)
    labels = [_first(row) for row in sheet.rows]
    return _form(sheet) if _known(labels) >= _FEWEST else None


def _known(headers: Sequence[str]) -> int:
    found = {meaning(header) for header in headers}
    return len(found - {None}) if found & {Column.NAME, Column.PURPOSES} else 0


def _first(row: Sequence[str]) -> str:
    return next((cell for cell in row if cell), "")


def _table(sheet: Sheet, header: int) -> Read:
    names = sheet.rows[header]
    columns = tuple((name, meaning(name)) for name in names)
    rows = [row for row in sheet.rows[header + 1 :] if any(row)]
    entries = [_entry([*zip(names, row, strict=False)]) for row in rows]
    return Read(
        sheet.name, _language(names), tuple(item for item in columns if item[0]), tuple(entries), _above(sheet, header)
    )


def _above(sheet: Sheet, header: int) -> tuple[str, ...]:
    lines = (" ".join(" ".join(row).split()) for row in sheet.rows[:header])
    return tuple(line[:200] for line in lines if line)


def _form(sheet: Sheet) -> Read:
    pairs = [(_first(row), "\n".join([cell for cell in row if cell][1:])) for row in sheet.rows if any(row)]
    columns = tuple((name, meaning(name)) for name, _ in pairs)
    return Read(sheet.name, _language([name for name, _ in pairs]), columns, (_entry(pairs),))


def _entry(pairs: Sequence[tuple[str, str]]) -> Entry:
    told: dict[Column, list[str]] = {}
    left = []
    for name, text in pairs:
        column = meaning(name)
        if column is None and text:
            left.append((name, text))
        elif column is not None and text:
            told.setdefault(column, []).append(text)
    return Entry({column: tuple(texts) for column, texts in told.items()}, tuple(left))


def _language(names: Sequence[str]) -> str:
    english = sum(bool(_ENGLISH.search(name.lower())) for name in names)
    return "en" if english * 2 > sum(meaning(name) is not None for name in names) else "de"
