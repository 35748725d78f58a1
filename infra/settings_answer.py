"""The section [answer] of `auskunft.toml`: how an answer is sealed."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from infra.faults import Hidden
from infra.settings_sections import SECRET, LineOrNone, SecretOrNone, Section


class AnswerSection(Section):
    """`html`: a page that opens itself in a browser. `zip`: AES-256, which needs a program that knows it.

    `certificate`: with what S/MIME is signed inside, where a person's own certificate seals (`auskunft case seal`).
    Without, the installation makes a key for itself."""

    seal: Literal["html", "zip"] = Field(default="html", description='"html" (opens in a browser) or "zip" (AES-256)')
    certificate: LineOrNone = Field(
        default="", description='"" or a path to a file of certificates (PEM), our own first, for answers by S/MIME'
    )
    certificate_key: Annotated[SecretOrNone, Hidden()] = Field(
        default="", description=f'"" or {SECRET}: the key of our certificate (PEM without password)'
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.certificate) != bool(self.certificate_key):
            raise ValueError("certificate and certificate_key belong together")
        return self
