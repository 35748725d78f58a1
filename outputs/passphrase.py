"""Passphrases: made of words that can be read aloud, and understood however they are typed.

Eleven words of a list of 1,024 are 110 bits (SEC-05 asks for 100); a twelfth is a checksum, so that a slip of the pen
is told from the passphrase of another answer. The form that keys are derived from, and that a ZIP program wants, is
all words in lower case joined by hyphens. `templates/sealed.js` holds the same rules; tests hold the two together.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from outputs.errors import Mistyped
from outputs.words import LANGUAGES, by_beginning, words

COUNT = 11  # drawn words: 11 * log2(1024) = 110 bits
OLD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # of the passphrases before the words: five groups of five signs
_OLD = re.compile(f"[{OLD_ALPHABET}]{{25}}")
_SPLIT = re.compile(r"[^a-z0-9]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BEGINNING = 4
_LONGEST = 1000
SPELLED = {
    "de": "Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg Ingelheim Jena Köln Leipzig München "
    "Nürnberg Offenbach Potsdam Quickborn Rostock Salzwedel Tübingen Unna Völklingen Wuppertal Xanten Ypsilon Zwickau",
    "en": "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec "
    "Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu",
}  # DIN 5009:2022 and the ICAO alphabet


class Rng(Protocol):
    """What the passphrase is drawn with: the module `secrets`, or a fake in a test."""

    def choice(self, sequence: Sequence[str], /) -> str: ...


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase that no repr, log line or format string shows; `reveal()` is the one way to it."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return repr(self)

    def reveal(self) -> str:
        return self.value


def new_passphrase(rng: Rng = secrets, language: str = "de") -> Passphrase:
    """Eleven words, each drawn by itself, and their checksum word. Nothing in it comes from data."""
    drawn = [rng.choice(words(language)) for _ in range(COUNT)]
    return Passphrase("-".join([*drawn, checksum(drawn, language)]))


def checksum(drawn: Sequence[str], language: str) -> str:
    """The word of the list that the first two bytes of SHA-256 over the drawn words name."""
    listed = words(language)
    return listed[int.from_bytes(hashlib.sha256("-".join(drawn).encode()).digest()[:2], "big") % len(listed)]


def read_passphrase(typed: str) -> Passphrase:
    """What was meant by `typed`. Capitals, spaces, hyphens, umlauts and accents do not matter, nor does anything behind
    the first four letters of a word. Passphrases of 25 signs are regrouped; whatever is neither is taken as it stands.

    Raises `Mistyped` where words were typed that cannot be a passphrase of ours, with the place of the first fault.
    """
    tokens = _tokens(typed)
    whole = "".join(tokens)
    if _OLD.fullmatch(whole):
        return Passphrase("-".join(whole[start : start + 5] for start in range(0, 25, 5)))
    readings = [(language, [_meant(token, language) for token in tokens]) for language in LANGUAGES]
    for language, meant in readings:
        known = [word for word in meant if word]
        if len(known) == len(tokens) == COUNT + 1 and checksum(known[:COUNT], language) == known[COUNT]:
            return Passphrase("-".join(known))
    best = max((meant for _, meant in readings), key=lambda meant: sum(map(bool, meant)))
    if len(tokens) < COUNT // 2 or sum(map(bool, best)) * 2 <= len(tokens):
        return Passphrase(typed.strip())
    raise _fault(best)


def spelled(passphrase: Passphrase, language: str) -> tuple[str, ...]:
    """For reading aloud: each word with the spelling of the four letters that matter, `apfel (Aachen Potsdam …)`."""
    names = {name[0].lower(): name for name in SPELLED[language if language in SPELLED else "en"].split()}
    return tuple(
        f"{word} ({' '.join(names.get(sign, sign) for sign in word[:_BEGINNING])})"
        for word in passphrase.reveal().split("-")
    )


def _tokens(typed: str) -> list[str]:
    folded = unicodedata.normalize("NFC", typed[:_LONGEST]).lower().translate(_UMLAUTS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if unicodedata.category(sign) != "Mn")
    return [token for token in _SPLIT.split(plain) if token]


def _meant(token: str, language: str) -> str:
    """The word that begins with `token`, which has at least four letters; empty where there is none."""
    word = by_beginning(language).get(token[:_BEGINNING], "")
    return word if word.startswith(token) else ""


def _fault(meant: Sequence[str]) -> Mistyped:
    if "" in meant:
        place = meant.index("") + 1
        return Mistyped("unknown_word", f"word {place} is not one of ours; look at its spelling")
    if len(meant) != COUNT + 1:
        return Mistyped("word_count", f"the passphrase has {COUNT + 1} words, and these are {len(meant)}")
    return Mistyped("checksum", "the words do not belong together; one of them is another, or two are exchanged")
