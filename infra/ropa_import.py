"""A register from the usual spreadsheet: what it says is taken over, what it lacks is marked, nothing is dropped
silently. What Art. 30 does not ask for and Art. 15 does (names of recipients, origin, the other language) is to be
added by hand, and `auskunft ropa check` finds every place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cases.bilingual import Text
from cases.register import speaks_of_advertising
from infra import ropa_write as toml
from infra.ropa_audit import UNFILLED
from infra.ropa_columns import Column, Entry, Read, read
from infra.ropa_phrases import is_empty_phrase, is_holder, is_vague
from infra.ropa_sheet import CannotImport as CannotImport
from infra.ropa_sheet import sheets_of

_NOTHING = re.compile(
    r"(keine?|nein|none|no|n/?a|entfällt|entfaellt|nicht (geplant|vorgesehen|zutreffend|vorhanden)|"
    r"(findet|finden) nicht statt|not (applicable|planned)|-+|–|/)"
    r"[\s.]*(übermittlung\w*|drittland\w*|transfers?)?[\s.]*",
    re.IGNORECASE,
)
# Of these somebody said that there is none; a dash or an empty cell says nothing.
_DENIED = re.compile(
    r"(keine?|nein|none|no|entfällt|entfaellt|nicht (geplant|vorgesehen|vorhanden)|(findet|finden) nicht statt|"
    r"not planned)[\s.]*(übermittlung\w*|drittland\w*|transfers?|empfänger|recipients?)?[\s.]*",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r"\b(gmbh|mbh|ag|kg|kgaa|ohg|gbr|ug|se|eg|e\. ?v|inc|ltd|limited|llc|b\.? ?v|s\.? ?a|s\.? ?r\.? ?l|plc|aps|"
    r"corp)\b\.?",
    re.IGNORECASE,
)
_BASIS = re.compile(
    r"art\w*\.?\s*6\s*(?:abs(?:atz|\.)?\s*1|\(1\)|i\b)\s*(?:(?:satz|s\.?)\s*1\s*)?(?:lit\w*\.?|buchst\w*\.?|\()?\s*([a-f])\b",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"[\n;•▪]|\s[-–*]\s|^[-–*]\s", re.MULTILINE)
_MECHANISMS = (
    ("dpf", r"privacy framework|\bdpf\b"),
    ("scc", r"standardvertrag|standarddatenschutz|standard contractual|\bscc\b|\bsdk\b"),
    ("bcr", r"\bbcr\b|binding corporate|verbindliche interne"),
    ("art49", r"art\w*\.?\s*49"),
    ("adequacy", r"angemessenheit|adequacy"),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """The new `ropa.toml`, how many activities it has, and what became of everything that was read."""

    text: str = field(repr=False)
    activities: int
    report: tuple[str, ...] = field(repr=False)


def imported(path: Path) -> Imported:
    """Raises `CannotImport` where nothing in the file looks like a record of processing activities."""
    sheets = sheets_of(path)
    found = [(sheet, read(sheet)) for sheet in sheets]
    recognised = [one for _, one in found if one is not None]
    reads = [one for one in recognised if one.entries]
    if recognised and not reads:
        raise CannotImport("the columns of a record of processing activities are there, and no row below them")
    if not reads:
        known = "Bezeichnung, Zwecke, Kategorien personenbezogener Daten, Empfänger, Löschfristen"
        raise CannotImport(f"no sheet has columns of a record of processing activities, such as {known}")
    report = [f'Blatt / sheet "{sheet.name}": nichts erkannt / nothing recognised' for sheet, one in found if not one]
    report += [f'Blatt / sheet "{sheet.name}": {sheet.cut} Zellen gekürzt / cells cut' for sheet in sheets if sheet.cut]
    keys: set[str] = set()
    activities = [_activity(one, entry, keys) for one in reads for entry in one.entries]
    for one in reads:
        report += _columns(one)
    report += [line for made in activities for line in made.told]
    systems = dict.fromkeys(name for one in reads for entry in one.entries for name in _parts(entry, Column.SYSTEM))
    return Imported(toml.whole([made.text for made in activities], list(systems)), len(activities), tuple(report))


def _columns(one: Read) -> Iterator[str]:
    """What became of every column, also of those that are not needed here."""
    why_not = {
        Column.MEASURES: "nicht übernommen, steht in keiner Auskunft / not taken over: no answer states them (ROP-06)",
        Column.OWN: "nicht übernommen, steht in auskunft.toml / not taken over: that stands in auskunft.toml (ROP-07)",
        Column.SUBJECTS: "als Kommentar / as a comment: Art. 15 does not ask for them",
        Column.INTERNAL: "als Kommentar: Beschäftigte sind keine Empfänger / as a comment: employees are no recipients",
    }
    for text in one.above:
        yield f'über den Spalten, nicht übernommen / above the columns, not taken over: "{text}"'
    for name, column in dict.fromkeys(one.columns):
        header = " ".join(name.split())[:80]
        if column is None:
            yield f'"{header}": nicht zugeordnet, als Kommentar / not placed, as a comment'
        else:
            yield f'"{header}": {why_not.get(column, f"übernommen / taken over: {column}")}'


@dataclass(frozen=True, slots=True)
class _Made:
    text: str
    told: tuple[str, ...]


def _activity(one: Read, entry: Entry, keys: set[str]) -> _Made:
    name = " ".join(_joined(entry, Column.NAME).split()) or UNFILLED
    made = toml.Writer(one.language)
    made.table("[[activity]]")
    made.line("key", toml.key(name, keys))
    made.text("name", name)
    told = [*_listed(made, "purposes", _parts(entry, Column.PURPOSES))]
    told += _listed(made, "categories", _split(_joined(entry, Column.CATEGORIES), commas=True))
    told += [*_retention(made, entry), *_basis(made, entry), *_origin(made, entry)]
    made.plain("evidence", f'["{UNFILLED}/*"]')
    told += [*_automated_answer(made, entry), *_marketing(made, entry)]
    for column in (Column.SUBJECTS, Column.INTERNAL):
        made.comment(column, _joined(entry, column))
    for header, text in entry.left:
        made.comment(header, text)
    told += _recipients(made, entry)
    _automated(made, entry)
    missing = [label for label, column in _OWED if not entry.told.get(column)]
    told += [f"fehlt / missing: {', '.join(missing)}"] if missing else []
    return _Made(made.whole(), tuple(f'"{name[:80]}": {line}' for line in told))


_OWED = (
    ("Bezeichnung / name", Column.NAME),
    ("Zwecke / purposes", Column.PURPOSES),
    ("Datenkategorien / categories", Column.CATEGORIES),
    ("Löschfrist / retention", Column.RETENTION),
    ("Rechtsgrundlage / legal basis", Column.BASIS),
    ("Herkunft / origin", Column.ORIGIN),
)


def _listed(made: toml.Writer, name: str, parts: list[str]) -> list[str]:
    """What says something stands in the list; the rest becomes a comment and is told."""
    empty = [part for part in parts if is_holder(part) or is_vague(part)]
    made.texts(name, [part for part in parts if part not in empty])
    made.comment("war / was", "; ".join(empty))
    return [f'{name}: sagt nichts / says nothing: "{part[:80]}"' for part in empty]


def _origin(made: toml.Writer, entry: Entry) -> Iterator[str]:
    text = " ".join(_joined(entry, Column.ORIGIN).split())
    empty = bool(text) and is_holder(text)
    made.text("origin", UNFILLED if empty or not text else text)
    if empty:
        made.comment("war / was", text)
        yield f'die Herkunft sagt nichts / the origin says nothing: "{text[:80]}"'


def _retention(made: toml.Writer, entry: Entry) -> Iterator[str]:
    text = " ".join(_joined(entry, Column.RETENTION).split())
    empty = bool(text) and is_empty_phrase(text)
    made.text("retention", UNFILLED if empty or not text else text)
    if empty:
        made.comment("war / was", text)
        yield f'die Löschfrist nennt keine Frist / the period says nothing: "{text[:80]}"'


def _basis(made: toml.Writer, entry: Entry) -> Iterator[str]:
    text = _joined(entry, Column.BASIS)
    letters = sorted({found.lower() for found in _BASIS.findall(text)})
    made.plain("legal_basis", toml.strings([f"6(1)({letter})" for letter in letters] or [UNFILLED]))
    made.comment("Rechtsgrundlage / legal basis", text)
    if text and not letters:
        yield "die Rechtsgrundlage nennt keinen Buchstaben von Art. 6 Abs. 1 / names no letter of Art. 6(1)"


def _recipients(made: toml.Writer, entry: Entry) -> Iterator[str]:
    """Names by their legal form; everything else is a category, whose name is to be added (C-154/21)."""
    parts = _parts(entry, Column.RECIPIENTS)
    country, safeguard = _joined(entry, Column.COUNTRY), _joined(entry, Column.SAFEGUARD)
    denied = bool(_DENIED.fullmatch(country.strip()))
    transferred = bool(country) and not denied and not _NOTHING.fullmatch(country.strip())
    for part in parts:
        made.recipient(part, named=bool(_LEGAL_FORM.search(part)))
        if transferred and len(parts) == 1:
            made.transfer(country, _mechanism(f"{country} {safeguard}"))
        elif denied:
            made.plain("  transfer", "false")
        else:
            made.owed("  transfer")
    if unnamed := [part for part in parts if not _LEGAL_FORM.search(part)]:
        yield f"Empfänger ohne Namen / recipients without a name: {'; '.join(unnamed)[:200]}"
    if transferred and len(parts) != 1:
        made.comment("Drittland / third country", f"{country} {safeguard}")
        yield "Drittland: bei welchem Empfänger? Als Kommentar / third country: at which recipient? As a comment"
        return
    made.comment("Garantien / safeguards", safeguard)
    if parts and not transferred and not denied:
        yield "nichts zu Drittländern: transfer = false oder eine Tabelle / nothing on third countries"


def _mechanism(text: str) -> str:
    return next((name for name, words in _MECHANISMS if re.search(words, text, re.IGNORECASE)), UNFILLED)


def _automated_answer(made: toml.Writer, entry: Entry) -> Iterator[str]:
    """Where the spreadsheet says nothing of it, somebody has to; so of recipients."""
    text = _joined(entry, Column.AUTOMATED).strip()
    if _DENIED.fullmatch(text):
        made.plain("automated", "false")
    elif not text or _NOTHING.fullmatch(text):
        made.owed("automated")
        yield "nichts zu automatisierten Entscheidungen: automated / nothing on automated decisions"
    if _DENIED.fullmatch(_joined(entry, Column.RECIPIENTS).strip()):
        made.plain("recipient", "[]")
    elif not _parts(entry, Column.RECIPIENTS):
        made.owed("recipient")
        yield "nichts zu Empfängern: recipient / nothing on recipients"


def _automated(made: toml.Writer, entry: Entry) -> None:
    text = " ".join(_joined(entry, Column.AUTOMATED).split())
    if text and not _NOTHING.fullmatch(text):
        made.table("  [activity.automated]")
        made.text("  logic", text)
        made.text("  significance", UNFILLED)
        made.text("  consequences", UNFILLED)


def _marketing(made: toml.Writer, entry: Entry) -> Iterator[str]:
    said = f"{_joined(entry, Column.NAME)} {_joined(entry, Column.PURPOSES)}"
    if speaks_of_advertising(Text(said, said)):
        made.plain("direct_marketing", "true")
        yield "spricht von Werbung, direct_marketing = true: bitte prüfen / speaks of advertising: please check"


def _joined(entry: Entry, column: Column) -> str:
    return "\n".join(entry.told.get(column, ()))


def _parts(entry: Entry, column: Column) -> list[str]:
    text = _joined(entry, column)
    return _split(text, commas=column is Column.RECIPIENTS and not _LEGAL_FORM.search(text))


def _split(text: str, *, commas: bool) -> list[str]:
    parts = _BREAKS.split(text)
    if commas:
        parts = [piece for part in parts for piece in re.split(r",(?![^(]*\))", part)]
    kept = (" ".join(part.split()) for part in parts)
    return list(dict.fromkeys(part for part in kept if part and not _NOTHING.fullmatch(part)))
