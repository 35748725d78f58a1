"""Who asks, on a real Postfix and a real Dovecot: a code goes through to one answer, and an attacker gets nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from cases.case import Status
from cases.challenge import ALPHABET, codes_in
from flows.answer import package_and_queue
from flows.dispatch import dispatch
from tests.e2e.post_office import EDGE, PostOffice, open_post_office
from tests.flows import steps
from tests.flows.house import DPO, LENA, US, FakeSource, contact, finding, mail
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
NEW = "lena@neu.example"
NAMES = ("Ole Albers", "Mia Brandt", "Finn Claasen", "Ida Dreyer", "Jonas Ehlers", "Frida Friese", "Emil Gerdes",
         "Greta Harms", "Hanno Ihde", "Anke Jansen")  # fmt: skip
ASKS = (
    "Guten Tag,\n\nich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO. Meine Kundennummer ist {number}.\n\n"
    "{name}\n"
)
GROUP = f"[{ALPHABET}]{{3}}"
CODE = re.compile(rf"^ {{4}}({GROUP}-{GROUP}-{GROUP})\s*$", re.M)
SECRET = "blaues Fahrrad"  # stands in what is found of every customer


@dataclass(frozen=True)
class Victim:
    """A customer, each with an attacker and customer number of their own."""

    number: int

    @property
    def name(self) -> str:
        return NAMES[self.number - 1]

    @property
    def address(self) -> str:
        return f"kunde{self.number}@kunde.example"

    @property
    def attacker(self) -> str:
        return f"eve{self.number}@woanders.example"

    @property
    def customer_number(self) -> str:
        return f"K-{str(self.number)[-1]}77"

    @property
    def lookalike(self) -> str:
        return f"kunde{self.number}@kundе.example".encode("idna").decode()  # a Cyrillic letter in the domain

    @property
    def typo(self) -> str:
        return f"kunde{self.number}@kumde.example"


VICTIMS = tuple(Victim(number) for number in range(1, 11))


def asks(sender: str, name: str, number: str, **more: str) -> bytes:
    text = ASKS.format(name=name, number=number)
    return mail("Auskunft", text, sender, "", f"<{number}@mail.example>", **more)


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory,
    empty_database: Path,
    dovecot_with: Callable[..., Dovecot],
    postfix_for: Callable[..., Postfix],
) -> Iterator[PostOffice]:
    people = [LENA, NEW, *(address for one in VICTIMS for address in places_of(one))]
    folder = tmp_path_factory.mktemp("identity") / "house"
    with (
        pytest.MonkeyPatch.context() as patch,
        open_post_office(folder, empty_database, people, dovecot_with, postfix_for, patch.setenv) as opened,
    ):
        crm = crm_of(opened)
        crm.contacts = [contact(), *(contact(one.address, one.name, f"customers/{one.number}") for one in VICTIMS[1:])]
        crm.holds = {one: [finding("orders/1", value=SECRET)] for one in (LENA, *(v.address for v in VICTIMS))}
        yield opened


def places_of(one: Victim) -> tuple[str, ...]:
    return one.address, one.attacker, one.lookalike, one.typo


def crm_of(office: PostOffice) -> FakeSource:
    source = office.house.sources["crm"]
    assert isinstance(source, FakeSource)
    return source


def text_of(found: EmailMessage) -> str:
    return "\n".join(str(part.get_content()) for part in found.walk() if part.get_content_type() == "text/plain")


def code_in(found: EmailMessage) -> str:
    return str(CODE.findall(text_of(found))[0])


def reply(to: EmailMessage, text: str, sender: str, number: int, **more: str) -> bytes:
    ours = str(to["Message-ID"])
    more = {"In_Reply_To": ours, "References": ours, **more}
    return mail(f"Re: {to['Subject']}", text, sender, "", f"<r{number}@mail.example>", **more)


def new_case(office: PostOffice, sender: str, raw: bytes, *, vouched: bool = True) -> str:
    known = {case.number for case in office.cases()}
    office.arrive([(sender, raw)], vouched=vouched)
    office.work()
    (case,) = (case.number for case in office.cases() if case.number not in known)
    return case


def is_asked(office: PostOffice, case: str) -> None:
    assert office.case(case).status is Status.IDENTIFYING
    assert "identity" in office.waiting(case)


def queued(office: PostOffice, case: str) -> set[str]:
    """To whom mails of a case went or wait to go."""
    with office.house.store.begin() as tx:
        return {one.mail.recipient for one in tx.outbox.of_case(case)}


def learned_nothing(office: PostOffice, victim: Victim, *addresses: str) -> None:
    """No mail to an attacker holds a code, an attachment, or anything that is on file."""
    for address in addresses:
        for found in office.received(address, 0):
            assert codes_in(text_of(found).replace("Einmalcode zum Vorgang", "")) == ()
            assert list(found.iter_attachments()) == []
            for secret in (SECRET, victim.address, victim.name):
                assert secret not in found.as_string()


def test_a_customer_at_a_new_address_goes_through_the_code_to_one_answer(office: PostOffice) -> None:
    case = new_case(office, NEW, asks(NEW, "Lena Krüger", "K-177"))
    is_asked(office, case)
    (code_mail,) = office.received(LENA)
    question = office.received(NEW, 2)[-1]
    assert NEW in text_of(code_mail)
    office.arrive([(NEW, reply(question, f"Der Code ist {code_in(code_mail)}.\n\nLena Krüger\n", NEW, 1))])
    office.work()
    assert office.case(case).status is Status.COLLECTING
    steps.search_all(office)  # type: ignore[arg-type]  # all it needs is the house
    assert steps.release(office, case) == ""  # type: ignore[arg-type]
    package_and_queue(office.house, case)
    dispatch(office.house)
    answer = office.received(LENA, 2)[-1]
    assert len(list(answer.iter_attachments())) == 1
    assert office.case(case).status is Status.SENT
    assert len(office.received(NEW, 2)) == 2
    assert not any(list(found.iter_attachments()) for found in office.received(NEW, 2))
    learned_nothing(office, VICTIMS[0], NEW)


def test_a_forged_sender_with_a_reply_to_brings_the_attacker_nothing(office: PostOffice) -> None:
    one = VICTIMS[1]
    raw = asks(f"{one.name} <{one.address}>", one.name, one.customer_number, Reply_To=one.attacker)
    case = new_case(office, one.attacker, raw, vouched=False)
    is_asked(office, case)
    assert queued(office, case) == {one.address}
    assert codes_in(code_in(office.received(one.address, 2)[-1]))
    learned_nothing(office, one, one.attacker)


def test_who_is_caught_forging_makes_us_write_to_nobody(office: PostOffice) -> None:
    one = VICTIMS[9]
    evidence = f"Authentication-Results: {EDGE}; spf=fail; dkim=none; dmarc=fail header.from=kunde.example\r\n"
    received = f"Received: from x (x [192.0.2.66])\r\n by {EDGE} with ESMTPS\r\n"
    raw = asks(f"{one.name} <{one.address}>", one.name, one.customer_number)
    case = new_case(office, one.attacker, (evidence + received).encode() + raw, vouched=False)
    is_asked(office, case)
    assert queued(office, case) == set()


@pytest.mark.parametrize(
    ("number", "written", "more"),
    [
        (3, "{one.attacker}", {"Reply_To": "{one.address}"}),
        (4, '"{one.name} {one.address}" <{one.attacker}>', {}),
        (5, "{one.name} <{one.typo}>", {}),
        (6, "{one.name} <{one.lookalike}>", {}),
    ],
    ids=["Reply-To", "display name", "look-alike domain", "homograph domain"],
)
def test_whoever_writes_from_elsewhere_gets_the_same_as_a_stranger(
    office: PostOffice, number: int, written: str, more: dict[str, str]
) -> None:
    one = VICTIMS[number - 1]
    sender = written.format(one=one)
    address = re.findall(r"[^\s<>]+@[^\s<>]+", sender)[-1]
    headers = {name: value.format(one=one) for name, value in more.items()}
    case = new_case(office, address, asks(sender, one.name, one.customer_number, **headers))
    is_asked(office, case)
    assert queued(office, case) == {address, one.address}
    (code_mail,) = office.received(one.address)
    assert address in text_of(code_mail)
    question = office.received(address, 2)[-1]
    guess = "347-ACE-HKM"
    office.arrive([(address, reply(question, f"{guess}\n", sender, 100 + number))])
    office.work()
    is_asked(office, case)
    learned_nothing(office, one, address)


def test_a_stolen_thread_token_opens_nothing(office: PostOffice) -> None:
    """Not even with the right code: it counts from the address that asks, the stored one, or in a reply to its mail."""
    one = VICTIMS[6]
    asker = one.typo
    case = new_case(office, asker, asks(asker, one.name, one.customer_number))
    question, code = office.received(asker, 2)[-1], code_in(office.received(one.address)[0])
    text = f"Bitte schicken Sie die Antwort an diese Adresse. Code {code}\n"
    office.arrive([(one.attacker, reply(question, text, one.attacker, 7))])
    office.work()
    is_asked(office, case)
    assert one.attacker not in queued(office, case)
    learned_nothing(office, one, one.attacker)


def bounce_of(code_mail: EmailMessage, one: Victim) -> bytes:
    bounce = EmailMessage(policy=SMTP)
    bounce["From"], bounce["To"] = "Mail Delivery System <mailer-daemon@kunde.example>", US
    bounce["Subject"], bounce["Message-ID"] = "Undelivered Mail Returned to Sender", f"<b{one.number}@kunde.example>"
    bounce["Auto-Submitted"] = "auto-replied"
    bounce.set_content(f"I could not deliver your mail. Its text was:\n\n{code_in(code_mail)}\n")
    bounce.add_attachment(code_mail)
    return bounce.as_bytes()


def absence_of(code_mail: EmailMessage, one: Victim) -> bytes:
    """A program that says of itself nothing but what it says, and repeats what it got without any mark."""
    text = f"Ich bin bis zum 30. November nicht im Büro und lese keine E-Mails.\n\n{text_of(code_mail)}"
    subject = f"Automatische Antwort: {code_mail['Subject']}"
    raw = mail(subject, text, f"{one.name} <{one.address}>", "", f"<o{one.number}@kunde.example>")
    answered = f"In-Reply-To: {code_mail['Message-ID']}\r\n".encode()
    return answered + raw


@pytest.mark.parametrize(("number", "returned"), [(8, bounce_of), (9, absence_of)], ids=["bounce", "out of office"])
def test_what_comes_back_by_itself_with_the_code_in_it_proves_nothing(
    office: PostOffice, number: int, returned: Callable[[EmailMessage, Victim], bytes]
) -> None:
    one = VICTIMS[number - 1]
    case = new_case(office, one.attacker, asks(one.attacker, one.name, one.customer_number))
    (code_mail,) = office.received(one.address)
    office.arrive([(one.address, returned(code_mail, one))])
    office.work()
    is_asked(office, case)
    learned_nothing(office, one, one.attacker)
    assert office.received(DPO, 0) is not None
