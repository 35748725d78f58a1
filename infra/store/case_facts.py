"""The facts of a case that its steps fix: which columns of which tables, in parts, and a digest of each part.

A part is what changes together. Findings are counted by decision only, and never read: what they say is under the
digest of each draft, and how many there were in the search log.

What is under a digest stays so, else every case from before would differ after an update. A new column gets a part of
its own that is `later`, and its migration the row of `state` by which cases from before get a first digest (see
revision 0010).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, func, select
from sqlalchemy.orm import DeclarativeBase, Session

from infra.store import models as m
from infra.store import models_identity as mi
from infra.store import models_record as mr

SENT, OPEN = "sent", "open"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the facts. `kept`: which rows count; `counted`: how many rows have the same values, not the rows;
    `later`: a revision after the first added it, so that cases which have facts already may begin with it, too."""

    name: str
    table: Table
    columns: tuple[str, ...]
    kept: ColumnElement[bool] | None = None
    counted: bool = False
    later: bool = False

    @property
    def case(self) -> Column[Any]:
        """The column that names the case."""
        return self.table.c["number" if self.table is CASES else "case"]

    def rows(self, cases: Sequence[str]) -> Select[Any]:
        """The case and the values of each row that counts, in an order that is always the same."""
        columns = [self.case, *(self.table.c[name] for name in self.columns)]
        wanted = select(*columns, *([func.count()] if self.counted else [])).where(self.case.in_(cases))
        if self.kept is not None:
            wanted = wanted.where(self.kept)
        if self.counted:
            return wanted.group_by(*columns).order_by(*columns)
        return wanted.order_by(self.case, *self.table.primary_key.columns)


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return table


def _part(name: str, model: type[DeclarativeBase], columns: str, kept: ColumnElement[bool] | None = None) -> Part:
    return Part(name, _table(model), tuple(columns.split()), kept)


CASES = _table(m.CaseRow)
PARTS = (
    _part(
        "receipt",
        m.CaseRow,
        "right language channel asked_in received_at opened_at sender_hmac words_hmac batch material_key record_key",
    ),
    _part(
        "due",
        m.CaseRow,
        "due nominal_end safe_target due_unsuspended derivation_de derivation_en holiday_list",
    ),
    _part("status", m.CaseRow, "status closed_at answered_at version replaces_on draft delivery waits_for"),
    _part("acknowledgement", m.CaseRow, "acknowledgement"),
    _part("extension", m.CaseRow, "extension extension_reason noticed_at"),
    _part("snapshots", m.CaseRow, "snapshot_at first_snapshot_at learned_at"),
    _part("hold", m.CaseRow, "held_at hold_lifted_at"),
    _part("retention", m.CaseRow, "destroy_material_at destroy_record_at"),
    _part("person", m.CaseRow, "sealed_person"),
    _part("clock", m.ClockQuestionRow, "number reason asked_at answered_at"),
    _part("identity", mi.IdentityRow, "doubt question asked_at rejected"),
    _part("codes", mi.ChallengeRow, "number way state person_hmac sent_at expires_at"),
    _part("tries", mi.ChallengeTryRow, "number at"),
    _part("id_documents", mi.IdDocumentRow, "number seen_at decided_at wiped_at"),
    _part("letters", m.MessageRow, "id arrived_at raw_hmac"),
    _part("documents", m.DocumentRow, "number letter added_at sealed_document"),
    _part("searches", m.SearchRow, "source searched_at records findings gaps failed kinds limits"),
    _part("passes", m.PassRow, "source number began_at cases records findings seconds limits kinds"),
    _part("by_hand", m.HandAnswerRow, "system answered_at files sealed_answer"),
    _part(
        "proposals",
        m.ProposalRow,
        "number kind source key_hmac state decided_at sealed_decision",
        m.ProposalRow.state != OPEN,
    ),
    Part("decisions", _table(m.FindingRow), ("decision",), m.FindingRow.decision != "", counted=True),
    _part("drafts", m.DraftRow, "number digest state written_on made_at sealed_approval"),
    _part(
        "packages",
        m.PackageRow,
        "version filename sha256 size kind manifest_sha256 made_at handed_over_at link_state link_until sealed_package",
    ),
    _part(
        "mails",
        m.OutboxRow,
        "id kind once message_id recipient_hmac state created_at sent_at",
        m.OutboxRow.state == SENT,
    ),
    _part(
        "breaches",
        m.BreachRow,
        "number known_at due_at authority outcome notified_at ended_at sealed_facts sealed_end",
    ),
    _part("record", mr.RecordRow, "made_at told"),
)
BY_NAME = {part.name: part for part in PARTS}
BY_TABLE = {table: tuple(part for part in PARTS if part.table is table) for table in {part.table for part in PARTS}}

# What no step fixes, and why; a test holds that nothing else is left out.
LEFT_OUT = {
    "events": "the chain itself",
    "gaps": "counted in the search log, and under the digest of each draft",
    "questions": "what waits for a form now; what was answered is a step",
    "cases.number": "names the case, and is under each digest",
    "cases.changed_at": "when the program last wrote",
    "cases.attention": "a hint for now",
    "cases.collected": "the reconciler's counter",
    "cases.waits_for_reply": "what a reply asks anew",
    "challenges.address_hmac": "emptied when the material goes",
    "challenges.code_hmac": "emptied when the code can serve no more",
    "challenges.sealed_stored": "emptied when the material goes",
    "challenge_tries.person_hmac": "emptied for all cases when a person is found out",
    "id_documents.content_hmac": "emptied with the document",
    "id_documents.sealed_old": "where bytes wait to be deleted",
    "messages": "where a mail lies in its mailbox and what the program has done with it",
    "searches.tried_at": "each try, also where nothing came of it",
    "searches.seconds": "cost",
    "passes.sealed_keys": "goes with the material; kinds and hits stay",
    "proposals.made_at": "an open proposal blocks the draft by itself",
    "proposals.standing": "checked anew with each decision",
    "proposals.sealed_proposal": "goes with the material; its keyed hash is fixed",
    "findings": "under the digest of each draft",
    "drafts.note": "why the last form was not accepted",
    "outbox": "the queue's own work",
}


def digests(
    session: Session, cases: Sequence[str], parts: Iterable[Part], keyed: Callable[[str], str]
) -> dict[str, dict[str, str]]:
    """The digest of each part as the database holds it now, by case and name of the part; empty where a part has no
    rows. `keyed`: HMAC under a key of the store. What the session has not flushed does not count."""
    parts, connection = tuple(parts), session.connection()
    found = {case: dict.fromkeys((part.name for part in parts), "") for case in cases}
    for part in parts:
        for case, rows in groupby(connection.execute(part.rows(cases)), key=itemgetter(0)):
            found[case][part.name] = keyed(_text(case, part.name, rows))
    return found


def _text(case: str, part: str, rows: Iterable[Sequence[object]]) -> str:
    """Case and part are in it, so that equal facts of two cases have two digests."""
    values = [[_plain(value) for value in row[1:]] for row in rows]
    return "\n".join((case, part, json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"))))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def written(facts: dict[str, str]) -> str:
    """Digests as a step keeps them: `due:HEX status:HEX`, and `mails:` for a part that has no rows any more."""
    return " ".join(f"{part}:{digest}" for part, digest in sorted(facts.items()))


def read(facts: str) -> dict[str, str]:
    """The other way round, whatever somebody has written there."""
    found = (item.partition(":") for item in facts.split())
    return {part: digest for part, _, digest in found}
