"""`auskunft case new`: a request that did not come by mail, taken down by a person."""

from __future__ import annotations

import mimetypes
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from cases.case import Acknowledgement, Case, Status
from cases.identifiers import Identifier, Kind
from cases.person import Person, names_agree
from cases.request import Claims, Proxy, Request, Right, Role, Verdict
from desk.console import fail, plain
from desk.recording import listed
from flows.acknowledging import acknowledge
from flows.house import House
from flows.intake import EARLIEST
from flows.numbers import with_number
from flows.opening import Asked, hand_over_if_not_access, open_case, open_of_person, opening
from flows.people import NO_ADDRESS, no_mail_to, own_addresses
from infra.crypto import Tampered
from infra.keystore import KeyStoreError
from infra.store.sealed import StoredFile
from infra.store.store import Transaction

CHANNELS = ("phone", "letter", "in_person", "direct_message", "web_form", "other", "mail")
LANGUAGE = re.compile(r"[a-z]{2}")
MOST_SCANS, MOST_BYTES = 20, 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that somebody took down. `handles` are `platform:name`; `scans` are copied, encrypted, into the case.
    `on_behalf`: the role of a proxy, who then has the e-mail address. `again`: although the same is open already."""

    name: str = field(repr=False)
    channel: str
    by: str = field(repr=False)
    received: str
    email: str = field(default="", repr=False)
    right: str = "access"
    language: str = "de"
    note: str = field(default="", repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    addresses: tuple[str, ...] = field(default=(), repr=False)
    customer_numbers: tuple[str, ...] = field(default=(), repr=False)
    handles: tuple[str, ...] = field(default=(), repr=False)
    birth_date: str = field(default="", repr=False)
    scans: tuple[Path, ...] = ()
    on_behalf: str = ""
    proxy_name: str = field(default="", repr=False)
    acknowledge: bool = False
    again: bool = False


def record_request(house: House, said: Recorded) -> str:
    """Opens a case, its clock running from the day of arrival; returns what to print."""
    _check(said)
    arrived, person = _arrival(house, said), _person(house, said)
    said = replace(said, by=listed(house, said.by))
    request = Request(Verdict(said.right), (Right(said.right),), said.language, 1.0, Claims())
    asked = Asked(request, arrived, channel=said.channel)
    with house.store.begin() as tx:
        _not_twice(tx, person, said)
        others = open_of_person(tx, person)
        case = open_case(tx, opening(house, asked, Right(said.right), person))
        tx.cases.note(case.number, f"recorded:{said.channel}", said.by, said.note)
        tx.cases.move(case.number, Status.ACKNOWLEDGED, said.by)
        _keep_scans(house, tx, case, said.scans)
        _acknowledge(house, tx, case, person, said)
        hand_over_if_not_access(tx, tx.cases.get(case.number))
        due_by_hand = tx.cases.get(case.number).acknowledgement == Acknowledgement.BY_HAND
    return "\n".join(_told(house, case, others, said, by_hand=due_by_hand))


def _check(said: Recorded) -> None:
    if said.channel not in CHANNELS:
        fail(f"--channel {said.channel!r} is not known; allowed: {', '.join(CHANNELS)}")
    if said.right not in set(Right):
        fail(f"--right {said.right!r} is not known; allowed: {', '.join(Right)}")
    if not LANGUAGE.fullmatch(said.language):
        fail("--language is a code of two letters: de, en, fr … (letters are in German or English)")
    if said.on_behalf and said.on_behalf not in set(Role):
        fail(f"--on-behalf {said.on_behalf!r} is not known; allowed: {', '.join(Role)}")
    if not said.by.strip() or not said.name.strip():
        fail("say who asks (--name) and who took it down (--by)")
    if said.acknowledge and not said.email:
        fail("--acknowledge needs --email: without an address the receipt is acknowledged by hand")
    if len(said.scans) > MOST_SCANS or any(not path.is_file() for path in said.scans):
        fail(f"--scan takes files, at most {MOST_SCANS}; one of them cannot be read")
    if any(path.stat().st_size > MOST_BYTES for path in said.scans):
        fail(f"--scan: a file is larger than {MOST_BYTES // 1024 // 1024} MiB; split it")


def _arrival(house: House, said: Recorded) -> datetime:
    try:
        received = datetime.fromisoformat(said.received)
    except ValueError:
        fail("--received is a date or time, as 2026-11-20 or 2026-11-20T14:30")
    if received.date() < EARLIEST.date():
        fail(f"--received lies before {EARLIEST:%d.%m.%Y}, from when the GDPR applies; give the day it arrived")
    if received.year > house.clock.now().year + 1:  # in another zone it may be out of a calendar's range
        fail("--received lies in the future")
    received = (received if received.tzinfo else received.replace(tzinfo=house.zone)).astimezone(UTC)
    if received > house.clock.now():
        fail("--received lies in the future")
    return received


def _not_twice(tx: Transaction, person: Person, said: Recorded) -> None:
    """A request that is taken down twice would have two clocks: somebody says first that it is a new one."""
    same = [case.number for case in tx.cases.still_open() if case.right == said.right and _is_named(tx, case, person)]
    if same and not said.again:
        numbers = ", ".join(same[:5])
        fail(f"open for the same name and right already: {numbers}; if this is a further request, say --again")


def _is_named(tx: Transaction, case: Case, person: Person) -> bool:
    """Whether an open case states a name that fits; one that cannot be read has an alarm of its own."""
    try:
        known = tx.cases.person(case.number).claims
    except (KeyStoreError, Tampered):
        return False
    return any(item.kind is Kind.NAME for item in known) and names_agree(person.claims, known)


def _person(house: House, said: Recorded) -> Person:
    """Everything as claimed: whoever takes down a request has not checked who asks."""
    claims = tuple(_claims(house, said))
    if any(not item.normal for item in claims):
        wrong = ", ".join(sorted({item.kind for item in claims if not item.normal}))
        fail(f"cannot be read as what it is said to be: {wrong}")
    proxy = Proxy(Role(said.on_behalf), said.proxy_name, said.email) if said.on_behalf else None
    no_mail = no_mail_to(said.email, own_addresses(house)) if said.acknowledge else NO_ADDRESS
    return Person(name=said.name, sender=said.email, claims=claims, proxy=proxy, no_mail=no_mail)


def _claims(house: House, said: Recorded) -> Iterator[Identifier]:
    yield Identifier(Kind.NAME, said.name)
    if said.email and not said.on_behalf:
        yield Identifier(Kind.EMAIL, said.email)
    if said.birth_date:
        yield Identifier(Kind.BIRTH_DATE, _birth(house, said.birth_date))
    formats = house.settings.identity.customer_numbers
    several = ((Kind.PHONE, said.phones), (Kind.ADDRESS, said.addresses), (Kind.CUSTOMER_NUMBER, said.customer_numbers))
    for kind, values in several:
        yield from (with_number(Identifier(kind, value), formats) for value in values)
    for handle in said.handles:
        platform, colon, name = handle.partition(":")
        if not colon or not platform or not name:
            fail("--handle is PLATFORM:NAME, as instagram:lena.rad")
        yield Identifier(Kind.HANDLE, name.lstrip("@"), scope=platform.strip().lower())


def _birth(house: House, value: str) -> str:
    try:
        born = date.fromisoformat(value)
    except ValueError:
        fail("--birth-date is a date, as 1984-05-17")
    if born > house.today(house.clock.now()):
        fail("--birth-date lies in the future")
    return born.isoformat()


def _keep_scans(house: House, tx: Transaction, case: Case, scans: tuple[Path, ...]) -> None:
    """Straight from the given file into the vault: nothing in between is written in the clear."""
    row = tx.cases.row(case.number)
    for path in scans:
        with path.open("rb") as source, house.vault.write(house.vault_owner(case.number), row.material_key) as sink:
            shutil.copyfileobj(source, sink)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        tx.documents.add(row, StoredFile(path.name, media_type, sink.ref))


def _acknowledge(house: House, tx: Transaction, case: Case, person: Person, said: Recorded) -> None:
    """By mail only where that was said, and to no address that the intake would not write to either; else the case
    shows that it is still to be done by hand."""
    if said.acknowledge:
        acknowledge(house, tx, [tx.cases.get(case.number)], person)
    else:
        tx.cases.row(case.number).acknowledgement = Acknowledgement.BY_HAND
        tx.cases.needs_attention(case.number, "acknowledge_by_hand")


def _told(house: House, case: Case, others: tuple[Case, ...], said: Recorded, *, by_hand: bool) -> Iterator[str]:
    german = house.settings.controller.language == "de"
    yield f"{case.number}: due {case.due:%d.%m.%Y}"
    yield case.derivation_de if german else case.derivation_en
    if by_hand:
        yield "the receipt is not acknowledged yet: do it by phone or letter, and name the case number and the due date"
    for other in others:
        same = f"{other.number} ({other.right})"
        yield f"the same address has an open case: {same}; if this is no new request, withdraw this one"
    for path in said.scans:
        yield plain(f"{path} is in the case, encrypted; delete your copy")
