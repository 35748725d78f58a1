"""The section of `auskunft.toml` about finding out who asks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cases.customer_numbers import FORMAT
from infra.settings_sections import Section


class IdentitySection(Section):
    """One-time codes to the address on file. They live `code_days`: two weeks, so that a holiday costs nobody their
    code, and what is left of the month is enough to answer. Five tries make their age no weakness."""

    codes: bool = Field(default=True, description="true (codes go out by themselves) or false (a person does it)")
    code_days: Annotated[int, Field(ge=1, le=60)] = Field(default=14, description="days from 1 to 60")
    code_mails: Annotated[int, Field(ge=1, le=20)] = Field(
        default=3, description="a whole number from 1 to 20: code mails to one person on file within code_mails_days"
    )
    code_mails_days: Annotated[int, Field(ge=1, le=365)] = Field(default=30, description="days from 1 to 365")
    customer_numbers: Annotated[tuple[Annotated[str, Field(pattern=FORMAT)], ...], Field(max_length=20)] = Field(
        default=(), description='up to 20 formats of customer numbers, as "K-#####": # is a digit, ? a letter'
    )
