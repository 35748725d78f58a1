"""Values as sealed bytes: what every `sealed…` column holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter

from cases.draft import Redaction
from cases.finding import Other, Reason
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
    people: tuple[Other, ...] = field(default=(), repr=False)
    group: str = field(default="", repr=False)  # the record that it hangs on; empty: it is one itself
    held: bool = False  # somebody once kept another state of it back, in part or whole: none of it goes out unasked
    reasons: tuple[Reason, ...] = ()  # how each of `matched` stands in the record; none: kept before that was said

    @property
    def met(self) -> tuple[tuple[Identifier, str, Reason], ...]:
        """`matched` with the reason of each; of what was kept without, nothing says that it is not literal."""
        said = self.reasons or (Reason.EXACT,) * len(self.matched)
        return tuple((*match, reason) for match, reason in zip(self.matched, said, strict=True))

    @property
    def record(self) -> str:
        """The locator of the record that it hangs on."""
        return self.group or self.locator


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person said: who, why, when."""

    by: str = field(repr=False)
    why: str = field(default="", repr=False)
    at: datetime | None = None
    salt: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person decided of a finding. A decision sealed before there were redactions reads as one without."""

    by: str = field(repr=False)
    why: str = field(default="", repr=False)
    at: datetime | None = None
    redactions: tuple[Redaction, ...] = ()
    with_files: bool = False


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
    """A sealed package and the passphrase that opens it: both go when the material key goes. Where it goes as a link:
    the link, its own password, and the folder in the cloud that holds the file."""

    passphrase: str = field(repr=False)
    blob: BlobRef = field(repr=False)
    link_password: str = field(default="", repr=False)
    link: str = field(default="", repr=False)
    link_path: str = field(default="", repr=False)


class Envelope:
    """Seals values for one place in one row, so that a sealed value moved elsewhere does not open. An envelope lives as
    long as one transaction, which reads each key once: unwrapping it anew for each of thousands of findings would cost
    more than the sealing."""

    def __init__(self, keystore: KeyStore) -> None:
        self.keystore = keystore
        self._keys: dict[str, bytes] = {}
        self._lookups: dict[str, Callable[[str], str]] = {}

    def seal(self, key_id: str, place: str, value: object) -> bytes:
        clear = _adapter(type(value)).dump_json(value)
        return seal_bytes(self._key(key_id), place.encode(), clear)

    def open(self, key_id: str, place: str, kind: type[T], sealed: bytes) -> T:
        """Raises `KeyDestroyed`, `KeyMissing`, `Tampered`."""
        clear = open_bytes(self._key(key_id), place.encode(), sealed)
        value: T = _adapter(kind).validate_json(clear)
        return value

    def lookup(self, purpose: str, value: str) -> str:
        if purpose not in self._lookups:
            self._lookups[purpose] = self.keystore.lookup(purpose)
        return self._lookups[purpose](value)

    def _key(self, key_id: str) -> bytes:
        if key_id not in self._keys:
            self._keys[key_id] = self.keystore.get(key_id)
        return self._keys[key_id]


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Building an adapter costs milliseconds, and there are few kinds: each is built once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
