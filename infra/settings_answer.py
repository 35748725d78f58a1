"""The section [answer] of `auskunft.toml`: how an answer is sealed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from infra.settings_sections import Section


class AnswerSection(Section):
    """`html`: a page that opens itself in a browser. `zip`: AES-256, which needs a program that knows it."""

    seal: Literal["html", "zip"] = Field(default="html", description='"html" (opens in a browser) or "zip" (AES-256)')
