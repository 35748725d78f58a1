"""Asking who somebody is: one neutral question to the address that asks, and a code to the address that is on file.

The question is the same whether or not we know anybody (no oracle): same words, same headers, queued before any code.
Codes leave last of a pass (`Outbox.due`), so that no mail to a stranger waits behind one.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from cases.case import Case, Status
from cases.challenge import (
    TRIES,
    Doubt,
    Way,
    new_code,
    on_file_as_claimed,
    searched_for,
    shown_address,
    stored_address,
)
from cases.clock import Reason
from cases.draft import Notice
from cases.identifiers import Identifier, Kind
from cases.person import Person, address_on_file
from cases.sharing import is_role_address
from cases.source import Contact
from flows.clocks import question_answered, question_asked
from flows.house import House
from flows.notices import Addressed, queue_notice, too_many
from flows.people import no_mail_to, own_addresses
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.challenges import OPEN, Challenge, Stored
from infra.store.outbox import CODES
from infra.store.store import Transaction

QUESTION, REJECTED = "question/", "code_not_accepted/"
ALARMS = ("not_me", "code_tries", "code_limit", "code_without_address", "stray_code")
WAITS = "identity"  # the question that a reply of the person wakes


def ask_who(house: House, tx: Transaction, case: str, person: Person, doubt: Doubt) -> None:
    """States the doubt and asks the person in the same pass: by a code where a record fits what they claim, else by a
    question. Nobody is asked by a program who is represented, or to whose address none may write."""
    tx.challenges.doubted(case, doubt)
    if doubt is Doubt.PROXY or person.no_mail or not person.sender:
        tx.challenges.question(case, "by_hand")
        return
    contact = _whom(person, doubt)
    only_code = doubt is Doubt.NOT_AUTHENTIC and contact is not None and house.settings.identity.codes
    if not only_code:
        _ask(house, tx, case, person)
    if contact is not None and house.settings.identity.codes:
        _send_code(house, tx, case, person, contact)


def ask_waiting(house: House) -> int:
    """Questions that had to wait because an address got enough mails; returns how many go out now."""
    with house.store.begin() as tx:
        return sum(_ask_if_free(house, tx, case) for case in tx.challenges.waiting())


def is_settled(house: House, tx: Transaction, case: str) -> None:
    """It is known who asks: what was asked is answered."""
    for sent in tx.challenges.of_case(tx.cases.row(case)):
        if sent.state == OPEN:
            tx.challenges.forgive(sent.person)
    stop_asking(tx, case)
    tx.challenges.doubted(case, "")
    for code in ALARMS:
        tx.alarms.clear(case, code)
    question_answered(house, tx, case, Reason.IDENTITY)


def stop_asking(tx: Transaction, case: str) -> None:
    """Nobody is asked any more: what has not left stays, no code is worth anything, and no reply asks anew."""
    tx.questions.settle(case, "identity")
    for sent in tx.challenges.of_case(tx.cases.row(case)):
        tx.outbox.withdraw(_once(sent), "settled")
    tx.outbox.withdraw(f"{QUESTION}{case}", "settled")
    tx.challenges.void(case)
    tx.challenges.question(case, "")
    row = tx.cases.row(case)
    row.waits_for_reply = "" if row.waits_for_reply == WAITS else row.waits_for_reply


def not_asked_any_more(tx: Transaction, case: str) -> bool:
    """Looked at right before such a mail is sent: the case may have ended another way."""
    return tx.cases.get(case).status not in (Status.IDENTIFYING, Status.ACKNOWLEDGED)


def why_no_code(house: House, tx: Transaction, case: str, contact: Contact, way: Way = Way.MAIL) -> str:
    """Why no further code goes to a person on file, as a code; empty where one may. However many cases somebody opens
    in their name, and however many records have their address, they get no more mails and nobody more tries."""
    key, address, within = person_key(house, tx, contact), stored_address(contact), lately(house)
    if tx.challenges.denied(case, key, address, within):
        return "not_me"
    if tx.challenges.tries(case, key, within) >= TRIES:
        return "code_tries"
    many = tx.challenges.sent_lately(key, address, within) >= house.settings.identity.code_mails
    return "code_limit" if many and way is Way.MAIL else ""


def lately(house: House) -> timedelta:
    """For how long mails, tries and denials count against a person on file."""
    return timedelta(days=house.settings.identity.code_mails_days)


def make_code(house: House, tx: Transaction, case: str, contact: Contact, way: Way) -> tuple[Challenge, str]:
    """A fresh code for the person on file. It is kept as an HMAC only: whoever sends it has to do so now."""
    code = new_code(secrets.choice)
    stored = Stored(contact, stored_address(contact))
    lives = timedelta(days=house.settings.identity.code_days)
    made = tx.challenges.add(tx.cases.row(case), way, person_key(house, tx, contact), stored, code, lives)
    tx.cases.note(case, f"code:{way}")
    question_asked(house, tx, case, Reason.IDENTITY)
    return made, code


def mail_code(house: House, tx: Transaction, case: str, person: Person, contact: Contact) -> None:
    """The code goes to the address on file, and names the address that asks."""
    made, code = make_code(house, tx, case, contact, Way.MAIL)
    value = tx.cases.get(case)
    requester = shown_address(person.sender) if value.channel == "mail" else ""
    fields = [("received", house.today(value.received_at).isoformat())]
    fields += [("expires", house.today(made.expires_at).isoformat()), ("code", code)]
    fields += [("requester", requester)] if requester else []
    notice = Notice("identity_code", _language(value), case, tuple(fields))
    queue_notice(house, tx, _once(made), notice, Addressed(stored_address(contact)))


def person_key(house: House, tx: Transaction, contact: Contact) -> str:
    return tx.challenges.person_of(house.record.name if house.record else "", contact)


def reject_code(house: House, tx: Transaction, case: str, to: Addressed) -> None:
    """Says that a code is not accepted, in words that do not say whether there was one; at most as often as there are
    tries."""
    number = tx.challenges.identity(case).rejected + 1
    if number > TRIES or too_many(house, tx, to.recipient):
        return
    tx.challenges.rejected(case)
    notice = Notice("code_not_accepted", _language(tx.cases.get(case)), case, ())
    queue_notice(house, tx, f"{REJECTED}{case}/{number}", notice, to)


def _whom(person: Person, doubt: Doubt) -> Contact | None:
    """To whose address on file a code can go. One to the address that asks proves only where nobody vouches for the
    mail: then its owner learns of it, and whoever forged it does not. What comes back from a mailbox that a company or
    a family reads says nothing about one of them: there a person decides."""
    if doubt is Doubt.NOT_AUTHENTIC:
        return next(one for one in person.candidates if address_on_file(one, person.sender))
    contact = on_file_as_claimed(searched_for(person), person.candidates)
    address = stored_address(contact) if contact else ""
    if not address or _same(address, person.sender) or is_role_address(Identifier(Kind.EMAIL, address).normal):
        return None
    return contact


def _same(one: str, other: str) -> bool:
    return Identifier(Kind.EMAIL, one).normal == Identifier(Kind.EMAIL, other).normal


def _ask(house: House, tx: Transaction, case: str, person: Person) -> None:
    """Once for a case: what comes after that is for a person to ask."""
    if tx.challenges.identity(case).question == "asked":
        return
    if too_many(house, tx, person.sender):
        tx.challenges.question(case, "waiting")
        return
    value = tx.cases.get(case)
    fields = (("received", house.today(value.received_at).isoformat()),)
    slot = tx.outbox.next_slot(QUESTION, house.settings.post.acknowledgements_per_hour)
    to = Addressed(person.sender, person.message_id, slot)
    queue_notice(house, tx, f"{QUESTION}{case}", Notice("identity_request", _language(value), case, fields), to)
    tx.challenges.question(case, "asked")
    tx.cases.row(case).waits_for_reply = WAITS
    question_asked(house, tx, case, Reason.IDENTITY)


def _ask_if_free(house: House, tx: Transaction, case: str) -> bool:
    if tx.cases.get(case).status is not Status.IDENTIFYING:
        tx.challenges.question(case, "")
        return False
    try:
        _ask(house, tx, case, tx.cases.person(case))
    except (KeyStoreError, Tampered):
        return False  # the alarm `unreadable_case` is raised where the case is worked on
    return tx.challenges.identity(case).question == "asked"


def _send_code(house: House, tx: Transaction, case: str, person: Person, contact: Contact) -> None:
    key = person_key(house, tx, contact)
    known = tx.challenges.open_one(tx.cases.row(case))
    if known is not None and known.person == key and tx.now < known.expires_at:
        return
    if no_mail_to(stored_address(contact), own_addresses(house)):
        return
    why = why_no_code(house, tx, case, contact)
    if why:
        tx.cases.note(case, f"no_code:{why}")
        tx.cases.needs_attention(case, why)
        tx.alarms.raise_(case, why)
    else:
        mail_code(house, tx, case, person, contact)


def _once(challenge: Challenge) -> str:
    return f"{CODES}{challenge.case}/{challenge.number}"


def _language(case: Case) -> str:
    return case.asked_in if case.asked_in in ("de", "en") else "both"
