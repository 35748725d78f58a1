"""An identity document that somebody sent unasked. Nobody may keep it (section 20(2) PAuswG, EDPB 01/2022 par. 79), so
it is recognised, conservatively: what is wiped for one must be one."""

from __future__ import annotations

import re

MOST_READ = 20_000  # signs of a document's text that are looked at
SHORT = 2_000  # signs of a page that is no letter

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
_NAMED = re.compile(
    r"(?<![a-zäöüß])(?:personalausweis|perso|ausweis|reisepass|pass|f(?:ü|ue)hrerschein|aufenthaltstitel|passport|"
    r"id|identity|driving|drivers?)(?:[ _-]?(?:card|licen[cs]e|kopie|copy|scan|foto|photo|bild|vorne|hinten|vorder\w*|"
    r"r(?:ü|ue)ck\w*|front|back|seite|\d{1,3}))*(?![a-zäöüß])",
    re.I,
)
_SURE = re.compile(r"personalausweis|\bperso\b|ausweis|reisepass|passport|schein|card|licen[cs]e|titel", re.I)


def is_id_document(name: str, media_type: str, text: str) -> bool:
    """Whether an attachment is an identity document: by the lines for machines, by what is printed on one, or, where no
    text tells otherwise, by a file's name that says so. `text` is empty where none could be read."""
    if has_machine_lines(text) or _looks_printed(text):
        return True
    picture = media_type.startswith("image/") or media_type == "application/pdf"
    return picture and len(text.strip()) <= SHORT and _is_named(name)


def has_machine_lines(text: str) -> bool:
    """Whether a text has the lines of a card or passport that machines read: `IDD<<…`, `P<D<<…`."""
    packed = "\n".join(re.sub(r"[^\S\n]+", "", line).replace("«", "<<") for line in text[:MOST_READ].splitlines())
    packed = packed.upper()
    return "<<" in packed and (_PASSPORT.search(packed) is not None or _CARD.search(packed) is not None)


def _looks_printed(text: str) -> bool:
    if len(text) > SHORT or not _TITLES.search(text):
        return False
    return sum(label.search(text) is not None for label in _LABELLED) >= _ENOUGH


def _is_named(name: str) -> bool:
    stem = name.rpartition(".")[0] or name
    return any(_SURE.search(found[0]) for found in _NAMED.finditer(stem))
