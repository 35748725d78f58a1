"""Replies, reminders, additions and withdrawals find their case; none opens a second clock, none ends one."""

from __future__ import annotations

import pytest

from cases.case import Status
from cases.identifiers import Kind
from flows.collect import search_again
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.inbox import poll
from flows.questions import answer
from flows.watch import watch
from tests.flows import steps
from tests.flows.house import DPO, LENA, REVIEWER, World, mail
from tests.flows.letters import ADDITION, REMINDER, WITHDRAWAL, from_agency, letter

OTHER = "ole@mail.example"
SHORT = "Ach ja, zu meiner Anfrage noch ein Nachtrag: meine Kundennummer ist K-4711.\n"


def arrive(world: World, raw: bytes) -> None:
    world.clock.move(minutes=5)
    world.arrives(raw)
    poll(world.house)


def one_case(world: World) -> str:
    (case,) = world.cases()
    return case.number


def our_mail(world: World, case: str) -> str:
    with world.house.store.begin() as tx:
        return tx.outbox.of_case(case)[0].message_id


def say(world: World, case: str, kind: str, **typed: str) -> str:
    with world.house.store.begin() as tx:
        (asked,) = (item for item in tx.questions.open_ones(case) if item.kind == kind)
        return answer(world.house, tx, asked, {"by": REVIEWER, **typed})


@pytest.mark.parametrize("text", [REMINDER, SHORT, "Zum Auskunftsersuchen: wie weit sind Sie?\n"])
def test_a_mail_of_the_sender_that_speaks_of_the_request_joins_the_case(world: World, text: str) -> None:
    case = steps.acknowledged(world)
    due = world.case(case).due
    world.clock.move(days=9)
    arrive(world, letter(2, text, subject="Noch etwas"))
    assert one_case(world) == case
    assert world.case(case).due == due
    assert (case, "reply_received") in world.alarms()


def test_a_mail_of_the_sender_about_something_else_stays_where_it_is(world: World) -> None:
    case = steps.acknowledged(world)
    raw = letter(2, "Wann kommt mein Fahrradschloss?\n", subject="Lieferung")
    arrive(world, raw)
    assert world.box.raws("INBOX") == [raw]
    assert not any(step.startswith("mail:") for step in world.steps(case))


def test_a_reminder_of_a_request_that_nobody_knows_reaches_a_person(world: World) -> None:
    text = "Ich erinnere an meine Anfrage vom 3. Januar nach Art. 15 DSGVO, auf die ich keine Antwort habe.\n"
    arrive(world, letter(1, text, subject="Erinnerung"))
    assert len(world.cases()) == 1


def test_a_withdrawal_ends_nothing_until_a_person_says_so(world: World) -> None:
    case = steps.acknowledged(world)
    arrive(world, letter(2, WITHDRAWAL, subject="Re: Auskunft", References="<1@mail.example>"))
    assert (world.case(case).status, world.case(case).attention) == (Status.ACKNOWLEDGED, "withdrawal_received")
    assert ("withdrawal", "") in world.waiting(case)
    assert say(world, case, "withdrawal") == "no_decision"
    assert say(world, case, "withdrawal", decision="withdrawn", note="am Telefon bestätigt") == ""
    assert world.case(case).status is Status.WITHDRAWN
    assert world.waiting(case) == set()
    assert (case, "withdrawal_received") not in world.alarms()


def test_a_withdrawal_that_was_none_lets_the_case_go_on(world: World) -> None:
    case = steps.acknowledged(world)
    arrive(world, letter(2, WITHDRAWAL, subject="Re: Auskunft", References="<1@mail.example>"))
    assert say(world, case, "withdrawal", decision="goes_on") == ""
    assert world.case(case).status is Status.ACKNOWLEDGED
    identify_all(world.house)
    assert world.case(case).status is Status.COLLECTING


def test_a_stranger_withdraws_nothing_for_somebody_else(world: World) -> None:
    case = steps.acknowledged(world)
    stranger = letter(2, WITHDRAWAL, "Ole Brandt", OTHER, subject=f"Re: [{case}]", References=our_mail(world, case))
    arrive(world, stranger)
    assert ("withdrawal", "") not in world.waiting(case)
    assert (case, "reply_received") in world.alarms()


def test_a_withdrawal_that_nobody_vouches_for_says_so_above_its_form(world: World) -> None:
    case = steps.acknowledged(world)
    arrive(world, letter(2, WITHDRAWAL, subject="Re: Auskunft", References="<1@mail.example>", auth=""))
    with world.house.store.begin() as tx:
        (asked,) = (item for item in tx.questions.open_ones(case) if item.kind == "withdrawal")
    assert asked.note == "mail_not_authentic"


def test_a_case_number_in_a_strangers_mail_attaches_it_to_nothing(world: World) -> None:
    case = steps.acknowledged(world)
    for number, text in enumerate((ADDITION, WITHDRAWAL), start=2):
        arrive(world, letter(number, text, "Ole Brandt", OTHER, subject=f"[{case}] Auskunft"))
    assert not any(step.startswith("mail:") for step in world.steps(case))
    with world.house.store.begin() as tx:
        assert not any(item.value == "K-4711" for item in tx.cases.person(case).claims)


def test_what_the_person_adds_is_learned_as_claimed_and_searched_for_before_any_answer(world: World) -> None:
    case = steps.in_review(world)
    arrive(world, letter(2, ADDITION, subject="Re: Auskunft", References=our_mail(world, case)))
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    assert [item.origin for item in person.claims if item.kind is Kind.CUSTOMER_NUMBER] == ["claimed"]
    assert steps.release(world, case) == "new_identifiers"
    world.clock.move(minutes=1)
    with world.house.store.begin() as tx:
        search_again(tx, case, REVIEWER, "")
    steps.search_all(world)
    assert steps.release(world, case) == ""


def test_nobody_else_adds_anything_to_a_person(world: World) -> None:
    case = steps.acknowledged(world)
    forged = letter(2, ADDITION, subject="Re: Auskunft", References=our_mail(world, case), auth="")
    arrive(world, forged)
    arrive(world, letter(3, ADDITION, "Ole Brandt", OTHER, subject="Re", References=our_mail(world, case)))
    with world.house.store.begin() as tx:
        assert not any(item.value == "K-4711" for item in tx.cases.person(case).claims)


def test_a_case_that_asks_who_it_is_looks_again_when_the_person_writes_more(world: World) -> None:
    case = steps.acknowledged(world, mail(auth=""))
    identify_all(world.house)
    assert world.case(case).status is Status.IDENTIFYING
    arrive(world, letter(2, ADDITION, subject="Re: Auskunft", References=our_mail(world, case)))
    identify_all(world.house)
    assert world.case(case).status is Status.COLLECTING  # the second mail is authentic, the address is on file
    assert ("identity", "") not in world.waiting(case)


def test_a_reply_wakes_what_waits_for_it(world: World) -> None:
    case = steps.acknowledged(world, mail(auth=""))
    identify_all(world.house)
    with world.house.store.begin() as tx:
        tx.questions.settle(case, "identity")
        tx.cases.row(case).waits_for_reply = "identity"
    arrive(world, letter(2, "Hier die Antwort.\n", subject="Re: x", References=our_mail(world, case), auth=""))
    assert world.waiting(case) == {("identity", "")}
    assert world.case(case).waits_for_reply == ""


def test_many_replies_within_an_hour_are_one_alarm(world: World) -> None:
    case = steps.acknowledged(world)
    for number in range(2, 8):
        arrive(world, letter(number, REMINDER))
        watch(world.house)
    dispatch(world.house)
    assert len(world.post.to(DPO)) == 1
    assert world.steps(case).count("mail:access") + world.steps(case).count("mail:other") == 6


def test_the_same_letter_sent_to_two_addresses_of_ours_is_one_case_and_no_alarm(world: World) -> None:
    world.arrives(letter(1))
    world.arrives(letter(2))
    poll(world.house)
    case = one_case(world)
    assert "mail:copy" in world.steps(case)
    assert world.alarms() == set()


def test_the_same_words_of_somebody_else_are_a_case_of_their_own(world: World) -> None:
    world.arrives(letter(1))
    world.arrives(letter(2, name="Ole Brandt", address=OTHER))
    poll(world.house)
    assert len(world.cases()) == 2


def test_a_second_request_after_the_answer_is_a_new_case_linked_to_the_old(world: World) -> None:
    old = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        tx.cases.move(old, Status.WITHDRAWN)
    world.clock.move(days=200)
    arrive(world, letter(2))
    (_, new) = world.cases()
    assert f"follows:{old}" in world.steps(new.number)
    assert new.due > world.case(old).due
    assert not any(step.startswith("follows:") for step in world.steps(old))


def test_the_request_of_somebody_else_at_the_same_address_follows_nothing(world: World) -> None:
    old = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        tx.cases.move(old, Status.WITHDRAWN)
    arrive(world, letter(2, name="Jonas Krüger", address=LENA))
    (_, new) = world.cases()
    assert not any(step.startswith("follows:") for step in world.steps(new.number))


def test_a_reminder_of_an_agency_joins_the_case_that_it_names(world: World) -> None:
    world.arrives(from_agency())
    poll(world.house)
    numbers = [case.number for case in world.cases()]
    text = f"Guten Tag,\n\nwir erinnern an unsere Anfrage {numbers[1]} nach Art. 15 DSGVO.\n\nDatenfrei\n"
    arrive(world, from_agency(2, text, subject=f"Erinnerung {numbers[1]}"))
    assert [case.number for case in world.cases()] == numbers
    assert any(step.startswith("mail:") for step in world.steps(numbers[1]))


def test_a_reply_to_our_mail_is_read_without_the_subject_that_we_wrote(world: World) -> None:
    """Our own words ("has been received", DSAR) would make it a machine's mail, or a request."""
    case = steps.acknowledged(world)
    with world.house.store.begin() as tx:
        ours = tx.outbox.of_case(case)[0]
    arrive(world, letter(2, WITHDRAWAL, subject=f"Re: {ours.mail.subject}", References=ours.message_id))
    assert ("withdrawal", "") in world.waiting(case)


def test_an_automatic_reply_to_our_mail_is_noted_and_tells_nobody(world: World) -> None:
    case = steps.acknowledged(world)
    away = "Ich bin bis zum 12. nicht im Haus und lese keine Mails.\n"
    ours = our_mail(world, case)
    arrive(world, letter(2, away, subject="Abwesend: Re", References=ours, Auto_Submitted="auto-replied"))
    assert "mail:auto_reply" in world.steps(case)
    assert world.alarms() == set()


def test_what_only_sounds_automatic_is_read_by_a_person_and_answered_by_nobody(world: World) -> None:
    case = steps.acknowledged(world)
    away = "Vielen Dank für Ihre Nachricht. Ich bin bis zum 12. nicht im Büro.\n"
    arrive(world, letter(2, away, subject="Re: x", References=our_mail(world, case)))
    assert (case, "reply_received") in world.alarms()
    dispatch(world.house)
    assert len(world.post.to(LENA)) == 1  # the acknowledgement, and no more


def test_an_unclear_mail_of_somebody_else_at_the_same_address_is_not_swallowed(world: World) -> None:
    case = steps.acknowledged(world)
    text = "Ich habe eine Frage zu meinen personenbezogenen Daten, bitte um Rückruf.\n\n{name}\n"
    arrive(world, letter(2, text, "Jonas Krüger", LENA, subject="Frage"))
    assert len(world.cases()) == 2
    assert not any(step.startswith("mail:") for step in world.steps(case))


TEXT = "Guten Tag,\n\nich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n\n{}\n"


@pytest.mark.parametrize("display", ["Familie Krüger", "Lena Krüger"])
def test_the_same_letter_from_one_mailbox_signed_by_two_is_two_cases(world: World, display: str) -> None:
    """A household shares address and template: a second name is a second person with a clock of their own."""
    sender = f"{display} <{LENA}>"
    arrive(world, mail(text=TEXT.format("Lena Krüger"), sender=sender))
    arrive(world, mail(text=TEXT.format("Lars Krüger"), sender=sender, message_id="<2@mail.example>"))
    assert len(world.cases()) == 2


def test_a_mail_from_one_account_signed_by_another_identifies_nobody(world: World) -> None:
    arrive(world, mail(text=TEXT.format("Lars Krüger")))
    identify_all(world.house)
    (case,) = world.cases()
    assert case.status is Status.IDENTIFYING
