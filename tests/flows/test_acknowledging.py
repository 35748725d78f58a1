"""To whom the receipt is acknowledged, when, and to whom never."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.case import Acknowledgement
from flows.dispatch import dispatch
from flows.inbox import poll
from flows.questions import answer
from tests.flows import steps
from tests.flows.house import LENA, RELEASER, REVIEWER, World, mail
from tests.flows.letters import letter
from tests.flows.test_threads import say

FRENCH = "Bonjour,\n\nje demande l'accès à toutes mes données personnelles selon l'article 15 du RGPD.\n\nLéa Martin\n"


def sent_to(world: World, address: str) -> list[bytes]:
    dispatch(world.house)
    return world.post.to(address)


def state(world: World, case: str) -> str:
    return world.case(case).acknowledgement


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "<verteiler.mail.example>"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"Auto_Submitted": "auto-generated"},
    ],
    ids=["list", "bulk", "suppress", "null return path", "auto-generated"],
)
def test_what_is_automatic_is_never_acknowledged(world: World, headers: dict[str, str]) -> None:
    world.arrives(mail(**headers))
    poll(world.house)
    for case in world.cases():
        with world.house.store.begin() as tx:
            for asked in tx.questions.open_ones(case.number):
                answer(world.house, tx, asked, {"by": REVIEWER, "decision": "access"})
    assert sent_to(world, LENA) == []


@pytest.mark.parametrize("sender", ["noreply@shop.example", "mailer-daemon@mail.example", "bounce+7@mail.example"])
def test_no_reply_addresses_get_nothing(world: World, sender: str) -> None:
    world.arrives(mail(sender=sender, text="Ich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n"))
    poll(world.house)
    dispatch(world.house)
    assert world.post.to(sender) == []


def test_it_goes_to_the_sender_and_never_to_another_reply_to(world: World) -> None:
    steps.acknowledged(world, mail(Reply_To="somebody@elsewhere.example"))
    dispatch(world.house)
    assert [to for _, to in world.post.sent] == [LENA]


def test_a_sender_that_the_evidence_speaks_against_waits_for_a_persons_yes(world: World) -> None:
    case = steps.acknowledged(world, mail(auth="fail"))
    assert (sent_to(world, LENA), state(world, case)) == ([], Acknowledgement.ASKED)
    assert say(world, case, "acknowledge", by=RELEASER, decision="perhaps") == "no_decision"
    assert say(world, case, "acknowledge", decision="send") == ""
    assert len(sent_to(world, LENA)) == 1
    assert state(world, case) == Acknowledgement.QUEUED


def test_a_persons_no_sends_nothing(world: World) -> None:
    case = steps.acknowledged(world, mail(auth="fail"))
    assert say(world, case, "acknowledge", decision="do_not_send") == ""
    assert (sent_to(world, LENA), state(world, case)) == ([], Acknowledgement.NOT_SENT)
    assert ("acknowledge", "") not in world.waiting(case)


def test_a_request_in_french_is_acknowledged_in_german_and_english(world: World) -> None:
    address = "lea@mail.example"
    world.arrives(letter(1, FRENCH, "Léa Martin", address, subject="Demande d'accès"))
    poll(world.house)
    (case,) = world.cases()
    if case.acknowledgement == "":  # a person said that it is one
        assert say(world, case.number, "triage", decision="access") == ""
    (raw,) = sent_to(world, address)
    assert raw.index(b"Guten Tag") < raw.index(b"Hello")


def test_what_an_address_has_too_many_of_goes_out_together_later(world: World) -> None:
    """Father, mother and children, six in all, from one address: three mails now, and one for the rest."""
    names = ("Lena", "Jonas", "Mia", "Finn", "Ida", "Ole")
    for number, name in enumerate(names, start=1):
        world.arrives(letter(number, name=f"{name} Krüger"))
        world.clock.move(seconds=1)
        poll(world.house)
    assert len(sent_to(world, LENA)) == 3
    waiting = [case.number for case in world.cases() if case.acknowledgement == Acknowledgement.WAITING]
    assert len(waiting) == 3
    world.clock.move(hours=2)
    poll(world.house)
    mails = sent_to(world, LENA)
    assert len(mails) == 4
    assert all(case.encode() in mails[-1] for case in waiting)
    world.clock.move(hours=2)
    poll(world.house)
    assert len(sent_to(world, LENA)) == 4


def test_no_hour_sees_more_acknowledgements_than_the_settings_say(world: World) -> None:
    most = world.house.settings.post.acknowledgements_per_hour
    for number in range(most + 10):
        world.arrives(letter(number, name=f"Person {chr(65 + number % 26)}", address=f"p{number}@mail.example"))
    poll(world.house)
    assert dispatch(world.house).sent == most
    assert dispatch(world.house).sent == 0
    with world.house.store.begin() as tx:
        assert tx.outbox.held_back() == 10
    world.clock.at += timedelta(hours=1)
    assert dispatch(world.house).sent == 10


def test_it_says_what_art_13_asks_for_and_nothing_of_the_person(world: World) -> None:
    case = steps.acknowledged(world)
    (raw,) = sent_to(world, LENA)
    with world.house.store.begin() as tx:
        text = tx.outbox.of_case(case)[0].mail.text
    for word in (
        case,
        "2. April 2026",
        "Art. 13",
        "Art. 6 Abs. 1 lit. c",
        "Art. 77",
        "Mecklenburg-Vorpommern",
        "30 Tage",
    ):
        assert word in text
    assert "Krüger" not in text
    assert b"Kr=C3=BCger" not in raw
