"""Everything a flow works with, handed in by `flows.wiring`: nothing here is made at import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from cases.draft import Controller
from cases.message import AuthResults
from cases.register import Register
from cases.source import Source, SystemOfRecord
from cases.text import TextExtractor
from infra.clock import Clock
from infra.keystore import KeyStore
from infra.mailbox import Mailbox
from infra.post import Post
from infra.settings import MAIN_MAILBOX, Settings
from infra.share import Nextcloud
from infra.store.cases import Cases
from infra.store.store import Store
from infra.vault import Vault
from outputs.seal_key import Signer


class Authenticity(Protocol):
    """What is known of a mail's sender."""

    def stated(self, raw: bytes) -> AuthResults:
        """What the trusted receiving server wrote into the mail."""
        ...

    def checked(self, raw: bytes, stated: AuthResults) -> AuthResults:
        """With our own DKIM check as well, which asks the DNS: only for mails that ask for something."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """The parts of one installation."""

    settings: Settings
    register: Register
    controller: Controller
    clock: Clock
    keystore: KeyStore
    vault: Vault
    store: Store
    extractor: TextExtractor
    sources: Mapping[str, Source]
    record: SystemOfRecord | None
    mailbox: Callable[[str], Mailbox]  # by its name in the settings
    post: Post
    authenticity: Authenticity
    close: Callable[[], None]
    cloud: Nextcloud | None = None  # where answers are put behind links
    signing: Callable[[Signer], Signer] | None = None  # the keys of the house with the certificate of the settings

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.controller.timezone)

    @property
    def mail_domain(self) -> str:
        return self.settings.post.from_address.rpartition("@")[2]

    def today(self, now: datetime) -> date:
        """The controller's local date."""
        return now.astimezone(self.zone).date()

    def day_key(self, now: datetime) -> str:
        """The key of mails that belong to no case, one for each day of arrival in our store (UTC)."""
        key_id = f"day-{now.date().isoformat()}"
        self.keystore.get_or_create(key_id)
        return key_id

    def vault_owner(self, case: str) -> str:
        """The folder of a case's blobs in the vault."""
        return case.lower()


def mailbox_part(name: str) -> str:
    """What alarms and states about a mailbox are named after."""
    return "mailbox" if name == MAIN_MAILBOX else f"mailbox:{name}"


def local_language(language: str) -> str:
    """The language of letters: German or English (FRM-06)."""
    return language if language in ("de", "en") else "de"


def key_of(cases: Cases, case: str) -> str:
    return cases.row(case).material_key
