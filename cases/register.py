"""The record of processing activities (Art. 30): what is done with data, and every system that holds them.

Read from `ropa.toml` by `infra.ropa`. What a letter says about purposes, recipients and periods comes from here; so
does the answer to "was everything searched?".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase

from cases.bilingual import NO_TEXT
from cases.bilingual import Text as Text
from cases.eea import in_eea
from cases.finding import DataField, Shape

UNFILLED = "AUSFUELLEN"  # what a register to begin with holds where only the controller knows
_ADVERTISING = re.compile(
    r"\b(\w+-|direkt|post|eigen|telefon)?werb(ung|e\w+|lich)\w*|marketing|newsletter|mailing|advertis|\bpromotion|"
    r"kundengewinnung|kundenbindung|customer (acquisition|retention|loyalty)"
)


class LegalBasis(StrEnum):
    CONSENT = "6(1)(a)"
    CONTRACT = "6(1)(b)"
    OBLIGATION = "6(1)(c)"
    VITAL_INTERESTS = "6(1)(d)"
    PUBLIC_TASK = "6(1)(e)"
    LEGITIMATE_INTERESTS = "6(1)(f)"


class Mechanism(StrEnum):
    """What a transfer to a third country rests on (Art. 44-49)."""

    ADEQUACY = "adequacy"
    DPF = "dpf"
    SCC = "scc"
    BCR = "bcr"
    ARTICLE_49 = "art49"


@dataclass(frozen=True, slots=True)
class Transfer:
    """`verified_on`: when the list of certified companies was looked at (DPF), or whether the decision still stands
    (adequacy); `module`: of the SCC, 1 to 4; `detail`: number of the decision, of the BCR approval, or the letter of
    Art. 49(1)."""

    country: Text
    mechanism: Mechanism
    verified_on: date | None = None
    module: int = 0
    detail: str = ""


class CategoryReason(StrEnum):
    """Why only a category of recipients is named and not the recipient: the closed list of C-154/21."""

    NOT_YET_KNOWN = "not-yet-known"  # who it will be is still open
    NOT_IDENTIFIABLE = "not-identifiable"  # who it was can no longer be found out
    EXCESSIVE = "excessive"  # shown to be manifestly unfounded or excessive (Art. 12(5))


@dataclass(frozen=True, slots=True)
class Recipient:
    """A named recipient (C-154/21). `name` is empty only with a `category_reason`: why no name can be given. `country`
    is where they sit, `period` when they got data; both may be empty. `no_transfer`: the controller looked and says
    that the data stay in the EEA; otherwise silence is all that is known."""

    name: str
    role: Text
    category_reason: CategoryReason | None = None
    transfer: Transfer | None = None
    country: Text = NO_TEXT
    period: Text = NO_TEXT
    no_transfer: bool = False

    @property
    def transfer_told(self) -> bool:
        """Whether the letter can say what becomes of Art. 15(2) here: a mechanism, or none where none is needed."""
        if self.transfer:
            return True
        places = (self.country.de, self.country.en)
        return self.no_transfer and all(in_eea(place) for place in places if place)


@dataclass(frozen=True, slots=True)
class Automated:
    """The three parts of Art. 15(1)(h)."""

    logic: Text
    significance: Text
    consequences: Text


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity. `evidence` are patterns `source/kind` (shell wildcards): a person whose findings match
    one is concerned by the activity. An empty `origin` is said as "not recorded". `not_automated`: the controller
    looked and says that nothing is decided by machine; `no_recipients`: the same of recipients; otherwise silence is
    all that is known. `scored`: a score or profile is made, and nobody draws strongly on it (C-634/21).
    `direct_marketing`: whether the data are used for it (Art. 21(2)); None where nobody said."""

    key: str
    name: Text
    purposes: tuple[Text, ...]
    categories: tuple[Text, ...]
    recipients: tuple[Recipient, ...]
    retention: Text
    origin: Text
    legal_basis: tuple[LegalBasis, ...]
    evidence: tuple[str, ...]
    automated: Automated | None = None
    not_automated: bool = False
    no_recipients: bool = False
    scored: bool = False
    direct_marketing: bool | None = None

    @property
    def advertises(self) -> bool:
        """Whether the person is told of the right of Art. 21(2): where nobody said, by what name and purposes speak
        of, because a right too many harms nobody."""
        if self.direct_marketing is None:
            return speaks_of_advertising(self.name, *self.purposes)
        return self.direct_marketing

    @property
    def silent(self) -> tuple[str, ...]:
        """What the register leaves open and the letter would have to deny (Art. 15(1)(c), (h), (2)): `recipients`,
        `automated`, `transfers`."""
        told = {
            "recipients": bool(self.recipients) or self.no_recipients,
            "automated": self.automated is not None or self.not_automated,
            "transfers": all(one.transfer_told for one in self.recipients),
        }
        return tuple(part for part, said in told.items() if not said)

    def concerns(self, source: str, kind: str) -> bool:
        return any(fnmatchcase(f"{source}/{kind}", pattern) for pattern in self.evidence)


def speaks_of_advertising(*texts: Text) -> bool:
    return any(_ADVERTISING.search(said.lower()) for text in texts for said in (text.de, text.en))


class Coverage(StrEnum):
    """How a system of the register is answered for."""

    SOURCE = "source"
    BY_HAND = "by_hand"
    EXCLUDED = "excluded"


class Exclusion(StrEnum):
    """Reasons for not searching a system that the law knows (SCP-02, SCP-05)."""

    BACKUP_ONLY = (
        "bdsg-34-1-2"  # only kept for backup or by duty to retain, disproportionate effort, other use excluded
    )
    NO_PERSONAL_DATA = "no-personal-data"
    NOT_IDENTIFIABLE = "art-11-2"
    PROCESSED_FOR_OTHERS = "processor"  # another controller's data (Art. 28)


@dataclass(frozen=True, slots=True)
class System:
    """One place that holds personal data. `source` names a configured source; `responsible` answers by hand within
    `days`; `reason` and `explanation` say why it is not searched."""

    key: str
    name: Text
    coverage: Coverage
    source: str = ""
    responsible: str = field(default="", repr=False)
    days: int = 7
    reason: Exclusion | None = None
    explanation: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """What a field of a source means in the reader's language (FRM-04), its category (ANS-05), and whether its value
    says where the record comes from (ANS-11) or names an employee (ANS-07). `source` and `name` may hold shell
    wildcards: a label for the name `*` gives a category to every field that nobody described, and no other name.
    `values` are the codes that the field may hold, each with what it means."""

    source: str
    name: str
    label: Text
    category: str
    category_en: str = ""
    origin: bool = False
    staff: bool = False
    values: tuple[tuple[str, Text], ...] = ()

    def means(self, value: str, language: str) -> str:
        """What a code stands for; empty for a value that is none."""
        return next((text.in_(language) for code, text in self.values if code == value), "")

    def fits(self, source: str, name: str) -> bool:
        return (self.name == name or fnmatchcase(name, self.name)) and fnmatchcase(source, self.source)

    def category_in(self, language: str) -> str:
        """Empty where it is still to be filled in: no mark goes out."""
        said = self.category if language == "de" else self.category_en or self.category
        return "" if UNFILLED in said else said


_REMEMBERED = 10_000  # names of fields


@dataclass(frozen=True, slots=True)
class Register:
    """`version` is the SHA-256 of the file it was read from: an approval is bound to it. `withdrawn` are mechanisms
    that no transfer may rest on any more, such as a decision that a court has annulled."""

    version: str
    activities: tuple[Activity, ...]
    systems: tuple[System, ...]
    labels: tuple[FieldLabel, ...] = ()
    withdrawn: tuple[Mechanism, ...] = ()
    owed: tuple[str, ...] = ()  # activities that the register leaves something open of; "": what all letters say
    _labelled: dict[tuple[str, str], FieldLabel | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def concerned(self, met: Iterable[tuple[str, str]]) -> tuple[Activity, ...]:
        """The activities that concern a person with findings of these (source, kind) pairs, in the register's order."""
        pairs = set(met)
        return tuple(item for item in self.activities if any(item.concerns(*pair) for pair in pairs))

    def unmapped(self, met: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """`source/kind` of findings that no activity accounts for: the letter cannot be complete with one of them."""
        lost = {pair for pair in met if not any(item.concerns(*pair) for item in self.activities)}
        return tuple(sorted("/".join(pair) for pair in lost))

    def system_of(self, source: str) -> System | None:
        return next((item for item in self.systems if item.source == source), None)

    def label(self, source: str, item: DataField) -> FieldLabel | None:
        """The label by the field's own name, else the first whose pattern fits. Remembered: a source has few fields,
        and a person thousands of records."""
        place = (source, item.name)
        if place in self._labelled:
            return self._labelled[place]
        fitting = [label for label in self.labels if label.fits(source, item.name)]
        own = (label for label in fitting if label.name == item.name)
        found = next(own, next(iter(fitting), None))
        if len(self._labelled) < _REMEMBERED:
            self._labelled[place] = found
        return found

    def undescribed(self, source: str, shape: Shape) -> tuple[str, ...]:
        """The fields of a kind of record that would have no category in an answer (ANS-05)."""
        labels = ((name, self.label(source, DataField(name, ""))) for name in shape.fields)
        return tuple(name for name, label in labels if label is None or not label.category)

    def fallen(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Activities with a transfer that rests on a mechanism which was withdrawn (Art. 44)."""
        resting = (
            item.key
            for item in activities
            for one in item.recipients
            if one.transfer and one.transfer.mechanism in self.withdrawn
        )
        return tuple(dict.fromkeys(resting))

    def unsaid(self, activities: Iterable[Activity]) -> tuple[str, ...]:
        """Activities of which the register does not say all that a letter tells, or says it with a mark that it is
        still to be filled in."""
        return tuple(item.key for item in activities if item.silent or item.key in self.owed or UNFILLED in repr(item))

    def missing_sources(self, configured: Collection[str]) -> tuple[str, ...]:
        """Systems said to be connected to a source that is not configured."""
        return tuple(s.key for s in self.systems if s.coverage is Coverage.SOURCE and s.source not in configured)
