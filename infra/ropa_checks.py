"""What each entry of the register may be and yet cannot be together with the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cases.eea import in_eea
from cases.register import UNFILLED, Coverage, Mechanism
from infra.faults import Fault
from infra.ropa_tables import ActivityTable, LabelTable, RecipientTable, RegisterTable, SystemTable, TransferTable

# Phrases that name no period and no criterion (Art. 15(1)(d)); with a period beside them they are harmless.
_NEEDED_DE = "nötig|notwendig|erforderlich|benötigt|gebraucht|brauchen|benötigen|verlangt|verlangen|vorschreibt"
_EMPTY_PHRASES = tuple(
    re.compile(phrase)
    for phrase in (
        rf"\b(solange|so lange)\b.{{0,60}}\b({_NEEDED_DE})\b",
        rf"\b(wenn|sobald)\b.{{0,60}}\bnicht (mehr|länger) ({_NEEDED_DE})\b",
        r"\b(nach|gemäß|entsprechend|laut|im rahmen) (der |den |dem )?(gesetz|gesetzlich\w*|geltend\w*)\b",
        r"\bgesetzlich\w* (aufbewahrungs)?(frist|pflicht|dauer)\w*",
        r"\b(bis auf weiteres|auf unbestimmte zeit|(je )?nach bedarf)\b",
        r"\bas long as\b.{0,60}\b(necessary|needed|required|need|require|requires)\b",
        r"\b(when|once|until)\b.{0,60}\b(no longer|not) (needed|necessary|required)\b",
        r"\b(in accordance with|according to|as required by|pursuant to) (the )?(applicable )?(law|laws|legislation)\b",
        r"\b(statutory|legal) (retention )?(periods?|obligations?|requirements?)\b",
        r"\b(until further notice|for an indefinite period|as needed)\b",
    )
)
_NUMBER_WORDS = (
    r"ein\w{0,2}|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|dreißig|neunzig|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|ninety"
)
_PERIOD = re.compile(
    rf"(\d|\b({_NUMBER_WORDS})\b)[ \u00a0-]?(\w+ )?(tag|woche|monat|jahr|day|week|month|year|hour|stunde)"
)
_LETTER = re.compile(r"[a-g]")


def contradictions(table: RegisterTable) -> list[Fault]:
    """Faults of a register whose every field is well formed."""
    return [
        *_twice("activity", [entry.key for entry in table.activity]),
        *_twice("system", [entry.key for entry in table.system]),
        *(fault for entry in table.activity for fault in _activity(entry)),
        *(fault for entry in table.system for fault in _system(entry)),
        *(fault for number, entry in enumerate(table.label, 1) for fault in _label(number, entry)),
    ]


def is_empty_phrase(text: str) -> bool:
    """Whether a storage period says nothing: an empty phrase and no number of days, months or years beside it."""
    plain = " ".join(text.lower().split())
    return any(phrase.search(plain) for phrase in _EMPTY_PHRASES) and not _PERIOD.search(plain)


def _twice(kind: str, keys: list[str]) -> Iterator[Fault]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault(f"{kind}.key", "allowed: each key once", f'"{key}"', "is there twice")


def _activity(entry: ActivityTable) -> Iterator[Fault]:
    where = f'activity "{entry.key}"'
    for language, text in (("de", entry.retention.de), ("en", entry.retention.en)):
        if is_empty_phrase(text):
            allowed = "allowed: a period (30 days, six years) or a criterion that the reader can check, Art. 15(1)(d)"
            yield Fault(f"{where}: retention.{language}", allowed, f'"{text[:80]}"', "says nothing")
    yield from _unsaid(where, entry)
    for number, recipient in enumerate(entry.recipient, 1):
        yield from _recipient(f"{where}: recipient[{number}]", recipient)


def _unsaid(where: str, entry: ActivityTable) -> Iterator[Fault]:
    """Silence is no denial: the letter says "none" only where the register does."""
    if "automated" not in entry.model_fields_set:
        advice = "add the line automated = false (nothing is decided by machine alone), or a table [activity.automated]"
        yield Fault(f"{where}: automated", f"{advice} (Art. 15(1)(h))", wrong="is missing")
    if "recipient" not in entry.model_fields_set:
        advice = "add the line recipient = [] (nobody gets the data, no processor either), or a [[activity.recipient]]"
        yield Fault(f"{where}: recipient", f"{advice} (Art. 15(1)(c))", wrong="is missing")
    if entry.scored and entry.automated:
        advice = "leave it out; what is described under [activity.automated] is a decision"
        yield Fault(f"{where}: scored", advice, wrong="does not go with [activity.automated]")


def _label(number: int, entry: LabelTable) -> Iterator[Fault]:
    if entry.label is None and not set(entry.name) & set("*?["):
        advice = 'allowed: a text in both languages; only a name with * may go without, as in name = "*"'
        yield Fault(f"label[{number}].label", advice, wrong="is missing")


def _recipient(where: str, entry: RecipientTable) -> Iterator[Fault]:
    if not entry.name and not entry.category_reason:
        yield Fault(
            f"{where}.name", "allowed: the recipient's name, or a category_reason why there is none", wrong="is missing"
        )
    if entry.transfer:
        yield from _transfer(f"{where}.transfer", entry.transfer)
    else:
        yield from _not_transferred(where, entry)


def _not_transferred(where: str, entry: RecipientTable) -> Iterator[Fault]:
    """Without a mechanism somebody must have said that none is needed (Art. 15(2)), and the country must fit."""
    table = "a table transfer = { country = …, mechanism = … }"
    if "transfer" not in entry.model_fields_set:
        advice = f"add the line transfer = false (the data stay in the EEA), or {table} (Art. 15(2))"
        yield Fault(f"{where}.transfer", advice, wrong="is missing")
    named = (entry.country.de, entry.country.en) if entry.country else ()
    outside = [text for text in named if UNFILLED not in text and not in_eea(text)]
    if outside and "transfer" in entry.model_fields_set:
        advice = f"add {table}; of a country in the EEA write the name alone"
        yield Fault(f"{where}.transfer", advice, "false", f'does not go with country = "{outside[0][:80]}"')


def _transfer(where: str, entry: TransferTable) -> Iterator[Fault]:
    match entry.mechanism:
        case Mechanism.DPF if entry.verified_on is None:
            advice = "allowed: the date on which you saw the company in the list of certified ones"
            yield Fault(f"{where}.verified_on", advice, wrong='is missing with mechanism = "dpf"')
        case Mechanism.SCC if entry.module == 0:
            yield Fault(f"{where}.module", "allowed: 1, 2, 3 or 4", wrong='is missing with mechanism = "scc"')
        case Mechanism.ADEQUACY | Mechanism.BCR if not entry.detail:
            advice = "allowed: the number of the decision or of the approval"
            yield Fault(f"{where}.detail", advice, wrong=f'is missing with mechanism = "{entry.mechanism}"')
        case Mechanism.ARTICLE_49 if not _LETTER.fullmatch(entry.detail):
            allowed = "allowed: the letter of Art. 49(1), a to g"
            yield Fault(f"{where}.detail", allowed, f'"{entry.detail}"', 'does not fit mechanism = "art49"')
        case _:
            pass


def _system(entry: SystemTable) -> Iterator[Fault]:
    needed = {
        Coverage.SOURCE: ("source",),
        Coverage.BY_HAND: ("responsible",),
        Coverage.EXCLUDED: ("reason", "explanation"),
    }[entry.coverage]
    where = f'system "{entry.key}"'
    for key in needed:
        if not getattr(entry, key):
            allowed = f"allowed: {SystemTable.model_fields[key].description}"
            yield Fault(f"{where}: {key}", allowed, wrong=f'is missing with coverage = "{entry.coverage}"')
    for key in _foreign(entry, needed):
        yield Fault(f"{where}: {key}", "leave it out", wrong=f'does not go with coverage = "{entry.coverage}"')


def _foreign(entry: SystemTable, needed: Iterable[str]) -> tuple[str, ...]:
    """Two answers to one question: a system that is connected and excluded is neither."""
    return tuple(key for key in ("source", "responsible", "reason") if key not in needed and getattr(entry, key))
