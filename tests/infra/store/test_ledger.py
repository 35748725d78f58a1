"""The chain over all steps: what somebody kept of it fixes everything before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from cases.case import FIRST, link
from infra.store.case_facts import read, written
from infra.store.ledger import Audit
from tests.flows import steps
from tests.flows.house import World, mail

YEARS = 3
OLES = mail(
    text="Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.\n\nOle Brandt\n",
    sender="Ole Brandt <ole@mail.example>",
    message_id="<2@m.example>",
)


def kept_head(world: World) -> str:
    with world.house.store.begin() as tx:
        return tx.ledger.head()


def audited(world: World, head: str = "", years: int = YEARS) -> Audit:
    with world.house.store.begin() as tx:
        return tx.ledger.audit(head, years)


def run(world: World, *statements: str) -> None:
    with world.house.store._engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_head_that_was_kept_is_found_after_cases_have_moved_on(world: World) -> None:
    steps.acknowledged(world)
    head = kept_head(world)
    assert kept_head(world) == head
    world.clock.move(days=2)
    steps.acknowledged(world, OLES)
    audit = audited(world, head)
    assert audit.sound
    assert audit.found is not None
    assert audit.found < audit.entries
    assert audit.head != head
    assert audited(world, "0" * 64).found is None


def test_a_step_that_was_changed_or_cut_off_is_missing(world: World) -> None:
    steps.in_review(world)
    entries = audited(world).entries
    run(world, "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    assert audited(world).missing == (entries,)


def test_a_database_rewritten_in_itself_has_never_had_the_old_head(world: World) -> None:
    """Whoever can write everything rewrites facts, a history and the chain over all steps with them: each check of the
    database alone passes. The head in the DPO's mail does not."""
    steps.in_review(world)
    head = kept_head(world)
    rewrite(world)
    audit = audited(world)
    assert audit.sound
    with world.house.store.begin() as tx:
        assert tx.cases.all()
        assert tuple(tx.evidence.differences()) == ()
    assert audited(world, head).found is None


def test_what_is_put_in_afterwards_is_late(world: World) -> None:
    steps.acknowledged(world)
    kept_head(world)
    world.clock.move(days=3)
    steps.acknowledged(world, OLES)
    kept_head(world)
    run(
        world,
        'INSERT INTO events ("case", seq, at, what, commitment, previous, hash) '
        f"SELECT \"case\", 900, at, 'made_up', commitment, previous, '{'f' * 64}' "
        "FROM events WHERE seq = 1 LIMIT 1",
    )
    world.clock.move(days=1)
    audit = audited(world)
    assert audit.late == (audit.entries,)


@pytest.mark.parametrize(("years", "missing"), [(4, False), (1, True)])
def test_steps_may_be_gone_only_when_their_period_is_over(world: World, years: int, missing: bool) -> None:
    case = steps.acknowledged(world)
    count = audited(world).entries
    run(world, f"DELETE FROM events WHERE \"case\" = '{case}'")
    world.clock.move(days=366 * years)
    audit = audited(world)
    assert (bool(audit.missing), audit.expired) == (missing, 0 if missing else count)


def rewrite(world: World) -> None:
    """Changes when the case came and what its first step says, and makes everything after it fit again: the digests of
    the facts (by whoever has the keys, too), the histories and the chain over all steps."""
    with world.house.store._engine.begin() as connection:
        connection.execute(text("UPDATE cases SET received_at = '2026-03-20 11:00:00.000000'"))
        connection.execute(text("DELETE FROM ledger"))
    with world.house.store.begin() as tx:
        made = tx.evidence._now_of([case.number for case in tx.cases.all()])
    with world.house.store._engine.begin() as connection:
        rows = connection.execute(text('SELECT "case", seq, at, what, facts FROM events ORDER BY "case", seq')).all()
        previous: dict[str, str] = {}
        for case, seq, at, what, facts in rows:
            said = "opened_later" if seq == 1 else what
            now = made[case]
            fixed = written({part: now[part] for part in read(facts)})
            hashed = link(case, seq, _moment(at), said, "0" * 64, previous.get(case, FIRST), fixed)
            change = (
                "UPDATE events SET what = :what, commitment = :zero, previous = :before, hash = :hash, facts = :facts, "
                'sealed_detail = NULL WHERE "case" = :case AND seq = :seq'
            )
            values = {"what": said, "zero": "0" * 64, "before": previous.get(case, FIRST), "hash": hashed}
            connection.execute(text(change), {**values, "facts": fixed, "case": case, "seq": seq})
            previous[case] = hashed


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC)
