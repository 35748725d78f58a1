"""Alarms in the interface: one form for each case or part whose alarms nobody has said yet that they have seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cases.case import Case
from flows.approval import anybody, releaser
from flows.clocks import alarm_due
from flows.extension import WHY_NOT as WHY_NOT_EXTENDED
from flows.extension import CannotExtend, extend, last_day, why_not
from flows.house import House, local_language
from flows.names import days_left, in_words
from flows.typed import read_form
from infra.store.alarms import Alarm
from infra.store.cases import NoSuchCase
from infra.store.store import Transaction
from outputs.report_text import alarm as words_of_alarm
from outputs.texts import texts

NOTES = {
    "no_decision": "Keine Entscheidung gewählt / no decision was chosen",
    "not_a_reviewer": "Dieser Name steht nicht unter [[people]] / this name is not listed under [[people]]",
    "not_a_releaser": "Verlängern darf nur, wer freigibt / only who may release extends",
    **WHY_NOT_EXTENDED,
}


def waiting(tx: Transaction) -> dict[str, tuple[Alarm, ...]]:
    """The alarms that wait to be seen, by what they are about."""
    found: dict[str, tuple[Alarm, ...]] = {}
    for item in tx.alarms.standing():
        if item.waits:
            found[item.subject] = (*found.get(item.subject, ()), item)
    return found


def stamp(items: Sequence[Alarm]) -> str:
    """Which stage of everything a form is about: a new alarm, or a later stage, is another form."""
    return f"{max(item.raised_at for item in items):%Y%m%dT%H%M%S%f}"


def due_of(house: House, tx: Transaction, subject: str) -> date:
    """By which day a form is sorted: a part is always urgent."""
    case = case_of(tx, subject)
    return alarm_due(house, tx, case) if case else house.today(tx.now)


def text(house: House, tx: Transaction, subject: str) -> str:
    """What stands above the form: codes, dates and what to do; empty where nothing waits any more."""
    items = waiting(tx).get(subject, ())
    if not items:
        return ""
    case, note = case_of(tx, subject), tx.state.get(_state(subject)).get("note", "")
    lines = [f"> ⚠ {NOTES.get(note, note)}", ""] if note else []
    lines += [f"**{subject}**{_due(house, tx, case)}", ""]
    lines += [line for item in items for line in _said(house, item)]
    return "\n".join([*lines, "", *_extending(house, tx, case)])


def may_be_extended(house: House, tx: Transaction, subject: str) -> bool:
    case = case_of(tx, subject)
    return case is not None and not why_not(house, tx, case)


def answer(house: House, tx: Transaction, subject: str, typed_text: str) -> str:
    """Does what the form says: the alarms are seen, and, where somebody chose so, the case is extended. Returns an
    empty text, or the code of why nothing was changed and the form comes again."""
    typed = read_form(typed_text)
    name, note = anybody(house, typed.get("by", "")), typed.get("note", "")
    code = _do(house, tx, subject, name, typed.get("decision", ""), note) if name else "not_a_reviewer"
    if code or tx.state.get(_state(subject)):
        tx.state.set(_state(subject), note=code)
    if not code:
        seen(house, tx, subject, name, note)
    return code


def seen(house: House, tx: Transaction, subject: str, by: str, note: str) -> int:
    """Everything that stands about a case or part is seen; returns how many alarms that were."""
    items, case = waiting(tx).get(subject, ()), case_of(tx, subject)
    key_id = tx.cases.row(subject).record_key if case else house.day_key(tx.now)
    for item in items:
        tx.alarms.acknowledge(item.id, key_id, by, note)
        if case:
            tx.cases.note(subject, f"alarm_seen:{item.code}", by, note)
    return len(items)


def case_of(tx: Transaction, subject: str) -> Case | None:
    """The case that an alarm is about; None for a part."""
    try:
        return tx.cases.get(subject) if subject.startswith("DSAR-") else None
    except NoSuchCase:
        return None


def _do(house: House, tx: Transaction, subject: str, name: str, decision: str, note: str) -> str:
    chosen, _, reason = decision.partition(": ")
    if chosen == "seen":
        return ""
    if chosen != "extend" or case_of(tx, subject) is None:
        return "no_decision"
    if not releaser(house, name):
        return "not_a_releaser"
    try:
        extend(house, tx, subject, reason, name, note)
    except CannotExtend as refused:
        return refused.code
    return ""


def _due(house: House, tx: Transaction, case: Case | None) -> str:
    if case is None:
        return ""
    due = alarm_due(house, tx, case)
    return f" · Frist / due {due:%d.%m.%Y} ({in_words(days_left(house, due, tx.now))})"


def _said(house: House, item: Alarm) -> list[str]:
    words, at = texts(local_language(house.settings.controller.language)), item.raised_at
    todo = words(f"alarm.{item.code}.todo") if words.known(f"alarm.{item.code}.todo") else ""
    up = ", Leitung informiert / management told" if item.management else ""
    since = f"{datetime.astimezone(at, house.zone):%d.%m.%Y %H:%M}"
    return [f"- **{words_of_alarm(item.code, words)}** (seit / since {since}{up})", f"  {todo}"]


def _extending(house: House, tx: Transaction, case: Case | None) -> list[str]:
    """Until when the period can be extended, or why it cannot."""
    if case is None:
        return []
    code = why_not(house, tx, case)
    if code:
        return [f"Verlängern geht nicht / cannot be extended: {WHY_NOT_EXTENDED[code]}"]
    day = last_day(house, tx, case)
    return [f"Verlängern (extend) geht bis / until {day:%d.%m.%Y}, Tatsachen als Anmerkung / facts as note"]


def _state(subject: str) -> str:
    return f"alarm/{subject}"[:80]
