"""The facts of cases in the chain: whoever changes one outside of the program is found out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Delete,
    Engine,
    LargeBinary,
    Update,
    and_,
    delete,
    insert,
    select,
    text,
    true,
    update,
)

from cases.case import Status, broken_at
from cases.challenge import Way
from cases.clock import Reason
from cases.draft import Decision, DecisionKind
from cases.identifiers import Identifier, Kind
from cases.knowledge import Learned
from cases.source import Contact
from desk.auditing import FACTS as WORDS
from flows.approval import read_draft
from flows.dispatch import dispatch
from flows.report import daily_report
from flows.retain import retain
from flows.watch import watch
from infra.keystore import KeyStore
from infra.master import MasterKey
from infra.store import evidence
from infra.store.case_facts import BY_NAME, BY_TABLE, CASES, LEFT_OUT, PARTS, Part, read, written
from infra.store.challenges import Stored
from infra.store.engine import NEWEST, migrate, open_engine
from infra.store.evidence import ALARM, BEGINS, PENDING, Difference
from infra.store.knowledge import State
from infra.store.models import Base, ClockQuestionRow, DocumentRow, EventRow
from infra.store.sealed import Typed
from infra.store.store import Store, Transaction
from tests.flows import steps
from tests.flows.house import DPO, NOON, RELEASER, REVIEWER, MovableClock, World, finding
from tests.flows.test_bounces import comes_back, message_id, said
from tests.flows.test_correcting import answered_again, corrected
from tests.flows.test_extension import ask
from tests.infra.store.migrating import to
from tests.infra.store.test_ledger import OLES

LATER = frozenset({"record"})  # parts that revisions after 0010 added


class Undone(Exception):
    """Ends a transaction so that nothing of it stays."""


def differing(world: World) -> list[tuple[str, str]]:
    with world.house.store.begin() as tx:
        return [(one.case, one.part) for one in tx.evidence.differences()]


def outside(world: World, statement: str) -> None:
    """What somebody does who has the database and not the program."""
    with world.house.store._engine.begin() as connection:
        connection.execute(text(statement))


def connection_of(tx: Transaction) -> Connection:
    return tx.cases._session.connection()


@pytest.fixture
def full(world: World) -> World:
    """A case that has facts of every part."""
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        tx.clocks.ask(case, Reason.IDENTITY)
        tx.breaches.open(case, NOON, NOON, "MV", Typed(RELEASER, "invented", NOON))
        stored = Stored(Contact("1", ()), "lena@mail.example")
        tx.challenges.add(row, Way.MAIL, "p", stored, "ABCDEFGHJ", timedelta(days=7))
        tx.challenges.doubted(case, "name_differs")
        tx.challenges.tried(case, "")
        tx.id_documents.seen(case, b"invented")
        tx.findings.answer_by_hand(row, "paper", REVIEWER, "", 0)
        tx.findings.decide(row, 1, Decision(DecisionKind.INCLUDE, RELEASER, NOON))
        tx.proposals.add(row, [Learned(Identifier(Kind.PHONE, "030 23125 001"), "crm", "1", ())])
        tx.proposals.decide(row, 1, State.ACCEPTED, RELEASER, "")
        tx.documents.add_copy_of(row, "letter")
        tx.records.keep(case, {"systems": []})
    assert differing(world) == []
    return world


def rewritten(value: object) -> object:
    """Another value of the same kind."""
    match value:
        case datetime():
            return value + timedelta(days=1)
        case date():
            return value + timedelta(days=1)
        case int() | float():
            return value + 1000
        case bytes():
            return value + b"x"
        case dict():
            return {**value, "x": [1, 1]}
        case _:
            return f"x{value}"[: max(1, len(str(value)))]


def found_after(world: World, change: Update | Delete) -> set[str]:
    """The parts that differ after a change behind the program's back, which is then undone."""
    found: set[str] = set()
    try:
        with world.house.store.begin() as tx:
            connection_of(tx).exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            connection_of(tx).execute(change)
            found |= {one.part for one in tx.evidence.differences()}
            raise Undone
    except Undone:
        return found


def absent(part: Part, name: str) -> object:
    """A value for a column that is empty so far."""
    kind = part.table.c[name].type
    if isinstance(kind, LargeBinary):
        return b"x"
    return NOON.date() if isinstance(kind, Date) else NOON


def first_row(world: World, part: Part) -> tuple[Mapping[str, Any], ColumnElement[bool]]:
    """The values of one row that counts, by column, and what finds this row alone."""
    wanted = select(part.table).where(true() if part.kept is None else part.kept).limit(1)
    with world.house.store.begin() as tx:
        row = connection_of(tx).execute(wanted).first()
    assert row is not None, f"the case has no {part.name}"
    values = {column.name: row._mapping[column] for column in part.table.c}
    return values, and_(*(column == values[column.name] for column in part.table.primary_key))


def test_whatever_fact_is_rewritten_is_found(full: World) -> None:
    """Column by column, in one row, each of every part; and the part's rows taken away."""
    for part in PARTS:
        values, key = first_row(full, part)
        for name in part.columns:
            now = values[name]
            change = update(part.table).where(key).values({name: absent(part, name) if now is None else rewritten(now)})
            assert part.name in found_after(full, change), f"{part.name}.{name}"
        if part.table is not CASES:
            assert part.name in found_after(full, delete(part.table))
    assert differing(full) == []


def test_every_column_of_a_case_is_fixed_or_left_out_for_a_reason() -> None:
    """A column that is added later is not forgotten here."""
    fixed = {(part.table.name, column) for part in PARTS for column in (*part.columns, part.case.name)}
    tables = [table for table in Base.metadata.sorted_tables if table is CASES or "case" in table.c]
    every = {(table.name, column.name) for table in tables for column in table.c}
    silent = {each for each in every - fixed if each[0] not in LEFT_OUT and ".".join(each) not in LEFT_OUT}
    assert silent == set()
    assert {part.name for part in PARTS} == set(WORDS)


def test_what_is_under_a_digest_stays_so() -> None:
    """Where this fails: do not change a part, but add one, with a migration that lets cases from before begin.
    Otherwise every case of every installation differs after the update."""
    parts = sorted((part.name, part.table.name, part.columns, str(part.kept), part.counted) for part in PARTS)
    first = [part for part in parts if part[0] not in LATER]
    assert hashlib.sha256(repr(first).encode()).hexdigest()[:16] == "ad41ad39f9f15c4b"


def test_a_change_without_a_step_gets_one_and_a_change_with_a_step_gets_no_other(world: World) -> None:
    case = steps.in_review(world)
    before = world.steps(case)
    with world.house.store.begin() as tx:
        tx.cases.row(case).due = date(2026, 4, 30)
    assert world.steps(case) == [*before, "facts:due"]
    with world.house.store.begin() as tx:
        tx.cases.row(case).due = date(2026, 5, 4)
        tx.cases.note(case, "due:2026-05-04", RELEASER)
        tx.cases.row(case).holiday_list = "2026-05-04/x"
    assert world.steps(case) == [*before, "facts:due", "due:2026-05-04"]
    with world.house.store.begin() as tx:
        assert broken_at(tx.cases.history(case)) is None
        assert tx.evidence.fixed(case)["due"].what == "due:2026-05-04"
        assert tx.ledger.audit("", 3).sound
    assert differing(world) == []


def test_rows_that_are_added_changed_and_deleted_by_any_way_are_fixed(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        tx.cases._session.add(ClockQuestionRow(case=case, number=1, reason="identity", asked_at=NOON))
        tx.documents.add_copy_of(tx.cases.row(case), "letter")
    with world.house.store.begin() as tx:
        tx.cases._session.execute(update(ClockQuestionRow).values(answered_at=NOON))  # without naming a case
        tx.cases._session.execute(delete(DocumentRow))
    with world.house.store.begin() as tx:
        fixed = tx.evidence.fixed(case)
    assert fixed["clock"].digest and fixed["clock"].what == "facts:clock+documents"
    assert fixed["documents"].digest == ""
    assert differing(world) == []
    with pytest.raises(TypeError, match="clock_questions"), world.house.store.begin() as tx:
        tx.cases._session.execute(insert(ClockQuestionRow).values(case=case, number=2, reason="identity"))


def test_what_is_undone_within_a_transaction_is_fixed_by_a_step_that_stays(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        try:
            with tx.nested():
                tx.cases.row(case).due = date(2026, 4, 30)
                tx.cases.note(case, "due:2026-04-30")
                raise Undone
        except Undone:
            tx.cases.row(case).right = "erasure"
    assert world.steps(case)[-1] == "facts:receipt"
    assert differing(world) == []


def test_the_program_does_not_bless_what_somebody_else_changed(world: World) -> None:
    """It writes to the same part later: it notes that it met something else, alarms, and this stays in the chain."""
    case = steps.in_review(world)
    outside(world, "UPDATE cases SET received_at = '2026-03-20 11:00:00.000000'")
    assert differing(world) == [(case, "receipt")]
    with world.house.store.begin() as tx:
        tx.cases.note(case, "something")
        tx.cases.row(case).language = "en"
    assert world.steps(case)[-2:] == ["something", "facts_differ:receipt"]
    assert (case, ALARM) in world.alarms()
    with world.house.store.begin() as tx:
        (one,) = tx.evidence.differences()
        assert broken_at(tx.cases.history(case)) is None
    assert one.met and one.since is not None and one.since.what == "facts_differ:receipt"


def test_a_change_beside_does_not_cover_what_somebody_else_changed(world: World) -> None:
    case = steps.in_review(world)
    outside(world, "UPDATE cases SET due = '2027-03-02'")
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.IDENTIFYING)
    assert differing(world) == [(case, "due")]


def test_a_step_of_a_time_without_the_key_is_sound_when_the_key_is_back(world: World) -> None:
    """It says nobody's word, so none was taken from it."""
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        key = tx.cases.row(case).record_key
    file = next(path for path in world.house.settings.store.keys.rglob("*") if path.stem == key)
    away = file.rename(world.folder / "away")
    with world.house.store.begin() as tx:
        tx.cases.row(case).due = date(2026, 4, 30)
    away.rename(file)
    with world.house.store.begin() as tx:
        history = tx.cases.history(case)
        assert broken_at(history) is None
    assert (history[-1].what, history[-1].who) == ("facts:due", "")


def test_it_is_told_since_which_step(world: World) -> None:
    case = steps.in_review(world)
    with world.house.store.begin() as tx:
        fixed = tx.evidence.fixed(case)["due"]
    outside(world, "UPDATE cases SET due = '2027-03-02'")
    with world.house.store.begin() as tx:
        assert tuple(tx.evidence.differences()) == (Difference(case, "due", fixed),)
    assert fixed.what == "status:acknowledged"


def test_a_case_without_its_row_and_a_case_put_in_are_found(world: World) -> None:
    case = steps.acknowledged(world)
    assert "" in found_after(world, delete(CASES))
    same = f"SELECT {', '.join(_columns())} FROM cases"
    copied = same.replace("number", "'DSAR-2026-0999'", 1)
    outside(world, f"INSERT INTO cases ({', '.join(_columns())}) {copied}")
    assert {found for found, _ in differing(world)} == {"DSAR-2026-0999"}
    assert case != "DSAR-2026-0999"


def _columns() -> list[str]:
    return ["number", *(f'"{column.name}"' for column in CASES.c if column.name != "number")]


def test_digests_tell_nothing_of_equal_facts(world: World) -> None:
    """Two cases of one moment have the same due day and no digest in common."""
    first, second = steps.acknowledged(world), steps.acknowledged(world, OLES)
    with world.house.store.begin() as tx:
        one, other = tx.evidence.fixed(first), tx.evidence.fixed(second)
    assert one.keys() == other.keys()
    assert not {fixed.digest for fixed in one.values()} & {fixed.digest for fixed in other.values()}


def test_findings_are_counted_by_an_index_and_stored_without_a_step(world: World) -> None:
    """A case may have twenty thousand: none of them is read for a step."""
    case = steps.collecting(world)
    before = world.steps(case)
    with world.house.store.begin() as tx:
        row = tx.cases.row(case)
        for batch in range(3):
            found = [(finding(f"orders/{batch}/{number}"), ()) for number in range(50)]
            tx.findings.keep_all(row, found, "pass")
        plan = connection_of(tx).execute(text(f"EXPLAIN QUERY PLAN {_literal(BY_NAME['decisions'], case)}")).all()
    assert world.steps(case) == before
    assert "COVERING INDEX ix_findings_case_decision" in str(plan)
    with world.house.store.begin() as tx:
        for number in range(1, 151):
            tx.findings.decide(tx.cases.row(case), number, Decision(DecisionKind.INCLUDE, RELEASER, NOON))
    assert world.steps(case) == [*before, "facts:decisions"]
    outside(world, "UPDATE findings SET decision = 'exclude' WHERE number = 7")
    assert differing(world) == [(case, "decisions")]


def _literal(part: Part, case: str) -> str:
    return str(part.rows([case]).compile(compile_kwargs={"literal_binds": True}))


def test_the_whole_life_of_a_case_verifies(world: World) -> None:
    """Extension, answer, bounce, correction, hand-over, the end of the material and of the record."""
    case = steps.in_review(world)
    assert differing(world) == []
    ask(world, case)
    dispatch(world.house)
    assert world.case(case).extension == "in_force"
    with world.house.store.begin() as tx:
        read_draft(world.house, tx, case, RELEASER)
    answered_again(world, case)
    comes_back(world, message_id(world, case))
    assert said(world, case, "did_not_arrive") == ""
    assert differing(world) == []
    answered_again(world, case)
    world.clock.move(days=3)
    corrected(world, case)
    answered_again(world, case)
    assert differing(world) == []
    retain(world.house)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    assert differing(world) == []
    with world.house.store.begin() as tx:
        head = tx.ledger.head()
        assert broken_at(tx.cases.history(case)) is None
    world.clock.at = datetime(2030, 1, 1, tzinfo=UTC)
    assert retain(world.house).records == 1
    assert differing(world) == []
    with world.house.store.begin() as tx:
        audit = tx.ledger.audit(head, 3)
        assert audit.sound
        assert audit.found is not None


MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1970 < moment.year < 9000)
CHANGES: dict[str, st.SearchStrategy[object]] = {
    "due": st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    "received_at": MOMENTS,
    "language": st.sampled_from(["de", "en"]),
    "extension": st.sampled_from(["", "asked", "in_force"]),
    "attention": st.sampled_from(["", "reply_received"]),
    "derivation_de": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
    "closed_at": st.none() | MOMENTS,
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_the_program_writes_verifies(world: World, data: st.DataObject) -> None:
    case = world.cases()[0].number if world.cases() else steps.acknowledged(world)
    columns = data.draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=4))
    with world.house.store.begin() as tx:
        for column in columns:
            setattr(tx.cases.row(case), column, data.draw(CHANGES[column]))
            if data.draw(st.booleans()):
                tx.cases.note(case, "noted")
            if data.draw(st.booleans()):
                tx.ledger.head()
    with world.house.store.begin() as tx:
        assert tuple(tx.evidence.differences()) == ()
        assert broken_at(tx.cases.history(case)) is None
        assert tx.ledger.audit("", 3).sound


@given(st.dictionaries(st.sampled_from(sorted(BY_NAME)), st.just("") | st.text("0123456789abcdef", max_size=64)))
def test_digests_are_read_as_they_were_written(facts: dict[str, str]) -> None:
    assert read(written(facts)) == facts


CASE = """INSERT INTO cases (number, status, "right", language, channel, received_at, due, nominal_end, safe_target,
    derivation_de, derivation_en, opened_at, changed_at, material_key, record_key, sender_hmac, draft, collected,
    attention, asked_in, batch, waits_for, waits_for_reply, acknowledgement, words_hmac, holiday_list, extension,
    extension_reason) VALUES ('DSAR-2026-0001', 'sent', 'access', 'de', 'mail', '2026-03-02 11:00:00', '2026-04-02',
    '2026-04-02', '2026-04-02', '', '', '2026-03-02 11:00:00', '2026-03-02 11:00:00', 'm', 'r', 'h', 1, 0, '', '', '',
    '', '', '', '', '', '', '')"""
STEP = """INSERT INTO events ("case", seq, at, what, commitment, previous, hash)
    VALUES ('DSAR-2026-0001', 1, '2026-03-02 11:00:00', 'opened', 'c', 'p', 'e')"""


def old_database(folder: Path) -> Engine:
    engine = open_engine(f"sqlite:///{folder / 'old.db'}")
    to(engine, "0009")
    with engine.begin() as connection:
        connection.execute(text(CASE))
        connection.execute(text(STEP))
    return engine


def test_cases_from_before_get_their_first_digests_by_a_step_that_says_so(tmp_path: Path) -> None:
    """Also one whose record key is lost: an update must not stop for it."""
    engine = old_database(tmp_path)
    migrate(engine)
    store = Store(engine, KeyStore(tmp_path / "keys", MasterKey(bytes(32))), MovableClock())
    with store.begin() as tx:
        session = tx.cases._session
        whats = session.scalars(select(EventRow.what).order_by(EventRow.seq)).all()
        assert whats == ["opened", BEGINS]
        assert tx.state.get(PENDING) == {}
        assert {"receipt", "due", "status"} <= set(tx.evidence.fixed("DSAR-2026-0001"))
        assert tx.evidence.begun() == {NOON.date(): 1}
        assert tuple(tx.evidence.differences()) == ()
    store = Store(engine, KeyStore(tmp_path / "keys", MasterKey(bytes(32))), MovableClock())
    with store.begin() as tx:
        assert len(tx.cases._session.scalars(select(EventRow)).all()) == 2
    engine.dispose()


def test_the_update_can_be_taken_back_and_done_again(tmp_path: Path) -> None:
    engine = old_database(tmp_path)
    to(engine, NEWEST)
    to(engine, "0009", down=True)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT number, due FROM cases")).one() == ("DSAR-2026-0001", "2026-04-02")
        assert connection.execute(text("SELECT count(*) FROM state")).scalar() == 0
    to(engine, NEWEST)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT hash, facts FROM events")).one() == ("e", "")
    engine.dispose()


def test_the_daily_report_names_the_case_and_stops_when_it_is_put_right(world: World) -> None:
    case = steps.in_review(world)
    other = steps.acknowledged(world, OLES)
    daily_report(world.house)
    assert (case, ALARM) not in world.alarms()
    outside(world, f"UPDATE cases SET due = '2027-03-02' WHERE number = '{case}'")
    daily_report(world.house)
    assert (case, ALARM) in world.alarms()
    assert (other, ALARM) not in world.alarms()
    watch(world.house)
    dispatch(world.house)
    assert any(b"audit verify" in raw for raw in world.post.to(DPO))
    outside(world, f"UPDATE cases SET due = '2026-04-02' WHERE number = '{case}'")
    daily_report(world.house)
    assert (case, ALARM) not in world.alarms()


def test_the_daily_report_alarms_where_who_and_why_of_a_step_are_gone(world: World) -> None:
    """Not where their key was destroyed, nor for steps that say nobody's word."""
    cases = [steps.in_review(world), steps.acknowledged(world, OLES)]
    with world.house.store.begin() as tx:
        tx.cases.row(cases[0]).due = date(2026, 4, 30)
        key = tx.cases.row(cases[1]).record_key
    outside(world, "UPDATE events SET sealed_detail = NULL WHERE what LIKE 'facts:%'")
    daily_report(world.house)
    assert not [code for _, code in world.alarms() if code == ALARM]
    outside(world, "UPDATE events SET sealed_detail = NULL WHERE seq = 2")
    world.house.keystore.destroy(key, NOON)
    with world.house.store.begin() as tx:
        tx.evidence.alarm()
    assert [subject for subject, code in world.alarms() if code == ALARM] == [cases[0]]


def test_a_part_that_an_update_adds_begins_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else does: what was rewritten or put in before the update is not blessed by it, or by its row alone."""
    known = tuple(part for part in PARTS if part.name != "hold")
    with monkeypatch.context() as before:
        before.setattr(evidence, "PARTS", known)
        before.setitem(BY_TABLE, CASES, tuple(part for part in BY_TABLE[CASES] if part.name != "hold"))
        case = steps.in_review(world)
    monkeypatch.setitem(BY_NAME, "hold", replace(BY_NAME["hold"], later=True))
    outside(world, "UPDATE cases SET due = '2027-03-02'")
    outside(
        world,
        'INSERT INTO clock_questions ("case", number, reason, asked_at) '
        f"VALUES ('{case}', 1, 'identity', '2026-03-02 11:00:00.000000')",
    )
    assert sorted(differing(world)) == [(case, "clock"), (case, "due"), (case, "hold")]
    outside(world, f"INSERT INTO state (name, value, changed_at) VALUES ('{PENDING}', '{{}}', '2026-03-02 11:00:00')")
    world.house.store._begun = False
    assert sorted(differing(world)) == [(case, "clock"), (case, "due")]
    assert world.steps(case)[-1] == BEGINS
    with world.house.store.begin() as tx:
        assert {part for part, one in tx.evidence.fixed(case).items() if one.what == BEGINS} == {"hold"}
