"""A key of the person's own, with which an answer is sealed so that it needs no passphrase."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class OwnKey:
    """`text`: the certificate as PEM (`smime`) or the public key armored (`openpgp`). `fingerprint`: SHA-256 of the
    certificate, or the OpenPGP fingerprint, in groups of four."""

    kind: Literal["smime", "openpgp"]
    text: str = field(repr=False)
    fingerprint: str
