"""The settings: `auskunft.toml`, overridden by the environment (`AUSKUNFT_SECTION__KEY`).

Lists and tables in the environment are JSON. A relative path starts at the folder of the file, wherever it was written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, PrivateAttr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableEnvironment
from sqlalchemy.engine import make_url

from cases.draft import Controller
from cases.laender import LAENDER
from infra.faults import ConfigurationError, Fault, dotted, faults_of, near_miss, read_toml
from infra.settings_answer import AnswerSection
from infra.settings_clock import AlarmsSection, ClockSection, HoldSection
from infra.settings_delivery import DeliverySection
from infra.settings_identity import IdentitySection
from infra.settings_letters import LettersSection
from infra.settings_sections import (
    SECRET,
    SOURCE_NAME,
    AccountSection,
    ControllerSection,
    DpoSection,
    FurtherMailbox,
    KeysSection,
    LoginSection,
    MailboxSection,
    OauthSection,
    Person,
    PostSection,
    PrefectSection,
    ReleaseSection,
    ReportSection,
    RetentionSection,
    RightsSection,
    SourceSection,
    StoreSection,
)

PREFIX = "AUSKUNFT_"
MAIN_MAILBOX = "main"  # the name of [mailbox]
NO_POSTCODE = "00000"
UNFILLED = "AUSFUELLEN"  # what the files of `init` hold where only the controller knows


Trusting = TypeVar("Trusting", MailboxSection, FurtherMailbox, PostSection, OauthSection)


class SettingsError(ConfigurationError):
    """`auskunft.toml` or its environment is wrong; one line for each fault."""


class Settings(BaseSettings):
    """Everything of `auskunft.toml`. Paths are absolute. Made by `load_settings`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, env_prefix=PREFIX, env_nested_delimiter="__"
    )

    controller: ControllerSection = Field(description="a section [controller]")
    dpo: DpoSection = Field(default=DpoSection(), description="a section [dpo]")
    people: tuple[Person, ...] = Field(description="sections [[people]] with name and roles")
    release: ReleaseSection = Field(default=ReleaseSection(), description="a section [release]")
    store: StoreSection = Field(default=StoreSection(), description="a section [store]")
    keys: KeysSection = Field(description="a section [keys]")
    mailbox: MailboxSection = Field(description="a section [mailbox]")
    mailboxes: tuple[FurtherMailbox, ...] = Field(default=(), description="sections [[mailboxes]] with name")
    post: PostSection = Field(description="a section [post]")
    oauth: Mapping[str, OauthSection] = Field(default={}, description="sections [oauth.NAME] with token_url")
    prefect: PrefectSection = Field(description="a section [prefect]")
    delivery: DeliverySection = Field(default=DeliverySection(), description="a section [delivery]")
    answer: AnswerSection = Field(default=AnswerSection(), description="a section [answer]")
    rights: RightsSection = Field(default=RightsSection(), description="a section [rights]")
    identity: IdentitySection = Field(default=IdentitySection(), description="a section [identity]")
    clock: ClockSection = Field(default=ClockSection(), description="a section [clock]")
    alarms: AlarmsSection = Field(default=AlarmsSection(), description="a section [alarms]")
    hold: HoldSection = Field(default=HoldSection(), description="a section [hold]")
    retention: RetentionSection = Field(description="a section [retention]")
    report: ReportSection = Field(default=ReportSection(), description="a section [report]")
    letters: LettersSection = Field(default=LettersSection(), description="a section [letters]")
    sources: Mapping[str, SourceSection] = Field(
        default={}, description="sections [sources.NAME] with kind", repr=False
    )
    _folder: Path = PrivateAttr(default=Path())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment overrides the file; nothing else is read."""
        return env_settings, init_settings

    @property
    def folder(self) -> Path:
        """The folder of `auskunft.toml`: where relative paths of sources start."""
        return self._folder

    @property
    def own_texts(self) -> Path | None:
        """The folder of the company's own wording; None where there is none."""
        return self._folder / self.letters.texts if self.letters.texts else None

    @property
    def letterhead(self) -> Path | None:
        return self._folder / self.letters.letterhead if self.letters.letterhead else None

    @property
    def record_source(self) -> str:
        """The name of the system of record; empty where none is marked."""
        return next((name for name, source in self.sources.items() if source.record), "")

    @property
    def accounts(self) -> Mapping[str, AccountSection]:
        """Every mailbox that is read, by its name; the main one first."""
        return {MAIN_MAILBOX: self.mailbox, **{item.name: item for item in self.mailboxes}}

    @property
    def report_recipients(self) -> tuple[str, ...]:
        return self.report.recipients or (self.dpo.email or self.controller.email,)

    @property
    def alarm_recipients(self) -> tuple[str, ...]:
        """Who is told of every alarm first."""
        return self.alarms.dpo or self.report_recipients

    @property
    def rights_handler(self) -> str:
        """Who is told of a request for another right than access."""
        return self.rights.handler or self.dpo.email or self.controller.email

    @property
    def data_folders(self) -> tuple[Path, ...]:
        """Where data and wrapped keys lie on this machine: the master key may not lie beside any of them."""
        database = make_url(self.store.database)
        local = (Path(str(database.database)).parent,) if database.get_backend_name() == "sqlite" else ()
        return (self.store.vault, self.store.keys, self.prefect.home, *local)

    def people_with(self, role: str) -> tuple[str, ...]:
        return tuple(person.name for person in self.people if role in person.roles)

    def database_url(self, password: str = "") -> str:
        """The URL of the store with the resolved `store.database_password`: not to be shown."""
        url = make_url(self.store.database)
        return (url.set(password=password) if password else url).render_as_string(hide_password=False)

    @property
    def prefect_api(self) -> str:
        """The API of the server that is used, ours on the loopback address or another."""
        return self.prefect.api_url.rstrip("/") or f"http://127.0.0.1:{self.prefect.port}/api"

    def controller_value(self) -> Controller:
        own, dpo = self.controller, self.dpo
        return Controller(
            name=own.name,
            street=own.street,
            postcode=own.postcode,
            city=own.city,
            land=own.land,
            email=own.email,
            phone=own.phone,
            dpo_name=dpo.name,
            dpo_email=dpo.email,
            public_body=own.public_body,
            timezone=own.timezone,
        )


def load_settings(path: Path) -> Settings:
    """The settings of `path` and the environment; raises `SettingsError` with everything that is wrong."""
    try:
        _, tables = read_toml(path)
    except ConfigurationError as error:
        raise SettingsError(path, error.faults) from None
    settings, faults = _validated(tables)
    if settings is not None:
        settings = _anchored(settings, path.resolve().parent)
        faults += _contradictions(settings)
    if settings is None or faults:
        raise SettingsError(path, [_with_origin(fault) for fault in faults])
    return settings


def unfilled(settings: Settings) -> tuple[str, ...]:
    """Keys that still hold what `init` wrote where only the controller knows the value."""
    return tuple(_unfilled(settings.model_dump(), ()))


def _validated(tables: dict[str, Any]) -> tuple[Settings | None, list[Fault]]:
    """Settings or faults; nothing is raised here, so that no chained exception carries a value along."""
    faults = [*_unknown_in_environment(), *(_unknown_section(key) for key in tables if key.startswith("_"))]
    tables = {key: value for key, value in tables.items() if not key.startswith("_")}
    try:
        return Settings(**tables), faults
    except ValidationError as error:
        return None, faults + faults_of(error, Settings)
    except UnreadableEnvironment as error:
        return None, [*faults, _unreadable(error)]


def _unknown_section(key: str) -> Fault:
    return Fault(key, near_miss(key, Settings.model_fields), wrong="is not known")


def _unknown_in_environment() -> Iterator[Fault]:
    """`AUSKUNFT_NAME` without a section is left alone: secrets may be handed over under such a name."""
    for name in sorted(os.environ):
        section, separator, _ = name.removeprefix(PREFIX).partition("__")
        if name.startswith(PREFIX) and separator and section.lower() not in Settings.model_fields:
            hint = near_miss(section, Settings.model_fields)
            yield Fault(name, hint, wrong="(environment) names no section")


def _unreadable(error: UnreadableEnvironment) -> Fault:
    field = re.search(r'field "(\w+)"', str(error))
    name = f"{PREFIX}{field[1].upper()}" if field else "the environment"
    return Fault(name, f"allowed: {PREFIX}SECTION__KEY with a plain value, or JSON", wrong="is not JSON")


def _with_origin(fault: Fault) -> Fault:
    name = PREFIX + fault.key.replace(".", "__").upper()
    return replace(fault, key=f"{fault.key} (from {name})") if name in os.environ else fault


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Every path made absolute, starting at `folder`."""
    store, prefect = settings.store, settings.prefect
    changes = {
        "store": store.model_copy(
            update={
                "database": _absolute_database(store.database, folder),
                "vault": folder / store.vault,
                "keys": folder / store.keys,
            }
        ),
        "prefect": prefect.model_copy(update={"home": folder / prefect.home}),
        "mailbox": _trusting(_believing(settings.mailbox, folder), folder),
        "mailboxes": tuple(_trusting(item, folder) for item in settings.mailboxes),
        "post": _trusting(settings.post, folder),
        "oauth": {name: _trusting(item, folder) for name, item in settings.oauth.items()},
    }
    anchored = settings.model_copy(update=changes)
    anchored._folder = folder
    return anchored


def _absolute_database(database: str, folder: Path) -> str:
    url = make_url(database)
    if url.get_backend_name() != "sqlite":
        return database
    return url.set(database=str(folder / str(url.database))).render_as_string(hide_password=False)


def _trusting(section: Trusting, folder: Path) -> Trusting:
    """The section with the path of its authorities made absolute."""
    ca_file = section.ca_file
    return section.model_copy(update={"ca_file": str(folder / ca_file) if ca_file else ""})


def _believing(section: MailboxSection, folder: Path) -> MailboxSection:
    file = section.smime_ca_file
    return section.model_copy(update={"smime_ca_file": str(folder / file) if file else ""})


def _contradictions(settings: Settings) -> list[Fault]:
    checks = (_region, _people, _logins, _folders, _mailboxes, _oauth, _sources)
    return [fault for check in checks for fault in check(settings)]


def _region(settings: Settings) -> Iterator[Fault]:
    own = settings.controller
    regions = LAENDER[own.land].regions
    if own.region and own.region not in regions:
        allowed = " or ".join(f'"{region}"' for region in ("", *regions))
        yield Fault("controller.region", f"allowed with land = {own.land}: {allowed}", f'"{own.region}"')


def _people(settings: Settings) -> Iterator[Fault]:
    names = [person.name for person in settings.people]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(
            "people.name", "allowed: each person once, with all roles in one list", f'"{name}"', "is there twice"
        )
    for role in ("reviewer", "releaser"):
        if not settings.people_with(role):
            yield Fault("people.roles", f'allowed: at least one person with "{role}"', wrong="are not complete")
    both = set(settings.people_with("reviewer")) & set(settings.people_with("releaser"))
    if both and not settings.release.one_person_may_do_both:
        advice = "allowed: two persons, or release.one_person_may_do_both = true, which is recorded with each answer"
        yield Fault("people.roles", advice, wrong="give one person both roles")


def _logins(settings: Settings) -> Iterator[Fault]:
    post = settings.post
    if post.auth == "password" and bool(post.user) != bool(post.password):
        yield Fault("post.user", "allowed: both, or neither", wrong="and post.password do not go together")
    if post.auth == "oauth2":
        yield from _token_login("post", post, post.user, settings)
    for place, account in _places(settings):
        if account.auth == "oauth2":
            yield from _token_login(place, account, account.user, settings)
        elif not account.password:
            yield Fault(f"{place}.password", f"allowed: {SECRET}", wrong="is missing")


def _token_login(place: str, login: LoginSection, user: str, settings: Settings) -> Iterator[Fault]:
    if login.oauth not in settings.oauth:
        yield Fault(f"{place}.oauth", f"allowed: {_names(settings.oauth)}", f'"{login.oauth}"')
    if not user:
        yield Fault(f"{place}.user", "allowed: the address of the mailbox that the token is for", wrong="is missing")


def _names(known: Mapping[str, object]) -> str:
    return " or ".join(f'"{name}"' for name in known) or "the NAME of a section [oauth.NAME]; there is none"


def _places(settings: Settings) -> Iterator[tuple[str, AccountSection]]:
    yield "mailbox", settings.mailbox
    for number, account in enumerate(settings.mailboxes, start=1):
        yield f"mailboxes[{number}]", account


def _oauth(settings: Settings) -> Iterator[Fault]:
    for name, section in settings.oauth.items():
        if not re.fullmatch(SOURCE_NAME, name):
            yield Fault(f"oauth.{name}", "allowed: lower-case letters, digits, - and _", wrong="is no name")
        needed = "refresh_token" if section.grant == "refresh_token" else "client_secret"
        if not getattr(section, needed):
            yield Fault(
                f"oauth.{name}.{needed}", f'needed with grant = "{section.grant}": {SECRET}', wrong="is missing"
            )


def _folders(settings: Settings) -> Iterator[Fault]:
    keys = settings.store.keys
    for data in settings.data_folders:
        if data != keys and (keys.is_relative_to(data) or data.is_relative_to(keys)):
            allowed = "allowed: a folder beside the data, so that no copy of the data takes the keys along"
            yield Fault("store.keys", allowed, f'"{keys}"', f"lies with the data in {data}")
            return
    if keys in (settings.store.vault, settings.prefect.home):
        yield Fault("store.keys", "allowed: a folder of its own", f'"{keys}"')


def _mailboxes(settings: Settings) -> Iterator[Fault]:
    names = [MAIN_MAILBOX, *(item.name for item in settings.mailboxes)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("mailboxes.name", f'allowed: each name once, and not "{MAIN_MAILBOX}"', f'"{name}"')
    for place, box in _places(settings):
        if box.filing == "move" and box.done in box.folders:
            yield Fault(f"{place}.done", "allowed: a folder other than inbox and junk", f'"{box.done}"')
        if len(set(box.folders)) < len(box.folders):
            yield Fault(f"{place}.junk", "allowed: each folder once, and not inbox", wrong="names a folder twice")


def _sources(settings: Settings) -> Iterator[Fault]:
    for name in settings.sources:
        if not re.fullmatch(SOURCE_NAME, name):
            allowed = "allowed: a lower-case letter, then lower-case letters, digits, - and _, at most 41 in all"
            yield Fault(f"sources.{name}", allowed, wrong="is no name for a source")
    records = [name for name, source in settings.sources.items() if source.record]
    if len(records) > 1:
        advice = "allowed: record = true at one source, the one whose contact data are believed"
        yield Fault(f"sources.{records[1]}.record", advice, "true", "is set a second time")


def _unfilled(value: object, place: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unfilled(item, (*place, key))
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from _unfilled(item, (*place, number))
    elif isinstance(value, str) and (UNFILLED in value.upper() or value == NO_POSTCODE):
        yield dotted(place)
