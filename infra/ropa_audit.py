"""What would make an answer fail although `ropa.toml` can be read: found before the first request, not after it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from fnmatch import fnmatchcase

from cases.bilingual import Text
from cases.finding import Shape
from cases.register import UNFILLED as UNFILLED
from cases.register import Activity, Coverage, Mechanism, Register, System, speaks_of_advertising
from infra.faults import near_miss

OWN_SOURCE = "auskunft"  # evidence `auskunft/request`: everybody who asks is concerned by the handling of requests
OWN_KIND = "request"
BY_HAND = Shape("by-hand", ("file", "note"))  # what a named person answers for a system
_LOOKED_AT = timedelta(days=366)
_SHORTEST_LOGIC = 60  # signs: below that nobody explains which data were used and how (C-203/22)
_SCORED = re.compile(
    r"\b(scor(e|es|ing)\w*|\w*bonität\w*|\w*kreditwürdigkeit\w*|profiling|creditworthiness|credit rating)\b"
)
_FOREIGN_FORM = re.compile(r"\b(Inc|LLC|L\.L\.C|Corp|Corporation|Pty|Pvt|K\.K)\b")  # of companies by law
_ONLY_FORMULA = re.compile(
    r"^[^.!?]*(=|\b(xgboost|random forest|logistic regression|logistische regression|neural\w* \w+|scikit-learn|"
    r"tensorflow|pytorch)\b)[^.!?]*[.!?]?$"
)


def against_settings(register: Register, configured: Collection[str]) -> Iterator[str]:
    """What register and settings do not agree on."""
    yield from _unconfigured(register, configured)
    yield from _unlisted(register, configured)
    yield from _blind_evidence(register, configured)
    yield from _unfilled(register)


def against_law(register: Register, today: date | None) -> Iterator[str]:
    """What the letter needs beyond well-formed entries: our own activity, transfers that stand, decisions by machine
    that are told so that they can be understood."""
    if not register.concerned([(OWN_SOURCE, OWN_KIND)]):
        evidence = f'evidence = ["{OWN_SOURCE}/*"]'
        yield f"no activity covers the handling of requests itself; add one with {evidence} (ACC-06)"
    for activity in register.activities:
        yield from _machine(activity)
        yield from _abroad(activity)
        yield from _advertising(activity)
        yield from _withdrawn(register, activity)
        if today:
            yield from _stale(activity, today)


def against_shapes(register: Register, shapes: Mapping[str, tuple[Shape, ...]]) -> Iterator[str]:
    """Kinds of records without activity and fields without category: an answer with one of them is not released.
    `shapes` holds the sources that were asked; an empty tuple where one cannot say."""
    for system in register.systems:
        if system.coverage is Coverage.BY_HAND:
            yield from _shape(register, system.key, BY_HAND)
    for source, known in sorted(shapes.items()):
        for shape in known:
            yield from _shape(register, source, shape)
        if not known:
            yield from _unknown_shape(register, source)


def _shape(register: Register, source: str, shape: Shape) -> Iterator[str]:
    if register.unmapped([(source, shape.kind)]):
        yield f'no activity has evidence for "{source}/{shape.kind}"; an answer with such a record is not released'
    if bare := register.undescribed(source, shape):
        named = ", ".join(f'"{name}"' for name in bare[:10]) + (f" and {len(bare) - 10} more" if len(bare) > 10 else "")
        yield f'"{source}/{shape.kind}": no [[label]] gives a category to {named}; {_way_out(source)}'


def _unknown_shape(register: Register, source: str) -> Iterator[str]:
    """A source that cannot say what its records look like needs patterns that fit whatever comes."""
    patterns = {pattern for item in register.activities for pattern in item.evidence}
    if not any(_fits_all(pattern, source) for pattern in patterns):
        yield f'"{source}" may yield records of any kind; add "{source}/*" to the evidence of an activity'
    if not any(label.name == "*" and label.category and label.fits(source, "*") for label in register.labels):
        yield f'"{source}" may yield fields of any name; {_way_out(source)}'


def _fits_all(pattern: str, source: str) -> bool:
    named, _, kind = pattern.partition("/")
    return kind == "*" and fnmatchcase(source, named)


def _way_out(source: str) -> str:
    return f'describe them, or all at once: [[label]] source = "{source}", name = "*", category = {{ de = …, en = … }}'


def _unconfigured(register: Register, configured: Collection[str]) -> Iterator[str]:
    for key in register.missing_sources(configured):
        system = next(item for item in register.systems if item.key == key)
        hint = near_miss(system.source, configured) if configured else "no source is configured"
        yield f'system "{key}": source = "{system.source}" is not configured in auskunft.toml; {hint}'


def _unlisted(register: Register, configured: Collection[str]) -> Iterator[str]:
    for name in sorted(configured):
        if register.system_of(name) is None:
            yield f'the source "{name}" of auskunft.toml belongs to no system; add a [[system]] with source = "{name}"'


def _blind_evidence(register: Register, configured: Collection[str]) -> Iterator[str]:
    """By hand, a system's own key stands for the source of what was uploaded."""
    by_hand = {system.key for system in register.systems if system.coverage is Coverage.BY_HAND}
    known = {*configured, *by_hand, OWN_SOURCE}
    for activity in register.activities:
        for pattern in activity.evidence:
            source = pattern.partition("/")[0]
            if not set(source) & set("*?[") and source not in known:
                yield f'activity "{activity.key}": evidence = "{pattern}" names no source; {near_miss(source, known)}'


def _unfilled(register: Register) -> Iterator[str]:
    entries: list[tuple[str, Activity | System]] = [
        *((f'activity "{item.key}"', item) for item in register.activities),
        *((f'system "{item.key}"', item) for item in register.systems),
    ]
    if any(UNFILLED in repr(label) for label in register.labels):
        yield f"a [[label]] still holds {UNFILLED}; write what holds for you"
    for name, entry in entries:
        if UNFILLED in _texts(entry):
            yield f"{name} still holds {UNFILLED}; write what holds for you"


def _texts(entry: Activity | System) -> str:
    """Everything written in an entry: the reprs of the values hide personal ones, so those are added."""
    return repr(entry) + (entry.responsible if isinstance(entry, System) else "")


def _withdrawn(register: Register, activity: Activity) -> Iterator[str]:
    if register.fallen([activity]):
        gone = ", ".join(register.withdrawn)
        yield f'activity "{activity.key}": a transfer rests on what is withdrawn ({gone}); name another mechanism'


def _advertising(activity: Activity) -> Iterator[str]:
    if activity.direct_marketing is None and speaks_of_advertising(activity.name, *activity.purposes):
        advice = "add direct_marketing = true, or false if nobody is advertised to"
        yield f'activity "{activity.key}" speaks of advertising (Art. 21(2)); {advice}'


def _abroad(activity: Activity) -> Iterator[str]:
    """A company by the law of a third country, of which the register says that nothing is transferred there."""
    for recipient in activity.recipients:
        if recipient.no_transfer and _FOREIGN_FORM.search(recipient.name):
            advice = "look again, and write its transfer with the mechanism if its data leave the EEA"
            yield f'activity "{activity.key}": transfer = false, but {recipient.name} seems to sit outside; {advice}'


def _stale(activity: Activity, today: date) -> Iterator[str]:
    for recipient in activity.recipients:
        transfer = recipient.transfer
        if transfer is None or transfer.mechanism not in (Mechanism.DPF, Mechanism.ADEQUACY):
            continue
        verified = transfer.verified_on
        if verified is None or not today - _LOOKED_AT <= verified <= today:
            name = recipient.name or "a recipient"
            yield f'activity "{activity.key}": verified_on of {name} is not within the last year; look again'


def _machine(activity: Activity) -> Iterator[str]:
    """Art. 22, C-634/21 and C-203/22: nothing here judges a text; it names those that a person should look at."""
    told = " ".join(_said(activity)).lower()
    if activity.automated is None and not activity.scored and _SCORED.search(told):
        advice = "describe it under [activity.automated], or write scored = true if nobody draws strongly on it"
        yield f'activity "{activity.key}" speaks of scoring or profiling (C-634/21); {advice}'
    logic = activity.automated.logic if activity.automated else None
    for language, text in (("de", logic.de), ("en", logic.en)) if logic else ():
        if len(text) < _SHORTEST_LOGIC or _ONLY_FORMULA.match(text.strip().lower()):
            advice = "say which data are used, how, and what would have changed the result (C-203/22)"
            yield f'activity "{activity.key}": automated.logic.{language} does not explain the decision; {advice}'


def _said(activity: Activity) -> Iterator[str]:
    texts: tuple[Text, ...] = (activity.name, *activity.purposes, *activity.categories)
    for text in texts:
        yield from (text.de, text.en)
