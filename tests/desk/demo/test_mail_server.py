import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from imapclient.exceptions import LoginError

from desk.demo.client import append_mail, open_mailbox, read_mailbox, send_demo_mail, send_mail
from desk.demo.mail_server import MailServer
from desk.demo.mails import DemoMails, make_mails
from desk.demo.process import ServerFailed

AT = datetime(2026, 11, 3, 8, 30, tzinfo=UTC)


@pytest.fixture
def mails(office) -> DemoMails:
    return make_mails(office.company.protagonist, office.company.neighbours.delivery, AT)


def send(office, mail) -> bytes:
    """Hand the mail in and return it as it lies in the company's mailbox."""
    send_demo_mail(office.mail.smtp_port, office.mail.ca_file, mail, office.mail.accounts)
    return office.inbox(office.company.mailbox)[-1]


def test_request_arrives_whole_and_passes(office, mails) -> None:
    message = message_from_bytes(send(office, mails.request), policy=default)
    assert message["Subject"] == office.company.protagonist.request_subject
    assert message.get_body().get_content().replace("\r\n", "\n") == office.company.protagonist.request_text
    assert message["Authentication-Results"].startswith(
        "mail.nordlicht-raeder.example; dmarc=pass header.from=posteo.example; spf=pass"
    )
    assert "with ESMTPSA" in message["Received"]


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("english_request", "pass"), ("newsletter", "pass"), ("out_of_office", "pass"), ("bounce", "pass"),
        ("delivery_question", "pass"), ("forged", "fail"),
    ],
)  # fmt: skip
def test_every_demo_mail_arrives_with_its_verdict(office, mails, kind: str, verdict: str) -> None:
    message = message_from_bytes(send(office, getattr(mails, kind)), policy=default)
    assert f"dmarc={verdict} " in message["Authentication-Results"]
    assert message["Message-ID"] == getattr(mails, kind).message["Message-ID"]
    assert not message.defects


def test_bounce_has_a_null_return_path_and_a_status(office, mails) -> None:
    message = message_from_bytes(send(office, mails.bounce), policy=default)
    assert message["Return-Path"] == "<>"
    assert message.get_content_type() == "multipart/report"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "message/delivery-status"]


def test_company_writes_to_the_person(office) -> None:
    company, mail = office.company, office.mail
    raw = b"From: datenschutz@nordlicht-raeder.example\nSubject: Eingang\n\nMoin \xc3\xbc\n.\nEnde\n"
    auth = (company.mailbox, mail.accounts[company.mailbox])
    send_mail(mail.submission_port, mail.ca_file, raw, company.mailbox, [company.protagonist.email], auth)
    received = office.inbox(company.protagonist.email)[-1]
    assert received.endswith(b"\r\nSubject: Eingang\r\n\r\nMoin \xc3\xbc\r\n.\r\nEnde\r\n")
    assert b"Authentication-Results: mail.posteo.example; dmarc=pass" in received


def test_large_mail_comes_back_unchanged(office) -> None:
    company, mail = office.company, office.mail
    body = b"".join(b"%075d\r\n" % number for number in range(100_000))
    send_mail(mail.smtp_port, mail.ca_file, b"Subject: gross\r\n\r\n" + body, "", [company.dpo_mailbox])
    assert office.inbox(company.dpo_mailbox)[-1].endswith(b"\r\n\r\n" + body)


def test_wrong_password_is_refused_at_once(office) -> None:
    start = time.monotonic()
    with pytest.raises(smtplib.SMTPAuthenticationError) as refused:
        mail = office.mail
        send_mail(
            mail.submission_port, mail.ca_file, b"x", "", [office.company.mailbox], (office.company.mailbox, "no")
        )
    assert refused.value.smtp_code == 535
    with pytest.raises(LoginError):
        read_mailbox(office.mail.imap_port, office.mail.ca_file, office.company.mailbox, "no")
    assert time.monotonic() - start < 5


def test_submission_demands_a_login(office) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        send_mail(office.mail.submission_port, office.mail.ca_file, b"x", "a@b.example", [office.company.mailbox])
    assert refused.value.smtp_code == 530


def test_nothing_is_taken_without_tls(office) -> None:
    with smtplib.SMTP("127.0.0.1", office.mail.smtp_port, local_hostname="c.example", timeout=5) as smtp:
        smtp.ehlo()
        assert smtp.mail("a@b.example")[0] == 530


def test_unknown_recipient_is_refused(office) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_mail(office.mail.smtp_port, office.mail.ca_file, b"x", "", ["nobody@nordlicht-raeder.example"])


def test_certificate_is_checked_against_our_authority_only(office) -> None:
    with (
        socket.create_connection(("127.0.0.1", office.mail.imap_port), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")


def test_imap_offers_what_the_pipeline_needs(office, mails) -> None:
    send(office, mails.newsletter)
    address, mail = office.company.mailbox, office.mail
    with open_mailbox(mail.imap_port, mail.ca_file, address, mail.accounts[address]) as imap:
        assert {b"MOVE", b"UIDPLUS"} <= set(imap.capabilities())
        assert {name for _, _, name in imap.list_folders()} >= {"INBOX", "Junk", "Sent"}
        imap.normalise_times = False
        imap.create_folder("Auskunft/erledigt")
        assert imap.select_folder("INBOX")[b"UIDVALIDITY"] > 0
        uids = imap.search()
        arrived = imap.fetch(uids[-1:], ["INTERNALDATE", "RFC822.SIZE"])[uids[-1]]
        assert abs(arrived[b"INTERNALDATE"] - datetime.now(UTC)) < timedelta(minutes=1)
        imap.add_flags(uids[-1:], [b"\\Seen"])
        imap.move(uids[-1:], "Auskunft/erledigt")
        assert uids[-1] not in imap.search()
        imap.select_folder("Auskunft/erledigt")
        assert len(imap.search()) == 1


def test_appended_mail_keeps_its_date(office) -> None:
    address, mail = office.company.dpo_mailbox, office.mail
    append_mail(mail.imap_port, mail.ca_file, address, mail.accounts[address], b"Subject: alt\r\n\r\n", AT, "Junk")
    with open_mailbox(mail.imap_port, mail.ca_file, address, mail.accounts[address]) as imap:
        imap.normalise_times = False
        imap.select_folder("Junk")
        (fetched,) = imap.fetch(imap.search(), ["INTERNALDATE"]).values()
        assert fetched[b"INTERNALDATE"] == AT


def test_reading_leaves_mail_unseen(office, mails) -> None:
    send(office, mails.newsletter)
    address, mail = office.company.mailbox, office.mail
    with open_mailbox(mail.imap_port, mail.ca_file, address, mail.accounts[address]) as imap:
        imap.select_folder("INBOX")
        assert imap.search("UNSEEN") == imap.search()


def test_secrets_are_for_the_owner_only(office) -> None:
    folder = office.mail.ca_file.parent
    assert {name: (folder / name).stat().st_mode & 0o777 for name in ("server.key", "mail.json")} == {
        "server.key": 0o600, "mail.json": 0o600,
    }  # fmt: skip


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return True
    return False


def wait_until_refused(port: int) -> bool:
    give_up = time.monotonic() + 5
    while time.monotonic() < give_up:
        if refuses(port):
            return True
        time.sleep(0.05)
    return False


PARENT = """
import sys, time, pathlib
from desk.demo.mail_server import MailServer
server = MailServer(pathlib.Path(sys.argv[1]), ["a@b.example"]).start()
print(server.imap_port, flush=True)
time.sleep(60)
"""


def test_ends_with_its_parent_even_if_that_is_killed(servers_folder: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(servers_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert not refuses(port)
        parent.kill()
    assert wait_until_refused(port)


def test_stops_on_request_and_on_sigterm(servers_folder: Path) -> None:
    server = MailServer(servers_folder, ["a@b.example"])
    with pytest.raises(ServerFailed, match="start"):
        _ = server.imap_port
    with server:
        port = server.imap_port
        with pytest.raises(ServerFailed, match="already"):
            server.start()
    assert refuses(port)
    with server:
        os.kill(server.pid, signal.SIGTERM)
        assert wait_until_refused(server.port("imap"))


def test_failed_start_says_where_the_log_is(servers_folder: Path) -> None:
    class Broken(MailServer):
        def prepare(self) -> None:
            super().prepare()
            (self._folder / "mail.json").write_text("{")

    with pytest.raises(ServerFailed, match=r"mail_server\.log"):
        Broken(servers_folder, ["a@b.example"]).start()
    assert "JSONDecodeError" in (servers_folder / "mail_server.log").read_text()
