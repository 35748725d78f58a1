"""What the `case` commands do to a case."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cases.case import HAS_ANSWER, Status, UnlawfulMove
from cases.draft import Decision, DecisionKind
from desk.console import fail, plain
from flows import questions
from flows.approval import anybody, releaser
from flows.extension import call_off
from flows.house import House
from flows.id_documents import said, wipe_decided
from flows.records import Record, records
from flows.refusal import Reasons, refuse, show
from flows.summaries import NOTES
from infra.store.findings import Kept, NoSuchFinding

MOST_NAMED = 20  # records in a message


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about findings: by number, or all undecided ones of one person's record in one system. `record`: a
    finding's number or the record's locator; empty where the system has only one."""

    kind: str
    by: str = field(repr=False)
    reason: str = field(repr=False)
    numbers: tuple[int, ...]
    system: str = ""
    record: str = field(default="", repr=False)


def decide(house: House, case: str, decided: Decided) -> int:
    """Records decisions of somebody listed under [[people]]; returns how many findings they were about."""
    name = listed(house, decided.by)
    with house.store.begin() as tx:
        row = tx.cases.row(case)
        if Status(row.status) not in (Status.REVIEW, Status.COLLECTING):
            fail(f"{case} is {row.status}; findings are decided while it is collecting or in review")
        kept = tx.findings.all(row)
        numbers = decided.numbers or _of_record(house, kept, decided)
        decision = Decision(DecisionKind(decided.kind), name, tx.now, decided.reason)
        try:
            for number in numbers:
                tx.findings.decide(row, number, decision)
        except NoSuchFinding as error:
            fail(str(error))
        tx.cases.note(case, f"{decided.kind}:{len(numbers)}", name, ",".join(map(str, numbers)))
    return len(numbers)


def _of_record(house: House, kept: tuple[Kept, ...], decided: Decided) -> tuple[int, ...]:
    """The undecided findings of one record. Never of a whole system: two namesakes may be in it."""
    source = next((one.source for one in house.register.systems if one.key == decided.system and one.source), "")
    mine = [one for one in records(kept) if one.source in (source, decided.system)]
    if not mine:
        fail(f"no finding comes from {decided.system!r}")
    chosen = [one for one in mine if one.undecided and (not decided.record or _is_record(one, decided.record))]
    if not chosen and decided.record:
        fail(f"--record {plain(decided.record)}: {decided.system} has no such record with undecided findings")
    if len(chosen) > 1:
        numbers = ", ".join(str(one.number) for one in chosen[:MOST_NAMED])
        fail(f"{decided.system} has {len(chosen)} records with undecided findings; say which: --record {numbers} …")
    return chosen[0].undecided if chosen else ()


def _is_record(record: Record, named: str) -> bool:
    return named == record.locator or named in {str(one.number) for one in record.findings}


def answer_question(house: House, case: str, kind: str, typed: Mapping[str, str]) -> None:
    with house.store.begin() as tx:
        waiting = (item for item in tx.questions.open_ones(case) if item.kind == kind)
        asked = min(waiting, key=lambda item: item.about, default=None)  # of the newest answer before one of before
        code = questions.answer(house, tx, asked, typed) if asked else "not_now"
    if code:
        fail(f"{case}: {NOTES.get(code, code)}")
    print(f"{case}: recorded")


def save_package(house: House, case: str, out: Path, by: str) -> str:
    """Writes the sealed answer to a new file, for a way that is not the mail."""
    name = listed(house, by)
    with house.store.begin() as tx:
        package = tx.answers.package(tx.cases.row(case))
        status = tx.cases.get(case).status
        if package is None or package.kept is None or status not in HAS_ANSWER:
            fail(f"{case} is {status}: there is no sealed answer that may leave")
        tx.cases.note(case, "package_saved", name)
    try:
        target = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fail(f"{out} is there already; give a new file")
    with os.fdopen(target, "wb") as sink, house.vault.open(package.kept.blob) as stream:
        shutil.copyfileobj(stream, sink)
    return f"{out}: {package.size} bytes, SHA-256 {package.sha256}"


def show_refusal(house: House, case: str, by: str, reasons: Reasons) -> None:
    """Prints what the person would get, with the code by which it then goes out."""
    name = _may_refuse(house, by)
    try:
        with house.store.begin() as tx:
            shown = show(house, tx, case, reasons, name)
    except (ValueError, UnlawfulMove) as error:
        fail(str(error))
    print(f"{case}: das erhielte die Person / the person would get:\n\n{plain(shown.words)}")
    print("Nennen Sie niemanden sonst darin / name nobody else in it.")
    print(f"Code: {shown.code}   (--code {shown.code} --reason …; oder im Formular / or in the form)")


def refuse_case(house: House, case: str, ground: str, by: str, reason: str, code: str) -> None:
    """Refuses with the words that were shown with this code."""
    name = _may_refuse(house, by)
    if len(reason.strip()) < 20:
        fail("--reason needs the facts for the record, in at least 20 characters")
    try:
        with house.store.begin() as tx:
            letter = refuse(house, tx, case, ground, name, reason, code)
    except (ValueError, UnlawfulMove) as error:
        fail(str(error))
    if letter:
        print(f"{case}: no e-mail address is on file; send this by post, then `auskunft case done`:\n\n{plain(letter)}")
        return
    print(f"{case}: refused; the notice with complaint and judicial remedy is in the outbox")


def _may_refuse(house: House, by: str) -> str:
    name = releaser(house, by)
    if not name:
        fail(f"{plain(by)!r} may not refuse: only those who release may, as listed under [[people]] in auskunft.toml")
    return name


def say_of_id_document(house: House, case: str, by: str, *, is_one: bool) -> None:
    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            said(tx, case, name, is_one=is_one)
    except LookupError as error:
        fail(str(error.args[0]))
    print(f"{case}: {'it is wiped now' if is_one and wipe_decided(house) else 'noted'}")


def finish_by_hand(house: House, case: str, by: str, reason: str, *, early: bool = False) -> None:
    """Only for cases that a person handles: an answer of ours ends with the hand-over of its passphrase. An erasure
    waits for the access case of the same person, unless somebody says otherwise."""
    name = listed(house, by)
    if len(reason.strip()) < 10:
        fail("--reason says what was done and how the person was told")
    with house.store.begin() as tx:
        value = tx.cases.get(case)
        if value.status is not Status.WITH_PERSON:
            fail(f"{case} is {value.status}; only a case that is {Status.WITH_PERSON} is ended like this")
        if value.waits_for and not early:
            fail(f"{case} waits for {value.waits_for}: nothing is erased before access; or --although-access-is-open")
        tx.cases.move(case, Status.ANSWERED, name, reason)
        tx.questions.settle_all(case)
    print(f"{case}: answered by hand")


def withdraw_case(house: House, case: str, by: str, reason: str) -> None:
    name = listed(house, by)
    try:
        with house.store.begin() as tx:
            tx.cases.move(case, Status.WITHDRAWN, name, reason)
            call_off(tx, case)
            tx.questions.settle_all(case)
    except UnlawfulMove as error:
        fail(str(error))
    print(f"{case}: withdrawn")


def listed(house: House, name: str) -> str:
    """The name as the settings write it; ends the command for anybody else."""
    known = anybody(house, name)
    if not known:
        fail(f"{plain(name)!r} is not listed under [[people]] in auskunft.toml")
    return known
