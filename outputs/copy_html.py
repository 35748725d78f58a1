"""The readable copy: one HTML file that works offline, loads nothing and needs no script to be read.

Everything is escaped by Jinja; the policy in the file allows exactly its own style sheet and search script, by digest.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from cases.draft import Draft
from outputs.copy_signs import shown
from outputs.copy_view import entry, left_out, left_out_count, left_out_staff, system_parts
from outputs.names import file_size, utf8
from outputs.texts import Texts, texts

TERMS = ("entry", "label", "general", "name", "category", "why", "time", "signs", "redacted")
_CHUNK = 1 << 16
_PIECE = 100  # entries that a browser lays out together, or not at all while they are out of sight


def html(draft: Draft) -> Iterator[bytes]:
    """The page as UTF-8 in pieces of about 64 KiB. The same draft gives the same bytes."""
    words = texts(draft.language)
    pieces = _environment().get_template("copy.html").generate(**_view(draft, words))
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield utf8("".join(held))
            held, size = [], 0
    yield utf8("".join(held))


def _view(draft: Draft, words: Texts) -> dict[str, object]:
    style, script = _resource("copy.css"), _resource("copy.js")
    return {
        "draft": draft,
        "parts": system_parts(draft, words),
        "entry": lambda item: entry(draft, item, words),
        "left_out": left_out(draft, words),
        "left_out_count": left_out_count(draft),
        "left_out_staff": left_out_staff(draft, words),
        "words": words,
        "size": lambda count: file_size(count, words),
        "terms": TERMS,
        "piece_size": _PIECE,
        "person": shown(draft.person),
        "snapshot": words.moment(draft.snapshot_at, draft.controller.timezone),
        "received": words.date(draft.received_on),
        "style": Markup(style),  # noqa: S704 - our own file, holds no data
        "script": Markup(script),  # noqa: S704 - our own file, holds no data
        "policy": policy(style, script),
    }


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy (CSP level 3): nothing but these two texts."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    loader = FunctionLoader(_resource)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _resource(name: str) -> str:
    return resources.files("outputs").joinpath("templates", name).read_text("utf-8")
