"""The mailbox against a real Dovecot, a Dovecot that can less, and pymap."""

from __future__ import annotations

import logging
import pickle
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from imapclient import IMAPClient

from infra.mail_values import new_keys, selected
from infra.mailbox import (
    Fetched,
    Mailbox,
    MailboxAccount,
    MailboxUnavailable,
    MailGone,
    MailKey,
    Moved,
    Reading,
    Removal,
)
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot
from tests.servers.process import free_ports
from tests.servers.pymap import Pymap

OFFICE, OTHER = "datenschutz@firma.example", "zweites@firma.example"
PASSWORD = 'geheim mit "Ü" und \\'
WHEN = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def _mail(number: int, body: str = "Guten Tag") -> bytes:
    lines = ("From: erika@post.example", f"Message-ID: <{number}@post.example>", "Subject: Auskunft", "", body, "")
    return "\r\n".join(lines).encode()


def _fetch(mailbox: Mailbox, key: MailKey, max_bytes: int) -> Fetched:
    for batch in mailbox.fetch([key], max_bytes):
        for mail in batch:
            return mail
    raise MailGone


def _move(mailbox: Mailbox, key: MailKey, folder: str) -> Moved:
    return moved[key] if (moved := mailbox.move([key], folder)) else _gone()


def _gone() -> Moved:
    raise MailGone


@pytest.fixture(scope="module")
def dovecot(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    return dovecot_with({OFFICE: PASSWORD, OTHER: "anderes"})


@pytest.fixture
def server(dovecot: Dovecot) -> Dovecot:
    """The Dovecot with empty mailboxes."""
    for user in (OFFICE, OTHER):
        _empty(dovecot, user)
    return dovecot


def _empty(server: Dovecot, user: str) -> None:
    with server.session(user) as client:
        for flags, _, name in client.list_folders():
            if b"\\Noselect" in flags or b"\\NonExistent" in flags:
                continue
            if name in ("INBOX", "Sent", "Junk", "Archive"):
                client.select_folder(name)
                client.delete_messages(client.search())
                client.expunge()
            else:
                client.delete_folder(name)


def _account(server: Dovecot, user: str = OFFICE) -> MailboxAccount:
    return MailboxAccount(server.host, server.imaps, "tls", user, server.users[user], server.ca_file)


@pytest.fixture
def account(server: Dovecot) -> MailboxAccount:
    return _account(server)


def _code(account: MailboxAccount, timeout: float = 5) -> str:
    with pytest.raises(MailboxUnavailable) as caught, Mailbox(account, timeout):
        pass
    assert account.password not in str(caught.value) + repr(caught.value)
    assert caught.value.advice
    assert caught.value.__context__ is None
    return caught.value.code


class TestReading:
    def test_everything_unknown_is_listed_oldest_first_whatever_its_flags(
        self, server: Dovecot, account: MailboxAccount
    ) -> None:
        for number in range(3):
            server.put(OFFICE, _mail(number))
        with server.session(OFFICE) as person:
            person.select_folder("INBOX")
            person.add_flags(person.search(), [b"\\Seen", b"\\Flagged"])
        with Mailbox(account) as mailbox:
            keys = mailbox.keys("INBOX")
            raws = [_fetch(mailbox, key, 10_000).raw for key in keys]
        assert raws == [_mail(0), _mail(1), _mail(2)]

    def test_what_arrives_during_the_session_is_seen(self, server: Dovecot, account: MailboxAccount) -> None:
        with Mailbox(account) as mailbox:
            assert mailbox.keys("INBOX") == []
            server.deliver(OFFICE, _mail(1))
            (key,) = mailbox.keys("INBOX")
            assert b"Guten Tag" in _fetch(mailbox, key, 10_000).raw

    def test_a_large_folder_is_asked_for_in_windows(
        self, server: Dovecot, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(5):
            server.put(OFFICE, _mail(number))
        for window in (1, 2, 4, 5, 6):
            monkeypatch.setattr("infra.mailbox._WINDOW", window)
            with Mailbox(account) as mailbox:
                assert len(mailbox.keys("INBOX")) == 5

    def test_reading_sets_no_flag(self, server: Dovecot, account: MailboxAccount) -> None:
        server.put(OFFICE, _mail(1))
        with Mailbox(account) as mailbox:
            (key,) = mailbox.keys("INBOX")
            _fetch(mailbox, key, 10_000)
            mailbox.find_by_message_id("INBOX", "<1@post.example>")
        with server.session(OFFICE) as person:
            person.select_folder("INBOX", readonly=True)
            assert b"\\Seen" not in person.get_flags([key.uid])[key.uid]

    @pytest.mark.parametrize("hours", [-12, -3.5, 0, 2, 5.75, 14])
    def test_arrival_is_utc_whatever_the_servers_zone(
        self, server: Dovecot, account: MailboxAccount, hours: float
    ) -> None:
        server.put(OFFICE, _mail(1), when=WHEN.astimezone(timezone(timedelta(hours=hours))))
        with Mailbox(account) as mailbox:
            fetched = _fetch(mailbox, mailbox.keys("INBOX")[0], 10_000)
        assert fetched.arrived_at == WHEN
        assert fetched.arrived_at.tzinfo is UTC

    def test_a_big_mail_is_cut_where_told(self, server: Dovecot, account: MailboxAccount) -> None:
        raw = _mail(1, "\r\n".join(["x" * 70] * 40_000))
        server.put(OFFICE, raw)
        with Mailbox(account) as mailbox:
            (key,) = mailbox.keys("INBOX")
            cut = _fetch(mailbox, key, 100_000)
            whole = _fetch(mailbox, key, len(raw))
            one_less = _fetch(mailbox, key, len(raw) - 1)
        assert (cut.truncated, cut.raw, cut.size) == (True, raw[:100_000], len(raw))
        assert (whole.truncated, whole.raw) == (False, raw)
        assert (one_less.truncated, one_less.raw) == (True, raw[:-1])

    def test_octets_that_are_no_text_come_through(self, server: Dovecot, account: MailboxAccount) -> None:
        raw = _mail(1) + bytes(range(14, 256)) + b"\r\n"
        server.put(OFFICE, raw)
        with Mailbox(account) as mailbox:
            assert _fetch(mailbox, mailbox.keys("INBOX")[0], 10_000).raw == raw

    def test_two_mailboxes_stay_apart(self, server: Dovecot, account: MailboxAccount) -> None:
        server.put(OFFICE, _mail(1))
        server.put(OTHER, _mail(2))
        with Mailbox(account) as first, Mailbox(_account(server, OTHER)) as second:
            (one,), (two,) = (each.keys("INBOX") for each in (first, second))
            assert _fetch(first, one, 1000).raw == _mail(1)
            assert _fetch(second, two, 1000).raw == _mail(2)

    def test_nothing_personal_is_shown_or_logged(
        self, server: Dovecot, account: MailboxAccount, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.put(OFFICE, _mail(1))
        with Mailbox(account) as mailbox:
            fetched = _fetch(mailbox, mailbox.find_by_message_id("INBOX", "<1@post.example>")[0], 1000)
            caplog.clear()
            mailbox.find_by_message_id("INBOX", "<1@post.example>")
        assert "erika" not in repr(fetched)
        assert account.user not in repr(account)
        assert account.password not in repr(account)
        assert caplog.text == ""


class TestBatches:
    def test_many_mails_come_in_few_batches_and_a_large_one_alone(
        self, server: Dovecot, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("infra.mail_values.BATCH", 3)
        monkeypatch.setattr("infra.mail_values.BATCH_BYTES", 4000)
        large = _mail(2, "x" * 900 + "\r\n" + "y" * 900 + "\r\n" + "z" * 900)
        raws = [_mail(0), _mail(1), large * 2, *(_mail(number) for number in range(3, 8))]
        for raw in raws:
            server.put(OFFICE, raw)
        with Mailbox(account) as mailbox:
            found = list(mailbox.fetch(mailbox.keys("INBOX"), 100_000))
        assert [mail.raw for batch in found for mail in batch] == raws
        assert [len(batch) for batch in found] == [2, 1, 3, 2]

    def test_what_a_person_takes_away_meanwhile_is_left_out(self, server: Dovecot, account: MailboxAccount) -> None:
        for number in range(4):
            server.put(OFFICE, _mail(number))
        with Mailbox(account) as mailbox:
            keys = mailbox.keys("INBOX")
            with server.session(OFFICE) as person:
                person.select_folder("INBOX")
                person.move([keys[1].uid], "Archive")
            assert [mail.raw for batch in mailbox.fetch(keys, 1000) for mail in batch] == [_mail(0), _mail(2), _mail(3)]
            moved = mailbox.move(keys, "Auskunft")
            assert set(moved) == {keys[0], keys[2], keys[3]}
            assert [moved[key].key for key in (keys[0], keys[2], keys[3])] == mailbox.keys("Auskunft")
            assert mailbox.move(keys, "Auskunft") == {}
            stale = [replace(key, uidvalidity=1) for key in keys]
            assert (list(mailbox.fetch(stale, 1000)), mailbox.move(stale, "X")) == ([], {})
            assert not mailbox.has_folder("X")

    def test_an_empty_folder_and_no_keys_are_no_error(self, account: MailboxAccount) -> None:
        with Mailbox(account) as mailbox:
            assert mailbox.keys("INBOX") == []
            assert list(mailbox.fetch([], 1000)) == []
            assert not mailbox.has_folder("Auskunft/2026")


class TestKeywords:
    def test_a_mark_is_all_that_changes(self, server: Dovecot, account: MailboxAccount) -> None:
        for number in range(3):
            server.put(OFFICE, _mail(number))
        with Mailbox(account) as mailbox:
            first, second, third = mailbox.keys("INBOX")
            mailbox.mark([first, third, replace(third, uid=third.uid + 9)], "Auskunft")
            mailbox.mark([replace(second, uidvalidity=1)], "Auskunft")
        with server.session(OFFICE) as person:
            person.select_folder("INBOX", readonly=True)
            flags = {uid: set(found) - {b"\\Recent"} for uid, found in person.get_flags(person.search()).items()}
        assert flags == {first.uid: {b"Auskunft"}, second.uid: set(), third.uid: {b"Auskunft"}}

    def test_doctor_says_where_no_mark_is_kept(self, server: Dovecot, account: MailboxAccount) -> None:
        reading = Reading(("INBOX", "Junk"), "keyword", "Auskunft")
        assert Mailbox(account).check(reading).ok
        for flags, expected in (([b"\\Seen"], False), ([b"\\Seen", b"auskunft"], True), ([b"\\*"], True), (None, True)):
            answer = {b"UIDVALIDITY": 1, b"EXISTS": 0, b"PERMANENTFLAGS": flags}
            if flags is None:
                del answer[b"PERMANENTFLAGS"]
            assert selected("INBOX", answer, writable=True).takes("Auskunft") is expected

    def test_a_folder_that_keeps_none_is_an_error(
        self, server: Dovecot, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.put(OFFICE, _mail(1))
        monkeypatch.setattr("infra.mail_values.Selected.takes", lambda *_: False)
        with Mailbox(account) as mailbox:
            keys = mailbox.keys("INBOX")
            with pytest.raises(MailboxUnavailable) as refused:
                mailbox.mark(keys, "Auskunft")
        assert refused.value.code == "no_keywords"
        health = Mailbox(account).check(Reading(("INBOX",), "keyword", "Auskunft"))
        assert (health.ok, health.summary) == (False, "IMAP: no_keywords")


class TestAnswers:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            (b"7 4:6 10:12", {4: 10, 5: 11, 6: 12}),
            (b"7 4,9 10,3", {4: 10, 9: 3}),
            (b"7 6:4 1:3", {4: 1, 5: 2, 6: 3}),
            (b"7 12", {0: 12}),
            (b"7 4:5 1", {}),
            (b"7 1:4294967295 1:4294967295", {}),
            (b"7 4: 1:2", {}),
            (b"nothing", {}),
        ],
    )
    def test_where_mails_went(self, code: bytes, expected: dict[int, int]) -> None:
        assert {old: key.uid for old, key in new_keys([code], "Auskunft", 3).items()} == expected


class TestFiling:
    def test_a_moved_mail_is_found_under_its_new_key(self, server: Dovecot, account: MailboxAccount) -> None:
        server.put(OFFICE, _mail(1))
        server.put(OFFICE, _mail(2))
        with Mailbox(account) as mailbox:
            first, second = mailbox.keys("INBOX")
            moved = _move(mailbox, first, "Auskunft/Erledigt – Müller")
            assert moved.removal is Removal.GONE
            assert moved.key is not None
            assert _fetch(mailbox, moved.key, 1000).raw == _mail(1)
            assert mailbox.keys("INBOX") == [second]
            assert mailbox.keys("Auskunft/Erledigt – Müller") == [moved.key]
        with server.session(OFFICE) as person:
            assert "Auskunft.Erledigt – Müller" in [name for _, _, name in person.list_sub_folders()]

    def test_several_mails_go_into_the_same_folder(self, server: Dovecot, account: MailboxAccount) -> None:
        for number in range(3):
            server.put(OFFICE, _mail(number))
        with Mailbox(account) as mailbox:
            moved = [_move(mailbox, key, "Geprüft") for key in mailbox.keys("INBOX")]
            assert [each.key for each in moved] == mailbox.keys("Geprüft")

    def test_a_mail_that_a_person_moved_is_gone(self, server: Dovecot, account: MailboxAccount) -> None:
        server.put(OFFICE, _mail(1))
        with Mailbox(account) as mailbox:
            (key,) = mailbox.keys("INBOX")
            with server.session(OFFICE) as person:
                person.select_folder("INBOX")
                person.move([key.uid], "Archive")
            for ask in (
                lambda: _fetch(mailbox, key, 1000),
                lambda: _move(mailbox, key, "X"),
                lambda: mailbox.delete(key),
            ):
                with pytest.raises(MailGone):
                    ask()
        assert len(server.mails(OFFICE, "Archive")) == 1
        assert server.mails(OFFICE, "X") == []

    def test_a_folder_made_anew_has_none_of_the_old_mails(self, server: Dovecot, account: MailboxAccount) -> None:
        server.put(OFFICE, _mail(1))
        with Mailbox(account) as mailbox:
            (key,) = mailbox.keys("INBOX")
            stale = replace(key, uidvalidity=key.uidvalidity + 1)
            for ask in (lambda: _fetch(mailbox, stale, 1000), lambda: mailbox.delete(stale)):
                with pytest.raises(MailGone):
                    ask()
        assert len(server.mails(OFFICE)) == 1

    def test_deleting_takes_this_mail_and_no_other(self, server: Dovecot, account: MailboxAccount) -> None:
        for number in range(3):
            server.put(OFFICE, _mail(number))
        with Mailbox(account) as mailbox:
            mine, marked_by_person, _ = mailbox.keys("INBOX")
            with server.session(OFFICE) as person:
                person.select_folder("INBOX")
                person.delete_messages([marked_by_person.uid])
            assert mailbox.delete(mine) is Removal.GONE
        assert server.mails(OFFICE) == [_mail(1), _mail(2)]

    def test_sent_mail_is_filed_with_its_time_and_found_by_its_id(
        self, server: Dovecot, account: MailboxAccount
    ) -> None:
        with Mailbox(account) as mailbox:
            key = mailbox.append("Gesendet/Auskünfte", _mail(7), WHEN)
            mailbox.append("Gesendet/Auskünfte", _mail(77), WHEN)
            assert key is not None
            assert _fetch(mailbox, key, 1000).arrived_at == WHEN
            assert mailbox.find_by_message_id("Gesendet/Auskünfte", "<7@post.example>") == [key]
            assert mailbox.find_by_message_id("Gesendet/Auskünfte", "7@post.example") == []
            assert mailbox.find_by_message_id("Gesendet/Auskünfte", '<"7\\x@post.example>') == []

    @pytest.mark.parametrize("evil", ["", "<1@post.example>\r\nA1 LOGOUT", "<ü@post.example>", "x" * 999])
    def test_an_id_that_cannot_be_searched_for_is_no_empty_answer(self, account: MailboxAccount, evil: str) -> None:
        with Mailbox(account) as mailbox, pytest.raises(ValueError):
            mailbox.find_by_message_id("INBOX", evil)

    def test_a_time_without_zone_is_refused(self, account: MailboxAccount) -> None:
        with Mailbox(account) as mailbox, pytest.raises(ValueError):
            mailbox.append("Sent", _mail(1), datetime(2026, 7, 1))  # noqa: DTZ001  # that is the point


@pytest.fixture(scope="module")
def without_move(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    return dovecot_with({OFFICE: "geheim-5"}, extra="imap_capability = IMAP4rev1 UIDPLUS LITERAL+")


@pytest.fixture(scope="module")
def without_uidplus(dovecot_with: Callable[..., Dovecot]) -> Dovecot:
    return dovecot_with({OFFICE: "geheim-5"}, extra="imap_capability = IMAP4rev1")


class TestAPoorerServer:
    def test_without_move_the_mail_is_copied_and_only_it_expunged(self, without_move: Dovecot) -> None:
        _marked_by_person(without_move)
        without_move.put(OFFICE, _mail(2))
        with Mailbox(_account(without_move)) as mailbox:
            key = mailbox.keys("INBOX")[-1]
            moved = _move(mailbox, key, "Auskunft/Erledigt")
            assert moved.removal is Removal.GONE
            assert mailbox.keys("Auskunft/Erledigt") == [moved.key]
        assert without_move.mails(OFFICE) == [_mail(1)]
        assert without_move.mails(OFFICE, "Auskunft.Erledigt") == [_mail(2)]

    def test_without_uidplus_nobodys_mail_is_expunged_and_that_is_said(self, without_uidplus: Dovecot) -> None:
        _marked_by_person(without_uidplus)
        without_uidplus.put(OFFICE, _mail(2))
        without_uidplus.put(OFFICE, _mail(3))
        account = _account(without_uidplus)
        with Mailbox(account) as mailbox:
            _, second, third = mailbox.keys("INBOX")
            assert _move(mailbox, second, "Erledigt").removal is Removal.MARKED
            assert mailbox.delete(third) is Removal.MARKED
        assert without_uidplus.mails(OFFICE) == [_mail(1), _mail(2), _mail(3)]
        assert without_uidplus.mails(OFFICE, "Erledigt") == [_mail(2)]
        health = Mailbox(account).check(Reading())
        assert health.ok
        assert "UIDPLUS" in health.advice

    def test_folders_below_a_prefix(self, dovecot_with: Callable[..., Dovecot]) -> None:
        server = dovecot_with({OFFICE: "geheim-5"}, extra="namespace inbox {\n  prefix = INBOX.\n}")
        server.put(OFFICE, _mail(1))
        with Mailbox(_account(server)) as mailbox:
            assert mailbox.sent_folder() == "Sent"  # as people see it, and as it is opened
            assert mailbox.has_folder("Sent")
            moved = _move(mailbox, mailbox.keys("inbox")[0], "Auskunft/Erledigt")
            assert mailbox.keys("Auskunft/Erledigt") == [moved.key]
            assert len(mailbox.keys("INBOX/Auskunft/Erledigt")) == 1
        assert server.mails(OFFICE, "INBOX.Auskunft.Erledigt") == [_mail(1)]

    def test_without_auth_plain_the_login_command_is_used(
        self, dovecot_with: Callable[..., Dovecot], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = "daten schutz@firma.example"
        account = _account(dovecot_with({user: 'geheim \\"5'}, extra="auth_username_chars ="), user)
        offers = IMAPClient.has_capability
        monkeypatch.setattr(IMAPClient, "has_capability", lambda me, name: name != "AUTH=PLAIN" and offers(me, name))
        monkeypatch.delattr(IMAPClient, "plain_login")
        with Mailbox(account) as mailbox:
            assert mailbox.keys("INBOX") == []
        assert _code(replace(account, password="falsch")) == "credentials"
        assert _code(replace(account, password="schlüssel")) == "credentials"

    def test_pymap(self, pymap_with: Callable[..., Pymap]) -> None:
        server = pymap_with("dsar", "geheim")
        account = MailboxAccount(server.host, server.port, "starttls", "dsar", "geheim", server.ca_file)
        with Mailbox(account) as mailbox:
            for number in range(3):
                mailbox.append("INBOX", _mail(number), WHEN)
            first, second, third = mailbox.keys("INBOX")
            assert _fetch(mailbox, first, 20).raw == _mail(0)[:20]
            assert _fetch(mailbox, second, 1000).raw == _mail(1)
            assert _fetch(mailbox, second, 1000).arrived_at == WHEN
            _move(mailbox, first, "Erledigt/Prüfung")
            assert len(mailbox.keys("Erledigt/Prüfung")) == 1
            assert mailbox.delete(second) is Removal.GONE
            assert mailbox.keys("INBOX") == [third]
            assert mailbox.find_by_message_id("INBOX", "<2@post.example>") == [third]
            with pytest.raises(MailGone):
                _fetch(mailbox, second, 1000)
        assert _code(replace(account, password="falsch")) == "credentials"


def _marked_by_person(server: Dovecot) -> None:
    server.put(OFFICE, _mail(1))
    with server.session(OFFICE) as person:
        person.select_folder("INBOX")
        person.delete_messages(person.search())


class TestFailures:
    def test_starttls_works_too(self, server: Dovecot, account: MailboxAccount) -> None:
        reading = Reading(("INBOX", "Junk"))
        health = Mailbox(replace(account, port=server.imap, security="starttls")).check(reading)
        assert (health.ok, health.advice) == (True, "")

    def test_a_folder_for_spam_that_is_not_read_is_told(self, account: MailboxAccount) -> None:
        health = Mailbox(account).check(Reading())
        assert health.ok
        assert '"Junk"' in health.advice

    def test_it_is_told_in_which_folder_copies_of_our_mails_are(
        self, account: MailboxAccount, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        health = Mailbox(account).check(Reading(("INBOX", "Junk"), finds_sent=True))
        assert health.ok
        assert 'copies of our mails in "Sent"' in health.summary
        assert health.advice == ""
        assert "copies" not in Mailbox(account).check(Reading(("INBOX", "Junk"))).summary
        listed = IMAPClient.list_folders  # a server that says nothing of its folders
        monkeypatch.setattr(IMAPClient, "list_folders", lambda *given: [((), *each[1:]) for each in listed(*given)])
        health = Mailbox(account).check(Reading(("INBOX", "Junk"), finds_sent=True))
        assert health.ok
        assert "mailbox.sent" in health.advice

    def test_a_wrong_password(self, account: MailboxAccount) -> None:
        assert _code(replace(account, password="falsch")) == "credentials"
        health = Mailbox(replace(account, password="falsch")).check(Reading())
        assert not health.ok
        assert "credentials" in health.summary

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_an_untrusted_certificate(self, server: Dovecot, account: MailboxAccount, security: str) -> None:
        port = server.imaps if security == "tls" else server.imap
        assert _code(replace(account, ca_file="", port=port, security=security)) == "tls"  # type: ignore[arg-type]

    def test_a_certificate_for_another_name(
        self, dovecot_with: Callable[..., Dovecot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def for_another_name(folder: Path) -> object:
            return make_certificates(folder, "anderswo.example")

        monkeypatch.setattr("tests.servers.dovecot.make_certificates", for_another_name)
        assert _code(_account(dovecot_with({OFFICE: "geheim-5"}))) == "tls"

    def test_a_ca_file_that_is_missing(self, account: MailboxAccount, tmp_path: Path) -> None:
        assert _code(replace(account, ca_file=str(tmp_path / "none.pem"))) == "tls"

    def test_a_server_without_tls_gets_no_password(self, dovecot_with: Callable[..., Dovecot]) -> None:
        plain = dovecot_with({OFFICE: "geheim-5"}, extra="ssl = no")
        account = replace(_account(plain), port=plain.imap, security="starttls")
        assert _code(account) == "tls"
        assert "Login:" not in (plain.folder / "dovecot.log").read_text()

    def test_an_old_tls_version_is_not_spoken(self, dovecot_with: Callable[..., Dovecot]) -> None:
        old = dovecot_with({OFFICE: "geheim-5"}, extra="ssl_min_protocol = TLSv1\nssl_cipher_list = ALL:@SECLEVEL=0")
        Mailbox(_account(old)).check(Reading())
        with Mailbox(_account(old)) as mailbox:
            assert mailbox._client.socket().version() in ("TLSv1.2", "TLSv1.3")

    def test_nobody_listens(self, account: MailboxAccount) -> None:
        assert _code(replace(account, port=free_ports(1)[0])) == "refused"

    def test_nobody_answers(self, account: MailboxAccount) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            assert _code(replace(account, port=silent.getsockname()[1]), timeout=0.3) == "timeout"

    def test_a_folder_that_does_not_exist_is_no_empty_folder(self, account: MailboxAccount) -> None:
        with Mailbox(account) as mailbox:
            with pytest.raises(MailboxUnavailable) as caught:
                mailbox.keys("Posteingang")
            assert caught.value.code == "no_such_folder"
            assert mailbox.keys("INBOX") == []

    def test_a_server_that_dies_in_the_middle(self, dovecot_with: Callable[..., Dovecot]) -> None:
        mortal = dovecot_with({OFFICE: "geheim-5"})
        mortal.put(OFFICE, _mail(1))
        with Mailbox(_account(mortal), timeout=5) as mailbox:
            (key,) = mailbox.keys("INBOX")
            mortal.kill()
            for ask in (
                lambda: _fetch(mailbox, key, 1000),
                lambda: mailbox.keys("INBOX"),
                lambda: mailbox.append("Sent", _mail(2), WHEN),
                lambda: _move(mailbox, key, "X"),
            ):
                with pytest.raises(MailboxUnavailable) as caught:
                    ask()
                assert caught.value.code == "refused"

    def test_errors_survive_the_way_between_processes(self) -> None:
        error = pickle.loads(pickle.dumps(MailboxUnavailable("tls", "Do this.")))
        assert (error.code, error.advice) == ("tls", "Do this.")
        assert isinstance(pickle.loads(pickle.dumps(MailGone())), MailGone)

    def test_outside_of_with_it_is_a_mistake(self, account: MailboxAccount) -> None:
        with pytest.raises(RuntimeError):
            Mailbox(account).keys("INBOX")
