"""The wording and the paper of an installation: its own texts and letterhead, checked before a letter is written."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from outputs import letterhead, texts
from outputs.errors import WordingRefused
from outputs.letterhead_read import read_paper
from outputs.text_lint import faults
from outputs.text_trial import unwritten

_TRIPS = (KeyError, ValueError, AttributeError, TypeError, IndexError, RecursionError)  # what python-docx trips over


def use_wording(folder: Path | None = None, paper: Path | None = None) -> None:
    """Takes over own texts and a letterhead for this process; None: those that are shipped. Raises `WordingRefused`
    with everything that speaks against them, and then changes nothing."""
    own = texts.own_texts(folder) if folder else {}
    if folder and (found := faults(own) or unwritten(own)):
        raise WordingRefused("texts_refused", f"letters.texts = {folder}: " + "\n".join(found))
    content = checked_paper(paper) if paper else None
    texts.use(own)
    letterhead.use(content)


def checked_paper(paper: Path) -> bytes:
    """The bytes of a letterhead that both letters, DOCX and PDF, can be written on. Raises `WordingRefused`."""
    content = letterhead.read_letterhead(paper)
    try:
        read_paper(content)
    except _TRIPS as error:
        said = f"{paper} cannot be read ({type(error).__name__}); open it in Word and save it anew as .docx"
        raise WordingRefused("letterhead_unreadable", said) from None
    return content


def version() -> str:
    """SHA-256 (hex) of every text and of the letterhead in use: whoever approves a draft approves its words."""
    return sha256((texts.wording() + sha256(letterhead.in_use() or b"").hexdigest()).encode()).hexdigest()
