"""What was typed into a form, read with no trust: it can also have been sent through the API, with anything in it."""

from __future__ import annotations

import json


def read_form(text: str) -> dict[str, str]:
    """The fields that hold text, without spaces around it; anything else is left out. Halves of surrogate pairs, which
    JSON can carry and nothing can store, are left out too."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    fields = said.items() if isinstance(said, dict) else ()
    return {name: _storable(value).strip() for name, value in fields if isinstance(value, str)}


def _storable(value: str) -> str:
    return "".join(char for char in value if not "\ud800" <= char <= "\udfff")
