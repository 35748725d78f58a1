"""The draft of an answer, made from the store: the same findings, decisions and register always make the same one."""

from __future__ import annotations

from datetime import date

from cases.case import Case
from cases.coverage import coverage
from cases.draft import DecisionKind, Draft, Ground, Item, ItemField, ItemFile
from cases.finding import DataField
from cases.identifiers import Identifier, Kind, Origin
from cases.person import Person
from cases.register import Register
from flows.delivering import Way, way_of
from flows.house import House
from flows.proposed import undecided
from flows.reasons import KINDS, why
from flows.sealing import fingerprint
from infra.store.answers import DraftRecord
from infra.store.cases import SYSTEM
from infra.store.findings import Kept
from infra.store.models import CaseRow
from infra.store.sealed import StoredFile
from infra.store.store import Transaction
from outputs.names import neutral_ending
from outputs.redaction import burnt
from outputs.staff import masked
from outputs.texts import texts
from outputs.wording import version

FOLDER = {"de": "dateien", "en": "files"}
OWN_REQUEST = ("auskunft", "request")  # handling the request is processing too (ACC-06)


def current(house: House, tx: Transaction, case: str) -> tuple[DraftRecord, Draft]:
    """The draft of a case as the store has it now. If it says something else than the one that waits for approval, it
    is a new one: what was approved or read before is not this."""
    row = tx.cases.row(case)
    record = tx.answers.current(row)
    if record is not None and record.state != "superseded":
        draft = build(house, tx, case, record.written_on)
        if draft.digest == record.digest:
            return record, draft
    draft = build(house, tx, case, house.today(tx.now))
    record = tx.answers.new_draft(row, draft.digest, draft.written_on)
    tx.cases.note(case, f"draft:{record.number}", SYSTEM, draft.digest)
    return record, draft


def build(house: House, tx: Transaction, case: str, written_on: date) -> Draft:
    row = tx.cases.row(case)
    value, person = tx.cases.get(case), tx.cases.person(case)
    kept = tx.findings.all(row)
    items, signed_with = _items(house, value, kept), fingerprint(house, tx, person.own_key)
    met = _concerning(items)
    return Draft(
        case=case,
        language=value.language,
        controller=house.controller,
        person=person.name,
        recipient=person.recipient,
        channel="post" if way_of(house, row.delivery, person) is Way.POST else "mail",
        received_on=house.today(value.received_at),
        snapshot_at=value.snapshot_at or value.received_at,
        written_on=written_on,
        due=value.due,
        items=items,
        activities=house.register.concerned(met | {OWN_REQUEST}),
        cells=coverage(house.register, tx.findings.logs(case), tx.findings.hand_answers(row)),
        register_version=house.register.version,
        labels=house.register.labels,
        searched_with=_searched_with(person, value.language),
        problems=(
            *_not_searched_for(tx, row),
            *_gaps_of_register(house.register, items),
            *(("signing_unusable",) if person.own_key and not signed_with else ()),
        ),
        postal_address=person.postal,
        record_years=house.settings.retention.record_years,
        package_days=house.settings.retention.material_days,
        wording=version(),
        first_snapshot_at=value.first_snapshot_at,
        version=value.version,
        replaces_on=value.replaces_on,
        sealed_for=person.own_key,
        signed_with=signed_with,
    )


def _not_searched_for(tx: Transaction, row: CaseRow) -> tuple[str, ...]:
    """What the person stated after the search began was not searched for, nor was what somebody still has to say yes or
    no to: no answer may say that all was (SCP-01)."""
    began = row.snapshot_at
    new = ("new_identifiers",) if began and row.learned_at and row.learned_at > began else ()
    return (*new, "undecided_proposals") if undecided(tx, row.number) else new


def _concerning(items: tuple[Item, ...]) -> set[tuple[str, str]]:
    """What the person is told of: what goes out, and what is withheld for others' sake alone, because Art. 15(4) limits
    the copy and not the information on purposes, recipients and periods."""
    return {(item.source, item.kind) for item in items if item.released or _only_copy_withheld(item)}


def _only_copy_withheld(item: Item) -> bool:
    decision = item.decision
    return decision is not None and decision.kind is DecisionKind.WITHHOLD and decision.ground is Ground.OTHERS


def _gaps_of_register(register: Register, items: tuple[Item, ...]) -> tuple[str, ...]:
    """What goes out and the register does not account for: kinds without activity (ANS-04), fields without category
    (ANS-05), transfers on a mechanism that was withdrawn, activities that leave open what the letter would deny. Fields
    are not named: some sources name them after people."""
    released = [item for item in items if item.released]
    met = _concerning(items)
    bare = {f"{item.source}/{item.kind}" for item in released if any(not part.category for part in item.fields)}
    return (
        *(f"unmapped:{pair}" for pair in register.unmapped(met)),
        *(f"unmapped_field:{pair}" for pair in sorted(bare)),
        *(f"transfer_withdrawn:{key}" for key in register.fallen(register.concerned(met | {OWN_REQUEST}))),
        *(("register_unsaid",) if "" in register.owed else ()),
        *(f"activity_unsaid:{key}" for key in register.unsaid(register.concerned(met | {OWN_REQUEST}))),
    )


def _items(house: House, case: Case, kept: tuple[Kept, ...]) -> tuple[Item, ...]:
    return tuple(_item(house, case, finding) for finding in kept)


def _item(house: House, case: Case, kept: Kept) -> Item:
    """The finding as its decision lets it go out: what was redacted is in no draft, nor who of the house dealt with
    it, unless somebody decided so."""
    words = texts(case.language)
    return masked(burnt(_whole(house, case, kept), words), house.register.labels, words)


def _whole(house: House, case: Case, kept: Kept) -> Item:
    return Item(
        number=kept.number,
        source=kept.source,
        system=_system_name(house.register, kept.source, case.language),
        kind=kept.kind,
        locator=kept.finding.locator,
        strength=kept.strength,
        why=why(kept, case.language),
        fields=tuple(_field(house.register, kept.source, item, case.language) for item in kept.finding.fields),
        files=tuple(
            _file(house, kept, index, file, FOLDER[case.language])
            for index, file in enumerate(kept.finding.files, start=1)
        ),
        at=kept.at,
        decision=kept.decision,
        shared=_is_shared(kept),
        change=kept.change,
        changed_on=house.today(kept.changed_at) if kept.change and kept.changed_at else None,
        earlier=_earlier(house, kept, case.language),
    )


def _is_shared(kept: Kept) -> bool:
    """Whether other people may appear in what it says or first said, or somebody kept a state of it back."""
    said = [one for one in (kept.finding, kept.earlier) if one is not None]
    return any(one.shared or one.held or one.others or one.people for one in said)


def _earlier(house: House, kept: Kept, language: str) -> tuple[ItemField, ...]:
    """What a changed record said first, and the names of the files that it had; nothing of it where somebody ever kept
    a state of this record back, for nobody decides places of an earlier state."""
    if kept.earlier is None or kept.finding.held:
        return ()
    fields = tuple(_field(house.register, kept.source, item, language) for item in kept.earlier.fields)
    return (*fields, *(ItemField("file", file.name) for file in kept.earlier.files))


def _field(register: Register, source: str, stored: tuple[str, str, str], language: str) -> ItemField:
    name, value, category = stored
    label = register.label(source, DataField(name, value))
    if label is None:
        return ItemField(name, value, category=category)
    said = (label.label.in_(language), label.category_in(language))
    return ItemField(name, value, *said, means=label.means(value, language))


def _file(house: House, kept: Kept, index: int, file: StoredFile, folder: str) -> ItemFile:
    """Inside the package a file has a neutral name; its own may say more than a file list should."""
    path = f"{folder}/{kept.number:04}{index:03}{neutral_ending(file.name)}"
    blob = file.blob
    return ItemFile(path, file.name, file.media_type, blob.size, blob.sha256, lambda: house.vault.open(blob))


def _system_name(register: Register, source: str, language: str) -> str:
    system = register.system_of(source) or next((item for item in register.systems if item.key == source), None)
    return system.name.in_(language) if system else source


def _searched_with(person: Person, language: str) -> tuple[tuple[str, str], ...]:
    """What was searched for, as pairs of kind and value: verified first, then what was accepted or only claimed."""
    seen: dict[tuple[Kind, str, str], Identifier] = {}
    known = (*person.verified, *person.accepted, *person.claims)
    for item in sorted(known, key=lambda item: item.origin is not Origin.VERIFIED):
        seen.setdefault(item.key, item)
    return tuple((KINDS[item.kind][0 if language == "de" else 1], item.value) for item in seen.values())
