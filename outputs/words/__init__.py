"""Our own word lists, German and English: 1,024 words each, written for this project.

Every word has 4 to 9 letters a to z, is told from every other of its list by its first four letters, and differs from
each by at least two typed letters; words that sound like another, or that nobody would like to say, are left out.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

LANGUAGES = ("de", "en")


@cache
def words(language: str) -> tuple[str, ...]:
    """The list of that language in alphabetical order; English for any language but German."""
    name = language if language in LANGUAGES else "en"
    return tuple(resources.files("outputs").joinpath("words", f"{name}.txt").read_text("ascii").split())


@cache
def by_beginning(language: str) -> dict[str, str]:
    """Each word by its first four letters."""
    return {word[:4]: word for word in words(language)}
