"""What can go wrong where something leaves the house. No message holds a value found in data."""

from __future__ import annotations


class OutputError(Exception):
    """Base of every error of this package. `code` is a short word for logs and tests; the text says what to do."""

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(f"{code}: {advice}")
        self.code = code
        self.advice = advice


class TextMissing(OutputError):
    """A text, a language or a placeholder's value is missing."""


class WordingRefused(OutputError):
    """The company's own texts or letterhead cannot be used; the text says why."""


class LetterRefused(OutputError):
    """The letter would say something untrue or leave out something owed."""


class PackageRefused(OutputError):
    """The package would lack something, or a file is not what it promised to be. What was written is to be thrown
    away."""


class NoticeRefused(OutputError):
    """A notice has an unknown, missing or impermissible field."""


class OpenError(OutputError):
    """A sealed answer could not be opened. Nothing of it is left in the folder."""


class WrongPassphrase(OpenError):
    """The passphrase does not fit."""


class Mistyped(WrongPassphrase):
    """Words were typed that are no passphrase of ours; the text names the place of the first fault, never a word."""


class SealRefused(OutputError):
    """What was asked for cannot be sealed that way: an unsuitable key or certificate, or too much for it."""


class Damaged(OpenError):
    """The file was changed or cut off."""


class NotOurs(OpenError):
    """The file is not an answer that this program made, or it asks for more than an answer may."""
