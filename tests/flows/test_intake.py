"""From the mailbox to a case: none lost, none twice, nothing answered that must not be."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

import pytest
from sqlalchemy.exc import OperationalError

from cases.case import Status
from flows import arrivals, filing, inbox, intake
from flows.collect import search_source
from flows.dispatch import dispatch
from flows.identify import identify_all
from flows.inbox import poll
from infra.vault import VaultFull
from tests.flows.house import DPO, LENA, NOON, US, Dies, World, in_status, mail

ERASURE = (
    "Guten Tag,\n\nbitte löschen Sie alle Daten, die Sie über mich gespeichert haben (Art. 17 DSGVO).\n\nLena Krüger\n"
)
BOTH = (
    "Guten Tag,\n\nbitte teilen Sie mir nach Art. 15 DSGVO mit, welche Daten Sie über mich gespeichert haben, "
    "und löschen Sie danach alle meine Daten nach Art. 17 DSGVO.\n\nLena Krüger\n"
)
UNCLEAR = "Guten Tag,\n\nich habe eine Frage zu meinen personenbezogenen Daten und bitte um Rückruf.\n\nLena Krüger\n"


def only_case(world: World) -> str:
    (case,) = world.cases()
    return case.number


def open_a_case(world: World, raw: bytes | None = None) -> str:
    world.arrives(raw or mail())
    poll(world.house)
    return only_case(world)


def test_a_request_opens_one_case_that_is_acknowledged_and_filed(world: World) -> None:
    case = open_a_case(world)
    assert world.case(case).status is Status.ACKNOWLEDGED
    assert world.case(case).due.isoformat() == "2026-04-02"
    assert world.outbox(case) == [("notice", "queued")]
    assert world.box.raws("INBOX") == []
    assert world.box.raws("Auskunft") == [mail()]


def test_the_mail_is_in_the_store_before_it_is_touched_in_the_mailbox(world: World) -> None:
    seen: list[int] = []
    original = world.box.move

    def watched(keys, folder):  # type: ignore[no-untyped-def]
        with world.house.store.begin() as tx:
            seen.append(len(tx.messages.waiting("recognised")))
        return original(keys, folder)

    world.box.move = watched  # type: ignore[method-assign]
    open_a_case(world)
    assert seen == [1]


def test_the_acknowledgement_names_the_dates_and_answers_the_mail(world: World) -> None:
    case = open_a_case(world)
    dispatch(world.house)
    (raw,) = world.post.to(LENA)
    text = raw.decode()
    assert case in text
    assert "In-Reply-To: <1@mail.example>" in text
    assert "Auto-Submitted: auto-replied" in text


@pytest.mark.parametrize("step", ["keys", "fetch", "move", "moved"])
def test_killed_at_the_mailbox_and_polled_again_gives_one_case(world: World, step: str) -> None:
    world.arrives(mail())
    world.box.dies_at.add(step)
    with pytest.raises(Dies):
        poll(world.house)
    poll(world.house)
    poll(world.house)
    case = only_case(world)
    assert world.outbox(case) == [("notice", "queued")]
    assert world.box.raws("Auskunft") == [mail()]
    assert world.box.raws("INBOX") == []


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (arrivals, "letter_identity"),
        (inbox, "handle_stored"),
        (intake, "open_case"),
        (intake, "acknowledge"),
        (inbox, "settle_copies"),
        (inbox, "rekey"),
        (inbox, "file_all"),
        (filing, "_file"),
    ],
)
def test_killed_between_two_steps_and_polled_again_gives_one_case(
    world: World, module: ModuleType, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.arrives(mail())

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt  # as a signal: no `except Exception` takes it for a hostile mail

    with monkeypatch.context() as patched:
        patched.setattr(module, step, killed)
        with pytest.raises(KeyboardInterrupt):
            poll(world.house)
    poll(world.house)
    case = only_case(world)
    assert world.outbox(case) == [("notice", "queued")]
    assert world.box.raws("Auskunft") == [mail()]
    with world.house.store.begin() as tx:
        (letter,) = tx.messages.of_case(case)
    assert (letter.state, letter.key_id.startswith("case-")) == ("filed", True)


def test_a_letter_handled_by_another_process_meanwhile_is_left_alone(world: World) -> None:
    world.arrives(mail())
    world.box.refuses.add("move")
    poll(world.house)
    with world.house.store.begin() as tx:
        (letter,) = tx.messages.waiting("recognised")
    assert intake._handle_safely(world.house, letter) == "left"
    only_case(world)


def test_unclear_mail_becomes_a_question_with_a_running_clock_and_no_acknowledgement(world: World) -> None:
    case = open_a_case(world, mail("Frage", UNCLEAR))
    assert world.case(case).status is Status.TRIAGE
    assert world.waiting(case) == {("triage", "")}
    assert world.case(case).due.isoformat() == "2026-04-02"
    assert world.outbox(case) == []


OWN = f"Auskunft <{US}>"
NEWSLETTER = "Liebe Kunden,\n\nneue Angebote!\n\nAbmelden: klicken Sie hier. Newsletter abbestellen.\n"


@pytest.mark.parametrize(
    "raw",
    [
        mail("Angebote", NEWSLETTER, "News <news@grosshandel.example>", List_Id="<news.grosshandel.example>"),
        mail("Abwesend: Auskunft DSGVO", "Ich bin nicht im Haus.\n", Auto_Submitted="auto-replied"),
        mail(
            "Undelivered Mail Returned to Sender",
            "This is the mail system. Your message could not be delivered.\n",
            "Mail Delivery System <mailer-daemon@mail.example>",
            Auto_Submitted="auto-replied",
        ),
        mail("Lieferung", "Moin, wo bleibt mein Fahrrad?\n"),
    ],
    ids=["newsletter", "out of office", "bounce", "question about a delivery"],
)
def test_what_asks_for_nothing_stays_where_it_is(world: World, raw: bytes) -> None:
    world.arrives(raw)
    poll(world.house)
    poll(world.house)
    assert world.cases() == ()
    assert world.box.raws("INBOX") == [raw]
    assert dispatch(world.house).sent == 0


def test_a_request_from_our_own_address_is_not_acknowledged_to_ourselves(world: World) -> None:
    case = open_a_case(world, mail(sender=OWN))
    assert world.outbox(case) == []
    assert "no_acknowledgement" in world.case(case).attention


def answer_to_the_acknowledgement(world: World, case: str) -> str:
    with world.house.store.begin() as tx:
        return tx.outbox.of_case(case)[0].message_id


def test_a_reply_to_our_mail_joins_its_case_and_tells_the_dpo(world: World) -> None:
    case = open_a_case(world)
    reference = answer_to_the_acknowledgement(world, case)
    reply = mail("Re: Ihr Antrag", "Meine Kundennummer ist K-177.\n", message_id="<2@m.example>", References=reference)
    world.arrives(reply)
    assert poll(world.house).attached == 1
    assert only_case(world) == case
    assert "mail:other" in world.steps(case)
    assert (case, "reply_received") in world.alarms()


def test_every_further_reply_is_told_again(world: World) -> None:
    case = open_a_case(world)
    reference = answer_to_the_acknowledgement(world, case)
    for number in (2, 3):
        world.clock.move(hours=2)
        text = f"Noch etwas, zum {number}. Mal.\n"
        world.arrives(mail("Re: Antrag", text, message_id=f"<{number}@m.example>", References=reference))
        poll(world.house)
        with world.house.store.begin() as tx:
            (alarm,) = (item for item in tx.alarms.standing() if item.code == "reply_received")
            assert alarm.told_at is None
            tx.alarms.told(alarm.id)


def test_a_second_request_of_the_same_sender_joins_the_open_case(world: World) -> None:
    case = open_a_case(world)
    world.clock.move(days=10)
    world.arrives(mail("Erinnerung: Auskunft DSGVO", message_id="<2@mail.example>"))
    poll(world.house)
    assert only_case(world) == case
    assert world.case(case).due.isoformat() == "2026-04-02"


def test_a_request_for_another_right_is_never_swallowed_by_the_open_case(world: World) -> None:
    case = open_a_case(world)
    reference = answer_to_the_acknowledgement(world, case)
    world.arrives(mail("Re: Löschung", ERASURE, message_id="<2@mail.example>", References=reference))
    poll(world.house)
    first, second = world.cases()
    assert (first.number, first.right) == (case, "access")
    assert (second.right, second.status) == ("erasure", Status.WITH_PERSON)


def test_a_request_of_somebody_else_in_the_same_thread_is_a_case_of_its_own(world: World) -> None:
    case = open_a_case(world)
    reference = answer_to_the_acknowledgement(world, case)
    other = mail(sender="Ole Brandt <ole@mail.example>", message_id="<2@mail.example>", References=reference)
    world.arrives(other)
    poll(world.house)
    assert len(world.cases()) == 2
    with world.house.store.begin() as tx:
        assert [tx.cases.person(one.number).sender for one in tx.cases.all()] == [LENA, "ole@mail.example"]


def test_a_request_from_another_address_in_the_same_thread_is_a_case_of_its_own(world: World) -> None:
    """Without a name nothing tells them apart but the address."""
    text = "Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.\n"
    case = open_a_case(world, mail(text=text, sender=LENA))
    reference = answer_to_the_acknowledgement(world, case)
    world.arrives(mail(text=text, sender="ole@mail.example", message_id="<2@mail.example>", References=reference))
    poll(world.house)
    assert len(world.cases()) == 2
    assert not any(step.startswith("mail:") for step in world.steps(case))


def test_father_and_son_who_share_an_address_have_a_case_each(world: World) -> None:
    world.arrives(mail())
    text = "Ich bitte um Auskunft über meine Daten nach Art. 15 DSGVO.\n\nJonas Krüger\n"
    world.arrives(mail(text=text, sender=f"Jonas Krüger <{LENA}>", message_id="<2@mail.example>"))
    poll(world.house)
    assert len(world.cases()) == 2


def test_requests_passed_on_by_a_colleague_are_cases_of_their_own(world: World) -> None:
    for number, address in enumerate(("lena@mail.example", "ole@mail.example"), start=1):
        text = (
            f"zur Bearbeitung\n\n-------- Weitergeleitete Nachricht --------\nVon: {address}\n"
            f"Betreff: Auskunft\n\nIch bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n"
        )
        world.arrives(mail("WG: Auskunft", text, sender=US, message_id=f"<{number}@nordlicht.example>"))
    poll(world.house)
    assert len(world.cases()) == 2


@pytest.mark.parametrize("text", [None, UNCLEAR], ids=["a request", "an unclear mail"])
def test_what_may_be_a_request_opens_a_new_case_when_the_old_one_has_ended(world: World, text: str | None) -> None:
    case = open_a_case(world)
    reference = answer_to_the_acknowledgement(world, case)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN)
    raw = mail(message_id="<2@m.example>", References=reference)
    world.arrives(raw if text is None else mail("Re: Frage", text, message_id="<2@m.example>", References=reference))
    poll(world.house)
    assert len(world.cases()) == 2


def test_a_mail_about_an_ended_case_reaches_a_person(world: World) -> None:
    case = open_a_case(world)
    reference = answer_to_the_acknowledgement(world, case)
    with world.house.store.begin() as tx:
        tx.cases.move(case, Status.WITHDRAWN)
    world.arrives(mail("Re: Antwort", "Da fehlt die Rechnung.\n", message_id="<2@m.example>", References=reference))
    poll(world.house)
    assert (case, "reply_received") in world.alarms()


def test_a_bounce_of_our_mail_is_found_by_the_message_id_it_carries(world: World) -> None:
    case = open_a_case(world)
    ours = answer_to_the_acknowledgement(world, case)
    text = f"This is the mail system.\n\n{LENA}: mailbox does not exist\n\nMessage-ID: {ours}\nSubject: Ihr Antrag\n"
    bounce = mail(
        "Undelivered Mail Returned to Sender",
        text,
        "Mail Delivery System <mailer-daemon@mail.example>",
        message_id="<b@mail.example>",
        Auto_Submitted="auto-replied",
    )
    world.arrives(bounce)
    poll(world.house)
    assert (case, "bounced") in world.alarms()
    assert world.case(case).attention == "bounced"


def test_a_forged_mail_of_a_known_customer_gets_no_answer(world: World) -> None:
    raw = mail(auth="fail", Reply_To="somebody@elsewhere.example")
    case = open_a_case(world, raw)
    identify_all(world.house)
    dispatch(world.house)
    assert world.post.sent == []
    assert world.case(case).status is Status.IDENTIFYING
    search_source(world.house, "crm")
    assert world.crm.searches == []


def test_what_answers_a_mail_that_nobody_vouches_for_goes_to_the_address_on_file_alone(world: World) -> None:
    case = open_a_case(world, mail(auth="", Reply_To="somebody@elsewhere.example"))
    identify_all(world.house)
    dispatch(world.house)
    assert [to for _, to in world.post.sent] == [LENA, LENA]  # the acknowledgement, and a code that proves the mailbox
    assert world.case(case).status is Status.IDENTIFYING


def test_two_senders_in_one_mail_vouch_for_nobody(world: World) -> None:
    raw = mail().replace(b"From: ", b"From: ole@mail.example\r\nFrom: ", 1)
    case = open_a_case(world, raw)
    assert world.outbox(case) == []
    with world.house.store.begin() as tx:
        assert not tx.cases.person(case).vouched


def test_a_web_form_names_the_person_and_nothing_vouches_for_them(world: World) -> None:
    text = (
        "Neue Nachricht über das Kontaktformular\n\nName: Lena Krüger\nE-Mail: lena.krueger@mail.example\n"
        "Nachricht: Ich bitte um Auskunft über meine gespeicherten Daten nach Art. 15 DSGVO.\n"
    )
    case = open_a_case(world, mail("Kontaktformular", text, "Webseite <noreply@nordlicht.example>"))
    with world.house.store.begin() as tx:
        person = tx.cases.person(case)
    assert (person.sender, person.vouched) == (LENA, False)
    dispatch(world.house)
    assert [to for _, to in world.post.sent] == [LENA]


def test_access_and_erasure_in_one_mail_are_two_cases_with_one_acknowledgement(world: World) -> None:
    world.arrives(mail("Auskunft und Löschung", BOTH))
    poll(world.house)
    first, second = world.cases()
    assert (first.right, first.status) == ("access", Status.ACKNOWLEDGED)
    assert (second.right, second.status) == ("erasure", Status.WITH_PERSON)
    assert second.due == first.due
    assert [to for _, to in world.post.sent] == []
    dispatch(world.house)
    assert [to for _, to in world.post.sent] == [LENA]


def test_a_mail_that_breaks_the_reader_becomes_a_case_for_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(intake, "recognise_with_letters", breaks)
    case = open_a_case(world)
    assert world.case(case).attention == "unreadable_mail"
    assert world.waiting(case) == {("triage", "")}
    assert world.box.raws("Auskunft") == [mail()]


def test_a_mail_that_was_cut_off_reaches_a_person_whatever_its_beginning_says(world: World) -> None:
    world.box.limit = 600
    text = "Anbei die Fotos vom Dach.\n" + "Foto. " * 500 + "\nIch bitte um Auskunft nach Art. 15 DSGVO."
    world.arrives(mail("Unterlagen", text))
    poll(world.house)
    case = only_case(world)
    assert world.waiting(case) == {("triage", "")}
    assert world.case(case).attention == "oversized_mail"


def test_a_request_at_the_beginning_of_a_mail_that_was_cut_off_is_a_request(world: World) -> None:
    world.box.limit = 600
    world.arrives(mail(text="Ich bitte um Auskunft über alle meine Daten nach Art. 15 DSGVO.\n" + "x " * 1000))
    poll(world.house)
    assert world.case(only_case(world)).status is Status.ACKNOWLEDGED


def test_an_unreachable_mailbox_is_an_alarm_and_stops_nothing_else(world: World) -> None:
    world.arrives(mail())
    world.box.dies_at.add("move")
    with pytest.raises(Dies):
        poll(world.house)
    world.box.trouble = "refused"
    polled = poll(world.house)
    assert polled.trouble == "refused"
    assert ("mailbox", "intake_failed") in world.alarms()
    with world.house.store.begin() as tx:
        assert tx.state.get("mailbox")["trouble"] == "refused"
    identify_all(world.house)
    assert in_status(world, Status.COLLECTING) == [only_case(world)]


def test_stored_mails_are_handled_while_the_mailbox_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.arrives(mail())
    with monkeypatch.context() as patched, pytest.raises(Dies):
        patched.setattr(inbox, "handle_stored", lambda house: (_ for _ in ()).throw(Dies("handle_stored")))
        poll(world.house)
    world.box.trouble = "timeout"
    assert poll(world.house).opened == 1


def test_a_mailbox_that_can_be_read_again_ends_the_alarm(world: World) -> None:
    world.box.trouble = "refused"
    poll(world.house)
    world.box.trouble = ""
    poll(world.house)
    assert world.alarms() == set()


def test_a_mailbox_that_lets_nothing_be_filed_is_an_alarm_too(world: World) -> None:
    world.arrives(mail())
    world.box.refuses.add("move")
    assert poll(world.house).trouble == "protocol"
    assert ("mailbox", "intake_failed") in world.alarms()
    world.box.refuses.clear()
    poll(world.house)
    assert world.box.raws("Auskunft") == [mail()]
    assert world.alarms() == set()


def test_a_full_vault_loses_nothing_and_leaves_the_mail_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.arrives(mail())

    def full(*_: object) -> None:
        raise VaultFull("no room left")

    with monkeypatch.context() as patched:
        patched.setattr(world.house.vault, "write_all", full)
        assert poll(world.house).trouble == "vault_full"
    assert ("mailbox", "intake_failed") in world.alarms()
    assert world.cases() == ()
    assert world.box.raws("INBOX") == [mail()]
    assert open_a_case(world, mail("Frage", "Moin\n", message_id="<3@m.example>"))


def test_a_locked_database_makes_no_case_for_a_hostile_mail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.arrives(mail())

    def locked(*_: object) -> None:
        raise OperationalError("database is locked", {}, Exception())

    monkeypatch.setattr(intake, "known_case", locked)
    with pytest.raises(OperationalError):
        poll(world.house)
    assert world.cases() == ()


def test_a_mail_loop_is_fed_three_times_an_hour_and_no_more(world: World) -> None:
    for number in range(1, 6):
        world.arrives(mail(message_id=f"<{number}@mail.example>"))
        poll(world.house)
        with world.house.store.begin() as tx:
            tx.cases.move(world.cases()[-1].number, Status.WITHDRAWN)
    dispatch(world.house)
    assert len(world.cases()) == 5
    assert len(world.post.sent) == world.house.settings.post.notices_per_hour == 3


def test_the_deadline_runs_from_the_arrival_in_the_mailbox_not_from_the_poll(world: World) -> None:
    world.box.put(mail(), NOON - timedelta(days=3))
    poll(world.house)
    assert world.case(only_case(world)).due.isoformat() == "2026-03-27"


def test_a_mailbox_that_numbers_its_mails_anew_opens_nothing_twice(world: World) -> None:
    case = open_a_case(world)
    world.box.put(mail(), NOON)
    poll(world.house)
    assert only_case(world) == case
    assert world.box.raws("INBOX") == []


@pytest.mark.parametrize("year", [1970, 2015, 2250])
def test_a_mail_with_an_impossible_date_reaches_a_person_and_stops_nobody(world: World, year: int) -> None:
    world.box.put(mail(), NOON.replace(year=year))
    world.box.put(mail(sender="Jonas Berg <jonas@post.example>"), NOON)
    poll(world.house)
    with world.house.store.begin() as tx:
        found = {case.status: case for case in tx.cases.all()}
    assert set(found) == {Status.TRIAGE, Status.ACKNOWLEDGED}
    assert found[Status.TRIAGE].attention == "impossible_date"
    assert world.outbox(found[Status.TRIAGE].number) == []


def test_a_mail_whose_month_was_over_before_the_program_came_is_told_no_deadline(world: World) -> None:
    world.box.put(mail(), NOON - timedelta(days=400))
    poll(world.house)
    case = only_case(world)
    assert (world.case(case).status, world.case(case).attention) == (Status.TRIAGE, "old_mail")
    assert world.outbox(case) == []


@pytest.mark.parametrize("text", ["-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----", "x " * 150_000])
def test_a_mail_that_nobody_could_read_whole_reaches_a_person(world: World, text: str) -> None:
    world.box.put(mail(text=text), NOON)
    poll(world.house)
    assert world.case(only_case(world)).status is Status.TRIAGE


def test_two_copies_of_one_mail_open_one_case_and_go_with_it(world: World) -> None:
    world.box.put(mail(), NOON)
    world.box.put(mail(), NOON)
    assert poll(world.house).stored == 2
    case = only_case(world)
    assert poll(world.house).stored == 0
    assert only_case(world) == case
    assert world.outbox(case) == [("notice", "queued")]
    assert (len(world.box.raws("INBOX")), len(world.box.raws("Auskunft"))) == (0, 2)
    assert not any(step.startswith("mail:") for step in world.steps(case))


def test_a_case_number_in_the_subject_of_a_stranger_opens_no_door(world: World) -> None:
    case = open_a_case(world)
    stranger = mail(f"[{case}] Auskunft DSGVO", sender="x@elsewhere.example", message_id="<9@elsewhere.example>")
    world.arrives(stranger)
    poll(world.house)
    assert len(world.cases()) == 2
    assert not any(step.startswith("mail:") for step in world.steps(case))


def test_nothing_is_sent_to_the_dpo_about_ordinary_mail(world: World) -> None:
    world.arrives(mail("Lieferung", "Moin, wo bleibt mein Fahrrad?\n"))
    poll(world.house)
    dispatch(world.house)
    assert world.post.to(DPO) == []
