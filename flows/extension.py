"""Extending a case by two months (Art. 12(3) s. 2 and 3 GDPR): a person's decision on a reason of the law, told to the
person with its reasons within the first month. Nothing is extended before the notice has really gone out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from cases.case import Case, Extension, Status
from cases.clock import Extended
from cases.deadline import end_of_day
from cases.draft import Notice
from flows.clocks import counted, if_extended, recount
from flows.house import House
from flows.notices import Addressed, for_the_post, queue_notice
from infra.store.store import Transaction

# EDPB Guidelines 01/2022 par. 163: complexity, and a temporary extraordinary number. Effort and lack of staff are none.
REASONS = ("volume", "retrieval", "redaction", "explanation", "peak")
NEUTRAL = ("peak",)  # reasons that hold whether or not anything is held about who asks: before that is known, no other
SHORTEST_FACTS = 20  # signs
ONCE = "extension/"  # how the `once` of every notice of an extension begins
VOID, UNSENT, OFTEN = "extension_void", "extension_unsent", "extended_often"
FEWEST = 5  # requests of a year below which a share says nothing
SHARE_OF = timedelta(days=365)
# Once approved the answer is on its way, and nobody extends any more.
EXTENDABLE = frozenset(
    {
        Status.TRIAGE,
        Status.RECEIVED,
        Status.ACKNOWLEDGED,
        Status.IDENTIFYING,
        Status.COLLECTING,
        Status.REVIEW,
        Status.WITH_PERSON,
    }
)
WHY_NOT = {
    "extension_known": "Schon verlängert oder unterwegs / extended already, or on its way",
    "extension_too_late": "Zu spät: die Mitteilung muss im ersten Monat hinausgehen / too late: the notice must go out"
    " within the first month",
    "extension_reason": "Der Grund ist keiner des Gesetzes / the reason is none of the law",
    "extension_tells": "Wer fragt, steht noch nicht fest: nur `peak` sagt nichts darüber, ob Daten vorliegen"
    " / it is not known yet who asks: only `peak` does not tell whether data are held",
    "extension_facts": "Zum Verlängern fehlen die Tatsachen (20 Zeichen) / an extension needs the facts",
    "extension_no_address": "Keine E-Mail-Adresse: erst einen Brief schicken, dann `auskunft case extend --sent-on TAG`"
    " / no e-mail address: send a letter first",
    "extension_day": "Dieser Tag kann es nicht gewesen sein / that cannot have been the day",
    "extension_asked": "Die Verlängerung geht jetzt hinaus / the extension goes out now",
    "not_now": "Das geht in diesem Stand des Vorgangs nicht / the case is not in a state for this",
}


class CannotExtend(Exception):
    """A case is not extended; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(WHY_NOT[code])
        self.code = code


def why_not(house: House, tx: Transaction, case: Case) -> str:
    """The code of why a case cannot be extended now; empty where it can."""
    if case.status not in EXTENDABLE:
        return "not_now"
    if case.extension in (Extension.ASKED, Extension.IN_FORCE):
        return "extension_known"
    return "extension_too_late" if tx.now >= last_moment(house, tx, case) else ""


def last_moment(house: House, tx: Transaction, case: Case) -> datetime:
    """The first moment that is too late for the notice."""
    return end_of_day(last_day(house, tx, case), house.settings.controller.timezone)


def last_day(house: House, tx: Transaction, case: Case) -> date:
    """The last day on which the notice can go out: the end of the first month, or the stored due day where that is
    earlier, as after a change of the list of holidays."""
    return min(counted(house, tx, case).deadline.notice_due, case.due)


def extend(house: House, tx: Transaction, case: str, reason: str, by: str, facts: str) -> date:
    """Queues the notice to the person; returns the day that it names. Raises `CannotExtend`."""
    value = _checked(house, tx, case, reason, facts)
    person = tx.cases.person(case)
    if person.verification is None and reason not in NEUTRAL:
        raise CannotExtend("extension_tells")
    if not person.told_at:
        raise CannotExtend("extension_no_address")
    due = if_extended(house, tx, value).deadline.due
    tx.clocks.extension(case, Extension.ASKED, reason)
    tx.cases.note(case, f"extension_asked:{reason}", by, facts)
    once = f"{ONCE}{case}/{_tries(tx, case)}"
    queue_notice(house, tx, once, _notice(house, tx, value, reason), Addressed(person.told_at))
    return due


def letter(house: House, tx: Transaction, case: str, reason: str) -> str:
    """The notice for the post, with the postal address on file where there is one: a person prints and sends it."""
    return for_the_post(house, tx.cases.person(case), _notice(house, tx, tx.cases.get(case), reason))


def _notice(house: House, tx: Transaction, value: Case, reason: str) -> Notice:
    due = if_extended(house, tx, value).deadline.due
    fields = (("received", _day(house, value.received_at)), ("due", due.isoformat()), ("reason", reason))
    return Notice("extension", value.language, value.number, fields)


def told_by_letter(house: House, tx: Transaction, case: str, reason: str, by: str, facts: str, day: date) -> Extended:
    """Records that the notice with its reasons went to the person by letter on a day. Raises `CannotExtend`."""
    value = tx.cases.get(case)
    sent = datetime.combine(day, time(12), tzinfo=house.zone)
    if not house.today(value.received_at) <= day <= house.today(tx.now):
        raise CannotExtend("extension_day")
    _check_words(reason, facts)
    if value.extension in (Extension.ASKED, Extension.IN_FORCE):
        raise CannotExtend("extension_known")
    if value.status not in EXTENDABLE:
        raise CannotExtend("not_now")
    tx.clocks.extension(case, Extension.ASKED, reason)
    tx.cases.note(case, f"extension_asked:{reason}", by, facts)
    return _takes_effect(house, tx, case, max(sent, value.received_at))


def went_out(house: House, tx: Transaction, case: str) -> None:
    """The mail server has taken the notice: only now is the case extended, if it is still in time and has not ended."""
    value = tx.cases.get(case)
    if not value.open:
        call_off(tx, case)
    elif value.extension == Extension.ASKED:
        _takes_effect(house, tx, case, tx.now)


def call_off(tx: Transaction, case: str) -> None:
    """The case ends another way: a notice that waits is not sent any more, and nothing is extended."""
    value = tx.cases.get(case)
    if value.extension == Extension.ASKED:
        tx.outbox.withdraw(f"{ONCE}{case}/{_tries(tx, case)}", "called_off")
        tx.clocks.extension(case, Extension.VOID)
        tx.cases.note(case, f"extension_called_off:{value.extension_reason}")
        tx.alarms.clear(case, UNSENT)


def stopped(house: House, tx: Transaction, case: str) -> str:
    """Looked at right before the notice is sent: the code of why it must not leave any more; empty where it may."""
    value = tx.cases.get(case)
    if not value.open:
        call_off(tx, case)
        return "called_off"
    if value.extension != Extension.ASKED:
        return "void"
    if tx.now < last_moment(house, tx, value):
        return ""
    _is_void(tx, case)
    return "too_late"


def did_not_go_out(tx: Transaction, case: str) -> None:
    """The mail server will never take the notice: nothing is extended."""
    if tx.cases.get(case).extension == Extension.ASKED:
        tx.clocks.extension(case, Extension.FAILED)
        tx.cases.note(case, "extension_failed")
        tx.alarms.raise_stage(case, UNSENT, 1, management=True)


def watch_extensions(house: House, tx: Transaction, cases: Sequence[Case]) -> None:
    """A notice that could not leave: somebody is told the day before it is too late; after that it is void and is not
    sent any more, for a late one promises what the law does not give."""
    for case in cases:
        if case.extension != Extension.ASKED:
            continue
        if tx.now >= last_moment(house, tx, case):
            tx.outbox.withdraw(f"{ONCE}{case.number}/{_tries(tx, case.number)}", "too_late")
            _is_void(tx, case.number)
        elif house.today(tx.now) >= last_day(house, tx, case) - timedelta(days=1):
            tx.alarms.raise_stage(case.number, UNSENT, 1, management=True)


def watch_share(house: House, tx: Transaction) -> None:
    """Many extensions are a defect of the organisation (EDPB Guidelines 01/2022 par. 164): above a share of the
    requests of a year somebody is told."""
    recent = [case for case in tx.cases.all() if case.received_at > tx.now - SHARE_OF]
    extended = sum(case.extension == Extension.IN_FORCE for case in recent)
    if len(recent) >= FEWEST and 100 * extended > house.settings.clock.extended_percent * len(recent):
        tx.alarms.raise_("extensions", OFTEN)
    else:
        tx.alarms.clear("extensions", OFTEN)


def _checked(house: House, tx: Transaction, case: str, reason: str, facts: str) -> Case:
    value = tx.cases.get(case)
    code = why_not(house, tx, value)
    if code:
        raise CannotExtend(code)
    _check_words(reason, facts)
    return value


def _check_words(reason: str, facts: str) -> None:
    if reason not in REASONS:
        raise CannotExtend("extension_reason")
    if len(facts.strip()) < SHORTEST_FACTS:
        raise CannotExtend("extension_facts")


def _takes_effect(house: House, tx: Transaction, case: str, sent: datetime) -> Extended:
    """The law decides: in force where the notice went out within the first month, else nothing has happened."""
    tx.clocks.extension(case, Extension.ASKED, noticed_at=sent)
    reason = tx.cases.get(case).extension_reason
    found = recount(house, tx, case, "extended")
    tx.alarms.clear(case, UNSENT)
    if found.extended is Extended.IN_FORCE:
        tx.clocks.extension(case, Extension.IN_FORCE)
        tx.cases.note(case, f"extended:{reason}")
    else:
        _is_void(tx, case)
    return found.extended


def _is_void(tx: Transaction, case: str) -> None:
    """The old due day stands, and everybody who looks after deadlines hears of it."""
    reason = tx.cases.get(case).extension_reason
    tx.clocks.extension(case, Extension.VOID)
    tx.cases.note(case, f"extension_void:{reason}")
    tx.alarms.clear(case, UNSENT)
    tx.alarms.raise_stage(case, VOID, 1, management=True)


def _tries(tx: Transaction, case: str) -> int:
    return sum(event.what.startswith("extension_asked:") for event in tx.cases.history(case))


def _day(house: House, moment: datetime) -> str:
    return house.today(moment).isoformat()
