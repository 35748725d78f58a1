from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.demo.client import read_mailbox
from desk.demo.company import Company, build_company
from desk.demo.mail_server import MailServer


@dataclass(frozen=True)
class Office:
    """A small company and its running mail server."""

    company: Company
    mail: MailServer

    def inbox(self, address: str) -> list[bytes]:
        return read_mailbox(self.mail.imap_port, self.mail.ca_file, address, self.mail.accounts[address])


@pytest.fixture(scope="session")
def small_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return build_company(tmp_path_factory.mktemp("company"), customers=60)


@pytest.fixture(scope="module")
def office(small_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with MailServer(tmp_path_factory.mktemp("servers"), small_company.mail_addresses) as mail:
        yield Office(small_company, mail)


@pytest.fixture
def servers_folder(tmp_path: Path) -> Path:
    return tmp_path / "servers"
