"""Threads, proxies, floods and the second request, on a real Postfix and a real Dovecot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cases.case import Status
from flows.challenging import QUESTION
from flows.dispatch import dispatch
from flows.engine import reconcile
from flows.notices import ACKNOWLEDGEMENT
from tests.e2e.post_office import PostOffice, open_post_office
from tests.flows.house import DPO, LENA, FakeApi
from tests.flows.letters import ADDITION, AGENT, KANZLEI, REMINDER, WITHDRAWAL, from_agency, from_lawyer, letter
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
PEOPLE = 500
FIRST = ("Lena", "Ole", "Mia", "Finn", "Ida", "Jonas", "Frida", "Emil", "Greta", "Hannes")
LAST = ("Albers", "Brandt", "Claasen", "Dreyer", "Ehlers", "Friese", "Gerdes", "Harms", "Ihde", "Jansen")
CAMPAIGN = (
    "Guten Tag,\n\nhiermit verlange ich nach Art. 15 DSGVO Auskunft über alle Daten, die Sie über mich gespeichert "
    "haben.\n\n{name}\n"
)


@pytest.fixture
def office(
    tmp_path: Path,
    empty_database: Path,
    dovecot_with: Callable[..., Dovecot],
    postfix_for: Callable[..., Postfix],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[PostOffice]:
    people = [LENA, KANZLEI, AGENT, "ole@mail.example", *(address(number) for number in range(PEOPLE))]
    house = tmp_path / "house"
    with open_post_office(house, empty_database, people, dovecot_with, postfix_for, monkeypatch.setenv) as opened:
        yield opened


def address(number: int) -> str:
    return f"p{number}@mail.example"


def asked(office: PostOffice) -> tuple[str, str, str]:
    """A request was acknowledged: its case, and subject and Message-ID of what the person got."""
    office.arrive([(LENA, letter(1))])
    office.work()
    (case,) = office.cases()
    (ours,) = office.received(LENA)
    assert case.number in ours["Subject"]
    return case.number, f"Re: {ours['Subject']}", ours["Message-ID"]


def test_a_thread_is_one_case_with_one_clock(office: PostOffice) -> None:
    """Reply, addition, reminder from a new thread, and a stranger who knows the number."""
    case, subject, ours = asked(office)
    due = office.case(case).due
    office.clock.ahead = timedelta(days=5)
    stranger = letter(9, ADDITION, "Ole Brandt", "ole@mail.example", subject=subject)
    office.arrive(
        [
            (LENA, letter(2, ADDITION, subject=subject, In_Reply_To=ours, References=ours)),
            (LENA, letter(3, REMINDER, subject="Erinnerung")),
            ("ole@mail.example", stranger),
        ]
    )
    office.work()
    assert [one.number for one in office.cases()] == [case]
    assert office.case(case).due == due
    assert sum(step.startswith("mail:") for step in office.steps(case)) == 2
    with office.house.store.begin() as tx:
        assert "K-4711" in {item.value for item in tx.cases.person(case).claims}
    assert len(office.received(LENA)) == 1
    assert any("E-Mail gekommen" in str(mail.get_content()) for mail in office.received(DPO))


def test_a_withdrawal_waits_for_a_person(office: PostOffice) -> None:
    case, subject, ours = asked(office)
    office.arrive([(LENA, letter(2, WITHDRAWAL, subject=subject, In_Reply_To=ours, References=ours))])
    office.work()
    assert office.case(case).status.value not in ("withdrawn",)
    assert "withdrawal" in office.waiting(case)
    assert any("zurück" in str(mail.get_content()) or "Rücknahme" in mail["Subject"] for mail in office.received(DPO))
    assert office.say(case, "withdrawal", decision="withdrawn", note="so geschrieben") == ""
    office.work()
    assert office.case(case).status is Status.WITHDRAWN
    assert len(office.received(LENA)) == 1


def test_a_lawyer_is_asked_for_the_authority_before_anything_is_looked_up(office: PostOffice) -> None:
    office.arrive([(KANZLEI, from_lawyer())])
    office.work()
    (case,) = office.cases()
    assert (case.status, office.waiting(case.number)) == (Status.IDENTIFYING, {"authority"})
    (receipt,) = office.received(KANZLEI)
    assert "Krüger" not in str(receipt.get_content())
    assert office.say(case.number, "authority", decision="not_proven", how="fehlt") == ""
    ours = receipt["Message-ID"]
    reply = from_lawyer(2, subject=f"Re: {receipt['Subject']}", In_Reply_To=ours, References=ours)
    office.arrive([(KANZLEI, reply)])
    office.work()
    assert len(office.cases()) == 1
    assert office.waiting(case.number) == {"authority"}
    assert office.say(case.number, "authority", decision="checked", receives="subject", how="Original gesehen") == ""
    office.work()
    assert office.waiting(case.number) == {"identity"}
    assert office.say(case.number, "identity", decision="checked", how="Rückruf", record="1") == ""
    with office.house.store.begin() as tx:
        assert tx.cases.person(case.number).recipient == LENA


def test_an_agency_for_three_people_gets_one_mail_and_each_person_a_case(office: PostOffice) -> None:
    office.arrive([(AGENT, from_agency()), (AGENT, from_agency(2))])
    office.work()
    cases = office.cases()
    assert len(cases) == 3
    (receipt,) = office.received(AGENT)
    assert all(case.number in str(receipt.get_content()) for case in cases)
    assert all(office.waiting(case.number) == {"authority"} for case in cases)


def test_a_second_request_after_the_answer_is_a_new_case_that_names_the_old(office: PostOffice) -> None:
    old, _, _ = asked(office)
    with office.house.store.begin() as tx:
        tx.cases.move(old, Status.WITH_PERSON)
        tx.cases.move(old, Status.ANSWERED)
    office.arrive([(LENA, letter(2, subject="Noch einmal Auskunft"))])
    office.work()
    (_, new) = office.cases()
    assert f"follows:{old}" in office.steps(new.number)
    assert new.number in office.received(LENA, 2)[-1]["Subject"]


@pytest.mark.slow
def test_a_campaign_of_five_hundred_letters(office: PostOffice) -> None:
    """Each person has a case; the same person twice is one; the DPO gets one alarm; mails leave at the limited pace,
    all within a day; the interface shows no more forms than fit. Nobody of them is on file: each is asked, too."""
    names = [f"{FIRST[number % 10]} {LAST[number // 10 % 10]}" for number in range(PEOPLE)]
    letters = [
        (address(number), letter(number, CAMPAIGN, names[number], address(number))) for number in range(PEOPLE - 10)
    ]
    twice = [(address(number), letter(1000 + number, CAMPAIGN, names[number], address(number))) for number in range(10)]
    office.arrive([*letters, *twice])
    office.work()
    assert len(office.cases()) == PEOPLE - 10
    assert len({case.due for case in office.cases()}) == 1
    (alarm,) = office.received(DPO)
    assert "490 Anfragen" in alarm["Subject"] or "490" in str(alarm.get_content())
    api, most = FakeApi(), office.house.settings.prefect.most_forms
    reconcile(office.house, api)  # type: ignore[arg-type]
    assert len(api.of("ask")) == most
    per_hour = office.house.settings.post.acknowledgements_per_hour
    assert len(office.received(address(0), 2)) == 2
    with office.house.store.begin() as tx:
        assert tx.outbox.held_back() == 2 * (PEOPLE - 10 - per_hour)
        for kind in (ACKNOWLEDGEMENT, QUESTION):
            assert tx.outbox.next_slot(kind, per_hour) < tx.now + timedelta(hours=24)
    office.clock.ahead = timedelta(hours=1, seconds=1)
    assert dispatch(office.house).sent == 2 * per_hour
    assert dispatch(office.house).sent == 0
    assert len(office.received(DPO)) == 1
