"""`auskunft init DIR`: a configuration to begin with, the key store, the master key and Prefect's login.

Nothing that exists is overwritten. Folders are made with mode 0700, files with 0600.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from desk.init_secrets import InitRefused, Made, Places, make_auth, make_master, refuse_beside
from infra import scaffold
from infra.keystore import KeyStore, KeyStoreError
from infra.master import Keyring

__all__ = ["InitRefused", "init"]

_KEYS, _DATA = "keys", "data"
_FOLDERS = (_KEYS, _DATA, f"{_DATA}/vault", f"{_DATA}/prefect")


def init(folder: Path, master_ref: str | None, keyring: Keyring | None, environ: Mapping[str, str]) -> list[str]:
    """Make a new installation in `folder`; the lines to print, without any secret.

    `master_ref` is a reference of `infra.master`; None takes the keyring if it works, else a private file. A key that
    lies at the reference already is used. Raises `InitRefused` with what to do.
    """
    folder = folder.resolve()
    _refuse_existing(folder)
    places = Places.of(folder, keyring, environ)
    refuse_beside(master_ref, places, folder)
    try:
        return _make(folder, master_ref, places)
    except OSError as error:
        raise InitRefused(f"{error.filename or folder} cannot be written ({error.strerror})") from None


def _make(folder: Path, master_ref: str | None, places: Places) -> list[str]:
    scaffold.private_folder(folder)
    master = make_master(master_ref, places)
    auth = make_auth(master, places)
    for name in _FOLDERS:
        scaffold.private_folder(folder / name)
    _begin_key_store(folder / _KEYS, master)
    written = scaffold.begin(folder, scaffold.settings_text(master.ref, auth.ref), scaffold.register_text())
    return [
        *(f"written: {path}" for path in written),
        *_ignored(folder, written),
        master.line,
        auth.line,
        *_next(folder),
    ]


def _refuse_existing(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InitRefused(f"{folder} is not a folder; name one that is new or empty")
    for name in (scaffold.SETTINGS_FILE, scaffold.REGISTER_FILE, _KEYS, _DATA):
        if (folder / name).exists():
            raise InitRefused(f"{folder / name} exists already and is left alone; name another folder")


def _begin_key_store(folder: Path, master: Made) -> None:
    """Bound to its master key from the start: a later mix-up of two installations is noticed, not sealed over."""
    if master.key is None:
        return
    try:
        KeyStore(folder, master.key)
    except KeyStoreError as error:
        raise InitRefused(f"key store: {error}") from None


def _ignored(folder: Path, written: tuple[Path, ...]) -> list[str]:
    path = folder / scaffold.IGNORE_FILE
    return [] if path in written else [f"left alone: {path}; see that it names data/, keys/ and exports/"]


def _next(folder: Path) -> list[str]:
    settings, register = folder / scaffold.SETTINGS_FILE, folder / scaffold.REGISTER_FILE
    return [
        f"next: fill in what says AUSFUELLEN in {settings} and {register}",
        "then: auskunft doctor",
    ]
