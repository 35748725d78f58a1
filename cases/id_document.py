"""An identity document that somebody sent unasked. Nobody may keep it (section 20(2) PAuswG, EDPB 01/2022 par. 79), so
it is recognised, conservatively: what is wiped for one must be one, and a letter is none whatever it encloses."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

MOST_READ = 20_000  # signs of a document's text that are looked at
SHORT = 2_000  # signs of a page that is no letter
HARDLY_ANY = 400  # signs beside the lines for machines: what is printed on a card
MOST_OF_A_NAME = 120
SENTENCES = 4  # from so many a text is one that somebody wrote

# The machine-readable zone (ICAO Doc 9303): cards have three lines of 30 signs, passports two of 44; a scan loses some.
_CARD = re.compile(r"^[IAC][A-Z<](?:D<<|[A-Z]{3})[A-Z0-9]{5,9}[A-Z0-9<]{10,24}$", re.M)
_PASSPORT = re.compile(r"^P[A-Z<](?:D<<|[A-Z]{3})[A-Z]+<{1,2}[A-Z<]{15,41}$", re.M)
_TITLES = re.compile(
    r"\b(?:personalausweis|reisepass|fuehrerschein|führerschein|aufenthaltstitel|identity card|carte d'identit[eé]|"
    r"passport|driving licence|driver'?s licen[cs]e)\b",
    re.I,
)
_LABELS = (
    r"bundesrepublik deutschland|federal republic of germany",
    r"staatsangeh(?:ö|oe)rigkeit|nationality",
    r"g(?:ü|ue)ltig bis|date of expiry",
    r"geburtsort|place of birth",
    r"augenfarbe|colou?r of eyes",
    r"ausstellende beh(?:ö|oe)rde|date of issue|authority",
    r"zugangsnummer|card access number",
)
_LABELLED = tuple(re.compile(label, re.I) for label in _LABELS)
_ENOUGH = 3
_SAYS = r"(?:kopie|scan|foto|photo|bild|copy|mein|meine|my|of|vom|von|des)"
_NAMED = re.compile(
    rf"(?:{_SAYS}[ _-]{{1,3}})*(?:personalausweis|perso|ausweis|reisepass|pass|f(?:ü|ue)hrerschein|aufenthaltstitel|"
    r"passport|id|identity|driving|drivers?)(?:[ _-]{0,3}(?:card|licen[cs]e|kopie|copy|scan|foto|photo|bild|vorne|"
    r"hinten|vorder(?:seite)?|r(?:ü|ue)ck(?:seite)?|front|back|seite|\d{1,3}))*",
    re.I,
)
_SURE = re.compile(r"personalausweis|\bperso\b|ausweis|reisepass|passport|schein|card|licen[cs]e|titel", re.I)


# By which a text is one that somebody wrote to somebody; what is printed on a card is none of these.
_LETTER = re.compile(
    r"\bsehr geehrte|\bguten (?:tag|morgen|abend)\b|\bhallo\b|\bliebe[rs]?\b|\bgr(?:ü|ue)(?:ß|ss)en?\b|"
    r"\bhochachtungsvoll|\bdear\b|\bregards\b|\byours (?:sincerely|faithfully|truly)\b|"
    r"\bich (?:bitte|beantrage|fordere)\b|"
    r"\bauskunft\b|\bdsgvo\b|\bgdpr\b",
    re.I,
)
_SENTENCE = re.compile(r"[^\W\d_]{2,}[.!?](?=\s|$)")
# The second line of card and passport: birth and expiry, each with its check digit (Doc 9303 parts 3 to 5).
_DATES = re.compile(r"^(?:[A-Z0-9<]{9}\d[A-Z<]{3})?(\d{6})(\d)[MFX<](\d{6})(\d)", re.M)


class Likeness(StrEnum):
    """How sure it is that an attachment is an identity document, and so whose yes it needs before it is wiped."""

    NONE = ""
    SURE = "seen"  # nobody's: its lines for machines check, and there is hardly anything else
    LIKELY = "likely"  # that of whoever checked who asks
    UNSURE = "ask"  # that of a person who looked at this very file


def likeness(name: str, media_type: str, text: str) -> Likeness:
    """Whether an attachment is an identity document: by the lines for machines, by what is printed on one, or, where no
    text tells otherwise, by a file's name that says nothing else. `text` is empty where none could be read."""
    if has_machine_lines(text):
        return _by_machine_lines(text)
    if reads_like_a_letter(text):
        return Likeness.NONE
    if _looks_printed(text):
        return Likeness.LIKELY
    if len(text.strip()) > SHORT or not _is_named(name):
        return Likeness.NONE
    if media_type == "application/pdf":  # a scanned letter is one, too
        return Likeness.UNSURE
    return Likeness.LIKELY if media_type.startswith("image/") else Likeness.NONE


def reads_like_a_letter(text: str) -> bool:
    """Whether somebody wrote a text to somebody: it greets, asks, or has more than a few sentences."""
    start = text[:MOST_READ]
    return _LETTER.search(start) is not None or len(_SENTENCE.findall(start)) >= SENTENCES


def _by_machine_lines(text: str) -> Likeness:
    if len(text) > SHORT or reads_like_a_letter(text):
        return Likeness.UNSURE
    packed = _packed(text)
    checks = any(_digit(one[1]) == one[2] and _digit(one[3]) == one[4] for one in _DATES.finditer(packed))
    rest = sum(len(line) for line in packed.splitlines() if "<<" not in line)
    return Likeness.SURE if checks and rest <= HARDLY_ANY else Likeness.LIKELY


def _digit(signs: str) -> str:
    """The check digit of digits (Doc 9303 part 3, sec. 4.9)."""
    return str(sum(int(sign) * (7, 3, 1)[at % 3] for at, sign in enumerate(signs)) % 10)


def has_machine_lines(text: str) -> bool:
    """Whether a text has the lines of a card or passport that machines read: `IDD<<…`, `P<D<<…`."""
    packed = _packed(text)
    return "<<" in packed and (_PASSPORT.search(packed) is not None or _CARD.search(packed) is not None)


def _packed(text: str) -> str:
    """A text as machines read it: a scan puts blanks between the signs, and sees `<<` as one sign."""
    lines = text[:MOST_READ].splitlines()
    return "\n".join(re.sub(r"[^\S\n]+", "", line).replace("«", "<<") for line in lines).upper()


def _looks_printed(text: str) -> bool:
    if len(text) > SHORT or not _TITLES.search(text):
        return False
    return sum(label.search(text) is not None for label in _LABELLED) >= _ENOUGH


def _is_named(name: str) -> bool:
    """Whether a file's whole name says that it is one: `Antrag ohne Ausweis` does not."""
    stem = unicodedata.normalize("NFC", name.rpartition(".")[0] or name).strip()
    return len(stem) <= MOST_OF_A_NAME and _NAMED.fullmatch(stem) is not None and _SURE.search(stem) is not None
