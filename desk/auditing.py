"""`auskunft audit`: the histories of cases, verified and exported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cases.case import Case, Event, broken_at
from flows.outside import STEPS
from flows.record import record

if TYPE_CHECKING:
    from flows.house import House
    from infra.store.evidence import Difference
    from infra.store.knowledge import LoggedPass
    from infra.store.ledger import Audit
    from infra.store.store import Transaction

SCHEMA = "auskunft-record/1"
# The steps of a history by which an answer was made, left, arrived and ended.
_DELIVERED = (
    "sealed:",
    "sent:answer",
    "refused_by_server:answer",
    "delivery:",
    "link_",
    "answer_bounced",
    "status:delivery_uncertain",
    "printed:",
    "package_saved",
    "passphrase_",
    "correction:",
    "material_destroyed",
    *STEPS,
)
_SENT = re.compile(r"message-id-sha256:(?P<message_id_sha256>[0-9a-f]{64}) smtp:(?P<smtp>[0-9. ]+|unknown)")
_SEALED = re.compile(r"(?P<sha256>[0-9a-f]{64}) (?P<manifest_sha256>[0-9a-f]{64})")
_VERSION = re.compile("version ([0-9]+)", re.ASCII)
_TAKEN_BACK = ("link_gone", "deleted_outside:link")
FACTS = {
    "receipt": "when, how and in which language it came, and from whom",
    "due": "the due day and how it was counted",
    "status": "status, end, version and way of the answer",
    "acknowledgement": "what became of the acknowledgement",
    "extension": "the extension and its notice",
    "snapshots": "when the searches began, and when something was learned last",
    "hold": "when data were to be spared, and until when",
    "retention": "when material and record are destroyed",
    "person": "who asks and who was identified, sealed",
    "clock": "questions that may suspend the period",
    "identity": "why the person is not verified, and what they were asked",
    "codes": "one-time codes: way, state and times",
    "tries": "wrong codes",
    "id_documents": "identity documents that came unasked",
    "letters": "the mails of the case and their arrival",
    "documents": "scans and copies",
    "searches": "what was searched, and what it brought",
    "passes": "the search log",
    "by_hand": "systems that people answered for",
    "proposals": "identifiers that were accepted or declined",
    "decisions": "how many findings have which decision",
    "drafts": "drafts and approvals",
    "packages": "sealed answers, hand-over and links",
    "mails": "mails that have left",
    "breaches": "breach tasks",
    "record": "what stays of the answer: systems, counts, grounds and mails",
}
_SHOWN = 5  # numbers of entries in one line


def verify_histories(house: House, head: str) -> int:
    """Prints what was found; returns the exit status: 1 where something was changed, or no state of ours ever had this
    head."""
    with house.store.begin() as tx:
        broken = {case.number: at for case in tx.cases.all() if (at := broken_at(tx.cases.history(case.number)))}
        count = tx.ledger.cases()
        audit = tx.ledger.audit(head.strip().lower(), house.settings.retention.record_years)
        differences, begun, gone = tuple(tx.evidence.differences()), tx.evidence.begun(), tx.cases.gone().unnamed
    for case, at in broken.items():
        print(f"{case}: the history was changed at step {at}")
    found = (*map(_different, differences), *map(_gone, gone.items()))
    for line in (*found, *map(_begun, begun.items()), *_told(audit, head)):
        print(line)
    print(f"{count} cases, {audit.entries} steps, combined head {audit.head}")
    return 1 if broken or found or not audit.sound or (head and audit.found is None) else 0


def _different(one: Difference) -> str:
    """Which case, which of its facts, and since which step; without a value."""
    if not one.part:
        return f"{one.case}: there are steps, but the case itself was removed outside of the program"
    facts = f"{one.case}: {one.part} ({FACTS.get(one.part, 'unknown facts')})"
    if one.since is None:
        return f"{facts} was put in outside of the program: no step says so"
    step = f"step {one.since.seq} ({one.since.what}, {one.since.at.isoformat(timespec='seconds')})"
    if one.met:
        return f"{facts} had been changed outside of the program when {step} was written"
    return f"{facts} was changed outside of the program: it is not what it was since {step}"


def _gone(one: tuple[int, int]) -> str:
    year, cases = one
    return f"{year}: {cases} cases were removed outside of the program with all their steps"


def _begun(one: tuple[date, int]) -> str:
    day, cases = one
    return f"{cases} cases have facts that are fixed only since {day} (step facts_begin): before, nothing is proven"


def _told(audit: Audit, head: str) -> Iterator[str]:
    if audit.broken:
        yield f"the chain over all steps is broken at {_some(audit.broken)}"
    if audit.missing:
        yield f"steps were changed or removed before their period was over: {_some(audit.missing)}"
    if audit.late:
        yield f"steps were put in afterwards: {_some(audit.late)}"
    if audit.expired:
        yield f"{audit.expired} steps are gone because their period is over"
    if head and audit.found is None:
        yield (
            "no state of this database ever had this head: it was rewritten, or it is a backup from before that report"
            " (compare the head letter by letter first)"
        )
    if head and audit.found is not None:
        later = audit.entries - audit.found
        yield f"the head fits: the first {audit.found} steps are as they were then; {later} came later"


def _some(entries: tuple[int, ...]) -> str:
    more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
    return "entry " + ", ".join(map(str, entries[:_SHOWN])) + more


def export_history(house: House, case: str) -> str:
    """The record of one case for the supervisory authority (Art. 5(2), 58(1)(a) GDPR) as JSON: dates and how they were
    counted, every step with who and why, which systems were searched how, what was decided in numbers, what left the
    house when, with checksums. No exported data, and no address."""
    with house.store.begin() as tx:
        value, proof = tx.cases.get(case), record(house, tx, case)
        events = tx.cases.history(case)
        told = {
            "schema": SCHEMA,
            "exported_at": tx.now.isoformat(),
            "controller": house.settings.controller.name,
            "case": _case(value),
            "answer_proof": {"state": proof.state, "as_of": _at(proof.as_of)},
            **proof.parts,
            "searches": [_search(one) for one in tx.passes.facts(case)],
            "answer": _answer(tx, case),
            "links": links_in(events),
            "delivery": _delivery(events),
            "facts": _facts(tx, case),
            "events": [_event(event) for event in events],
            "chain_is_sound": broken_at(events) is None,
            "ledger_head": tx.ledger.head(),
        }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _facts(tx: Transaction, case: str) -> list[dict[str, Any]]:
    """Each part of the facts with its digest, the step that fixed it last, and whether it is still so."""
    differing = {one.part for one in tx.evidence.of_case(case) if not one.met}
    fixed = {part: one for part, one in tx.evidence.fixed(case).items() if one.digest or part in differing}
    return [
        {
            "part": part,
            "what": FACTS.get(part, ""),
            "since_step": fixed[part].seq if part in fixed else None,
            "hmac_sha256": fixed[part].digest if part in fixed else None,
            "as_fixed": part not in differing,
        }
        for part in sorted({*fixed, *differing})
    ]


def _case(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "status": case.status.value,
        "right": case.right,
        "channel": case.channel,
        "language": case.language,
        "received_at": _at(case.received_at),
        "opened_at": _at(case.opened_at),
        "closed_at": _at(case.closed_at),
        "due": case.due.isoformat(),
        "counted": {"de": case.derivation_de, "en": case.derivation_en, "holiday_list": case.holiday_list},
        "extension": {"state": case.extension, "reason": case.extension_reason, "noticed_at": _at(case.noticed_at)},
    }


def _search(one: LoggedPass) -> dict[str, Any]:
    """System by kind of identifier by records looked at by hits by time (SCP-01)."""
    counts = {"cases": one.cases, "records": one.records, "findings": one.findings, "seconds": one.seconds}
    kinds = {kind: {"identifiers": count, "hits": hits} for kind, count, hits in one.kinds}
    return {"source": one.source, "at": _at(one.began_at), **counts, "limits": list(one.limits), "kinds": kinds}


def _answer(tx: Transaction, case: str) -> dict[str, Any] | None:
    package = tx.answers.package(tx.cases.row(case))
    if package is None:
        return None
    return {
        "version": package.version,
        "sha256": package.sha256,
        "bytes": package.size,
        "manifest_sha256": package.manifest_sha256,
        "made_at": _at(package.made_at),
        "passphrase_handed_over_at": _at(package.handed_over_at),
        "link": {"state": package.link_state, "until": package.link_until and package.link_until.isoformat()},
    }


def _delivery(events: Sequence[Event]) -> list[dict[str, Any]]:
    """How every version left and what became of it, also when the mails themselves are gone: what the mail server
    answered, the Message-ID as SHA-256, the life of a link, by which channel the passphrase went."""
    return [
        {"at": _at(event.at), "what": event.what, **_evidence(event)}
        for event in events
        if event.what.startswith(_DELIVERED)
    ]


def links_in(events: Sequence[Event]) -> list[dict[str, Any]]:
    """When each link was made, until when the person was promised that it works, and when its file was deleted. Where
    no step says which version that was (none did at first), it was every link."""
    told: list[dict[str, Any]] = []
    for event in events:
        found = _VERSION.fullmatch(event.why)
        version = int(found[1]) if found else None
        code, _, until = event.what.partition(":")
        if code == "link_made":
            made = {"version": version, "made_at": _at(event.at), "promised_until": until}
            told.append({**made, "taken_back_at": None})
        elif event.what in _TAKEN_BACK:
            for link in told:
                if None in (version, link["version"]) or version == link["version"]:
                    link["taken_back_at"] = link["taken_back_at"] or _at(event.at)
    return told


def _evidence(event: Event) -> dict[str, str]:
    pattern = {"sent": _SENT, "sealed": _SEALED}.get(event.what.partition(":")[0])
    found = pattern.fullmatch(event.why) if pattern else None
    return found.groupdict() if found else {}


def _event(event: Event) -> dict[str, Any]:
    fields = ("seq", "what", "who", "why", "commitment", "previous", "facts", "hash")
    return {"at": _at(event.at), **{name: getattr(event, name) for name in fields}}


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
