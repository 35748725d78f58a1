"""A mail client for the demo and its tests: hand in a mail, read a mailbox, lay a mail into it."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path

from imapclient import IMAPClient

from desk.demo.mails import DemoMail

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 20
_LINE_END = re.compile(rb"\r\n|\r|\n")


def send_mail(
    smtp_port: int,
    ca_file: Path,
    mail: bytes | EmailMessage,
    sender: str,
    recipients: Sequence[str],
    auth: tuple[str, str] | None = None,
) -> None:
    """Hand in a mail over STARTTLS; `sender` "" is the null return path, `auth` an account and its password.

    Raises smtplib.SMTPException, for example SMTPAuthenticationError or SMTPRecipientsRefused.
    """
    raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP_POLICY)
    with smtplib.SMTP(HOST, smtp_port, local_hostname="demo.example", timeout=TIMEOUT_SECONDS) as smtp:
        smtp.starttls(context=ssl.create_default_context(cafile=str(ca_file)))
        if auth:
            smtp.login(*auth)
        smtp.sendmail(sender, list(recipients), _LINE_END.sub(b"\r\n", raw))


def send_demo_mail(smtp_port: int, ca_file: Path, mail: DemoMail, accounts: Mapping[str, str]) -> None:
    """Hand in one of the demo's mails, logged in with the password from `accounts` if it is submitted by an account."""
    account = mail.submitted_by
    auth = (account, accounts[account]) if account else None
    send_mail(smtp_port, ca_file, mail.message, mail.sender, mail.recipients, auth)


def read_mailbox(imap_port: int, ca_file: Path, user: str, password: str, folder: str = "INBOX") -> list[bytes]:
    """The folder's mails as raw bytes, oldest first; nothing is changed, no mail becomes seen.

    Raises imapclient.exceptions.IMAPClientError, LoginError for a wrong password.
    """
    with open_mailbox(imap_port, ca_file, user, password) as imap:
        imap.select_folder(folder, readonly=True)
        uids = imap.search()
        fetched = imap.fetch(uids, ["BODY.PEEK[]"]) if uids else {}
        return [fetched[uid][b"BODY[]"] for uid in sorted(fetched)]


def append_mail(
    imap_port: int, ca_file: Path, user: str, password: str, raw: bytes, at: datetime, folder: str = "INBOX"
) -> None:
    """Lay a mail into a folder as if it had arrived `at` (aware): its INTERNALDATE. No trace headers are added."""
    with open_mailbox(imap_port, ca_file, user, password) as imap:
        imap.append(folder, raw, msg_time=at)


@contextmanager
def open_mailbox(imap_port: int, ca_file: Path, user: str, password: str) -> Iterator[IMAPClient]:
    """A logged-in IMAPClient, logged out at the end."""
    tls = ssl.create_default_context(cafile=str(ca_file))
    with IMAPClient(HOST, imap_port, ssl=True, ssl_context=tls, timeout=TIMEOUT_SECONDS) as imap:
        imap.login(user, password)
        yield imap
