"""The machine-readable copy: one JSON object (RFC 8259, UTF-8), written item by item.

Schema `auskunft-data/1`: `case`, `language`, `person`, `controller`, `received_on`, `snapshot_at`, `complete`,
`complete_except`, `register_version`, `systems` (name, state), `withheld` (number, kind, system, at, ground) and
`items`. `complete` is true only where the answer lacks nothing; `complete_except` says what it lacks, as the letter's
sections do: `open` (systems not searched whole), `withheld` (entries, places of them or names of our own people),
`excluded` (systems left out by a limit of the right). An item that is
not as the first search found it has `change` (new, changed, vanished), `changed_on` and `earlier` too; one with removed
places has `redacted` (the grounds) and `files_withheld` (how many), and so has each field of it (`redacted`). A field
whose value is a code has `means`. Times are ISO 8601 in UTC; values are the source's own, unaltered but for the marks
where something was removed.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from cases.draft import Draft, Item, ItemField, ItemFile
from outputs.letter_search import left_out, partial
from outputs.moments import in_utc
from outputs.names import system_name, utf8

SCHEMA = "auskunft-data/1"


def json_chunks(draft: Draft) -> Iterator[bytes]:
    """The object in pieces, one item each. The same draft gives the same bytes."""
    head = orjson.dumps(_head(draft))
    yield head[:-1] + b',"items":['
    for index, item in enumerate(draft.released):
        yield (b",\n" if index else b"\n") + orjson.dumps(_item(draft, item))
    yield b"\n]}\n"


def _head(draft: Draft) -> dict[str, object]:
    systems = [{"name": cell.system.name.in_(draft.language), "state": cell.state.value} for cell in draft.cells]
    return {
        "schema": SCHEMA,
        "case": draft.case,
        "language": draft.language,
        "person": _text(draft.person),
        "controller": draft.controller.name,
        "received_on": draft.received_on.isoformat(),
        "snapshot_at": in_utc(draft.snapshot_at),
        "complete": not partial(draft),
        "complete_except": list(left_out(draft)),
        "register_version": draft.register_version,
        "systems": systems,
        "withheld": [_withheld(draft, item) for item in draft.withheld],
    }


def _withheld(draft: Draft, item: Item) -> dict[str, object]:
    known = item.decision.ground if item.decision else None
    return {**_common(draft, item), "ground": known.value if known else None}


def _redacted(item: Item) -> dict[str, object]:
    """Why places are missing, and how many files with them; no keys where nothing is."""
    if not item.redacted and not item.masked:
        return {}
    return {"redacted": [one.value for one in item.grounds], "files_withheld": len(item.held_files)}


def _item(draft: Draft, item: Item) -> dict[str, object]:
    return {
        **_common(draft, item),
        "why": _text(item.why),
        "fields": [_field(part) for part in item.fields],
        "files": [_file(file) for file in item.files],
        **_change(item),
        **_redacted(item),
    }


def _change(item: Item) -> dict[str, object]:
    """What became of an entry since the first search; no keys where nothing did."""
    if not item.change:
        return {}
    on = item.changed_on.isoformat() if item.changed_on else None
    return {"change": item.change, "changed_on": on, "earlier": [_field(part) for part in item.earlier]}


def _common(draft: Draft, item: Item) -> dict[str, object]:
    at = in_utc(item.at) if item.at else None
    return {"number": item.number, "system": system_name(draft, item), "kind": item.kind, "at": at}


def _field(part: ItemField) -> dict[str, object]:
    said: dict[str, object] = {"name": _text(part.name), "label": part.label, "category": part.category}
    said["value"] = _text(part.value)
    if part.means:
        said["means"] = part.means
    if part.redacted:
        said["redacted"] = [one.value for one in part.redacted]
    return said


def _file(file: ItemFile) -> dict[str, object]:
    named = {"path": file.path, "name": _text(file.name), "media_type": file.media_type}
    return {**named, "size": file.size, "sha256": file.sha256}


def _text(text: str) -> str:
    return utf8(text).decode()
