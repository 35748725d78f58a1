"""Every kind of source by its name in the settings and behind `--source`. A connector's module is imported when one of
its kind is built, and not before.

A connector of somebody else comes in through the entry-point group `auskunft.sources`: an entry point named as the
kind, which gives a `SourceKind`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from cases.source import Source
from sources.building import BadOptions, Secret, Tools

GROUP = "auskunft.sources"


@dataclass(frozen=True, slots=True)
class SourceKind:
    """Where the builders of a kind are, and what stands behind the `=` of `--source KIND=LOCATION`.

    `builder(name, options, secret, tools)` checks the options of the settings and raises `BadOptions`;
    `locator(name, location, tools)` builds from the location alone.
    """

    module: str
    location: str
    builder: str = "build"
    locator: str = "locate"


CATALOGUE: Mapping[str, SourceKind] = {
    "sql": SourceKind("sources.sql", "URL of a database, such as sqlite:///crm.db or postgresql://user:pw@host/crm"),
    "instagram": SourceKind(
        "sources.meta_messages", "path of an export (zip or folder)", "build_instagram", "locate_instagram"
    ),
    "facebook": SourceKind(
        "sources.meta_messages", "path of an export (zip or folder)", "build_facebook", "locate_facebook"
    ),
    "webdav": SourceKind("sources.webdav", "https address of a folder, with user:password@ where it asks for them"),
    "folder": SourceKind("sources.folder", "path of a folder"),
    "json": SourceKind("sources.json_files", "path of a JSON file, a folder of them or a zip"),
}


class UnknownKind(Exception):
    """No connector has this name."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind!r} is no kind of source; allowed: {', '.join(kinds())}")
        self.kind = kind


def kinds() -> dict[str, SourceKind]:
    """Our own kinds and those of installed packages, by name. A package cannot replace one of ours."""
    theirs: dict[str, SourceKind] = {}
    for point in entry_points(group=GROUP):
        if point.name not in CATALOGUE:
            theirs[point.name] = point.load()
    return {**CATALOGUE, **dict(sorted(theirs.items()))}


def build(kind: str, name: str, options: Mapping[str, object], secret: Secret, tools: Tools) -> Source:
    """The source of a section `[sources.NAME]`. Raises `UnknownKind` or `BadOptions`."""
    chosen = _kind(kind)
    made: Source = _function(chosen.module, chosen.builder)(name, options, secret, tools)
    return made


def build_from_location(kind: str, location: str, tools: Tools, name: str = "") -> Source:
    """The source of `--source KIND=LOCATION`, named as its kind unless `name` says otherwise."""
    chosen = _kind(kind)
    if not location:
        raise BadOptions(name or kind, (f"the location is missing; allowed: {chosen.location}",))
    made: Source = _function(chosen.module, chosen.locator)(name or kind, location, tools)
    return made


def _kind(kind: str) -> SourceKind:
    found = CATALOGUE.get(kind) or kinds().get(kind)
    if found is None:
        raise UnknownKind(kind)
    return found


def _function(module: str, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
