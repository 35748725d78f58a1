"""A copy of an ID that nobody asked for is seen, told of, and gone from everywhere once it is decided who asks."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

import flows.id_documents as subject
from cases.case import Status
from cases.challenge import codes_in
from flows.dispatch import dispatch
from flows.id_documents import LONGEST, said, wipe_decided
from flows.identify import identify_all, record_check
from flows.inbox import poll
from tests.cases.test_id_document import CARD
from tests.flows import steps
from tests.flows.house import REVIEWER, Dies, World, contact, mail

PHOTO = b"\xff\xd8\xff" + b"Personalausweis Lena " * 40
POWER = b"%PDF-1.7 etwas anderes"


NUMBERED = "Ich bitte um Auskunft nach Art. 15 DSGVO. Meine Kundennummer ist K-177.\n\nLena Krüger\n"


def with_id(name: str = "Personalausweis.jpg", content: bytes = PHOTO, auth: str = "", **more: str) -> bytes:
    message = message_from_bytes(mail(auth=auth, **more), policy=default)
    message.add_attachment(content, maintype="image", subtype="jpeg", filename=name)
    message.add_attachment(POWER, maintype="application", subtype="pdf", filename="beleg.pdf")
    return message.as_bytes()


def undecided(world: World, raw: bytes | None = None) -> str:
    case = steps.acknowledged(world, raw or with_id())
    identify_all(world.house)
    assert world.case(case).status is Status.IDENTIFYING
    return case


def decide(world: World, case: str) -> None:
    with world.house.store.begin() as tx:
        record_check(world.house, tx, case, 1, REVIEWER, "am Telefon nach der letzten Bestellung gefragt")


def kept(world: World, case: str) -> list[bytes]:
    """Every attachment that the vault still has of a case."""
    with world.house.store.begin() as tx:
        blobs = [letter.blob for letter in tx.messages.of_case(case)]
        blobs += [one.file.blob for one in tx.documents.of_case(tx.cases.row(case)) if one.file is not None]
    found = []
    for blob in blobs:
        with world.house.vault.open(blob) as stream:
            message = message_from_bytes(stream.read(), policy=default)
        found += [part.get_content() for part in message.iter_attachments()]
    return found


def waits(world: World, case: str) -> int:
    with world.house.store.begin() as tx:
        return tx.id_documents.count(case)


def test_it_stays_until_it_is_decided_who_asks(world: World) -> None:
    case = undecided(world)
    assert wipe_decided(world.house) == 0
    assert waits(world, case) == 1
    assert PHOTO in kept(world, case)
    assert "id_document:likely:1" in world.steps(case)


def test_after_the_decision_it_is_gone_from_case_vault_and_mailbox(world: World) -> None:
    case = undecided(world)
    before = len(world.files())
    decide(world, case)
    assert wipe_decided(world.house) == 1
    assert PHOTO not in kept(world, case)
    assert POWER in kept(world, case)
    assert len(world.files()) == before  # the mail without it in place of the mail
    assert world.box.raws("Auskunft") == []
    assert waits(world, case) == 0
    with world.house.store.begin() as tx:
        checked = [(step.who, step.at) for step in tx.cases.history(case) if step.what == "id_document:checked"]
    assert checked == [(REVIEWER, world.clock.now())]
    assert wipe_decided(world.house) == 0
    poll(world.house)
    assert len(world.cases()) == 1


def with_card(text: str = CARD, name: str = "anlage.txt", auth: str = "") -> bytes:
    message = message_from_bytes(mail(auth=auth), policy=default)
    message.add_attachment(text, filename=name)
    return message.as_bytes()


def test_of_whom_we_know_anyway_it_was_not_needed(world: World) -> None:
    case = steps.collecting(world, with_card(auth="pass"))
    assert wipe_decided(world.house) == 1
    assert not any("IDD<<" in str(content) for content in kept(world, case))
    assert "id_document:not_needed" in world.steps(case)


@pytest.mark.parametrize("is_one", [True, False])
def test_after_an_automatic_decision_what_only_looks_like_one_needs_a_persons_yes(world: World, is_one: bool) -> None:
    case = steps.collecting(world, with_id(auth="pass"))
    assert wipe_decided(world.house) == 0
    assert (case, "id_document_unsure") in world.alarms()
    with world.house.store.begin() as tx:
        said(tx, case, REVIEWER, is_one=is_one)
    assert wipe_decided(world.house) == int(is_one)
    assert (PHOTO in kept(world, case)) is not is_one
    assert world.alarms() == set()
    assert wipe_decided(world.house) == 0


def test_a_scanned_letter_is_not_wiped_because_somebody_checked_who_asks(world: World) -> None:
    message = message_from_bytes(mail(auth=""), policy=default)
    message.add_attachment(POWER, maintype="application", subtype="pdf", filename="Personalausweis.pdf")
    case = undecided(world, message.as_bytes())
    decide(world, case)
    assert wipe_decided(world.house) == 0
    assert (case, "id_document_unsure") in world.alarms()
    assert POWER in kept(world, case)


def test_it_is_seen_beside_a_code_in_a_fresh_mail_however_many_files_there_are(world: World) -> None:
    world.crm.contacts = [contact("lena@arbeit.example")]
    case = undecided(world, mail(text=NUMBERED))
    dispatch(world.house)
    sent = message_from_bytes(world.post.to("lena@arbeit.example")[-1], policy=default).get_content()
    (code,) = codes_in(sent.split("Einmalcode zum Vorgang", 1)[1].partition(":")[2])[:1]
    message = message_from_bytes(
        mail("Der Code", f"{code}\n\nLena Krüger\n", message_id="<3@mail.example>"), policy=default
    )
    for number in range(6):
        message.add_attachment(POWER, maintype="application", subtype="pdf", filename=f"beleg-{number}.pdf")
    message.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="Personalausweis.jpg")
    world.arrives(message.as_bytes())
    poll(world.house)
    assert world.case(case).status is Status.COLLECTING
    assert waits(world, case) == 1


def test_lines_for_machines_are_enough(world: World) -> None:
    case = undecided(world, with_card())
    assert waits(world, case) == 1


def test_every_copy_of_a_mail_that_opened_several_cases_is_wiped(world: World) -> None:
    text = "Ich bitte um Auskunft nach Art. 15 DSGVO und um Löschung aller Daten nach Art. 17 DSGVO.\n\nLena Krüger\n"
    world.arrives(with_id(text=text))
    poll(world.house)
    identify_all(world.house)
    access, erasure = (case.number for case in world.cases())
    decide(world, access)
    wipe_decided(world.house)
    assert PHOTO not in kept(world, access)
    assert PHOTO not in kept(world, erasure)


@pytest.mark.parametrize("at", ["_rewrite", "_done", "_write"])
def test_killed_in_between_it_goes_on_with_the_next_run(world: World, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    case = undecided(world)
    decide(world, case)

    def die(*_: object) -> None:
        raise Dies(at)

    with monkeypatch.context() as patch, pytest.raises(Dies):
        patch.setattr(subject, at, die)
        wipe_decided(world.house)
    assert wipe_decided(world.house) == 1
    assert PHOTO not in kept(world, case)
    assert not any(PHOTO in raw for raw in world.box.raws("Auskunft"))
    assert waits(world, case) == 0


def test_a_mailbox_that_cannot_be_reached_is_asked_again_and_somebody_hears_of_it(world: World) -> None:
    case = undecided(world)
    decide(world, case)
    world.box.trouble = "refused"
    assert wipe_decided(world.house) == 0
    assert (case, "id_document_kept") not in world.alarms()
    world.clock.move(seconds=(LONGEST + timedelta(minutes=1)).total_seconds())
    assert wipe_decided(world.house) == 0
    assert (case, "id_document_kept") in world.alarms()
    world.box.trouble = ""
    assert wipe_decided(world.house) == 1
    assert world.alarms() == set()


def test_a_reply_may_bring_one_too(world: World) -> None:
    world.crm.contacts = [contact("lena@arbeit.example")]
    case = undecided(world, mail())
    dispatch(world.house)
    ours = message_from_bytes(world.post.sent[-1][0], policy=default)["Message-ID"]
    world.arrives(with_id(text="Hier mein Ausweis.", auth="pass", message_id="<2@mail.example>", In_Reply_To=str(ours)))
    poll(world.house)
    assert waits(world, case) == 1
