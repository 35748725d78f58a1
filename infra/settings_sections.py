"""The sections of `auskunft.toml` as frozen models. A field's description says what is allowed, in its error message.

Nothing here holds a secret: passwords are references (`infra.secrets_ref`), the master key is one of `infra.master`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from cases.laender import LAENDER
from infra import secrets_ref
from infra.faults import Hidden

NO_COPIES = ("none",)  # of `mailbox.sent`
_LAENDER = ", ".join(LAENDER)
_MASTER = (
    r"keyring(:[^\x00-\x1f]+)?|env:[A-Za-z0-9][A-Za-z0-9._-]*|file:/[^\x00]+|credential:[A-Za-z0-9][A-Za-z0-9._-]*"
)


def _reference(value: str) -> str:
    try:
        return str(secrets_ref.parse(value))
    except secrets_ref.SecretError:
        refusal = ValueError(secrets_ref.ALLOWED)
    raise refusal


def _reference_or_none(value: str) -> str:
    return _reference(value) if value else ""


def _database(value: str) -> str:
    """A URL without a password, which is a secret and has a setting of its own. Cases kept in memory would be lost."""
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.password is not None or not url.database or ":" in url.database:
        raise ValueError("no database URL without a password")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError("no database we keep cases in")
    return value


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refusal = ValueError("no such time zone")
    raise refusal


def _land(value: str) -> str:
    if value not in LAENDER:
        raise ValueError("no such Land")
    return value


def _away_from_the_changed_hour(value: time) -> time:
    """Between two and three an hour is missing in March and comes twice in October."""
    if value.hour == 2 or value.tzinfo is not None:
        raise ValueError("not a safe local time")
    return value


def _clock_text(value: object) -> object:
    if isinstance(value, str) and len(value) == 5:
        return value
    raise ValueError("not HH:MM")


def _copies(value: object) -> object:
    return NO_COPIES if value == "none" else value


def _api_url(value: str) -> str:
    """Empty, https, or http where no line outside the machine or its container network carries the auth string."""
    scheme, _, rest = value.partition("://")
    host = rest.partition("/")[0].partition(":")[0]
    near = host == "127.0.0.1" or (host and "." not in host)
    if value and ("@" in value or not host or not (scheme == "https" or (scheme == "http" and near))):
        raise ValueError("no safe URL")
    return value


def _token_url(value: str) -> str:
    """https; http only on this very machine, where tests have their servers. Client and secret go to this address."""
    parts = urlsplit(value)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise ValueError("no safe URL")
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise ValueError("no URL of a token server")
    return value


LineOrNone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Line = Annotated[LineOrNone, StringConstraints(min_length=1)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,253}$")]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\",;]{1,64}@[^@\s<>\",;]{1,255}$")]
AddressOrNone = Annotated[str, StringConstraints(pattern=r"^([^@\s<>\",;]{1,64}@[^@\s<>\",;]{1,255})?$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Days = Annotated[int, Field(ge=1, le=365)]
Seconds = Annotated[int, Field(ge=1, le=3600)]
Secret = Annotated[str, AfterValidator(_reference)]
SecretOrNone = Annotated[str, AfterValidator(_reference_or_none)]
NAME = "one line of text"
HOST = "the name or address of a server, such as imap.firma.example"
PORT = "a port number from 1 to 65535"
ADDRESS = "one e-mail address, such as datenschutz@firma.example"
SECURITY = '"tls" (encrypted from the first byte) or "starttls"; there is no unencrypted way'
SECRET = f"a reference to the secret, not the secret itself: {secrets_ref.ALLOWED}"
CA_FILE = 'a path to a file of certificates (PEM), or "" for those of the operating system'
SOURCE_NAME = r"^[a-z][a-z0-9_-]{0,40}$"


class Section(BaseModel):
    """What every section has in common: frozen, and no key that is not listed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class ControllerSection(Section):
    """Who answers. `land` and `region` decide which public holidays count for the deadline."""

    name: Line = Field(description=NAME)
    street: Line = Field(description=NAME)
    postcode: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")] = Field(
        description="five digits in quotation marks"
    )
    city: Line = Field(description=NAME)
    land: Annotated[str, AfterValidator(_land)] = Field(description=f"one of {_LAENDER}")
    region: Literal["", "catholic", "augsburg"] = Field(default="", description='"", "catholic" or "augsburg"')
    email: Address = Field(description=ADDRESS)
    phone: LineOrNone = Field(default="", description="one line of text or nothing")
    language: Literal["de", "en"] = Field(default="de", description='"de" or "en"')
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="Europe/Berlin", description="a name of the IANA time zone database, such as Europe/Berlin"
    )
    public_body: bool = Field(default=False, description="true (an authority or other public body) or false")


class DpoSection(Section):
    """The data protection officer; empty where there is none."""

    name: LineOrNone = Field(default="", description="one line of text or nothing")
    email: AddressOrNone = Field(default="", description=f'{ADDRESS}, or ""')


class Person(Section):
    """Somebody who decides. A reviewer reads and judges, a releaser approves the answer."""

    name: Line = Field(description=NAME, repr=False)
    roles: Annotated[tuple[Literal["reviewer", "releaser"], ...], Field(min_length=1, max_length=2)] = Field(
        description='a list of "reviewer", "releaser" or both'
    )


class ReleaseSection(Section):
    one_person_may_do_both: bool = Field(default=False, description="true or false")


class StoreSection(Section):
    """Where everything lies. Relative paths start at the folder of `auskunft.toml`."""

    database: Annotated[str, AfterValidator(_database), Hidden()] = Field(
        default="sqlite:///data/auskunft.db",
        description="a SQLAlchemy URL without a password, such as sqlite:///data/auskunft.db or "
        "postgresql+psycopg://auskunft@db.firma.example/auskunft; the password goes to store.database_password",
    )
    database_password: Annotated[SecretOrNone, Hidden()] = Field(default="", description=f'"" or {SECRET}')
    vault: Path = Field(default=Path("data/vault"), description="a folder")
    keys: Path = Field(default=Path("keys"), description="a folder beside the data, not in it")


class KeysSection(Section):
    master: Annotated[str, StringConstraints(pattern=rf"^({_MASTER})$"), Hidden()] = Field(
        description="where the master key lies, not the key itself: keyring, keyring:SERVICE, env:NAME, "
        "file:/absolute/path or credential:NAME"
    )


class OauthSection(Section):
    """Where access tokens come from (RFC 6749), for mailboxes and post with `auth = "oauth2"`."""

    token_url: Annotated[str, AfterValidator(_token_url), Hidden()] = Field(
        description="https://… of the provider's token server; http only on 127.0.0.1"
    )
    grant: Literal["refresh_token", "client_credentials"] = Field(
        default="refresh_token",
        description='"refresh_token" (for a user; Google) or "client_credentials" (as a program; Microsoft 365)',
    )
    client_id: Line = Field(description=NAME)
    client_secret: Annotated[SecretOrNone, Hidden()] = Field(default="", description=f'"" or {SECRET}')
    refresh_token: Annotated[SecretOrNone, Hidden()] = Field(default="", description=f'"" or {SECRET}')
    scope: LineOrNone = Field(default="", description="one line of text or nothing")
    ca_file: LineOrNone = Field(default="", description=CA_FILE)


class LoginSection(Section):
    """How to log in to a mail server."""

    auth: Literal["password", "oauth2"] = Field(default="password", description='"password" or "oauth2"')
    oauth: LineOrNone = Field(default="", description='the NAME of a section [oauth.NAME], with auth = "oauth2"')
    password: Annotated[SecretOrNone, Hidden()] = Field(default="", description=f'"" or {SECRET}')
    security: Literal["tls", "starttls"] = Field(default="tls", description=SECURITY)
    ca_file: LineOrNone = Field(default="", description=CA_FILE)


class AccountSection(LoginSection):
    """A mailbox that is read (IMAP). `filing`: what is done with mails of cases once they are stored: moved to `done`,
    marked with a keyword where people work in the mailbox, or nothing at all."""

    host: Host = Field(description=HOST)
    port: Port = Field(default=993, description=PORT)
    user: Line = Field(description=NAME)
    inbox: Line = Field(default="INBOX", description="the name of a folder in the mailbox")
    junk: tuple[Line, ...] = Field(default=(), description="a list of names of folders in the mailbox")
    done: Line = Field(default="Auskunft", description="the name of a folder in the mailbox")
    filing: Literal["move", "keyword", "leave"] = Field(
        default="move", description='"move" (to the folder done), "keyword" (mark, never move) or "leave" (read only)'
    )
    keyword: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9$_.-]{1,40}$")] = Field(
        default="Auskunft", description="letters, digits and $ _ . - (an IMAP keyword), at most 40"
    )
    idle: bool = Field(default=True, description="true (be told of new mail at once, where the server can) or false")

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders where mail arrives."""
        return (self.inbox, *self.junk)


class MailboxSection(AccountSection):
    """The main mailbox, and what holds for all of them."""

    authserv_ids: tuple[Host, ...] = Field(
        default=(), description='a list of server names, such as ["mx.firma.example"]'
    )
    own_addresses: tuple[Address, ...] = Field(default=(), description="a list of e-mail addresses")
    sent: Annotated[tuple[Line, ...], BeforeValidator(_copies)] = Field(
        default=(),
        description="a list of folders in which the mail server keeps a copy of what we send; []: the one that the "
        'server names; "none": it keeps none',
    )
    check_dkim: bool = Field(default=True, description="true (asks the DNS for the sender's key) or false")
    smime_ca_file: LineOrNone = Field(
        default="", description='a path to a file of certificates (PEM) whose S/MIME signatures are believed, or ""'
    )
    poll_seconds: Annotated[int, Field(ge=2, le=3600)] = Field(default=120, description="seconds from 2 to 3600")


class FurtherMailbox(AccountSection):
    """Another mailbox in which requests may arrive."""

    name: Annotated[str, StringConstraints(pattern=SOURCE_NAME)] = Field(
        description="a lower-case letter, then lower-case letters, digits, - and _, at most 41 in all"
    )


class PostSection(LoginSection):
    """How mail leaves (SMTP)."""

    host: Host = Field(description=HOST)
    port: Port = Field(default=465, description=PORT)
    user: LineOrNone = Field(default="", description="one line of text, or nothing where the server asks for no login")
    from_address: Address = Field(description=ADDRESS)
    from_name: Line = Field(description=NAME)
    max_megabytes: Annotated[int, Field(ge=1, le=150)] = Field(default=15, description="a whole number from 1 to 150")
    notices_per_hour: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=3, description="a whole number from 1 to 1000"
    )
    acknowledgements_per_hour: Annotated[int, Field(ge=21, le=10_000)] = Field(
        default=60, description="a whole number from 21 (so that 500 leave within a day) to 10000"
    )


class PrefectSection(Section):
    """The engine. An empty `api_url` means a server of our own on the loopback address."""

    api_url: Annotated[str, AfterValidator(_api_url), Hidden()] = Field(
        default="",
        description='"" for a server of our own, https://…/api, or http://…/api on 127.0.0.1, localhost or a host name '
        "without dots; without user and password",
    )
    port: Port = Field(default=4200, description=PORT)
    home: Path = Field(default=Path("data/prefect"), description="a folder")
    auth: Annotated[Secret, Hidden()] = Field(description=SECRET)
    poll_seconds: Seconds = Field(default=2, description="seconds from 1 to 3600")
    most_forms: Annotated[int, Field(ge=5, le=1000)] = Field(default=50, description="a whole number from 5 to 1000")


class RightsSection(Section):
    """Who handles the rights beside access: erasure, rectification, restriction, portability, objection."""

    handler: AddressOrNone = Field(default="", description=f'{ADDRESS}; "": the DPO')


class RetentionSection(Section):
    """How long what stays. `reason` is the controller's own documented assessment (CEF 2024, finding 1)."""

    material_days: Days = Field(default=30, description="days from 1 to 365")
    record_years: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="years from 1 to 10, each to 31 December"
    )
    mail_days: Days = Field(default=14, description="days from 1 to 365")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=4000)] = Field(
        description="your own reason for these periods, in at least 20 characters"
    )


class ReportSection(Section):
    """The daily mail, the weekly report as mail and files in `folder`, and the calendar that others subscribe to.
    Relative paths start at the folder of `auskunft.toml`."""

    at: Annotated[time, BeforeValidator(_clock_text), AfterValidator(_away_from_the_changed_hour)] = Field(
        default=time(7, 30),
        description='a local time such as "07:30", not between 02:00 and 02:59, which daylight saving skips or repeats',
    )
    recipients: tuple[Address, ...] = Field(default=(), description="a list of e-mail addresses; empty: the DPO")
    weekly: Literal["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"] = Field(
        default="mon", description='a day such as "mon", or "" for no weekly report'
    )
    folder: LineOrNone = Field(default="data/reports", description='a folder, or ""')
    calendar: Annotated[LineOrNone, StringConstraints(pattern=r"^(|.*\.ics)$")] = Field(
        default="", description='the path of a file that ends in .ics, or ""'
    )


class SourceSection(Section):
    """A place to search. What `options` may hold is the connector's business; `record` marks the system of record."""

    kind: Annotated[str, StringConstraints(pattern=SOURCE_NAME)] = Field(
        description='the name of a connector, such as "odoo", "folder" or "instagram"'
    )
    record: bool = Field(default=False, description="true for the one system of record, else false")
    options: Mapping[str, Any] = Field(default={}, description="the connector's own keys", repr=False)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, table: Any) -> Any:
        """Everything but our own keys belongs to the connector."""
        if not isinstance(table, dict):
            return table
        own = {key: value for key, value in table.items() if key in ("kind", "record")}
        return own | {"options": {key: value for key, value in table.items() if key not in own}}
