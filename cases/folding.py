"""Letters as they are compared: without case, umlauts and accents."""

from __future__ import annotations

import re
import unicodedata

from cases.readable import plain

# Letters that Unicode does not decompose. German transliteration (DIN 5007-2: ä = ae), the Scandinavian letters after
# their own (å = aa, ø = oe), the others by their base letter as passports write them (ICAO Doc 9303 part 3).
_LETTERS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "å": "aa",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ĸ": "k",
    }
)
_GERMAN = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"))
_TRANSLITERATED = re.compile(r"(?<![aeiouq])([aou])e|aa")


def fold(text: str) -> str:
    """Letters without case, umlauts or accents: `Müller`, `MUELLER` and `mueller` are one, `Muller` another.

    German transliteration first, then every other diacritic is dropped, and what is not seen.
    """
    if text.isascii():
        return text.lower()
    lowered = text.casefold()
    for umlaut, letters in _GERMAN:  # in most texts no others: this is far faster than translating every letter
        lowered = lowered.replace(umlaut, letters)
    if lowered.isascii():
        return lowered
    lowered = plain(text).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def weak_fold(text: str) -> str:
    """As `fold`, and `Muller` is `Müller` too: what is left where a system drops the dots of an umlaut.

    Weaker: `Israel` and `Isral` become one, and no language says which of the two was meant.
    """
    return _TRANSLITERATED.sub(lambda found: found[1] or "a", fold(text))
