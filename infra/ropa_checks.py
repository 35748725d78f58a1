"""What each entry of the register may be and yet cannot be together with the rest of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cases.eea import in_eea
from cases.register import UNFILLED, Coverage, Mechanism
from infra.faults import Fault
from infra.ropa_phrases import is_empty_phrase as is_empty_phrase
from infra.ropa_phrases import is_holder, is_owed, is_vague
from infra.ropa_tables import (
    ActivityTable,
    LabelTable,
    RecipientTable,
    RegisterTable,
    SystemTable,
    Table,
    TextTable,
    TransferTable,
)

_LETTER = re.compile(r"[a-g]")


def contradictions(table: RegisterTable) -> list[Fault]:
    """Faults of a register whose every field is well formed."""
    return [
        *_twice("activity", [entry.key for entry in table.activity]),
        *_twice("system", [entry.key for entry in table.system]),
        *(fault for entry in table.activity for fault in _mechanisms(entry)),
        *(fault for entry in table.system for fault in _system(entry)),
        *(fault for number, entry in enumerate(table.label, 1) for fault in _label(number, entry)),
    ]


def owed(table: RegisterTable) -> list[tuple[str, Fault]]:
    """What the register can be read without, and no letter be written: where it is silent, or a text says nothing. Each
    with the key of its activity; empty for what stands in every letter."""
    return [
        *((entry.key, fault) for entry in table.activity for fault in _activity(entry)),
        *(("", fault) for entry in table.system for fault in _held(f'system "{entry.key}"', entry)),
        *(("", fault) for number, entry in enumerate(table.label, 1) for fault in _meaning(number, entry)),
    ]


def _twice(kind: str, keys: list[str]) -> Iterator[Fault]:
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield Fault(f"{kind}.key", "allowed: each key once", f'"{key}"', "is there twice")


def _activity(entry: ActivityTable) -> Iterator[Fault]:
    where = f'activity "{entry.key}"'
    for language, text in (("de", entry.retention.de), ("en", entry.retention.en)):
        if UNFILLED in text:
            continue
        if is_empty_phrase(text):
            allowed = "allowed: a period (30 days, six years) or an event that the reader knows (end of the contract)"
            yield Fault(f"{where}: retention.{language}", f"{allowed}, Art. 15(1)(d)", f'"{text[:80]}"', "says nothing")
    yield from _held(where, entry)
    for name in ("purposes", "categories"):
        for place, text in _texts(name, getattr(entry, name)):
            if is_vague(text):
                allowed = "allowed: what holds for this activity, Art. 15(1)(a), (b)"
                yield Fault(f"{where}: {place}", allowed, f'"{text}"', "holds for everything")
    yield from _unsaid(where, entry)
    for number, recipient in enumerate(entry.recipient, 1):
        if recipient.transfer is None:
            yield from _not_transferred(f"{where}: recipient[{number}]", recipient)


def _mechanisms(entry: ActivityTable) -> Iterator[Fault]:
    where = f'activity "{entry.key}"'
    if entry.scored and entry.automated:
        advice = "leave it out; what is described under [activity.automated] is a decision"
        yield Fault(f"{where}: scored", advice, wrong="does not go with [activity.automated]")
    for number, recipient in enumerate(entry.recipient, 1):
        yield from _recipient(f"{where}: recipient[{number}]", recipient)


def _held(where: str, entry: ActivityTable | SystemTable) -> Iterator[Fault]:
    """Place holders and mere references, in whatever text of the entry."""
    for name in type(entry).model_fields:
        for place, text in _texts(name, getattr(entry, name)) if name not in ("key", "retention", "evidence") else ():
            if is_holder(text):
                allowed = "allowed: what holds for you, in words that the reader of the letter understands"
                hint = ', or origin = "unknown"' if name == "origin" else ""
                yield Fault(f"{where}: {place}", allowed + hint, f'"{text[:80]}"', "says nothing")


def _texts(place: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text under a place, both languages, and names; empty ones are no texts."""
    match value:
        case TextTable():
            yield from ((f"{place}.{language}", getattr(value, language)) for language in ("de", "en"))
        case Table():
            for name in type(value).model_fields:
                yield from _texts(f"{place}.{name}", getattr(value, name))
        case tuple():
            for number, one in enumerate(value, 1):
                yield from _texts(f"{place}[{number}]", one)
        case dict():
            for key, one in value.items():
                yield from _texts(f"{place}.{key}", one)
        case str() if place.rpartition(".")[2] in ("name", "responsible") and value:
            yield place, value


def _unsaid(where: str, entry: ActivityTable) -> Iterator[Fault]:
    """Silence is no denial: the letter says "none" only where the register does."""
    if "automated" not in entry.model_fields_set:
        advice = "add the line automated = false (nothing is decided by machine alone), or a table [activity.automated]"
        yield Fault(f"{where}: automated", f"{advice} (Art. 15(1)(h))", wrong="is missing")
    if "recipient" not in entry.model_fields_set:
        advice = "add the line recipient = [] (nobody gets the data, no processor either), or a [[activity.recipient]]"
        yield Fault(f"{where}: recipient", f"{advice} (Art. 15(1)(c))", wrong="is missing")


def _label(number: int, entry: LabelTable) -> Iterator[Fault]:
    if entry.label is None and not set(entry.name) & set("*?["):
        advice = 'allowed: a text in both languages; only a name with * may go without, as in name = "*"'
        yield Fault(f"label[{number}].label", advice, wrong="is missing")


def _meaning(number: int, entry: LabelTable) -> Iterator[Fault]:
    for name in ("label", "category", "values"):
        for place, text in _texts(name, getattr(entry, name)):
            if is_owed(text):
                yield Fault(f"label[{number}].{place}", "allowed: what it means", f'"{text[:80]}"', "says nothing")


def _recipient(where: str, entry: RecipientTable) -> Iterator[Fault]:
    if not entry.name and not entry.category_reason:
        yield Fault(
            f"{where}.name", "allowed: the recipient's name, or a category_reason why there is none", wrong="is missing"
        )
    if entry.transfer:
        yield from _transfer(f"{where}.transfer", entry.transfer)


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
    if in_eea(entry.country.de) or in_eea(entry.country.en):
        advice = "write transfer = false; the EEA is no third country (Art. 15(2))"
        yield Fault(f"{where}.country", advice, f'"{entry.country.de[:80]}"', "needs no mechanism")
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
