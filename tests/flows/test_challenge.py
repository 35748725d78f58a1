"""A code goes to the address on file and nowhere else, counts only where a human typed it, and five tries are all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from cases.case import Status
from cases.challenge import ALPHABET, TRIES, Way, codes_in
from cases.identifiers import Identifier, Kind, Origin
from cases.source import Contact
from flows.dispatch import dispatch
from flows.identify import CannotVerify, cannot_identify, challenge, identify_all, record_check
from flows.inbox import poll
from flows.watch import watch
from tests.flows.house import DPO, LENA, REVIEWER, SETTINGS, US, World, build_world, contact, mail

STORED = "lena@arbeit.example"
EVE = "eve@woanders.example"
ASKS = (
    "Guten Tag,\n\nich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO. Meine Kundennummer ist {number}.\n\n"
    "Lena Krüger\n"
)
CODE = re.compile(rf"^    ([{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}})$", re.M)
WRONG = "347-ACE-HKM"


def asks(sender: str = LENA, number: str = "K-177", message_id: str = "<1@mail.example>", **more: str) -> bytes:
    return mail(text=ASKS.format(number=number), sender=f"Lena Krüger <{sender}>", message_id=message_id, **more)


def reachable(email: str = STORED) -> Contact:
    """On file with a postal address and a phone, too."""
    more = ((Kind.ADDRESS, "Lange Straße 5, 19053 Schwerin"), (Kind.PHONE, "030 23125 011"))
    known = (Identifier(kind, value, Origin.FOUND) for kind, value in more)
    return Contact("customers/1", (*contact(email).identifiers, *known))


def work(world: World) -> None:
    poll(world.house)
    identify_all(world.house)
    watch(world.house)
    dispatch(world.house)


def got(world: World, address: str) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=default) for raw in world.post.to(address)]


def text_of(found: EmailMessage) -> str:
    text: str = found.get_content()
    return text.replace("\r\n", "\n")


def code_of(world: World, address: str = STORED) -> str:
    """The code of the last mail to an address."""
    return str(CODE.findall(text_of(got(world, address)[-1]))[0])


@dataclass(frozen=True)
class Asked:
    case: str
    code: str
    question: EmailMessage
    code_mail: EmailMessage


def another_world(folder: Path, empty: Path, more: str = "") -> Iterator[World]:
    made = build_world(folder, empty, SETTINGS + more)
    yield made
    made.house.close()


@pytest.fixture
def second_world(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    yield from another_world(tmp_path / "second", empty_database)


@pytest.fixture
def codeless(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    yield from another_world(tmp_path / "codeless", empty_database, "[identity]\ncodes = false\n")


@pytest.fixture
def pausing(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    yield from another_world(tmp_path / "pausing", empty_database, '[clock]\nsuspension = "pause"\n')


@pytest.fixture
def asked(world: World) -> Asked:
    """Somebody whom we know by another address asked, and was sent a code there."""
    world.crm.contacts = [reachable()]
    world.arrives(asks())
    work(world)
    (case,) = world.cases()
    return Asked(case.number, code_of(world), got(world, LENA)[-1], got(world, STORED)[-1])


def reply(
    to: EmailMessage, text: str, sender: str = LENA, number: int = 2, subject: str = "", auth: str = "pass", **more: str
) -> bytes:
    answered = str(to["Message-ID"])
    return mail(
        subject or f"Re: {to['Subject']}",
        text,
        f"Lena Krüger <{sender}>",
        auth,
        f"<{number}@mail.example>",
        In_Reply_To=answered,
        References=answered,
        **more,
    )


def comes(world: World, raw: bytes) -> None:
    world.arrives(raw)
    work(world)


def status(world: World, case: str) -> Status:
    return world.case(case).status


def nothing_to(world: World, *addresses: str) -> None:
    """No mail to a stranger holds a code, and none holds what is on file."""
    for address in addresses:
        for found in got(world, address):
            assert not CODE.search(text_of(found)), address
            assert not codes_in(text_of(found)), address
            assert STORED not in text_of(found), address


def is_still_asked(world: World, case: str) -> None:
    assert status(world, case) is Status.IDENTIFYING
    assert ("identity", "") in world.waiting(case)


def test_a_known_customer_at_an_unknown_address_is_proven_by_a_code_to_the_address_on_file(
    world: World, asked: Asked
) -> None:
    assert [to for _, to in world.post.sent if to != DPO] == [LENA, LENA, STORED]
    assert LENA in text_of(asked.code_mail)
    is_still_asked(world, asked.case)
    comes(world, reply(asked.question, f"Guten Tag, der Code lautet {asked.code}.\n\nLena Krüger\n"))
    assert status(world, asked.case) is Status.COLLECTING
    with world.house.store.begin() as tx:
        person = tx.cases.person(asked.case)
    assert person.recipient == STORED
    assert person.verification is not None
    assert person.verification.how == "code_to_stored_address"
    assert LENA not in {item.value for item in person.verified}
    assert world.waiting(asked.case) == set()
    assert "identified:code_to_stored_address" in world.steps(asked.case)


@pytest.mark.parametrize("hyphen", ["", " ", "–", " - "])
def test_a_code_counts_however_it_is_typed(world: World, asked: Asked, hyphen: str) -> None:
    comes(world, reply(asked.question, f"der Code: {asked.code.replace('-', hyphen)}.\n"))
    assert status(world, asked.case) is Status.COLLECTING


def test_it_may_come_from_the_address_on_file_as_a_reply_or_in_a_mail_of_its_own(world: World, asked: Asked) -> None:
    subject = f"Auskunft {asked.case}"
    comes(world, mail(subject, f"Hier ist der Code: {asked.code}", STORED, message_id="<7@arbeit.example>"))
    assert status(world, asked.case) is Status.COLLECTING
    assert len(world.cases()) == 1


def test_a_reply_to_the_code_mail_may_come_from_where_that_mailbox_is_forwarded_to(world: World, asked: Asked) -> None:
    comes(world, reply(asked.code_mail, f"{asked.code}\n", "lena@weiter.example"))
    assert status(world, asked.case) is Status.COLLECTING


def test_a_reply_that_asks_once_more_for_the_same_opens_no_second_case(world: World, asked: Asked) -> None:
    text = f"Code {asked.code}. Ich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n\nLena Krüger\n"
    comes(world, reply(asked.code_mail, text, STORED))
    assert [(case.number, case.status) for case in world.cases()] == [(asked.case, Status.COLLECTING)]


def quoted(asked: Asked) -> str:
    return "\n".join(f"> {line}" for line in text_of(asked.code_mail).splitlines())


UNCOUNTED: Mapping[str, Callable[[Asked], bytes]] = {
    "quoted": lambda asked: reply(asked.code_mail, f"Was soll das?\n\n{quoted(asked)}\n", STORED),
    "quoted without marks": lambda asked: reply(
        asked.code_mail, f"Was soll das?\n\n{text_of(asked.code_mail)}", STORED
    ),
    "subject": lambda asked: reply(asked.question, "Siehe Betreff.", subject=f"Re: {asked.case} {asked.code}"),
    "out of office": lambda asked: reply(
        asked.code_mail, f"Ich bin bis Montag nicht da. {asked.code}", STORED, Auto_Submitted="auto-replied"
    ),
    "out of office without a header": lambda asked: reply(
        asked.code_mail,
        f"Ich bin bis zum 30. März nicht im Büro und lese keine E-Mails. Ihr Code: {asked.code}",
        STORED,
        subject=f"Automatische Antwort: {asked.code_mail['Subject']}",
    ),
    "list": lambda asked: reply(asked.code_mail, asked.code, STORED, Precedence="bulk", List_Id="<x.arbeit.example>"),
    "stolen token": lambda asked: reply(asked.question, f"Der Code ist {asked.code}", EVE),
}


@pytest.mark.parametrize("how", UNCOUNTED)
def test_a_code_does_not_count(world: World, asked: Asked, how: str) -> None:
    comes(world, UNCOUNTED[how](asked))
    is_still_asked(world, asked.case)
    nothing_to(world, EVE, LENA)
    with world.house.store.begin() as tx:
        assert tx.challenges.tries(asked.case) == 0


def test_a_bounce_that_gives_the_code_mail_back_proves_nothing(world: World, asked: Asked) -> None:
    bounce = EmailMessage(policy=default)
    bounce["From"], bounce["To"] = "Mailer-Daemon <mailer-daemon@arbeit.example>", US
    bounce["Subject"], bounce["Message-ID"] = "Undelivered Mail Returned to Sender", "<b@arbeit.example>"
    bounce["Auto-Submitted"] = "auto-replied"
    bounce.set_content(f"Delivery to {STORED} failed.\n\n{asked.code}\n")
    bounce.add_attachment(asked.code_mail)
    comes(world, bounce.as_bytes())
    is_still_asked(world, asked.case)
    assert (asked.case, "bounced") in world.alarms()


def test_the_name_of_an_attachment_is_no_text(world: World, asked: Asked) -> None:
    message = message_from_bytes(reply(asked.question, "Anbei."), policy=default)
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=f"{asked.code}.bin")
    comes(world, message.as_bytes())
    is_still_asked(world, asked.case)


def test_a_code_is_good_once_and_not_for_ever(world: World, asked: Asked) -> None:
    world.clock.move(days=14)
    comes(world, reply(asked.question, asked.code))
    is_still_asked(world, asked.case)
    assert "nicht annehmen" in text_of(got(world, LENA)[-1])


def test_a_code_of_one_case_is_none_of_another(world: World, asked: Asked) -> None:
    comes(world, asks(EVE, message_id="<9@woanders.example>"))
    (_, second) = world.cases()
    comes(world, reply(got(world, EVE)[-1], asked.code, EVE, 10))
    is_still_asked(world, second.number)
    is_still_asked(world, asked.case)


def test_after_five_wrong_codes_a_person_decides(world: World, asked: Asked) -> None:
    for number in range(TRIES):
        comes(world, reply(asked.question, WRONG.replace("7", ALPHABET[number]), number=20 + number))
    assert (asked.case, "code_tries") in world.alarms()
    world.clock.move(hours=2)
    comes(world, reply(asked.question, asked.code, number=40))
    is_still_asked(world, asked.case)


def test_one_mail_with_many_codes_has_five_tries(world: World, asked: Asked) -> None:
    many = "\n".join(f"{ALPHABET[number]}4A-CE7-HKM" for number in range(TRIES))
    comes(world, reply(asked.question, f"{many}\n{asked.code}\n"))
    is_still_asked(world, asked.case)
    with world.house.store.begin() as tx:
        assert tx.challenges.tries(asked.case) == TRIES


def test_many_cases_for_one_person_give_nobody_more_tries_and_them_no_more_mails(world: World, asked: Asked) -> None:
    """However many addresses somebody writes from: three code mails, five tries, then a person of the house."""
    strangers = [f"eve{number}@woanders.example" for number in range(5)]
    for number, stranger in enumerate(strangers):
        comes(world, asks(stranger, message_id=f"<e{number}@woanders.example>"))
    assert len(world.post.to(STORED)) == 3
    cases = [case.number for case in world.cases()]
    assert {code for case, code in world.alarms() if case in cases[3:]} >= {"code_limit"}
    for number, stranger in enumerate(strangers[:2]):
        three = "\n".join(f"{ALPHABET[number]}{sign}A-CE7-HKM" for sign in "467")
        comes(world, reply(got(world, stranger)[-1], three, stranger, 50 + number))
    comes(world, reply(asked.question, asked.code, number=60))
    for case in cases:
        is_still_asked(world, case)
    nothing_to(world, LENA, *strangers)


def test_who_says_that_it_was_not_them_stops_the_codes_and_calls_a_person(world: World, asked: Asked) -> None:
    comes(world, reply(asked.code_mail, "Nicht ich! Ich habe nichts angefragt.", STORED))
    assert (asked.case, "not_me") in world.alarms()
    assert world.case(asked.case).attention == "not_me"
    comes(world, reply(asked.question, asked.code, number=3))
    is_still_asked(world, asked.case)
    comes(world, asks(EVE, message_id="<9@woanders.example>"))
    assert len(world.post.to(STORED)) == 1


def test_a_denial_that_is_a_request_of_its_own_is_a_case_of_its_own(world: World, asked: Asked) -> None:
    text = "Das war ich nicht! Ich verlange nach Art. 15 DSGVO Auskunft über alle meine Daten.\n\nLena Krüger\n"
    comes(world, reply(asked.code_mail, text, STORED))
    is_still_asked(world, asked.case)
    assert (asked.case, "not_me") in world.alarms()
    (_, second) = world.cases()
    assert second.status is Status.COLLECTING
    nothing_to(world, LENA)


def test_only_the_stored_mailbox_can_say_that_it_was_not_them(world: World, asked: Asked) -> None:
    comes(world, reply(asked.question, "Das war ich nicht.", EVE))
    assert (asked.case, "not_me") not in world.alarms()
    comes(world, reply(asked.question, asked.code, number=3))
    assert status(world, asked.case) is Status.COLLECTING


def plain(found: Iterable[EmailMessage], case: str) -> list[str]:
    """Mails as they leave, without what differs between any two of them: case number, date, Message-ID, Boundary."""
    texts = []
    for one in found:
        raw = one.as_bytes().decode("utf-8", "replace").replace(case, "CASE")
        texts.append(re.sub(r"(?m)^(Date|Message-ID): .*\r?\n", "", raw))
    return texts


@pytest.mark.parametrize("second", ["", WRONG, "Meine Anschrift: Lange Straße 5, 19053 Schwerin."])
def test_the_unknown_address_gets_the_same_whether_we_know_somebody_or_not(
    world: World, second_world: World, second: str
) -> None:
    """Number, order, words and headers of all mails, in the same pass; after a wrong code and further claims, too."""
    seen = []
    for one, contacts in ((world, [contact(STORED)]), (second_world, [])):
        one.crm.contacts = contacts
        comes(one, asks())
        if second:
            comes(one, reply(got(one, LENA)[-1], f"{second}\n\nLena Krüger\n"))
        (case,) = one.cases()
        seen.append((plain(got(one, LENA), case.number), [to for _, to in one.post.sent].index(LENA)))
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == (3 if second == WRONG else 2)
    assert len(world.post.to(STORED)) == 1
    assert second_world.post.to(STORED) == []


def test_no_mail_to_a_stranger_waits_behind_a_code(world: World) -> None:
    """The order in which mails leave would say who is on file."""
    world.crm.contacts = [contact(STORED)]
    world.arrives(asks("a@woanders.example"))
    world.arrives(asks("b@woanders.example", "K-999", "<2@woanders.example>"))
    work(world)
    assert [to for _, to in world.post.sent if to != DPO][-1] == STORED


def test_a_neutral_question_brings_what_was_missing_and_identification_goes_on_by_itself(world: World) -> None:
    world.crm.contacts = [contact(STORED)]
    comes(world, mail())
    assert world.post.to(STORED) == []  # a name alone is nobody
    comes(world, reply(got(world, LENA)[-1], "Meine Kundennummer ist K-177.\n\nLena Krüger\n"))
    (case,) = world.cases()
    comes(world, reply(got(world, LENA)[-1], code_of(world), number=3))
    assert status(world, case.number) is Status.COLLECTING


@pytest.mark.parametrize(
    ("number", "name"), [("K-178", "Lena Krüger"), ("K-177", "Jonas Maier")], ids=["another number", "another name"]
)
def test_claims_that_do_not_fit_send_no_code(world: World, number: str, name: str) -> None:
    world.crm.contacts = [contact(STORED, name)]
    comes(world, asks(number=number))
    assert world.post.to(STORED) == []
    assert len(world.post.to(LENA)) == 2


def test_a_mail_that_nobody_vouches_for_is_proven_by_a_code_to_its_own_address(world: World) -> None:
    comes(world, mail(auth=""))
    (case,) = world.cases()
    comes(world, reply(got(world, LENA)[-1], code_of(world, LENA), auth=""))
    assert status(world, case.number) is Status.COLLECTING


def test_without_the_setting_only_a_person_sends_codes(codeless: World) -> None:
    world = codeless
    world.crm.contacts = [contact(STORED)]
    comes(world, asks())
    (case,) = world.cases()
    assert world.post.to(STORED) == []
    with world.house.store.begin() as tx:
        assert challenge(world.house, tx, case.number, 1, Way.MAIL, REVIEWER)[0] == ""
    dispatch(world.house)
    comes(world, reply(got(world, LENA)[-1], code_of(world)))
    assert status(world, case.number) is Status.COLLECTING


@pytest.mark.parametrize(("way", "how"), [(Way.POST, "code_by_post"), (Way.PHONE, "code_by_phone")])
def test_a_person_may_send_a_code_by_letter_or_phone(world: World, asked: Asked, way: Way, how: str) -> None:
    with world.house.store.begin() as tx:
        code, whom = challenge(world.house, tx, asked.case, 1, way, REVIEWER)
    assert whom.locator == "customers/1"
    assert f"challenge:{way}" in world.steps(asked.case)
    comes(world, reply(asked.question, asked.code))
    is_still_asked(world, asked.case)  # the earlier one is worth nothing any more
    comes(world, reply(asked.question, code, number=3))
    with world.house.store.begin() as tx:
        assert tx.cases.person(asked.case).recipient == STORED
    assert f"identified:{how}" in world.steps(asked.case)


def test_a_right_code_without_an_address_on_file_leaves_to_a_person_where_the_answer_goes(world: World) -> None:
    world.crm.contacts = [reachable("")]
    comes(world, asks())
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        code, _ = challenge(world.house, tx, case.number, 1, Way.POST, REVIEWER)
    comes(world, reply(got(world, LENA)[-1], code))
    is_still_asked(world, case.number)
    assert (case.number, "code_without_address") in world.alarms()


def test_a_way_for_which_nothing_is_on_file_is_none(world: World) -> None:
    world.crm.contacts = [contact(STORED)]
    comes(world, asks())
    (case,) = world.cases()
    with world.house.store.begin() as tx, pytest.raises(CannotVerify) as refused:
        challenge(world.house, tx, case.number, 1, Way.POST, REVIEWER)
    assert refused.value.code == "no_such_way"


@pytest.mark.parametrize(("record", "code"), [(0, "no_such_record"), (2, "no_such_record")])
def test_a_code_goes_to_a_record_on_file_only(world: World, asked: Asked, record: int, code: str) -> None:
    with world.house.store.begin() as tx, pytest.raises(CannotVerify) as refused:
        challenge(world.house, tx, asked.case, record, Way.MAIL, REVIEWER)
    assert refused.value.code == code


def test_a_code_is_kept_nowhere_once_it_has_left(world: World, asked: Asked) -> None:
    with world.house.store.begin() as tx:
        mails = tx.outbox.of_case(asked.case)
        assert not any(asked.code in one.mail.text for one in mails)
        assert len([one for one in mails if one.once.startswith("verify/")]) == 1
    database = (world.folder / "data" / "auskunft.db").read_bytes()
    assert asked.code.encode() not in database
    assert asked.code.replace("-", "").encode() not in database


def test_a_code_mail_leaves_once_whatever_dies_in_between(world: World) -> None:
    world.crm.contacts = [contact(STORED)]
    world.arrives(asks())
    poll(world.house)
    for _ in range(3):
        identify_all(world.house)
    dispatch(world.house)
    dispatch(world.house)
    assert len(world.post.to(STORED)) == 1
    assert len(world.post.to(LENA)) == 2


def test_the_clock_knows_what_was_asked_and_when_it_was_answered(world: World, asked: Asked) -> None:
    with world.house.store.begin() as tx:
        (question,) = tx.clocks.questions(asked.case)
    assert (question.reason, question.asked_at, question.answered_at) == ("identity", world.clock.now(), None)
    world.clock.move(days=3)
    comes(world, reply(asked.question, asked.code))
    with world.house.store.begin() as tx:
        (question,) = tx.clocks.questions(asked.case)
    assert question.answered_at == world.clock.now()


def test_where_the_house_pauses_the_days_of_waiting_are_added(pausing: World) -> None:
    world = pausing
    world.crm.contacts = [contact(STORED)]
    comes(world, asks())
    (case,) = world.cases()
    world.clock.move(days=3)
    comes(world, reply(got(world, LENA)[-1], code_of(world)))
    assert case.due == date(2026, 4, 2)
    assert world.case(case.number).due == date(2026, 4, 7)  # 5 April is Easter Sunday
    assert world.case(case.number).due_unsuspended == case.due


def test_nobody_is_asked_who_is_known(world: World) -> None:
    comes(world, mail())
    (case,) = world.cases()
    assert world.post.to(LENA)[1:] == []
    with world.house.store.begin() as tx:
        assert tx.clocks.questions(case.number) == ()


def test_a_reply_wakes_the_case_once_and_never_after_it_is_known_who_asks(world: World, asked: Asked) -> None:
    assert world.case(asked.case).waits_for_reply == "identity"
    comes(world, reply(asked.question, asked.code))
    comes(world, reply(asked.question, "Vielen Dank!", number=3))
    assert ("identity", "") not in world.waiting(asked.case)


def test_a_question_waits_while_the_address_got_enough_mails(world: World) -> None:
    """Many requests in somebody's name must not become many mails to them."""
    for number in range(4):
        world.arrives(mail("Auskunft", ASKS.format(number=f"K-{number}"), LENA, message_id=f"<m{number}@mail.example>"))
    world.crm.contacts = []
    work(world)
    assert len(world.post.to(LENA)) <= 3
    world.clock.move(hours=1, seconds=1)
    work(world)
    assert len(world.post.to(LENA)) > 1


def test_what_is_forgotten_with_the_case_proves_nothing(world: World, asked: Asked) -> None:
    with world.house.store.begin() as tx:
        tx.challenges.forget_case(asked.case)
        assert tx.challenges.to_address(STORED) == ()
        (kept,) = tx.challenges.of_case(tx.cases.row(asked.case))
        assert (kept.stored, kept.state) == (None, "void")


def test_a_code_to_the_address_that_asks_would_prove_nothing(world: World) -> None:
    """Two people share a mailbox: whoever reads it would prove to be either."""
    world.crm.contacts = [contact(LENA), contact(LENA, "Jonas Krüger", "customers/2")]
    comes(world, asks())
    (case,) = world.cases()
    is_still_asked(world, case.number)
    assert len(got(world, LENA)) == 2
    assert not any(CODE.search(text_of(found)) for found in got(world, LENA))


def test_what_waits_to_be_asked_is_not_sent_once_the_case_has_ended(world: World) -> None:
    world.crm.contacts = [contact(STORED)]
    world.arrives(asks())
    poll(world.house)
    identify_all(world.house)
    (case,) = world.cases()
    with world.house.store.begin() as tx:
        tx.cases.move(case.number, Status.WITHDRAWN, REVIEWER, "Anruf")
    dispatch(world.house)
    assert world.post.to(STORED) == []
    assert len(world.post.to(LENA)) == 1  # the acknowledgement


def test_who_cannot_be_identified_is_not_asked_any_more(world: World, asked: Asked) -> None:
    with world.house.store.begin() as tx:
        cannot_identify(tx, asked.case, REVIEWER, "keine Übereinstimmung")
    comes(world, reply(asked.question, f"Mein Code ist {asked.code}"))
    assert status(world, asked.case) is Status.WITH_PERSON
    assert world.waiting(asked.case) == set()


def test_a_persons_check_ends_the_alarms_about_codes(world: World, asked: Asked) -> None:
    comes(world, reply(asked.code_mail, "Nicht ich", STORED))
    with world.house.store.begin() as tx:
        record_check(world.house, tx, asked.case, 1, REVIEWER, "Rückruf unter der hinterlegten Nummer")
    assert (asked.case, "not_me") not in world.alarms()


def test_before_anybody_was_asked_nothing_is_a_code(world: World) -> None:
    """What looks like one is a number of something else: no try, and no mail that speaks of codes."""
    world.crm.trouble = "refused"
    comes(world, asks())
    (case,) = world.cases()
    comes(world, reply(got(world, LENA)[-1], f"Meine Bestellnummer ist {WRONG}."))
    assert len(got(world, LENA)) == 1
    with world.house.store.begin() as tx:
        assert tx.challenges.tries(case.number) == 0


def test_no_code_goes_by_itself_to_a_mailbox_that_several_read(world: World) -> None:
    world.crm.contacts = [contact("info@firma.example", "Lena Krüger")]
    comes(world, asks())
    assert world.post.to("info@firma.example") == []
    assert len(got(world, LENA)) == 2


ABSENT = (
    "Vielen Dank für Ihre Nachricht. Der Code lautet {code}.\n\nLena Krüger\n",
    "Thank you for your message. The code is {code}.\n\nLena Krüger\n",
    "Guten Tag, ich bin gerade im Urlaub und antworte deshalb kurz: {code}\n\nLena Krüger\n",
)


@pytest.mark.parametrize("text", ABSENT)
@pytest.mark.parametrize("sender", [LENA, STORED])
def test_words_of_an_absence_note_take_no_code_from_who_may_send_one(
    world: World, asked: Asked, sender: str, text: str
) -> None:
    answered = asked.question if sender == LENA else asked.code_mail
    comes(world, reply(answered, text.format(code=asked.code), sender))
    assert status(world, asked.case) is Status.COLLECTING


@pytest.mark.parametrize("how", ["out of office without a header", "stolen token"])
def test_somebody_is_told_of_a_code_that_does_not_count(world: World, asked: Asked, how: str) -> None:
    comes(world, UNCOUNTED[how](asked))
    assert {code for case, code in world.alarms() if case == asked.case} & {"reply_received", "stray_code"}


@pytest.mark.parametrize("right", [True, False])
def test_a_code_from_an_address_that_nobody_knows_is_told_of_and_proves_nothing(
    world: World, asked: Asked, right: bool
) -> None:
    comes(world, mail("Code", asked.code if right else WRONG, EVE, message_id="<77@woanders.example>"))
    is_still_asked(world, asked.case)
    assert (asked.case, "stray_code") in world.alarms()
    with world.house.store.begin() as tx:
        assert tx.challenges.tries(asked.case) == 0


def test_forged_mails_take_no_tries_and_deny_nothing(world: World, asked: Asked) -> None:
    for number in range(TRIES):
        wrong = WRONG.replace("7", ALPHABET[number])
        comes(world, mail("x", f"Code {wrong}", STORED, auth="fail", message_id=f"<f{number}@woanders.example>"))
    comes(world, mail("x", "Das war ich nicht.", STORED, auth="fail", message_id="<f@woanders.example>"))
    assert (asked.case, "reply_received") in world.alarms()
    assert (asked.case, "not_me") not in world.alarms()
    comes(world, reply(asked.question, asked.code, number=9))
    assert status(world, asked.case) is Status.COLLECTING


def test_tries_do_not_count_against_somebody_for_ever(world: World, asked: Asked) -> None:
    for number in range(TRIES):
        comes(world, reply(asked.question, WRONG.replace("7", ALPHABET[number]), number=20 + number))
    world.clock.move(days=60)
    before = len(world.post.to(STORED))
    comes(world, asks("lena@neu.example", message_id="<n@neu.example>"))
    assert len(world.post.to(STORED)) == before + 1


def test_code_mails_are_counted_for_an_address_that_several_records_have(world: World) -> None:
    world.crm.contacts = [contact(STORED, locator=f"customers/{number}") for number in (1, 2, 3)]
    for number in range(6):
        known = number % 3 + 1
        comes(world, asks(f"eve{number}@woanders.example", f"K-{known}77", f"<{number}@woanders.example>"))
    assert len(world.post.to(STORED)) == 3


def test_a_right_code_beside_words_of_a_denial_is_for_a_person(world: World, asked: Asked) -> None:
    comes(world, reply(asked.code_mail, f"Code {asked.code}. Wer, wenn nicht ich, hat das angefragt?", STORED))
    is_still_asked(world, asked.case)
    assert (asked.case, "reply_received") in world.alarms()
    assert (asked.case, "not_me") not in world.alarms()
    comes(world, reply(asked.code_mail, asked.code, STORED, 3))
    assert status(world, asked.case) is Status.COLLECTING


def test_a_right_code_counts_as_wrong_in_no_other_case_of_who_asks(world: World, asked: Asked) -> None:
    other = "jonas@arbeit.example"
    world.crm.contacts = [reachable(), contact(other, "Jonas Krüger", "customers/2")]
    text = ASKS.format(number="K-277").replace("Lena", "Jonas")
    comes(world, mail(text=text, sender=f"Jonas Krüger <{LENA}>", message_id="<2@mail.example>"))
    code = code_of(world, other)
    comes(world, mail("Code", f"{code}\n\nJonas", f"Jonas Krüger <{LENA}>", message_id="<3@mail.example>"))
    with world.house.store.begin() as tx:
        assert tx.challenges.tries(asked.case) == 0
    assert [case.status for case in world.cases()] == [Status.IDENTIFYING, Status.COLLECTING]


@pytest.mark.parametrize("contacts", [[reachable("lena@neu.example")], []], ids=["another address", "gone"])
def test_no_answer_goes_to_an_address_that_is_not_on_file_any_more(
    world: World, asked: Asked, contacts: list[Contact]
) -> None:
    world.crm.contacts = contacts
    comes(world, reply(asked.question, asked.code))
    is_still_asked(world, asked.case)
    assert (asked.case, "reply_received") in world.alarms()


def of_case(world: World, case: str) -> tuple[set[str], set[str]]:
    """What is claimed, and what is proposed to a person."""
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    return {item.value for item in person.claims}, {item.value for item in person.proposals}


MORE = "Meine weitere E-Mail ist opfer@mail.example, vielen Dank.\n\nLena Krüger\n"


def test_once_it_is_known_who_asks_what_the_asking_address_adds_is_for_a_person(world: World, asked: Asked) -> None:
    comes(world, reply(asked.code_mail, asked.code, STORED))
    comes(world, reply(asked.question, MORE, number=8))
    claimed, proposed = of_case(world, asked.case)
    assert "opfer@mail.example" not in claimed
    assert "opfer@mail.example" in proposed
    assert world.case(asked.case).attention == "reply_received"


def test_once_it_is_known_who_asks_their_own_mailbox_may_add_more(world: World, asked: Asked) -> None:
    comes(world, reply(asked.code_mail, asked.code, STORED))
    comes(world, reply(asked.code_mail, MORE, STORED, number=8))
    assert "opfer@mail.example" in of_case(world, asked.case)[0]


@pytest.mark.parametrize("auth", ["", "fail"])
def test_a_mail_that_nobody_vouches_for_adds_nothing_to_a_verified_case(world: World, auth: str) -> None:
    comes(world, mail())
    (case,) = world.cases()
    assert case.status is Status.COLLECTING
    comes(world, reply(got(world, LENA)[-1], MORE, auth=auth))
    assert "opfer@mail.example" not in of_case(world, case.number)[0]
