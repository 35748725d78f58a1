"""What proves an answer for as long as its record is kept (ACC-01): where was searched and how that ended, what was
decided in numbers and on which grounds, which mails left when. No value of anybody, and no address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.coverage import Cell, coverage
from flows.house import House
from infra.store.records import MailFacts
from infra.store.store import Transaction

NOW, KEPT, LOST = "current", "kept", "not_kept"
_PARTS = ("register_version", "systems", "identifiers", "findings", "grounds", "mails")


@dataclass(frozen=True, slots=True)
class Record:
    """`state`: as it is now, as it was when the material went, or destroyed before anything of it was kept: then every
    part is None, which says neither that something was searched nor that it was not."""

    state: str
    as_of: datetime | None
    parts: dict[str, Any]


def record(house: House, tx: Transaction, case: str) -> Record:
    if tx.cases.row(case).sealed_person is not None:
        return Record(NOW, tx.now, _told(house, tx, case))
    kept = tx.records.kept(case)
    if kept is None:
        return Record(LOST, None, dict.fromkeys(_PARTS))
    return Record(KEPT, kept.made_at, {part: kept.told.get(part) for part in _PARTS})


def keep_record(house: House, tx: Transaction, case: str) -> None:
    """Before the rows go that it is made of; what was kept then stays as it was."""
    if tx.cases.row(case).sealed_person is not None:
        tx.records.keep(case, _told(house, tx, case))


def _told(house: House, tx: Transaction, case: str) -> dict[str, Any]:
    row = tx.cases.row(case)
    cells = coverage(house.register, tx.findings.logs(case), tx.records.hand_answers(row))
    identifiers = tx.records.identifiers(case)
    return {
        "register_version": house.register.version,
        "systems": [_system(cell) for cell in cells],
        "identifiers": [{"kind": kind, "state": state, "count": count} for kind, state, count in identifiers],
        "findings": dict(sorted(tx.findings.decided(case).items())),
        "grounds": dict(sorted(tx.records.grounds(row).items())),
        "mails": [_mail(mail) for mail in tx.records.mails(case)],
    }


def _system(cell: Cell) -> dict[str, Any]:
    """By which kinds of identifiers it was searched, and what such a search cannot promise."""
    numbers = {"records": cell.records, "findings": cell.findings, "gaps": cell.gaps}
    how = {"at": _at(cell.at), "kinds": list(cell.kinds), "limits": list(cell.limits)}
    reason = cell.system.reason.value if cell.system.reason else ""
    return {"system": cell.system.key, "state": cell.state.value, "code": cell.code or reason, **numbers, **how}


def _mail(mail: MailFacts) -> dict[str, Any]:
    left = {"code": mail.code, "message_id_sha256": mail.message_id_sha256}
    times = {"queued_at": _at(mail.queued_at), "sent_at": _at(mail.sent_at)}
    return {"kind": mail.kind, "what": mail.what, "state": mail.state, **times, **left}


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
