"""The copies of our own mails that a mail server keeps go with the material of their case, and no other mail does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.dispatch import dispatch, hand_over
from flows.retain import retain
from infra.mailbox import Mailbox, MailboxAccount
from infra.settings_sections import NO_COPIES
from tests.flows import steps
from tests.flows.house import REVIEWER, World, mail
from tests.servers.dovecot import Dovecot

OFFICE = "datenschutz@nordlicht.example"
SENT = "Gesendet"


def answered(world: World) -> str:
    case = steps.sent(world)
    with world.house.store.begin() as tx:
        hand_over(tx, case, REVIEWER, "phone")
    retain(world.house)
    return case


def keeps(world: World, *folders: str) -> None:
    object.__setattr__(world.house.settings.mailbox, "sent", folders)


def foreign(world: World) -> list[bytes]:
    """What is not ours to delete: a colleague's mail, one that only mentions our Message-ID, one of another Message-ID
    that contains ours."""
    ours = own(world)[0].split(b"Message-ID: ")[1].split(b"\r\n")[0].decode()
    told = mail("Antwort von Hand", f"Zu {ours}:\n", message_id="<7@nordlicht.example>", References=ours)
    longer = mail("Nachgefragt", "Guten Tag\n", message_id=ours.replace("<", "<x-"))
    return [mail("Rechnung", "Guten Tag\n", message_id="<8@nordlicht.example>"), told, longer]


def own(world: World) -> list[bytes]:
    return [raw for raw, _ in world.post.sent]


def test_our_mails_leave_the_sent_folder_with_the_material_and_not_before(world: World) -> None:
    keeps(world, SENT)
    answered(world)
    others = foreign(world)
    for raw in (*own(world), *others):
        world.box.put(raw, world.clock.now(), SENT)
    assert len(own(world)) >= 2  # the acknowledgement and the answer
    retain(world.house)
    assert len(world.box.raws(SENT)) == len(own(world)) + len(others)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    assert world.box.raws(SENT) == others


def test_a_text_that_is_blanked_is_found_by_its_message_id_all_the_same(world: World) -> None:
    keeps(world, SENT)
    case = answered(world)
    world.box.put(own(world)[-1], world.clock.now(), SENT)
    with world.house.store.begin() as tx:
        for one in tx.outbox.of_case(case):
            tx.outbox.blank(one.id)
    world.clock.move(days=31)
    retain(world.house)
    assert world.box.raws(SENT) == []


def test_without_the_setting_it_is_the_folder_that_the_server_names(world: World) -> None:
    world.box.sent = SENT
    case = answered(world)
    others = foreign(world)
    for raw in (*own(world), *others):
        world.box.put(raw, world.clock.now(), SENT)
    world.box.put(own(world)[-1], world.clock.now(), "Sent")  # looks like one
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    assert world.box.raws(SENT) == others
    assert len(world.box.raws("Sent")) == 1
    assert "sent_folder_unknown" not in world.steps(case)


def test_where_nobody_knows_the_folder_the_history_says_so_once(world: World) -> None:
    case = answered(world)
    world.box.put(own(world)[-1], world.clock.now(), SENT)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    retain(world.house)
    assert len(world.box.raws(SENT)) == 1
    assert world.steps(case).count("sent_folder_unknown") == 1
    assert world.alarms() == set()


def test_a_server_that_keeps_no_copies_is_not_asked_for_them(world: World) -> None:
    keeps(world, *NO_COPIES)
    world.box.sent = SENT
    case = answered(world)
    world.box.put(own(world)[-1], world.clock.now(), SENT)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    assert len(world.box.raws(SENT)) == 1
    assert not {"sent_folder", "find"} & set(world.box.calls)
    assert not [step for step in world.steps(case) if step.startswith("sent_folder")]


def test_a_folder_that_is_not_there_stops_nothing_and_is_told(world: World) -> None:
    keeps(world, "Sent Items", SENT)
    case = answered(world)
    world.box.put(own(world)[-1], world.clock.now(), SENT)
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    assert world.box.raws(SENT) == []
    assert "sent_folder_missing" in world.steps(case)


def test_a_mailbox_that_cannot_be_searched_is_searched_the_next_night(world: World) -> None:
    keeps(world, SENT)
    case = answered(world)
    world.box.put(own(world)[-1], world.clock.now(), SENT)
    world.box.refuses = {"find"}
    world.clock.move(days=31)
    assert retain(world.house).materials == 1
    assert {("mailbox", "intake_failed"), ("outside", "left_outside")} <= world.alarms()
    assert "left_outside" in world.steps(case)
    world.box.refuses = set()
    retain(world.house)
    assert world.box.raws(SENT) == []
    assert world.steps(case)[-1] == "nothing_left_outside"


@pytest.mark.parametrize(("named", "folder"), [((SENT,), SENT), ((), "Sent")])
def test_on_a_real_server(
    world: World, dovecot_with: Callable[..., Dovecot], named: tuple[str, ...], folder: str
) -> None:
    """By the setting, and by what the server says of itself (RFC 6154)."""
    server = dovecot_with({OFFICE: "geheim-5"})
    account = MailboxAccount(server.host, server.imaps, "tls", OFFICE, "geheim-5", server.ca_file)
    keeps(world, *named)
    steps.sent(world)
    others = foreign(world)
    for raw in (*own(world), *others):
        with Mailbox(account) as mailbox:
            mailbox.append(folder, raw, world.clock.now())
    with world.house.store.begin() as tx:
        (case,) = (one.number for one in tx.cases.all())
        hand_over(tx, case, REVIEWER, "phone")
    object.__setattr__(world.house.settings.mailbox, "filing", "leave")
    world.house = replace(world.house, mailbox=lambda _: Mailbox(account))
    retain(world.house)
    world.clock.move(days=31)
    dispatch(world.house)
    assert retain(world.house).materials == 1
    left = [raw.split(b"Message-ID: ")[1].split(b"\r\n")[0] for raw in server.mails(OFFICE, folder)]
    assert left == [raw.split(b"Message-ID: ")[1].split(b"\r\n")[0] for raw in others]
