"""An answer that a mail server gives back, in a mail or as a link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.case import Status
from flows.answer import package_and_queue
from flows.delivering import Way, choose, publish_waiting
from flows.dispatch import dispatch, hand_over
from flows.inbox import poll
from flows.questions import answer
from flows.watch import watch
from infra.post import PostRefused
from infra.settings_delivery import DeliverySection
from tests.flows import steps
from tests.flows.house import LENA, REVIEWER, US, World
from tests.flows.test_delivering import FakeCloud

REPORT = """From: Mail Delivery System <MAILER-DAEMON@mx.nordlicht.example>
To: {us}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{id}@mx.nordlicht.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.nordlicht.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Antwort

--b--
"""


def message_id(world: World, case: str, kind: str = "answer") -> str:
    with world.house.store.begin() as tx:
        return [mail.message_id for mail in tx.outbox.of_case(case) if mail.kind == kind][-1]


def comes_back(world: World, of: str, action: str = "failed", number: int = 1) -> None:
    text = REPORT.format(us=US, to=LENA, action=action, message_id=of, id=number)
    world.arrives(text.replace("\n", "\r\n").encode())
    poll(world.house)


def alarms(world: World, case: str) -> set[str]:
    return {code for subject, code in world.alarms() if subject == case}


def said(world: World, case: str, decision: str) -> str:
    with world.house.store.begin() as tx:
        (question,) = [one for one in tx.questions.open_ones(case) if one.kind == "delivery"]
        return answer(
            world.house,
            tx,
            question,
            {"decision": decision, "by": REVIEWER, "how": "am Telefon gesagt, dass nichts ankam"},
        )


def test_an_answer_that_comes_back_is_put_to_a_person_and_its_passphrase_is_not_told(world: World) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case))
    assert world.case(case).status is Status.DELIVERY_UNCERTAIN
    assert world.waiting(case) == {("delivery", "")}
    assert "answer_bounced" in alarms(world, case)
    assert len(world.cases()) == 1
    assert said(world, case, "did_not_arrive") == ""
    assert world.case(case).status is Status.REVIEW
    assert "answer_bounced" not in alarms(world, case)


def test_who_says_that_it_reached_somebody_else_begins_the_seventy_two_hours(world: World) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case))
    assert said(world, case, "wrong_person") == ""
    assert ("breach", "1") in world.waiting(case)
    watch(world.house)
    assert "breach_open" in alarms(world, case)


def test_the_link_of_an_answer_whose_mail_came_back_is_taken_back(world: World) -> None:
    cloud = FakeCloud()
    world.house = replace(world.house, cloud=cloud)  # type: ignore[arg-type]
    linked = DeliverySection(by="link", url="https://cloud.nordlicht.example", user="dsb", password="env:CLOUD")
    object.__setattr__(world.house.settings, "delivery", linked)
    case = steps.sealed(world)
    publish_waiting(world.house)
    dispatch(world.house)
    assert cloud.files
    comes_back(world, message_id(world, case))
    publish_waiting(world.house)
    assert cloud.files == {}
    assert "link_gone" in world.steps(case)


@pytest.mark.parametrize("action", ["delayed", "relayed"])
def test_a_report_of_a_delay_changes_nothing_but_is_told(world: World, action: str) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case), action)
    assert world.case(case).status is Status.SENT
    assert "bounced" in alarms(world, case)


def test_a_notice_that_comes_back_is_no_answer_that_came_back(world: World) -> None:
    case = steps.sent(world)
    comes_back(world, message_id(world, case, "notice"))
    assert world.case(case).status is Status.SENT
    assert world.waiting(case) == {("handover", "")}
    assert "bounced" in alarms(world, case)


def test_an_answered_case_whose_answer_comes_back_late_is_asked_about_and_its_clock_may_go_on(world: World) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    comes_back(world, message_id(world, case))
    assert world.case(case).status is Status.ANSWERED
    assert world.waiting(case) == {("delivery", "")}
    assert said(world, case, "did_not_arrive") == ""
    value = world.case(case)
    assert (value.status, value.closed_at, value.answered_at) == (Status.REVIEW, None, None)
    world.clock.move(days=60)
    watch(world.house)
    assert "overdue" in alarms(world, case)


def test_an_answered_case_that_did_arrive_stays_answered(world: World) -> None:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    comes_back(world, message_id(world, case))
    assert said(world, case, "arrived") == ""
    assert world.case(case).status is Status.ANSWERED
    assert world.waiting(case) == set()


def test_what_comes_back_of_an_older_version_does_not_touch_the_new_one(world: World) -> None:
    case = steps.sent(world)
    old = message_id(world, case)
    comes_back(world, old)
    said(world, case, "did_not_arrive")
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    dispatch(world.house)
    comes_back(world, old, number=2)
    assert world.case(case).status is Status.SENT
    assert message_id(world, case) != old


def test_a_version_that_the_server_refused_may_take_the_link_although_an_older_one_was_sent(world: World) -> None:
    world.house = replace(world.house, cloud=FakeCloud())  # type: ignore[arg-type]
    case = steps.sent(world)
    comes_back(world, message_id(world, case))
    said(world, case, "did_not_arrive")
    assert steps.release(world, case) == ""
    package_and_queue(world.house, case)
    world.post.outcomes = [PostRefused("550 5.7.1")]
    dispatch(world.house)
    with world.house.store.begin() as tx:
        choose(world.house, tx, case, Way.LINK, REVIEWER, "Anhang abgelehnt")
    assert publish_waiting(world.house) == 1
    dispatch(world.house)
    assert publish_waiting(world.house) == 0
    assert len([raw for raw in world.post.to(LENA) if b"/s/aB3dE5fG" in raw]) == 1
