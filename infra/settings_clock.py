"""The sections of `auskunft.toml` about time: deadlines, alarms, and holding back routine deletion."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from infra.settings_sections import Address, Section

ADDRESSES = "a list of e-mail addresses"
_DISTANCES = "a list of at most 10 days"
Distances = Annotated[tuple[Annotated[int, Field(ge=0, le=90)], ...], Field(max_length=10)]
LateDistances = Annotated[tuple[Annotated[int, Field(ge=1, le=365)], ...], Field(max_length=10)]
Still = Annotated[int, Field(ge=0, le=90)]
_STILL = "days from 0 (no such alarm) to 90"


class ClockSection(Section):
    """How the house counts. Art. 12(3) GDPR knows no suspension; alarms go by the date without any."""

    internal_target_days: Annotated[int, Field(ge=1, le=28)] = Field(default=14, description="days from 1 to 28")
    suspension: Literal["none", "pause", "restart"] = Field(
        default="none", description='"none" (the safe one), "pause" or "restart"'
    )
    prompt_days: Annotated[int, Field(ge=0, le=31)] = Field(default=7, description="days from 0 to 31")
    extension: Literal["from_receipt", "chained"] = Field(
        default="from_receipt", description='"from_receipt" (three months) or "chained" (one month, then two)'
    )
    extended_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20, description="a share from 1 to 100 percent"
    )


class StandstillSection(Section):
    """After how many days in one status somebody is told; after twice as many the management is, too."""

    triage: Still = Field(default=2, description=_STILL)
    identifying: Still = Field(default=5, description=_STILL)
    program: Still = Field(default=2, description=_STILL)
    review: Still = Field(default=5, description=_STILL)
    sent: Still = Field(default=4, description=_STILL)
    delivery: Still = Field(default=2, description=_STILL)
    with_person: Still = Field(default=10, description=_STILL)
    by_hand: Still = Field(default=3, description=_STILL)
    reply: Still = Field(default=10, description=_STILL)


class AlarmsSection(Section):
    """Who is told of what, when. Distances are local calendar days."""

    dpo: tuple[Address, ...] = Field(default=(), description=f"{ADDRESSES}; empty: those of the report")
    management: tuple[Address, ...] = Field(default=(), description=f"{ADDRESSES}; empty: nobody")
    before_target: Distances = Field(default=(), description=_DISTANCES)
    before_due: Distances = Field(default=(7, 3, 1, 0), description=_DISTANCES)
    after_due: LateDistances = Field(default=(1, 7), description=_DISTANCES)
    management_days: Annotated[int, Field(ge=0, le=90)] = Field(default=3, description="days from 0 to 90")
    escalate_hours: Annotated[int, Field(ge=1, le=720)] = Field(default=48, description="hours from 1 to 720")
    mailbox_hours: Annotated[int, Field(ge=1, le=168)] = Field(default=1, description="hours from 1 to 168")
    away_hours: Annotated[int, Field(ge=1, le=168)] = Field(default=2, description="hours from 1 to 168")
    standstill: StandstillSection = Field(default=StandstillSection(), description="a section [alarms.standstill]")


class HoldSection(Section):
    """Who is asked to spare the person's data from routine deletion until the answer is out."""

    recipients: tuple[Address, ...] = Field(default=(), description=f"{ADDRESSES}; empty: nobody is asked")
