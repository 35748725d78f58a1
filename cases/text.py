"""What two rooms need of documents: their text, and nothing of how it is got."""

from __future__ import annotations

from typing import BinaryIO, Protocol


class TextUnreadable(Exception):
    """A document whose text could not be had. `code` is one of a closed list and names no content.

    Codes: `encrypted`, `damaged`, `too_large`, `unsupported`, `timeout`, `crashed`, `no_isolation`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TextExtractor(Protocol):
    """Gives the text of a document (PDF, Office, HTML, mail, plain text, image of a page)."""

    def text(self, name: str, media_type: str, stream: BinaryIO) -> str:
        """Text of the whole document; raises `TextUnreadable`. `media_type` may be empty where unknown."""
        ...
