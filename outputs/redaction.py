"""An item without what was removed from it: every file of an answer is made from this, so that none can say more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from cases.draft import Ground, Item, ItemField, Redaction
from cases.redaction import burn, removed, without
from outputs.texts import Texts


def burnt(item: Item, words: Texts) -> Item:
    """The item as its decision lets it go out; itself where nothing is removed.

    What is removed from the values also goes from names of fields and from the explanation of why it was found; files
    have the neutral names of the package, for a name may be spelt in any way. The state of an earlier search is left
    out, for nobody looked for the places in it. Files are withheld: a text can be redacted, a scan or a PDF of the same
    text cannot. They go out if somebody looked and said so.
    """
    decision = item.decision
    if decision is None or not item.redacted:
        return item
    gone = removed([part.value for part in item.fields], decision.redactions)
    hidden = words("redaction.name")
    fields = tuple(_field(index, part, decision.redactions, gone, words) for index, part in enumerate(item.fields))
    files = tuple(replace(file, name=PurePosixPath(file.path).name) for file in item.files)
    changed = replace(item, fields=fields, why=without(item.why, gone, hidden), earlier=())
    if decision.with_files:
        return replace(changed, files=files)
    return replace(changed, files=(), held_files=tuple(file.sha256 for file in item.files))


def mark(ground: Ground, words: Texts) -> str:
    """`[geschwärzt: Rechte anderer]`"""
    return words(f"redaction.{ground.value}")


def _field(
    index: int, part: ItemField, redactions: tuple[Redaction, ...], gone: tuple[str, ...], words: Texts
) -> ItemField:
    mine = [one for one in redactions if one.span.field == index]
    value = burn(part.value, mine, lambda ground: mark(ground, words))
    name = without(part.name, gone, words("redaction.name"))
    if not mine:
        return replace(part, name=name)
    return replace(part, name=name, value=value, means="", redacted=tuple(dict.fromkeys(one.ground for one in mine)))
