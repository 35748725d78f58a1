"""References to secrets: where a password lies, never the password itself.

`env:NAME`, `file:/absolute/path` (no access for group or others), `keyring:SERVICE/USER`, and `credential:NAME` for a
systemd credential below `$CREDENTIALS_DIRECTORY`. A plain value where a reference is expected is refused, and no
message ever repeats what was written: it may be the password.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ALLOWED = "env:NAME, file:/absolute/path, keyring:SERVICE/USER or credential:NAME"
_LONGEST = 64 * 1024
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,200}")
_CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}")
_KEYRING_PLACE = re.compile(r"[^/\x00-\x1f]{1,200}/[^\x00-\x1f]{1,200}")


class SecretError(Exception):
    """A secret cannot be had. `code`: `not_a_reference`, `missing`, `unsafe`, `unreadable`, `empty`, `keyring`."""

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(advice)
        self.code = code


class Keyring(Protocol):
    """What is used of the `keyring` package and of its backends."""

    def get_password(self, service_name: str, username: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret lies. `scheme` is one of env, file, keyring, credential."""

    scheme: str
    place: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.place}"


def parse(ref: str) -> SecretRef:
    """The reference that `ref` writes; `SecretError` (`not_a_reference`) for anything else, without repeating it."""
    scheme, _, place = ref.partition(":")
    checks: Mapping[str, Callable[[str], object]] = {
        "env": _ENV_NAME.fullmatch,
        "file": _absolute,
        "keyring": _KEYRING_PLACE.fullmatch,
        "credential": _CREDENTIAL_NAME.fullmatch,
    }
    if scheme not in checks or not checks[scheme](place):
        raise SecretError("not_a_reference", f"a secret is not written here but referred to: {ALLOWED}")
    return SecretRef(scheme, place)


def resolve(ref: str, environ: Mapping[str, str], keyring: Keyring | None) -> str:
    """The secret that `ref` names, without the line break at its end; raises `SecretError` with what to do next."""
    parsed = parse(ref)
    if parsed.scheme == "env":
        secret = _from_environment(parsed, environ)
    elif parsed.scheme == "file":
        secret = _from_file(parsed, Path(parsed.place), stat.S_IRWXG | stat.S_IRWXO)
    elif parsed.scheme == "credential":
        # systemd may grant the service its reading by an ACL, which shows as the group's: not for us to refuse
        secret = _from_file(parsed, _credential(parsed, environ), stat.S_IWGRP | stat.S_IRWXO)
    else:
        secret = _from_keyring(parsed, keyring)
    if not secret:
        raise SecretError("empty", f"{parsed} is empty; put the secret there")
    return secret


def _absolute(place: str) -> bool:
    return "\x00" not in place and Path(place).is_absolute()


def _from_environment(ref: SecretRef, environ: Mapping[str, str]) -> str:
    if ref.place not in environ:
        raise SecretError("missing", f"{ref}: the environment variable is not set where the program was started")
    return environ[ref.place]


def _credential(ref: SecretRef, environ: Mapping[str, str]) -> Path:
    folder = environ.get("CREDENTIALS_DIRECTORY", "")
    if not folder:
        advice = f"start under systemd with LoadCredentialEncrypted={ref.place}:…"
        raise SecretError("missing", f"{ref}: CREDENTIALS_DIRECTORY is not set; {advice}")
    return Path(folder) / ref.place


def _from_keyring(ref: SecretRef, keyring: Keyring | None) -> str:
    service, _, user = ref.place.partition("/")
    if keyring is None:
        raise SecretError("keyring", f"{ref}: there is no keyring here; use env:, file: or credential:")
    from keyring.errors import KeyringError  # costs start-up time that only this place should pay

    try:
        secret = keyring.get_password(service, user)
    except KeyringError:
        raise SecretError("keyring", f"{ref}: the keyring does not answer; unlock it or install a backend") from None
    if secret is None:
        raise SecretError("missing", f"{ref}: the keyring has no such entry; add it with: keyring set {service} {user}")
    return secret


def _from_file(ref: SecretRef, path: Path, forbidden: int) -> str:
    """Checked on the opened file, so that nothing is exchanged between the look and the reading."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        code = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
        raise SecretError(code, f"{ref}: the file cannot be opened ({error.strerror})") from None
    try:
        _refuse_unsafe(ref, path, os.fstat(handle), forbidden)
        content = os.read(handle, _LONGEST + 1)
    finally:
        os.close(handle)
    return _text(ref, content)


def _refuse_unsafe(ref: SecretRef, path: Path, found: os.stat_result, forbidden: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise SecretError("unsafe", f"{ref} is not a regular file")
    if found.st_mode & forbidden:
        raise SecretError("unsafe", f"{ref} is open to others on this machine; run: chmod 600 {path}")


def _text(ref: SecretRef, content: bytes) -> str:
    if len(content) > _LONGEST:
        raise SecretError("unreadable", f"{ref} is larger than 64 KiB: no password")
    if b"\x00" in content or not _is_utf8(content):
        raise SecretError("unreadable", f"{ref} is not text in UTF-8")
    return content.decode().removesuffix("\n").removesuffix("\r")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
