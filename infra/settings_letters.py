"""The section [letters]: the company's own wording and paper."""

from __future__ import annotations

from pydantic import Field

from infra.settings_sections import LineOrNone, Section


class LettersSection(Section):
    """Relative paths start at the folder of `auskunft.toml`."""

    texts: LineOrNone = Field(
        default="", description='a folder with de.toml and en.toml of your own wording, or "" for ours'
    )
    letterhead: LineOrNone = Field(default="", description='a Word file (.docx) with header and footer, or ""')
