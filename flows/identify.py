"""Who is it? The sender's address against the one on file, a code that went to the address on file, or a person's
recorded check; nothing else verifies."""

from __future__ import annotations

from dataclasses import replace

from cases.case import Status, UnlawfulMove
from cases.challenge import Doubt, Way, next_steps
from cases.identifiers import Identifier, Kind
from cases.person import Authority, Person, Verification, address_on_file, names_agree
from cases.sharing import is_role_address
from cases.source import Contact, SourceUnavailable, SystemOfRecord
from flows.challenging import (
    ask_waiting,
    ask_who,
    is_settled,
    mail_code,
    make_code,
    stop_asking,
    why_no_code,
)
from flows.house import House
from flows.snapshot import first_search
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.challenges import Challenge
from infra.store.store import Transaction


class CannotVerify(Exception):
    """What a person recorded does not identify anybody. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def identify_all(house: House) -> int:
    """Identifies every acknowledged case; returns how many could be verified. One whose system of record cannot be
    asked stays as it is and is tried again."""
    with house.store.begin() as tx:
        waiting = [case.number for case in tx.cases.in_status(Status.ACKNOWLEDGED)]
    verified = sum(_identify_safely(house, case) for case in waiting)
    ask_waiting(house)
    return verified


def _identify_safely(house: House, case: str) -> bool:
    """A case whose own values cannot be read is an alarm and stops no other case; neither does one that a person moved
    elsewhere meanwhile."""
    try:
        return _identify(house, case)
    except UnlawfulMove:
        return False
    except (KeyStoreError, Tampered):
        with house.store.begin() as tx:
            tx.cases.needs_attention(case, "unreadable_case")
            tx.alarms.raise_(case, "unreadable_case")
        return False


def _identify(house: House, case: str) -> bool:
    with house.store.begin() as tx:
        person = tx.cases.person(case)
        if not _waits(tx, case, person):
            return False
        if person.authority_missing:
            _ask_for_authority(tx, case)
            return False
    try:
        candidates = _lookup(house.record, case, person)
    except SourceUnavailable:
        with house.store.begin() as tx:
            tx.cases.needs_attention(case, "record_unavailable")
            tx.alarms.raise_(case, "source_unavailable")
        return False
    with house.store.begin() as tx:
        tx.alarms.clear(case, "source_unavailable")
        if not _waits(tx, case, person):  # a mail or a person came in while the record was asked: the next pass looks
            return False
        return _settle(house, tx, case, replace(person, candidates=candidates))


def _waits(tx: Transaction, case: str, person: Person) -> bool:
    """Whether a case still waits to be identified, and nobody has written to its person meanwhile."""
    return tx.cases.get(case).status is Status.ACKNOWLEDGED and tx.cases.person(case) == person


def _ask_for_authority(tx: Transaction, case: str) -> None:
    """Somebody writes for another person: until somebody checked that they may, nothing is looked up or answered."""
    tx.cases.move(case, Status.IDENTIFYING, why="authority_to_act")
    tx.cases.needs_attention(case, "authority_to_act")
    tx.questions.ask(case, "authority", tx.cases.get(case).due)


def _lookup(record: SystemOfRecord | None, case: str, person: Person) -> tuple[Contact, ...]:
    return record.lookup(person.subject(case)) if record else ()


def _settle(house: House, tx: Transaction, case: str, person: Person) -> bool:
    """Verified where exactly one record has the sender's address, that is one person's, the mail is authentic and the
    name does not speak against it; else the person is asked, and a person of the house looks."""
    fitting = [contact for contact in person.candidates if address_on_file(contact, person.sender)]
    doubt = _doubt(person, fitting)
    if doubt is None:
        address = address_on_file(fitting[0], person.sender)
        known = person.identified(fitting[0], Verification("address_on_file", tx.now), address)
        tx.cases.set_person(case, known)
        is_settled(house, tx, case)
        begin_collecting(tx, case, "address_on_file")
        return True
    tx.cases.set_person(case, person)
    tx.cases.move(case, Status.IDENTIFYING, why=doubt)
    tx.cases.needs_attention(case, f"identity_{doubt}")
    tx.questions.ask(case, "identity", tx.cases.get(case).due)
    ask_who(house, tx, case, person, doubt)
    return False


def _doubt(person: Person, fitting: list[Contact]) -> Doubt | None:
    """Why the sender is not verified; None where they are. The address of a proxy says nothing about the person that
    the proxy writes for."""
    if person.proxy is not None:
        return Doubt.PROXY
    if not fitting:
        return Doubt.ADDRESS_UNKNOWN
    if len(fitting) > 1 or is_role_address(Identifier(Kind.EMAIL, person.sender).normal):
        return Doubt.ADDRESS_SHARED
    if not names_agree(person.claims, fitting[0].identifiers):
        return Doubt.NAME_DIFFERS
    return None if person.vouched else Doubt.NOT_AUTHENTIC


def proven_by_code(house: House, tx: Transaction, case: str, challenge: Challenge, how: str) -> None:
    """The code that went to what is on file came back: it is the person of that record, and the answer goes to the
    address on file. Where none is, a person decides where it goes."""
    tx.challenges.used(challenge)
    if challenge.stored is None or not challenge.stored.address:
        tx.cases.needs_attention(case, "code_without_address")
        tx.alarms.raise_(case, "code_without_address")
        return
    contact, address = challenge.stored.contact, challenge.stored.address
    known = tx.cases.person(case).identified(contact, Verification(how, tx.now), address)
    _forget_search(house, tx, case)
    tx.cases.set_person(case, known)
    is_settled(house, tx, case)
    begin_collecting(tx, case, how)


def challenge(house: House, tx: Transaction, case: str, record: int, way: Way, by: str) -> tuple[str, Contact]:
    """Somebody has a code sent to what is on file for candidate `record`: by mail at once; for a letter or a call to
    the stored address or number it is returned, once. Raises `CannotVerify`."""
    if not by.strip():
        raise CannotVerify("by_needed")
    person = tx.cases.person(case)
    if tx.cases.get(case).status is not Status.IDENTIFYING:
        raise CannotVerify("not_now")
    if person.authority_missing:
        raise CannotVerify("authority_first")
    contact = _candidate(person, record)
    if contact is None:
        raise CannotVerify("no_such_record")
    if way not in next_steps(contact):
        raise CannotVerify("no_such_way")
    why = why_no_code(house, tx, case, contact, way)
    if why:
        raise CannotVerify(why)
    tx.cases.note(case, f"challenge:{way}", by)
    if way is Way.MAIL:
        mail_code(house, tx, case, person, contact)
        return "", contact
    return make_code(house, tx, case, contact, way)[1], contact


def record_check(house: House, tx: Transaction, case: str, record: int, by: str, how: str) -> None:
    """A person checked who asks: it is the person of candidate `record` (counted from 1 as `auskunft case show` lists
    them), and the answer goes to the address on file there; or, with 0, nobody on file: then to the sender's address,
    which the check vouches for. For a proxy it goes where the checked authority says. Raises `CannotVerify`."""
    if not by.strip() or not how.strip():
        raise CannotVerify("by_and_how_needed")
    person = tx.cases.person(case)
    if person.authority_missing:
        raise CannotVerify("authority_first")
    contact = _candidate(person, record)
    address = _own_address(person, contact)
    recipient = person.sender if person.proxy_receives else address
    known = person.identified(contact, Verification("checked_by_person", tx.now, by, how), address)
    if not recipient and not known.postal:  # without an e-mail address the answer goes by post
        raise CannotVerify("no_address_on_file")
    _forget_search(house, tx, case)
    tx.cases.set_person(case, replace(known, recipient=recipient))
    is_settled(house, tx, case)
    begin_collecting(tx, case, "checked_by_person", by, how)


def cannot_identify(tx: Transaction, case: str, by: str, why: str) -> None:
    """A person decided that who asks cannot be found out (Art. 11(2), 12(2)); the case goes to a person for the letter
    that asks for more."""
    stop_asking(tx, case)
    tx.cases.move(case, Status.WITH_PERSON, by, why)
    tx.cases.needs_attention(case, "cannot_identify")


def record_authority(tx: Transaction, case: str, receives: bool, by: str, how: str) -> None:
    """A person checked that a proxy may act for the data subject, and whether that covers receiving the answer; next
    it is asked who the data subject is. Raises `CannotVerify`."""
    if not by.strip() or not how.strip():
        raise CannotVerify("by_and_how_needed")
    person = tx.cases.person(case)
    if receives and not person.sender:
        raise CannotVerify("no_address_of_proxy")
    tx.cases.set_person(case, replace(person, authority=Authority(tx.now, receives, by, how)))
    tx.cases.note(case, "authority:checked_receives" if receives else "authority:checked", by, how)
    tx.questions.settle(case, "authority")
    if tx.cases.get(case).status is Status.IDENTIFYING:
        tx.cases.move(case, Status.ACKNOWLEDGED, by)


def authority_not_proven(tx: Transaction, case: str, by: str, how: str) -> None:
    """The authority is not shown yet: somebody asks the proxy for it. The clock runs, nothing is answered, and the next
    mail of the proxy asks this question anew."""
    tx.cases.note(case, "authority:not_proven", by, how)
    tx.questions.settle(case, "authority")
    tx.cases.row(case).waits_for_reply = "authority"
    tx.cases.needs_attention(case, "authority_not_proven")


def begin_collecting(tx: Transaction, case: str, how: str, by: str = "", why: str = "") -> None:
    tx.cases.note(case, f"identified:{how}", by or "auskunft", why)
    first_search(tx, case)
    tx.cases.move(case, Status.COLLECTING)


def _candidate(person: Person, record: int) -> Contact | None:
    if record == 0:
        return None
    if not 1 <= record <= len(person.candidates):
        raise CannotVerify("no_such_record")
    return person.candidates[record - 1]


def _own_address(person: Person, contact: Contact | None) -> str:
    """The data subject's own address: on file, or, of somebody on file nowhere, that of the mail they wrote."""
    if contact is not None:
        return _mail_of(contact)
    return "" if person.proxy is not None else person.sender


def _mail_of(contact: Contact) -> str:
    return next((item.value for item in contact.identifiers if item.kind is Kind.EMAIL), "")


def _forget_search(house: House, tx: Transaction, case: str) -> None:
    """What was found for whom we took them before must not reach whom we take them for now."""
    tx.cases.row(case).first_snapshot_at = None
    for file in tx.findings.forget(tx.cases.row(case)):
        house.vault.delete(file.blob)
