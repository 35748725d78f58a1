"""A text in the two languages that people here read: German, which comes first, and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in German and in English."""

    de: str
    en: str
