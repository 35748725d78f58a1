"""Values as sealed bytes: what every `sealed…` column holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter

from cases.identifiers import Identifier
from infra.crypto import open_bytes, seal_bytes
from infra.keystore import KeyStore
from infra.vault import BlobRef

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a finding, in the vault."""

    name: str = field(repr=False)
    media_type: str
    blob: BlobRef


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """The personal part of a finding as it is kept."""

    locator: str = field(repr=False)
    matched: tuple[tuple[Identifier, str], ...] = field(repr=False)
    fields: tuple[tuple[str, str, str], ...] = field(repr=False)  # name, value, category
    files: tuple[StoredFile, ...] = field(default=(), repr=False)
    learned: tuple[Identifier, ...] = field(default=(), repr=False)
    others: tuple[str, ...] = field(default=(), repr=False)
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person said: who, why, when."""

    by: str = field(repr=False)
    why: str = field(default="", repr=False)
    at: datetime | None = None
    salt: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail of the outbox. An answer's attachment lies in the vault; a notice's fields are closed."""

    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    in_reply_to: str = field(default="", repr=False)
    filename: str = ""
    media_type: str = ""
    blob: BlobRef | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class KeptPackage:
    """A sealed package and the passphrase that opens it: both go when the material key goes."""

    passphrase: str = field(repr=False)
    blob: BlobRef = field(repr=False)


class Envelope:
    """Seals values for one place in one row, so that a sealed value moved elsewhere does not open."""

    def __init__(self, keystore: KeyStore) -> None:
        self.keystore = keystore

    def seal(self, key_id: str, place: str, value: object) -> bytes:
        clear = _adapter(type(value)).dump_json(value)
        return seal_bytes(self.keystore.get(key_id), place.encode(), clear)

    def open(self, key_id: str, place: str, kind: type[T], sealed: bytes) -> T:
        """Raises `KeyDestroyed`, `KeyMissing`, `Tampered`."""
        clear = open_bytes(self.keystore.get(key_id), place.encode(), sealed)
        value: T = _adapter(kind).validate_json(clear)
        return value

    def lookup(self, purpose: str, value: str) -> str:
        return self.keystore.lookup_hmac(purpose, value)


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Building an adapter costs milliseconds, and there are few kinds: each is built once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
