"""Where the master key comes from: keyring, environment, a private file or a systemd credential; never beside the data.

A reference names the place, not the key: `keyring`, `keyring:SERVICE`, `env:NAME`, `file:/abs/path`, `credential:NAME`.
Everywhere the key is 32 bytes in base64 (RFC 4648, 44 characters).
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from infra.crypto import KEY_BYTES, new_key
from infra.durable import create_private, sync_folder

_DEFAULT_SERVICE = "auskunft"
_KEYRING_USER = "master"
_LONGEST_FILE = 1024
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")


class MasterKeyError(Exception):
    """The master key cannot be had as configured."""


class MasterKeyMissing(MasterKeyError):
    """There is no master key at the place named."""


class MasterKeyUnsafe(MasterKeyError):
    """What lies at the place is not a key or is open to others."""


class MasterKeyExists(MasterKeyError):
    """A key lies there already; it is never overwritten, for everything stored would be lost with it."""


class MasterKeyNotCreatable(MasterKeyError):
    """The place can only be filled by the operator, not by this program."""


class Keyring(Protocol):
    """What is used of the `keyring` package."""

    def get_password(self, service_name: str, username: str) -> str | None: ...
    def set_password(self, service_name: str, username: str, password: str) -> None: ...


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The key that wraps all other keys: 32 bytes."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise MasterKeyUnsafe("a master key has exactly 32 bytes, written as 44 characters of base64")


def load_master(ref: str, environ: Mapping[str, str], keyring_module: Keyring | None = None) -> MasterKey:
    """The master key that `ref` names; raises `MasterKeyMissing` or `MasterKeyUnsafe` with what to do."""
    kind, name = _split(ref)
    if kind == "keyring":
        return _from_keyring(name, keyring_module or _system_keyring())
    if kind == "env":
        return _from_environment(name, environ)
    if kind == "file":
        return _decode(_read_private(Path(name), stat.S_IRWXG | stat.S_IRWXO, own=True), ref)
    return _decode(_read_private(_credential(name, environ), stat.S_IWGRP | stat.S_IRWXO, own=False), ref)


def create_master(ref: str, environ: Mapping[str, str], keyring_module: Keyring | None = None) -> MasterKey:
    """Make a new master key at `ref`; raises `MasterKeyExists` rather than overwrite, `MasterKeyNotCreatable`."""
    kind, name = _split(ref)
    master = MasterKey(new_key())
    if kind == "keyring":
        _into_keyring(name, master, keyring_module or _system_keyring())
    elif kind == "file":
        _into_file(Path(name), master)
    elif kind == "env" and name in environ:
        raise MasterKeyExists(f"{ref} is set already; use it as it is")
    else:
        raise MasterKeyNotCreatable(_hand_made(kind, name))
    return master


def lies_beside(ref: str, data_dir: Path) -> bool:
    """Whether the master key's file and the data share a folder, so that one theft or one backup takes both.

    True where the file lies in or below `data_dir`, or `data_dir` in or below the file's folder; links are resolved.
    Places that are no files of ours (keyring, environment, credential) never lie beside.
    """
    kind, name = _split(ref)
    if kind != "file":
        return False
    key, data = Path(name).resolve(), data_dir.resolve()
    return key.is_relative_to(data) or data.is_relative_to(key.parent)


def _split(ref: str) -> tuple[str, str]:
    kind, _, name = ref.partition(":")
    if kind == "keyring":
        return kind, name or _DEFAULT_SERVICE
    if kind == "file" and Path(name).is_absolute():
        return kind, name
    if kind in {"env", "credential"} and _PLAIN_NAME.fullmatch(name):
        return kind, name
    raise MasterKeyMissing(
        "the master key's place must be keyring, keyring:SERVICE, env:NAME, file:/absolute/path or credential:NAME"
    )


def _system_keyring() -> Keyring:
    import keyring  # costs start-up time that only this place should pay

    return keyring


def _from_keyring(service: str, keyring_module: Keyring) -> MasterKey:
    text = _ask_keyring(service, keyring_module)
    if text is None:
        raise MasterKeyMissing(f"the keyring holds no key for {service!r}; make one with `auskunft init`")
    return _decode(text.encode(), f"keyring:{service}")


def _ask_keyring(service: str, keyring_module: Keyring) -> str | None:
    from keyring.errors import KeyringError

    try:
        return keyring_module.get_password(service, _KEYRING_USER)
    except KeyringError:
        raise MasterKeyMissing(
            "the keyring does not answer; unlock it, install a backend, or use file:, env: or credential:"
        ) from None


def _into_keyring(service: str, master: MasterKey, keyring_module: Keyring) -> None:
    from keyring.errors import KeyringError

    if _ask_keyring(service, keyring_module) is not None:
        raise MasterKeyExists(f"the keyring holds a key for {service!r} already; use it, or name another service")
    try:
        keyring_module.set_password(service, _KEYRING_USER, _encode(master))
    except KeyringError:
        raise MasterKeyNotCreatable("the keyring refuses to store a key; unlock it or use another place") from None
    if _ask_keyring(service, keyring_module) != _encode(master):
        raise MasterKeyNotCreatable("the keyring does not give back what was stored in it; use another place")


def _from_environment(name: str, environ: Mapping[str, str]) -> MasterKey:
    text = environ.get(name, "")
    if not text:
        raise MasterKeyMissing(f"the environment variable {name} is not set; set it to 32 random bytes in base64")
    return _decode(text.encode(), f"env:{name}")


def _credential(name: str, environ: Mapping[str, str]) -> Path:
    folder = environ.get("CREDENTIALS_DIRECTORY", "")
    if not folder:
        raise MasterKeyMissing(
            f"CREDENTIALS_DIRECTORY is not set; start under systemd with LoadCredentialEncrypted={name}:…"
        )
    return Path(folder) / name


def _read_private(path: Path, forbidden: int, *, own: bool) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise MasterKeyMissing(f"there is no master key at {path}; make one with `auskunft init`") from None
    except OSError as error:
        raise MasterKeyMissing(f"the master key at {path} cannot be opened: {error.strerror}") from None
    try:
        _refuse_open_to_others(path, os.fstat(handle), forbidden, own=own)
        return os.read(handle, _LONGEST_FILE)
    finally:
        os.close(handle)


def _refuse_open_to_others(path: Path, found: os.stat_result, forbidden: int, *, own: bool) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise MasterKeyUnsafe(f"{path} is not a regular file")
    if found.st_mode & forbidden:
        raise MasterKeyUnsafe(f"{path} is open to others; run: chmod 600 {path}")
    if own and found.st_uid != os.geteuid():
        raise MasterKeyUnsafe(f"{path} belongs to another account; run as its owner or chown it to the one that runs")


def _into_file(path: Path, master: MasterKey) -> None:
    try:
        create_private(path, _encode(master).encode() + b"\n")
    except FileExistsError:
        raise MasterKeyExists(f"{path} exists already; use it, or name another file") from None
    except OSError as error:
        raise MasterKeyNotCreatable(f"{path} cannot be written ({error.strerror}); make its folder first") from None
    sync_folder(path.parent)


def _hand_made(kind: str, name: str) -> str:
    if kind == "env":
        return f"set {name} where the program is started, to the output of: openssl rand -base64 32"
    return f"make it with: openssl rand -base64 32 | systemd-creds encrypt --name={name} - {name}.cred"


def _encode(master: MasterKey) -> str:
    return base64.b64encode(master.secret).decode()


def _decode(text: bytes, ref: str) -> MasterKey:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise MasterKeyUnsafe(f"what lies at {ref} is not base64; it must be 32 random bytes in base64") from None
    return MasterKey(secret)
