"""A text in the two languages that people here read: German, which comes first, and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in German and in English."""

    de: str
    en: str

    def in_(self, language: str) -> str:
        """German for `de`, English for every other language."""
        return self.de if language == "de" else self.en


NO_TEXT = Text("", "")
