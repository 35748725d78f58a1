"""Postal addresses taken apart, so that two ways of writing one can be compared. German first, others reasonably."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from cases.folding import fold

_LONGEST = 400  # characters
_COUNTRIES = {
    **dict.fromkeys(("deutschland", "germany", "de", "d", "brd"), "DE"),
    **dict.fromkeys(("oesterreich", "austria", "at", "a"), "AT"),
    **dict.fromkeys(("schweiz", "switzerland", "suisse", "svizzera", "ch"), "CH"),
    **dict.fromkeys(("frankreich", "france", "fr", "f"), "FR"),
    **dict.fromkeys(("niederlande", "netherlands", "nederland", "nl"), "NL"),
    **dict.fromkeys(("belgien", "belgium", "belgique", "be", "b"), "BE"),
    **dict.fromkeys(("luxemburg", "luxembourg", "lu", "l"), "LU"),
    **dict.fromkeys(("polen", "poland", "polska", "pl"), "PL"),
    **dict.fromkeys(("tschechien", "czechia", "czech republic", "cz"), "CZ"),
    **dict.fromkeys(("daenemark", "denmark", "danmark", "dk"), "DK"),
    **dict.fromkeys(("italien", "italy", "italia", "it", "i"), "IT"),
    **dict.fromkeys(("spanien", "spain", "espana", "es", "e"), "ES"),
    **dict.fromkeys(("vereinigtes koenigreich", "united kingdom", "grossbritannien", "england", "uk", "gb"), "GB"),
    **dict.fromkeys(("liechtenstein", "li", "fl"), "LI"),
}
_LABEL = re.compile(
    r"^\s*(?P<old>(?:alte?|frühere?|ehemalige?|bisherige?|old|former|previous)\s+)?"
    r"(?:(?:post|wohn|liefer|rechnungs|melde)?(?:adresse|anschrift)|(?:postal |home |billing |shipping )?address)\s*"
    r"(?P<late>\(?(?:alt|bis|old)\b[^:]{0,20})?:\s*",
    re.I,
)
_CARE_OF = re.compile(r"^(?:c/o|℅|p\. ?a\.|z\. ?hd\.|per adresse|bei|care of)\s+(?P<who>.+)$", re.I)
_PO_BOX = re.compile(
    r"^(?:postfach|postf\.|pf\.?|p\.? ?o\.? ?box|case postale|postbus)\s*(?P<number>\d[\d ]{0,11})$", re.I
)
_TOWN = re.compile(
    r"^(?:(?P<country>[A-Z]{1,3})\s?-\s?)?(?P<code>\d{4,5}|\d{3}\s\d{2}|\d{2}-\d{3})\s+(?P<town>[^\W\d_].{0,60})$"
)
_TOWN_NL = re.compile(r"^(?P<code>\d{4}\s?[A-Z]{2})\s+(?P<town>[^\W\d_].{0,60})$")
_TOWN_FIRST = re.compile(r"^(?P<town>[^\W\d_][^\d]{0,60}?)[\s,]+(?P<code>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|\d{4,5})$")
_CODE = re.compile(r"^(?:(?P<country>[A-Z]{1,3})\s?-\s?)?(?P<code>\d{4,5}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})$")
_EXTRA = (
    r"(?P<letter>[a-z](?![a-z]))?"
    r"(?:\s*(?:[/+]|-|\u2013|bis)\s*(?P<extra>\d{1,4}(?:\s*[/-]\s*\d{1,4})*[a-z]?|[a-z](?![a-z])))?"
)
_STREET = re.compile(rf"^(?P<street>[^\W_].{{1,60}}?)[\s,.]*?(?:nr\.?\s*)?(?P<number>\d{{1,5}})\s?{_EXTRA}\.?$", re.I)
_NUMBER_FIRST = re.compile(rf"^(?P<number>\d{{1,5}})\s?{_EXTRA},?\s+(?P<street>[^\W\d_].{{2,60}})$", re.I)
_ALONE = re.compile(rf"^(?:nr\.?\s*)?(?P<number>\d{{1,5}})\s?{_EXTRA}$", re.I)
_CUT_BEFORE_CODE = re.compile(r"(?<=[\da-z.])\s+(?=(?:[A-Z]{1,2}\s?-\s?)?\d{5}\s+[^\W\d_])")
_UNIT = re.compile(
    r"^(?:whg|wohnung|app|apartment|apt|flat|unit|zimmer|zi|top|etage|stock|og|eg|hinterhaus|hh|vorderhaus|vh|stiege|haus|"
    r"\d\.?\s?(?:og|stock|etage))\b\.?.{0,20}$",
    re.I,
)
_WORDS = (
    (re.compile(r"(?:strasse|str\.?)(?![a-z])"), "str"),
    (re.compile(r"(?:\bplatz|platz|\bpl\.)(?![a-z])"), "platz"),
    (re.compile(r"\bst\.\s*(?=[a-z])"), "sankt "),
    (re.compile(r"\ba\. ?d\. ?|\ban d\. "), "an der "),
    (re.compile(r"\bprof\.? |\bdr\.? "), ""),
)
_ENGLISH = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "lane": "ln",
    "drive": "dr",
    "place": "pl",
    "court": "ct",
    "crescent": "cres",
    "square": "sq",
    "terrace": "tce",
    "boulevard": "blvd",
    "circuit": "cct",
}


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The folded parts of an address; empty where it does not state one.

    `street` is without spaces, hyphens and abbreviations (`langestr`); `number` is the house's digits, `letter` that
    of `5a`, `extra` what follows (`7` of `5-7` and `5/7`); `unit` names the flat; `po_box` holds digits; `country` is
    ISO 3166 alpha-2 where it is told. `old`: the field says that it is a former one.
    """

    street: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    letter: str = field(default="", repr=False)
    extra: str = field(default="", repr=False)
    unit: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    town: str = field(default="", repr=False)
    po_box: str = field(default="", repr=False)
    country: str = ""
    care_of: str = field(default="", repr=False)
    old: bool = False

    def __bool__(self) -> bool:
        return bool(self.street or self.po_box or self.postcode or self.town)


def parse_address(value: str) -> PostalAddress:
    """`value` taken apart: lines, or one line with commas, or without (`Lange Str. 5 10115 Berlin`)."""
    text = value[:_LONGEST].strip()
    address = PostalAddress()
    if found := _LABEL.match(text):
        address = PostalAddress(old=bool(found["old"] or found["late"]))
        text = text[found.end() :]
    lines = [_CUT_BEFORE_CODE.sub("\n", line) for line in re.split(r"[\n,;|]+", text)]
    parts = [" ".join(part.split()) for line in lines for part in line.split("\n")]
    for part in parts:
        address = _with(address, part.strip(" .")) if part.strip(" .") else address
    return address


def _with(address: PostalAddress, part: str) -> PostalAddress:
    """`address` and what one line or one part between commas adds to it."""
    if found := _CARE_OF.match(part):
        return replace(address, care_of=fold(found["who"]))
    if found := _PO_BOX.match(part):
        return replace(address, po_box=re.sub(r"\D", "", found["number"]))
    if country := _COUNTRIES.get(fold(part).strip("()")):
        return replace(address, country=address.country or country)
    if _UNIT.match(part):
        return replace(address, unit=_squeezed(part))
    for reading in (_with_town, _with_street):
        if (read := reading(address, part)) is not None:
            return read
    return _with_name(address, part)


def _with_town(address: PostalAddress, part: str) -> PostalAddress | None:
    found = _TOWN_NL.match(part) or _TOWN.match(part)
    if found is None and (address.street or address.po_box):
        found = _CODE.match(part) or _TOWN_FIRST.match(part)
    if found is None or (address.postcode and address.town):
        return None
    parts = found.groupdict()
    country = _COUNTRIES.get((parts.get("country") or "").lower(), "")
    code = re.sub(r"[\s-]", "", found["code"]).lower()
    return replace(
        address, postcode=code, town=_town(parts.get("town") or "") or address.town, country=country or address.country
    )


def _with_street(address: PostalAddress, part: str) -> PostalAddress | None:
    if address.street and not address.number and (found := _ALONE.match(part)):
        return _housed(address, found)
    if address.number and address.street:
        return None
    if found := _ALONE.match(part):  # `12, rue de la Paix`
        return _housed(address, found)
    found = _NUMBER_FIRST.match(part) or _STREET.match(part)
    return _housed(replace(address, street=_street(found["street"])), found) if found else None


def _with_name(address: PostalAddress, part: str) -> PostalAddress:
    """A part without digits: a street whose number stands elsewhere, else the town."""
    if not any(char.isalpha() for char in part) or any(char.isdigit() for char in part):
        return address
    if not address.street and not address.po_box and (address.number or _looks_like_a_street(part)):
        return replace(address, street=_street(part))
    return replace(address, town=_town(part)) if not address.town else address


def _looks_like_a_street(part: str) -> bool:
    return bool(
        re.search(r"(?:str|strasse|weg|allee|platz|gasse|ring|damm|ufer|chaussee|street|road|lane)\.?$", fold(part))
    )


def _housed(address: PostalAddress, found: re.Match[str]) -> PostalAddress:
    extra = re.sub(r"\s", "", found["extra"] or "").lower()
    letter = (found["letter"] or "").lower()
    if extra.isalpha() and not letter:  # `5/a`, `5-a`
        letter, extra = extra, ""
    number = found["number"].lstrip("0") or "0"
    return replace(address, number=number, letter=letter, extra=extra.replace("-", "/"))


def _street(text: str) -> str:
    folded = fold(text).strip()
    for pattern, short in _WORDS:
        folded = pattern.sub(short, folded)
    words = re.findall(r"[^\W_]+", folded)
    if len(words) > 1:
        words[-1] = _ENGLISH.get(words[-1], words[-1])
    return "".join(words)


def _town(text: str) -> str:
    folded = re.sub(r"\ba\.\s?m\.|\(main\)|/main", "am main", fold(text))
    return " ".join(re.findall(r"[^\W_]+", folded))


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", fold(text)))
