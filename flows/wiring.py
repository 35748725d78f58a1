"""The one place where parts are put together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import cast

import dns.exception
import dns.resolver
import keyring
from cryptography.x509 import Certificate, load_pem_x509_certificates

from cases.message import AuthResults
from cases.source import Source, SystemOfRecord
from cases.text import TextExtractor
from flows.api import PrefectApi
from flows.house import House
from flows.numbers import Completing
from infra.authenticity import authentication_results, verify_dkim, with_smime
from infra.clock import Clock, SystemClock
from infra.extract import IsolatedExtractor
from infra.faults import ConfigurationError, Fault
from infra.keystore import KeyStore, KeyStoreError
from infra.mailbox import Mailbox, MailboxAccount
from infra.master import MasterKeyError, load_master
from infra.oauth import OauthClient, Tokens
from infra.post import Post, PostAccount
from infra.ropa import load_register
from infra.scaffold import REGISTER_FILE, SETTINGS_FILE
from infra.secrets_ref import SecretError, resolve
from infra.settings import Settings, SettingsError, load_settings
from infra.settings_sections import LoginSection, OauthSection
from infra.share import Nextcloud
from infra.store.engine import migrate, open_engine
from infra.store.store import Store
from infra.vault import Vault
from outputs.errors import SealRefused, WordingRefused
from outputs.seal_key import Signer, own_signer
from outputs.wording import use_wording
from sources.building import BadOptions, Tools
from sources.catalogue import UnknownKind, build

SETTINGS_VARIABLE = "AUSKUNFT_SETTINGS"  # where a flow's process finds auskunft.toml
DNS_SECONDS = 5.0
# What makes an installation unusable as it stands; each says in one message what to do.
UNUSABLE = (WordingRefused, ConfigurationError, KeyStoreError, MasterKeyError, SecretError, BadOptions, UnknownKind)


def settings_in_use() -> Settings:
    """The settings of the file that `AUSKUNFT_SETTINGS` names; raises `SettingsError`."""
    return load_settings(Path(os.environ.get(SETTINGS_VARIABLE, "auskunft.toml")))


Sources = Callable[[Settings, TextExtractor], Mapping[str, Source]]


@contextmanager
def open_house(
    settings: Settings | None = None, clock: Clock | None = None, sources: Sources | None = None
) -> Iterator[House]:
    """Everything put together, and closed again at the end."""
    house = make_house(settings or settings_in_use(), clock or SystemClock(), sources or make_sources)
    try:
        yield house
    finally:
        house.close()


def make_house(settings: Settings, clock: Clock, build_sources: Sources | None = None) -> House:
    os.umask(0o077)
    use_wording(settings.own_texts, settings.letterhead)
    keystore = KeyStore(settings.store.keys, load_master(settings.keys.master, os.environ, keyring))
    engine = open_engine(settings.database_url(_secret(settings.store.database_password)))
    migrate(engine)
    extractor = IsolatedExtractor()
    store = Store(engine, keystore, clock)
    sources = (build_sources or make_sources)(settings, extractor)
    tokens = make_tokens(settings)

    def close() -> None:
        extractor.close()
        store.close()

    return House(
        settings=settings,
        register=load_register(settings.folder / REGISTER_FILE, serving=True),
        controller=settings.controller_value(),
        clock=clock,
        keystore=keystore,
        vault=Vault(settings.store.vault, keystore),
        store=store,
        extractor=extractor,
        sources=sources,
        record=completing(settings, system_of_record(settings, sources)),
        mailbox=lambda name: make_mailbox(settings, name, tokens),
        post=make_post(settings, tokens),
        cloud=make_cloud(settings),
        signing=make_signing(settings, clock),
        authenticity=make_evidence(settings, clock),
        close=close,
    )


def make_cloud(settings: Settings) -> Nextcloud | None:
    """The Nextcloud for links; its password is read when a link is made."""
    own = settings.delivery
    if not own.has_cloud:
        return None
    trust = settings.folder / own.ca_file if own.ca_file else None
    return Nextcloud(own.url, own.user, lambda: _secret(own.password), own.folder, trust)


def make_signing(settings: Settings, clock: Clock) -> Callable[[Signer], Signer] | None:
    """With the certificate of the settings, read when something is signed; None where there is none."""
    own = settings.answer
    if not own.certificate:
        return None

    def signing(signer: Signer) -> Signer:
        try:
            chain = (settings.folder / own.certificate).read_bytes()
        except OSError:
            raise SealRefused("unusable_certificate", "[answer] certificate: the file cannot be read") from None
        return own_signer(signer, _secret(own.certificate_key).encode(), chain, clock.now())

    return signing


def make_sources(settings: Settings, extractor: TextExtractor) -> Mapping[str, Source]:
    """Every configured source, built but not asked yet; raises `SettingsError` for an option that is wrong."""
    tools = Tools(extractor=extractor, folder=settings.folder)
    return {name: build(item.kind, name, item.options, _secret, tools) for name, item in settings.sources.items()}


class Unopened:
    """A source that is known by name only."""


def name_sources(settings: Settings, _extractor: TextExtractor) -> Mapping[str, Source]:
    """The sources by name, for commands that ask none: no secret of theirs is needed."""
    return {name: cast(Source, Unopened()) for name in settings.sources}


def system_of_record(settings: Settings, sources: Mapping[str, Source]) -> SystemOfRecord | None:
    source = sources.get(settings.record_source)
    return source if source is not None and _looks_up(source) else None  # type: ignore[return-value]  # checked by name


def completing(settings: Settings, record: SystemOfRecord | None) -> SystemOfRecord | None:
    """The system of record, asked in the company's formats of customer numbers where there are any."""
    formats = settings.identity.customer_numbers
    return Completing(record, formats) if record is not None and formats else record


def _looks_up(source: Source) -> bool:
    return callable(getattr(source, "lookup", None))


AllTokens = Mapping[str, Callable[[], Tokens]]


def make_tokens(settings: Settings) -> AllTokens:
    """For each section [oauth.NAME] what gives its tokens: made once, when first needed, and shared by all who log in
    with them."""
    return {name: cache(partial(_tokens, section)) for name, section in settings.oauth.items()}


def _tokens(section: OauthSection) -> Tokens:
    secret, refresh = _secret(section.client_secret), _secret(section.refresh_token)
    grant, client = section.grant, section.client_id
    return Tokens(OauthClient(section.token_url, grant, client, secret, refresh, section.scope, section.ca_file))


def make_mailbox(settings: Settings, name: str, tokens: AllTokens) -> Mailbox:
    """One of the mailboxes by its name; raises `SecretError`."""
    account = settings.accounts[name]
    server, user = (account.host, account.port, account.security), account.user
    return Mailbox(MailboxAccount(*server, user, _password(account), account.ca_file, _bearer(account, tokens)))


def make_post(settings: Settings, tokens: AllTokens) -> Post:
    account = settings.post
    server, user = (account.host, account.port, account.security), account.user
    return Post(PostAccount(*server, user, _password(account), account.ca_file, _bearer(account, tokens)))


def _password(login: LoginSection) -> str:
    return _secret(login.password) if login.auth == "password" else ""


def _bearer(login: LoginSection, tokens: AllTokens) -> Tokens | None:
    return tokens[login.oauth]() if login.auth == "oauth2" else None


def open_api(settings: Settings) -> PrefectApi:
    return PrefectApi(settings.prefect_api, _secret(settings.prefect.auth))


def engine_environment(settings: Settings, settings_file: Path) -> dict[str, str]:
    """What Prefect's server and the serving process get from us: private, on loopback, without telemetry, keeping no
    results, and quick to notice what a person approved."""
    auth = _secret(settings.prefect.auth)
    return {
        **os.environ,
        SETTINGS_VARIABLE: str(settings_file.resolve()),
        "DO_NOT_TRACK": "1",
        "PREFECT_HOME": str(settings.prefect.home),
        "PREFECT_PROFILES_PATH": str(settings.prefect.home / "profiles.toml"),
        "PREFECT_API_URL": settings.prefect_api,
        "PREFECT_API_AUTH_STRING": auth,
        "PREFECT_SERVER_API_AUTH_STRING": auth,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_RUNNER_POLL_FREQUENCY": str(settings.prefect.poll_seconds),
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_UI_URL": settings.prefect_api.removesuffix("/api"),
    }


def make_evidence(settings: Settings, clock: Clock) -> ReceivedEvidence:
    """Raises `SettingsError` where the file of S/MIME authorities cannot be read."""
    own = settings.mailbox
    return ReceivedEvidence(
        own.authserv_ids, check_dkim=own.check_dkim, clock=clock, authorities=_authorities(settings, own.smime_ca_file)
    )


def _authorities(settings: Settings, file: str) -> tuple[Certificate, ...]:
    if not file:
        return ()
    try:
        return tuple(load_pem_x509_certificates(Path(file).read_bytes()))
    except (OSError, ValueError):
        fault = Fault("mailbox.smime_ca_file", "allowed: a readable file of certificates (PEM)", file, "cannot be read")
    raise SettingsError(settings.folder / SETTINGS_FILE, [fault])


class ReceivedEvidence:
    """Authentication results of the trusted receiving server (RFC 8601), our own DKIM check (RFC 6376), and what an
    S/MIME signature is worth (RFC 8551): it vouches only through one of the `authorities`."""

    def __init__(
        self,
        trusted: tuple[str, ...],
        *,
        check_dkim: bool,
        clock: Clock | None = None,
        authorities: tuple[Certificate, ...] = (),
    ) -> None:
        self._trusted = trusted
        self._check_dkim = check_dkim
        self._clock = clock or SystemClock()
        self._authorities = authorities

    def stated(self, raw: bytes) -> AuthResults:
        return authentication_results(raw, self._trusted)

    def checked(self, raw: bytes, stated: AuthResults) -> AuthResults:
        """An unreachable DNS proves nothing: the mail stays as little vouched for as it was, and a person looks."""
        stated = with_smime(stated, raw, self._clock.now(), self._authorities)
        if not self._check_dkim:
            return stated
        try:
            result, domains = verify_dkim(raw, _dns_text)
        except dns.exception.DNSException:
            return stated
        return replace(stated, own_dkim=result, own_dkim_domains=domains)


def _dns_text(name: str) -> bytes | None:
    """The TXT record of a name, its parts joined (RFC 6376 sec. 3.6.2.2); None where there is none."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=DNS_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    return b"".join(next(iter(answer)).strings)


def _secret(reference: str) -> str:
    return resolve(reference, os.environ, keyring) if reference else ""
