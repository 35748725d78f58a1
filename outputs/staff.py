"""Names of the company's own people in a record (C-579/21, ANS-07): they act for the company and are no recipients.
They are given only where the person needs them for their rights, which somebody weighs and says why. The letter and
the copies say that they are missing, and on which ground."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cases.draft import DecisionKind, Ground, Item, ItemField
from cases.readable import plain
from cases.register import FieldLabel
from outputs.texts import Texts

GIVEN = "staff: "  # how the reason of a decision begins that gives the names; then follows why


def masked(item: Item, labels: Iterable[FieldLabel], words: Texts) -> Item:
    """The item with a mark for every value that names an employee; itself where a person decided to give them."""
    naming = [label for label in labels if label.staff]
    if not naming or _given(item):
        return item

    def shown(part: ItemField) -> ItemField:
        if not part.value.strip() or not any(label.fits(item.source, plain(part.name)) for label in naming):
            return part
        grounds = tuple(dict.fromkeys((*part.redacted, Ground.OTHERS)))
        return replace(part, value=words("redaction.staff"), means="", redacted=grounds, staff=True)

    return replace(item, fields=tuple(map(shown, item.fields)), earlier=tuple(map(shown, item.earlier)))


def _given(item: Item) -> bool:
    decision = item.decision
    return decision is not None and decision.kind is DecisionKind.INCLUDE and decision.reason.startswith(GIVEN)
