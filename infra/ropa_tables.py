"""The tables of `ropa.toml` as models, and how each becomes its frozen value. Descriptions say what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from cases.bilingual import NO_TEXT
from cases.register import (
    Activity,
    Automated,
    CategoryReason,
    Coverage,
    Exclusion,
    FieldLabel,
    LegalBasis,
    Mechanism,
    Recipient,
    Register,
    System,
    Text,
    Transfer,
)

UNKNOWN = "unknown"  # `origin = "unknown"`: nobody recorded where the data come from

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,60}$")]
Pattern = Annotated[str, StringConstraints(pattern=r"^[^/\s]{1,80}/[^/\s]{1,80}$")]
TEXT = 'a text in both languages, { de = "…", en = "…" }, neither of them empty'
KEY = "a short name: a lower-case letter, then lower-case letters, digits, - and _"


class Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class TextTable(Table):
    de: Words = Field(description="a German text, not empty")
    en: Words = Field(description="an English text, not empty")

    def value(self) -> Text:
        return Text(self.de, self.en)


def _unknown(value: Any) -> Any:
    return None if value == UNKNOWN else value


def _denied(value: Any) -> Any:
    """`automated = false` and `transfer = false` are answers, and a table that is missing is none."""
    return None if value is False else value


def _both(value: Any) -> Any:
    """One word for both languages, as in `category = "Newsletter"`."""
    return {"de": value, "en": value} if isinstance(value, str) else value


class TransferTable(Table):
    country: TextTable = Field(description=TEXT)
    mechanism: Mechanism = Field(description=f"one of {', '.join(Mechanism)}")
    verified_on: date | None = Field(default=None, description="a date such as 2026-05-04, without quotation marks")
    module: Annotated[int, Field(ge=0, le=4)] = Field(default=0, description="the module of the SCC, 1 to 4")
    detail: Line = Field(default="", description="number of the decision or approval, or the letter of Art. 49(1)")

    def value(self) -> Transfer:
        return Transfer(self.country.value(), self.mechanism, self.verified_on, self.module, self.detail)


class RecipientTable(Table):
    name: Line = Field(default="", description="the full name of the company")
    role: TextTable = Field(description=TEXT)
    category_reason: CategoryReason | None = Field(
        default=None, description=f"why no name can be given (C-154/21): one of {', '.join(CategoryReason)}"
    )
    country: TextTable | None = Field(default=None, description=TEXT)
    period: TextTable | None = Field(default=None, description=TEXT)
    transfer: Annotated[TransferTable | None, BeforeValidator(_denied)] = Field(
        default=None, description="a table with country and mechanism, or false: the data stay in the EEA"
    )

    def value(self) -> Recipient:
        transfer = self.transfer.value() if self.transfer else None
        country, period = (text.value() if text else NO_TEXT for text in (self.country, self.period))
        denied = self.transfer is None and "transfer" in self.model_fields_set
        return Recipient(self.name, self.role.value(), self.category_reason, transfer, country, period, denied)


class AutomatedTable(Table):
    logic: TextTable = Field(description=TEXT)
    significance: TextTable = Field(description=TEXT)
    consequences: TextTable = Field(description=TEXT)

    def value(self) -> Automated:
        return Automated(self.logic.value(), self.significance.value(), self.consequences.value())


class ActivityTable(Table):
    key: Key = Field(description=KEY)
    name: TextTable = Field(description=TEXT)
    purposes: Annotated[tuple[TextTable, ...], Field(min_length=1)] = Field(description=f"a list, not empty, of {TEXT}")
    categories: Annotated[tuple[TextTable, ...], Field(min_length=1)] = Field(
        description=f"a list, not empty, of {TEXT}"
    )
    retention: TextTable = Field(description=TEXT)
    origin: Annotated[TextTable | None, BeforeValidator(_unknown)] = Field(description=f'{TEXT}, or "{UNKNOWN}"')
    legal_basis: Annotated[tuple[LegalBasis, ...], Field(min_length=1)] = Field(
        description=f"a list, not empty, of {', '.join(LegalBasis)}"
    )
    evidence: Annotated[tuple[Pattern, ...], Field(min_length=1)] = Field(
        description='a list, not empty, of "source/kind"; * stands for anything, as in "crm/*"'
    )
    recipient: tuple[RecipientTable, ...] = Field(
        default=(), description="tables [[activity.recipient]], or recipient = []: nobody gets the data"
    )
    automated: Annotated[AutomatedTable | None, BeforeValidator(_denied)] = Field(
        default=None, description="a table [activity.automated] with logic, significance and consequences, or false"
    )
    direct_marketing: bool | None = Field(
        default=None, description="true where the data are used for direct marketing (Art. 21(2)), false where not"
    )
    scored: bool = Field(
        default=False, description="true: a score or profile is made, and nobody draws strongly on it (C-634/21)"
    )

    def value(self) -> Activity:
        return Activity(
            key=self.key,
            name=self.name.value(),
            purposes=tuple(text.value() for text in self.purposes),
            categories=tuple(text.value() for text in self.categories),
            recipients=tuple(recipient.value() for recipient in self.recipient),
            retention=self.retention.value(),
            origin=self.origin.value() if self.origin else NO_TEXT,
            legal_basis=self.legal_basis,
            evidence=self.evidence,
            automated=self.automated.value() if self.automated else None,
            not_automated=self.automated is None and "automated" in self.model_fields_set,
            no_recipients=not self.recipient and "recipient" in self.model_fields_set,
            scored=self.scored,
            direct_marketing=self.direct_marketing,
        )


class SystemTable(Table):
    key: Key = Field(description=KEY)
    name: TextTable = Field(description=TEXT)
    coverage: Coverage = Field(description=f"one of {', '.join(Coverage)}")
    source: Line = Field(default="", description="the name of a source of auskunft.toml")
    responsible: Line = Field(default="", description="the name of the person who answers")
    days: Annotated[int, Field(ge=1, le=21)] = Field(default=7, description="days from 1 to 21")
    reason: Exclusion | None = Field(default=None, description=f"one of {', '.join(Exclusion)}")
    explanation: TextTable | None = Field(default=None, description=TEXT)

    def value(self) -> System:
        explanation = self.explanation.value() if self.explanation else Text("", "")
        return System(
            self.key,
            self.name.value(),
            self.coverage,
            self.source,
            self.responsible,
            self.days,
            self.reason,
            explanation,
        )


class LabelTable(Table):
    source: Line = Field(description='the name of a source; * stands for anything, as in "crm*"')
    name: Line = Field(description="the field's name in the source; * stands for anything")
    label: TextTable | None = Field(default=None, description=TEXT)
    category: Annotated[TextTable, BeforeValidator(_both)] = Field(description=f"the category of data: {TEXT}")
    origin: bool = Field(default=False, description="true where the field says where the record comes from")
    staff: bool = Field(default=False, description="true where the field names an employee of yours")
    values: dict[str, Annotated[TextTable, BeforeValidator(_both)]] = Field(
        default_factory=dict, description=f"what the field's codes mean, each: {TEXT}", max_length=500
    )

    def value(self) -> FieldLabel:
        label = self.label.value() if self.label else NO_TEXT
        codes = tuple((code, text.value()) for code, text in self.values.items())
        category = (self.category.de, self.category.en)
        return FieldLabel(self.source, self.name, label, *category, self.origin, self.staff, codes)


class RegisterTable(Table):
    activity: Annotated[tuple[ActivityTable, ...], Field(min_length=1)] = Field(description="tables [[activity]]")
    system: Annotated[tuple[SystemTable, ...], Field(min_length=1)] = Field(
        description="tables [[system]], one for every place with personal data"
    )
    label: tuple[LabelTable, ...] = Field(default=(), description="tables [[label]]")
    withdrawn: tuple[Mechanism, ...] = Field(default=(), description=f"a list of {', '.join(Mechanism)}")

    def value(self, version: str) -> Register:
        return Register(
            version,
            tuple(activity.value() for activity in self.activity),
            tuple(system.value() for system in self.system),
            tuple(label.value() for label in self.label),
            self.withdrawn,
        )
