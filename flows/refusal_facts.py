"""The facts that a refusal tells, from what the store knows: a person names them, and nobody types a date or a number.

What tells that data are held is told only to whom it is known who they are."""

from __future__ import annotations

from datetime import datetime

from cases.case import Case, Status
from cases.clock import Reason
from cases.coverage import complete, coverage
from cases.identifiers import fold
from cases.person import Person
from flows.house import House
from flows.proposed import undecided
from infra.keystore import KeyDestroyed
from infra.store.cases import NoSuchCase
from infra.store.findings import VANISHED
from infra.store.sealed import StoredFile
from infra.store.store import Transaction

EARLIER, UNCHANGED, ASKED = "earlier", "unchanged", "asked"  # what a person may name
_WEIGHED = ("excessive", "manifestly_unfounded")
_ANSWERED = (Status.ANSWERED, Status.ANSWERED_NOTHING_HELD)
WHY_NOT = {
    "refusal_facts": "Die Person muss die Tatsachen erfahren (Art. 12 Abs. 4): mit --fact oder --tell / the person must"
    " be told the facts",
    "refusal_fact": "Solche Tatsachen gibt es nicht: earlier:VORGANG, unchanged:VORGANG, asked; nur bei excessive und"
    " manifestly_unfounded / there are no such facts; with these two grounds only",
    "refusal_no_question": "Eine Rückfrage, auf die nichts kam, gibt es nicht / there is no question without a reply",
    "refusal_case": "Das ist kein früherer Vorgang derselben Person, oder es lässt sich nicht mehr zeigen / that is no"
    " earlier case of the same person, or nobody can show it any more",
    "refusal_unanswered": "Jener Vorgang wurde nicht beantwortet / that case was not answered",
    "refusal_unchanged": "Dass sich nichts geändert hat, ist nicht gezeigt: erst zu Ende suchen, ohne Lücke; dann muss"
    " dasselbe gefunden sein wie bei der letzten Antwort. Sonst diese Tatsache weglassen / that nothing has changed is"
    " not shown: first search to the end, without a gap; what was found must then be what the latest answer had. Else"
    " leave this fact out",
    "refusal_tells": "Wer fragt, steht noch nicht fest: das sagt, dass Daten vorliegen / it is not known yet who asks:"
    " that tells that data are held",
    "refusal_sentence": "Eigene Worte nur an jemanden, von dem feststeht, wer es ist / words of your own only to"
    " somebody of whom it is known who they are",
    "refusal_signs": "Der Satz: 20 bis 500 Zeichen in einer Zeile, gewöhnliche Schriftzeichen / the sentence: 20 to 500"
    " plain signs in one line",
    "refusal_words": "Der Satz: mindestens vier verschiedene Wörter / the sentence: at least four different words",
    "refusal_owed": "Der Satz verweist auf Tatsachen, die er nicht nennt: sie gehören hinein / the sentence refers to"
    " facts that it does not tell: they belong into it",
    "refusal_address": "Der Satz darf keine Adresse nennen / the sentence must name no address",
    "refusal_number": "Der Satz darf keine Nummer und keinen Geburtstag nennen; Vorgänge der Person nur, wenn --fact"
    " sie auch nennt / the sentence must name no number that could be somebody's and no birthday; cases of the person"
    " only if --fact names them too",
    "refusal_unseen": "Erst lesen, was die Person erhält: `auskunft case refuse VORGANG …` zeigt es mit einem Code /"
    " read first what the person gets: that command shows it with a code",
}


class CannotRefuse(ValueError):
    """Nothing is refused; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(WHY_NOT[code])
        self.code = code


def facts(house: House, tx: Transaction, case: Case, ground: str, named: tuple[str, ...]) -> tuple[str, ...]:
    """The facts as closed fields of the notice (`outputs/notices_refusal.py`). Raises `CannotRefuse`."""
    if named and ground not in _WEIGHED:
        raise CannotRefuse("refusal_fact")
    person = tx.cases.person(case.number)
    if ground == "not_identifiable":
        return _not_identified(house, tx, case, person)
    return tuple(dict.fromkeys(_fact(house, tx, case, person, one) for one in named))


def _fact(house: House, tx: Transaction, case: Case, person: Person, named: str) -> str:
    kind, _, about = named.partition(":")
    if kind == ASKED and not about:
        return _asked(house, tx, case)
    if kind not in (EARLIER, UNCHANGED) or not about:
        raise CannotRefuse("refusal_fact")
    before = _before(tx, case, person, about)
    proven = person.verification is not None
    if kind == UNCHANGED:
        if not proven:
            raise CannotRefuse("refusal_tells")
        _nothing_new(house, tx, case, before)
        return f"unchanged|{_day(house, _answered(before))}"
    received = _day(house, before.received_at)
    if proven and before.status in _ANSWERED:
        return f"answered|{before.number}|{received}|{_day(house, _answered(before))}"
    return f"asked_before|{before.number}|{received}"


def _answered(before: Case) -> datetime:
    at = before.answered_at or (before.closed_at if before.status in _ANSWERED else None)
    if at is None:
        raise CannotRefuse("refusal_unanswered")
    return at


def _nothing_new(house: House, tx: Transaction, case: Case, before: Case) -> None:
    """Only what two whole searches show: one for that answer and one of this case after it, with the same findings, and
    no answer in between. Raises `CannotRefuse`."""
    answered = _answered(before)
    began = case.first_snapshot_at or case.snapshot_at
    whole = _whole(house, tx, case.number) and _whole(house, tx, before.number)
    if not whole or began is None or began < answered or _later_answer(tx, case, before):
        raise CannotRefuse("refusal_unchanged")
    now, then = _held(tx, case.number), _held(tx, before.number)
    if now is None or now != then:
        raise CannotRefuse("refusal_unchanged")


def _whole(house: House, tx: Transaction, number: str) -> bool:
    """Whether nothing is open: no system, and no identifier that was not searched for."""
    row = tx.cases.row(number)
    known = row.snapshot_at is not None and (row.learned_at is None or row.learned_at <= row.snapshot_at)
    cells = coverage(house.register, tx.findings.logs(number), tx.findings.hand_answers(row))
    return known and complete(cells) and not tx.findings.gaps(row) and not undecided(tx, number)


def _held(tx: Transaction, number: str) -> frozenset[object] | None:
    """What was found, as two searches can compare it; None where something went while the case was open."""
    kept = tx.findings.all(tx.cases.row(number))
    if any(one.change == VANISHED for one in kept):
        return None
    return frozenset(
        (one.source, one.kind, one.finding.locator, one.finding.fields, _files(one.finding.files)) for one in kept
    )


def _files(files: tuple[StoredFile, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((file.name, file.blob.sha256) for file in files)


def _later_answer(tx: Transaction, case: Case, before: Case) -> bool:
    person, since = tx.cases.person(case.number), _answered(before)
    others = (one for one in tx.cases.in_status(*_ANSWERED) if one.number not in (case.number, before.number))
    return any(_answered(one) > since and _same(tx, person, one.number) for one in others)


def _asked(house: House, tx: Transaction, case: Case) -> str:
    asked = [one for one in tx.clocks.questions(case.number) if one.reason == Reason.CLARIFICATION]
    if not asked or asked[-1].answered_at is not None:
        raise CannotRefuse("refusal_no_question")
    return f"asked|{_day(house, asked[-1].asked_at)}"


def _not_identified(house: House, tx: Transaction, case: Case, person: Person) -> tuple[str, ...]:
    """What was compared, and when we asked for more: the same for everybody, so it tells nothing of what is held."""
    kinds = ",".join(dict.fromkeys(item.kind.value for item in person.claims))
    asked = [one.asked_at for one in tx.clocks.questions(case.number) if one.reason == Reason.IDENTITY]
    return (f"compared|{kinds}", *(f"identity_asked|{_day(house, at)}" for at in asked[-1:]))


def _before(tx: Transaction, case: Case, person: Person, number: str) -> Case:
    """An earlier case of the same person. Raises `CannotRefuse`."""
    try:
        before = tx.cases.get(number)
    except NoSuchCase:
        raise CannotRefuse("refusal_case") from None
    if not _same(tx, person, number) or before.number == case.number or before.received_at > case.received_at:
        raise CannotRefuse("refusal_case")
    return before


def _same(tx: Transaction, person: Person, number: str) -> bool:
    """By name, and by the address that asked or that is on file. Where the name can be read no more nobody is the same:
    a family shares a mailbox, and the address alone would tell one of them what another asked."""
    same_sender = bool(person.sender) and number in {one.number for one in tx.cases.of_sender(person.sender)}
    try:
        other = tx.cases.person(number)
    except KeyDestroyed:
        return False
    return fold(other.name) == fold(person.name) and (same_sender or _same_mailbox(person, other))


def _same_mailbox(one: Person, other: Person) -> bool:
    return bool(one.recipient) and one.recipient == other.recipient


def _day(house: House, moment: datetime) -> str:
    return house.today(moment).isoformat()
