# ruff: noqa: E501 - one form of words per line is easier to check than a broken pattern
"""What a request wants beyond the default answer: a period, certain systems, a form, certain points of Art. 15(1).

A wish adds, it never narrows: an answer always says everything of Art. 15(1) and (3). A person reads the wish beside
the draft. Patterns are matched against folded text (`cases.wording.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cases.request import Wishes
from cases.wording import any_of, fold, pattern, sentences

_ABOUT_DATA = (
    r"\bdaten\b|\bauskunft|\binformation|\bgespeichert|\bkopie|\bnachricht|\bchat|\bmails?\b|\baufzeichnung|\bunterlagen|\bverlauf|"
    r"\bdata\b|\bcopy\b|\bcopies\b|\brecord|\bmessages?\b|\blogs?\b|\bfootage\b|\bemails?\b|\bcorrespond|\bhold\b|\bholding\b|\bheld\b|\bstored?\b",
)
_MONTH = (
    r"(?:januar|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    r"january|february|march|may|june|july|october|december)"
)
_DAY = (
    rf"(?:(?:anfang|mitte|ende|early|late) )?(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:\d{{4}}|\d{{2}})|(?:\d{{1,2}}\.? )?{_MONTH} \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|"
    r"\d{1,2}/\d{1,2}/\d{4}|(?:19|20)\d{2})"
)
_NUMBER = r"(?:\d{1,2}|zwei|drei|vier|fuenf|sechs|zehn|zwoelf|two|three|four|five|six|ten|twelve)"
_PERIODS = (
    rf"\b(?:im |in dem |fuer den )?zeitraum (?:von |vom |zwischen )?(?:dem )?{_DAY}(?: (?:bis|und|-) (?:zum )?(?:dem )?(?:{_DAY}|heute))?",
    rf"\b(?:zwischen|between|von|vom|from) (?:dem |the )?{_DAY} (?:und|and|bis|to|until|till|-) (?:zum |dem |the )?(?:{_DAY}|heute|today|now)",
    rf"\b(?:seit|ab|since) (?:dem |the )?{_DAY}",
    rf"\b(?:der|den|in den|over the|in the|for the|from the) (?:letzten|vergangenen|last|past) {_NUMBER} (?:jahre?n?|monate?n?|wochen|years|months|weeks)",
    r"\b(?:aus |fuer |in )(?:dem |das )?jahr(?:e)? (?:19|20)\d{2}",
)
_DEADLINE = (r"\bfrist\b|\binnerhalb\b|\bwithin\b|\bspaetestens\b|\bbis zum\b|\bdeadline\b|\bgeboren\b|\bborn\b",)
_RESTRICTS = (
    r"\bnur\b|\bausschliesslich\b|\blediglich\b|\binsbesondere\b|\bspeziell\b|\bvor allem\b|\bkonkret\b|\bmir geht es um\b|\bgeht es mir um\b|"
    r"\bonly\b|\bjust\b|\bsolely\b|\bin particular\b|\bspecifically\b|\bespecially\b|\bparticularly\b|\bincluding\b|\beinschliesslich\b|\binklusive\b|\bauch\b|\balso\b",
)
_SYSTEMS = (
    r"\bnewsletter\w*|\bcrm\b|\bbewerb\w*(?:akte|unterlagen|portal)\b|\b(?:video)?(?:ueberwachung|aufnahmen|kamera)\w*|\bcctv\b|\bfootage\b|\bpersonalakte\b|\bpersonnel file\b|"
    r"\b(?:kunden|nutzer|benutzer)konto\b|\bcustomer account\b|\bonline-?shop\b|\bweb-?shop\b|\bapp\b|\bwhatsapp\w*|\binstagram\w*|\bfacebook\w*|\blinkedin\w*|\bchat\w*|"
    r"\b(?:telefon|anruf|gespraechs)(?:aufzeichnung|notiz|protokoll|mitschnitt)\w*|\bcall recordings?\b|\bcall logs?\b|\bphone calls?\b|\be-?mail-?(?:verkehr|korrespondenz)\b|"
    r"\bemail correspondence\b|\bemails?\b(?= (?:about|mentioning|between))|\blog-?(?:daten|files?|dateien)\b|\baccess logs?\b|\bcookies?\b|\btracking\w*|\bticket\w*|\bsupport\b|\bkundenkarte\b|\bloyalty card\b|\bkundenclub\b",
)
_PAPER = (
    r"\b(?:per|mit der|auf dem) (?:brief)?post(?:weg)?\b|\bpostalisch\b|\bper brief\b|\b(?:auf|in) papier(?:form)?\b|\bausgedruckt\b|\bpapierform\b|"
    r"\bby (?:post|letter|royal mail)\b|\bon paper\b|\b(?:hard|paper|printed) cop(?:y|ies)\b|\bin the post\b|\bprinted out\b|\bpar courrier\b|\bper posta\b|\bpor correo postal\b",
)
_NO_PAPER = (r"\b(?:nicht|kein\w*|not?|never) (?:\w+ ){0,2}(?:per post|papier|by post|on paper|hard cop)",)
_PDF = (r"\b(?:als|im|in|as|per) (?:\w+ )?pdf\b|\bpdf-?(?:datei|format|file)\b",)
_ELECTRONIC = (
    r"\belektronisch\w*|\belectronic\w*|\bper e-?mail\b|\bby e-?mail\b|\bvia e-?mail\b|\bdigital\w*|\bmaschinenlesbar\w*|\bmachine[- ]readable\b|\bcsv\b|\bjson\b|\bexcel\b",
)
_POINTS = (
    ("a", r"\bzwecke?n?\b|\bwozu\b|\bwofuer\b|\bpurposes?\b|\bwhat (?:do )?you use\b|\bwarum (?:sie|ihr)\b"),
    (
        "b",
        r"\b(?:daten)?kategorien (?:von |der )?(?:daten|personenbezogen)|\bdatenkategorien\b|\bcategories of (?:personal )?data\b",
    ),
    (
        "c",
        r"\bempfaenger\w*|\b(?:weiter|heraus)(?:ge)?geb\w*|\bweitergereicht\b|\bweitergeleitet\b|\bverkauft\b|\ban wen\b|\brecipients?\b|\bwho (?:else )?(?:has|have|got|received|did you)\b|"
        r"\bshared? (?:it |them |my \w+ )?with\b|\bpassed (?:it |them |my \w+ )?on\b|\bthird part(?:y|ies)\b|\bdritte\w*\b",
    ),
    ("d", r"\bspeicherdauer\b|\bwie lange\b|\baufbewahr\w*|\bhow long\b|\bretention\b|\bretain\w*"),
    ("e", r"\bbestehen\w* eines rechts auf\b|\bexistence of (?:the|a) right\b"),
    ("f", r"\bbeschwerderecht\w*|\bright to (?:lodge|complain)\b"),
    (
        "g",
        r"\bherkunft\b|\bwoher\b|\baus welcher quelle\b|\bquellen? (?:der|meiner|dieser) (?:\w+ )?daten|\bwhere (?:did )?(?:you|it|they) (?:\w+ )?(?:got|get|obtain\w*|from|came)\b|\bsources? of (?:my|the|this)\b|\borigin of\b|\bhow did you (?:get|obtain)\b",
    ),
    (
        "h",
        r"\bprofiling\b|\bautomatisiert\w* entscheidung|\bscoring\b|\bscore-?wert\w*|\bautomated (?:decision|individual)\w*|\balgorithm\w*",
    ),
)
_MOST_SYSTEMS = 6


def read_wishes(text: str) -> Wishes:
    """The wishes in what a person wrote; `text` is theirs alone (no quotation, no footer)."""
    folded = " ".join(fold(text).split())
    pairs = [(part, fold(part)) for part in sentences(text)[:200]]
    return Wishes(
        period=next(_periods(pairs), ""),
        systems=tuple(dict.fromkeys(_systems(pairs)))[:_MOST_SYSTEMS],
        form=_form(folded),
        points=tuple(letter for letter, expression in _POINTS if any_of(folded, (expression,))),
    )


def _periods(pairs: list[tuple[str, str]]) -> Iterator[str]:
    """Stretches of time, as the sentence about the data states them; a deadline set to us is none."""
    for written, folded in pairs:
        if not any_of(folded, _ABOUT_DATA) or any_of(folded, _DEADLINE):
            continue
        for expression in _PERIODS:
            if found := pattern(expression).search(folded):
                yield _as_written(written, folded, found)


def _systems(pairs: list[tuple[str, str]]) -> Iterator[str]:
    for written, folded in pairs:
        if any_of(folded, _RESTRICTS) and any_of(folded, _ABOUT_DATA):
            for expression in _SYSTEMS:
                yield from (_as_written(written, folded, found) for found in pattern(expression).finditer(folded))


def _as_written(written: str, folded: str, found: re.Match[str]) -> str:
    """The words of `written` that were found in its folded form, where folding moved nothing; else the folded words."""
    return written[found.start() : found.end()] if len(written) == len(folded) else found.group()


def _form(folded: str) -> str:
    if any_of(folded, _PAPER) and not any_of(folded, _NO_PAPER):
        return "paper"
    if any_of(folded, _PDF):
        return "pdf"
    return "electronic" if any_of(folded, _ELECTRONIC) else ""
