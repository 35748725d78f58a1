"""Whether a draft has everything that the store holds: asked once more before anything is sealed.

A draft is made from the store, so a difference is a fault of ours. It would cost a person a part of their answer, or
show what somebody decided to hold back: nothing is sealed then.
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.draft import Draft, Item, Redaction
from cases.redaction import burn
from infra.store.findings import Kept
from outputs.errors import PackageRefused
from outputs.redaction import mark
from outputs.texts import Texts, texts


def check_found(found: Iterable[Kept], draft: Draft) -> None:
    """Every finding is an item with the same decision, every field and every file of it is there, withheld by decision
    or without exactly the places that were removed. Raises `PackageRefused`."""
    items = {item.number: item for item in draft.items}
    words = texts(draft.language)
    for kept in found:
        item = items.pop(kept.number, None)
        if item is None:
            raise _refused(kept.number, "is not in the draft")
        if (item.source, item.kind, item.decision) != (kept.source, kept.kind, kept.decision):
            raise _refused(kept.number, "is in the draft as something else")
        _check_fields(kept, item, words)
        _check_files(kept, item)
    if items:
        raise _refused(min(items), "is in no store")


def _check_fields(kept: Kept, item: Item, words: Texts) -> None:
    stored = kept.finding.fields
    cuts = kept.decision.redactions if kept.decision and item.redacted else ()
    if len(stored) != len(item.fields):
        raise _refused(kept.number, f"has {len(stored)} fields, the draft {len(item.fields)}")
    for index, ((_, value, _), part) in enumerate(zip(stored, item.fields, strict=True)):
        mine = [one for one in cuts if one.span.field == index]
        if part.value != _burnt(value, mine, words) and not part.staff:
            raise _refused(kept.number, f"has another value in field {index}")
        if mine and not part.redacted:
            raise _refused(kept.number, f"does not say that something is removed from field {index}")


def _burnt(value: str, cuts: list[Redaction], words: Texts) -> str:
    return burn(value, cuts, lambda ground: mark(ground, words)) if cuts else value


def _check_files(kept: Kept, item: Item) -> None:
    stored = [file.blob.sha256 for file in kept.finding.files]
    if [*(file.sha256 for file in item.files), *item.held_files] != stored:
        raise _refused(kept.number, "has other files")
    if item.held_files and not item.redacted:
        raise _refused(kept.number, "lacks files although nothing of it is removed")


def _refused(number: int, what: str) -> PackageRefused:
    return PackageRefused("finding_missing", f"finding {number} {what}; nothing was sealed; report this as a bug")
