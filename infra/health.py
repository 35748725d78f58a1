"""Whether the parts on this machine work: what `doctor` asks beside mailbox, post and sources. Nothing is changed."""

from __future__ import annotations

import base64
import io
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path

import httpx
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from cases.source import Health
from cases.text import TextExtractor, TextUnreadable
from infra.master import Keyring, MasterKeyError, lies_beside, load_master
from infra.store.engine import open_engine

LEAST_FREE = 1024**3
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_SAMPLE = b"<!DOCTYPE html><title>x</title><p>Lesbar</p>"


def master_key_health(
    ref: str, data_folders: Iterable[Path], environ: Mapping[str, str], keyring: Keyring | None
) -> Health:
    """Not well where the key cannot be had, and where it lies beside the data: one theft would take both."""
    try:
        beside = [folder for folder in data_folders if lies_beside(ref, folder)]
        load_master(ref, environ, keyring)
    except MasterKeyError as error:
        return Health(False, "the master key cannot be had", str(error))
    if beside:
        advice = "move the file elsewhere, change keys.master, and replace every backup that holds both"
        return Health(False, f"the master key lies beside the data in {beside[0]}", advice)
    return Health(True, "there, and not beside the data")


def key_store_health(folder: Path) -> Health:
    """The folder 0700 and every file in it 0600, all of them ours."""
    try:
        entries = sorted(folder.iterdir())
        unsafe = [path for path in (folder, *entries) if _is_unsafe(path.lstat())]
    except OSError as error:
        return Health(False, f"{folder} cannot be read ({error.strerror})", "make one with: auskunft init DIR")
    if unsafe:
        advice = f"run: chmod 700 {folder} && chmod 600 {folder}/*.key; see that all belongs to the account that runs"
        return Health(False, f"{unsafe[0]} is open to others or belongs to another account", advice)
    keys = sum(path.suffix == ".key" for path in entries)
    return Health(True, f"{keys} keys and gravestones, readable by this account alone")


def database_health(url: str) -> Health:
    """Reachable, and of the schema's newest version. A SQLite file that is not there yet is not made."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        return Health(True, "not begun yet", "auskunft up makes it")
    engine = open_engine(url)
    try:
        found, newest = _revisions(engine)
    except SQLAlchemyError as error:
        advice = "check store.database, store.database_password, and that the server runs"
        return Health(False, f"the database does not answer ({type(error).__name__})", advice)
    finally:
        engine.dispose()
    if found != newest:
        state = f"at version {found}" if found else "empty"
        return Health(False, f"the database is {state}, the program needs {newest}", "auskunft up brings it up to date")
    return Health(True, f"reachable, version {found}")


def vault_health(folder: Path, least_free: int = LEAST_FREE) -> Health:
    """Writable, private, and with `least_free` bytes to spare."""
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"auskunft")
            probe.flush()
        open_to_others = folder.stat().st_mode & _OTHERS
        free = shutil.disk_usage(folder).free
    except OSError as error:
        advice = "make the folder, or give it to the account that runs; auskunft init makes one"
        return Health(False, f"{folder} cannot be written ({error.strerror})", advice)
    if open_to_others:
        return Health(False, f"{folder} is open to others", f"run: chmod 700 {folder}")
    if free < least_free:
        advice = "make room: answers are built here, and a full disk stops them"
        return Health(False, f"only {free // 1024**2} MiB are free in {folder}", advice)
    return Health(True, f"writable, {free // 1024**3} GiB free")


def isolation_health(extractor: TextExtractor) -> Health:
    """Whether a document is read in a process of its own without files and network."""
    try:
        text = extractor.text("probe.html", "text/html", io.BytesIO(_SAMPLE))
    except TextUnreadable as error:
        advice = "documents become gaps until then; Linux with seccomp is needed (in a container: its default profile)"
        return Health(False, f"no text of documents: {error.code}", advice)
    if "Lesbar" not in text:
        return Health(False, "a document was read wrongly", "install the versions of requirements.txt again")
    return Health(True, "documents are read in isolation")


def prefect_health(api: str, auth: str, client: httpx.Client) -> Health:
    """Reachable at `api` with `auth` (`user:password`), and not without: whoever reaches the API can approve."""
    login = {"Authorization": "Basic " + base64.b64encode(auth.encode()).decode()}
    try:
        stranger = client.get(f"{api}/admin/version", follow_redirects=False).status_code
        known = client.get(f"{api}/admin/version", headers=login, follow_redirects=False).status_code
    except httpx.HTTPError as error:
        advice = "start it with: auskunft up; else check prefect.api_url and prefect.port"
        return Health(False, f"no answer from {api} ({type(error).__name__})", advice)
    if stranger == httpx.codes.OK:
        advice = "set PREFECT_SERVER_API_AUTH_STRING where the server starts; until then everybody can approve answers"
        return Health(False, "the server asks for no login", advice)
    if known != httpx.codes.OK:
        advice = "prefect.auth must lead to the auth_string that the server was started with"
        return Health(False, f"the server refuses the login (HTTP {known})", advice)
    return Health(True, "reachable, and only with the login")


def _is_unsafe(found: os.stat_result) -> bool:
    return bool(found.st_mode & _OTHERS) or found.st_uid != os.geteuid() or stat.S_ISLNK(found.st_mode)


def _revisions(engine: Engine) -> tuple[str | None, str | None]:
    config = Config()
    config.set_main_option("script_location", str(files("infra") / "migrations"))
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found, ScriptDirectory.from_config(config).get_current_head()
