"""What stands around a person's name and is none: academic degrees, forms of address, professions, generations.

Titles of nobility are not here: since 1919 they are part of the surname (Art. 109(3) of the Weimar constitution, which
Art. 123(1) GG keeps as ordinary law).
"""

from __future__ import annotations

import re

from cases.folding import fold

ALWAYS = frozenset(
    [
        *("herr", "herrn", "frau", "fraeulein", "mr", "mrs", "ms", "mx", "miss", "sir", "madame", "monsieur", "mme"),
        *("dr", "dres", "prof", "professor", "professorin", "doktor", "dipl", "ing", "med", "magister", "mag", "bacc"),
        *("rechtsanwalt", "rechtsanwaeltin", "steuerberater", "steuerberaterin", "priv", "doz", "privatdozent"),
        *("msc", "bsc", "mba", "llm", "phd", "hc"),
    ]
)
# Only with a dot, or in small letters behind a title: `Phil` and `Ma` are names, and `c.` may be an initial.
_DOTTED = frozenset(
    [
        *("rer", "nat", "phil", "jur", "iur", "oec", "pol", "habil", "theol", "univ", "dent", "vet", "agr", "techn"),
        *(
            "mult",
            "lic",
            "cand",
            "stud",
            "soz",
            "publ",
            "paed",
            "hr",
            "fr",
            "sc",
            "hum",
            "biol",
            "math",
            "psych",
            "rev",
        ),
    ]
)
_SUBJECTS = (
    r"ing|kfm|kffr|kff|psych|biol|chem|phys|math|inf|inform|p[aä]d|soz|oec|jur|betriebsw|betriebswirt(?:in)?|geol|geogr|"
    r"met|wirtsch|volksw|vw|bw|hdl|des|theol|met|journ|bibl|forstw|agr"
)
_PHRASES = re.compile(
    rf"""
    \bh\.\s?c\.(?:\s?mult\.)? | \be\.\s?h\. | \bh\.?c\b\.?
    | \bdipl\.?-\s?\w+\.?(?:-\w+\.?)* | \bdipl\.?\s(?:{_SUBJECTS})\b\.?
    | (?<![\w.])[mb]\.\s?(?:sc|eng|ed|mus|phil)\b\.? | (?<=[\w,]\s)[mb]\.[ab]\.(?:a\.)?
    | \bph\.?\s?d\b\.? | \bll\.\s?[mb]\b\.? | \((?:fh|th|tu|ba|univ|uni)\.?\) | \b(?:mag|dr)\.\s?(?:a|in)\b\.?
    """,
    re.I | re.X,
)
_AT_THE_END = re.compile(r"(?<=\w),?\s+(?:MA|BA|MD|DI|CPA|StB|RA|WP)\s*$")
_GENERATIONS = {
    **dict.fromkeys(("jun", "jr", "junior", "d. j", "der juengere"), "jun"),
    **dict.fromkeys(("sen", "sr", "senior", "d. ae", "der aeltere"), "sen"),
    **dict.fromkeys(("ii", "2nd"), "ii"),
    **dict.fromkeys(("iii", "3rd"), "iii"),
    **dict.fromkeys(("iv", "4th"), "iv"),
}
_GENERATION = re.compile(
    r"(?P<comma>,\s*)?(?<!\w)(?P<said>jun|jr|junior|sen|sr|senior|d\.\s?ä|d\.\s?j|der\s+ältere|der\s+jüngere|iii?|iv|2nd|3rd|4th)"
    r"(?P<dot>\.?)\s*(?=$|,)",
    re.I,
)


def without_titles(text: str) -> str:
    """A name without the titles in it; the letters of everything else as they are written."""
    bare = _AT_THE_END.sub("", _PHRASES.sub(" ", text))
    kept: list[str] = []
    behind_title = False
    for word in bare.split():
        behind_title = _is_title(word, behind_title)
        if not behind_title:
            kept.append(word)
        elif word.endswith(","):
            kept.append(",")
    return " ".join(kept)


def cut_generation(text: str) -> tuple[str, str]:
    """A name without what tells father from son, and that: `jun`, `sen`, `ii`, `iii`, `iv` or nothing.

    Without a dot or a comma it needs two words before it: `Amartya Sen` is no elder, and `Karl V` none at all.
    """
    for found in _GENERATION.finditer(text):
        said, before = found["said"], text[: found.start()].split()
        clear = bool(found["dot"] or found["comma"] or len(before) > 1 or not said.isalpha())
        roman = said[0] in "iI" and not said.isupper()
        if before and clear and not roman:
            return text[: found.start()] + text[found.end() :], _GENERATIONS[_plain(said)]
    return text, ""


def _plain(said: str) -> str:
    return re.sub(r"\.\s?", ". ", re.sub(r"\s+", " ", fold(said)))


def _is_title(word: str, behind_title: bool) -> bool:
    parts = re.findall(r"[^\W\d_]+", fold(word))
    if not parts or any(part not in ALWAYS and part not in _DOTTED for part in parts):
        return False
    return parts[0] in ALWAYS or "." in word or (behind_title and word.islower())
