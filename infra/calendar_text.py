"""What an invitation says: summary and description of its events (RFC 5545)."""

from __future__ import annotations

import re

from infra.html_text import html_to_text

MAX_CALENDAR = 200_000
_FOLD = re.compile(r"\n[ \t]")
_PARAMETERS = r"(?:;[^:;\n\"]{0,200}(?:\"[^\"\n]{0,200}\"[^:;\n\"]{0,200})?)*"
_LINE = re.compile(rf"^(SUMMARY|DESCRIPTION|COMMENT|X-ALT-DESC){_PARAMETERS}:(.*)$", re.M | re.I)
_ESCAPED = re.compile(r"\\([nN,;\\])")


def calendar_text(calendar: str) -> str:
    """The texts of the calendar's entries, each once, in order; empty where people wrote nothing into it."""
    unfolded = _FOLD.sub("", calendar[:MAX_CALENDAR])
    found = [_text(name.upper(), value) for name, value in _LINE.findall(unfolded)]
    return "\n\n".join(dict.fromkeys(text for text in found if text.strip()))


def _text(name: str, value: str) -> str:
    text = _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)
    return html_to_text(text) if name == "X-ALT-DESC" else text
