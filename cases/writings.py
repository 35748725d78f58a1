"""How one word, number or address may stand in a text: its spellings, and the encodings of each.

Everything here is in lower case where it is ASCII; letters beyond ASCII are given in both cases.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from html.entities import codepoint2name
from itertools import product
from math import prod

from cases.folding import fold

_MOST_ODD = 3  # letters beyond ASCII in one spelling: all their combinations are looked for
_WINDOW = 6  # letters looked for of a word in another script
_TELLING = 4  # letters of a part that is looked for instead of a word with several umlauts
_TRANSLITERATED = re.compile(r"ae|oe|ue|ss")
_UMLAUT_OF = {"ae": "ä", "oe": "ö", "ue": "ü", "ss": "ß"}
_BASE_OF = str.maketrans({"ß": "s", "ø": "o", "å": "a", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"})
_UNIT = re.compile(r"ae|oe|ue|ss|.", re.S)
_MOST_WAYS = 12  # of one word, letter by letter
_PLAIN_RUN = re.compile(r"[a-z0-9]+", re.ASCII)


def word_spellings(word: str) -> tuple[str, ...]:
    """The ways of writing one word of a name: with umlauts and accents, transliterated both ways, by base letters,
    composed and decomposed; each letter in its own way, since ß becomes `SS` where Ö stays (`RÖSSLER`, `Rössler`)."""
    written, plain = unicodedata.normalize("NFC", word).lower(), fold(word)
    umlauted = _TRANSLITERATED.sub(lambda found: _UMLAUT_OF[found[0]], plain)
    spelled = dict.fromkeys((plain, _base(written), written, umlauted, *_letter_by_letter(written)))
    odd = [text for text in spelled if not text.isascii()]
    ascii_only = [text for text in spelled if text and text.isascii()]
    return tuple(dict.fromkeys((*ascii_only, *(text for one in odd for text in either_case(_window(one))))))


def _letter_by_letter(written: str) -> Iterator[str]:
    """Every letter in each of its ways; in a word of too many combinations all umlauts alike, and every ß alike."""
    units = [_ways(unit) for unit in _UNIT.findall(written)]
    if prod(map(len, units)) <= _MOST_WAYS:
        yield from ("".join(chosen) for chosen in product(*units))
        return
    for umlaut, sharp in product(range(3), range(2)):
        yield "".join(unit[min(sharp if "ß" in unit else umlaut, len(unit) - 1)] for unit in units)


def _ways(unit: str) -> tuple[str, ...]:
    """As it should be written, transliterated, and by its base letter."""
    if unit in _UMLAUT_OF:
        return _UMLAUT_OF[unit], unit
    if unit == "ß" or unit.isascii():
        return tuple(dict.fromkeys((unit, fold(unit))))
    return tuple(dict.fromkeys((unit, fold(unit), _base(unit))))


def either_case(text: str) -> Iterator[str]:
    """A text with its letters beyond ASCII in either case, composed and decomposed; of many such letters all small, all
    capitals, and the first one a capital."""
    text = lower_ascii(unicodedata.normalize("NFC", text))
    if text.isascii():
        yield text
        return
    for composed in _cased(text):
        yield composed
        if (decomposed := lower_ascii(unicodedata.normalize("NFD", composed))) != composed:
            yield decomposed


@lru_cache(1024)
def forms(spelling: str) -> tuple[str, ...]:
    """A spelling as it is, and then in every encoding in which a text may hold it."""
    encoded = [_each(spelling, encode) for encode in _ENCODINGS] if any(map(_special, spelling)) else []
    return tuple(dict.fromkeys((spelling, *encoded, *_misread(spelling), *hidden(spelling))))


def in_url(spelling: str) -> tuple[str, ...]:
    """A spelling as it is, and with the `@` or `+` of an address as a URL has it."""
    return tuple(
        dict.fromkeys((spelling, spelling.replace("@", "%40"), spelling.replace("@", "%40").replace("+", "%2b")))
    )


def hidden(text: str) -> tuple[str, ...]:
    """An e-mail address with every character as an entity, as web pages hide it from harvesters."""
    if "@" not in text or not text.isascii():
        return ()
    return ("".join(f"&#{ord(char)};" for char in text), "".join(f"&#x{ord(char):x};" for char in text))


def common_part(spellings: tuple[str, ...]) -> str:
    """The longest run of ASCII letters and digits that every spelling has; no encoding of a text changes it."""
    runs = {run for one in spellings for run in _PLAIN_RUN.findall(one)}
    common = (run for run in runs if all(run in other for other in spellings))
    return max(common, key=lambda run: (len(run), run), default="")


def lower_ascii(text: str) -> str:
    """ASCII letters in lower case, all others as they are: what looking for bytes without case can compare."""
    return text.lower() if text.isascii() else "".join(char.lower() if char.isascii() else char for char in text)


def _base(word: str) -> str:
    """Letters without their marks: `muller` for Müller, as systems write that know no umlauts."""
    bare = unicodedata.normalize("NFD", word.translate(_BASE_OF))
    return "".join(char for char in bare if not unicodedata.combining(char))


def _odd(text: str) -> int:
    return sum(not char.isascii() for char in text)


def _window(word: str) -> str:
    """A part of the word with few letters beyond ASCII, so that every combination of their cases can be looked for."""
    odd = _odd(word)
    if odd <= 1:
        return word
    if odd * 2 > len(word):
        return word if odd <= _MOST_ODD else word[:_WINDOW]
    places = range(len(word) + 1)
    parts = [word[start:end] for start in places for end in places[start + 1 :]]
    longest = (max((part for part in parts if _odd(part) <= most), key=len) for most in range(1, _MOST_ODD + 1))
    return next((part for part in longest if len(part) >= _TELLING), word[:_WINDOW])


def _cased(text: str) -> Iterator[str]:
    if _odd(text) > _MOST_ODD:
        yield from dict.fromkeys(
            (text.lower(), lower_ascii(text.upper()), lower_ascii(text[:1].upper() + text[1:].lower()))
        )
        return
    choices = [(char,) if char.isascii() else tuple(dict.fromkeys((char.lower(), _upper(char)))) for char in text]
    yield from ("".join(chosen) for chosen in product(*choices))


def _upper(char: str) -> str:
    raised = "ẞ" if char == "ß" else char.upper()
    return raised if len(raised) == 1 else char


def _each(text: str, encode: Callable[[str], str]) -> str:
    return lower_ascii("".join(encode(char) if _special(char) else char for char in text))


def _special(char: str) -> bool:
    return char in "@+" or not char.isascii()


def _named(char: str) -> str:
    name = {"@": "commat", "+": "plus"}.get(char) or codepoint2name.get(ord(char))
    return f"&{name};" if name else char


def _percent(encoding: str) -> Callable[[str], str]:
    return lambda char: "".join(f"%{byte:02x}" for byte in char.encode(encoding, "ignore")) or char


def _quoted(encoding: str) -> Callable[[str], str]:
    def encode(char: str) -> str:
        return char if char.isascii() else "".join(f"={byte:02x}" for byte in char.encode(encoding, "ignore")) or char

    return encode


_ENCODINGS: tuple[Callable[[str], str], ...] = (
    lambda char: "%40" if char == "@" else char,
    _named,
    lambda char: f"&#{ord(char)};",
    lambda char: f"&#x{ord(char):x};",
    lambda char: f"\\u{ord(char):04x}",  # JSON within a text, and within that
    lambda char: f"\\\\u{ord(char):04x}",
    _percent("utf-8"),
    _percent("cp1252"),
    _quoted("utf-8"),
    _quoted("cp1252"),
)


def _misread(text: str) -> tuple[str, ...]:
    """UTF-8 that a system took for Latin-1 or Windows-1252: `GrÃ¼Ã\\x9fe`."""
    if text.isascii():
        return ()
    data = text.encode("utf-8", "surrogatepass")
    return tuple(lower_ascii(data.decode(encoding, "replace")) for encoding in ("latin-1", "cp1252"))
