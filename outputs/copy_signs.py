"""Text from data as a reader sees it: nothing invisible, nothing that turns the direction of reading around."""

from __future__ import annotations

import re

# Controls but tab and line feed, separators that browsers do not draw, marks of direction, signs without width (but the
# two joiners, which scripts and emoji need), what is no character, and halves of characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0001\U000e0020-\U000e007f]"
)
_SHORT = 20
_LINES = re.compile("\r\n?")
_UNBROKEN = re.compile(r"[^\s\u200b]{24}(?=[^\s\u200b])")
_JOINTS = re.compile(r"(?<=[_.\]/@-])(?=[^\s_.\]/@-])")


def shown(text: str) -> str:
    """The text with each sign that would be invisible or change how others read as its number: `‹U+202E›`. Line ends of
    every system are line feeds."""
    if text.isascii() and text.isprintable():  # most values, and at once
        return text
    return _HIDDEN.sub(_named, _LINES.sub("\n", text))


def _named(found: re.Match[str]) -> str:
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"‹U+{code:04X}›"


def breakable(text: str) -> str:
    """The same for paper: a run of signs without a blank may end its line at a joint, and after 24 signs anywhere."""
    return " ".join(_parted(word) if len(word) > _SHORT else word for word in text.split(" "))


def _parted(word: str) -> str:
    return _UNBROKEN.sub(lambda found: found[0] + "\u200b", _JOINTS.sub("\u200b", word))
