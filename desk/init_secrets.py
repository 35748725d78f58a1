"""Where `auskunft init` puts the two secrets that it makes: the master key and the login of Prefect's interface.

Both lie outside the folder of the data: in the keyring where one works, else in private files below
`$XDG_CONFIG_HOME/auskunft`. Whoever copies the folder, or restores a backup of it, then holds data that they cannot
open and a server that they cannot enter.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from infra import scaffold
from infra.durable import create_private
from infra.master import (
    Keyring,
    MasterKey,
    MasterKeyError,
    MasterKeyExists,
    MasterKeyMissing,
    MasterKeyNotCreatable,
    create_master,
    lies_beside,
    load_master,
)

_AUTH = "prefect-auth"
_USER = "auskunft"
_KEEP = "without it nothing can be read: keep a copy in another, locked place"


class InitRefused(Exception):
    """Nothing was overwritten; the message says what stands in the way and what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where secrets of one installation can go. `label` is its own: two installations never share a place."""

    label: str
    home: Path
    keyring: Keyring | None = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, folder: Path, keyring: Keyring | None, environ: Mapping[str, str]) -> Self:
        name = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-")[:40] or "dir"
        label = f"{name}-{secrets.token_hex(4)}"
        return cls(label, _config_home(environ) / "auskunft" / label, keyring, environ)

    @property
    def service(self) -> str:
        return f"auskunft-{self.label}"

    @property
    def master_file(self) -> str:
        return f"file:{self.home / 'master.key'}"


@dataclass(frozen=True, slots=True)
class Made:
    """A secret's reference, and the line to print about it. `key` is None where the operator still has to make it."""

    ref: str
    line: str
    key: MasterKey | None = None


def refuse_beside(given: str | None, places: Places, folder: Path) -> None:
    """Raises `InitRefused` where the master key's file would lie in, above or beside what it protects."""
    ref = given if given is not None else places.master_file
    try:
        beside = lies_beside(ref, folder)
    except MasterKeyError as error:
        raise InitRefused(f"--master: {error}") from None
    if beside:
        raise InitRefused(
            f"the master key ({ref}) would lie beside the data in {folder}; name another place with --master"
        )


def make_master(given: str | None, places: Places) -> Made:
    """The master key at the reference `given`, used if it lies there already; by default in the keyring or a file."""
    try:
        return _given(given, places) if given is not None else _in_keyring(places) or _in_file(places)
    except MasterKeyError as error:
        raise InitRefused(f"master key: {error}") from None


def make_auth(master: Made, places: Places) -> Made:
    """A new login for Prefect's server, `user:password`: in the keyring with the master key, else in a private file."""
    login = f"{_USER}:{secrets.token_urlsafe(32)}"
    if master.ref == f"keyring:{places.service}" and _kept(login, places):
        return Made(f"keyring:{places.service}/{_AUTH}", f"login of Prefect: in the keyring, {places.service}/{_AUTH}")
    path = places.home / _AUTH
    scaffold.private_folder(places.home)
    create_private(path, login.encode() + b"\n")
    return Made(f"file:{path}", f"login of Prefect: {path}, readable by you alone")


def _kept(login: str, places: Places) -> bool:
    """Whether the keyring took the login and gives it back."""
    from keyring.errors import KeyringError  # costs start-up time that only this place should pay

    if places.keyring is None:
        return False
    try:
        places.keyring.set_password(places.service, _AUTH, login)
        return places.keyring.get_password(places.service, _AUTH) == login
    except KeyringError:
        return False


def _given(ref: str, places: Places) -> Made:
    if ref.startswith("file:"):
        scaffold.private_folder(Path(ref.removeprefix("file:")).parent)
    try:
        return Made(ref, f"master key: {ref}; {_KEEP}", create_master(ref, places.environ, places.keyring))
    except MasterKeyExists:
        key = load_master(ref, places.environ, places.keyring)
        return Made(ref, f"master key: the one that lies at {ref} already", key)
    except MasterKeyNotCreatable as error:
        return _of_the_operator(ref, places, str(error))


def _of_the_operator(ref: str, places: Places, advice: str) -> Made:
    """Environment and credentials are not ours to fill."""
    if ref.startswith("keyring"):
        raise InitRefused(f"master key: {advice}")
    try:
        return Made(ref, f"master key: the one of {ref}", load_master(ref, places.environ, places.keyring))
    except MasterKeyMissing:
        return Made(ref, f"master key: still to be made by you - {advice}")


def _in_keyring(places: Places) -> Made | None:
    """None where no keyring works: a server without a desktop has none, and a file is the way then."""
    if places.keyring is None:
        return None
    ref = f"keyring:{places.service}"
    try:
        key = create_master(ref, places.environ, places.keyring)
    except (MasterKeyMissing, MasterKeyNotCreatable):
        return None
    return Made(ref, f"master key: in the keyring, service {places.service}; {_KEEP}", key)


def _in_file(places: Places) -> Made:
    scaffold.private_folder(places.home)
    key = create_master(places.master_file, places.environ)
    path = places.master_file.removeprefix("file:")
    return Made(places.master_file, f"master key: {path}, readable by you alone; {_KEEP}", key)


def _config_home(environ: Mapping[str, str]) -> Path:
    """As the XDG Base Directory Specification has it: a path that is not absolute is ignored."""
    given = Path(environ.get("XDG_CONFIG_HOME", ""))
    if given.is_absolute():
        return given
    return (Path(environ["HOME"]) if environ.get("HOME") else Path.home()) / ".config"
