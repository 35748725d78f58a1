"""The section of `auskunft.toml` about how an answer reaches the person."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from infra.faults import Hidden
from infra.settings_sections import CA_FILE, SECRET, LineOrNone, SecretOrNone, Section


def _cloud(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment):
        raise ValueError("https://, without user and password")
    return value.rstrip("/")


class DeliverySection(Section):
    """`by`: what is tried first. An answer that is too large for a mail goes as a link wherever a Nextcloud is named;
    somebody who asked for paper, or has no e-mail address on file, gets it by post. `days`: how long a link lives."""

    by: Literal["mail", "link"] = Field(default="mail", description='"mail" (attached) or "link" (of a Nextcloud)')
    url: Annotated[str, AfterValidator(_cloud)] = Field(default="", description='"" or https://cloud.firma.example')
    user: LineOrNone = Field(default="", description="a user of the Nextcloud, for this purpose alone")
    password: Annotated[SecretOrNone, Hidden()] = Field(default="", description=f'"" or {SECRET}: an app password')
    folder: LineOrNone = Field(default="Auskunft", description="the name of a folder of that user")
    days: Annotated[int, Field(ge=3, le=90)] = Field(default=14, description="days from 3 to 90")
    ca_file: LineOrNone = Field(default="", description=CA_FILE)

    @property
    def has_cloud(self) -> bool:
        return bool(self.url)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.url and not (self.user and self.password and self.folder.strip("/")):
            raise ValueError("url needs user, password and folder as well")
        if self.by == "link" and not self.url:
            raise ValueError('by = "link" needs url, user and password of a Nextcloud')
        return self
