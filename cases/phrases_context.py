# ruff: noqa: E501 - patterns and reasons
"""Words that weigh little by themselves: who speaks, what is only pointed at, business, doubt. Patterns on folded text."""

from __future__ import annotations

from cases.phrases_machine import REMINDER
from cases.wording import Cue

FIRST_PERSON = (
    r"\b(?:ich|mir|mich|meine?[rnms]?|i|my|me|je|mes|mon|mis|mi|miei|mio|ik|mijn|moje|moich|meus|moj\w*|mele)\b",
)
POINTS_BELOW = (
    r"\bsiehe unten\b|\bs\. ?u\.|\bunten(?:stehend\w*)?\b|\bmeine (?:\w+ )?anfrage\b|\bsee below\b|\bbelow\b|\bmy (?:\w+ )?request\b|\bnochmal\w*\b",
    *REMINDER,
)
THANKS = (r"\b(?:vielen dank|danke|besten dank|thank you|thanks|merci|grazie|gracias|bedankt)\b",)
ANEW = (r"\?|\b(?:neu\w*|erneut|stattdessen|sondern|aber|instead|again|anew|but|rather)\b",)  # takes back, and asks
BUSINESS = (
    r"\brechnung\w*|\binvoice\w*|\bbewerbung\w*|\blebenslauf|\bangebot\w*|\bbestell\w*|\bvertrag\w*|\border\b|\boffer\b|\bquote\b|\blieferschein\w*|"
    r"\bcontract\b|\bapplication\b|\bresume\b|\bcv\b|\bprotokoll\b|\bfotos?\b|\bphotos?\b|\bbilder\b|\bunterlagen\b|\bagenda\b|\beinwilligung\w*|\bunterschrieben\w*|\bformular\w*|\bpraesentation\b",
)
DOCUMENTS = (
    "application/pdf",
    "application/msword",
    "application/rtf",
    "text/rtf",
    "text/html",
    "image/",
    "application/vnd.",
    "application/octet-stream",
    "application/zip",
    "application/x-zip",
    "application/x-7z",
    "application/x-rar",
    "application/x-tar",
    "application/gzip",
    "application/x-gzip",
)
DOUBT = (
    Cue(
        "speaks of the writer's own data without a clear wish",
        (
            r"\bmein\w* (?:\w+ )?(?:persoenlichen |personenbezogenen )?daten\b|\bmy (?:personal |own )?(?:data|privacy)\b|\bpersonenbezogen\w* daten\b|\bmes donnees\b|"
            r"\bmijn gegevens\b|\bmis datos\b|\bmiei dati\b|\bgdpr\b|\bds-?gvo\b|\brgpd\b|\brodo\b",
            r"\b(?:bitte|moechte|frage|fordere|verlange|please|want|would like|question|request|demand|veuillez|souhaite|graag|quiero|vorrei|prosze)\b",
            r"\b(?:ich|mir|mich|mein\w*|i|my|me|je|mes|ik|mijn|mi|mis|miei|mnie|moje)\b",
        ),
        (
            r"\banbei\b|\bdatenschutzerklaerung\b|\bprivacy (?:policy|notice)\b|\bbank\w*|\bzugangsdaten\b|\bgeaendert\b|\blog ?in\b|\bdsgvo-konform\w*|\bwiderspr\w*|"
            r"\bexperience\b|\berfahrung\w*|\bfolgen\w*|\blauten\b",
        ),
    ),
)
EXTRAS = (
    (
        "electronic_copy",
        r"\belektronisch\w*|\belectronic\w*|\bmaschinenlesbar\w*|\bmachine[- ]readable\b|\b(?:als|as|per|im|in) (?:\w+ )?(?:pdf|csv|json)\b",
    ),
    (
        "named_recipients",
        r"\bkonkrete\w* empfaenger|\bnamentlich\w*|\bnam(?:ed|es of|ing) (?:the |all )?(?:\w+ )?recipients?|\bidentity of (?:the |each )?recipient",
    ),
    ("tracking_ids", r"\bcookie\w*|\bwerbe-?id\b|\badvertising id\b|\btracking\w*|\bgeraete-?(?:id|kennung)"),
    (
        "representative",
        r"\bmandant\w*|\bin vollmacht\b|\bvollmacht\b|\bmy client\b|\bon behalf of\b|\bim namen (?:von|meine[rs])\b|\bgesetzliche\w* vertret\w*",
    ),
)
