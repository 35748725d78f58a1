"""The copy on paper: tagged PDF by Typst, in parts of a bounded size (`outputs.copy_paper`), so that memory stays
bounded too. The last part says how many entries are left and in which files they are.

Values go in as JSON and are shown as text, so that nothing in them is read as markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Literal

import orjson
import typst

from cases.draft import Draft, Item
from outputs.copy_paper import cut, part_name, planned
from outputs.copy_signs import breakable, shown
from outputs.copy_view import Entry, Row, SystemPart, entry, left_out, left_out_staff, system_parts
from outputs.dated import dated
from outputs.errors import PackageRefused
from outputs.names import file_size
from outputs.texts import Texts, texts

_Standard = Literal["a-2a", "ua-1"]
_ACCESSIBLE: tuple[_Standard, ...] = ("ua-1", "a-2a")


@dataclass(frozen=True, slots=True)
class PdfPart:
    """One file: its name, and what Typst draws; `numbers` are the entries in it."""

    name: str
    numbers: tuple[int, ...]
    drawn: bytes = field(repr=False)
    at: datetime

    def content(self) -> bytes:
        """The PDF; the same each time. Typst's own errors name nothing that stands in data."""
        return _compiled(self.drawn, int(self.at.astimezone(UTC).timestamp()))


def pdf_parts(draft: Draft) -> Iterator[PdfPart]:
    """The copy as one PDF or several, in the order of the readable copy."""
    words = texts(draft.language)
    systems = system_parts(draft, words)
    plan = planned(systems)
    for index, part in enumerate(plan.parts, start=1):
        last = index == len(plan.parts)
        drawn = {
            **_frame(draft, index, words),
            "overview": _overview(systems, words) if index == 1 else [],
            "sections": [_section(draft, system, items, words) for system, items in part],
            "left_out": _left_out(draft, words) if last else [],
            "closing": [_not_printed(plan.left, words)] if last and plan.left else [],
        }
        numbers = tuple(item.number for _, items in part for item in items)
        yield PdfPart(part_name(index, words), numbers, orjson.dumps(drawn), dated(draft))


def _frame(draft: Draft, index: int, words: Texts) -> dict[str, object]:
    title = words("copy.title")
    person = f"{words('copy.person')}: {shown(draft.person)}"
    snapshot = words.moment(draft.snapshot_at, draft.controller.timezone)
    lead = [words("copy.lead", controller=draft.controller.name), person, f"{words('copy.snapshot')}: {snapshot}"]
    more = f" – {words('copy.continued', n=index)}" if index > 1 else ""
    return {
        "language": draft.language,
        "title": title + more,
        "sender": draft.controller.name,
        "case": draft.case,
        "page_of": [words("letter.page"), words("letter.of")],
        "heads": [words("copy.meaning"), words("copy.value"), words("copy.category")],
        "empty": words("copy.empty"),
        "lead": lead if draft.complete else [*lead, words("copy.partial")],
        "left_out_title": words("copy.withheld"),
    }


def _overview(systems: tuple[SystemPart, ...], words: Texts) -> list[list[str]]:
    if not systems:
        return []
    head = [words("copy.system"), words("copy.entries"), words("copy.period")]
    return [head, *([one.name, str(len(one.items)), one.span or words("copy.undated")] for one in systems)]


def _section(draft: Draft, system: SystemPart, items: list[Item], words: Texts) -> dict[str, object]:
    return {"title": system.name, "entries": [_entry(entry(draft, item, words), words) for item in items]}


def _entry(one: Entry, words: Texts) -> dict[str, object]:
    messages = (
        {"head": f"{cut(m.sender.value, words)} · {m.time.means or m.time.value}", "text": cut(m.text.value, words)}
        for m in one.messages
    )
    return {
        "title": f"{words('copy.number', n=one.number)}: {one.kind}, {one.at}",
        "removed": one.removed,
        "rows": [_row(row, words) for row in one.rows],
        "messages": list(messages),
        "further": [_row(row, words) for row in one.further],
        "legend": _legend(one, words),
        "files": [f"{breakable(f.name)} ({f.path}, {file_size(f.size, words)})" for f in one.files],
        "change": one.change,
        "earlier": [_row(row, words) for row in one.earlier],
        "why": breakable(f"{words('copy.why')}: {one.why}"),
    }


def _row(row: Row, words: Texts) -> dict[str, str]:
    label = f"{row.label} *" if row.general else row.label
    return {
        "label": breakable(label),
        "name": breakable(cut(row.name, words)),
        "value": cut(row.value, words),
        "means": row.means,
        "category": breakable(row.category),
    }


def _legend(one: Entry, words: Texts) -> str:
    named = ", ".join(f"{label} {name}".strip() for label, name, _ in one.legend)
    return breakable(f"{words('copy.conversation_fields')} {named}") if named else ""


def _left_out(draft: Draft, words: Texts) -> list[list[str]]:
    items, staff = left_out(draft, words), left_out_staff(draft, words)
    listed = [[f"{words('copy.number', n=one.number)}: {one.what}", one.reason] for one in items]
    return [*listed, list(staff)] if staff else listed


def _not_printed(left: int, words: Texts) -> str:
    return words("copy.not_printed", n=left, html=words("file.html"), json=words("file.json"))


def _compiled(drawn: bytes, at: int) -> bytes:
    """Both standards forbid a sign that no font can show: then with the machine's fonts, and last as tagged PDF without
    the claim to the standards."""
    for standards, shipped_only in ((_ACCESSIBLE, True), (_ACCESSIBLE, False), ((), False)):
        try:
            made: bytes = typst.compile(
                _template(),
                sys_inputs={"copy": drawn.decode()},
                pdf_standards=list(standards),
                ignore_system_fonts=shipped_only,
                timestamp=at,
            )
            return made
        except typst.TypstError:
            continue
    raise PackageRefused("pdf_failed", "the template outputs/templates/copy.typ does not compile")


@cache
def _template() -> bytes:
    return resources.files("outputs").joinpath("templates/copy.typ").read_bytes()
