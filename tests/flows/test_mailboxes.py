"""Several mailboxes, each failing for itself; mails that people move; filing by moving, marking or not at all; and the
audit that accounts for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from cases.case import Status
from flows.inbox import poll
from flows.inbox_audit import Audited, Fate, audit_inboxes, fate_of
from flows.retain import retain
from flows.watch import watch
from infra.store.messages import Place, Seen
from tests.flows.house import NOON, SETTINGS, FakeMailbox, World, build_world, mail

INFO = """
[[mailboxes]]
name = "info"
host = "imap.nordlicht.example"
user = "info@nordlicht.example"
password = "env:MAIL_PASSWORD"
junk = ["Spam"]
filing = "keyword"
"""
ORDINARY = mail("Lieferung", "Moin, wo bleibt mein Fahrrad?\n", message_id="<o@mail.example>")
UNCLEAR = "Guten Tag,\n\nich habe eine Frage zu meinen personenbezogenen Daten und bitte um Rückruf.\n\nLena Krüger\n"


@dataclass
class Two:
    """A house with two mailboxes: `main` moves, `info` is one that people work in."""

    world: World
    main: FakeMailbox
    info: FakeMailbox

    def audit(self) -> dict[str, Audited]:
        return {one.name: one for one in audit_inboxes(self.world.house)}

    def fates(self, name: str = "main") -> dict[str, int]:
        found = self.audit()[name]
        assert found.sound
        return {str(fate): count for fate, count in found.fates.items() if count}


def by_the_other_way(raw: bytes) -> bytes:
    """The same letter as another mailbox gets it."""
    return b"Delivered-To: info@nordlicht.example\r\nReceived: from elsewhere.example\r\n" + raw


@pytest.fixture
def two(tmp_path: Path, empty_database: Path) -> Iterator[Two]:
    made = build_world(tmp_path / "house", empty_database, SETTINGS + INFO)
    main, info = made.box, FakeMailbox()
    boxes = {"main": main, "info": info}
    made.house = replace(made.house, mailbox=lambda name: boxes[name])  # type: ignore[arg-type,return-value]
    yield Two(made, main, info)
    made.house.close()


class TestSeveral:
    def test_a_request_counts_in_every_mailbox_and_in_its_spam_folder(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        two.info.put(mail(sender="Ole <ole@mail.example>", message_id="<2@m.example>"), NOON)
        two.info.put(mail(sender="Mia <mia@mail.example>", message_id="<3@m.example>"), NOON, "Spam")
        assert poll(two.world.house).opened == 3
        assert {case.due.isoformat() for case in two.world.cases()} == {"2026-04-02"}

    def test_one_that_is_down_stops_no_other_and_has_an_alarm_of_its_own(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        two.info.trouble = "refused"
        polled = poll(two.world.house)
        assert (polled.opened, polled.filed, dict(polled.troubles)) == (1, 1, {"info": "refused"})
        assert two.world.alarms() == {("mailbox:info", "intake_failed")}
        two.info.trouble, two.main.trouble = "", "timeout"
        assert dict(poll(two.world.house).troubles) == {"main": "timeout"}
        assert ("mailbox", "intake_failed") in two.world.alarms()
        assert ("mailbox:info", "intake_failed") not in two.world.alarms()

    def test_one_that_nobody_reads_is_an_alarm_after_an_hour(self, two: Two) -> None:
        poll(two.world.house)
        two.info.trouble = "refused"
        poll(two.world.house)
        with two.world.house.store.begin() as tx:
            tx.alarms.clear("mailbox:info", "intake_failed")
        two.world.clock.move(minutes=61)
        watch(two.world.house)
        assert ("mailbox:info", "intake_failed") in two.world.alarms()

    @pytest.mark.parametrize("text", [None, UNCLEAR, "Moin, wo bleibt mein Fahrrad?\n"])
    @pytest.mark.parametrize("later", [False, True])
    def test_the_same_letter_to_two_mailboxes_is_one_letter(self, two: Two, text: str | None, later: bool) -> None:
        raw = mail() if text is None else mail("Frage", text)
        two.main.put(raw, NOON)
        if later:
            poll(two.world.house)
        two.info.put(by_the_other_way(raw), NOON)
        poll(two.world.house)
        cases = two.world.cases()
        assert len(cases) == (0 if text and "Fahrrad" in text else 1)
        assert not any(step.startswith("mail:") for case in cases for step in two.world.steps(case.number))
        assert not any(code == "reply_received" for _, code in two.world.alarms())
        expected = {"attached": 1} if cases else {"not_a_request": 1}
        assert two.fates("info") == expected

    def test_a_letter_of_its_own_with_somebody_elses_message_id_is_no_copy(self, two: Two) -> None:
        two.main.put(mail("Lieferung", "Moin\n"), NOON)
        two.info.put(mail(), NOON)
        poll(two.world.house)
        assert len(two.world.cases()) == 1

    def test_two_letters_without_message_id_are_told_apart_and_join_one_case(self, two: Two) -> None:
        raw = mail(message_id="").replace(b"Message-ID: \r\n", b"")
        two.main.put(raw, NOON)
        two.info.put(by_the_other_way(raw), NOON)
        poll(two.world.house)
        (case,) = two.world.cases()
        assert any(step.startswith("mail:") for step in two.world.steps(case.number))

    def test_the_earliest_arrival_of_a_letter_counts(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        two.info.put(by_the_other_way(mail()), NOON - timedelta(days=3))
        poll(two.world.house)
        (case,) = two.world.cases()
        assert case.due.isoformat() == "2026-03-27"

    def test_an_earlier_arrival_that_is_known_too_late_is_an_alarm(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        poll(two.world.house)
        two.info.put(by_the_other_way(mail()), NOON - timedelta(days=3))
        poll(two.world.house)
        (case,) = two.world.cases()
        assert (case.number, "arrived_earlier") in two.world.alarms()


class TestFiling:
    def test_where_people_work_a_mail_of_a_case_is_marked_and_nothing_else_happens(self, two: Two) -> None:
        asked = two.info.put(mail(), NOON)
        other = two.info.put(ORDINARY, NOON)
        poll(two.world.house)
        poll(two.world.house)
        assert two.info.keywords == {asked.uid: {"Auskunft"}}
        assert [key.uid for key in two.info.keys("INBOX")] == [asked.uid, other.uid]
        assert "move" not in two.info.calls

    def test_a_folder_that_keeps_no_marks_is_an_alarm(self, two: Two) -> None:
        two.info.put(mail(), NOON)
        two.info.refuses.add("mark")
        assert dict(poll(two.world.house).troubles) == {"info": "protocol"}
        two.info.refuses.clear()
        poll(two.world.house)
        assert two.info.keywords

    def test_where_nothing_may_be_written_nothing_is(self, tmp_path: Path, empty_database: Path) -> None:
        settings = SETTINGS.replace('host = "imap', 'filing = "leave"\nhost = "imap')
        world = build_world(tmp_path / "leave", empty_database, settings)
        world.box.put(mail(), NOON)
        poll(world.house)
        poll(world.house)
        assert set(world.box.calls) == {"enter", "keys", "fetch"}
        assert len(world.cases()) == 1
        world.house.close()

    @pytest.mark.parametrize("raw", [mail(), ORDINARY], ids=["of a case", "without a case"])
    def test_what_was_forgotten_and_stays_in_the_mailbox_is_not_read_again(self, two: Two, raw: bytes) -> None:
        two.info.put(raw, NOON)
        poll(two.world.house)
        with two.world.house.store.begin() as tx:
            for case in tx.cases.all():
                tx.cases.move(case.number, Status.WITHDRAWN)
        retain(two.world.house)
        two.world.clock.move(days=31)
        retain(two.world.house)
        two.info.calls.clear()
        assert poll(two.world.house).stored == 0
        assert "fetch" not in two.info.calls
        assert len(two.info.raws("INBOX")) == 1
        assert two.fates("info") == {"forgotten": 1}
        assert two.world.files() == []
        for case in two.world.cases():
            assert "mail_left_in_mailbox" in two.world.steps(case.number)

    def test_what_was_forgotten_goes_when_it_has_left_the_mailbox(self, two: Two) -> None:
        key = two.info.put(ORDINARY, NOON)
        poll(two.world.house)
        two.world.clock.move(days=16)
        retain(two.world.house)
        del two.info.folders["INBOX"][key.uid]
        retain(two.world.house)
        with two.world.house.store.begin() as tx:
            assert tx.messages.places("info") == ()

    def test_a_letter_that_comes_anew_after_it_was_forgotten_is_looked_at_anew(self, two: Two) -> None:
        two.info.put(mail(), NOON)
        poll(two.world.house)
        with two.world.house.store.begin() as tx:
            tx.cases.move(tx.cases.all()[0].number, Status.WITHDRAWN)
        retain(two.world.house)
        two.world.clock.move(days=31)
        retain(two.world.house)
        two.main.put(by_the_other_way(mail()), two.world.clock.now())
        assert poll(two.world.house).opened == 1


class TestMoved:
    def test_a_mail_that_a_person_took_out_of_the_spam_stays_one_mail(self, two: Two) -> None:
        key = two.info.put(mail(), NOON, "Spam")
        poll(two.world.house)
        two.info.put_elsewhere(key, "INBOX", NOON + timedelta(days=4))
        poll(two.world.house)
        (case,) = two.world.cases()
        assert case.due.isoformat() == "2026-04-02"
        assert two.fates("info") == {"case": 1}
        assert two.audit()["info"].elsewhere == 0
        with two.world.house.store.begin() as tx:
            (letter,) = tx.messages.of_case(case.number)
        assert (letter.place.folder, letter.arrived_at) == ("INBOX", NOON)

    def test_a_mail_moved_before_it_was_looked_at_counts_from_its_first_arrival(
        self, two: Two, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = two.info.put(mail(), NOON, "Spam")
        with monkeypatch.context() as patched:
            patched.setattr("flows.inbox.handle_stored", lambda _: (0, 0))
            poll(two.world.house)
        two.info.put_elsewhere(key, "INBOX", NOON + timedelta(days=4))
        poll(two.world.house)
        assert two.world.cases()[0].due.isoformat() == "2026-04-02"

    def test_a_mail_that_a_person_put_among_the_filed_ones_unread_is_found_there(self, two: Two) -> None:
        two.main.put_elsewhere(two.main.put(mail(), NOON), "Auskunft")
        assert poll(two.world.house).opened == 1
        assert two.fates() == {"case": 1}

    def test_a_filed_mail_that_a_person_put_back_is_filed_again(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        poll(two.world.house)
        (key,) = two.main.keys("Auskunft")
        two.main.put_elsewhere(key, "INBOX")
        poll(two.world.house)
        assert len(two.world.cases()) == 1
        assert (two.main.raws("INBOX"), two.main.raws("Auskunft")) == ([], [mail()])

    def test_a_mail_that_was_deleted_by_a_person_keeps_its_case(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        poll(two.world.house)
        two.main.folders["Auskunft"].clear()
        poll(two.world.house)
        assert len(two.world.cases()) == 1
        found = two.audit()["main"]
        assert (found.sound, found.elsewhere) == (True, 1)

    def test_a_mailbox_that_numbers_everything_anew_opens_nothing_twice(self, two: Two) -> None:
        two.info.put(mail(), NOON)
        two.info.put(ORDINARY, NOON)
        poll(two.world.house)
        two.info.uidvalidity, old = 8, two.info.folders.pop("INBOX")
        for at, raw in old.values():
            two.info.put(raw, at)
        assert poll(two.world.house).stored == 0
        assert len(two.world.cases()) == 1
        assert two.fates("info") == {"case": 1, "not_a_request": 1}

    def test_a_copy_that_a_person_made_does_not_go_to_and_fro(self, two: Two) -> None:
        two.info.put(mail(), NOON)
        poll(two.world.house)
        two.info.put(mail(), NOON, "Spam")
        poll(two.world.house)
        two.info.calls.clear()
        poll(two.world.house)
        assert "fetch" not in two.info.calls
        assert two.fates("info") == {"case": 1, "attached": 1}

    def test_a_connection_that_breaks_in_the_middle_is_made_anew(self, two: Two) -> None:
        for number in range(6):
            two.main.put(mail(sender=f"p{number}@mail.example", message_id=f"<{number}@m.example>"), NOON)
        two.main.breaks_after = 3
        polled = poll(two.world.house)
        assert (polled.stored, polled.opened, polled.trouble) == (6, 6, "")
        assert two.main.calls.count("fetch") == 7


class TestAudit:
    def test_every_mail_has_one_state(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        two.main.put(mail("Erinnerung: Auskunft DSGVO", message_id="<2@m.example>"), NOON)
        two.main.put(mail("Frage", UNCLEAR, "x@mail.example", message_id="<3@m.example>"), NOON)
        two.main.put(ORDINARY, NOON)
        poll(two.world.house)
        two.main.put(mail(message_id="<5@m.example>"), NOON)
        assert two.fates() == {"case": 1, "attached": 1, "triage": 1, "not_a_request": 1, "waiting": 1}
        with two.world.house.store.begin() as tx:
            doubt = next(case for case in tx.cases.all() if case.status is Status.TRIAGE)
            tx.cases.move(doubt.number, Status.NOT_A_REQUEST)
        assert two.fates()["not_a_request"] == 2

    def test_a_mailbox_that_cannot_be_read_proves_nothing(self, two: Two) -> None:
        two.info.trouble = "refused"
        found = two.audit()
        assert found["main"].sound
        assert (found["info"].sound, found["info"].trouble) == (False, "refused")

    def test_a_mail_whose_outcome_is_missing_is_found(self, two: Two) -> None:
        two.main.put(mail(), NOON)
        poll(two.world.house)
        with two.world.house.store.begin() as tx:
            (letter,) = tx.messages.of_case(two.world.cases()[0].number)
            tx.messages.recognised(letter.id, "access", None, "opened")
        (wrong,) = two.audit()["main"].wrong
        assert (wrong.folder, wrong.code) == ("Auskunft", "no_state")

    @pytest.mark.parametrize(
        ("state", "outcome", "case", "expected"),
        [
            ("stored", "", None, Fate.WAITING),
            ("copy", "", None, Fate.WAITING),
            ("filed", "left", None, Fate.NOT_A_REQUEST),
            ("filed", "opened", None, "no_state"),
            ("filed", "left", "A", "no_state"),
            ("filed", "", "A", "no_state"),
            ("filed", "opened", "A", Fate.CASE),
            ("recognised", "attached", "A", Fate.ATTACHED),
            ("filed", "opened", "B", Fate.TRIAGE),
            ("filed", "opened", "C", Fate.NOT_A_REQUEST),
            ("filed", "opened", "Z", "no_such_case"),
            ("forgotten", "", None, Fate.FORGOTTEN),
        ],
    )
    def test_what_became_of_a_mail(self, state: str, outcome: str, case: str | None, expected: str) -> None:
        cases = {"A": Status.REVIEW, "B": Status.TRIAGE, "C": Status.NOT_A_REQUEST}
        seen = Seen("1", Place("main", "INBOX", 1, 1), state, outcome, case, NOON)
        assert fate_of([seen], cases) == expected
        assert fate_of([seen, seen], cases) == "two_states"
