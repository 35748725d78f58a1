"""The parts of `doctor` that lie on this machine. Mailbox, post and sources are added where everything is wired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import httpx

from cases.source import Health
from desk.doctor import Part
from desk.unfinished import NOTES, clear
from flows.wiring import make_cloud, make_signing
from infra import health
from infra.clock import Clock, SystemClock
from infra.extract import IsolatedExtractor
from infra.master import Keyring
from infra.secrets_ref import resolve
from infra.settings import Settings
from infra.share import Nextcloud, ShareFailed
from outputs.errors import SealRefused
from outputs.letter_pdf import paper_faults
from outputs.letterhead import read_letterhead
from outputs.seal_key import Signer, valid_until
from outputs.wording import use_wording

RENEW_BEFORE = timedelta(days=30)  # of the certificate with which we sign
_PREFECT_SECONDS = 10.0


def local_parts(settings: Settings, environ: Mapping[str, str], keyring: Keyring | None) -> Iterator[Part]:
    """Master key, wording, key store, database, vault, killed prints, isolation of documents, Prefect."""
    store = settings.store

    def secret(ref: str) -> str:
        return resolve(ref, environ, keyring) if ref else ""

    yield Part(
        "master key",
        lambda: health.master_key_health(settings.keys.master, settings.data_folders, environ, keyring),
    )
    yield Part("letters", lambda: _letters(settings))
    yield Part("key store", lambda: health.key_store_health(store.keys))
    yield Part("database", lambda: health.database_health(settings.database_url(secret(store.database_password))))
    yield Part("vault", lambda: health.vault_health(store.vault))
    yield Part("printing", lambda: _printing(store.vault))
    yield Part("documents", _isolation)
    if settings.answer.certificate:
        yield Part("signing certificate", lambda: _certificate(settings, SystemClock()))
    if settings.delivery.has_cloud:
        yield Part("delivery", lambda: _cloud(make_cloud(settings)))
    yield Part("prefect", lambda: _prefect(settings, secret))


def _letters(settings: Settings) -> Health:
    """Own wording and letterhead: what is wrong with them stops every letter."""
    use_wording(settings.own_texts, settings.letterhead)
    own = [name for name, path in (("texts", settings.own_texts), ("letterhead", settings.letterhead)) if path]
    told = paper_faults(read_letterhead(settings.letterhead)) if settings.letterhead else ()
    return Health(True, f"own {' and '.join(own)}" if own else "as shipped", "; ".join(told))


def _printing(vault: Path) -> Health:
    """What a killed print left open is removed; what cannot be is for a person."""
    found = clear(vault)
    if found.away or found.stuck:
        advice = f"bring the medium back, or delete the folder; then the notes in {vault / NOTES}"
        return Health(False, "; ".join(found.lines), advice)
    return Health(True, "; ".join(found.lines) or "nothing was left open")


def _cloud(cloud: Nextcloud | None) -> Health:
    if cloud is None:
        return Health(True, "no links")
    try:
        cloud.check()
    except ShareFailed as error:
        return Health(False, error.code, error.advice)
    return Health(True, "links can be made")


def _certificate(settings: Settings, clock: Clock) -> Health:
    """Whether S/MIME answers can be signed with it, and for how long."""
    signing = make_signing(settings, clock)
    try:
        ours = signing(Signer(b"", (), b"")) if signing else None
    except SealRefused as refused:
        return Health(False, refused.code, refused.advice)
    if ours is None:
        return Health(True, "none")
    end, now = valid_until(ours), clock.now()
    summary = f"can be used until {end:%Y-%m-%d}, SHA-256 {ours.fingerprint}"
    if end - now > RENEW_BEFORE:
        return Health(True, summary)
    return Health(True, summary, f"it ends in {(end - now).days} days: renew it, then answers by S/MIME go on")


def _isolation() -> Health:
    with IsolatedExtractor() as extractor:
        return health.isolation_health(extractor)


def _prefect(settings: Settings, secret: Callable[[str], str]) -> Health:
    with httpx.Client(timeout=_PREFECT_SECONDS, trust_env=False) as client:
        return health.prefect_health(settings.prefect_api, secret(settings.prefect.auth), client)
