# ruff: noqa: E501 - lists of words
"""Names at the end of a letter, and what may be a person's name at all."""

from __future__ import annotations

import re

from cases.wording import fold

_CLOSING = re.compile(
    r"^\W{0,3}(?:(?:mit )?(?:freundlich|best|herzlich|lieb|schoen|viel|hochachtungsvoll|beste)\w*\b.{0,20}gruess\w*|mfg|lg|vg|gruss|gruesse|hochachtungsvoll|"
    r"hoeflichst|(?:kind|best|warm|with kind|with best) ?(?:regards|wishes)?|regards|(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|yours|thanks|thank you|"
    r"many thanks|cheers|cordialement|bien cordialement|(?:sinceres |meilleures )?salutations|atentamente|(?:un )?(?:cordial )?saludo\w*|(?:cordiali|distinti) saluti|"
    r"met (?:vriendelijke|hoogachting|hartelijke) groet\w*|hoogachtend|z powazaniem|pozdrawiam|s pozdravem|com os melhores cumprimentos|atenciosamente|"
    r"με εκτιμηση|cu stima|s postovanjem|danke\w*|vielen dank|gruss aus .{0,20})\b[\s,.!;-]{0,5}(?P<rest>.{0,60})$"
)
_CLOSING_INSIDE = re.compile(
    r"(?:^|[\s.,!?;])(?:lg|vg|mfg|gruß|gruss|grüße|gruesse|grüsse|grüßle|gruezi|danke|thanks|thx|cheers|regards|best|yours|cordialement|merci|saluti|grazie|saludos|gracias|groet(?:en|jes)?|"
    r"pozdrawiam|pozdrav(?:em)?|dík[yů]?|děkuji|cumprimentos|obrigad[oa]|hvala|mulțumesc)[\s,.!-]{1,3}(?P<rest>[^\n]{3,60})$",
    re.I,
)
_PARTICLES = frozenset(
    {
        "von",
        "van",
        "de",
        "der",
        "den",
        "zu",
        "zum",
        "zur",
        "da",
        "di",
        "del",
        "della",
        "dos",
        "ten",
        "ter",
        "le",
        "la",
        "el",
        "al",
        "bin",
        "y",
        "und",
        "'t",
        "geb.",
        "geb",
        "af",
        "av",
        "ibn",
        "baron",
        "graf",
        "née",
    }
)
_NO_NAME = re.compile(
    r"\b(?:gmbh|ag|kg|e\.?k|ug|inc|ltd|llc|ohg|se|ev|e\.v|team|support|service|kundenservice|kundendienst|newsletter|info|kontakt|contact|"
    r"buchhaltung|redaktion|abteilung|department|sales|vertrieb|marketing|office|buero|noreply|no-reply|system|admin|administrator|security|portal|shop|"
    r"datenschutz\w*|privacy|sehr geehrte\w*|damen|herren|dear|sir|madam|hallo|hello|guten|gesendet|sent|von meinem|from my|iphone|android|outlook|"
    r"freundlich\w*|gruess\w*|gruss\w*|regards|dank|danke|thanks|bitte|kopie|anlage|anlagen|betreff|subject|germany|deutschland|auskunft|dsgvo|gdpr|"
    r"ja|nein|yes|no|daten|data|anfrage|request|name|adresse|address|kundennummer|solar|company|firma|mailer|daemon|delivery|postmaster)\b"
)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_])){0,30}\.?")


def is_name(text: str) -> bool:
    """True for two to six words that look like a person's name. One word alone is not enough to say so."""
    words = text.strip(" ,").split()
    if not 2 <= len(words) <= 6 or len(text) > 60:
        return False
    if _NO_NAME.search(fold(text)):
        return False
    capitals = sum(word[0].isupper() or word.lower() in _PARTICLES or word.startswith("'") for word in words)
    return capitals == len(words) and all(_WORD.fullmatch(word) or word.lower() in _PARTICLES for word in words)


def signature_names(text: str) -> list[str]:
    """Names after a closing formula ("Kind regards"), or alone in one of the last lines."""
    lines = [line.strip(" \t*_>-–—") for line in text.split("\n")]
    lines = [line for line in lines if line][-60:]
    found: list[str] = []
    for number, line in enumerate(lines):
        closing = _CLOSING.match(fold(line[:120]))
        if closing:
            tail = line[len(line) - len(closing["rest"]) :] if closing["rest"] else ""
            found += _first_name([tail, *lines[number + 1 : number + 4]])
    return found or _first_name(lines[::-1][:4]) or _at_the_end_of_a_line(lines[-6:])


def _at_the_end_of_a_line(lines: list[str]) -> list[str]:
    """ "... was da alles drinsteht? lg Mia Brandt": a closing formula and a name after other words."""
    for line in reversed(lines):
        for closing in reversed(list(_CLOSING_INSIDE.finditer(line[-160:]))):
            name = " ".join(_leading_capitals(closing["rest"].split()))
            if is_name(name):
                return [name]
    return []


def _leading_capitals(words: list[str]) -> list[str]:
    kept: list[str] = []
    for word in words[:6]:
        bare = word.strip(".,;:!()")
        if not bare or not (bare[0].isupper() or bare.lower() in _PARTICLES):
            break
        kept.append(bare)
        if word[-1] in ".;:!)":
            break
    return kept


def _first_name(candidates: list[str]) -> list[str]:
    for line in candidates:
        for text in (line, line.split(",")[0], " ".join(line.split()[:-1])):
            if is_name(text):
                return [text.strip(" ,")]
    return []
